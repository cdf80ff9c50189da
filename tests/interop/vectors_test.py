"""The client's own building blocks against what others published."""

import json

import pytest
from hypothesis import given, strategies

from stafet_client import hashes, hpke, padding


def cases(vectors):
    for vector in json.loads((vectors / "hpke_rfc9180.json").read_text())["vectors"]:
        yield vector["name"], {key: bytes.fromhex(value) for key, value in vector.items()
                               if key not in ("name", "mode")}


def test_hpke_makes_and_opens_the_vectors_of_the_rfc(vectors):
    names = []
    for name, one in cases(vectors):
        psk = (one["psk"], one["psk_id"]) if "psk" in one else ()
        enc, author = hpke.sender(one["skEm"], one["pkRm"], one["info"], *psk)
        for inner in ("shared_secret", "exporter_secret"):
            assert getattr(author, inner) == one.get(inner, getattr(author, inner)), name
        assert author.seal(0, one["aad"], one["pt"]) == one["ct"], name
        recipient = hpke.recipient(enc, one["skRm"], one["info"], *psk)
        assert recipient.open(0, one["aad"], one["ct"]) == one["pt"], name
        for sequence, aad in ((1, one["aad"]), (0, b"other")):
            with pytest.raises(hpke.Unopened):
                recipient.open(sequence, aad, one["ct"])
        names.append(name)
    assert len(names) == 2


def test_hpke_psk_and_base_do_not_open_each_other():
    secret = hpke.derive_secret(bytes(32))
    enc, author = hpke.sender(hpke.derive_secret(b"\1" * 32), hpke.public_of(secret), b"info")
    sealed = author.seal(0, b"", b"baton")
    other = hpke.recipient(enc, secret, b"info", b"k" * 32, b"id")
    with pytest.raises(hpke.Unopened):
        other.open(0, b"", sealed)


@pytest.mark.parametrize("point", [bytes(32), b"\1" + bytes(31)])
def test_hpke_point_of_low_order_is_refused(point):
    with pytest.raises(hpke.Unopened):
        hpke.recipient(point, hpke.derive_secret(bytes(32)), b"")
    with pytest.raises(hpke.Unopened):
        hpke.sender(hpke.derive_secret(bytes(32)), point, b"")


@pytest.mark.parametrize("size, padded", [
    (0, 4096), (4095, 4096), (4096, 4352), (4351, 4352), (4352, 4608), (8191, 8192), (8192, 8704),
    (1032191, 1032192)])
def test_padding_of_known_sizes(size, padded):
    assert padding.padded_size(size) == padded


@given(strategies.binary(max_size=9000))
def test_padding_is_taken_off_again_and_no_other_length_passes(content):
    padded = padding.pad(content)
    assert padding.unpad(padded) == content
    for wrong in (padded + b"\0", padded[:-1], padded[:-1] + b"\1", bytes(len(padded))):
        with pytest.raises(padding.BadPadding):
            padding.unpad(wrong)


@given(strategies.integers(1, 40), strategies.data())
def test_path_proves_its_leaf_at_its_place_and_nothing_else(count, data):
    leaves = [hashes.leaf(bytes([number])) for number in range(count)]
    root, paths = hashes.tree(leaves)
    index = data.draw(strategies.integers(0, count - 1))
    assert hashes.root_from_path(leaves[index], index, count, paths[index]) == root
    other = data.draw(strategies.integers(0, count - 1))
    if other != index:
        try:
            assert hashes.root_from_path(leaves[index], other, count, paths[index]) != root
        except hashes.Unverified:
            pass
    for wrong in (paths[index] + [bytes(32)], paths[index][:-1]):
        if wrong != paths[index]:
            with pytest.raises(hashes.Unverified):
                hashes.root_from_path(leaves[index], index, count, wrong)
