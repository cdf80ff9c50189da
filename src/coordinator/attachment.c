#include "coordinator/attachment.h"

#include "base/time.h"
#include "wire/chunk.h"

#define INVITE_COUNT_MAX 256 /* after a hello; the others when these are whole */
/* Authors of what waits at a recipient hear so once in this time: of their half hour. */
#define WAITING_TOLD_MS SF_MINUTE_MS
#define WAITING_WALK_MAX ((size_t)10000) /* attachments that are looked at for it */

static enum sf_err say_chunks(struct sf_coordinator *coordinator, uint64_t route,
	const struct sf_row_attachment *row, enum sf_chunk_code code)
{
	const struct sf_frame frame = {.kind = SF_FRAME_CHUNKS,
		.chunk = {.author = row->author,
			.message_id = row->message_id,
			.number = (uint32_t)row->number,
			.index = row->have > 0 ? (uint32_t)row->have : 0,
			.code = code}};
	return sf_coordinator_say(coordinator, route, &frame);
}

static bool is_lost(const struct sf_row_attachment *row)
{
	return !row->open && row->have <= 0;
}

static enum sf_chunk_code code_of(const struct sf_row_attachment *row)
{
	if (!is_lost(row))
		return SF_CHUNK_GOOD;
	return row->have == SF_ATTACHMENT_LOST_GONE ? SF_CHUNK_GONE : SF_CHUNK_BROKEN;
}

static struct sf_row_attachment key_of(const struct sf_frame_chunk *chunk)
{
	return (struct sf_row_attachment){.author = chunk->author,
		.message_id = chunk->message_id,
		.number = (int64_t)chunk->number};
}

static bool add_size(void *context, const void *row)
{
	struct sf_coordinator *coordinator = context;
	const struct sf_row_attachment *attachment = row;
	if (attachment->have > 0)
		coordinator->attachments_size += attachment->size;
	if (attachment->object > coordinator->object_last)
		coordinator->object_last = attachment->object;
	return true;
}

enum sf_err sf_coordinator_load_attachments(
	struct sf_coordinator *coordinator, struct sf_diag *diag)
{
	coordinator->attachments_size = coordinator->object_last = 0;
	const struct sf_scan scan = {.table = &sf_table_attachment};
	const struct sf_store *store = &coordinator->ports.store;
	return store->scan(store->self, &scan, add_size, coordinator, diag);
}

enum sf_err sf_coordinator_expect_attachments(
	struct sf_coordinator *coordinator, const struct sf_message *message, struct sf_diag *diag)
{
	const struct sf_store *store = &coordinator->ports.store;
	const struct sf_party_state *author =
		sf_parties_find(&coordinator->parties, message->author);
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < message->attachment_count && !err; i++) {
		struct sf_row_attachment row = {
			.author = message->author, .message_id = message->id, .number = (int64_t)i};
		err = store->get(store->self, &sf_table_attachment, 0, &row, diag);
		if (err == SF_ERR_NOT_FOUND) {
			row.object = row.open = ++coordinator->object_last;
			row.digest = message->attachments[i].digest;
			row.size = (int64_t)message->attachments[i].size;
			err = store->insert(store->self, &sf_table_attachment, &row, diag);
		} else if (!err && is_lost(&row)) {
			/* Sent again: its author tries it from the first chunk. */
			row.open = row.object;
			row.have = 0;
			err = store->replace(store->self, &sf_table_attachment, &row, diag);
		}
		if (!err && row.open && author && author->route)
			err = say_chunks(coordinator, author->route, &row, SF_CHUNK_GOOD);
	}
	return err;
}

struct invite {
	struct sf_coordinator *coordinator;
	uint64_t route;
	enum sf_err err;
};

static bool invite_one(void *context, const void *row)
{
	struct invite *invite = context;
	invite->err = say_chunks(invite->coordinator, invite->route, row, SF_CHUNK_GOOD);
	return !invite->err;
}

/* Those of an author that are asked for at once. */
static enum sf_err scan_invited(struct sf_coordinator *coordinator, struct sf_id author,
	bool (*visit)(void *context, const void *row), void *context, struct sf_diag *diag)
{
	const struct sf_row_attachment key = {.author = author, .open = 1};
	const struct sf_scan scan = {.table = &sf_table_attachment,
		.index = SF_ATTACHMENT_OPEN_BY_AUTHOR,
		.equal_count = 1,
		.from = &key,
		.count_max = INVITE_COUNT_MAX};
	const struct sf_store *store = &coordinator->ports.store;
	return store->scan(store->self, &scan, visit, context, diag);
}

enum sf_err sf_coordinator_invite_chunks(struct sf_coordinator *coordinator, struct sf_id author,
	uint64_t route, struct sf_diag *diag)
{
	struct invite invite = {coordinator, route, SF_OK};
	enum sf_err err = scan_invited(coordinator, author, invite_one, &invite, diag);
	return err ? err : invite.err;
}

struct newest {
	size_t count;
	struct sf_row_attachment row;
};

static bool keep_newest(void *context, const void *row)
{
	struct newest *newest = context;
	newest->count++;
	newest->row = *(const struct sf_row_attachment *)row;
	return true;
}

/* One is whole: of more than are asked for at once, the one that takes its place. */
static enum sf_err invite_another(struct sf_coordinator *coordinator, struct sf_id author,
	uint64_t route, struct sf_diag *diag)
{
	struct newest newest = {.count = 0};
	enum sf_err err = scan_invited(coordinator, author, keep_newest, &newest, diag);
	if (err || newest.count < INVITE_COUNT_MAX)
		return err;
	return say_chunks(coordinator, route, &newest.row, SF_CHUNK_GOOD);
}

struct sum {
	int64_t size;
};

static bool add_started(void *context, const void *row)
{
	struct sum *sum = context;
	const struct sf_row_attachment *attachment = row;
	sum->size += attachment->have > 0 ? attachment->size : 0;
	return true;
}

/* Asked once for an object, for all of it: what was begun can always be finished. */
static enum sf_err has_room(struct sf_coordinator *coordinator, const struct sf_row_attachment *row,
	bool *ret_room, struct sf_diag *diag)
{
	const struct sf_coordinator_options *options = &coordinator->options;
	struct sum sum = {0};
	const struct sf_scan scan = {.table = &sf_table_attachment, .equal_count = 1, .from = row};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->scan(store->self, &scan, add_started, &sum, diag);
	*ret_room = sum.size + row->size <= options->attachments_party_max &&
		    coordinator->attachments_size + row->size <= options->attachments_max;
	return err;
}

static enum sf_err remove_chunks(struct sf_coordinator *coordinator,
	const struct sf_row_attachment *row, struct sf_diag *diag)
{
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = SF_OK;
	for (int64_t number = 0; number < row->have && !err; number++) {
		const struct sf_row_chunk key = {.object = row->object, .number = number};
		err = store->remove(store->self, &sf_table_chunk, &key, diag);
	}
	if (row->have > 0)
		coordinator->attachments_size -= row->size;
	return err;
}

struct ended {
	struct sf_coordinator *coordinator;
	const struct sf_row_attachment *row;
	enum sf_err err;
};

static bool tell_recipient(void *context, const void *row)
{
	struct ended *ended = context;
	const struct sf_row_delivery *delivery = row;
	const struct sf_party_state *party =
		sf_parties_find(&ended->coordinator->parties, delivery->recipient);
	if (delivery->open && party && party->route)
		ended->err = say_chunks(
			ended->coordinator, party->route, ended->row, code_of(ended->row));
	return !ended->err;
}

/* Whole, or lost: who waits for it hears so now, and who is away when it asks. */
static enum sf_err tell_recipients(struct sf_coordinator *coordinator,
	const struct sf_row_attachment *row, struct sf_diag *diag)
{
	struct ended ended = {coordinator, row, SF_OK};
	const struct sf_row_delivery key = {.author = row->author, .message_id = row->message_id};
	const struct sf_scan scan = {.table = &sf_table_delivery, .equal_count = 2, .from = &key};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->scan(store->self, &scan, tell_recipient, &ended, diag);
	return err ? err : ended.err;
}

/* The last chunk is here: is it what the header names? */
static enum sf_err end_object(struct sf_coordinator *coordinator, struct sf_row_attachment *row,
	enum sf_chunk_code *ret_code, struct sf_diag *diag)
{
	if (!sf_digest_equal(&row->link, &row->digest)) {
		enum sf_err err = remove_chunks(coordinator, row, diag);
		row->have = 0;
		row->link = (struct sf_digest){{0}};
		*ret_code = SF_CHUNK_BROKEN;
		return err;
	}
	row->open = 0;
	return tell_recipients(coordinator, row, diag);
}

static enum sf_err keep_chunk(struct sf_coordinator *coordinator, struct sf_row_attachment *row,
	struct sf_view bytes, enum sf_chunk_code *ret_code, struct sf_diag *diag)
{
	bool room = true;
	enum sf_err err = row->have == 0 ? has_room(coordinator, row, &room, diag) : SF_OK;
	if (err || !room) {
		*ret_code = SF_CHUNK_QUOTA;
		return err;
	}
	const struct sf_store *store = &coordinator->ports.store;
	const struct sf_crypto *crypto = &coordinator->ports.crypto;
	const struct sf_row_chunk chunk = {row->object, row->have, bytes};
	err = store->insert(store->self, &sf_table_chunk, &chunk, diag);
	if (row->have == 0)
		coordinator->attachments_size += row->size;
	row->have++;
	crypto->chunk_link(crypto->self, bytes, &row->link);
	if (!err && row->have == sf_chunk_count((uint64_t)row->size))
		err = end_object(coordinator, row, ret_code, diag);
	return err ? err : store->replace(store->self, &sf_table_attachment, row, diag);
}

static bool may_move(struct sf_coordinator *coordinator, struct sf_party_state *party, size_t size)
{
	return sf_quota_take(&party->bytes, &coordinator->options.quota_bytes, coordinator->now_ms,
		(int64_t)size);
}

enum sf_err sf_coordinator_take_chunk(struct sf_coordinator *coordinator,
	const struct sf_taken *taken, struct sf_party_state *party, struct sf_diag *diag)
{
	const struct sf_frame_chunk *chunk = &taken->frame.chunk;
	struct sf_row_attachment row = key_of(chunk);
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = sf_id_equal(chunk->author, taken->party)
				  ? store->get(store->self, &sf_table_attachment, 0, &row, diag)
				  : SF_ERR_NOT_FOUND;
	if (err)
		return err == SF_ERR_NOT_FOUND
			       ? say_chunks(coordinator, taken->route, &row, SF_CHUNK_UNKNOWN)
			       : err;
	enum sf_chunk_code code = code_of(&row);
	if (code != SF_CHUNK_GOOD) /* on the way when its author gave it up */
		return say_chunks(coordinator, taken->route, &row, code);
	enum sf_chunk_place place = sf_chunk_judge(
		(uint64_t)row.size, (uint32_t)row.have, chunk->index, chunk->bytes.size);
	if (place == SF_CHUNK_WRONG)
		code = SF_CHUNK_BROKEN;
	else if (!may_move(coordinator, party, chunk->bytes.size))
		code = SF_CHUNK_QUOTA;
	else if (place == SF_CHUNK_NEXT)
		err = keep_chunk(coordinator, &row, chunk->bytes, &code, diag);
	if (!err && place == SF_CHUNK_NEXT && !row.open)
		err = invite_another(coordinator, row.author, taken->route, diag);
	return err ? err : say_chunks(coordinator, taken->route, &row, code);
}

/* The author's half hour for an answer counts from the last chunk that went (DOMAIN section 8). */
static enum sf_err tell_author(
	struct sf_coordinator *coordinator, const struct sf_row_attachment *row)
{
	const struct sf_party_state *author = sf_parties_find(&coordinator->parties, row->author);
	return author && author->route ? say_chunks(coordinator, author->route, row, SF_CHUNK_GOOD)
				       : SF_OK;
}

/* Letters that were taken, and whose attachments wait here while their recipient is given others.
 */
struct waiting {
	struct sf_coordinator *coordinator;
	struct sf_id recipient;
	const struct sf_row_attachment *given;
	enum sf_err err;
	struct sf_diag *diag;
};

static bool tell_waiting_author(void *context, const void *row)
{
	struct waiting *waiting = context;
	struct sf_coordinator *coordinator = waiting->coordinator;
	const struct sf_store *store = &coordinator->ports.store;
	const struct sf_row_attachment *attachment = row;
	/* What is not whole here goes on at its author; one says it of all of a letter. */
	if (attachment->number != 0 || attachment->open || attachment->have <= 0 ||
		(sf_id_equal(attachment->author, waiting->given->author) &&
			sf_id_equal(attachment->message_id, waiting->given->message_id)))
		return true;
	struct sf_row_delivery delivery = {.author = attachment->author,
		.message_id = attachment->message_id,
		.recipient = waiting->recipient};
	enum sf_err err = store->get(store->self, &sf_table_delivery, 0, &delivery, waiting->diag);
	if (!err && delivery.state == SF_DELIVERY_TAKEN)
		err = tell_author(coordinator, attachment);
	waiting->err = err == SF_ERR_NOT_FOUND ? SF_OK : err;
	return !waiting->err && coordinator->arena.size < coordinator->arena.size_max / 4;
}

/*
 * One attachment comes in at a time, so the chunks of other letters wait behind it, whoever wrote
 * them. Their authors count the half hour too, and a new envelope would help nobody; until the
 * recipient gets no further: then it answers nobody, and they must find that out.
 */
static enum sf_err tell_waiting_authors(struct sf_coordinator *coordinator,
	struct sf_party_state *party, const struct sf_row_attachment *given, uint32_t index,
	struct sf_diag *diag)
{
	bool further = given->object != party->waiting_object || index > party->waiting_index;
	if (!further || coordinator->now_ms < party->waiting_ms)
		return SF_OK;
	party->waiting_ms = coordinator->now_ms + WAITING_TOLD_MS;
	party->waiting_object = given->object;
	party->waiting_index = index;
	struct waiting waiting = {coordinator, party->row.party, given, SF_OK, diag};
	const struct sf_scan scan = {.table = &sf_table_attachment, .count_max = WAITING_WALK_MAX};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->scan(store->self, &scan, tell_waiting_author, &waiting, diag);
	return err ? err : waiting.err;
}

static enum sf_err give_some(struct sf_coordinator *coordinator, const struct sf_taken *taken,
	const struct sf_row_attachment *row, struct sf_diag *diag)
{
	const struct sf_store *store = &coordinator->ports.store;
	struct sf_frame frame = {.kind = SF_FRAME_CHUNK, .chunk = taken->frame.chunk};
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < SF_CHUNK_WINDOW && frame.chunk.index < row->have && !err; i++) {
		struct sf_row_chunk chunk = {
			.object = row->object, .number = (int64_t)frame.chunk.index};
		err = store->get(store->self, &sf_table_chunk, 0, &chunk, diag);
		if (err)
			return err == SF_ERR_NOT_FOUND ? SF_ERR_CORRUPT : err;
		frame.chunk.bytes = chunk.bytes;
		err = sf_coordinator_say(coordinator, taken->route, &frame);
		frame.chunk.index++;
	}
	return err ? err : tell_author(coordinator, row);
}

/* Nobody waits for it, or the coordinator has erased it: then a tombstone is left (erase.c). */
static enum sf_err not_waited_for(struct sf_coordinator *coordinator,
	const struct sf_row_attachment *row, enum sf_chunk_code *ret_code, struct sf_diag *diag)
{
	const struct sf_store *store = &coordinator->ports.store;
	struct sf_row_message message = {.author = row->author, .message_id = row->message_id};
	enum sf_err err = store->get(store->self, &sf_table_message, 0, &message, diag);
	bool erased = !err && sf_id_is_none(message.transition);
	*ret_code = erased ? SF_CHUNK_ANSWERED : SF_CHUNK_UNKNOWN;
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

/* Whoever has not answered the letter finally may have them; nobody else. */
static enum sf_err may_have(struct sf_coordinator *coordinator, const struct sf_taken *taken,
	struct sf_row_attachment *row, enum sf_chunk_code *ret_code, struct sf_diag *diag)
{
	const struct sf_store *store = &coordinator->ports.store;
	struct sf_row_delivery delivery = {
		.author = row->author, .message_id = row->message_id, .recipient = taken->party};
	enum sf_err err = store->get(store->self, &sf_table_delivery, 0, &delivery, diag);
	if (err == SF_ERR_NOT_FOUND)
		return not_waited_for(coordinator, row, ret_code, diag);
	*ret_code = SF_CHUNK_ANSWERED;
	if (err || delivery.open == 0)
		return err;
	err = store->get(store->self, &sf_table_attachment, 0, row, diag);
	*ret_code = err ? SF_CHUNK_UNKNOWN : code_of(row);
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

/* Asked for what is not whole, its author says that it cannot send it. */
static enum sf_err give_up(
	struct sf_coordinator *coordinator, const struct sf_frame_chunk *said, struct sf_diag *diag)
{
	struct sf_row_attachment row = key_of(said);
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->get(store->self, &sf_table_attachment, 0, &row, diag);
	if (err || !row.open)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	err = remove_chunks(coordinator, &row, diag);
	row.have =
		said->code == SF_CHUNK_GONE ? SF_ATTACHMENT_LOST_GONE : SF_ATTACHMENT_LOST_BROKEN;
	row.link = (struct sf_digest){{0}};
	row.open = 0;
	if (!err)
		err = store->replace(store->self, &sf_table_attachment, &row, diag);
	return err ? err : tell_recipients(coordinator, &row, diag);
}

enum sf_err sf_coordinator_give_chunks(struct sf_coordinator *coordinator,
	const struct sf_taken *taken, struct sf_party_state *party, struct sf_diag *diag)
{
	const struct sf_frame_chunk *said = &taken->frame.chunk;
	struct sf_row_attachment row = key_of(said);
	bool gives_up = said->code == SF_CHUNK_BROKEN || said->code == SF_CHUNK_GONE;
	if (gives_up && sf_id_equal(said->author, taken->party))
		return give_up(coordinator, said, diag);
	enum sf_chunk_code code;
	enum sf_err err = may_have(coordinator, taken, &row, &code, diag);
	if (err || code != SF_CHUNK_GOOD)
		return err ? err : say_chunks(coordinator, taken->route, &row, code);
	if (row.open)
		return say_chunks(coordinator, taken->route, &row, SF_CHUNK_GOOD);
	/* A turn has memory for so many questions; who is not answered asks again. */
	const struct sf_arena *arena = &coordinator->arena;
	bool full = arena->size > arena->size_max / 4;
	if (full || !may_move(coordinator, party, SF_CHUNK_WINDOW * SF_CHUNK_SEALED_MAX)) {
		coordinator->counters.dropped++;
		return SF_OK;
	}
	err = give_some(coordinator, taken, &row, diag);
	return err ? err : tell_waiting_authors(coordinator, party, &row, said->index, diag);
}

enum sf_err sf_coordinator_drop_attachments(struct sf_coordinator *coordinator, struct sf_id author,
	struct sf_id message_id, struct sf_diag *diag)
{
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = SF_OK;
	for (int64_t number = 0; number < (int64_t)SF_ATTACHMENT_COUNT_MAX && !err; number++) {
		struct sf_row_attachment row = {
			.author = author, .message_id = message_id, .number = number};
		err = store->get(store->self, &sf_table_attachment, 0, &row, diag);
		if (!err)
			err = remove_chunks(coordinator, &row, diag);
		if (!err)
			err = store->remove(store->self, &sf_table_attachment, &row, diag);
	}
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}
