/*
 * Rows of the listings that a daemon answers with. See local.h. Rows carry ids, codes and the names
 * of organisations, never of persons.
 */
#ifndef SF_WIRE_LOCAL_ROW_H
#define SF_WIRE_LOCAL_ROW_H

#include "core/contact.h"
#include "core/directory.h"
#include "core/indicator.h"
#include "core/message.h"
#include "core/next.h"
#include "core/transition.h"

/* DOMAIN section 8, one per message and recipient. */
/* clang-format off */
#define SF_DELIVERY_LIST(X) \
	X(SF_DELIVERY_QUEUED,          1, "queued") \
	X(SF_DELIVERY_SENT,            2, "sent") \
	X(SF_DELIVERY_STORED,          3, "stored") \
	X(SF_DELIVERY_TAKEN,           4, "taken") \
	X(SF_DELIVERY_OK,              5, "ok") \
	X(SF_DELIVERY_FATAL_ERROR,     6, "fatal-error") \
	X(SF_DELIVERY_TRANSIENT_ERROR, 7, "transient-error") \
	X(SF_DELIVERY_WAITING,         8, "waiting") \
	X(SF_DELIVERY_ASK_PERSON,      9, "ask-person") \
	X(SF_DELIVERY_UNDELIVERABLE,  10, "undeliverable") \
	X(SF_DELIVERY_REFUSED,        11, "refused")

/* What a row of the feed tells. */
#define SF_FEED_LIST(X) \
	X(SF_FEED_STARTED,        1, "started") \
	X(SF_FEED_CONNECTED,      2, "connected") \
	X(SF_FEED_DISCONNECTED,   3, "disconnected") \
	X(SF_FEED_ACCEPTED,       4, "handed-in") \
	X(SF_FEED_SENT,           5, "sent") \
	X(SF_FEED_RECORDED,       6, "recorded") \
	X(SF_FEED_TAKEN,          7, "taken") \
	X(SF_FEED_RECEIVED,       8, "received") \
	X(SF_FEED_ACKNOWLEDGED,   9, "acknowledged") \
	X(SF_FEED_RESENT,        10, "resent") \
	X(SF_FEED_DUPLICATE,     11, "duplicate") \
	X(SF_FEED_QUARANTINED,   12, "quarantined") \
	X(SF_FEED_DROPPED,       13, "dropped") \
	X(SF_FEED_LATE,          14, "late") \
	X(SF_FEED_OFFERED,       15, "offered") \
	X(SF_FEED_MOVED,         16, "moved") \
	X(SF_FEED_HANDLED,       17, "handled") \
	X(SF_FEED_DIRECTORY,     18, "directory") \
	X(SF_FEED_TROUBLE,       19, "trouble") \
	X(SF_FEED_EXPIRED,       20, "expired") \
	X(SF_FEED_ALARM,         21, "alarm") \
	X(SF_FEED_WINDOW,        22, "window") \
	X(SF_FEED_CLOSED,        23, "closed") \
	X(SF_FEED_AGREEMENT,     24, "agreement") \
	X(SF_FEED_ERASED,        25, "erased") \
	X(SF_FEED_CONTRADICTION, 26, "contradiction") \
	X(SF_FEED_REPLAYED,      27, "replayed")      /* a received message, handed out again */ \
	X(SF_FEED_EPOCH,         28, "epoch") \
	X(SF_FEED_ATTACHED,      29, "attached")      /* all attachments of a letter are here */ \
	X(SF_FEED_RESPONSE,      31, "response")      /* an answer that a sender wants brought */ \
	X(SF_FEED_DELETED,       32, "deleted")       /* content of a received message; its row stays */

/* How it stands with an attachment of a letter. */
#define SF_ATTACHMENT_STATE_LIST(X) \
	X(SF_ATTACHMENT_SENDING, 1, "sending") /* of this party; the coordinator has not all */ \
	X(SF_ATTACHMENT_SENT,    2, "sent")    /* of this party; recipients can fetch it */ \
	X(SF_ATTACHMENT_COMING,  3, "coming")  /* received in part: not to be read yet */ \
	X(SF_ATTACHMENT_WHOLE,   4, "whole")   /* here, and what its author signed */ \
	X(SF_ATTACHMENT_BROKEN,  5, "broken")  /* missing: it cannot come, or is not what was signed */

/* Why a row stands on the board. */
#define SF_BOARD_LIST(X) \
	X(SF_BOARD_NEXT,          1, "next")          /* what a transition waits for */ \
	X(SF_BOARD_UNDELIVERABLE, 2, "undeliverable") /* a message that nobody will get by itself */ \
	X(SF_BOARD_SILENT_NODE,   3, "silent-node")   /* a party's node has not been seen */ \
	X(SF_BOARD_SILENT,        4, "silent")        /* nothing happens although something is owed */ \
	X(SF_BOARD_DIFFERENCE,    5, "difference")    /* reconciliation found two views */ \
	X(SF_BOARD_QUARANTINE,    6, "quarantine") \
	X(SF_BOARD_ALARM,         7, "alarm")         /* an escalation that nobody has seen */ \
	X(SF_BOARD_ERASE,         8, "erase")         /* erased elsewhere; this party's copy stands */ \
	X(SF_BOARD_CONTRADICTION, 9, "contradiction") /* of the log: code is enum sf_contradiction */ \
	X(SF_BOARD_NOT_TAKEN,    10, "not-taken")     /* the local system refused a letter; name says why */ \
	X(SF_BOARD_ASIDE,        11, "put-aside")     /* answers that the channel of this name cannot bring */

/* What became of a message that was handed in. */
#define SF_SEND_ANSWER_LIST(X) \
	X(SF_SEND_STORED,    1, "stored") \
	X(SF_SEND_DUPLICATE, 2, "duplicate") \
	X(SF_SEND_FATAL,     3, "fatal")
/* clang-format on */
#define X(symbol, number, text) symbol = (number),
enum sf_delivery_state { SF_DELIVERY_NONE = 0, SF_DELIVERY_LIST(X) };
enum sf_attachment_state { SF_ATTACHMENT_NONE = 0, SF_ATTACHMENT_STATE_LIST(X) };
enum sf_feed_what { SF_FEED_NONE = 0, SF_FEED_LIST(X) };
enum sf_send_answer { SF_SEND_NONE = 0, SF_SEND_ANSWER_LIST(X) };
enum sf_board_what { SF_BOARD_NONE = 0, SF_BOARD_LIST(X) };
#undef X
/* The texts above; "unknown". Never NULL. */
const char *sf_delivery_text(enum sf_delivery_state state);
const char *sf_attachment_text(enum sf_attachment_state state);
const char *sf_feed_text(enum sf_feed_what what);
const char *sf_send_answer_text(enum sf_send_answer answer);
const char *sf_board_text(enum sf_board_what what);

/* One finding in a document (struct sf_issue of port/format.h); never content. */
struct sf_issue_row {
	bool fatal;
	const char *code;
	const char *expression;
	const char *text;
};

struct sf_inbox_row {
	uint64_t cursor; /* grows with every message received */
	struct sf_id message;
	struct sf_id transition;
	struct sf_id author;
	const char *author_name;
	enum sf_role author_role; /* in the directory */
	uint32_t kind;            /* enum sf_kind, or a later version's */
	enum sf_activity activity;
	enum sf_mode mode;
	int64_t occurred_ms;
	int64_t recorded_ms; /* by the coordinator */
	int64_t received_ms; /* stored here */
	bool handled;
	enum sf_ack ack;      /* what this node answered */
	uint32_t code;        /* enum sf_ack_code */
	sf_domain_set offers; /* domains that this party can accept by answering this message */
	const char *content_type;
	uint64_t content_size;
	enum sf_letter_code letter; /* of a letter, else 0 */
	enum sf_mark mark;
	int64_t deleted_ms;   /* its content, the rest stays; 0 not */
	uint32_t attachments; /* that go with it */
	uint32_t
		attachments_here; /* of these, whole and checked; fewer: the answer is still owed */
};

/* Of a letter. */
struct sf_attachment_row {
	uint32_t number; /* from 0 */
	const char *name;
	const char *content_type;
	uint64_t size;
	uint64_t moved; /* bytes that are here, of a letter of this party: that are away */
	enum sf_attachment_state state;
};

struct sf_holder_row {
	enum sf_domain domain;
	struct sf_id party;
	const char *name;
	int64_t since_ms;
};

struct sf_transition_row {
	struct sf_id transition;
	enum sf_transition_state state;
	enum sf_stay_state stay;
	struct sf_id hospital;
	const char *hospital_name;
	struct sf_id municipality; /* none when not bound */
	const char *municipality_name;
	int64_t opened_ms; /* recorded time of first and last event */
	int64_t changed_ms;
	uint64_t sequence;
	uint32_t open_offer_count;
	uint32_t late_count; /* deliveries that are late or failed */
	bool frozen;
	size_t holder_count; /* current holders of active domains */
	const struct sf_holder_row *holders;
	uint32_t overdue_count;  /* obligations whose deadline passed and that are still owed */
	int64_t next_due_ms;     /* earliest deadline of the others; 0: none is owed by a time */
	enum sf_pathway pathway; /* NONE: nobody has said */
};

/* How many transitions are in a state. */
struct sf_total_row {
	enum sf_transition_state state;
	uint64_t count;
};

struct sf_member_row {
	struct sf_id party; /* none when state says so */
	const char *name;
	enum sf_role role; /* in this transition; 0 = a recipient only */
	enum sf_binding_state state;
	uint64_t since_sequence; /* 0 when not a member */
};

struct sf_line_row {
	enum sf_domain domain;
	struct sf_id holder;
	const char *holder_name;
	int64_t from_ms;
	int64_t until_ms; /* SF_LEDGER_OPEN while it stands */
	uint64_t sequence;
	enum sf_basis basis;
	struct sf_id basis_message;
};

struct sf_offer_row {
	struct sf_id message;
	struct sf_id from;
	const char *from_name;
	enum sf_role to_role;
	struct sf_id to; /* none: nobody is bound */
	const char *to_name;
	sf_domain_set domains;
	sf_domain_set remaining; /* can still be accepted */
	enum sf_offer_state state;
	int64_t since_ms;
	uint64_t sequence;
	struct sf_id answered_by;
	int64_t promised_ms; /* answered "later, from then on"; 0 */
};

struct sf_event_row {
	uint64_t sequence;
	struct sf_id message;
	struct sf_id author;
	const char *author_name;
	uint32_t kind;
	enum sf_kind_class kind_class;
	enum sf_activity activity; /* of a stay fact, else 0 */
	enum sf_mode mode;
	sf_domain_set domains; /* of an offer or an answer, else 0 */
	/* Code of a letter, an answer to a plan, an assessment, a dispute, a close or a link;
	 * action of an obligation or a window; version of a plan; role of a question, a call or a
	 * refusal; clause of what was derived. Else 0. */
	uint32_t detail;
	enum sf_duty duty; /* of an obligation, where it says so */
	/* Also what an obligation, its deadline or an acknowledgement is about. */
	struct sf_id in_reply_to;
	enum sf_ack ack; /* of an acknowledgement, else 0 */
	enum sf_outcome outcome;
	uint32_t code; /* enum sf_refusal, or enum sf_ack_code of an acknowledgement */
	int64_t occurred_ms;
	int64_t recorded_ms;
};

struct sf_obligation_row {
	struct sf_id subject;
	uint32_t clause;      /* number in the pathway; 0 none */
	const char *name;     /* of the clause, "" */
	const char *citation; /* of the clause, "" */
	enum sf_duty duty;
	enum sf_task_state state; /* as shown: expired over what is open */
	enum sf_task_state kept;  /* the state below it */
	enum sf_role owner_role;
	struct sf_id owner;
	const char *owner_name;
	struct sf_id requester;
	const char *requester_name;
	int64_t due_ms; /* SF_NEVER_MS: none */
	bool undecided;
	int64_t raised_ms;
	int64_t since_ms;
	int64_t expired_ms; /* 0: not */
	uint32_t level;     /* rungs climbed */
	bool alarm_seen;
	enum sf_role treatment, payer;
	enum sf_role refer_to_role;
	struct sf_id refer_to_party;
	bool open;
	struct sf_id transition;
	int64_t ended_ms;   /* 0 while it is open */
	int64_t changed_ms; /* the last of these times */
};

struct sf_window_row {
	struct sf_id subject;
	uint32_t clause;
	const char *name;
	const char *citation;
	enum sf_domain domain;
	struct sf_id holder;
	const char *holder_name;
	enum sf_role then;
	int64_t from_ms, until_ms;
	enum sf_window_state state;
};

struct sf_deviation_row {
	uint32_t code; /* enum sf_refusal */
	uint64_t sequence;
	struct sf_id message;
	int64_t recorded_ms;
};

/* Whom to call now about a domain: from the newest letter that says so, else the directory. */
/* Who says that this is whom to call. */
enum sf_contact_source {
	SF_CONTACT_OF_SUPPORT = 1, /* the party's support contact, a free sentence */
	SF_CONTACT_OF_HOURS,       /* the duty desk that the directory says is answered now */
	SF_CONTACT_OF_LETTER,      /* the party's newest letter about this very patient */
};

struct sf_contact_row {
	enum sf_domain domain; /* SF_DOMAIN_COUNT: holds nothing, and has said whom to call */
	struct sf_id party;
	const char *party_name;
	const char *name;      /* of the contact, "" at the coordinator */
	const char *telephone; /* or support contact of the directory */
	int64_t until_ms;      /* 0 not said */
	uint32_t source;       /* enum sf_contact_source; 0 of an older daemon */
	const char *next_name; /* by the hours, from until_ms on; "" nobody, or not known */
	const char *next_telephone;
};

/* struct sf_course as people see it; times 0 when not said. */
struct sf_course_row {
	struct sf_id plan;
	uint32_t plan_version;
	int64_t ready_from_ms, ready_until_ms;
	enum sf_confidence ready_confidence;
	int64_t discharge_from_ms, discharge_until_ms;
	enum sf_confidence discharge_confidence;
	enum sf_plan_answer_code answer;
	int64_t answer_ready_from_ms;
	enum sf_cannot reason;
	enum sf_role refer_to_role;
	struct sf_id refer_to_party;
	const char *refer_to_name;
	bool no_case;
	int64_t ready_ms;
	int64_t hospital_agrees_ms, municipality_agrees_ms;
	int64_t intent_ms;
	enum sf_assessment_code assessment;
	int64_t arrived_ms;
	uint32_t dispute_count;
	bool silent;
	enum sf_close_code close_code;
	enum sf_link_kind link;
	struct sf_id linked;
};

/* One line of a board, and the Next line of a transition. */
struct sf_board_row {
	enum sf_board_what what;
	struct sf_id transition; /* none for nodes */
	enum sf_transition_state state;
	enum sf_next_what next;
	enum sf_role role;
	struct sf_id party; /* who must */
	const char *party_name;
	struct sf_id peer; /* who waits, whom it concerns; none */
	const char *peer_name;
	enum sf_duty duty;
	const char *name; /* of the clause, of a channel; MedCom's code of what was not taken; "" */
	const char *citation; /* "" */
	struct sf_id subject;
	uint32_t clause;
	sf_domain_set domains;
	int64_t before_ms; /* SF_NEVER_MS: as soon as possible */
	bool overdue;
	uint32_t level;      /* rungs climbed */
	uint32_t code;       /* of a delivery, a deviation; 0 */
	int64_t promised_ms; /* of an offer: answered "later, from then on"; 0 */
	uint32_t count;      /* of what was put aside; 0 */
};

struct sf_measure_row {
	uint32_t indicator; /* enum sf_indicator */
	int64_t cases, count, total;
};

struct sf_transition_measure_row {
	struct sf_id transition;
	int64_t period_ms;
	struct sf_id hospital;
	const char *hospital_name;
	struct sf_id municipality;
	const char *municipality_name;
	enum sf_pathway pathway;
	size_t measure_count; /* those that are not empty */
	const struct sf_measure_row *measures;
};

struct sf_agreement_row {
	struct sf_digest digest;
	const char *name;
	uint32_t version;
	struct sf_id proposer; /* none: from the coordinator's configuration */
	const char *proposer_name;
	bool accepted_here; /* node: by this party */
	uint32_t accepted_count;
};

struct sf_acceptance_row {
	struct sf_id party;
	const char *party_name;
	int64_t from_ms, until_ms; /* INT64_MAX while it stands */
};

/* One deadline that would have been another. SF_NEVER_MS: none. */
struct sf_simulated_row {
	struct sf_id transition;
	struct sf_id subject;
	const char *name; /* of the clause */
	enum sf_role owner;
	int64_t due_before_ms, due_after_ms;
	bool missed_before, missed_after;
};

struct sf_delivery_row {
	uint64_t cursor; /* in the outbox; 0 at the coordinator */
	struct sf_id message;
	struct sf_id transition;
	uint32_t kind;
	enum sf_activity activity;
	struct sf_id recipient;
	const char *recipient_name;
	enum sf_delivery_state state;
	enum sf_ack ack;
	uint32_t code; /* enum sf_ack_code, or enum sf_refusal when refused */
	uint32_t attempts;
	int64_t queued_ms;
	int64_t since_ms; /* in this state */
	bool late;
	const char *reason; /* a code word why it waits, or "" */
};

struct sf_quarantine_row {
	uint64_t cursor;
	struct sf_id message; /* none when it could not be read */
	struct sf_id transition;
	struct sf_id author;
	const char *author_name;
	struct sf_digest digest; /* of the envelope */
	uint32_t code;           /* enum sf_ack_code */
	int64_t received_ms;
	uint64_t size;
};

/* A duty desk of a party: struct sf_contact of core/contact.h, as it stands in the entry. */
struct sf_desk_row {
	const char *telephone;
	const char *what;
	enum sf_contact_days days;
	uint32_t from_minute, until_minute;
	bool now; /* the one to call now */
};

/* The newest valid key of a use. */
struct sf_party_key_row {
	enum sf_key_use use;
	int64_t since_ms, until_ms; /* from when and until when it is valid */
};

struct sf_directory_row {
	struct sf_id party;
	const char *name;
	enum sf_role role;
	const char *sor;
	const char *gln;
	struct sf_id represented_by;
	const char *support;
	uint64_t version; /* of the party's entry */
	uint32_t key_count;
	struct sf_id identity_key; /* newest valid one, or none */
	bool has_node;
	int64_t heard_ms; /* recorded, of the newest event of it that this node has; 0 none */
	size_t desk_count;
	const struct sf_desk_row *desks;
	int64_t desks_until_ms; /* when it is another desk's turn; SF_NEVER_MS: never, not known */
	size_t key_row_count;
	const struct sf_party_key_row *keys;
	/* The rest is known at the coordinator only. */
	bool connected;
	int64_t seen_ms;        /* its node was last heard of, to the hour; 0 never, or not known */
	const char *software;   /* what its node said it runs; "" */
	uint32_t waiting_count; /* messages that its node has not taken, of the oldest in all */
	int64_t waiting_since_ms; /* the oldest of them was sent */
};

/* An API token, without what opens anything. */
struct sf_token_row {
	const char *name;
	uint32_t roles; /* sf_api_roles */
	int64_t created_ms;
	int64_t revoked_ms; /* 0: valid */
	int64_t used_ms;    /* begin of the day (UTC) on which it was last used; 0: never */
};

struct sf_counter_row {
	const char *name;
	uint64_t value;
};

struct sf_feed_row {
	uint64_t cursor;
	int64_t at_ms;
	enum sf_feed_what what;
	struct sf_id message;
	struct sf_id transition;
	struct sf_id party; /* who did it */
	const char *party_name;
	struct sf_id peer; /* to whom, from whom */
	const char *peer_name;
	uint32_t kind;
	enum sf_activity activity;
	enum sf_mode mode;
	sf_domain_set domains;
	enum sf_outcome outcome;
	enum sf_ack ack;
	uint32_t code;
	uint32_t attempts;
};

#endif
