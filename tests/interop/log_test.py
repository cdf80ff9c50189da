"""Texts of the log: what this reader and writer and the C code say of them is the same.

STAFET_LOG_CHECK is the C program log_check. SEED repeats a run; it is printed.
"""

import os
import random
import subprocess

import pytest

import c2sp
import log_texts

SEED = int(os.environ.get("SEED", "1"))


def hexed(content):
    content = content.encode() if isinstance(content, str) else content
    return content.hex() or "-"


def ask(requests):
    """The answers to all requests, each a tuple of a word and what belongs to it."""
    lines = (" ".join([name, *map(hexed, words)]) + "\n" for name, *words in requests)
    done = subprocess.run([os.environ["STAFET_LOG_CHECK"]], input="".join(lines), text=True,
                          capture_output=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def judged(policy, note):
    """What log_check answers to `note`."""
    try:
        rules, note = c2sp.Policy(policy), c2sp.Note(note)
        origin, size, _, version, _ = c2sp.read_checkpoint(note.text)
        c2sp.require(origin in rules.logs, "unknown log")
        c2sp.require(note.check(rules.logs[origin]) is not None, "the log did not sign")
        times, quorum = rules.judge(note)
    except c2sp.Refused:
        return "refused"
    return f"{size} {version} {len(times)} {int(quorum)} {max(times.values(), default=0)}"


def proved(policy, proof, leaf):
    """What log_check answers to `proof`."""
    try:
        text = proof.decode("utf-8")
        index, hashes, signed, extra = c2sp.read_proof(text)
        rules, note = c2sp.Policy(policy), c2sp.Note(signed.encode())
        origin, size, root, _, _ = c2sp.read_checkpoint(note.text)
        c2sp.require(origin in rules.logs, "unknown log")
        c2sp.require(note.check(rules.logs[origin]) is not None, "the log did not sign")
        c2sp.require(root == c2sp.root_from(index, size, c2sp.leaf_hash(leaf), hashes), "root")
    except (c2sp.Refused, UnicodeDecodeError):
        return "refused"
    return f"{index} {len(hashes)} {len(extra)} {c2sp.proof(index, hashes, signed, extra).encode().hex()}"


class Region:
    """Keys, a policy, a tree and a checkpoint, all by chance."""

    def __init__(self, chance):
        self.chance = chance
        self.log = c2sp.Signer(f"{self.name()}/{chance.randint(1, 99)}", c2sp.ED25519,
                               chance.randbytes(32))
        self.witnesses = [c2sp.Signer(f"w{i}/{self.name()}", c2sp.COSIGNATURE, chance.randbytes(32))
                          for i in range(chance.randint(0, 6))]
        self.leaves = [chance.randbytes(chance.randint(0, 50)) for _ in range(chance.randint(0, 40))]
        self.hashes = [c2sp.leaf_hash(leaf) for leaf in self.leaves]
        self.text = c2sp.checkpoint(self.log.name, len(self.leaves), c2sp.root_of(self.hashes),
                                    chance.choice([0, 1, chance.randint(0, c2sp.NUMBER_MAX)]),
                                    chance.randbytes(32))
        self.policy = self.make_policy()
        lines = [self.log.line(self.text)]
        lines += [one.line(self.text, chance.randint(0, 2**40))
                  for one in self.witnesses if chance.random() < 0.6]
        lines += [self.stranger() for _ in range(chance.randint(0, 2))]
        chance.shuffle(lines)
        self.signed = self.text + "\n" + "".join(lines)

    def name(self):
        return "".join(self.chance.choices("abcxyz019./-", k=self.chance.randint(1, 30)))

    def stranger(self):
        if self.chance.random() < 0.5:
            return f"{c2sp.DASH} {self.name()} {c2sp.encode(self.chance.randbytes(500))}\n"
        return c2sp.Signer(self.name(), c2sp.ED25519, self.chance.randbytes(32)).line("other\n")

    def make_policy(self):
        lines = [f"log {self.log.vkey}"]
        lines += [f"witness w{i} {one.vkey}" for i, one in enumerate(self.witnesses)]
        free = [f"w{i}" for i in range(len(self.witnesses))]
        for number in range(self.chance.randint(0, 3)):
            if not free:
                break
            self.chance.shuffle(free)
            count = self.chance.randint(1, len(free))
            least = self.chance.choice(["any", "all", str(self.chance.randint(1, count))])
            lines.append(f"group g{number} {least} {' '.join(free[:count])}")
            free = [*free[count:], f"g{number}"]
        lines.append(f"quorum {self.chance.choice([*free, 'none'])}")
        return "\n".join(lines) + "\n"


def changed(chance, content, pieces):
    """Sometimes as it is; else a byte, a piece or a line more, less or different."""
    how = chance.randint(0, 7)
    at = chance.randrange(len(content))
    lines = content.splitlines(keepends=True)
    line = chance.randrange(len(lines))
    if how == 0:
        return content
    if how == 1:
        return content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1:]
    if how == 2:
        return content[:at] + chance.choice(pieces) + content[at:]
    if how == 3:
        return content[:at] + content[at + chance.randint(1, 5):]
    if how == 4:
        return b"".join(lines[:line] + lines[line + 1:])
    if how == 5:
        return b"".join(lines[:line] + [lines[line]] + lines[line:])
    if how == 6:
        chance.shuffle(lines)
        return b"".join(lines)
    return content.replace(chance.choice([b"0", b"1", b"A", b" ", b"="]), chance.choice(pieces), 1)


PIECES = [b"\n", b"\n\n", b" ", b"\t", b"=", b"0", b"9223372036854775808", b"+", b"\xe2\x80\x94 ",
          b"\r", b"\x7f", b"\xc2\xa0", b"extra AAAA\n", b"any", b"https://x", b"#"]


def test_golden_texts_are_what_this_writer_makes():
    for name, text in log_texts.texts().items():
        assert (log_texts.FOLDER / name).read_text(encoding="utf-8") == text, name


def test_this_reader_takes_the_golden_texts():
    golden = log_texts.texts()
    assert judged(golden["policy.txt"], golden["checkpoint.note"].encode()) == (
        f"11 7 3 1 {log_texts.TIME + 3}")
    for name in ("proof.txt", "plain-proof.txt"):
        for index, leaf in enumerate(log_texts.LEAVES):
            answer = proved(golden["policy.txt"], golden[name].encode(), leaf)
            assert (answer != "refused") == (index == log_texts.INDEX)
    for vkey in golden["vkeys.txt"].splitlines():
        assert c2sp.Key.of_vkey(vkey).vkey == vkey


@pytest.fixture(scope="module")
def chance():
    print(f"SEED={SEED}")
    return random.Random(SEED)


def test_both_writers_sign_alike(chance):
    requests, expected = [], []
    for _ in range(200):
        seed, kind = chance.randbytes(32), chance.choice([c2sp.ED25519, c2sp.COSIGNATURE])
        name = "".join(chance.choices("abcxyz019./-", k=chance.randint(1, 159)))
        time = chance.choice([0, chance.randint(0, 2**50)]) if kind == c2sp.COSIGNATURE else 0
        text = "".join(chance.choices("abc æøå\n", k=chance.randint(0, 200))) + "\n"
        signer = c2sp.Signer(name, kind, seed)
        requests.append(("sign", seed, name, str(kind), str(time), text))
        expected.append(f"{signer.vkey} {signer.line(text, time).encode().hex()}")
    assert ask(requests) == expected


def test_both_readers_say_the_same_of_notes(chance):
    requests, expected = [], []
    for _ in range(300):
        region = Region(chance)
        for case in range(8):
            policy, note = region.policy, region.signed.encode()
            if case > 0:
                if chance.random() < 0.3:
                    policy = changed(chance, policy.encode(), PIECES).decode("latin-1")
                else:
                    note = changed(chance, note, PIECES)
            requests.append(("note", policy, note))
            expected.append(judged(policy, note))
    answers = ask(requests)
    for request, answer, said in zip(requests, answers, expected, strict=True):
        assert answer == said, request
    refused = expected.count("refused")
    assert 300 < refused < len(expected) - 300


def test_both_readers_say_the_same_of_proofs(chance):
    requests, expected = [], []
    for _ in range(300):
        region = Region(chance)
        if not region.leaves:
            continue
        index = chance.randrange(len(region.leaves))
        proof = c2sp.proof(index, c2sp.inclusion(index, region.hashes), region.signed,
                           chance.choice([b"", chance.randbytes(chance.randint(1, 300))])).encode()
        for case in range(8):
            leaf = region.leaves[index] if case < 6 else chance.choice(region.leaves)
            text = proof if case == 0 else changed(chance, proof, PIECES)
            requests.append(("proof", region.policy, text, leaf))
            expected.append(proved(region.policy, text, leaf))
    answers = ask(requests)
    for request, answer, said in zip(requests, answers, expected, strict=True):
        assert answer == said, request
    refused = expected.count("refused")
    assert 300 < refused < len(expected) - 300
