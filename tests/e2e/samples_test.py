"""Every published sample from a hospital to a municipality: what each of the three says of it."""

import hashlib

import pytest
from wait import holds, until

# Files of one letter stand in order (tests/samples/MANIFEST.md); then the stay, and what the hospital
# says of the state.
SCENARIOS = {
    "A": (["STIN_A"], "in-hospital"),
    "E": (["STAA_E", "STIN_E"], "in-hospital"),
    "F": (["STIN_F", "STOR_F"], "on-leave"),
    "H": (["STIN_H", "SLHJ_H"], "home"),
    "K": (["STIN_K", "MORS_K"], "dead"),
    "N": (["STIN_N", "AN_STIN_N"], "annulled"),
    "O": (["STIN_O", "RE_STIN_O"], "in-hospital"),
    "TEK_STIN_A": (["TEK_STIN_A"], "in-hospital"),
    "TEK_ID_LPR3": (["TEK_ID_LPR3"], "in-hospital"),
}
PERSON = ["2509479989", "Elmer"]


def contents(samples, name):
    """The sample in JSON and, where there is one, in XML."""
    found = [(samples / "medcom-hospitalnotification" / f"HospitalNotification_Ex_{name}.json",
              "application/fhir+json")]
    xml = samples / "stafet-hospitalnotification-xml" / f"{name}.xml"
    if xml.exists():
        found.append((xml, "application/fhir+xml"))
    return [(path.read_bytes(), kind) for path, kind in found]


@pytest.fixture
def kommune(region):
    return region.node("Herlev Kommune", "municipality")


def sent_through(hospital, kommune, content, kind):
    """Sends, waits for ok, and compares what arrived."""
    answer, sent = hospital.local.send(content, kind)
    assert answer == "stored", [issue.text for issue in sent.issues]
    until(lambda: hospital.local.settled(sent.message), 15, "ok of the municipality")
    arrived = kommune.local.ask("message", message=sent.message)
    assert hashlib.sha256(arrived.content).digest() == hashlib.sha256(content).digest()
    assert arrived.row.content_type == kind
    assert arrived.cpr == PERSON[0]
    answer = hospital.local.ask("acknowledgement", message=sent.message)
    assert answer.ack == 1
    assert b"ok" in answer.content and len(answer.content) > 500
    return sent


@pytest.mark.parametrize("syntax", [0, 1], ids=["json", "xml"])
def test_samples_lead_to_the_stay_that_they_tell(region, kommune, samples, syntax):
    """Some samples share an id although they are different letters: each has a hospital of its own."""
    for name, (files, stay) in SCENARIOS.items():
        if syntax and any(len(contents(samples, file)) == 1 for file in files):
            continue
        hospital = region.node(f"Hospital {name}", "hospital")
        region.wait_directory()
        transitions = {sent_through(hospital, kommune, *contents(samples, file)[syntax]).transition
                       for file in files}
        assert len(transitions) == 1, f"{name}: one stay, one transition"
        transition = transitions.pop()
        screens = [party.json("transition", "show", transition.hex())
                   for party in (hospital, kommune, region.coordinator)]
        for screen in screens:
            assert screen["stay"] == stay, name
            assert screen["hospital_name"] == hospital.name
            assert screen["municipality_name"] == kommune.name
            assert screen["head"] == screens[0]["head"]
            assert all(event["outcome"] == "applied" for event in screen["events"]), name
        hospital.stop()
    from canary import assert_absent
    assert_absent(region.coordinator.folder, PERSON)


def test_sample_loaded_twice_has_one_effect_and_one_answer(region, kommune, samples):
    hospital = region.node("Hospital", "hospital")
    region.wait_directory()
    content, kind = contents(samples, "TEK_DUB")[0]
    first = sent_through(hospital, kommune, content, kind)
    known = hospital.local.ask("acknowledgement", message=first.message).content
    sequence = hospital.local.transition(first.transition).row.sequence
    for again, again_kind in contents(samples, "TEK_DUB"):
        answer, second = hospital.local.send(again, again_kind)
        assert answer == "duplicate"
        assert second.message == first.message
        assert second.acknowledgement == known
    holds(lambda: [row.message for row in kommune.local.inbox()].count(first.message) == 1
          and hospital.local.transition(first.transition).row.sequence == sequence,
          0.5, "nothing was sent for the second and the third")
    answer, other = hospital.local.send(contents(samples, "STIN_A")[0][0].replace(
        b'"IMP"', b'"EMER"', 1))
    assert answer == "fatal", "the same letter id with another content"


def test_sample_without_class_is_fatal_and_never_shown(region, kommune, samples):
    hospital = region.node("Hospital", "hospital")
    region.wait_directory()
    for content, kind in contents(samples, "TEK_FCC"):
        answer, sent = hospital.local.send(content, kind)
        assert answer == "fatal"
        assert any(issue.fatal and "class" in issue.expression for issue in sent.issues)
        assert b"fatal-error" in sent.acknowledgement
        assert PERSON[0].encode() not in sent.acknowledgement
    assert hospital.local.outbox() == []
    assert kommune.local.inbox() == []


@pytest.mark.parametrize("content, what", [
    (b"", "empty"), (b"{", "cut short"), (b"{}", "no bundle"), (b"\xff\xfe{}", "no UTF-8"),
    (b"[" * 5000, "deep"), (b'{"a":1,"a":2}', "a key twice"),
    (b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "an entity")], ids=lambda value: str(value)[:12])
def test_document_that_is_no_notification_is_fatal_and_says_where(region, content, what):
    hospital = region.node("Hospital", "hospital")
    kind = "application/fhir+xml" if content.startswith(b"<") else "application/fhir+json"
    answer, sent = hospital.local.send(content, kind)
    assert answer == "fatal", what
    assert sent.issues and sent.issues[0].text
    assert hospital.local.outbox() == []
