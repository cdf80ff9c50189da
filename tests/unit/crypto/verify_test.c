#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <pthread.h>

#include "crypto/verify.h"
#include "unit/crypto/sealing.h"

static void test_envelope_under_another_key_or_key_id_is_refused(void **state)
{
	(void)state;
	struct party author, other;
	party_open(&author, 1);
	party_open(&other, 2);
	struct letter letters[3];
	for (size_t i = 0; i < 3; i++)
		letter_init(&letters[i], i, &author, NULL, 0, 0, 0);
	letters_seal(&author, letters, 3);
	struct sf_envelope envelope;
	struct sf_envelope_names names = {.tbs = {{42}}};
	assert_int_equal(
		sf_envelope_parse(sf_buf_view(&letters[1].item.envelope), &envelope, NULL), SF_OK);
	assert_int_equal(sf_verify_envelope(other.keyring, &envelope, other.signing_key, &names),
		SF_ERR_AUTH);
	assert_int_equal(names.tbs.bytes[0], 42);
	assert_int_equal(
		sf_verify_envelope(other.keyring, &envelope, author.signing_key, &names), SF_OK);
	/* With the root remembered, a path that leads elsewhere is still refused. */
	uint8_t *path = letters[1].item.envelope.data + (envelope.path.data - envelope.whole.data);
	path[0] ^= 1;
	assert_int_equal(sf_verify_envelope(other.keyring, &envelope, author.signing_key, &names),
		SF_ERR_AUTH);
	path[0] ^= 1;
	envelope.leaf_index = 0;
	assert_int_equal(sf_verify_envelope(other.keyring, &envelope, author.signing_key, &names),
		SF_ERR_AUTH);
	for (size_t i = 0; i < 3; i++)
		letter_fini(&letters[i]);
	party_close(&author);
	party_close(&other);
}

static void test_remembered_root_binds_key_count_and_signature(void **state)
{
	(void)state;
	struct party author, other;
	party_open(&author, 1);
	party_open(&other, 2);
	struct sf_view label = sf_view_of("a label", 8);
	struct sf_digest root = {{5}};
	static const uint8_t count[2] = {0, 9};
	struct sf_view parts[] = {label, sf_view_of(count, 2), sf_digest_view(&root)};
	uint8_t signature[SF_SIGNATURE_SIZE];
	assert_int_equal(
		sf_keyring_sign(author.keyring, author.signing_id, parts, 3, signature), SF_OK);
	for (size_t round = 0; round < 2; round++) {
		assert_int_equal(sf_verify_root(other.keyring, label, author.signing_key, 9, &root,
					 signature),
			SF_OK);
		assert_int_equal(sf_verify_root(other.keyring, label, author.signing_key, 8, &root,
					 signature),
			SF_ERR_AUTH);
		assert_int_equal(sf_verify_root(other.keyring, label, other.signing_key, 9, &root,
					 signature),
			SF_ERR_AUTH);
		assert_int_equal(sf_verify_root(other.keyring, sf_view_of("b label", 8),
					 author.signing_key, 9, &root, signature),
			SF_ERR_AUTH);
		signature[0] ^= 1;
		assert_int_equal(sf_verify_root(other.keyring, label, author.signing_key, 9, &root,
					 signature),
			SF_ERR_AUTH);
		signature[0] ^= 1;
		root.bytes[31] ^= 1;
		assert_int_equal(sf_verify_root(other.keyring, label, author.signing_key, 9, &root,
					 signature),
			SF_ERR_AUTH);
		root.bytes[31] ^= 1;
	}
	party_close(&author);
	party_close(&other);
}

#define LETTERS 24

struct work {
	struct party *reader;
	struct party *author;
	struct letter *letters;
	size_t opened;
};

static void *open_all(void *context)
{
	struct work *work = context;
	for (size_t i = 0; i < LETTERS; i++)
		if (arrive(work->reader, work->author, sf_buf_view(&work->letters[i].item.envelope),
			    &work->letters[i].commitment, NULL) == SF_OPEN_GOOD)
			work->opened++;
	return NULL;
}

static void test_workers_verify_and_open_at_the_same_time(void **state)
{
	(void)state;
	struct party author, reader;
	party_open(&author, 1);
	party_open(&reader, 2);
	static struct letter letters[LETTERS];
	for (size_t i = 0; i < LETTERS; i++)
		letter_init(&letters[i], i, &author, &reader, 1, 200, 0);
	letters_seal(&author, letters, LETTERS);
	pthread_t threads[3];
	struct work works[3];
	for (size_t i = 0; i < 3; i++) {
		works[i] = (struct work){&reader, &author, letters, 0};
		assert_int_equal(pthread_create(&threads[i], NULL, open_all, &works[i]), 0);
	}
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(works[i].opened, LETTERS);
	}
	for (size_t i = 0; i < LETTERS; i++)
		letter_fini(&letters[i]);
	party_close(&author);
	party_close(&reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_envelope_under_another_key_or_key_id_is_refused),
		cmocka_unit_test(test_remembered_root_binds_key_count_and_signature),
		cmocka_unit_test(test_workers_verify_and_open_at_the_same_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
