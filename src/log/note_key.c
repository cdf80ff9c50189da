/* Keys of notes: how they are named, and their text (c2sp.org/signed-note, "vkey"). */
#include "log/note.h"

#include <stdio.h>
#include <string.h>

#include "log/line.h"

enum sf_err sf_note_key_make(const struct sf_crypto *crypto, const char *name,
	enum sf_note_key_type type, const uint8_t public_key[SF_PUBLIC_KEY_SIZE],
	struct sf_note_key *ret_key)
{
	struct sf_view named = sf_view_text(name);
	if (!sf_note_name_valid(named))
		return SF_ERR_FORMAT;
	struct sf_note_key key = {.type = type};
	memcpy(key.name, name, named.size);
	memcpy(key.public_key, public_key, SF_PUBLIC_KEY_SIZE);
	const uint8_t middle[] = {'\n', (uint8_t)type};
	const struct sf_view parts[] = {named, sf_view_of(middle, sizeof(middle)),
		sf_view_of(key.public_key, SF_PUBLIC_KEY_SIZE)};
	struct sf_digest digest;
	crypto->sha256(crypto->self, parts, SF_COUNT(parts), &digest);
	memcpy(key.hash, digest.bytes, sizeof(key.hash));
	*ret_key = key;
	return SF_OK;
}

static enum sf_err refuse(struct sf_diag *diag, const char *what)
{
	sf_diag_set(diag, "not a verifier key: %s", what);
	return SF_ERR_FORMAT;
}

enum sf_err sf_note_vkey_parse(const struct sf_crypto *crypto, struct sf_view text,
	struct sf_note_key *ret_key, struct sf_diag *diag)
{
	struct sf_view name, digits;
	if (!sf_line_until(&text, '+', &name) || !sf_line_until(&text, '+', &digits))
		return refuse(diag, "it is not 'name+hash+base64'");
	if (!sf_note_name_valid(name))
		return refuse(diag, "its name is not [a-z0-9./-]+");
	uint8_t typed[1 + SF_PUBLIC_KEY_SIZE];
	size_t size = 0;
	if (sf_base64_parse(text, typed, sizeof(typed), &size) || size != sizeof(typed))
		return refuse(diag, "its key is not 33 bytes in canonical base64");
	if (typed[0] != SF_NOTE_KEY_ED25519 && typed[0] != SF_NOTE_KEY_COSIGNATURE)
		return refuse(diag, "its type is neither 1 (log) nor 4 (witness)");
	char zero_ended[SF_NOTE_NAME_SIZE] = "";
	memcpy(zero_ended, name.data, name.size);
	struct sf_note_key key;
	enum sf_err err = sf_note_key_make(
		crypto, zero_ended, (enum sf_note_key_type)typed[0], typed + 1, &key);
	if (err)
		return err;
	char expected[2 * sizeof(key.hash) + 1];
	sf_hex_encode(sf_view_of(key.hash, sizeof(key.hash)), expected);
	if (!sf_view_equal(digits, sf_view_text(expected)))
		return refuse(diag, "its hash is not that of its name and key");
	*ret_key = key;
	return SF_OK;
}

void sf_note_vkey_format(const struct sf_note_key *key, char ret_text[SF_NOTE_VKEY_SIZE])
{
	char digits[2 * sizeof(key->hash) + 1];
	sf_hex_encode(sf_view_of(key->hash, sizeof(key->hash)), digits);
	uint8_t typed[1 + SF_PUBLIC_KEY_SIZE] = {(uint8_t)key->type};
	memcpy(typed + 1, key->public_key, SF_PUBLIC_KEY_SIZE);
	char text[64] = "";
	SF_ASSERT(sf_base64_size(sizeof(typed)) < sizeof(text));
	sf_base64_write(sf_view_of(typed, sizeof(typed)), text);
	snprintf(ret_text, SF_NOTE_VKEY_SIZE, "%s+%s+%s", key->name, digits, text);
}
