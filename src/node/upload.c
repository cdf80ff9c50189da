/*
 * A local program hands in an attachment in parts, before the letter that it goes with: each whole
 * chunk is sealed as it comes, so that no more than one part is ever in memory.
 */
#include "node/attachment.h"

#include <string.h>

#include "audit/listing.h"
#include "node/service.h"
#include "wire/chunk.h"

#define NOT_HERE "no attachment of this id waits for a letter here"

static struct sf_node_row_attachment key_of(const struct sf_node *node, struct sf_id upload)
{
	return (struct sf_node_row_attachment){.author = node->options.party, .message_id = upload};
}

static bool count_row(void *context, const void *row)
{
	(void)row;
	++*(size_t *)context;
	return true;
}

struct oldest {
	struct sf_id upload;
	int64_t unused_ms;
};

static bool keep_oldest(void *context, const void *row)
{
	const struct sf_node_row_attachment *attachment = row;
	*(struct oldest *)context = (struct oldest){attachment->message_id, attachment->unused_ms};
	return false;
}

/* One at a time: each is removed with up to 1,632 chunks. */
enum sf_err sf_node_uploads_prune(struct sf_node *node, struct sf_diag *diag)
{
	struct oldest oldest = {.unused_ms = INT64_MAX};
	const struct sf_scan scan = {.table = &sf_node_table_attachment,
		.index = SF_NODE_ATTACHMENT_UNUSED,
		.count_max = 1};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, keep_oldest, &oldest, diag);
	if (err || oldest.unused_ms > node->now_ms - SF_NODE_UPLOAD_MS_MAX)
		return err;
	struct sf_node_row_attachment row = key_of(node, oldest.upload);
	err = sf_node_attachment_get(node, &row, diag);
	return err ? err : sf_node_attachment_remove(node, &row, diag);
}

static void answer(const struct sf_node_row_attachment *row, struct sf_reply *ret_reply)
{
	uint64_t taken = (uint64_t)row->have * SF_CHUNK_SIZE;
	bool whole = row->state == SF_NODE_ATTACHMENT_READY;
	*ret_reply = (struct sf_reply){.kind = SF_REPLY_UPLOAD,
		.text = "",
		.upload = {.upload = row->message_id,
			.size = (uint64_t)row->size,
			.offset = whole ? (uint64_t)row->size : taken,
			.whole = whole}};
}

static const char *upload_fault(const struct sf_request_upload *asked, enum sf_err *ret_err)
{
	*ret_err = SF_ERR_USAGE;
	if (!asked->name || !sf_node_is_attachment_name(asked->name))
		return "name the attachment: a file's name without a path, at most 255 bytes";
	if (!asked->content_type || !sf_node_is_attachment_type(asked->content_type))
		return "name the content type of the attachment";
	if (asked->size == 0)
		return "say how large the attachment is; an empty one is none";
	*ret_err = SF_ERR_LIMIT;
	return asked->size > SF_ATTACHMENT_SIZE_MAX ? "an attachment has at most 104857600 bytes"
						    : NULL;
}

/* *ret_found false: the reply says that there is none, or not any more. */
static enum sf_err find(struct sf_node *node, struct sf_id upload,
	struct sf_node_row_attachment *ret_row, bool *ret_found, struct sf_arena *arena,
	struct sf_reply *ret_reply, struct sf_diag *diag)
{
	*ret_row = key_of(node, upload);
	enum sf_err err = sf_node_attachment_get(node, ret_row, diag);
	*ret_found = !err && ret_row->unused_ms != 0;
	if (err && err != SF_ERR_NOT_FOUND)
		return err;
	if (!*ret_found)
		sf_reply_refuse(ret_reply, arena, SF_ERR_NOT_FOUND, NOT_HERE);
	return SF_OK;
}

enum sf_err sf_node_upload_show(struct sf_node *node, struct sf_id upload, struct sf_arena *arena,
	struct sf_reply *ret_reply, struct sf_diag *diag)
{
	struct sf_node_row_attachment row;
	bool found;
	enum sf_err err = find(node, upload, &row, &found, arena, ret_reply, diag);
	if (!err && found)
		answer(&row, ret_reply);
	return err;
}

enum sf_err sf_node_serve_upload(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const struct sf_request_upload *asked = &request->upload;
	enum sf_err fault_err;
	const char *fault = upload_fault(asked, &fault_err);
	size_t count = 0;
	const struct sf_scan scan = {
		.table = &sf_node_table_attachment, .index = SF_NODE_ATTACHMENT_UNUSED};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, count_row, &count, diag);
	if (!fault && count >= SF_NODE_UPLOADS_MAX) {
		fault = "64 attachments are handed in that no letter has yet: send or drop some";
		fault_err = SF_ERR_AGAIN;
	}
	if (err || fault) {
		if (!err)
			sf_reply_refuse(ret_reply, arena, fault_err, fault);
		return err;
	}
	const struct sf_env *env = &node->ports.env;
	uint8_t chance[10];
	env->random(env->self, chance, sizeof(chance));
	struct sf_node_row_attachment row = key_of(node, sf_id_timed(node->now_ms, chance));
	row.state = SF_NODE_ATTACHMENT_FILLING;
	row.unused_ms = node->now_ms;
	row.size = (int64_t)asked->size;
	struct sf_node_enclosure enclosure = {
		.name = asked->name, .content_type = asked->content_type};
	env->random(env->self, enclosure.key, sizeof(enclosure.key));
	err = sf_node_attachment_number(node, &row, diag);
	if (!err)
		err = sf_node_enclosure_seal(node, &row, &enclosure, diag);
	sf_node_enclosure_forget(&enclosure);
	if (!err)
		err = store->insert(store->self, &sf_node_table_attachment, &row, diag);
	answer(&row, ret_reply);
	return err;
}

/* Seals the next chunk of the padded content; part holds what is of the content in it. */
static enum sf_err seal_next(struct sf_node *node, struct sf_node_row_attachment *row,
	const uint8_t key[SF_CHUNK_KEY_SIZE], struct sf_view part, struct sf_diag *diag)
{
	uint64_t sealed = sf_chunk_sealed_size((uint64_t)row->size);
	uint32_t index = (uint32_t)row->have;
	size_t size = sf_chunk_size(sealed, index) - SF_CHUNK_EXTRA;
	uint8_t *plain = sf_arena_take(&node->arena, SF_CHUNK_SIZE);
	if (!plain)
		return SF_ERR_LIMIT;
	if (part.size > 0)
		memcpy(plain, part.data, part.size);
	sf_chunk_pad((uint64_t)row->size, (uint64_t)index * SF_CHUNK_SIZE, plain, size);
	struct sf_chunk_at at = {index, (uint64_t)row->trail, index + 1 == sf_chunk_count(sealed)};
	struct sf_buf chunk;
	sf_buf_init(&chunk, SF_CHUNK_SEALED_MAX);
	const struct sf_crypto *crypto = &node->ports.crypto;
	enum sf_err err =
		crypto->chunk_seal(crypto->self, key, &at, sf_view_of(plain, size), &chunk);
	if (!err)
		err = sf_node_chunk_add(node, row, sf_buf_view(&chunk), (int64_t)at.trail, diag);
	sf_buf_fini(&chunk);
	sf_bytes_wipe(plain, SF_CHUNK_SIZE);
	return err;
}

/* As many whole chunks as the part has; with the last byte of the content, its padding too. */
static enum sf_err seal_part(struct sf_node *node, struct sf_node_row_attachment *row,
	struct sf_view part, struct sf_diag *diag)
{
	struct sf_node_enclosure enclosure;
	enum sf_err err = sf_node_enclosure_open(node, row, &node->arena, &enclosure, diag);
	uint64_t offset = (uint64_t)row->have * SF_CHUNK_SIZE;
	bool to_end = !err && offset + part.size == (uint64_t)row->size;
	uint32_t count = sf_chunk_count(sf_chunk_sealed_size((uint64_t)row->size));
	while (!err && row->have < count && (part.size >= SF_CHUNK_SIZE || to_end)) {
		size_t taken = part.size < SF_CHUNK_SIZE ? part.size : SF_CHUNK_SIZE;
		err = seal_next(node, row, enclosure.key, sf_view_of(part.data, taken), diag);
		part = sf_view_of(part.data + taken, part.size - taken);
	}
	if (!err && row->have == count) {
		row->state = SF_NODE_ATTACHMENT_READY;
		row->digest = row->link;
	}
	if (err != SF_ERR_NOT_FOUND)
		sf_node_enclosure_forget(&enclosure);
	return err ? err : sf_node_attachment_put(node, row, diag);
}

static const char *part_fault(const struct sf_node_row_attachment *row,
	const struct sf_request_upload_part *asked, enum sf_err *ret_err)
{
	uint64_t offset = (uint64_t)row->have * SF_CHUNK_SIZE, size = (uint64_t)row->size;
	*ret_err = SF_ERR_CONFLICT;
	if (row->state == SF_NODE_ATTACHMENT_READY || asked->offset != offset)
		return "the part does not begin where the attachment ends by now: ask how far it "
		       "is";
	*ret_err = SF_ERR_USAGE;
	if (asked->content.size > size - offset)
		return "the part goes beyond the size that was said";
	if (asked->content.size < SF_CHUNK_SIZE && offset + asked->content.size != size)
		return "a part has at least 65536 bytes, but for the last one";
	return NULL;
}

enum sf_err sf_node_serve_upload_part(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const struct sf_request_upload_part *asked = &request->upload_part;
	struct sf_node_row_attachment row;
	bool found;
	enum sf_err err = find(node, asked->upload, &row, &found, arena, ret_reply, diag);
	if (err || !found)
		return err;
	enum sf_err fault_err;
	const char *fault = NULL;
	if (asked->content.size > 0)
		fault = part_fault(&row, asked, &fault_err);
	if (fault) {
		sf_reply_refuse(ret_reply, arena, fault_err, fault);
		return SF_OK;
	}
	if (asked->content.size > 0)
		err = seal_part(node, &row, asked->content, diag);
	answer(&row, ret_reply);
	return err;
}

enum sf_err sf_node_serve_upload_drop(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	struct sf_node_row_attachment row;
	bool found;
	enum sf_err err =
		find(node, request->upload_drop.upload, &row, &found, arena, ret_reply, diag);
	if (err || !found)
		return err;
	sf_reply_done(ret_reply);
	return sf_node_attachment_remove(node, &row, diag);
}

static struct sf_id upload_at(struct sf_view uploads, size_t index)
{
	struct sf_id upload;
	memcpy(upload.bytes, uploads.data + index * SF_ID_SIZE, SF_ID_SIZE);
	return upload;
}

enum sf_err sf_node_uploads_judge(
	struct sf_node *node, struct sf_view uploads, const char **ret_fault, struct sf_diag *diag)
{
	size_t count = uploads.size / SF_ID_SIZE;
	*ret_fault = NULL;
	if (uploads.size % SF_ID_SIZE != 0 || count > SF_ATTACHMENT_COUNT_MAX)
		*ret_fault = "a letter has at most 8 attachments, each named by its id";
	for (size_t i = 0; i < count && !*ret_fault; i++) {
		struct sf_node_row_attachment row = key_of(node, upload_at(uploads, i));
		for (size_t j = 0; j < i; j++)
			if (sf_id_equal(upload_at(uploads, j), row.message_id))
				*ret_fault = "an attachment is named twice";
		enum sf_err err = sf_node_attachment_get(node, &row, diag);
		if (err && err != SF_ERR_NOT_FOUND)
			return err;
		if (err || row.unused_ms == 0)
			*ret_fault = NOT_HERE;
		else if (row.state != SF_NODE_ATTACHMENT_READY)
			*ret_fault = "an attachment is not handed in whole yet";
	}
	return SF_OK;
}

enum sf_err sf_node_enclose(struct sf_node *node, struct sf_view uploads,
	struct sf_message *message, struct sf_body *body, struct sf_diag *diag)
{
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < uploads.size / SF_ID_SIZE && !err; i++) {
		struct sf_node_row_attachment row = key_of(node, upload_at(uploads, i));
		struct sf_node_enclosure enclosure;
		err = sf_node_attachment_get(node, &row, diag);
		if (!err)
			err = sf_node_enclosure_open(node, &row, &node->arena, &enclosure, diag);
		if (err)
			return err;
		message->attachments[message->attachment_count++] = (struct sf_attachment){
			row.digest, sf_chunk_sealed_size((uint64_t)row.size)};
		body->enclosures[body->enclosure_count++] = (struct sf_enclosure){
			.name = enclosure.name,
			.content_type = enclosure.content_type,
			.size = (uint64_t)row.size,
			.key = sf_arena_copy(
				&node->arena, sf_view_of(enclosure.key, sizeof(enclosure.key))),
		};
		sf_node_enclosure_forget(&enclosure);
		if (!body->enclosures[i].key.data)
			return SF_ERR_LIMIT;
	}
	return err;
}

/* Its chunks stand as they are; its key is sealed anew, under the key of the transition. */
enum sf_err sf_node_attach(struct sf_node *node, struct sf_view uploads,
	const struct sf_message *message, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < uploads.size / SF_ID_SIZE && !err; i++) {
		struct sf_node_row_attachment row = key_of(node, upload_at(uploads, i));
		struct sf_node_enclosure enclosure;
		err = sf_node_attachment_get(node, &row, diag);
		if (!err)
			err = sf_node_enclosure_open(node, &row, &node->arena, &enclosure, diag);
		if (err)
			return err;
		struct sf_node_row_attachment of_letter = row;
		of_letter.message_id = message->id;
		of_letter.number = (int64_t)i;
		of_letter.transition = message->transition;
		of_letter.state = SF_NODE_ATTACHMENT_SENDING;
		of_letter.unused_ms = 0;
		row.have = 0; /* the chunks are the letter's now */
		err = sf_node_attachment_remove(node, &row, diag);
		if (!err)
			err = sf_node_enclosure_seal(node, &of_letter, &enclosure, diag);
		sf_node_enclosure_forget(&enclosure);
		if (!err)
			err = store->insert(
				store->self, &sf_node_table_attachment, &of_letter, diag);
	}
	return err;
}
