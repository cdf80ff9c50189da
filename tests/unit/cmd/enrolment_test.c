#include "cmd/enrolment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "audit/registry.h"
#include "base/time.h"
#include "cmd/key_folder.h"
#include "crypto/port.h"
#include "unit/cmd/folder.h"

/* A party with its request, two registrars, and the directory that trusts them. */
struct scene {
	struct folder *folder;
	struct sf_enrolment request;
	struct sf_keyring *registrars[2];
	struct sf_id key_ids[2];
	struct sf_registrars pinned;
	struct sf_directory *directory;
	struct sf_crypto crypto;
	struct sf_buf entry; /* the newest */
};

static void make_registrar(struct scene *scene, size_t i)
{
	char name[8];
	const struct sf_view none = sf_view_of(NULL, 0);
	snprintf(name, sizeof(name), "r%zu", i);
	assert_int_equal(sf_registrar_folder_make(folder_path(scene->folder, name), none,
				 &scene->folder->env, scene->pinned.keys[i], NULL),
		SF_OK);
	assert_int_equal(sf_registrar_folder_open(folder_path(scene->folder, name), none,
				 &scene->registrars[i], &scene->key_ids[i], NULL),
		SF_OK);
}

static int setup(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	assert_non_null(scene);
	void *folder = NULL;
	folder_setup(&folder);
	scene->folder = folder;
	make_registrar(scene, 0);
	make_registrar(scene, 1);
	scene->pinned.count = 2;
	scene->pinned.threshold = 1;
	const struct sf_key_folder_wish wish = {.name = "Example municipality",
		.role = SF_ROLE_MUNICIPALITY,
		.sor = "",
		.gln = "",
		.support = "desk"};
	assert_int_equal(sf_key_folder_make(folder_path(scene->folder, "keys"), &wish,
				 sf_view_of(NULL, 0), &scene->folder->env, &scene->request, NULL),
		SF_OK);
	assert_int_equal(sf_directory_open(&scene->directory), SF_OK);
	sf_crypto_port(NULL, &scene->crypto);
	sf_buf_init(&scene->entry, SF_ENROLMENT_SIZE_MAX);
	*state = scene;
	return 0;
}

static int teardown(void **state)
{
	struct scene *scene = *state;
	sf_keyring_close(&scene->registrars[0]);
	sf_keyring_close(&scene->registrars[1]);
	sf_directory_close(&scene->directory);
	sf_buf_fini(&scene->entry);
	void *folder = scene->folder;
	folder_teardown(&folder);
	free(scene);
	return 0;
}

static enum sf_err record(struct scene *scene)
{
	struct sf_diag diag = {{0}};
	return sf_registry_add(scene->directory, &scene->crypto, &scene->pinned,
		sf_buf_view(&scene->entry), scene->folder->now_ms, NULL, &diag);
}

static void sign(struct scene *scene, const struct sf_directory_entry *entry)
{
	struct sf_diag diag = {{0}};
	sf_buf_clear(&scene->entry);
	if (sf_entry_sign(scene->registrars[0], scene->key_ids[0], entry, &scene->entry, &diag))
		fail_msg("%s", diag.text);
}

static struct sf_directory_entry newest(struct scene *scene)
{
	struct sf_signed_record signed_record;
	struct sf_directory_entry entry;
	assert_int_equal(
		sf_entry_read(sf_buf_view(&scene->entry), &signed_record, &entry, NULL), SF_OK);
	return entry;
}

static enum sf_err from_request(struct scene *scene, const struct sf_directory_entry *previous,
	struct sf_directory_entry *ret_entry, bool *ret_new_identity)
{
	return sf_entry_from_request(&scene->request, previous, (struct sf_id){{0}},
		scene->folder->now_ms, ret_entry, ret_new_identity, NULL);
}

static void enrol(struct scene *scene)
{
	struct sf_directory_entry entry;
	bool new_identity = true;
	assert_int_equal(from_request(scene, NULL, &entry, &new_identity), SF_OK);
	assert_false(new_identity);
	sign(scene, &entry);
	assert_int_equal(record(scene), SF_OK);
}

static void renew(struct scene *scene)
{
	assert_int_equal(sf_key_folder_renew(folder_path(scene->folder, "keys"),
				 sf_view_of(NULL, 0), &scene->folder->env, &scene->request, NULL),
		SF_OK);
}

static const struct sf_directory_key *key_of(
	const struct sf_directory_entry *entry, enum sf_key_use use)
{
	for (size_t i = 0; i < entry->key_count; i++) {
		if (entry->keys[i].use == use)
			return &entry->keys[i];
	}
	fail();
	return NULL;
}

static void test_signed_request_is_recorded(void **state)
{
	struct scene *scene = *state;
	enrol(scene);
	const struct sf_directory_entry *party =
		sf_directory_party(scene->directory, scene->request.entry.party);
	assert_non_null(party);
	assert_string_equal(party->name, "Example municipality");
	assert_int_equal(party->version, 1);
	assert_true(sf_directory_has_node(scene->directory, party->party, scene->folder->now_ms));
}

static void test_entry_of_an_unknown_registrar_is_not_recorded(void **state)
{
	struct scene *scene = *state;
	struct sf_directory_entry entry;
	bool new_identity = false;
	assert_int_equal(from_request(scene, NULL, &entry, &new_identity), SF_OK);
	sign(scene, &entry);
	memcpy(scene->pinned.keys[0], scene->pinned.keys[1], SF_PUBLIC_KEY_SIZE);
	scene->pinned.count = 1;
	assert_int_equal(record(scene), SF_ERR_AUTH);
}

static void test_threshold_of_two_needs_the_cosignature(void **state)
{
	struct scene *scene = *state;
	struct sf_directory_entry entry;
	bool new_identity = false;
	scene->pinned.threshold = 2;
	assert_int_equal(from_request(scene, NULL, &entry, &new_identity), SF_OK);
	sign(scene, &entry);
	assert_int_equal(record(scene), SF_ERR_AUTH);
	struct sf_buf both;
	sf_buf_init(&both, SF_ENROLMENT_SIZE_MAX);
	assert_int_equal(sf_entry_cosign(scene->registrars[0], scene->key_ids[0],
				 sf_buf_view(&scene->entry), &both, NULL),
		SF_ERR_EXISTS);
	assert_int_equal(sf_entry_cosign(scene->registrars[1], scene->key_ids[1],
				 sf_buf_view(&scene->entry), &both, NULL),
		SF_OK);
	sf_buf_fini(&scene->entry);
	scene->entry = both;
	assert_int_equal(record(scene), SF_OK);
}

static void test_renewed_entry_follows_the_one_before(void **state)
{
	struct scene *scene = *state;
	enrol(scene);
	scene->folder->now_ms += 60 * SF_DAY_MS;
	renew(scene);
	struct sf_directory_entry previous = newest(scene), entry;
	bool new_identity = true;
	assert_int_equal(from_request(scene, &previous, &entry, &new_identity), SF_OK);
	assert_false(new_identity);
	assert_int_equal(entry.version, 2);
	sign(scene, &entry);
	assert_int_equal(record(scene), SF_OK);
	/* Without the one before it would be another first entry. */
	assert_int_equal(from_request(scene, NULL, &entry, &new_identity), SF_OK);
	sign(scene, &entry);
	assert_int_equal(record(scene), SF_ERR_CONFLICT);
}

static void test_revoked_key_is_known_as_revoked_and_stays_so(void **state)
{
	struct scene *scene = *state;
	enrol(scene);
	struct sf_directory_entry previous = newest(scene), entry;
	struct sf_id key = key_of(&previous, SF_KEY_USE_SEALING)->id;
	int64_t since_ms = scene->folder->now_ms - SF_HOUR_MS;
	assert_int_equal(
		sf_entry_revoke(&previous, key, scene->folder->now_ms, since_ms, &entry, NULL),
		SF_OK);
	sign(scene, &entry);
	assert_int_equal(record(scene), SF_OK);
	const struct sf_directory_key *revoked =
		sf_directory_key(scene->directory, key, SF_KEY_USE_SEALING, NULL);
	assert_non_null(revoked);
	assert_int_equal(revoked->revoked_ms, scene->folder->now_ms);
	assert_int_equal(revoked->compromised_since_ms, since_ms);
	assert_null(
		sf_directory_sealing_key(scene->directory, previous.party, scene->folder->now_ms));
	previous = newest(scene);
	assert_int_equal(sf_entry_revoke(&previous, key, scene->folder->now_ms, 0, &entry, NULL),
		SF_ERR_CONFLICT);
	/* The party's next request knows nothing of it and changes nothing of it. */
	scene->folder->now_ms += SF_DAY_MS;
	renew(scene);
	bool new_identity = false;
	assert_int_equal(from_request(scene, &previous, &entry, &new_identity), SF_OK);
	sign(scene, &entry);
	assert_int_equal(record(scene), SF_OK);
	revoked = sf_directory_key(scene->directory, key, SF_KEY_USE_SEALING, NULL);
	assert_non_null(revoked);
	assert_int_equal(revoked->compromised_since_ms, since_ms);
	assert_non_null(
		sf_directory_sealing_key(scene->directory, previous.party, scene->folder->now_ms));
}

static void test_revoked_key_is_kept_when_the_request_leaves_it_out(void **state)
{
	struct scene *scene = *state;
	enrol(scene);
	struct sf_directory_entry previous = newest(scene), entry;
	struct sf_id key = key_of(&previous, SF_KEY_USE_SEALING)->id;
	assert_int_equal(
		sf_entry_revoke(&previous, key, scene->folder->now_ms, 0, &entry, NULL), SF_OK);
	sign(scene, &entry);
	previous = newest(scene);
	scene->folder->now_ms += 121 * SF_DAY_MS;
	renew(scene);
	bool new_identity = false;
	assert_int_equal(from_request(scene, &previous, &entry, &new_identity), SF_OK);
	size_t revoked_count = 0;
	for (size_t i = 0; i < entry.key_count; i++)
		revoked_count += entry.keys[i].revoked_ms != 0;
	assert_int_equal(revoked_count, 1);
}

static void test_request_signed_with_a_revoked_key_is_refused(void **state)
{
	struct scene *scene = *state;
	enrol(scene);
	struct sf_directory_entry previous = newest(scene), entry;
	struct sf_id none = {{0}};
	assert_int_equal(
		sf_entry_revoke(&previous, none, scene->folder->now_ms, 0, &entry, NULL), SF_OK);
	for (size_t i = 0; i < entry.key_count; i++)
		assert_int_equal(entry.keys[i].revoked_ms, scene->folder->now_ms);
	sign(scene, &entry);
	previous = newest(scene);
	bool new_identity = false;
	assert_int_equal(from_request(scene, &previous, &entry, &new_identity), SF_ERR_REFUSED);
}

static void test_unknown_key_is_not_revoked(void **state)
{
	struct scene *scene = *state;
	struct sf_directory_entry entry;
	const struct sf_id other = {{9}};
	assert_int_equal(sf_entry_revoke(&scene->request.entry, other, scene->folder->now_ms, 0,
				 &entry, NULL),
		SF_ERR_NOT_FOUND);
}

static void test_request_of_another_party_does_not_follow(void **state)
{
	struct scene *scene = *state;
	enrol(scene);
	struct sf_directory_entry previous = newest(scene), entry;
	previous.party.bytes[0] ^= 1;
	bool new_identity = false;
	assert_int_equal(from_request(scene, &previous, &entry, &new_identity), SF_ERR_CONFLICT);
}

static void test_key_that_lives_too_long_is_refused(void **state)
{
	struct scene *scene = *state;
	struct sf_directory_entry entry;
	bool new_identity = false;
	struct sf_directory_entry *asked = &scene->request.entry;
	for (size_t i = 0; i < asked->key_count; i++) {
		int64_t before_ms = asked->keys[i].not_after_ms;
		asked->keys[i].not_after_ms = before_ms + 50 * SF_DAY_MS;
		assert_int_equal(from_request(scene, NULL, &entry, &new_identity), SF_ERR_REFUSED);
		asked->keys[i].not_after_ms = before_ms;
	}
	assert_int_equal(from_request(scene, NULL, &entry, &new_identity), SF_OK);
	scene->folder->now_ms += 366 * SF_DAY_MS;
	assert_int_equal(from_request(scene, NULL, &entry, &new_identity), SF_ERR_REFUSED);
}

/* Every byte of a request is covered: by its signature, or by being the signature. */
static void test_request_with_a_changed_byte_is_refused(void **state)
{
	struct scene *scene = *state;
	struct sf_buf bytes = folder_read(scene->folder, "keys/request.sfr");
	struct sf_enrolment read;
	assert_int_equal(sf_enrolment_read(sf_buf_view(&bytes), &read, NULL), SF_OK);
	for (size_t i = 0; i < bytes.size; i++) {
		bytes.data[i] ^= 1;
		if (!sf_enrolment_read(sf_buf_view(&bytes), &read, NULL))
			fail_msg("byte %zu may be changed", i);
		bytes.data[i] ^= 1;
	}
	sf_buf_fini(&bytes);
}

static void test_fingerprint_has_eight_words_and_changes_with_the_request(void **state)
{
	struct scene *scene = *state;
	char words[SF_FINGERPRINT_TEXT_SIZE], other[SF_FINGERPRINT_TEXT_SIZE];
	sf_fingerprint_format(&scene->request.digest, words);
	assert_int_equal(strlen(words), 8 * 5 + 7);
	renew(scene);
	sf_fingerprint_format(&scene->request.digest, other);
	assert_string_not_equal(words, other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_signed_request_is_recorded),
		TEST(test_entry_of_an_unknown_registrar_is_not_recorded),
		TEST(test_threshold_of_two_needs_the_cosignature),
		TEST(test_renewed_entry_follows_the_one_before),
		TEST(test_revoked_key_is_known_as_revoked_and_stays_so),
		TEST(test_revoked_key_is_kept_when_the_request_leaves_it_out),
		TEST(test_request_signed_with_a_revoked_key_is_refused),
		TEST(test_unknown_key_is_not_revoked),
		TEST(test_request_of_another_party_does_not_follow),
		TEST(test_key_that_lives_too_long_is_refused),
		TEST(test_request_with_a_changed_byte_is_refused),
		TEST(test_fingerprint_has_eight_words_and_changes_with_the_request),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
