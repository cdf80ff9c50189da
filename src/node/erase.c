#include "node/erase.h"

#include "audit/listing.h"
#include "base/time.h"

#define RETAINED_MAX ((size_t)8) /* erased in one turn */
#define RETENTION_LOOK_MS SF_HOUR_MS

/* One thing that goes, or is left as a tombstone; counted for people. */
enum gone {
	GONE_EVENTS,
	GONE_RECEIVED,
	GONE_SENT,
	GONE_SEALED,
	GONE_HANDED_IN,
	GONE_LINKS,
	GONE_QUARANTINE,
	GONE_KEY,
	GONE_COUNT
};

static const char *const gone_words[GONE_COUNT] = {
	[GONE_EVENTS] = "events",
	[GONE_RECEIVED] = "letters received",
	[GONE_SENT] = "messages sent",
	[GONE_SEALED] = "sealed envelopes",
	[GONE_HANDED_IN] = "letters handed in",
	[GONE_LINKS] = "links to patient and episode",
	[GONE_QUARANTINE] = "quarantined",
	[GONE_KEY] = "content key",
};

/* A key of a row that goes. Which members count is its table's business. */
struct key {
	const struct sf_table *table;
	union {
		struct sf_node_row_event event;
		struct sf_node_row_outbox outbox;
		struct sf_node_row_sending sending;
		struct sf_node_row_delivery delivery;
		struct sf_node_row_letter letter;
		struct sf_node_row_told told;
		struct sf_node_row_episode episode;
		struct sf_node_row_patient patient;
		struct sf_node_row_quarantine quarantine;
	};
	struct key *next;
};

struct name {
	struct sf_id author;
	struct sf_id message;
};

struct erasing {
	struct sf_node *node;
	struct sf_id transition;
	uint64_t counts[GONE_COUNT], sizes[GONE_COUNT];
	size_t name_count, name_capacity;
	struct name *names; /* of its messages; arena */
	struct key *keys;
	enum sf_err err;
	struct sf_diag *diag;
};

static void count(struct erasing *erasing, enum gone what, size_t size)
{
	erasing->counts[what]++;
	erasing->sizes[what] += size;
}

static struct key *add_key(struct erasing *erasing, const struct sf_table *table)
{
	struct key *key = sf_arena_take(&erasing->node->arena, sizeof(*key));
	if (!key) {
		erasing->err = SF_ERR_LIMIT;
		return NULL;
	}
	key->table = table;
	key->next = erasing->keys;
	erasing->keys = key;
	return key;
}

static bool add_name(struct erasing *erasing, struct sf_id author, struct sf_id message)
{
	if (erasing->name_count == erasing->name_capacity) {
		size_t more = erasing->name_capacity ? 2 * erasing->name_capacity : 64;
		struct name *grown =
			sf_arena_take_many(&erasing->node->arena, more, sizeof(*grown));
		if (!grown) {
			erasing->err = SF_ERR_LIMIT;
			return false;
		}
		for (size_t i = 0; i < erasing->name_count; i++)
			grown[i] = erasing->names[i];
		erasing->names = grown;
		erasing->name_capacity = more;
	}
	erasing->names[erasing->name_count++] = (struct name){author, message};
	return true;
}

static bool keep_event(void *context, const void *row)
{
	struct erasing *erasing = context;
	const struct sf_node_row_event *event = row;
	struct key *key = add_key(erasing, &sf_node_table_event);
	if (!key || !add_name(erasing, event->author, event->message_id))
		return false;
	key->event = (struct sf_node_row_event){
		.transition = event->transition, .sequence = event->sequence};
	count(erasing, GONE_EVENTS,
		event->cover.size + event->receipt.size + event->receipt_path.size +
			event->receipt_signature.size);
	return true;
}

static bool keep_sending(void *context, const void *row)
{
	struct erasing *erasing = context;
	const struct sf_node_row_sending *sending = row;
	struct key *key = add_key(erasing, &sf_node_table_sending);
	if (!key)
		return false;
	key->sending = (struct sf_node_row_sending){.envelope_id = sending->envelope_id};
	count(erasing, GONE_SEALED, sending->envelope.size);
	return true;
}

static bool keep_delivery(void *context, const void *row)
{
	struct erasing *erasing = context;
	const struct sf_node_row_delivery *delivery = row;
	struct key *key = add_key(erasing, &sf_node_table_delivery);
	if (key)
		key->delivery = (struct sf_node_row_delivery){
			.message_id = delivery->message_id, .recipient = delivery->recipient};
	return key != NULL;
}

static bool keep_told(void *context, const void *row)
{
	struct erasing *erasing = context;
	struct key *key = add_key(erasing, &sf_node_table_told);
	if (key)
		key->told = *(const struct sf_node_row_told *)row;
	return key != NULL;
}

static bool keep_episode(void *context, const void *row)
{
	struct erasing *erasing = context;
	const struct sf_node_row_episode *episode = row;
	if (!sf_id_equal(episode->transition, erasing->transition))
		return true;
	struct key *key = add_key(erasing, &sf_node_table_episode);
	if (key)
		key->episode = *episode;
	count(erasing, GONE_LINKS, 0);
	return key != NULL;
}

static bool keep_patient(void *context, const void *row)
{
	struct erasing *erasing = context;
	const struct sf_node_row_patient *patient = row;
	if (!sf_id_equal(patient->transition, erasing->transition))
		return true;
	struct key *key = add_key(erasing, &sf_node_table_patient);
	if (key)
		key->patient = *patient;
	count(erasing, GONE_LINKS, 0);
	return key != NULL;
}

static bool keep_quarantine(void *context, const void *row)
{
	struct erasing *erasing = context;
	const struct sf_node_row_quarantine *kept = row;
	bool of_it = false;
	for (size_t i = 0; i < erasing->name_count && !of_it; i++)
		of_it = sf_id_equal(erasing->names[i].author, kept->author) &&
			sf_id_equal(erasing->names[i].message, kept->message_id);
	if (!of_it)
		return true;
	struct key *key = add_key(erasing, &sf_node_table_quarantine);
	if (key)
		key->quarantine = (struct sf_node_row_quarantine){.position = kept->position};
	count(erasing, GONE_QUARANTINE, kept->envelope.size);
	return key != NULL;
}

static enum sf_err scan(
	struct erasing *erasing, const struct sf_scan *scan, sf_row_visitor *visitor)
{
	const struct sf_store *store = sf_node_store(erasing->node);
	enum sf_err err = store->scan(store->self, scan, visitor, erasing, erasing->diag);
	return err ? err : erasing->err;
}

/* What this party sent: outbox, envelopes, deliveries, and the letter that was handed in. */
static enum sf_err collect_sent(struct erasing *erasing, struct sf_id message)
{
	const struct sf_store *store = sf_node_store(erasing->node);
	struct sf_node_row_outbox outbox = {.message_id = message};
	enum sf_err err = store->get(store->self, &sf_node_table_outbox, 0, &outbox, erasing->diag);
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	struct key *key = add_key(erasing, &sf_node_table_outbox);
	if (!key)
		return erasing->err;
	key->outbox = (struct sf_node_row_outbox){.message_id = message};
	count(erasing, GONE_SENT, outbox.message.size + outbox.salted_body.size);
	const struct sf_node_row_sending sending = {.message_id = message};
	const struct sf_node_row_delivery delivery = {.message_id = message};
	const struct sf_scan sendings = {.table = &sf_node_table_sending,
		.index = SF_NODE_SENDING_BY_MESSAGE,
		.equal_count = 1,
		.from = &sending};
	const struct sf_scan deliveries = {
		.table = &sf_node_table_delivery, .equal_count = 1, .from = &delivery};
	err = scan(erasing, &sendings, keep_sending);
	if (!err)
		err = scan(erasing, &deliveries, keep_delivery);
	struct sf_node_row_letter letter = {.message_id = message};
	enum sf_err found =
		err ? err
		    : store->get(store->self, &sf_node_table_letter, 0, &letter, erasing->diag);
	if (found)
		return found == SF_ERR_NOT_FOUND ? SF_OK : found;
	count(erasing, GONE_HANDED_IN, letter.content.size + letter.acknowledgement.size);
	key = add_key(erasing, &sf_node_table_letter);
	if (key)
		key->letter = (struct sf_node_row_letter){.message_id = message};
	return erasing->err;
}

static enum sf_err collect_received(struct erasing *erasing, const struct name *name)
{
	const struct sf_store *store = sf_node_store(erasing->node);
	struct sf_node_row_inbox row = {.author = name->author, .message_id = name->message};
	enum sf_err err = store->get(store->self, &sf_node_table_inbox, 0, &row, erasing->diag);
	if (!err)
		count(erasing, GONE_RECEIVED, row.body.size);
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

static enum sf_err collect_names(struct erasing *erasing)
{
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < erasing->name_count && !err; i++) {
		const struct name *name = &erasing->names[i];
		bool own = sf_id_equal(name->author, erasing->node->options.party);
		err = own ? collect_sent(erasing, name->message) : collect_received(erasing, name);
	}
	return err;
}

static enum sf_err collect(struct erasing *erasing)
{
	const struct sf_node_row_event event = {.transition = erasing->transition};
	const struct sf_node_row_told told = {.transition = erasing->transition};
	const struct sf_scan events = {
		.table = &sf_node_table_event, .equal_count = 1, .from = &event};
	const struct sf_scan tolds = {
		.table = &sf_node_table_told, .equal_count = 1, .from = &told};
	const struct sf_scan episodes = {.table = &sf_node_table_episode};
	const struct sf_scan patients = {.table = &sf_node_table_patient};
	const struct sf_scan quarantine = {.table = &sf_node_table_quarantine};
	enum sf_err err = scan(erasing, &events, keep_event);
	if (!err)
		err = collect_names(erasing);
	if (!err)
		err = scan(erasing, &tolds, keep_told);
	if (!err)
		err = scan(erasing, &episodes, keep_episode);
	if (!err)
		err = scan(erasing, &patients, keep_patient);
	if (!err)
		err = scan(erasing, &quarantine, keep_quarantine);
	const struct sf_store *store = sf_node_store(erasing->node);
	struct sf_node_row_content_key key = {.transition = erasing->transition};
	if (!err && !store->get(store->self, &sf_node_table_content_key, 0, &key, erasing->diag))
		count(erasing, GONE_KEY, key.sealed.size);
	return err;
}

/* An answered message id stays, so that the same letter again is no new letter. */
static enum sf_err bury_received(struct erasing *erasing)
{
	const struct sf_store *store = sf_node_store(erasing->node);
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < erasing->name_count && !err; i++) {
		struct sf_node_row_inbox row = {.author = erasing->names[i].author,
			.message_id = erasing->names[i].message};
		err = store->get(store->self, &sf_node_table_inbox, 0, &row, erasing->diag);
		if (err == SF_ERR_NOT_FOUND) {
			err = SF_OK;
			continue;
		}
		row.body = sf_view_of(NULL, 0);
		row.unhandled = 0;
		row.acknowledgement = (struct sf_id){{0}};
		if (!err)
			err = store->replace(
				store->self, &sf_node_table_inbox, &row, erasing->diag);
	}
	return err;
}

static enum sf_err remove_row(
	struct erasing *erasing, const struct sf_table *table, const void *row)
{
	const struct sf_store *store = sf_node_store(erasing->node);
	enum sf_err err = store->remove(store->self, table, row, erasing->diag);
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

static enum sf_err erase(struct erasing *erasing, enum sf_ground ground)
{
	struct sf_node *node = erasing->node;
	enum sf_err err = bury_received(erasing);
	for (const struct key *key = erasing->keys; key && !err; key = key->next)
		err = remove_row(erasing, key->table, &key->event);
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
	sf_transition_cache_drop(&node->cache, erasing->transition);
	sf_node_tell_ids(node, SF_FEED_ERASED, (struct sf_id){{0}}, node->options.party,
		(struct sf_id){{0}});
	return err;
}

static enum sf_err get_erasure(struct sf_node *node, struct sf_id transition,
	struct sf_node_row_erasure *ret_row, struct sf_diag *diag)
{
	*ret_row = (struct sf_node_row_erasure){.transition = transition};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->get(store->self, &sf_node_table_erasure, 0, ret_row, diag);
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

enum sf_err sf_node_is_erased(
	struct sf_node *node, struct sf_id transition, bool *ret_erased, struct sf_diag *diag)
{
	struct sf_node_row_erasure row;
	*ret_erased = false;
	if (sf_id_is_none(transition))
		return SF_OK;
	enum sf_err err = get_erasure(node, transition, &row, diag);
	*ret_erased = !err && row.done_ms != 0;
	return err;
}

enum sf_err sf_node_hear_statement(
	struct sf_node *node, const struct sf_node_item *item, struct sf_diag *diag)
{
	const struct sf_message *message = &item->header.message;
	if (message->fact.kind != SF_KIND_ERASED)
		return SF_OK;
	struct sf_node_row_erasure row;
	enum sf_err err = get_erasure(node, message->fact.statement.subject, &row, diag);
	if (err)
		return err;
	row.asked_ms = item->receipt.recorded_ms;
	if (row.done_ms == 0)
		row.ground = (int64_t)message->fact.statement.ground;
	sf_node_tell_ids(node, SF_FEED_ERASED, message->id, message->author, node->options.party);
	const struct sf_store *store = sf_node_store(node);
	return store->replace(store->self, &sf_node_table_erasure, &row, diag);
}

enum sf_err sf_node_drop_sending(
	struct sf_node *node, struct sf_id envelope_id, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	struct sf_node_row_sending row = {.envelope_id = envelope_id};
	enum sf_err err = store->get(store->self, &sf_node_table_sending, 0, &row, diag);
	if (err || row.open == 0)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	row.envelope = sf_arena_copy(&node->arena, row.envelope);
	if (!row.envelope.data)
		return SF_ERR_LIMIT;
	row.open = 0;
	if (node->on_the_way > 0)
		node->on_the_way--;
	node->progress_ms = node->now_ms;
	return store->replace(store->self, &sf_node_table_sending, &row, diag);
}

static enum sf_err describe(const struct erasing *erasing, bool done, struct sf_arena *arena,
	struct sf_reply *ret_reply)
{
	struct sf_erased_row *rows = sf_arena_take_many(arena, GONE_COUNT, sizeof(*rows));
	if (!rows)
		return SF_ERR_LIMIT;
	for (size_t i = 0; i < GONE_COUNT; i++)
		rows[i] = (struct sf_erased_row){
			gone_words[i], erasing->counts[i], erasing->sizes[i]};
	*ret_reply = (struct sf_reply){.kind = SF_REPLY_ERASED,
		.text = "",
		.erased = {.done = done,
			.at_ms = erasing->node->now_ms,
			.transition = erasing->transition,
			.row_count = GONE_COUNT,
			.rows = rows}};
	return SF_OK;
}

/* While the patient's course is open somebody here may be responsible. */
static bool may_erase(const struct sf_node_row_transition *row,
	const struct sf_node_row_erasure *erasure, enum sf_ground ground)
{
	return row->open == 0 || erasure->asked_ms != 0 || ground == SF_GROUND_MISTAKE ||
	       ground == SF_GROUND_ORDER;
}

enum sf_err sf_node_serve_erase(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const struct sf_request_erase *asked = &request->erase;
	const struct sf_store *store = sf_node_store(node);
	struct sf_node_row_erasure erasure;
	enum sf_err err = get_erasure(node, asked->transition, &erasure, diag);
	if (err)
		return err;
	if (erasure.done_ms != 0) {
		sf_reply_refuse(
			ret_reply, arena, SF_ERR_EXISTS, "the transition is erased already");
		return SF_OK;
	}
	struct sf_node_row_transition row = {.id = asked->transition};
	err = store->get(store->self, &sf_node_table_transition, 0, &row, diag);
	if (err == SF_ERR_NOT_FOUND) {
		sf_reply_refuse(ret_reply, arena, err, "no transition of this id is known here");
		return SF_OK;
	}
	if (!err && !may_erase(&row, &erasure, asked->ground)) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_STATE,
			"the transition is not closed: somebody is responsible for this patient "
			"now; close it first, or say --ground mistake or order");
		return SF_OK;
	}
	struct erasing erasing = {.node = node, .transition = asked->transition, .diag = diag};
	if (!err)
		err = collect(&erasing);
	if (!err && !asked->preview)
		err = erase(&erasing, asked->ground);
	return err ? err : describe(&erasing, !asked->preview, arena, ret_reply);
}

/* --- Retention ------------------------------------------------------------------------------- */

struct retained {
	int64_t before_ms;
	size_t count;
	struct sf_id transitions[RETAINED_MAX];
};

static bool keep_retained(void *context, const void *row)
{
	struct retained *retained = context;
	const struct sf_node_row_transition *transition = row;
	if (transition->updated_ms >= retained->before_ms || retained->count == RETAINED_MAX)
		return false;
	if (transition->open == 0)
		retained->transitions[retained->count++] = transition->id;
	return true;
}

int64_t sf_node_retention_due_ms(const struct sf_node *node)
{
	return node->options.retention_ms > 0 ? node->retention_ms : INT64_MAX;
}

enum sf_err sf_node_retain(struct sf_node *node, struct sf_diag *diag)
{
	if (sf_node_retention_due_ms(node) > node->now_ms)
		return SF_OK;
	struct retained retained = {.before_ms = node->now_ms - node->options.retention_ms};
	const struct sf_scan scan_old = {
		.table = &sf_node_table_transition, .index = SF_NODE_TRANSITION_BY_UPDATED};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan_old, keep_retained, &retained, diag);
	for (size_t i = 0; i < retained.count && !err; i++) {
		struct erasing erasing = {
			.node = node, .transition = retained.transitions[i], .diag = diag};
		err = collect(&erasing);
		if (!err)
			err = erase(&erasing, SF_GROUND_RETENTION);
	}
	node->retention_ms =
		node->now_ms + (retained.count == RETAINED_MAX ? SF_SECOND_MS : RETENTION_LOOK_MS);
	return err;
}
