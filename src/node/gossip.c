/*
 * Gossip: every envelope says which log its author saw (WIRE.md section 4). What other parties saw
 * must be the beginning of what is seen here, or the other way round; whoever shows two logs to two
 * parties is found out as soon as one writes to the other. A mismatch is a suspicion: what the
 * other party says of the log is signed by it alone.
 */
#include "node/state.h"

#include <string.h>

#define GOSSIP_COUNT_MAX ((size_t)64)

static enum sf_err suspect(struct sf_node *node, struct sf_id party, uint64_t size,
	uint64_t against, struct sf_view other, struct sf_diag *diag)
{
	const struct sf_node_log *log = &node->log;
	struct sf_node_row_contradiction row = {.kind = SF_CONTRADICTION_GOSSIP,
		.epoch = log->newest.epoch,
		.size = (int64_t)size,
		.other = other,
		.party = party};
	struct sf_node_row_checkpoint kept;
	enum sf_err err = sf_node_checkpoint_row(node, log->newest.epoch, against, &kept, diag);
	if (!err)
		row.note = sf_arena_copy(&node->arena, kept.note);
	return err && err != SF_ERR_NOT_FOUND ? err : sf_node_contradict(node, &row, diag);
}

/* The signed header of the item: what the other party has said. */
static enum sf_err suspect_item(struct sf_node *node, const struct sf_node_item *item,
	uint64_t against, struct sf_diag *diag)
{
	struct sf_buf cover;
	sf_buf_init(&cover, SF_COVER_SIZE_MAX);
	enum sf_err err = sf_node_item_cover(item, &cover);
	if (!err)
		err = suspect(node, item->header.message.author, item->header.log_size, against,
			sf_buf_view(&cover), diag);
	sf_buf_fini(&cover);
	return err;
}

static bool take_first(void *context, const void *row)
{
	*(struct sf_node_row_gossip *)context = *(const struct sf_node_row_gossip *)row;
	return false;
}

/*
 * The largest goes: nobody can check it for longest, and a party that invents sizes must not keep
 * others from being heard. SF_ERR_EXISTS: this one is as large, and there is no room for it.
 */
static enum sf_err make_room(
	struct sf_node *node, const struct sf_node_row_gossip *row, struct sf_diag *diag)
{
	struct sf_node_row_gossip largest = {.size = 0};
	const struct sf_scan scan = {
		.table = &sf_node_table_gossip, .descending = true, .count_max = 1};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, take_first, &largest, diag);
	if (err)
		return err;
	if (largest.epoch == row->epoch && largest.size <= row->size)
		return SF_ERR_EXISTS;
	node->log.gossip_count--;
	return store->remove(store->self, &sf_node_table_gossip, &largest, diag);
}

static enum sf_err keep(struct sf_node *node, const struct sf_node_item *item, struct sf_diag *diag)
{
	struct sf_node_log *log = &node->log;
	const struct sf_header *header = &item->header;
	struct sf_node_row_gossip row = {
		.epoch = header->seen_epoch, .size = (int64_t)header->log_size};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->get(store->self, &sf_node_table_gossip, 0, &row, diag);
	if (!err)
		return sf_digest_equal(&row.root, &header->log_root)
			       ? SF_OK
			       : suspect_item(node, item, log->newest.size, diag);
	if (err == SF_ERR_NOT_FOUND)
		err = log->gossip_count < GOSSIP_COUNT_MAX ? SF_OK : make_room(node, &row, diag);
	if (err)
		return err == SF_ERR_EXISTS ? SF_OK : err;
	row.root = header->log_root;
	row.party = header->message.author;
	log->gossip_count++;
	log->gossip_open = true;
	return store->insert(store->self, &sf_node_table_gossip, &row, diag);
}

/* WIRE section 7.1: who has seen more of the directory than is shown here was shown more. */
static enum sf_err note_ahead(struct sf_node *node, const struct sf_header *header)
{
	struct sf_node_question *ahead = &node->log.ahead;
	uint64_t version = sf_directory_version(node->directory);
	bool waits = ahead->since_ms != 0 && ahead->to > version;
	if (sf_digest_is_none(&header->directory_head) || header->directory_version <= version ||
		(waits && ahead->to <= header->directory_version))
		return SF_OK;
	ahead->to = header->directory_version;
	node->log.ahead_party = header->message.author;
	/* All there is was asked for: a party must not spend what this node may ask. */
	if (waits)
		return SF_OK;
	ahead->since_ms = node->now_ms;
	const struct sf_frame query = {.kind = SF_FRAME_QUERY, .directory_from = version + 1};
	return sf_node_say(node, &query);
}

enum sf_err sf_node_watch_ahead(struct sf_node *node, struct sf_diag *diag)
{
	struct sf_node_log *log = &node->log;
	const struct sf_node_question ahead = log->ahead;
	bool came = sf_directory_version(node->directory) >= ahead.to;
	if (ahead.since_ms == 0 ||
		(!came && node->now_ms - ahead.since_ms < node->options.log_patience_ms))
		return SF_OK;
	log->ahead = (struct sf_node_question){.asked_ms = 0};
	return came ? SF_OK
		    : suspect(node, log->ahead_party, ahead.to, log->newest.size,
			      sf_view_of(NULL, 0), diag);
}

static enum sf_err compare_directory(
	struct sf_node *node, const struct sf_node_item *item, struct sf_diag *diag)
{
	struct sf_digest head;
	const struct sf_header *header = &item->header;
	if (sf_digest_is_none(&header->directory_head) ||
		!sf_node_head_at(node, header->directory_version, &head) ||
		sf_digest_equal(&head, &header->directory_head))
		return SF_OK;
	return suspect_item(node, item, node->log.newest.size, diag);
}

enum sf_err sf_node_gossip(
	struct sf_node *node, const struct sf_node_item *item, struct sf_diag *diag)
{
	const struct sf_node_log *log = &node->log;
	const struct sf_header *header = &item->header;
	if (sf_id_equal(header->message.author, node->options.party) ||
		sf_id_equal(header->message.author, node->options.coordinator))
		return SF_OK;
	enum sf_err err = compare_directory(node, item, diag);
	if (!err)
		err = note_ahead(node, header);
	if (err || header->log_size == 0 || header->log_size > INT64_MAX || !log->origin[0] ||
		header->seen_epoch != log->epoch)
		return err;
	struct sf_node_row_checkpoint row;
	err = sf_node_checkpoint_row(node, header->seen_epoch, header->log_size, &row, diag);
	if (err == SF_ERR_NOT_FOUND)
		return keep(node, item, diag);
	if (err || sf_digest_equal(&row.root, &header->log_root))
		return err;
	return suspect_item(node, item, header->log_size, diag);
}

static enum sf_err forget(struct sf_node *node, uint64_t size, struct sf_diag *diag)
{
	struct sf_node_log *log = &node->log;
	const struct sf_node_row_gossip key = {.epoch = log->epoch, .size = (int64_t)size};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->remove(store->self, &sf_node_table_gossip, &key, diag);
	if (!err && log->gossip_count > 0)
		log->gossip_count--;
	log->gossip = (struct sf_node_question){.asked_ms = 0};
	log->gossip_open = true;
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

enum sf_err sf_node_gossip_answered(
	struct sf_node *node, const struct sf_frame_log *frame, struct sf_diag *diag)
{
	struct sf_node_log *log = &node->log;
	if (log->gossip.asked_ms == 0 || frame->from_size != log->gossip.from ||
		frame->size != log->gossip.to)
		return SF_OK;
	struct sf_digest hashes[SF_TREE_PROOF_MAX];
	size_t count = frame->path.size / SF_DIGEST_SIZE;
	bool holds = count <= SF_TREE_PROOF_MAX && frame->path.size % SF_DIGEST_SIZE == 0;
	if (holds && count > 0)
		memcpy(hashes, frame->path.data, frame->path.size);
	holds = holds &&
		!sf_tree_check_consistency(&node->ports.crypto, log->gossip.from, &log->gossip_root,
			log->gossip.to, &log->gossip_newest_root, hashes, count);
	enum sf_err err = SF_OK;
	if (!holds)
		err = suspect(node, log->gossip_party, log->gossip.from, log->gossip.to,
			sf_view_of(NULL, 0), diag);
	return err ? err : forget(node, frame->from_size, diag);
}

/* Of the size that is the newest here there is nothing to ask. */
static enum sf_err compare_newest(
	struct sf_node *node, const struct sf_node_row_gossip *row, struct sf_diag *diag)
{
	const struct sf_node_seen *newest = &node->log.newest;
	enum sf_err err = SF_OK;
	if (!sf_digest_equal(&row->root, &newest->root))
		err = suspect(node, row->party, (uint64_t)row->size, newest->size,
			sf_view_of(NULL, 0), diag);
	return err ? err : forget(node, (uint64_t)row->size, diag);
}

static enum sf_err ask(
	struct sf_node *node, const struct sf_node_row_gossip *row, struct sf_diag *diag)
{
	struct sf_node_log *log = &node->log;
	struct sf_node_question *question = &log->gossip;
	if (question->from != (uint64_t)row->size)
		*question = (struct sf_node_question){.from = (uint64_t)row->size};
	if (question->since_ms &&
		node->now_ms - question->since_ms >= node->options.log_patience_ms) {
		enum sf_err err = suspect(node, row->party, (uint64_t)row->size, question->to,
			sf_view_of(NULL, 0), diag);
		return err ? err : forget(node, (uint64_t)row->size, diag);
	}
	question->to = log->newest.size;
	log->gossip_root = row->root;
	log->gossip_newest_root = log->newest.root;
	log->gossip_party = row->party;
	struct sf_node_row_gossip asked = *row;
	asked.asked_ms = node->now_ms;
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->replace(store->self, &sf_node_table_gossip, &asked, diag);
	return err ? err : sf_node_ask_consistency(node, question, log->epoch);
}

enum sf_err sf_node_ask_gossip(struct sf_node *node, struct sf_diag *diag)
{
	struct sf_node_log *log = &node->log;
	if (!log->gossip_open || log->gossip_count == 0 || log->newest.size == 0 ||
		log->newest.epoch != log->epoch || !sf_node_question_due(node, &log->gossip))
		return SF_OK;
	struct sf_node_row_gossip row = {.epoch = log->epoch};
	const struct sf_scan scan = {
		.table = &sf_node_table_gossip, .equal_count = 1, .from = &row, .count_max = 1};
	struct sf_node_row_gossip first = {.size = 0};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, take_first, &first, diag);
	if (err)
		return err;
	if (first.size == 0 || (uint64_t)first.size > log->newest.size) {
		log->gossip_open = false;
		return SF_OK;
	}
	return (uint64_t)first.size == log->newest.size ? compare_newest(node, &first, diag)
							: ask(node, &first, diag);
}
