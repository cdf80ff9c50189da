"""A node is killed while a system hands in notifications and tries again: each arrives once, in the order
of its transition, and every call had either a durable answer or a clear "not now, ask again"."""

import http.client
import os
import random
import threading

from letters import Stay
from region import seed
from rest import Web, bearer, open_web
from wait import until

FHIR = "application/fhir+json"
RETRYABLE = (408, 429, 503, 507)
# 5,000 in deploy/check --long.
LETTERS = int(os.environ.get("SF_HTTP_LETTERS", "200"))


def letters_of(stay, count):
    """An admission, then the patient leaves and comes back, over and over."""
    made = [stay.admit()]
    while len(made) < count:
        made.append(stay.leave() if len(made) % 2 else stay.come_back())
    return made


def hand_in(web, letter):
    """Until it is stored; None when nobody said so, which the caller may ask again about."""
    try:
        answer = web.ask("POST", "/api/v1/messages", letter, Content_Type=FHIR)
    except (OSError, http.client.HTTPException):
        return None
    if answer.status in RETRYABLE:
        return None
    assert answer.status in (200, 202), (answer.status, answer.body)
    return answer.json()


class Sender(threading.Thread):
    """One system: its letters in their order, each until it is stored."""

    def __init__(self, web, letters):
        super().__init__(daemon=True)
        self.web, self.letters = web, letters
        self.stored, self.tries, self.fault = [], 0, None

    def run(self):
        try:
            for letter in self.letters:
                def answered(letter=letter):
                    self.tries += 1
                    return hand_in(self.web, letter)
                self.stored.append(until(answered, 60, "a letter is stored")["message"])
        except BaseException as fault:
            self.fault = fault
            raise


def test_each_arrives_once_whoever_is_killed(region, templates):
    transitions, each = 4, LETTERS // 4
    chance = random.Random(seed())
    hospital = open_web(region.party("Nordby Sygehus", "hospital").sign().approve())
    hospital.start()
    region.nodes.append(hospital)
    hospital.wait_connected()
    kommune = region.node("Nordby Kommune", "municipality")
    region.wait_directory()
    token = bearer(hospital, "epj", "system-in").token
    senders = [Sender(Web(hospital.web_port, token),
                      letters_of(Stay(templates, hospital, kommune, chance), each))
               for _ in range(transitions)]
    for sender in senders:
        sender.start()
    total = transitions * each
    kills = 0
    while any(sender.is_alive() for sender in senders):
        before = sum(len(sender.stored) for sender in senders)
        # Somewhere in the next so many letters, wherever the node is then.
        goal = min(total, before + chance.randint(1, max(2, total // 8)))
        until(lambda goal=goal: sum(len(sender.stored) for sender in senders) >= goal
              or not any(sender.is_alive() for sender in senders), 60, "letters are handed in")
        if any(sender.is_alive() for sender in senders):
            hospital.kill()
            hospital.start()
            kills += 1
    for sender in senders:
        sender.join(1)
        assert sender.fault is None, sender.fault
    assert kills >= 3

    def arrived():
        rows = kommune.json("inbox", "--all")["messages"]
        return len(rows) >= total and rows
    rows = until(arrived, 60 + total, "everything has arrived")
    got = [row["message"] for row in rows]
    assert len(got) == len(set(got)) == total
    for sender in senders:
        mine = set(sender.stored)
        assert len(mine) == each
        recorded = sorted((row for row in rows if row["message"] in mine),
                          key=lambda row: row["recorded"])
        assert len({row["transition"] for row in recorded}) == 1
        assert [row["message"] for row in recorded] == sender.stored
