"""The independent client and the real programs: enrolled, it sends, receives, opens, acknowledges."""

import os

from letters import Stay
from speaking import (
    FATAL_ERROR, JSON, OK, TRANSIENT_ERROR, Letter, answer_to, id_of, parties, stay)
from wait import until

from stafet_client import directory, receipts, schema
from stafet_client.envelope import Cover, content_id

CARE_AND_MEDICATION = 0b110


def test_hospital_sends_a_letter_that_the_municipality_opens_and_acknowledges(
        region, peers, templates):
    kommune = region.node("Nordby Kommune", "municipality")
    peer = peers("Sydby Sygehus", directory.HOSPITAL)
    region.wait_directory()
    municipality, transition = id_of(kommune), os.urandom(16)
    plan = Stay(templates, peer, kommune)
    letter = Letter(plan, plan.admit())
    opening = parties(peer, municipality, transition=transition)
    admitted = stay(peer, municipality, transition, 2, letter)
    for receipt, said in zip(peer.say(opening, admitted), (opening, admitted)):
        assert (receipt.outcome, receipt.code) == (receipts.APPLIED, 0)
        assert receipt.kind_class == receipts.CLASS_FACT
        assert receipt.message_id == said.id

    heard = peer.hear(answer_to(admitted))
    fact = heard.fact()
    assert fact.ack == OK
    assert fact.content_id == content_id(admitted.message_bytes)
    assert fact.body_commitment == admitted.message.body_commitment
    assert heard.author == municipality
    assert heard.receipt.kind_class == receipts.CLASS_ACKNOWLEDGEMENT
    assert heard.message.author_sequence == 0

    shown = kommune.local.ask("message", message=admitted.id)
    assert shown.content == letter.content
    assert shown.cpr == letter.cpr
    screen = kommune.local.transition(transition)
    assert peer.chains[transition].head == screen.head
    assert peer.chains[transition].sequence == screen.row.sequence


def test_municipality_accepts_what_the_independent_hospital_discharges(region, peers, templates):
    kommune = region.node("Nordby Kommune", "municipality")
    peer = peers("Sydby Sygehus", directory.HOSPITAL)
    region.wait_directory()
    municipality, transition = id_of(kommune), os.urandom(16)
    plan = Stay(templates, peer, kommune)
    admitted = stay(peer, municipality, transition, 2, Letter(plan, plan.admit()))
    home = stay(peer, municipality, transition, 5, Letter(plan, plan.discharge()),
                in_reply_to=admitted.id)
    peer.say(parties(peer, municipality, transition=transition), admitted, home)
    offer = peer.write(transition, schema.OFFER, schema.fact.Offer(
        domains=CARE_AND_MEDICATION, to=directory.MUNICIPALITY), [municipality])
    assert peer.say(offer)[0].outcome == receipts.APPLIED
    until(lambda: kommune.local.transition(transition).row.open_offer_count == 1, 10, "the offer")
    kommune.local.ask("accept", id=offer.id, by_person=True)
    heard = peer.hear(lambda heard: heard.message.kind == schema.ACCEPT)
    assert heard.author == municipality
    assert heard.message.in_reply_to == offer.id
    assert (heard.fact().domains, heard.fact().by_person) == (CARE_AND_MEDICATION, True)
    assert heard.receipt.outcome == receipts.APPLIED
    for party in (kommune, region.coordinator):
        until(lambda party=party: party.local.holders(transition)["care"] == "Nordby Kommune",
              10, f"{party.name} sees the holder")
        assert party.local.holders(transition)["medical"] == "Sydby Sygehus"


def test_municipality_receives_opens_and_acknowledges_a_letter_of_the_hospital(
        region, peers, templates):
    hospital = region.node("Nordby Sygehus", "hospital")
    peer = peers("Sydby Kommune", directory.MUNICIPALITY)
    region.wait_directory()
    plan = Stay(templates, hospital, peer)
    content = plan.admit()
    answer, sent = hospital.local.send(content)
    assert answer == "stored"
    heard = peer.hear(lambda heard: heard.message.message_id == sent.message)
    assert heard.author == id_of(hospital)
    assert heard.message.transition_id == sent.transition
    assert heard.fact().activity == 2
    salt, body = peer.open(heard)
    assert len(salt) == 32
    assert body.content == content
    assert body.content_type == JSON
    assert body.patient.cpr == plan.cpr
    assert plan.cpr.encode() not in heard.signed.content
    assert not hospital.local.settled(sent.message)

    ok = peer.acknowledgement(heard, OK)
    receipt = peer.say(ok)[0]
    assert receipt.outcome == receipts.APPLIED
    assert receipt.kind_class == receipts.CLASS_ACKNOWLEDGEMENT
    until(lambda: hospital.local.settled(sent.message), 10, "the hospital has the ok")
    screen = hospital.local.transition(sent.transition)
    assert peer.chains[sent.transition].head == screen.head
    got = hospital.local.ask("acknowledgement", message=sent.message)
    assert got.ack == OK and b'"code":"ok"' in got.content

    answer, home = hospital.local.send(plan.discharge())
    heard = peer.hear(lambda heard: heard.message.message_id == home.message)
    peer.say(peer.acknowledgement(heard, FATAL_ERROR, 12, {"errors": [
        schema.envelope.ErrorText(code="MSG_NO_MATCH", expression="Patient", text="not read here")]}))
    until(lambda: hospital.local.settled(home.message, "fatal-error"), 10, "the fatal error")
    got = hospital.local.ask("acknowledgement", message=home.message)
    assert got.ack == FATAL_ERROR and b"MSG_NO_MATCH" in got.content


def test_municipality_that_says_transient_error_gets_another_sending(region, peers, templates):
    region.acknowledge = "2s"
    hospital = region.node("Nordby Sygehus", "hospital")
    peer = peers("Sydby Kommune", directory.MUNICIPALITY)
    region.wait_directory()
    _, sent = hospital.local.send(Stay(templates, hospital, peer).admit())
    is_it = lambda heard: heard.message.message_id == sent.message  # noqa: E731
    first = peer.hear(is_it)
    peer.say(peer.acknowledgement(first, TRANSIENT_ERROR, 16))
    second = peer.hear(is_it, seconds=20)
    assert second.header.message == first.header.message
    assert second.header.envelope_id != first.header.envelope_id
    assert second.signed.content != first.signed.content
    assert second.receipt.kind_class == receipts.CLASS_RESEND
    assert peer.open(second) == peer.open(first)
    peer.say(peer.acknowledgement(second, OK))
    until(lambda: hospital.local.settled(sent.message), 10, "ok wins over transient-error")


def test_deliveries_that_are_not_taken_come_again_with_the_same_bytes(region, peers, templates):
    hospital = region.node("Nordby Sygehus", "hospital")
    peer = peers("Sydby Kommune", directory.MUNICIPALITY)
    region.wait_directory()
    _, sent = hospital.local.send(Stay(templates, hospital, peer).admit())

    def item_of(frame):
        return [item.envelope for item in frame.items
                if item.envelope and peer.verify(item).message.message_id == sent.message]

    first = peer.link.receive("deliver", where=item_of)
    peer.close()
    assert peer.dial(f"tcp://127.0.0.1:{region.port}")
    peer.hello()
    again = peer.link.receive("deliver", where=item_of)
    assert item_of(again) == item_of(first)
    peer.link.send(taken=schema.frame.Taken(positions=[item.position for item in again.items]))
    heard = next(peer.verify(item) for item in again.items if item.envelope in item_of(first))
    ok = peer.acknowledgement(heard, OK)
    peer.seal(ok)
    peer.submit(ok.envelope)
    peer.receipts(ok)
    until(lambda: hospital.local.settled(sent.message), 10, "ok")
    peer.close()
    assert peer.dial(f"tcp://127.0.0.1:{region.port}")
    peer.hello()
    assert peer.link.quiet("deliver", seconds=1), "what was taken came again"


def test_practice_follows_what_others_say_by_covers_alone(region, peers, templates):
    """A party of the transition that is no recipient proves everything and reads nothing."""
    hospital = region.node("Nordby Sygehus", "hospital")
    kommune = region.node("Nordby Kommune", "municipality")
    practice = peers("Laegerne Sydby", directory.GP)
    region.wait_directory()
    plan = Stay(templates, hospital, kommune)
    _, first = hospital.local.send(plan.admit(), gp="Laegerne Sydby")
    until(lambda: hospital.local.delivery(first.message)["Nordby Kommune"].state == 5, 10, "ok")
    _, home = hospital.local.send(plan.discharge())
    accepted = until(lambda: any(row.message == home.message for row in kommune.local.inbox()) and
                     kommune.local.ask("accept", id=home.message, by_person=True), 10, "accepted")
    kinds = {}

    def is_acceptance(heard):
        kinds.setdefault(heard.signed.__class__.__name__, []).append(heard.message.kind)
        return heard.message.message_id == accepted.message

    heard = practice.hear(is_acceptance)
    assert isinstance(heard.signed, Cover)
    assert heard.author == id_of(kommune)
    assert heard.fact().domains == CARE_AND_MEDICATION
    assert schema.ACKNOWLEDGEMENT in kinds["Cover"]
    chain = practice.chains[first.transition]
    screen = region.coordinator.local.transition(first.transition)
    assert chain.sequence >= heard.receipt.transition_sequence
    if chain.sequence == screen.row.sequence:
        assert chain.head == screen.head
