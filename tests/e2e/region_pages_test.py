"""The coordinator's pages in a browser, while things happen (tests/console/browser): they follow a real
region over a restart of its coordinator; a board of 5,000 stays as light as it was over 1,000 events.
Skipped as console_test is."""

import json
import os
import pathlib
import subprocess

import pytest
from console_test import BOUND_S, SCRIPTS, Stage, pytestmark  # noqa: F401
from morning import Morning
from rest import open_web
from wait import until

BUILT = pathlib.Path(__file__).parents[2] / "src" / "http" / "console" / "built"


class Region(Stage):
    """One whose coordinator has a person who operates and audits it."""

    def __init__(self, region, templates):
        super().__init__(region, templates)
        open_web(region.coordinator).restart()
        for party in self.parties.values():
            party.wait_connected()
        self.told["coordinator"] = self.person(region.coordinator, "rikke", "operator", "auditor")
        self.told["auditor"] = self.person(region.coordinator, "vera", "auditor")
        self.told["transition"] = self.handed_in()
        policy = region.folder / "policy"
        policy.write_text(region.coordinator.stafet("log", "policy"))
        self.told["policy"] = str(policy)

    def happen(self, what):
        """What a script asks for with a question mark."""
        coordinator, gp = self.region.coordinator, self.parties["gp"]
        if what in ("more", "paused"):
            self.sent_home()
        elif what == "down":
            coordinator.stop()
        elif what == "up":
            self.sent_home()
            coordinator.start()
        elif what == "node down":
            # That a node has gone is noticed when something is to be sent to it.
            gp.stop()
            self.sent_home()
        elif what == "node up":
            gp.start().wait_connected()
        elif what == "accept":
            self.parties["kommune"].stafet("accept", self.told["transition"])


@pytest.fixture(name="stage")
def make_stage(region, templates):
    return Region(region, templates)


def test_the_regions_pages_follow_the_region(stage):
    path = stage.region.folder / "stage.json"
    path.write_text(json.dumps(stage.told))
    with subprocess.Popen(["node", SCRIPTS / "region.mjs", path], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True) as script:
        told = []
        for line in script.stdout:
            told.append(line)
            if line.endswith("?\n"):
                stage.happen(line[:-2])
        assert script.wait(timeout=BOUND_S) == 0, "".join(told)
    assert json.loads(told[-1])["lived"]
    # Following is written down, and does not fill the log with itself.
    rows = stage.region.coordinator.json("access-log")["accesses"]
    asked = [row["asked"] for row in rows if row["account"] == "user:rikke"]
    assert {"feed", "transitions"} <= set(asked)
    assert {"feed", "transition"} <= {row["asked"] for row in rows if row["account"] == "user:vera"}
    assert asked.count("transitions") < 20


def test_every_page_of_the_coordinator_is_for_everybody(stage):
    """And pictures of them, where they are wanted (deploy/screenshots/take)."""
    Morning(stage).lay_out()
    # Enough that figures are shown and not suppressed; some are taken over, the others wait.
    taken = {stage.told["transition"], *[stage.handed_in() for _ in range(3)]}
    for _ in range(3):
        stage.sent_home()
    for transition in taken:
        stage.parties["kommune"].stafet("accept", transition)
    until(lambda: all(row["transition"] not in taken or
                      {h["party_name"] for h in row["holders"]} > {"Nordby Sygehus"}
                      for row in stage.region.coordinator.json("transition", "list")["transitions"]),
          20, "the coordinator has it")
    folder = os.environ.get("STAFET_SCREENSHOTS")
    assert stage.play("region_pages.mjs", *[folder] if folder else [])["pages"] >= 4


def alone(script):
    """A script that has a coordinator of its own."""
    done = subprocess.run(["node", SCRIPTS / script, BUILT], capture_output=True, text=True,
                          timeout=BOUND_S, check=False)
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_board_of_5000_is_steady_and_its_times_are_told():
    alone("speed.mjs")


def test_two_fingers_zoom_a_course():
    alone("fingers.mjs")
