#include "cmd/log_screen.h"

#include <inttypes.h>
#include <string.h>

#include "base/base64.h"
#include "cmd/print.h"
#include "view/members.h"

static const char *const headings[] = {"COSIGNED BY", "ROLE", "ENTRIES", "WHEN"};

/* As the note has it, so that the two can be compared by eye. */
static struct sf_shown show_root(const struct sf_digest *root)
{
	struct sf_shown shown = {.text = "-"};
	struct sf_buf buf;
	sf_buf_init(&buf, sizeof(shown.text) - 1);
	if (!sf_base64_append(&buf, sf_digest_view(root))) {
		memcpy(shown.text, buf.data, buf.size);
		shown.text[buf.size] = '\0';
	}
	sf_buf_fini(&buf);
	return shown;
}

static void print_indented(FILE *out, struct sf_view note)
{
	struct sf_buf line;
	sf_buf_init(&line, note.size + 1);
	for (size_t i = 0; i < note.size; i++) {
		if (note.data[i] != '\n') {
			sf_ignore(sf_buf_append_u8(&line, note.data[i]));
			continue;
		}
		sf_ignore(sf_buf_append_u8(&line, 0));
		fputs("    ", out);
		sf_print_text(out, line.data ? (const char *)line.data : "");
		fputc('\n', out);
		sf_buf_clear(&line);
	}
	sf_buf_fini(&line);
}

static const char *explain(enum sf_contradiction kind)
{
	switch (kind) {
	case SF_CONTRADICTION_FORK:
		return "two checkpoints that cannot both be true";
	case SF_CONTRADICTION_ROLLBACK:
		return "the log is shorter than what it has signed";
	case SF_CONTRADICTION_SIGNATURE:
		return "a checkpoint that the log did not sign";
	case SF_CONTRADICTION_DIRECTORY:
		return "its directory is not the one that was followed";
	case SF_CONTRADICTION_OMISSION:
		return "a receipt that the log does not contain";
	case SF_CONTRADICTION_GOSSIP:
		return "another party has seen another log: a suspicion";
	case SF_CONTRADICTION_HISTORY:
		return "a receipt that does not follow what came before";
	case SF_CONTRADICTION_NONE:
		break;
	}
	return "something does not fit";
}

static void print_contradiction(
	FILE *out, const struct sf_reply_log *log, const struct sf_contradiction_row *row)
{
	fprintf(out, "\n%s: %s\n", sf_contradiction_text(row->kind), explain(row->kind));
	fprintf(out, "  found %s, epoch %" PRIu32 ", %" PRIu64 " entries%s%s\n",
		sf_show_time(row->at_ms).text, row->epoch, row->size,
		sf_id_is_none(row->party) ? "" : ", shown by ",
		sf_id_is_none(row->party) ? "" : sf_show_party(row->party_name, row->party).text);
	if (sf_contradiction_explained(log, row))
		fputs("  explained by the epoch that the registrars have declared since\n", out);
	if (row->note.size > 0) {
		fputs("  this was signed:\n", out);
		print_indented(out, row->note);
	}
	if (row->other.size > 0) {
		fputs("  and so was this:\n", out);
		print_indented(out, row->other);
	}
}

static void print_quorum(FILE *out, const struct sf_reply_log *log)
{
	bool wanted = log->hospitals_needed > 0 || log->municipalities_needed > 0;
	if (wanted)
		fprintf(out, "  %-18s %" PRIu32 " hospital%s, %" PRIu32 " municipalit%s\n",
			"quorum", log->hospitals_needed, log->hospitals_needed == 1 ? "" : "s",
			log->municipalities_needed, log->municipalities_needed == 1 ? "y" : "ies");
	if (log->witnessed_size > 0)
		fprintf(out, "  %-18s %" PRIu64 " entries, %s\n", "witnessed", log->witnessed_size,
			sf_show_time(log->witnessed_ms).text);
	else
		fprintf(out, "  %-18s %s\n", "witnessed", "nothing yet");
}

static void print_head(FILE *out, const struct sf_reply_log *log)
{
	fprintf(out, "%s\n", log->origin[0] ? sf_show_text(log->origin).text : "no log yet");
	if (log->size > 0) {
		fprintf(out, "  %-18s %" PRIu64 " entries, %s\n", "checkpoint", log->size,
			sf_show_time(log->at_ms).text);
		fprintf(out, "  %-18s %s\n", "root", show_root(&log->root).text);
	} else {
		fprintf(out, "  %-18s none yet\n", "checkpoint");
	}
	print_quorum(out, log);
	fprintf(out, "  %-18s %" PRIu64, "kept here", log->leaf_count);
	if (log->unproven_count > 0)
		fprintf(out, ", %" PRIu64 " not yet under a checkpoint, since %s",
			log->unproven_count, sf_show_time(log->unproven_since_ms).text);
	fprintf(out, "\n  %-18s version %" PRIu64 "\n", "directory", log->directory_version);
	if (log->behind)
		fprintf(out,
			"  %-18s nothing is served: %" PRIu64 " part%s shown more than this store "
			"has, %" PRIu64 " entr%s missing\n"
			"  %-18s put the newest copy of the store in place of this one; is there "
			"none, see\n  %-18s stafet help log epoch\n",
			"behind", (uint64_t)log->contradiction_count,
			log->contradiction_count == 1 ? "y has" : "ies have", sf_log_missing(log),
			sf_log_missing(log) == 1 ? "y is" : "ies are", "what to do", "");
	if (log->verified)
		fprintf(out, "  %-18s %" PRIu64 ", and everything holds\n", "checked",
			log->checked);
	if (log->fault[0])
		fprintf(out, "  %-18s %s\n", "fault", sf_show_text(log->fault).text);
}

void sf_log_screen_print(FILE *out, const struct sf_reply_log *log)
{
	struct sf_table table;
	print_head(out, log);
	sf_table_begin(&table, headings, SF_COUNT(headings));
	table.width_max = SF_SCREEN_WIDTH;
	for (size_t i = 0; i < log->cosigner_count; i++) {
		const struct sf_cosigner_row *row = &log->cosigners[i];
		sf_table_cell(&table, "%s", sf_show_party(row->name, row->party).text);
		sf_table_cell(&table, "%s", sf_role_text(row->role));
		sf_table_cell(&table, "%" PRIu64, row->size);
		sf_table_cell(&table, "%s", sf_show_time(row->at_ms).text);
	}
	fputc('\n', out);
	sf_ignore((enum sf_err)sf_table_end(&table, out, "no party has published a witness key"));
	for (size_t i = 0; i < log->contradiction_count; i++)
		print_contradiction(out, log, &log->contradictions[i]);
}

void sf_log_screen_line(FILE *out, const struct sf_reply_log *log)
{
	fprintf(out, "%s  %8" PRIu64 " entries  %s  witnessed %" PRIu64 "%s\n",
		sf_show_clock(log->at_ms).text, log->size, show_root(&log->root).text,
		log->witnessed_size,
		sf_log_contradicted(log) || log->behind ? "  CONTRADICTED" : "");
}
