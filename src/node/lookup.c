#include "node/state.h"

static bool first_transition(void *context, const void *row)
{
	struct sf_id *transition = context;
	*transition = ((const struct sf_node_row_event *)row)->transition;
	return false;
}

/* Where a message of any origin belongs: recorded and seen here, or still in the outbox. */
enum sf_err sf_node_message_transition(struct sf_node *node, struct sf_id message_id,
	struct sf_id *ret_transition, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	const struct sf_node_row_event key = {.message_id = message_id};
	const struct sf_scan scan = {.table = &sf_node_table_event,
		.index = SF_NODE_EVENT_BY_MESSAGE,
		.equal_count = 1,
		.from = &key,
		.count_max = 1};
	struct sf_id transition = {{0}};
	enum sf_err err = store->scan(store->self, &scan, first_transition, &transition, diag);
	struct sf_node_row_outbox sent = {.message_id = message_id};
	if (!err && sf_id_is_none(transition)) {
		err = store->get(store->self, &sf_node_table_outbox, 0, &sent, diag);
		transition = sent.transition;
	}
	if (!err)
		*ret_transition = transition;
	return err;
}

static bool first_recorded(void *context, const void *row)
{
	int64_t *recorded_ms = context;
	*recorded_ms = ((const struct sf_node_row_event *)row)->recorded_ms;
	return false;
}

enum sf_err sf_node_last_heard(
	struct sf_node *node, struct sf_id party, int64_t *ret_heard_ms, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	const struct sf_node_row_event key = {.author = party};
	const struct sf_scan scan = {.table = &sf_node_table_event,
		.index = SF_NODE_EVENT_BY_AUTHOR,
		.equal_count = 1,
		.from = &key,
		.descending = true,
		.count_max = 1};
	int64_t heard_ms = 0;
	enum sf_err err = store->scan(store->self, &scan, first_recorded, &heard_ms, diag);
	if (!err)
		*ret_heard_ms = heard_ms;
	return err;
}

enum sf_err sf_node_any_transition(
	struct sf_node *node, struct sf_id id, struct sf_id *ret_transition, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	struct sf_node_row_transition row = {.id = id};
	enum sf_err err = store->get(store->self, &sf_node_table_transition, 0, &row, diag);
	if (!err)
		*ret_transition = id;
	if (err != SF_ERR_NOT_FOUND)
		return err;
	return sf_node_message_transition(node, id, ret_transition, diag);
}

/* Several authors may have messages of one id. */
static bool find_authors(void *context, const void *row)
{
	struct sf_node_row_event *found = context;
	const struct sf_node_row_event *event = row;
	if (!sf_id_equal(event->author, found->author))
		return true;
	found->transition = event->transition;
	found->sequence = event->sequence;
	return false;
}

enum sf_err sf_node_event_of(struct sf_node *node, struct sf_id author, struct sf_id message_id,
	struct sf_node_row_event *ret_event, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	*ret_event = (struct sf_node_row_event){.author = author, .message_id = message_id};
	const struct sf_scan scan = {.table = &sf_node_table_event,
		.index = SF_NODE_EVENT_BY_MESSAGE,
		.equal_count = 1,
		.from = ret_event};
	struct sf_node_row_event found = *ret_event;
	enum sf_err err = store->scan(store->self, &scan, find_authors, &found, diag);
	if (!err && found.sequence == 0)
		err = SF_ERR_NOT_FOUND;
	*ret_event = found;
	return err ? err : store->get(store->self, &sf_node_table_event, 0, ret_event, diag);
}

static bool keep_first(void *context, const void *row)
{
	struct sf_node_row_inbox *first = context;
	const struct sf_node_row_inbox *inbox = row;
	bool sooner = first->position == 0 || inbox->position < first->position;
	if (inbox->state == SF_NODE_INBOX_OK && sooner) {
		first->author = inbox->author;
		first->position = inbox->position;
	}
	return true;
}

enum sf_err sf_node_letter_author(struct sf_node *node, struct sf_id message_id,
	struct sf_id *ret_author, struct sf_diag *diag)
{
	struct sf_node_row_inbox first = {.message_id = message_id};
	const struct sf_node_row_inbox key = first;
	struct sf_node_row_outbox own = {.message_id = message_id};
	const struct sf_scan scan = {.table = &sf_node_table_inbox,
		.index = SF_NODE_INBOX_BY_MESSAGE,
		.equal_count = 1,
		.from = &key};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->get(store->self, &sf_node_table_outbox, 0, &own, diag);
	if (!err)
		return SF_ERR_NOT_FOUND;
	if (err == SF_ERR_NOT_FOUND)
		err = store->scan(store->self, &scan, keep_first, &first, diag);
	*ret_author = first.author;
	return !err && first.position == 0 ? SF_ERR_NOT_FOUND : err;
}
