#include "cmd/directory_screen.h"

#include <inttypes.h>

#include "cmd/commands.h"
#include "core/deadline.h"

static const char *or_dash(const char *text)
{
	return text && text[0] ? text : "-";
}

static const char *node_word(const struct sf_directory_row *row)
{
	return row->connected ? "connected" : row->has_node ? "yes" : "no";
}

static const struct sf_desk_row *desk_now(const struct sf_directory_row *row)
{
	for (size_t i = 0; i < row->desk_count; i++)
		if (row->desks[i].now)
			return &row->desks[i];
	return NULL;
}

/* The desk that is answered at this hour; while none is, the support contact, which always stands.
 */
static struct sf_words call_now(const struct sf_directory_row *row, int64_t now_ms)
{
	struct sf_words words = {""};
	const struct sf_desk_row *desk = desk_now(row);
	if (desk)
		sf_words_add(&words, "%s %s", sf_show_text(desk->what).text,
			sf_show_text(desk->telephone).text);
	else
		sf_words_add(&words, "%s", or_dash(sf_show_text(row->support).text));
	if (row->desk_count > 0 && row->desks_until_ms != SF_NEVER_MS)
		sf_words_add(&words, ", until %s", sf_show_day(row->desks_until_ms, now_ms).text);
	return words;
}

static struct sf_shown heard(const struct sf_directory_row *row, int64_t now_ms)
{
	return row->heard_ms ? sf_show_day(row->heard_ms, now_ms) : sf_show_text("-");
}

int sf_directory_screen_print(FILE *out, const struct sf_reply_directory *directory)
{
	static const char *const headings[] = {"NAME", "ROLE", "NODE", "HEARD", "CALL NOW"};
	struct sf_table table;
	sf_table_begin(&table, headings, SF_COUNT(headings));
	table.width_max = SF_SCREEN_WIDTH;
	for (size_t i = 0; i < directory->row_count; i++) {
		const struct sf_directory_row *row = &directory->rows[i];
		sf_table_cell(&table, "%s", sf_show_text(row->name).text);
		sf_table_cell(&table, "%s", sf_role_text(row->role));
		sf_table_cell(&table, "%s", node_word(row));
		sf_table_cell(&table, "%s", heard(row, directory->as_of_ms).text);
		sf_table_cell(&table, "%s", call_now(row, directory->as_of_ms).text);
	}
	return sf_table_end(&table, out, "nobody is in the directory");
}

static void add_line(struct sf_table *table, const char *label, const char *text)
{
	sf_table_cell(table, "%s", label);
	sf_table_cell(table, "%s", text);
}

static int print_party(FILE *out, const struct sf_directory_row *row, int64_t now_ms)
{
	struct sf_table table;
	struct sf_words entry = {""}, node = {""};
	sf_words_add(&entry, "version %" PRIu64 ", %" PRIu32 " keys", row->version, row->key_count);
	sf_words_add(&node, "%s", node_word(row));
	if (row->heard_ms)
		sf_words_add(&node, ", last heard of %s", heard(row, now_ms).text);
	sf_table_begin(&table, NULL, 2);
	table.width_max = SF_SCREEN_WIDTH;
	add_line(&table, "Name", sf_show_text(row->name).text);
	add_line(&table, "Role", sf_role_text(row->role));
	add_line(&table, "Call now", call_now(row, now_ms).text);
	add_line(&table, "Contact", or_dash(sf_show_text(row->support).text));
	add_line(&table, "Node", node.text);
	add_line(&table, "SOR", or_dash(sf_show_text(row->sor).text));
	add_line(&table, "GLN", or_dash(sf_show_text(row->gln).text));
	add_line(&table, "Entry", entry.text);
	add_line(&table, "Party", sf_show_id(row->party).text);
	return sf_table_end(&table, out, "");
}

static int print_desks(FILE *out, const struct sf_directory_row *row, int64_t now_ms)
{
	static const char *const headings[] = {"TELEPHONE", "DAYS", "HOURS", "WHAT", "NOW"};
	struct sf_table table;
	if (row->desk_count == 0)
		return SF_EXIT_OK;
	fputc('\n', out);
	sf_table_begin(&table, headings, SF_COUNT(headings));
	table.width_max = SF_SCREEN_WIDTH;
	for (size_t i = 0; i < row->desk_count; i++) {
		const struct sf_desk_row *desk = &row->desks[i];
		sf_table_cell(&table, "%s", sf_show_text(desk->telephone).text);
		sf_table_cell(&table, "%s", sf_contact_days_text(desk->days));
		sf_table_cell(&table, "%s-%s", sf_show_minute_of_day(desk->from_minute).text,
			sf_show_minute_of_day(desk->until_minute).text);
		sf_table_cell(&table, "%s", sf_show_text(desk->what).text);
		if (!desk->now)
			sf_table_cell(&table, "-");
		else if (row->desks_until_ms == SF_NEVER_MS)
			sf_table_cell(&table, "call here");
		else
			sf_table_cell(&table, "call here until %s",
				sf_show_day(row->desks_until_ms, now_ms).text);
	}
	return sf_table_end(&table, out, "");
}

int sf_party_screen_print(FILE *out, const struct sf_reply_directory *directory)
{
	const struct sf_directory_row *row = &directory->rows[0];
	int code = print_party(out, row, directory->as_of_ms);
	return code ? code : print_desks(out, row, directory->as_of_ms);
}
