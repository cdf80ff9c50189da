#include "core/directory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DAY ((int64_t)86400000)

static struct sf_id id_of(uint32_t number)
{
	struct sf_id id = {{1}};
	sf_put_u32(&id.bytes[12], number);
	return id;
}

static struct sf_digest digest_of(uint8_t value)
{
	struct sf_digest digest;
	memset(digest.bytes, value, sizeof(digest.bytes));
	return digest;
}

static struct sf_directory_key key_of(uint32_t number, enum sf_key_use use)
{
	return (struct sf_directory_key){
		.id = id_of(number),
		.use = use,
		.not_before_ms = 10 * DAY,
		.not_after_ms = 100 * DAY,
	};
}

static struct sf_directory_entry entry_of(uint32_t party, const char *sor, const char *gln)
{
	struct sf_directory_entry entry = {
		.party = id_of(party),
		.name = "a party",
		.role = SF_ROLE_HOSPITAL,
		.version = 1,
		.digest = digest_of((uint8_t)party),
		.key_count = 2,
		.keys = {key_of(1000 + 2 * party, SF_KEY_USE_SEALING),
			key_of(1001 + 2 * party, SF_KEY_USE_TRANSPORT)},
	};
	memcpy(entry.sor, sor, strlen(sor) + 1);
	memcpy(entry.gln, gln, strlen(gln) + 1);
	return entry;
}

static struct sf_directory_entry next_of(const struct sf_directory_entry *last)
{
	struct sf_directory_entry entry = *last;
	entry.version = last->version + 1;
	entry.previous = last->digest;
	entry.digest.bytes[31]++;
	return entry;
}

static int setup(void **state)
{
	struct sf_directory *directory = NULL;
	if (sf_directory_open(&directory) != SF_OK)
		return -1;
	*state = directory;
	return 0;
}

static int teardown(void **state)
{
	struct sf_directory *directory = *state;
	sf_directory_close(&directory);
	assert_null(directory);
	return 0;
}

static void add(struct sf_directory *directory, const struct sf_directory_entry *entry)
{
	assert_int_equal(sf_directory_add(directory, entry, NULL), SF_OK);
}

static void assert_conflict(
	struct sf_directory *directory, const struct sf_directory_entry *entry, const char *reason)
{
	struct sf_diag diag = {""};
	uint64_t version = sf_directory_version(directory);
	assert_int_equal(sf_directory_add(directory, entry, &diag), SF_ERR_CONFLICT);
	assert_non_null(strstr(diag.text, reason));
	assert_int_equal(sf_directory_version(directory), version);
}

static void test_party_is_found_by_id_and_codes(void **state)
{
	struct sf_directory *directory = *state;
	struct sf_directory_entry first = entry_of(1, "111111", "5790000000001");
	struct sf_directory_entry second = entry_of(2, "222222", "");
	add(directory, &first);
	add(directory, &second);
	assert_int_equal(sf_directory_count(directory), 2);
	assert_int_equal(sf_directory_version(directory), 2);
	const struct sf_directory_entry *found = sf_directory_party(directory, id_of(2));
	assert_non_null(found);
	assert_ptr_equal(found, sf_directory_at(directory, 1));
	assert_ptr_equal(found, sf_directory_by_sor(directory, "222222"));
	assert_ptr_equal(
		sf_directory_by_gln(directory, "5790000000001"), sf_directory_at(directory, 0));
	assert_null(sf_directory_party(directory, id_of(3)));
	assert_null(sf_directory_by_sor(directory, "333333"));
	/* A party without a code is not the party of the empty code. */
	assert_null(sf_directory_by_gln(directory, ""));
	assert_null(sf_directory_by_sor(directory, ""));
}

static void test_newest_entry_rules(void **state)
{
	struct sf_directory *directory = *state;
	struct sf_directory_entry first = entry_of(1, "111111", "5790000000001");
	add(directory, &first);
	struct sf_directory_entry next = next_of(&first);
	memcpy(next.sor, "999999", 7);
	next.gln[0] = '\0';
	next.key_count = 1;
	next.keys[0] = key_of(5000, SF_KEY_USE_SEALING);
	add(directory, &next);
	assert_int_equal(sf_directory_count(directory), 1);
	assert_int_equal(sf_directory_version(directory), 2);
	assert_int_equal(sf_directory_party(directory, id_of(1))->version, 2);
	assert_null(sf_directory_by_sor(directory, "111111"));
	assert_null(sf_directory_by_gln(directory, "5790000000001"));
	assert_non_null(sf_directory_by_sor(directory, "999999"));
	assert_null(sf_directory_key(directory, id_of(1002), SF_KEY_USE_SEALING, NULL));
	assert_non_null(sf_directory_key(directory, id_of(5000), SF_KEY_USE_SEALING, NULL));
}

static void test_entry_that_does_not_follow_is_a_conflict(void **state)
{
	struct sf_directory *directory = *state;
	struct sf_directory_entry first = entry_of(1, "", "");
	struct sf_directory_entry early = first;
	early.version = 2;
	early.previous = digest_of(9);
	assert_conflict(directory, &early, "not the first entry");
	add(directory, &first);
	assert_conflict(directory, &first, "version does not follow");
	struct sf_directory_entry next = next_of(&first);
	next.version = 3;
	assert_conflict(directory, &next, "version does not follow");
	next = next_of(&first);
	next.previous = digest_of(9);
	assert_conflict(directory, &next, "predecessor");
	next.party = (struct sf_id){0};
	assert_conflict(directory, &next, "without a party");
	assert_int_equal(sf_directory_party(directory, id_of(1))->version, 1);
}

static void test_keys_and_codes_of_others_are_a_conflict(void **state)
{
	struct sf_directory *directory = *state;
	struct sf_directory_entry first = entry_of(1, "111111", "5790000000001");
	add(directory, &first);
	struct sf_directory_entry other = entry_of(2, "111111", "");
	assert_conflict(directory, &other, "sor");
	other = entry_of(2, "", "5790000000001");
	assert_conflict(directory, &other, "gln");
	/* Also under another use: one key, one party. */
	other = entry_of(2, "", "");
	other.keys[1] = key_of(1002, SF_KEY_USE_WITNESS);
	assert_conflict(directory, &other, "another party");
	other = entry_of(2, "", "");
	other.keys[1].id = other.keys[0].id;
	assert_conflict(directory, &other, "stands twice");
	assert_int_equal(sf_directory_count(directory), 1);
	struct sf_directory_entry next = next_of(&first);
	add(directory, &next);
}

static void test_key_is_found_with_its_use_and_owner(void **state)
{
	struct sf_directory *directory = *state;
	struct sf_directory_entry first = entry_of(1, "", "");
	struct sf_directory_entry second = entry_of(2, "", "");
	add(directory, &second);
	add(directory, &first);
	const struct sf_directory_entry *owner = NULL;
	const struct sf_directory_key *key =
		sf_directory_key(directory, id_of(1004), SF_KEY_USE_SEALING, &owner);
	assert_non_null(key);
	assert_true(sf_id_equal(key->id, id_of(1004)));
	assert_true(sf_id_equal(owner->party, id_of(2)));
	assert_null(sf_directory_key(directory, id_of(1004), SF_KEY_USE_TRANSPORT, &owner));
	assert_null(sf_directory_key(directory, id_of(7), SF_KEY_USE_SEALING, &owner));
}

/* WIRE section 1: period at sent, recorded <= not-after + 30 days, revocation at recorded time. */
static void test_key_validity_follows_sent_and_recorded(void **state)
{
	(void)state;
	struct sf_directory_key key = key_of(1, SF_KEY_USE_IDENTITY);
	assert_true(sf_directory_key_valid(&key, 10 * DAY, 10 * DAY));
	assert_false(sf_directory_key_valid(&key, 10 * DAY - 1, 11 * DAY));
	assert_true(sf_directory_key_valid(&key, 100 * DAY, 130 * DAY));
	assert_false(sf_directory_key_valid(&key, 100 * DAY, 130 * DAY + 1));
	assert_false(sf_directory_key_valid(&key, 100 * DAY + 1, 100 * DAY + 1));
	key.revoked_ms = 50 * DAY;
	assert_true(sf_directory_key_valid(&key, 20 * DAY, 50 * DAY - 1));
	assert_false(sf_directory_key_valid(&key, 20 * DAY, 50 * DAY));
	key.compromised_since_ms = 40 * DAY;
	assert_true(sf_directory_key_valid(&key, 20 * DAY, 40 * DAY - 1));
	assert_false(sf_directory_key_valid(&key, 20 * DAY, 40 * DAY));
	key = key_of(1, SF_KEY_USE_IDENTITY);
	key.not_after_ms = INT64_MAX;
	assert_true(sf_directory_key_valid(&key, INT64_MAX, INT64_MAX));
}

static void test_sealing_key_is_the_newest_valid_one(void **state)
{
	struct sf_directory *directory = *state;
	struct sf_directory_entry entry = entry_of(1, "", "");
	entry.key_count = 3;
	entry.keys[1] = key_of(2001, SF_KEY_USE_SEALING);
	entry.keys[1].not_before_ms = 20 * DAY;
	entry.keys[2] = key_of(2002, SF_KEY_USE_SEALING);
	entry.keys[2].not_before_ms = 50 * DAY;
	add(directory, &entry);
	struct sf_id party = id_of(1);
	assert_true(
		sf_id_equal(sf_directory_sealing_key(directory, party, 30 * DAY)->id, id_of(2001)));
	assert_true(
		sf_id_equal(sf_directory_sealing_key(directory, party, 15 * DAY)->id, id_of(1002)));
	assert_null(sf_directory_sealing_key(directory, party, 5 * DAY));
	assert_null(sf_directory_sealing_key(directory, party, 101 * DAY));
	assert_null(sf_directory_sealing_key(directory, id_of(9), 30 * DAY));
	assert_false(sf_directory_has_node(directory, party, 30 * DAY));
}

static void test_party_without_a_node_has_that_of_who_represents_it(void **state)
{
	struct sf_directory *directory = *state;
	struct sf_directory_entry node = entry_of(1, "", "");
	struct sf_directory_entry without = entry_of(2, "", "");
	without.key_count = 0;
	without.represented_by = node.party;
	struct sf_directory_entry chained = entry_of(3, "", "");
	chained.key_count = 0;
	chained.represented_by = without.party;
	struct sf_directory_entry ring = entry_of(4, "", "");
	ring.key_count = 0;
	ring.represented_by = ring.party;
	add(directory, &without);
	add(directory, &chained);
	add(directory, &ring);
	assert_false(sf_directory_has_node(directory, without.party, 30 * DAY));
	add(directory, &node);
	assert_true(sf_directory_has_node(directory, without.party, 30 * DAY));
	assert_true(sf_id_equal(
		sf_directory_sealing_key(directory, without.party, 30 * DAY)->id, id_of(1002)));
	assert_null(sf_directory_sealing_key(directory, chained.party, 30 * DAY));
	assert_null(sf_directory_sealing_key(directory, ring.party, 30 * DAY));
	assert_false(sf_directory_has_node(directory, ring.party, 30 * DAY));
}

static void test_thousands_of_parties_in_any_order(void **state)
{
	struct sf_directory *directory = *state;
	char sor[SF_CODE_TEXT_SIZE];
	for (uint32_t i = 0; i < 3000; i++) {
		uint32_t party = (i * 1237) % 3000;
		snprintf(sor, sizeof(sor), "%06u", (unsigned)party);
		struct sf_directory_entry entry = entry_of(party, sor, "");
		add(directory, &entry);
	}
	for (uint32_t party = 0; party < 3000; party++) {
		snprintf(sor, sizeof(sor), "%06u", (unsigned)party);
		const struct sf_directory_entry *found = sf_directory_by_sor(directory, sor);
		assert_non_null(found);
		assert_ptr_equal(found, sf_directory_party(directory, id_of(party)));
		assert_non_null(sf_directory_key(
			directory, id_of(1001 + 2 * party), SF_KEY_USE_TRANSPORT, NULL));
	}
}

static void test_head_is_what_was_set(void **state)
{
	struct sf_directory *directory = *state;
	assert_true(sf_digest_is_none(sf_directory_head(directory)));
	struct sf_digest head = digest_of(7);
	sf_directory_set_head(directory, &head);
	assert_true(sf_digest_equal(sf_directory_head(directory), &head));
	assert_string_equal(sf_key_use_text(SF_KEY_USE_SEALING), "sealing");
	assert_string_equal(sf_key_use_text((enum sf_key_use)77), "unknown");
}

int main(void)
{
#define DIRECTORY_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		DIRECTORY_TEST(test_party_is_found_by_id_and_codes),
		DIRECTORY_TEST(test_newest_entry_rules),
		DIRECTORY_TEST(test_entry_that_does_not_follow_is_a_conflict),
		DIRECTORY_TEST(test_keys_and_codes_of_others_are_a_conflict),
		DIRECTORY_TEST(test_key_is_found_with_its_use_and_owner),
		cmocka_unit_test(test_key_validity_follows_sent_and_recorded),
		DIRECTORY_TEST(test_sealing_key_is_the_newest_valid_one),
		DIRECTORY_TEST(test_party_without_a_node_has_that_of_who_represents_it),
		DIRECTORY_TEST(test_thousands_of_parties_in_any_order),
		DIRECTORY_TEST(test_head_is_what_was_set),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
