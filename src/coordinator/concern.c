/* Who is concerned with an open transition, written beside it so that boards need not read all. */
#include "coordinator/state.h"

#include <string.h>

#include "base/time.h"
#include "core/next.h"

#define CONCERNS_MAX                                                                               \
	(SF_TRANSITION_PARTIES_MAX + 33) /* members, who must do something, anybody                \
					  */
#define NEXT_MAX ((size_t)32)

void sf_coordinator_summarise(const struct sf_coordinator *coordinator,
	const struct sf_transition *transition, struct sf_digest *ret_digest)
{
	static const char label[] = "stafet/v1/summary";
	const struct sf_crypto *crypto = &coordinator->ports.crypto;
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_ENVELOPE_SIZE_MAX);
	*ret_digest = (struct sf_digest){{0}};
	if (!sf_transition_summary(transition, &bytes)) {
		const struct sf_view parts[] = {
			sf_view_of(label, sizeof(label)), sf_buf_view(&bytes)};
		crypto->hash(crypto->self, sf_view_of(NULL, 0), parts, SF_COUNT(parts), ret_digest);
	}
	sf_buf_fini(&bytes);
}

struct concerns {
	size_t count;
	struct sf_row_concern rows[CONCERNS_MAX];
	size_t gone_count;
	struct sf_row_concern gone[CONCERNS_MAX]; /* stored, and not meant any more */
	bool same[CONCERNS_MAX];                  /* of rows: stored as it is */
	bool whenever[CONCERNS_MAX];              /* of rows: due_ms stands for no time at all */
};

static struct sf_row_concern *find(struct concerns *concerns, struct sf_id party)
{
	for (size_t i = 0; i < concerns->count; i++)
		if (sf_id_equal(concerns->rows[i].party, party))
			return &concerns->rows[i];
	return NULL;
}

static struct sf_row_concern *add(
	struct concerns *concerns, struct sf_id transition, struct sf_id party)
{
	struct sf_row_concern *row = find(concerns, party);
	if (row || concerns->count == CONCERNS_MAX)
		return row;
	row = &concerns->rows[concerns->count++];
	*row = (struct sf_row_concern){.transition = transition, .party = party};
	return row;
}

static void add_due(struct concerns *concerns, struct sf_id transition, struct sf_id party,
	int64_t due_ms, bool whenever)
{
	struct sf_row_concern *row = add(concerns, transition, party);
	if (!row || (row->due_ms != 0 && due_ms >= row->due_ms))
		return;
	row->due_ms = due_ms;
	concerns->whenever[row - concerns->rows] = whenever;
}

static void add_sides(struct concerns *concerns, const struct sf_transition *transition,
	int64_t due_ms, bool whenever)
{
	struct sf_id id = sf_transition_id(transition);
	struct sf_id municipality = sf_transition_bound(transition, SF_ROLE_MUNICIPALITY);
	add_due(concerns, id, sf_transition_hospital(transition), due_ms, whenever);
	if (!sf_id_is_none(municipality))
		add_due(concerns, id, municipality, due_ms, whenever);
}

/* An alarm is on the board of who waits, silence on the hospital's (audit/board.h). */
static void add_alarms(const struct sf_transition *transition, struct concerns *concerns)
{
	struct sf_id id = sf_transition_id(transition);
	const struct sf_course *course = sf_transition_course(transition);
	size_t count = 0, member_count = 0;
	const struct sf_obligation *obligations = sf_transition_obligations(transition, &count);
	const struct sf_member *members = sf_transition_members(transition, &member_count);
	for (size_t i = 0; i < count; i++) {
		bool alarm = sf_obligation_is_open(&obligations[i]) &&
			     obligations[i].expired_ms != 0 && !obligations[i].alarm_seen;
		for (size_t k = 0; alarm && k < member_count; k++)
			add_due(concerns, id, members[k].party, obligations[i].expired_ms, false);
		if (alarm)
			add_due(concerns, id, (struct sf_id){{0}}, obligations[i].expired_ms,
				false);
	}
	if (!course->silent)
		return;
	add_due(concerns, id, sf_transition_hospital(transition), course->last_fact_ms, false);
	add_due(concerns, id, (struct sf_id){{0}}, course->last_fact_ms, false);
}

static void collect(
	const struct sf_transition *transition, int64_t now_ms, struct concerns *concerns)
{
	enum sf_transition_state state = sf_transition_state(transition);
	if (state == SF_TRANSITION_EMPTY || state == SF_TRANSITION_CLOSED)
		return;
	struct sf_id id = sf_transition_id(transition);
	size_t member_count = 0;
	const struct sf_member *members = sf_transition_members(transition, &member_count);
	for (size_t i = 0; i < member_count; i++) {
		struct sf_row_concern *row = add(concerns, id, members[i].party);
		if (row)
			row->member = 1;
	}
	struct sf_next next[NEXT_MAX];
	size_t count = sf_transition_next_all(transition, now_ms, next, NEXT_MAX);
	for (size_t i = 0; i < count && i < NEXT_MAX; i++) {
		bool whenever = next[i].before_ms == SF_NEVER_MS;
		int64_t due_ms = whenever ? now_ms + SF_DAY_MS : next[i].before_ms;
		if (next[i].what == SF_NEXT_NOTHING || due_ms <= 0)
			continue;
		add_due(concerns, id, (struct sf_id){{0}}, due_ms, whenever);
		if (!sf_id_is_none(next[i].party))
			add_due(concerns, id, next[i].party, due_ms, whenever);
		for (size_t k = 0; next[i].what == SF_NEXT_DECIDE && k < member_count; k++)
			add_due(concerns, id, members[k].party, due_ms, whenever);
		if (sf_next_is_of_both_sides(&next[i]))
			add_sides(concerns, transition, due_ms, whenever);
	}
	add_alarms(transition, concerns);
}

static bool compare_stored(void *context, const void *row)
{
	struct concerns *concerns = context;
	const struct sf_row_concern *stored = row;
	struct sf_row_concern *wanted = find(concerns, stored->party);
	if (!wanted) {
		concerns->gone[concerns->gone_count++] = *stored;
		return concerns->gone_count < CONCERNS_MAX;
	}
	/* What has no time does not become younger because something else happens. */
	bool older = stored->due_ms != 0 && stored->due_ms < wanted->due_ms;
	if (concerns->whenever[wanted - concerns->rows] && older)
		wanted->due_ms = stored->due_ms;
	concerns->same[wanted - concerns->rows] =
		wanted->member == stored->member && wanted->due_ms == stored->due_ms;
	return true;
}

enum sf_err sf_coordinator_save_concerns(struct sf_coordinator *coordinator,
	const struct sf_transition *transition, struct sf_diag *diag)
{
	struct concerns concerns;
	concerns.count = concerns.gone_count = 0;
	memset(concerns.same, 0, sizeof(concerns.same));
	memset(concerns.whenever, 0, sizeof(concerns.whenever));
	collect(transition, coordinator->recorded_ms, &concerns);
	const struct sf_row_concern key = {.transition = sf_transition_id(transition)};
	const struct sf_scan scan = {.table = &sf_table_concern, .equal_count = 1, .from = &key};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->scan(store->self, &scan, compare_stored, &concerns, diag);
	for (size_t i = 0; i < concerns.gone_count && !err; i++)
		err = store->remove(store->self, &sf_table_concern, &concerns.gone[i], diag);
	for (size_t i = 0; i < concerns.count && !err; i++)
		if (!concerns.same[i])
			err = store->replace(
				store->self, &sf_table_concern, &concerns.rows[i], diag);
	return err;
}
