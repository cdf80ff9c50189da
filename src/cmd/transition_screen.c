#include "cmd/transition_screen.h"

#include <inttypes.h>

#include "cmd/print.h"
#include "cmd/print_json.h"

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
		fprintf(out, ", since %s", sf_show_time(show->stay_since_ms).text);
	if (show->admitted_ms)
		fprintf(out, "; admitted %s", sf_show_time(show->admitted_ms).text);
	if (show->discharged_ms)
		fprintf(out, "; discharged %s", sf_show_time(show->discharged_ms).text);
	fprintf(out, "%s\n", show->report_requested ? "; admission report requested" : "");
}

static void add_line(struct sf_table *table, const struct sf_line_row *row)
{
	bool stands = row->until_ms == SF_LEDGER_OPEN;
	sf_table_cell(table, "  %s", sf_domain_text(row->domain));
	sf_table_cell(table, "%s", sf_show_party(row->holder_name, row->holder).text);
	sf_table_cell(table, "%s", sf_show_time(row->from_ms).text);
	sf_table_cell(table, "%s", stands ? "-" : sf_show_time(row->until_ms).text);
	sf_table_cell(table, "%s, event %" PRIu64, sf_basis_text(row->basis), row->sequence);
}

/* Lines that stand; all of them when the ledger has ended, so that the screen still tells who had
 * it last. */
static int print_ledger(FILE *out, const struct sf_reply_transition *show)
{
	static const char *const headings[] = {"  DOMAIN", "HOLDER", "SINCE", "UNTIL", "BASIS"};
	struct sf_table table;
	bool ended = show->row.holder_count == 0;
	fprintf(out, "\nResponsibility%s\n", ended && show->line_count ? " (ended)" : "");
	sf_table_begin(&table, headings, SF_COUNT(headings));
	for (size_t domain = 0; domain < SF_DOMAIN_COUNT; domain++)
		for (size_t i = 0; i < show->line_count; i++)
			if (show->lines[i].domain == (enum sf_domain)domain &&
				(ended || show->lines[i].until_ms == SF_LEDGER_OPEN))
				add_line(&table, &show->lines[i]);
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
		fprintf(out, ", since %s, by %s\n", sf_show_time(row->since_ms).text,
			sf_show_id(row->message).text);
	}
}

/* "stay discharge-home", "accept care, medication", "acknowledgement ok". */
static void add_event(struct sf_table *table, const struct sf_event_row *row)
{
	bool plain = row->mode == SF_MODE_NONE || row->mode == SF_MODE_NEW;
	sf_table_cell(table, "  %" PRIu64, row->sequence);
	sf_table_cell(table, "%s", sf_show_time(row->recorded_ms).text);
	sf_table_cell(table, "%s", sf_show_party(row->author_name, row->author).text);
	if (row->activity)
		sf_table_cell(table, "%s%s%s%s", sf_activity_text(row->activity), plain ? "" : " (",
			plain ? "" : sf_mode_text(row->mode), plain ? "" : ")");
	else if (row->ack)
		sf_table_cell(table, "%s %s", sf_kind_text(row->kind), sf_ack_text(row->ack));
	else
		sf_table_cell(table, "%s%s%s", sf_kind_text(row->kind), row->domains ? " " : "",
			row->domains ? sf_show_domains(row->domains).text : "");
	bool applied = row->outcome == SF_OUTCOME_APPLIED;
	const char *code = row->code == 0 ? ""
			   : applied      ? sf_ack_code_text(row->code)
					  : sf_refusal_text((uint16_t)row->code);
	sf_table_cell(table, "%s%s%s",
		row->kind_class == SF_CLASS_RESEND ? "sent again" : sf_outcome_word(row->outcome),
		code[0] ? ": " : "", code);
}

static int print_events(FILE *out, const struct sf_reply_transition *show)
{
	static const char *const headings[] = {"  #", "RECORDED", "BY", "WHAT", "OUTCOME"};
	struct sf_table table;
	fputs("\nEvents\n", out);
	sf_table_begin(&table, headings, SF_COUNT(headings));
	for (size_t i = 0; i < show->event_count; i++)
		add_event(&table, &show->events[i]);
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
			sf_delivery_text(row->state), sf_show_time(row->since_ms).text,
			row->reason[0] ? ", " : "", sf_show_text(row->reason).text);
	}
}

/* True when something was printed. */
static bool print_awaited_answers(FILE *out, const struct sf_reply_transition *show)
{
	bool awaited = false;
	for (size_t i = 0; i < show->offer_count; i++) {
		const struct sf_offer_row *row = &show->offers[i];
		if (row->state != SF_OFFER_OPEN)
			continue;
		fputs(awaited ? "; " : "Awaited: ", out);
		awaited = true;
		if (sf_id_is_none(row->to))
			fprintf(out, "%s must find a %s for %s",
				sf_show_party(row->from_name, row->from).text,
				sf_role_text(row->to_role), sf_show_domains(row->remaining).text);
		else
			fprintf(out, "an answer from %s on %s, offered %s",
				sf_show_party(row->to_name, row->to).text,
				sf_show_domains(row->remaining).text,
				sf_show_time(row->since_ms).text);
	}
	return awaited;
}

void sf_transition_awaited_print(FILE *out, const struct sf_reply_transition *show)
{
	if (show->row.frozen) {
		fputs("Awaited: people must decide, the ledger is frozen\n", out);
		return;
	}
	bool awaited = print_awaited_answers(out, show);
	for (size_t i = 0; i < show->delivery_count; i++) {
		const struct sf_delivery_row *row = &show->deliveries[i];
		if (!row->late)
			continue;
		fputs(awaited ? "; " : "Awaited: ", out);
		awaited = true;
		fprintf(out, "an acknowledgement from %s",
			sf_show_party(row->recipient_name, row->recipient).text);
	}
	fputs(awaited ? "\n" : "Awaited: nothing that is known here\n", out);
}

int sf_transition_screen_print(FILE *out, const struct sf_reply_transition *show)
{
	const struct sf_transition_row *row = &show->row;
	fprintf(out, "Transition %s: %s%s", sf_show_id(row->transition).text,
		sf_transition_state_text(row->state), row->frozen ? ", FROZEN" : "");
	if (show->pathway)
		fprintf(out, ", %s", sf_pathway_text(show->pathway));
	fprintf(out, ", opened %s\n", sf_show_time(row->opened_ms).text);
	print_members(out, show);
	print_stay(out, show);
	int code = print_ledger(out, show);
	print_offers(out, show);
	int events = print_events(out, show);
	print_late(out, show);
	fputc('\n', out);
	sf_transition_awaited_print(out, show);
	return code ? code : events;
}
