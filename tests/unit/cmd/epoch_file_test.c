#include "cmd/epoch_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/port.h"
#include "unit/cmd/epoch_record.h"

/* Two registrars, both of whom must sign. */
struct scene {
	struct sf_keyring *keyring;
	struct sf_crypto crypto;
	struct sf_id key_ids[2];
	struct sf_registrars pinned;
	struct sf_buf record, first, second;
};

static int setup(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	assert_non_null(scene);
	assert_int_equal(sf_keyring_open(&scene->keyring), SF_OK);
	sf_crypto_port(scene->keyring, &scene->crypto);
	scene->pinned = (struct sf_registrars){.count = 2, .threshold = 2};
	for (size_t i = 0; i < 2; i++) {
		const uint8_t secret[SF_KEY_SECRET_SIZE] = {(uint8_t)(i + 1)};
		struct sf_key key;
		assert_int_equal(sf_key_from_secret(SF_KEY_REGISTRAR, secret, &key), SF_OK);
		assert_int_equal(sf_keyring_add(scene->keyring, &key), SF_OK);
		scene->key_ids[i] = key.id;
		memcpy(scene->pinned.keys[i], key.public_key, SF_PUBLIC_KEY_SIZE);
		sf_key_fini(&key);
	}
	sf_buf_init(&scene->record, SF_EPOCH_SIZE_MAX);
	sf_buf_init(&scene->first, 2 * SF_EPOCH_SIZE_MAX);
	sf_buf_init(&scene->second, 2 * SF_EPOCH_SIZE_MAX);
	*state = scene;
	return 0;
}

static int teardown(void **state)
{
	struct scene *scene = *state;
	sf_buf_fini(&scene->record);
	sf_buf_fini(&scene->first);
	sf_buf_fini(&scene->second);
	sf_keyring_close(&scene->keyring);
	free(scene);
	return 0;
}

static struct sf_epoch_file read_file(const struct sf_buf *bytes)
{
	struct sf_epoch_file file;
	assert_int_equal(sf_epoch_file_read(sf_buf_view(bytes), &file, NULL), SF_OK);
	return file;
}

static enum sf_err open_by_pinned(const struct scene *scene, const struct sf_buf *bytes)
{
	struct sf_declared_epoch declared;
	return sf_epoch_open(&scene->crypto, &scene->pinned, sf_buf_view(bytes), &declared, NULL);
}

static void test_record_goes_from_hand_to_hand(void **state)
{
	struct scene *scene = *state;
	epoch_record_make(&scene->record, true);
	struct sf_epoch_file file = read_file(&scene->record);
	assert_int_equal(file.record.signature_count, 0);
	assert_int_equal(file.declared.epoch, 2);
	assert_int_equal(file.declared.stands.size, 17);
	assert_true(file.key_signed_note);
	const struct sf_digest digest = file.declared.digest;
	assert_int_equal(
		sf_epoch_file_sign(scene->keyring, scene->key_ids[0], &file, &scene->first, NULL),
		SF_OK);
	assert_int_equal(open_by_pinned(scene, &scene->first), SF_ERR_AUTH);
	file = read_file(&scene->first);
	assert_int_equal(file.record.signature_count, 1);
	assert_int_equal(
		sf_epoch_file_sign(scene->keyring, scene->key_ids[1], &file, &scene->second, NULL),
		SF_OK);
	file = read_file(&scene->second);
	assert_int_equal(file.record.signature_count, 2);
	/* Everybody on the way has read out the same fingerprint. */
	assert_true(sf_digest_equal(&file.declared.digest, &digest));
	assert_int_equal(open_by_pinned(scene, &scene->second), SF_OK);
}

static void test_registrar_signs_once(void **state)
{
	struct scene *scene = *state;
	struct sf_diag diag = {.text = ""};
	epoch_record_make(&scene->record, true);
	struct sf_epoch_file file = read_file(&scene->record);
	assert_int_equal(
		sf_epoch_file_sign(scene->keyring, scene->key_ids[0], &file, &scene->first, &diag),
		SF_OK);
	file = read_file(&scene->first);
	assert_int_equal(
		sf_epoch_file_sign(scene->keyring, scene->key_ids[0], &file, &scene->second, &diag),
		SF_ERR_EXISTS);
	assert_int_equal(scene->second.size, 0);
	assert_true(diag.text[0] != '\0');
}

static void test_note_of_another_key_is_seen(void **state)
{
	struct scene *scene = *state;
	epoch_record_make(&scene->record, false);
	assert_false(read_file(&scene->record).key_signed_note);
}

static void test_other_bytes_are_no_epoch(void **state)
{
	struct scene *scene = *state;
	struct sf_epoch_file file;
	struct sf_diag diag = {.text = ""};
	epoch_record_make(&scene->record, true);
	const struct sf_view cut = sf_view_of(scene->record.data, scene->record.size - 1);
	const struct sf_view others[] = {
		sf_view_of(NULL, 0), sf_view_text("stafet-registrar 1\n"), cut};
	for (size_t i = 0; i < SF_COUNT(others); i++) {
		assert_int_equal(sf_epoch_file_read(others[i], &file, &diag), SF_ERR_FORMAT);
		assert_true(diag.text[0] != '\0');
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_record_goes_from_hand_to_hand),
		TEST(test_registrar_signs_once),
		TEST(test_note_of_another_key_is_seen),
		TEST(test_other_bytes_are_no_epoch),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
