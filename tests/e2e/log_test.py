"""The region's log: signed, cosigned by the nodes, asked for at both ends."""

import json
import subprocess

import pytest
from letters import Stay
from wait import until

WITNESSES = "witnesses { hospitals = 1 municipalities = 1 }\n"
INTEGRITY = 7


@pytest.fixture
def pair(region):
    """A hospital and a municipality that must both cosign; the coordinator is told so."""
    config = region.coordinator.config
    config.write_text(config.read_text() + WITNESSES)
    region.coordinator.restart()
    hospital = region.node("Nordby Sygehus", "hospital")
    kommune = region.node("Nordby Kommune", "municipality")
    region.wait_directory()
    return hospital, kommune


def status(party):
    return party.json("log", "status")


def wait_witnessed(party, size, seconds=30):
    until(lambda: status(party)["witnessed_size"] >= size, seconds,
          f"{party.name} shows a witnessed checkpoint of {size} entries")


def discharge(templates, hospital, kommune):
    stay = Stay(templates, hospital, kommune)
    _, sent = hospital.local.send(stay.admit())
    until(lambda: hospital.local.settled(sent.message), 20, "the letter is answered")
    return sent


def entries(region):
    return region.coordinator.local.ask("status").log_size


def test_log_grows_and_is_cosigned(region, templates, pair):
    hospital, kommune = pair
    wait_witnessed(region.coordinator, entries(region))
    before = status(region.coordinator)
    discharge(templates, hospital, kommune)
    size = entries(region)
    assert size > before["size"]
    for party in (region.coordinator, hospital, kommune):
        wait_witnessed(party, size)
        shown = status(party)
        assert shown["origin"] == "test/log/nord/1"
        assert shown["contradictions"] == []
        assert shown["fault"] == "" and not shown["behind"]
    shown = status(region.coordinator)
    assert shown["unproven_count"] == 0
    cosigners = {row["party_name"]: row["size"] for row in shown["cosigners"]}
    assert cosigners[hospital.name] >= size and cosigners[kommune.name] >= size
    assert shown["witnessed"].count("stafet/witness/") >= 2


def test_screen_of_the_log_has_100_columns(region, pair):
    wait_witnessed(region.coordinator, entries(region))
    for party in (region.coordinator, *pair):
        for command in ("status", "verify"):
            screen = party.stafet("log", command)
            assert all(len(line) <= 100 for line in screen.splitlines()), screen
            assert "witnessed" in screen and "Nordby Kommune" in screen


def test_both_ends_verify_what_they_keep(region, templates, pair):
    hospital, kommune = pair
    discharge(templates, hospital, kommune)
    wait_witnessed(hospital, entries(region))
    shown = region.coordinator.json("log", "verify")
    assert shown["verified"] and shown["checked"] == entries(region)
    until(lambda: status(hospital)["unproven_count"] == 0, 30, "every receipt is proven")
    assert hospital.json("log", "verify")["verified"]


def test_message_is_proven_at_both_ends(region, templates, pair):
    hospital, kommune = pair
    sent = discharge(templates, hospital, kommune)
    wait_witnessed(hospital, entries(region))
    until(lambda: status(hospital)["unproven_count"] == 0, 30, "every receipt is proven")
    message = sent.message.hex()
    there = region.coordinator.json("log", "proof", message)
    here = hospital.json("log", "proof", message)
    assert there["index"] == here["index"] and not there["pending"]
    for proof in (there["proof"], here["proof"]):
        lines = proof.splitlines()
        assert lines[0] == "c2sp.org/tlog-proof@v1"
        assert f"index {there['index']}" in lines
        assert "test/log/nord/1" in lines
    path = hospital.folder / "message.proof"
    region.coordinator.stafet("log", "proof", message, "-o", path)
    assert path.read_text() == there["proof"]
    assert path.stat().st_mode & 0o077 == 0


def test_policy_names_log_witnesses_and_quorum(region, pair):
    hospital, kommune = pair
    lines = region.coordinator.stafet("log", "policy").splitlines()
    assert any(line.startswith("log test/log/nord/1+") for line in lines)
    assert sum(line.startswith("witness ") for line in lines) == 2
    assert any(line.startswith("group hospitals 1 ") for line in lines)
    assert "quorum region" in lines
    assert lines[-1] == "registrars 1"
    assert any(hospital.show()["party"] in line for line in lines)
    assert any(kommune.show()["party"] in line for line in lines)


def test_watch_shows_each_checkpoint(region, templates, pair):
    hospital, kommune = pair
    command = [region.programs / "stafet", "log", "watch", "--for", "15", "--json",
               "--socket", region.coordinator.socket]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as watching:
        first = json.loads(watching.stdout.readline())
        discharge(templates, hospital, kommune)
        second = json.loads(watching.stdout.readline())
        watching.terminate()
    assert second["size"] > first["size"]


def test_checkpoints_go_on_over_a_restart(region, templates, pair):
    hospital, kommune = pair
    discharge(templates, hospital, kommune)
    wait_witnessed(region.coordinator, entries(region))
    before = status(region.coordinator)
    region.coordinator.kill()
    region.coordinator.start()
    for party in pair:
        party.wait_connected(40)
    assert status(region.coordinator)["size"] >= before["size"]
    discharge(templates, hospital, kommune)
    wait_witnessed(hospital, entries(region), 60)
    assert status(region.coordinator)["contradictions"] == []


def test_restored_backup_stops_before_it_serves(region, templates, pair):
    """The store of an hour ago is put back: the nodes show what they have seen, and nothing moves."""
    hospital, kommune = pair
    wait_witnessed(region.coordinator, entries(region))
    region.coordinator.stop()
    store = region.coordinator.folder / "coordinator.db"
    backup = store.read_bytes()
    region.coordinator.start()
    for party in pair:
        party.wait_connected(40)
    discharge(templates, hospital, kommune)
    wait_witnessed(hospital, entries(region), 60)
    seen = status(hospital)["size"]
    region.coordinator.stop()
    for leftover in region.coordinator.folder.glob("coordinator.db*"):
        leftover.unlink()
    store.write_bytes(backup)
    store.chmod(0o600)
    region.coordinator.start()
    until(lambda: region.coordinator.local.ask("status").link == "behind", 40,
          "the coordinator sees that its store went back")
    shown = json.loads(region.coordinator.stafet("log", "status", "--json", code=INTEGRITY))
    assert shown["behind"]
    assert {row["kind"] for row in shown["contradictions"]} == {"rollback"}
    row = shown["contradictions"][0]
    assert row["size"] >= seen and not row["explained"]
    assert row["note"] != row["other"]
    screen = region.coordinator.stafet("log", "status", code=INTEGRITY)
    for note in (row["note"], row["other"]):
        for line in note.splitlines():
            assert line in screen
    size = entries(region)
    hospital.local.send(Stay(templates, hospital, kommune).admit())
    until(lambda: status_code(hospital) == INTEGRITY, 40, "the hospital sees it, too")
    assert entries(region) == size


def status_code(party):
    done = subprocess.run([party.region.programs / "stafet", "log", "status", "--socket",
                           party.socket], capture_output=True, check=False)
    return done.returncode
