"""Evidence of a transition: exported at the coordinator and at a node, checked where nothing of the
region runs any more, and caught when anybody changes it. The story is the Friday of silence."""

import json
import random
import subprocess

from discharge_test import discharged
from wait import until

USAGE, NOT_FOUND, INTEGRITY = 2, 3, 7


def friday_of_silence(story):
    discharged(story)
    story.at("Friday", "18:05")
    until(lambda: "expired" in story.kinds(story.region.coordinator), 10, "the deadline passed")
    story.settle()
    story.kommune.stafet("accept", story.transition)
    story.settle()
    return story


def export(story, party, name):
    """With every event proven, as soon as checkpoints have come."""
    path = story.region.folder / name

    def proven():
        party.stafet("evidence", "export", story.transition, "-o", path)
        done = subprocess.run([story.region.programs / "stafet", "evidence", "verify", path,
                               "--require-proof", "--json"], capture_output=True, check=False)
        return done.returncode == 0

    until(proven, 30, f"every event at {party.name} is proven")
    return path


def verify(story, path, *options, code=0):
    return json.loads(story.region.stafet("evidence", "verify", path, *options, "--json", code=code))


def faults(found):
    return {finding["code"] for finding in found["findings"] if finding["severity"] == "fault"}


def test_evidence_is_verified_where_nothing_runs(story):
    friday_of_silence(story)
    parties = (story.region.coordinator, story.hospital, story.kommune)
    events = len(story.show(story.kommune)["events"])
    care = story.show(story.kommune)["holders"]
    policy = story.region.folder / "policy"
    policy.write_text(story.region.coordinator.stafet("log", "policy"))
    files = {party.name: export(story, party, f"{index}.evidence")
             for index, party in enumerate(parties)}
    proof = story.region.folder / "proof"
    accepted = [row for row in story.show(story.kommune)["events"] if row["kind"] == "accept"][-1]
    story.hospital.stafet("log", "proof", accepted["message"], "-o", proof)
    for node in story.region.nodes:
        node.stop()
    story.region.coordinator.stop()

    for name, path in files.items():
        assert path.stat().st_mode & 0o777 == 0o600
        assert story.stay.cpr.encode() not in path.read_bytes()
        found = verify(story, path, "--policy", policy, "--receipt", proof)
        assert found["verified"] and not faults(found), name
        assert found["registrars_pinned"] and found["made_by_name"] == name
        assert len(found["events"]) == events
        assert found["transition"]["holders"] == care
        kinds = [event["kind"] for event in found["events"]]
        assert "expired" in kinds and kinds[-1] in ("accept", "acknowledgement")
        expired = found["events"][kinds.index("expired")]
        assert expired["author_name"] == "coordinator" and expired["role"] == "coordinator"
        assert all(event["holds"] and event["proof_size"] > event["leaf"]
                   for event in found["events"])
    text = story.region.stafet("evidence", "verify", files["coordinator"])
    assert text.endswith("\nverified\n") and "named by the file itself" in text
    assert "cosigned by" in text
    # Two auditors who got their files from different parties were told one history.
    verify(story, files["coordinator"], "--receipt", files[story.kommune.name])


def test_changed_evidence_ends_with_seven(story):
    friday_of_silence(story)
    path = export(story, story.region.coordinator, "good.evidence")
    good = path.read_bytes()
    changed = story.region.folder / "changed.evidence"
    chance = random.Random(1)
    for place in chance.sample(range(len(good)), 40):
        changed.write_bytes(good[:place] + bytes([good[place] ^ 0x20]) + good[place + 1:])
        story.region.stafet("evidence", "verify", changed, "--json", code=INTEGRITY)
    changed.write_bytes(good[:-1])
    story.region.stafet("evidence", "verify", changed, code=INTEGRITY)
    story.region.stafet("evidence", "verify", story.region.folder / "nothing", code=NOT_FOUND)
    story.region.coordinator.stafet("evidence", "export", story.transition, code=USAGE)
    story.region.coordinator.stafet(
        "evidence", "export", "0" * 31 + "1", "-o", changed, code=NOT_FOUND)


def test_an_older_file_is_incomplete_beside_a_newer_one(story):
    discharged(story)
    story.settle()
    older = export(story, story.hospital, "older.evidence")
    story.kommune.stafet("accept", story.transition)
    story.settle()
    newer = export(story, story.kommune, "newer.evidence")
    assert verify(story, newer, "--receipt", older)["verified"]
    found = verify(story, older, "--receipt", newer, code=INTEGRITY)
    assert faults(found) == {"incomplete"}
