/*
 * Signed notes (c2sp.org/signed-note) with the two kinds of signature the log uses: Ed25519 of the
 * log (type 0x01) and cosignature/v1 of a witness (type 0x04, c2sp.org/tlog-cosignature). Text in,
 * views out; nothing here knows what a note says. Pure.
 *
 *   text, one or more lines, each ended by a newline
 *   (empty line)
 *   — <key name> <base64 of key hash[4] || signature>      one or more
 *
 * Read strictly: base64 must be canonical, names match [a-z0-9./-]+ and are at most
 * SF_NOTE_NAME_SIZE - 1 bytes, no control characters but newlines, valid UTF-8.
 */
#ifndef SF_LOG_NOTE_H
#define SF_LOG_NOTE_H

#include "port/crypto.h"

#define SF_NOTE_SIZE_MAX ((size_t)65536)
#define SF_NOTE_NAME_SIZE 160
#define SF_NOTE_SIGNATURES_MAX ((size_t)256)
#define SF_NOTE_SIGNATURE_SIZE_MAX (8 + SF_SIGNATURE_SIZE)
#define SF_NOTE_LINE_SIZE 320 /* a signature line with its newline and the terminating zero */
#define SF_NOTE_VKEY_SIZE 256 /* a verifier key as text with the terminating zero */

enum sf_note_key_type {
	SF_NOTE_KEY_ED25519 = 0x01,
	SF_NOTE_KEY_COSIGNATURE = 0x04,
};

/* Is this a name of a key: [a-z0-9./-]+ that fits? */
bool sf_note_name_valid(struct sf_view name);

/* Who may sign. */
struct sf_note_key {
	char name[SF_NOTE_NAME_SIZE];
	enum sf_note_key_type type;
	uint8_t public_key[SF_PUBLIC_KEY_SIZE];
	uint8_t hash[4]; /* SHA-256(name || "\n" || type || public key)[0:4] */
};
/* Fills name, type, key and hash. SF_ERR_FORMAT: not a name. */
SF_MUST_USE enum sf_err sf_note_key_make(const struct sf_crypto *crypto, const char *name,
	enum sf_note_key_type type, const uint8_t public_key[SF_PUBLIC_KEY_SIZE],
	struct sf_note_key *ret_key);
/* "<name>+<8 hexadecimal digits of hash>+<base64 of type || public key>" and back. */
SF_MUST_USE enum sf_err sf_note_vkey_parse(const struct sf_crypto *crypto, struct sf_view text,
	struct sf_note_key *ret_key, struct sf_diag *diag);
void sf_note_vkey_format(const struct sf_note_key *key, char ret_text[SF_NOTE_VKEY_SIZE]);

struct sf_note_signature {
	struct sf_view line; /* borrowed from the note, as all views: with its newline */
	struct sf_view name;
	uint8_t hash[4];
	size_t size;
	/* 64 of a log, 8 of time and 64 of a witness; a signature of another size is kept as 0. */
	uint8_t bytes[SF_NOTE_SIGNATURE_SIZE_MAX];
};

struct sf_note {
	struct sf_view text; /* with its last newline: what is signed */
	size_t signature_count;
	struct sf_note_signature signatures[SF_NOTE_SIGNATURES_MAX];
};

/*
 * SF_ERR_FORMAT, SF_ERR_LIMIT; ret_note is then to be forgotten. It borrows from bytes, and its 30
 * KiB are not for small stacks.
 */
SF_MUST_USE enum sf_err sf_note_parse(
	struct sf_view bytes, struct sf_note *ret_note, struct sf_diag *diag);

/*
 * Looks for the key's signature by name and hash. SF_ERR_NOT_FOUND: it did not sign. SF_ERR_AUTH:
 * there is one that does not hold, or two of them: such a note is refused whole (WIRE section 4).
 * ret_time_s (may be NULL): when a cosignature was made, seconds since 1970; 0 for a log's.
 */
SF_MUST_USE enum sf_err sf_note_check(const struct sf_crypto *crypto, const struct sf_note *note,
	const struct sf_note_key *key, uint64_t *ret_time_s);

/*
 * Signs text with the secret of key_id (crypto->sign) and writes the signature line, newline
 * included. time_s is for cosignatures; 0 for the log. SF_ERR_USAGE: a text without newline at its
 * end, or a time beyond 2^63 ms. On failure buf is as before.
 */
SF_MUST_USE enum sf_err sf_note_sign(const struct sf_crypto *crypto, struct sf_id key_id,
	const struct sf_note_key *key, struct sf_view text, uint64_t time_s, struct sf_buf *buf);
/*
 * A signature line alone, as a cosignature travels: text || "\n" || line is a note. SF_ERR_FORMAT:
 * not one line with its newline; else as sf_note_check.
 */
SF_MUST_USE enum sf_err sf_note_line_check(const struct sf_crypto *crypto, struct sf_view text,
	struct sf_view line, const struct sf_note_key *key, uint64_t *ret_time_s);

#endif
