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

/* clang-format off */
static const struct sf_contact night = {"+4511111111", "nattevagt", SF_CONTACT_ALL, 23 * 60, 7 * 60};
static const struct sf_contact day = {"22222222", "dagvagt", SF_CONTACT_WEEKDAYS, 7 * 60 + 30, 24 * 60};
/* clang-format on */

static void test_contacts_come_back_in_their_order(void **state)
{
	(void)state;
	struct sf_directory_entry entry = sample();
	struct sf_directory_entry back;
	entry.contact_count = 2;
	entry.contacts[0] = day;
	entry.contacts[1] = night;
	assert_int_equal(there_and_back(&entry, &back), SF_OK);
	assert_int_equal(back.contact_count, 2);
	assert_string_equal(back.contacts[0].telephone, "22222222");
	assert_string_equal(back.contacts[0].what, "dagvagt");
	assert_int_equal(back.contacts[0].days, SF_CONTACT_WEEKDAYS);
	assert_int_equal(back.contacts[0].from_minute, 450);
	assert_int_equal(back.contacts[0].until_minute, 1440);
	assert_string_equal(back.contacts[1].telephone, "+4511111111");
	for (size_t i = 0; i < SF_CONTACTS_MAX; i++)
		entry.contacts[i] = night;
	entry.contact_count = SF_CONTACTS_MAX;
	assert_int_equal(there_and_back(&entry, &back), SF_OK);
	assert_int_equal(back.contact_count, SF_CONTACTS_MAX);
}

static void test_contacts_that_cannot_be_are_refused(void **state)
{
	(void)state;
	struct sf_directory_entry back;
	struct sf_directory_entry entry = sample();
	struct sf_buf buf;
	sf_buf_init(&buf, 65536);
	entry.contact_count = SF_CONTACTS_MAX + 1;
	assert_int_equal(sf_entry_encode(&entry, &buf), SF_ERR_LIMIT);
	sf_buf_fini(&buf);
	entry.contact_count = 1;
	entry.contacts[0] = night;
	memcpy(entry.contacts[0].telephone, "ring nu", sizeof("ring nu"));
	assert_int_equal(there_and_back(&entry, &back), SF_ERR_FORMAT);
	entry.contacts[0] = night;
	entry.contacts[0].what[0] = '\0';
	assert_int_equal(there_and_back(&entry, &back), SF_ERR_FORMAT);
	entry.contacts[0] = night;
	entry.contacts[0].until_minute = 1441;
	assert_int_equal(there_and_back(&entry, &back), SF_ERR_FORMAT);
	entry.contacts[0] = night;
	entry.contacts[0].days = (enum sf_contact_days)7;
	assert_int_equal(there_and_back(&entry, &back), SF_ERR_FORMAT);
}

/* Older readers know field 12 and no more: who has no desks is read by them as before. */
static void test_entry_without_contacts_has_no_new_field(void **state)
{
	(void)state;
	struct sf_directory_entry entry = sample();
	struct sf_buf without, with;
	sf_buf_init(&without, 65536);
	sf_buf_init(&with, 65536);
	assert_int_equal(sf_entry_encode(&entry, &without), SF_OK);
	entry.contact_count = 1;
	entry.contacts[0] = night;
	assert_int_equal(sf_entry_encode(&entry, &with), SF_OK);
	assert_true(with.size > without.size);
	assert_memory_equal(with.data, without.data, without.size);
	assert_int_equal(with.data[without.size], 13 << 3 | 2);
	sf_buf_fini(&without);
	sf_buf_fini(&with);
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
		cmocka_unit_test(test_contacts_come_back_in_their_order),
		cmocka_unit_test(test_contacts_that_cannot_be_are_refused),
		cmocka_unit_test(test_entry_without_contacts_has_no_new_field),
		cmocka_unit_test(test_entry_bytes_that_are_not_strict_are_refused),
		cmocka_unit_test(test_texts_that_are_too_long_are_refused),
		cmocka_unit_test(test_request_comes_back_as_it_was),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
