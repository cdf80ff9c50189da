/*
 * What a local program is told of a letter's attachments, and their content, part by part. Nothing
 * of a received one is read before all of it is here and is what its author signed.
 */
#include "node/attachment.h"

#include <string.h>

#include "audit/listing.h"
#include "node/service.h"
#include "wire/chunk.h"

static enum sf_attachment_state shown_state(int64_t state)
{
	switch ((enum sf_node_attachment_state)state) {
	case SF_NODE_ATTACHMENT_FILLING:
	case SF_NODE_ATTACHMENT_READY:
		break; /* of no letter: not listed */
	case SF_NODE_ATTACHMENT_SENDING:
		return SF_ATTACHMENT_SENDING;
	case SF_NODE_ATTACHMENT_SENT:
		return SF_ATTACHMENT_SENT;
	case SF_NODE_ATTACHMENT_COMING:
		return SF_ATTACHMENT_COMING;
	case SF_NODE_ATTACHMENT_WHOLE:
		return SF_ATTACHMENT_WHOLE;
	case SF_NODE_ATTACHMENT_BROKEN:
		return SF_ATTACHMENT_BROKEN;
	}
	return SF_ATTACHMENT_NONE;
}

/* Content that has moved; the last chunks may be padding alone. */
static uint64_t moved(const struct sf_node *node, const struct sf_node_row_attachment *row)
{
	bool own = sf_id_equal(row->author, node->options.party);
	uint64_t bytes = (uint64_t)(own ? row->sent : row->have) * SF_CHUNK_SIZE;
	return bytes < (uint64_t)row->size ? bytes : (uint64_t)row->size;
}

static enum sf_err show(struct sf_node *node, struct sf_listing *listing,
	const struct sf_node_row_attachment *row, struct sf_attachment_row *ret_row,
	struct sf_diag *diag)
{
	struct sf_node_enclosure enclosure = {.name = "", .content_type = ""};
	enum sf_err err = sf_node_enclosure_open(node, row, listing->arena, &enclosure, diag);
	sf_node_enclosure_forget(&enclosure);
	*ret_row = (struct sf_attachment_row){
		.number = (uint32_t)row->number,
		.name = sf_listing_text(listing, enclosure.name),
		.content_type = sf_listing_text(listing, enclosure.content_type),
		.size = (uint64_t)row->size,
		.moved = moved(node, row),
		.state = shown_state(row->state),
	};
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

enum sf_err sf_node_list_attachments(struct sf_node *node, struct sf_listing *listing,
	struct sf_id author, struct sf_id message_id, size_t *ret_count,
	const struct sf_attachment_row **ret_rows, struct sf_diag *diag)
{
	struct sf_attachment_row *rows = NULL;
	size_t count = 0;
	enum sf_err err = SF_OK;
	while (!err && count < SF_ATTACHMENT_COUNT_MAX) {
		struct sf_node_row_attachment row = {
			.author = author, .message_id = message_id, .number = (int64_t)count};
		err = sf_node_attachment_get(node, &row, diag);
		if (err)
			break;
		if (!rows)
			rows = sf_arena_take_many(
				listing->arena, SF_ATTACHMENT_COUNT_MAX, sizeof(*rows));
		err = rows ? show(node, listing, &row, &rows[count++], diag) : SF_ERR_LIMIT;
	}
	if (err && err != SF_ERR_NOT_FOUND)
		return err;
	*ret_count = count;
	*ret_rows = rows;
	return SF_OK;
}

/* By the message id alone: received here, else sent from here. SF_ERR_NOT_FOUND. */
static enum sf_err find_attachment(struct sf_node *node, const struct sf_request_attachment *asked,
	struct sf_node_row_attachment *ret_row, struct sf_diag *diag)
{
	*ret_row = (struct sf_node_row_attachment){
		.message_id = asked->message, .number = (int64_t)asked->number};
	enum sf_err err = sf_node_letter_author(node, asked->message, &ret_row->author, diag);
	if (err && err != SF_ERR_NOT_FOUND)
		return err;
	if (err)
		ret_row->author = node->options.party;
	err = sf_node_attachment_get(node, ret_row, diag);
	/* An upload is no letter's, though its id may look like one. */
	return !err && ret_row->unused_ms != 0 ? SF_ERR_NOT_FOUND : err;
}

/* Opens chunk after chunk and copies what of it was asked for. */
static enum sf_err read_content(struct sf_node *node, const struct sf_node_row_attachment *row,
	uint64_t offset, uint8_t *place, size_t size, struct sf_diag *diag)
{
	struct sf_node_enclosure enclosure;
	enum sf_err err = sf_node_enclosure_open(node, row, &node->arena, &enclosure, diag);
	if (err)
		return err;
	const struct sf_store *store = sf_node_store(node);
	const struct sf_crypto *crypto = &node->ports.crypto;
	uint32_t count = sf_chunk_count(sf_chunk_sealed_size((uint64_t)row->size));
	struct sf_buf plain;
	sf_buf_init(&plain, SF_CHUNK_SIZE);
	for (size_t done = 0; done < size && !err;) {
		uint64_t at = offset + done;
		struct sf_node_row_chunk chunk = {
			.object = row->object, .number = (int64_t)(at / SF_CHUNK_SIZE)};
		err = store->get(store->self, &sf_node_table_chunk, 0, &chunk, diag);
		struct sf_chunk_at from = {(uint32_t)chunk.number, (uint64_t)chunk.trail,
			(uint32_t)chunk.number + 1 == count};
		sf_buf_clear(&plain);
		if (!err)
			err = crypto->chunk_open(
				crypto->self, enclosure.key, &from, chunk.bytes, &plain);
		if (err)
			break;
		size_t start = (size_t)(at % SF_CHUNK_SIZE);
		size_t taken = plain.size - start;
		taken = taken < size - done ? taken : size - done;
		memcpy(place + done, plain.data + start, taken);
		done += taken;
	}
	sf_buf_fini(&plain);
	sf_node_enclosure_forget(&enclosure);
	return err == SF_ERR_NOT_FOUND || err == SF_ERR_AUTH ? SF_ERR_CORRUPT : err;
}

/* NULL when it may be read. */
static const char *not_now(const struct sf_node_row_attachment *row, enum sf_err *ret_err)
{
	*ret_err = SF_ERR_AGAIN;
	if (row->state == SF_NODE_ATTACHMENT_COMING)
		return "the attachment is not whole here yet: it is released when all of it is";
	*ret_err = SF_ERR_STATE;
	return row->state == SF_NODE_ATTACHMENT_BROKEN
		       ? "the attachment is missing: it could not be brought, or is not what its "
			 "author signed"
		       : NULL;
}

enum sf_err sf_node_serve_attachment(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const struct sf_request_attachment *asked = &request->attachment;
	struct sf_listing listing = {node->directory, arena, false};
	struct sf_node_row_attachment row;
	enum sf_err refusal = SF_ERR_NOT_FOUND;
	enum sf_err err = find_attachment(node, asked, &row, diag);
	const char *fault = "no attachment of this message and number is here";
	if (!err)
		fault = not_now(&row, &refusal);
	if (err == SF_ERR_NOT_FOUND || (!err && fault)) {
		sf_reply_refuse(ret_reply, arena, refusal, fault);
		return SF_OK;
	}
	struct sf_reply_attachment attachment = {
		.transition = row.transition, .offset = asked->offset};
	if (!err)
		err = show(node, &listing, &row, &attachment.row, diag);
	uint64_t size = (uint64_t)row.size;
	uint64_t left = asked->offset < size ? size - asked->offset : 0;
	size_t most = asked->size_max > 0 && asked->size_max < SF_ATTACHMENT_PART_SIZE
			      ? asked->size_max
			      : SF_ATTACHMENT_PART_SIZE;
	size_t taken = left < most ? (size_t)left : most;
	uint8_t *place = sf_arena_take(arena, taken > 0 ? taken : 1);
	if (!err && !place)
		err = SF_ERR_LIMIT;
	if (!err)
		err = read_content(node, &row, asked->offset, place, taken, diag);
	if (err || listing.full)
		return err ? err : SF_ERR_LIMIT;
	attachment.content = sf_view_of(place, taken);
	*ret_reply = (struct sf_reply){
		.kind = SF_REPLY_ATTACHMENT, .text = "", .attachment = attachment};
	return SF_OK;
}
