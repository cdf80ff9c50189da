"""Hospital notifications about invented patients, filled into tests/samples/templates."""

import copy
import random
import re
import uuid
from datetime import datetime, timedelta, timezone

GIVEN = ("Asta", "Bodil", "Carl", "Ditlev", "Ebba", "Frode", "Gudrun", "Hother", "Inga", "Jeppe")
FAMILY = ("Birkemose", "Drejergaard", "Egebjerglund", "Fyrretoft", "Hyldebjerg", "Kvistholm",
          "Lindeskov", "Pilegaardsby", "Roennebaek", "Tjoernehoej")


def stamp(moment):
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Stay:
    """One stay of one invented patient; each letter follows the one before."""

    def __init__(self, templates, sender, receiver, chance=None):
        chance = chance or random.Random()
        self.templates, self.chance = templates, chance
        # Day + 60 is no living person's number.
        self.cpr = (f"{chance.randint(61, 88)}{chance.randint(1, 12):02d}"
                    f"{chance.randint(30, 70)}{chance.randint(0, 9999):04d}")
        self.given = f"{chance.choice(GIVEN)}{chance.randint(100, 999)}"
        self.family = f"{chance.choice(FAMILY)}{chance.randint(100, 999)}"
        self.start = datetime.now(timezone.utc) - timedelta(hours=30)
        self.moment = self.start
        self.marks = {"EPISODE_ID": self._uuid(), "START": stamp(self.start), "CPR": self.cpr,
                      "GIVEN": self.given, "FAMILY": self.family}
        for side, party in (("SENDER", sender), ("RECEIVER", receiver)):
            self.marks.update({f"{side}_SOR": party.sor, f"{side}_GLN": party.gln,
                               f"{side}_NAME": party.name})
        self.previous = None

    def another(self, sender=None):
        """The same person's next stay, at another hospital when one is named: its own episode."""
        other = copy.copy(self)
        other.marks = dict(self.marks, EPISODE_ID=self._uuid())
        if sender:
            other.marks.update(SENDER_SOR=sender.sor, SENDER_GLN=sender.gln,
                               SENDER_NAME=sender.name)
        other.previous = None
        return other

    def _uuid(self):
        return str(uuid.UUID(int=self.chance.getrandbits(128), version=4))

    def canaries(self):
        return [self.cpr, self.given, self.family]

    def letter(self, template, activity, **marks):
        """The bytes of the next letter; the moment of each is an hour after the one before."""
        text = (self.templates / f"{template}.json").read_text(encoding="utf-8")
        now = self.moment
        every = dict(self.marks, BUNDLE_ID=self._uuid(), HEADER_ID=self._uuid(), SENT=stamp(now),
                     OCCURRED=stamp(now), CLASS="IMP", END=stamp(now), LEAVE_START=stamp(now),
                     LEAVE_END=stamp(now), **marks)
        if self.previous:
            every.update(PREDECESSOR_ID=self.previous[0], PREDECESSOR_ACTIVITY=self.previous[1],
                         PREDECESSOR_SENT=self.previous[2])
        for mark, value in every.items():
            text = text.replace(f"@{mark}@", value)
        assert not re.search("@[A-Z_]+@", text), "a mark was not filled in"
        self.previous = (every["HEADER_ID"], activity, every["SENT"])
        self.moment += timedelta(hours=1)
        return text.encode("utf-8")

    def admit(self):
        return self.letter("STIN", "admit-inpatient")

    def leave(self):
        return self.letter("STOR", "start-leave-inpatient")

    def come_back(self):
        return self.letter("SLOR", "end-leave-inpatient")

    def discharge(self):
        activity = "discharge-inpatient-home"
        return self.letter("SLHJ", activity, DISCHARGE_ACTIVITY=activity)

    def cancel_discharge(self):
        return self.letter("AN_SLHJ", "cancel-discharge-inpatient-home")
