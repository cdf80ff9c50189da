"""README's lines for two shells, typed as they stand there."""

import os
import pathlib
import re
import subprocess

from ports import free_port

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLE_PORT = "7400"


def blocks():
    """The two shells' lines of the section "By hand"."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.split("\n## By hand\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"```sh\n(.*?)```", section, re.S)


def test_lines_by_hand_do_what_they_say(folder):
    first, second = blocks()
    region = folder / "r"
    # Only folder, programs and port differ from what a person types; the end is said below it.
    start = "# Start the coordinator,"
    assert first.count(start) == 1
    first = first.replace(start, f"sed -i s/{EXAMPLE_PORT}/{free_port()}/ */*.conf\n{start}")
    script = f"trap 'kill $(jobs -p)' EXIT\nset -euo pipefail\n{first}\n{second}\n"
    script = script.replace("/tmp/region", str(region))
    script = script.replace("$PWD/build/release/src/cmd", os.environ["STAFET_PROGRAMS"])
    # The second shell stands in the folder of the sources again.
    script = script.replace("export STAFET_SOCKET=", 'cd "$SOURCES"; export STAFET_SOCKET=')
    done = subprocess.run(["bash", "-c", script], cwd=ROOT, capture_output=True, text=True,
                          timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("stored") >= 2, done.stdout
    # After the acceptance all three tell the same holder of care.
    assert len(re.findall(r"care\s+Herlev Kommune", done.stdout)) >= 3, done.stdout
