"""A coordinator that was restored from an old backup is found out before it serves."""

import contextlib
import json
import random
import shutil

from fsck_test import fsck, wait_signed
from letters import Stay
from offline_test import arrived, expected, send_all, wait_all_ok
from region import seed
from wait import holds, until


def back_up(store, copy):
    """Of a coordinator that has ended: its file is whole, whatever stood in the log beside it."""
    for suffix in ("", "-wal"):
        with contextlib.suppress(FileNotFoundError):
            shutil.copy2(f"{store}{suffix}", f"{copy}{suffix}")


def restore(copy, store):
    for suffix in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            (store.parent / f"{store.name}{suffix}").unlink()
    back_up(copy, store)


def log_of(party, code=0):
    return json.loads(party.stafet("log", "status", "--json", code=code))


def contradicted(party):
    """What the party says of its log, once it has found out that something contradicts it."""
    def found():
        with contextlib.suppress(AssertionError):
            return log_of(party, code=7)
        return None
    return until(found, 60, f"{party.name} finds out")


def test_restored_backup_is_found_out_before_it_serves(region, templates):
    chance = random.Random(seed())
    hospital = region.node("Nordby Sygehus", "hospital")
    kommune = region.node("Nordby Kommune", "municipality")
    region.wait_directory()
    coordinator = region.coordinator
    store = coordinator.folder / "coordinator.db"
    old, new = region.folder / "old.db", region.folder / "new.db"

    def work():
        stays = [Stay(templates, hospital, kommune, chance) for _ in range(2)]
        sent = send_all(hospital, stays, chance)
        wait_all_ok(hospital, sent)
        wait_signed(coordinator, hospital, kommune)
        return sent

    # A backup, and work that is not in it.
    sent = work()
    coordinator.stop()
    back_up(store, old)
    coordinator.start()
    hospital.wait_connected()
    kommune.wait_connected()
    sent += work()
    seen = log_of(hospital)["size"]
    note = region.folder / "note"
    note.write_text(hospital.stafet("log", "status", "--note"))
    coordinator.stop()
    back_up(store, new)

    # Without a start: the backup is sound, and it is behind.
    old_leaves = fsck(region, old)["leaves"]
    assert old_leaves < seen
    told = fsck(region, old, "--against", note, code=7)
    assert told["against"] == "behind" and told["missing"] == seen - old_leaves
    assert [row["fault"] for row in told["faults"]] == ["behind"]
    assert fsck(region, new, "--against", note)["against"] == "holds"

    # With one: it finds out by the first node, and does nothing.
    restore(old, store)
    coordinator.start()
    told = contradicted(coordinator)
    assert told["behind"] and told["missing"] == seen - old_leaves
    until(lambda: len(contradicted(coordinator)["contradictions"]) == 2, 60, "both nodes are listed")
    told = contradicted(coordinator)
    assert {row["party_name"] for row in told["contradictions"]} == {hospital.name, kommune.name}
    assert all(row["kind"] == "rollback" and row["size"] == seen and
               row["note"] == note.read_text() for row in told["contradictions"])
    text = coordinator.stafet("log", "status", code=7)
    assert f"{seen - old_leaves} entries are missing" in text and "2 parties have shown" in text
    before = arrived(kommune)
    assert before == expected(sent)
    waiting = Stay(templates, hospital, kommune, chance).admit()
    answer, reply = hospital.local.send(waiting)
    assert answer == "stored"
    stopped = contradicted(hospital)["contradictions"]
    assert [row["kind"] for row in stopped] == ["rollback"] and stopped[0]["size"] == old_leaves
    holds(lambda: log_of(coordinator, code=7)["leaf_count"] == old_leaves and
          arrived(kommune) == before, 5, "nothing is recorded or delivered")

    # The newest store is there after all: nodes go on when a person has said so.
    coordinator.stop()
    restore(new, store)
    coordinator.start()
    for party in (hospital, kommune):
        count = len(contradicted(party)["contradictions"])
        party.stop()
        party.config.write_text(f"contradictions-seen = {count}\n" + party.config.read_text())
        party.start().wait_connected()
    wait_all_ok(hospital, [reply])
    assert arrived(kommune) == expected(sent + [reply])
    until(lambda: log_of(coordinator)["unproven_count"] == 0, 30, "all of it is signed")
    for party in (coordinator, hospital, kommune):
        party.stafet("log", "verify", code=0 if party is coordinator else 7)
    coordinator.stop()
    assert fsck(region, store)["faults"] == []
