"""The layout of an STF1 envelope and of its cover, and what every holder of one can check."""

from dataclasses import dataclass

from . import chunks, schema
from .hashes import check_signature, label, leaf, named, root_from_path

MAGIC, SUITE = b"STF1", 1
FLAG_PSK, FLAG_ATTACHMENTS = 1, 2
SLOT_SIZE = 100
CIPHERTEXT_LEAST, CIPHERTEXT_MOST = 4112, 1048576
SALTED_BODY_MOST = 1032191
DEPTH_MOST, COUNT_MOST = 12, 4096


class BadFraming(ValueError):
    """Not an envelope: found before the signature, dropped without an answer."""


class BadLayout(ValueError):
    """Signed and yet wrong: answered fatal-error."""


@dataclass(frozen=True)
class Slot:
    key_id: bytes
    enc: bytes
    sequence: int
    wrap: bytes

    def bytes(self):
        return self.key_id + self.enc + self.sequence.to_bytes(4, "big") + self.wrap


class Reader:
    def __init__(self, content):
        self.content, self.place = content, 0

    def take(self, size):
        if size > len(self.content) - self.place:
            raise BadFraming("ends too early")
        self.place += size
        return self.content[self.place - size:self.place]

    def number(self, size, least, most, what):
        value = int.from_bytes(self.take(size), "big")
        if not least <= value <= most:
            raise BadFraming(f"{what} is {value}")
        return value


class Signed:
    """What envelope and cover share: head = bytes through header, tail = bytes from depth to end."""

    def _read_head(self, reader):
        if reader.take(4) != MAGIC:
            raise BadFraming("another magic")
        reader.number(1, SUITE, SUITE, "suite")
        self.flags = reader.number(1, 0, FLAG_PSK | FLAG_ATTACHMENTS, "flags")
        size = reader.number(2, 17, 4096, "header length")
        self.author_key_id = reader.take(16)
        self.header_bytes = reader.take(size - 16)
        self.head = reader.content[:reader.place]

    def _read_tail(self, reader):
        start = reader.place
        depth = reader.number(1, 0, DEPTH_MOST, "depth")
        self.index = reader.number(2, 0, COUNT_MOST - 1, "leaf index")
        self.count = reader.number(2, 1, COUNT_MOST, "leaf count")
        if depth == 0 and (self.index, self.count) != (0, 1):
            raise BadFraming("signed alone and yet one of many")
        if depth > 0 and (self.count < 2 or self.index >= self.count):
            raise BadFraming("no such leaf")
        self.path = [reader.take(32) for _ in range(depth)]
        self.signature = reader.take(64)
        self.tail = reader.content[start:reader.place]
        if reader.place != len(reader.content):
            raise BadFraming("trailing bytes")

    def _name(self):
        self.h0 = named("header", self.head)
        self.tbs = named("tbs", self.h0, self.sealed)
        self.digest = named("digest", self.tbs, self.tail)

    def root(self):
        if not self.path:
            return self.tbs
        return root_from_path(leaf(self.tbs), self.index, self.count, self.path)

    def check_signature(self, author_public_key):
        check_signature(author_public_key, batch_text(self.count, self.root()), self.signature)

    def read_header(self):
        """Header and Message, or BadLayout. Only after the signature."""
        try:
            header = schema.read_strictly(schema.envelope.Header, self.header_bytes)
            message = schema.read_strictly(schema.envelope.Message, header.message)
            kind = schema.FACTS.get(message.kind)
            if kind is not None:
                schema.read_strictly(kind, message.fact)
        except schema.Malformed as error:
            raise BadLayout(str(error)) from error
        check_ids(header, message)
        return header, message


def batch_text(count, root):
    return label("batch") + count.to_bytes(2, "big") + root


def check_ids(header, message):
    recipients = list(message.recipients)
    for what, value, sizes in (
            ("message id", message.message_id, (16,)),
            ("transition id", message.transition_id, (0, 16)),
            ("author", message.author, (16,)),
            ("in reply to", message.in_reply_to, (0, 16)),
            ("supersedes", message.supersedes, (0, 16)),
            ("body commitment", message.body_commitment, (0, 32)),
            ("seen head", message.seen_head, (0, 32)),
            ("envelope id", header.envelope_id, (16,)),
            ("log root", header.log_root, (0, 32)),
            ("directory head", header.directory_head, (0, 32)),
            *(("recipient", party, (16,)) for party in recipients)):
        if len(value) not in sizes:
            raise BadLayout(f"{what} has {len(value)} bytes")
    if message.format != 1:
        raise BadLayout(f"format {message.format}")
    check_attachments(message)
    if len(recipients) > 32 or len(set(recipients)) < len(recipients):
        raise BadLayout("recipients are too many or not distinct")
    if message.author in recipients:
        raise BadLayout("the author is a recipient")


def check_attachments(message):
    if len(message.attachments) > 8 or (message.attachments and not message.body_commitment):
        raise BadLayout("too many attachments, or some without a body")
    for attachment in message.attachments:
        if len(attachment.digest) != 32 or not chunks.count(attachment.size):
            raise BadLayout("an attachment that cannot be")


class Envelope(Signed):
    """Raises BadFraming. Everything else is checked after the signature."""

    def __init__(self, content):
        reader = Reader(content)
        self._read_head(reader)
        start = reader.place
        count = reader.number(1, 0, 32, "slot count")
        self.slots = []
        for _ in range(count):
            slot = Reader(reader.take(SLOT_SIZE))
            self.slots.append(Slot(slot.take(16), slot.take(32),
                                   int.from_bytes(slot.take(4), "big"), slot.take(48)))
        self.commit = reader.take(32)
        self.nonce = reader.take(24)
        size = reader.number(4, 0, CIPHERTEXT_MOST, "ciphertext length")
        self.before_ciphertext = content[start:reader.place]
        self.ciphertext = reader.take(size)
        self.sealed = named("sealed", content[start:reader.place])
        self._read_tail(reader)
        self._name()
        self.content = content

    def cover(self):
        return self.head + self.sealed + self.tail

    def check_layout(self, message):
        """The rules of section 7.6 that are answered, without those of the header."""
        if bool(self.flags & FLAG_ATTACHMENTS) != bool(message.attachments):
            raise BadLayout("bit 1 and the header do not say the same of attachments")
        ids = [slot.key_id for slot in self.slots]
        if len(set(ids)) < len(ids):
            raise BadLayout("a key id stands twice")
        if any(slot.sequence >= 65536 for slot in self.slots):
            raise BadLayout("a context number is too large")
        if self.slots:
            if len(self.ciphertext) < CIPHERTEXT_LEAST:
                raise BadLayout("the ciphertext is too short")
            if len(self.slots) != len(message.recipients):
                raise BadLayout("not one slot for each recipient")
        elif (self.flags or self.ciphertext or any(self.nonce) or message.body_commitment
              or self.commit != blank_commit()):
            raise BadLayout("a fact without a body has something of a body")


class Cover(Signed):
    """Everything but the sealed content."""

    def __init__(self, content):
        reader = Reader(content)
        self._read_head(reader)
        self.sealed = reader.take(32)
        self._read_tail(reader)
        self._name()
        self.content = content


def blank_commit():
    """The layout says: 0 = a fact without a body: commit, nonce zero."""
    return bytes(32)


def content_id(message_bytes):
    return named("content", message_bytes)


def body_commitment(salt, body):
    return named("body", body, key=salt)
