#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <jansson.h>

#include "base/base64.h"
#include "crypto/port.h"
#include "log/tree.h"

/*
 * All proofs of transparency-dev/merkle (tests/vectors/README.md), with the verdict that was
 * published. What is no proof at all (a root or hash that is not 32 bytes) is refused while
 * reading, as the log's texts refuse it; one vector is taken by its authors all the same.
 */
static const char *const exceptions[] = {
	"merkle/consistency/additional/sizes-are-equal-one-and-proof-is-empty.json"};

#define FILES_EACH 98 /* of inclusion, and of consistency */

struct fixture {
	struct sf_keyring *keyring;
	struct sf_crypto crypto;
	size_t taken, refused, excepted; /* vectors */
};

static int open_fixture(void **state)
{
	static struct fixture fixture;
	fixture = (struct fixture){.taken = 0};
	*state = &fixture;
	if (sf_keyring_open(&fixture.keyring))
		return -1;
	sf_crypto_port(fixture.keyring, &fixture.crypto);
	return 0;
}

static int close_fixture(void **state)
{
	struct fixture *fixture = *state;
	sf_keyring_close(&fixture->keyring);
	return 0;
}

static bool read_hash(const json_t *text, struct sf_digest *ret_hash)
{
	size_t size = 0;
	assert_true(json_is_string(text));
	struct sf_view view = sf_view_of(json_string_value(text), json_string_length(text));
	return !sf_base64_parse(view, ret_hash->bytes, SF_DIGEST_SIZE, &size) &&
	       size == SF_DIGEST_SIZE;
}

/* The file is read with its numbers as reals: one of them is 2^64 - 1. */
static uint64_t read_number(const json_t *vector, const char *name)
{
	double number = json_real_value(json_object_get(vector, name));
	assert_true(json_is_real(json_object_get(vector, name)) && number >= 0);
	return number >= 9223372036854775808.0 ? UINT64_MAX : (uint64_t)number;
}

static bool read_hashes(const json_t *vector, struct sf_digest hashes[80], size_t *ret_count)
{
	const json_t *proof = json_object_get(vector, "proof"); /* null without hashes */
	*ret_count = json_array_size(proof);
	assert_true(*ret_count <= 80);
	for (size_t i = 0; i < *ret_count; i++)
		if (!read_hash(json_array_get(proof, i), &hashes[i]))
			return false;
	return true;
}

static bool inclusion_holds(const struct sf_crypto *crypto, const json_t *vector)
{
	struct sf_digest hashes[80], leaf, root;
	size_t count = 0;
	return read_hashes(vector, hashes, &count) &&
	       read_hash(json_object_get(vector, "leafHash"), &leaf) &&
	       read_hash(json_object_get(vector, "root"), &root) &&
	       !sf_tree_check_inclusion(crypto, read_number(vector, "leafIdx"),
		       read_number(vector, "treeSize"), &leaf, hashes, count, &root);
}

static bool consistency_holds(const struct sf_crypto *crypto, const json_t *vector)
{
	struct sf_digest hashes[80], from_root, to_root;
	size_t count = 0;
	return read_hashes(vector, hashes, &count) &&
	       read_hash(json_object_get(vector, "root1"), &from_root) &&
	       read_hash(json_object_get(vector, "root2"), &to_root) &&
	       !sf_tree_check_consistency(crypto, read_number(vector, "size1"), &from_root,
		       read_number(vector, "size2"), &to_root, hashes, count);
}

static void check_file(struct fixture *fixture, const char *name)
{
	char path[1024];
	snprintf(path, sizeof(path), SF_TESTS_DIR "/vectors/%s", name);
	json_error_t error;
	json_t *vector = json_load_file(path, JSON_DECODE_INT_AS_REAL, &error);
	if (!vector)
		fail_msg("%s: %s", name, error.text);
	bool holds = json_object_get(vector, "leafHash")
			     ? inclusion_holds(&fixture->crypto, vector)
			     : consistency_holds(&fixture->crypto, vector);
	const json_t *refused = json_object_get(vector, "wantErr");
	assert_true(json_is_boolean(refused));
	bool excepted = false;
	for (size_t i = 0; i < SF_COUNT(exceptions); i++)
		excepted = excepted || strcmp(name, exceptions[i]) == 0;
	if (holds == json_is_true(refused) && !excepted)
		fail_msg("%s: %s", name, holds ? "holds" : "does not hold");
	assert_false(excepted && holds);
	fixture->excepted += excepted;
	fixture->taken += holds;
	fixture->refused += !holds;
	json_decref(vector);
}

static void walk(struct fixture *fixture, const char *name)
{
	char path[1024], below[768];
	snprintf(path, sizeof(path), SF_TESTS_DIR "/vectors/%s", name);
	DIR *folder = opendir(path);
	if (!folder) {
		check_file(fixture, name);
		return;
	}
	for (const struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
		if (entry->d_name[0] == '.')
			continue;
		assert_true(snprintf(below, sizeof(below), "%s/%s", name, entry->d_name) <
			    (int)sizeof(below));
		walk(fixture, below);
	}
	closedir(folder);
}

static void test_published_inclusion_proofs(void **state)
{
	struct fixture *fixture = *state;
	walk(fixture, "merkle/inclusion");
	assert_int_equal(fixture->taken + fixture->refused, FILES_EACH);
	assert_int_equal(fixture->taken, 6);
	assert_int_equal(fixture->excepted, 0);
}

static void test_published_consistency_proofs(void **state)
{
	struct fixture *fixture = *state;
	walk(fixture, "merkle/consistency");
	assert_int_equal(fixture->taken + fixture->refused, FILES_EACH);
	assert_int_equal(fixture->taken, 5);
	assert_int_equal(fixture->excepted, SF_COUNT(exceptions));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_published_inclusion_proofs),
		TEST(test_published_consistency_proofs),
	};
	return cmocka_run_group_tests_name("log/tree_check", tests, NULL, NULL);
}
