#include "audit/board.h"

#include <stdlib.h>
#include <string.h>

#include "base/time.h"

/* Rows of one transition that are looked at: more than one person can answer for. */
#define NEXT_MAX ((size_t)32)

/* What a row is about comes before when (enum sf_urgency of core/derived.h, for people). */
enum weight { WEIGHT_RESPONSIBILITY, WEIGHT_OWED, WEIGHT_BY_ITSELF };

struct sf_board_entry {
	struct sf_board_row row; /* texts are not kept: see name and citation */
	enum weight weight;
	int64_t by_ms;  /* its time; a day from now where it has none */
	uint64_t order; /* keeps equal rows as they were added */
	char name[48];
	char citation[64];
};

static enum weight weight_of_next(enum sf_next_what what)
{
	switch (what) {
	case SF_NEXT_DECIDE:
	case SF_NEXT_ANSWER_OFFER:
	case SF_NEXT_FIND_RECEIVER:
	case SF_NEXT_OFFER_AGAIN:
		return WEIGHT_RESPONSIBILITY;
	case SF_NEXT_OBLIGATION:
	case SF_NEXT_ANSWER_PLAN:
	case SF_NEXT_AGREE:
		return WEIGHT_OWED;
	case SF_NEXT_NOTHING:
	case SF_NEXT_WINDOW:
	case SF_NEXT_DISCHARGE:
		return WEIGHT_BY_ITSELF;
	}
	return WEIGHT_BY_ITSELF;
}

static enum weight weight_of(const struct sf_board_row *row)
{
	switch (row->what) {
	case SF_BOARD_NEXT:
		return weight_of_next(row->next);
	case SF_BOARD_ALARM:
	case SF_BOARD_UNDELIVERABLE:
	case SF_BOARD_DIFFERENCE:
	case SF_BOARD_CONTRADICTION:
	case SF_BOARD_NOT_TAKEN:
		return WEIGHT_RESPONSIBILITY;
	case SF_BOARD_SILENT:
	case SF_BOARD_SILENT_NODE:
	case SF_BOARD_QUARANTINE:
	case SF_BOARD_ASIDE:
	case SF_BOARD_ERASE:
		return WEIGHT_OWED;
	case SF_BOARD_NONE:
		break;
	}
	return WEIGHT_BY_ITSELF;
}

static int compare_numbers(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int compare_entries(const void *left, const void *right)
{
	const struct sf_board_entry *a = left, *b = right;
	if (a->row.overdue != b->row.overdue)
		return a->row.overdue ? -1 : 1;
	if (a->weight != b->weight)
		return a->weight < b->weight ? -1 : 1;
	int by_time = compare_numbers(a->by_ms, b->by_ms);
	return by_time ? by_time : compare_numbers((int64_t)a->order, (int64_t)b->order);
}

void sf_board_begin(struct sf_board *board, struct sf_listing *listing, struct sf_id party,
	bool only_overdue, uint32_t count_max, int64_t now_ms)
{
	size_t wanted = sf_listing_count(count_max);
	*board = (struct sf_board){.listing = listing,
		.party = party,
		.only_overdue = only_overdue,
		.now_ms = now_ms,
		.wanted = wanted};
	/* Twice as many, so that sorting what is kept costs little per row. */
	board->entries = sf_arena_take_many(listing->arena, 2 * wanted, sizeof(*board->entries));
	board->capacity = board->entries ? 2 * wanted : 0;
	listing->full = listing->full || !board->entries;
}

static void keep_the_first(struct sf_board *board)
{
	qsort(board->entries, board->count, sizeof(*board->entries), compare_entries);
	if (board->count > board->wanted)
		board->count = board->wanted;
}

static void copy_text(char *place, size_t size, const char *text)
{
	size_t length = text ? strlen(text) : 0;
	length = length < size ? length : size - 1;
	if (length > 0)
		memcpy(place, text, length);
	place[length] = '\0';
}

void sf_board_add(struct sf_board *board, const struct sf_board_row *row)
{
	/* What people of several parties must decide is everybody's. */
	bool everybody = row->what == SF_BOARD_NEXT && row->next == SF_NEXT_DECIDE;
	bool concerns =
		everybody || sf_id_is_none(board->party) || sf_id_equal(row->party, board->party);
	if (!concerns || (board->only_overdue && !row->overdue) || board->capacity == 0)
		return;
	if (board->count == board->capacity)
		keep_the_first(board);
	struct sf_board_entry *entry = &board->entries[board->count++];
	*entry = (struct sf_board_entry){.row = *row,
		.weight = weight_of(row),
		.by_ms = row->before_ms == SF_NEVER_MS ? board->now_ms + SF_DAY_MS : row->before_ms,
		.order = board->added++};
	copy_text(entry->name, sizeof(entry->name), row->name);
	copy_text(entry->citation, sizeof(entry->citation), row->citation);
}

void sf_board_end(struct sf_board *board, struct sf_reply_board *ret_board)
{
	struct sf_listing *listing = board->listing;
	keep_the_first(board);
	struct sf_board_row *rows =
		sf_arena_take_many(listing->arena, board->count ? board->count : 1, sizeof(*rows));
	listing->full = listing->full || !rows;
	for (size_t i = 0; rows && i < board->count; i++) {
		rows[i] = board->entries[i].row;
		rows[i].party_name = sf_listing_name(listing, rows[i].party);
		rows[i].peer_name = sf_listing_name(listing, rows[i].peer);
		rows[i].name = sf_listing_text(listing, board->entries[i].name);
		rows[i].citation = sf_listing_text(listing, board->entries[i].citation);
	}
	*ret_board = (struct sf_reply_board){board->now_ms, rows ? board->count : 0, rows};
}

/* Who waits for what this party owes when nobody asked for it: the other side of the discharge. */
static struct sf_id other_side(const struct sf_transition *transition, struct sf_id party)
{
	struct sf_id hospital = sf_transition_hospital(transition);
	if (!sf_id_equal(party, hospital))
		return hospital;
	struct sf_id municipality = sf_transition_bound(transition, SF_ROLE_MUNICIPALITY);
	if (!sf_id_is_none(municipality))
		return municipality;
	return sf_transition_bound(transition, SF_ROLE_GP);
}

static const struct sf_obligation *find_obligation(
	const struct sf_transition *transition, struct sf_id subject, uint32_t clause)
{
	size_t count = 0;
	const struct sf_obligation *items = sf_transition_obligations(transition, &count);
	for (size_t i = count; i > 0; i--)
		if (items[i - 1].clause == clause && sf_id_equal(items[i - 1].subject, subject))
			return &items[i - 1];
	return NULL;
}

static struct sf_id who_waits(
	const struct sf_transition *transition, const struct sf_obligation *obligation)
{
	bool asked = !sf_id_is_none(obligation->requester) &&
		     !sf_id_equal(obligation->requester, obligation->owner);
	return asked ? obligation->requester : other_side(transition, obligation->owner);
}

/* A row without names, which board and listing fill in their own time. */
static struct sf_board_row next_row(
	const struct sf_transition *transition, const struct sf_next *next)
{
	const struct sf_clause *clause = sf_listing_clause(transition, next->clause);
	/* Of an offer or a plan it is the clause that asks for the answer. */
	const struct sf_obligation *obligation =
		find_obligation(transition, next->subject, next->clause);
	bool owed = obligation && sf_id_equal(obligation->owner, next->party);
	struct sf_board_row row = {
		.what = SF_BOARD_NEXT,
		.transition = sf_transition_id(transition),
		.state = sf_transition_state(transition),
		.next = next->what,
		.role = next->role,
		.party = next->party,
		.duty = next->duty,
		.name = clause->name,
		.citation = clause->citation,
		.subject = next->subject,
		.clause = next->clause,
		.domains = next->domains,
		.before_ms = next->before_ms,
		.promised_ms = next->promised_ms,
		.overdue = next->overdue,
		.level = owed ? obligation->rungs_climbed : 0,
	};
	if (next->what != SF_NEXT_NOTHING && next->what != SF_NEXT_DECIDE)
		row.peer = owed ? who_waits(transition, obligation)
				: other_side(transition, next->party);
	return row;
}

struct sf_board_row sf_board_next(
	struct sf_listing *listing, const struct sf_transition *transition, int64_t now_ms)
{
	struct sf_next next = sf_transition_next(transition, now_ms);
	struct sf_board_row row = next_row(transition, &next);
	row.party_name = sf_listing_name(listing, row.party);
	row.peer_name = sf_listing_name(listing, row.peer);
	row.name = sf_listing_text(listing, row.name);
	row.citation = sf_listing_text(listing, row.citation);
	return row;
}

/*
 * The first rung is the owner alone, whose own row shows that it is overdue. From the next one on
 * who waits for it sees an alarm, until somebody says that a person has it in hand. What people
 * asked each other for has no ladder: who asked sees it at once.
 */
static bool alarm_is_shown(
	const struct sf_transition *transition, const struct sf_obligation *obligation)
{
	if (!sf_obligation_is_open(obligation) || obligation->expired_ms == 0 ||
		obligation->alarm_seen)
		return false;
	const struct sf_pathway_terms *terms = sf_transition_terms(transition);
	size_t index = obligation->clause - SF_CLAUSE_EXPECTATION;
	if (obligation->clause == 0 || !terms || index >= terms->expectation_count)
		return true;
	const struct sf_expectation *expectation = &terms->expectations[index];
	for (size_t i = 0; i < obligation->rungs_climbed && i < expectation->rung_count; i++)
		if (expectation->rungs[i] != SF_RUNG_OWNER)
			return true;
	return false;
}

static void add_alarms(struct sf_board *board, const struct sf_transition *transition)
{
	size_t count = 0;
	const struct sf_obligation *items = sf_transition_obligations(transition, &count);
	for (size_t i = 0; i < count; i++) {
		const struct sf_obligation *obligation = &items[i];
		struct sf_id waits = who_waits(transition, obligation);
		if (!alarm_is_shown(transition, obligation) ||
			sf_id_equal(waits, obligation->owner))
			continue;
		const struct sf_clause *clause = sf_listing_clause(transition, obligation->clause);
		const struct sf_board_row row = {
			.what = SF_BOARD_ALARM,
			.transition = sf_transition_id(transition),
			.state = sf_transition_state(transition),
			.next = SF_NEXT_OBLIGATION,
			.party = waits,
			.peer = obligation->owner,
			.duty = obligation->duty,
			.name = clause->name,
			.citation = clause->citation,
			.subject = obligation->subject,
			.clause = obligation->clause,
			.before_ms = obligation->due_ms,
			.overdue = true,
			.level = obligation->rungs_climbed,
		};
		sf_board_add(board, &row);
	}
}

static void add_silence(struct sf_board *board, const struct sf_transition *transition)
{
	const struct sf_course *course = sf_transition_course(transition);
	struct sf_id hospital = sf_transition_hospital(transition);
	if (!course->silent)
		return;
	const struct sf_board_row row = {
		.what = SF_BOARD_SILENT,
		.transition = sf_transition_id(transition),
		.state = sf_transition_state(transition),
		.party = hospital,
		.peer = other_side(transition, hospital),
		.citation = sf_listing_clause(transition, SF_CLAUSE_SILENCE)->citation,
		.clause = SF_CLAUSE_SILENCE,
		.before_ms = course->last_fact_ms,
		.overdue = true,
	};
	sf_board_add(board, &row);
}

/* Both sides have named a time, and not the same: each of them must look at the other's. */
static void add_both_sides(struct sf_board *board, const struct sf_transition *transition,
	const struct sf_board_row *next)
{
	struct sf_board_row row = *next;
	const struct sf_id sides[] = {sf_transition_hospital(transition),
		sf_transition_bound(transition, SF_ROLE_MUNICIPALITY)};
	for (size_t i = 0; i < SF_COUNT(sides); i++) {
		row.party = sides[i];
		row.peer = sides[SF_COUNT(sides) - 1 - i];
		if (!sf_id_is_none(row.party))
			sf_board_add(board, &row);
	}
}

void sf_board_transition(struct sf_board *board, const struct sf_transition *transition)
{
	struct sf_next next[NEXT_MAX];
	size_t count = sf_transition_next_all(transition, board->now_ms, next, NEXT_MAX);
	for (size_t i = 0; i < count && i < NEXT_MAX; i++) {
		/* A window that runs and a discharge that is coming need nobody yet. */
		bool by_itself = weight_of_next(next[i].what) == WEIGHT_BY_ITSELF;
		if (by_itself && !next[i].overdue)
			continue;
		const struct sf_board_row row = next_row(transition, &next[i]);
		if (sf_next_is_of_both_sides(&next[i]))
			add_both_sides(board, transition, &row);
		else
			sf_board_add(board, &row);
	}
	add_alarms(board, transition);
	add_silence(board, transition);
}
