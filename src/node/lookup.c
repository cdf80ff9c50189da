#include "node/bodies.h"

struct looking {
	struct sf_id author; /* none: anybody */
	struct sf_node_row_event first;
};

/*
 * Ids are chance and each author's own: who says something under the id of another's message has
 * copied it, and was recorded later. Numbers are of a transition, so they do not tell.
 */
static bool keep_first(void *context, const void *row)
{
	struct looking *looking = context;
	const struct sf_node_row_event *event = row;
	if (!sf_id_is_none(looking->author) && !sf_id_equal(event->author, looking->author))
		return true;
	if (looking->first.sequence == 0 || event->recorded_ms < looking->first.recorded_ms)
		looking->first = (struct sf_node_row_event){.transition = event->transition,
			.sequence = event->sequence,
			.recorded_ms = event->recorded_ms};
	return true;
}

/* Its names alone. sequence 0: there is none. */
static enum sf_err look(struct sf_node *node, struct sf_id author, struct sf_id message_id,
	struct sf_node_row_event *ret_first, struct sf_diag *diag)
{
	struct looking looking = {.author = author};
	const struct sf_node_row_event key = {.message_id = message_id};
	const struct sf_scan scan = {.table = &sf_node_table_event,
		.index = SF_NODE_EVENT_BY_MESSAGE,
		.equal_count = 1,
		.from = &key};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, keep_first, &looking, diag);
	*ret_first = looking.first;
	return err;
}

/* Where a message of any origin belongs: recorded and seen here, or still in the outbox. */
enum sf_err sf_node_message_transition(struct sf_node *node, struct sf_id message_id,
	struct sf_id *ret_transition, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	struct sf_node_row_outbox sent = {.message_id = message_id};
	struct sf_node_row_event first;
	enum sf_err err = store->get(store->self, &sf_node_table_outbox, 0, &sent, diag);
	if (err == SF_ERR_NOT_FOUND) {
		err = look(node, (struct sf_id){{0}}, message_id, &first, diag);
		if (!err && first.sequence == 0)
			err = SF_ERR_NOT_FOUND;
		sent.transition = first.transition;
	}
	if (!err)
		*ret_transition = sent.transition;
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

enum sf_err sf_node_event_of(struct sf_node *node, struct sf_id author, struct sf_id message_id,
	struct sf_node_row_event *ret_event, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = look(node, author, message_id, ret_event, diag);
	if (!err && ret_event->sequence == 0)
		err = SF_ERR_NOT_FOUND;
	return err ? err : store->get(store->self, &sf_node_table_event, 0, ret_event, diag);
}

static bool keep_letter(void *context, const void *row)
{
	struct sf_node_row_inbox *first = context;
	const struct sf_node_row_inbox *inbox = row;
	bool sooner = first->position == 0 || inbox->position < first->position;
	if (sf_node_is_letter(inbox) && sooner) {
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
		err = store->scan(store->self, &scan, keep_letter, &first, diag);
	*ret_author = first.author;
	return !err && first.position == 0 ? SF_ERR_NOT_FOUND : err;
}
