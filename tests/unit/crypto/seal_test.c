#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "crypto/seal.h"
#include "unit/crypto/sealing.h"

/* Seals one letter of body_size to recipient_count parties; every one of them opens it. */
static void round_trip(size_t recipient_count, size_t body_size, uint8_t flags)
{
	struct party author;
	struct party readers[SF_RECIPIENT_COUNT_MAX];
	party_open(&author, 1);
	for (size_t i = 0; i < recipient_count; i++) {
		party_open(&readers[i], 10 + i);
		if (flags & SF_FLAG_PSK)
			party_share_psk(&author, &readers[i], i);
	}
	struct letter letter;
	letter_init(&letter, 1, &author, readers, recipient_count, body_size, flags);
	letters_seal(&author, &letter, 1);
	struct sf_view bytes = sf_buf_view(&letter.item.envelope);
	for (size_t i = 0; i < recipient_count; i++) {
		struct sf_buf body;
		assert_int_equal(arrive(&readers[i], &author, bytes, &letter.commitment, &body),
			SF_OPEN_GOOD);
		assert_true(sf_view_equal(sf_buf_view(&body), sf_buf_view(&letter.salted_body)));
		sf_buf_fini(&body);
	}
	/* A party without a slot has no key. */
	struct party stranger;
	party_open(&stranger, 99);
	if (recipient_count > 0)
		assert_int_equal(arrive(&stranger, &author, bytes, &letter.commitment, NULL),
			SF_OPEN_NO_KEY);
	party_close(&stranger);
	letter_fini(&letter);
	for (size_t i = 0; i < recipient_count; i++)
		party_close(&readers[i]);
	party_close(&author);
}

static void test_letter_to_one_opens(void **state)
{
	(void)state;
	round_trip(1, 0, 0);
	round_trip(1, 2000, 0);
}

static void test_letter_to_32_opens_for_each(void **state)
{
	(void)state;
	round_trip(32, 100, 0);
}

static void test_letter_with_psk_opens(void **state)
{
	(void)state;
	round_trip(1, 100, SF_FLAG_PSK);
	round_trip(5, 100, SF_FLAG_PSK);
}

static void test_largest_body_opens_and_one_byte_more_is_refused(void **state)
{
	(void)state;
	round_trip(1, SF_SALTED_BODY_SIZE_MAX - 32, 0);
	struct party author, reader;
	party_open(&author, 1);
	party_open(&reader, 2);
	struct letter letter;
	letter_init(&letter, 1, &author, &reader, 1, SF_SALTED_BODY_SIZE_MAX - 32, 0);
	static const uint8_t large[SF_SALTED_BODY_SIZE_MAX + 1];
	letter.item.salted_body = sf_view_of(large, sizeof(large));
	uint8_t seeds[1][32] = {{1}};
	struct sf_seal_batch *batch;
	assert_int_equal(sf_seal_begin(author.keyring, author.signing_id, &letter.item, 1,
				 (const uint8_t(*)[32])seeds, 1, &batch),
		SF_ERR_USAGE);
	letter_fini(&letter);
	party_close(&author);
	party_close(&reader);
}

static void test_fact_without_body_verifies(void **state)
{
	(void)state;
	struct party author, reader;
	party_open(&author, 1);
	party_open(&reader, 2);
	struct letter letter;
	letter_init(&letter, 1, &author, NULL, 0, 0, 0);
	letters_seal(&author, &letter, 1);
	struct sf_view bytes = sf_buf_view(&letter.item.envelope);
	struct sf_digest none = {0};
	struct sf_buf body;
	assert_int_equal(arrive(&reader, &author, bytes, &none, &body), SF_OPEN_GOOD);
	assert_int_equal(body.size, 0);
	sf_buf_fini(&body);
	/* A commitment promises a body that is not there. */
	struct sf_digest promised = {{1}};
	assert_int_equal(arrive(&reader, &author, bytes, &promised, NULL), SF_OPEN_COMMITMENT);
	letter_fini(&letter);
	party_close(&author);
	party_close(&reader);
}

/* Names from sealing, verifying the envelope and verifying the cover are the same. */
static void check_names(struct party *author, struct letter *letter)
{
	struct sf_crypto *crypto = &author->crypto;
	struct sf_envelope envelope;
	struct sf_envelope_names names;
	assert_int_equal(
		sf_envelope_parse(sf_buf_view(&letter->item.envelope), &envelope, NULL), SF_OK);
	assert_int_equal(
		crypto->verify(crypto->self, &envelope, author->signing_key, &names), SF_OK);
	assert_memory_equal(&names, &letter->item.names, sizeof(names));
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_COVER_SIZE_MAX);
	assert_int_equal(sf_cover_write(&envelope, &names.sealed, &bytes), SF_OK);
	struct sf_cover cover;
	assert_int_equal(sf_cover_parse(sf_buf_view(&bytes), &cover, NULL), SF_OK);
	struct sf_envelope_names cover_names;
	assert_int_equal(
		crypto->verify_cover(crypto->self, &cover, author->signing_key, &cover_names),
		SF_OK);
	assert_memory_equal(&names, &cover_names, sizeof(names));
	/* Another sealed digest in the cover is another envelope. */
	bytes.data[envelope.through_header.size] ^= 1;
	assert_int_equal(sf_cover_parse(sf_buf_view(&bytes), &cover, NULL), SF_OK);
	assert_int_equal(
		crypto->verify_cover(crypto->self, &cover, author->signing_key, &cover_names),
		SF_ERR_AUTH);
	sf_buf_fini(&bytes);
}

static void batch_of(size_t count)
{
	struct party author, readers[2], fresh;
	party_open(&author, 1);
	party_open(&readers[0], 2);
	party_open(&readers[1], 3);
	party_open(&fresh, 1);
	struct letter *letters = calloc(count, sizeof(*letters));
	assert_non_null(letters);
	for (size_t i = 0; i < count; i++)
		letter_init(&letters[i], i, &author, readers, i % 3, 64, 0);
	letters_seal(&author, letters, count);
	for (size_t i = 0; i < count; i++) {
		struct sf_view bytes = sf_buf_view(&letters[i].item.envelope);
		struct sf_digest *commitment = &letters[i].commitment;
		if (i % 3 > 0)
			assert_int_equal(arrive(&readers[0], &author, bytes, commitment, NULL),
				SF_OPEN_GOOD);
		if (i % 3 > 1)
			assert_int_equal(arrive(&readers[1], &author, bytes, commitment, NULL),
				SF_OPEN_GOOD);
	}
	check_names(&fresh, &letters[0]);
	check_names(&fresh, &letters[count - 1]);
	/* One context per recipient key in the batch, numbered in order. */
	uint32_t next = 0;
	for (size_t i = 1; i < count; i++) {
		if (i % 3 == 0)
			continue;
		assert_int_equal(letters[i].item.slot_contexts[0], 0);
		assert_int_equal(letters[i].item.slot_sequences[0], next);
		next++;
	}
	for (size_t i = 0; i < count; i++)
		letter_fini(&letters[i]);
	free(letters);
	party_close(&author);
	party_close(&fresh);
	party_close(&readers[0]);
	party_close(&readers[1]);
}

static void test_batches_of_many_sizes_open(void **state)
{
	(void)state;
	static const size_t counts[] = {1, 2, 3, 5, 100, 4096};
	for (size_t i = 0; i < SF_COUNT(counts); i++)
		batch_of(counts[i]);
}

static enum sf_err begin(struct party *author, struct sf_seal_item *items, size_t count,
	size_t seed_count, struct sf_seal_batch **ret_batch)
{
	static const uint8_t seeds[4][32] = {{1}, {2}, {3}, {4}};
	return sf_seal_begin(
		author->keyring, author->signing_id, items, count, seeds, seed_count, ret_batch);
}

static void test_unusable_items_are_refused(void **state)
{
	(void)state;
	struct party author, readers[2];
	party_open(&author, 1);
	party_open(&readers[0], 2);
	party_open(&readers[1], 3);
	struct letter letter;
	letter_init(&letter, 1, &author, readers, 2, 10, 0);
	struct sf_seal_batch *batch;
	struct sf_seal_item item = letter.item;
	assert_int_equal(begin(&author, &item, 0, 4, &batch), SF_ERR_USAGE);
	assert_int_equal(begin(&author, &item, SF_BATCH_COUNT_MAX + 1, 4, &batch), SF_ERR_USAGE);
	assert_int_equal(begin(&author, &item, 1, 1, &batch), SF_ERR_USAGE);
	item.flags = 0x04;
	assert_int_equal(begin(&author, &item, 1, 4, &batch), SF_ERR_USAGE);
	item.flags = SF_FLAG_PSK;
	assert_int_equal(begin(&author, &item, 1, 4, &batch), SF_ERR_KEY_UNKNOWN);
	item = letter.item;
	item.header.size = 0;
	assert_int_equal(begin(&author, &item, 1, 4, &batch), SF_ERR_USAGE);
	item = letter.item;
	item.salted_body.size = 31;
	assert_int_equal(begin(&author, &item, 1, 4, &batch), SF_ERR_USAGE);
	item = letter.item;
	item.recipient_count = 0;
	assert_int_equal(begin(&author, &item, 1, 4, &batch), SF_ERR_USAGE);
	item = letter.item;
	letter.recipients[1] = letter.recipients[0];
	assert_int_equal(begin(&author, &item, 1, 4, &batch), SF_ERR_USAGE);
	letter.recipients[1].key_id = readers[1].sealing_id;
	assert_int_equal(begin(&author, &item, 1, 4, &batch), SF_ERR_USAGE);
	memset(letter.recipients[1].public_key, 0, SF_PUBLIC_KEY_SIZE);
	letter.recipients[1].key_id = sf_key_id_x25519(letter.recipients[1].public_key);
	assert_int_equal(begin(&author, &item, 1, 4, &batch), SF_ERR_AUTH);
	static const uint8_t seeds[4][32] = {{1}};
	assert_int_equal(
		sf_seal_begin(author.keyring, readers[0].signing_id, &item, 1, seeds, 4, &batch),
		SF_ERR_KEY_UNKNOWN);
	letter_fini(&letter);
	party_close(&author);
	party_close(&readers[0]);
	party_close(&readers[1]);
}

static void test_batch_with_an_unsealed_item_does_not_finish(void **state)
{
	(void)state;
	struct party author, reader;
	party_open(&author, 1);
	party_open(&reader, 2);
	struct letter letters[2];
	for (size_t i = 0; i < 2; i++)
		letter_init(&letters[i], i, &author, &reader, 1, 10, 0);
	struct sf_seal_item items[2] = {letters[0].item, letters[1].item};
	struct sf_seal_batch *batch;
	assert_int_equal(begin(&author, items, 2, 1, &batch), SF_OK);
	sf_seal_one(batch, &items[0]);
	assert_int_equal(sf_seal_finish(batch), SF_ERR_STATE);
	/* An envelope that does not fit its buffer fails its batch, with its reason. */
	sf_buf_fini(&items[1].envelope);
	sf_buf_init(&items[1].envelope, 100);
	sf_seal_one(batch, &items[1]);
	assert_int_equal(items[1].err, SF_ERR_LIMIT);
	assert_int_equal(sf_seal_finish(batch), SF_ERR_LIMIT);
	sf_seal_close(&batch);
	for (size_t i = 0; i < 2; i++) {
		letters[i].item = items[i];
		letter_fini(&letters[i]);
	}
	party_close(&author);
	party_close(&reader);
}

static void test_content_key_is_wiped_when_sealed(void **state)
{
	(void)state;
	struct party author, reader;
	party_open(&author, 1);
	party_open(&reader, 2);
	struct letter letter;
	letter_init(&letter, 1, &author, &reader, 1, 10, 0);
	letters_seal(&author, &letter, 1);
	static const uint8_t zero[32];
	assert_memory_equal(letter.item.content_key, zero, sizeof(zero));
	letter_fini(&letter);
	party_close(&author);
	party_close(&reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_letter_to_one_opens),
		cmocka_unit_test(test_letter_to_32_opens_for_each),
		cmocka_unit_test(test_letter_with_psk_opens),
		cmocka_unit_test(test_largest_body_opens_and_one_byte_more_is_refused),
		cmocka_unit_test(test_fact_without_body_verifies),
		cmocka_unit_test(test_batches_of_many_sizes_open),
		cmocka_unit_test(test_unusable_items_are_refused),
		cmocka_unit_test(test_batch_with_an_unsealed_item_does_not_finish),
		cmocka_unit_test(test_content_key_is_wiped_when_sealed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
