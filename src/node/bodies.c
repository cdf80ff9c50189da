#include "node/bodies.h"

#include "node/rest.h"

struct body_walk {
	struct sf_node *node;
	sf_body_visitor *visitor;
	void *context;
	struct sf_arena scratch; /* of one body */
	enum sf_err err;
	struct sf_diag *diag;
};

bool sf_node_is_letter(const struct sf_node_row_inbox *inbox)
{
	return inbox->state == SF_NODE_INBOX_OK ||
	       (inbox->state != SF_NODE_INBOX_ERASED && inbox->body.size > 0);
}

/* Own letters stand in the outbox behind their salt, others' in the inbox. */
static enum sf_err get_body(
	struct body_walk *walk, struct sf_id author, struct sf_id message, struct sf_view *ret_body)
{
	const struct sf_store *store = sf_node_store(walk->node);
	*ret_body = sf_view_of(NULL, 0);
	if (sf_id_equal(author, walk->node->options.party)) {
		struct sf_node_row_outbox row = {.message_id = message};
		enum sf_err err =
			store->get(store->self, &sf_node_table_outbox, 0, &row, walk->diag);
		const struct sf_node_rest rest = {row.transition, SF_NODE_REST_OUTBOX, message};
		struct sf_view salted = {0};
		if (!err)
			err = sf_node_open_content(walk->node, &rest, row.salted_body,
				&walk->scratch, &salted, walk->diag);
		if (!err && salted.size > SF_NODE_SALT_SIZE)
			*ret_body = sf_view_of(
				salted.data + SF_NODE_SALT_SIZE, salted.size - SF_NODE_SALT_SIZE);
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	}
	struct sf_node_row_inbox row = {.author = author, .message_id = message};
	enum sf_err err = store->get(store->self, &sf_node_table_inbox, 0, &row, walk->diag);
	const struct sf_node_rest rest = {row.transition, SF_NODE_REST_INBOX, message};
	if (!err && sf_node_is_letter(&row))
		err = sf_node_open_content(
			walk->node, &rest, row.body, &walk->scratch, ret_body, walk->diag);
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

static bool visit_event(void *context, const void *row)
{
	struct body_walk *walk = context;
	const struct sf_node_row_event *event = row;
	if (event->kind_class != SF_CLASS_FACT || event->outcome == SF_OUTCOME_REFUSED)
		return true;
	struct sf_view bytes;
	sf_arena_clear(&walk->scratch);
	walk->err = get_body(walk, event->author, event->message_id, &bytes);
	if (walk->err || bytes.size == 0)
		return !walk->err;
	struct sf_body body;
	walk->err = sf_body_decode(bytes, &walk->scratch, &body, walk->diag);
	return !walk->err && walk->visitor(walk->context, event->author, &body);
}

enum sf_err sf_node_walk_bodies(struct sf_node *node, struct sf_id transition,
	sf_body_visitor *visitor, void *context, struct sf_diag *diag)
{
	struct body_walk walk = {
		.node = node, .visitor = visitor, .context = context, .diag = diag};
	const struct sf_node_row_event key = {.transition = transition};
	const struct sf_scan scan = {
		.table = &sf_node_table_event, .equal_count = 1, .from = &key, .descending = true};
	const struct sf_store *store = sf_node_store(node);
	sf_arena_init(&walk.scratch, SF_NODE_BODY_ROOM);
	enum sf_err err = store->scan(store->self, &scan, visit_event, &walk, diag);
	sf_arena_fini(&walk.scratch);
	return err ? err : walk.err;
}

struct find_patient {
	struct sf_arena *arena;
	struct sf_node_patient patient;
	bool found, full;
};

static bool visit_patient(void *context, struct sf_id author, const struct sf_body *body)
{
	struct find_patient *find = context;
	(void)author;
	if (body->cpr[0] == '\0')
		return true;
	find->found = true;
	find->patient.cpr = sf_arena_text(find->arena, sf_view_text(body->cpr));
	find->patient.name = sf_arena_text(find->arena, sf_view_text(body->patient_name));
	find->full = !find->patient.cpr || !find->patient.name;
	return false;
}

/* Handed in here and not recorded yet: the letters of this transition that still wait. */
static enum sf_err find_waiting(struct sf_node *node, struct sf_id transition,
	struct find_patient *find, struct sf_diag *diag)
{
	struct sf_arena scratch;
	sf_arena_init(&scratch, SF_NODE_BODY_ROOM);
	enum sf_err err = SF_OK;
	for (const struct sf_outgoing *outgoing = node->outgoing_first;
		outgoing && !err && !find->found; outgoing = outgoing->next) {
		struct sf_body body;
		if (outgoing->salted_body.size <= SF_NODE_SALT_SIZE)
			continue;
		err = sf_body_decode(sf_view_of(outgoing->salted_body.data + SF_NODE_SALT_SIZE,
					     outgoing->salted_body.size - SF_NODE_SALT_SIZE),
			&scratch, &body, diag);
		if (!err && sf_id_equal(body.transition, transition))
			visit_patient(find, node->options.party, &body);
		sf_arena_clear(&scratch);
	}
	sf_arena_fini(&scratch);
	return err;
}

enum sf_err sf_node_find_patient(struct sf_node *node, struct sf_id transition,
	struct sf_arena *arena, struct sf_node_patient *ret_patient, struct sf_diag *diag)
{
	struct find_patient find = {.arena = arena, .patient = {"", ""}};
	enum sf_err err = sf_node_walk_bodies(node, transition, visit_patient, &find, diag);
	if (!err && !find.found)
		err = find_waiting(node, transition, &find, diag);
	if (!err && find.full)
		err = SF_ERR_LIMIT;
	if (!err)
		*ret_patient = find.patient;
	return err;
}

/*
 * There are so few numbers that a plain hash of one is soon turned back: the name is keyed with
 * this node's own secret, which is not in the store.
 */
static enum sf_err name_patient(
	const struct sf_node *node, const char *cpr, struct sf_digest *ret_digest)
{
	static const char label[] = "stafet/v1/patient";
	const struct sf_view parts[] = {sf_view_of(label, sizeof(label)), sf_view_text(cpr)};
	return sf_node_local_name(node, parts, SF_COUNT(parts), ret_digest);
}

enum sf_err sf_node_local_name(const struct sf_node *node, const struct sf_view *parts,
	size_t count, struct sf_digest *ret_name)
{
	const struct sf_crypto *crypto = &node->ports.crypto;
	const struct sf_view none = sf_view_of(NULL, 0);
	struct sf_digest plain;
	struct sf_id keyed;
	crypto->hash(crypto->self, none, parts, count, &plain);
	enum sf_err err = crypto->message_id(
		crypto->self, node->options.party, sf_digest_view(&plain), &keyed);
	if (err)
		return err;
	const struct sf_view names[] = {sf_id_view(&keyed)};
	crypto->hash(crypto->self, none, names, SF_COUNT(names), ret_name);
	return SF_OK;
}

enum sf_err sf_node_keep_patient(
	struct sf_node *node, const char *cpr, struct sf_id transition, struct sf_diag *diag)
{
	if (cpr[0] == '\0' || sf_id_is_none(transition))
		return SF_OK;
	struct sf_node_row_patient row = {.transition = transition};
	enum sf_err err = name_patient(node, cpr, &row.patient);
	const struct sf_store *store = sf_node_store(node);
	return err ? err : store->replace(store->self, &sf_node_table_patient, &row, diag);
}

struct find_transition {
	struct sf_node *node;
	size_t count;
	struct sf_id transition;
	enum sf_err err;
	struct sf_diag *diag;
};

struct patient_walk {
	sf_patient_visitor *visitor;
	void *context;
};

static bool visit_patient_row(void *context, const void *row)
{
	const struct patient_walk *walk = context;
	return walk->visitor(walk->context, ((const struct sf_node_row_patient *)row)->transition);
}

enum sf_err sf_node_walk_patient(struct sf_node *node, const char *cpr, sf_patient_visitor *visitor,
	void *context, struct sf_diag *diag)
{
	struct sf_node_row_patient key = {.transition = {{0}}};
	enum sf_err err = name_patient(node, cpr, &key.patient);
	struct patient_walk walk = {visitor, context};
	const struct sf_scan scan = {
		.table = &sf_node_table_patient, .equal_count = 1, .from = &key};
	const struct sf_store *store = sf_node_store(node);
	return err ? err : store->scan(store->self, &scan, visit_patient_row, &walk, diag);
}

/* One that is not recorded yet has no row: it is open. */
static bool visit_transition(void *context, struct sf_id transition)
{
	struct find_transition *find = context;
	struct sf_node_row_transition found = {.id = transition};
	const struct sf_store *store = sf_node_store(find->node);
	enum sf_err err = store->get(store->self, &sf_node_table_transition, 0, &found, find->diag);
	bool open = err == SF_ERR_NOT_FOUND || (!err && found.open != 0);
	find->err = err == SF_ERR_NOT_FOUND ? SF_OK : err;
	if (open) {
		find->transition = transition;
		find->count++;
	}
	return !find->err;
}

enum sf_err sf_node_patient_transition(
	struct sf_node *node, const char *cpr, struct sf_id *ret_transition, struct sf_diag *diag)
{
	struct find_transition find = {.node = node, .diag = diag};
	enum sf_err err = sf_node_walk_patient(node, cpr, visit_transition, &find, diag);
	if (!err)
		err = find.err;
	if (err)
		return err;
	*ret_transition = find.transition;
	return find.count == 1 ? SF_OK : find.count == 0 ? SF_ERR_NOT_FOUND : SF_ERR_CONFLICT;
}
