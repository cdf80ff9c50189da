"""Folders of a real node: what is dropped is handed in once, what is received is written once."""

import json
import os

import pytest
from letters import Stay
from wait import holds, until


def folder(party, name):
    path = party.folder / name
    path.mkdir(mode=0o700)
    return path


@pytest.fixture
def parties(region):
    hospital = region.party("Nordby Sygehus", "hospital").sign().approve()
    kommune = region.party("Nordby Kommune", "municipality").sign().approve()
    hospital.inbound, kommune.outbound = folder(hospital, "in"), folder(kommune, "out")
    hospital.config.write_text(hospital.config.read_text() + 'drop { in = "in" }\n')
    kommune.config.write_text(
        kommune.config.read_text() + 'drop { out = "out" mark-handled = 1 }\n')
    for party in (hospital, kommune):
        party.start().wait_connected()
        region.nodes.append(party)
    region.wait_directory()
    return hospital, kommune


def drop(party, name, content):
    hidden = party.inbound / f".{name}"
    hidden.write_bytes(content)
    hidden.rename(party.inbound / name)


def written(party):
    """The .json files that say that a message is whole, in order."""
    return sorted(path for path in party.outbound.iterdir()
                  if path.name.endswith(".json") and not path.name.endswith(".fhir.json"))


def test_dropped_file_is_handed_in_and_comes_out_as_it_was(parties, templates):
    hospital, kommune = parties
    stay = Stay(templates, hospital, kommune)
    letters = [stay.admit(), stay.discharge()]
    for number, content in enumerate(letters):
        drop(hospital, f"{number}.json", content)
    until(lambda: len(written(kommune)) == 2, 30, "both are written")
    ids = [json.loads((hospital.inbound / f"{n}.json.done.note").read_text())["message"]
           for n in (0, 1)]
    for about, content, identity in zip(written(kommune), letters, ids):
        told = json.loads(about.read_text())
        assert told["message"] == identity
        body = about.with_name(about.name.replace(".json", ".fhir.json"))
        assert body.read_bytes() == content
        assert (body.stat().st_mode & 0o777, about.stat().st_mode & 0o777) == (0o600, 0o600)
    assert (hospital.inbound / "0.json.done").read_bytes() == letters[0]
    until(lambda: all(row.handled for row in kommune.local.inbox()), 10, "taken care of")
    steps = kommune.json("message", "trace", ids[0])["steps"]
    assert [step["channel"] for step in steps if step["step"] == "handed-out"] == ["drop-out"]
    assert "unknown" not in kommune.stafet("message", "trace", ids[0])
    steps = hospital.json("message", "trace", ids[0])["steps"]
    assert [step["channel"] for step in steps if step["step"] == "handed-in"] == ["drop-in"]


def test_what_is_no_letter_is_set_aside_and_nothing_is_lost(parties, templates):
    hospital, kommune = parties
    drop(hospital, "a.json", b"{}")
    (hospital.inbound / "b.tmp").write_bytes(b"half")
    (hospital.inbound / ".hidden").write_bytes(b"half")
    os.symlink("/etc/passwd", hospital.inbound / "c.json")
    until(lambda: (hospital.inbound / "a.json.err").exists(), 20, "set aside")
    note = json.loads((hospital.inbound / "a.json.err.note").read_text())
    assert note["message"] == ""
    assert note["issues"] == [{"code": "MSG_UNKNOWN_TYPE", "element": "Bundle"}]
    drop(hospital, "a.json", b"[]")
    until(lambda: (hospital.inbound / "a.json.1.err").exists(), 20, "beside the first")
    assert (hospital.inbound / "a.json.err").read_bytes() == b"{}"
    assert (hospital.inbound / "a.json.1.err").read_bytes() == b"[]"
    holds(lambda: (hospital.inbound / "b.tmp").exists() and
          (hospital.inbound / "c.json").is_symlink(), 2, "left alone")
    content = Stay(templates, hospital, kommune).admit()
    drop(hospital, "d.json", content)
    until(lambda: (hospital.inbound / "d.json.done").exists(), 20, "good ones go on")
    drop(hospital, "d.json", content)
    until(lambda: (hospital.inbound / "d.json.1.done").exists(), 20, "again")
    notes = [json.loads((hospital.inbound / name).read_text())
             for name in ("d.json.done.note", "d.json.1.done.note")]
    assert notes[0]["message"] == notes[1]["message"]
    until(lambda: len(written(kommune)) == 1, 20, "one message")


def test_killed_nodes_hand_in_and_write_each_message_once(parties, templates):
    hospital, kommune = parties
    letters = [Stay(templates, hospital, kommune).admit() for _ in range(4)]
    for number, content in enumerate(letters):
        drop(hospital, f"{number}.json", content)
        party = (hospital, kommune)[number % 2]
        party.kill()
        party.start().wait_connected()
    until(lambda: len(written(kommune)) >= 4, 60, "all are written")
    assert sorted(os.listdir(hospital.inbound)) == sorted(
        f"{n}.json.done{end}" for n in range(4) for end in ("", ".note"))
    bodies = {path.read_bytes() for path in kommune.outbound.iterdir()
              if path.name.endswith(".fhir.json")}
    assert bodies == set(letters)
    assert len(written(kommune)) == 4


def test_folder_that_everybody_can_open_is_refused(parties):
    hospital, _ = parties
    hospital.stop()
    hospital.inbound.chmod(0o755)
    with pytest.raises(AssertionError, match="open to everybody"):
        hospital.start()
    hospital.daemon.process = None
    hospital.inbound.chmod(0o700)
    hospital.start()
