"""`stafet log fsck` on the store of a real coordinator: sound, damaged, and held against notes."""

import json
import random
import shutil
import sqlite3

import pytest
from letters import Stay
from offline_test import send_all, wait_all_ok
from region import seed
from wait import until


def fsck(region, store, *arguments, code=0):
    return json.loads(region.stafet("log", "fsck", store, *arguments, "--json", code=code))


def wait_signed(*parties):
    """Everything that is recorded is under a checkpoint that each of the parties has."""
    def same():
        logs = [json.loads(party.stafet("log", "status", "--json")) for party in parties]
        return logs[0]["unproven_count"] == 0 and len({log["size"] for log in logs}) == 1
    until(same, 30, "a checkpoint of everything")


@pytest.fixture(name="worked")
def worked_region(region, templates):
    """A region in which two stays went through, and everybody has seen the log."""
    chance = random.Random(seed())
    hospital = region.node("Nordby Sygehus", "hospital")
    kommune = region.node("Nordby Kommune", "municipality")
    region.wait_directory()
    wait_all_ok(hospital, send_all(
        hospital, [Stay(templates, hospital, kommune, chance) for _ in range(2)], chance))
    wait_signed(region.coordinator, hospital, kommune)
    return region


def test_sound_store_is_clean_beside_its_daemon_and_without(worked):
    store = worked.coordinator.folder / "coordinator.db"
    found = fsck(worked, store)
    assert found["faults"] == [] and found["fault_count"] == 0
    assert found["receipts"] == found["leaves"] >= 8
    assert found["entries"] == 3 and found["transitions"] == 2
    assert found["cosignatures"] > 0 and found["against"] is None
    assert not found["registrars_checked"]
    policy = worked.folder / "policy"
    policy.write_text(worked.coordinator.stafet("log", "policy"))
    note = worked.folder / "note"
    note.write_text(worked.nodes[0].stafet("log", "status", "--note"))
    worked.coordinator.stop()
    found = fsck(worked, store, "--policy", policy, "--against", note)
    assert found["faults"] == [] and found["registrars_checked"]
    assert found["against"] == "holds" and found["missing"] == 0
    text = worked.stafet("log", "fsck", store, "--against", note)
    assert "faults: 0\n" in text and "every leaf of the note" in text


@pytest.mark.parametrize("fault, damage", [
    ("author", "update event set cover ="
               " cast(substr(cover, 1, length(cover) - 1) ||"
               " case substr(cover, -1) when x'00' then x'01' else x'00' end as blob)"
               " where sequence = 2"),
    ("leaf", "update event set outcome = 3 where sequence = 2"),
    ("leaf-missing", "delete from event where leaf_index = 4"),
    ("transition-row", "update \"transition\" set state = state + 1"),
    ("checkpoint-note", "update checkpoint set root = zeroblob(32)"),
    ("cosignature", "update cosignature set line = cast(substr(line, 1, 70) as blob)"),
])
def test_damage_is_named(worked, fault, damage):
    worked.coordinator.stop()
    store = worked.folder / "copy.db"
    shutil.copy(worked.coordinator.folder / "coordinator.db", store)
    with sqlite3.connect(store) as database:
        assert database.execute(damage).rowcount > 0
    database.close()
    store.chmod(0o600)
    found = fsck(worked, store, code=7)
    assert fault in {row["fault"] for row in found["faults"]}, found
    assert all(row["where"] and row["what"] and row["advice"] for row in found["faults"])
    line = worked.stafet("log", "fsck", store, code=7).splitlines()[0]
    assert line.count(": ") >= 3


def test_page_that_is_damaged_is_told_of(worked):
    """What the disk did, before anything that stands on it is believed."""
    worked.coordinator.stop()
    store = worked.folder / "copy.db"
    shutil.copy(worked.coordinator.folder / "coordinator.db", store)
    # One that is in use: half of the file may be room that nothing stands in.
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as opened:
        (page_size,) = opened.execute("PRAGMA page_size").fetchone()
        (root,) = opened.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'event'").fetchone()
    opened.close()
    with store.open("r+b") as file:
        file.seek((root - 1) * page_size)
        file.write(b"\xff" * 4096)
    worked.stafet("log", "fsck", store, code=7)
    worked.stafet("log", "fsck", store, "--json", code=7)


def test_what_is_no_store_of_a_coordinator_is_refused(worked):
    node = worked.nodes[0].folder / "node.db"
    worked.stafet("log", "fsck", node, code=1)
    worked.stafet("log", "fsck", worked.folder / "nothing.db", code=1)
    worked.stafet("log", "fsck", code=2)
