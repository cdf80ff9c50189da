"""kill -9 at random points under load: nothing answered "stored" is lost, nothing is doubled."""

import random
import threading
import time

import pytest
from letters import Stay
from local import Unanswered
from offline_test import STEPS, arrived, same_heads, wait_all_ok
from region import seed
from wait import until

KILLS, SECONDS_MAX = 4, 60
STAYS_MAX = 14                          # checking costs more than sending


class Load:
    """Sends stays' letters one after another until told to stop; repeats what was not answered."""

    def __init__(self, hospital, kommune, templates, chance):
        self.hospital, self.kommune, self.templates = hospital, kommune, templates
        self.chance = random.Random(chance.getrandbits(64))
        self.sent, self.stays, self.trouble = [], [], None
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.thread.join(SECONDS_MAX)
        assert not self.thread.is_alive(), "the load does not end"
        assert self.trouble is None, self.trouble

    def go_on(self, count):
        """Until so many more letters are stored, while others are still on their way."""
        wanted = len(self.sent) + count
        until(lambda: len(self.sent) >= wanted or not self.thread.is_alive(), SECONDS_MAX, "load")

    def _run(self):
        try:
            while not self.ending.is_set() and len(self.stays) < STAYS_MAX:
                self.ending.wait(self.chance.uniform(0, 0.1))
                stay = Stay(self.templates, self.hospital, self.kommune, self.chance)
                self.stays.append(stay)
                for step in STEPS:
                    self.sent.append(self._hand_in(getattr(stay, step)()))
        except Exception as trouble:  # told in __exit__, in the thread that asserts
            self.trouble = trouble

    def _hand_in(self, content):
        """A clinical system repeats what it has no answer to; the node sends it once."""
        end = time.monotonic() + SECONDS_MAX
        while True:
            try:
                answer, reply = self.hospital.local.send(content)
            except Unanswered:
                assert time.monotonic() < end, "the node does not come back"
                self.ending.wait(0.05)
                continue
            assert answer in ("stored", "duplicate")
            return reply


def check(region, load):
    hospital, kommune = load.hospital, load.kommune
    wait_all_ok(hospital, load.sent)
    seen = arrived(kommune)
    for transition, messages in seen.items():
        assert len(messages) == len(set(messages)), "a letter twice in the inbox"
    wanted = {}
    for reply in load.sent:
        wanted.setdefault(reply.transition, []).append(reply.message)
    assert seen == wanted
    same_heads(region, wanted, hospital, kommune)
    for transition in wanted:
        events = region.coordinator.local.transition(transition).events
        facts = [event.message for event in events if event.kind_class == 1]
        assert len(facts) == len(set(facts)), "a fact has two effects"
        acks = [event.in_reply_to for event in events if event.kind_class == 2]
        assert len(acks) == len(set(acks)), "a message is acknowledged twice"
    region.assert_blind(*load.stays[:3], *load.stays[-2:])


@pytest.mark.parametrize("victim", ["coordinator", "hospital", "kommune"])
def test_daemon_killed_under_load_loses_and_doubles_nothing(region, templates, victim):
    chance = random.Random(seed())
    hospital = region.node("Nordby Sygehus", "hospital")
    kommune = region.node("Nordby Kommune", "municipality")
    region.wait_directory()
    party = {"coordinator": region.coordinator, "hospital": hospital, "kommune": kommune}[victim]
    with Load(hospital, kommune, templates, chance) as load:
        for _ in range(KILLS):
            load.go_on(chance.randint(2, 8))
            party.kill()
            party.start()
    assert len(load.sent) >= 4
    check(region, load)


def test_all_killed_in_turn_under_load(region, templates):
    chance = random.Random(seed())
    hospital = region.node("Nordby Sygehus", "hospital")
    kommune = region.node("Nordby Kommune", "municipality")
    region.wait_directory()
    with Load(hospital, kommune, templates, chance) as load:
        for _ in range(KILLS):
            victims = chance.sample([region.coordinator, hospital, kommune], 2)
            load.go_on(chance.randint(2, 8))
            for party in victims:
                party.kill()
            for party in chance.sample(victims, 2):
                party.start()
    check(region, load)
