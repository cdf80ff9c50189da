#include "node/naming.h"

#include "node/bodies.h"

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

static enum sf_err episode_name(const struct sf_node *node, const char *sor, const char *episode,
	struct sf_digest *ret_name)
{
	static const char label[] = "stafet/v1/episode";
	const struct sf_view parts[] = {
		sf_view_of(label, sizeof(label)),
		sf_view_text(sor),
		sf_view_of("", 1),
		sf_view_text(episode),
	};
	return sf_node_local_name(node, parts, SF_COUNT(parts), ret_name);
}

enum sf_err sf_node_find_episode(struct sf_node *node, const char *sor, const char *episode,
	struct sf_id *ret_transition, struct sf_diag *diag)
{
	struct sf_node_row_episode row = {.transition = {{0}}};
	enum sf_err err = episode_name(node, sor, episode, &row.episode);
	const struct sf_store *store = sf_node_store(node);
	if (!err)
		err = store->get(store->self, &sf_node_table_episode, 0, &row, diag);
	if (!err)
		*ret_transition = row.transition;
	return err;
}

enum sf_err sf_node_keep_episodes(struct sf_node *node, const struct sf_document *document,
	struct sf_id transition, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < document->episode_count && !err; i++) {
		struct sf_node_row_episode row = {.transition = transition};
		err = episode_name(node, or_empty(document->sender.sor), document->episode_ids[i],
			&row.episode);
		if (!err)
			err = store->replace(store->self, &sf_node_table_episode, &row, diag);
	}
	return err;
}

static enum sf_err letter_name(const struct sf_node *node, struct sf_id author,
	const char *header_id, struct sf_digest *ret_name)
{
	static const char label[] = "stafet/v1/named";
	const struct sf_view parts[] = {
		sf_view_of(label, sizeof(label)),
		sf_id_view(&author),
		sf_view_text(header_id),
	};
	return sf_node_local_name(node, parts, SF_COUNT(parts), ret_name);
}

enum sf_err sf_node_find_named(struct sf_node *node, struct sf_id author, const char *header_id,
	struct sf_node_row_named *ret_row, struct sf_diag *diag)
{
	*ret_row = (struct sf_node_row_named){.author = author};
	enum sf_err err = letter_name(node, author, header_id, &ret_row->name);
	const struct sf_store *store = sf_node_store(node);
	return err ? err : store->get(store->self, &sf_node_table_named, 0, ret_row, diag);
}

/* An episode is its hospital's: what others write of it names nothing. */
static bool is_authors_own(const struct sf_node *node, const struct sf_message *message,
	const struct sf_document *document)
{
	const struct sf_directory_entry *sender =
		sf_directory_by_sor(node->directory, or_empty(document->sender.sor));
	return sender && sf_id_equal(sender->party, message->author);
}

enum sf_err sf_node_keep_names(struct sf_node *node, const struct sf_message *message,
	const struct sf_document *document, struct sf_diag *diag)
{
	struct sf_node_row_named row = {
		.author = message->author,
		.message_id = message->id,
		.transition = message->transition,
	};
	enum sf_err err =
		letter_name(node, message->author, or_empty(document->header_id), &row.name);
	const struct sf_store *store = sf_node_store(node);
	if (!err)
		err = store->replace(store->self, &sf_node_table_named, &row, diag);
	if (!err && document->kind == SF_DOCUMENT_NOTIFICATION &&
		is_authors_own(node, message, document))
		err = sf_node_keep_episodes(node, document, message->transition, diag);
	return err;
}

static bool first_named(void *context, const void *row)
{
	struct sf_node_row_named *found = context;
	const struct sf_node_row_named *named = row;
	*found = *named;
	found->code = sf_view_of(NULL, 0);
	return false;
}

enum sf_err sf_node_forget_verdict(struct sf_node *node, struct sf_id message, struct sf_diag *diag)
{
	const struct sf_node_row_named key = {.message_id = message};
	const struct sf_scan scan = {.table = &sf_node_table_named,
		.index = SF_NODE_NAMED_BY_MESSAGE,
		.equal_count = 1,
		.from = &key,
		.count_max = 1};
	struct sf_node_row_named row = {.verdict_ms = 0};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, first_named, &row, diag);
	if (err || row.verdict_ms == 0)
		return err;
	row.verdict_ms = 0;
	return store->replace(store->self, &sf_node_table_named, &row, diag);
}
