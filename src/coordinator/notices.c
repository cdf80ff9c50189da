#include "coordinator/state.h"

#include <stdlib.h>

enum sf_err sf_coordinator_notify(struct sf_coordinator *coordinator, struct sf_id author,
	struct sf_id message_id, struct sf_id recipient)
{
	struct sf_notice_out *out = sf_arena_take(&coordinator->arena, sizeof(*out));
	if (!out)
		return SF_ERR_LIMIT;
	*out = (struct sf_notice_out){author, {message_id, recipient}, NULL};
	*coordinator->notice_last = out;
	coordinator->notice_last = &out->next;
	coordinator->notice_count++;
	return SF_OK;
}

/* By author, then in the order in which they were taken. */
struct place {
	const struct sf_notice_out *out;
	size_t position;
};

static int compare(const void *a, const void *b)
{
	const struct place *left = a, *right = b;
	int order = sf_id_compare(left->out->author, right->out->author);
	return order ? order
		     : (left->position > right->position) - (left->position < right->position);
}

static enum sf_err say_run(struct sf_coordinator *coordinator, struct sf_id author,
	const struct sf_notice *notices, size_t count)
{
	const struct sf_party_state *state = sf_parties_find(&coordinator->parties, author);
	if (!state || state->route == 0)
		return SF_OK; /* told in answer to its next hello */
	const struct sf_frame frame = {
		.kind = SF_FRAME_TAKEN, .notice_count = count, .notices = notices};
	return sf_coordinator_say(coordinator, state->route, &frame);
}

enum sf_err sf_coordinator_say_notices(struct sf_coordinator *coordinator)
{
	size_t count = coordinator->notice_count;
	if (count == 0)
		return SF_OK;
	struct place *places = sf_arena_take_many(&coordinator->arena, count, sizeof(*places));
	struct sf_notice *notices =
		sf_arena_take_many(&coordinator->arena, count, sizeof(*notices));
	if (!places || !notices)
		return SF_ERR_LIMIT;
	const struct sf_notice_out *next = coordinator->notice_first;
	for (size_t i = 0; i < count; i++, next = next->next)
		places[i] = (struct place){next, i};
	qsort(places, count, sizeof(*places), compare);
	enum sf_err err = SF_OK;
	for (size_t i = 0, first = 0; i < count && !err; i++) {
		notices[i] = places[i].out->notice;
		bool last = i + 1 == count || i + 1 - first == SF_FRAME_ITEM_COUNT_MAX ||
			    !sf_id_equal(places[i].out->author, places[i + 1].out->author);
		if (!last)
			continue;
		err = say_run(coordinator, places[i].out->author, notices + first, i + 1 - first);
		first = i + 1;
	}
	return err;
}
