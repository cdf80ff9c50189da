"""The directory: entries signed by registrars, chained by heads; and a node's enrolment request."""

import hashlib
import time

from . import schema
from .hashes import (
    Unverified, check_record, identity_key_id, label, record_digest, sealing_key_id, sign_record)

IDENTITY, SEALING, TRANSPORT, WITNESS, LOG = 1, 2, 3, 4, 5
HOSPITAL, MUNICIPALITY, GP, COORDINATOR = 1, 2, 3, 32
DAY_MS = 86400 * 1000


def next_dhead(head, entry_digest):
    return hashlib.sha256(label("directory") + head + entry_digest).digest()


class Directory:
    """registrars: pinned public keys; threshold: how many of them must have signed an entry."""

    def __init__(self, registrars, threshold=1):
        self.registrars = {identity_key_id(key): key for key in registrars}
        self.threshold = threshold
        self.version, self.head = 0, bytes(32)
        self.entries = {}

    def add(self, signed_bytes):
        signed = schema.read_strictly(schema.directory.SignedRecord, signed_bytes)
        good = set()
        for signature in signed.signatures:
            key = self.registrars.get(signature.key_id)
            if key is not None:
                check_record("entry", signed.record, key, signature.signature)
                good.add(key)
        if len(good) < self.threshold:
            raise Unverified(f"{len(good)} of {self.threshold} registrars have signed")
        entry = schema.read_strictly(schema.directory.Entry, signed.record)
        before = self.entries.get(entry.party)
        if entry.version != (before[0].version if before else 0) + 1:
            raise Unverified(f"version {entry.version} of an entry")
        if entry.previous != (before[1] if before else b""):
            raise Unverified("the entry does not follow the one before it")
        self._check_keys(entry)
        digest = record_digest("entry", signed.record)
        self.entries[entry.party] = (entry, digest)
        self.version += 1
        self.head = next_dhead(self.head, digest)
        return entry

    def _check_keys(self, entry):
        for party, (other, _) in self.entries.items():
            mine = {key.public_key for key in entry.keys}
            if party != entry.party and mine & {key.public_key for key in other.keys}:
                raise Unverified("a key of another party")

    def take(self, frame):
        """A Directory frame: the entries after those known, and the head they must lead to."""
        for place, entry in enumerate(frame.entries):
            if frame.from_version + place > self.version:
                self.add(entry)
        if frame.version == self.version and frame.head != self.head:
            raise Unverified("the entries do not lead to the head")

    def by_name(self, name):
        return next(entry for entry, _ in self.entries.values() if entry.name == name)

    def keys(self, party, use, now_ms):
        entry, _ = self.entries[party]
        return [key for key in entry.keys if key.use == use
                and key.not_before_ms <= now_ms <= key.not_after_ms and not key.revoked_ms]

    def sealing_key(self, party, now_ms):
        """The newest of those that are valid."""
        keys = self.keys(party, SEALING, now_ms)
        if not keys:
            raise LookupError("no sealing key is valid")
        return max(keys, key=lambda key: key.not_before_ms).public_key

    def author(self, key_id, sent_ms):
        """(party, public key) of an identity key that was valid when it signed."""
        for party, (entry, _) in self.entries.items():
            for key in entry.keys:
                if key.use == IDENTITY and identity_key_id(key.public_key) == key_id:
                    if not key.not_before_ms <= sent_ms <= key.not_after_ms:
                        raise Unverified("the author's key was not valid then")
                    if key.revoked_ms:
                        raise Unverified("the author's key is revoked")
                    return party, key.public_key
        raise Unverified("a key that the directory does not know")

    def owner_of_sealing(self, key_id):
        return next((party for party, (entry, _) in self.entries.items() for key in entry.keys
                     if key.use == SEALING and sealing_key_id(key.public_key) == key_id), None)


def enrolment_request(party, name, role, sor, gln, keys, identity_seed, support=""):
    """The bytes of request.sfr: a SignedRecord, signed with the identity key it names.

    keys: (use, public key, days it lives) of each.
    """
    now_ms = int(time.time() * 1000)
    request = schema.directory.EnrolmentRequest(
        party=party, name=name, role=role, sor=sor, gln=gln, support=support, made_ms=now_ms)
    for use, public, days in keys:
        request.keys.add(use=use, public_key=public, not_before_ms=now_ms,
                         not_after_ms=now_ms + days * DAY_MS)
    record = request.SerializeToString()
    identity = next(public for use, public, _ in keys if use == IDENTITY)
    signed = schema.directory.SignedRecord(record=record)
    signed.signatures.add(key_id=identity_key_id(identity),
                          signature=sign_record("enrolment", record, identity_seed))
    return signed.SerializeToString()
