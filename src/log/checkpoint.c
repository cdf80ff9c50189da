#include "log/checkpoint.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "log/line.h"

#define DIRECTORY_WORD "directory "
#define WITNESS_PREFIX "stafet/witness/"

static enum sf_err refuse(struct sf_diag *diag, const char *what)
{
	sf_diag_set(diag, "not a checkpoint: %s", what);
	return SF_ERR_FORMAT;
}

/* "directory <k> <base64>": which entries of the directory the tree commits to. */
static enum sf_err parse_directory(struct sf_view line, struct sf_checkpoint *checkpoint)
{
	struct sf_view version;
	if (!sf_line_skip(&line, DIRECTORY_WORD) || !sf_line_until(&line, ' ', &version))
		return SF_ERR_FORMAT;
	enum sf_err err =
		sf_decimal_parse(version, SF_LOG_NUMBER_MAX, &checkpoint->directory_version);
	return err ? err : sf_hash_parse(line, &checkpoint->directory_head);
}

enum sf_err sf_checkpoint_parse(
	struct sf_view text, struct sf_checkpoint *ret_checkpoint, struct sf_diag *diag)
{
	struct sf_checkpoint checkpoint = {.origin = ""};
	struct sf_view origin, size, root, directory;
	if (!sf_line_take(&text, &origin) || !sf_line_take(&text, &size) ||
		!sf_line_take(&text, &root) || !sf_line_take(&text, &directory) || text.size > 0)
		return refuse(diag, "it does not have four lines");
	if (!sf_note_name_valid(origin))
		return refuse(diag, "its origin is not [a-z0-9./-]+");
	memcpy(checkpoint.origin, origin.data, origin.size);
	if (sf_decimal_parse(size, SF_LOG_NUMBER_MAX, &checkpoint.size))
		return refuse(diag, "its size is not a decimal number below 2^63");
	if (sf_hash_parse(root, &checkpoint.root))
		return refuse(diag, "its root is not 32 bytes in canonical base64");
	if (parse_directory(directory, &checkpoint))
		return refuse(diag, "its last line is not 'directory <version> <head>'");
	*ret_checkpoint = checkpoint;
	return SF_OK;
}

enum sf_err sf_checkpoint_format(const struct sf_checkpoint *checkpoint, struct sf_buf *buf)
{
	if (!sf_note_name_valid(sf_view_text(checkpoint->origin)) ||
		checkpoint->size > SF_LOG_NUMBER_MAX ||
		checkpoint->directory_version > SF_LOG_NUMBER_MAX)
		return SF_ERR_FORMAT;
	size_t before = buf->size;
	enum sf_err err =
		sf_buf_printf(buf, "%s\n%" PRIu64 "\n", checkpoint->origin, checkpoint->size);
	if (!err)
		err = sf_hash_append(buf, &checkpoint->root);
	if (!err)
		err = sf_buf_printf(
			buf, DIRECTORY_WORD "%" PRIu64 " ", checkpoint->directory_version);
	if (!err)
		err = sf_hash_append(buf, &checkpoint->directory_head);
	if (err)
		buf->size = before;
	return err;
}

enum sf_err sf_checkpoint_open(const struct sf_crypto *crypto, struct sf_view bytes,
	const struct sf_note_key *log, struct sf_checkpoint *ret_checkpoint, struct sf_diag *diag)
{
	struct sf_note note;
	struct sf_checkpoint checkpoint;
	enum sf_err err = sf_note_parse(bytes, &note, diag);
	if (!err)
		err = sf_checkpoint_parse(note.text, &checkpoint, diag);
	if (err)
		return err == SF_ERR_LIMIT ? SF_ERR_FORMAT : err;
	if (strcmp(checkpoint.origin, log->name) != 0) {
		sf_diag_set(diag, "the checkpoint is another log's, of %s", checkpoint.origin);
		return SF_ERR_AUTH;
	}
	err = sf_note_check(crypto, &note, log, NULL);
	if (err) {
		sf_diag_set(diag, "the log's signature of the checkpoint %s",
			err == SF_ERR_NOT_FOUND ? "is missing" : "does not hold");
		return SF_ERR_AUTH;
	}
	*ret_checkpoint = checkpoint;
	return SF_OK;
}

enum sf_err sf_origin_format(const char *log, uint32_t epoch, char ret_origin[SF_NOTE_NAME_SIZE])
{
	struct sf_view name = sf_view_text(log);
	if (epoch == 0 || name.size > SF_ORIGIN_NAME_SIZE_MAX || !sf_note_name_valid(name))
		return SF_ERR_FORMAT;
	snprintf(ret_origin, SF_NOTE_NAME_SIZE, "%s/%" PRIu32, log, epoch);
	return SF_OK;
}

enum sf_err sf_origin_parse(
	const char *origin, char ret_log[SF_NOTE_NAME_SIZE], uint32_t *ret_epoch)
{
	const char *slash = strrchr(origin, '/');
	if (!slash)
		return SF_ERR_FORMAT;
	struct sf_view name = sf_view_of(origin, (size_t)(slash - origin));
	uint64_t epoch = 0;
	if (name.size > SF_ORIGIN_NAME_SIZE_MAX || !sf_note_name_valid(name) ||
		sf_decimal_parse(sf_view_text(slash + 1), UINT32_MAX, &epoch) || epoch == 0)
		return SF_ERR_FORMAT;
	memcpy(ret_log, name.data, name.size);
	ret_log[name.size] = '\0';
	*ret_epoch = (uint32_t)epoch;
	return SF_OK;
}

void sf_witness_name(struct sf_id party, char ret_name[SF_WITNESS_NAME_SIZE])
{
	char digits[SF_ID_TEXT_SIZE];
	sf_id_format(party, digits);
	snprintf(ret_name, SF_WITNESS_NAME_SIZE, WITNESS_PREFIX "%s", digits);
}

enum sf_err sf_witness_party(struct sf_view name, struct sf_id *ret_party)
{
	char digits[SF_ID_TEXT_SIZE] = "", again[SF_WITNESS_NAME_SIZE];
	struct sf_view rest = name;
	if (!sf_line_skip(&rest, WITNESS_PREFIX) || rest.size != SF_ID_TEXT_SIZE - 1)
		return SF_ERR_FORMAT;
	memcpy(digits, rest.data, rest.size);
	struct sf_id party;
	enum sf_err err = sf_id_parse(digits, &party);
	if (err)
		return err;
	/* Digits of either case read as one id; only one text is a name. */
	sf_witness_name(party, again);
	if (!sf_view_equal(name, sf_view_text(again)))
		return SF_ERR_FORMAT;
	*ret_party = party;
	return SF_OK;
}
