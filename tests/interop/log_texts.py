"""The texts in tests/golden/log/, which C reads and writes: made from fixed seeds with c2sp.py.

`python3 log_texts.py --write` writes them anew; log_test.py holds that they are still the same.
"""

import pathlib
import sys

import c2sp

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "golden" / "log"

ORIGIN = "stafet.example/log/north/1"
LOG = c2sp.Signer(ORIGIN, c2sp.ED25519, bytes([1]) * 32)
WITNESSES = [c2sp.Signer(f"stafet/witness/{(bytes([0xA0 + i]) * 16).hex()}", c2sp.COSIGNATURE,
                         bytes([16 + i]) * 32) for i in range(5)]
LEAVES = [bytes([i]) * 42 for i in range(11)]
HASHES = [c2sp.leaf_hash(leaf) for leaf in LEAVES]
TIME = 1795000000
COSIGNERS = (0, 1, 3)
INDEX = 6
EXTRA = b"what opens the leaf"
CHECKPOINT = c2sp.checkpoint(ORIGIN, len(LEAVES), c2sp.root_of(HASHES), 7, bytes([7]) * 32)

POLICY = f"""# Two of three hospitals and one of two municipalities, as a node is given it.
log {LOG.vkey}

witness hospital-1 {WITNESSES[0].vkey}
witness hospital-2 {WITNESSES[1].vkey} https://witness.example/
witness hospital-3 {WITNESSES[2].vkey}
witness municipality-1\t{WITNESSES[3].vkey}
witness municipality-2   {WITNESSES[4].vkey}
group hospitals 2 hospital-1 hospital-2 hospital-3
group municipalities any municipality-1 municipality-2
group both all hospitals municipalities
quorum both
registrar {(bytes([0x11]) * 32).hex()}
registrar {(bytes([0x22]) * 32).hex()}
registrar {(bytes([0x33]) * 32).hex()}
registrars 2
"""


def cosignature(index):
    return WITNESSES[index].line(CHECKPOINT, TIME + index)


def signed():
    return CHECKPOINT + "\n" + LOG.line(CHECKPOINT) + "".join(map(cosignature, COSIGNERS))


def texts():
    return {
        "vkeys.txt": "".join(key.vkey + "\n" for key in (LOG, *WITNESSES)),
        "checkpoint.txt": CHECKPOINT,
        "checkpoint.note": signed(),
        "policy.txt": POLICY,
        "proof.txt": c2sp.proof(INDEX, c2sp.inclusion(INDEX, HASHES), signed(), EXTRA),
        "plain-proof.txt": c2sp.proof(INDEX, c2sp.inclusion(INDEX, HASHES), signed()),
    }


if __name__ == "__main__" and sys.argv[1:] == ["--write"]:
    for name, text in texts().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
