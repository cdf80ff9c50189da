/*
 * Proofs that nodes ask for. Every size up to the newest checkpoint may be asked: that checkpoint
 * commits to each of them, and hashes say nothing of what they hide.
 */
#include "coordinator/state.h"

#include <string.h>

static struct sf_view join(
	struct sf_coordinator *coordinator, const struct sf_digest *hashes, size_t count)
{
	uint8_t *path = sf_arena_take(&coordinator->arena, count * SF_DIGEST_SIZE + 1);
	for (size_t i = 0; path && i < count; i++)
		memcpy(path + i * SF_DIGEST_SIZE, hashes[i].bytes, SF_DIGEST_SIZE);
	return sf_view_of(path, path ? count * SF_DIGEST_SIZE : 0);
}

enum sf_err sf_coordinator_log_path(struct sf_coordinator *coordinator, struct sf_log_place place,
	uint64_t size, struct sf_view *ret_path, struct sf_diag *diag)
{
	struct sf_tree_source source;
	struct sf_digest hashes[SF_TREE_PROOF_MAX];
	uint64_t shown;
	size_t count = 0;
	enum sf_err err = sf_coordinator_log_tree(coordinator, place.epoch, &source, &shown, diag);
	if (!err)
		err = sf_tree_inclusion(&coordinator->ports.crypto, &source, place.index, size,
			hashes, &count, diag);
	if (!err)
		*ret_path = join(coordinator, hashes, count);
	return !err && !ret_path->data ? SF_ERR_LIMIT : err;
}

/* Finds the tree that is asked about; false: there is none so large, or no answer is due. */
static enum sf_err find_tree(struct sf_coordinator *coordinator, const struct sf_taken *taken,
	struct sf_tree_source *ret_source, bool *ret_found, struct sf_diag *diag)
{
	const struct sf_frame_log *asked = &taken->frame.log;
	struct sf_party_state *party = sf_parties_find(&coordinator->parties, taken->party);
	uint64_t shown = 0;
	*ret_found = false;
	if (!party || !sf_coordinator_may_ask(coordinator, party))
		return SF_OK;
	enum sf_err err =
		sf_coordinator_log_tree(coordinator, asked->epoch, ret_source, &shown, diag);
	if (err && err != SF_ERR_NOT_FOUND)
		return err;
	*ret_found =
		!err && asked->size > 0 && asked->size <= shown && !coordinator->log.inconsistent;
	coordinator->counters.dropped += !*ret_found;
	return SF_OK;
}

enum sf_err sf_coordinator_answer_proof(
	struct sf_coordinator *coordinator, const struct sf_taken *taken, struct sf_diag *diag)
{
	const struct sf_frame_log *asked = &taken->frame.log;
	struct sf_tree_source source;
	bool found;
	enum sf_err err = find_tree(coordinator, taken, &source, &found, diag);
	if (err || !found)
		return err;
	struct sf_inclusion *inclusions = sf_arena_take_many(
		&coordinator->arena, asked->index_count + 1, sizeof(*inclusions));
	if (!inclusions)
		return SF_ERR_LIMIT;
	size_t count = 0;
	for (size_t i = 0; i < asked->index_count && !err; i++) {
		if (asked->indexes[i] >= asked->size)
			continue;
		const struct sf_log_place place = {asked->epoch, asked->indexes[i]};
		inclusions[count].index = place.index;
		err = sf_coordinator_log_path(
			coordinator, place, asked->size, &inclusions[count++].path, diag);
	}
	const struct sf_frame frame = {.kind = SF_FRAME_PROOF,
		.log = {.epoch = asked->epoch,
			.size = asked->size,
			.inclusion_count = count,
			.inclusions = inclusions}};
	return err ? err : sf_coordinator_say(coordinator, taken->route, &frame);
}

enum sf_err sf_coordinator_answer_consistency(
	struct sf_coordinator *coordinator, const struct sf_taken *taken, struct sf_diag *diag)
{
	const struct sf_frame_log *asked = &taken->frame.log;
	if (asked->from_size > asked->size || asked->reply) {
		coordinator->counters.dropped++;
		return SF_OK;
	}
	struct sf_tree_source source;
	bool found;
	enum sf_err err = find_tree(coordinator, taken, &source, &found, diag);
	if (err || !found)
		return err;
	struct sf_digest hashes[SF_TREE_PROOF_MAX];
	size_t count = 0;
	err = sf_tree_consistency(&coordinator->ports.crypto, &source, asked->from_size,
		asked->size, hashes, &count, diag);
	const struct sf_frame frame = {.kind = SF_FRAME_CONSISTENCY,
		.log = {.epoch = asked->epoch,
			.from_size = asked->from_size,
			.size = asked->size,
			.reply = true,
			.path = join(coordinator, hashes, count)}};
	return err ? err : sf_coordinator_say(coordinator, taken->route, &frame);
}
