/*
 * R8 (DOMAIN.md section 5): a clause moves a domain only to a party that has acknowledged the fact
 * that started the clause's clock. A practice that gets only the cover of a discharge has no letter
 * to answer, so its node answers for the cover: once, as soon as it has it on disk.
 */
#include "node/state.h"

#define MUST_MAX 16 /* discharges of one stay that a party has not answered */

static bool first_event(void *context, const void *row)
{
	struct sf_node_row_event *event = context;
	const struct sf_node_row_event *found = row;
	if (found->kind_class != SF_CLASS_FACT)
		return true;
	*event = *found;
	return false;
}

/* A message that came whole is answered where it was opened, whatever that came to. */
static enum sf_err is_answered(struct sf_node *node, const struct sf_node_row_event *event,
	bool *ret_answered, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	struct sf_node_row_told told = {
		.transition = event->transition, .message_id = event->message_id};
	enum sf_err err = store->get(store->self, &sf_node_table_told, 0, &told, diag);
	struct sf_node_row_inbox inbox = {.author = event->author, .message_id = event->message_id};
	if (err == SF_ERR_NOT_FOUND)
		err = store->get(store->self, &sf_node_table_inbox, 0, &inbox, diag);
	*ret_answered = !err;
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

static enum sf_err acknowledge(struct sf_node *node, const struct sf_node_row_event *event,
	const struct sf_digest *content_id, struct sf_diag *diag)
{
	uint8_t chance[10];
	node->ports.env.random(node->ports.env.self, chance, sizeof(chance));
	struct sf_message message = {
		.id = sf_id_timed(node->now_ms, chance),
		.transition = event->transition,
		.recipient_count = 1,
		.recipients = {event->author},
		.occurred_ms = node->now_ms,
		.in_reply_to = event->message_id,
		.fact = {.kind = SF_KIND_ACKNOWLEDGEMENT,
			.acknowledgement = {.message_id = event->message_id,
				.content_id = *content_id,
				.ack = SF_ACK_OK}},
	};
	const struct sf_node_row_told row = {
		event->transition, event->message_id, message.id, node->now_ms};
	enum sf_err err = sf_node_author(node, &message, NULL, NULL, diag);
	const struct sf_store *store = sf_node_store(node);
	return err ? err : store->insert(store->self, &sf_node_table_told, &row, diag);
}

static enum sf_err acknowledge_message(
	struct sf_node *node, struct sf_id transition, struct sf_id message, struct sf_diag *diag)
{
	struct sf_node_row_event event = {.message_id = message};
	const struct sf_node_row_event key = event;
	const struct sf_scan scan = {.table = &sf_node_table_event,
		.index = SF_NODE_EVENT_BY_MESSAGE,
		.equal_count = 1,
		.from = &key};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, first_event, &event, diag);
	if (err || !sf_id_equal(event.transition, transition))
		return err;
	bool answered;
	err = is_answered(node, &event, &answered, diag);
	if (err || answered)
		return err;
	/* The views of the scan are gone. */
	struct sf_node_row_event row = {.transition = transition, .sequence = event.sequence};
	err = store->get(store->self, &sf_node_table_event, 0, &row, diag);
	struct sf_cover cover;
	if (!err)
		err = sf_cover_parse(row.cover, &cover, diag);
	struct sf_header header;
	if (!err)
		err = sf_header_decode(cover.header, &header, diag);
	if (err)
		return err;
	struct sf_digest content_id;
	sf_node_content_id(node, header.message_bytes, &content_id);
	return acknowledge(node, &row, &content_id, diag);
}

enum sf_err sf_node_acknowledge_told(struct sf_node *node, struct sf_diag *diag)
{
	enum sf_err err = SF_OK;
	for (const struct sf_node_followed *followed = node->followed; followed && !err;
		followed = followed->next) {
		struct sf_cached_transition *cached;
		err = sf_node_transition(node, followed->transition, &cached, diag);
		if (err)
			return err;
		struct sf_id messages[MUST_MAX];
		size_t count = sf_transition_must_acknowledge(
			cached->transition, node->options.party, messages, MUST_MAX);
		for (size_t i = 0; i < count && i < MUST_MAX && !err; i++)
			err = acknowledge_message(node, followed->transition, messages[i], diag);
	}
	return err;
}
