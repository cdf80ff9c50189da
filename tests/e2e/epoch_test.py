"""A restore drill: the newest store of a coordinator is lost, a backup of this morning is all there is. It is
found out, the registrars declare a new epoch, nodes hand in again what was lost, and nobody misses anything."""

import json
import sqlite3

import pytest
from fsck_test import fsck, wait_signed
from letters import Stay
from local import STATES
from region import Region
from restore_test import contradicted, log_of, restore
from wait import holds, until

REFUSED, CONFLICT, INTEGRITY = 4, 5, 7


@pytest.fixture(name="region")
def region_of_three_registrars(folder, programs, daemons, stafet):
    """Two of three must sign, as in earnest."""
    made = Region(folder, programs, daemons, stafet, registrars=3).start()
    yield made
    made.close()


def back_up(store, copy):
    """As the manual says it: while the daemon runs."""
    with sqlite3.connect(store) as running, sqlite3.connect(copy) as target:
        running.backup(target)
    running.close()
    target.close()
    copy.chmod(0o600)


class Drill:
    """Two citizens of one hospital and one municipality."""

    def __init__(self, region, templates):
        self.region, self.coordinator = region, region.coordinator
        self.hospital = region.node("Nordby Sygehus", "hospital")
        self.kommune = region.node("Nordby Kommune", "municipality")
        region.wait_directory()
        self.parties = (self.coordinator, self.hospital, self.kommune)
        self.stays = [Stay(templates, self.hospital, self.kommune) for _ in range(2)]
        self.letters, self.transitions = [], []
        self.store = self.coordinator.folder / "coordinator.db"

    def send(self, letter, seconds=20):
        answer, sent = self.hospital.local.send(letter)
        assert answer == "stored"
        until(lambda: self.hospital.local.settled(sent.message), seconds, "the letter is answered")
        self.letters.append(sent.message)
        if sent.transition not in self.transitions:
            self.transitions.append(sent.transition)
        return sent.transition

    def take_over(self, transition):
        """Nobody is on the way home when this ends."""
        self.kommune.stafet("accept", transition.hex())
        until(lambda: self.hospital.local.holders(transition).get("care") == self.kommune.name, 20,
              "the hospital is relieved")

    def settle(self, seconds=20):
        """What all agree about each transition, once nothing is on its way and all of it, whoever read
        something included, is under a checkpoint that everybody has."""
        until(lambda: all(STATES[row.state] in ("stored", "ok") for node in self.region.nodes
                          for row in node.local.outbox()), seconds, "everything is recorded")
        agreed = [until(lambda transition=transition: self.agree(transition), seconds, "all agree")
                  for transition in self.transitions]
        wait_signed(*self.parties)
        return agreed

    def arrived(self):
        return sorted(row.message for row in self.kommune.local.inbox() if row.content_size)

    def seen(self, party, transition):
        """What any two must agree about."""
        shown = party.json("transition", "show", transition.hex())
        return {name: shown[name] for name in ("state", "sequence", "holders")}

    def agree(self, transition):
        try:
            told = [self.seen(party, transition) for party in self.parties]
        except AssertionError:
            return None
        return told[0] if told[0] == told[1] == told[2] else None


def holders(told):
    """Without since when: that is when it was recorded, and that was said again."""
    return [(row["domain"], row["party"]) for row in told["holders"]]


def follows(node):
    """In the new epoch, which explains why the log went back: nobody has to say so at the node."""
    try:
        log = log_of(node)
    except AssertionError:
        return False
    assert all(row["explained"] for row in log["contradictions"])
    return log["epoch"] == 2


def declare(drill):
    """By the commands that a person types; what fails on the way changes nothing."""
    region, coordinator = drill.region, drill.coordinator
    asked, signed = region.folder / "epoch", region.folder / "epoch-signed"
    text = coordinator.stafet("log", "epoch", "-o", asked)
    assert all(len(line) <= 100 for line in text.replace(str(region.folder), "").splitlines())
    told = json.loads(coordinator.stafet("log", "epoch", "-o", asked, "--json"))
    assert not told["begun"] and told["epoch"] == 2
    assert f"{told['lost']} entries: a node has shown" in text
    shown = json.loads(region.stafet("registrar", "show", asked, "--json"))
    assert shown["signatures"] == 0 and shown["log_key_signed_note"]
    assert shown["common_size"] == told["common_size"] and shown["epoch"] == 2
    coordinator.stafet("log", "begin-epoch", asked, code=REFUSED)
    first, second, third = region.registrars
    region.stafet("registrar", "cosign", first, asked, "-o", signed, "--yes", code=CONFLICT)
    region.stafet("registrar", "epoch", first, asked, "-o", signed, code=REFUSED)
    text = region.stafet("registrar", "epoch", first, asked, "-o", signed, "--yes")
    assert shown["fingerprint"] in text and f"the first {told['common_size']} entries" in text
    coordinator.stafet("log", "begin-epoch", signed, code=REFUSED)
    region.stafet("registrar", "epoch", second, signed, "-o", signed, "--yes", code=CONFLICT)
    region.stafet("registrar", "cosign", first, signed, "-o", signed, "--yes", code=CONFLICT)
    region.stafet("registrar", "cosign", third, signed, "-o", signed, "--yes")
    shown = json.loads(region.stafet("registrar", "show", signed, "--json"))
    assert shown["signatures"] == 2
    assert log_of(coordinator, code=INTEGRITY)["behind"]
    assert "epoch 2 of the log has begun" in coordinator.stafet("log", "begin-epoch", signed)
    coordinator.stafet("log", "begin-epoch", signed, code=CONFLICT)
    return told


def test_lost_tail_is_declared_and_handed_in_again(region, templates):
    drill = Drill(region, templates)
    coordinator, backup = drill.coordinator, region.folder / "backup.db"
    before, after = drill.stays

    # In the backup: a citizen is admitted. Not in it: she goes home, and another comes and goes.
    first = drill.send(before.admit())
    drill.settle()
    back_up(drill.store, backup)
    kept = log_of(coordinator)["leaf_count"]
    drill.send(before.discharge())
    drill.take_over(first)
    drill.send(after.admit())
    drill.take_over(drill.send(after.discharge()))
    agreed = drill.settle()
    seen = log_of(drill.hospital)["size"]

    # The disk is gone. What comes up is behind, says so, and does nothing.
    coordinator.kill()
    restore(backup, drill.store)
    coordinator.start()
    until(lambda: len(contradicted(coordinator)["contradictions"]) == 2, 60, "both nodes are listed")
    told = contradicted(coordinator)
    assert told["behind"] and told["missing"] == seen - kept
    assert {row["party_name"] for row in told["contradictions"]} == {
        drill.hospital.name, drill.kommune.name}
    text = coordinator.stafet("log", "status", code=INTEGRITY)
    assert "stafet help log epoch" in text
    assert coordinator.local.ask("status").link == "behind"
    holds(lambda: log_of(coordinator, code=INTEGRITY)["leaf_count"] == kept, 3, "nothing is recorded")

    for node in region.nodes:
        stopped = contradicted(node)["contradictions"]
        assert [row["kind"] for row in stopped] == ["rollback"] and not stopped[0]["explained"]

    # Two of three registrars say that what the backup has is what stands.
    told = declare(drill)
    assert told["common_size"] == kept and told["lost"] == seen - kept

    # The nodes hear of it and say again what was lost. Nobody got anything twice.
    for node in region.nodes:
        node.wait_connected(60)
        until(lambda node=node: follows(node), 60, f"{node.name} follows")
    for now, then in zip(drill.settle(120), agreed):
        assert now["state"] == then["state"] and holders(now) == holders(then)
    assert drill.arrived() == sorted(drill.letters)
    # What is new waits a minute for what was lost.
    drill.send(after.another().admit(), 90)
    assert drill.arrived() == sorted(drill.letters)

    # Whoever asks later has one history of it, and one log.
    drill.settle()
    for transition in drill.transitions:
        for number, party in enumerate(drill.parties):
            path = region.folder / f"{transition.hex()}-{number}"
            until(lambda party=party: log_of(party)["unproven_count"] == 0, 30, "all is proven")
            party.stafet("evidence", "export", transition.hex(), "-o", path)
            found = json.loads(region.stafet("evidence", "verify", path, "--require-proof", "--json"))
            assert found["verified"], (party.name, found["findings"])
    for party in drill.parties:
        assert party.json("log", "verify")["verified"], party.name
        assert log_of(party)["origin"] == "test/log/nord/2"
    region.assert_blind(*drill.stays)
    coordinator.stop()
    assert fsck(region, drill.store)["faults"] == []
