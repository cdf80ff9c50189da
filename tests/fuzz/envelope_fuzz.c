/*
 * Envelope and cover as a peer sends them (src/wire/envelope.h), and opening by who holds a key.
 * What is read accounts for every byte; nothing that a stranger sends verifies; opening ends in a
 * stage.
 */
#include "fuzz/fuzz.h"

#include <string.h>

#include "crypto/port.h"

/* The parts lie one behind the other and fill the whole. */
static void check_parts(const struct sf_envelope *envelope)
{
	size_t size = envelope->through_header.size + envelope->slots_through_ciphertext.size +
		      envelope->from_depth.size;
	SF_ASSERT(size == envelope->whole.size);
	SF_ASSERT(envelope->slots_through_length.size + envelope->ciphertext.size ==
		  envelope->slots_through_ciphertext.size);
	SF_ASSERT(envelope->slots.size == SF_SLOT_SIZE * envelope->slot_count);
	SF_ASSERT(envelope->header.size + 24 == envelope->through_header.size);
	SF_ASSERT(envelope->from_depth.size == 5 + envelope->path.size + SF_SIGNATURE_SIZE);
}

/* Head and end, written again, are the bytes that were read. */
static void check_written(const struct sf_envelope *envelope)
{
	struct sf_buf buf;
	sf_buf_init(&buf, SF_ENVELOPE_SIZE_MAX);
	SF_ASSERT(sf_envelope_write_header(envelope->author_key_id, envelope->flags,
			  envelope->header, &buf) == SF_OK);
	SF_ASSERT(sf_view_equal(sf_buf_view(&buf), envelope->through_header));
	sf_buf_clear(&buf);
	SF_ASSERT(
		sf_envelope_write_proof(envelope->depth, envelope->leaf_index, envelope->leaf_count,
			envelope->path, envelope->signature, &buf) == SF_OK);
	SF_ASSERT(sf_view_equal(sf_buf_view(&buf), envelope->from_depth));
	for (size_t i = 0; i < envelope->slot_count; i++) {
		struct sf_slot slot = sf_envelope_slot(envelope, i);
		uint8_t place[100];
		sf_slot_write(&slot, place);
		SF_ASSERT(memcmp(place, envelope->slots.data + SF_SLOT_SIZE * i, 100) == 0);
	}
	sf_buf_fini(&buf);
}

/* A cover made of the envelope reads as the same parts. */
static void check_cover(const struct sf_envelope *envelope)
{
	struct sf_buf buf;
	struct sf_cover cover;
	struct sf_digest sealed = {{1, 2, 3}};
	sf_buf_init(&buf, SF_COVER_SIZE_MAX);
	SF_ASSERT(sf_cover_write(envelope, &sealed, &buf) == SF_OK);
	SF_ASSERT(sf_cover_parse(sf_buf_view(&buf), &cover, NULL) == SF_OK);
	SF_ASSERT(sf_view_equal(cover.header, envelope->header));
	SF_ASSERT(sf_digest_equal(&cover.sealed, &sealed));
	SF_ASSERT(sf_view_equal(cover.from_depth, envelope->from_depth));
	sf_buf_fini(&buf);
}

/* The municipality of tests/golden/envelopes.json, so that the corpus gets past the wrap. */
static const char sealing_secret[] =
	"6659cc4cb6fb4bcaf04c8bacb2aeae43ebd7f9733ebbf5223b69ae425996adf3";

/* Opens without asking for a signature: what stands behind it must hold against its author too. */
static void check_opening(const struct sf_envelope *envelope)
{
	uint8_t secret[SF_KEY_SECRET_SIZE];
	SF_ASSERT(sf_hex_decode(sealing_secret, secret, sizeof(secret)) == SF_OK);
	struct sf_keyring *keyring;
	SF_ASSERT(sf_keyring_open(&keyring) == SF_OK);
	struct sf_key identity, sealing;
	/* Nobody's signing key: with no input does its signature hold. */
	SF_ASSERT(sf_key_from_secret(SF_KEY_IDENTITY, secret, &identity) == SF_OK);
	SF_ASSERT(sf_key_from_secret(SF_KEY_SEALING, secret, &sealing) == SF_OK);
	SF_ASSERT(sf_keyring_add(keyring, &sealing) == SF_OK);
	struct sf_crypto crypto;
	sf_crypto_port(keyring, &crypto);
	struct sf_envelope_names names;
	SF_ASSERT(crypto.verify(crypto.self, envelope, identity.public_key, &names) == SF_ERR_AUTH);
	struct sf_open_result result;
	struct sf_id party = {{1}}, author = {{2}};
	struct sf_digest commitment = {{3}};
	SF_ASSERT(crypto.open(crypto.self, envelope, party, author, &commitment, &result) == SF_OK);
	/* No body has this commitment. */
	SF_ASSERT(result.stage != SF_OPEN_GOOD);
	SF_ASSERT(result.salted_body.size == 0);
	sf_buf_fini(&result.salted_body);
	sf_key_fini(&identity);
	sf_key_fini(&sealing);
	sf_keyring_close(&keyring);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct sf_view view = sf_view_of(bytes, size);
	struct sf_envelope envelope;
	struct sf_cover cover;
	struct sf_diag diag = {""};
	if (sf_cover_parse(view, &cover, &diag) == SF_OK)
		SF_ASSERT(
			cover.through_header.size + SF_DIGEST_SIZE + cover.from_depth.size == size);
	else
		SF_ASSERT(diag.text[0] != '\0');
	diag.text[0] = '\0';
	if (sf_envelope_parse(view, &envelope, &diag) != SF_OK) {
		SF_ASSERT(diag.text[0] != '\0');
		return 0;
	}
	check_parts(&envelope);
	check_written(&envelope);
	check_cover(&envelope);
	check_opening(&envelope);
	return 0;
}
