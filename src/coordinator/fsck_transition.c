/* Each transition over its events: numbers, heads, a fold, and the row that listings read. */
#include "coordinator/fsck_parts.h"

#include <inttypes.h>

#include "coordinator/pack.h"

struct folding {
	struct sf_fsck *fsck;
	struct sf_id id; /* none: no transition is open */
	int64_t sequence;
	struct sf_digest head;
	int64_t opened_ms, updated_ms;
	bool erased;
	struct sf_transition *folded; /* NULL: erased, or it cannot be folded */
};

static void find_in(const struct folding *folding, enum sf_fsck_kind kind, const char *detail)
{
	struct sf_fsck_place place = sf_fsck_event(folding->id, folding->sequence);
	sf_fsck_find(folding->fsck, kind, place.text, "%s", detail);
}

static void begin(struct folding *folding, struct sf_id id)
{
	struct sf_fsck *fsck = folding->fsck;
	*folding = (struct folding){.fsck = fsck, .id = id};
	fsck->report->transitions++;
	if (fsck->foldable)
		fsck->err =
			sf_transition_open(id, sf_book_view(fsck->base->book), &folding->folded);
}

/* The statement that the row of an erasure names; event is what the log has there. */
static bool is_stated(const struct folding *folding, const struct sf_row_event *event,
	const struct sf_row_erasure *erasure)
{
	struct sf_cover cover;
	struct sf_header header;
	if (event->kind_class != SF_CLASS_STATEMENT || event->kind != SF_KIND_ERASED ||
		sf_cover_parse(event->cover, &cover, NULL) ||
		sf_header_decode(cover.header, &header, NULL))
		return false;
	const struct sf_statement *statement = &header.message.fact.statement;
	return sf_id_equal(statement->subject, folding->id) &&
	       statement->until_sequence == (uint64_t)erasure->until_sequence &&
	       sf_digest_equal(&statement->head, &erasure->head) &&
	       (int64_t)statement->ground == erasure->ground;
}

static enum sf_err find_statement(
	const struct folding *folding, const struct sf_row_erasure *erasure)
{
	const struct sf_store *store = folding->fsck->options->store;
	struct sf_row_event event = {.leaf_index = erasure->leaf_index};
	enum sf_err err = store->get(store->self, &sf_table_event, 0, &event, folding->fsck->diag);
	if (err && err != SF_ERR_NOT_FOUND)
		return err;
	if (err || !is_stated(folding, &event, erasure))
		find_in(folding, SF_FSCK_ERASED, "the statement of the log says something else");
	return SF_OK;
}

static enum sf_err end_erased(const struct folding *folding)
{
	const struct sf_store *store = folding->fsck->options->store;
	struct sf_row_erasure erasure = {.transition = folding->id};
	struct sf_row_transition row = {.id = folding->id};
	enum sf_err err =
		store->get(store->self, &sf_table_erasure, 0, &erasure, folding->fsck->diag);
	if (err && err != SF_ERR_NOT_FOUND)
		return err;
	if (err)
		find_in(folding, SF_FSCK_ERASED, "nothing says that it was erased");
	else if (erasure.until_sequence != folding->sequence ||
		 !sf_digest_equal(&erasure.head, &folding->head))
		find_in(folding, SF_FSCK_ERASED, "other events were erased than stand here");
	else
		err = find_statement(folding, &erasure);
	if (err && err != SF_ERR_NOT_FOUND)
		return err;
	err = store->get(store->self, &sf_table_transition, 0, &row, folding->fsck->diag);
	if (!err)
		find_in(folding, SF_FSCK_TRANSITION_ROW, "it is erased, and still listed");
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

static const char *difference(const struct folding *folding, const struct sf_row_transition *row)
{
	const struct sf_transition *transition = folding->folded;
	struct sf_digest summary;
	if (row->sequence != folding->sequence || !sf_digest_equal(&row->head, &folding->head))
		return "its newest event is another";
	if (row->opened_ms != folding->opened_ms || row->updated_ms != folding->updated_ms)
		return "it began, or was last changed, at another time";
	if (!transition)
		return NULL;
	if (row->state != (int64_t)sf_transition_state(transition))
		return "its state is another";
	if (row->stay_state != (int64_t)sf_transition_stay(transition)->state)
		return "the stay is another";
	sf_coordinator_summarise(folding->fsck->base, transition, &summary);
	return sf_digest_equal(&row->summary, &summary) ? NULL : "its summary is another";
}

/* Too early does nothing; too late, or never, tells a deadline late. */
static bool timer_is_late(const struct folding *folding, const struct sf_row_transition *row)
{
	enum sf_urgency urgency = SF_URGENCY_RECORD;
	int64_t due_ms = sf_transition_next_due_ms(folding->folded, &urgency);
	if (due_ms == SF_NEVER_MS)
		return false;
	return !row->timed || row->due_ms > due_ms;
}

static enum sf_err end_folded(const struct folding *folding)
{
	const struct sf_store *store = folding->fsck->options->store;
	struct sf_row_transition row = {.id = folding->id};
	enum sf_err err =
		store->get(store->self, &sf_table_transition, 0, &row, folding->fsck->diag);
	if (err && err != SF_ERR_NOT_FOUND)
		return err;
	const char *other = err ? "it is missing" : difference(folding, &row);
	if (other)
		find_in(folding, SF_FSCK_TRANSITION_ROW, other);
	if (!err && folding->folded && timer_is_late(folding, &row))
		find_in(folding, SF_FSCK_TIMER, row.timed ? "it is too late" : "it is missing");
	return SF_OK;
}

static enum sf_err end(struct folding *folding)
{
	if (sf_id_is_none(folding->id))
		return SF_OK;
	enum sf_err err = folding->erased ? end_erased(folding) : end_folded(folding);
	sf_transition_close(&folding->folded);
	return err;
}

static void check_chain(struct folding *folding, const struct sf_row_event *row)
{
	struct sf_digest head = {{0}};
	if (row->sequence != folding->sequence + 1) {
		struct sf_fsck_place place = sf_fsck_event(row->transition, row->sequence);
		sf_fsck_find(folding->fsck, SF_FSCK_SEQUENCE, place.text,
			"event %" PRId64 " should be here", folding->sequence + 1);
		sf_transition_close(&folding->folded);
	}
	folding->sequence = row->sequence;
	if (row->leaf.size == SF_LEAF_SIZE)
		sf_log_head(&folding->fsck->options->crypto, &row->previous_head, row->leaf.data,
			&head);
	if (!sf_digest_equal(&row->previous_head, &folding->head))
		find_in(folding, SF_FSCK_HEAD, "the one before is another");
	else if (!sf_digest_equal(&row->head, &head))
		find_in(folding, SF_FSCK_HEAD, "");
	folding->head = row->head;
}

static enum sf_err fold(struct folding *folding, const struct sf_row_event *row)
{
	const struct sf_recorded recorded = sf_row_recorded(row);
	struct sf_cover cover;
	struct sf_header header;
	struct sf_transition_result result;
	enum sf_err err = sf_cover_parse(row->cover, &cover, NULL);
	if (!err)
		err = sf_header_decode(cover.header, &header, NULL);
	if (!err)
		err = sf_replay_step(folding->folded, &header.message, &recorded, &result);
	if (!err || err == SF_ERR_MEMORY)
		return err;
	if (err == SF_ERR_INTEGRITY) {
		find_in(folding, SF_FSCK_OUTCOME, "");
		return SF_OK;
	}
	/* Its cover was told of as a leaf. */
	sf_transition_close(&folding->folded);
	return SF_OK;
}

static bool visit_event(void *context, const void *visited)
{
	struct folding *folding = context;
	struct sf_fsck *fsck = folding->fsck;
	const struct sf_row_event *row = visited;
	if (!sf_id_equal(row->transition, folding->id)) {
		fsck->err = end(folding);
		if (!fsck->err)
			begin(folding, row->transition);
	}
	if (fsck->err)
		return false;
	if (folding->sequence == 0)
		folding->opened_ms = row->recorded_ms;
	check_chain(folding, row);
	folding->updated_ms = row->recorded_ms;
	if (sf_digest_is_none(&row->r)) {
		folding->erased = true;
		sf_transition_close(&folding->folded);
	} else if (folding->erased) {
		find_in(folding, SF_FSCK_ERASED, "events before it are erased");
	} else if (folding->folded) {
		fsck->err = fold(folding, row);
	}
	return !fsck->err;
}

/* Rows that no event stands behind. */
static bool visit_row(void *context, const void *visited)
{
	struct sf_fsck *fsck = context;
	const struct sf_row_transition *row = visited;
	const struct sf_store *store = fsck->options->store;
	struct sf_row_event event = {.transition = row->id, .sequence = 1};
	enum sf_err err =
		store->get(store->self, &sf_table_event, SF_EVENT_BY_SEQUENCE, &event, fsck->diag);
	if (err == SF_ERR_NOT_FOUND)
		sf_fsck_find(fsck, SF_FSCK_TRANSITION_ROW, sf_fsck_event(row->id, 1).text,
			"it has no events");
	else
		fsck->err = err;
	return !fsck->err;
}

static bool visit_erasure(void *context, const void *visited)
{
	struct sf_fsck *fsck = context;
	const struct sf_row_erasure *row = visited;
	const struct sf_store *store = fsck->options->store;
	struct sf_row_event event = {
		.transition = row->transition, .sequence = row->until_sequence};
	enum sf_err err =
		store->get(store->self, &sf_table_event, SF_EVENT_BY_SEQUENCE, &event, fsck->diag);
	if (err && err != SF_ERR_NOT_FOUND)
		fsck->err = err;
	else if (err || !sf_digest_is_none(&event.r))
		sf_fsck_find(fsck, SF_FSCK_ERASED,
			sf_fsck_event(row->transition, row->until_sequence).text,
			"it is said to be erased, and is not");
	return !fsck->err;
}

enum sf_err sf_fsck_transitions(struct sf_fsck *fsck)
{
	struct folding folding = {.fsck = fsck};
	const struct sf_store *store = fsck->options->store;
	const struct sf_scan scan = {.table = &sf_table_event, .index = SF_EVENT_BY_SEQUENCE};
	enum sf_err err = store->scan(store->self, &scan, visit_event, &folding, fsck->diag);
	if (!err)
		err = fsck->err;
	enum sf_err ended = end(&folding);
	if (!err)
		err = ended;
	if (!err)
		err = sf_fsck_scan(fsck, &sf_table_transition, 0, visit_row);
	return err ? err : sf_fsck_scan(fsck, &sf_table_erasure, 0, visit_erasure);
}
