"""The forms that C code wrote into tests/golden/forms.json, made again from values of our own."""

import json

import pytest

from stafet_client import chunks, facts, schema
from stafet_client.schema import agreement, epoch, fact, frame

ROLES = {"hospital": 1, "municipality": 2, "gp": 3, "other-municipality": 5, "care-home": 6,
         "out-of-hours": 7}
STAY, LETTER, ASSESSMENT, ACCEPT, OBLIGATION, READY = 4, 18, 3, 11, 19, 7


def at(hours):
    """2026-03-02 08:00 UTC, and hours from it."""
    return 1772438400000 + hours * 3600000


def some(number):
    return bytes([number]) * 16


def digest(number):
    return bytes([number]) * 32


def ours():
    """name: (kind, fact), as the forms are described in the protocol's words."""
    who = ROLES
    return {
        "parties": (1, fact.Parties(
            version=2, pathway=1, agreement=digest(0xA1), active=0b11111, person=some(0xA2),
            bindings=[fact.Binding(role=who["hospital"], state=1, party=some(1)),
                      fact.Binding(role=who["gp"], state=2),
                      fact.Binding(role=who["care-home"], state=3)])),
        "stay": (4, fact.Stay(activity=2, mode=2, stay_class=2, event_ms=at(0),
                              report_requested=True)),
        "acknowledgement": (28, fact.Acknowledgement(
            message_id=some(3), content_id=digest(4), body_commitment=digest(5), ack=3, code=12)),
        "offer": (10, fact.Offer(domains=0b110, to=who["municipality"])),
        "accept": (11, fact.Accept(domains=0b10, by_person=True)),
        "refuse": (12, fact.Refuse(refer_to_role=who["other-municipality"],
                                   refer_to_party=some(6), not_ours=True)),
        "withdraw": (13, fact.Withdraw(domains=0b100)),
        "intent": (2, fact.Intent(expected_ms=at(48))),
        "assessment": (3, fact.Assessment(code=3)),
        "plan": (5, fact.Plan(version=3, ready=fact.Interval(
            from_ms=at(24), until_ms=at(30), confidence=2),
            discharge=fact.Interval(from_ms=at(48), until_ms=at(48)))),
        "plan-of-nothing": (5, fact.Plan(version=1)),
        "plan-answer": (6, fact.PlanAnswer(
            code=3, ready_from_ms=at(72), reason=9, refer_to_role=who["other-municipality"],
            refer_to_party=some(7))),
        "ready": (7, fact.Ready(ready_ms=at(26), duties_done=True)),
        "ready-withdrawn": (8, fact.ReadyWithdrawn()),
        "agree": (9, fact.Agree(discharge_ms=at(50))),
        "arrived": (17, fact.Arrived(arrived_ms=at(52))),
        "letter": (18, fact.Letter(code=5, mark=2)),
        "obligation": (19, fact.Obligation(
            action=1, subject=some(8), clause=101, duty=10, due_ms=at(60), owner=who["gp"],
            refer_to_role=who["hospital"], refer_to_party=some(9), hold_until_ms=at(61),
            treatment=who["hospital"], payer=who["municipality"])),
        "obligation-seen": (19, fact.Obligation(action=12, subject=some(8), clause=2)),
        "question": (20, fact.Question(to=who["hospital"], answer_by_ms=at(53))),
        "answer": (21, fact.Answer(by_person=True)),
        "window": (22, fact.Window(action=1, until_ms=at(120))),
        "dispute": (23, fact.Dispute(code=3)),
        "resolve": (24, fact.Resolve()),
        "fallback": (25, fact.Fallback(**{"with": who["out-of-hours"], "at_ms": at(54)})),
        "close": (26, fact.Close(code=9)),
        "reopen": (27, fact.Reopen()),
        "agreement-propose": (14, fact.AgreementFact(agreement=digest(0xA1))),
        "agreement-accept": (15, fact.AgreementFact(agreement=digest(0xA1), on_behalf=[some(10)])),
        "agreement-end": (16, fact.AgreementFact(agreement=digest(0xA1),
                                                 on_behalf=[some(10), some(11)])),
        "expired": (64, fact.Derived(subject=some(12), clause=2, due_ms=at(60))),
        "escalated": (65, fact.Derived(subject=some(12), clause=2, due_ms=at(62), level=1)),
        "window-ended": (66, fact.Derived(subject=some(13), clause=101, due_ms=at(120))),
        "passed": (67, fact.Derived(subject=some(13), clause=301, due_ms=at(120), domains=1,
                                    to=some(14))),
        "silent": (68, fact.Derived(due_ms=at(900))),
        "closed": (69, fact.Derived(due_ms=at(901))),
        "linked": (70, fact.Derived(subject=some(15), link=2, other=some(16), carried=[
            fact.Carried(subject=some(17), duty=1, owner=who["municipality"], due_ms=at(70)),
            fact.Carried(subject=some(18), duty=15, owner=who["gp"])])),
        "access": (96, fact.Statement(subject=some(19), reader=some(20), role=2, purpose=4,
                                      request=7)),
        "access-of-a-list": (96, fact.Statement(reader=some(21), role=5, purpose=1, request=6)),
        "erased": (97, fact.Statement(subject=some(19), ground=4, until_sequence=12,
                                      head=digest(22))),
        "alarm": (98, fact.Statement(code=4, size=1000000)),
    }


def clause(*words):
    return agreement.Clause(**dict(zip(("name", "citation", "source"), words)))


def deadline(*parts):
    names = ("rule", "amount", "minute", "if_before")
    return agreement.Deadline(parts=[agreement.DeadlinePart(**dict(zip(names, part)))
                                     for part in parts])


def trigger(kind, detail=0, state=0):
    return agreement.Trigger(kind=kind, detail=detail, state=state)


def condition(code, negated=False, than_ms=0):
    return agreement.Condition(code=code, negated=negated, than_ms=than_ms)


def expectations():
    return [
        agreement.Expectation(
            clause=clause("care-plan", "2-4", "https://example.org/aftale"),
            arises_on=trigger(STAY, 2),
            conditions=[condition(2, than_ms=86400000), condition(3), condition(1, True),
                        condition(5)],
            owner=ROLES["hospital"], met_by=trigger(LETTER, 2),
            due=deadline((8, 0, 720), (5, 1, 1439, 721), (7, 0, 0, 1)),
            rungs=[1, 2, 3, 4], escalate_ms=7200000),
        agreement.Expectation(
            clause=clause("rehabilitation-start", "§140"), arises_on=trigger(READY),
            conditions=[condition(4), condition(6, True), condition(7)],
            owner=ROLES["municipality"], met_by=trigger(OBLIGATION, 8, 4),
            due=deadline((3, 5), (4, 4), (6, 1, 720, 901)))]


def somatic():
    return agreement.Pathway(
        pathway=1, expectations=expectations(),
        windows=[agreement.WindowClause(
            clause=clause("extended-responsibility", "72h-2023"), domain=0b100,
            starts_on=trigger(STAY, 5), conditions=[condition(2, True, 86400000)],
            length=deadline((1, 4320)), holder=ROLES["hospital"], then=ROLES["gp"])],
        handovers=[
            agreement.Handover(on=trigger(STAY, 5), conditions=[condition(3)], offers=0b110,
                               to=ROLES["municipality"], silence=1),
            agreement.Handover(clause=clause("rehabilitation"), on=trigger(LETTER, 6),
                               offers=0b1000, to=ROLES["municipality"], silence=2,
                               after=deadline((2, 7)))],
        receiver=agreement.ReceiverClause(clause=clause("receiver", "2-9"), role=ROLES["gp"]),
        silence=agreement.SilenceClause(clause=clause("", "6-1"), after=deadline((2, 30))),
        payment=agreement.Payment(
            clause=clause("", "§ 238", "source missing"), region_day_rate=1976,
            state_day_rate=1977, state_day_rate_from_day_3=3952, currency="DKK", prices="2016"))


def our_agreement():
    return agreement.Agreement(
        name="golden", version=4, valid_from_day=20454, time_zone="Europe/Copenhagen",
        calendar=agreement.Calendar(
            name="denmark", suspended=[agreement.Period(from_day=20811, to_day=20820)],
            reading_from_minute=480, reading_to_minute=900, reading_daily=True),
        cut_off=1,
        pathways=[somatic(), agreement.Pathway(pathway=2, expectations=[agreement.Expectation(
            clause=clause("discharge-agreement", "psykiatriloven § 13 a"),
            arises_on=trigger(ASSESSMENT, 1), owner=ROLES["hospital"], met_by=trigger(ACCEPT, 2),
            rungs=[1])])])


def our_frames():
    receipt = frame.SignedReceipt(receipt=b"a receipt", index=1, count=2,
                                  path=b"\x08" + bytes(31), signature=b"\x07" + bytes(63))
    return {
        "agreements": frame.Frame(agreements=frame.Agreements(
            agreements=[b"an agreement"],
            statements=[frame.Item(cover=b"a cover", receipt=receipt)])),
        "reconcile-asks": frame.Frame(reconcile=frame.Reconcile(
            digest=digest(0xB3), count=2, want_rows=True)),
        "reconcile-rows": frame.Frame(reconcile=frame.Reconcile(
            digest=digest(0xB3), count=2, rows=[
                frame.ReconcileRow(transition=some(2), sequence=25, summary=digest(0xB1)),
                frame.ReconcileRow(transition=some(3), sequence=1, summary=digest(0xB2))])),
        "hello-after-lost-tails": frame.Frame(hello=frame.Hello(
            version=1, software="golden", origin="golden.example/log/region/3", epoch=3,
            coordinator=some(4), now_ms=at(0), epochs=[b"the second epoch", b"the third"])),
        "chunk": frame.Frame(chunk=frame.Chunk(
            author=some(1), message_id=some(20), number=1, index=3, chunk=b"a sealed chunk")),
        "chunks": frame.Frame(chunks=frame.Chunks(
            author=some(1), message_id=some(20), number=1, have=3, code=1)),
    }


def our_epoch():
    return epoch.Epoch(
        old_origin="golden.example/log/region/2", old_note=b"a note\n", common_size=300,
        origin="golden.example/log/region/3", log_key=digest(0xC1), directory_version=7,
        directory_head=digest(0xC2), made_ms=at(0))


@pytest.fixture(scope="module")
def forms(golden):
    return json.loads((golden.folder / "forms.json").read_text())


def test_facts_are_the_same_bytes_and_read_as_what_they_are(forms):
    mine = ours()
    assert [one["name"] for one in forms["facts"]] == list(mine)
    for one in forms["facts"]:
        kind, expected = mine[one["name"]]
        content = bytes.fromhex(one["fact"])
        assert one["kind"] == kind
        assert expected.SerializeToString() == content, one["name"]
        assert facts.read(kind, content) == expected


def test_every_kind_of_the_protocol_has_a_form_and_rules(forms):
    assert {one["kind"] for one in forms["facts"]} == set(schema.FACTS) == set(facts.RULES)
    assert facts.numbers("Message.kind") == set(schema.FACTS)
    for kind, rules in facts.RULES.items():
        assert set(rules) == {field.name for field in schema.FACTS[kind].DESCRIPTOR.fields}


def test_wrong_facts_are_refused_here_too(forms):
    assert len(forms["wrong_facts"]) > 15
    for one in forms["wrong_facts"]:
        with pytest.raises(schema.Malformed):
            facts.read(one["kind"], bytes.fromhex(one["fact"]))


def test_agreement_is_the_same_bytes(forms):
    content = bytes.fromhex(forms["agreement"])
    assert our_agreement().SerializeToString() == content
    assert schema.read_strictly(agreement.Agreement, content) == our_agreement()
    with pytest.raises(schema.Malformed):
        schema.read_strictly(agreement.Agreement, content + b"\x40\x01")


def test_epoch_is_the_same_bytes(forms):
    content = bytes.fromhex(forms["epoch"])
    assert our_epoch().SerializeToString() == content
    assert schema.read_strictly(epoch.Epoch, content) == our_epoch()
    with pytest.raises(schema.Malformed):
        schema.read_strictly(epoch.Epoch, content + b"\x48\x01")


def test_frames_are_the_same_bytes(forms):
    mine = our_frames()
    assert [one["name"] for one in forms["frames"]] == list(mine)
    for one in forms["frames"]:
        content = bytes.fromhex(one["frame"])
        assert mine[one["name"]].SerializeToString() == content, one["name"]
        assert schema.read(frame.Frame, content) == mine[one["name"]]


def test_messages_without_a_transition_and_of_the_coordinator(forms):
    mine = ours()
    shared = {"format": 1, "message_id": some(20), "author": some(1), "author_sequence": 3,
              "occurred_ms": at(0), "created_ms": at(0)}
    expected = {
        "agreement-propose": schema.envelope.Message(
            kind=14, fact=mine["agreement-propose"][1].SerializeToString(), **shared),
        "closed": schema.envelope.Message(
            kind=69, transition_id=some(2), fact=fact.Derived(due_ms=1).SerializeToString(),
            **shared),
        "letter": schema.envelope.Message(
            kind=LETTER, transition_id=some(2), recipients=[some(4)],
            fact=fact.Letter(code=9).SerializeToString(),
            body_commitment=digest(0xB4), attachments=[schema.envelope.Attachment(
                digest=digest(0xB5), size=chunks.sealed_size(5000))], **shared)}
    assert [one["name"] for one in forms["messages"]] == list(expected)
    for one in forms["messages"]:
        assert expected[one["name"]].SerializeToString() == bytes.fromhex(one["message"])


def test_every_field_that_the_coordinator_reads_is_listed():
    """proto/README.md names each with its purpose and retention."""
    text = (schema.PROTO / "README.md").read_text()
    listed = text[text.index("## What the coordinator can read"):text.index("## Derived facts")]
    named = {word.strip("`.,()") for line in listed.splitlines() if line.startswith("|")
             for word in line.split("|")[1].split()}
    for kind in {schema.envelope.Message, schema.envelope.Header, *schema.FACTS.values()}:
        name = kind.DESCRIPTOR.name
        if f"{name}.*" in named:
            continue
        assert any(word.startswith(f"{name}.") for word in named) or not kind.DESCRIPTOR.fields
        for field in kind.DESCRIPTOR.fields:
            if (name, field.name) != ("Header", "message"):
                assert field.name in {word.split(".")[-1] for word in named}, f"{name}.{field.name}"
