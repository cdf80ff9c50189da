#include "os/log.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/time.h"

#define WORD_SIZE_MAX 64
/* Left free for the end of the line. */
#define END_SIZE 2

static const char *const level_texts[] = {
	[SF_LOG_ERROR] = "error",
	[SF_LOG_WARNING] = "warning",
	[SF_LOG_INFO] = "info",
	[SF_LOG_DEBUG] = "debug",
};

static const char *const event_texts[] = {
#define X(name, text) [name] = (text),
	SF_LOG_EVENT_LIST(X)
#undef X
};

struct sf_log sf_log_stderr(const char *program, enum sf_log_level level)
{
	return (struct sf_log){.fd = STDERR_FILENO, .level = level, .program = program};
}

enum sf_err sf_log_open(const char *path, const char *program, enum sf_log_level level,
	struct sf_log *ret_log, struct sf_diag *diag)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0600);
	if (fd < 0) {
		sf_diag_set(diag, "opening the log %s: %s", path, strerror(errno));
		return SF_ERR_IO;
	}
	*ret_log = (struct sf_log){.fd = fd, .level = level, .program = program};
	return SF_OK;
}

void sf_log_close(struct sf_log *log)
{
	if (log->fd > STDERR_FILENO)
		close(log->fd);
	log->fd = -1;
}

enum sf_err sf_log_level_parse(const char *text, enum sf_log_level *ret_level)
{
	for (int level = SF_LOG_ERROR; level <= SF_LOG_DEBUG; level++) {
		if (strcmp(text, level_texts[level]) == 0) {
			*ret_level = (enum sf_log_level)level;
			return SF_OK;
		}
	}
	return SF_ERR_FORMAT;
}

const char *sf_log_event_text(enum sf_log_event event)
{
	return (unsigned)event < SF_LOG_EVENT_COUNT ? event_texts[event] : "unknown";
}

#define WORD_LETTERS "abcdefghijklmnopqrstuvwxyz0123456789-_."

/* The text itself when it is a fixed one by its letters, else "?". */
static const char *fixed(const char *text, const char *letters)
{
	size_t size = text ? strspn(text, letters) : 0;
	return size > 0 && size <= WORD_SIZE_MAX && text[size] == '\0' ? text : "?";
}

static const char *word(const char *text)
{
	return fixed(text, WORD_LETTERS);
}

/* Appends a whole piece or nothing. */
SF_PRINTF(2, 3)
static void put(struct sf_log_line *line, const char *format, ...)
{
	if (!line->log)
		return;
	size_t room = sizeof(line->text) - END_SIZE - line->size;
	va_list arguments;
	va_start(arguments, format);
	int size = vsnprintf(line->text + line->size, room, format, arguments);
	va_end(arguments);
	if (size > 0 && (size_t)size < room)
		line->size += (size_t)size;
}

void sf_log_begin(struct sf_log_line *line, const struct sf_log *log, enum sf_log_level level,
	enum sf_log_event event, int64_t now_ms)
{
	line->log = log && level <= log->level ? log : NULL;
	line->size = 0;
	if (!line->log)
		return;
	char time[SF_TIME_TEXT_SIZE];
	sf_time_format(now_ms, time);
	put(line, "{\"time\":\"%s\",\"level\":\"%s\",\"program\":\"%s\",\"event\":\"%s\"", time,
		level_texts[level], word(log->program), sf_log_event_text(event));
}

void sf_log_id(struct sf_log_line *line, const char *name, struct sf_id id)
{
	char text[SF_ID_TEXT_SIZE];
	sf_id_format(id, text);
	put(line, ",\"%s\":\"%s\"", word(name), text);
}

void sf_log_integer(struct sf_log_line *line, const char *name, int64_t value)
{
	put(line, ",\"%s\":%" PRId64, word(name), value);
}

void sf_log_bool(struct sf_log_line *line, const char *name, bool value)
{
	put(line, ",\"%s\":%s", word(name), value ? "true" : "false");
}

void sf_log_code(struct sf_log_line *line, const char *name, const char *code)
{
	put(line, ",\"%s\":\"%s\"", word(name), word(code));
}

void sf_log_path(struct sf_log_line *line, const char *name, const char *path)
{
	put(line, ",\"%s\":\"%s\"", word(name),
		fixed(path, WORD_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ$/{}"));
}

/* Paths and system texts may hold anything: quotes and control characters become spaces. */
static void plain(const char *text, char ret_text[SF_DIAG_SIZE])
{
	bool valid = sf_utf8_valid(sf_view_text(text));
	size_t i = 0;
	for (; text[i] != '\0' && i < SF_DIAG_SIZE - 1; i++) {
		unsigned char letter = (unsigned char)text[i];
		bool awkward = letter < 0x20 || letter == '"' || letter == '\\' || letter == 0x7f;
		ret_text[i] = awkward || (!valid && letter >= 0x80) ? ' ' : text[i];
	}
	ret_text[i] = '\0';
}

void sf_log_diag(struct sf_log_line *line, enum sf_err err, const struct sf_diag *diag)
{
	sf_log_code(line, "err", sf_err_code(err));
	if (!diag || diag->text[0] == '\0')
		return;
	char text[SF_DIAG_SIZE];
	plain(diag->text, text);
	put(line, ",\"text\":\"%s\"", text);
}

void sf_log_end(struct sf_log_line *line)
{
	if (!line->log)
		return;
	line->text[line->size++] = '}';
	line->text[line->size++] = '\n';
	size_t done = 0;
	while (done < line->size) {
		ssize_t put_size = write(line->log->fd, line->text + done, line->size - done);
		if (put_size < 0 && errno != EINTR)
			break;
		if (put_size > 0)
			done += (size_t)put_size;
	}
	line->log = NULL;
}
