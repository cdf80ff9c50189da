/*
 * Chunks between this node and its coordinator. The coordinator asks an author for what it does not
 * have, after it has recorded the letter and after every hello; a recipient asks for the next ones
 * when it has those before on disk. So either side goes on, after a crash or a partition, at the
 * chunk where it was.
 */
#include "node/attachment.h"

#include <string.h>

#include "base/time.h"
#include "wire/chunk.h"

#define LATER_MS SF_MINUTE_MS /* over a quota, or not known: asked again after this */

static struct sf_node_row_attachment key_of(const struct sf_frame_chunk *chunk)
{
	return (struct sf_node_row_attachment){.author = chunk->author,
		.message_id = chunk->message_id,
		.number = (int64_t)chunk->number};
}

static uint64_t sealed_size(const struct sf_node_row_attachment *row)
{
	return sf_chunk_sealed_size((uint64_t)row->size);
}

static uint32_t chunk_count(const struct sf_node_row_attachment *row)
{
	return sf_chunk_count(sealed_size(row));
}

void sf_node_chunks_restart(struct sf_node *node)
{
	node->sending = node->fetching = (struct sf_node_stream){0};
	node->chunks_due_ms = 0;
}

int64_t sf_node_chunks_due_ms(const struct sf_node *node)
{
	return node->greeted ? node->chunks_due_ms : INT64_MAX;
}

/* Given up with an earlier sending of its letter, which comes again; or whole with it, and kept. */
static enum sf_err remove_earlier(struct sf_node *node, const struct sf_node_row_attachment *row,
	bool *ret_whole, struct sf_diag *diag)
{
	struct sf_node_row_attachment earlier = *row;
	enum sf_err err = sf_node_attachment_get(node, &earlier, diag);
	*ret_whole = !err && earlier.state == SF_NODE_ATTACHMENT_WHOLE &&
		     sf_digest_equal(&earlier.digest, &row->digest);
	if (!err && !*ret_whole)
		err = sf_node_attachment_remove(node, &earlier, diag);
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

static enum sf_err expect(struct sf_node *node, struct sf_node_row_attachment *row,
	const struct sf_enclosure *from, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	struct sf_node_enclosure enclosure = {
		.name = from->name, .content_type = from->content_type};
	memcpy(enclosure.key, from->key.data, sizeof(enclosure.key));
	enum sf_err err = sf_node_attachment_number(node, row, diag);
	row->open = row->object;
	if (!err)
		err = sf_node_enclosure_seal(node, row, &enclosure, diag);
	sf_node_enclosure_forget(&enclosure);
	return err ? err : store->insert(store->self, &sf_node_table_attachment, row, diag);
}

enum sf_err sf_node_expect_attachments(
	struct sf_node *node, const struct sf_node_item *item, struct sf_diag *diag)
{
	const struct sf_message *message = &item->header.message;
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < message->attachment_count && !err; i++) {
		const struct sf_enclosure *from = &item->body.enclosures[i];
		struct sf_node_row_attachment row = {.author = message->author,
			.message_id = message->id,
			.number = (int64_t)i,
			.transition = message->transition,
			.state = SF_NODE_ATTACHMENT_COMING,
			.digest = message->attachments[i].digest,
			.size = (int64_t)from->size};
		bool whole = false;
		err = remove_earlier(node, &row, &whole, diag);
		if (!err && !whole)
			err = expect(node, &row, from, diag);
		node->chunks_due_ms = 0;
	}
	return err;
}

/* --- The author ------------------------------------------------------------------------------ */

/* The coordinator has the first so many, and may have lost some that it had (a lost tail). */
static enum sf_err go_on(struct sf_node *node, struct sf_node_row_attachment *row,
	const struct sf_frame_chunk *heard, struct sf_diag *diag)
{
	if (heard->index > chunk_count(row))
		return SF_OK;
	bool all = heard->index == chunk_count(row);
	bool further = all || (int64_t)heard->index > row->sent;
	row->sent = heard->index;
	row->state = all ? SF_NODE_ATTACHMENT_SENT : SF_NODE_ATTACHMENT_SENDING;
	row->open = all ? 0 : row->object;
	if (further)
		row->due_ms = 0; /* over a quota every chunk is answered, and none went on */
	if (node->sending.object == row->object) {
		node->sending.at_ms = node->now_ms;
		if (node->sending.next < heard->index)
			node->sending.next = heard->index;
	}
	if (further)
		node->chunks_went_ms = sf_node_connected_ms(node);
	enum sf_err err = sf_node_attachment_put(node, row, diag);
	return err || !further ? err : sf_node_deliveries_go_on(node, row->message_id, diag);
}

static enum sf_err say_given_up(
	struct sf_node *node, const struct sf_frame_chunk *asked, enum sf_chunk_code code)
{
	const struct sf_frame frame = {.kind = SF_FRAME_CHUNKS,
		.chunk = {.author = asked->author,
			.message_id = asked->message_id,
			.number = asked->number,
			.code = code}};
	return sf_node_say(node, &frame);
}

static enum sf_err hear_as_author(struct sf_node *node, struct sf_node_row_attachment *row,
	const struct sf_frame_chunk *heard, struct sf_diag *diag)
{
	if (row->state == SF_NODE_ATTACHMENT_BROKEN && heard->code == SF_CHUNK_GOOD)
		return say_given_up(node, heard, SF_CHUNK_BROKEN);
	if (row->state != SF_NODE_ATTACHMENT_SENDING && row->state != SF_NODE_ATTACHMENT_SENT)
		return SF_OK;
	if (heard->code == SF_CHUNK_GOOD)
		return go_on(node, row, heard, diag);
	if (row->open == 0)
		return SF_OK; /* chunks that were on the way when it was settled */
	node->sending = (struct sf_node_stream){0};
	enum sf_err err = SF_OK;
	if (heard->code == SF_CHUNK_QUOTA) {
		row->due_ms = node->now_ms + LATER_MS;
	} else if (heard->code == SF_CHUNK_BROKEN) {
		row->state = SF_NODE_ATTACHMENT_BROKEN;
		row->open = 0;
		sf_node_alarm(node);
		err = say_given_up(node, heard, SF_CHUNK_BROKEN);
	} else {
		row->open = 0; /* whoever wants it asks for it */
	}
	return err ? err : sf_node_attachment_put(node, row, diag);
}

/* A new sending may do better: the coordinator asks for it when that is recorded. */
enum sf_err sf_node_mend_attachments(
	struct sf_node *node, const struct sf_message *message, struct sf_diag *diag)
{
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < message->attachment_count && !err; i++) {
		struct sf_node_row_attachment row = {
			.author = message->author, .message_id = message->id, .number = (int64_t)i};
		err = sf_node_attachment_get(node, &row, diag);
		if (err || row.state != SF_NODE_ATTACHMENT_BROKEN)
			continue;
		row.state = SF_NODE_ATTACHMENT_SENDING;
		row.sent = 0;
		err = sf_node_attachment_put(node, &row, diag);
	}
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

enum sf_err sf_node_waits_to_send(struct sf_node *node, const struct sf_message *message,
	bool *ret_waits, struct sf_diag *diag)
{
	*ret_waits = false;
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < message->attachment_count && !err; i++) {
		struct sf_node_row_attachment row = {
			.author = message->author, .message_id = message->id, .number = (int64_t)i};
		err = sf_node_attachment_get(node, &row, diag);
		if (!err && row.open != 0)
			*ret_waits = true;
	}
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

static enum sf_err send_some(
	struct sf_node *node, const struct sf_node_row_attachment *row, struct sf_diag *diag)
{
	struct sf_node_stream *stream = &node->sending;
	bool silent = node->now_ms - stream->at_ms >= node->options.stored_timeout_ms;
	if (stream->object != row->object || silent)
		*stream = (struct sf_node_stream){row->object, (uint32_t)row->sent, node->now_ms};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = SF_OK;
	while (!err && stream->next < chunk_count(row) &&
		stream->next < (uint32_t)row->sent + SF_CHUNK_WINDOW) {
		struct sf_node_row_chunk chunk = {
			.object = row->object, .number = (int64_t)stream->next};
		err = store->get(store->self, &sf_node_table_chunk, 0, &chunk, diag);
		if (err)
			return err == SF_ERR_NOT_FOUND ? SF_ERR_CORRUPT : err;
		const struct sf_frame frame = {.kind = SF_FRAME_CHUNK,
			.chunk = {.author = row->author,
				.message_id = row->message_id,
				.number = (uint32_t)row->number,
				.index = stream->next,
				.bytes = chunk.bytes}};
		err = sf_node_say(node, &frame);
		stream->next++;
	}
	return err;
}

/* --- The recipient --------------------------------------------------------------------------- */

static enum sf_err give_up(
	struct sf_node *node, const struct sf_node_row_attachment *row, struct sf_diag *diag)
{
	node->fetching = (struct sf_node_stream){0};
	sf_node_alarm(node);
	return sf_node_letter_broken(node, row->author, row->message_id, diag);
}

static enum sf_err never_comes(struct sf_node *node, const struct sf_node_row_attachment *row,
	enum sf_chunk_code code, struct sf_diag *diag)
{
	if (code == SF_CHUNK_GONE)
		return give_up(node, row, diag);
	node->fetching = (struct sf_node_stream){0};
	sf_node_alarm(node);
	return code == SF_CHUNK_BROKEN
		       ? sf_node_letter_waits_again(node, row->author, row->message_id, diag)
		       : sf_node_letter_incomplete(node, row->author, row->message_id, diag);
}

/* Released when the last chunk says that it is the last, and all are what the author signed. */
static enum sf_err end_object(
	struct sf_node *node, struct sf_node_row_attachment *row, struct sf_diag *diag)
{
	bool good = sf_digest_equal(&row->link, &row->digest);
	if (good) {
		row->state = SF_NODE_ATTACHMENT_WHOLE;
		row->open = 0;
	}
	/* Also when it goes again: what goes is counted from the row, with the last chunk. */
	enum sf_err err = sf_node_attachment_put(node, row, diag);
	if (!err && !good)
		return give_up(node, row, diag);
	return err ? err : sf_node_letter_whole(node, row->author, row->message_id, diag);
}

/* SF_ERR_AUTH: not what the author sealed at this place. */
static enum sf_err check_chunk(struct sf_node *node, const struct sf_node_row_attachment *row,
	struct sf_view bytes, int64_t *ret_trail, struct sf_diag *diag)
{
	struct sf_node_enclosure enclosure;
	enum sf_err err = sf_node_enclosure_open(node, row, &node->arena, &enclosure, diag);
	if (err)
		return err;
	struct sf_chunk_at at = {(uint32_t)row->have, (uint64_t)row->trail,
		row->have + 1 == (int64_t)chunk_count(row)};
	struct sf_buf plain;
	sf_buf_init(&plain, SF_CHUNK_SIZE);
	const struct sf_crypto *crypto = &node->ports.crypto;
	err = crypto->chunk_open(crypto->self, enclosure.key, &at, bytes, &plain);
	sf_node_enclosure_forget(&enclosure);
	if (!err && !sf_chunk_pad_holds((uint64_t)row->size, (uint64_t)row->have * SF_CHUNK_SIZE,
			    sf_buf_view(&plain)))
		err = SF_ERR_AUTH;
	sf_buf_fini(&plain);
	*ret_trail = (int64_t)at.trail;
	return err;
}

enum sf_err sf_node_take_chunk(
	struct sf_node *node, const struct sf_frame_chunk *chunk, struct sf_diag *diag)
{
	struct sf_node_row_attachment row = key_of(chunk);
	enum sf_err err = sf_node_attachment_get(node, &row, diag);
	if (err || row.state != SF_NODE_ATTACHMENT_COMING)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	enum sf_chunk_place place = sf_chunk_judge(
		sealed_size(&row), (uint32_t)row.have, chunk->index, chunk->bytes.size);
	if (place == SF_CHUNK_WRONG)
		return give_up(node, &row, diag);
	if (place != SF_CHUNK_NEXT)
		return SF_OK; /* of an answer to an earlier question */
	int64_t trail;
	err = check_chunk(node, &row, chunk->bytes, &trail, diag);
	if (err == SF_ERR_AUTH)
		return give_up(node, &row, diag);
	if (!err)
		err = sf_node_chunk_add(node, &row, chunk->bytes, trail, diag);
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	node->fetching.at_ms = node->now_ms;
	return row.have == (int64_t)chunk_count(&row) ? end_object(node, &row, diag)
						      : sf_node_attachment_put(node, &row, diag);
}

static enum sf_err hear_as_recipient(struct sf_node *node, struct sf_node_row_attachment *row,
	const struct sf_frame_chunk *heard, struct sf_diag *diag)
{
	if (row->state != SF_NODE_ATTACHMENT_COMING)
		return SF_OK;
	if (heard->code == SF_CHUNK_BROKEN || heard->code == SF_CHUNK_GONE ||
		heard->code == SF_CHUNK_ANSWERED)
		return never_comes(node, row, heard->code, diag);
	bool ready = heard->code == SF_CHUNK_GOOD && heard->index >= chunk_count(row);
	/* The coordinator says so when it has all; the question is for when that is lost. */
	row->due_ms = ready ? 0 : node->now_ms + LATER_MS;
	node->fetching = (struct sf_node_stream){0};
	return sf_node_attachment_put(node, row, diag);
}

static enum sf_err ask_for_more(struct sf_node *node, const struct sf_node_row_attachment *row)
{
	struct sf_node_stream *stream = &node->fetching;
	bool silent = node->now_ms - stream->at_ms >= node->options.stored_timeout_ms;
	if (stream->object == row->object && (uint32_t)row->have < stream->next && !silent)
		return SF_OK;
	*stream = (struct sf_node_stream){
		row->object, (uint32_t)row->have + SF_CHUNK_WINDOW, node->now_ms};
	const struct sf_frame frame = {.kind = SF_FRAME_CHUNKS,
		.chunk = {.author = row->author,
			.message_id = row->message_id,
			.number = (uint32_t)row->number,
			.index = (uint32_t)row->have}};
	return sf_node_say(node, &frame);
}

/* --- Both ------------------------------------------------------------------------------------ */

enum sf_err sf_node_hear_chunks(
	struct sf_node *node, const struct sf_frame_chunk *chunks, struct sf_diag *diag)
{
	struct sf_node_row_attachment row = key_of(chunks);
	enum sf_err err = sf_node_attachment_get(node, &row, diag);
	bool asked_of_us = err == SF_ERR_NOT_FOUND && chunks->code == SF_CHUNK_GOOD &&
			   sf_id_equal(row.author, node->options.party);
	if (asked_of_us) /* erased here, or sent by an earlier life of this node */
		return say_given_up(node, chunks, SF_CHUNK_GONE);
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	node->chunks_due_ms = 0;
	return sf_id_equal(row.author, node->options.party)
		       ? hear_as_author(node, &row, chunks, diag)
		       : hear_as_recipient(node, &row, chunks, diag);
}

/* The first of each direction that may go on now, and when another may. */
struct moving {
	int64_t now_ms, due_ms;
	bool sends, fetches;
	struct sf_node_row_attachment sending, fetching;
};

static bool find_moving(void *context, const void *row)
{
	struct moving *moving = context;
	const struct sf_node_row_attachment *attachment = row;
	bool *found =
		attachment->state == SF_NODE_ATTACHMENT_SENDING ? &moving->sends : &moving->fetches;
	if (attachment->due_ms > moving->now_ms) {
		if (attachment->due_ms < moving->due_ms)
			moving->due_ms = attachment->due_ms;
	} else if (!*found) {
		*found = true;
		*(attachment->state == SF_NODE_ATTACHMENT_SENDING ? &moving->sending
								  : &moving->fetching) =
			*attachment;
	}
	return !moving->sends || !moving->fetches;
}

static int64_t sooner(int64_t first_ms, int64_t second_ms)
{
	return first_ms < second_ms ? first_ms : second_ms;
}

enum sf_err sf_node_move_chunks(struct sf_node *node, struct sf_diag *diag)
{
	if (!node->greeted || node->log.halted)
		return SF_OK;
	struct moving moving = {.now_ms = node->now_ms, .due_ms = INT64_MAX};
	const struct sf_scan scan = {
		.table = &sf_node_table_attachment, .index = SF_NODE_ATTACHMENT_OPEN};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, find_moving, &moving, diag);
	if (!err && moving.sends) {
		err = send_some(node, &moving.sending, diag);
		moving.due_ms = sooner(
			moving.due_ms, node->sending.at_ms + node->options.stored_timeout_ms);
	}
	if (!err && moving.fetches) {
		err = ask_for_more(node, &moving.fetching);
		moving.due_ms = sooner(
			moving.due_ms, node->fetching.at_ms + node->options.stored_timeout_ms);
	}
	node->chunks_due_ms = moving.due_ms;
	return err;
}
