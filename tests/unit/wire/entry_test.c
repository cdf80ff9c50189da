#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/wire/raw.h"
#include "wire/record.h"

static struct sf_directory_entry sample(void)
{
	struct sf_directory_entry entry = {
		.party = raw_id(1),
		.name = "Testby Kommune",
		.role = SF_ROLE_MUNICIPALITY,
		.sor = "123456",
		.gln = "5790000000000",
		.represented_by = raw_id(2),
		.support = "00000000",
		.version = 2,
		.previous = raw_digest(3),
		.key_count = 2,
		.keys =
			{
				{.use = SF_KEY_USE_IDENTITY,
					.public_key = {1},
					.not_before_ms = 10,
					.not_after_ms = INT64_MAX},
				{.use = SF_KEY_USE_SEALING,
					.public_key = {2},
					.not_before_ms = 10,
					.not_after_ms = 20,
					.revoked_ms = 15,
					.compromised_since_ms = 12},
			},
	};
	return entry;
}

static enum sf_err there_and_back(
	const struct sf_directory_entry *entry, struct sf_directory_entry *ret_entry)
{
	struct sf_buf buf;
	sf_buf_init(&buf, 65536);
	assert_int_equal(sf_entry_encode(entry, &buf), SF_OK);
	enum sf_err err = sf_entry_decode(sf_buf_view(&buf), ret_entry, NULL);
	sf_buf_fini(&buf);
	return err;
}

static void test_entry_comes_back_as_it_was(void **state)
{
	(void)state;
	struct sf_directory_entry entry = sample();
	struct sf_directory_entry back;
	assert_int_equal(there_and_back(&entry, &back), SF_OK);
	assert_true(sf_id_equal(back.party, entry.party));
	assert_string_equal(back.name, entry.name);
	assert_int_equal(back.role, SF_ROLE_MUNICIPALITY);
	assert_string_equal(back.sor, entry.sor);
	assert_string_equal(back.gln, entry.gln);
	assert_true(sf_id_equal(back.represented_by, entry.represented_by));
	assert_string_equal(back.support, entry.support);
	assert_int_equal(back.version, 2);
	assert_true(sf_digest_equal(&back.previous, &entry.previous));
	assert_int_equal(back.key_count, 2);
	assert_int_equal(back.keys[1].use, SF_KEY_USE_SEALING);
	assert_int_equal(back.keys[1].public_key[0], 2);
	assert_int_equal(back.keys[1].revoked_ms, 15);
	assert_int_equal(back.keys[1].compromised_since_ms, 12);
	assert_int_equal(back.keys[0].not_after_ms, INT64_MAX);
}

static void test_entries_that_cannot_be_are_refused(void **state)
{
	(void)state;
	struct sf_directory_entry back;
	struct sf_directory_entry entry = sample();
	entry.party = (struct sf_id){0};
	assert_int_equal(there_and_back(&entry, &back), SF_ERR_FORMAT);
	entry = sample();
	entry.name[0] = '\0';
	assert_int_equal(there_and_back(&entry, &back), SF_ERR_FORMAT);
	entry = sample();
	entry.role = (enum sf_role)11;
	assert_int_equal(there_and_back(&entry, &back), SF_ERR_FORMAT);
	entry = sample();
	entry.version = 0;
	assert_int_equal(there_and_back(&entry, &back), SF_ERR_FORMAT);
	entry = sample();
	entry.version = 1;
	assert_int_equal(there_and_back(&entry, &back), SF_OK);
	assert_true(sf_digest_is_none(&back.previous));
	entry = sample();
	entry.keys[1].use = (enum sf_key_use)6;
	assert_int_equal(there_and_back(&entry, &back), SF_ERR_FORMAT);
	entry = sample();
	entry.keys[1].not_after_ms = 9;
	assert_int_equal(there_and_back(&entry, &back), SF_ERR_FORMAT);
}

static void test_entry_bytes_that_are_not_strict_are_refused(void **state)
{
	(void)state;
	struct sf_directory_entry entry = sample();
	struct sf_directory_entry back;
	struct sf_buf buf;
	sf_buf_init(&buf, 65536);
	assert_int_equal(sf_entry_encode(&entry, &buf), SF_OK);
	size_t good = buf.size;
	raw_number(&buf, 13, 1);
	assert_int_equal(sf_entry_decode(sf_buf_view(&buf), &back, NULL), SF_ERR_FORMAT);
	buf.size = good;
	raw_number(&buf, 3, 1);
	assert_int_equal(sf_entry_decode(sf_buf_view(&buf), &back, NULL), SF_ERR_FORMAT);
	buf.size = good;
	for (size_t i = 0; i < SF_PARTY_KEYS_MAX - 1; i++)
		raw_fill(&buf, 6, 0, 0);
	assert_int_equal(sf_entry_decode(sf_buf_view(&buf), &back, NULL), SF_ERR_FORMAT);
	buf.size = good;
	raw_number(&buf, 7, 2);
	assert_int_equal(sf_entry_decode(sf_buf_view(&buf), &back, NULL), SF_OK);
	sf_buf_fini(&buf);
}

static void test_texts_that_are_too_long_are_refused(void **state)
{
	(void)state;
	char name[SF_PARTY_NAME_SIZE_MAX + 2];
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	struct sf_buf buf;
	sf_buf_init(&buf, 4096);
	raw_fill(&buf, 1, 1, 16);
	raw_text(&buf, 2, name);
	raw_number(&buf, 3, SF_ROLE_GP);
	raw_number(&buf, 11, 1);
	struct sf_directory_entry back;
	struct sf_diag diag;
	assert_int_equal(sf_entry_decode(sf_buf_view(&buf), &back, &diag), SF_ERR_FORMAT);
	assert_non_null(strstr(diag.text, "name is longer than 128"));
	sf_buf_fini(&buf);
}

static void test_request_comes_back_as_it_was(void **state)
{
	(void)state;
	struct sf_directory_entry entry = sample();
	struct sf_buf buf;
	sf_buf_init(&buf, 65536);
	assert_int_equal(sf_request_encode(&entry, 999, &buf), SF_OK);
	struct sf_directory_entry back;
	int64_t made_ms = 0;
	assert_int_equal(sf_request_decode(sf_buf_view(&buf), &back, &made_ms, NULL), SF_OK);
	assert_int_equal(made_ms, 999);
	assert_int_equal(back.version, 0);
	assert_true(sf_digest_is_none(&back.previous));
	assert_string_equal(back.name, entry.name);
	assert_int_equal(back.key_count, 2);
	raw_number(&buf, 8, 5);
	assert_int_equal(
		sf_request_decode(sf_buf_view(&buf), &back, &made_ms, NULL), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entry_comes_back_as_it_was),
		cmocka_unit_test(test_entries_that_cannot_be_are_refused),
		cmocka_unit_test(test_entry_bytes_that_are_not_strict_are_refused),
		cmocka_unit_test(test_texts_that_are_too_long_are_refused),
		cmocka_unit_test(test_request_comes_back_as_it_was),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
