"""The coordinator's pages in a browser, of a real region: the auditor verifies a course in the page
itself, a file that somebody changed turns red and names the fault. Skipped where Node.js, Chromium
or the packages of tests/console are not installed."""

import json
import pathlib
import shutil
import subprocess

from console_test import pytestmark  # noqa: F401
from discharge_test import discharged
from evidence_test import export
from rest import open_web

CONSOLE = pathlib.Path(__file__).parent.parent / "console"
CHROMIUM = shutil.which("chromium")


def test_the_auditor_proves_a_course_in_the_browser(story):
    discharged(story)
    story.kommune.stafet("accept", story.transition)
    story.settle()
    coordinator = story.region.coordinator
    path = export(story, coordinator, "good.evidence")
    (story.region.folder / "policy").write_text(coordinator.stafet("log", "policy"))
    open_web(coordinator).restart()
    for node in story.nodes:
        node.wait_connected()
    coordinator.stafet("user", "create", "rikke", "--name", "Rikke Revisor", "--role",
                       "auditor,operator", "--no-password")
    told = {
        "base": f"http://127.0.0.1:{coordinator.web_port}",
        "code": coordinator.json("user", "link", "rikke")["code"],
        "chromium": CHROMIUM, "transition": story.transition, "good": str(path),
        "policy": str(story.region.folder / "policy"), "folder": str(story.region.folder),
        "events": len(story.show(coordinator)["events"]),
        "parties": [node.name for node in story.nodes],
    }
    done = subprocess.run(["node", CONSOLE / "auditor_browser.mjs", json.dumps(told)],
                          capture_output=True, text=True, timeout=400, check=False)
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
