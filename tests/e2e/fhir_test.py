"""MedCom's rules over HTTP, on real nodes, with MedCom's own samples: what is stored, what is the same
again, what is answered and by whom, and what is never answered."""

import base64
import json
import re
from urllib.parse import quote

import pytest
from fhir import (JSON, XML, Acknowledgement, bearer, one, open_fhir, outcome, read)
from hook_test import receiver, status, verified  # noqa: F401  (receiver is a fixture)
from wait import until

HOSPITAL, KOMMUNE = "Herlev Hospital", "Herlev Kommune"
NOTIFICATIONS = "medcom-hospitalnotification/HospitalNotification_Ex_{}.json"


class Pair:
    """The hospital and the municipality of MedCom's samples, whose systems speak FHIR alone."""

    def __init__(self, region, samples):
        self.samples = samples
        self.hospital = open_fhir(region, HOSPITAL, "hospital")
        self.kommune = open_fhir(region, KOMMUNE, "municipality")
        region.wait_directory()
        self.epj = bearer(self.hospital, "epj", "system-in", "system-out", "clinician")
        self.eoj = bearer(self.kommune, "eoj", "system-in", "system-out", "clinician")

    def sample(self, name, kind=JSON):
        path = NOTIFICATIONS.format(name) if kind == JSON else \
            f"stafet-hospitalnotification-xml/{name}.xml"
        return (self.samples / path).read_bytes()

    def stored(self, content, kind=JSON, by=None):
        answer = (by or self.epj).post(content, kind)
        assert answer.status == 202, answer.body
        assert re.fullmatch("/fhir/Bundle/[0-9a-f]{32}", answer.headers["location"])
        assert outcome(answer)[0][:2] == ("information", "informational")
        return answer.headers["location"]

    def acknowledged(self, location, by=None, accept=JSON):
        def there():
            answer = (by or self.epj).get(f"{location}/$acknowledgement", accept)
            assert answer.status in (200, 202), answer.body
            if answer.status == 202:
                assert int(answer.headers["retry-after"]) > 0
                return None
            return answer
        return until(there, 20, "the recipient has answered")

    def unhandled(self):
        return list(self.kommune.local.ask("inbox", only_unhandled=True).rows)


@pytest.fixture
def pair(region, samples):
    return Pair(region, samples)


def verdict(header_id, code, *issues):
    """What a municipality's system says of a letter of the hospital's."""
    organization = "Organization/{}"
    resources = [
        {"resourceType": "MessageHeader", "id": f"verdict-{code}",
         "eventCoding": {"system": "s", "code": "acknowledgement-message"},
         "destination": [{"extension": [{
             "url": "http://medcomfhir.dk/ig/messaging/StructureDefinition/"
                    "medcom-messaging-destinationUseExtension",
             "valueCoding": {"system": "s", "code": "primary"}}],
             "endpoint": "https://x", "receiver": {"reference": organization.format("h")}}],
         "sender": {"reference": organization.format("k")},
         "source": {"endpoint": "https://x"},
         "response": {"identifier": header_id, "code": code,
                      **({"details": {"reference": "OperationOutcome/o"}} if issues else {})}},
        {"resourceType": "Provenance", "id": "p",
         "target": [{"reference": f"MessageHeader/verdict-{code}"}],
         "occurredDateTime": "2026-11-22T10:00:00Z", "recorded": "2026-11-22T10:00:00Z",
         "activity": {"coding": [{"system": "s", "code": "acknowledgement"}]},
         "agent": [{"who": {"reference": organization.format("k")}}],
         "entity": [{"role": "revision", "what": {"reference": f"MessageHeader/{header_id}"}}]}]
    for name, sor, gln in (("k", "953741000016009", "5790001348120"),
                           ("h", "265161000016000", "5790000209354")):
        resources.append({"resourceType": "Organization", "id": name, "identifier": [
            {"system": "https://www.gs1.org/gln", "value": gln},
            {"system": "urn:oid:1.2.208.176.1.1", "value": sor}]})
    if issues:
        resources.append({"resourceType": "OperationOutcome", "id": "o", "issue": [
            {"severity": "error", "code": "structure",
             "details": {"coding": [{"system": "s", "code": issue}]}} for issue in issues]})
    return json.dumps({
        "resourceType": "Bundle", "id": "envelope", "type": "message",
        "timestamp": "2026-11-22T10:00:00Z",
        "entry": [{"fullUrl": f"https://x/{each['resourceType']}/{each['id']}", "resource": each}
                  for each in resources]}).encode()


def header_of(content):
    return json.loads(content)["entry"][0]["resource"]["id"]


def test_message_is_stored_delivered_and_acknowledged_by_its_recipient(pair):
    letter = pair.sample("STIN_H")
    location = pair.stored(letter)
    answer = pair.acknowledged(location)
    said = Acknowledgement(answer)
    assert (said.code, said.of) == ("ok", header_of(letter))
    # The municipality reads the very bytes, and its own system takes the letter over.
    arrived = pair.eoj.get(location)
    assert (arrived.status, arrived.type, arrived.body) == (200, JSON, letter)
    assert pair.epj.get(location).body == letter
    assert pair.epj.get(location, XML).status == 406
    assert len(pair.unhandled()) == 1
    assert pair.eoj.post(verdict(header_of(letter), "ok")).status == 202
    assert pair.unhandled() == []


def test_duplicate_in_the_other_syntax_has_the_same_answer(pair):
    location = pair.stored(pair.sample("STIN_H"))
    first = Acknowledgement(pair.acknowledged(location))
    for kind in (JSON, XML, JSON, XML):
        again = pair.epj.post(pair.sample("STIN_H", kind), kind)
        assert (again.status, again.headers["location"]) == (200, location)
        assert again.type == kind
        said = Acknowledgement(again)
        assert (said.id, said.header, said.at) == (first.id, first.header, first.at)
        assert (said.code, said.of) == ("ok", first.of)
    assert len(pair.unhandled()) == 1
    xml = Acknowledgement(pair.acknowledged(location, accept=XML))
    assert (xml.id, xml.at) == (first.id, first.at)


def test_same_id_with_other_content_is_fatal(pair):
    letter = pair.sample("STIN_H")
    pair.stored(letter)
    other = letter.replace(b"d3d03544-f116-4070-a823-d5c64e6a7c46",
                           b"d3d03544-f116-4070-a823-000000000000")
    said = Acknowledgement(pair.epj.post(other))
    assert said.code == "fatal-error" and "MSG_DUPLICATE_ID" in said.issues


@pytest.mark.parametrize("kind", [JSON, XML])
def test_invalid_twice_is_the_same_fatal_error_twice(pair, kind):
    letter = pair.sample("STIN_H", kind).replace(b"in-progress", b"in-between")
    answers = [pair.epj.post(letter, kind) for _ in range(2)]
    said = [Acknowledgement(answer) for answer in answers]
    for answer, each in zip(answers, said):
        assert (answer.status, answer.type) == (422, kind)
        assert each.code == "fatal-error" and "location" not in answer.headers
    assert said[0].of == said[1].of and said[0].issues == said[1].issues
    assert pair.unhandled() == []


def test_what_cannot_be_read_is_an_outcome(pair):
    for kind, content in ((JSON, b"{"), (JSON, b"[]"), (XML, b"<a>"), (XML, b"{}")):
        answer = pair.epj.post(content, kind)
        assert answer.status in (400, 422) and answer.type == kind
        assert outcome(answer)[0][0] == "error"


def test_unknown_content_is_tolerated_and_arrives(pair):
    bundle = json.loads(pair.sample("STIN_H"))
    bundle["entry"][0]["resource"]["extension"].append({"url": "https://x", "valueString": "y"})
    bundle["entry"][1]["resource"]["futureElement"] = {"deep": [1, 2.50]}
    bundle["entry"].append({"fullUrl": "https://x/Basic/b",
                            "resource": {"resourceType": "Basic", "id": "b"}})
    letter = json.dumps(bundle).encode()
    location = pair.stored(letter)
    assert Acknowledgement(pair.acknowledged(location)).code == "ok"
    assert pair.eoj.get(location).body == letter


def test_correction_before_what_it_corrects_is_taken(pair):
    """MedCom's receivers must take messages in any order; both belong to one stay."""
    correction = pair.stored(pair.sample("RE_STIN_O"))
    original = pair.stored(pair.sample("STIN_O"))
    for location in (correction, original):
        assert Acknowledgement(pair.acknowledged(location)).code == "ok"
    assert len(pair.hospital.local.ask("transitions").rows) == 1


def care_communication(pair, header_id, follows):
    """MedCom's CareCommunication, from the municipality to the hospital."""
    text = next((pair.samples / "medcom-carecommunication").glob("*forward*")).read_text()
    for old, new in (("328081000016004", "953741000016009"), ("5790000121786", "5790001348120"),
                     ("330461000016004", "265161000016000"), ("5790001353308", "5790000209354"),
                     ("d2b81c34-ec5d-4c5f-9380-1b5aa507544b", header_id),
                     ("42fa2844-5020-45dd-bd5f-77137ba5ca1f", follows)):
        assert old in text
        text = text.replace(old, new)
    return text.encode()


def test_reply_before_the_letter_that_it_replies_to(pair):
    question, reply = "c0000000-0000-4000-8000-000000000001", "c0000000-0000-4000-8000-000000000002"
    letter = care_communication(pair, reply, question)
    # Nobody is admitted: the sender hears what to do.
    said = Acknowledgement(pair.eoj.post(letter))
    assert said.code == "fatal-error" and said.issues == ["MSG_NO_MATCH"]
    pair.acknowledged(pair.stored(pair.sample("STIN_H")))
    first = pair.stored(letter, by=pair.eoj)
    second = pair.stored(care_communication(pair, question, header_of(pair.sample("STIN_H"))),
                         by=pair.eoj)
    for location in (first, second):
        assert Acknowledgement(pair.acknowledged(location, by=pair.eoj)).code == "ok"
    assert len(pair.hospital.local.ask("inbox").rows) == 2
    assert pair.epj.get(first).body == letter


def test_local_system_fails_and_then_takes_the_letter(pair):
    letter = pair.sample("STIN_H")
    pair.acknowledged(pair.stored(letter))
    transient = verdict(header_of(letter), "transient-error", "MSG_Mailbox_Out_Of_Operation")
    assert pair.eoj.post(transient).status == 202
    assert len(pair.unhandled()) == 1
    fatal = verdict(header_of(letter), "fatal-error", "MSG_VALUESET_VALUE_UNKNOWN")
    assert pair.eoj.post(fatal).status == 202

    def on_board():
        return [row for row in pair.kommune.json("board")["board"] if row["what"] == "not-taken"]
    assert [row["name"] for row in on_board()] == ["MSG_VALUESET_VALUE_UNKNOWN"]
    assert len(pair.unhandled()) == 1
    assert pair.eoj.post(verdict(header_of(letter), "ok")).status == 202
    assert on_board() == [] and pair.unhandled() == []


def test_acknowledgement_is_never_acknowledged(pair):
    """MedCom KR2: whatever is said, right or wrong, once or twice, no Acknowledgement comes back."""
    letter = pair.sample("STIN_H")
    location = pair.stored(letter)
    pair.acknowledged(location)
    before = len(pair.kommune.local.ask("outbox").rows)
    good = verdict(header_of(letter), "ok")
    for content, status in ((good, 202), (good, 202), (verdict("nobody-s", "ok"), 422),
                            (good.replace(b'"code": "ok"', b'"code": "AA"'), 422)):
        answer = pair.eoj.post(content)
        assert answer.status == status, answer.body
        assert outcome(answer)
    assert len(pair.kommune.local.ask("outbox").rows) == before
    assert Acknowledgement(pair.acknowledged(location)).code == "ok"


@pytest.mark.parametrize("kind", [JSON, XML])
def test_every_refusal_is_an_outcome_in_the_asked_syntax(pair, kind):
    nobody = bearer(pair.hospital, f"nobody-{kind[-4:].strip('+')}", "operator")
    letter = pair.sample("STIN_H")
    refusals = [
        (401, nobody.ask("GET", "/fhir/Task", Accept=kind, Authorization="Bearer x")),
        (401, nobody.ask("GET", "/fhir/Task", Accept=kind, Authorization="Basic eDp4")),
        (403, nobody.get("/fhir/Task", kind)),
        (404, pair.epj.get("/fhir/Patient", kind)),
        (404, pair.epj.get("/fhir/Task/x", kind)),
        (404, pair.epj.get(f"/fhir/Bundle/{'0' * 31}1", kind)),
        (405, pair.epj.ask("DELETE", "/fhir/Task", Accept=kind)),
        (400, pair.epj.get("/fhir/Task?patient=1", kind)),
        (415, pair.epj.post(letter, "text/plain", Accept=kind)),
        (415, pair.epj.post(letter, "application/fhir+json; charset=latin1", Accept=kind)),
        (400, pair.epj.post(letter, kind, "?async=true", Accept=kind)),
    ]
    for status, answer in refusals:
        assert (answer.status, answer.type) == (status, kind), (answer.status, answer.body)
        assert outcome(answer)[0][0] == "error"
    assert "allow" in refusals[6][1].headers
    wrong = pair.epj.get("/fhir/Task", "text/html")
    assert wrong.status == 406 and outcome(wrong)
    assert pair.epj.post(letter, JSON, Accept=XML).status == 406


def test_guessing_is_throttled_with_an_outcome(pair):
    assert pair.epj.get("/fhir/Task").status == 200
    guess = bearer(pair.hospital, "guess", "operator")
    guess.token = "stafet_" + "A" * 43

    def throttled():
        answer = guess.get("/fhir/Task", XML)
        assert answer.status in (401, 429)
        return answer if answer.status == 429 else None
    answer = until(throttled, 10, "too many guesses")
    assert outcome(answer)[0][:2] == ("error", "throttled")
    assert int(answer.headers["retry-after"]) > 0
    assert pair.epj.get("/fhir/Task").status == 200, "a token that is known does not wait for its address"


def test_capability_statement_is_whole(pair):
    trees = []
    for kind in (JSON, XML):
        answer = pair.epj.ask("GET", "/fhir/metadata", Accept=kind, Authorization="")
        assert (answer.status, answer.type) == (200, kind)
        tree = read(answer)
        assert tree["resourceType"] == "CapabilityStatement"
        assert one(tree, "status") == "active" and one(tree, "kind") == "instance"
        assert one(tree, "fhirVersion") == "4.0.1" and one(tree, "implementation", "description")
        assert {JSON, XML} <= set(tree["format"])
        assert int(one(tree, "messaging", "reliableCache")) > 0
        modes = [one(each, "mode") for each in one(tree, "messaging")["supportedMessage"]]
        assert modes == ["receiver"] * 3 + ["sender"]
        resources = {one(each, "type"): [one(code, "code") for code in each["interaction"]]
                     for each in one(tree, "rest")["resource"]}
        assert resources == {"AuditEvent": ["read", "search-type"], "Bundle": ["read"],
                             "Task": ["read", "search-type"]}
        trees.append(tree)
    assert trees[0] == trees[1]


STATUSES = set("draft requested received accepted rejected ready cancelled in-progress on-hold "
               "failed completed entered-in-error".split())


def test_tasks_and_audit_events_are_read_in_pages(pair):
    location = pair.stored(pair.sample("STIN_H"))
    pair.acknowledged(location)
    transition = pair.hospital.local.ask("transitions").rows[0].transition.hex()
    for _ in range(3):
        pair.kommune.stafet("ask", transition, "hospital", "--answer-by", "+2d")
    until(lambda: len(pair.hospital.json("transition", "show", transition)["obligations"]) == 3,
          20, "the questions have come")
    for kind in (JSON, XML):
        tasks = pages(pair.epj, "/fhir/Task?status=requested&_count=2", kind)
        assert [len(page) for page in tasks] == [2, 1]
        for task in tasks[0] + tasks[1]:
            assert one(task, "status") in STATUSES and one(task, "intent") == "order"
            assert one(task, "groupIdentifier", "value") == transition
            assert one(task, "owner", "display") == HOSPITAL
            assert one(task, "requester", "display") == KOMMUNE
            assert one(task, "restriction", "period", "end").endswith("Z")
            alone = read(pair.epj.get(f"/fhir/Task/{one(task, 'id')}", kind))
            assert alone == task
        assert pages(pair.epj, "/fhir/Task?owner=953741000016009", kind) == [[]]
        assert pages(pair.epj, "/fhir/Task?status=completed", kind) == [[]]
        search = f"/fhir/AuditEvent?entity:identifier=urn:stafet:v1:transition%7C{transition}"
        events = [event for page in pages(pair.epj, search + "&_count=2", kind) for event in page]
        assert len(events) == len(pair.hospital.json("transition", "show", transition)["events"])
        for event in events:
            assert one(event, "type", "code") and one(event, "recorded")
            assert one(event, "agent", "requestor") == "true"
            assert one(event, "source", "observer") and one(event, "outcome") in "048"
        alone = pair.epj.get(f"/fhir/AuditEvent/{one(events[0], 'id')}", kind)
        assert read(alone) == events[0]
        assert b"2509479989" not in alone.body and b"Elmer" not in alone.body


def pages(client, path, kind):
    found = []
    while path:
        answer = client.get(path, kind)
        assert answer.status == 200, answer.body
        bundle = read(answer)
        assert bundle["resourceType"] == "Bundle" and one(bundle, "type") == "searchset"
        found.append([one(entry, "resource") for entry in bundle.get("entry", [])])
        links = {one(link, "relation"): one(link, "url") for link in bundle["link"]}
        assert links["self"] == path
        path = links.get("next")
    return found


def test_acknowledgement_comes_to_where_the_sender_says_when_that_is_allowed(pair, receiver):  # noqa: F811
    """FHIR R4's async=true: only below what an operator has allowed, signed, once, after trouble."""
    prefix = receiver.url
    query = "?async=true&response-url=" + quote(f"{prefix}/7?of=H", safe="")
    refused = pair.epj.post(pair.sample("STIN_H"), query=query)
    assert refused.status == 422
    assert "allows" in outcome(refused)[0][3]
    made = pair.hospital.json("hook", "add", prefix, "--responses")
    secret = base64.b64decode(made["secret"][len("whsec_"):])
    outside = quote(prefix.replace("/in", "/other"), safe="")
    assert pair.epj.post(pair.sample("STIN_H"),
                         query=f"?async=true&response-url={outside}").status == 422
    receiver.script.put(status(503, Retry_After="1"))
    answer = pair.epj.post(pair.sample("STIN_H"), query=query)
    assert answer.status == 202
    location = answer.headers["location"]
    until(lambda: receiver.taken, 30, "the response")
    headers, body = receiver.taken[0]
    assert [path for _, _, path in receiver.attempts] == ["/in/7?of=H"] * 2
    assert headers["Content-Type"] == JSON
    assert verified(secret, headers, body)
    assert body == pair.acknowledged(location).body
    told = pair.hospital.json("hook", "show", made["name"])["channels"][0]
    assert told["kind"] == "response" and told["url"] == prefix
    until(lambda: pair.hospital.json("hook", "show", made["name"])["channels"][0]["sent"] == 1, 10,
          "counted")
    # In hand already: it is the answer itself, and is not posted again.
    again = pair.epj.post(pair.sample("STIN_H"), query=query)
    assert (again.status, again.body) == (200, body)
    assert len(receiver.taken) == 1


@pytest.mark.parametrize("kind", [JSON, XML])
def test_what_cannot_be_taken_now_is_answered_transient_error(pair, kind):
    """MEDCOM, one outcome in four tongues: 503, and MedCom's transient-error about this very letter."""
    letter = pair.sample("STIN_H" if kind == JSON else "SLHJ_H", kind)
    pair.hospital.stafet("channel", "pause", "http")
    answer = pair.epj.post(letter, kind)
    assert answer.status == 503 and int(answer.headers["retry-after"]) > 0
    told = Acknowledgement(answer)
    assert told.code == "transient-error"
    assert told.issues == ["MSG_Mailbox_Out_Of_Operation"]
    assert told.of.encode() in letter
    # What cannot be acknowledged gets FHIR's own word.
    broken = pair.epj.post(b"{", JSON)
    assert broken.status == 503 and outcome(broken)[0][2] == "MSG_Mailbox_Out_Of_Operation"
    pair.hospital.stafet("channel", "resume", "http")
