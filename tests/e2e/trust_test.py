"""Who is believed: registrars, transport keys, and nobody who was revoked."""

from letters import Stay
from wait import holds, until

REFUSED = 4


def test_entry_of_another_registrar_is_not_recorded(region):
    other = region.folder / "other-registrar"
    region.stafet("registrar", "init", other)
    party = region.party("Nordby Sygehus", "hospital").sign(other)
    version = region.coordinator.local.ask("status").directory_version
    party.approve(code=REFUSED)
    assert region.coordinator.local.ask("status").directory_version == version
    assert party.sign().approve().start().wait_connected()


def test_node_that_trusts_another_registrar_follows_nothing(region):
    other = region.folder / "other-registrar"
    region.stafet("registrar", "init", other)
    party = region.party("Nordby Sygehus", "hospital").sign().approve()
    region.configure(party, registrar=other)
    party.start()
    holds(lambda: party.local.ask("status").directory_version == 0, 2,
          "entries that no trusted registrar signed are not taken")


def test_party_that_is_not_enrolled_is_not_let_in(region):
    party = region.party("Nordby Sygehus", "hospital")
    party.start()
    holds(lambda: not party.local.ask("status").connected, 2, "it is not in the directory")
    assert region.coordinator.local.ask("status").peer_count == 0
    party.sign().approve()
    party.wait_connected(40)


def test_coordinator_with_another_key_is_not_believed(region):
    party = region.party("Nordby Sygehus", "hospital").sign().approve()
    public = party.folder / "false-coordinator.pub"
    lines = (region.coordinator.folder / "keys" / "coordinator.pub").read_text().splitlines()
    other = region.party("Another", "coordinator").folder / "keys" / "coordinator.pub"
    others = [line for line in other.read_text().splitlines() if line.startswith("transport ")]
    public.write_text("\n".join([line for line in lines if not line.startswith("transport ")]
                                + others) + "\n")
    region.configure(party, coordinator=public)
    party.start()
    holds(lambda: not party.local.ask("status").connected, 2, "another key answers")
    region.configure(party)
    party.restart().wait_connected()


def test_revoked_node_is_refused_at_its_next_message(region, templates):
    hospital = region.node("Nordby Sygehus", "hospital")
    kommune = region.node("Nordby Kommune", "municipality")
    region.wait_directory()
    stay = Stay(templates, hospital, kommune)
    _, first = hospital.local.send(stay.admit())
    until(lambda: hospital.local.settled(first.message), 10, "ok before")
    log_size = region.coordinator.local.ask("status").log_size
    hospital.revoke()
    _, second = hospital.local.send(stay.discharge())
    holds(lambda: not hospital.local.settled(second.message), 2, "nothing of it is recorded")
    assert [row.message for row in kommune.local.inbox()] == [first.message]
    # The entry itself is the one leaf more.
    assert region.coordinator.local.ask("status").log_size <= log_size + 1
    events = region.coordinator.local.transition(first.transition).events
    assert second.message not in [event.message for event in events]
    hospital.restart()
    holds(lambda: not hospital.local.connected(), 2, "it is not let in again")


def test_letter_to_a_revoked_party_waits_for_a_person(region, templates):
    hospital = region.node("Nordby Sygehus", "hospital")
    kommune = region.node("Nordby Kommune", "municipality")
    region.wait_directory()
    kommune.revoke()
    region.nodes.remove(kommune)
    region.wait_directory()
    stay = Stay(templates, hospital, kommune)
    answer, sent = hospital.local.send(stay.admit())
    if answer == "stored":
        holds(lambda: not hospital.local.settled(sent.message), 1, "nobody could have opened it")
    else:
        assert sent.issues
