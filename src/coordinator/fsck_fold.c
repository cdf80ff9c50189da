/* Each packed fold against the events it was made from. */
#include "coordinator/fsck_parts.h"

#include "coordinator/pack.h"

struct comparing {
	int64_t until_sequence;
	int64_t sequence;
	struct sf_digest head;
	struct sf_buf pack; /* owned */
	enum sf_err err;    /* of an event that cannot be packed: it was told of as a leaf */
};

static bool pack_event(void *context, const void *visited)
{
	struct comparing *comparing = context;
	const struct sf_row_event *row = visited;
	const struct sf_recorded recorded = sf_row_recorded(row);
	struct sf_cover cover;
	struct sf_header header;
	comparing->err = sf_cover_parse(row->cover, &cover, NULL);
	if (!comparing->err)
		comparing->err = sf_header_decode(cover.header, &header, NULL);
	if (!comparing->err)
		comparing->err = sf_pack_event(&recorded, header.message_bytes, &comparing->pack);
	comparing->sequence = row->sequence;
	comparing->head = row->head;
	return !comparing->err && row->sequence < comparing->until_sequence;
}

static bool visit_fold(void *context, const void *visited)
{
	struct sf_fsck *fsck = context;
	const struct sf_row_fold *row = visited;
	struct comparing comparing = {.until_sequence = row->sequence};
	sf_buf_init(&comparing.pack, SF_PACK_SIZE_MAX);
	const struct sf_row_event key = {.transition = row->transition};
	const struct sf_scan scan = {.table = &sf_table_event,
		.index = SF_EVENT_BY_SEQUENCE,
		.equal_count = 1,
		.from = &key};
	const struct sf_store *store = fsck->options->store;
	fsck->err = store->scan(store->self, &scan, pack_event, &comparing, fsck->diag);
	bool same = !comparing.err && comparing.sequence == row->sequence &&
		    sf_digest_equal(&comparing.head, &row->head) &&
		    sf_view_equal(sf_buf_view(&comparing.pack), row->events);
	if (comparing.err == SF_ERR_MEMORY)
		fsck->err = comparing.err;
	else if (!fsck->err && !same)
		sf_fsck_find(fsck, SF_FSCK_FOLD, sf_fsck_event(row->transition, row->sequence).text,
			"%s",
			comparing.sequence == row->sequence
				? ""
				: "it is not of events that stand here");
	sf_buf_fini(&comparing.pack);
	return !fsck->err;
}

enum sf_err sf_fsck_folds(struct sf_fsck *fsck)
{
	return sf_fsck_scan(fsck, &sf_table_fold, 0, visit_fold);
}
