"""Hashes and names of sections 1, 2 and 4, and the trees of envelopes and receipts."""

import hashlib

from nacl import bindings
from nacl.exceptions import BadSignatureError


class Unverified(ValueError):
    """A signature, path or name that does not hold."""


def label(name):
    return b"stafet/v1/" + name.encode() + b"\0"


def blake(content, key=b""):
    return hashlib.blake2b(content, digest_size=32, key=key).digest()


def named(name, *parts, key=b""):
    return blake(label(name) + b"".join(parts), key)


def identity_key_id(public_key):
    return named("kid-ed25519", public_key)[:16]


def sealing_key_id(public_key):
    return named("kid-x25519", public_key)[:16]


def sign(seed, content):
    _, secret = bindings.crypto_sign_seed_keypair(seed)
    return bindings.crypto_sign(content, secret)[:64]


def public_of(seed):
    return bindings.crypto_sign_seed_keypair(seed)[0]


def check_signature(public_key, content, signature):
    if len(signature) != 64:
        raise Unverified("a signature has 64 bytes")
    try:
        bindings.crypto_sign_open(signature + content, public_key)
    except BadSignatureError as error:
        raise Unverified("the signature does not hold") from error


def leaf(content):
    return blake(b"\0" + content)


def node(left, right):
    return blake(b"\1" + left + right)


def tree(leaves):
    """Root and, for each leaf, its path from the leaf to the root (RFC 6962 section 2.1)."""
    if len(leaves) == 1:
        return leaves[0], [[]]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, left_paths = tree(leaves[:split])
    right, right_paths = tree(leaves[split:])
    return node(left, right), ([path + [right] for path in left_paths]
                               + [path + [left] for path in right_paths])


def root_from_path(leaf_hash, index, count, path):
    """RFC 9162 section 2.1.3.2."""
    if index >= count:
        raise Unverified("the leaf stands outside its tree")
    at, last, value = index, count - 1, leaf_hash
    for part in path:
        if last == 0:
            raise Unverified("the path is too long")
        if at & 1 or at == last:
            value = node(part, value)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            value = node(value, part)
        at, last = at >> 1, last >> 1
    if last:
        raise Unverified("the path is too short")
    return value


def record_digest(name, content):
    return named(name, content)


def sign_record(name, content, seed):
    return sign(seed, label(f"{name}-sig") + record_digest(name, content))


def check_record(name, content, public_key, signature):
    check_signature(public_key, label(f"{name}-sig") + record_digest(name, content), signature)
