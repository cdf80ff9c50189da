/*
 * The guard at the door: what the library lets through and nobody may act on. Request smuggling
 * (RFC 9112 section 11.2) lives from two readers who disagree about where a request ends or whom it
 * is for; so whatever has two readings is refused, with 400 and the end of the connection. Pure.
 */
#ifndef SF_HTTP_GUARD_H
#define SF_HTTP_GUARD_H

#include "base/arena.h"

#define SF_GUARD_FIELDS_MAX ((size_t)64) /* of one request; browsers send about 20 */

struct sf_guard_field {
	struct sf_view name;  /* as it stands before the colon */
	struct sf_view value; /* without the white space before it */
};

struct sf_guard_head {
	struct sf_view method;
	struct sf_view version; /* "HTTP/1.1" */
	bool encrypted;         /* the request came over TLS */
	size_t field_count;
	const struct sf_guard_field *fields; /* borrowed, in the order of arrival */
};

/* What is left of a target after it was judged; in the arena. */
struct sf_guard_target {
	const char *path;  /* percent-decoded, UTF-8 */
	const char *query; /* as sent, without '?'; "" */
};

/*
 * 0, or the status to refuse with; *ret_why is a literal then. Checks framing (at most one
 * Content-Length, of digits; at most one Transfer-Encoding, "chunked"; never both), exactly one
 * Host, names and values of fields, the method and the version.
 */
unsigned sf_guard_head(const struct sf_guard_head *head, const char **ret_why);

/*
 * True when the fields stand one behind the other in the bytes that were read: name, colon, white
 * space, value, end of line. A line that was folded (RFC 9112 section 5.2), a NUL in a value and a
 * line that ends in LF alone all leave gaps. The views must point into one buffer.
 */
bool sf_guard_fields_adjoin(const struct sf_guard_head *head);

/*
 * As sf_guard_head for the target as it was sent: origin-form, or absolute-form for the host that
 * Host names (RFC 9112 section 3.2.2); "*" and authority-form are for nobody here. The path has no
 * empty and no dot segments, encoded or not, no encoded slash, no control character.
 */
unsigned sf_guard_target(const struct sf_guard_head *head, struct sf_view target,
	struct sf_arena *arena, struct sf_guard_target *ret_target, const char **ret_why);

/* How often a field stands, without regard to case of its name. */
size_t sf_guard_count(const struct sf_guard_head *head, const char *name);
/* The value of a field, without regard to case of its name; size 0 when it was not sent. */
struct sf_view sf_guard_field(const struct sf_guard_head *head, const char *name);

/* The number that Content-Length says; 0 without one. For a head that was checked. */
uint64_t sf_guard_length(const struct sf_guard_head *head);

#endif
