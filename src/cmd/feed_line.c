#include "cmd/feed_line.h"

#include <inttypes.h>

#include "cmd/print.h"

static void print_parties(FILE *out, const struct sf_feed_row *row)
{
	if (sf_id_is_none(row->party) && sf_id_is_none(row->peer))
		return;
	fprintf(out, "  %s", sf_show_party(row->party_name, row->party).text);
	/* Of a move, peer is who held it before: told at the end. */
	if (!sf_id_is_none(row->peer) && row->what != SF_FEED_MOVED)
		fprintf(out, " -> %s", sf_show_party(row->peer_name, row->peer).text);
}

/* What time made, as a person would say it; NULL for everything else. */
static const char *derived_words(const struct sf_feed_row *row)
{
	switch (row->kind) {
	case SF_KIND_EXPIRED:
		return "a deadline has passed";
	case SF_KIND_ESCALATED:
		return "alarm: it is still not done";
	case SF_KIND_WINDOW_ENDED:
		return "the window after discharge has ended";
	case SF_KIND_PASSED:
		return "the agreement passes on";
	case SF_KIND_SILENT:
		return "alarm: something is owed and nothing happens";
	case SF_KIND_CLOSED:
		return "closed: nobody owes anything any more";
	case SF_KIND_LINKED:
		return "linked with another stay of the same person";
	default: /* what somebody said */
		return NULL;
	}
}

static void print_subject(FILE *out, const struct sf_feed_row *row)
{
	if (row->activity)
		fprintf(out, "  %s", sf_activity_text(row->activity));
	else if (row->kind && row->what != SF_FEED_ACKNOWLEDGED && !derived_words(row))
		fprintf(out, "  %s", sf_kind_text(row->kind));
	if (row->mode == SF_MODE_REVISE || row->mode == SF_MODE_CANCEL)
		fprintf(out, " (%s)", sf_mode_text(row->mode));
}

/* What happened: the daemon's word, or the words a person would say. */
static void print_what(FILE *out, const struct sf_feed_row *row)
{
	if (row->what == SF_FEED_MOVED) {
		fprintf(out, "  now holds %s", sf_show_domains(row->domains).text);
		if (!sf_id_is_none(row->peer))
			fprintf(out, ", before it %s",
				sf_show_party(row->peer_name, row->peer).text);
		return;
	}
	const char *derived = derived_words(row);
	/* Of an agreement the kind says it all. */
	if (derived)
		fprintf(out, "  %s", derived);
	else if (row->what != SF_FEED_AGREEMENT || row->kind == 0)
		fprintf(out, "  %s", sf_feed_text(row->what));
	if (row->domains)
		fprintf(out, " %s", sf_show_domains(row->domains).text);
	if (row->ack)
		fprintf(out, " %s", sf_ack_text(row->ack));
	if (row->outcome == SF_OUTCOME_DEVIATION)
		fputs(", deviation", out);
	if (row->outcome == SF_OUTCOME_REFUSED)
		fputs(", refused", out);
	if (row->code)
		fprintf(out, ": %s",
			row->ack ? sf_ack_code_text(row->code)
				 : sf_refusal_text((uint16_t)row->code));
	if (row->attempts > 1)
		fprintf(out, ", attempt %" PRIu32, row->attempts);
}

void sf_feed_line_print(FILE *out, const struct sf_feed_row *row)
{
	const uint8_t *id = row->transition.bytes;
	fputs(sf_show_clock(row->at_ms).text, out);
	/* Its first bytes are the time it was minted: today they are the same for everybody. */
	if (!sf_id_is_none(row->transition))
		fprintf(out, "  ..%02x%02x%02x", id[SF_ID_SIZE - 3], id[SF_ID_SIZE - 2],
			id[SF_ID_SIZE - 1]);
	print_parties(out, row);
	print_subject(out, row);
	print_what(out, row);
	fputc('\n', out);
}
