"""A timeline that is told and drawn: who had what, when, and where it went wrong. The story is the
Friday of silence: the patient goes home at two, nobody answers until six, and the deadline passes.
"""

import json
import xml.etree.ElementTree as tree

from discharge_test import discharged
from wait import until

USAGE, NOT_FOUND, INTEGRITY = 2, 3, 7
SVG = "{http://www.w3.org/2000/svg}"


def friday_of_silence(story):
    discharged(story)
    story.at("Friday", "18:05")
    until(lambda: "expired" in story.kinds(story.region.coordinator), 10, "the deadline passed")
    story.settle()
    story.kommune.stafet("accept", story.transition)
    story.settle()
    return story


def every_format_tells_the_same(story):
    events = len(story.show(story.kommune)["events"])

    for party in (story.region.coordinator, story.hospital, story.kommune):
        told = json.loads(party.stafet("timeline", story.transition, "--format", "json"))
        assert len(told["events"]) == events
        lanes = [lane["name"] for lane in told["lanes"]]
        assert lanes[:3] == ["Nordby Sygehus", "Nordby Kommune", "Laegerne Nordby"]
        care = [band for band in told["responsibility"] if band["domain"] == "care"]
        assert [lanes[band["lane"]] for band in care] == lanes[:2]
        assert care[0]["until"] == care[1]["from"] and care[1]["until"] is None
        due = {row["name"]: row for row in told["deadlines"]}
        assert due["care-accepted"]["missed"] and due["care-accepted"]["clause"] == "2-7"
        assert not due["admission-report"]["missed"]
        kinds = {gap["kind"] for gap in told["gaps"]}
        assert {"unaccepted", "unmet"} <= kinds and "missing" not in kinds

    text = story.kommune.stafet("timeline", story.transition)
    for words in ("gap: unaccepted", "due: care-accepted", "holds care", "missed"):
        assert words in text, words
    assert max(len(line) for line in text.splitlines()) <= 100


def the_picture_can_be_read_by_anybody(story):
    path = story.region.folder / "picture.svg"
    story.kommune.stafet("timeline", story.transition, "--format", "svg", "-o", path)
    assert path.stat().st_mode & 0o777 == 0o600
    picture = tree.parse(path).getroot()
    assert picture.tag == f"{SVG}svg" and picture.get("role") == "img"
    titles = [element.text for element in picture.iter(f"{SVG}title")]
    assert any(title.startswith("care held") for title in titles)
    assert any(title.startswith("unaccepted") for title in titles)
    assert any("window extended-responsibility" in title for title in titles)
    events = len(story.show(story.kommune)["events"])
    assert len(list(picture.iter(f"{SVG}circle"))) == events
    words = " ".join(text for text in picture.itertext())
    assert story.stay.cpr not in words


def audit_events_name_the_patient_only_at_a_party_and_only_when_asked(story):
    at_coordinator = story.region.coordinator
    bundle = json.loads(at_coordinator.stafet("timeline", story.transition, "--format", "fhir"))
    assert bundle["resourceType"] == "Bundle"
    resources = [entry["resource"] for entry in bundle["entry"]]
    assert {resource["resourceType"] for resource in resources} == {"AuditEvent"}
    assert {"originate", "receive", "report"} <= {r["type"]["code"] for r in resources}
    assert "4" in {resource["outcome"] for resource in resources}  # the acceptance came late
    for resource in resources:
        assert resource["recorded"].endswith("Z")
        assert resource["agent"][0]["requestor"] is True
        assert resource["source"]["observer"]
    assert story.stay.cpr not in json.dumps(bundle)
    at_coordinator.stafet("timeline", story.transition, "--format", "fhir", "--patient",
                          code=NOT_FOUND)

    basic = story.kommune.stafet("timeline", story.transition, "--format", "fhir")
    assert story.stay.cpr not in basic
    named = json.loads(story.kommune.stafet("timeline", story.transition, "--format", "fhir",
                                            "--patient"))
    for entry in named["entry"]:
        persons = [part for part in entry["resource"]["entity"]
                   if part["what"]["identifier"]["system"] == "urn:oid:1.2.208.176.1.2"]
        assert [part["what"]["identifier"]["value"] for part in persons] == [story.stay.cpr]


def a_file_tells_the_same_without_a_daemon(story):
    coordinator = story.region.coordinator
    path = story.region.folder / "friday.sfe"
    coordinator.stafet("evidence", "export", story.transition, "-o", path)
    stafet = story.region.stafet
    asked = json.loads(coordinator.stafet("timeline", story.transition, "--format", "json"))
    told = json.loads(stafet("timeline", "--evidence", path, "--format", "json"))
    for part in ("lanes", "responsibility", "windows", "events", "deadlines"):
        assert told[part] == asked[part], part
    assert "<svg" in stafet("timeline", "--evidence", path, "--format", "svg")

    # What was changed on the way is shown for what it is.
    spoilt = bytearray(path.read_bytes())
    spoilt[len(spoilt) // 2] ^= 1
    path.write_bytes(spoilt)
    stafet("timeline", "--evidence", path, code=INTEGRITY)


def test_the_friday_of_silence(story):
    """One region for all of it: what differs is who asks, and for which format."""
    friday_of_silence(story)
    every_format_tells_the_same(story)
    the_picture_can_be_read_by_anybody(story)
    audit_events_name_the_patient_only_at_a_party_and_only_when_asked(story)
    a_file_tells_the_same_without_a_daemon(story)


def test_mistakes_are_said(story):
    story.region.stafet("timeline", code=USAGE)
    story.stafet = story.kommune.stafet
    story.stafet("timeline", "0" * 32, code=NOT_FOUND)
    story.stafet("timeline", "0" * 32, "--format", "pdf", code=USAGE)
    story.stafet("timeline", "0" * 32, "--patient", code=USAGE)
    story.stafet("timeline", "0" * 32, "-o", "picture", code=USAGE)
