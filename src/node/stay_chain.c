#include "node/stay_chain.h"

#include <stdlib.h>
#include <string.h>

#include "node/bodies.h"
#include "node/rest.h"

struct said {
	struct sf_id message;
	int64_t author_sequence;
};

struct gathering {
	size_t count;
	bool full;
	struct said *said; /* SF_VISIT_LETTERS_MAX of them */
};

static bool gather_said(void *context, const void *found)
{
	struct gathering *gathering = context;
	const struct sf_node_row_outbox *row = found;
	if (row->kind != SF_KIND_STAY || row->outcome == SF_OUTCOME_REFUSED)
		return true;
	gathering->full = gathering->count == SF_VISIT_LETTERS_MAX;
	if (!gathering->full)
		gathering->said[gathering->count++] =
			(struct said){row->message_id, row->author_sequence};
	return !gathering->full;
}

static int compare_said(const void *a, const void *b)
{
	const struct said *first = a, *second = b;
	return (first->author_sequence > second->author_sequence) -
	       (first->author_sequence < second->author_sequence);
}

static enum sf_err gather(struct sf_node *node, struct sf_id transition, struct sf_arena *arena,
	struct gathering *ret_gathering, struct sf_diag *diag)
{
	*ret_gathering = (struct gathering){
		.said = sf_arena_take_many(arena, SF_VISIT_LETTERS_MAX, sizeof(struct said))};
	if (!ret_gathering->said)
		return SF_ERR_LIMIT;
	const struct sf_node_row_outbox key = {.transition = transition};
	const struct sf_scan scan = {.table = &sf_node_table_outbox,
		.index = SF_NODE_OUTBOX_BY_TRANSITION,
		.equal_count = 1,
		.from = &key};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, gather_said, ret_gathering, diag);
	if (!err && ret_gathering->full)
		err = SF_ERR_REFUSED;
	qsort(ret_gathering->said, ret_gathering->count, sizeof(struct said), compare_said);
	return err ? err : ret_gathering->count == 0 ? SF_ERR_NOT_FOUND : SF_OK;
}

/* SF_ERR_NOT_FOUND: not here any more. */
static enum sf_err read_letter(struct sf_node *node, struct sf_stay_chain *chain,
	struct sf_id message, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	struct sf_node_row_letter row = {.message_id = message};
	enum sf_err err = store->get(store->self, &sf_node_table_letter, 0, &row, diag);
	if (err)
		return err;
	sf_arena_clear(&chain->document);
	const char *type = sf_arena_text(&chain->document, row.content_type);
	const struct sf_node_rest rest = {row.transition, SF_NODE_REST_LETTER, message};
	struct sf_view content;
	if (!type)
		return SF_ERR_LIMIT;
	err = sf_node_open_content(node, &rest, row.content, &chain->document, &content, diag);
	if (!err && content.size == 0)
		err = SF_ERR_NOT_FOUND;
	struct sf_issues issues = {.count = 0};
	const struct sf_format *format = &node->ports.format;
	return err ? err
		   : format->read(format->self, type, content, &chain->document, &chain->newest,
			     &issues, diag);
}

/* UUIDs as they are, so that rows of HL7 agree; other systems' ids as what names their letters. */
static enum sf_err id_of(const struct sf_node *node, const char *name, struct sf_id *ret_id)
{
	char text[SF_UUID_TEXT_SIZE];
	const struct sf_crypto *crypto = &node->ports.crypto;
	struct sf_id id = {{0}};
	*ret_id = id;
	if (name[0] == '\0')
		return SF_OK;
	if (sf_id_parse(name, &id) == SF_OK) {
		sf_id_format_uuid(id, text);
		*ret_id = id;
		if (strcmp(text, name) == 0)
			return SF_OK;
	}
	return crypto->message_id(crypto->self, node->options.party, sf_view_text(name), ret_id);
}

static bool keep_recipient(void *context, const void *found)
{
	*(struct sf_id *)context = ((const struct sf_node_row_delivery *)found)->recipient;
	return false;
}

/* Whom it went to, whatever the letter says: a sender may have named another municipality. */
static enum sf_err find_recipient(
	struct sf_node *node, struct sf_id message, struct sf_id *ret_party, struct sf_diag *diag)
{
	const struct sf_node_row_delivery key = {.message_id = message};
	const struct sf_scan scan = {
		.table = &sf_node_table_delivery, .equal_count = 1, .from = &key, .count_max = 1};
	const struct sf_store *store = sf_node_store(node);
	return store->scan(store->self, &scan, keep_recipient, ret_party, diag);
}

static enum sf_err follow(struct sf_node *node, struct sf_stay_chain *chain,
	const struct said *said, struct sf_id transition, struct sf_arena *arena,
	struct sf_diag *diag)
{
	enum sf_err err = read_letter(node, chain, said->message, diag);
	if (err)
		return err;
	const struct sf_document *document = &chain->newest;
	struct sf_node_row_hl7 row = {
		.position = said->author_sequence,
		.transition = transition,
		.message = said->message,
		.activity = document->stay.activity,
		.mode = document->stay.mode,
		.stay_class = document->stay.stay_class,
		.current = document->current,
		.event_ms = document->stay.event_ms,
		.occurred_ms = document->occurred_ms,
		.recorded_ms = document->recorded_ms,
		.admitted_ms = document->admitted_ms,
	};
	const char *name = sf_arena_text(arena, sf_view_text(document->header_id));
	err = name ? id_of(node, name, &row.letter) : SF_ERR_LIMIT;
	if (!err)
		err = id_of(node, document->predecessor_id, &row.predecessor);
	if (!err)
		err = find_recipient(node, said->message, &row.receiver, diag);
	size_t place = chain->visit.letter_count;
	if (!err)
		err = sf_visit_follow(&chain->visit, &row);
	if (!err)
		chain->names[place] = name;
	return err;
}

static bool keep_visit(void *context, const void *found)
{
	const struct sf_node_row_hl7 *row = found;
	*(struct sf_id *)context = row->visit;
	return sf_id_is_none(row->visit);
}

/* That a hospital's system tells it in HL7, too: its next message must find what was told here. */
static enum sf_err find_visit(
	struct sf_node *node, struct sf_stay_chain *chain, struct sf_diag *diag)
{
	const struct sf_node_row_hl7 key = {.transition = chain->visit.transition};
	const struct sf_scan scan = {.table = &sf_node_table_hl7,
		.index = SF_NODE_HL7_BY_TRANSITION,
		.equal_count = 1,
		.from = &key};
	const struct sf_store *store = sf_node_store(node);
	return store->scan(store->self, &scan, keep_visit, &chain->visit.id, diag);
}

/* A Provenance whose times could not be read cannot be told again: nobody could date it. */
static enum sf_err keep_provenances(struct sf_stay_chain *chain)
{
	struct sf_document *newest = &chain->newest;
	struct sf_provenance *kept =
		sf_arena_take_many(&chain->document, newest->provenance_count, sizeof(*kept));
	size_t count = 0;
	if (!kept && newest->provenance_count > 0)
		return SF_ERR_LIMIT;
	for (size_t i = 0; i < newest->provenance_count; i++)
		if (newest->provenances[i].occurred_ms != 0 &&
			newest->provenances[i].recorded_ms != 0)
			kept[count++] = newest->provenances[i];
	newest->provenances = kept;
	newest->provenance_count = count;
	return SF_OK;
}

enum sf_err sf_stay_chain_load(struct sf_node *node, struct sf_id transition,
	struct sf_arena *arena, struct sf_stay_chain *ret_chain, struct sf_diag *diag)
{
	*ret_chain = (struct sf_stay_chain){
		.names = sf_arena_take_many(arena, SF_VISIT_LETTERS_MAX, sizeof(char *))};
	sf_arena_init(&ret_chain->document, SF_NODE_DOCUMENT_ROOM);
	struct gathering gathering;
	enum sf_err err = ret_chain->names ? sf_visit_init(arena, &ret_chain->visit) : SF_ERR_LIMIT;
	if (!err)
		err = gather(node, transition, arena, &gathering, diag);
	for (size_t i = 0; !err && i < gathering.count; i++)
		err = follow(node, ret_chain, &gathering.said[i], transition, arena, diag);
	if (!err)
		err = keep_provenances(ret_chain);
	if (!err)
		err = find_visit(node, ret_chain, diag);
	return err ? err : sf_visit_settle(&ret_chain->visit);
}

void sf_stay_chain_close(struct sf_stay_chain *chain)
{
	sf_arena_fini(&chain->document);
}

const char *sf_stay_chain_name(const struct sf_stay_chain *chain, struct sf_id letter)
{
	for (size_t i = chain->visit.letter_count; i-- > 0;)
		if (sf_id_equal(chain->visit.letters[i].letter, letter))
			return chain->names[i];
	return "";
}
