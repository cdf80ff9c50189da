#include "audit/epoch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/port.h"

#define OLD "stafet.example/log/test/1"
#define NEW "stafet.example/log/test/2"

/* Keys 0 to 2 are registrars of a threshold of two, 3 is a stranger, 4 is the log's. */
enum { STRANGER = 3, LOG, KEY_COUNT };

struct office {
	struct sf_keyring *keyring;
	struct sf_crypto crypto;
	struct sf_key keys[KEY_COUNT];
	struct sf_registrars registrars;
	struct sf_checkpoint stands; /* what the note will say */
	struct sf_epoch epoch;       /* its note is made from stands */
	struct sf_buf note, bytes, whole;
};

static int open_office(void **state)
{
	struct office *office = calloc(1, sizeof(*office));
	assert_non_null(office);
	assert_int_equal(sf_keyring_open(&office->keyring), SF_OK);
	sf_crypto_port(office->keyring, &office->crypto);
	for (size_t i = 0; i < KEY_COUNT; i++) {
		const uint8_t secret[SF_KEY_SECRET_SIZE] = {(uint8_t)(i + 1)};
		enum sf_key_kind kind = i == LOG ? SF_KEY_LOG : SF_KEY_REGISTRAR;
		assert_int_equal(sf_key_from_secret(kind, secret, &office->keys[i]), SF_OK);
		assert_int_equal(sf_keyring_add(office->keyring, &office->keys[i]), SF_OK);
	}
	office->registrars = (struct sf_registrars){.count = 3, .threshold = 2};
	for (size_t i = 0; i < 3; i++)
		memcpy(office->registrars.keys[i], office->keys[i].public_key, SF_PUBLIC_KEY_SIZE);
	office->stands = (struct sf_checkpoint){
		.origin = OLD, .size = 17, .root = {{7}}, .directory_version = 4};
	office->epoch = (struct sf_epoch){.old_origin = sf_view_text(OLD),
		.common_size = 17,
		.origin = sf_view_text(NEW),
		.directory_version = 5,
		.directory_head = {{5}},
		.made_ms = 1795000000000};
	memcpy(office->epoch.log_key, office->keys[LOG].public_key, SF_PUBLIC_KEY_SIZE);
	sf_buf_init(&office->note, SF_NOTE_SIZE_MAX);
	sf_buf_init(&office->bytes, SF_EPOCH_SIZE_MAX);
	sf_buf_init(&office->whole, 2 * SF_EPOCH_SIZE_MAX);
	*state = office;
	return 0;
}

static int close_office(void **state)
{
	struct office *office = *state;
	for (size_t i = 0; i < KEY_COUNT; i++)
		sf_key_fini(&office->keys[i]);
	sf_buf_fini(&office->note);
	sf_buf_fini(&office->bytes);
	sf_buf_fini(&office->whole);
	sf_keyring_close(&office->keyring);
	free(office);
	return 0;
}

static void write_note(struct office *office)
{
	struct sf_note_key key;
	struct sf_buf text;
	sf_buf_init(&text, SF_CHECKPOINT_TEXT_SIZE);
	sf_buf_clear(&office->note);
	assert_int_equal(sf_checkpoint_format(&office->stands, &text), SF_OK);
	assert_int_equal(sf_note_key_make(&office->crypto, office->stands.origin,
				 SF_NOTE_KEY_ED25519, office->keys[LOG].public_key, &key),
		SF_OK);
	assert_int_equal(sf_buf_append(&office->note, sf_buf_view(&text)), SF_OK);
	assert_int_equal(sf_buf_append_text(&office->note, "\n"), SF_OK);
	assert_int_equal(sf_note_sign(&office->crypto, office->keys[LOG].id, &key,
				 sf_buf_view(&text), 0, &office->note),
		SF_OK);
	sf_buf_fini(&text);
	office->epoch.old_note = sf_buf_view(&office->note);
}

/* Signed under a record's name by the keys that the digits of signers name. */
static struct sf_view sign_as(struct office *office, const char *signers, const char *name)
{
	sf_buf_clear(&office->bytes);
	sf_buf_clear(&office->whole);
	write_note(office);
	assert_int_equal(sf_epoch_encode(&office->epoch, &office->bytes), SF_OK);
	struct sf_signed_record record = {.record = sf_buf_view(&office->bytes)};
	for (; *signers; signers++) {
		struct sf_record_signature *place = &record.signatures[record.signature_count++];
		place->key_id = office->keys[*signers - '0'].id;
		assert_int_equal(office->crypto.sign_record(office->crypto.self, place->key_id,
					 name, record.record, place->signature),
			SF_OK);
	}
	assert_int_equal(sf_signed_record_encode(&record, &office->whole), SF_OK);
	return sf_buf_view(&office->whole);
}

static void assert_opens(struct office *office, struct sf_view bytes, enum sf_err wanted)
{
	struct sf_declared_epoch declared;
	struct sf_diag diag = {.text = ""};
	assert_int_equal(
		sf_epoch_open(&office->crypto, &office->registrars, bytes, &declared, &diag),
		wanted);
	assert_int_equal(wanted != SF_OK, diag.text[0] != '\0');
}

static void test_declared_epoch_says_what_stands(void **state)
{
	struct office *office = *state;
	struct sf_declared_epoch declared, read;
	struct sf_view bytes = sign_as(office, "02", "epoch");
	assert_int_equal(
		sf_epoch_open(&office->crypto, &office->registrars, bytes, &declared, NULL), SF_OK);
	assert_int_equal(declared.epoch, 2);
	assert_string_equal(declared.log, "stafet.example/log/test");
	assert_string_equal(declared.origin, NEW);
	assert_int_equal(declared.stands.size, 17);
	assert_true(sf_digest_equal(&declared.stands.root, &office->stands.root));
	assert_int_equal(declared.record.directory_version, 5);
	/* Who signs it reads the same, and names it by the same fingerprint. */
	assert_int_equal(
		sf_epoch_read(&office->crypto, sf_buf_view(&office->bytes), &read, NULL), SF_OK);
	assert_true(sf_digest_equal(&read.digest, &declared.digest));
	office->epoch.made_ms++;
	sign_as(office, "02", "epoch");
	assert_int_equal(
		sf_epoch_read(&office->crypto, sf_buf_view(&office->bytes), &read, NULL), SF_OK);
	assert_false(sf_digest_equal(&read.digest, &declared.digest));
}

static void test_epoch_signed_by_too_few_is_refused(void **state)
{
	struct office *office = *state;
	assert_opens(office, sign_as(office, "", "epoch"), SF_ERR_AUTH);
	assert_opens(office, sign_as(office, "1", "epoch"), SF_ERR_AUTH);
	assert_opens(office, sign_as(office, "13", "epoch"), SF_ERR_AUTH);
	assert_opens(office, sign_as(office, "132", "epoch"), SF_OK);
	/* What a registrar signed as something else is no word about the log. */
	assert_opens(office, sign_as(office, "12", "entry"), SF_ERR_AUTH);
	/* Who has pinned nobody believes nobody. */
	struct sf_view bytes = sign_as(office, "012", "epoch");
	office->registrars = (struct sf_registrars){.count = 0};
	assert_opens(office, bytes, SF_ERR_AUTH);
}

/* One registrar is one, however often it signed; and a changed record is signed by nobody. */
static void test_epoch_signed_twice_by_one_or_changed_is_refused(void **state)
{
	struct office *office = *state;
	assert_opens(office, sign_as(office, "11", "epoch"), SF_ERR_FORMAT);
	struct sf_view bytes = sign_as(office, "01", "epoch");
	uint8_t *changed = malloc(bytes.size);
	assert_non_null(changed);
	memcpy(changed, bytes.data, bytes.size);
	for (size_t i = 0; i < bytes.size; i++) {
		struct sf_declared_epoch declared;
		changed[i] ^= 1;
		assert_int_not_equal(sf_epoch_open(&office->crypto, &office->registrars,
					     sf_view_of(changed, bytes.size), &declared, NULL),
			SF_OK);
		changed[i] ^= 1;
	}
	free(changed);
}

static void test_epoch_that_is_not_the_next_of_the_same_log_is_refused(void **state)
{
	struct office *office = *state;
	static const char *const origins[] = {
		"stafet.example/log/other/2",
		"stafet.example/log/test/1",
		"stafet.example/log/test/3",
		"stafet.example/log/test/02",
		"stafet.example/log/test",
		"Stafet.example/log/test/2",
	};
	for (size_t i = 0; i < SF_COUNT(origins); i++) {
		office->epoch.origin = sf_view_text(origins[i]);
		assert_opens(office, sign_as(office, "01", "epoch"), SF_ERR_FORMAT);
	}
	office->epoch.origin = sf_view_text(NEW);
	assert_opens(office, sign_as(office, "01", "epoch"), SF_OK);
}

static void test_note_of_another_size_or_log_is_refused(void **state)
{
	struct office *office = *state;
	office->epoch.common_size = 16;
	assert_opens(office, sign_as(office, "01", "epoch"), SF_ERR_FORMAT);
	office->epoch.common_size = 17;
	memcpy(office->stands.origin, NEW, sizeof(NEW));
	assert_opens(office, sign_as(office, "01", "epoch"), SF_ERR_FORMAT);
	memcpy(office->stands.origin, OLD, sizeof(OLD));
	assert_opens(office, sign_as(office, "01", "epoch"), SF_OK);
}

static void test_directory_older_than_its_note_is_refused(void **state)
{
	struct office *office = *state;
	office->epoch.directory_version = 3;
	assert_opens(office, sign_as(office, "01", "epoch"), SF_ERR_FORMAT);
	office->epoch.directory_version = 4;
	assert_opens(office, sign_as(office, "01", "epoch"), SF_OK);
}

int main(void)
{
#define OFFICE(test) cmocka_unit_test_setup_teardown(test, open_office, close_office)
	const struct CMUnitTest tests[] = {
		OFFICE(test_declared_epoch_says_what_stands),
		OFFICE(test_epoch_signed_by_too_few_is_refused),
		OFFICE(test_epoch_signed_twice_by_one_or_changed_is_refused),
		OFFICE(test_epoch_that_is_not_the_next_of_the_same_log_is_refused),
		OFFICE(test_note_of_another_size_or_log_is_refused),
		OFFICE(test_directory_older_than_its_note_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
