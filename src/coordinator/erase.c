/*
 * Erasing a transition (WIRE.md section 4): covers, facts, receipts, blinding and ciphertext go;
 * the leaves stay as opaque numbers, so that every proof over them holds; message ids stay as
 * tombstones, so that what comes again from somebody's backup is answered and dropped. A statement
 * in the log says what was erased and on what ground, and goes to every node that took part: its
 * own controller decides about its own copy.
 */
#include "coordinator/attachment.h"
#include "coordinator/service.h"

#include "audit/erased.h"
#include "base/time.h"

#define RETAINED_ERASE_MAX ((size_t)8) /* of them erased in one turn: some 200 events */
#define RETENTION_LOOK_MS SF_HOUR_MS

struct erasing {
	struct sf_coordinator *coordinator;
	struct sf_id transition;
	size_t event_count, event_capacity;
	struct sf_row_event *events; /* arena; views gone */
	uint64_t event_size;
	size_t queue_count, queue_capacity;
	struct sf_row_queue *queued;
	size_t delivery_count, delivery_capacity;
	struct sf_row_delivery *deliveries;
	uint64_t sealed_count, sealed_size;
	size_t knowledge_count, knowledge_capacity;
	struct sf_row_knowledge *knowledge;
	/* Whoever has written, got or known anything of it, and so may have a copy. */
	size_t party_count, party_capacity;
	struct sf_id *parties;
	size_t concern_count, concern_capacity;
	struct sf_row_concern *concerns;
	struct sf_id person;
	int64_t opened_ms;
	struct sf_digest head;
	enum sf_err err;
	struct sf_diag *diag;
};

/* Room for one more of a growing array; NULL and err when the arena is full. */
static void *grow(struct erasing *erasing, void *items, size_t count, size_t *capacity, size_t size)
{
	if (count < *capacity)
		return items;
	size_t more = *capacity ? 2 * *capacity : 64;
	char *grown = sf_arena_take_many(&erasing->coordinator->arena, more, size);
	if (!grown) {
		erasing->err = SF_ERR_LIMIT;
		return NULL;
	}
	for (size_t i = 0; i < count * size; i++)
		grown[i] = ((const char *)items)[i];
	*capacity = more;
	return grown;
}

static bool keep_event(void *context, const void *row)
{
	struct erasing *erasing = context;
	const struct sf_row_event *event = row;
	erasing->event_size += event->cover.size + event->receipt.size + event->receipt_path.size +
			       event->receipt_signature.size;
	erasing->events = grow(erasing, erasing->events, erasing->event_count,
		&erasing->event_capacity, sizeof(*erasing->events));
	if (!erasing->events)
		return false;
	struct sf_row_event *kept = &erasing->events[erasing->event_count];
	/* What stays: place, number, times, class, heads and the leaf itself. */
	*kept = (struct sf_row_event){.leaf_index = event->leaf_index,
		.transition = event->transition,
		.sequence = event->sequence,
		.kind_class = event->kind_class,
		.recorded_ms = event->recorded_ms,
		.previous_head = event->previous_head,
		.head = event->head,
		.leaf = sf_arena_copy(&erasing->coordinator->arena, event->leaf),
		/* Only to find the rest by; not written again. */
		.author = event->author,
		.message_id = event->message_id,
		.envelope_id = event->envelope_id};
	erasing->event_count++;
	if (!kept->leaf.data)
		erasing->err = SF_ERR_LIMIT;
	return !erasing->err;
}

static enum sf_err collect_events(struct erasing *erasing)
{
	const struct sf_store *store = &erasing->coordinator->ports.store;
	const struct sf_row_event key = {.transition = erasing->transition};
	const struct sf_scan scan = {.table = &sf_table_event,
		.index = SF_EVENT_BY_SEQUENCE,
		.equal_count = 1,
		.from = &key};
	enum sf_err err = store->scan(store->self, &scan, keep_event, erasing, erasing->diag);
	if (!err)
		err = erasing->err;
	if (!err && erasing->event_count > 0)
		erasing->head = erasing->events[erasing->event_count - 1].head;
	return err;
}

static bool add_party(struct erasing *erasing, struct sf_id party)
{
	if (sf_id_is_none(party) || sf_id_equal(party, erasing->coordinator->options.party))
		return !erasing->err;
	for (size_t i = 0; i < erasing->party_count; i++)
		if (sf_id_equal(erasing->parties[i], party))
			return !erasing->err;
	erasing->parties = grow(erasing, erasing->parties, erasing->party_count,
		&erasing->party_capacity, sizeof(*erasing->parties));
	if (erasing->parties)
		erasing->parties[erasing->party_count++] = party;
	return !erasing->err;
}

static bool keep_queued(void *context, const void *row)
{
	struct erasing *erasing = context;
	const struct sf_row_queue *queued = row;
	if (!sf_id_equal(queued->transition, erasing->transition))
		return true;
	erasing->queued = grow(erasing, erasing->queued, erasing->queue_count,
		&erasing->queue_capacity, sizeof(*erasing->queued));
	if (erasing->queued)
		erasing->queued[erasing->queue_count++] = *queued;
	return !erasing->err;
}

static bool keep_delivery(void *context, const void *row)
{
	struct erasing *erasing = context;
	if (!sf_id_equal(((const struct sf_row_delivery *)row)->transition, erasing->transition))
		return true;
	erasing->deliveries = grow(erasing, erasing->deliveries, erasing->delivery_count,
		&erasing->delivery_capacity, sizeof(*erasing->deliveries));
	if (erasing->deliveries)
		erasing->deliveries[erasing->delivery_count++] =
			*(const struct sf_row_delivery *)row;
	return add_party(erasing, ((const struct sf_row_delivery *)row)->recipient);
}

static bool keep_knowledge(void *context, const void *row)
{
	struct erasing *erasing = context;
	erasing->knowledge = grow(erasing, erasing->knowledge, erasing->knowledge_count,
		&erasing->knowledge_capacity, sizeof(*erasing->knowledge));
	if (erasing->knowledge)
		erasing->knowledge[erasing->knowledge_count++] =
			*(const struct sf_row_knowledge *)row;
	return add_party(erasing, ((const struct sf_row_knowledge *)row)->party);
}

static bool keep_concern(void *context, const void *row)
{
	struct erasing *erasing = context;
	erasing->concerns = grow(erasing, erasing->concerns, erasing->concern_count,
		&erasing->concern_capacity, sizeof(*erasing->concerns));
	if (erasing->concerns)
		erasing->concerns[erasing->concern_count++] = *(const struct sf_row_concern *)row;
	return !erasing->err;
}

/*
 * An event may name a message of another transition: it was refused, because the message id was
 * taken (WIRE section 1). What that message has left is not this transition's.
 */
static enum sf_err is_own_message(
	struct erasing *erasing, const struct sf_row_event *event, bool *ret_own)
{
	const struct sf_store *store = &erasing->coordinator->ports.store;
	struct sf_row_message row = {.author = event->author, .message_id = event->message_id};
	enum sf_err err = store->get(store->self, &sf_table_message, 0, &row, erasing->diag);
	*ret_own = !err && sf_id_equal(row.transition, erasing->transition);
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

static enum sf_err collect_of_events(struct erasing *erasing)
{
	const struct sf_store *store = &erasing->coordinator->ports.store;
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < erasing->event_count && !err; i++) {
		const struct sf_row_event *event = &erasing->events[i];
		const struct sf_row_delivery key = {
			.author = event->author, .message_id = event->message_id};
		const struct sf_scan scan = {
			.table = &sf_table_delivery, .equal_count = 2, .from = &key};
		err = store->scan(store->self, &scan, keep_delivery, erasing, erasing->diag);
		struct sf_row_sealed sealed = {
			.author = event->author, .message_id = event->message_id};
		bool own = false;
		if (!err)
			err = is_own_message(erasing, event, &own);
		enum sf_err found = err ? err : SF_ERR_NOT_FOUND;
		if (own)
			found = store->get(
				store->self, &sf_table_sealed, 0, &sealed, erasing->diag);
		if (!found) {
			erasing->sealed_count++;
			erasing->sealed_size += sealed.envelope.size;
		}
		if (!err)
			err = found == SF_ERR_NOT_FOUND ? erasing->err : found;
	}
	return err;
}

/* Who took part, and the pseudonym, are known while the covers are. */
static enum sf_err collect_parties(struct erasing *erasing)
{
	struct sf_coordinator *coordinator = erasing->coordinator;
	struct sf_cached_transition folded;
	enum sf_err err = sf_coordinator_fold(
		coordinator, erasing->transition, INT64_MAX, UINT64_MAX, &folded, erasing->diag);
	if (err)
		return err;
	const struct sf_audience members = sf_coordinator_members(folded.transition);
	erasing->opened_ms = folded.opened_ms;
	const struct sf_parties *parties = sf_transition_parties(folded.transition);
	if (parties)
		erasing->person = parties->person;
	sf_transition_close(&folded.transition);
	for (size_t i = 0; i < members.count; i++)
		add_party(erasing, members.parties[i]);
	for (size_t i = 0; i < erasing->event_count; i++)
		add_party(erasing, erasing->events[i].author);
	return erasing->err;
}

static enum sf_err collect_of_transition(struct erasing *erasing)
{
	const struct sf_store *store = &erasing->coordinator->ports.store;
	const struct sf_row_knowledge known = {.transition = erasing->transition};
	const struct sf_row_concern concern = {.transition = erasing->transition};
	const struct sf_scan knowledge = {
		.table = &sf_table_knowledge, .equal_count = 1, .from = &known};
	const struct sf_scan concerns = {
		.table = &sf_table_concern, .equal_count = 1, .from = &concern};
	enum sf_err err =
		store->scan(store->self, &knowledge, keep_knowledge, erasing, erasing->diag);
	if (!err)
		err = store->scan(store->self, &concerns, keep_concern, erasing, erasing->diag);
	for (size_t i = 0; i < erasing->party_count && !err && !erasing->err; i++) {
		const struct sf_row_queue from = {.recipient = erasing->parties[i]};
		const struct sf_scan queue = {
			.table = &sf_table_queue, .equal_count = 1, .from = &from};
		err = store->scan(store->self, &queue, keep_queued, erasing, erasing->diag);
	}
	return err ? err : erasing->err;
}

static enum sf_err collect(struct erasing *erasing)
{
	enum sf_err err = collect_events(erasing);
	if (!err && erasing->event_count == 0)
		return SF_ERR_NOT_FOUND;
	if (!err)
		err = collect_of_events(erasing);
	if (!err)
		err = collect_parties(erasing);
	return err ? err : collect_of_transition(erasing);
}

static enum sf_err remove_row(
	struct erasing *erasing, const struct sf_table *table, const void *row)
{
	const struct sf_store *store = &erasing->coordinator->ports.store;
	enum sf_err err = store->remove(store->self, table, row, erasing->diag);
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

/* Its id may be another event's, when it was reused (WIRE section 7). */
static enum sf_err erase_envelope(struct erasing *erasing, const struct sf_row_event *event)
{
	const struct sf_store *store = &erasing->coordinator->ports.store;
	struct sf_row_envelope row = {.envelope_id = event->envelope_id};
	enum sf_err err = store->get(store->self, &sf_table_envelope, 0, &row, erasing->diag);
	if (err || row.leaf_index != event->leaf_index)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	return remove_row(erasing, &sf_table_envelope, &row);
}

/*
 * The tombstone: who said a message of this id, under which number, and how it ended. What it was
 * about, where it stands and what was in it go, so that no leaf and no transition can be told from
 * it.
 */
static enum sf_err bury_message(struct erasing *erasing, const struct sf_row_event *event)
{
	const struct sf_store *store = &erasing->coordinator->ports.store;
	struct sf_row_message row = {.author = event->author, .message_id = event->message_id};
	enum sf_err err = store->get(store->self, &sf_table_message, 0, &row, erasing->diag);
	if (err || !sf_id_equal(row.transition, erasing->transition))
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	row.transition = (struct sf_id){{0}};
	row.content_id = (struct sf_digest){{0}};
	row.leaf_index = row.kind = 0;
	return store->replace(store->self, &sf_table_message, &row, erasing->diag);
}

static enum sf_err erase_events(struct erasing *erasing)
{
	const struct sf_store *store = &erasing->coordinator->ports.store;
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < erasing->event_count && !err; i++) {
		struct sf_row_event *event = &erasing->events[i];
		const struct sf_row_sealed sealed = {
			.author = event->author, .message_id = event->message_id};
		bool own = false;
		err = is_own_message(erasing, event, &own);
		if (!err && own)
			err = remove_row(erasing, &sf_table_sealed, &sealed);
		if (!err && own)
			err = sf_coordinator_drop_attachments(erasing->coordinator, event->author,
				event->message_id, erasing->diag);
		if (!err)
			err = erase_envelope(erasing, event);
		if (!err)
			err = bury_message(erasing, event);
		event->author = event->message_id = event->envelope_id = (struct sf_id){{0}};
		if (!err)
			err = store->replace(store->self, &sf_table_event, event, erasing->diag);
	}
	return err;
}

static enum sf_err erase_queues(struct erasing *erasing)
{
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < erasing->queue_count && !err; i++) {
		const struct sf_row_queue *queued = &erasing->queued[i];
		err = remove_row(erasing, &sf_table_queue, queued);
		struct sf_party_state *party =
			sf_parties_find(&erasing->coordinator->parties, queued->recipient);
		if (party)
			sf_coordinator_start_queue(erasing->coordinator, party);
	}
	for (size_t i = 0; i < erasing->delivery_count && !err; i++)
		err = remove_row(erasing, &sf_table_delivery, &erasing->deliveries[i]);
	for (size_t i = 0; i < erasing->knowledge_count && !err; i++)
		err = remove_row(erasing, &sf_table_knowledge, &erasing->knowledge[i]);
	return err;
}

static enum sf_err erase_parties(struct erasing *erasing)
{
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < erasing->concern_count && !err; i++)
		err = remove_row(erasing, &sf_table_concern, &erasing->concerns[i]);
	for (size_t i = 0; i < erasing->party_count && !err; i++) {
		const struct sf_row_difference difference = {
			.transition = erasing->transition, .party = erasing->parties[i]};
		err = remove_row(erasing, &sf_table_difference, &difference);
	}
	const struct sf_row_person person = {
		erasing->person, erasing->opened_ms, erasing->transition};
	const struct sf_row_transition transition = {.id = erasing->transition};
	if (!err && !sf_id_is_none(erasing->person))
		err = remove_row(erasing, &sf_table_person, &person);
	const struct sf_row_fold fold = {.transition = erasing->transition};
	if (!err)
		err = remove_row(erasing, &sf_table_fold, &fold);
	return err ? err : remove_row(erasing, &sf_table_transition, &transition);
}

/* The statement, its row, and its cover for everybody who may have a copy. */
static enum sf_err state_erased(struct erasing *erasing, enum sf_ground ground)
{
	struct sf_coordinator *coordinator = erasing->coordinator;
	const struct sf_row_event *last = &erasing->events[erasing->event_count - 1];
	const struct sf_fact fact = {.kind = SF_KIND_ERASED,
		.statement = {.subject = erasing->transition,
			.ground = ground,
			.until_sequence = (uint64_t)last->sequence,
			.head = erasing->head}};
	struct sf_recording *recording;
	enum sf_err err = sf_coordinator_state_fact(coordinator, &fact, &recording);
	if (err)
		return err;
	const struct sf_row_erasure row = {
		.transition = erasing->transition,
		.at_ms = coordinator->recorded_ms,
		.ground = (int64_t)ground,
		.leaf_index = recording->row.leaf_index,
		.until_sequence = last->sequence,
		.head = erasing->head,
	};
	const struct sf_store *store = &coordinator->ports.store;
	err = store->insert(store->self, &sf_table_erasure, &row, erasing->diag);
	for (size_t i = 0; i < erasing->party_count && !err; i++)
		err = sf_coordinator_queue(
			coordinator, erasing->parties[i], &recording->row, false, erasing->diag);
	sf_coordinator_tell(coordinator, SF_FEED_ERASED, (struct sf_id){{0}},
		coordinator->options.party, (struct sf_id){{0}});
	return err;
}

static enum sf_err erase(struct erasing *erasing, enum sf_ground ground)
{
	enum sf_err err = erase_queues(erasing);
	if (!err)
		err = erase_events(erasing);
	if (!err)
		err = erase_parties(erasing);
	if (!err)
		err = state_erased(erasing, ground);
	sf_transition_cache_drop(&erasing->coordinator->cache, erasing->transition);
	return err;
}

/* Something of it is still to be written when this turn ends. */
static bool is_busy(const struct sf_coordinator *coordinator, struct sf_id transition)
{
	for (const struct sf_recording *at = coordinator->recording_first; at; at = at->next)
		if (sf_id_equal(at->row.transition, transition))
			return true;
	for (const struct sf_changed *at = coordinator->changed_first; at; at = at->next)
		if (sf_id_equal(sf_transition_id(at->cached->transition), transition))
			return true;
	return false;
}

static const char *why_not(struct sf_coordinator *coordinator, struct sf_id transition,
	enum sf_ground ground, const struct sf_row_transition *row)
{
	if (sf_coordinator_is_behind(coordinator))
		return "nothing can be recorded here now (stafet log status)";
	if (is_busy(coordinator, transition))
		return "something of this transition is being recorded this moment; try again";
	if (row->state != SF_TRANSITION_CLOSED && ground != SF_GROUND_MISTAKE &&
		ground != SF_GROUND_ORDER)
		return "the transition is not closed: somebody is responsible for this patient "
		       "now; "
		       "close it first, or say --ground mistake or order";
	return NULL;
}

static enum sf_err describe(const struct erasing *erasing, bool done, struct sf_arena *arena,
	struct sf_reply *ret_reply)
{
	const struct sf_erased_row rows[] = {
		{"events", erasing->event_count, erasing->event_size},
		{"sealed letters", erasing->sealed_count, erasing->sealed_size},
		{"deliveries", erasing->delivery_count, 0},
		{"queued for parties", erasing->queue_count, 0},
		{"who knew what when", erasing->knowledge_count, 0},
		{"pseudonym", !sf_id_is_none(erasing->person), 0},
	};
	struct sf_erased_row *kept = sf_arena_take_many(arena, SF_COUNT(rows), sizeof(*kept));
	struct sf_asked_row *asked =
		sf_arena_take_many(arena, erasing->party_count, sizeof(*asked));
	struct sf_listing listing = {erasing->coordinator->directory, arena, false};
	if (!kept || !asked)
		return SF_ERR_LIMIT;
	for (size_t i = 0; i < SF_COUNT(rows); i++)
		kept[i] = rows[i];
	for (size_t i = 0; i < erasing->party_count; i++) {
		const struct sf_directory_entry *entry =
			sf_directory_party(erasing->coordinator->directory, erasing->parties[i]);
		asked[i] = (struct sf_asked_row){erasing->parties[i],
			sf_listing_name(&listing, erasing->parties[i]),
			entry ? entry->role : SF_ROLE_NONE};
	}
	*ret_reply = (struct sf_reply){.kind = SF_REPLY_ERASED,
		.text = "",
		.erased = {.done = done,
			.at_ms = erasing->coordinator->recorded_ms,
			.transition = erasing->transition,
			.row_count = SF_COUNT(rows),
			.rows = kept,
			.asked_count = erasing->party_count,
			.asked = asked}};
	return listing.full ? SF_ERR_LIMIT : SF_OK;
}

enum sf_err sf_coordinator_serve_erase(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag)
{
	const struct sf_request_erase *asked = &request->erase;
	const struct sf_store *store = &coordinator->ports.store;
	struct sf_row_transition row = {.id = asked->transition};
	struct sf_row_erasure before = {.transition = asked->transition};
	enum sf_err err = store->get(store->self, &sf_table_erasure, 0, &before, diag);
	if (!err) {
		sf_reply_refuse_erased(ret_reply, arena, SF_ERR_EXISTS, before.at_ms,
			(enum sf_ground)before.ground);
		return SF_OK;
	}
	if (err != SF_ERR_NOT_FOUND)
		return err;
	err = store->get(store->self, &sf_table_transition, 0, &row, diag);
	if (err == SF_ERR_NOT_FOUND) {
		sf_reply_refuse(ret_reply, arena, err, "no transition of this id is known here");
		return SF_OK;
	}
	const char *reason =
		err ? NULL : why_not(coordinator, asked->transition, asked->ground, &row);
	if (reason) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_STATE, reason);
		return SF_OK;
	}
	struct erasing erasing = {
		.coordinator = coordinator, .transition = asked->transition, .diag = diag};
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
	struct sf_id transitions[RETAINED_ERASE_MAX];
};

static bool keep_retained(void *context, const void *row)
{
	struct retained *retained = context;
	const struct sf_row_transition *transition = row;
	if (transition->updated_ms >= retained->before_ms || retained->count == RETAINED_ERASE_MAX)
		return false;
	if (transition->state == SF_TRANSITION_CLOSED)
		retained->transitions[retained->count++] = transition->id;
	return true;
}

int64_t sf_coordinator_retention_due_ms(const struct sf_coordinator *coordinator)
{
	return coordinator->options.retention_ms > 0 ? coordinator->retention_ms : INT64_MAX;
}

/* Closed for longer than they are kept: a few a turn, oldest first, until none is left. */
enum sf_err sf_coordinator_retain(struct sf_coordinator *coordinator, struct sf_diag *diag)
{
	if (sf_coordinator_retention_due_ms(coordinator) > coordinator->recorded_ms ||
		sf_coordinator_is_stopped(coordinator))
		return SF_OK;
	struct retained retained = {
		.before_ms = coordinator->recorded_ms - coordinator->options.retention_ms};
	const struct sf_store *store = &coordinator->ports.store;
	const struct sf_scan scan = {
		.table = &sf_table_transition, .index = SF_TRANSITION_BY_UPDATED};
	enum sf_err err = store->scan(store->self, &scan, keep_retained, &retained, diag);
	for (size_t i = 0; i < retained.count && !err; i++) {
		struct erasing erasing = {.coordinator = coordinator,
			.transition = retained.transitions[i],
			.diag = diag};
		if (is_busy(coordinator, erasing.transition))
			continue;
		err = collect(&erasing);
		if (!err)
			err = erase(&erasing, SF_GROUND_RETENTION);
	}
	coordinator->retention_ms =
		coordinator->recorded_ms +
		(retained.count == RETAINED_ERASE_MAX ? SF_SECOND_MS : RETENTION_LOOK_MS);
	return err;
}
