"""RFC 9180, modes base and psk, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305."""

import hashlib
import hmac

from nacl import bindings
from nacl.exceptions import CryptoError

BASE, PSK = 0, 1
KEM = b"KEM" + (0x0020).to_bytes(2, "big")
SUITE = b"HPKE" + b"".join(part.to_bytes(2, "big") for part in (0x0020, 0x0001, 0x0003))


class Unopened(ValueError):
    """The key, the context or the bytes are not the right ones."""


def _extract(salt, content):
    return hmac.new(salt or bytes(32), content, hashlib.sha256).digest()


def _expand(key, info, size):
    done, block = b"", b""
    while len(done) < size:
        block = hmac.new(key, block + info + bytes([len(done) // 32 + 1]), hashlib.sha256).digest()
        done += block
    return done[:size]


def _labeled_extract(suite, salt, name, content):
    return _extract(salt, b"HPKE-v1" + suite + name + content)


def _labeled_expand(suite, key, name, info, size):
    return _expand(key, size.to_bytes(2, "big") + b"HPKE-v1" + suite + name + info, size)


def derive_secret(seed):
    """DeriveKeyPair of section 7.1.3: the secret key."""
    return _labeled_expand(KEM, _labeled_extract(KEM, b"", b"dkp_prk", seed), b"sk", b"", 32)


def public_of(secret):
    return bindings.crypto_scalarmult_base(secret)


def _agree(secret, public):
    """Low-order points give all zeros and are refused."""
    try:
        shared = bindings.crypto_scalarmult(secret, public)
    except (CryptoError, RuntimeError) as error:
        raise Unopened("a point of low order") from error
    if shared == bytes(32):
        raise Unopened("a point of low order")
    return shared


def _shared_secret(agreed, enc, public):
    key = _labeled_extract(KEM, b"", b"eae_prk", agreed)
    return _labeled_expand(KEM, key, b"shared_secret", enc + public, 32)


class Context:
    def __init__(self, mode, shared_secret, info, psk, psk_id):
        if (mode == PSK) != bool(psk) or bool(psk) != bool(psk_id):
            raise ValueError("the mode does not go with the psk")
        schedule = (bytes([mode])
                    + _labeled_extract(SUITE, b"", b"psk_id_hash", psk_id)
                    + _labeled_extract(SUITE, b"", b"info_hash", info))
        secret = _labeled_extract(SUITE, shared_secret, b"secret", psk)
        self.key = _labeled_expand(SUITE, secret, b"key", schedule, 32)
        self.base_nonce = _labeled_expand(SUITE, secret, b"base_nonce", schedule, 12)
        self.exporter_secret = _labeled_expand(SUITE, secret, b"exp", schedule, 32)
        self.shared_secret = shared_secret

    def _nonce(self, sequence):
        number = sequence.to_bytes(12, "big")
        return bytes(a ^ b for a, b in zip(self.base_nonce, number))

    def seal(self, sequence, aad, plain):
        return bindings.crypto_aead_chacha20poly1305_ietf_encrypt(
            plain, aad, self._nonce(sequence), self.key)

    def open(self, sequence, aad, sealed):
        try:
            return bindings.crypto_aead_chacha20poly1305_ietf_decrypt(
                sealed, aad, self._nonce(sequence), self.key)
        except CryptoError as error:
            raise Unopened("the wrap does not open") from error


def sender(ephemeral_secret, public, info, psk=b"", psk_id=b""):
    """enc and the context of an author towards public."""
    enc = public_of(ephemeral_secret)
    shared = _shared_secret(_agree(ephemeral_secret, public), enc, public)
    return enc, Context(PSK if psk else BASE, shared, info, psk, psk_id)


def recipient(enc, secret, info, psk=b"", psk_id=b""):
    shared = _shared_secret(_agree(secret, enc), enc, public_of(secret))
    return Context(PSK if psk else BASE, shared, info, psk, psk_id)
