"""A node's pages in a browser (tests/console/browser): Debian's Chromium against real daemons. Skipped where
there is no Chromium, or its packages of npm were not fetched; deploy/check fetches them."""

import json
import os
import pathlib
import shutil
import subprocess

import canary
import pytest
from letters import Stay
from morning import Morning
from rest import open_web
from story import AGREEMENT
from wait import until

SCRIPTS = pathlib.Path(__file__).parents[1] / "console" / "browser"
PASSWORD = "kun-til-proever-2026"
BOUND_S = 600  # four browsers and four daemons with sanitizers on a busy machine



def node_is_new():
    """What drives the browser wants Node.js 20; Debian 12 has 18."""
    if not shutil.which("node"):
        return False
    told = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    return int(told.removeprefix("v").split(".")[0] or 0) >= 20


pytestmark = pytest.mark.skipif(
    not (node_is_new() and shutil.which("chromium")
         and (SCRIPTS.parent / "node_modules" / "playwright-core").is_dir()),
    reason="no Node.js 20, Chromium or playwright-core here")


# Half a day each, so that at any hour one is answered and the other is next.
DESKS = "00000101 all 00-12 Vagttelefon, formiddag\n00000102 all 12-24 Vagttelefon, eftermiddag\n"


def with_desks(party):
    """Before it is enrolled: whom to call at which hour."""
    path = party.folder / "contacts.txt"
    path.write_text(DESKS)
    party.region.stafet("keys", "contacts", party.folder / "keys", "--contacts", path)
    return party


class Stage:
    """A region whose parties have people that sign in with a browser."""

    agreement = AGREEMENT

    def __init__(self, region, templates):
        self.region, self.templates = region, templates
        self.parties = {}
        for key, name, role in (("hospital", "Nordby Sygehus", "hospital"),
                                ("kommune", "Nordby Kommune", "municipality"),
                                ("other", "Sydby Kommune", "municipality"),
                                ("gp", "Lægerne Nordby", "gp")):
            party = open_web(with_desks(region.party(name, role)).sign().approve())
            party.start()
            region.nodes.append(party)
            self.parties[key] = party.wait_connected()
        region.wait_directory()
        self._agree()
        self.stay = Stay(templates, self.parties["hospital"], self.parties["kommune"])
        self.told = {"files": self._files()}
        for key, party in self.parties.items():
            self.told[key] = self.person(party, "mette", "clerk", "clinician", "operator")

    def _agree(self):
        path = self.region.folder / "story.agreement"
        path.write_text(self.agreement)
        first, *others = self.parties.values()
        first.stafet("agreement", "propose", path)
        for party in others:
            until(lambda party=party: "story" in party.stafet("agreement", "list"), 20,
                  "the agreement is known")
            party.stafet("agreement", "accept", "story")
        until(lambda: all(row["accepted_count"] == len(self.parties)
                          for party in self.parties.values()
                          for row in party.json("agreement", "list")["agreements"]
                          if row["name"] == "story"), 20, "everybody has signed")

    def _files(self):
        """The discharge is now, or the 72 hours would be over."""
        files = {}
        for name, letter in (("admission", self.stay.admit), ("discharge", self.stay.discharge)):
            if name == "discharge":
                self.stay.moment = max(self.stay.moment, self.stay.start) + (
                    self.stay.moment - self.stay.start) * 28
            path = self.region.folder / f"{name}.json"
            path.write_bytes(letter())
            files[name] = str(path)
        return files

    def sent_home(self, **names):
        """Admission and discharge, handed in by the hospital's own system; the transition."""
        hospital = self.parties["hospital"]
        stay = Stay(self.templates, hospital, self.parties["kommune"])
        stay.marks.update({name.upper(): json.dumps(value)[1:-1]
                           for name, value in names.items()})
        for letter in (stay.admit, stay.discharge):
            path = self.region.folder / "letter.json"
            path.write_bytes(letter())
            sent = json.loads(hospital.stafet("send", path, "--gp", "Lægerne Nordby", "--json"))
        return sent["transition"]

    def handed_in(self, **names):
        """The same, and the municipality has it and is asked to take over."""
        transition = self.sent_home(**names)
        until(lambda: any(row["transition"] == transition and row["next"] == "answer-offer"
                          for row in self.parties["kommune"].json("board")["board"]), 20,
              "the municipality is asked")
        return transition

    def in_xml(self):
        """MedCom's admission H, as a system hands it in that writes XML."""
        path = pathlib.Path(os.environ["STAFET_SAMPLES"]) / "stafet-hospitalnotification-xml"
        sent = json.loads(self.parties["hospital"].stafet(
            "send", path / "STIN_H.xml", "--to", "Nordby Kommune", "--json"))
        return {"transition": sent["transition"], "family": "Elmer",
                "hospital": "Hjerteafdelingen på Herlev og Gentofte hospital"}

    def person(self, party, user, *roles):
        self.region.stafet("user", "create", user, "--role", ",".join(roles), "--name",
                           "Mette Nørgaard", "--socket", party.socket,
                           stdin=f"{PASSWORD}\n{PASSWORD}\n".encode())
        return {"url": f"http://127.0.0.1:{party.web_port}", "user": user, "password": PASSWORD,
                "name": party.name, "party": party.show()["party"]}

    def play(self, script, *arguments):
        path = self.region.folder / "stage.json"
        path.write_text(json.dumps(self.told))
        done = subprocess.run(["node", SCRIPTS / script, path, *map(str, arguments)],
                              capture_output=True, text=True, timeout=BOUND_S, check=False)
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(name="stage")
def make_stage(region, templates):
    return Stage(region, templates)


def test_every_page_is_for_everybody(stage):
    """WCAG 2.1 AA by axe-core, reflow, keyboard, texts, at three widths in two languages."""
    Morning(stage).lay_out()
    folder = os.environ.get("STAFET_SCREENSHOTS")
    assert stage.play("pages.mjs", *[folder] if folder else [])["pages"] > 5


def test_whom_to_call_follows_the_clock(stage):
    stage.told["transition"] = stage.handed_in()
    assert stage.play("hours.mjs")["turned"] == 2


def test_a_stay_is_told_by_clicking(stage):
    """A hospital without a system that sends; and a letter in XML is shown as any other."""
    stage.told["xml"] = stage.in_xml()
    folder = os.environ.get("STAFET_SCREENSHOTS")
    told = stage.play("stay.mjs", *[folder] if folder else [])
    assert told["looked"] > 10
    shown = stage.parties["kommune"].json("transition", "show", told["transition"])
    assert shown["stay"] == "in-hospital" and shown["deviations"] == []
    # Who typed the citizen's number left it in no log, and in no file of the coordinator.
    for party in (stage.region.coordinator, *stage.parties.values()):
        canary.assert_absent(party.folder, ["6109450018", "Birkemose"])


def test_a_page_outlives_its_daemon(stage):
    """The node is stopped under an open page; a citizen comes home meanwhile."""
    kommune, path = stage.parties["kommune"], stage.region.folder / "stage.json"
    path.write_text(json.dumps(stage.told))
    with subprocess.Popen(["node", SCRIPTS / "restart.mjs", path], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True) as script:
        told = []
        for line in script.stdout:
            told.append(line)
            if line == "down?\n":
                kommune.stop()
            elif line == "up?\n":
                stage.sent_home()
                kommune.start().wait_connected()
        assert script.wait(timeout=BOUND_S) == 0, "".join(told)
    assert json.loads(told[-1])["back"]
