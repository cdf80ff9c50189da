#include "cmd/contact_file.h"

#include <string.h>

#include "os/files.h"

#define FILE_SIZE_MAX ((size_t)4096) /* twelve desks, and what is said about them */
#define BLANKS " \t\r"

/* The next word of a line, which is cut behind it; "" when there is none. */
static char *next_word(char **line)
{
	char *word = *line + strspn(*line, BLANKS);
	char *end = word + strcspn(word, BLANKS);
	*line = end + (*end != '\0');
	*end = '\0';
	return word;
}

/* Two digits, which are more than the greatest allowed when they are none. */
static int32_t read_two(const char *text)
{
	bool digits = text[0] >= '0' && text[0] <= '9' && text[1] >= '0' && text[1] <= '9';
	return digits ? (text[0] - '0') * 10 + (text[1] - '0') : 100;
}

/* "07" or "07:30" up to end; false when it is neither. 24 is the end of a day. */
static bool read_clock(const char *text, const char *end, int32_t *ret_minute)
{
	size_t size = (size_t)(end - text);
	if (size != 2 && (size != 5 || text[2] != ':'))
		return false;
	int32_t hour = read_two(text);
	int32_t minute = size == 5 ? read_two(text + 3) : 0;
	*ret_minute = hour * 60 + minute;
	return hour <= 24 && minute < 60;
}

/* What ends at midnight ends with the day on which it begins. */
static bool read_hours(const char *text, struct sf_contact *contact)
{
	const char *dash = strchr(text, '-');
	if (!dash || !read_clock(text, dash, &contact->from_minute) ||
		!read_clock(dash + 1, text + strlen(text), &contact->until_minute))
		return false;
	if (contact->until_minute == 0)
		contact->until_minute = 24 * 60;
	return true;
}

static enum sf_err put_text(
	char *place, size_t size, const char *text, const char *what, struct sf_diag *diag)
{
	size_t length = strlen(text);
	if (length >= size) {
		sf_diag_set(diag, "%s is longer than %zu bytes", what, size - 1);
		return SF_ERR_FORMAT;
	}
	memcpy(place, text, length + 1);
	return SF_OK;
}

static enum sf_err read_line(char *line, struct sf_contact *contact, struct sf_diag *diag)
{
	const char *telephone = next_word(&line);
	const char *days = next_word(&line);
	const char *hours = next_word(&line);
	char *what = line + strspn(line, BLANKS);
	for (size_t size = strlen(what); size > 0 && strchr(BLANKS, what[size - 1]); size--)
		what[size - 1] = '\0';
	*contact = (struct sf_contact){.days = sf_contact_days_from_text(days)};
	enum sf_err err = put_text(
		contact->telephone, sizeof(contact->telephone), telephone, "the telephone", diag);
	if (!err)
		err = put_text(contact->what, sizeof(contact->what), what, "the label", diag);
	if (!err && !read_hours(hours, contact)) {
		sf_diag_set(diag, "hours are written 07-15 or 07:30-15:00");
		err = SF_ERR_FORMAT;
	}
	return err ? err : sf_contact_check(contact, diag);
}

/* text is cut into its lines and words. */
static enum sf_err read_lines(const char *path, char *text, struct sf_contact *ret_contacts,
	size_t *ret_count, struct sf_diag *diag)
{
	size_t count = 0;
	enum sf_err err = SF_OK;
	for (size_t number = 1; !err && *text; number++) {
		char *line = text;
		char *end = text + strcspn(text, "\n");
		text = end + (*end != '\0');
		*end = '\0';
		line[strcspn(line, "#")] = '\0';
		if (line[strspn(line, BLANKS)] == '\0')
			continue;
		if (count == SF_CONTACTS_MAX) {
			sf_diag_set(diag, "more than %d desks", SF_CONTACTS_MAX);
			err = SF_ERR_LIMIT;
		} else {
			err = read_line(line, &ret_contacts[count++], diag);
		}
		if (err)
			sf_diag_prefix(diag, "%s:%zu", path, number);
	}
	if (!err)
		*ret_count = count;
	return err;
}

enum sf_err sf_contact_file_read(
	const char *path, struct sf_contact *ret_contacts, size_t *ret_count, struct sf_diag *diag)
{
	struct sf_buf bytes;
	sf_buf_init(&bytes, FILE_SIZE_MAX);
	enum sf_err err = sf_file_read(path, &bytes, diag);
	if (!err && bytes.size > 0 && memchr(bytes.data, '\0', bytes.size)) {
		sf_diag_set(diag, "%s: not a text", path);
		err = SF_ERR_FORMAT;
	}
	if (!err) {
		char text[FILE_SIZE_MAX + 1];
		if (bytes.size > 0)
			memcpy(text, bytes.data, bytes.size);
		text[bytes.size] = '\0';
		err = read_lines(path, text, ret_contacts, ret_count, diag);
	}
	sf_buf_fini(&bytes);
	return err;
}
