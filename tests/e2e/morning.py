"""What lies on the desks of a morning: citizens with names, each at another step of the way home, so that
what is looked at (tests/console/browser/look.mjs) is what people have before them, and not an empty page."""

import json
from datetime import datetime, timedelta, timezone

from letters import Stay, stamp
from wait import until

# Invented; day + 60 is no living person's number.
KARLA = {"given": "Karla", "family": "Hyldebjerg", "cpr": "8112480017"}
FRODE = {"given": "Frode", "family": "Pilegaard", "cpr": "7203410026"}
EBBA = {"given": "Ebba", "family": "Lindeskov", "cpr": "8808360042"}
INGA = {"given": "Inga Margrethe", "family": "Kvistholm", "cpr": "7611330054"}
BODIL = {"given": "Bodil", "family": "Fyrretoft", "cpr": "8401450063"}
ASTA = {"given": "Asta", "family": "Birkemose", "cpr": "6812390088"}
HOTHER = {"given": "Hother", "family": "Tjørnehøj", "cpr": "6305390031"}

REPORT = """Bor alene i lejlighed på 2. sal uden elevator. Bruger rollator ude.
Hjemmepleje morgen og aften, medicin doseres hver anden uge.
Pårørende: datter, kommer dagligt."""
CARE_PLAN = """Kan gå 20 meter med rollator. Har brug for hjælp til personlig pleje morgen og aften.
Forbinding på højre underben skiftes hver anden dag.
Blodfortyndende medicin: ny dosis fra udskrivningen, se medicinlisten (FMK)."""
EPICRISIS = """Indlagt med faldtendens og dehydrering. Behandlet med væske, set af fysioterapeut.
Kontrol af nyretal om 14 dage hos egen læge."""
ASKED = "Hvornår skal forbindingen på højre underben skiftes næste gang?"


def hours(count):
    return stamp(datetime.now(timezone.utc) + timedelta(hours=count))


class Morning:
    """stage is console_test's; transitions by the given name of whom they are about."""

    def __init__(self, stage):
        self.stage, self.folder = stage, stage.region.folder
        self.hospital, self.kommune, self.gp = (
            stage.parties[key] for key in ("hospital", "kommune", "gp"))
        self.transitions = {}

    def admitted(self, who, begun=30):
        """Handed in by the hospital's system; gone home with .home()."""
        stay = Stay(self.stage.templates, self.hospital, self.kommune)
        stay.start = stay.moment = datetime.now(timezone.utc) - timedelta(hours=begun)
        stay.marks.update({name.upper(): value for name, value in who.items()},
                          START=stamp(stay.start))
        self._send(stay, stay.admit, who)
        return stay

    def home(self, stay, who, since=0.5):
        stay.moment = datetime.now(timezone.utc) - timedelta(hours=since)
        self._send(stay, stay.discharge, who)

    def _send(self, stay, letter, who):
        path = self.folder / "letter.json"
        path.write_bytes(letter())
        sent = json.loads(self.hospital.stafet("send", path, "--gp", self.gp.name, "--json"))
        self.transitions[who["given"]] = sent["transition"]
        self.known(self.kommune, sent["transition"])

    def known(self, party, transition, fits=lambda show: True):
        until(lambda: any(row["transition"] == transition for row in
                          party.json("transition", "list")["transitions"])
              and fits(party.json("transition", "show", transition)),
              20, f"{party.name} has it")

    def say(self, party, who, verb, *words, text=None):
        """Said by this party; with a text as what is sealed. Both sides have it when this ends."""
        transition = self.transitions[who["given"]]
        sealed = ()
        if text:
            path = self.folder / "words.txt"
            path.write_text(text, encoding="utf-8")
            sealed = ("--file", path, "--content-type", "text/plain")
        said = party.stafet(verb, transition, *words, *sealed, "--json")
        message = json.loads(said)["message"]
        for side in (self.hospital, self.kommune):
            self.known(side, transition, lambda show: any(
                event["message"] == message for event in show["events"]))
        return message

    def planned(self, who, ready, leaves, confidence="medium", occurred=-0.5):
        self.say(self.hospital, who, "plan", "--ready", f"{hours(ready[0])}/{hours(ready[1])}",
                 "--discharge", f"{hours(leaves[0])}/{hours(leaves[1])}", "--confidence", confidence,
                 "--occurred", hours(occurred))

    def karla(self):
        """Everything there is: she came home half an hour ago, and nobody has taken over yet."""
        stay = self.admitted(KARLA, begun=74)
        self.say(self.kommune, KARLA, "letter", "admission-report", "--occurred", hours(-0.9),
                 text=REPORT)
        self.say(self.hospital, KARLA, "letter", "care-plan", "--occurred", hours(-0.8),
                 text=CARE_PLAN)
        self.planned(KARLA, (-6, -2), (-2, 3), occurred=-0.8)
        self.say(self.kommune, KARLA, "answer", "accept", "--ready-from", hours(-3),
                 "--occurred", hours(-0.7))
        self.say(self.hospital, KARLA, "ready", "--at", hours(-4), "--occurred", hours(-0.6))
        for party in (self.hospital, self.kommune):
            self.say(party, KARLA, "agree", hours(0), "--occurred", hours(-0.5))
        self.home(stay, KARLA, since=0.4)
        self.say(self.hospital, KARLA, "letter", "discharge-letter", "--mark", "yellow",
                 "--to", "gp", text=EPICRISIS)
        self.say(self.kommune, KARLA, "ask", "hospital", "--answer-by", hours(6), text=ASKED)

    def others(self):
        self.admitted(FRODE, begun=46)
        self.planned(FRODE, (20, 28), (24, 32))
        for who, begun in ((EBBA, 98), (INGA, 52)):
            stay = self.admitted(who, begun)
            self.home(stay, who, since=3)
            transition = self.transitions[who["given"]]
            self.known(self.kommune, transition, lambda show: show["offers"])
            self.kommune.stafet("accept", transition)
            self.known(self.hospital, transition, lambda show: len(
                {holder["party"] for holder in show["holders"]}) > 1)
        self.say(self.hospital, EBBA, "ask", "municipality", "--answer-by", hours(3),
                 text="Er nødkaldet sat op?")
        self.admitted(BODIL, begun=120)
        self.planned(BODIL, (-8, 0), (2, 8), confidence="high")
        self.say(self.kommune, BODIL, "answer", "accept", "--ready-from", hours(1))
        self.say(self.hospital, BODIL, "ready", "--at", hours(-1))
        self.say(self.hospital, BODIL, "agree", hours(4))
        self.admitted(HOTHER, begun=5)
        self.home(self.admitted(ASTA, begun=60), ASTA, since=1)
        transition = self.transitions["Asta"]
        self.known(self.kommune, transition, lambda show: show["offers"])
        self.kommune.stafet("refuse", transition, "--not-ours", "--refer-to", "Sydby Kommune")
        self.known(self.hospital, transition, lambda show: show["next"]["next"] == "offer-again")

    def lay_out(self):
        """The rest of the desks; what told["transition"] is, is Karla's."""
        self.karla()
        self.others()
        self.stage.told["transition"] = self.transitions["Karla"]
        self.stage.told["citizens"] = self.transitions
        return self
