"""Attachments: content padded like a body, cut into chunks, sealed with secretstream (section 1)."""

from nacl import bindings

from .hashes import named
from .padding import pad, padded_size, unpad

SIZE, EXTRA = 65536, 17
SIZE_MOST = 104857600
TAG_MESSAGE, TAG_FINAL = 0, 3


class BadChunk(ValueError):
    """Not what stands at this place of the object."""


def sealed_size(size):
    padded = padded_size(size)
    return padded + -(-padded // SIZE) * EXTRA


def count(sealed):
    """How many chunks an object of so many sealed bytes has; 0 when there is no such object."""
    chunks = -(-sealed // (SIZE + EXTRA))
    padded = sealed - chunks * EXTRA
    if padded < 1 or sealed > sealed_size(SIZE_MOST) or padded_size(padded - 1) != padded:
        return 0
    return chunks if -(-padded // SIZE) == chunks else 0


def _state(key):
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, key[32:], key[:32])
    return state


def seal(content, key):
    """The sealed chunks, in order."""
    padded, state = pad(content), _state(key)
    pieces = [padded[at:at + SIZE] for at in range(0, len(padded), SIZE)]
    return [bindings.crypto_secretstream_xchacha20poly1305_push(
        state, piece, tag=TAG_FINAL if number == len(pieces) - 1 else TAG_MESSAGE)
        for number, piece in enumerate(pieces)]


def open_all(chunks, key, size):
    state, padded = _state(key), b""
    for number, chunk in enumerate(chunks):
        try:
            piece, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(state, chunk)
        except (RuntimeError, ValueError) as error:
            raise BadChunk(f"chunk {number}") from error
        if tag != (TAG_FINAL if number == len(chunks) - 1 else TAG_MESSAGE):
            raise BadChunk(f"chunk {number} has tag {tag}")
        padded += piece
    content = unpad(padded)
    if len(content) != size:
        raise BadChunk("another size than the body says")
    return content


def digest(chunks):
    link = bytes(32)
    for chunk in chunks:
        link = named("chunk", link, chunk)
    return link
