"""A discharge told in days and hours: three nodes and a coordinator whose clocks go together. Dates are of
the coming weeks, so the agreement has no calendar: no public holiday gets into the story.

The daemons see a wall clock that the story moves (clock_shim.c). A clock that jumps under a running
daemon is not believed, so hours pass while all of them stand still, as over a night's maintenance.
"""

import json
import os
import re
from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from letters import Stay
from local import STATES
from wait import until

DENMARK = ZoneInfo("Europe/Copenhagen")
SEEN = "%a %d %b %H:%M"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
        "next Monday", "next Tuesday", "next Wednesday", "next Thursday", "next Friday")

NAMES = ("Nordby Sygehus", "Nordby Kommune", "Laegerne Nordby")

AGREEMENT = """
agreement "story" {
  version       = 1
  time-zone     = "Europe/Copenhagen"
  pathway "somatic" {
    expectation "admission-report" { clause = "2-2"  arises-on = "stay.admit-inpatient"
      if = {"report-requested"}  owner = "municipality"  met-by = "letter.admission-report"
      due = "24h"  on-miss = {"owner", "both"} }
    expectation "care-plan" { clause = "2-4"  arises-on = "stay.admit-inpatient"
      if = {"stay>24h", "has-case"}  owner = "hospital"  met-by = "letter.care-plan"
      due = "before discharge-day 12:00"  on-miss = {"owner"} }
    expectation "plan-answer" { clause = "2-5"  arises-on = "plan"  owner = "municipality"
      met-by = "plan-answer"  due = "1 working-day"  on-miss = {"owner", "both"} }
    expectation "care-accepted" { clause = "2-7"  arises-on = "stay.discharge-home"
      if = {"has-case"}  owner = "municipality"  met-by = "accept.care"  due = "4h"
      on-miss = {"owner", "both"} }
    expectation "discharge-letter" { clause = "5-1"  arises-on = "stay.discharge-home"
      owner = "hospital"  met-by = "letter.discharge-letter"  due = "next-day 23:59"
      on-miss = {"owner", "both"} }
    expectation "marked-letter-reviewed" { clause = "5-2"  arises-on = "letter.discharge-letter"
      if = {"marked"}  owner = "gp"  met-by = "obligation.gp-review.completed"
      due = "3 working-days"  on-miss = {"owner", "both"} }
    expectation "rehabilitation-start" { clause = "140"  arises-on = "letter.rehabilitation-plan"
      owner = "municipality"  met-by = "obligation.rehabilitation.in-progress"
      due = "7 days"  on-miss = {"owner", "both"} }
    window "extended-responsibility" { clause = "72h"  domain = "medical"
      starts-on = "stay.discharge-home"  if = {"stay>24h"}  length = "72h"
      holder = "hospital"  then = "gp" }
    handover { clause = "2-7"  on = "stay.discharge-home"  if = {"has-case"}
      offers = {"care", "medication"}  to = "municipality"  silence = "stays" }
    handover { clause = "140"  on = "letter.rehabilitation-plan"  offers = {"rehabilitation"}
      to = "municipality"  silence = "stays" }
    receives-medical { clause = "5-3"  to = "gp" }
  }
}
"""


class Clock:
    """The wall clock of every program of this test, and of the command line."""

    def __init__(self, folder, monkeypatch):
        self.file = folder / "clock"
        self.monday = datetime.now(DENMARK).date()
        self.monday += timedelta(days=7 - self.monday.weekday())
        asan = os.environ.get("ASAN_OPTIONS", "")
        monkeypatch.setenv("LD_PRELOAD", os.environ["STAFET_CLOCK_SHIM"])
        monkeypatch.setenv("STAFET_CLOCK_FILE", str(self.file))
        monkeypatch.setenv("ASAN_OPTIONS", f"{asan}:verify_asan_link_order=0")
        monkeypatch.setenv("TZ", "Europe/Copenhagen")
        self.set("Monday", "08:00")

    def moment(self, day, clock):
        date = self.monday + timedelta(days=DAYS.index(day))
        return datetime.combine(date, time.fromisoformat(clock), DENMARK)

    def utc(self, day, clock):
        """As --json prints it."""
        moment = self.moment(day, clock).astimezone(timezone.utc)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")

    def set(self, day, clock):
        """Just after it: what follows happens in that minute."""
        ahead = self.moment(day, clock) + timedelta(seconds=2) - datetime.now(timezone.utc)
        self.file.write_text(str(int(ahead.total_seconds() * 1000)))


class Story:
    """What happens, in the words of the command line. Names are the hospital's, the municipality's
    and the practice's, with codes in region.CODES."""

    def __init__(self, clock, region, templates, gp_node=True, names=NAMES):
        self.clock, self.region = clock, region
        self.hospital = region.node(names[0], "hospital")
        self.kommune = region.node(names[1], "municipality")
        self.gp = region.node(names[2], "gp") if gp_node else None
        region.wait_directory()
        self.nodes = [node for node in (self.hospital, self.kommune, self.gp) if node]
        self.stay = Stay(templates, self.hospital, self.kommune)
        self.ids = {node: node.show()["party"] for node in self.nodes}
        self.transition = None

    def join(self, name, role):
        """One more node that signs the agreement."""
        node = self.region.node(name, role)
        self.region.wait_directory()
        until(lambda: "story" in node.stafet("agreement", "list"), 10, f"{name} knows the text")
        node.stafet("agreement", "accept", "story")
        self.nodes.append(node)
        self.ids[node] = node.show()["party"]
        return node

    def sign_agreement(self, text=AGREEMENT):
        """The hospital proposes, the others accept: it rules what begins after."""
        path = self.region.folder / "story.agreement"
        path.write_text(text)
        self.hospital.stafet("agreement", "propose", path)
        others = [node for node in self.nodes if node is not self.hospital]
        for node in others:
            until(lambda node=node: "story" in node.stafet("agreement", "list"), 10,
                  f"{node.name} knows the text")
            node.stafet("agreement", "accept", "story")
        for node in self.nodes:
            until(lambda node=node: len(
                node.json("agreement", "show", "story")["acceptances"]) == len(self.nodes),
                  10, f"{node.name} knows who signed")

    def at(self, day, clock):
        """Everybody stands still until then; then they find each other again."""
        for node in self.nodes:
            node.stop()
        self.region.coordinator.stop()
        self.clock.set(day, clock)
        self.region.coordinator.start()
        for node in self.nodes:
            node.start()
        for node in self.nodes:
            node.wait_connected()
        if self.transition:
            self.settle()
        return self

    def now(self):
        """Of the story, as the coordinator's clock has it."""
        ahead = int(self.clock.file.read_text())
        return datetime.now(timezone.utc) + timedelta(milliseconds=ahead)

    def send(self, letter, *options, by=None):
        """A notification about now: letter is a method of Stay; by another hospital than the first."""
        self.stay.moment = self.now()
        if self.stay.previous is None:
            self.stay.marks["START"] = self.stay.moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        path = self.region.folder / "letter.json"
        path.write_bytes(letter())
        sent = json.loads((by or self.hospital).stafet("send", path, "--wait", 20, "--json", *options))
        self.transition = sent["transition"]
        self.settle()
        return sent["message"]

    def say(self, party, verb, *words, code=0):
        """A fact of this transition; everybody has it when this ends."""
        said = party.stafet(verb, self.transition, *words, "--json", code=code)
        self.settle()
        return json.loads(said)["message"] if said.startswith("{") else None

    def duty(self, party, action, duty, *options):
        party.stafet("duty", action, self.transition, duty, *options)
        self.settle()

    def letter(self, party, code, *options):
        """A letter with words about the patient that the coordinator must never see."""
        path = self.region.folder / "words.xml"
        path.write_text(f"<Letter><Name>{self.stay.given} {self.stay.family}</Name>"
                        f"<Civil>{self.stay.cpr}</Civil></Letter>", encoding="utf-8")
        return self.say(party, "letter", code, "--file", path, *options)

    def show(self, party, *options):
        return party.json("transition", "show", self.transition, *options)

    def settle(self, seconds=20):
        """Everybody who takes part has everything that is recorded, and nothing is on its way. Asked
        without a process for each question: this is asked more often than all else."""
        transition = bytes.fromhex(self.transition)

        def shown(party):
            return party.local.transition(transition)

        def is_done(node, sequence):
            rows = node.local.outbox(only_open=True)
            return shown(node).row.sequence == sequence and not any(
                row.transition == transition and STATES.get(row.state) in ("queued", "sent", "stored")
                for row in rows)

        def same():
            coordinator = shown(self.region.coordinator)
            sequence = coordinator.row.sequence
            told = {member.party.hex() for member in coordinator.members if member.since_sequence}
            return all(is_done(node, sequence) for node in self.nodes if self.ids[node] in told) and \
                shown(self.region.coordinator).row.sequence == sequence
        until(same, seconds, "everybody has seen everything")

    def members(self, show):
        told = {row["party"] for row in show["parties"] if row["since_sequence"]}
        return [node for node in self.nodes if self.ids[node] in told]

    def everybody(self):
        """Who takes part, and the coordinator."""
        coordinator = self.region.coordinator
        return [*self.members(self.show(coordinator)), coordinator]

    def assert_state(self, state):
        for party in self.everybody():
            assert self.show(party)["state"] == state, (
                f"{party.name}: {party.stafet('transition', 'show', self.transition)}")

    def assert_holders(self, **wanted):
        """domain="party name"; asks all of them."""
        for party in self.everybody():
            holders = {row["domain"]: row["party_name"] for row in self.show(party)["holders"]}
            for domain, name in wanted.items():
                assert holders.get(domain) == name, f"{party.name} sees {holders}"

    def next_line(self, party=None):
        """What a person reads first: the end of the screen, from Next on, as one line."""
        screen = (party or self.kommune).stafet("transition", "show", self.transition)
        last = screen.rstrip("\n").split("\n\n")[-1]
        return " ".join(line.strip() for line in last.splitlines())

    def assert_next(self, line):
        """Times in the line are as they are typed; the screen has its own form."""
        wanted = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", lambda found: datetime.strptime(
            found[0], "%Y-%m-%d %H:%M").strftime(SEEN), line)
        for party in self.everybody():
            assert self.next_line(party) == f"Next: {wanted}", (
                f"{party.name}:\n{party.stafet('transition', 'show', self.transition)}")

    def text(self, day, clock):
        """As one types it; the day alone without a clock."""
        moment = self.clock.moment(day, clock or "00:00")
        return moment.strftime("%Y-%m-%d %H:%M" if clock else "%Y-%m-%d")

    def seen(self, day, clock):
        """As the screen prints it."""
        return self.clock.moment(day, clock).strftime(SEEN)

    def board(self, party, *options, overdue=False):
        """(who, what it is about) of each line."""
        rows = party.json("overdue" if overdue else "board", *options)["board"]
        def about(row):
            return row["name"] if row["duty"] == "expectation" else row["duty"] or row["next"]
        return [(row["what"], row["party_name"], about(row)) for row in rows
                if row["transition"] == self.transition]

    def owed(self, party=None):
        """name of clause or duty to its state, of what is open."""
        return {row["name"] if row["duty"] == "expectation" else row["duty"]: row["state"]
                for row in self.show(party or self.hospital)["obligations"] if row["open"]}

    def kinds(self, party=None):
        """The kinds of all events, oldest first."""
        return [row["kind"] for row in self.show(party or self.hospital)["events"]]

    def deviations(self, party=None):
        return [row["code"] for row in self.show(party or self.hospital)["deviations"]]


@pytest.fixture
def clock(folder, monkeypatch):
    return Clock(folder, monkeypatch)


@pytest.fixture
def story(clock, region, templates):
    made = Story(clock, region, templates)
    made.sign_agreement()
    return made
