/*
 * Attacks on sealed envelopes, in the receive order of WIRE.md section 1: parse, verify, open.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <sodium.h>

#include "crypto/hash.h"
#include "crypto/names.h"
#include "crypto/open.h"
#include "unit/crypto/sealing.h"

struct scene {
	struct party author;
	struct party readers[2];
	struct party mallory;
	struct letter letter;
};

static void scene_open_with(struct scene *scene, size_t recipient_count, uint8_t flags)
{
	party_open(&scene->author, 1);
	party_open(&scene->readers[0], 2);
	party_open(&scene->readers[1], 3);
	party_open(&scene->mallory, 4);
	if (flags & SF_FLAG_PSK) {
		party_share_psk(&scene->author, &scene->readers[0], 1);
		party_share_psk(&scene->author, &scene->readers[1], 2);
	}
	letter_init(&scene->letter, 7, &scene->author, scene->readers, recipient_count, 50, flags);
	letters_seal(&scene->author, &scene->letter, 1);
}

static void scene_close(struct scene *scene)
{
	letter_fini(&scene->letter);
	party_close(&scene->author);
	party_close(&scene->readers[0]);
	party_close(&scene->readers[1]);
	party_close(&scene->mallory);
}

static struct sf_view scene_bytes(const struct scene *scene)
{
	return sf_buf_view(&scene->letter.item.envelope);
}

static void test_every_flipped_bit_is_rejected(void **state)
{
	(void)state;
	struct scene scene;
	scene_open_with(&scene, 1, 0);
	struct sf_buf *envelope = &scene.letter.item.envelope;
	size_t framing = 0, signature = 0;
	for (size_t bit = 0; bit < envelope->size * 8; bit++) {
		envelope->data[bit / 8] ^= (uint8_t)(1u << bit % 8);
		int stage = arrive(&scene.readers[0], &scene.author, scene_bytes(&scene),
			&scene.letter.commitment, NULL);
		envelope->data[bit / 8] ^= (uint8_t)(1u << bit % 8);
		/* Everything is under the signature: nothing else is ever reached. */
		assert_true(stage == ARRIVAL_FRAMING || stage == ARRIVAL_SIGNATURE);
		framing += stage == ARRIVAL_FRAMING;
		signature += stage == ARRIVAL_SIGNATURE;
	}
	assert_true(framing > 0 && signature > 0);
	assert_int_equal(arrive(&scene.readers[0], &scene.author, scene_bytes(&scene),
				 &scene.letter.commitment, NULL),
		SF_OPEN_GOOD);
	scene_close(&scene);
}

static void test_every_truncation_and_trailing_byte_is_rejected(void **state)
{
	(void)state;
	struct scene scene;
	scene_open_with(&scene, 2, 0);
	struct sf_view bytes = scene_bytes(&scene);
	struct sf_envelope envelope;
	for (size_t size = 0; size < bytes.size; size++)
		assert_int_equal(sf_envelope_parse(sf_view_of(bytes.data, size), &envelope, NULL),
			SF_ERR_FORMAT);
	uint8_t *longer = malloc(bytes.size + 1);
	assert_non_null(longer);
	memcpy(longer, bytes.data, bytes.size);
	for (unsigned last = 0; last < 256; last++) {
		longer[bytes.size] = (uint8_t)last;
		assert_int_equal(
			sf_envelope_parse(sf_view_of(longer, bytes.size + 1), &envelope, NULL),
			SF_ERR_FORMAT);
	}
	free(longer);
	scene_close(&scene);
}

/* Mallory signs bytes with his own key, whatever stands in them: he controls all but other keys. */
static void sign_again(struct party *signer, struct sf_buf *bytes)
{
	struct sf_envelope envelope;
	assert_int_equal(sf_envelope_parse(sf_buf_view(bytes), &envelope, NULL), SF_OK);
	assert_int_equal(envelope.depth, 0);
	struct sf_digest h0, sealed, tbs;
	sf_names_h0(envelope.through_header, &h0);
	sf_names_sealed(envelope.slots_through_ciphertext, &sealed);
	sf_names_tbs(&h0, &sealed, &tbs);
	static const uint8_t one[2] = {0, 1};
	struct sf_view parts[] = {
		SF_LABEL("stafet/v1/batch"), sf_view_of(one, 2), sf_digest_view(&tbs)};
	uint8_t signature[SF_SIGNATURE_SIZE];
	assert_int_equal(
		sf_keyring_sign(signer->keyring, signer->signing_id, parts, 3, signature), SF_OK);
	memcpy(bytes->data + bytes->size - SF_SIGNATURE_SIZE, signature, SF_SIGNATURE_SIZE);
}

static int arrive_again(struct scene *scene, struct party *signer)
{
	sign_again(signer, &scene->letter.item.envelope);
	return arrive(
		&scene->readers[0], signer, scene_bytes(scene), &scene->letter.commitment, NULL);
}

/* Surreptitious re-signing: the letter is not Mallory's, so no key of his may make it so. */
static void test_stripped_and_signed_by_another_fails_at_wrap(void **state)
{
	(void)state;
	struct scene scene;
	scene_open_with(&scene, 1, 0);
	memcpy(scene.letter.item.envelope.data + 8, scene.mallory.signing_id.bytes, SF_ID_SIZE);
	assert_int_equal(arrive_again(&scene, &scene.mallory), SF_OPEN_WRAP);
	scene_close(&scene);
}

/* Even a recipient who re-signs with the author's own key id left in place gets nowhere. */
static void test_signed_by_another_under_the_authors_id_fails(void **state)
{
	(void)state;
	struct scene scene;
	scene_open_with(&scene, 1, 0);
	assert_int_equal(arrive_again(&scene, &scene.mallory), ARRIVAL_SIGNATURE);
	scene_close(&scene);
}

static uint8_t *slot_place(struct scene *scene, size_t index)
{
	struct sf_envelope envelope;
	assert_int_equal(sf_envelope_parse(scene_bytes(scene), &envelope, NULL), SF_OK);
	size_t offset = (size_t)(envelope.slots.data - envelope.whole.data);
	return scene->letter.item.envelope.data + offset + SF_SLOT_SIZE * index;
}

/* A recipient passes the slot on to somebody else: the wrap was made for another key. */
static void test_forwarded_to_another_recipient_fails(void **state)
{
	(void)state;
	struct scene scene;
	scene_open_with(&scene, 1, 0);
	/* As it is: the other has no slot. */
	assert_int_equal(arrive(&scene.readers[1], &scene.author, scene_bytes(&scene),
				 &scene.letter.commitment, NULL),
		SF_OPEN_NO_KEY);
	memcpy(slot_place(&scene, 0), scene.readers[1].sealing_id.bytes, SF_ID_SIZE);
	sign_again(&scene.author, &scene.letter.item.envelope);
	assert_int_equal(arrive(&scene.readers[1], &scene.author, scene_bytes(&scene),
				 &scene.letter.commitment, NULL),
		SF_OPEN_WRAP);
	scene_close(&scene);
}

static void test_swapped_slots_fail_at_wrap(void **state)
{
	(void)state;
	struct scene scene;
	scene_open_with(&scene, 2, 0);
	uint8_t kept[SF_SLOT_SIZE];
	uint8_t *first = slot_place(&scene, 0);
	uint8_t *second = slot_place(&scene, 1);
	memcpy(kept, first, SF_SLOT_SIZE);
	memcpy(first, second, SF_SLOT_SIZE);
	memcpy(second, kept, SF_SLOT_SIZE);
	assert_int_equal(arrive_again(&scene, &scene.author), SF_OPEN_WRAP);
	scene_close(&scene);
}

static void test_another_slot_number_fails_at_wrap(void **state)
{
	(void)state;
	struct scene scene;
	scene_open_with(&scene, 1, 0);
	slot_place(&scene, 0)[51] ^= 1;
	assert_int_equal(arrive_again(&scene, &scene.author), SF_OPEN_WRAP);
	scene_close(&scene);
}

/* A wrap of an earlier envelope of the same context, with its number, under another header. */
static void test_replayed_slot_of_the_same_context_fails_at_wrap(void **state)
{
	(void)state;
	struct scene scene;
	scene_open_with(&scene, 1, 0);
	struct letter letters[2];
	for (size_t i = 0; i < 2; i++)
		letter_init(&letters[i], 20 + i, &scene.author, scene.readers, 1, 10, 0);
	letters_seal(&scene.author, letters, 2);
	for (size_t i = 0; i < 2; i++) {
		struct sf_envelope other;
		assert_int_equal(
			sf_envelope_parse(sf_buf_view(&letters[i].item.envelope), &other, NULL),
			SF_OK);
		assert_int_equal(arrive(&scene.readers[0], &scene.author, other.whole,
					 &letters[i].commitment, NULL),
			SF_OPEN_GOOD);
		memcpy(slot_place(&scene, 0), other.slots.data, SF_SLOT_SIZE);
		assert_int_equal(arrive_again(&scene, &scene.author), SF_OPEN_WRAP);
		letter_fini(&letters[i]);
	}
	scene_close(&scene);
}

static void test_low_order_enc_fails_at_wrap(void **state)
{
	(void)state;
	struct scene scene;
	scene_open_with(&scene, 1, 0);
	memset(slot_place(&scene, 0) + 16, 0, 32);
	assert_int_equal(arrive_again(&scene, &scene.author), SF_OPEN_WRAP);
	scene_close(&scene);
}

static void test_changed_commit_nonce_and_ciphertext_stop_at_their_stage(void **state)
{
	(void)state;
	struct scene scene;
	scene_open_with(&scene, 1, 0);
	uint8_t *commit = slot_place(&scene, 1);
	commit[3] ^= 1;
	assert_int_equal(arrive_again(&scene, &scene.author), SF_OPEN_COMMIT);
	commit[3] ^= 1;
	commit[32] ^= 1;
	assert_int_equal(arrive_again(&scene, &scene.author), SF_OPEN_AEAD);
	commit[32] ^= 1;
	commit[60 + 100] ^= 1;
	assert_int_equal(arrive_again(&scene, &scene.author), SF_OPEN_AEAD);
	commit[60 + 100] ^= 1;
	struct sf_digest another = scene.letter.commitment;
	another.bytes[0] ^= 1;
	sign_again(&scene.author, &scene.letter.item.envelope);
	assert_int_equal(
		arrive(&scene.readers[0], &scene.author, scene_bytes(&scene), &another, NULL),
		SF_OPEN_COMMITMENT);
	scene_close(&scene);
}

/* Encrypts padded under the right keys in place of what the sealer made. */
static void replace_content(struct scene *scene, const uint8_t *padded, size_t size)
{
	struct sf_envelope envelope;
	assert_int_equal(sf_envelope_parse(scene_bytes(scene), &envelope, NULL), SF_OK);
	assert_int_equal(envelope.ciphertext.size, size + 16);
	struct sf_digest h0, h1, h2, key;
	uint8_t content_key[32];
	chance("content key", 7, content_key, sizeof(content_key));
	sf_names_h0(envelope.through_header, &h0);
	sf_names_h1(&h0, envelope.slot_count, envelope.slots, &h1);
	sf_names_h2(&h1, envelope.slots_through_length, &h2);
	sf_names_payload_key(sf_view_of(content_key, 32), &h1, &key);
	uint8_t *place =
		scene->letter.item.envelope.data + (envelope.ciphertext.data - envelope.whole.data);
	crypto_aead_xchacha20poly1305_ietf_encrypt(
		place, NULL, padded, size, h2.bytes, 32, NULL, envelope.nonce.data, key.bytes);
}

/*
 * Split content: a dishonest author wraps different content keys for two recipients. Made from two
 * sealings with one header and the same recipients: the second slot is the other sealing's.
 */
static void test_split_content_fails_at_commit(void **state)
{
	(void)state;
	struct scene scene;
	scene_open_with(&scene, 2, 0);
	struct letter other;
	letter_init(&other, 7, &scene.author, scene.readers, 2, 50, 0);
	chance("another content key", 1, other.item.content_key, 32);
	letters_seal(&scene.author, &other, 1);
	struct sf_envelope envelope;
	assert_int_equal(
		sf_envelope_parse(sf_buf_view(&other.item.envelope), &envelope, NULL), SF_OK);
	memcpy(slot_place(&scene, 1), envelope.slots.data + SF_SLOT_SIZE, SF_SLOT_SIZE);
	/* The slots are under the AEAD: the body must be encrypted anew, under the first key. */
	static uint8_t padded[4096];
	memcpy(padded, scene.letter.salted_body.data, scene.letter.salted_body.size);
	padded[scene.letter.salted_body.size] = 0x80;
	replace_content(&scene, padded, sizeof(padded));
	sign_again(&scene.author, &scene.letter.item.envelope);
	assert_int_equal(arrive(&scene.readers[0], &scene.author, scene_bytes(&scene),
				 &scene.letter.commitment, NULL),
		SF_OPEN_GOOD);
	assert_int_equal(arrive(&scene.readers[1], &scene.author, scene_bytes(&scene),
				 &scene.letter.commitment, NULL),
		SF_OPEN_COMMIT);
	letter_fini(&other);
	scene_close(&scene);
}

static void test_wrong_padding_fails_after_the_aead(void **state)
{
	(void)state;
	struct scene scene;
	scene_open_with(&scene, 1, 0);
	static uint8_t padded[4096];
	static const struct {
		size_t mark;  /* place of 0x80, 4096 for none */
		size_t extra; /* place of a byte that should be zero, 0 for none */
		enum sf_open_stage stage;
	} cases[] = {
		{82, 0, SF_OPEN_COMMITMENT}, /* well-formed, another body */
		{82, 4095, SF_OPEN_PADDING}, {4096, 0, SF_OPEN_PADDING},
		{31, 0, SF_OPEN_PADDING}, /* no room for the salt */
	};
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		memset(padded, 0, sizeof(padded));
		if (cases[i].mark < sizeof(padded))
			padded[cases[i].mark] = 0x80;
		if (cases[i].extra > 0)
			padded[cases[i].extra] = 1;
		replace_content(&scene, padded, sizeof(padded));
		assert_int_equal(arrive_again(&scene, &scene.author), cases[i].stage);
	}
	scene_close(&scene);
}

static void test_psk_letter_needs_the_psk(void **state)
{
	(void)state;
	struct scene scene;
	scene_open_with(&scene, 1, SF_FLAG_PSK);
	struct party bare;
	party_open(&bare, 2); /* the same sealing key, no psk */
	bare.id = scene.readers[0].id;
	assert_int_equal(
		arrive(&bare, &scene.author, scene_bytes(&scene), &scene.letter.commitment, NULL),
		SF_OPEN_NO_KEY);
	party_share_psk(&bare, &scene.mallory, 5);
	assert_int_equal(
		arrive(&bare, &scene.author, scene_bytes(&scene), &scene.letter.commitment, NULL),
		SF_OPEN_NO_KEY);
	party_close(&bare);
	/* Without the flag the same slot is another mode. */
	scene.letter.item.envelope.data[5] = 0;
	assert_int_equal(arrive_again(&scene, &scene.author), SF_OPEN_WRAP);
	scene_close(&scene);
}

static void test_older_psk_still_opens(void **state)
{
	(void)state;
	struct scene scene;
	scene_open_with(&scene, 1, SF_FLAG_PSK);
	party_share_psk(&scene.author, &scene.readers[0], 77);
	party_share_psk(&scene.author, &scene.readers[0], 78);
	assert_int_equal(arrive(&scene.readers[0], &scene.author, scene_bytes(&scene),
				 &scene.letter.commitment, NULL),
		SF_OPEN_GOOD);
	scene_close(&scene);
}

static void test_removed_sealing_key_opens_no_more(void **state)
{
	(void)state;
	struct scene scene;
	scene_open_with(&scene, 1, 0);
	struct party *reader = &scene.readers[0];
	assert_int_equal(
		arrive(reader, &scene.author, scene_bytes(&scene), &scene.letter.commitment, NULL),
		SF_OPEN_GOOD);
	assert_int_equal(sf_keyring_remove(reader->keyring, reader->sealing_id), SF_OK);
	assert_int_equal(
		arrive(reader, &scene.author, scene_bytes(&scene), &scene.letter.commitment, NULL),
		SF_OPEN_NO_KEY);
	assert_int_equal(sf_keyring_remove(reader->keyring, reader->sealing_id), SF_ERR_NOT_FOUND);
	scene_close(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_flipped_bit_is_rejected),
		cmocka_unit_test(test_every_truncation_and_trailing_byte_is_rejected),
		cmocka_unit_test(test_stripped_and_signed_by_another_fails_at_wrap),
		cmocka_unit_test(test_signed_by_another_under_the_authors_id_fails),
		cmocka_unit_test(test_forwarded_to_another_recipient_fails),
		cmocka_unit_test(test_swapped_slots_fail_at_wrap),
		cmocka_unit_test(test_another_slot_number_fails_at_wrap),
		cmocka_unit_test(test_replayed_slot_of_the_same_context_fails_at_wrap),
		cmocka_unit_test(test_low_order_enc_fails_at_wrap),
		cmocka_unit_test(test_split_content_fails_at_commit),
		cmocka_unit_test(test_changed_commit_nonce_and_ciphertext_stop_at_their_stage),
		cmocka_unit_test(test_wrong_padding_fails_after_the_aead),
		cmocka_unit_test(test_psk_letter_needs_the_psk),
		cmocka_unit_test(test_older_psk_still_opens),
		cmocka_unit_test(test_removed_sealing_key_opens_no_more),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
