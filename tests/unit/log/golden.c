#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "unit/log/golden.h"
#include "log/checkpoint.h"

static void add_key(struct golden *golden, enum sf_key_kind kind, uint8_t seed, const char *name,
	enum sf_note_key_type type, struct sf_note_key *ret_key, struct sf_id *ret_id)
{
	uint8_t secret[SF_KEY_SECRET_SIZE];
	memset(secret, seed, sizeof(secret));
	struct sf_key key;
	assert_int_equal(sf_key_from_secret(kind, secret, &key), SF_OK);
	assert_int_equal(sf_keyring_add(golden->keyring, &key), SF_OK);
	*ret_id = key.id;
	assert_int_equal(
		sf_note_key_make(&golden->crypto, name, type, key.public_key, ret_key), SF_OK);
	sf_key_fini(&key);
}

int golden_open(void **state)
{
	static struct golden golden;
	golden = (struct golden){.keyring = NULL};
	sf_buf_init(&golden.text, 65536);
	assert_int_equal(sf_keyring_open(&golden.keyring), SF_OK);
	sf_crypto_port(golden.keyring, &golden.crypto);
	add_key(&golden, SF_KEY_LOG, 1, GOLDEN_ORIGIN, SF_NOTE_KEY_ED25519, &golden.log,
		&golden.log_id);
	for (uint8_t i = 0; i < GOLDEN_WITNESSES; i++) {
		struct sf_id party;
		memset(party.bytes, 0xA0 + i, SF_ID_SIZE);
		char name[SF_WITNESS_NAME_SIZE];
		sf_witness_name(party, name);
		add_key(&golden, SF_KEY_WITNESS, (uint8_t)(16 + i), name, SF_NOTE_KEY_COSIGNATURE,
			&golden.witnesses[i], &golden.witness_ids[i]);
	}
	*state = &golden;
	return 0;
}

int golden_close(void **state)
{
	struct golden *golden = *state;
	sf_buf_fini(&golden->text);
	sf_keyring_close(&golden->keyring);
	return 0;
}

struct sf_view golden_read(struct golden *golden, const char *name)
{
	char path[512], bytes[4096];
	snprintf(path, sizeof(path), SF_TESTS_DIR "/golden/log/%s", name);
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	sf_buf_clear(&golden->text);
	for (size_t size = 1; size > 0;) {
		size = fread(bytes, 1, sizeof(bytes), file);
		assert_int_equal(sf_buf_append(&golden->text, sf_view_of(bytes, size)), SF_OK);
	}
	fclose(file);
	return sf_buf_view(&golden->text);
}

void golden_replace(struct sf_buf *buf, struct sf_view text, const char *from, const char *to)
{
	size_t size = strlen(from);
	for (size_t at = 0; at + size <= text.size; at++) {
		if (memcmp(text.data + at, from, size) != 0)
			continue;
		assert_int_equal(sf_buf_append(buf, sf_view_of(text.data, at)), SF_OK);
		assert_int_equal(sf_buf_append_text(buf, to), SF_OK);
		struct sf_view rest = sf_view_of(text.data + at + size, text.size - at - size);
		assert_int_equal(sf_buf_append(buf, rest), SF_OK);
		return;
	}
	fail_msg("'%s' is not in the text", from);
}
