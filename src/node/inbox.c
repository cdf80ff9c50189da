#include "node/attachment.h"

#include <string.h>

#include "node/bodies.h"
#include "node/erase.h"
#include "node/naming.h"
#include "node/no_case.h"
#include "node/rest.h"

static enum sf_err note_taken(struct sf_node *node, uint64_t position)
{
	if (node->position_count == node->position_capacity) {
		size_t capacity = node->position_capacity ? 2 * node->position_capacity : 256;
		uint64_t *grown = sf_arena_take_many(&node->arena, capacity, sizeof(*grown));
		if (!grown)
			return SF_ERR_LIMIT;
		if (node->position_count > 0)
			memcpy(grown, node->positions, node->position_count * sizeof(*grown));
		node->positions = grown;
		node->position_capacity = capacity;
	}
	node->positions[node->position_count++] = position;
	return SF_OK;
}

/* The event as this replica keeps it: cover, receipt and the plain names. */
static enum sf_err follow_item(
	struct sf_node *node, const struct sf_node_item *item, struct sf_diag *diag)
{
	const struct sf_message *message = &item->header.message;
	const struct sf_signed_receipt *proof = &item->item->receipt;
	if (item->receipt.sequence == 0 || sf_id_is_none(message->transition))
		return SF_OK;
	struct sf_buf cover;
	sf_buf_init(&cover, SF_COVER_SIZE_MAX);
	enum sf_err err = sf_node_item_cover(item, &cover);
	const struct sf_node_row_event event = {
		.transition = message->transition,
		.sequence = (int64_t)item->receipt.sequence,
		.message_id = message->id,
		.author = message->author,
		.kind = (int64_t)message->fact.kind,
		.kind_class = (int64_t)item->receipt.kind_class,
		.recorded_ms = item->receipt.recorded_ms,
		.outcome = (int64_t)item->receipt.outcome,
		.code = item->receipt.code,
		.cover = sf_buf_view(&cover),
		.receipt = proof->receipt,
		.receipt_index = proof->index,
		.receipt_count = proof->count,
		.receipt_path = proof->path,
		.receipt_signature = proof->signature,
	};
	if (!err)
		err = sf_node_follow(node, &event, &item->names.digest, &item->receipt.r, diag);
	sf_buf_fini(&cover);
	return err;
}

/* Issue texts travel sealed to the author alone. */
static void write_errors(const struct sf_node_item *item, struct sf_body *body)
{
	for (size_t i = 0; i < item->issues.count && i < SF_BODY_ERRORS_MAX; i++) {
		const struct sf_issue *issue = &item->issues.items[i];
		body->errors[body->error_count++] =
			(struct sf_body_error){issue->code, issue->expression, issue->text};
	}
}

/* opened: the answer is bound to the body that was read. body: texts of errors, or NULL. */
static enum sf_err answer(struct sf_node *node, const struct sf_message *received,
	const struct sf_acknowledgement *said, bool opened, struct sf_body *body,
	struct sf_id *ret_envelope_id, struct sf_diag *diag)
{
	uint8_t chance[10];
	node->ports.env.random(node->ports.env.self, chance, sizeof(chance));
	struct sf_message message = {
		.id = sf_id_timed(node->now_ms, chance),
		.transition = received->transition,
		.recipient_count = 1,
		.recipients = {received->author},
		.occurred_ms = node->now_ms,
		.in_reply_to = received->id,
		.fact = {.kind = SF_KIND_ACKNOWLEDGEMENT, .acknowledgement = *said},
	};
	message.fact.acknowledgement.message_id = received->id;
	if (opened)
		message.fact.acknowledgement.body_commitment = received->body_commitment;
	bool sealed = body && body->error_count > 0 &&
		      sf_directory_sealing_key(node->directory, received->author, node->now_ms);
	return sf_node_author(node, &message, sealed ? body : NULL, ret_envelope_id, diag);
}

static enum sf_err acknowledge(struct sf_node *node, const struct sf_node_item *item,
	const struct sf_digest *content_id, enum sf_ack ack, enum sf_ack_code code,
	struct sf_id *ret_envelope_id, struct sf_diag *diag)
{
	const struct sf_acknowledgement said = {
		.content_id = *content_id, .ack = ack, .code = (uint32_t)code};
	struct sf_body body = {0};
	if (ack != SF_ACK_OK)
		write_errors(item, &body);
	return answer(node, &item->header.message, &said, item->opened.stage == SF_OPEN_GOOD, &body,
		ret_envelope_id, diag);
}

static enum sf_err quarantine(struct sf_node *node, const struct sf_node_item *item,
	enum sf_ack_code code, struct sf_diag *diag)
{
	const struct sf_node_row_quarantine row = {
		.position = sf_node_next(node, SF_NODE_COUNTER_QUARANTINE),
		.author = item->header.message.author,
		.message_id = item->header.message.id,
		.code = (int64_t)code,
		.received_ms = node->now_ms,
		.envelope = item->item->envelope,
	};
	node->counters.quarantined++;
	sf_node_tell(node, SF_FEED_QUARANTINED, &item->header.message);
	const struct sf_store *store = sf_node_store(node);
	return store->insert(store->self, &sf_node_table_quarantine, &row, diag);
}

static struct sf_view body_bytes(const struct sf_node_item *item)
{
	struct sf_view salted = sf_buf_view(&item->opened.salted_body);
	return salted.size > 32 ? sf_view_of(salted.data + 32, salted.size - 32)
				: sf_view_of(NULL, 0);
}

/*
 * It was shown when it came first: it keeps its place, and stays handled when somebody has taken it
 * over. Of a sending that cannot be opened what was shown stays: somebody has read it. Refused, it
 * is no work of the inbox any more, and nobody could take it over there.
 */
static void keep_shown(const struct sf_node_row_inbox *before, struct sf_node_row_inbox *row)
{
	row->position = before->position;
	row->received_ms = before->received_ms;
	row->unhandled = row->state == SF_NODE_INBOX_FATAL ? 0 : before->unhandled;
	if (row->state == SF_NODE_INBOX_OK)
		return;
	row->body = before->body;
	/* What is judged when it comes again is what is shown. */
	if (row->state == SF_NODE_INBOX_TRANSIENT)
		row->content_id = before->content_id;
}

/* before: of an earlier sending, its body in the turn's arena; zeroed when there was none. */
static enum sf_err keep_letter(struct sf_node *node, const struct sf_node_item *item,
	const struct sf_digest *content_id, const struct sf_node_row_inbox *before,
	struct sf_diag *diag)
{
	const struct sf_message *message = &item->header.message;
	bool ok = item->ack == SF_ACK_OK;
	int64_t position = sf_node_next(node, SF_NODE_COUNTER_INBOX);
	struct sf_node_row_inbox row = {
		.author = message->author,
		.message_id = message->id,
		.position = position,
		.transition = message->transition,
		.sequence = (int64_t)item->receipt.sequence,
		.kind = (int64_t)message->fact.kind,
		.content_id = *content_id,
		.recorded_ms = item->receipt.recorded_ms,
		.received_ms = node->now_ms,
		.state = ok                                    ? SF_NODE_INBOX_OK
			 : item->ack == SF_ACK_TRANSIENT_ERROR ? SF_NODE_INBOX_TRANSIENT
							       : SF_NODE_INBOX_FATAL,
		.code = (int64_t)item->ack_code,
		.unhandled = ok ? position : 0,
	};
	const struct sf_node_rest rest = {message->transition, SF_NODE_REST_INBOX, message->id};
	enum sf_err err = sf_node_seal_content(
		node, &rest, ok ? body_bytes(item) : sf_view_of(NULL, 0), &row.body, diag);
	if (err)
		return err;
	/* Another text under the same id has been read by nobody yet. */
	bool shown =
		before->body.size > 0 && (!ok || sf_digest_equal(&before->content_id, content_id));
	if (shown)
		keep_shown(before, &row);
	/* With attachments the answer is for all of it: when they are here (section 1). */
	bool later = ok && message->attachment_count > 0;
	err = later ? sf_node_expect_attachments(node, item, diag)
		    : acknowledge(node, item, content_id, item->ack, item->ack_code,
			      &row.acknowledgement, diag);
	if (!err && item->ack == SF_ACK_FATAL_ERROR)
		err = quarantine(node, item, item->ack_code, diag);
	const struct sf_store *store = sf_node_store(node);
	if (!err)
		err = store->replace(store->self, &sf_node_table_inbox, &row, diag);
	if (!err && ok)
		err = sf_node_keep_patient(node, item->body.cpr, message->transition, diag);
	if (!err && ok && item->document_read)
		err = sf_node_keep_names(node, message, &item->document, diag);
	node->counters.received += ok && !shown;
	if (!err && ok && !shown)
		sf_node_tell(node, SF_FEED_RECEIVED, message);
	return err;
}

/*
 * A received letter whose attachments were waited for. SF_ERR_NOT_FOUND: it was erased; or it was
 * recorded in a tail that was lost, and what is here of it is looked at when it comes again.
 */
static enum sf_err get_waiting(struct sf_node *node, struct sf_node_row_inbox *row,
	struct sf_message *ret_message, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->get(store->self, &sf_node_table_inbox, 0, row, diag);
	if (!err && (row->state != SF_NODE_INBOX_OK || !sf_id_is_none(row->acknowledgement)))
		err = SF_ERR_NOT_FOUND;
	if (err)
		return err;
	row->body = sf_arena_copy(&node->arena, row->body);
	if (!row->body.data)
		return SF_ERR_LIMIT;
	struct sf_node_row_event event;
	struct sf_cover cover;
	struct sf_header header;
	err = sf_node_event_of(node, row->author, row->message_id, &event, diag);
	if (!err)
		err = sf_cover_parse(event.cover, &cover, diag);
	if (!err)
		err = sf_header_decode(cover.header, &header, diag);
	if (!err)
		*ret_message = header.message;
	return err == SF_ERR_FORMAT ? SF_ERR_CORRUPT : err;
}

enum sf_err sf_node_letter_whole(
	struct sf_node *node, struct sf_id author, struct sf_id message_id, struct sf_diag *diag)
{
	struct sf_node_row_inbox row = {.author = author, .message_id = message_id};
	struct sf_message message;
	enum sf_err err = get_waiting(node, &row, &message, diag);
	for (size_t i = 0; !err && i < message.attachment_count; i++) {
		struct sf_node_row_attachment each = {
			.author = author, .message_id = message_id, .number = (int64_t)i};
		err = sf_node_attachment_get(node, &each, diag);
		if (!err && each.state != SF_NODE_ATTACHMENT_WHOLE)
			return SF_OK;
	}
	const struct sf_acknowledgement said = {.content_id = row.content_id, .ack = SF_ACK_OK};
	if (!err)
		err = answer(node, &message, &said, true, NULL, &row.acknowledgement, diag);
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	const struct sf_store *store = sf_node_store(node);
	err = store->replace(store->self, &sf_node_table_inbox, &row, diag);
	/* Its content was deleted meanwhile (no_case.h): so is what went with it. */
	if (!err && row.body.size == 0)
		return sf_node_drop_attachments(node, author, message_id, diag);
	sf_node_tell(node, SF_FEED_ATTACHED, &message);
	return err;
}

/*
 * What came is not what its author signed, or not all of it: nothing of it can be had, and the
 * letter says that it is missing. Another that is whole is what was signed: somebody may have read
 * it.
 */
static enum sf_err end_attachments(struct sf_node *node, const struct sf_node_row_inbox *row,
	const struct sf_message *message, struct sf_diag *diag)
{
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < message->attachment_count && !err; i++) {
		struct sf_node_row_attachment each = {
			.author = message->author, .message_id = message->id, .number = (int64_t)i};
		err = sf_node_attachment_get(node, &each, diag);
		if (err || each.state == SF_NODE_ATTACHMENT_WHOLE)
			continue;
		err = sf_node_chunks_remove(node, &each, diag);
		each.state = SF_NODE_ATTACHMENT_BROKEN;
		each.open = 0;
		if (!err)
			err = sf_node_attachment_put(node, &each, diag);
	}
	/* Its content was deleted meanwhile (no_case.h): so is what went with it. */
	return err || row->body.size > 0
		       ? err
		       : sf_node_drop_attachments(node, message->author, message->id, diag);
}

/* A person sees it here, too. */
static enum sf_err quarantine_kept(
	struct sf_node *node, const struct sf_message *message, struct sf_diag *diag)
{
	const struct sf_node_row_quarantine kept = {
		.position = sf_node_next(node, SF_NODE_COUNTER_QUARANTINE),
		.author = message->author,
		.message_id = message->id,
		.code = SF_ACK_CODE_ATTACHMENT,
		.received_ms = node->now_ms,
	};
	node->counters.quarantined++;
	sf_node_tell(node, SF_FEED_QUARANTINED, message);
	const struct sf_store *store = sf_node_store(node);
	return store->insert(store->self, &sf_node_table_quarantine, &kept, diag);
}

/*
 * ack: fatal-error or transient-error. The letter itself is what its author signed, and was shown
 * from when it came: what a clinician has read, and perhaps acted on, stays as it was. Refused, it
 * is no work of the inbox any more; a person finds it in quarantine.
 */
static enum sf_err end_waiting(struct sf_node *node, struct sf_node_row_inbox *row,
	const struct sf_message *message, enum sf_ack ack, struct sf_diag *diag)
{
	const struct sf_acknowledgement said = {
		.content_id = row->content_id, .ack = ack, .code = SF_ACK_CODE_ATTACHMENT};
	enum sf_err err = answer(node, message, &said, true, NULL, &row->acknowledgement, diag);
	row->state = ack == SF_ACK_FATAL_ERROR ? SF_NODE_INBOX_FATAL : SF_NODE_INBOX_TRANSIENT;
	row->code = SF_ACK_CODE_ATTACHMENT;
	if (ack == SF_ACK_FATAL_ERROR)
		row->unhandled = 0;
	const struct sf_store *store = sf_node_store(node);
	return err ? err : store->replace(store->self, &sf_node_table_inbox, row, diag);
}

enum sf_err sf_node_letter_broken(
	struct sf_node *node, struct sf_id author, struct sf_id message_id, struct sf_diag *diag)
{
	struct sf_node_row_inbox row = {.author = author, .message_id = message_id};
	struct sf_message message;
	enum sf_err err = get_waiting(node, &row, &message, diag);
	if (!err)
		err = end_attachments(node, &row, &message, diag);
	if (!err)
		err = end_waiting(node, &row, &message, SF_ACK_FATAL_ERROR, diag);
	if (!err)
		err = quarantine_kept(node, &message, diag);
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

enum sf_err sf_node_letter_waits_again(
	struct sf_node *node, struct sf_id author, struct sf_id message_id, struct sf_diag *diag)
{
	struct sf_node_row_inbox row = {.author = author, .message_id = message_id};
	struct sf_message message;
	enum sf_err err = get_waiting(node, &row, &message, diag);
	/* Its content was deleted meanwhile (no_case.h): it shall not come again. */
	if (!err && row.body.size == 0)
		return sf_node_letter_broken(node, author, message_id, diag);
	if (!err)
		err = end_attachments(node, &row, &message, diag);
	if (!err)
		err = end_waiting(node, &row, &message, SF_ACK_TRANSIENT_ERROR, diag);
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

/* ok and fatal-error are never both said (DOMAIN section 8): nothing is answered. */
enum sf_err sf_node_letter_incomplete(
	struct sf_node *node, struct sf_id author, struct sf_id message_id, struct sf_diag *diag)
{
	struct sf_node_row_inbox row = {.author = author, .message_id = message_id};
	struct sf_message message;
	enum sf_err err = get_waiting(node, &row, &message, diag);
	if (!err)
		err = end_attachments(node, &row, &message, diag);
	if (!err)
		err = quarantine_kept(node, &message, diag);
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

/* DOMAIN section 8: dedupe is against messages answered ok or fatal-error only. */
static enum sf_err receive_letter(
	struct sf_node *node, const struct sf_node_item *item, struct sf_diag *diag)
{
	const struct sf_message *message = &item->header.message;
	struct sf_digest content_id;
	sf_node_content_id(node, item->header.message_bytes, &content_id);
	const struct sf_store *store = sf_node_store(node);
	struct sf_node_row_inbox known = {.author = message->author, .message_id = message->id};
	enum sf_err err = store->get(store->self, &sf_node_table_inbox, 0, &known, diag);
	if (err && err != SF_ERR_NOT_FOUND)
		return err;
	bool answered = !err && known.state != SF_NODE_INBOX_TRANSIENT;
	if (!answered) {
		known.body = sf_arena_copy(&node->arena, known.body);
		return known.body.data ? keep_letter(node, item, &content_id, &known, diag)
				       : SF_ERR_LIMIT;
	}
	node->counters.duplicates++;
	sf_node_tell(node, SF_FEED_DUPLICATE, message);
	bool same = sf_digest_equal(&known.content_id, &content_id);
	if (same && sf_id_is_none(known.acknowledgement))
		return sf_node_letter_whole(node, known.author, known.message_id, diag);
	if (same)
		return sf_node_repeat(node, known.acknowledgement, diag);
	err = quarantine(node, item, SF_ACK_CODE_CONFLICT, diag);
	return err ? err
		   : acknowledge(node, item, &content_id, SF_ACK_FATAL_ERROR, SF_ACK_CODE_CONFLICT,
			     NULL, diag);
}

/*
 * This party has erased the transition, and others go on in it: nothing of it is kept here again,
 * but whoever sends a letter must hear that nobody will read it. Once: a tombstone stays.
 */
static enum sf_err refuse_erased(
	struct sf_node *node, const struct sf_node_item *item, struct sf_diag *diag)
{
	const struct sf_message *message = &item->header.message;
	bool letter = item->addressed && message->fact.kind != SF_KIND_ACKNOWLEDGEMENT;
	struct sf_node_row_inbox row = {.author = message->author, .message_id = message->id};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err =
		letter ? store->get(store->self, &sf_node_table_inbox, 0, &row, diag) : SF_OK;
	if (err != SF_ERR_NOT_FOUND)
		return err;
	const struct sf_node_row_inbox tombstone = {
		.author = message->author,
		.message_id = message->id,
		.position = sf_node_next(node, SF_NODE_COUNTER_INBOX),
		.received_ms = node->now_ms,
		.state = SF_NODE_INBOX_ERASED,
	};
	struct sf_digest content_id;
	sf_node_content_id(node, item->header.message_bytes, &content_id);
	err = store->insert(store->self, &sf_node_table_inbox, &tombstone, diag);
	return err ? err
		   : acknowledge(node, item, &content_id, SF_ACK_FATAL_ERROR, SF_ACK_CODE_RECEIVER,
			     NULL, diag);
}

static enum sf_err receive_acknowledgement(
	struct sf_node *node, const struct sf_node_item *item, struct sf_diag *diag)
{
	/* Texts of an error are sealed to us; an answer whose texts cannot be opened still counts.
	 */
	struct sf_view errors =
		item->addressed && item->ack == SF_ACK_OK ? body_bytes(item) : sf_view_of(NULL, 0);
	return sf_node_acknowledged(node, &item->header.message, errors, diag);
}

/* One question for a whole queue of unknown authors; again only when the answer must be lost. */
enum sf_err sf_node_ask_directory(struct sf_node *node)
{
	if (node->restart_wanted && node->now_ms - node->query_ms < node->options.hello_timeout_ms)
		return SF_OK;
	node->restart_wanted = true;
	node->query_ms = node->now_ms;
	const struct sf_frame query = {.kind = SF_FRAME_QUERY,
		.directory_from = sf_directory_version(node->directory) + 1,
		.want_agreements = true};
	return sf_node_say(node, &query);
}

/*
 * WIRE section 7.2: an author this snapshot does not know is not answered `taken`; the directory is
 * asked for, and the queue starts over once it has come. Unknown to the newest directory too, or
 * not authentic: dropped, and taken, because the same bytes would come for ever and in the end fill
 * what may be on the way to us.
 */
static enum sf_err drop(struct sf_node *node, const struct sf_node_item *item)
{
	/* Before the hello is answered nobody knows what is newest; the answer starts the queue. */
	if (item->verified == SF_ERR_KEY_UNKNOWN && !node->greeted)
		return SF_OK;
	if (item->verified == SF_ERR_KEY_UNKNOWN &&
		sf_directory_version(node->directory) < node->coordinator_directory)
		return sf_node_ask_directory(node);
	node->counters.dropped++;
	sf_node_tell_ids(
		node, SF_FEED_DROPPED, (struct sf_id){{0}}, item->key_owner, node->options.party);
	sf_node_alarm(node);
	return item->verified == SF_ERR_MEMORY ? SF_OK : note_taken(node, item->item->position);
}

enum sf_err sf_node_deliver(struct sf_node *node, struct sf_node_item *item, struct sf_diag *diag)
{
	if (item->verified == SF_ERR_KEY_UNKNOWN && node->directory_changed)
		sf_node_item_check_again(node, item);
	if (item->verified)
		return drop(node, item);
	bool erased = false;
	enum sf_err err = sf_node_is_erased(node, item->header.message.transition, &erased, diag);
	if (!err)
		err = sf_node_gossip(node, item, diag);
	if (!err && erased)
		err = refuse_erased(node, item, diag);
	if (err || erased)
		return err ? err : note_taken(node, item->item->position);
	const struct sf_node_receipt kept = {
		&item->receipt, &item->item->receipt, item->header.message.transition, false};
	err = sf_node_keep_receipt(node, &kept, diag);
	if (!err)
		err = item->receipt.kind_class == SF_CLASS_STATEMENT
			      ? sf_node_hear_statement(node, item, diag)
			      : follow_item(node, item, diag);
	bool effective = item->receipt.outcome != SF_OUTCOME_REFUSED;
	bool is_ack = item->header.message.fact.kind == SF_KIND_ACKNOWLEDGEMENT;
	if (!err && is_ack && effective &&
		sf_message_is_to(&item->header.message, node->options.party))
		err = receive_acknowledgement(node, item, diag);
	else if (!err && !is_ack && item->addressed)
		err = receive_letter(node, item, diag);
	if (!err && !is_ack && effective)
		err = sf_node_say_refused(node, item->header.message.transition, diag);
	return err ? err : note_taken(node, item->item->position);
}
