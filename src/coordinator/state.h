/*
 * Inside the coordinator: what its files share. Not for others.
 */
#ifndef SF_COORDINATOR_STATE_H
#define SF_COORDINATOR_STATE_H

#include "audit/feed.h"
#include "audit/log.h"
#include "core/transition_cache.h"
#include "coordinator/coordinator.h"
#include "coordinator/parties.h"
#include "coordinator/tables.h"
#include "wire/frame.h"
#include "wire/header.h"
#include "wire/record.h"

/* One submitted envelope on its way through check and step. */
struct sf_submission {
	struct sf_envelope envelope;
	struct sf_header header;
	bool framed; /* the layout could be read */
	bool headed; /* the header could be read */
	const struct sf_directory_key *key;
	struct sf_id key_owner;
	enum sf_role author_role;
	const struct sf_crypto *crypto;
	enum sf_err verified;
	struct sf_envelope_names names;
};

/* One frame that was taken. */
struct sf_taken {
	uint64_t route;
	struct sf_id party;
	struct sf_frame frame;
	bool unreadable;
	struct sf_submission *submissions; /* frame.count of them for a submit */
	struct sf_taken *next;
};

/* An event recorded this turn, to be signed and written by finish. */
struct sf_recording {
	struct sf_row_event row;
	uint64_t route; /* who waits for the receipt; 0 nobody */
	struct sf_recording *next;
};

/* A receipt that was given before, asked for again. */
struct sf_repeat {
	uint64_t route;
	struct sf_row_event row; /* views copied into the turn's arena */
	struct sf_repeat *next;
};

struct sf_frame_out {
	uint64_t route;
	struct sf_view frame;
	struct sf_frame_out *next;
};

/* Who took what, for its author. */
struct sf_notice_out {
	struct sf_id author;
	struct sf_notice notice;
	struct sf_notice_out *next;
};

struct sf_coordinator {
	struct sf_coordinator_options options;
	struct sf_coordinator_ports ports;
	struct sf_directory *directory; /* owned */
	struct sf_parties_table parties;
	struct sf_transition_cache cache;
	struct sf_agreement *agreements; /* owned */
	struct sf_agreement_book book;
	struct sf_coordinator_counters counters;
	struct sf_feed *feed; /* owned */
	int64_t started_ms;   /* when it was opened */
	int64_t leaf_count;
	int64_t recorded_ms;    /* of this turn, never before the last */
	int64_t opened_ms;      /* recorded time of the first turn; 0 before it */
	bool directory_changed; /* in this turn */

	size_t pump_next; /* slot of parties that the next turn serves first */
	bool pump_full;   /* in this turn somebody had to wait for memory */

	struct sf_arena arena; /* everything of this turn */
	bool stands_still;     /* recorded_ms is ahead of the clock */
	bool clock_apart;      /* the connected nodes' clocks say another time than ours */
	int64_t now_ms;        /* of this turn, by the clock */
	struct sf_taken *taken_first, **taken_last;
	struct sf_recording *recording_first, **recording_last;
	size_t recording_count;
	struct sf_repeat *repeat_first, **repeat_last;
	struct sf_notice_out *notice_first, **notice_last;
	size_t notice_count;
	struct sf_frame_out *out_first, **out_last;
};

/* record.c */
SF_MUST_USE enum sf_err sf_coordinator_record(struct sf_coordinator *coordinator,
	const struct sf_taken *taken, struct sf_submission *submission, struct sf_diag *diag);
/* A directory entry becomes a leaf like any event. */
SF_MUST_USE enum sf_err sf_coordinator_record_entry(struct sf_coordinator *coordinator,
	const struct sf_digest *digest, struct sf_view signed_record, struct sf_diag *diag);
/* audience.c */
struct sf_audience {
	size_t count;
	struct sf_id parties[SF_TRANSITION_PARTIES_MAX];
};
struct sf_audience sf_coordinator_members(const struct sf_transition *transition);
/*
 * Queues the envelope for its recipients (with deliver), its cover for every other party, and for
 * parties that were members before the event and are none after it. transition may be NULL.
 */
SF_MUST_USE enum sf_err sf_coordinator_spread(struct sf_coordinator *coordinator,
	const struct sf_submission *submission, bool deliver,
	const struct sf_transition *transition, const struct sf_audience *before,
	const struct sf_transition_result *result, const struct sf_row_event *event,
	struct sf_diag *diag);
/* receipts.c: signs and writes what was recorded, and says the receipts. */
SF_MUST_USE enum sf_err sf_coordinator_seal_recordings(
	struct sf_coordinator *coordinator, struct sf_diag *diag);

/* route.c */
/* The queue of a party is sent from its first item on: at a hello, and when items were lost. */
void sf_coordinator_start_queue(
	const struct sf_coordinator *coordinator, struct sf_party_state *party);
/* The state of a party, read from the store when it is new to memory. */
SF_MUST_USE enum sf_err sf_coordinator_party(struct sf_coordinator *coordinator, struct sf_id party,
	struct sf_party_state **ret_state, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_coordinator_queue(struct sf_coordinator *coordinator,
	struct sf_id recipient, int64_t leaf_index, bool whole, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_coordinator_taken(struct sf_coordinator *coordinator, struct sf_id party,
	const struct sf_frame *frame, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_coordinator_acknowledged(
	struct sf_coordinator *coordinator, const struct sf_message *message, struct sf_diag *diag);
uint32_t sf_coordinator_credit(
	const struct sf_coordinator *coordinator, const struct sf_party_state *party);
/* Deliver frames for every connected party that has queue and credit. */
SF_MUST_USE enum sf_err sf_coordinator_pump(
	struct sf_coordinator *coordinator, struct sf_diag *diag);

/* notices.c */
/*
 * Who took what, told to the author so that it can count connected minutes (DOMAIN section 8): at
 * the end of the turn, many in a frame, for a queue of frames to a busy author is short.
 */
SF_MUST_USE enum sf_err sf_coordinator_notify(struct sf_coordinator *coordinator,
	struct sf_id author, struct sf_id message_id, struct sf_id recipient);
SF_MUST_USE enum sf_err sf_coordinator_say_notices(struct sf_coordinator *coordinator);

/* session.c */
SF_MUST_USE enum sf_err sf_coordinator_greet(
	struct sf_coordinator *coordinator, const struct sf_taken *taken, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_coordinator_send_directory(struct sf_coordinator *coordinator,
	uint64_t route, uint64_t from_version, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_coordinator_send_agreements(
	struct sf_coordinator *coordinator, uint64_t route);
/* False: a party that asks too often is not answered; it asks again after its time. */
bool sf_coordinator_may_ask(struct sf_coordinator *coordinator, struct sf_party_state *party);
/* Encodes and queues a frame to be sent when the turn is durable. */
SF_MUST_USE enum sf_err sf_coordinator_say(
	struct sf_coordinator *coordinator, uint64_t route, const struct sf_frame *frame);

/* A row of the feed about ids alone; message and peer may be none. */
void sf_coordinator_tell(struct sf_coordinator *coordinator, enum sf_feed_what what,
	struct sf_id message, struct sf_id party, struct sf_id peer);

/* load.c */
SF_MUST_USE enum sf_err sf_coordinator_load(
	struct sf_coordinator *coordinator, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_coordinator_transition(struct sf_coordinator *coordinator,
	struct sf_id id, struct sf_cached_transition **ret_cached, struct sf_diag *diag);

/* clock.c */
/* What a hello says of its sender's clock. */
void sf_coordinator_compare_clock(struct sf_coordinator *coordinator, struct sf_party_state *party,
	const struct sf_hello *hello);
/* Median over the connected nodes of how far they are ahead; 0 when fewer than three say it. */
int64_t sf_coordinator_clock_ahead_ms(const struct sf_coordinator *coordinator);

/* agreements.c: the book of all agreements that a transition may have begun with. */
SF_MUST_USE enum sf_err sf_coordinator_load_agreements(
	struct sf_coordinator *coordinator, struct sf_diag *diag);

/* service.c */
SF_MUST_USE enum sf_err sf_coordinator_serve(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);

#endif
