#include "unit/cmd/epoch_record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/port.h"
#include "log/checkpoint.h"
#include "wire/epoch.h"

#define OLD "stafet.example/log/test/1"

/* What the first epoch signed of its first 17 leaves. */
static void write_note(
	const struct sf_crypto *crypto, const struct sf_key *key, struct sf_buf *note)
{
	const struct sf_checkpoint stands = {
		.origin = OLD, .size = 17, .root = {{7}}, .directory_version = 4};
	struct sf_note_key signer;
	struct sf_buf text;
	sf_buf_init(&text, SF_CHECKPOINT_TEXT_SIZE);
	assert_int_equal(sf_checkpoint_format(&stands, &text), SF_OK);
	assert_int_equal(
		sf_note_key_make(crypto, OLD, SF_NOTE_KEY_ED25519, key->public_key, &signer),
		SF_OK);
	assert_int_equal(sf_buf_append(note, sf_buf_view(&text)), SF_OK);
	assert_int_equal(sf_buf_append_text(note, "\n"), SF_OK);
	assert_int_equal(
		sf_note_sign(crypto, key->id, &signer, sf_buf_view(&text), 0, note), SF_OK);
	sf_buf_fini(&text);
}

void epoch_record_make(struct sf_buf *buf, bool own_key)
{
	const uint8_t secret[SF_KEY_SECRET_SIZE] = {0x61};
	struct sf_keyring *keyring = NULL;
	struct sf_crypto crypto;
	struct sf_key key;
	struct sf_buf note;
	sf_buf_init(&note, SF_NOTE_SIZE_MAX);
	assert_int_equal(sf_keyring_open(&keyring), SF_OK);
	sf_crypto_port(keyring, &crypto);
	assert_int_equal(sf_key_from_secret(SF_KEY_LOG, secret, &key), SF_OK);
	assert_int_equal(sf_keyring_add(keyring, &key), SF_OK);
	write_note(&crypto, &key, &note);
	struct sf_epoch epoch = {.old_origin = sf_view_text(OLD),
		.old_note = sf_buf_view(&note),
		.common_size = 17,
		.origin = sf_view_text("stafet.example/log/test/2"),
		.directory_version = 5,
		.directory_head = {{5}},
		.made_ms = INT64_C(1795000000000)};
	memcpy(epoch.log_key, key.public_key, sizeof(epoch.log_key));
	epoch.log_key[0] ^= own_key ? 0 : 1;
	assert_int_equal(sf_epoch_encode(&epoch, buf), SF_OK);
	sf_buf_fini(&note);
	sf_key_fini(&key);
	sf_keyring_close(&keyring);
}
