#include "cmd/key_folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/time.h"
#include "os/files.h"
#include "unit/cmd/folder.h"

static struct sf_key_folder_wish wish_of(enum sf_role role)
{
	return (struct sf_key_folder_wish){
		.name = "Example", .role = role, .sor = "", .gln = "", .support = ""};
}

static struct sf_enrolment make(struct folder *folder, enum sf_role role, struct sf_view passphrase)
{
	struct sf_key_folder_wish wish = wish_of(role);
	struct sf_enrolment request;
	struct sf_diag diag = {{0}};
	if (sf_key_folder_make(
		    folder_path(folder, "keys"), &wish, passphrase, &folder->env, &request, &diag))
		fail_msg("%s", diag.text);
	return request;
}

static enum sf_err open_keys(struct folder *folder, struct sf_keys *keys, struct sf_diag *diag)
{
	return sf_keys_open(folder_path(folder, "keys"), NULL, keys, diag);
}

static size_t count_use(const struct sf_directory_entry *entry, enum sf_key_use use)
{
	size_t count = 0;
	for (size_t i = 0; i < entry->key_count; i++)
		count += entry->keys[i].use == use;
	return count;
}

static void test_node_folder_opens_with_its_keys(void **state)
{
	struct folder *folder = *state;
	struct sf_enrolment request = make(folder, SF_ROLE_MUNICIPALITY, sf_view_of(NULL, 0));
	assert_int_equal(folder_mode(folder, "keys"), 0700);
	assert_int_equal(folder_mode(folder, "keys/identity.key"), 0600);
	assert_int_equal(folder_mode(folder, "keys/sealing.key"), 0600);
	assert_int_equal(folder_mode(folder, "keys/transport.key"), 0600);
	assert_int_equal(folder_mode(folder, "keys/message-id.key"), 0600);
	assert_int_equal(folder_mode(folder, "keys/witness.key"), 0600);
	assert_int_equal(request.entry.key_count, 4);
	assert_int_equal(count_use(&request.entry, SF_KEY_USE_WITNESS), 1);
	assert_int_equal(access(folder_path(folder, "keys/coordinator.pub"), F_OK), -1);
	assert_int_equal(access(folder_path(folder, "keys/log.key"), F_OK), -1);
	struct sf_keys keys;
	struct sf_diag diag = {{0}};
	if (open_keys(folder, &keys, &diag))
		fail_msg("%s", diag.text);
	assert_true(sf_id_equal(keys.party, request.entry.party));
	assert_int_equal(keys.role, SF_ROLE_MUNICIPALITY);
	assert_true(sf_id_equal(keys.identity_key_id, request.signed_by));
	assert_true(sf_id_is_none(keys.log_key_id));
	assert_true(sf_keyring_has(keys.keyring, keys.witness_key_id));
	for (size_t i = 0; i < request.entry.key_count; i++) {
		const struct sf_directory_key *key = &request.entry.keys[i];
		if (key->use != SF_KEY_USE_TRANSPORT)
			assert_true(sf_keyring_has(keys.keyring, key->id));
		int64_t life_ms = key->not_after_ms - FOLDER_NOW_MS;
		bool signs = key->use == SF_KEY_USE_IDENTITY || key->use == SF_KEY_USE_WITNESS;
		assert_int_equal(life_ms, (signs ? 365 : 90) * SF_DAY_MS);
	}
	sf_keys_close(&keys);
	sf_keys_close(&keys);
}

static void test_coordinator_folder_has_a_public_file(void **state)
{
	struct folder *folder = *state;
	struct sf_enrolment request = make(folder, SF_ROLE_COORDINATOR, sf_view_of(NULL, 0));
	struct sf_coordinator_public public;
	struct sf_keys keys;
	struct sf_diag diag = {{0}};
	if (sf_coordinator_public_load(folder_path(folder, "keys/coordinator.pub"), &public, &diag))
		fail_msg("%s", diag.text);
	if (open_keys(folder, &keys, &diag))
		fail_msg("%s", diag.text);
	uint8_t transport[SF_PUBLIC_KEY_SIZE], secret[SF_KEY_SECRET_SIZE];
	assert_int_equal(sf_keyring_transport(keys.keyring, transport, secret), SF_OK);
	assert_true(sf_id_equal(public.party, keys.party));
	assert_memory_equal(public.transport_key, transport, sizeof(transport));
	assert_true(sf_id_equal(sf_key_id_ed25519(public.identity_key), keys.identity_key_id));
	assert_true(sf_keyring_has(keys.keyring, keys.log_key_id));
	assert_int_equal(count_use(&request.entry, SF_KEY_USE_LOG), 1);
	assert_int_equal(count_use(&request.entry, SF_KEY_USE_WITNESS), 0);
	assert_true(sf_id_is_none(keys.witness_key_id));
	assert_int_equal(count_use(&request.entry, SF_KEY_USE_SEALING), 0);
	sf_keys_close(&keys);
}

static void test_open_folder_or_key_is_refused(void **state)
{
	static const struct {
		const char *name;
		mode_t mode;
	} cases[] = {
		{"keys/identity.key", 0644},
		{"keys/sealing.key", 0640},
		{"keys/transport.key", 0604},
		{"keys/message-id.key", 0644},
		{"keys/witness.key", 0644},
		{"keys", 0755},
		{"keys", 0770},
	};
	struct folder *folder = *state;
	make(folder, SF_ROLE_HOSPITAL, sf_view_of(NULL, 0));
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		struct sf_keys keys = {0};
		struct sf_diag diag = {{0}};
		mode_t before = (mode_t)folder_mode(folder, cases[i].name);
		assert_int_equal(chmod(folder_path(folder, cases[i].name), cases[i].mode), 0);
		assert_int_equal(open_keys(folder, &keys, &diag), SF_ERR_AUTH);
		assert_non_null(strstr(diag.text, "chmod"));
		assert_null(keys.keyring);
		assert_int_equal(chmod(folder_path(folder, cases[i].name), before), 0);
	}
}

static void test_second_init_keeps_the_first(void **state)
{
	struct folder *folder = *state;
	make(folder, SF_ROLE_GP, sf_view_of(NULL, 0));
	struct sf_buf before = folder_read(folder, "keys/identity.key");
	struct sf_key_folder_wish wish = wish_of(SF_ROLE_GP);
	struct sf_enrolment request;
	assert_int_equal(sf_key_folder_make(folder_path(folder, "keys"), &wish, sf_view_of(NULL, 0),
				 &folder->env, &request, NULL),
		SF_ERR_EXISTS);
	struct sf_buf after = folder_read(folder, "keys/identity.key");
	assert_true(sf_view_equal(sf_buf_view(&before), sf_buf_view(&after)));
	sf_buf_fini(&before);
	sf_buf_fini(&after);
}

static void test_missing_folder_is_not_found(void **state)
{
	struct sf_keys keys;
	struct sf_diag diag = {{0}};
	assert_int_equal(open_keys(*state, &keys, &diag), SF_ERR_NOT_FOUND);
	assert_non_null(strstr(diag.text, "stafet keys init"));
}

static void test_codes_that_cannot_be_are_refused(void **state)
{
	struct folder *folder = *state;
	static const struct {
		const char *sor, *gln, *name;
	} cases[] = {
		{"325431000016001", "", "x"}, {"", "5790000000000", "x"}, {"", "", ""},
		{"", "", "a\nb"}, {"", "", "a\x7f"}, {"", "", "a\xff"},
		{"", "", "yawS \xe2\x80\xae ward"}, /* U+202E turns what stands behind it */
	};
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		struct sf_key_folder_wish wish = wish_of(SF_ROLE_GP);
		struct sf_enrolment request;
		wish.sor = cases[i].sor;
		wish.gln = cases[i].gln;
		wish.name = cases[i].name;
		assert_int_equal(sf_key_folder_make(folder_path(folder, "keys"), &wish,
					 sf_view_of(NULL, 0), &folder->env, &request, NULL),
			SF_ERR_FORMAT);
		assert_int_equal(access(folder_path(folder, "keys"), F_OK), -1);
	}
}

static void test_encrypted_folder_needs_its_passphrase(void **state)
{
	struct folder *folder = *state;
	make(folder, SF_ROLE_MUNICIPALITY, sf_view_text("right"));
	struct sf_keys keys;
	struct sf_diag diag = {{0}};
	assert_int_equal(open_keys(folder, &keys, &diag), SF_ERR_AUTH);
	folder_write(folder, "passphrase", "wrong\n", 0600);
	setenv("STAFET_PASSPHRASE_FILE", folder_path(folder, "passphrase"), 1);
	assert_int_equal(open_keys(folder, &keys, &diag), SF_ERR_AUTH);
	folder_write(folder, "passphrase", "right\nsecond line\n", 0600);
	if (open_keys(folder, &keys, &diag))
		fail_msg("%s", diag.text);
	sf_keys_close(&keys);
	assert_int_equal(chmod(folder_path(folder, "passphrase"), 0644), 0);
	assert_int_equal(open_keys(folder, &keys, &diag), SF_ERR_AUTH);
}

static void test_renewed_keys_wait_until_activated(void **state)
{
	struct folder *folder = *state;
	const struct sf_view none = sf_view_of(NULL, 0);
	struct sf_enrolment first = make(folder, SF_ROLE_MUNICIPALITY, none), second;
	struct sf_diag diag = {{0}};
	folder->now_ms += 60 * SF_DAY_MS;
	if (sf_key_folder_renew(folder_path(folder, "keys"), none, &folder->env, &second, &diag))
		fail_msg("%s", diag.text);
	assert_true(sf_id_equal(second.entry.party, first.entry.party));
	assert_true(sf_id_equal(second.signed_by, first.signed_by));
	assert_int_equal(count_use(&second.entry, SF_KEY_USE_SEALING), 2);
	assert_int_equal(count_use(&second.entry, SF_KEY_USE_TRANSPORT), 2);
	assert_int_equal(count_use(&second.entry, SF_KEY_USE_WITNESS), 1);
	/* Both sealing keys open letters; the transport key is the one that is recorded. */
	struct sf_keys keys;
	assert_int_equal(open_keys(folder, &keys, &diag), SF_OK);
	uint8_t before[SF_PUBLIC_KEY_SIZE], after[SF_PUBLIC_KEY_SIZE], secret[SF_KEY_SECRET_SIZE];
	assert_int_equal(sf_keyring_transport(keys.keyring, before, secret), SF_OK);
	for (size_t i = 0; i < second.entry.key_count; i++) {
		if (second.entry.keys[i].use == SF_KEY_USE_SEALING)
			assert_true(sf_keyring_has(keys.keyring, second.entry.keys[i].id));
	}
	sf_keys_close(&keys);
	assert_int_equal(sf_key_folder_renew(
				 folder_path(folder, "keys"), none, &folder->env, &second, &diag),
		SF_ERR_CONFLICT);
	assert_int_equal(sf_key_folder_activate(folder_path(folder, "keys"), none, &diag), SF_OK);
	assert_int_equal(open_keys(folder, &keys, &diag), SF_OK);
	assert_int_equal(sf_keyring_transport(keys.keyring, after, secret), SF_OK);
	assert_memory_not_equal(before, after, sizeof(before));
	sf_keys_close(&keys);
	assert_int_equal(
		sf_key_folder_activate(folder_path(folder, "keys"), none, &diag), SF_ERR_NOT_FOUND);
}

/* The power went between writing the key and the request that names it. */
static void test_renewal_that_was_cut_off_is_made_again(void **state)
{
	struct folder *folder = *state;
	const struct sf_view none = sf_view_of(NULL, 0);
	make(folder, SF_ROLE_GP, none);
	struct sf_buf before = folder_read(folder, "keys/request.sfr");
	struct sf_enrolment request;
	assert_int_equal(sf_key_folder_renew(
				 folder_path(folder, "keys"), none, &folder->env, &request, NULL),
		SF_OK);
	assert_int_equal(sf_file_write(folder_path(folder, "keys/request.sfr"),
				 sf_buf_view(&before), 0644, NULL),
		SF_OK);
	sf_buf_fini(&before);
	assert_int_equal(
		sf_key_folder_activate(folder_path(folder, "keys"), none, NULL), SF_ERR_CONFLICT);
	assert_int_equal(sf_key_folder_renew(
				 folder_path(folder, "keys"), none, &folder->env, &request, NULL),
		SF_OK);
	assert_int_equal(sf_key_folder_activate(folder_path(folder, "keys"), none, NULL), SF_OK);
}

/* A folder of before there were witnesses: it opens without a key, and a renewal makes one. */
static void test_renewal_makes_the_witness_key_that_is_missing(void **state)
{
	struct folder *folder = *state;
	const struct sf_view none = sf_view_of(NULL, 0);
	make(folder, SF_ROLE_HOSPITAL, none);
	assert_int_equal(unlink(folder_path(folder, "keys/witness.key")), 0);
	struct sf_keys keys;
	assert_int_equal(open_keys(folder, &keys, NULL), SF_OK);
	assert_true(sf_id_is_none(keys.witness_key_id));
	sf_keys_close(&keys);
	struct sf_enrolment request;
	assert_int_equal(sf_key_folder_renew(
				 folder_path(folder, "keys"), none, &folder->env, &request, NULL),
		SF_OK);
	assert_int_equal(open_keys(folder, &keys, NULL), SF_OK);
	bool listed = false;
	for (size_t i = 0; i < request.entry.key_count; i++)
		listed |= request.entry.keys[i].use == SF_KEY_USE_WITNESS &&
			  sf_id_equal(request.entry.keys[i].id, keys.witness_key_id);
	assert_true(listed);
	sf_keys_close(&keys);
}

static void test_renewal_leaves_out_keys_long_over(void **state)
{
	struct folder *folder = *state;
	const struct sf_view none = sf_view_of(NULL, 0);
	make(folder, SF_ROLE_GP, none);
	folder->now_ms += 121 * SF_DAY_MS; /* 90 days of life and 30 for late letters are over */
	struct sf_enrolment request;
	assert_int_equal(sf_key_folder_renew(
				 folder_path(folder, "keys"), none, &folder->env, &request, NULL),
		SF_OK);
	assert_int_equal(count_use(&request.entry, SF_KEY_USE_SEALING), 1);
	assert_int_equal(count_use(&request.entry, SF_KEY_USE_TRANSPORT), 1);
}

static void test_damaged_request_is_not_shown(void **state)
{
	struct folder *folder = *state;
	make(folder, SF_ROLE_GP, sf_view_of(NULL, 0));
	struct sf_buf bytes = folder_read(folder, "keys/request.sfr");
	uint8_t *name = bytes.data;
	while (memcmp(name, "Example", 7) != 0)
		name++;
	name[0] = 'X';
	assert_int_equal(sf_file_write(folder_path(folder, "keys/request.sfr"), sf_buf_view(&bytes),
				 0644, NULL),
		SF_OK);
	sf_buf_fini(&bytes);
	struct sf_enrolment request;
	assert_int_equal(
		sf_key_folder_show(folder_path(folder, "keys"), &request, NULL), SF_ERR_INTEGRITY);
}

static void test_registrar_folder_opens_as_its_public_file_says(void **state)
{
	struct folder *folder = *state;
	uint8_t key[SF_PUBLIC_KEY_SIZE], read[SF_PUBLIC_KEY_SIZE];
	struct sf_keyring *keyring = NULL;
	struct sf_id id;
	const struct sf_view none = sf_view_of(NULL, 0);
	assert_int_equal(
		sf_registrar_folder_make(folder_path(folder, "r"), none, &folder->env, key, NULL),
		SF_OK);
	assert_int_equal(folder_mode(folder, "r/registrar.key"), 0600);
	assert_int_equal(
		sf_registrar_public_load(folder_path(folder, "r/registrar.pub"), read, NULL),
		SF_OK);
	assert_memory_equal(key, read, sizeof(key));
	assert_int_equal(
		sf_registrar_folder_open(folder_path(folder, "r"), none, &keyring, &id, NULL),
		SF_OK);
	assert_true(sf_id_equal(id, sf_key_id_ed25519(key)));
	sf_keyring_close(&keyring);
	assert_int_equal(
		sf_registrar_folder_make(folder_path(folder, "r"), none, &folder->env, key, NULL),
		SF_ERR_EXISTS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)

/* Desks change more often than keys: the same keys are listed, and the same party asks. */
static void test_contacts_change_the_request_and_no_key(void **state)
{
	static const struct sf_contact desk = {
		"11111111", "vagttelefon", SF_CONTACT_ALL, 0, 24 * 60};
	struct folder *folder = *state;
	struct sf_enrolment before = make(folder, SF_ROLE_MUNICIPALITY, sf_view_of(NULL, 0));
	assert_int_equal(before.entry.contact_count, 0);
	struct sf_enrolment after;
	folder->now_ms += SF_DAY_MS;
	assert_int_equal(sf_key_folder_contacts(folder_path(folder, "keys"), &desk, 1,
				 sf_view_of(NULL, 0), &folder->env, &after, NULL),
		SF_OK);
	assert_int_equal(after.entry.contact_count, 1);
	assert_string_equal(after.entry.contacts[0].what, "vagttelefon");
	assert_true(sf_id_equal(after.entry.party, before.entry.party));
	assert_int_equal(after.entry.key_count, before.entry.key_count);
	for (size_t i = 0; i < after.entry.key_count; i++)
		assert_true(sf_id_equal(after.entry.keys[i].id, before.entry.keys[i].id));
	struct sf_enrolment kept;
	assert_int_equal(sf_key_folder_show(folder_path(folder, "keys"), &kept, NULL), SF_OK);
	assert_true(sf_digest_equal(&kept.digest, &after.digest));
	/* A renewal carries them on. */
	assert_int_equal(sf_key_folder_renew(folder_path(folder, "keys"), sf_view_of(NULL, 0),
				 &folder->env, &kept, NULL),
		SF_OK);
	assert_int_equal(kept.entry.contact_count, 1);
	struct sf_contact many[SF_CONTACTS_MAX + 1];
	for (size_t i = 0; i < SF_COUNT(many); i++)
		many[i] = desk;
	struct sf_diag diag = {.text = ""};
	assert_int_equal(sf_key_folder_contacts(folder_path(folder, "keys"), many, SF_COUNT(many),
				 sf_view_of(NULL, 0), &folder->env, &kept, &diag),
		SF_ERR_LIMIT);
	many[0].days = SF_CONTACT_DAYS_NONE;
	assert_int_equal(sf_key_folder_contacts(folder_path(folder, "keys"), many, 1,
				 sf_view_of(NULL, 0), &folder->env, &kept, &diag),
		SF_ERR_FORMAT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_node_folder_opens_with_its_keys),
		TEST(test_contacts_change_the_request_and_no_key),
		TEST(test_coordinator_folder_has_a_public_file),
		TEST(test_open_folder_or_key_is_refused),
		TEST(test_second_init_keeps_the_first),
		TEST(test_missing_folder_is_not_found),
		TEST(test_codes_that_cannot_be_are_refused),
		TEST(test_encrypted_folder_needs_its_passphrase),
		TEST(test_renewed_keys_wait_until_activated),
		TEST(test_renewal_that_was_cut_off_is_made_again),
		TEST(test_renewal_makes_the_witness_key_that_is_missing),
		TEST(test_renewal_leaves_out_keys_long_over),
		TEST(test_damaged_request_is_not_shown),
		TEST(test_registrar_folder_opens_as_its_public_file_says),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
