"""What time ends at the door, and what outlives a restart: sessions, links and the waits of who guesses. The wall
clock of the daemon is turned while it stands still (clock_shim.c); nobody waits for a quarter of an hour."""

import os

import pytest
from clock_test import Clock
from door_test import PASSWORD, guess, user
from rest import Browser, open_web

MINUTE = 60 * 1000
BACKGROUND = {"Stafet_Background": "1"}


class Night:
    """A daemon that is down while minutes pass."""

    def __init__(self, party):
        self.party, self.clock, self.ahead = party, Clock(party), 0

    def passes(self, milliseconds):
        self.party.stop()
        self.ahead += milliseconds
        self.clock.set(self.ahead)
        self.party.start()


@pytest.fixture(params=["node", "coordinator"])
def night(request, region):
    if request.param == "coordinator":
        party = open_web(region.coordinator)
        party.stop()
        party.daemon = None
        made = Night(party)
        party.start()
        return made
    party = open_web(region.party("Nordby Kommune", "municipality").sign().approve())
    made = Night(party)
    party.start()
    return made


def test_a_session_ends_when_nobody_is_there(night):
    """Fifteen minutes after the last thing that a person asked; what a page asks by itself is nobody."""
    anna, bent = user(night.party, "anna", "clerk"), user(night.party, "bent", "clerk")
    anna.sign_in("anna", PASSWORD)
    bent.sign_in("bent", PASSWORD)
    night.passes(10 * MINUTE)
    assert anna.ask("GET", "/api/v1/directory").status == 200
    assert bent.ask("GET", "/api/v1/directory", **BACKGROUND).status == 200
    night.passes(6 * MINUTE)
    assert anna.ask("GET", "/api/v1/directory").status == 200
    assert bent.ask("GET", "/api/v1/directory", **BACKGROUND).status == 401
    assert bent.ask("GET", "/console/session").status == 401
    # To stay is said by renewing, and whatever is asked, a day's work is the end.
    assert anna.ask("POST", "/console/session/renew").status == 200
    night.passes(14 * MINUTE)
    assert anna.ask("GET", "/console/session").status == 200
    night.passes(12 * 60 * MINUTE)
    assert anna.ask("GET", "/api/v1/directory").status == 401


def test_a_link_is_too_old_after_ten_minutes(night):
    user(night.party, "anna", "clerk")
    early = night.party.json("user", "link", "anna")["code"]
    night.passes(9 * MINUTE)
    assert Browser(night.party).ask("POST", "/console/session", {"code": early}).status == 200
    late = night.party.json("user", "link", "anna")["code"]
    night.passes(10 * MINUTE)
    answers = [Browser(night.party).ask("POST", "/console/session", {"code": code})
               for code in (late, early, "A" * 43)]
    assert [answer.status for answer in answers] == [401, 401, 401]
    assert len({answer.json()["detail"] for answer in answers}) == 1


def test_a_guesser_waits_over_a_restart_and_keeps_out_nobody_else(night):
    """Twelve wrong passwords make the name wait for two minutes, whether it is anybody's or not."""
    house = night.party
    user(house, "anna", "clerk")
    bent = user(house, "bent", "clerk")
    names, told = ("anna", "nobody-of-this-name"), {}
    for name in names:
        for wrong in range(5):
            told[name] = guess(house, name, f"gaetteri nummer {wrong}").json()["detail"]
    for _ in range(7):
        # What each wait is over; then one more is wrong.
        night.passes(5 * MINUTE)
        for name in names:
            assert guess(house, name, "endnu et forkert").status == 401
    assert told["anna"] == told["nobody-of-this-name"]
    waits = {}
    for _ in range(2):
        for name in names:
            answer = guess(house, name, PASSWORD)
            assert answer.status == 429, "also with the right one, and after a restart"
            waits[name] = (answer.json()["detail"], answer.headers["retry-after"])
        assert len(set(waits.values())) == 1, waits
        bent.sign_in("bent", PASSWORD)
        night.passes(0)
    night.passes(5 * MINUTE)
    assert guess(house, "anna", PASSWORD).status == 200


def test_a_name_that_is_nobodys_costs_as_much_work(night):
    """Measured as the daemon's own processor time, which a busy machine does not change."""
    house = night.party
    for name in ("anna", "carl", "dina"):
        user(house, name, "clerk")

    def work(*names):
        begun = processor_s(house)
        for name in names:
            for wrong in range(4):
                assert guess(house, name, f"forkert nummer {wrong}").status == 401
        return processor_s(house) - begun

    known, unknown = work("anna", "carl", "dina"), work("nobody-a", "nobody-b", "nobody-c")
    print(f"twelve wrong passwords: {known:.2f} s of people, {unknown:.2f} s of nobody")
    assert known > 0.1, "there is something to be compared"
    assert 0.5 < known / unknown < 2


def processor_s(house):
    with open(f"/proc/{house.daemon.process.pid}/stat", encoding="ascii") as line:
        fields = line.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
