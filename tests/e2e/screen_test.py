"""One transition on one screen, at every stage of a discharge, and the boards beside it: measured, with
names as they are and with names as long as a directory can have them."""

import re

import pytest
import region as regions
from story import NAMES, Story
from wait import until

LINES, COLUMNS = 40, 100
ORDINARY = ("Regionshospitalet Nordby", "Nordby-Skovby Kommune", "Lægehuset på Søndergade")
LONG = ("Nordby og Skovby Universitetshospital, Geriatrisk og Palliativ Afdeling G, Sengeafsnit Øst, "
        "Skovbakken 23, 9999 Nordby",
        "Nordby Kommune, Sundheds- og Omsorgsforvaltningen, Visitationen for Hjemmesygepleje og "
        "Genoptræning, Borgercenter Nordby",
        "Lægerne ved Nordby Sø, Almen Praksis ved Birkemose, Drejergaard, Egebjerglund, Fyrretoft, "
        "Hyldebjerg og Kvistholm")


def measure(text, columns=COLUMNS):
    """The lines; none of them is too wide."""
    lines = text.rstrip("\n").split("\n")
    for line in lines:
        assert len(line) <= columns, f"{len(line)} columns: {line}\n{text}"
        assert line == line.rstrip(), f"spaces at the end: {line}"
    return lines


def flat(text):
    """In one line, as if nothing had been broken."""
    return re.sub(r"\s+", " ", text)


class Looking:
    """What everybody sees at a stage."""

    def __init__(self, story, lines):
        self.story, self.lines = story, lines

    def look(self, *wanted, gone=()):
        """The screens of everybody with these words; then everything, and the boards."""
        story = self.story
        for party in story.everybody():
            screen = party.stafet("transition", "show", story.transition)
            lines = measure(screen)
            assert len(lines) <= self.lines, f"{len(lines)} lines at {party.name}:\n{screen}"
            assert screen.split("\n\n")[-1].startswith("Next: "), screen
            for name in (node.name for node in story.nodes):
                assert name in flat(screen), f"{party.name} does not see {name}:\n{screen}"
            for words in wanted:
                assert words in flat(screen), f"{party.name} does not see {words}:\n{screen}"
            for words in gone:
                assert words not in screen, f"{party.name} still sees {words}:\n{screen}"
            self.look_at_all(party, gone)
            for board in ("board", "overdue"):
                measure(party.stafet(board))
                measure(party.stafet(board, "--region"))

    def look_at_all(self, party, settled):
        screen = party.stafet("transition", "show", self.story.transition, "--all")
        measure(screen)
        for words in settled:
            assert words in flat(screen), f"{words} is lost:\n{screen}"
        events = self.story.show(party)["events"]
        for event in events:
            assert re.search(rf"^{event['sequence']} +[A-Z][a-z]{{2}} ", screen, re.MULTILINE), screen


@pytest.mark.parametrize("names, lines", [(ORDINARY, LINES), (LONG, LINES + 10)],
                         ids=["ordinary-names", "longest-names"])
def test_screens_of_a_discharge(clock, region, templates, monkeypatch, names, lines):
    for name, codes in zip(names, NAMES):
        monkeypatch.setitem(regions.CODES, name, regions.CODES[codes])
    assert all(len(name.encode()) <= 128 for name in names)
    story = Story(clock, region, templates, names=names)
    story.sign_agreement()
    hospital, kommune, gp = story.hospital, story.kommune, story.gp
    look = Looking(story, lines).look

    story.at("Tuesday", "09:00")
    story.send(story.stay.admit, "--gp", gp.name)
    look("admission-report", "not decided", "admission report requested")

    story.letter(kommune, "admission-report")
    story.at("Wednesday", "10:00")
    story.letter(hospital, "care-plan")
    story.say(hospital, "plan", "--ready", f"{story.text('Friday', '08:00')}/"
              f"{story.text('Friday', '12:00')}", "--discharge", f"{story.text('Friday', '12:00')}/"
              f"{story.text('Friday', '20:00')}", "--confidence", "medium")
    look(f"plan 1 ready {story.seen('Friday', '08:00')} to 12:00, leaves", "not answered yet")

    story.say(kommune, "answer", "accept", "--ready-from", story.text("Friday", "12:00"))
    story.at("Friday", "09:00")
    story.say(hospital, "ready")
    story.say(hospital, "agree", story.text("Friday", "14:00"))
    look(f"the hospital says {story.seen('Friday', '14:00')}")
    story.say(kommune, "agree", story.text("Friday", "14:00"))
    story.say(hospital, "intent", story.text("Friday", "15:00"))
    for duty in ("assistive-devices", "transport"):
        story.duty(hospital, "request", duty, "--owner", "municipality", "--due",
                   story.text("Friday", "18:00"))
    look(f"agreed for {story.seen('Friday', '14:00')}, letters by {story.seen('Friday', '15:00')}")

    # Home: what was planned gives way to who has what, until when, and what is owed.
    story.at("Friday", "14:00")
    notice = story.send(story.stay.discharge)
    look(f"{story.seen('next Monday', '14:00')}, then gp",
         f"accepted, by {story.seen('Friday', '18:00')}", "care, medication", notice[:16],
         gone=("plan 1", "ready since", "letters by"))
    story.at("Friday", "18:05")
    until(lambda: story.kinds(region.coordinator).count("expired") == 3, 10, "deadlines passed")
    story.settle()
    look("expired, alarm", "Overdue.", f"before {story.seen('Friday', '18:00')}")

    # Late, and not as agreed; the letters, and questions that are known by their ids.
    story.say(kommune, "arrived", "--contact", "Visitationen", "--telephone", "00000001")
    kommune.stafet("accept", notice)
    story.settle()
    story.letter(hospital, "discharge-letter", "--mark", "yellow", "--to", "gp")
    story.letter(hospital, "rehabilitation-plan")
    kommune.stafet("accept", story.transition)
    story.settle()
    story.at("Saturday", "10:00")
    questions = [story.say(kommune, "ask", "hospital", "--answer-by",
                           story.text("Saturday", clock)) for clock in ("12:00", "13:00")]
    look("NOT AS AGREED", "accept care, medication: came after its deadline",
         *(f"answer {question[:16]}" for question in questions))
    for question in questions:
        hospital.stafet("reply", question[:16])
    story.settle()

    story.at("next Monday", "14:05")
    until(lambda: "window-ended" in story.kinds(region.coordinator), 10, "the window ended")
    story.settle()
    look("clause 72h", "marked-letter-reviewed", "rehabilitation-start")
    story.duty(gp, "complete", "gp-review")
    for duty in ("rehabilitation", "assistive-devices", "transport"):
        story.duty(kommune, "complete", duty)
    until(lambda: story.show(region.coordinator)["state"] == "closed", 10, "it is closed")
    story.settle()
    look("Nothing is owed.", "obligation complete transport", "Next: nothing, it is closed.",
         gone=("plan 1",))
