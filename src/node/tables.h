/*
 * A node's tables as rows. This is where content lives: the store of a node is its organisation's
 * own, and stays with it.
 */
#ifndef SF_NODE_TABLES_H
#define SF_NODE_TABLES_H

#include "core/message.h"
#include "port/store.h"
#include "wire/local.h"

enum sf_node_counter {
	SF_NODE_COUNTER_AUTHOR_SEQUENCE = 1, /* last one given */
	SF_NODE_COUNTER_OUTBOX = 2,          /* last sending position */
	SF_NODE_COUNTER_INBOX = 3,           /* last inbox position */
	SF_NODE_COUNTER_QUARANTINE = 4,
	SF_NODE_COUNTER_RECORDED = 5,      /* last time a turn wrote */
	SF_NODE_COUNTER_CONNECTED = 6,     /* milliseconds connected, ever: the resend clock */
	SF_NODE_COUNTER_RECONCILED = 7,    /* recorded time of the last daily reconciliation */
	SF_NODE_COUNTER_CONTRADICTION = 8, /* last position */
	SF_NODE_COUNTER_ACCESS = 9,
	SF_NODE_COUNTER_RECEIPTS = 10, /* kept as leaves, ever */
	SF_NODE_COUNTER_LATE = 11,     /* messages handed in by then were told when late */
	SF_NODE_COUNTER_LAST = SF_NODE_COUNTER_LATE,
};

struct sf_node_row_counter {
	int64_t name; /* enum sf_node_counter */
	int64_t value;
};

/* A message this node authored: what every sending of it is made from. */
struct sf_node_row_outbox {
	struct sf_id message_id;
	struct sf_id transition;
	int64_t kind;
	int64_t author_sequence;
	struct sf_digest content_id;
	struct sf_view message;     /* constant part, exactly as first serialised */
	struct sf_view salted_body; /* salt || Body, empty without a body */
	int64_t created_ms;
	int64_t sending;           /* attempts so far */
	int64_t recorded_sequence; /* of the transition, once STORED; 0 before */
	int64_t outcome;           /* as recorded; 0 before */
	int64_t code;
};

/* One envelope on its way to the coordinator. */
struct sf_node_row_sending {
	struct sf_id envelope_id;
	int64_t position; /* order of sending */
	struct sf_id message_id;
	struct sf_view envelope;
	struct sf_digest digest;
	int64_t sent_ms;
	int64_t open; /* position until STORED, then 0 */
};

/* One recipient of a message with a body. */
struct sf_node_row_delivery {
	struct sf_id message_id;
	struct sf_id recipient;
	int64_t state; /* enum sf_delivery_state: sent, taken, ok, fatal-error, waiting, ask-person
			*/
	int64_t open;  /* 1 until ok or fatal-error */
	int64_t since_ms;
	int64_t due;                  /* connected clock of the next resend; 0 = none */
	int64_t code;                 /* enum sf_ack_code of the last answer */
	struct sf_id acknowledged_by; /* message id of the acknowledgement */
	struct sf_view errors;        /* Body of that acknowledgement, when it had one */
	int64_t failed;               /* 1 when it was answered fatal-error */
};

enum sf_node_inbox_state {
	SF_NODE_INBOX_OK = 1,
	/* Both below have no body, but where an attachment was what never came: a letter all the
	   same. */
	SF_NODE_INBOX_FATAL = 2, /* answered fatal-error, in quarantine */
	SF_NODE_INBOX_TRANSIENT =
		3,                /* answered transient-error: opened again when it comes again */
	SF_NODE_INBOX_ERASED = 4, /* a tombstone: author, message id, position and times alone */
};

/* A message with a body that this node received. */
struct sf_node_row_inbox {
	struct sf_id author;
	struct sf_id message_id;
	int64_t position;
	struct sf_id transition;
	int64_t sequence;
	int64_t kind;
	struct sf_digest content_id;
	int64_t recorded_ms;
	int64_t received_ms;
	int64_t state;                /* enum sf_node_inbox_state */
	int64_t code;                 /* enum sf_ack_code when not ok */
	int64_t unhandled;            /* position until the local system has taken it, then 0 */
	struct sf_view body;          /* Body; empty when it could not be opened or was deleted */
	struct sf_id acknowledgement; /* envelope id of the answer, repeated for a duplicate */
};

/* One recorded event of a transition this node takes part in. */
struct sf_node_row_event {
	struct sf_id transition;
	int64_t sequence;
	struct sf_id message_id;
	struct sf_id author;
	int64_t kind;
	int64_t kind_class;
	int64_t recorded_ms;
	int64_t outcome;
	int64_t code;
	struct sf_digest head; /* after this event; none while earlier ones are missing */
	struct sf_view cover;
	struct sf_view receipt; /* as signed, with its proof behind */
	int64_t receipt_index;
	int64_t receipt_count;
	struct sf_view receipt_path;
	struct sf_view receipt_signature;
	int64_t received_ms; /* when this node had it on disk: what this party knew when */
};

struct sf_node_row_transition {
	struct sf_id id;
	int64_t sequence; /* applied without a gap */
	struct sf_digest head;
	int64_t state;
	int64_t stay_state;
	int64_t opened_ms;
	int64_t updated_ms;
	struct sf_id municipality; /* as this node bound it, none elsewhere */
	int64_t open;              /* 1 until it is closed, while this party belongs to it */
	struct sf_digest summary;  /* of what was derived, for reconciliation; none: not made yet */
	int64_t difference_ms;     /* when the coordinator was found to see it otherwise; 0 */
};

/* A citizen's transitions, so that a letter finds the one it belongs to. */
struct sf_node_row_patient {
	struct sf_digest patient; /* keyed name of the civil registration number */
	struct sf_id transition;
};

/* A proposal, acceptance or end of an agreement, with its proof. */
struct sf_node_row_statement {
	struct sf_id author;
	struct sf_id message_id;
	struct sf_digest agreement;
	int64_t kind;
	int64_t recorded_ms; /* 0: our own, on its way */
	int64_t outcome;
	int64_t code;
	struct sf_view cover;
	struct sf_view receipt;
	int64_t receipt_index;
	int64_t receipt_count;
	struct sf_view receipt_path;
	struct sf_view receipt_signature;
};

/* R8: an event known by its cover alone that this node has acknowledged. */
struct sf_node_row_told {
	struct sf_id transition;
	struct sf_id message_id;
	struct sf_id acknowledgement; /* message id */
	int64_t told_ms;
};

/* Which transition an episode of care belongs to; a keyed name, for the id may carry anything. */
struct sf_node_row_episode {
	struct sf_digest episode;
	struct sf_id transition;
};

/*
 * A FHIR letter that was received, by what its author calls it, so that the local system can speak
 * of it; and what that said against it.
 */
struct sf_node_row_named {
	struct sf_digest name; /* keyed: author and MessageHeader.id */
	struct sf_id author;
	struct sf_id message_id;
	struct sf_id transition;
	int64_t verdict_ms;  /* when the local system answered fatal-error; 0 */
	struct sf_view code; /* MedCom's code of it, or empty */
};

/* A letter of a local clinical system, for "is this the same again?" (DOMAIN section 8). */
struct sf_node_row_letter {
	struct sf_id message_id;
	struct sf_id transition;
	struct sf_digest canonical;
	int64_t created_ms;
	struct sf_view content_type;
	struct sf_view content;         /* original bytes: what acknowledgements are made from */
	struct sf_view acknowledgement; /* MedCom acknowledgement once the recipient answered */
};

struct sf_node_row_quarantine {
	int64_t position;
	struct sf_id author;
	struct sf_id message_id;
	int64_t code;
	int64_t received_ms;
	struct sf_view envelope;
};

struct sf_node_row_entry {
	int64_t version;
	struct sf_view record;
};

struct sf_node_row_agreement {
	struct sf_digest digest;
	struct sf_view agreement;
};

/* A receipt's place in the log: asked for until a checkpoint that was checked here shows it. */
struct sf_node_row_proof {
	int64_t epoch;
	int64_t leaf_index; /* in the log of the epoch */
	struct sf_id message_id;
	struct sf_id transition; /* none without one */
	int64_t own;             /* 1: authored here */
	struct sf_view leaf;     /* 42 bytes */
	int64_t size;            /* of the checkpoint the path leads to; 0 not proven yet */
	struct sf_view path;     /* 32 * n */
	int64_t open;            /* leaf_index + 1 until proven, then 0 */
};

/* A checkpoint this node has checked; the newest, and those that proofs lead to. */
struct sf_node_row_checkpoint {
	int64_t epoch;
	int64_t size;
	struct sf_digest root;
	struct sf_view note; /* signed by the log alone */
	int64_t directory_version;
	struct sf_digest directory_head;
	int64_t at_ms;
	int64_t cosigned;         /* 1: this node is its witness */
	struct sf_view witnessed; /* the same with a quorum's cosignatures, once it was shown */
};

/* What a person must see, with both notes where there are two. Never removed. */
struct sf_node_row_contradiction {
	int64_t position;
	int64_t at_ms;
	int64_t kind; /* enum sf_contradiction (wire/local_log.h) */
	int64_t epoch;
	int64_t size;
	struct sf_view note;  /* as signed; or the receipt */
	struct sf_view other; /* another note that contradicts it; may be empty */
	struct sf_id party;   /* whose gossip it was; none */
};

/* An epoch of the log, as the registrars signed it. */
struct sf_node_row_epoch {
	int64_t epoch;
	int64_t common_size;
	struct sf_view record;
};

/*
 * What was recorded in a tail of the log that was lost: it has no effect, and stays as evidence of
 * what had been promised (WIRE section 7.1).
 */
struct sf_node_row_void {
	int64_t epoch;
	int64_t leaf_index;
	struct sf_id message_id;
	struct sf_id transition;
	struct sf_view cover;
	struct sf_view receipt;
	int64_t receipt_index;
	int64_t receipt_count;
	struct sf_view receipt_path;
	struct sf_view receipt_signature;
};

/* What another party's header says of the log, until it was compared. */
struct sf_node_row_gossip {
	int64_t epoch;
	int64_t size;
	struct sf_digest root;
	struct sf_id party;
	int64_t asked_ms; /* 0 not yet */
};

/* Content of a transition is sealed with this key, which is sealed with the node's own. */
struct sf_node_row_content_key {
	struct sf_id transition;
	struct sf_view sealed;
	int64_t made_ms;
};

/* Who read what here; committed before the answer was given. */
struct sf_node_row_access {
	int64_t position;
	int64_t at_ms;
	struct sf_view account; /* of this machine */
	int64_t role;
	int64_t purpose;
	int64_t what;            /* enum sf_request_kind */
	struct sf_id transition; /* none: a list */
	struct sf_id message;    /* none: not one letter */
};

/* What was erased here, or what the coordinator asks to erase. */
struct sf_node_row_erasure {
	struct sf_id transition;
	int64_t asked_ms; /* recorded time of the coordinator's statement; 0 nobody asked */
	int64_t ground;
	int64_t done_ms; /* 0: this party has not decided to */
};

/*
 * An HL7 message that was taken: the same one again gets the same answer, and cancellations find
 * what they cancel. Names are keyed: ids of visits and messages may carry anything.
 */
struct sf_node_row_hl7 {
	struct sf_digest name;   /* of MSH-3, MSH-4 and MSH-10 */
	struct sf_digest digest; /* of all but MSH */
	struct sf_id visit;      /* of visit number and citizen; none without */
	int64_t position;        /* when it came; grows within the visit */
	struct sf_id transition; /* none: nothing of it is kept here */
	struct sf_id message;    /* what was sent of it; none: nothing */
	int64_t received_ms;
	int64_t event; /* 1 for A01 */
	/* The notification that was made of it; letter none: no notification. */
	struct sf_id letter;      /* MessageHeader.id */
	struct sf_id predecessor; /* the letter before it, or the one that it corrects or cancels */
	struct sf_id receiver;
	int64_t activity; /* enum sf_activity */
	int64_t mode;
	int64_t stay_class;
	int64_t current; /* activity before a death; else activity */
	int64_t event_ms;
	int64_t occurred_ms;
	int64_t recorded_ms;
	int64_t admitted_ms;
	struct sf_digest department; /* keyed name of the text */
	struct sf_view content;      /* original bytes; empty without a transition */
	struct sf_view acknowledgement;
};

/* What a request with an idempotency key did, so that it is not done twice. */
struct sf_node_row_repeat {
	struct sf_digest key;
	struct sf_digest body;
	int64_t at_ms;
	int64_t reply; /* enum sf_reply_kind */
	struct sf_id message;
	struct sf_id transition;
	int64_t domains; /* of SAID; 1 of a REPLAYED that was sent again */
};

/* What happened here and matters outside (audit/feed.h), over restarts; the newest rows. */
struct sf_node_row_feed {
	int64_t cursor;
	int64_t at_ms;
	int64_t what; /* enum sf_feed_what */
	struct sf_id message;
	struct sf_id transition;
	struct sf_id party;
	struct sf_id peer;
	int64_t kind;
	int64_t activity;
	int64_t mode;
	int64_t domains;
	int64_t outcome;
	int64_t ack;
	int64_t code;
	int64_t attempts;
};

/* A way in or out with its counters; a hook, and what it is signed with. */
struct sf_node_row_channel {
	struct sf_view name;
	int64_t kind; /* enum sf_channel_kind */
	int64_t paused;
	int64_t received;
	int64_t filtered;
	int64_t sent;
	int64_t errored;
	int64_t last_ms;
	int64_t fault;  /* enum sf_channel_fault */
	int64_t cursor; /* of the feed, of a way out: handed out up to it */
	struct sf_view url;
	int64_t events;
	struct sf_view secret;
	int64_t created_ms;
};

/* A message that came in or went out by another channel than the local socket. */
struct sf_node_row_passage {
	int64_t position;
	struct sf_id message_id;
	int64_t at_ms;
	struct sf_view channel;
	int64_t out; /* 1: handed out; 0: handed in */
};

/* Content of a message received that was deleted while its row stays (no_case.h, unanswered.h). */
struct sf_node_row_deletion {
	struct sf_id message_id;
	struct sf_id author;
	int64_t at_ms;
	int64_t unanswered; /* 1: nobody said whether there is a case; 0: there is none */
};

/* An answer that the sender of a message wants brought to it (response.h). */
struct sf_node_row_response {
	struct sf_id
		message_id; /* of MLLP the UUID of the HL7 message, when nothing was sent of it */
	int64_t way;        /* enum sf_node_response_way */
	struct sf_id transition;
	struct sf_view channel; /* by which it is brought */
	struct sf_view url;     /* where to, of a URL */
	struct sf_view content_type;
	struct sf_view heading; /* of MLLP: MSH of what is answered; names no patient */
	int64_t created_ms;
	int64_t answered; /* 1: the final answer was told; the row goes when that is brought */
};

/* An answer that its receiver refuses (aside.h). Its cursor is that of the feed. */
struct sf_node_row_aside {
	int64_t cursor;
	struct sf_view channel;
	struct sf_id message_id;
	struct sf_id transition;
	struct sf_id party; /* whose answer it is */
	int64_t ack;
	int64_t code;
	int64_t refusals;
	int64_t at_ms; /* of the last one */
	int64_t aside; /* 1: those behind it go on without it */
};

enum sf_node_attachment_state {
	SF_NODE_ATTACHMENT_FILLING = 1, /* a local program hands it in, for a letter to come */
	SF_NODE_ATTACHMENT_READY = 2,   /* handed in whole, and of no letter yet */
	SF_NODE_ATTACHMENT_SENDING = 3, /* of a letter of this party */
	SF_NODE_ATTACHMENT_SENT = 4,    /* the coordinator has had all of it */
	SF_NODE_ATTACHMENT_COMING = 5,  /* of a received letter, not all here */
	SF_NODE_ATTACHMENT_WHOLE = 6,   /* all here, and what the letter's header names */
	SF_NODE_ATTACHMENT_BROKEN = 7,  /* never came, or is not what the header names: given up */
};

/*
 * An attachment: of a letter of this party, of a received one, or of no letter yet; then message_id
 * is the id that its upload was given. Chunks are kept as they are sealed.
 */
struct sf_node_row_attachment {
	struct sf_id author;
	struct sf_id message_id;
	int64_t number;           /* in the header, from 0 */
	int64_t object;           /* of its chunks */
	struct sf_id transition;  /* of no letter yet: none */
	int64_t state;            /* enum sf_node_attachment_state */
	int64_t open;             /* object while chunks are to be sent or fetched, else 0 */
	int64_t unused_ms;        /* when its upload began, until a letter has it; then 0 */
	int64_t due_ms;           /* nothing is sent or asked for before; 0 */
	struct sf_digest digest;  /* as the header names it; none before there is one */
	struct sf_digest link;    /* of the chunks here */
	int64_t size;             /* of the content */
	int64_t have;             /* chunks here */
	int64_t sent;             /* chunks that the coordinator has said it has */
	int64_t trail;            /* of the chunks here (port/crypto.h); 64 bits of any value */
	struct sf_view enclosure; /* key, name and content type, sealed as content is */
};

struct sf_node_row_chunk {
	int64_t object;
	int64_t number;
	int64_t trail; /* of the chunks before it */
	struct sf_view bytes;
};

extern const struct sf_table sf_node_table_counter;
extern const struct sf_table sf_node_table_outbox;
extern const struct sf_table sf_node_table_sending;
extern const struct sf_table sf_node_table_delivery;
extern const struct sf_table sf_node_table_inbox;
extern const struct sf_table sf_node_table_event;
extern const struct sf_table sf_node_table_transition;
extern const struct sf_table sf_node_table_episode;
extern const struct sf_table sf_node_table_letter;
extern const struct sf_table sf_node_table_quarantine;
extern const struct sf_table sf_node_table_entry;
extern const struct sf_table sf_node_table_agreement;
extern const struct sf_table sf_node_table_patient;
extern const struct sf_table sf_node_table_statement;
extern const struct sf_table sf_node_table_told;
extern const struct sf_table sf_node_table_proof;
extern const struct sf_table sf_node_table_checkpoint;
extern const struct sf_table sf_node_table_contradiction;
extern const struct sf_table sf_node_table_epoch;
extern const struct sf_table sf_node_table_void;
extern const struct sf_table sf_node_table_gossip;
extern const struct sf_table sf_node_table_content_key;
extern const struct sf_table sf_node_table_access;
extern const struct sf_table sf_node_table_erasure;
extern const struct sf_table sf_node_table_hl7;
extern const struct sf_table sf_node_table_named;
extern const struct sf_table sf_node_table_repeat;
extern const struct sf_table sf_node_table_feed;
extern const struct sf_table sf_node_table_channel;
extern const struct sf_table sf_node_table_passage;
extern const struct sf_table sf_node_table_response;
extern const struct sf_table sf_node_table_aside;
extern const struct sf_table sf_node_table_deletion;
extern const struct sf_table sf_node_table_attachment;
extern const struct sf_table sf_node_table_chunk;

/* Indexes beyond the primary key, by position. */
#define SF_NODE_SENDING_OPEN ((size_t)1)       /* (open) in order of sending */
#define SF_NODE_SENDING_BY_MESSAGE ((size_t)2) /* (message_id, position) */
#define SF_NODE_DELIVERY_DUE ((size_t)1)       /* (due) soonest first */
#define SF_NODE_DELIVERY_OPEN ((size_t)2)      /* (open, since_ms) */
#define SF_NODE_DELIVERY_FAILED ((size_t)3)    /* (failed, since_ms) */
#define SF_NODE_INBOX_BY_POSITION ((size_t)1)
#define SF_NODE_INBOX_UNHANDLED ((size_t)2)  /* (unhandled) */
#define SF_NODE_INBOX_BY_MESSAGE ((size_t)3) /* (message_id) */
#define SF_NODE_EVENT_BY_MESSAGE ((size_t)1) /* (message_id, sequence) */
#define SF_NODE_EVENT_BY_AUTHOR ((size_t)2)  /* (author, recorded_ms) */
#define SF_NODE_TRANSITION_BY_UPDATED ((size_t)1)
#define SF_NODE_TRANSITION_OPEN ((size_t)2)        /* (open, id) */
#define SF_NODE_STATEMENT_BY_RECORDED ((size_t)1)  /* (recorded_ms) */
#define SF_NODE_STATEMENT_BY_AGREEMENT ((size_t)2) /* (agreement, recorded_ms) */
#define SF_NODE_OUTBOX_BY_CREATED ((size_t)1)
#define SF_NODE_OUTBOX_BY_TRANSITION ((size_t)2)
#define SF_NODE_PROOF_OPEN ((size_t)1)           /* (open), open > 0 */
#define SF_NODE_PROOF_BY_MESSAGE ((size_t)2)     /* (message_id, epoch, leaf_index) */
#define SF_NODE_NAMED_BY_MESSAGE ((size_t)1)     /* (message_id, name) */
#define SF_NODE_NAMED_VERDICT ((size_t)2)        /* (verdict_ms, name), verdict_ms > 0 */
#define SF_NODE_VOID_BY_TRANSITION ((size_t)1)   /* (transition, epoch, leaf_index) */
#define SF_NODE_ACCESS_BY_TRANSITION ((size_t)1) /* (transition, position) */
#define SF_NODE_PASSAGE_BY_MESSAGE ((size_t)1)   /* (message_id, position) */
#define SF_NODE_HL7_BY_VISIT ((size_t)1)         /* (visit, position) */
#define SF_NODE_HL7_BY_TRANSITION ((size_t)2)
#define SF_NODE_RESPONSE_BY_TRANSITION ((size_t)1) /* (transition, message_id) */
#define SF_NODE_ASIDE_BY_TRANSITION ((size_t)1)    /* (transition, cursor) */
#define SF_NODE_REPEAT_BY_AGE ((size_t)1)          /* (at_ms) */

#define SF_NODE_ATTACHMENT_BY_OBJECT ((size_t)1)
#define SF_NODE_ATTACHMENT_OPEN ((size_t)2)          /* (open) */
#define SF_NODE_ATTACHMENT_UNUSED ((size_t)3)        /* (unused_ms), oldest first */
#define SF_NODE_ATTACHMENT_BY_TRANSITION ((size_t)4) /* (transition, object) */

extern const struct sf_table *const sf_node_tables[];
extern const size_t sf_node_table_count;

#endif
