/* What becomes of the messages of this party: recorded, taken, answered, due to be sent again. */
#include "node/attachment.h"

#include "node/erase.h"
#include "node/response.h"
#include "node/rest.h"

struct find_sending {
	const struct sf_digest *digest;
	struct sf_node *node;
	struct sf_node_row_sending found;
	bool is_found;
};

static bool match_digest(void *context, const void *row)
{
	struct find_sending *find = context;
	const struct sf_node_row_sending *sending = row;
	if (!sf_digest_equal(&sending->digest, find->digest))
		return true;
	find->found = *sending;
	find->found.envelope = sf_arena_copy(&find->node->arena, sending->envelope);
	find->is_found = find->found.envelope.data != NULL;
	return false;
}

static enum sf_err own_cover(
	struct sf_node *node, struct sf_view bytes, struct sf_buf *buf, struct sf_diag *diag)
{
	struct sf_envelope envelope;
	enum sf_err err = sf_envelope_parse(bytes, &envelope, diag);
	if (err)
		return err;
	static const char label[] = "stafet/v1/sealed";
	const struct sf_view parts[] = {
		sf_view_of(label, sizeof(label)), envelope.slots_through_ciphertext};
	const struct sf_crypto *crypto = &node->ports.crypto;
	struct sf_digest sealed;
	crypto->hash(crypto->self, sf_view_of(NULL, 0), parts, SF_COUNT(parts), &sealed);
	return sf_cover_write(&envelope, &sealed, buf);
}

static enum sf_err follow_own_event(struct sf_node *node, const struct sf_node_row_outbox *outbox,
	struct sf_view cover, const struct sf_receipt *receipt,
	const struct sf_signed_receipt *proof, struct sf_diag *diag)
{
	bool erased;
	enum sf_err err = sf_node_is_erased(node, outbox->transition, &erased, diag);
	if (err || erased)
		return err; /* the answer to a letter that came too late (inbox.c) */
	const struct sf_node_row_event event = {
		.transition = outbox->transition,
		.sequence = (int64_t)receipt->sequence,
		.message_id = outbox->message_id,
		.author = node->options.party,
		.kind = outbox->kind,
		.kind_class = (int64_t)receipt->kind_class,
		.recorded_ms = receipt->recorded_ms,
		.outcome = (int64_t)receipt->outcome,
		.code = receipt->code,
		.cover = cover,
		.receipt = proof->receipt,
		.receipt_index = proof->index,
		.receipt_count = proof->count,
		.receipt_path = proof->path,
		.receipt_signature = proof->signature,
	};
	return sf_node_follow(node, &event, &receipt->digest, &receipt->r, diag);
}

/* Own events are not delivered back to their author: the receipt makes the replica follow. */
static enum sf_err follow_own(struct sf_node *node, const struct sf_node_row_outbox *outbox,
	const struct sf_node_row_sending *sending, const struct sf_receipt *receipt,
	const struct sf_signed_receipt *proof, struct sf_diag *diag)
{
	bool of_agreement =
		receipt->sequence == 0 && sf_kind_is_of_agreement((uint32_t)outbox->kind);
	if (receipt->sequence == 0 && !of_agreement)
		return SF_OK;
	struct sf_buf cover;
	sf_buf_init(&cover, SF_COVER_SIZE_MAX);
	enum sf_err err = own_cover(node, sending->envelope, &cover, diag);
	struct sf_message message;
	if (!err && of_agreement)
		err = sf_message_decode(outbox->message, &message, diag);
	const struct sf_node_statement statement = {&message, receipt, proof, sf_buf_view(&cover)};
	if (!err && of_agreement)
		err = sf_node_learn_statement(node, &statement, diag);
	else if (!err)
		err = follow_own_event(node, outbox, sf_buf_view(&cover), receipt, proof, diag);
	sf_buf_fini(&cover);
	return err;
}

static void tell_recorded(struct sf_node *node, const struct sf_node_row_outbox *outbox,
	const struct sf_receipt *receipt)
{
	struct sf_message message;
	if (sf_message_decode(outbox->message, &message, NULL))
		return;
	struct sf_feed_row row = sf_feed_message(SF_FEED_RECORDED, node->now_ms, &message);
	row.outcome = receipt->outcome;
	row.attempts = (uint32_t)outbox->sending;
	if (receipt->code)
		row.code = receipt->code;
	if (message.fact.kind != SF_KIND_ACKNOWLEDGEMENT)
		sf_feed_add(node->feed, &row);
}

enum sf_err sf_node_stored(struct sf_node *node, const struct sf_receipt *receipt,
	const struct sf_signed_receipt *proof, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	struct find_sending find = {.digest = &receipt->digest, .node = node};
	const struct sf_node_row_sending key = {.message_id = receipt->message_id};
	const struct sf_scan scan = {.table = &sf_node_table_sending,
		.index = SF_NODE_SENDING_BY_MESSAGE,
		.equal_count = 1,
		.from = &key};
	enum sf_err err = store->scan(store->self, &scan, match_digest, &find, diag);
	if (err || !find.is_found || find.found.open == 0)
		return err; /* a receipt that was given before */
	node->progress_ms = node->now_ms;
	size_t size = find.found.envelope.size;
	if (node->on_the_way > 0)
		node->on_the_way--;
	node->on_the_way_size -= size < node->on_the_way_size ? size : node->on_the_way_size;
	find.found.open = 0;
	err = store->replace(store->self, &sf_node_table_sending, &find.found, diag);
	struct sf_node_row_outbox row = {.message_id = receipt->message_id};
	if (!err)
		err = store->get(store->self, &sf_node_table_outbox, 0, &row, diag);
	if (err)
		return err;
	row.message = sf_arena_copy(&node->arena, row.message);
	row.salted_body = sf_arena_copy(&node->arena, row.salted_body);
	if (!row.message.data || !row.salted_body.data)
		return SF_ERR_LIMIT;
	if (row.recorded_sequence == 0 || row.outcome == SF_OUTCOME_REFUSED) {
		row.recorded_sequence = (int64_t)receipt->sequence;
		row.outcome = (int64_t)receipt->outcome;
		row.code = receipt->code;
	}
	node->counters.stored++;
	if (!err)
		tell_recorded(node, &row, receipt);
	node->counters.refused += receipt->outcome == SF_OUTCOME_REFUSED;
	err = store->replace(store->self, &sf_node_table_outbox, &row, diag);
	if (!err && receipt->outcome == SF_OUTCOME_REFUSED)
		err = sf_node_late_refused(node, row.message_id, diag);
	const struct sf_node_receipt kept = {receipt, proof, row.transition, true};
	if (!err)
		err = sf_node_keep_receipt(node, &kept, diag);
	return err ? err : follow_own(node, &row, &find.found, receipt, proof, diag);
}

static enum sf_err get_delivery(struct sf_node *node, struct sf_id message_id,
	struct sf_id recipient, struct sf_node_row_delivery *ret_row, struct sf_diag *diag)
{
	*ret_row = (struct sf_node_row_delivery){.message_id = message_id, .recipient = recipient};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->get(store->self, &sf_node_table_delivery, 0, ret_row, diag);
	if (err)
		return err;
	ret_row->errors = sf_arena_copy(&node->arena, ret_row->errors);
	return ret_row->errors.data ? SF_OK : SF_ERR_LIMIT;
}

/*
 * DOMAIN section 8: after transient-error a later ok or fatal-error wins; of equals the first
 * counts; ok and fatal-error never both.
 */
enum sf_err sf_node_acknowledged(struct sf_node *node, const struct sf_message *message,
	struct sf_view errors, struct sf_diag *diag)
{
	const struct sf_acknowledgement *fact = &message->fact.acknowledgement;
	const struct sf_store *store = sf_node_store(node);
	struct sf_node_row_outbox outbox = {.message_id = fact->message_id};
	enum sf_err err = store->get(store->self, &sf_node_table_outbox, 0, &outbox, diag);
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	if (!sf_id_equal(outbox.transition, message->transition) ||
		!sf_digest_equal(&outbox.content_id, &fact->content_id)) {
		sf_node_alarm(node);
		return SF_OK;
	}
	int64_t sending = outbox.sending;
	struct sf_node_row_delivery row;
	err = get_delivery(node, fact->message_id, message->author, &row, diag);
	if (err || row.open == 0)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	enum sf_delivery_state before = (enum sf_delivery_state)row.state;
	row.since_ms = node->now_ms;
	row.code = (int64_t)fact->code;
	row.acknowledged_by = message->id;
	sf_node_tell(node, SF_FEED_ACKNOWLEDGED, message);
	const struct sf_node_rest rest = {
		message->transition, SF_NODE_REST_ERRORS, fact->message_id};
	err = sf_node_seal_content(node, &rest, errors, &row.errors, diag);
	if (err)
		return err;
	row.due = 0;
	if (fact->ack == SF_ACK_TRANSIENT_ERROR) {
		bool again = sending < node->options.attempts_max;
		row.state = again ? SF_DELIVERY_WAITING : SF_DELIVERY_ASK_PERSON;
		row.due = again ? sf_node_connected_ms(node) + node->options.retry_ms : 0;
		sf_node_note_due(node, row.due);
	} else {
		row.state = fact->ack == SF_ACK_OK ? SF_DELIVERY_OK : SF_DELIVERY_FATAL_ERROR;
		row.open = 0;
		row.failed = fact->ack == SF_ACK_FATAL_ERROR;
		node->counters.acknowledged++;
	}
	err = store->replace(store->self, &sf_node_table_delivery, &row, diag);
	if (!err)
		err = sf_node_late_answer(node, before, &row, diag);
	return err ? err : sf_node_response_answered(node, &row, diag);
}

enum sf_err sf_node_notice(
	struct sf_node *node, const struct sf_notice *notice, struct sf_diag *diag)
{
	struct sf_node_row_delivery row;
	enum sf_err err = get_delivery(node, notice->message_id, notice->party, &row, diag);
	if (err || row.state != SF_DELIVERY_SENT)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	row.state = SF_DELIVERY_TAKEN;
	sf_node_tell_ids(node, SF_FEED_TAKEN, row.message_id, row.recipient, node->options.party);
	row.since_ms = node->now_ms;
	row.due = sf_node_connected_ms(node) + node->options.acknowledge_timeout_ms;
	sf_node_note_due(node, row.due);
	const struct sf_store *store = sf_node_store(node);
	return store->replace(store->self, &sf_node_table_delivery, &row, diag);
}

#define DUE_MOVE_MS SF_MINUTE_MS /* less is not written down: chunks come by the second */

/* Deliveries of one letter that wait for an answer. */
struct waiting {
	int64_t due;
	size_t count;
	struct sf_id recipients[SF_RECIPIENT_COUNT_MAX];
};

static bool add_waiting(void *context, const void *row)
{
	struct waiting *waiting = context;
	const struct sf_node_row_delivery *delivery = row;
	bool late = delivery->due > 0 && waiting->due - delivery->due >= DUE_MOVE_MS;
	if (delivery->state == SF_DELIVERY_TAKEN && late)
		waiting->recipients[waiting->count++] = delivery->recipient;
	return waiting->count < SF_COUNT(waiting->recipients);
}

enum sf_err sf_node_deliveries_go_on(
	struct sf_node *node, struct sf_id message_id, struct sf_diag *diag)
{
	struct waiting waiting = {
		.due = sf_node_connected_ms(node) + node->options.acknowledge_timeout_ms};
	const struct sf_node_row_delivery key = {.message_id = message_id};
	const struct sf_scan scan = {
		.table = &sf_node_table_delivery, .equal_count = 1, .from = &key};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, add_waiting, &waiting, diag);
	for (size_t i = 0; i < waiting.count && !err; i++) {
		struct sf_node_row_delivery row;
		err = get_delivery(node, message_id, waiting.recipients[i], &row, diag);
		row.due = waiting.due;
		if (!err)
			err = store->replace(store->self, &sf_node_table_delivery, &row, diag);
	}
	return err;
}

/*
 * Chunks of this letter wait behind those of another, which go on: so long it is not late either.
 * One object goes at a time.
 */
static enum sf_err waits_its_turn(struct sf_node *node, const struct sf_node_row_outbox *outbox,
	bool *ret_waits, struct sf_diag *diag)
{
	int64_t until = node->chunks_went_ms + node->options.acknowledge_timeout_ms;
	*ret_waits = false;
	if (node->chunks_went_ms == 0 || until <= sf_node_connected_ms(node))
		return SF_OK;
	struct sf_message message;
	enum sf_err err = sf_message_decode(outbox->message, &message, diag);
	return err ? err : sf_node_waits_to_send(node, &message, ret_waits, diag);
}

#define DUE_COUNT_MAX 64 /* a turn; a storm is worked off without delaying messages */

struct due {
	struct sf_node *node;
	int64_t connected_ms;
	size_t count;
	struct sf_node_row_delivery rows[DUE_COUNT_MAX];
	bool short_of_memory;
};

static bool add_due(void *context, const void *row)
{
	struct due *due = context;
	const struct sf_node_row_delivery *delivery = row;
	if (delivery->due > due->connected_ms || due->count == DUE_COUNT_MAX) {
		sf_node_note_due(due->node, delivery->due);
		return false;
	}
	due->rows[due->count] = *delivery;
	due->rows[due->count].errors = sf_arena_copy(&due->node->arena, delivery->errors);
	due->short_of_memory = !due->rows[due->count++].errors.data;
	return !due->short_of_memory;
}

/* One new envelope serves all recipients who have not answered finally. */
static enum sf_err send_again(
	struct sf_node *node, struct sf_node_row_delivery *row, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	struct sf_node_row_outbox outbox = {.message_id = row->message_id};
	enum sf_err err = store->get(store->self, &sf_node_table_outbox, 0, &outbox, diag);
	if (err)
		return err;
	bool waits = false;
	if (row->state == SF_DELIVERY_TAKEN)
		err = waits_its_turn(node, &outbox, &waits, diag);
	if (!err && waits) {
		row->due = node->chunks_went_ms + node->options.acknowledge_timeout_ms;
		sf_node_note_due(node, row->due);
		return store->replace(store->self, &sf_node_table_delivery, row, diag);
	}
	if (err)
		return err;
	bool again = outbox.sending < node->options.attempts_max;
	enum sf_delivery_state before = (enum sf_delivery_state)row->state;
	row->state = again ? SF_DELIVERY_SENT : SF_DELIVERY_ASK_PERSON;
	row->since_ms = node->now_ms;
	row->due = 0;
	err = store->replace(store->self, &sf_node_table_delivery, row, diag);
	if (!err)
		err = sf_node_late_answer(node, before, row, diag);
	if (!err)
		err = sf_node_response_answered(node, row, diag);
	return err || !again ? err : sf_node_resend(node, row->message_id, diag);
}

void sf_node_note_due(struct sf_node *node, int64_t due_ms)
{
	if (due_ms > 0 && due_ms < node->resend_due_ms)
		node->resend_due_ms = due_ms;
}

enum sf_err sf_node_due(struct sf_node *node, struct sf_diag *diag)
{
	if (sf_node_connected_ms(node) < node->resend_due_ms)
		return SF_OK;
	node->resend_due_ms = INT64_MAX;
	struct due *due = sf_arena_take(&node->arena, sizeof(*due));
	if (!due)
		return SF_ERR_LIMIT;
	due->node = node;
	due->connected_ms = sf_node_connected_ms(node);
	const struct sf_scan scan = {
		.table = &sf_node_table_delivery, .index = SF_NODE_DELIVERY_DUE};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, add_due, due, diag);
	if (!err && due->short_of_memory)
		err = SF_ERR_LIMIT;
	for (size_t i = 0; i < due->count && !err; i++)
		err = send_again(node, &due->rows[i], diag);
	return err;
}
