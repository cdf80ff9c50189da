/*
 * What a fold needs of recorded events, packed for one row (struct sf_row_fold): of each what the
 * receipt says and the bytes of its message, big-endian, in order from event 1 on. No signature, no
 * cover and no digest: what is packed can be made anew from the events, and is believed only
 * beside their heads.
 *
 *   kind class u8 | outcome u8 | author's role u8 | code u16 | recorded ms u64 | size u16 | message
 */
#ifndef SF_COORDINATOR_PACK_H
#define SF_COORDINATOR_PACK_H

#include "audit/replay.h"
#include "coordinator/tables.h"

/* Some 25 events have 4 KiB; a transition that a flood filled is folded from its events. */
#define SF_PACK_SIZE_MAX ((size_t)262144)

struct sf_packed_event {
	struct sf_recorded recorded;
	struct sf_view message; /* borrowed; empty when the event does nothing but take a number */
};

/* What the row says of its event. */
struct sf_recorded sf_row_recorded(const struct sf_row_event *row);
/* message: the bytes in the header of the row's cover. SF_ERR_LIMIT: too many for one row. */
SF_MUST_USE enum sf_err sf_pack_event(
	const struct sf_recorded *recorded, struct sf_view message, struct sf_buf *pack);
/* The next one, which is event number sequence. SF_ERR_FORMAT when it is cut off. */
SF_MUST_USE enum sf_err sf_pack_next(
	struct sf_reader *reader, uint64_t sequence, struct sf_packed_event *ret_event);
/*
 * Whether events that were read one by one are worth a row: eight, and a quarter of what is packed
 * already, so that no event is written into rows more than some five times.
 */
bool sf_pack_is_worth(uint64_t packed_count, uint64_t read_count);

#endif
