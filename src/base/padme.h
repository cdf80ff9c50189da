/*
 * The length that hides a length (WIRE.md section 1, pad): one byte marks where the content ends,
 * zeros follow up to max(4096, Padme(size + 1)), so that what is sealed tells at most
 * O(log log size) bits of how long it is.
 */
#ifndef SF_BASE_PADME_H
#define SF_BASE_PADME_H

#include <stddef.h>

/* Size of the content with its padding. */
size_t sf_padme(size_t size);

#endif
