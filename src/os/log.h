/*
 * The log: one JSON object a line, to standard error or a file.
 *
 * Whatever is written is about the machinery: event names come from the one list below, and fields
 * are ids, integers, times and codes. There is no setter for free text or bytes, so that a letter,
 * a person or a key cannot be logged; sf_log_diag takes the machinery's own sentence, which by its
 * own rule (base/err.h) has none of them either.
 *
 *   struct sf_log_line line;
 *   sf_log_begin(&line, log, SF_LOG_WARNING, SF_LOG_LINK_DOWN, now_ms);
 *   sf_log_id(&line, "party", party);
 *   sf_log_code(&line, "fault", "refused");
 *   sf_log_end(&line);
 *
 * Threads: any; one line is one write.
 */
#ifndef SF_OS_LOG_H
#define SF_OS_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"

enum sf_log_level {
	SF_LOG_ERROR = 1, /* somebody must act */
	SF_LOG_WARNING,   /* somebody should look */
	SF_LOG_INFO,
	SF_LOG_DEBUG,
};

/* clang-format off */
#define SF_LOG_EVENT_LIST(X) \
	X(SF_LOG_STARTED,           "started") \
	X(SF_LOG_STOPPED,           "stopped") \
	X(SF_LOG_CLOCK_JUMP,        "clock-jump") \
	X(SF_LOG_TURN_FAILED,       "turn-failed") \
	X(SF_LOG_LINK_UP,           "link-up") \
	X(SF_LOG_LINK_DOWN,         "link-down") \
	X(SF_LOG_FRAME_REFUSED,     "frame-refused") \
	X(SF_LOG_MESSAGE_STORED,    "message-stored") \
	X(SF_LOG_MESSAGE_SENT,      "message-sent") \
	X(SF_LOG_MESSAGE_RECEIVED,  "message-received") \
	X(SF_LOG_MESSAGE_ACKED,     "message-acknowledged") \
	X(SF_LOG_MESSAGE_REFUSED,   "message-refused") \
	X(SF_LOG_MESSAGE_QUARANTINED, "message-quarantined") \
	X(SF_LOG_TRANSITION_MOVED,  "transition-moved") \
	X(SF_LOG_DIRECTORY_CHANGED, "directory-changed") \
	X(SF_LOG_TROUBLE,           "trouble") \
	X(SF_LOG_REQUEST_ENDED,     "request-ended")
/* clang-format on */

enum sf_log_event {
#define X(name, text) name,
	SF_LOG_EVENT_LIST(X)
#undef X
		SF_LOG_EVENT_COUNT,
};

struct sf_log {
	int fd; /* owned unless it is standard error */
	enum sf_log_level level;
	const char *program; /* borrowed: a literal, "stafet-node" */
};

/* Standard error. For the moments before the configuration is read. */
struct sf_log sf_log_stderr(const char *program, enum sf_log_level level);
/* Appends to a file (0600 when new). */
SF_MUST_USE enum sf_err sf_log_open(const char *path, const char *program, enum sf_log_level level,
	struct sf_log *ret_log, struct sf_diag *diag);
void sf_log_close(struct sf_log *log);
/* "error", "warning", "info", "debug"; SF_ERR_FORMAT for another. */
SF_MUST_USE enum sf_err sf_log_level_parse(const char *text, enum sf_log_level *ret_level);
/* Never NULL. */
const char *sf_log_event_text(enum sf_log_event event);

#define SF_LOG_LINE_SIZE 2048

/* A line being written, on the caller's stack. What does not fit is left out, never half there. */
struct sf_log_line {
	const struct sf_log *log; /* borrowed; NULL: this level is not logged */
	size_t size;
	char text[SF_LOG_LINE_SIZE];
};

void sf_log_begin(struct sf_log_line *line, const struct sf_log *log, enum sf_log_level level,
	enum sf_log_event event, int64_t now_ms);
/*
 * Field names and codes are fixed words: lower case letters, digits, '-', '_' and '.', at most 64.
 * Anything else becomes "?".
 */
void sf_log_id(struct sf_log_line *line, const char *name, struct sf_id id);
void sf_log_integer(struct sf_log_line *line, const char *name, int64_t value);
void sf_log_bool(struct sf_log_line *line, const char *name, bool value);
void sf_log_code(struct sf_log_line *line, const char *name, const char *code);
/*
 * A path of a program's own table, "/api/v1/transitions/{id}": letters, digits and the marks of
 * code, '$', '/', '{' and '}', at most 64; else "?". Never what somebody asked for.
 */
void sf_log_path(struct sf_log_line *line, const char *name, const char *path);
/* Fields "err" and, when diag has a text, "text". diag may be NULL. */
void sf_log_diag(struct sf_log_line *line, enum sf_err err, const struct sf_diag *diag);
/* Writes the line. A log that cannot be written must not stop what it tells of: no error. */
void sf_log_end(struct sf_log_line *line);

#endif
