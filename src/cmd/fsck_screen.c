#include "cmd/fsck_screen.h"

#include <inttypes.h>
#include <stdio.h>

#include "cmd/commands.h"
#include "cmd/print.h"

/* Of a store that is damaged all through nobody reads more. */
#define FAULTS_SHOWN_MAX ((uint64_t)1000)

void sf_fsck_screen_begin(struct sf_fsck_screen *screen)
{
	if (screen->json)
		sf_json_array(sf_json_page_begin(&screen->page), "faults");
}

static void write_fault(struct sf_json_writer *writer, const struct sf_fsck_fault *fault)
{
	sf_json_object(writer, NULL);
	sf_json_text(writer, "fault", sf_fsck_word(fault->kind));
	sf_json_text(writer, "where", fault->where);
	sf_json_text(writer, "what", sf_fsck_what(fault->kind));
	sf_json_text(writer, "detail", fault->detail);
	sf_json_text(writer, "advice", sf_fsck_advice(fault->kind));
	sf_json_close(writer);
}

void sf_fsck_screen_fault(void *context, const struct sf_fsck_fault *fault)
{
	struct sf_fsck_screen *screen = context;
	bool more = fault->detail[0] != '\0';
	if (screen->fault_count++ >= FAULTS_SHOWN_MAX)
		return;
	if (screen->json)
		write_fault(&screen->page.writer, fault);
	else
		printf("%s: %s: %s%s%s%s: %s\n", fault->where, sf_fsck_word(fault->kind),
			sf_fsck_what(fault->kind), more ? " (" : "",
			more ? sf_show_text(fault->detail).text : "", more ? ")" : "",
			sf_fsck_advice(fault->kind));
}

static const char *verdict_word(enum sf_fsck_verdict verdict)
{
	switch (verdict) {
	case SF_FSCK_HOLDS:
		return "holds";
	case SF_FSCK_IS_BEHIND:
		return "behind";
	case SF_FSCK_HAS_FORKED:
		return "forked";
	case SF_FSCK_WAS_LOST:
		return "lost";
	case SF_FSCK_CANNOT_TELL:
		return "cannot-tell";
	case SF_FSCK_NOT_ASKED:
		break;
	}
	return "";
}

static void print_verdict(const struct sf_fsck_report *report, struct sf_view note)
{
	switch (report->verdict) {
	case SF_FSCK_HOLDS:
		printf("\nThe store has every leaf of the note, %" PRIu64 " of them.\n",
			report->noted.size);
		break;
	case SF_FSCK_IS_BEHIND:
		printf("\nThe store is behind: of the %" PRIu64 " leaves that the note shows, "
		       "%" PRIu64 " are missing.\nIt was restored from a backup, or its end was "
		       "cut off.\n",
			report->noted.size, report->missing);
		break;
	case SF_FSCK_HAS_FORKED:
		printf("\nThe store and the note have forked. Both are signed by the log, and "
		       "cannot both be true.\n\nThis note:\n%.*s\nThe newest of the store:\n%.*s",
			(int)note.size, (const char *)note.data, (int)report->note.size,
			(const char *)report->note.data);
		break;
	case SF_FSCK_WAS_LOST:
		printf("\nThe note is of a tail of the log that was lost: the registrars have "
		       "declared that %" PRIu64 " of the\n%" PRIu64
		       " leaves that it shows stand.\n",
			report->noted.size - report->missing, report->noted.size);
		break;
	case SF_FSCK_CANNOT_TELL:
	case SF_FSCK_NOT_ASKED:
		break;
	}
}

static void print_report(const struct sf_fsck_screen *screen, const struct sf_fsck_report *report,
	struct sf_view note)
{
	if (report->faults > FAULTS_SHOWN_MAX)
		printf("and %" PRIu64 " more\n", report->faults - FAULTS_SHOWN_MAX);
	printf("%s%" PRIu64 " leaves (%" PRIu64 " erased), %" PRIu64 " covers, %" PRIu64
	       " receipts, %" PRIu64 " tiles\n%" PRIu64 " checkpoints, %" PRIu64
	       " cosignatures, %" PRIu64 " directory entries%s, %" PRIu64
	       " transitions\nfaults: %" PRIu64 "\n",
		report->faults ? "\n" : "", report->leaves, report->erased, report->covers,
		report->receipts, report->tiles, report->checkpoints, report->cosignatures,
		report->entries,
		screen->registrars ? "" : " (who signed them: not asked, see --policy)",
		report->transitions, report->faults);
	print_verdict(report, note);
}

static void write_report(struct sf_json_writer *writer, const struct sf_fsck_screen *screen,
	const struct sf_fsck_report *report)
{
	sf_json_close(writer); /* of the faults */
	sf_json_int(writer, "fault_count", (int64_t)report->faults);
	sf_json_int(writer, "leaves", (int64_t)report->leaves);
	sf_json_int(writer, "erased", (int64_t)report->erased);
	sf_json_int(writer, "covers", (int64_t)report->covers);
	sf_json_int(writer, "receipts", (int64_t)report->receipts);
	sf_json_int(writer, "tiles", (int64_t)report->tiles);
	sf_json_int(writer, "checkpoints", (int64_t)report->checkpoints);
	sf_json_int(writer, "cosignatures", (int64_t)report->cosignatures);
	sf_json_int(writer, "entries", (int64_t)report->entries);
	sf_json_bool(writer, "registrars_checked", screen->registrars != NULL);
	sf_json_int(writer, "transitions", (int64_t)report->transitions);
	sf_json_word(writer, "against", verdict_word(report->verdict));
	sf_json_int(writer, "missing", (int64_t)report->missing);
	sf_json_text_view(writer, "note", sf_buf_view(&report->note));
}

int sf_fsck_screen_end(
	struct sf_fsck_screen *screen, const struct sf_fsck_report *report, struct sf_view note)
{
	if (report && screen->json) {
		write_report(&screen->page.writer, screen, report);
		return sf_json_page_end(&screen->page);
	}
	if (screen->json)
		sf_buf_fini(&screen->page.buf);
	else if (report)
		print_report(screen, report, note);
	return SF_EXIT_OK;
}
