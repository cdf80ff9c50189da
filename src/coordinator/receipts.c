#include "coordinator/state.h"

static struct sf_receipt receipt_of(
	const struct sf_coordinator *coordinator, const struct sf_row_event *row)
{
	const struct sf_log_place place = sf_coordinator_log_place(coordinator, row->leaf_index);
	return (struct sf_receipt){
		.message_id = row->message_id,
		.digest = row->digest,
		.epoch = place.epoch,
		.leaf_index = place.index,
		.recorded_ms = row->recorded_ms,
		.sequence = (uint64_t)row->sequence,
		.previous_head = row->previous_head,
		.r = row->r,
		.outcome = (enum sf_outcome)row->outcome,
		.code = (uint16_t)row->code,
		.kind_class = (enum sf_kind_class)row->kind_class,
	};
}

/* At most SF_BATCH_COUNT_MAX recordings: one tree, one signature. */
static enum sf_err sign_some(
	struct sf_coordinator *coordinator, struct sf_recording *first, size_t count)
{
	struct sf_arena *arena = &coordinator->arena;
	struct sf_view *receipts = sf_arena_take_many(arena, count, sizeof(*receipts));
	uint8_t *paths = sf_arena_take_many(arena, count, SF_DIGEST_SIZE * SF_BATCH_DEPTH_MAX);
	uint8_t *depths = sf_arena_take_many(arena, count, 1);
	uint8_t *signature = sf_arena_take(arena, SF_SIGNATURE_SIZE);
	if (!receipts || !paths || !depths || !signature)
		return SF_ERR_LIMIT;
	struct sf_recording *recording = first;
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_HEADER_SIZE_MAX);
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < count && !err; i++, recording = recording->next) {
		const struct sf_receipt receipt = receipt_of(coordinator, &recording->row);
		sf_buf_clear(&bytes);
		err = sf_receipt_encode(&receipt, &bytes);
		receipts[i] = sf_arena_copy(arena, sf_buf_view(&bytes));
		if (!err && !receipts[i].data)
			err = SF_ERR_LIMIT;
	}
	sf_buf_fini(&bytes);
	const struct sf_crypto *crypto = &coordinator->ports.crypto;
	if (!err)
		err = crypto->sign_receipts(crypto->self, coordinator->options.identity_key_id,
			receipts, count, paths, depths, signature);
	recording = first;
	for (size_t i = 0; i < count && !err; i++, recording = recording->next) {
		recording->row.receipt = receipts[i];
		recording->row.receipt_index = (int64_t)i;
		recording->row.receipt_count = (int64_t)count;
		recording->row.receipt_path =
			sf_view_of(paths + i * SF_DIGEST_SIZE * SF_BATCH_DEPTH_MAX,
				(size_t)depths[i] * SF_DIGEST_SIZE);
		recording->row.receipt_signature = sf_view_of(signature, SF_SIGNATURE_SIZE);
	}
	return err;
}

/* One stored frame per route and run of receipts. */
struct receipt_run {
	uint64_t route;
	size_t count;
	struct sf_signed_receipt receipts[SF_FRAME_ITEM_COUNT_MAX];
};

static enum sf_err flush_run(struct sf_coordinator *coordinator, struct receipt_run *run)
{
	if (run->count == 0)
		return SF_OK;
	const struct sf_frame frame = {
		.kind = SF_FRAME_STORED, .count = run->count, .receipts = run->receipts};
	run->count = 0;
	return sf_coordinator_say(coordinator, run->route, &frame);
}

static enum sf_err answer(struct sf_coordinator *coordinator, struct receipt_run *run,
	uint64_t route, const struct sf_row_event *row)
{
	if (route == 0)
		return SF_OK;
	enum sf_err err = SF_OK;
	if (run->route != route || run->count == SF_FRAME_ITEM_COUNT_MAX)
		err = flush_run(coordinator, run);
	run->route = route;
	run->receipts[run->count++] = (struct sf_signed_receipt){
		.receipt = row->receipt,
		.index = (uint16_t)row->receipt_index,
		.count = (uint16_t)row->receipt_count,
		.path = row->receipt_path,
		.signature = row->receipt_signature,
	};
	return err;
}

enum sf_err sf_coordinator_seal_recordings(struct sf_coordinator *coordinator, struct sf_diag *diag)
{
	const struct sf_store *store = &coordinator->ports.store;
	struct receipt_run *run = sf_arena_take(&coordinator->arena, sizeof(*run));
	if (!run)
		return SF_ERR_LIMIT;
	enum sf_err err = sf_coordinator_settle(coordinator, diag);
	size_t left = coordinator->recording_count;
	struct sf_recording *next = coordinator->recording_first;
	while (left > 0 && !err) {
		size_t count = left < SF_BATCH_COUNT_MAX ? left : SF_BATCH_COUNT_MAX;
		err = sign_some(coordinator, next, count);
		for (size_t i = 0; i < count && !err; i++, next = next->next) {
			err = store->insert(store->self, &sf_table_event, &next->row, diag);
			if (!err)
				err = answer(coordinator, run, next->route, &next->row);
			coordinator->counters.recorded++;
			coordinator->counters.refused += next->row.outcome == SF_OUTCOME_REFUSED;
		}
		left -= count;
	}
	for (struct sf_repeat *again = coordinator->repeat_first; again && !err;
		again = again->next)
		err = answer(coordinator, run, again->route, &again->row);
	return err ? err : flush_run(coordinator, run);
}
