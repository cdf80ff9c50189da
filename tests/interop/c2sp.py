"""Signed notes, checkpoints, cosignatures, policies and proofs, from the texts of C2SP alone.

c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature, tlog-policy, tlog-proof; trees of RFC 6962.
It shares nothing with the C code; what both say of one text must be the same.
"""

import base64
import binascii
import hashlib
import re
import struct

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

ED25519, COSIGNATURE = 0x01, 0x04
DASH = "\N{EM DASH}"
NUMBER_MAX = 2**63 - 1


class Refused(Exception):
    """The text is not what it must be, or a signature does not hold."""


def require(condition, what):
    if not condition:
        raise Refused(what)


# --- Texts ----------------------------------------------------------------------------------------

def encode(content):
    return base64.b64encode(content).decode()


def decode(text):
    try:
        content = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise Refused("base64") from error
    require(encode(content) == text, "base64 is not canonical")
    return content


def number(text):
    require(re.fullmatch("0|[1-9][0-9]*", text, re.ASCII) is not None, "not a decimal number")
    require(int(text) <= NUMBER_MAX, "a number is too large")
    return int(text)


def name_of(text):
    require(re.fullmatch("[a-z0-9./-]{1,159}", text, re.ASCII) is not None, "not a name")
    return text


# --- Keys and notes -------------------------------------------------------------------------------

class Key:
    """Who may sign."""

    def __init__(self, name, kind, public):
        self.name, self.kind, self.public = name_of(name), kind, public
        content = name.encode() + b"\n" + bytes([kind]) + public
        self.hash = hashlib.sha256(content).digest()[:4]

    @property
    def vkey(self):
        return f"{self.name}+{self.hash.hex()}+{encode(bytes([self.kind]) + self.public)}"

    @classmethod
    def of_vkey(cls, text):
        parts = text.split("+", 2)
        require(len(parts) == 3, "not a verifier key")
        content = decode(parts[2])
        require(len(content) == 33 and content[0] in (ED25519, COSIGNATURE), "not a known key")
        key = cls(parts[0], content[0], content[1:])
        require(key.hash.hex() == parts[1], "another key's hash")
        return key

    def check(self, text, signature):
        """When a cosignature was made; 0 for a log's signature."""
        time, message = 0, text.encode()
        if self.kind == COSIGNATURE:
            require(len(signature) == 72, "a cosignature has 72 bytes")
            (time,), signature = struct.unpack(">Q", signature[:8]), signature[8:]
            message = f"cosignature/v1\ntime {time}\n".encode() + message
        require(len(signature) == 64, "a signature has 64 bytes")
        try:
            VerifyKey(self.public).verify(message, signature)
        except BadSignatureError as error:
            raise Refused("a signature does not hold") from error
        return time


class Signer(Key):
    def __init__(self, name, kind, seed):
        self.secret = SigningKey(seed)
        super().__init__(name, kind, bytes(self.secret.verify_key))

    def line(self, text, time=0):
        head, blob = "", self.hash
        if self.kind == COSIGNATURE:
            head = f"cosignature/v1\ntime {time}\n"
            blob += struct.pack(">Q", time)
        blob += self.secret.sign((head + text).encode()).signature
        return f"{DASH} {self.name} {encode(blob)}\n"


class Note:
    def __init__(self, content):
        try:
            whole = content.decode("utf-8", errors="strict")
        except UnicodeDecodeError as error:
            raise Refused("not UTF-8") from error
        require(len(content) <= 65536, "too long")
        require(not re.search("[\x00-\x09\x0b-\x1f]", whole), "control characters")
        require(whole.endswith("\n") and "\n\n" in whole, "no signatures")
        text, rest = whole.rsplit("\n\n", 1)
        self.text = text + "\n"
        require(self.text != "\n", "no text")
        self.signatures = [self._signature(line) for line in rest.removesuffix("\n").split("\n")]
        require(len(self.signatures) <= 256, "too many signatures")

    @staticmethod
    def _signature(line):
        match = re.fullmatch(f"{DASH} ([^ ]+) ([^ ]+)", line)
        require(match is not None, "not a signature line")
        blob = decode(match[2])
        require(len(blob) > 4, "a signature is too short")
        return name_of(match[1]), blob[:4], blob[4:]

    def check(self, key):
        """None: it did not sign. Else the time of a cosignature, or 0."""
        found = [blob for name, key_hash, blob in self.signatures
                 if (name, key_hash) == (key.name, key.hash)]
        require(len(found) <= 1, "two signatures of one key")
        return key.check(self.text, found[0]) if found else None


# --- Checkpoints and proofs -----------------------------------------------------------------------

def checkpoint(origin, size, root, version, head):
    return f"{origin}\n{size}\n{encode(root)}\ndirectory {version} {encode(head)}\n"


def read_checkpoint(text):
    require(text.endswith("\n"), "no last newline")
    lines = text.removesuffix("\n").split("\n")
    require(len(lines) == 4, "not four lines")
    match = re.fullmatch("directory ([0-9]+) ([^ ]+)", lines[3])
    require(match is not None, "no directory")
    root, head = decode(lines[2]), decode(match[2])
    require(len(root) == 32 and len(head) == 32, "not a hash")
    return name_of(lines[0]), number(lines[1]), root, number(match[1]), head


def proof(index, hashes, signed, extra=b""):
    lines = ["c2sp.org/tlog-proof@v1"]
    if extra:
        lines.append(f"extra {encode(extra)}")
    lines += [f"index {index}", *map(encode, hashes), ""]
    return "".join(line + "\n" for line in lines) + signed


def read_proof(text):
    head, separator, signed = text.partition("\n\n")
    require(separator and signed, "no checkpoint")
    lines = head.split("\n")
    require(lines.pop(0) == "c2sp.org/tlog-proof@v1", "no proof")
    extra = b""
    if lines and lines[0].startswith("extra "):
        extra = decode(lines.pop(0).removeprefix("extra "))
        require(0 < len(extra) <= 4096, "extra")
    require(lines and lines[0].startswith("index "), "no index")
    index = number(lines.pop(0).removeprefix("index "))
    hashes = [decode(line) for line in lines]
    require(len(hashes) <= 64 and all(len(one) == 32 for one in hashes), "not hashes")
    return index, hashes, signed, extra


# --- Trees (RFC 6962 section 2.1) -----------------------------------------------------------------

def leaf_hash(leaf):
    return hashlib.sha256(b"\0" + leaf).digest()


def _node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def _split(count):
    return 1 << (count - 1).bit_length() - 1


def root_of(hashes):
    if not hashes:
        return hashlib.sha256().digest()
    if len(hashes) == 1:
        return hashes[0]
    at = _split(len(hashes))
    return _node(root_of(hashes[:at]), root_of(hashes[at:]))


def inclusion(index, hashes):
    if len(hashes) == 1:
        return []
    at = _split(len(hashes))
    if index < at:
        return [*inclusion(index, hashes[:at]), root_of(hashes[at:])]
    return [*inclusion(index - at, hashes[at:]), root_of(hashes[:at])]


def root_from(index, size, leaf, hashes):
    """The root that the proof leads to: the tree's shape says on which side each hash stands."""
    require(0 <= index < size, "no such leaf")
    if size == 1:
        require(not hashes, "the proof is too long")
        return leaf
    require(bool(hashes), "the proof is too short")
    at = _split(size)
    if index < at:
        return _node(root_from(index, at, leaf, hashes[:-1]), hashes[-1])
    return _node(hashes[-1], root_from(index - at, size - at, leaf, hashes[:-1]))


# --- Policies -------------------------------------------------------------------------------------

class Policy:
    def __init__(self, text):
        self.logs, self.witnesses, self.groups, self.quorum = {}, {}, {}, None
        self.registrars, self.threshold = [], 0
        readers = {"log": self._log, "witness": self._witness, "group": self._group,
                   "quorum": self._quorum, "registrar": self._registrar,
                   "registrars": self._registrars}
        require(text == "" or text.endswith("\n"), "no last newline")
        for line in text.split("\n"):
            words = [word for word in re.split("[ \t]+", line) if word]
            if words and not words[0].startswith("#"):
                require(words[0] in readers, "unknown word")
                readers[words[0]](*words[1:])
        require(bool(self.logs) and self.quorum is not None, "not complete")
        require(self.threshold <= len(self.registrars), "not so many registrars")
        require(bool(self.threshold) == bool(self.registrars), "how many registrars")

    def _log(self, vkey="", *rest):
        key = Key.of_vkey(vkey)
        require(key.kind == ED25519 and key.name not in self.logs, "not a new log")
        self._url(rest)
        self.logs[key.name] = key

    def _witness(self, name="", vkey="", *rest):
        self._new(name)
        key = Key.of_vkey(vkey)
        require(key.kind == COSIGNATURE, "not a witness")
        for other in self.witnesses.values():
            require(key.name != other.name and key.public != other.public, "twice")
        self._url(rest)
        self.witnesses[name] = key

    def _group(self, name="", threshold="", *members):
        self._new(name)
        taken = [one for _, others in self.groups.values() for one in others]
        require(bool(members) and len(set(members)) == len(members), "members")
        for member in members:
            require(member in self.witnesses or member in self.groups, "unknown member")
            require(member not in taken, "in two groups")
        least = {"any": 1, "all": len(members)}.get(threshold) or number(threshold)
        require(1 <= least <= len(members), "threshold")
        self.groups[name] = (least, members)

    def _quorum(self, name="", *rest):
        require(self.quorum is None and not rest, "one quorum")
        require(name == "none" or name in self.witnesses or name in self.groups, "unknown quorum")
        self.quorum = name

    def _registrar(self, digits="", *rest):
        require(re.fullmatch("[0-9a-fA-F]{64}", digits) is not None and not rest, "registrar")
        require(bytes.fromhex(digits) not in self.registrars, "twice")
        self.registrars.append(bytes.fromhex(digits))

    def _registrars(self, count="", *rest):
        require(not self.threshold and not rest and 1 <= number(count) <= 8, "registrars")
        self.threshold = number(count)

    def _new(self, name):
        require(1 <= len(name.encode()) <= 63 and name != "none", "not a name")
        require(name not in self.witnesses and name not in self.groups, "the name is taken")

    @staticmethod
    def _url(rest):
        require(not rest or len(rest) == 1 and re.match("https?://", rest[0]), "too much")

    def judge(self, note):
        """Times by witness name, and whether they are enough."""
        times = {name: note.check(key) for name, key in self.witnesses.items()}
        times = {name: time for name, time in times.items() if time is not None}

        def holds(name):
            if name in self.groups:
                least, members = self.groups[name]
                return sum(holds(member) for member in members) >= least
            return name in times
        return times, self.quorum == "none" or holds(self.quorum)
