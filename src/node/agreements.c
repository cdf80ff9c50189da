/*
 * What this node knows of agreements: texts by digest, and who proposed, accepted and ended them
 * with proof (DOMAIN.md section 7). A clause binds those who signed; the coordinator's word that
 * somebody did is worth nothing, so every statement is verified like any other recorded fact.
 */
#include "node/state.h"

static bool is_of_agreement(const struct sf_message *message, const struct sf_receipt *receipt)
{
	return sf_kind_is_of_agreement(message->fact.kind) && sf_id_is_none(message->transition) &&
	       receipt->sequence == 0;
}

/* A statement that was refused and is recorded anew replaces the old row (WIRE section 7.7). */
static enum sf_err is_known(struct sf_node *node, const struct sf_message *message, bool *ret_known,
	struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	struct sf_node_row_statement row = {.author = message->author, .message_id = message->id};
	enum sf_err err = store->get(store->self, &sf_node_table_statement, 0, &row, diag);
	*ret_known = !err && row.recorded_ms != 0 && row.outcome != SF_OUTCOME_REFUSED;
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

/* A book that is full must not stop the node: what does not count any more is told. */
static enum sf_err follow(
	struct sf_node *node, const struct sf_message *message, int64_t recorded_ms)
{
	enum sf_err err = sf_book_follow(node->book, message, recorded_ms);
	if (err != SF_ERR_LIMIT)
		return err;
	sf_node_alarm(node);
	return SF_OK;
}

enum sf_err sf_node_learn_statement(
	struct sf_node *node, const struct sf_node_statement *statement, struct sf_diag *diag)
{
	const struct sf_message *message = statement->message;
	const struct sf_receipt *receipt = statement->receipt;
	if (!is_of_agreement(message, receipt))
		return SF_OK;
	bool known;
	enum sf_err err = is_known(node, message, &known, diag);
	if (err || known)
		return err;
	const struct sf_node_row_statement row = {
		.author = message->author,
		.message_id = message->id,
		.agreement = message->fact.agreement.agreement,
		.kind = (int64_t)message->fact.kind,
		.recorded_ms = receipt->recorded_ms,
		.outcome = (int64_t)receipt->outcome,
		.code = receipt->code,
		.cover = statement->cover,
		.receipt = statement->proof->receipt,
		.receipt_index = statement->proof->index,
		.receipt_count = statement->proof->count,
		.receipt_path = statement->proof->path,
		.receipt_signature = statement->proof->signature,
	};
	const struct sf_store *store = sf_node_store(node);
	err = store->replace(store->self, &sf_node_table_statement, &row, diag);
	if (err || receipt->outcome == SF_OUTCOME_REFUSED)
		return err;
	sf_node_tell(node, SF_FEED_AGREEMENT, message);
	return follow(node, message, receipt->recorded_ms);
}

static enum sf_err learn_text(struct sf_node *node, struct sf_view text, struct sf_diag *diag)
{
	struct sf_node_row_agreement row = {.agreement = text};
	enum sf_err err = sf_book_add(
		node->book, &node->ports.crypto, &node->ports.env, text, &row.digest, diag);
	if (err == SF_ERR_EXISTS)
		return SF_OK;
	/* Nothing of it is kept: it comes again after the next hello. */
	if (err == SF_ERR_FORMAT || err == SF_ERR_LIMIT || err == SF_ERR_UNSUPPORTED) {
		sf_node_alarm(node);
		return SF_OK;
	}
	const struct sf_store *store = sf_node_store(node);
	return err ? err : store->replace(store->self, &sf_node_table_agreement, &row, diag);
}

static enum sf_err learn_item(struct sf_node *node, struct sf_node_item *item, struct sf_diag *diag)
{
	if (item->verified == SF_ERR_KEY_UNKNOWN && node->directory_changed)
		sf_node_item_check_again(node, item);
	if (item->verified == SF_ERR_KEY_UNKNOWN &&
		sf_directory_version(node->directory) < node->coordinator_directory)
		return sf_node_ask_directory(node);
	if (item->verified || !is_of_agreement(&item->header.message, &item->receipt)) {
		sf_node_alarm(node);
		return SF_OK;
	}
	struct sf_buf cover;
	sf_buf_init(&cover, SF_COVER_SIZE_MAX);
	const struct sf_node_receipt kept = {
		&item->receipt, &item->item->receipt, item->header.message.transition, false};
	enum sf_err err = sf_node_item_cover(item, &cover);
	if (!err)
		err = sf_node_keep_receipt(node, &kept, diag);
	const struct sf_node_statement statement = {
		&item->header.message, &item->receipt, &item->item->receipt, sf_buf_view(&cover)};
	if (!err)
		err = sf_node_learn_statement(node, &statement, diag);
	sf_buf_fini(&cover);
	return err;
}

enum sf_err sf_node_learn_agreements(
	struct sf_node *node, const struct sf_node_taken *taken, struct sf_diag *diag)
{
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < taken->frame.count && !err; i++)
		err = learn_text(node, taken->frame.records[i], diag);
	for (size_t i = 0; i < taken->item_count && !err; i++)
		err = learn_item(node, &taken->items[i], diag);
	return err;
}

struct walk {
	struct sf_node *node;
	enum sf_err err;
	struct sf_diag *diag;
	struct sf_id proposer;
};

static bool load_text(void *context, const void *row)
{
	struct walk *walk = context;
	const struct sf_node_row_agreement *kept = row;
	struct sf_digest digest;
	walk->err = sf_book_add(walk->node->book, &walk->node->ports.crypto, &walk->node->ports.env,
		kept->agreement, &digest, walk->diag);
	if (walk->err == SF_ERR_EXISTS)
		walk->err = SF_OK;
	/* Of an earlier program's form: its transitions go on without, and a person must look. */
	if (walk->err == SF_ERR_FORMAT) {
		sf_node_alarm(walk->node);
		walk->err = SF_OK;
	}
	if (walk->err)
		sf_diag_prefix(walk->diag, "an agreement of the store");
	return !walk->err;
}

static bool load_statement(void *context, const void *row)
{
	struct walk *walk = context;
	const struct sf_node_row_statement *kept = row;
	if (kept->recorded_ms == 0 || kept->outcome == SF_OUTCOME_REFUSED)
		return true;
	struct sf_cover cover;
	struct sf_header header;
	walk->err = sf_cover_parse(kept->cover, &cover, walk->diag);
	if (!walk->err)
		walk->err = sf_header_decode(cover.header, &header, walk->diag);
	if (!walk->err)
		walk->err = follow(walk->node, &header.message, kept->recorded_ms);
	return !walk->err;
}

enum sf_err sf_node_load_agreements(struct sf_node *node, struct sf_diag *diag)
{
	sf_book_clear(node->book);
	struct walk walk = {.node = node, .diag = diag};
	const struct sf_scan texts = {.table = &sf_node_table_agreement};
	const struct sf_scan statements = {
		.table = &sf_node_table_statement, .index = SF_NODE_STATEMENT_BY_RECORDED};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &texts, load_text, &walk, diag);
	if (!err && !walk.err)
		err = store->scan(store->self, &statements, load_statement, &walk, diag);
	return err ? err : walk.err;
}

/* Also one of our own that is on its way: the text is not a configured one. */
static bool find_proposal(void *context, const void *row)
{
	struct walk *walk = context;
	const struct sf_node_row_statement *kept = row;
	if (kept->kind != SF_KIND_AGREEMENT_PROPOSE || kept->outcome == SF_OUTCOME_REFUSED)
		return true;
	walk->proposer = kept->author;
	return false;
}

enum sf_err sf_node_proposer(struct sf_node *node, const struct sf_digest *agreement,
	struct sf_id *ret_party, struct sf_diag *diag)
{
	struct walk walk = {.node = node, .diag = diag};
	const struct sf_node_row_statement key = {.agreement = *agreement};
	const struct sf_scan scan = {.table = &sf_node_table_statement,
		.index = SF_NODE_STATEMENT_BY_AGREEMENT,
		.equal_count = 1,
		.from = &key};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, find_proposal, &walk, diag);
	if (!err)
		*ret_party = walk.proposer;
	return err;
}

/* By the day it holds from, then by version; digests only so that the answer is one. */
static bool is_newer(const struct sf_agreement *a, const struct sf_agreement *b)
{
	if (a->valid_from_day != b->valid_from_day)
		return a->valid_from_day > b->valid_from_day;
	if (a->version != b->version)
		return a->version > b->version;
	return sf_view_compare(sf_view_of(a->digest.bytes, SF_DIGEST_SIZE),
		       sf_view_of(b->digest.bytes, SF_DIGEST_SIZE)) > 0;
}

enum sf_err sf_node_ruling_agreement(
	struct sf_node *node, struct sf_digest *ret_digest, struct sf_diag *diag)
{
	const struct sf_agreement *ruling =
		sf_book_ruling(node->book, node->options.party, node->now_ms);
	const struct sf_agreement *configured = NULL;
	const struct sf_agreement_book *book = sf_book_view(node->book);
	for (size_t i = 0; !ruling && i < book->count; i++) {
		struct sf_id proposer = {{0}};
		const struct sf_agreement *text = book->agreements[i];
		enum sf_err err = sf_node_proposer(node, &text->digest, &proposer, diag);
		if (err)
			return err;
		if (sf_id_is_none(proposer) && (!configured || is_newer(text, configured)))
			configured = text;
	}
	if (!ruling)
		ruling = configured;
	*ret_digest = ruling ? ruling->digest : (struct sf_digest){{0}};
	return SF_OK;
}

/* A proposal names a text by its digest: the coordinator must have the text first. */
static bool say_text(void *context, const void *row)
{
	struct walk *walk = context;
	const struct sf_node_row_statement *kept = row;
	if (kept->kind != SF_KIND_AGREEMENT_PROPOSE)
		return true;
	const struct sf_store *store = sf_node_store(walk->node);
	struct sf_node_row_agreement text = {.digest = kept->agreement};
	walk->err = store->get(store->self, &sf_node_table_agreement, 0, &text, walk->diag);
	const struct sf_frame frame = {
		.kind = SF_FRAME_AGREEMENTS, .count = 1, .records = &text.agreement};
	if (!walk->err)
		walk->err = sf_node_say(walk->node, &frame);
	return !walk->err;
}

enum sf_err sf_node_say_proposals(struct sf_node *node, struct sf_diag *diag)
{
	struct walk walk = {.node = node, .diag = diag};
	const struct sf_node_row_statement unrecorded = {.recorded_ms = 0};
	const struct sf_scan scan = {.table = &sf_node_table_statement,
		.index = SF_NODE_STATEMENT_BY_RECORDED,
		.equal_count = 1,
		.from = &unrecorded};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, say_text, &walk, diag);
	return err ? err : walk.err;
}
