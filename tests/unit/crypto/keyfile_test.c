#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "crypto/keyfile.h"
#include "unit/crypto/sealing.h"

struct place {
	char folder[64];
	char path[80];
	size_t random_count;
	struct sf_env env;
	struct sf_key key;
	struct sf_diag diag;
};

static void fake_random(void *self, void *bytes, size_t size)
{
	chance("env", (*(size_t *)self)++, bytes, size);
}

static void place_open(struct place *place, enum sf_key_kind kind)
{
	*place = (struct place){.folder = "/tmp/stafet-keyfile-XXXXXX"};
	assert_non_null(mkdtemp(place->folder));
	snprintf(place->path, sizeof(place->path), "%s/key", place->folder);
	place->env = (struct sf_env){.self = &place->random_count, .random = fake_random};
	assert_int_equal(sf_key_make(kind, &place->env, &place->key), SF_OK);
}

static void place_close(struct place *place)
{
	sf_key_fini(&place->key);
	unlink(place->path);
	/* Fails when a temporary file was left behind. */
	assert_int_equal(rmdir(place->folder), 0);
}

static enum sf_err write_key(struct place *place, const char *passphrase, bool replace)
{
	return sf_keyfile_write(place->path, &place->key, sf_view_text(passphrase), replace,
		&place->env, &place->diag);
}

/* Reads and compares with the key that was written. */
static enum sf_err read_key(struct place *place, const char *passphrase, const char *credentials)
{
	struct sf_keyfile_access access = {
		.passphrase = sf_view_text(passphrase), .credentials_directory = credentials};
	struct sf_key key;
	enum sf_err err =
		sf_keyfile_read(place->path, place->key.kind, &access, &key, &place->diag);
	if (err)
		return err;
	assert_int_equal(key.kind, place->key.kind);
	assert_memory_equal(key.secret.bytes, place->key.secret.bytes, SF_KEY_SECRET_SIZE);
	assert_memory_equal(key.public_key, place->key.public_key, SF_PUBLIC_KEY_SIZE);
	assert_true(sf_id_equal(key.id, place->key.id));
	sf_key_fini(&key);
	return SF_OK;
}

static size_t slurp(const char *path, char *text, size_t size)
{
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	size_t got = fread(text, 1, size - 1, file);
	text[got] = '\0';
	fclose(file);
	return got;
}

static void spill(const char *path, const char *text)
{
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fputs(text, file) >= 0, 1);
	assert_int_equal(fclose(file), 0);
}

static void test_every_kind_is_read_as_written(void **state)
{
	(void)state;
#define X(name, value, text) name,
	static const enum sf_key_kind kinds[] = {SF_KEY_KIND_LIST(X)};
#undef X
	for (size_t i = 0; i < SF_COUNT(kinds); i++) {
		struct place place;
		place_open(&place, kinds[i]);
		assert_int_equal(write_key(&place, "", false), SF_OK);
		struct stat status;
		assert_int_equal(stat(place.path, &status), 0);
		assert_int_equal(status.st_mode & 07777, 0600);
		assert_int_equal(read_key(&place, "", NULL), SF_OK);
		place_close(&place);
	}
}

static void test_mode_that_lets_others_in_is_refused_with_advice(void **state)
{
	(void)state;
	static const mode_t modes[] = {0644, 0640, 0604, 0660, 0700, 0602, 04600};
	struct place place;
	place_open(&place, SF_KEY_IDENTITY);
	assert_int_equal(write_key(&place, "", false), SF_OK);
	for (size_t i = 0; i < SF_COUNT(modes); i++) {
		assert_int_equal(chmod(place.path, modes[i]), 0);
		assert_int_equal(read_key(&place, "", NULL), SF_ERR_AUTH);
		assert_non_null(strstr(place.diag.text, "chmod 600"));
		assert_non_null(strstr(place.diag.text, place.path));
	}
	assert_int_equal(chmod(place.path, 0400), 0);
	assert_int_equal(read_key(&place, "", NULL), SF_OK);
	place_close(&place);
}

/* Another user could read and change it, whatever its mode. Only root can make such a file. */
static void test_file_of_another_user_is_refused(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	struct place place;
	place_open(&place, SF_KEY_IDENTITY);
	assert_int_equal(write_key(&place, "", false), SF_OK);
	assert_int_equal(chown(place.path, 12345, (gid_t)-1), 0);
	assert_int_equal(read_key(&place, "", NULL), SF_ERR_AUTH);
	assert_non_null(strstr(place.diag.text, "chown"));
	place_close(&place);
}

static void test_credential_may_be_group_readable_and_unencrypted(void **state)
{
	(void)state;
	struct place place;
	place_open(&place, SF_KEY_SEALING);
	assert_int_equal(write_key(&place, "", false), SF_OK);
	assert_int_equal(chmod(place.path, 0440), 0);
	assert_int_equal(read_key(&place, "", NULL), SF_ERR_AUTH);
	assert_int_equal(read_key(&place, "", place.folder), SF_OK);
	assert_int_equal(read_key(&place, "passphrase of other keys", place.folder), SF_OK);
	assert_int_equal(read_key(&place, "", "/tmp/stafet"), SF_ERR_AUTH);
	assert_int_equal(chmod(place.path, 0444), 0);
	assert_int_equal(read_key(&place, "", place.folder), SF_ERR_AUTH);
	place_close(&place);
}

static void test_passphrase_opens_and_nothing_else_does(void **state)
{
	(void)state;
	struct place place;
	place_open(&place, SF_KEY_REGISTRAR);
	assert_int_equal(write_key(&place, "en lang s\303\246tning", false), SF_OK);
	assert_int_equal(read_key(&place, "en lang s\303\246tning", NULL), SF_OK);
	assert_int_equal(read_key(&place, "en lang saetning", NULL), SF_ERR_AUTH);
	assert_non_null(strstr(place.diag.text, "passphrase"));
	assert_int_equal(read_key(&place, "", NULL), SF_ERR_AUTH);
	assert_non_null(strstr(place.diag.text, "encrypted"));
	/* The secret does not stand in the file, the public key does. */
	char text[4096], digits[65];
	slurp(place.path, text, sizeof(text));
	sf_hex_encode(sf_secret_view(&place.key.secret), digits);
	assert_null(strstr(text, digits));
	sf_hex_encode(sf_view_of(place.key.public_key, 32), digits);
	assert_non_null(strstr(text, digits));
	place_close(&place);
}

static void test_unencrypted_file_is_refused_when_a_passphrase_is_asked(void **state)
{
	(void)state;
	struct place place;
	place_open(&place, SF_KEY_LOG);
	assert_int_equal(write_key(&place, "", false), SF_OK);
	assert_int_equal(read_key(&place, "secret words", NULL), SF_ERR_AUTH);
	assert_non_null(strstr(place.diag.text, "not encrypted"));
	place_close(&place);
}

static void test_existing_key_is_kept_unless_replaced(void **state)
{
	(void)state;
	struct place place;
	place_open(&place, SF_KEY_IDENTITY);
	assert_int_equal(write_key(&place, "", false), SF_OK);
	struct sf_key first = place.key;
	assert_int_equal(sf_key_make(SF_KEY_IDENTITY, &place.env, &place.key), SF_OK);
	assert_int_equal(write_key(&place, "", false), SF_ERR_EXISTS);
	struct sf_key second = place.key;
	place.key = first;
	assert_int_equal(read_key(&place, "", NULL), SF_OK);
	place.key = second;
	assert_int_equal(write_key(&place, "", true), SF_OK);
	assert_int_equal(read_key(&place, "", NULL), SF_OK);
	sf_key_fini(&first);
	place_close(&place);
}

/* Every changed character of either kind of file is refused, whatever it changes. */
static void spoil(const char *passphrase, size_t step)
{
	struct place place;
	place_open(&place, SF_KEY_IDENTITY);
	assert_int_equal(write_key(&place, passphrase, false), SF_OK);
	char text[4096], spoiled[4096];
	size_t size = slurp(place.path, text, sizeof(text));
	for (size_t i = 0; i < size; i += step) {
		memcpy(spoiled, text, size + 1);
		/* To another digit or letter, so that only meaning changes. */
		spoiled[i] = spoiled[i] == '1' ? '2' : '1';
		spill(place.path, spoiled);
		assert_int_not_equal(read_key(&place, passphrase, NULL), SF_OK);
		assert_non_null(strstr(place.diag.text, place.path));
	}
	for (size_t i = 0; i < size; i += step) {
		memcpy(spoiled, text, size + 1);
		spoiled[i] = '\0';
		spill(place.path, spoiled);
		assert_int_equal(read_key(&place, passphrase, NULL), SF_ERR_FORMAT);
	}
	memcpy(spoiled, text, size);
	memcpy(spoiled + size, "\n", 2);
	spill(place.path, spoiled);
	assert_int_equal(read_key(&place, passphrase, NULL), SF_ERR_FORMAT);
	spill(place.path, text);
	assert_int_equal(read_key(&place, passphrase, NULL), SF_OK);
	place_close(&place);
}

static void test_changed_file_is_refused(void **state)
{
	(void)state;
	spoil("", 1);
	spoil("a passphrase", 41);
}

static void test_costs_beyond_the_ceiling_are_refused(void **state)
{
	(void)state;
	static const char *const costs[] = {"17 65536", "3 1048577", "0 65536", "3 0", "03 65536",
		"3 7", "99999999999999999999 8"};
	struct place place;
	place_open(&place, SF_KEY_PSK);
	for (size_t i = 0; i < SF_COUNT(costs); i++) {
		char text[512];
		snprintf(text, sizeof(text),
			"stafet-key 1\nkind psk\nprotection argon2id %s %032d %048d\nsecret "
			"%096d\n",
			costs[i], 0, 0, 0);
		spill(place.path, text);
		assert_int_equal(chmod(place.path, 0600), 0);
		assert_int_equal(read_key(&place, "x", NULL), SF_ERR_FORMAT);
	}
	place_close(&place);
}

static void test_other_files_are_refused_without_waiting(void **state)
{
	(void)state;
	struct place place;
	place_open(&place, SF_KEY_IDENTITY);
	assert_int_equal(read_key(&place, "", NULL), SF_ERR_NOT_FOUND);
	assert_int_equal(mkfifo(place.path, 0600), 0);
	assert_int_equal(read_key(&place, "", NULL), SF_ERR_FORMAT);
	assert_int_equal(unlink(place.path), 0);
	char large[6000];
	memset(large, 'x', sizeof(large) - 1);
	large[sizeof(large) - 1] = '\0';
	spill(place.path, large);
	assert_int_equal(chmod(place.path, 0600), 0);
	assert_int_equal(read_key(&place, "", NULL), SF_ERR_LIMIT);
	spill(place.path, "");
	assert_int_equal(read_key(&place, "", NULL), SF_ERR_FORMAT);
	assert_int_equal(unlink(place.path), 0);
	/* A key of another kind, and a folder that is not there. */
	place.key.kind = SF_KEY_WITNESS;
	assert_int_equal(write_key(&place, "", false), SF_OK);
	place.key.kind = SF_KEY_IDENTITY;
	assert_int_equal(read_key(&place, "", NULL), SF_ERR_FORMAT);
	struct place missing = place;
	snprintf(missing.path, sizeof(missing.path), "%s/no/key", place.folder);
	assert_int_equal(write_key(&missing, "", false), SF_ERR_NOT_FOUND);
	place_close(&place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_kind_is_read_as_written),
		cmocka_unit_test(test_mode_that_lets_others_in_is_refused_with_advice),
		cmocka_unit_test(test_file_of_another_user_is_refused),
		cmocka_unit_test(test_credential_may_be_group_readable_and_unencrypted),
		cmocka_unit_test(test_passphrase_opens_and_nothing_else_does),
		cmocka_unit_test(test_unencrypted_file_is_refused_when_a_passphrase_is_asked),
		cmocka_unit_test(test_existing_key_is_kept_unless_replaced),
		cmocka_unit_test(test_changed_file_is_refused),
		cmocka_unit_test(test_costs_beyond_the_ceiling_are_refused),
		cmocka_unit_test(test_other_files_are_refused_without_waiting),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
