/*
 * Canonical bytes of a document: equal for the same letter, whatever its syntax and sending.
 *
 * Left out, as DOMAIN section 8 says: Bundle.id, the narrative (text of each resource), and the
 * times that machines stamp at each sending (every FHIR `instant` here: Bundle.timestamp,
 * meta.lastUpdated, Provenance.recorded). Kept: everything else, in a form where members are sorted
 * by name, a list of one is its item, and primitives are their text.
 */
#ifndef SF_FORMAT_CANONICAL_H
#define SF_FORMAT_CANONICAL_H

#include "base/arena.h"
#include "text/element.h"

/* Appends. arena is for sorting. SF_ERR_LIMIT, SF_ERR_MEMORY. */
SF_MUST_USE enum sf_err sf_canonical_write(
	const struct sf_element *root, struct sf_arena *arena, struct sf_buf *buf);

#endif
