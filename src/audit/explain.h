/*
 * An agreement in plain words, Danish or English, for people who sign it and work by it (DOMAIN.md
 * section 7). Printed from the signed form alone: what stands here is what rules. Every clause is
 * printed with where it comes from; a clause that names no public source says so.
 *
 * Lines of at most 80 characters where words allow it, UTF-8, each ended by a line feed.
 */
#ifndef SF_AUDIT_EXPLAIN_H
#define SF_AUDIT_EXPLAIN_H

#include "core/agreement.h"

#define SF_EXPLAIN_SIZE_MAX ((size_t)1048576) /* four pathways, full of clauses, with room */

/* clang-format off */
#define SF_LANGUAGE_LIST(X) \
	X(SF_LANGUAGE_DANISH,  1, "da") \
	X(SF_LANGUAGE_ENGLISH, 2, "en")
/* clang-format on */
#define X(name, value, text) name = (value),
enum sf_language { SF_LANGUAGE_NONE = 0, SF_LANGUAGE_LIST(X) };
#undef X
/* SF_LANGUAGE_NONE when there is no such word. */
enum sf_language sf_language_from_text(const char *text);

/* Appends to buf. SF_ERR_LIMIT, SF_ERR_MEMORY; SF_ERR_USAGE without a language. */
SF_MUST_USE enum sf_err sf_explain(
	const struct sf_agreement *agreement, enum sf_language language, struct sf_buf *buf);

#endif
