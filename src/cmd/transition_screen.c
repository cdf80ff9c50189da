#include "cmd/transition_screen.h"

#include <inttypes.h>
#include <string.h>

#include "cmd/event_words.h"
#include "cmd/next_line.h"
#include "cmd/print_json.h"

/* More than a screen has room for. */
#define NEWEST_EVENTS 10

static void print_members(FILE *out, const struct sf_reply_transition *show)
{
	for (size_t i = 0; i < show->member_count; i++) {
		const struct sf_member_row *row = &show->members[i];
		fprintf(out, "  %-18s %s%s%s%s\n",
			row->role ? sf_role_text(row->role) : "also told",
			sf_show_party(row->name, row->party).text,
			row->state == SF_BINDING_PARTY ? "" : " (",
			row->state == SF_BINDING_PARTY ? "" : sf_binding_word(row->state),
			row->state == SF_BINDING_PARTY ? "" : ")");
	}
}

static void print_stay(FILE *out, const struct sf_reply_transition *show)
{
	fprintf(out, "\nStay: %s", sf_stay_state_text(show->row.stay));
	if (show->stay_class)
		fprintf(out, ", %s", sf_stay_class_text(show->stay_class));
	if (show->stay_since_ms)
		fprintf(out, ", since %s", sf_show_minute(show->stay_since_ms).text);
	fputc('\n', out);
	if (show->admitted_ms)
		fprintf(out, "  admitted   %s%s\n", sf_show_minute(show->admitted_ms).text,
			show->report_requested ? ", admission report requested" : "");
	if (show->discharged_ms)
		fprintf(out, "  %-10s %s\n", show->row.stay == SF_STAY_DEAD ? "died" : "discharged",
			sf_show_minute(show->discharged_ms).text);
}

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
	if (line->until_ms != SF_LEDGER_OPEN) {
		sf_table_cell(table, "%s", sf_show_minute(line->until_ms).text);
	} else if (window && window->state == SF_WINDOW_SUSPENDED) {
		sf_table_cell(table, "suspended, then %s", sf_role_text(window->then));
	} else if (window) {
		sf_table_cell(table, "%s, then %s", sf_show_minute(window->until_ms).text,
			sf_role_text(window->then));
	} else if (offer && offer_due_ms(show, offer) != SF_NEVER_MS) {
		sf_table_cell(table, "it is accepted, by %s",
			sf_show_minute(offer_due_ms(show, offer)).text);
	} else {
		sf_table_cell(table, "%s", offer ? "it is accepted" : "-");
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
	const struct sf_line_row *row)
{
	const char *citation = citation_of(show, row);
	sf_table_cell(table, "  %s", sf_domain_text(row->domain));
	sf_table_cell(table, "%s", sf_show_party(row->holder_name, row->holder).text);
	sf_table_cell(table, "%s", sf_show_minute(row->from_ms).text);
	sf_table_cell(table, "%s%s%s, event %" PRIu64, sf_basis_text(row->basis),
		citation[0] ? " " : "", sf_show_text(citation).text, row->sequence);
	add_until(table, show, row);
}

/* Lines that stand; all of them when the ledger has ended, so that the screen still tells who had
 * it last. */
static int print_ledger(FILE *out, const struct sf_reply_transition *show)
{
	static const char *const headings[] = {"  DOMAIN", "HOLDER", "SINCE", "BASIS", "UNTIL"};
	struct sf_table table;
	bool ended = show->row.holder_count == 0;
	fprintf(out, "\nResponsibility%s\n", ended && show->line_count ? " (ended)" : "");
	sf_table_begin(&table, headings, SF_COUNT(headings));
	for (size_t domain = 0; domain < SF_DOMAIN_COUNT; domain++)
		for (size_t i = 0; i < show->line_count; i++)
			if (show->lines[i].domain == (enum sf_domain)domain &&
				(ended || show->lines[i].until_ms == SF_LEDGER_OPEN))
				add_line(&table, show, &show->lines[i]);
	return sf_table_end(&table, out, "  nobody holds anything yet");
}

static void print_offers(FILE *out, const struct sf_reply_transition *show)
{
	size_t count = 0;
	for (size_t i = 0; i < show->offer_count; i++) {
		const struct sf_offer_row *row = &show->offers[i];
		if (row->state != SF_OFFER_OPEN)
			continue;
		if (count++ == 0)
			fputs("\nOpen offers\n", out);
		fprintf(out, "  %s  %s -> ", sf_show_domains(row->remaining).text,
			sf_show_party(row->from_name, row->from).text);
		if (sf_id_is_none(row->to))
			fprintf(out, "nobody is bound as %s", sf_role_text(row->to_role));
		else
			fprintf(out, "%s", sf_show_party(row->to_name, row->to).text);
		fprintf(out, ", since %s\n    %s\n", sf_show_minute(row->since_ms).text,
			sf_show_id(row->message).text);
	}
}

static bool same_contact(const struct sf_contact_row *a, const struct sf_contact_row *b)
{
	return sf_id_equal(a->party, b->party) && strcmp(a->name, b->name) == 0 &&
	       strcmp(a->telephone, b->telephone) == 0 && a->until_ms == b->until_ms;
}

static void print_contact(
	FILE *out, const struct sf_contact_row *row, sf_domain_set domains, bool first)
{
	if (first)
		fputs("\nCall now\n", out);
	fprintf(out, "  %s: %s%s%s", sf_show_party(row->party_name, row->party).text,
		sf_show_text(row->name).text, row->name[0] && row->telephone[0] ? ", " : "",
		sf_show_text(row->telephone).text);
	if (row->until_ms)
		fprintf(out, ", until %s", sf_show_minute(row->until_ms).text);
	/* Others who have said whom to call hold nothing. */
	if ((domains & SF_DOMAIN_ALL) != 0)
		fprintf(out, " (%s)", sf_show_domains(domains & SF_DOMAIN_ALL).text);
	fputc('\n', out);
}

/* One line for all domains that the same contact answers for. */
static void print_contacts(FILE *out, const struct sf_reply_transition *show)
{
	bool first = true;
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
		print_contact(out, row, domains, first);
		first = false;
	}
}

static void print_deviations(FILE *out, const struct sf_reply_transition *show)
{
	for (size_t i = 0; i < show->deviation_count; i++) {
		const struct sf_deviation_row *row = &show->deviations[i];
		if (i == 0)
			fputs("\nNot as agreed\n", out);
		fprintf(out, "  %s  event %" PRIu64 ", %s\n", sf_show_minute(row->recorded_ms).text,
			row->sequence, sf_refusal_text((uint16_t)row->code));
	}
}

static void add_event(struct sf_table *table, const struct sf_reply_transition *show,
	const struct sf_event_row *row)
{
	sf_table_cell(table, "  %" PRIu64, row->sequence);
	sf_table_cell(table, "%s", sf_show_minute(row->recorded_ms).text);
	sf_table_cell(table, "%s", sf_show_party(row->author_name, row->author).text);
	sf_table_cell(table, "%s", sf_event_words(show, row).text);
	bool applied = row->outcome == SF_OUTCOME_APPLIED;
	const char *code = row->code == 0 ? ""
			   : applied      ? sf_ack_code_text(row->code)
					  : sf_refusal_text((uint16_t)row->code);
	sf_table_cell(table, "%s%s%s",
		row->kind_class == SF_CLASS_RESEND ? "sent again" : sf_outcome_word(row->outcome),
		code[0] ? ": " : "", code);
}

static int print_events(FILE *out, const struct sf_reply_transition *show, bool all)
{
	static const char *const headings[] = {"  #", "RECORDED", "BY", "WHAT", "OUTCOME"};
	struct sf_table table;
	bool cut = !all && show->event_count > NEWEST_EVENTS;
	size_t older = cut ? show->event_count - NEWEST_EVENTS : 0;
	fputs("\nEvents", out);
	if (older > 0)
		fprintf(out, ", the newest of %zu (--events shows all)", show->event_count);
	fputc('\n', out);
	sf_table_begin(&table, headings, SF_COUNT(headings));
	for (size_t i = older; i < show->event_count; i++)
		add_event(&table, show, &show->events[i]);
	return sf_table_end(&table, out, "  none is recorded yet");
}

static void print_late(FILE *out, const struct sf_reply_transition *show)
{
	size_t count = 0;
	for (size_t i = 0; i < show->delivery_count; i++) {
		const struct sf_delivery_row *row = &show->deliveries[i];
		if (!row->late)
			continue;
		if (count++ == 0)
			fputs("\nLate deliveries\n", out);
		fprintf(out, "  %s to %s: %s since %s%s%s\n",
			row->activity ? sf_activity_text(row->activity) : sf_kind_text(row->kind),
			sf_show_party(row->recipient_name, row->recipient).text,
			sf_delivery_text(row->state), sf_show_minute(row->since_ms).text,
			row->reason[0] ? ", " : "", sf_show_text(row->reason).text);
	}
}

static void print_heading(
	FILE *out, const struct sf_reply_transition *show, const struct sf_screen_wishes *wishes)
{
	const struct sf_transition_row *row = &show->row;
	bool told = wishes->known_by && wishes->known_by[0];
	fprintf(out, "Transition %s: %s%s", sf_show_id(row->transition).text,
		sf_transition_state_text(row->state), row->frozen ? ", FROZEN" : "");
	if (show->pathway)
		fprintf(out, ", %s", sf_pathway_text(show->pathway));
	fprintf(out, ", opened %s\n", sf_show_minute(row->opened_ms).text);
	if (wishes->at || told)
		fprintf(out, "As of %s%s%s, up to event %" PRIu64 "\n",
			sf_show_minute(show->as_of_ms).text, told ? ", as known by " : "",
			told ? sf_show_text(wishes->known_by).text : "", show->known_sequence);
	if (show->agreement_name && show->agreement_name[0])
		fprintf(out, "Agreement %s, version %" PRIu32 "\n",
			sf_show_text(show->agreement_name).text, show->agreement_version);
}

int sf_transition_screen_print(
	FILE *out, const struct sf_reply_transition *show, const struct sf_screen_wishes *wishes)
{
	print_heading(out, show, wishes);
	print_members(out, show);
	print_stay(out, show);
	sf_course_screen_print(out, show);
	int code = print_ledger(out, show);
	print_contacts(out, show);
	print_offers(out, show);
	if (!code)
		code = sf_duty_screen_print(out, show);
	print_deviations(out, show);
	if (!code)
		code = print_events(out, show, wishes->all_events);
	print_late(out, show);
	fputc('\n', out);
	sf_next_line_print(out, show);
	return code;
}
