#include "node/erasing.h"

#include "node/attachment.h"

#include <string.h>

/* A key of a row that goes. Which members count is its table's business. */
struct sf_node_erased_key {
	const struct sf_table *table;
	union {
		struct sf_node_row_event event;
		struct sf_node_row_void lost;
		struct sf_node_row_outbox outbox;
		struct sf_node_row_sending sending;
		struct sf_node_row_delivery delivery;
		struct sf_node_row_letter letter;
		struct sf_node_row_told told;
		struct sf_node_row_episode episode;
		struct sf_node_row_patient patient;
		struct sf_node_row_named named;
		struct sf_node_row_quarantine quarantine;
		struct sf_node_row_hl7 hl7;
		struct sf_node_row_response response;
		struct sf_node_row_aside aside;
	};
	struct sf_node_erased_key *next;
};

struct sf_node_erased_attachment {
	struct sf_node_row_attachment row;
	struct sf_node_erased_attachment *next;
};

static void count(struct sf_node_erasing *erasing, enum sf_node_gone what, size_t size)
{
	erasing->counts[what]++;
	erasing->sizes[what] += size;
}

static struct sf_node_erased_key *add_key(
	struct sf_node_erasing *erasing, const struct sf_table *table)
{
	struct sf_node_erased_key *key = sf_arena_take(&erasing->node->arena, sizeof(*key));
	if (!key) {
		erasing->err = SF_ERR_LIMIT;
		return NULL;
	}
	key->table = table;
	key->next = erasing->keys;
	erasing->keys = key;
	return key;
}

/* Room for one more of a growing array; NULL and err when the arena is full. */
static void *grow(
	struct sf_node_erasing *erasing, void *items, size_t used, size_t *capacity, size_t size)
{
	if (used < *capacity)
		return items;
	size_t more = *capacity ? 2 * *capacity : 64;
	uint8_t *grown = sf_arena_take_many(&erasing->node->arena, more, size);
	if (!grown) {
		erasing->err = SF_ERR_LIMIT;
		return NULL;
	}
	if (used > 0)
		memcpy(grown, items, used * size);
	*capacity = more;
	return grown;
}

static bool add_name(struct sf_node_erasing *erasing, struct sf_id author, struct sf_id message)
{
	erasing->names = grow(erasing, erasing->names, erasing->name_count, &erasing->name_capacity,
		sizeof(*erasing->names));
	if (erasing->names)
		erasing->names[erasing->name_count++] =
			(struct sf_node_erased_name){author, message};
	return !erasing->err;
}

static bool keep_sent(void *context, const void *row)
{
	struct sf_node_erasing *erasing = context;
	const struct sf_node_row_outbox *outbox = row;
	struct sf_node_erased_key *key = add_key(erasing, &sf_node_table_outbox);
	erasing->sent = grow(erasing, erasing->sent, erasing->sent_count, &erasing->sent_capacity,
		sizeof(*erasing->sent));
	if (!key || !erasing->sent)
		return false;
	key->outbox = (struct sf_node_row_outbox){.message_id = outbox->message_id};
	erasing->sent[erasing->sent_count++] = outbox->message_id;
	count(erasing, SF_NODE_GONE_SENT, outbox->message.size + outbox->salted_body.size);
	return !erasing->err;
}

static bool keep_event(void *context, const void *row)
{
	struct sf_node_erasing *erasing = context;
	const struct sf_node_row_event *event = row;
	struct sf_node_erased_key *key = add_key(erasing, &sf_node_table_event);
	if (!key || !add_name(erasing, event->author, event->message_id))
		return false;
	key->event = (struct sf_node_row_event){
		.transition = event->transition, .sequence = event->sequence};
	count(erasing, SF_NODE_GONE_EVENTS,
		event->cover.size + event->receipt.size + event->receipt_path.size +
			event->receipt_signature.size);
	return true;
}

static bool keep_void(void *context, const void *row)
{
	struct sf_node_erasing *erasing = context;
	const struct sf_node_row_void *lost = row;
	struct sf_node_erased_key *key = add_key(erasing, &sf_node_table_void);
	if (!key)
		return false;
	key->lost = (struct sf_node_row_void){.epoch = lost->epoch, .leaf_index = lost->leaf_index};
	count(erasing, SF_NODE_GONE_EVENTS,
		lost->cover.size + lost->receipt.size + lost->receipt_path.size +
			lost->receipt_signature.size);
	return true;
}

static bool keep_sending(void *context, const void *row)
{
	struct sf_node_erasing *erasing = context;
	const struct sf_node_row_sending *sending = row;
	struct sf_node_erased_key *key = add_key(erasing, &sf_node_table_sending);
	if (!key)
		return false;
	key->sending = (struct sf_node_row_sending){.envelope_id = sending->envelope_id};
	erasing->on_the_way += sending->open != 0;
	count(erasing, SF_NODE_GONE_SEALED, sending->envelope.size);
	return true;
}

static bool keep_delivery(void *context, const void *row)
{
	struct sf_node_erasing *erasing = context;
	const struct sf_node_row_delivery *delivery = row;
	struct sf_node_erased_key *key = add_key(erasing, &sf_node_table_delivery);
	if (key)
		key->delivery = (struct sf_node_row_delivery){
			.message_id = delivery->message_id, .recipient = delivery->recipient};
	return key != NULL;
}

static bool keep_told(void *context, const void *row)
{
	struct sf_node_erasing *erasing = context;
	struct sf_node_erased_key *key = add_key(erasing, &sf_node_table_told);
	if (key)
		key->told = *(const struct sf_node_row_told *)row;
	return key != NULL;
}

static bool keep_episode(void *context, const void *row)
{
	struct sf_node_erasing *erasing = context;
	const struct sf_node_row_episode *episode = row;
	if (!sf_id_equal(episode->transition, erasing->transition))
		return true;
	struct sf_node_erased_key *key = add_key(erasing, &sf_node_table_episode);
	if (key)
		key->episode = *episode;
	count(erasing, SF_NODE_GONE_LINKS, 0);
	return key != NULL;
}

static bool keep_patient(void *context, const void *row)
{
	struct sf_node_erasing *erasing = context;
	const struct sf_node_row_patient *patient = row;
	if (!sf_id_equal(patient->transition, erasing->transition))
		return true;
	struct sf_node_erased_key *key = add_key(erasing, &sf_node_table_patient);
	if (key)
		key->patient = *patient;
	count(erasing, SF_NODE_GONE_LINKS, 0);
	return key != NULL;
}

static bool keep_named(void *context, const void *row)
{
	struct sf_node_erasing *erasing = context;
	const struct sf_node_row_named *named = row;
	if (!sf_id_equal(named->transition, erasing->transition))
		return true;
	struct sf_node_erased_key *key = add_key(erasing, &sf_node_table_named);
	if (key)
		key->named = (struct sf_node_row_named){.name = named->name};
	count(erasing, SF_NODE_GONE_LINKS, 0);
	return key != NULL;
}

static bool keep_quarantine(void *context, const void *row)
{
	struct sf_node_erasing *erasing = context;
	const struct sf_node_row_quarantine *kept = row;
	bool of_it = false;
	for (size_t i = 0; i < erasing->name_count && !of_it; i++)
		of_it = sf_id_equal(erasing->names[i].author, kept->author) &&
			sf_id_equal(erasing->names[i].message, kept->message_id);
	if (!of_it)
		return true;
	struct sf_node_erased_key *key = add_key(erasing, &sf_node_table_quarantine);
	if (key)
		key->quarantine = (struct sf_node_row_quarantine){.position = kept->position};
	count(erasing, SF_NODE_GONE_QUARANTINE, kept->envelope.size);
	return key != NULL;
}

static bool keep_hl7(void *context, const void *row)
{
	struct sf_node_erasing *erasing = context;
	const struct sf_node_row_hl7 *hl7 = row;
	struct sf_node_erased_key *key = add_key(erasing, &sf_node_table_hl7);
	if (!key)
		return false;
	key->hl7 = (struct sf_node_row_hl7){.name = hl7->name};
	count(erasing, SF_NODE_GONE_HANDED_IN, hl7->content.size + hl7->acknowledgement.size);
	return true;
}

static bool keep_response(void *context, const void *row)
{
	struct sf_node_erasing *erasing = context;
	const struct sf_node_row_response *response = row;
	struct sf_node_erased_key *key = add_key(erasing, &sf_node_table_response);
	if (key)
		key->response = (struct sf_node_row_response){.message_id = response->message_id};
	return key != NULL;
}

static bool keep_aside(void *context, const void *row)
{
	struct sf_node_erasing *erasing = context;
	const struct sf_node_row_aside *aside = row;
	struct sf_node_erased_key *key = add_key(erasing, &sf_node_table_aside);
	if (key)
		key->aside = (struct sf_node_row_aside){.cursor = aside->cursor};
	return key != NULL;
}

static bool keep_attachment(void *context, const void *row)
{
	struct sf_node_erasing *erasing = context;
	const struct sf_node_row_attachment *attachment = row;
	struct sf_node_erased_attachment *kept =
		sf_arena_take(&erasing->node->arena, sizeof(*kept));
	if (!kept) {
		erasing->err = SF_ERR_LIMIT;
		return false;
	}
	*kept = (struct sf_node_erased_attachment){*attachment, erasing->attachments};
	kept->row.enclosure = sf_view_of(NULL, 0);
	erasing->attachments = kept;
	count(erasing, SF_NODE_GONE_ATTACHMENTS, (size_t)attachment->have * SF_CHUNK_SEALED_MAX);
	return true;
}

static enum sf_err scan(
	struct sf_node_erasing *erasing, const struct sf_scan *scan, sf_row_visitor *visitor)
{
	const struct sf_store *store = sf_node_store(erasing->node);
	enum sf_err err = store->scan(store->self, scan, visitor, erasing, erasing->diag);
	return err ? err : erasing->err;
}

/* What a message of this party left: envelopes, deliveries, and the letter that was handed in. */
static enum sf_err collect_sent(struct sf_node_erasing *erasing, struct sf_id message)
{
	const struct sf_store *store = sf_node_store(erasing->node);
	const struct sf_node_row_sending sending = {.message_id = message};
	const struct sf_node_row_delivery delivery = {.message_id = message};
	const struct sf_scan sendings = {.table = &sf_node_table_sending,
		.index = SF_NODE_SENDING_BY_MESSAGE,
		.equal_count = 1,
		.from = &sending};
	const struct sf_scan deliveries = {
		.table = &sf_node_table_delivery, .equal_count = 1, .from = &delivery};
	enum sf_err err = scan(erasing, &sendings, keep_sending);
	if (!err)
		err = scan(erasing, &deliveries, keep_delivery);
	struct sf_node_row_letter letter = {.message_id = message};
	enum sf_err found =
		err ? err
		    : store->get(store->self, &sf_node_table_letter, 0, &letter, erasing->diag);
	if (found)
		return found == SF_ERR_NOT_FOUND ? SF_OK : found;
	count(erasing, SF_NODE_GONE_HANDED_IN, letter.content.size + letter.acknowledgement.size);
	struct sf_node_erased_key *key = add_key(erasing, &sf_node_table_letter);
	if (key)
		key->letter = (struct sf_node_row_letter){.message_id = message};
	return erasing->err;
}

static enum sf_err collect_received(
	struct sf_node_erasing *erasing, const struct sf_node_erased_name *name)
{
	const struct sf_store *store = sf_node_store(erasing->node);
	struct sf_node_row_inbox row = {.author = name->author, .message_id = name->message};
	enum sf_err err = store->get(store->self, &sf_node_table_inbox, 0, &row, erasing->diag);
	if (!err && sf_id_equal(row.transition, erasing->transition))
		count(erasing, SF_NODE_GONE_RECEIVED, row.body.size);
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

static enum sf_err collect_messages(struct sf_node_erasing *erasing)
{
	/* Not through the events: what is not recorded yet has none, and must not go out any more.
	 */
	const struct sf_node_row_outbox outbox = {.transition = erasing->transition};
	const struct sf_scan sent = {.table = &sf_node_table_outbox,
		.index = SF_NODE_OUTBOX_BY_TRANSITION,
		.equal_count = 1,
		.from = &outbox};
	enum sf_err err = scan(erasing, &sent, keep_sent);
	for (size_t i = 0; i < erasing->sent_count && !err; i++)
		err = collect_sent(erasing, erasing->sent[i]);
	for (size_t i = 0; i < erasing->name_count && !err; i++)
		err = collect_received(erasing, &erasing->names[i]);
	return err;
}

enum sf_err sf_node_erasing_collect(struct sf_node_erasing *erasing)
{
	const struct sf_node_row_event event = {.transition = erasing->transition};
	const struct sf_node_row_told told = {.transition = erasing->transition};
	const struct sf_scan events = {
		.table = &sf_node_table_event, .equal_count = 1, .from = &event};
	const struct sf_scan tolds = {
		.table = &sf_node_table_told, .equal_count = 1, .from = &told};
	const struct sf_node_row_void lost = {.transition = erasing->transition};
	const struct sf_scan voids = {.table = &sf_node_table_void,
		.index = SF_NODE_VOID_BY_TRANSITION,
		.equal_count = 1,
		.from = &lost};
	const struct sf_scan episodes = {.table = &sf_node_table_episode};
	const struct sf_scan patients = {.table = &sf_node_table_patient};
	const struct sf_scan names = {.table = &sf_node_table_named};
	const struct sf_scan quarantine = {.table = &sf_node_table_quarantine};
	const struct sf_node_row_hl7 message = {.transition = erasing->transition};
	const struct sf_scan hl7 = {.table = &sf_node_table_hl7,
		.index = SF_NODE_HL7_BY_TRANSITION,
		.equal_count = 1,
		.from = &message};
	const struct sf_node_row_response wanted = {.transition = erasing->transition};
	const struct sf_scan responses = {.table = &sf_node_table_response,
		.index = SF_NODE_RESPONSE_BY_TRANSITION,
		.equal_count = 1,
		.from = &wanted};
	enum sf_err err = scan(erasing, &events, keep_event);
	if (!err)
		err = collect_messages(erasing);
	if (!err)
		err = scan(erasing, &voids, keep_void);
	if (!err)
		err = scan(erasing, &tolds, keep_told);
	if (!err)
		err = scan(erasing, &episodes, keep_episode);
	if (!err)
		err = scan(erasing, &patients, keep_patient);
	if (!err)
		err = scan(erasing, &names, keep_named);
	if (!err)
		err = scan(erasing, &quarantine, keep_quarantine);
	if (!err)
		err = scan(erasing, &hl7, keep_hl7);
	if (!err)
		err = scan(erasing, &responses, keep_response);
	const struct sf_node_row_aside aside = {.transition = erasing->transition};
	const struct sf_scan asides = {.table = &sf_node_table_aside,
		.index = SF_NODE_ASIDE_BY_TRANSITION,
		.equal_count = 1,
		.from = &aside};
	if (!err)
		err = scan(erasing, &asides, keep_aside);
	const struct sf_node_row_attachment attachment = {.transition = erasing->transition};
	const struct sf_scan attachments = {.table = &sf_node_table_attachment,
		.index = SF_NODE_ATTACHMENT_BY_TRANSITION,
		.equal_count = 1,
		.from = &attachment};
	if (!err)
		err = scan(erasing, &attachments, keep_attachment);
	const struct sf_store *store = sf_node_store(erasing->node);
	struct sf_node_row_content_key key = {.transition = erasing->transition};
	if (!err && !store->get(store->self, &sf_node_table_content_key, 0, &key, erasing->diag))
		count(erasing, SF_NODE_GONE_KEY, key.sealed.size);
	return err;
}

/* An answered message id stays, so that the same letter again is no new letter. */
static enum sf_err bury_received(
	struct sf_node_erasing *erasing, const struct sf_node_erased_name *name)
{
	const struct sf_store *store = sf_node_store(erasing->node);
	struct sf_node_row_inbox row = {.author = name->author, .message_id = name->message};
	enum sf_err err = store->get(store->self, &sf_node_table_inbox, 0, &row, erasing->diag);
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	/* A refused event may name a message of another transition (WIRE section 1). */
	if (!sf_id_equal(row.transition, erasing->transition))
		return SF_OK;
	const struct sf_node_row_inbox tombstone = {
		.author = row.author,
		.message_id = row.message_id,
		.position = row.position,
		.received_ms = row.received_ms,
		.state = SF_NODE_INBOX_ERASED,
	};
	const struct sf_node_row_deletion deletion = {
		.message_id = row.message_id, .author = row.author};
	err = store->remove(store->self, &sf_node_table_deletion, &deletion, erasing->diag);
	if (err && err != SF_ERR_NOT_FOUND)
		return err;
	return store->replace(store->self, &sf_node_table_inbox, &tombstone, erasing->diag);
}

struct proofs {
	struct sf_node_erasing *erasing;
	size_t count, capacity;
	struct sf_node_row_proof *rows; /* arena, views too */
};

static bool keep_proof(void *context, const void *row)
{
	struct proofs *proofs = context;
	struct sf_node_erasing *erasing = proofs->erasing;
	const struct sf_node_row_proof *proof = row;
	if (!sf_id_equal(proof->transition, erasing->transition))
		return true;
	proofs->rows = grow(
		erasing, proofs->rows, proofs->count, &proofs->capacity, sizeof(*proofs->rows));
	if (!proofs->rows)
		return false;
	struct sf_node_row_proof *kept = &proofs->rows[proofs->count++];
	*kept = *proof;
	kept->leaf = sf_arena_copy(&erasing->node->arena, proof->leaf);
	kept->path = sf_arena_copy(&erasing->node->arena, proof->path);
	if (!kept->leaf.data || !kept->path.data)
		erasing->err = SF_ERR_LIMIT;
	return !erasing->err;
}

/*
 * That the log has these leaves stays proven, and is still asked for where it is not yet; what they
 * are of goes. Nothing of them is submitted to a new epoch (release.c): there is nothing to submit.
 */
static enum sf_err bury_proofs(
	struct sf_node_erasing *erasing, const struct sf_node_erased_name *name)
{
	const struct sf_store *store = sf_node_store(erasing->node);
	struct proofs proofs = {.erasing = erasing};
	const struct sf_node_row_proof key = {.message_id = name->message};
	const struct sf_scan of_message = {.table = &sf_node_table_proof,
		.index = SF_NODE_PROOF_BY_MESSAGE,
		.equal_count = 1,
		.from = &key};
	enum sf_err err = store->scan(store->self, &of_message, keep_proof, &proofs, erasing->diag);
	if (!err)
		err = erasing->err;
	for (size_t i = 0; i < proofs.count && !err; i++) {
		proofs.rows[i].message_id = proofs.rows[i].transition = (struct sf_id){{0}};
		proofs.rows[i].own = 0;
		err = store->replace(
			store->self, &sf_node_table_proof, &proofs.rows[i], erasing->diag);
	}
	return err;
}

static enum sf_err bury(struct sf_node_erasing *erasing)
{
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < erasing->name_count && !err; i++) {
		err = bury_received(erasing, &erasing->names[i]);
		if (!err)
			err = bury_proofs(erasing, &erasing->names[i]);
	}
	return err;
}

static enum sf_err remove_row(
	struct sf_node_erasing *erasing, const struct sf_table *table, const void *row)
{
	const struct sf_store *store = sf_node_store(erasing->node);
	enum sf_err err = store->remove(store->self, table, row, erasing->diag);
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

enum sf_err sf_node_erasing_do(struct sf_node_erasing *erasing, enum sf_ground ground)
{
	struct sf_node *node = erasing->node;
	enum sf_err err = bury(erasing);
	for (const struct sf_node_erased_key *key = erasing->keys; key && !err; key = key->next)
		err = remove_row(erasing, key->table, &key->event);
	for (struct sf_node_erased_attachment *each = erasing->attachments; each && !err;
		each = each->next)
		err = sf_node_attachment_remove(node, &each->row, erasing->diag);
	const struct sf_node_row_content_key content_key = {.transition = erasing->transition};
	const struct sf_node_row_transition transition = {.id = erasing->transition};
	if (!err)
		err = remove_row(erasing, &sf_node_table_content_key, &content_key);
	if (!err)
		err = remove_row(erasing, &sf_node_table_transition, &transition);
	struct sf_node_row_erasure row = {.transition = erasing->transition};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err found =
		err ? err : store->get(store->self, &sf_node_table_erasure, 0, &row, erasing->diag);
	if (found && found != SF_ERR_NOT_FOUND)
		return found;
	row.ground = (int64_t)ground;
	row.done_ms = node->now_ms;
	err = store->replace(store->self, &sf_node_table_erasure, &row, erasing->diag);
	node->on_the_way -=
		erasing->on_the_way < node->on_the_way ? erasing->on_the_way : node->on_the_way;
	sf_transition_cache_drop(&node->cache, erasing->transition);
	sf_node_tell_ids(node, SF_FEED_ERASED, (struct sf_id){{0}}, node->options.party,
		(struct sf_id){{0}});
	return err;
}
