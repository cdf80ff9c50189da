"""An enrolled party that turns against the others, and strangers: each is answered as WIRE.md says."""

import os
import random

import pytest
import zmq
from letters import Stay
from region import seed
from speaking import OK, FATAL_ERROR, TRANSIENT_ERROR, Letter, answer_to, id_of, parties, stay
from wait import until
from zmq.utils import z85

from stafet_client import directory, hpke, receipts, schema, seal
from stafet_client.envelope import Slot
from stafet_client.hashes import identity_key_id, public_of
from stafet_client.link import Link, Silence
from stafet_client.peer import now_ms

NOT_AN_ENVELOPE, KEY_UNKNOWN, BAD_SIGNATURE, FORGED_AUTHOR, UNREADABLE, NO_HELLO = range(1, 7)
HEADER, CONTENT_CONFLICT, ENVELOPE_ID_REUSED, EQUIVOCATION = 14, 15, 16, 107
QUOTA, FUTURE = 1, 2


class Scene:
    """An independent hospital with a municipality's node and a transition between them."""

    def __init__(self, region, peers, templates):
        self.region = region
        self.kommune = region.node("Nordby Kommune", "municipality")
        self.peer = peers("Sydby Sygehus", directory.HOSPITAL)
        region.wait_directory()
        self.municipality = id_of(self.kommune)
        self.transition = os.urandom(16)
        self.plan = Stay(templates, self.peer, self.kommune)
        self.opening = parties(self.peer, self.municipality, transition=self.transition)
        self.peer.say(self.opening)

    def letter(self, **fields):
        fields.setdefault("transition", self.transition)
        transition = fields.pop("transition")
        return stay(self.peer, self.municipality, transition, 2,
                    Letter(self.plan, self.plan.admit()), **fields)

    def log_size(self):
        return self.region.coordinator.local.ask("status").log_size

    def error_to(self, envelope):
        """The code of the error that answers a bad submit."""
        self.peer.submit(envelope)
        return self.peer.link.receive("error").code

    def still_serves(self):
        """After whatever happened an honest letter is delivered and answered."""
        said = self.letter()
        assert self.peer.say(said)[0].outcome == receipts.APPLIED
        assert self.peer.hear(answer_to(said)).fact().ack == OK


@pytest.fixture
def scene(region, peers, templates):
    return Scene(region, peers, templates)


def endpoint(region):
    return f"tcp://127.0.0.1:{region.port}"


# --- the link

def test_unknown_transport_key_is_not_let_in(region, peers):
    peer = peers("Sydby Kommune", directory.MUNICIPALITY, connect=False)
    public, secret = zmq.curve_keypair()
    stranger = Link(endpoint(region), peer.coordinator["transport"], z85.decode(public),
                    z85.decode(secret))
    assert not stranger.connected(3)
    stranger.close()
    assert peer.dial(endpoint(region)), "the enrolled key is let in"
    assert region.coordinator.local.ask("directory", party="Sydby Kommune").rows


def test_server_with_another_key_is_not_believed(region, peers):
    peer = peers("Sydby Kommune", directory.MUNICIPALITY, connect=False)
    peer.coordinator["transport"] = hpke.public_of(os.urandom(32))
    assert not peer.dial(endpoint(region))


def test_frames_before_hello_and_frames_that_are_none_are_answered_with_a_code(region, peers):
    peer = peers("Sydby Kommune", directory.MUNICIPALITY, connect=False)
    assert peer.dial(endpoint(region))
    peer.submit(b"anything")
    assert peer.link.receive("error").code == NO_HELLO
    peer.hello()
    peer.link.send_bytes(b"\xff\xff\xff\xff")
    assert peer.link.receive("error").code == UNREADABLE
    peer.submit(b"anything")
    assert peer.link.receive("error").code == NOT_AN_ENVELOPE


def test_frame_that_is_too_large_ends_the_link_and_nothing_else(scene):
    peer = scene.peer
    peer.link.send_bytes(bytes(4 * 1024 * 1024))
    with pytest.raises(Silence):
        peer.link.send(ping=schema.frame.Ping(number=1))
        peer.link.receive("error", "ping", seconds=2)
        raise Silence("ended without an answer")
    peer.close()
    assert peer.dial(endpoint(scene.region))
    peer.hello()
    scene.still_serves()


# --- before the signature holds

def test_submit_with_flipped_bits_is_an_error_and_leaves_no_trace(scene):
    chance = random.Random(seed())
    said = scene.letter()
    scene.peer.seal(said)
    good, size = said.envelope, scene.log_size()
    places = {0, 4, 5, 6, 8, len(good) - 1, len(good) - 64, len(good) - 67, len(good) - 69}
    places |= {chance.randrange(len(good)) for _ in range(40)}
    for place in sorted(places):
        bad = bytearray(good)
        bad[place] ^= 1 << chance.randrange(8)
        assert scene.error_to(bytes(bad)) in (NOT_AN_ENVELOPE, KEY_UNKNOWN, BAD_SIGNATURE), place
    for bad in (good[:-1], good + b"\0", good[:100], b""):
        assert scene.error_to(bad) == NOT_AN_ENVELOPE
    assert scene.log_size() == size
    scene.peer.submit(good)
    receipt = scene.peer.receipts(said)[0]
    assert receipt.outcome == receipts.APPLIED
    scene.peer.follow(scene.transition, receipt)
    assert scene.peer.hear(answer_to(said)).fact().ack == OK


def test_author_key_that_nobody_registered_is_an_error(scene):
    said = scene.letter()
    stranger = os.urandom(32)
    batch = seal.Batch(stranger, identity_key_id(public_of(stranger)))
    scene.peer.seal(said, batch=batch)
    assert scene.error_to(said.envelope) == KEY_UNKNOWN


def test_message_in_the_name_of_another_party_is_a_forged_author(scene, peers):
    forged = scene.letter(author=os.urandom(16))
    scene.peer.seal(forged)
    assert scene.error_to(forged.envelope) == FORGED_AUTHOR
    in_the_name_of = scene.peer.write(
        scene.transition, schema.ACCEPT, schema.fact.Accept(domains=2),
        author=scene.municipality, author_sequence=1)
    scene.peer.seal(in_the_name_of)
    assert scene.error_to(in_the_name_of.envelope) == FORGED_AUTHOR

    # A genuine envelope of one party, handed in over the link of another.
    genuine = scene.letter()
    scene.peer.seal(genuine)
    other = peers("Sydby Kommune", directory.MUNICIPALITY)
    other.submit(genuine.envelope)
    assert other.link.receive("error").code == FORGED_AUTHOR
    scene.still_serves()


# --- signed, and yet

def test_same_bytes_again_get_the_same_receipt(scene):
    said = scene.letter()
    size = scene.log_size()
    first = scene.peer.say(said)[0]
    until(lambda: scene.log_size() >= size + 2, 10, "letter and acknowledgement are recorded")
    size = scene.log_size()
    for _ in range(3):
        scene.peer.submit(said.envelope)
        again = scene.peer.receipts(said)[0]
        assert again.SerializeToString() == first.SerializeToString()
    assert scene.log_size() == size
    rows = [row for row in scene.kommune.local.inbox() if row.message == said.id]
    assert len(rows) == 1


def test_same_message_in_a_new_envelope_is_a_resend_without_effect(scene):
    said = scene.letter()
    first = scene.peer.say(said)[0]
    again = scene.peer.say(said)[0]
    assert again.kind_class == receipts.CLASS_RESEND
    assert (again.outcome, again.code) == (first.outcome, first.code)
    assert again.transition_sequence > first.transition_sequence
    until(lambda: [row.message for row in scene.kommune.local.inbox()].count(said.id) == 1,
          10, "one effect")


def test_two_messages_on_one_sequence_are_an_equivocation(scene):
    first = scene.letter()
    assert scene.peer.say(first)[0].outcome == receipts.APPLIED
    second = scene.letter(author_sequence=first.message.author_sequence)
    receipt = scene.peer.say(second)[0]
    assert (receipt.outcome, receipt.code) == (receipts.DEVIATION, EQUIVOCATION)
    assert scene.peer.hear(answer_to(second)).fact().ack == OK, "a letter is delivered all the same"


def test_message_id_with_another_content_is_refused(scene):
    first = scene.letter()
    scene.peer.say(first)
    second = scene.letter(message_id=first.id)
    receipt = scene.peer.say(second)[0]
    assert (receipt.outcome, receipt.code) == (receipts.REFUSED, CONTENT_CONFLICT)
    shown = scene.kommune.local.ask("message", message=first.id)
    body = schema.envelope.Body.FromString(first.letter.body)
    assert shown.content == body.content


def test_envelope_id_with_other_bytes_is_refused(scene):
    first, second = scene.letter(), scene.letter()
    scene.peer.say(first)
    receipt = scene.peer.say(second, envelope_id=first.header.envelope_id)[0]
    assert (receipt.outcome, receipt.code) == (receipts.REFUSED, ENVELOPE_ID_REUSED)


@pytest.mark.parametrize("change", [
    lambda header: header + b"\xf8\x07\x01", lambda header: header + b"\x18\x05",
    lambda header: header.replace(b"\x08\x01\x12\x10", b"\x08\x02\x12\x10", 1),
    lambda header: header[:-2]], ids=["unknown field", "field twice", "format 2", "cut short"])
def test_header_that_cannot_be_read_is_recorded_as_refused(scene, change):
    said = scene.letter()
    scene.peer.seal(said)
    said.letter.header = change(said.letter.header)
    batch = seal.Batch(scene.peer.identity_seed, scene.peer.key_id)
    batch.add(said.letter)
    said.envelope = batch.finish()[0]
    size = scene.log_size()
    scene.peer.submit(said.envelope)
    receipt = scene.peer.receipts(said)[0]
    assert (receipt.outcome, receipt.code) == (receipts.REFUSED, HEADER)
    assert (receipt.message_id, receipt.transition_sequence) == (b"", 0)
    assert not any(receipt.previous_head)
    assert scene.log_size() == size + 1
    scene.still_serves()


def test_unknown_field_of_the_fact_is_refused_and_an_unknown_kind_recorded(scene):
    said = scene.letter()
    said.message.fact += b"\xf8\x07\x01"
    said.message_bytes = said.message.SerializeToString()
    scene.peer.seal(said)
    scene.peer.submit(said.envelope)
    assert scene.peer.receipts(said)[0].outcome == receipts.REFUSED

    later = scene.peer.write(scene.transition, 99, schema.fact.Offer(domains=1),
                             [scene.municipality], {"content_type": "text/plain", "content": b"x"})
    receipt = scene.peer.say(later)[0]
    assert (receipt.outcome, receipt.code) == (receipts.DEVIATION, 104)
    until(lambda: any(row.kind == 99 for row in scene.kommune.local.inbox()), 10,
          "it is shown to a person")


def test_envelope_sent_in_the_future_waits_and_is_not_dropped(scene):
    said = scene.letter()
    scene.peer.seal(said, sent_ms=now_ms() + 6 * 60 * 1000)
    scene.peer.submit(said.envelope)
    later = scene.peer.link.receive("retry_later")
    assert later.code == FUTURE
    assert list(later.envelope_ids) == [said.header.envelope_id]
    assert later.after_ms > 0
    assert scene.peer.say(said)[0].outcome == receipts.APPLIED


def test_stranger_to_a_transition_moves_nothing(scene, peers):
    stranger = peers("Sydby Kommune", directory.MUNICIPALITY)
    before = scene.kommune.local.holders(scene.transition)
    claim = stranger.write(scene.transition, schema.ACCEPT, schema.fact.Accept(domains=0b110),
                           in_reply_to=scene.opening.id)
    stranger.seal(claim)
    stranger.submit(claim.envelope)
    receipt = stranger.receipts(claim)[0]
    assert (receipt.outcome, receipt.code) == (receipts.REFUSED, 1)
    assert scene.kommune.local.holders(scene.transition) == before
    assert scene.region.coordinator.local.holders(scene.transition) == before


# --- sealed wrongly

class WrongWrap(seal.Batch):
    def slot(self, public, key_id, h1, content_key):
        good = super().slot(public, key_id, h1, content_key)
        return Slot(good.key_id, good.enc, good.sequence, bytes(48))


class WrongSequence(seal.Batch):
    def slot(self, public, key_id, h1, content_key):
        good = super().slot(public, key_id, h1, content_key)
        return Slot(good.key_id, good.enc, 65536, good.wrap)


class OtherContentKey(seal.Batch):
    def slot(self, public, key_id, h1, content_key):
        return super().slot(public, key_id, h1, os.urandom(32))


class WrongCipher(seal.Batch):
    def encrypt(self, padded, aad, nonce, key):
        return super().encrypt(padded, b"other", nonce, key)


class WrongPadding(seal.Batch):
    def pad(self, salted):
        return super().pad(salted) + bytes(256)


class ShortCiphertext(seal.Batch):
    def pad(self, salted):
        return salted[:100]


class LowOrderPoint(seal.Batch):
    def slot(self, public, key_id, h1, content_key):
        good = super().slot(public, key_id, h1, content_key)
        return Slot(good.key_id, bytes(32), good.sequence, good.wrap)


class AttachmentsFlag(seal.Batch):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.more_flags = 2


LAYOUT, WRAP, COMMIT, AEAD, PADDING, COMMITMENT, BODY_NAMES = 4, 6, 7, 8, 9, 10, 11


def test_letters_sealed_wrongly_are_answered_with_the_stage_and_kept_apart(scene):
    wrong = [(WrongWrap, {WRAP}), (LowOrderPoint, {WRAP}), (WrongSequence, {LAYOUT}),
             (OtherContentKey, {COMMIT}), (WrongCipher, {AEAD}), (WrongPadding, {PADDING}),
             (ShortCiphertext, {LAYOUT}), (AttachmentsFlag, {LAYOUT})]
    for kind, codes in wrong:
        said = scene.letter()
        batch = kind(scene.peer.identity_seed, scene.peer.key_id)
        answers(scene, said, batch, codes, kind.__name__)
    said = scene.letter()
    said.letter.salt = os.urandom(32)
    answers(scene, said, None, {COMMITMENT}, "another salt")
    said = scene.peer.write(
        scene.transition, schema.STAY, schema.fact.Stay(activity=2, mode=1, stay_class=2),
        [scene.municipality], {"message_id": os.urandom(16), "content": b"{}"})
    answers(scene, said, None, {BODY_NAMES}, "the body names another message")
    assert len(scene.kommune.local.ask("quarantine").rows) == len(wrong) + 2
    assert [row for row in scene.kommune.local.inbox() if row.ack != FATAL_ERROR] == []
    scene.still_serves()


def answers(scene, said, batch, codes, what):
    scene.peer.seal(said, **({"batch": batch} if batch else {}))
    scene.peer.submit(said.envelope)
    receipt = scene.peer.receipts(said)[0]
    scene.peer.follow(scene.transition, receipt)
    assert receipt.outcome == receipts.APPLIED, f"{what}: code {receipt.code}"
    fact = scene.peer.hear(answer_to(said)).fact()
    assert (fact.ack, fact.code) in {(FATAL_ERROR, code) for code in codes}, what


def test_letter_under_a_psk_that_the_recipient_has_not_is_key_unknown(scene):
    said = scene.letter()
    psk = seal.Psk(os.urandom(32), (scene.peer.party, scene.municipality))
    batch = seal.Batch(scene.peer.identity_seed, scene.peer.key_id,
                       {said.letter.recipient_keys[0]: psk})
    scene.peer.seal(said, batch=batch)
    scene.peer.submit(said.envelope)
    scene.peer.follow(scene.transition, scene.peer.receipts(said)[0])
    fact = scene.peer.hear(answer_to(said)).fact()
    assert (fact.ack, fact.code) == (TRANSIENT_ERROR, 2)
    # The author seals it again without the psk: what was answered transient-error is opened again.
    scene.peer.say(said)
    assert scene.peer.hear(answer_to(said)).fact().ack == OK


def test_slot_of_a_key_that_is_not_the_recipients_is_not_opened(scene):
    said = scene.letter()
    said.letter.recipient_keys = [scene.peer.sealing]
    scene.peer.seal(said)
    scene.peer.submit(said.envelope)
    receipt = scene.peer.receipts(said)[0]
    if receipt.outcome == receipts.REFUSED:
        assert receipt.code == 19
        return
    scene.peer.follow(scene.transition, receipt)
    fact = scene.peer.hear(answer_to(said)).fact()
    assert (fact.ack, fact.code) in {(FATAL_ERROR, 5), (TRANSIENT_ERROR, 2)}
