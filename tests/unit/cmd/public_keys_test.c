#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cmd/keys.h"
#include "unit/cmd/folder.h"

#define ZERO64 "0000000000000000000000000000000000000000000000000000000000000000"
#define PARTY "00112233445566778899aabbccddeeff"
/* RFC 8032 section 7.1 test 1, and RFC 7748 section 6.1, public keys. */
#define ED25519 "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
#define X25519 "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"

static void test_coordinator_file_reads_as_written(void **state)
{
	struct folder *folder = *state;
	struct sf_coordinator_public public;
	folder_write(folder, "c.pub",
		"stafet-coordinator 1\nparty " PARTY "\nidentity " ED25519 "\ntransport " X25519
		"\n",
		0644);
	struct sf_diag diag = {{0}};
	if (sf_coordinator_public_load(folder_path(folder, "c.pub"), &public, &diag))
		fail_msg("%s", diag.text);
	assert_int_equal(public.party.bytes[1], 0x11);
	assert_int_equal(public.identity_key[0], 0xd7);
	assert_int_equal(public.transport_key[0], 0x85);
	struct sf_buf before = folder_read(folder, "c.pub");
	assert_int_equal(
		sf_coordinator_public_save(folder_path(folder, "c.pub"), &public, NULL), SF_OK);
	struct sf_buf after = folder_read(folder, "c.pub");
	assert_true(sf_view_equal(sf_buf_view(&before), sf_buf_view(&after)));
	sf_buf_fini(&before);
	sf_buf_fini(&after);
}

static void test_wrong_coordinator_file_is_refused(void **state)
{
	struct folder *folder = *state;
	static const char *const texts[] = {
		"",
		"stafet-coordinator 1\n",
		"stafet-coordinator 2\nparty " PARTY "\nidentity " ED25519 "\ntransport " X25519
		"\n",
		"stafet-registrar 1\nkey " ED25519 "\n",
		"stafet-coordinator 1\nparty " PARTY "\ntransport " X25519 "\nidentity " ED25519
		"\n",
		"stafet-coordinator 1\nparty " PARTY "\nidentity " ED25519 "\ntransport " X25519,
		"stafet-coordinator 1\nparty " PARTY "\nidentity " ED25519 "\ntransport " X25519
		"\nmore x\n",
		"stafet-coordinator 1\nparty 0011\nidentity " ED25519 "\ntransport " X25519 "\n",
		"stafet-coordinator 1\nparty " PARTY "\nidentity " ZERO64 "\ntransport " X25519
		"\n",
		"stafet-coordinator 1\nparty " PARTY "\nidentity " ED25519 "\ntransport " ZERO64
		"\n",
	};
	for (size_t i = 0; i < SF_COUNT(texts); i++) {
		struct sf_coordinator_public public;
		struct sf_diag diag = {{0}};
		folder_write(folder, "c.pub", texts[i], 0644);
		enum sf_err err =
			sf_coordinator_public_load(folder_path(folder, "c.pub"), &public, &diag);
		if (err != SF_ERR_FORMAT || !strstr(diag.text, "c.pub"))
			fail_msg("case %zu: %d %s", i, err, diag.text);
	}
}

static void test_registrars_are_read_once_each(void **state)
{
	struct folder *folder = *state;
	struct sf_config_registrars config = {.threshold = 1, .count = 1};
	struct sf_registrars registrars;
	struct sf_diag diag = {{0}};
	folder_write(folder, "r.pub", "stafet-registrar 1\nkey " ED25519 "\n", 0644);
	snprintf(config.files[0], sizeof(config.files[0]), "%s", folder_path(folder, "r.pub"));
	if (sf_registrars_load(&config, &registrars, &diag))
		fail_msg("%s", diag.text);
	assert_int_equal(registrars.count, 1);
	assert_int_equal(registrars.threshold, 1);
	assert_int_equal(registrars.keys[0][0], 0xd7);
	/* The same registrar in two files must not count for a threshold of two. */
	folder_write(folder, "s.pub", "stafet-registrar 1\nkey " ED25519 "\n", 0644);
	snprintf(config.files[1], sizeof(config.files[1]), "%s", folder_path(folder, "s.pub"));
	config.count = config.threshold = 2;
	assert_int_equal(sf_registrars_load(&config, &registrars, &diag), SF_ERR_CONFIG);
	assert_non_null(strstr(diag.text, "the same registrar"));
	config.count = 1;
	snprintf(config.files[0], sizeof(config.files[0]), "%s", folder_path(folder, "t.pub"));
	assert_int_equal(sf_registrars_load(&config, &registrars, &diag), SF_ERR_NOT_FOUND);
}

static void test_party_file_reads_as_written(void **state)
{
	struct folder *folder = *state;
	struct sf_id party = {{1, 2, 3}}, read;
	enum sf_role role = SF_ROLE_NONE;
	assert_int_equal(sf_party_file_save(folder->path, party, SF_ROLE_GP, NULL), SF_OK);
	assert_int_equal(sf_party_file_load(folder->path, &read, &role, NULL), SF_OK);
	assert_true(sf_id_equal(party, read));
	assert_int_equal(role, SF_ROLE_GP);
	folder_write(folder, "party", "stafet-party 1\nparty " PARTY "\nrole baker\n", 0644);
	assert_int_equal(sf_party_file_load(folder->path, &read, &role, NULL), SF_ERR_FORMAT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_coordinator_file_reads_as_written),
		TEST(test_wrong_coordinator_file_is_refused),
		TEST(test_registrars_are_read_once_each),
		TEST(test_party_file_reads_as_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
