#include "transport/allow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct sf_allow_entry entry_of(uint8_t key, uint8_t party)
{
	struct sf_allow_entry entry;
	memset(entry.key, key, sizeof(entry.key));
	memset(entry.party.bytes, party, sizeof(entry.party.bytes));
	return entry;
}

static void test_every_key_is_found_and_no_other(void **state)
{
	(void)state;
	struct sf_allow_entry entries[200];
	/* Out of order, two keys a party. */
	for (size_t i = 0; i < SF_COUNT(entries); i++)
		entries[i] = entry_of((uint8_t)(1 + i * 77 % 200), (uint8_t)(1 + i * 77 % 200 / 2));
	struct sf_allow allow;
	assert_int_equal(sf_allow_make(entries, SF_COUNT(entries), &allow), SF_OK);
	struct sf_id party;
	for (size_t i = 0; i < SF_COUNT(entries); i++) {
		assert_int_equal(sf_allow_find(&allow, entries[i].key, &party), SF_OK);
		assert_true(sf_id_equal(party, entries[i].party));
	}
	struct sf_allow_entry other = entry_of(201, 1);
	assert_int_equal(sf_allow_find(&allow, other.key, &party), SF_ERR_KEY_UNKNOWN);
	other = entries[3];
	other.key[31] ^= 1;
	assert_int_equal(sf_allow_find(&allow, other.key, &party), SF_ERR_KEY_UNKNOWN);
	sf_allow_fini(&allow);
}

static void test_empty_list_knows_nobody(void **state)
{
	(void)state;
	struct sf_allow allow;
	assert_int_equal(sf_allow_make(NULL, 0, &allow), SF_OK);
	struct sf_id party;
	struct sf_allow_entry entry = entry_of(1, 1);
	assert_int_equal(sf_allow_find(&allow, entry.key, &party), SF_ERR_KEY_UNKNOWN);
	sf_allow_fini(&allow);
}

static void test_one_key_for_two_parties_is_a_conflict(void **state)
{
	(void)state;
	struct sf_allow allow;
	struct sf_allow_entry entries[] = {entry_of(1, 1), entry_of(2, 2), entry_of(1, 3)};
	assert_int_equal(sf_allow_make(entries, 3, &allow), SF_ERR_CONFLICT);
	entries[2].party = entries[0].party;
	assert_int_equal(sf_allow_make(entries, 3, &allow), SF_OK);
	assert_int_equal(allow.count, 2);
	sf_allow_fini(&allow);
}

static void test_zero_key_or_party_is_refused(void **state)
{
	(void)state;
	struct sf_allow allow;
	struct sf_allow_entry entry = entry_of(0, 1);
	assert_int_equal(sf_allow_make(&entry, 1, &allow), SF_ERR_USAGE);
	entry = entry_of(1, 0);
	assert_int_equal(sf_allow_make(&entry, 1, &allow), SF_ERR_USAGE);
	assert_int_equal(sf_allow_make(&entry, SF_ALLOW_COUNT_MAX + 1, &allow), SF_ERR_LIMIT);
}

static void test_user_id_goes_there_and_back(void **state)
{
	(void)state;
	struct sf_allow_entry entry = entry_of(0xab, 0x1c);
	char text[SF_USER_ID_SIZE];
	sf_user_id_format(&entry, text);
	assert_int_equal(strlen(text), SF_USER_ID_SIZE - 1);
	assert_memory_equal(text, "1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c:abab", 37);
	struct sf_allow_entry back;
	assert_int_equal(sf_user_id_parse(text, &back), SF_OK);
	assert_memory_equal(&back, &entry, sizeof(entry));
}

static void test_foreign_user_ids_are_not_read(void **state)
{
	(void)state;
	struct sf_allow_entry entry = entry_of(0xab, 0x1c);
	char text[SF_USER_ID_SIZE + 1] = "";
	struct sf_allow_entry back;
	assert_int_equal(sf_user_id_parse(NULL, &back), SF_ERR_FORMAT);
	assert_int_equal(sf_user_id_parse("", &back), SF_ERR_FORMAT);
	assert_int_equal(sf_user_id_parse("anyone", &back), SF_ERR_FORMAT);
	for (size_t i = 0; i < SF_USER_ID_SIZE - 1; i++) {
		sf_user_id_format(&entry, text);
		text[i] = 'g';
		assert_int_equal(sf_user_id_parse(text, &back), SF_ERR_FORMAT);
	}
	sf_user_id_format(&entry, text);
	char longer[SF_USER_ID_SIZE + 1] = {0};
	memcpy(longer, text, SF_USER_ID_SIZE - 1);
	longer[SF_USER_ID_SIZE - 1] = '0';
	assert_int_equal(sf_user_id_parse(longer, &back), SF_ERR_FORMAT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_key_is_found_and_no_other),
		cmocka_unit_test(test_empty_list_knows_nobody),
		cmocka_unit_test(test_one_key_for_two_parties_is_a_conflict),
		cmocka_unit_test(test_zero_key_or_party_is_refused),
		cmocka_unit_test(test_user_id_goes_there_and_back),
		cmocka_unit_test(test_foreign_user_ids_are_not_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
