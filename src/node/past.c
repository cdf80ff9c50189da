/*
 * A transition as it was then, as one party knew it (bitemporal answers). This node knows what it
 * had on disk itself and when. Of others it knows at least what they have signed: the last sequence
 * that they had seen.
 */
#include "node/past.h"

#include "node/trial.h"

struct knowing {
	struct sf_node *node;
	struct sf_id party;
	bool own;
	int64_t at_ms;
	uint64_t sequence;
	enum sf_err err;
	struct sf_diag *diag;
};

static bool visit_event(void *context, const void *row)
{
	struct knowing *knowing = context;
	const struct sf_node_row_event *event = row;
	uint64_t sequence = (uint64_t)event->sequence;
	if (knowing->own) {
		/* Events are followed without a gap: what came early counts when the gap closed. */
		if (event->received_ms > knowing->at_ms || sequence != knowing->sequence + 1)
			return false;
		knowing->sequence = sequence;
		return true;
	}
	if (event->recorded_ms > knowing->at_ms)
		return false;
	if (!sf_id_equal(event->author, knowing->party))
		return true;
	struct sf_cover cover;
	struct sf_header header;
	knowing->err = sf_cover_parse(event->cover, &cover, knowing->diag);
	if (!knowing->err)
		knowing->err = sf_header_decode(cover.header, &header, knowing->diag);
	if (knowing->err)
		return false;
	/* Nobody can have seen what was recorded after what it signed. */
	uint64_t seen = header.message.seen_sequence;
	if (seen < sequence && seen > knowing->sequence)
		knowing->sequence = seen;
	return true;
}

enum sf_err sf_past_known_sequence(struct sf_node *node, struct sf_id transition,
	struct sf_id party, int64_t at_ms, uint64_t *ret_sequence, struct sf_diag *diag)
{
	struct knowing knowing = {
		.node = node,
		.party = party,
		.own = sf_id_equal(party, node->options.party),
		.at_ms = at_ms,
		.diag = diag,
	};
	const struct sf_node_row_event key = {.transition = transition};
	const struct sf_scan scan = {.table = &sf_node_table_event, .equal_count = 1, .from = &key};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, visit_event, &knowing, diag);
	if (!err)
		err = knowing.err;
	if (!err)
		*ret_sequence = knowing.sequence;
	return err;
}
