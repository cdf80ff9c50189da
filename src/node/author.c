/* A message becomes durable, with its sending: said for the first time, in a new envelope, or
 * again. */
#include "node/attachment.h"

#include "node/bodies.h"
#include "node/rest.h"

#include <string.h>

void sf_node_content_id(
	const struct sf_node *node, struct sf_view message, struct sf_digest *ret_digest)
{
	static const char label[] = "stafet/v1/content";
	const struct sf_view parts[] = {sf_view_of(label, sizeof(label)), message};
	const struct sf_crypto *crypto = &node->ports.crypto;
	crypto->hash(crypto->self, sf_view_of(NULL, 0), parts, SF_COUNT(parts), ret_digest);
}

static enum sf_err add_outgoing(struct sf_node *node, const struct sf_message *message,
	struct sf_view message_bytes, struct sf_view salted_body, struct sf_id *ret_envelope_id)
{
	struct sf_outgoing *outgoing = sf_arena_take(&node->arena, sizeof(*outgoing));
	if (!outgoing)
		return SF_ERR_LIMIT;
	*outgoing = (struct sf_outgoing){
		.message_id = message->id,
		.message = message_bytes,
		.salted_body = salted_body,
		.recipient_count = salted_body.size > 0 ? message->recipient_count : 0,
		.attachments = salted_body.size > 0 && message->attachment_count > 0,
		.never_expires = message->fact.kind == SF_KIND_ACKNOWLEDGEMENT,
	};
	memcpy(outgoing->recipients, message->recipients, sizeof(outgoing->recipients));
	*node->outgoing_last = outgoing;
	node->outgoing_last = &outgoing->next;
	node->outgoing_count++;
	/* The caller stores the id before it is sealed, so it is drawn here. */
	uint8_t chance[10];
	node->ports.env.random(node->ports.env.self, chance, sizeof(chance));
	outgoing->envelope_id = sf_id_timed(node->now_ms, chance);
	if (ret_envelope_id)
		*ret_envelope_id = outgoing->envelope_id;
	return SF_OK;
}

/* salt || Body in the turn's arena, and the commitment to it. */
static enum sf_err write_body(struct sf_node *node, struct sf_message *message,
	struct sf_body *body, struct sf_view *ret_salted)
{
	body->author = message->author;
	body->recipient_count = message->recipient_count;
	memcpy(body->recipients, message->recipients, sizeof(body->recipients));
	body->transition = message->transition;
	body->message_id = message->id;
	struct sf_buf salted;
	sf_buf_init(&salted, SF_SALTED_BODY_SIZE_MAX);
	uint8_t *salt;
	enum sf_err err = sf_buf_extend(&salted, SF_NODE_SALT_SIZE, &salt);
	if (!err) {
		node->ports.env.random(node->ports.env.self, salt, SF_NODE_SALT_SIZE);
		err = sf_body_encode(body, &salted);
	}
	struct sf_view copy = sf_view_of(NULL, 0);
	if (!err)
		copy = sf_arena_copy(&node->arena, sf_buf_view(&salted));
	sf_buf_fini(&salted);
	if (err)
		return err;
	if (!copy.data)
		return SF_ERR_LIMIT;
	const struct sf_crypto *crypto = &node->ports.crypto;
	crypto->body_commitment(crypto->self, copy.data,
		sf_view_of(copy.data + SF_NODE_SALT_SIZE, copy.size - SF_NODE_SALT_SIZE),
		&message->body_commitment);
	*ret_salted = copy;
	return SF_OK;
}

static enum sf_err complete_message(
	struct sf_node *node, struct sf_message *message, struct sf_diag *diag)
{
	message->format = 1;
	message->author = node->options.party;
	if (message->created_ms == 0)
		message->created_ms = node->now_ms;
	if (message->fact.kind != SF_KIND_ACKNOWLEDGEMENT)
		message->author_sequence =
			(uint64_t)sf_node_next(node, SF_NODE_COUNTER_AUTHOR_SEQUENCE);
	if (sf_id_is_none(message->transition))
		return SF_OK;
	struct sf_cached_transition *cached;
	enum sf_err err = sf_node_transition(node, message->transition, &cached, diag);
	if (err)
		return err;
	message->seen_sequence = sf_transition_sequence(cached->transition);
	message->seen_head = cached->head;
	return SF_OK;
}

static enum sf_err save_deliveries(
	struct sf_node *node, const struct sf_message *message, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < message->recipient_count && !err; i++) {
		const struct sf_node_row_delivery row = {
			.message_id = message->id,
			.recipient = message->recipients[i],
			.state = SF_DELIVERY_SENT,
			.open = 1,
			.since_ms = node->now_ms,
		};
		err = store->insert(store->self, &sf_node_table_delivery, &row, diag);
	}
	return err;
}

enum sf_err sf_node_author(struct sf_node *node, struct sf_message *message, struct sf_body *body,
	struct sf_id *ret_envelope_id, struct sf_diag *diag)
{
	enum sf_err err = complete_message(node, message, diag);
	struct sf_view salted = sf_view_of(NULL, 0);
	if (!err && body)
		err = write_body(node, message, body, &salted);
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_HEADER_SIZE_MAX);
	if (!err)
		err = sf_message_encode(message, &bytes);
	struct sf_view kept = sf_view_of(NULL, 0);
	if (!err)
		kept = sf_arena_copy(&node->arena, sf_buf_view(&bytes));
	sf_buf_fini(&bytes);
	if (err)
		return err;
	if (!kept.data)
		return SF_ERR_LIMIT;
	struct sf_node_row_outbox row = {
		.message_id = message->id,
		.transition = message->transition,
		.kind = (int64_t)message->fact.kind,
		.author_sequence = (int64_t)message->author_sequence,
		.message = kept,
		.salted_body = salted,
		.created_ms = node->now_ms,
		.sending = 1,
	};
	sf_node_content_id(node, kept, &row.content_id);
	const struct sf_node_rest rest = {message->transition, SF_NODE_REST_OUTBOX, message->id};
	err = sf_node_seal_content(node, &rest, salted, &row.salted_body, diag);
	const struct sf_store *store = sf_node_store(node);
	if (!err)
		err = store->insert(store->self, &sf_node_table_outbox, &row, diag);
	bool letter = salted.size > 0 && message->fact.kind != SF_KIND_ACKNOWLEDGEMENT;
	if (!err && letter)
		err = save_deliveries(node, message, diag);
	if (letter)
		sf_node_late_note(node);
	node->counters.sent++;
	if (message->fact.kind != SF_KIND_ACKNOWLEDGEMENT)
		sf_node_tell(node, SF_FEED_ACCEPTED, message);
	return err ? err : add_outgoing(node, message, kept, salted, ret_envelope_id);
}

enum sf_err sf_node_resend(struct sf_node *node, struct sf_id message_id, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	struct sf_node_row_outbox row = {.message_id = message_id};
	enum sf_err err = store->get(store->self, &sf_node_table_outbox, 0, &row, diag);
	if (err)
		return err;
	row.message = sf_arena_copy(&node->arena, row.message);
	row.salted_body = sf_arena_copy(&node->arena, row.salted_body);
	if (!row.message.data || !row.salted_body.data)
		return SF_ERR_LIMIT;
	struct sf_message message;
	err = sf_message_decode(row.message, &message, diag);
	row.sending++;
	if (!err)
		err = sf_node_mend_attachments(node, &message, diag);
	if (!err)
		err = store->replace(store->self, &sf_node_table_outbox, &row, diag);
	const struct sf_node_rest rest = {row.transition, SF_NODE_REST_OUTBOX, message_id};
	struct sf_view salted;
	if (!err)
		err = sf_node_open_content(
			node, &rest, row.salted_body, &node->arena, &salted, diag);
	node->counters.resent++;
	if (!err)
		sf_node_tell(node, SF_FEED_RESENT, &message);
	return err ? err : add_outgoing(node, &message, row.message, salted, NULL);
}

/*
 * An answer that came before its letter, after a lost tail, is decided anew in a new envelope (WIRE
 * section 7.7); the same bytes would get the same receipt.
 */
static enum sf_err was_refused(
	struct sf_node *node, struct sf_id message_id, bool *ret_refused, struct sf_diag *diag)
{
	struct sf_node_row_outbox row = {.message_id = message_id};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->get(store->self, &sf_node_table_outbox, 0, &row, diag);
	*ret_refused = !err && row.outcome == SF_OUTCOME_REFUSED &&
		       row.sending < node->options.attempts_max;
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

enum sf_err sf_node_repeat(struct sf_node *node, struct sf_id envelope_id, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	struct sf_node_row_sending row = {.envelope_id = envelope_id};
	enum sf_err err = store->get(store->self, &sf_node_table_sending, 0, &row, diag);
	if (err == SF_ERR_NOT_FOUND)
		return SF_OK; /* still being sealed in this very turn: it goes out anyway */
	if (err || row.open)
		return err;
	row.envelope = sf_arena_copy(&node->arena, row.envelope);
	if (!row.envelope.data)
		return SF_ERR_LIMIT;
	bool refused;
	err = was_refused(node, row.message_id, &refused, diag);
	if (err || refused)
		return err ? err : sf_node_resend(node, row.message_id, diag);
	row.position = row.open = sf_node_next(node, SF_NODE_COUNTER_OUTBOX);
	node->more_to_submit = true;
	return store->replace(store->self, &sf_node_table_sending, &row, diag);
}
