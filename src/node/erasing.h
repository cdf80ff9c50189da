/*
 * Everything of one transition in the store of a node: found first, so that a preview can count it,
 * then removed or buried, in the turn's transaction.
 */
#ifndef SF_NODE_ERASING_H
#define SF_NODE_ERASING_H

#include "node/state.h"

/* One thing that goes, or is left as a tombstone; counted for people. */
enum sf_node_gone {
	SF_NODE_GONE_EVENTS,
	SF_NODE_GONE_RECEIVED,
	SF_NODE_GONE_SENT,
	SF_NODE_GONE_SEALED,
	SF_NODE_GONE_HANDED_IN,
	SF_NODE_GONE_LINKS,
	SF_NODE_GONE_QUARANTINE,
	SF_NODE_GONE_KEY,
	SF_NODE_GONE_ATTACHMENTS,
	SF_NODE_GONE_COUNT
};

struct sf_node_erased_key; /* of a row that goes; erasing.c */

struct sf_node_erased_attachment; /* the same of an attachment with its chunks */

struct sf_node_erased_name {
	struct sf_id author;
	struct sf_id message;
};

/* The caller sets node, transition and diag. Everything else is in the turn's arena. */
struct sf_node_erasing {
	struct sf_node *node;
	struct sf_id transition;
	uint64_t counts[SF_NODE_GONE_COUNT], sizes[SF_NODE_GONE_COUNT];
	size_t name_count, name_capacity;
	struct sf_node_erased_name *names; /* of its recorded messages */
	size_t sent_count, sent_capacity;
	struct sf_id *sent; /* its messages of this party, recorded or not */
	struct sf_node_erased_key *keys;
	struct sf_node_erased_attachment *attachments;
	uint32_t on_the_way; /* envelopes that still waited for a receipt */
	enum sf_err err;
	struct sf_diag *diag;
};

/* Finds and counts; changes nothing. SF_ERR_LIMIT when the turn's arena is full. */
SF_MUST_USE enum sf_err sf_node_erasing_collect(struct sf_node_erasing *erasing);
/* After collect: what was found goes, with the content key, and the row of the erasure is made. */
SF_MUST_USE enum sf_err sf_node_erasing_do(struct sf_node_erasing *erasing, enum sf_ground ground);

#endif
