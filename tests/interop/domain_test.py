"""The independent client plans, signs agreements, hears what is derived, and compares views."""

import os
import time

from letters import Stay
from speaking import Letter, id_of, parties, stay
from wait import until

from stafet_client import directory, hashes, receipts, schema
from stafet_client.envelope import Cover
from stafet_client.schema import agreement, fact

HOUR_MS = 3600 * 1000
ACCEPTS_LATER = 2
AUTHOR_ROLE, HEADER = 2, 14


def now_ms():
    return int(time.time() * 1000)


def plan_to_answer():
    """An agreement of one clause: who is told of readiness answers it at once."""
    return agreement.Agreement(
        name="sydby", version=1, time_zone="Europe/Copenhagen",
        calendar=agreement.Calendar(name="denmark"),
        pathways=[agreement.Pathway(pathway=1, expectations=[agreement.Expectation(
            clause=agreement.Clause(name="answer", citation="1-1"),
            arises_on=agreement.Trigger(kind=schema.READY),
            owner=directory.MUNICIPALITY, met_by=agreement.Trigger(kind=schema.PLAN_ANSWER),
            due=agreement.Deadline(parts=[agreement.DeadlinePart(rule=1)]), rungs=[1, 2])])])


def meet(region, peers):
    """(municipality, hospital): the hospital is the independent client."""
    kommune = region.node("Nordby Kommune", "municipality")
    peer = peers("Sydby Sygehus", directory.HOSPITAL)
    region.wait_directory()
    return kommune, peer


def open_transition(kommune, peer, templates, digest=b""):
    municipality, transition = id_of(kommune), os.urandom(16)
    letters = Stay(templates, peer, kommune)
    for receipt in peer.say(
            parties(peer, municipality, digest, transition=transition),
            stay(peer, municipality, transition, 2, Letter(letters, letters.admit()))):
        assert (receipt.outcome, receipt.code) == (receipts.APPLIED, 0)
    while peer.chains[transition].sequence < 3:
        peer.hear()                       # the acknowledgement
    return transition


def test_hospital_plans_and_the_municipality_answers(region, peers, templates):
    kommune, peer = meet(region, peers)
    transition = open_transition(kommune, peer, templates)
    municipality = [id_of(kommune)]
    start = now_ms()
    plan = peer.write(transition, schema.PLAN, fact.Plan(version=1, ready=fact.Interval(
        from_ms=start, until_ms=start + 24 * HOUR_MS, confidence=2)), municipality)
    ready = peer.write(transition, schema.READY, fact.Ready(ready_ms=start, duties_done=True),
                       municipality)
    for receipt in peer.say(plan, ready):
        assert (receipt.outcome, receipt.code) == (receipts.APPLIED, 0)
    until(lambda: kommune.local.transition(transition).course.ready_ms == start, 10, "ready")
    course = kommune.local.transition(transition).course
    assert (course.plan, course.plan_version, course.ready_confidence) == (plan.id, 1, 2)
    assert course.ready_until_ms == start + 24 * HOUR_MS

    said = fact.PlanAnswer(code=ACCEPTS_LATER, ready_from_ms=start + 30 * HOUR_MS)
    answer = kommune.local.ask("say", transition=transition, kind=schema.PLAN_ANSWER,
                               fact=said.SerializeToString())
    heard = peer.hear(lambda heard: heard.message.kind == schema.PLAN_ANSWER)
    assert heard.message.message_id == answer.message
    assert heard.author == municipality[0]
    assert heard.fact() == said
    assert heard.receipt.outcome == receipts.APPLIED
    assert peer.chains[transition].sequence == heard.receipt.transition_sequence


def test_facts_that_no_reader_may_take_change_nothing(region, peers, templates):
    kommune, peer = meet(region, peers)
    transition = open_transition(kommune, peer, templates)
    for kind, wrong in ((schema.PLAN, fact.Plan(version=1, ready=fact.Interval(from_ms=2,
                                                                               until_ms=1))),
                        (schema.LETTER, fact.Letter(code=99)),
                        (schema.READY, fact.Ready())):
        receipt = peer.say(peer.write(transition, kind, wrong, [id_of(kommune)]))[0]
        assert (receipt.outcome, receipt.code) == (receipts.REFUSED, HEADER)
    assert kommune.local.transition(transition).course.plan_version == 0


def test_nobody_but_the_coordinator_says_what_is_derived(region, peers, templates):
    kommune, peer = meet(region, peers)
    transition = open_transition(kommune, peer, templates)
    before = kommune.local.transition(transition).row.state
    forged = peer.write(transition, schema.CLOSED, fact.Derived(due_ms=now_ms()))
    receipt = peer.say(forged)[0]
    assert (receipt.outcome, receipt.code) == (receipts.REFUSED, AUTHOR_ROLE)
    assert receipt.kind_class == receipts.CLASS_FACT
    assert region.coordinator.local.transition(transition).row.state == before


def test_agreement_is_proposed_signed_and_its_missed_deadline_is_heard(region, peers, templates):
    kommune, peer = meet(region, peers)
    municipality, text = id_of(kommune), plan_to_answer().SerializeToString()
    digest = hashes.record_digest("agreement", text)
    peer.link.send(agreements=schema.frame.Agreements(agreements=[text]))
    proposal = peer.write(b"", schema.AGREEMENT_PROPOSE, fact.AgreementFact(agreement=digest))
    receipt = peer.say(proposal)[0]
    assert (receipt.outcome, receipt.code) == (receipts.APPLIED, 0)
    assert receipt.transition_sequence == 0
    assert peer.signed_by(digest) == {peer.party: schema.AGREEMENT_PROPOSE}

    until(lambda: any(row.digest == digest for row in kommune.local.ask("agreements").rows), 10,
          "the proposal")
    shown = kommune.local.ask("agreement", reference=digest.hex()[:12])
    assert shown.signed_form == text
    kommune.local.ask("sign_agreement", reference=digest.hex()[:12])
    until(lambda: peer.signed_by(digest).get(municipality) == schema.AGREEMENT_ACCEPT, 10,
          "both have signed")

    transition = open_transition(kommune, peer, templates, digest)
    ready = peer.write(transition, schema.READY, fact.Ready(ready_ms=now_ms()), [municipality])
    assert peer.say(ready)[0].outcome == receipts.APPLIED
    heard = peer.hear(lambda heard: heard.message.kind == schema.EXPIRED)
    missed = heard.fact()
    assert isinstance(heard.signed, Cover)
    assert heard.author == peer.coordinator["party"]
    assert (missed.subject, missed.clause) == (ready.id, 1)
    assert missed.due_ms <= heard.receipt.recorded_ms
    owed = until(lambda: [row for row in kommune.local.transition(transition).obligations
                          if row.clause == 1 and row.expired_ms], 10, "it is told too")[0]
    assert (owed.name, owed.citation) == ("answer", "1-1")
    assert (owed.due_ms, owed.expired_ms) == (missed.due_ms, heard.receipt.recorded_ms)


def test_views_are_compared_row_by_row(region, peers, templates):
    kommune, peer = meet(region, peers)
    ids = sorted(open_transition(kommune, peer, templates) for _ in range(2))
    wrong = [schema.frame.ReconcileRow(transition=one, sequence=peer.chains[one].sequence,
                                       summary=bytes([7]) * 32) for one in ids]
    mine = hashes.named("reconcile", *(
        row.transition + row.sequence.to_bytes(8, "big") + row.summary for row in wrong))
    peer.link.send(reconcile=schema.frame.Reconcile(digest=mine, count=len(wrong)))
    asked = peer.link.receive("reconcile")
    assert asked.want_rows and asked.count == len(ids)
    peer.link.send(reconcile=schema.frame.Reconcile(digest=mine, count=len(wrong), rows=wrong))
    theirs = peer.link.receive("reconcile")
    assert [row.transition for row in theirs.rows] == ids
    right = hashes.named("reconcile", *(
        row.transition + row.sequence.to_bytes(8, "big") + row.summary for row in theirs.rows))
    assert right == asked.digest == theirs.digest
    peer.link.send(reconcile=schema.frame.Reconcile(digest=right, count=len(ids)))
    agreed = peer.link.receive("reconcile")
    assert (agreed.want_rows, agreed.digest, len(agreed.rows)) == (False, right, 0)
