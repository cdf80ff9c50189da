"""The files that our C code wrote, made again byte by byte and read."""

import pytest

from stafet_client import hashes, hpke, receipts, schema, seal
from stafet_client.envelope import BadFraming, BadLayout, Cover, Envelope, body_commitment, content_id


def psk_of(golden, batch):
    if not batch["envelopes"][0]["psk"]:
        return None
    pair = (golden.parties["hospital"]["party"], golden.parties["municipality"]["party"])
    return seal.Psk(golden.all["psk_hospital_municipality"], pair)


def letter_of(golden, one):
    keys = [golden.parties[name]["sealing_public"] for name in one["recipients"]]
    if not keys:
        return seal.Letter(one["header"], [])
    return seal.Letter(one["header"], keys, one["body"], one["salt"], one["content_key"],
                       one["nonce"])


def test_parties_have_the_key_ids_that_are_written(golden):
    for party in golden.parties.values():
        assert hashes.public_of(party["identity_seed"]) == party["identity_public"]
        assert hashes.identity_key_id(party["identity_public"]) == party["identity_key_id"]
        assert hpke.public_of(party["sealing_secret"]) == party["sealing_public"]
        assert hashes.sealing_key_id(party["sealing_public"]) == party["sealing_key_id"]


def test_batches_from_the_same_seeds_are_the_same_bytes(golden):
    for batch in golden.all["batches"]:
        author = golden.parties[batch["author"]]
        psk = psk_of(golden, batch)
        psks = {golden.parties["municipality"]["sealing_public"]: psk} if psk else None
        made = seal.Batch(author["identity_seed"], author["identity_key_id"], psks, batch["seeds"])
        for one in batch["envelopes"]:
            made.add(letter_of(golden, one))
        for one, content in zip(batch["envelopes"], made.finish(), strict=True):
            assert content == golden.file(one["envelope"]), one["envelope"]
            assert Envelope(content).cover() == golden.file(one["cover"])


def test_envelopes_verify_open_and_have_the_names_that_are_written(golden):
    opened = 0
    for batch, one in golden.envelopes():
        envelope = Envelope(golden.file(one["envelope"]))
        author = golden.parties[batch["author"]]
        assert envelope.author_key_id == author["identity_key_id"]
        envelope.check_signature(author["identity_public"])
        assert envelope.sealed == one["sealed"]
        assert envelope.tbs == one["tbs"]
        assert envelope.digest == one["digest"]
        header, message = envelope.read_header()
        assert header.message == one["message"]
        assert content_id(header.message) == one["content_id"]
        for name in one["recipients"]:
            psk = psk_of(golden, batch)
            salt, content, body = seal.open_letter(
                envelope, message, golden.parties[name]["sealing_secret"], [psk] if psk else [])
            assert (salt, content) == (one["salt"], one["body"])
            assert body_commitment(salt, content) == one["body_commitment"]
            assert body.message_id == message.message_id
            opened += 1
    assert opened == 6


def test_cover_proves_what_its_envelope_proves(golden):
    for batch, one in golden.envelopes():
        cover = Cover(golden.file(one["cover"]))
        cover.check_signature(golden.parties[batch["author"]]["identity_public"])
        assert (cover.tbs, cover.digest) == (one["tbs"], one["digest"])
        assert cover.read_header()[0].message == one["message"]
        with pytest.raises(BadFraming):
            Envelope(golden.file(one["cover"]))
        with pytest.raises(BadFraming):
            Cover(golden.file(one["envelope"]))


def test_envelope_with_any_bit_flipped_is_refused(golden):
    """Every bit outside the ciphertext, every 61st of it; and of the cover every one."""
    public = golden.parties["hospital"]["identity_public"]
    for name, kind in (("batch-1.stf1", Envelope), ("batch-1.cover", Cover)):
        good = golden.file(name)
        dull = range(0)
        if kind is Envelope:
            start = good.index(Envelope(good).ciphertext)
            dull = range(start, start + len(Envelope(good).ciphertext))
        for bit in range(len(good) * 8):
            if bit // 8 in dull and bit % 61:
                continue
            bad = bytearray(good)
            bad[bit // 8] ^= 1 << bit % 8
            with pytest.raises((BadFraming, hashes.Unverified)):
                assert_author(kind(bytes(bad)), golden)
                kind(bytes(bad)).check_signature(public)


def assert_author(signed, golden):
    if signed.author_key_id != golden.parties["hospital"]["identity_key_id"]:
        raise hashes.Unverified("another author")


def test_envelope_cut_short_or_longer_is_refused(golden):
    good = golden.file("batch-1.stf1")
    for size in list(range(1000)) + list(range(len(good) - 300, len(good))):
        with pytest.raises(BadFraming):
            Envelope(good[:size])
    with pytest.raises(BadFraming):
        Envelope(good + b"\0")


def test_letter_opened_by_others_fails_with_its_stage(golden):
    envelope = Envelope(golden.file("letter.stf1"))
    _, message = envelope.read_header()
    with pytest.raises(seal.Failed) as failed:
        seal.open_letter(envelope, message, golden.parties["hospital"]["sealing_secret"])
    assert failed.value.stage == "key-unknown"
    locked = Envelope(golden.file("psk.stf1"))
    _, message = locked.read_header()
    for psks in ([], [seal.Psk(bytes(32), (bytes(16), b"\1" * 16))]):
        with pytest.raises(seal.Failed) as failed:
            seal.open_letter(locked, message, golden.parties["municipality"]["sealing_secret"], psks)
        assert failed.value.stage == "key-unknown"


def test_letter_signed_again_by_a_thief_does_not_open(golden):
    """Strip the signature, put an own key id in front, sign: the wrap names the author's key."""
    one = golden.all["batches"][0]["envelopes"][0]
    stolen = Envelope(golden.file(one["envelope"]))
    thief = golden.parties["gp"]
    head = stolen.head[:8] + thief["identity_key_id"] + stolen.header_bytes
    middle = golden.file(one["envelope"])[len(stolen.head):-len(stolen.tail)]
    tbs = hashes.named("tbs", hashes.named("header", head), hashes.named("sealed", middle))
    text = hashes.label("batch") + b"\0\1" + tbs
    again = Envelope(head + middle + bytes(3) + b"\0\1"
                     + hashes.sign(thief["identity_seed"], text))
    again.check_signature(thief["identity_public"])
    with pytest.raises(seal.Failed) as failed:
        seal.open_letter(again, again.read_header()[1],
                         golden.parties["municipality"]["sealing_secret"])
    assert failed.value.stage == "wrap"


def test_header_with_an_unknown_or_doubled_field_is_refused(golden):
    one = golden.all["batches"][0]["envelopes"][0]
    good = one["header"]
    author = golden.parties["hospital"]
    for wrong in (good + b"\xf8\x07\x01", good + b"\x18\x05", b"\x0a\x00" + good, good + b"\x4a\x01x",
                  good[:-1]):
        letter = letter_of(golden, dict(one, header=wrong))
        envelope = Envelope(seal.seal_alone(author["identity_seed"], author["identity_key_id"],
                                            letter))
        envelope.check_signature(author["identity_public"])
        with pytest.raises(BadLayout):
            envelope.read_header()


def test_receipts_verify_and_are_made_again(golden):
    given = golden.all["receipts"]
    signer = golden.parties[given["signer"]]
    made = receipts.sign_all(signer["identity_seed"], [one["receipt"] for one in given["receipts"]])
    for signed, one in zip(made, given["receipts"], strict=True):
        assert signed.path == one["path"]
        assert signed.signature == given["signature"]
        receipt = receipts.verify(signed, signer["identity_public"])
        assert receipt.outcome == receipts.APPLIED
        for change in ({"index": (one["index"] + 1) % 3}, {"count": 4}, {"path": bytes(32)},
                       {"receipt": one["receipt"] + b"\x60\x01"}, {"signature": bytes(64)}):
            wrong = schema.frame.SignedReceipt()
            wrong.CopyFrom(signed)
            for name, value in change.items():
                setattr(wrong, name, value)
            with pytest.raises(hashes.Unverified):
                receipts.verify(wrong, signer["identity_public"])


def test_record_has_the_digest_and_signature_that_are_written(golden):
    record = golden.all["record"]
    signer = golden.parties[record["signer"]]
    assert hashes.record_digest(record["name"], record["bytes"]) == record["digest"]
    assert hashes.sign_record(record["name"], record["bytes"],
                              signer["identity_seed"]) == record["signature"]
    with pytest.raises(hashes.Unverified):
        hashes.check_record("agreement", record["bytes"], signer["identity_public"],
                            record["signature"])


@pytest.mark.parametrize("recipients", [("municipality",), ("municipality", "gp")])
def test_split_content_is_found(golden, recipients):
    """An author that gives each recipient another content key is found by the commitment."""
    one = golden.all["batches"][0]["envelopes"][0]
    author = golden.parties["hospital"]
    letter = letter_of(golden, one)
    good = seal.seal_alone(author["identity_seed"], author["identity_key_id"], letter)
    envelope = Envelope(good)
    other = bytes(32)
    own = golden.parties[recipients[-1]]["sealing_public"]
    h1 = hashes.named("rcpts", envelope.h0, bytes([2]), *(slot.key_id for slot in envelope.slots))
    enc, context = hpke.sender(hpke.derive_secret(b"s" * 32), own, seal.wrap_info(
        author["identity_key_id"], hashes.sealing_key_id(own)))
    place = [slot.key_id for slot in envelope.slots].index(hashes.sealing_key_id(own))
    start = len(envelope.head) + 1 + 100 * place + 16
    bad = good[:start] + enc + bytes(4) + context.seal(0, h1, other) + good[start + 84:]
    split = Envelope(bad)
    with pytest.raises(hashes.Unverified):
        split.check_signature(author["identity_public"])
    with pytest.raises(seal.Failed) as failed:
        seal.open_letter(split, split.read_header()[1],
                         golden.parties[recipients[-1]]["sealing_secret"])
    assert failed.value.stage == "commit"


def test_chain_follows_in_any_order_and_finds_a_false_head():
    def receipt(sequence, head):
        return schema.frame.Receipt(digest=bytes([sequence]) * 32, recorded_ms=sequence,
                                    transition_sequence=sequence, previous_head=head,
                                    r=bytes(32), outcome=1, kind_class=1)

    transition, head, all_of_them = b"t" * 16, bytes(32), []
    for sequence in range(1, 6):
        all_of_them.append(receipt(sequence, head))
        head = receipts.next_head(head, receipts.event_leaf(all_of_them[-1], transition))
    chain = receipts.Chain(transition)
    for one in reversed(all_of_them + all_of_them[:2]):
        chain.follow(one)
    assert (chain.sequence, chain.head) == (5, head)
    chain.follow(receipt(7, bytes(32)))
    assert chain.sequence == 5, "the sixth is missing"
    with pytest.raises(hashes.Unverified):
        chain.follow(receipt(6, bytes(32)))
