/*
 * Inside the coordinator: what its files share. Not for others.
 */
#ifndef SF_COORDINATOR_STATE_H
#define SF_COORDINATOR_STATE_H

#include "audit/access.h"
#include "audit/book.h"
#include "audit/feed.h"
#include "log/leaf.h"
#include "core/transition_cache.h"
#include "coordinator/coordinator.h"
#include "coordinator/log.h"
#include "coordinator/parties.h"
#include "coordinator/tables.h"
#include "door/ended.h"
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

/* An event recorded this turn, to be chained by settle, signed and written by finish. */
struct sf_recording {
	struct sf_row_event row;
	uint64_t route;                      /* who waits for the receipt; 0 nobody */
	struct sf_cached_transition *cached; /* whose head it moves; NULL without one */
	struct sf_view header; /* of a derived fact that is to be sealed; else empty */
	struct sf_recording *next;
};

/* A transition that was stepped this turn: its rows are written by settle. */
struct sf_changed {
	struct sf_cached_transition *cached;
	struct sf_changed *next;
};

/* A transition that was folded this turn, packed: written by settle when it was stepped, too. */
struct sf_packing {
	struct sf_row_fold row;
	struct sf_packing *next;
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
	struct sf_book *book; /* owned */
	/* Texts that nodes are told of, configured ones first; those a party only brought are not.
	 */
	size_t published_count;
	struct sf_digest published[SF_BOOK_AGREEMENTS_MAX];
	bool book_changed;            /* in this turn */
	int64_t statement_leaf_index; /* of the newest statement; -1 none */
	int64_t derived_count;        /* derived facts authored, ever */
	int64_t timer_ms;             /* when the next timer is due; INT64_MAX none */
	struct sf_coordinator_counters counters;
	struct sf_feed *feed; /* owned */
	struct sf_access_followers followers;
	struct sf_door_ended ended;
	int64_t retention_ms;       /* when to look next for what is kept long enough */
	int64_t started_ms;         /* when it was opened, never ahead of the clock */
	int64_t opened_recorded_ms; /* recorded time that the store had then */
	int64_t attachments_size;   /* sealed bytes of all attachments that were begun */
	int64_t object_last;        /* last number given to one */
	int64_t leaf_count;
	int64_t recorded_ms;    /* of this turn, never before the last */
	int64_t opened_ms;      /* recorded time of the first turn; 0 before it */
	bool directory_changed; /* in this turn */
	struct sf_coordinator_log log;

	size_t pump_next; /* slot of parties that the next turn serves first */
	bool pump_full;   /* in this turn somebody had to wait for memory */

	struct sf_arena arena; /* everything of this turn */
	bool stands_still;     /* recorded_ms is ahead of the clock */
	bool clock_apart;      /* the connected nodes' clocks say another time than ours */
	int64_t now_ms;        /* of this turn, by the clock */
	struct sf_taken *taken_first, **taken_last;
	struct sf_recording *recording_first, **recording_last;
	struct sf_recording **settled_last; /* recordings from here on are not chained yet */
	size_t recording_count;
	struct sf_changed *changed_first;
	struct sf_packing *packing_first;
	struct sf_repeat *repeat_first, **repeat_last;
	struct sf_notice_out *notice_first, **notice_last;
	size_t notice_count;
	struct sf_frame_out *out_first, **out_last;
};

/* fold.c */
/* The transition as it is now, from memory or folded; pinned in memory until the turn ends. */
SF_MUST_USE enum sf_err sf_coordinator_transition(struct sf_coordinator *coordinator,
	struct sf_id id, struct sf_cached_transition **ret_cached, struct sf_diag *diag);
/*
 * As it was then: events recorded by until_ms, up to until_sequence. The caller closes
 * ret_folded->transition.
 */
SF_MUST_USE enum sf_err sf_coordinator_fold(struct sf_coordinator *coordinator, struct sf_id id,
	int64_t until_ms, uint64_t until_sequence, struct sf_cached_transition *ret_folded,
	struct sf_diag *diag);
/* Writes the folds of this turn that are worth it (pack.h): when the turn settles. */
SF_MUST_USE enum sf_err sf_coordinator_keep_folds(
	struct sf_coordinator *coordinator, struct sf_diag *diag);

/* event.c */
/*
 * The one place that appends a leaf. row has everything of the event but what the log adds: its
 * number and time at once, previous head, leaf and head when the turn settles. cached may be NULL.
 */
SF_MUST_USE enum sf_err sf_coordinator_append(struct sf_coordinator *coordinator, uint64_t route,
	const struct sf_row_event *row, struct sf_cached_transition *cached,
	struct sf_recording **ret_recording);
/* The transition was stepped, or its timer must be set anew. */
SF_MUST_USE enum sf_err sf_coordinator_touch(
	struct sf_coordinator *coordinator, struct sf_cached_transition *cached);
/*
 * Seals derived facts, one signature for all, chains heads, and writes the rows of transitions that
 * were stepped. Called again when more has been recorded.
 */
SF_MUST_USE enum sf_err sf_coordinator_settle(
	struct sf_coordinator *coordinator, struct sf_diag *diag);

/* statement.c */
struct sf_id sf_coordinator_new_id(struct sf_coordinator *coordinator);
/* The header of a message of the coordinator's own, in the turn's arena. */
SF_MUST_USE enum sf_err sf_coordinator_write_header(struct sf_coordinator *coordinator,
	const struct sf_message *message, struct sf_view *ret_header, struct sf_id envelope_id);
/*
 * Records an operational statement (core/fact_statement.h): a leaf of class 4 without a transition,
 * sealed when the turn settles. It goes to nobody by itself.
 */
SF_MUST_USE enum sf_err sf_coordinator_state_fact(struct sf_coordinator *coordinator,
	const struct sf_fact *fact, struct sf_recording **ret_recording);

/*
 * access.c: who reads what is committed, and in the log, before the answer is given; nothing is
 * done when nobody's course can be read from the answer. SF_ERR_STATE: nothing can be recorded now.
 */
SF_MUST_USE enum sf_err sf_coordinator_keep_access(struct sf_coordinator *coordinator,
	const struct sf_request *request, const struct sf_reply *reply, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_coordinator_serve_access_log(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);

/* erase.c */
SF_MUST_USE enum sf_err sf_coordinator_serve_erase(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
/* Erases what has been closed for longer than it is kept; a few a turn. */
SF_MUST_USE enum sf_err sf_coordinator_retain(
	struct sf_coordinator *coordinator, struct sf_diag *diag);
int64_t sf_coordinator_retention_due_ms(const struct sf_coordinator *coordinator);

/* derive.c: what time makes of transitions (R6). */
/* The clock, or the store, cannot be believed: nothing happens by itself. */
bool sf_coordinator_is_stopped(const struct sf_coordinator *coordinator);
/* Timers that are due, most urgent first, a bounded number of transitions. */
SF_MUST_USE enum sf_err sf_coordinator_work_timers(
	struct sf_coordinator *coordinator, struct sf_diag *diag);
/* Everything that is due in it now, before something else is recorded. */
SF_MUST_USE enum sf_err sf_coordinator_derive_due(struct sf_coordinator *coordinator,
	struct sf_cached_transition *cached, struct sf_diag *diag);
/*
 * What time makes of the party's open transitions is asked again at the next turn: its signature
 * under an agreement changes it without an event in them. At most 4,096; the others are asked with
 * their next event.
 */
SF_MUST_USE enum sf_err sf_coordinator_rearm(
	struct sf_coordinator *coordinator, struct sf_id party, struct sf_diag *diag);
/* Records a derived fact and spreads it. ret_outcome may be NULL. */
SF_MUST_USE enum sf_err sf_coordinator_record_derived(struct sf_coordinator *coordinator,
	struct sf_cached_transition *cached, const struct sf_fact *fact,
	enum sf_outcome *ret_outcome, struct sf_diag *diag);
/* Reads when the next timer is due. */
SF_MUST_USE enum sf_err sf_coordinator_next_timer(
	struct sf_coordinator *coordinator, struct sf_diag *diag);

/* link.c */
/* After an admission or a parties fact: other transitions of the same person. */
SF_MUST_USE enum sf_err sf_coordinator_link(struct sf_coordinator *coordinator,
	struct sf_cached_transition *cached, const struct sf_message *message,
	struct sf_diag *diag);

/* concern.c */
/* Writes who is concerned with the transition now. */
SF_MUST_USE enum sf_err sf_coordinator_save_concerns(struct sf_coordinator *coordinator,
	const struct sf_transition *transition, struct sf_diag *diag);
void sf_coordinator_summarise(const struct sf_coordinator *coordinator,
	const struct sf_transition *transition, struct sf_digest *ret_digest);

/* knowledge.c */
SF_MUST_USE enum sf_err sf_coordinator_learn(struct sf_coordinator *coordinator, struct sf_id party,
	const struct sf_row_queue *queued, struct sf_diag *diag);
/* Up to which event the party knew the transition at that time; its own events count as known. */
SF_MUST_USE enum sf_err sf_coordinator_known_sequence(struct sf_coordinator *coordinator,
	struct sf_id transition, struct sf_id party, int64_t at_ms, uint64_t *ret_sequence,
	struct sf_diag *diag);

/* reconcile.c */
SF_MUST_USE enum sf_err sf_coordinator_reconcile(struct sf_coordinator *coordinator,
	const struct sf_taken *taken, struct sf_party_state *party, struct sf_diag *diag);

/* judge.c */
/* What is decided about a submission before its transition is asked. */
struct sf_verdict {
	enum sf_kind_class kind_class;
	enum sf_outcome outcome;
	uint16_t code;
	bool first;   /* of its message id */
	bool deliver; /* recipients get the envelope */
	bool equivocates;
};
void sf_coordinator_content_id(const struct sf_coordinator *coordinator,
	const struct sf_header *header, struct sf_digest *ret_digest);
/*
 * Dedupe and what can be judged without the transition. known: what was recorded under the
 * message's id and author; NULL when nothing was.
 */
SF_MUST_USE enum sf_err sf_coordinator_judge(struct sf_coordinator *coordinator,
	const struct sf_message *message, const struct sf_row_message *known,
	const struct sf_digest *content, bool envelope_reused, struct sf_verdict *ret_verdict,
	struct sf_diag *diag);
/* record.c */
/* Views of a row read from the store live until the next call: the turn keeps copies. */
SF_MUST_USE enum sf_err sf_coordinator_keep_event(
	struct sf_coordinator *coordinator, struct sf_row_event *row);
SF_MUST_USE enum sf_err sf_coordinator_record(struct sf_coordinator *coordinator,
	const struct sf_taken *taken, struct sf_submission *submission, struct sf_diag *diag);
/* again.c: what is submitted anew after a lost tail. */
/*
 * False: not yet, its author is to come again. Nothing is recorded before those were heard who may
 * know more than this store, and for a minute after an epoch has begun nothing that is written
 * after what is not here again.
 */
SF_MUST_USE enum sf_err sf_coordinator_may_record(struct sf_coordinator *coordinator,
	const struct sf_submission *submission, bool *ret_may, struct sf_diag *diag);
/* Acknowledgements of the message that were recorded before it. */
SF_MUST_USE enum sf_err sf_coordinator_count_acknowledgements(
	struct sf_coordinator *coordinator, const struct sf_message *message, struct sf_diag *diag);

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
 * parties that were members before the event and are none after it.
 */
struct sf_spread {
	const struct sf_message *message;
	bool deliver;                           /* to its recipients, too */
	bool whole;                             /* there is a body to deliver */
	const struct sf_transition *transition; /* may be NULL */
	const struct sf_audience *before;
	const struct sf_transition_result *result;
	const struct sf_row_event *event;
};
SF_MUST_USE enum sf_err sf_coordinator_spread(
	struct sf_coordinator *coordinator, const struct sf_spread *spread, struct sf_diag *diag);
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
	struct sf_id recipient, const struct sf_row_event *event, bool whole, struct sf_diag *diag);
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
/* A node has said hello: it is seen now, and what it says of itself is kept for operators. */
SF_MUST_USE enum sf_err sf_coordinator_know_node(struct sf_coordinator *coordinator,
	struct sf_party_state *party, const struct sf_hello *hello, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_coordinator_greet(
	struct sf_coordinator *coordinator, const struct sf_taken *taken, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_coordinator_send_directory(struct sf_coordinator *coordinator,
	uint64_t route, uint64_t from_version, struct sf_diag *diag);
/* False: a party that asks too often is not answered; it asks again after its time. */
bool sf_coordinator_may_ask(struct sf_coordinator *coordinator, struct sf_party_state *party);
/* Encodes and queues a frame to be sent when the turn is durable. */
SF_MUST_USE enum sf_err sf_coordinator_say(
	struct sf_coordinator *coordinator, uint64_t route, const struct sf_frame *frame);

/* A row of the feed about ids alone; message and peer may be none. */
void sf_coordinator_tell(struct sf_coordinator *coordinator, enum sf_feed_what what,
	struct sf_id message, struct sf_id party, struct sf_id peer);

/* Something about the log: enum sf_contradiction, or SF_TROUBLE_NO_QUORUM. */
void sf_coordinator_tell_log(
	struct sf_coordinator *coordinator, uint32_t trouble, struct sf_id party);

/* load.c */
SF_MUST_USE enum sf_err sf_coordinator_load(
	struct sf_coordinator *coordinator, struct sf_diag *diag);

/* clock.c */
/* What a hello says of its sender's clock. */
void sf_coordinator_compare_clock(struct sf_coordinator *coordinator, struct sf_party_state *party,
	const struct sf_hello *hello);
/* Whether ours can be believed, by the nodes that are connected now. */
void sf_coordinator_judge_clock(struct sf_coordinator *coordinator);
/* Median over the connected nodes of how far they are ahead; 0 when fewer than three say it. */
int64_t sf_coordinator_clock_ahead_ms(const struct sf_coordinator *coordinator);

/* agreements.c: texts and who signed them (DOMAIN section 7). */
/* Keeps what is configured, then reads the book from the store. */
SF_MUST_USE enum sf_err sf_coordinator_keep_agreements(
	struct sf_coordinator *coordinator, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_coordinator_load_agreements(
	struct sf_coordinator *coordinator, struct sf_diag *diag);
/* Texts that a party brings, to be proposed by it. */
SF_MUST_USE enum sf_err sf_coordinator_take_agreements(struct sf_coordinator *coordinator,
	const struct sf_taken *taken, struct sf_party_state *party, struct sf_diag *diag);
/* Why a first fact about an agreement, or one that names it, is refused; SF_REFUSAL_NONE. */
enum sf_refusal sf_coordinator_judge_agreement(
	const struct sf_coordinator *coordinator, const struct sf_message *message);
/* It is recorded and not refused. */
SF_MUST_USE enum sf_err sf_coordinator_follow_agreement(struct sf_coordinator *coordinator,
	const struct sf_message *message, const struct sf_row_event *event, struct sf_diag *diag);
/* Nothing of them is believed to have reached the party: all is sent again. */
void sf_coordinator_forget_sent(struct sf_party_state *party);
/* What the party has not been sent on its route yet: before any item, for items are judged by it.
 */
SF_MUST_USE enum sf_err sf_coordinator_send_agreements(
	struct sf_coordinator *coordinator, struct sf_party_state *party, struct sf_diag *diag);

/* service.c */
SF_MUST_USE enum sf_err sf_coordinator_serve(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);

#endif
