/*
 * Reads JSON (RFC 8259) into the neutral tree. Strict: duplicate keys, bad UTF-8, U+0000, trailing
 * bytes and numbers out of the grammar are refused. A byte order mark is tolerated.
 */
#ifndef SF_TEXT_JSON_H
#define SF_TEXT_JSON_H

#include "text/element.h"

/*
 * The root is an object or an array. SF_ERR_FORMAT with the line in diag (never content);
 * SF_ERR_LIMIT past SF_CLINICAL_SIZE_MAX, SF_TEXT_DEPTH_MAX, SF_TEXT_NODES_MAX or the arena;
 * SF_ERR_MEMORY. Any thread.
 */
SF_MUST_USE enum sf_err sf_json_read(struct sf_view json, struct sf_arena *arena,
	const struct sf_element **ret_root, struct sf_diag *diag);

#endif
