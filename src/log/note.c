#include "log/note.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "log/line.h"

/* An em dash (U+2014) and a space begin every signature line. */
#define LINE_PREFIX "\xe2\x80\x94 "
/* Signatures of kinds this house does not know may be longer than ours: room for ML-DSA-87. */
#define SIGNATURE_BLOB_MAX ((size_t)6144)
/* Consumers count milliseconds in 63 bits. */
#define TIME_MAX_S ((uint64_t)INT64_MAX / 1000)

bool sf_note_name_valid(struct sf_view name)
{
	if (name.size == 0 || name.size >= SF_NOTE_NAME_SIZE)
		return false;
	for (size_t i = 0; i < name.size; i++) {
		uint8_t c = name.data[i];
		bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
			    c == '-' || c == '/';
		if (!fits)
			return false;
	}
	return true;
}

static enum sf_err refuse(struct sf_diag *diag, const char *what)
{
	sf_diag_set(diag, "not a signed note: %s", what);
	return SF_ERR_FORMAT;
}

/* Valid UTF-8 and no control characters but newlines. */
static bool plain_text(struct sf_view text)
{
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] < 0x20 && text.data[i] != '\n')
			return false;
	return sf_utf8_valid(text);
}

/* line is with its newline. */
static enum sf_err parse_line(
	struct sf_view line, struct sf_note_signature *ret_signature, struct sf_diag *diag)
{
	struct sf_note_signature signature = {.line = line};
	struct sf_view rest = line, text;
	if (!sf_line_take(&rest, &text) || rest.size > 0 || !sf_line_skip(&text, LINE_PREFIX) ||
		!sf_line_until(&text, ' ', &signature.name))
		return refuse(diag, "a signature line is not '\xe2\x80\x94 name base64'");
	if (!sf_note_name_valid(signature.name))
		return refuse(diag, "the name of a key is not [a-z0-9./-]+");
	uint8_t blob[SIGNATURE_BLOB_MAX];
	size_t size = 0;
	enum sf_err err = sf_base64_parse(text, blob, sizeof(blob), &size);
	if (err == SF_ERR_LIMIT) {
		sf_diag_set(diag, "a signature of a note is longer than %zu bytes", sizeof(blob));
		return err;
	}
	if (err || size <= sizeof(signature.hash))
		return refuse(diag, "a signature is not canonical base64, or too short");
	memcpy(signature.hash, blob, sizeof(signature.hash));
	size -= sizeof(signature.hash);
	if (size == SF_SIGNATURE_SIZE || size == SF_NOTE_SIGNATURE_SIZE_MAX) {
		signature.size = size;
		memcpy(signature.bytes, blob + sizeof(signature.hash), size);
	}
	*ret_signature = signature;
	return SF_OK;
}

/* Where the empty line ends that the text and its signatures are parted by; 0 without one. */
static size_t find_signatures(struct sf_view bytes)
{
	for (size_t end = bytes.size; end >= 3; end--)
		if (bytes.data[end - 1] == '\n' && bytes.data[end - 2] == '\n')
			return end;
	return 0;
}

enum sf_err sf_note_parse(struct sf_view bytes, struct sf_note *ret_note, struct sf_diag *diag)
{
	if (bytes.size > SF_NOTE_SIZE_MAX) {
		sf_diag_set(diag, "a note is longer than %zu bytes", SF_NOTE_SIZE_MAX);
		return SF_ERR_LIMIT;
	}
	if (!plain_text(bytes))
		return refuse(diag, "it is not plain text in UTF-8");
	size_t end = find_signatures(bytes);
	if (end == 0)
		return refuse(diag, "there is no empty line before its signatures");
	size_t count = 0;
	struct sf_view rest = sf_view_of(bytes.data + end, bytes.size - end), line;
	while (rest.size > 0) {
		const uint8_t *start = rest.data;
		if (!sf_line_take(&rest, &line))
			return refuse(diag, "its last line has no newline");
		if (count == SF_NOTE_SIGNATURES_MAX) {
			sf_diag_set(diag, "a note has more than %zu signatures",
				SF_NOTE_SIGNATURES_MAX);
			return SF_ERR_LIMIT;
		}
		enum sf_err err = parse_line(
			sf_view_of(start, line.size + 1), &ret_note->signatures[count], diag);
		if (err)
			return err;
		count++;
	}
	if (count == 0)
		return refuse(diag, "nobody signed it");
	ret_note->text = sf_view_of(bytes.data, end - 1);
	ret_note->signature_count = count;
	return SF_OK;
}

#define COSIGNED_HEAD_SIZE 64

/* What is signed before the text: of a cosignature its time (c2sp.org/tlog-cosignature). */
static struct sf_view signed_head(
	const struct sf_note_key *key, uint64_t time_s, char place[COSIGNED_HEAD_SIZE])
{
	if (key->type != SF_NOTE_KEY_COSIGNATURE)
		return sf_view_of(NULL, 0);
	snprintf(place, COSIGNED_HEAD_SIZE, "cosignature/v1\ntime %" PRIu64 "\n", time_s);
	return sf_view_text(place);
}

static enum sf_err check_signature(const struct sf_crypto *crypto, struct sf_view text,
	const struct sf_note_signature *signature, const struct sf_note_key *key,
	uint64_t *ret_time_s)
{
	bool cosigned = key->type == SF_NOTE_KEY_COSIGNATURE;
	if (signature->size != (cosigned ? SF_NOTE_SIGNATURE_SIZE_MAX : SF_SIGNATURE_SIZE))
		return SF_ERR_AUTH;
	uint64_t time_s = cosigned ? sf_get_u64(signature->bytes) : 0;
	if (time_s > TIME_MAX_S)
		return SF_ERR_AUTH;
	char head[COSIGNED_HEAD_SIZE];
	const struct sf_view parts[] = {signed_head(key, time_s, head), text};
	enum sf_err err = crypto->check(crypto->self, key->public_key, parts, SF_COUNT(parts),
		signature->bytes + (cosigned ? 8 : 0));
	if (!err && ret_time_s)
		*ret_time_s = time_s;
	return err;
}

static bool made_by(const struct sf_note_signature *signature, const struct sf_note_key *key)
{
	return memcmp(signature->hash, key->hash, sizeof(key->hash)) == 0 &&
	       sf_view_equal(signature->name, sf_view_text(key->name));
}

enum sf_err sf_note_check(const struct sf_crypto *crypto, const struct sf_note *note,
	const struct sf_note_key *key, uint64_t *ret_time_s)
{
	const struct sf_note_signature *found = NULL;
	for (size_t i = 0; i < note->signature_count; i++) {
		if (!made_by(&note->signatures[i], key))
			continue;
		if (found)
			return SF_ERR_AUTH;
		found = &note->signatures[i];
	}
	return found ? check_signature(crypto, note->text, found, key, ret_time_s)
		     : SF_ERR_NOT_FOUND;
}

enum sf_err sf_note_line_check(const struct sf_crypto *crypto, struct sf_view text,
	struct sf_view line, const struct sf_note_key *key, uint64_t *ret_time_s)
{
	struct sf_note_signature signature;
	enum sf_err err = parse_line(line, &signature, NULL);
	if (err)
		return err;
	if (!made_by(&signature, key))
		return SF_ERR_NOT_FOUND;
	return check_signature(crypto, text, &signature, key, ret_time_s);
}

static enum sf_err append_line(struct sf_buf *buf, const char *name, struct sf_view blob)
{
	enum sf_err err = sf_buf_append_text(buf, LINE_PREFIX);
	if (!err)
		err = sf_buf_append_text(buf, name);
	if (!err)
		err = sf_buf_append_text(buf, " ");
	if (!err)
		err = sf_base64_append(buf, blob);
	return err ? err : sf_buf_append_text(buf, "\n");
}

enum sf_err sf_note_sign(const struct sf_crypto *crypto, struct sf_id key_id,
	const struct sf_note_key *key, struct sf_view text, uint64_t time_s, struct sf_buf *buf)
{
	if (time_s > TIME_MAX_S || text.size == 0 || text.data[text.size - 1] != '\n')
		return SF_ERR_USAGE;
	uint8_t blob[4 + SF_NOTE_SIGNATURE_SIZE_MAX];
	memcpy(blob, key->hash, 4);
	size_t size = 4;
	if (key->type == SF_NOTE_KEY_COSIGNATURE) {
		sf_put_u64(blob + size, time_s);
		size += 8;
	}
	char head[COSIGNED_HEAD_SIZE];
	const struct sf_view parts[] = {signed_head(key, time_s, head), text};
	enum sf_err err = crypto->sign(crypto->self, key_id, parts, SF_COUNT(parts), blob + size);
	if (err)
		return err;
	size_t before = buf->size;
	err = append_line(buf, key->name, sf_view_of(blob, size + SF_SIGNATURE_SIZE));
	if (err)
		buf->size = before;
	return err;
}
