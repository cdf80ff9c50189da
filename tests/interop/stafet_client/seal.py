"""Sealing a batch of letters, and opening one as a recipient (section 1)."""

import os
from dataclasses import dataclass, field

from nacl import bindings
from nacl.exceptions import CryptoError

from . import hpke, schema
from .envelope import (
    FLAG_PSK, MAGIC, SALTED_BODY_MOST, SUITE, BadLayout, Slot, batch_text, blank_commit,
    body_commitment)
from .hashes import label, leaf, named, sealing_key_id, sign, tree
from .padding import BadPadding, pad, unpad


class Failed(ValueError):
    """Opening stopped; stage is the word of the fatal-error's code, or key-unknown."""

    def __init__(self, stage, why=""):
        super().__init__(f"{stage}: {why}")
        self.stage = stage


@dataclass
class Letter:
    """What one envelope carries. header must name the body commitment of salt and body."""

    header: bytes
    recipient_keys: list                 # X25519 public keys in header order; none: no body
    body: bytes = b""
    salt: bytes = b""
    content_key: bytes = field(default_factory=lambda: os.urandom(32))
    nonce: bytes = field(default_factory=lambda: os.urandom(24))


@dataclass
class Psk:
    secret: bytes
    parties: tuple                       # of the pair

    def id(self):
        return b"".join(sorted(self.parties))


def wrap_info(author_key_id, key_id):
    return label("wrap") + author_key_id + key_id


def keys_of(content_key, h1):
    return (named("commit", h1, key=content_key), named("payload", h1, key=content_key))


class Batch:
    """One signature over all its letters, one HPKE context for each recipient key."""

    def __init__(self, author_seed, author_key_id, psks=None, ephemeral_seeds=None):
        self.author_seed, self.author_key_id = author_seed, author_key_id
        self.more_flags = 0
        self.psks = psks                 # recipient public key -> Psk, or None for mode base
        self.seeds = list(ephemeral_seeds) if ephemeral_seeds is not None else None
        self.contexts, self.parts = {}, []

    def _context(self, public):
        if public not in self.contexts:
            seed = self.seeds.pop(0) if self.seeds is not None else os.urandom(32)
            psk = self.psks[public] if self.psks else None
            enc, context = hpke.sender(
                hpke.derive_secret(seed), public,
                wrap_info(self.author_key_id, sealing_key_id(public)),
                *((psk.secret, psk.id()) if psk else ()))
            self.contexts[public] = [enc, context, 0]
        return self.contexts[public]

    def add(self, letter):
        flags = FLAG_PSK if self.psks and letter.recipient_keys else 0
        head = (MAGIC + bytes([SUITE, flags | self.more_flags])
                + (16 + len(letter.header)).to_bytes(2, "big")
                + self.author_key_id + letter.header)
        h0 = named("header", head)
        middle = self._middle(letter, h0) if letter.recipient_keys else (
            b"\0" + blank_commit() + bytes(24) + bytes(4))
        self.parts.append((head, middle, named("tbs", h0, named("sealed", middle))))

    def _middle(self, letter, h0):
        salted = letter.salt + letter.body
        if len(letter.salt) != 32 or len(salted) > SALTED_BODY_MOST:
            raise ValueError("no salt, or too much")
        ids = [sealing_key_id(public) for public in letter.recipient_keys]
        h1 = named("rcpts", h0, bytes([len(ids)]), *ids)
        commit, payload_key = keys_of(letter.content_key, h1)
        slots = b"".join(self.slot(public, key_id, h1, letter.content_key).bytes()
                         for public, key_id in zip(letter.recipient_keys, ids))
        padded = self.pad(salted)
        before = (bytes([len(ids)]) + slots + self.commit(commit) + letter.nonce
                  + (16 + len(padded)).to_bytes(4, "big"))
        return before + self.encrypt(padded, named("aad", h1, before), letter.nonce, payload_key)

    # Steps that a test of an evil author does otherwise.

    def slot(self, public, key_id, h1, content_key):
        state = self._context(public)
        enc, context, sequence = state
        state[2] += 1
        return Slot(key_id, enc, sequence, context.seal(sequence, h1, content_key))

    def pad(self, salted):
        return pad(salted)

    def commit(self, value):
        return value

    def encrypt(self, padded, aad, nonce, key):
        return bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(padded, aad, nonce, key)

    def finish(self):
        """The envelopes, in order."""
        tbs = [part[2] for part in self.parts]
        if len(tbs) == 1:
            root, paths = tbs[0], [[]]
        else:
            root, paths = tree([leaf(value) for value in tbs])
        signature = sign(self.author_seed, batch_text(len(tbs), root))
        return [head + middle + bytes([len(path)]) + index.to_bytes(2, "big")
                + len(tbs).to_bytes(2, "big") + b"".join(path) + signature
                for index, ((head, middle, _), path) in enumerate(zip(self.parts, paths))]


def seal_alone(author_seed, author_key_id, letter, **options):
    batch = Batch(author_seed, author_key_id, **options)
    batch.add(letter)
    return batch.finish()[0]


def open_letter(envelope, message, secret, psks=()):
    """(salt, body bytes, Body) for the owner of secret; raises Failed with the stage.

    The signature was checked, header and message come from envelope.read_header(). psks: newest first.
    """
    try:
        envelope.check_layout(message)
    except BadLayout as error:
        raise Failed("layout", str(error)) from error
    own = sealing_key_id(hpke.public_of(secret))
    slot = next((slot for slot in envelope.slots if slot.key_id == own), None)
    if slot is None:
        raise Failed("key-unknown", "no slot of this key")
    h1 = named("rcpts", envelope.h0, bytes([len(envelope.slots)]),
               *(slot.key_id for slot in envelope.slots))
    content_key = _unwrap(envelope, slot, own, h1, secret, psks)
    commit, payload_key = keys_of(content_key, h1)
    if commit != envelope.commit:
        raise Failed("commit")
    try:
        padded = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
            envelope.ciphertext, named("aad", h1, envelope.before_ciphertext), envelope.nonce,
            payload_key)
    except CryptoError as error:
        raise Failed("aead") from error
    return _checked_body(padded, message)


def _unwrap(envelope, slot, own, h1, secret, psks):
    info = wrap_info(envelope.author_key_id, own)
    ways = [(psk.secret, psk.id()) for psk in psks] if envelope.flags & FLAG_PSK else [()]
    for way in ways:
        try:
            return hpke.recipient(slot.enc, secret, info, *way).open(slot.sequence, h1, slot.wrap)
        except hpke.Unopened:
            continue
    raise Failed("key-unknown" if envelope.flags & FLAG_PSK else "wrap")


def _checked_body(padded, message):
    try:
        salted = unpad(padded)
    except BadPadding as error:
        raise Failed("padding", str(error)) from error
    if len(salted) < 32:
        raise Failed("padding", "no salt")
    salt, content = salted[:32], salted[32:]
    if body_commitment(salt, content) != message.body_commitment:
        raise Failed("commitment")
    try:
        body = schema.read(schema.envelope.Body, content)
    except schema.Malformed as error:
        raise Failed("body-names", str(error)) from error
    if (body.author, list(body.recipients), body.transition_id, body.message_id) != (
            message.author, list(message.recipients), message.transition_id, message.message_id):
        raise Failed("body-names", "the body names others than the header")
    return salt, content, body
