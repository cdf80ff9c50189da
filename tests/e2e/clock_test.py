"""A wall clock that jumps: told to people, and nothing moves, waits for ever or gets lost by it."""

import os

import pytest
from letters import Stay
from wait import holds, until

HOURS_2 = 2 * 3600 * 1000


class Clock:
    """The wall clock of one party's program."""

    def __init__(self, party):
        self.party, self.file = party, party.folder / "clock"
        self.set(0)
        asan = os.environ.get("ASAN_OPTIONS", "")
        party.environment = {
            "LD_PRELOAD": os.environ["STAFET_CLOCK_SHIM"], "STAFET_CLOCK_FILE": str(self.file),
            "ASAN_OPTIONS": f"{asan}:verify_asan_link_order=0"}

    def set(self, milliseconds):
        self.file.write_text(str(milliseconds))

    def told(self, jumped):
        until(lambda: [event for event in self.party.daemon.events("clock-jump")][-1:] and
              self.party.daemon.events("clock-jump")[-1]["jumped"] is jumped,
              10, f"the log says jumped: {jumped}")


@pytest.fixture
def parties(region):
    hospital = region.party("Nordby Sygehus", "hospital").sign().approve()
    clock = Clock(hospital)
    hospital.start().wait_connected()
    region.nodes.append(hospital)
    kommune = region.node("Nordby Kommune", "municipality")
    region.wait_directory()
    return hospital, kommune, clock


@pytest.mark.parametrize("jump", [HOURS_2, -HOURS_2], ids=["ahead", "back"])
def test_jump_of_a_running_node_is_told_and_letters_go_on(parties, templates, jump):
    hospital, kommune, clock = parties
    stay = Stay(templates, hospital, kommune)
    true_ms = kommune.local.ask("status").now_ms
    clock.set(jump)
    clock.told(True)
    _, sent = hospital.local.send(stay.admit())
    until(lambda: hospital.local.settled(sent.message), 10, "ok during the jump")
    assert abs(hospital.local.ask("status").now_ms - true_ms) < 60000, "its time goes on steadily"
    event = hospital.local.transition(sent.transition).events[-1]
    assert abs(event.recorded_ms - true_ms) < 60000
    clock.set(0)
    clock.told(False)
    _, sent = hospital.local.send(stay.discharge())
    until(lambda: hospital.local.settled(sent.message), 10, "ok after it")


def test_letter_from_the_future_is_held_and_goes_out_when_it_is_none_any_more(
        parties, templates):
    """More than five minutes ahead is answered retry-later, never dropped (WIRE section 1)."""
    hospital, kommune, clock = parties
    stay = Stay(templates, hospital, kommune)
    hospital.stop()
    clock.set(5 * 60 * 1000 + 6000)
    hospital.start().wait_connected()
    answer, sent = hospital.local.send(stay.admit())
    assert answer == "stored"
    holds(lambda: not hospital.local.settled(sent.message) and kommune.local.inbox() == [], 2,
          "nobody believes a letter from the future")
    until(lambda: hospital.local.settled(sent.message), 60, "the present has caught up with it")
    assert [row.message for row in kommune.local.inbox()] == [sent.message]


def test_jump_of_the_coordinator_moves_no_recorded_time(region, templates):
    coordinator = region.coordinator
    coordinator.stop()
    clock = Clock(coordinator)
    coordinator.daemon = None
    coordinator.start()
    hospital = region.node("Nordby Sygehus", "hospital")
    kommune = region.node("Nordby Kommune", "municipality")
    region.wait_directory()
    stay = Stay(templates, hospital, kommune)
    times = []
    for jump, content in ((0, stay.admit()), (HOURS_2, stay.leave()), (-HOURS_2, stay.come_back()),
                          (0, stay.discharge())):
        clock.set(jump)
        if jump or times:
            clock.told(bool(jump))
        _, sent = hospital.local.send(content)
        until(lambda: hospital.local.settled(sent.message), 10, f"ok with the clock {jump} ms off")
        times.append(coordinator.local.transition(sent.transition).events[-1].recorded_ms)
    assert times == sorted(times)
    assert times[-1] - times[0] < 120000, "no jump went into what was recorded"
