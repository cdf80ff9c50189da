/* The course of a transition as rows: plan and answer, obligations, windows, deviations, whom to
 * call. */
#include "audit/board.h"
#include "audit/listing_rows.h"

const struct sf_clause *sf_listing_clause(const struct sf_transition *transition, uint32_t number)
{
	static const struct sf_clause none;
	const struct sf_pathway_terms *terms = sf_transition_terms(transition);
	const struct sf_clause *clause = terms && number ? sf_pathway_clause(terms, number) : NULL;
	return clause ? clause : &none;
}

static void fill_plan(const struct sf_course *course, struct sf_course_row *row)
{
	row->plan = course->plan_message;
	if (sf_id_is_none(course->plan_message))
		return;
	row->plan_version = course->plan.version;
	row->ready_from_ms = course->plan.ready.from_ms;
	row->ready_until_ms = course->plan.ready.until_ms;
	row->ready_confidence = course->plan.ready.confidence;
	row->discharge_from_ms = course->plan.discharge.from_ms;
	row->discharge_until_ms = course->plan.discharge.until_ms;
	row->discharge_confidence = course->plan.discharge.confidence;
}

static void fill_answer(
	struct sf_listing *listing, const struct sf_course *course, struct sf_course_row *row)
{
	row->refer_to_name = "";
	if (sf_id_is_none(course->answer_message))
		return;
	row->answer = course->answer.code;
	row->answer_ready_from_ms = course->answer.ready_from_ms;
	row->reason = course->answer.reason;
	row->refer_to_role = course->answer.refer_to_role;
	row->refer_to_party = course->answer.refer_to_party;
	row->refer_to_name = sf_listing_name(listing, course->answer.refer_to_party);
}

static void fill_course(struct sf_listing *listing, const struct sf_transition *transition,
	struct sf_course_row *row)
{
	const struct sf_course *course = sf_transition_course(transition);
	*row = (struct sf_course_row){
		.no_case = course->no_case,
		.ready_ms = sf_id_is_none(course->ready_message) ? 0 : course->ready.ready_ms,
		.hospital_agrees_ms = course->hospital_agrees_ms,
		.municipality_agrees_ms = course->municipality_agrees_ms,
		.intent_ms = sf_id_is_none(course->intent_message) ? 0 : course->intent_expected_ms,
		.assessment = course->assessment,
		.arrived_ms = course->arrived_ms,
		.dispute_count = (uint32_t)course->dispute_count,
		.silent = course->silent,
		.close_code = course->close_code,
		.link = course->link,
		.linked = course->linked,
	};
	fill_plan(course, row);
	fill_answer(listing, course, row);
}

static int64_t changed_ms(const struct sf_obligation *obligation)
{
	const int64_t times[] = {obligation->raised_ms, obligation->since_ms,
		obligation->expired_ms, obligation->ended_ms};
	int64_t newest = 0;
	for (size_t i = 0; i < SF_COUNT(times); i++)
		newest = times[i] > newest ? times[i] : newest;
	return newest;
}

void sf_listing_obligation(struct sf_listing *listing, const struct sf_transition *transition,
	const struct sf_obligation *obligation, struct sf_obligation_row *row)
{
	const struct sf_clause *clause = sf_listing_clause(transition, obligation->clause);
	*row = (struct sf_obligation_row){
		.subject = obligation->subject,
		.clause = obligation->clause,
		.name = sf_listing_text(listing, clause->name),
		.citation = sf_listing_text(listing, clause->citation),
		.duty = obligation->duty,
		.state = sf_obligation_shown(obligation),
		.kept = obligation->state,
		.owner_role = obligation->owner_role,
		.owner = obligation->owner,
		.owner_name = sf_listing_name(listing, obligation->owner),
		.requester = obligation->requester,
		.requester_name = sf_listing_name(listing, obligation->requester),
		.due_ms = obligation->due_ms,
		.undecided = obligation->undecided,
		.raised_ms = obligation->raised_ms,
		.since_ms = obligation->since_ms,
		.expired_ms = obligation->expired_ms,
		.level = obligation->rungs_climbed,
		.alarm_seen = obligation->alarm_seen,
		.treatment = obligation->treatment,
		.payer = obligation->payer,
		.refer_to_role = obligation->refer_to_role,
		.refer_to_party = obligation->refer_to_party,
		.open = sf_obligation_is_open(obligation),
		.transition = sf_transition_id(transition),
		.ended_ms = obligation->ended_ms,
		.changed_ms = changed_ms(obligation),
	};
}

/* Open ones first. */
static void fill_obligations(struct sf_listing *listing, const struct sf_transition *transition,
	struct sf_reply_transition *show)
{
	size_t count = 0;
	const struct sf_obligation *items = sf_transition_obligations(transition, &count);
	struct sf_listing_rows rows = {.item_size = sizeof(struct sf_obligation_row)};
	for (int ended = 0; ended <= 1; ended++) {
		for (size_t i = 0; i < count; i++) {
			if (sf_obligation_is_open(&items[i]) == (bool)ended)
				continue;
			struct sf_obligation_row *row = sf_listing_add(listing, &rows);
			if (row)
				sf_listing_obligation(listing, transition, &items[i], row);
		}
	}
	show->obligation_count = rows.count;
	show->obligations = rows.items;
}

static void fill_windows(struct sf_listing *listing, const struct sf_transition *transition,
	struct sf_reply_transition *show)
{
	size_t count = 0;
	const struct sf_window *windows = sf_transition_windows(transition, &count);
	struct sf_listing_rows rows = {.item_size = sizeof(struct sf_window_row)};
	for (size_t i = 0; i < count; i++) {
		const struct sf_window *window = &windows[i];
		const struct sf_clause *clause = sf_listing_clause(transition, window->clause);
		struct sf_window_row *row = sf_listing_add(listing, &rows);
		if (row)
			*row = (struct sf_window_row){
				.subject = window->subject,
				.clause = window->clause,
				.name = sf_listing_text(listing, clause->name),
				.citation = sf_listing_text(listing, clause->citation),
				.domain = window->domain,
				.holder = window->holder,
				.holder_name = sf_listing_name(listing, window->holder),
				.then = window->then,
				.from_ms = window->from_ms,
				.until_ms = window->until_ms,
				.state = window->state,
			};
	}
	show->window_count = rows.count;
	show->windows = rows.items;
}

static void fill_deviations(struct sf_listing *listing, const struct sf_transition *transition,
	struct sf_reply_transition *show)
{
	size_t count = 0;
	const struct sf_deviation *deviations = sf_transition_deviations(transition, &count);
	struct sf_listing_rows rows = {.item_size = sizeof(struct sf_deviation_row)};
	for (size_t i = 0; i < count; i++) {
		struct sf_deviation_row *row = sf_listing_add(listing, &rows);
		if (row)
			*row = (struct sf_deviation_row){deviations[i].code, deviations[i].sequence,
				deviations[i].message, deviations[i].recorded_ms};
	}
	show->deviation_count = rows.count;
	show->deviations = rows.items;
}

struct sf_contact_row *sf_listing_contacts(
	struct sf_listing *listing, const struct sf_transition *transition, size_t *ret_count)
{
	struct sf_listing_rows rows = {.item_size = sizeof(struct sf_contact_row)};
	for (size_t i = 0; i < SF_DOMAIN_COUNT; i++) {
		enum sf_domain domain = (enum sf_domain)i;
		struct sf_id holder = sf_transition_holder(transition, domain);
		const struct sf_directory_entry *entry =
			sf_id_is_none(holder) ? NULL
					      : sf_directory_party(listing->directory, holder);
		struct sf_contact_row *row = entry ? sf_listing_add(listing, &rows) : NULL;
		if (row)
			*row = (struct sf_contact_row){
				.domain = domain,
				.party = holder,
				.party_name = sf_listing_text(listing, entry->name),
				.name = "",
				.telephone = sf_listing_text(listing, entry->support),
				.source = entry->support[0] ? SF_CONTACT_OF_SUPPORT : 0,
				.next_name = "",
				.next_telephone = "",
			};
	}
	*ret_count = rows.count;
	return rows.items;
}

void sf_listing_show_course(struct sf_listing *listing, const struct sf_transition *transition,
	int64_t now_ms, struct sf_reply_transition *show)
{
	const struct sf_agreement *agreement = sf_transition_agreement(transition);
	fill_course(listing, transition, &show->course);
	fill_obligations(listing, transition, show);
	fill_windows(listing, transition, show);
	fill_deviations(listing, transition, show);
	show->contacts = sf_listing_contacts(listing, transition, &show->contact_count);
	show->next = sf_board_next(listing, transition, now_ms);
	show->agreement_name = sf_listing_text(listing, agreement ? agreement->name : NULL);
	show->agreement_version = agreement ? agreement->version : 0;
}
