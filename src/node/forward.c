/*
 * R4 (DOMAIN.md section 5): the hospital that binds another municipality seals to it. What the new
 * one must have, to know whom it is asked about, is the newest notification of the stay: it goes to
 * it as a correspondence, content and contact unchanged. One that nobody could receive was sealed
 * for nobody: it is made from the letter as the clinical system handed it in.
 */
#include "node/service.h"
#include "node/state.h"

#include "node/bodies.h"
#include "node/rest.h"

struct newest {
	struct sf_id author;
	struct sf_id message; /* none: nothing was notified */
};

static bool keep_newest(void *context, const void *row)
{
	struct newest *newest = context;
	const struct sf_node_row_event *event = row;
	if (event->kind_class != SF_CLASS_FACT || event->kind != SF_KIND_STAY ||
		event->outcome == SF_OUTCOME_REFUSED || !sf_id_equal(event->author, newest->author))
		return true;
	newest->message = event->message_id;
	return false;
}

static enum sf_err find_newest(struct sf_node *node, struct sf_id transition,
	struct newest *ret_newest, struct sf_diag *diag)
{
	*ret_newest = (struct newest){.author = node->options.party};
	const struct sf_node_row_event key = {.transition = transition};
	const struct sf_scan scan = {
		.table = &sf_node_table_event, .equal_count = 1, .from = &key, .descending = true};
	const struct sf_store *store = sf_node_store(node);
	return store->scan(store->self, &scan, keep_newest, ret_newest, diag);
}

/* SF_ERR_NOT_FOUND: sealed for nobody. */
static enum sf_err body_as_sealed(struct sf_node *node, struct sf_id notification,
	struct sf_arena *scratch, struct sf_body *ret_body, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	struct sf_node_row_outbox row = {.message_id = notification};
	enum sf_err err = store->get(store->self, &sf_node_table_outbox, 0, &row, diag);
	if (err)
		return err;
	const struct sf_node_rest rest = {row.transition, SF_NODE_REST_OUTBOX, notification};
	struct sf_view salted;
	err = sf_node_open_content(node, &rest, row.salted_body, scratch, &salted, diag);
	if (err)
		return err;
	if (salted.size <= SF_NODE_SALT_SIZE)
		return SF_ERR_NOT_FOUND;
	return sf_body_decode(
		sf_view_of(salted.data + SF_NODE_SALT_SIZE, salted.size - SF_NODE_SALT_SIZE),
		scratch, ret_body, diag);
}

/* SF_ERR_NOT_FOUND: not handed in here, or its content is deleted. */
static enum sf_err body_as_handed_in(struct sf_node *node, struct sf_id notification,
	struct sf_arena *scratch, struct sf_body *ret_body, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	struct sf_node_row_letter row = {.message_id = notification};
	enum sf_err err = store->get(store->self, &sf_node_table_letter, 0, &row, diag);
	if (err)
		return err;
	const char *type = sf_arena_text(scratch, row.content_type);
	if (!type)
		return SF_ERR_LIMIT;
	const struct sf_node_rest rest = {row.transition, SF_NODE_REST_LETTER, notification};
	struct sf_view content;
	err = sf_node_open_content(node, &rest, row.content, scratch, &content, diag);
	if (err)
		return err;
	if (content.size == 0)
		return SF_ERR_NOT_FOUND;
	const struct sf_format *format = &node->ports.format;
	struct sf_document document;
	struct sf_issues issues = {.count = 0};
	err = format->read(format->self, type, content, scratch, &document, &issues, diag);
	if (!err)
		*ret_body = sf_node_notification_body(node, &document, type, content);
	return err;
}

static enum sf_err forward(struct sf_node *node, struct sf_id transition, struct sf_id notification,
	struct sf_id to, struct sf_arena *scratch, struct sf_diag *diag)
{
	struct sf_body body;
	enum sf_err err = body_as_sealed(node, notification, scratch, &body, diag);
	if (err == SF_ERR_NOT_FOUND)
		err = body_as_handed_in(node, notification, scratch, &body, diag);
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	struct sf_message message = {
		.transition = transition,
		.recipient_count = 1,
		.recipients = {to},
		.in_reply_to = notification,
		.fact = {.kind = SF_KIND_LETTER, .letter = {.code = SF_LETTER_CORRESPONDENCE}},
	};
	sf_node_name_message(node, &message);
	return sf_node_author(node, &message, &body, NULL, diag);
}

enum sf_err sf_node_forward_stay(
	struct sf_node *node, struct sf_id transition, struct sf_id to, struct sf_diag *diag)
{
	const struct sf_directory_entry *entry = sf_directory_party(node->directory, to);
	if (!entry || !sf_node_can_receive(node, entry))
		return SF_OK;
	struct newest newest;
	enum sf_err err = find_newest(node, transition, &newest, diag);
	if (err || sf_id_is_none(newest.message))
		return err;
	struct sf_arena scratch;
	sf_arena_init(&scratch, SF_NODE_DOCUMENT_ROOM);
	err = forward(node, transition, newest.message, to, &scratch, diag);
	sf_arena_fini(&scratch);
	return err;
}
