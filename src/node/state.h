/*
 * Inside the node: what its files share. Not for others.
 */
#ifndef SF_NODE_STATE_H
#define SF_NODE_STATE_H

#include "audit/access.h"
#include "audit/book.h"
#include "audit/feed.h"
#include "audit/replay.h"
#include "core/transition_cache.h"
#include "door/ended.h"
#include "node/log_state.h"
#include "node/node.h"
#include "node/tables.h"
#include "wire/body.h"
#include "wire/frame.h"
#include "wire/header.h"
#include "wire/record.h"

/* One delivered item on its way through check and step. */
struct sf_node_item {
	struct sf_node *node;
	const struct sf_item *item;
	struct sf_arena arena; /* of the document that is read while checking */
	bool readable;         /* framing, header and receipt could be read */
	bool whole;            /* the envelope, not only its cover */
	struct sf_envelope envelope;
	struct sf_cover cover;
	struct sf_header header;
	struct sf_receipt receipt;
	const struct sf_directory_key *key;
	struct sf_id key_owner;
	enum sf_role author_role;
	enum sf_err verified; /* signature, receipt and digest hold */
	struct sf_envelope_names names;
	bool addressed; /* a body for this party */
	struct sf_open_result opened;
	enum sf_ack ack; /* what opening and reading come to */
	enum sf_ack_code ack_code;
	struct sf_body body;
	bool document_read; /* a FHIR message that could be read; its texts live in arena */
	struct sf_document document;
	struct sf_issues issues;
};

struct sf_node_taken {
	enum sf_arrival_kind kind;
	bool unreadable;
	struct sf_frame frame;
	size_t item_count;
	struct sf_node_item *items; /* of a deliver, or the statements of agreements */
	bool *receipts_hold;        /* frame.count of them for a stored */
	struct sf_node_taken *next;
};

/* A message to be sealed by finish. */
struct sf_outgoing {
	struct sf_id message_id;
	struct sf_view message;
	struct sf_view salted_body;
	size_t recipient_count; /* slots: 0 without a body */
	struct sf_id recipients[SF_RECIPIENT_COUNT_MAX];
	struct sf_id envelope_id;
	bool never_expires;
	bool attachments; /* the header names some */
	struct sf_outgoing *next;
};

struct sf_node_frame_out {
	struct sf_view frame;
	struct sf_node_frame_out *next;
};

/* A transition that has new events. */
struct sf_node_followed {
	struct sf_id transition;
	struct sf_node_followed *next;
};

/* One attachment on its way, on this connection. */
struct sf_node_stream {
	int64_t object; /* 0: none */
	uint32_t next;  /* sent: the next chunk; fetched: asked for up to this one */
	int64_t at_ms;  /* when it last went on */
};

struct sf_node {
	struct sf_node_options options;
	struct sf_node_ports ports;
	struct sf_directory *directory; /* owned */
	struct sf_transition_cache cache;
	struct sf_book *book; /* owned */
	struct sf_node_counters counters;
	struct sf_feed *feed;   /* owned */
	uint64_t feed_kept;     /* rows up to here were looked at: they are kept, or need not be */
	size_t feed_kept_count; /* rows of the table */
	struct sf_node_channels *channels; /* owned */
	struct sf_access_followers followers;
	struct sf_door_ended ended;
	struct sf_node_log log;
	int64_t coordinator_ms; /* its clock in its newest hello; 0 none yet */
	int64_t retention_ms;   /* when to look next for what is kept long enough */
	struct {
		int64_t due_ms;   /* when to look next for what nobody answered */
		int64_t position; /* of the inbox: looked at up to it */
	} unanswered;
	int64_t started_ms;    /* when it was opened */
	int64_t link_since_ms; /* recorded time of the last change of the link; 0 before it */

	int64_t now_ms; /* of this turn, never before the last */
	int64_t counter_values[SF_NODE_COUNTER_LAST + 1];
	bool counters_dirty;

	bool up, greeted;
	int64_t hello_ms;           /* when the last hello was said */
	int64_t connected_since_ms; /* part of the connected clock not yet counted */
	int64_t progress_ms;        /* last receipt, or last submit after none was waited for */
	int64_t submit_after_ms;    /* retry-later of everything */
	int64_t again_ms;           /* when what was told retry-later is due; 0 nothing was */
	int64_t submitted;          /* highest position submitted on this connection */
	uint32_t on_the_way;        /* submitted without a receipt */
	size_t on_the_way_size;     /* their bytes */
	bool more_to_submit;
	struct sf_node_stream sending, fetching;
	int64_t chunks_went_ms; /* connected clock when chunks of this party last went on; 0 */
	int64_t chunks_due_ms;  /* when to look at attachments next; INT64_MAX nothing is open */
	int64_t resend_due_ms;  /* connected clock of the next resend; INT64_MAX none */
	int64_t late_ms;        /* when a message may be late next; INT64_MAX none */
	bool restart_wanted;    /* say hello again: the queue starts over */
	int64_t query_ms;       /* when the directory was last asked for to that end */
	bool directory_changed; /* in this turn */
	uint64_t coordinator_directory; /* newest version it told of */

	struct sf_arena arena; /* everything of this turn */
	struct sf_node_taken *taken_first, **taken_last;
	struct sf_outgoing *outgoing_first, **outgoing_last;
	size_t outgoing_count;
	struct sf_node_frame_out *out_first, **out_last;
	size_t position_count, position_capacity;
	uint64_t *positions;               /* taken this turn; arena */
	struct sf_node_followed *followed; /* transitions that went on in this turn; arena */
};

/* Bytes of envelopes without a receipt: one turn may have to copy them all, twice. */
#define SF_NODE_WINDOW_SIZE ((size_t)32 * 1024 * 1024)

static inline bool sf_node_may_submit(const struct sf_node *node)
{
	return node->more_to_submit && !node->log.halted &&
	       node->on_the_way < node->options.window_max &&
	       node->on_the_way_size < SF_NODE_WINDOW_SIZE;
}

static inline const struct sf_store *sf_node_store(const struct sf_node *node)
{
	return &node->ports.store;
}

/* counters */
int64_t sf_node_next(struct sf_node *node, enum sf_node_counter name);
/* Milliseconds this node has been connected, ever. */
int64_t sf_node_connected_ms(const struct sf_node *node);

/* author.c */
/*
 * Makes a message durable and has it sealed at the end of the turn. Fills format, author, sequence,
 * created (when 0), seen head and body commitment. body may be NULL; ret_envelope_id too.
 */
SF_MUST_USE enum sf_err sf_node_author(struct sf_node *node, struct sf_message *message,
	struct sf_body *body, struct sf_id *ret_envelope_id, struct sf_diag *diag);
/* The same message in a new envelope. */
SF_MUST_USE enum sf_err sf_node_resend(
	struct sf_node *node, struct sf_id message_id, struct sf_diag *diag);
/* The very bytes of an envelope again. */
SF_MUST_USE enum sf_err sf_node_repeat(
	struct sf_node *node, struct sf_id envelope_id, struct sf_diag *diag);

/* outbox.c */
SF_MUST_USE enum sf_err sf_node_stored(struct sf_node *node, const struct sf_receipt *receipt,
	const struct sf_signed_receipt *proof, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_acknowledged(struct sf_node *node, const struct sf_message *message,
	struct sf_view errors, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_notice(
	struct sf_node *node, const struct sf_notice *notice, struct sf_diag *diag);
/* A delivery comes due at this connected clock; 0 is none. */
void sf_node_note_due(struct sf_node *node, int64_t due_ms);
SF_MUST_USE enum sf_err sf_node_due(struct sf_node *node, struct sf_diag *diag);

/* late.c: rows of the feed about deliveries that are late now. */
/* The delivery was in another state before. */
SF_MUST_USE enum sf_err sf_node_late_answer(struct sf_node *node, enum sf_delivery_state before,
	const struct sf_node_row_delivery *delivery, struct sf_diag *diag);
/* The coordinator has refused the message, as its row of the outbox says. */
SF_MUST_USE enum sf_err sf_node_late_refused(
	struct sf_node *node, struct sf_id message_id, struct sf_diag *diag);
/* A message was handed in now. */
void sf_node_late_note(struct sf_node *node);
SF_MUST_USE enum sf_err sf_node_late_due(struct sf_node *node, struct sf_diag *diag);

/* sending.c */
SF_MUST_USE enum sf_err sf_node_seal(struct sf_node *node, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_seal_anew(
	struct sf_node *node, const struct sf_frame *frame, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_submit(struct sf_node *node, struct sf_diag *diag);

/* session.c */
SF_MUST_USE enum sf_err sf_node_say(struct sf_node *node, const struct sf_frame *frame);
SF_MUST_USE enum sf_err sf_node_hello(struct sf_node *node, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_greeted(
	struct sf_node *node, const struct sf_hello *hello, struct sf_diag *diag);
/* SF_FRAME_QUERY: the coordinator asks for entries that it lost. */
SF_MUST_USE enum sf_err sf_node_give_directory(
	struct sf_node *node, uint64_t from, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_follow_directory(
	struct sf_node *node, const struct sf_frame *frame, struct sf_diag *diag);

/* agreements.c */
/* Texts, then who proposed, accepted and ended them, each with its proof. */
SF_MUST_USE enum sf_err sf_node_learn_agreements(
	struct sf_node *node, const struct sf_node_taken *taken, struct sf_diag *diag);
/* A recorded fact about an agreement, from wherever its proof came. */
struct sf_node_statement {
	const struct sf_message *message;
	const struct sf_receipt *receipt;
	const struct sf_signed_receipt *proof;
	struct sf_view cover;
};
SF_MUST_USE enum sf_err sf_node_learn_statement(
	struct sf_node *node, const struct sf_node_statement *statement, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_load_agreements(struct sf_node *node, struct sf_diag *diag);
/*
 * What new transitions begin with: what this party has signed; while it has signed nothing, the
 * newest text that nobody proposed, which its coordinator was configured with; none.
 */
SF_MUST_USE enum sf_err sf_node_ruling_agreement(
	struct sf_node *node, struct sf_digest *ret_digest, struct sf_diag *diag);
/* Texts of own proposals that are not recorded yet go before them, after each hello. */
SF_MUST_USE enum sf_err sf_node_say_proposals(struct sf_node *node, struct sf_diag *diag);
/* Who proposed it; none when nobody did. */
SF_MUST_USE enum sf_err sf_node_proposer(struct sf_node *node, const struct sf_digest *agreement,
	struct sf_id *ret_party, struct sf_diag *diag);

/* load.c */
SF_MUST_USE enum sf_err sf_node_load(struct sf_node *node, struct sf_diag *diag);

/* item.c: reads and checks one delivered item; safe on a worker thread. */
void sf_node_item_read(
	struct sf_node *node, const struct sf_item *item, struct sf_node_item *ret_item);
void sf_node_item_check(void *item);
void sf_node_item_fini(struct sf_node_item *item);
/* The entry that names the author came in this very turn: reads and checks it again. */
void sf_node_item_check_again(struct sf_node *node, struct sf_node_item *item);
/* Appends the cover, written from the envelope when that is what was delivered. */
SF_MUST_USE enum sf_err sf_node_item_cover(const struct sf_node_item *item, struct sf_buf *buf);
/*
 * Any identity key of the pinned coordinator will do that was not revoked when the receipt was
 * made: it changes its key while older receipts are on the way. SF_ERR_KEY_UNKNOWN: the directory
 * here has none. Safe on a worker thread.
 */
SF_MUST_USE enum sf_err sf_node_check_receipt(const struct sf_node *node,
	const struct sf_signed_receipt *proof, const struct sf_receipt *receipt);

/* inbox.c */
SF_MUST_USE enum sf_err sf_node_deliver(
	struct sf_node *node, struct sf_node_item *item, struct sf_diag *diag);
/* The directory is asked for; the queue starts over when it has come. */
SF_MUST_USE enum sf_err sf_node_ask_directory(struct sf_node *node);

/* told.c: after the turn's events were followed. */
SF_MUST_USE enum sf_err sf_node_acknowledge_told(struct sf_node *node, struct sf_diag *diag);

/* replica.c */
SF_MUST_USE enum sf_err sf_node_transition(struct sf_node *node, struct sf_id id,
	struct sf_cached_transition **ret_cached, struct sf_diag *diag);
/* Steps the event in any fold of its transition. SF_ERR_INTEGRITY: it stands, not as recorded. */
SF_MUST_USE enum sf_err sf_node_replay_event(struct sf_node *node, struct sf_transition *transition,
	const struct sf_node_row_event *event, struct sf_diag *diag);
/* Stores the event when it is new and applies what is now without a gap. */
SF_MUST_USE enum sf_err sf_node_follow(struct sf_node *node, const struct sf_node_row_event *event,
	const struct sf_digest *digest, const struct sf_digest *r, struct sf_diag *diag);

/* reconcile.c: once a day both sides compare what they derived (WIRE.md section 3). */
SF_MUST_USE enum sf_err sf_node_reconcile_due(struct sf_node *node, struct sf_diag *diag);
int64_t sf_node_reconcile_due_ms(const struct sf_node *node);
SF_MUST_USE enum sf_err sf_node_reconcile(
	struct sf_node *node, const struct sf_frame *frame, struct sf_diag *diag);
/* Fills state, open and summary from the fold. */
SF_MUST_USE enum sf_err sf_node_summarize(const struct sf_node *node,
	const struct sf_transition *transition, struct sf_node_row_transition *row);

/* feed.c: rows that matter outside, kept with their turn. */
SF_MUST_USE enum sf_err sf_node_feed_open(struct sf_node *node, struct sf_diag *diag);
/* Counts what is kept; everything that the ring holds is. Also after a lost turn. */
SF_MUST_USE enum sf_err sf_node_feed_load(struct sf_node *node, struct sf_diag *diag);
/* Keeps the rows that the ring has got since. Often enough that it has forgotten none of them. */
SF_MUST_USE enum sf_err sf_node_feed_keep(struct sf_node *node, struct sf_diag *diag);

struct sf_feed_row sf_node_feed_row(const struct sf_node_row_feed *row);

/* telling.c: rows of the feed. */
void sf_node_tell(struct sf_node *node, enum sf_feed_what what, const struct sf_message *message);
/* About a message that is known by its ids only; party did it, peer may be none. */
void sf_node_tell_ids(struct sf_node *node, enum sf_feed_what what, struct sf_id message,
	struct sf_id party, struct sf_id peer);
/* Something a person must look at: counted and told. */
void sf_node_alarm(struct sf_node *node);
/* The link to the coordinator has changed. */
void sf_node_tell_link(struct sf_node *node, bool connected);

/* lookup.c: recorded time of the newest event of the party that is here; 0 when there is none. */
SF_MUST_USE enum sf_err sf_node_last_heard(
	struct sf_node *node, struct sf_id party, int64_t *ret_heard_ms, struct sf_diag *diag);
/* lookup.c: SF_ERR_NOT_FOUND when this node has neither seen nor sent it. */
SF_MUST_USE enum sf_err sf_node_message_transition(struct sf_node *node, struct sf_id message_id,
	struct sf_id *ret_transition, struct sf_diag *diag);
/* The transition that an id means: itself, or that of a message received, sent or seen. */
SF_MUST_USE enum sf_err sf_node_any_transition(
	struct sf_node *node, struct sf_id id, struct sf_id *ret_transition, struct sf_diag *diag);
/*
 * How a message is recorded now: what was recorded in a lost tail comes again in another place.
 * SF_ERR_NOT_FOUND: not yet. Views live until the next store call.
 */
SF_MUST_USE enum sf_err sf_node_event_of(struct sf_node *node, struct sf_id author,
	struct sf_id message_id, struct sf_node_row_event *ret_event, struct sf_diag *diag);

/*
 * Whose a received letter is, by its id alone: of whom it came first. Ids are chance, so who says
 * something later under the id of another's letter, or of one of ours, has copied it.
 * SF_ERR_NOT_FOUND.
 */
SF_MUST_USE enum sf_err sf_node_letter_author(struct sf_node *node, struct sf_id message_id,
	struct sf_id *ret_author, struct sf_diag *diag);

/* Label and message bytes hashed: content id of WIRE section 1. */
void sf_node_content_id(
	const struct sf_node *node, struct sf_view message, struct sf_digest *ret_digest);

/* service.c */
SF_MUST_USE enum sf_err sf_node_serve(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);

#endif
