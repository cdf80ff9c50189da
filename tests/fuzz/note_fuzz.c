/*
 * Signed notes (src/log/note.h): what is read is its text and its lines and nothing beside, and no
 * key has signed what chance wrote.
 */
#include "fuzz/fuzz.h"

#include "crypto/port.h"
#include "log/note.h"

/* The key of tests/golden/log/: name and hash may be hit, the signature only by the golden note. */
static const char vkey[] =
	"stafet.example/log/north/1+9d8b42af+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c";

static void check_key(const struct sf_note *note)
{
	struct sf_keyring *keyring;
	struct sf_crypto crypto;
	struct sf_note_key key;
	SF_ASSERT(sf_keyring_open(&keyring) == SF_OK);
	sf_crypto_port(keyring, &crypto);
	struct sf_view text = sf_view_text(vkey);
	SF_ASSERT(sf_note_vkey_parse(&crypto, text, &key, NULL) == SF_OK);
	uint64_t time_s = 99;
	enum sf_err err = sf_note_check(&crypto, note, &key, &time_s);
	SF_ASSERT(err == SF_OK || err == SF_ERR_AUTH || err == SF_ERR_NOT_FOUND);
	SF_ASSERT(time_s == (err ? 99 : 0));
	for (size_t i = 0; i < note->signature_count; i++) {
		enum sf_err alone = sf_note_line_check(
			&crypto, note->text, note->signatures[i].line, &key, NULL);
		SF_ASSERT(alone == SF_OK || alone == SF_ERR_AUTH || alone == SF_ERR_NOT_FOUND);
		SF_ASSERT(err != SF_ERR_NOT_FOUND || alone == SF_ERR_NOT_FOUND);
	}
	sf_keyring_close(&keyring);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct sf_note note;
	struct sf_view whole = sf_view_of(bytes, size);
	struct sf_diag diag = {{0}};
	enum sf_err err = sf_note_parse(whole, &note, &diag);
	if (err) {
		SF_ASSERT((err == SF_ERR_FORMAT || err == SF_ERR_LIMIT) && diag.text[0] != '\0');
		return 0;
	}
	struct sf_buf buf;
	sf_buf_init(&buf, SF_NOTE_SIZE_MAX);
	SF_ASSERT(sf_buf_append(&buf, note.text) == SF_OK);
	SF_ASSERT(sf_buf_append_text(&buf, "\n") == SF_OK);
	for (size_t i = 0; i < note.signature_count; i++)
		SF_ASSERT(sf_buf_append(&buf, note.signatures[i].line) == SF_OK);
	SF_ASSERT(sf_view_equal(sf_buf_view(&buf), whole));
	sf_buf_fini(&buf);
	check_key(&note);
	return 0;
}
