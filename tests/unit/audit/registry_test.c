#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "audit/registry.h"
#include "base/time.h"
#include "crypto/hash.h"
#include "crypto/port.h"
#include "crypto/record.h"
#include "wire/record.h"

#define NOW INT64_C(1795000000000)
#define KEY_COUNT 12

/* Keys 0 to 2 are registrars of a threshold of two, 3 is a stranger, the rest are the parties'. */
struct office {
	struct sf_keyring *keyring;
	struct sf_crypto crypto;
	struct sf_key keys[KEY_COUNT];
	struct sf_registrars registrars;
	struct sf_directory *directory;
	struct sf_diag diag;
	struct sf_directory_entry entry;
	struct sf_signed_record record;
	struct sf_buf bytes, whole;
};

static bool is_sealing(size_t key)
{
	return key >= 8;
}

static int open_office(void **state)
{
	static struct office office;
	office = (struct office){.registrars = {.count = 3, .threshold = 2}};
	if (sf_keyring_open(&office.keyring) || sf_directory_open(&office.directory))
		return -1;
	sf_crypto_port(office.keyring, &office.crypto);
	for (size_t i = 0; i < KEY_COUNT; i++) {
		uint8_t secret[SF_KEY_SECRET_SIZE];
		memset(secret, (int)(i + 1), sizeof(secret));
		enum sf_key_kind kind = i < 4           ? SF_KEY_REGISTRAR
					: is_sealing(i) ? SF_KEY_SEALING
							: SF_KEY_IDENTITY;
		if (sf_key_from_secret(kind, secret, &office.keys[i]) ||
			sf_keyring_add(office.keyring, &office.keys[i]))
			return -1;
	}
	for (size_t i = 0; i < 3; i++)
		memcpy(office.registrars.keys[i], office.keys[i].public_key, SF_PUBLIC_KEY_SIZE);
	sf_buf_init(&office.bytes, SF_DIRECTORY_ENTRY_SIZE_MAX);
	sf_buf_init(&office.whole, 2 * SF_DIRECTORY_ENTRY_SIZE_MAX);
	*state = &office;
	return 0;
}

static int close_office(void **state)
{
	struct office *office = *state;
	for (size_t i = 0; i < KEY_COUNT; i++)
		sf_key_fini(&office->keys[i]);
	sf_buf_fini(&office->bytes);
	sf_buf_fini(&office->whole);
	sf_directory_close(&office->directory);
	sf_keyring_close(&office->keyring);
	return 0;
}

static struct sf_directory_key *add_key(struct office *office, size_t key)
{
	struct sf_directory_key *place = &office->entry.keys[office->entry.key_count++];
	*place = (struct sf_directory_key){
		.use = is_sealing(key) ? SF_KEY_USE_SEALING : SF_KEY_USE_IDENTITY,
		.not_before_ms = NOW,
		.not_after_ms = NOW + 365 * SF_DAY_MS};
	memcpy(place->public_key, office->keys[key].public_key, SF_PUBLIC_KEY_SIZE);
	return place;
}

/* A first entry of a party with one identity key. */
static void start(struct office *office, uint8_t party, size_t identity)
{
	office->entry = (struct sf_directory_entry){
		.party = {{party}}, .role = SF_ROLE_HOSPITAL, .version = 1};
	snprintf(office->entry.name, sizeof(office->entry.name), "party %u", (unsigned)party);
	add_key(office, identity);
}

/* The next entry of a party that is in the directory, as it stands. */
static void follow(struct office *office, uint8_t party)
{
	const struct sf_directory_entry *last =
		sf_directory_party(office->directory, (struct sf_id){{party}});
	assert_non_null(last);
	office->entry = *last;
	office->entry.version++;
	office->entry.previous = last->digest;
}

static void sign_place(struct office *office, size_t key, struct sf_record_signature *place)
{
	place->key_id = office->keys[key].id;
	assert_int_equal(sf_record_sign(office->keyring, office->keys[key].id, "entry",
				 sf_buf_view(&office->bytes), place->signature),
		SF_OK);
}

/* Signed by the keys named by the digits of signers. */
static void sign(struct office *office, const char *signers)
{
	sf_buf_clear(&office->bytes);
	assert_int_equal(sf_entry_encode(&office->entry, &office->bytes), SF_OK);
	office->record = (struct sf_signed_record){.record = sf_buf_view(&office->bytes)};
	for (; *signers; signers++)
		sign_place(office, (size_t)(*signers - '0'),
			&office->record.signatures[office->record.signature_count++]);
}

static enum sf_err add(struct office *office, int64_t recorded_ms, struct sf_digest *ret_digest)
{
	sf_buf_clear(&office->whole);
	assert_int_equal(sf_signed_record_encode(&office->record, &office->whole), SF_OK);
	struct sf_digest head = *sf_directory_head(office->directory);
	uint64_t version = sf_directory_version(office->directory);
	enum sf_err err = sf_registry_add(office->directory, &office->crypto, &office->registrars,
		sf_buf_view(&office->whole), recorded_ms, ret_digest, &office->diag);
	if (err) {
		assert_int_equal(sf_directory_version(office->directory), version);
		assert_true(sf_digest_equal(sf_directory_head(office->directory), &head));
	}
	return err;
}

static void add_first(struct office *office, uint8_t party, size_t identity)
{
	start(office, party, identity);
	sign(office, "01");
	assert_int_equal(add(office, NOW, NULL), SF_OK);
}

static void test_entry_is_named_and_moves_the_head(void **state)
{
	struct office *office = *state;
	start(office, 1, 4);
	sign(office, "02");
	struct sf_digest digest, expected, head = {{0}};
	sf_record_digest("entry", sf_buf_view(&office->bytes), &expected);
	assert_int_equal(add(office, NOW, &digest), SF_OK);
	assert_true(sf_digest_equal(&digest, &expected));
	/* dhead_1 = SHA-256("stafet/v1/directory\0" || 32 zero bytes || digest), WIRE section 2. */
	const struct sf_view parts[] = {
		SF_LABEL("stafet/v1/directory"), sf_digest_view(&head), sf_digest_view(&digest)};
	sf_hash_sha256(parts, 3, &expected);
	assert_true(sf_digest_equal(sf_directory_head(office->directory), &expected));
	const struct sf_directory_entry *owner = NULL;
	const struct sf_directory_key *key = sf_directory_key(
		office->directory, office->keys[4].id, SF_KEY_USE_IDENTITY, &owner);
	assert_non_null(key);
	assert_int_equal(owner->party.bytes[0], 1);
	assert_null(
		sf_directory_key(office->directory, office->keys[4].id, SF_KEY_USE_SEALING, NULL));
}

static void test_threshold_counts_distinct_registrars(void **state)
{
	struct office *office = *state;
	static const char *const too_few[] = {"", "0", "2", "3", "03", "34", "043"};
	for (size_t i = 0; i < SF_COUNT(too_few); i++) {
		start(office, 1, 4);
		sign(office, too_few[i]);
		assert_int_equal(add(office, NOW, NULL), SF_ERR_AUTH);
		assert_non_null(strstr(office->diag.text, "registrars"));
	}
	start(office, 1, 4);
	/* One registrar twice is not two: the record itself is refused. */
	sign(office, "00");
	assert_int_equal(add(office, NOW, NULL), SF_ERR_FORMAT);
	sign(office, "302");
	assert_int_equal(add(office, NOW, NULL), SF_OK);
}

static void test_signature_of_other_bytes_or_another_record_does_not_count(void **state)
{
	struct office *office = *state;
	start(office, 1, 4);
	sign(office, "01");
	struct sf_record_signature old = office->record.signatures[1];
	office->entry.role = SF_ROLE_MUNICIPALITY;
	sign(office, "01");
	office->record.signatures[1] = old;
	assert_int_equal(add(office, NOW, NULL), SF_ERR_AUTH);
	assert_int_equal(
		sf_record_sign(office->keyring, office->keys[1].id, "agreement",
			sf_buf_view(&office->bytes), office->record.signatures[1].signature),
		SF_OK);
	assert_int_equal(add(office, NOW, NULL), SF_ERR_AUTH);
	sign_place(office, 1, &office->record.signatures[1]);
	office->record.signatures[1].key_id = office->keys[2].id;
	assert_int_equal(add(office, NOW, NULL), SF_ERR_AUTH);
}

static void test_bytes_that_are_no_record_are_refused(void **state)
{
	struct office *office = *state;
	assert_int_equal(sf_registry_add(office->directory, &office->crypto, &office->registrars,
				 sf_view_text("no record"), NOW, NULL, &office->diag),
		SF_ERR_FORMAT);
	assert_int_equal(sf_directory_version(office->directory), 0);
}

static void test_chain_must_follow(void **state)
{
	struct office *office = *state;
	add_first(office, 1, 4);
	start(office, 1, 4);
	sign(office, "01");
	assert_int_equal(add(office, NOW, NULL), SF_ERR_CONFLICT);
	follow(office, 1);
	office->entry.version++;
	sign(office, "01");
	assert_int_equal(add(office, NOW, NULL), SF_ERR_CONFLICT);
	follow(office, 1);
	office->entry.previous.bytes[0] ^= 1;
	sign(office, "01");
	assert_int_equal(add(office, NOW, NULL), SF_ERR_CONFLICT);
	follow(office, 1);
	sign(office, "01");
	assert_int_equal(add(office, NOW, NULL), SF_OK);
	/* The same bytes again no longer follow. */
	assert_int_equal(add(office, NOW, NULL), SF_ERR_CONFLICT);
	assert_int_equal(sf_directory_version(office->directory), 2);
}

/* What is recorded is judged by the role of its author: replicas must see the one it had. */
static void test_party_keeps_its_role(void **state)
{
	struct office *office = *state;
	add_first(office, 1, 4);
	follow(office, 1);
	enum sf_role role = office->entry.role;
	office->entry.role = role == SF_ROLE_GP ? SF_ROLE_HOSPITAL : SF_ROLE_GP;
	sign(office, "01");
	assert_int_equal(add(office, NOW, NULL), SF_ERR_CONFLICT);
	office->entry.role = role;
	sign(office, "01");
	assert_int_equal(add(office, NOW, NULL), SF_OK);
}

static void test_key_of_another_party_is_refused(void **state)
{
	struct office *office = *state;
	add_first(office, 1, 4);
	start(office, 2, 4);
	sign(office, "01");
	assert_int_equal(add(office, NOW, NULL), SF_ERR_CONFLICT);
	assert_non_null(strstr(office->diag.text, "another party"));
	start(office, 2, 5);
	add_key(office, 5);
	sign(office, "01");
	assert_int_equal(add(office, NOW, NULL), SF_ERR_CONFLICT);
	add_first(office, 2, 5);
}

static void test_key_that_is_not_sound_is_refused(void **state)
{
	struct office *office = *state;
	for (size_t key = 4; key <= 8; key += 4) {
		start(office, 1, 5);
		struct sf_directory_key *place = add_key(office, key);
		memset(place->public_key, 0, SF_PUBLIC_KEY_SIZE); /* of small order in both */
		sign(office, "01");
		assert_int_equal(add(office, NOW, NULL), SF_ERR_FORMAT);
		assert_non_null(strstr(office->diag.text, "small order"));
		memset(place->public_key, 0xff, SF_PUBLIC_KEY_SIZE); /* not canonical in both */
		sign(office, "01");
		assert_int_equal(add(office, NOW, NULL), SF_ERR_FORMAT);
	}
}

/* WIRE section 2: the old key's signature, or a visible wait of 24 hours. */
static void test_new_identity_key_needs_the_old_one_or_a_day(void **state)
{
	struct office *office = *state;
	add_first(office, 1, 4);
	follow(office, 1);
	struct sf_directory_key *place = add_key(office, 5);
	sign(office, "01");
	assert_int_equal(add(office, NOW, NULL), SF_ERR_AUTH);
	assert_non_null(strstr(office->diag.text, "24"));
	place->not_before_ms = NOW + SF_DAY_MS - 1;
	sign(office, "01");
	assert_int_equal(add(office, NOW, NULL), SF_ERR_AUTH);
	place->not_before_ms = NOW + SF_DAY_MS;
	sign(office, "01");
	assert_int_equal(add(office, NOW, NULL), SF_OK);
}

static void test_succession_is_by_an_identity_key_the_party_has(void **state)
{
	struct office *office = *state;
	add_first(office, 1, 4);
	add_first(office, 2, 6);
	follow(office, 1);
	add_key(office, 5);
	/* The new key for itself, another party's, a registrar's: none of them is the old one. */
	static const size_t wrong[] = {5, 6, 0};
	for (size_t i = 0; i < SF_COUNT(wrong); i++) {
		sign(office, "01");
		office->record.has_succession = true;
		sign_place(office, wrong[i], &office->record.succession);
		assert_int_equal(add(office, NOW, NULL), SF_ERR_AUTH);
	}
	sign(office, "01");
	office->record.has_succession = true;
	sign_place(office, 4, &office->record.succession);
	office->record.succession.signature[0] ^= 1;
	assert_int_equal(add(office, NOW, NULL), SF_ERR_AUTH);
	office->record.succession.signature[0] ^= 1;
	assert_int_equal(add(office, NOW, NULL), SF_OK);
	/* Succession does not stand in for a registrar. */
	follow(office, 1);
	add_key(office, 7);
	sign(office, "0");
	office->record.has_succession = true;
	sign_place(office, 5, &office->record.succession);
	assert_int_equal(add(office, NOW, NULL), SF_ERR_AUTH);
}

static void test_revoked_key_names_no_successor(void **state)
{
	struct office *office = *state;
	add_first(office, 1, 4);
	follow(office, 1);
	office->entry.keys[0].revoked_ms = NOW;
	sign(office, "01");
	assert_int_equal(add(office, NOW, NULL), SF_OK);
	follow(office, 1);
	struct sf_directory_key *place = add_key(office, 5);
	sign(office, "01");
	office->record.has_succession = true;
	sign_place(office, 4, &office->record.succession);
	assert_int_equal(add(office, NOW, NULL), SF_ERR_AUTH);
	place->not_before_ms = NOW + SF_DAY_MS;
	sign(office, "01");
	assert_int_equal(add(office, NOW, NULL), SF_OK);
}

/* Or the wait would be one entry long: announced for tomorrow, then brought forward. */
static void test_key_that_waits_is_not_brought_forward(void **state)
{
	struct office *office = *state;
	add_first(office, 1, 4);
	follow(office, 1);
	add_key(office, 5)->not_before_ms = NOW + SF_DAY_MS;
	sign(office, "01");
	assert_int_equal(add(office, NOW, NULL), SF_OK);
	follow(office, 1);
	office->entry.keys[1].not_before_ms = NOW;
	sign(office, "01");
	assert_int_equal(add(office, NOW, NULL), SF_ERR_AUTH);
	/* Nor does it speak for itself before its time. */
	office->record.has_succession = true;
	sign_place(office, 5, &office->record.succession);
	assert_int_equal(add(office, NOW, NULL), SF_ERR_AUTH);
	sign_place(office, 4, &office->record.succession);
	assert_int_equal(add(office, NOW, NULL), SF_OK);
}

static void test_key_does_not_come_back_without_another(void **state)
{
	struct office *office = *state;
	add_first(office, 1, 4);
	follow(office, 1);
	office->entry.keys[0].revoked_ms = NOW;
	sign(office, "01");
	assert_int_equal(add(office, NOW, NULL), SF_OK);
	follow(office, 1);
	office->entry.keys[0].revoked_ms = 0;
	sign(office, "01");
	assert_int_equal(add(office, NOW, NULL), SF_ERR_AUTH);
	office->entry.keys[0].revoked_ms = NOW + SF_HOUR_MS;
	sign(office, "01");
	assert_int_equal(add(office, NOW, NULL), SF_ERR_AUTH);
	/* That it was compromised earlier than thought may always be said. */
	office->entry.keys[0].compromised_since_ms = NOW - SF_HOUR_MS;
	sign(office, "01");
	assert_int_equal(add(office, NOW, NULL), SF_OK);
	add_first(office, 2, 6);
	follow(office, 2);
	office->entry.keys[0].not_after_ms += 365 * SF_DAY_MS;
	sign(office, "01");
	assert_int_equal(add(office, NOW + 366 * SF_DAY_MS, NULL), SF_ERR_AUTH);
	assert_int_equal(add(office, NOW + 364 * SF_DAY_MS, NULL), SF_OK);
}

/* Nodes replay what was judged when it was recorded. */
static void test_recorded_entry_is_not_asked_to_wait_again(void **state)
{
	struct office *office = *state;
	add_first(office, 1, 4);
	follow(office, 1);
	add_key(office, 5);
	sign(office, "01");
	assert_int_equal(add(office, 0, NULL), SF_OK);
}

static void test_new_sealing_key_needs_no_wait(void **state)
{
	struct office *office = *state;
	add_first(office, 1, 4);
	follow(office, 1);
	add_key(office, 9);
	sign(office, "01");
	assert_int_equal(add(office, NOW, NULL), SF_OK);
	assert_non_null(sf_directory_sealing_key(office->directory, office->entry.party, NOW + 1));
}

static void test_revocation_acts_at_once_and_back_to_the_compromise(void **state)
{
	struct office *office = *state;
	add_first(office, 1, 4);
	follow(office, 1);
	office->entry.keys[0].revoked_ms = NOW + SF_HOUR_MS;
	sign(office, "01");
	assert_int_equal(add(office, NOW + SF_HOUR_MS, NULL), SF_OK);
	const struct sf_directory_key *key =
		sf_directory_key(office->directory, office->keys[4].id, SF_KEY_USE_IDENTITY, NULL);
	assert_true(sf_directory_key_valid(key, NOW, NOW + SF_HOUR_MS - 1));
	assert_false(sf_directory_key_valid(key, NOW, NOW + SF_HOUR_MS));
	follow(office, 1);
	office->entry.keys[0].compromised_since_ms = NOW + SF_MINUTE_MS;
	sign(office, "01");
	assert_int_equal(add(office, NOW + SF_HOUR_MS, NULL), SF_OK);
	key = sf_directory_key(office->directory, office->keys[4].id, SF_KEY_USE_IDENTITY, NULL);
	assert_true(sf_directory_key_valid(key, NOW, NOW + SF_MINUTE_MS - 1));
	assert_false(sf_directory_key_valid(key, NOW, NOW + SF_MINUTE_MS));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_office, close_office)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_entry_is_named_and_moves_the_head),
		TEST(test_threshold_counts_distinct_registrars),
		TEST(test_signature_of_other_bytes_or_another_record_does_not_count),
		TEST(test_bytes_that_are_no_record_are_refused),
		TEST(test_chain_must_follow),
		TEST(test_party_keeps_its_role),
		TEST(test_key_of_another_party_is_refused),
		TEST(test_key_that_is_not_sound_is_refused),
		TEST(test_new_identity_key_needs_the_old_one_or_a_day),
		TEST(test_succession_is_by_an_identity_key_the_party_has),
		TEST(test_revoked_key_names_no_successor),
		TEST(test_key_that_waits_is_not_brought_forward),
		TEST(test_key_does_not_come_back_without_another),
		TEST(test_recorded_entry_is_not_asked_to_wait_again),
		TEST(test_new_sealing_key_needs_no_wait),
		TEST(test_revocation_acts_at_once_and_back_to_the_compromise),
	};
	return cmocka_run_group_tests_name("audit/registry", tests, NULL, NULL);
}
