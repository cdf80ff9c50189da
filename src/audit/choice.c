#include "audit/choice.h"

static bool find_party(
	const struct sf_directory *directory, const char *reference, struct sf_id *ret_party)
{
	if (!reference || !reference[0])
		return true;
	const struct sf_directory_entry *entry = sf_listing_party(directory, reference);
	if (entry)
		*ret_party = entry->party;
	return entry;
}

bool sf_choice_make(const struct sf_directory *directory,
	const struct sf_request_transitions *asked, struct sf_choice *ret_choice)
{
	struct sf_choice choice = {.only_open = asked->only_open,
		.since_ms = asked->since_ms,
		.state = asked->state,
		.pathway = asked->pathway};
	if (!find_party(directory, asked->hospital, &choice.hospital) ||
		!find_party(directory, asked->municipality, &choice.municipality))
		return false;
	*ret_choice = choice;
	return true;
}

bool sf_choice_has_state(const struct sf_choice *choice, enum sf_transition_state state)
{
	bool open = state != SF_TRANSITION_CLOSED && state != SF_TRANSITION_EMPTY;
	bool wanted = choice->state == SF_TRANSITION_EMPTY || choice->state == state;
	return wanted && (open || !choice->only_open);
}

bool sf_choice_has(const struct sf_choice *choice, const struct sf_transition *transition)
{
	struct sf_id municipality = sf_transition_bound(transition, SF_ROLE_MUNICIPALITY);
	const struct sf_parties *parties = sf_transition_parties(transition);
	if (!sf_id_is_none(choice->hospital) &&
		!sf_id_equal(choice->hospital, sf_transition_hospital(transition)))
		return false;
	if (!sf_id_is_none(choice->municipality) &&
		!sf_id_equal(choice->municipality, municipality))
		return false;
	return choice->pathway == SF_PATHWAY_NONE ||
	       (parties && parties->pathway == choice->pathway);
}

/* Rows of the same time come in falling order of id: those of the page before are not counted. */
static bool was_before(const struct sf_choice_page *page, const struct sf_choice_row *row)
{
	return page->after && row->updated_ms == page->after->updated_ms &&
	       sf_id_compare(row->id, page->after->id) >= 0;
}

/* False: the arena ended, or err. */
static bool add_chosen(struct sf_choice_page *page, const struct sf_choice_row *row)
{
	struct sf_cached_transition *cached;
	page->err = page->fold(page->self, row->id, &cached);
	if (page->err)
		return false;
	page->folded++;
	if (!sf_choice_has(&page->choice, cached->transition))
		return true;
	struct sf_transition_row *place = sf_listing_add(page->listing, &page->rows);
	if (!place)
		return false;
	sf_listing_transition(page->listing, cached, row->updated_ms, place);
	place->late_count = sf_listing_late_count(page->late, row->id);
	return true;
}

bool sf_choice_visit(struct sf_choice_page *page, const struct sf_choice_row *row)
{
	if (row->updated_ms < page->choice.since_ms)
		return false;
	if (was_before(page, row))
		return true;
	if (!sf_choice_has_state(&page->choice, row->state))
		page->passed++;
	else if (!add_chosen(page, row))
		return false;
	if (page->rows.count < page->count_max && page->folded < SF_CHOICE_FOLD_MAX &&
		page->passed < SF_CHOICE_PASS_MAX)
		return true;
	page->next = row->id;
	return false;
}

bool sf_choice_count(struct sf_choice_totals *totals, enum sf_transition_state state)
{
	if (state > SF_TRANSITION_EMPTY && state <= SF_TRANSITION_CLOSED)
		totals->counts[state]++;
	return ++totals->seen < SF_CHOICE_TOTAL_MAX;
}

void sf_choice_tell(struct sf_listing *listing, const struct sf_choice_totals *totals,
	struct sf_reply_transitions *reply)
{
	struct sf_listing_rows rows = {.item_size = sizeof(struct sf_total_row)};
	for (unsigned state = SF_TRANSITION_OPEN; state <= SF_TRANSITION_CLOSED; state++) {
		struct sf_total_row *row =
			totals->counts[state] > 0 ? sf_listing_add(listing, &rows) : NULL;
		if (row)
			*row = (struct sf_total_row){
				(enum sf_transition_state)state, totals->counts[state]};
	}
	reply->total_count = rows.count;
	reply->totals = rows.items;
	reply->totals_whole = totals->seen < SF_CHOICE_TOTAL_MAX;
}
