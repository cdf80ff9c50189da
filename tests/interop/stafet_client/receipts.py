"""Receipts of a coordinator, and the leaf and head that they let anybody recompute."""

import hashlib

from . import schema
from .hashes import Unverified, check_signature, label, leaf, root_from_path, sign, tree

APPLIED, DEVIATION, REFUSED = 1, 2, 3
CLASS_FACT, CLASS_ACKNOWLEDGEMENT, CLASS_DERIVED, CLASS_RESEND = 1, 2, 3, 7
NO_HEAD = bytes(32)


def receipts_text(count, root):
    return label("receipts") + count.to_bytes(2, "big") + root


def verify(signed, coordinator_public_key):
    """The Receipt of a SignedReceipt whose signature and path hold."""
    if not 1 <= signed.count <= 4096 or len(signed.path) % 32:
        raise Unverified("no such tree of receipts")
    path = [signed.path[at:at + 32] for at in range(0, len(signed.path), 32)]
    root = root_from_path(leaf(signed.receipt), signed.index, signed.count, path)
    check_signature(coordinator_public_key, receipts_text(signed.count, root), signed.signature)
    return schema.read_strictly(schema.frame.Receipt, signed.receipt)


def sign_all(seed, receipts):
    """SignedReceipts over the bytes given, one signature for all."""
    root, paths = tree([leaf(receipt) for receipt in receipts])
    signature = sign(seed, receipts_text(len(receipts), root))
    return [schema.frame.SignedReceipt(receipt=receipt, index=index, count=len(receipts),
                                       path=b"".join(path), signature=signature)
            for index, (receipt, path) in enumerate(zip(receipts, paths))]


def event_leaf(receipt, transition_id):
    """The 42 bytes of the log's leaf (section 4)."""
    event = (receipt.digest + (transition_id or bytes(16))
             + receipt.recorded_ms.to_bytes(8, "big")
             + receipt.transition_sequence.to_bytes(8, "big") + bytes([receipt.outcome])
             + receipt.code.to_bytes(2, "big") + (receipt.previous_head or NO_HEAD))
    commitment = hashlib.sha256(label("event") + receipt.r + event).digest()
    return (b"\x01" + bytes([receipt.kind_class]) + receipt.recorded_ms.to_bytes(8, "big")
            + commitment)


def next_head(previous_head, leaf_bytes):
    return hashlib.sha256(label("head") + previous_head + leaf_bytes).digest()


class Chain:
    """Sequence and head of one transition. Receipts come in any order, once or more often; one that
    is ahead waits until those before it have come."""

    def __init__(self, transition_id):
        self.transition_id, self.sequence, self.head = transition_id, 0, NO_HEAD
        self.ahead = {}

    def follow(self, receipt):
        if receipt.transition_sequence > self.sequence:
            self.ahead[receipt.transition_sequence] = receipt
        while following := self.ahead.pop(self.sequence + 1, None):
            if (following.previous_head or NO_HEAD) != self.head:
                raise Unverified("the head is not that of the receipt before")
            self.sequence += 1
            self.head = next_head(self.head, event_leaf(following, self.transition_id))
