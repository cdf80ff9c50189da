"""pad(x) = x || 0x80 || 00.. to max(4096, Padme(len + 1)) (section 1)."""

LEAST = 4096


class BadPadding(ValueError):
    pass


def padme(size):
    """Leaks at most log log of the size: PURBs, Nikitin et al."""
    exponent = size.bit_length() - 1
    mantissa = exponent.bit_length()
    step = 1 << max(exponent - mantissa, 0)
    return -(-size // step) * step


def padded_size(size):
    return max(LEAST, padme(size + 1))


def pad(content):
    return content + b"\x80" + bytes(padded_size(len(content)) - len(content) - 1)


def unpad(padded):
    content = padded.rstrip(b"\0")
    if not content.endswith(b"\x80"):
        raise BadPadding("no end of the content")
    content = content[:-1]
    if padded_size(len(content)) != len(padded):
        raise BadPadding("padded to another length")
    return content
