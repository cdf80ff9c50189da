"""A party that speaks the protocol: keys, enrolment, link, directory, letters, timelines."""

import os
import time
from dataclasses import dataclass

import zmq
from zmq.utils import z85

from . import directory, facts, hpke, receipts, schema, seal
from .envelope import Cover, Envelope, body_commitment, content_id
from .hashes import Unverified, identity_key_id, public_of, sealing_key_id
from .link import Link

DAY_MS = 86400 * 1000


def now_ms():
    return int(time.time() * 1000)


def read_public(path, first_line):
    """The words of registrar.pub or coordinator.pub."""
    lines = path.read_text().splitlines()
    assert lines[0] == first_line, lines[0]
    return {word: bytes.fromhex(value) for word, value in (line.split() for line in lines[1:])}


@dataclass
class Said:
    """One message of ours and one sealing of it."""

    message: object
    message_bytes: bytes
    header: object
    letter: seal.Letter
    envelope: bytes = b""

    @property
    def id(self):
        return self.message.message_id

    def parsed(self):
        return Envelope(self.envelope)


@dataclass
class Heard:
    """One delivered item, verified."""

    position: int
    signed: object                       # Envelope or Cover
    header: object
    message: object
    receipt: object
    author: bytes

    def fact(self):
        return facts.read(self.message.kind, self.message.fact)


class Peer:
    """Not for several threads."""

    def __init__(self, name, role, sor="", gln=""):
        self.name, self.role, self.sor, self.gln = name, role, sor, gln
        self.party = os.urandom(16)
        self.identity_seed = os.urandom(32)
        self.identity = public_of(self.identity_seed)
        self.key_id = identity_key_id(self.identity)
        self.sealing_secret = os.urandom(32)
        self.sealing = hpke.public_of(self.sealing_secret)
        transport_public, transport_secret = zmq.curve_keypair()
        self.transport = z85.decode(transport_public)
        self.transport_secret = z85.decode(transport_secret)
        self.sequence = 0
        self.chains, self.link = {}, None

    def request(self):
        """The bytes of request.sfr."""
        keys = ((directory.IDENTITY, self.identity, 365), (directory.SEALING, self.sealing, 90),
                (directory.TRANSPORT, self.transport, 90))
        return directory.enrolment_request(self.party, self.name, self.role, self.sor, self.gln,
                                           keys, self.identity_seed)

    def trust(self, registrar_pub, coordinator_pub):
        """Paths of the two files that are handed over at enrolment."""
        registrar = read_public(registrar_pub, "stafet-registrar 1")["key"]
        self.directory = directory.Directory([registrar])
        self.coordinator = read_public(coordinator_pub, "stafet-coordinator 1")
        return self

    def dial(self, endpoint):
        self.link = Link(endpoint, self.coordinator["transport"], self.transport,
                         self.transport_secret)
        return self.link.connected()

    def close(self):
        if self.link is not None:
            self.link.close()
            self.link = None

    def hello(self, credit=256):
        """Hello both ways, then the directory up to what the coordinator has."""
        self.link.send(hello=schema.frame.Hello(
            version=1, software="independent", now_ms=now_ms(),
            directory_version=self.directory.version, directory_head=self.directory.head))
        answer = self.link.receive("hello")
        assert answer.version == 1
        assert answer.coordinator == self.coordinator["party"]
        self.sequence = max(self.sequence, answer.author_sequence)
        self.follow_directory(answer.directory_version)
        self.link.send(credit=schema.frame.Credit(items=credit))
        return answer

    def follow_directory(self, version):
        while self.directory.version < version:
            self.link.send(query=schema.frame.Query(directory_from=self.directory.version + 1))
            self.directory.take(self.link.receive("directory"))

    # --- speaking

    def write(self, transition, kind, fact, recipients=(), body=None, **fields):
        """A message of ours, not sealed yet. body: the fields of a Body beyond the names."""
        if kind != schema.ACKNOWLEDGEMENT and "author_sequence" not in fields:
            self.sequence += 1
            fields["author_sequence"] = self.sequence
        message = schema.envelope.Message(
            format=1, message_id=fields.pop("message_id", os.urandom(16)),
            transition_id=transition, author=fields.pop("author", self.party),
            recipients=recipients, kind=kind, fact=fact.SerializeToString(),
            occurred_ms=fields.pop("occurred_ms", now_ms()), created_ms=now_ms(), **fields)
        letter = seal.Letter(b"", [])
        if body is not None:
            inner = schema.envelope.Body(
                **{"author": message.author, "recipients": recipients, "transition_id": transition,
                   "message_id": message.message_id, **body})
            letter.body, letter.salt = inner.SerializeToString(), os.urandom(32)
            letter.recipient_keys = [self.directory.sealing_key(party, now_ms())
                                     for party in recipients]
            message.body_commitment = body_commitment(letter.salt, letter.body)
        return Said(message, message.SerializeToString(), None, letter)

    def seal(self, *said, batch=None, **header_fields):
        """Seals each in a new envelope, all under one signature."""
        batch = batch or seal.Batch(self.identity_seed, self.key_id)
        for one in said:
            fields = {"message": one.message_bytes, "envelope_id": os.urandom(16),
                      "sent_ms": now_ms(), "expires_ms": now_ms() + 14 * DAY_MS,
                      "directory_version": self.directory.version,
                      "directory_head": self.directory.head, **header_fields}
            if one.message.kind == schema.ACKNOWLEDGEMENT:
                fields["expires_ms"] = 0
            one.header = schema.envelope.Header(**fields)
            one.letter.header = one.header.SerializeToString()
            one.letter.content_key, one.letter.nonce = os.urandom(32), os.urandom(24)
            batch.add(one.letter)
        for one, envelope in zip(said, batch.finish()):
            one.envelope = envelope
        return said

    def submit(self, *envelopes):
        self.link.send(submit=schema.frame.Submit(envelopes=envelopes))

    def receipts(self, *said, seconds=10):
        """The verified receipts of what was submitted, in its order."""
        wanted = {one.parsed().digest: one for one in said}
        found = {}
        while len(found) < len(wanted):
            frame = self.link.receive("stored", "error", "retry_later", seconds=seconds)
            assert isinstance(frame, schema.frame.Stored), f"{frame}"
            for signed in frame.receipts:
                receipt = receipts.verify(signed, self.coordinator["identity"])
                found[receipt.digest] = receipt
        assert set(found) == set(wanted)
        for digest, receipt in found.items():
            assert receipt.message_id in (wanted[digest].id, b"")
        return [found[one.parsed().digest] for one in said]

    def say(self, *said, **header_fields):
        """Seals, submits and follows the receipts on their timelines."""
        self.seal(*said, **header_fields)
        self.submit(*(one.envelope for one in said))
        got = self.receipts(*said)
        for one, receipt in zip(said, got):
            self.follow(one.message.transition_id, receipt)
        return got

    # --- hearing

    def follow(self, transition, receipt):
        self.chains.setdefault(transition, receipts.Chain(transition)).follow(receipt)

    def verify(self, item):
        """The receive order up to the slots: signature, author, receipt, names."""
        signed = Envelope(item.envelope) if item.envelope else Cover(item.cover)
        receipt = receipts.verify(item.receipt, self.coordinator["identity"])
        sent_ms = schema.read(schema.envelope.Header, signed.header_bytes).sent_ms
        author, public = self.author(signed.author_key_id, sent_ms)
        signed.check_signature(public)
        header, message = signed.read_header()
        if message.author != author:
            raise Unverified("a forged author")
        derived = schema.EXPIRED <= message.kind <= schema.LINKED
        if derived != (author == self.coordinator["party"]):
            raise Unverified("what is derived, and nothing else, is under the coordinator identity")
        if derived != (receipt.kind_class == receipts.CLASS_DERIVED):
            raise Unverified("of another class than its kind")
        if receipt.digest != signed.digest or receipt.message_id != message.message_id:
            raise Unverified("the receipt is of something else")
        if item.envelope:
            signed.check_layout(message)
            owners = [self.directory.owner_of_sealing(slot.key_id) for slot in signed.slots]
            if signed.slots and owners != list(message.recipients):
                raise Unverified("the slots are not the recipients'")
        return Heard(item.position, signed, header, message, receipt, author)

    def author(self, key_id, sent_ms):
        """(party, public key): a party's of the directory, or the coordinator identity."""
        if key_id == identity_key_id(self.coordinator["identity"]):
            return self.coordinator["party"], self.coordinator["identity"]
        return self.directory.author(key_id, sent_ms)

    def signed_by(self, agreement, seconds=10):
        """{party: kind of what it said last} of the agreement, each statement verified."""
        said = {}

        def is_of_it(frame):
            for heard in map(self.verify, frame.statements):
                if heard.message.transition_id or heard.receipt.transition_sequence:
                    raise Unverified("a statement in a transition")
                if heard.fact().agreement == agreement:
                    said[heard.author] = heard.message.kind
            return bool(said)

        self.link.receive("agreements", where=is_of_it, seconds=seconds)
        return said

    def hear(self, where=lambda heard: True, seconds=10):
        """Delivered items, verified, followed and taken, until one of them is where()."""
        while True:
            frame = self.link.receive("deliver", seconds=seconds)
            heard = [self.verify(item) for item in frame.items]
            self.link.send(taken=schema.frame.Taken(positions=[one.position for one in heard]))
            for one in heard:
                self.follow(one.message.transition_id, one.receipt)
            for one in heard:
                if where(one):
                    return one

    def open(self, heard):
        """(salt, Body) of an envelope that has a slot of ours."""
        salt, _, body = seal.open_letter(heard.signed, heard.message, self.sealing_secret)
        return salt, body

    def acknowledgement(self, heard, ack, code=0, body=None):
        """Our answer to one message, to its author alone."""
        fact = schema.fact.Acknowledgement(
            message_id=heard.message.message_id, content_id=content_id(heard.header.message),
            body_commitment=heard.message.body_commitment, ack=ack, code=code)
        return self.write(heard.message.transition_id, schema.ACKNOWLEDGEMENT, fact,
                          [heard.author], body, in_reply_to=heard.message.message_id)

    def own_slot(self, envelope):
        return next((slot for slot in envelope.slots
                     if slot.key_id == sealing_key_id(self.sealing)), None)
