/*
 * The Provenance chain (MEDCOM, ids): a message carries its own Provenance, which targets its
 * MessageHeader, and those of its predecessors. entity.what names the letter before; a predecessor
 * that is not in the bundle is normal.
 */
#ifndef SF_FORMAT_PROVENANCE_H
#define SF_FORMAT_PROVENANCE_H

#include "port/format.h"

struct sf_reading;

/*
 * Fills provenances (the own one last, before it its predecessors in causal order as far as they
 * are known, the rest by recorded time), predecessor_id and the times of the own one.
 */
void sf_provenance_read(struct sf_reading *reading);

/* The own Provenance; NULL when the message has none. */
const struct sf_provenance *sf_provenance_own(const struct sf_document *document);
/* That of the letter before `of`; NULL when unknown. */
const struct sf_provenance *sf_provenance_before(
	const struct sf_document *document, const struct sf_provenance *of);

#endif
