#include "log/proof.h"

#include <inttypes.h>

#include "log/line.h"

#define FIRST_LINE "c2sp.org/tlog-proof@v1"
#define EXTRA_WORD "extra "
#define INDEX_WORD "index "

static enum sf_err refuse(struct sf_diag *diag, const char *what)
{
	sf_diag_set(diag, "not a proof: %s", what);
	return SF_ERR_FORMAT;
}

/* The line may be missing; one that says nothing would be a second text for that. */
static enum sf_err parse_extra(struct sf_view *line, struct sf_view *rest, struct sf_proof *proof)
{
	proof->extra_size = 0;
	if (!sf_line_skip(line, EXTRA_WORD))
		return SF_OK;
	enum sf_err err =
		sf_base64_parse(*line, proof->extra, sizeof(proof->extra), &proof->extra_size);
	if (err)
		return err;
	return proof->extra_size > 0 && sf_line_take(rest, line) ? SF_OK : SF_ERR_FORMAT;
}

static enum sf_err parse_hashes(struct sf_view *rest, struct sf_proof *proof)
{
	proof->count = 0;
	struct sf_view line;
	while (sf_line_take(rest, &line)) {
		if (line.size == 0)
			return SF_OK;
		if (proof->count == SF_TREE_PROOF_MAX)
			return SF_ERR_LIMIT;
		enum sf_err err = sf_hash_parse(line, &proof->hashes[proof->count]);
		if (err)
			return err;
		proof->count++;
	}
	return SF_ERR_FORMAT;
}

enum sf_err sf_proof_parse(struct sf_view text, struct sf_proof *ret_proof, struct sf_diag *diag)
{
	struct sf_view rest = text, line;
	if (text.size > SF_PROOF_SIZE_MAX) {
		sf_diag_set(diag, "a proof is longer than %zu bytes", SF_PROOF_SIZE_MAX);
		return SF_ERR_LIMIT;
	}
	if (!sf_line_take(&rest, &line) || !sf_view_equal(line, sf_view_text(FIRST_LINE)))
		return refuse(diag, "its first line is not " FIRST_LINE);
	enum sf_err err =
		sf_line_take(&rest, &line) ? parse_extra(&line, &rest, ret_proof) : SF_ERR_FORMAT;
	if (err)
		return refuse(diag, "its extra bytes are not canonical base64, or too many");
	if (!sf_line_skip(&line, INDEX_WORD) ||
		sf_decimal_parse(line, SF_LOG_NUMBER_MAX, &ret_proof->index))
		return refuse(diag, "there is no line 'index <number below 2^63>'");
	err = parse_hashes(&rest, ret_proof);
	if (err)
		return refuse(diag, "its hashes are not at most 64 lines of canonical base64 with "
				    "an empty line behind them");
	if (rest.size == 0)
		return refuse(diag, "it has no checkpoint");
	ret_proof->checkpoint = rest;
	return SF_OK;
}

static enum sf_err append(const struct sf_proof *proof, struct sf_buf *buf)
{
	enum sf_err err = sf_buf_append_text(buf, FIRST_LINE "\n");
	if (!err && proof->extra_size > 0) {
		err = sf_buf_append_text(buf, EXTRA_WORD);
		if (!err)
			err = sf_base64_append(buf, sf_view_of(proof->extra, proof->extra_size));
		if (!err)
			err = sf_buf_append_text(buf, "\n");
	}
	if (!err)
		err = sf_buf_printf(buf, INDEX_WORD "%" PRIu64 "\n", proof->index);
	for (size_t i = 0; i < proof->count && !err; i++)
		err = sf_hash_append(buf, &proof->hashes[i]);
	if (!err)
		err = sf_buf_append_text(buf, "\n");
	return err ? err : sf_buf_append(buf, proof->checkpoint);
}

enum sf_err sf_proof_format(const struct sf_proof *proof, struct sf_buf *buf)
{
	if (proof->count > SF_TREE_PROOF_MAX || proof->extra_size > SF_PROOF_EXTRA_SIZE_MAX ||
		proof->index > SF_LOG_NUMBER_MAX || proof->checkpoint.size == 0)
		return SF_ERR_USAGE;
	size_t before = buf->size;
	enum sf_err err = append(proof, buf);
	if (err)
		buf->size = before;
	return err;
}
