/* Who holds what, whom to call and what is offered, on the screen of a transition. */
#include <inttypes.h>
#include <string.h>

#include "cmd/transition_screen.h"
#include "core/deadline.h"

/* What ends it: a window of the domain that runs, else an open offer of it. */
static const struct sf_window_row *window_of(
	const struct sf_reply_transition *show, const struct sf_line_row *line)
{
	for (size_t i = 0; i < show->window_count; i++) {
		const struct sf_window_row *window = &show->windows[i];
		bool runs = window->state == SF_WINDOW_OPEN || window->state == SF_WINDOW_SUSPENDED;
		if (runs && window->domain == line->domain &&
			sf_id_equal(window->holder, line->holder))
			return window;
	}
	return NULL;
}

static const struct sf_offer_row *offer_of(
	const struct sf_reply_transition *show, const struct sf_line_row *line)
{
	for (size_t i = 0; i < show->offer_count; i++) {
		const struct sf_offer_row *offer = &show->offers[i];
		if (offer->state == SF_OFFER_OPEN &&
			(offer->remaining & SF_DOMAIN_BIT(line->domain)))
			return offer;
	}
	return NULL;
}

/* The first thing that its receiver owes because of the offer: when it must have answered. */
static int64_t offer_due_ms(
	const struct sf_reply_transition *show, const struct sf_offer_row *offer)
{
	int64_t due_ms = SF_NEVER_MS;
	if (show->next.next == SF_NEXT_ANSWER_OFFER &&
		sf_id_equal(show->next.subject, offer->message))
		return show->next.before_ms;
	for (size_t i = 0; i < show->obligation_count; i++) {
		const struct sf_obligation_row *row = &show->obligations[i];
		if (row->open && sf_id_equal(row->subject, offer->message) &&
			sf_id_equal(row->owner, offer->to) && row->due_ms < due_ms)
			due_ms = row->due_ms;
	}
	return due_ms;
}

static void add_until(struct sf_table *table, const struct sf_reply_transition *show,
	const struct sf_line_row *line)
{
	const struct sf_window_row *window = window_of(show, line);
	const struct sf_offer_row *offer = offer_of(show, line);
	int64_t now_ms = show->as_of_ms;
	if (line->until_ms != SF_LEDGER_OPEN) {
		sf_table_cell(table, "%s", sf_show_day(line->until_ms, now_ms).text);
	} else if (window && window->state == SF_WINDOW_SUSPENDED) {
		sf_table_cell(table, "suspended, then %s", sf_role_text(window->then));
	} else if (window) {
		sf_table_cell(table, "%s, then %s", sf_show_day(window->until_ms, now_ms).text,
			sf_role_text(window->then));
	} else if (offer && offer_due_ms(show, offer) != SF_NEVER_MS) {
		sf_table_cell(table, "accepted, by %s",
			sf_show_day(offer_due_ms(show, offer), now_ms).text);
	} else {
		sf_table_cell(table, "%s", offer ? "accepted" : "-");
	}
}

/* As the agreement cites the clause that moved it; "" when no window of it is shown. */
static const char *citation_of(
	const struct sf_reply_transition *show, const struct sf_line_row *line)
{
	for (size_t i = 0; line->basis == SF_BASIS_CLAUSE && i < show->event_count; i++)
		for (size_t k = 0; k < show->window_count; k++)
			if (show->events[i].sequence == line->sequence &&
				show->events[i].detail == show->windows[k].clause)
				return show->windows[k].citation;
	return "";
}

static void add_line(struct sf_table *table, const struct sf_reply_transition *show,
	const struct sf_line_row *row, bool all)
{
	const char *citation = citation_of(show, row);
	struct sf_words basis = {""};
	sf_words_add(&basis, "%s%s%s", sf_basis_text(row->basis), citation[0] ? " " : "",
		sf_show_text(citation).text);
	if (all)
		sf_words_add(&basis, ", event %" PRIu64, row->sequence);
	sf_table_cell(table, "%s", sf_domain_text(row->domain));
	sf_table_cell(table, "%s", sf_screen_party(show, row->holder_name, row->holder).text);
	sf_table_cell(table, "%s", sf_show_day(row->from_ms, show->as_of_ms).text);
	sf_table_cell(table, "%s", basis.text);
	add_until(table, show, row);
}

/* Who had it last, when nobody has it any more. */
static bool is_last(const struct sf_reply_transition *show, size_t index)
{
	for (size_t i = index + 1; i < show->line_count; i++)
		if (show->lines[i].domain == show->lines[index].domain)
			return false;
	return true;
}

static int print_lines(FILE *out, const struct sf_reply_transition *show, bool all)
{
	static const char *const headings[] = {"RESPONSIBLE", "HOLDER", "SINCE", "BASIS", "UNTIL"};
	struct sf_table table;
	bool ended = show->row.holder_count == 0;
	sf_screen_table_begin(&table, out, headings, SF_COUNT(headings));
	for (size_t domain = 0; domain < SF_DOMAIN_COUNT; domain++)
		for (size_t i = 0; i < show->line_count; i++)
			if (show->lines[i].domain == (enum sf_domain)domain &&
				(all || show->lines[i].until_ms == SF_LEDGER_OPEN ||
					(ended && is_last(show, i))))
				add_line(&table, show, &show->lines[i], all);
	return sf_table_end(&table, out, "Nobody holds anything yet.");
}

static bool same_contact(const struct sf_contact_row *a, const struct sf_contact_row *b)
{
	return sf_id_equal(a->party, b->party) && strcmp(a->name, b->name) == 0 &&
	       strcmp(a->telephone, b->telephone) == 0 && a->until_ms == b->until_ms;
}

static void add_contact(struct sf_table *table, const struct sf_reply_transition *show,
	const struct sf_contact_row *row, sf_domain_set domains)
{
	struct sf_words about = {""};
	/* Others who have said whom to call hold nothing. */
	if (domains & SF_DOMAIN_ALL)
		sf_words_add(&about, "%s", sf_show_domains(domains & SF_DOMAIN_ALL).text);
	if (row->until_ms)
		sf_words_add(&about, "%suntil %s", about.text[0] ? "; " : "",
			sf_show_day(row->until_ms, show->as_of_ms).text);
	if (row->next_telephone[0])
		sf_words_add(&about, ", then %s %s", sf_show_text(row->next_name).text,
			sf_show_text(row->next_telephone).text);
	sf_table_cell(table, "%s", sf_screen_party(show, row->party_name, row->party).text);
	sf_table_cell(table, "%s", row->name[0] ? sf_show_text(row->name).text : "-");
	sf_table_cell(table, "%s", row->telephone[0] ? sf_show_text(row->telephone).text : "-");
	sf_table_cell(table, "%s", about.text);
}

/* One row for all domains that the same contact answers for; no headings without one. */
static int print_contacts(FILE *out, const struct sf_reply_transition *show)
{
	static const char *const headings[] = {"CALL NOW", "WHOM", "TELEPHONE", "ABOUT"};
	struct sf_table table;
	size_t count = 0;
	for (size_t i = 0; i < show->contact_count; i++) {
		const struct sf_contact_row *row = &show->contacts[i];
		sf_domain_set domains = 0;
		bool told = false;
		for (size_t k = 0; k < show->contact_count; k++) {
			if (!same_contact(row, &show->contacts[k]))
				continue;
			domains |= SF_DOMAIN_BIT(show->contacts[k].domain);
			told = told || k < i;
		}
		if (told || (!row->name[0] && !row->telephone[0]))
			continue;
		if (count++ == 0)
			sf_screen_table_begin(&table, out, headings, SF_COUNT(headings));
		add_contact(&table, show, row, domains);
	}
	return count ? sf_table_end(&table, out, "") : 0;
}

/* What is open is offered by who holds it, which the ledger says. */
static void add_offer(struct sf_table *table, const struct sf_reply_transition *show,
	const struct sf_offer_row *row, bool all)
{
	bool open = row->state == SF_OFFER_OPEN;
	bool promised = open && row->promised_ms;
	sf_table_cell(table, "%s", sf_show_domains(open ? row->remaining : row->domains).text);
	if (sf_id_is_none(row->to))
		sf_table_cell(table, "nobody is bound as %s", sf_role_text(row->to_role));
	else
		sf_table_cell(table, "%s%s%s", sf_screen_party(show, row->to_name, row->to).text,
			promised ? ": later, from " : "",
			promised ? sf_show_day(row->promised_ms, show->as_of_ms).text : "");
	sf_table_cell(table, "%s", sf_show_day(row->since_ms, show->as_of_ms).text);
	sf_table_cell(table, "%s", sf_screen_id(row->message, all).text);
	if (all)
		sf_table_cell(table, "%s, from %s", sf_offer_state_text(row->state),
			sf_screen_party(show, row->from_name, row->from).text);
}

static int print_offers(FILE *out, const struct sf_reply_transition *show, bool all)
{
	static const char *const headings[] = {"OFFERED", "TO", "SINCE", "OFFER", "STATE"};
	struct sf_table table;
	size_t count = 0;
	for (size_t i = 0; i < show->offer_count; i++) {
		if (!all && show->offers[i].state != SF_OFFER_OPEN)
			continue;
		if (count++ == 0)
			sf_screen_table_begin(
				&table, out, headings, SF_COUNT(headings) - (all ? 0 : 1));
		add_offer(&table, show, &show->offers[i], all);
	}
	return count ? sf_table_end(&table, out, "") : 0;
}

static int print_windows(FILE *out, const struct sf_reply_transition *show)
{
	static const char *const headings[] = {"WINDOW", "HOLDER", "SINCE", "UNTIL", "STATE"};
	struct sf_table table;
	if (show->window_count == 0)
		return 0;
	sf_screen_table_begin(&table, out, headings, SF_COUNT(headings));
	for (size_t i = 0; i < show->window_count; i++) {
		const struct sf_window_row *row = &show->windows[i];
		bool cited = row->citation[0] != '\0';
		sf_table_cell(&table, "%s%s%s%s", sf_show_text(row->name).text,
			cited ? " (clause " : "", sf_show_text(row->citation).text,
			cited ? ")" : "");
		sf_table_cell(
			&table, "%s", sf_screen_party(show, row->holder_name, row->holder).text);
		sf_table_cell(&table, "%s", sf_show_day(row->from_ms, show->as_of_ms).text);
		sf_table_cell(&table, "%s", sf_show_day(row->until_ms, show->as_of_ms).text);
		sf_table_cell(&table, "%s", sf_window_state_text(row->state));
	}
	return sf_table_end(&table, out, "");
}

int sf_ledger_screen_print(FILE *out, const struct sf_reply_transition *show, bool all)
{
	int code = print_lines(out, show, all);
	if (!code && all)
		code = print_windows(out, show);
	if (!code)
		code = print_contacts(out, show);
	if (!code)
		code = print_offers(out, show, all);
	return code;
}
