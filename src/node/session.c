#include "node/attachment.h"

#include "base/time.h"

/* No node counts so far in its life; a coordinator that says more is not believed. */
#define AUTHOR_SEQUENCE_MAX ((uint64_t)1 << 48)
/* Directory frames are filled up to this, so that a frame never comes near its limit. */
#define DIRECTORY_FRAME_SIZE ((size_t)262144)

enum sf_err sf_node_say(struct sf_node *node, const struct sf_frame *frame)
{
	struct sf_node_frame_out *out = sf_arena_take(&node->arena, sizeof(*out));
	if (!out)
		return SF_ERR_LIMIT;
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_FRAME_SIZE_MAX);
	enum sf_err err = sf_frame_encode(frame, &bytes);
	if (!err)
		out->frame = sf_arena_copy(&node->arena, sf_buf_view(&bytes));
	sf_buf_fini(&bytes);
	if (err)
		return err;
	if (!out->frame.data)
		return SF_ERR_LIMIT;
	*node->out_last = out;
	node->out_last = &out->next;
	return SF_OK;
}

/* Everything without a receipt is submitted again; the coordinator starts our queue over. */
enum sf_err sf_node_hello(struct sf_node *node, struct sf_diag *diag)
{
	node->greeted = false;
	node->restart_wanted = false;
	node->hello_ms = node->now_ms;
	struct sf_frame frame = {.kind = SF_FRAME_HELLO,
		.hello = {
			.version = 1,
			.software = node->options.software,
			.directory_version = sf_directory_version(node->directory),
			.directory_head = *sf_directory_head(node->directory),
			.now_ms = node->now_ms,
		}};
	const struct sf_frame credit = {.kind = SF_FRAME_CREDIT, .credit = node->options.credit};
	enum sf_err err = sf_node_log_hello(node, &frame.hello, diag);
	if (!err)
		err = sf_node_say(node, &frame);
	return err ? err : sf_node_say(node, &credit);
}

enum sf_err sf_node_greeted(
	struct sf_node *node, const struct sf_hello *hello, struct sf_diag *diag)
{
	if (!sf_id_equal(hello->coordinator, node->options.coordinator)) {
		sf_diag_set(diag, "the coordinator calls itself another party than the one pinned");
		sf_node_alarm(node);
		return SF_OK;
	}
	bool good;
	enum sf_err err = sf_node_log_greeted(node, hello, &good, diag);
	if (err || !good)
		return err;
	if (!node->greeted)
		sf_node_tell_link(node, true);
	node->greeted = true;
	/* Its clock can be compared now. */
	if (hello->now_ms > node->coordinator_ms + SF_HOUR_MS)
		node->retention_ms = node->unanswered.due_ms = 0;
	node->coordinator_ms = hello->now_ms;
	sf_node_chunks_restart(node);
	node->submitted = 0;
	node->on_the_way = 0;
	node->on_the_way_size = 0;
	node->more_to_submit = true;
	node->coordinator_directory = hello->directory_version;
	/* A restored node first learns how far it had counted (WIRE section 1, author sequence). */
	int64_t *sequence = &node->counter_values[SF_NODE_COUNTER_AUTHOR_SEQUENCE];
	if (hello->author_sequence > (uint64_t)*sequence &&
		hello->author_sequence < AUTHOR_SEQUENCE_MAX) {
		*sequence = (int64_t)hello->author_sequence;
		node->counters_dirty = true;
		sf_node_alarm(node);
	}
	/* A directory behind ours is a coordinator that went back in time (WIRE section 7.1). */
	if (hello->directory_version < sf_directory_version(node->directory)) {
		node->greeted = false;
		sf_node_alarm(node);
		return SF_OK;
	}
	return sf_node_say_proposals(node, diag);
}

struct entries {
	struct sf_node *node;
	size_t count, size;
	bool full, short_of_memory;
	struct sf_view records[SF_FRAME_ITEM_COUNT_MAX];
};

static bool load_entry(void *context, const void *row)
{
	struct entries *entries = context;
	const struct sf_node_row_entry *entry = row;
	entries->full =
		entries->count == SF_FRAME_ITEM_COUNT_MAX ||
		(entries->count > 0 && entries->size + entry->record.size > DIRECTORY_FRAME_SIZE);
	if (entries->full)
		return false;
	struct sf_view copy = sf_arena_copy(&entries->node->arena, entry->record);
	entries->short_of_memory = !copy.data;
	if (!copy.data)
		return false;
	entries->records[entries->count++] = copy;
	entries->size += copy.size;
	return true;
}

/*
 * A coordinator that lost the tail of its log asks for the entries that it had (WIRE section 7.1).
 * Registrars signed them: whoever has them may give them back. One frame; it asks on.
 */
enum sf_err sf_node_give_directory(struct sf_node *node, uint64_t from, struct sf_diag *diag)
{
	uint64_t newest = sf_directory_version(node->directory);
	if (from == 0 || from > newest)
		return SF_OK;
	struct entries *entries = sf_arena_take(&node->arena, sizeof(*entries));
	if (!entries)
		return SF_ERR_LIMIT;
	*entries = (struct entries){.node = node};
	const struct sf_node_row_entry key = {.version = (int64_t)from};
	const struct sf_scan scan = {.table = &sf_node_table_entry, .from = &key, .bounded = true};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, load_entry, entries, diag);
	if (!err && entries->short_of_memory)
		err = SF_ERR_LIMIT;
	const struct sf_frame frame = {.kind = SF_FRAME_DIRECTORY,
		.count = entries->count,
		.records = entries->records,
		.directory_from = from,
		.directory_version = newest,
		.directory_head = *sf_directory_head(node->directory)};
	return err ? err : sf_node_say(node, &frame);
}

static enum sf_err add_record(struct sf_node *node, struct sf_view record, struct sf_diag *diag)
{
	enum sf_err err = sf_registry_add(node->directory, &node->ports.crypto,
		&node->options.registrars, record, 0, NULL, diag);
	if (err)
		return err;
	err = sf_node_note_head(node);
	if (err)
		return err;
	const struct sf_node_row_entry row = {
		(int64_t)sf_directory_version(node->directory), record};
	const struct sf_store *store = sf_node_store(node);
	return store->insert(store->self, &sf_node_table_entry, &row, diag);
}

/*
 * Entries in order, each signed by the pinned registrars. What does not follow is refused and the
 * rest of the frame with it: the directory here stays the last good one.
 */
enum sf_err sf_node_follow_directory(
	struct sf_node *node, const struct sf_frame *frame, struct sf_diag *diag)
{
	if (frame->directory_version > node->coordinator_directory)
		node->coordinator_directory = frame->directory_version;
	uint64_t next = sf_directory_version(node->directory) + 1;
	if (frame->directory_from > next) {
		const struct sf_frame query = {.kind = SF_FRAME_QUERY, .directory_from = next};
		return sf_node_say(node, &query);
	}
	for (size_t i = (size_t)(next - frame->directory_from); i < frame->count; i++) {
		enum sf_err err = add_record(node, frame->records[i], diag);
		if (err == SF_ERR_AUTH || err == SF_ERR_FORMAT || err == SF_ERR_CONFLICT) {
			sf_node_alarm(node);
			return SF_OK;
		}
		if (err)
			return err;
		node->directory_changed = true;
	}
	if (node->directory_changed)
		sf_node_tell_ids(node, SF_FEED_DIRECTORY, (struct sf_id){{0}},
			node->options.coordinator, (struct sf_id){{0}});
	bool complete = sf_directory_version(node->directory) == frame->directory_version;
	if (complete &&
		!sf_digest_equal(sf_directory_head(node->directory), &frame->directory_head))
		sf_node_alarm(node);
	return complete && node->restart_wanted ? sf_node_hello(node, diag) : SF_OK;
}
