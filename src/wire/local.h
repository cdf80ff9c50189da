/*
 * The local protocol (proto/local.proto): what programs on the same machine ask of a daemon and
 * what it answers. The command line, libstafet and other faces make struct sf_request, an engine
 * service takes it and makes struct sf_reply; nobody else knows the bytes.
 *
 * On the AF_UNIX socket each request and each reply is a big-endian u32 size, then that many bytes
 * (at most SF_LOCAL_SIZE_MAX). One request of a connection is answered before its next is read.
 *
 * Texts are UTF-8, never NULL in what was decoded, "" when there is nothing to say. Ids are all
 * zero when there is none. A party reference is a text: 32 hexadecimal digits or a UUID (party id),
 * a SOR code, a GLN, or the name exactly as the directory has it.
 *
 * Personal data stands in struct sf_reply_message alone, which only a node gives.
 */
#ifndef SF_WIRE_LOCAL_H
#define SF_WIRE_LOCAL_H

#include "base/arena.h"
#include "core/message.h"
#include "core/transition.h"

/* Rows of one listing, when the asker does not say or asks for more. */
#define SF_LOCAL_ROWS_MAX 1000
/* A long poll is answered after this long at the latest. */
#define SF_LOCAL_WAIT_MS_MAX 60000

/* clang-format off */
#define SF_REQUEST_LIST(X) \
	X(SF_REQUEST_SEND,             1, send) \
	X(SF_REQUEST_INBOX,            2, inbox) \
	X(SF_REQUEST_MESSAGE,          3, message) \
	X(SF_REQUEST_HANDLED,          4, handled) \
	X(SF_REQUEST_ACKNOWLEDGEMENT,  5, acknowledgement) \
	X(SF_REQUEST_ACCEPT,           6, accept) \
	X(SF_REQUEST_REFUSE,           7, refuse) \
	X(SF_REQUEST_OFFER,            8, offer) \
	X(SF_REQUEST_WITHDRAW,         9, withdraw) \
	X(SF_REQUEST_TRANSITIONS,     10, transitions) \
	X(SF_REQUEST_TRANSITION,      11, transition) \
	X(SF_REQUEST_OUTBOX,          12, outbox) \
	X(SF_REQUEST_RESEND,          13, resend) \
	X(SF_REQUEST_QUARANTINE,      14, quarantine) \
	X(SF_REQUEST_DIRECTORY,       15, directory) \
	X(SF_REQUEST_APPROVE,         16, approve) \
	X(SF_REQUEST_STATUS,          17, status) \
	X(SF_REQUEST_FEED,            18, feed)
/* clang-format on */
#define X(symbol, number, member) symbol = (number),
enum sf_request_kind { SF_REQUEST_NONE = 0, SF_REQUEST_LIST(X) };
#undef X
/* "send", "inbox" ...; "unknown". Never NULL. */
const char *sf_request_text(enum sf_request_kind kind);

/* Hands over a clinical message. Answered with SF_REPLY_SENT once it is durable. */
struct sf_request_send {
	const char *content_type;
	struct sf_view content;   /* the original bytes */
	const char *gp;           /* party reference of the patient's GP, or "" */
	const char *municipality; /* party reference instead of the document's receiver, or "" */
};

/* Messages received, oldest first. */
struct sf_request_inbox {
	uint64_t after; /* cursor of the last row seen, 0 from the start */
	uint32_t count_max;
	bool only_unhandled;
	struct sf_id transition; /* only of this one; none: of all */
	uint32_t wait_ms;        /* when there is nothing, wait so long for something */
};

/* One message with its content, received or sent: SF_REPLY_MESSAGE. */
struct sf_request_message {
	struct sf_id message;
};

/* The local system has taken the message over ("acknowledge" of libstafet): SF_REPLY_DONE. */
struct sf_request_handled {
	struct sf_id message;
};

/* The acknowledgement of a message sent, of one recipient or of the first one that answered. */
struct sf_request_acknowledgement {
	struct sf_id message;
	const char *recipient; /* party reference or "" */
};

/* Answers an open offer: SF_REPLY_SAID. */
struct sf_request_accept {
	struct sf_id id;       /* of the offer's message, or of a transition with one open offer */
	sf_domain_set domains; /* 0 = all that are offered */
	bool by_person;
};

struct sf_request_refuse {
	struct sf_id id;            /* as in accept */
	enum sf_role refer_to_role; /* a direction is a duty (R4) */
	const char *refer_to_party; /* party reference or "" */
	bool not_ours;
};

/* Offers domains that this party holds: SF_REPLY_SAID. */
struct sf_request_offer {
	struct sf_id transition;
	sf_domain_set domains;
	enum sf_role to;
};

/* Takes back an own offer, or asks back an own acceptance: SF_REPLY_SAID. */
struct sf_request_withdraw {
	struct sf_id message;
	sf_domain_set domains; /* 0 = all */
};

/* Transitions, newest event first. */
struct sf_request_transitions {
	struct sf_id after; /* last of the page before, none from the start */
	uint32_t count_max;
	bool only_open;
};

struct sf_request_transition {
	struct sf_id transition; /* or a message id of it */
};

/* One row per message and recipient, oldest first. */
struct sf_request_outbox {
	uint64_t after;
	uint32_t count_max;
	bool only_open;          /* not answered finally */
	struct sf_id message;    /* only this one; none: all */
	struct sf_id transition; /* only of this one; none: of all */
};

/* By hand, after a transient-error or when attempts are used up: SF_REPLY_DONE. */
struct sf_request_resend {
	struct sf_id message;
};

struct sf_request_quarantine {
	uint64_t after;
	uint32_t count_max;
};

struct sf_request_directory {
	const char *party; /* party reference, or "" for all */
};

/* Coordinator: records a SignedRecord (proto/directory.proto): SF_REPLY_APPROVED. */
struct sf_request_approve {
	struct sf_view record;
};

struct sf_request_status {
	bool counters; /* with struct sf_reply_status.counters */
};

/* What happens at this daemon, for people who watch and for tests. */
struct sf_request_feed {
	uint64_t after;
	uint32_t count_max;
	uint32_t wait_ms;
};

struct sf_request {
	enum sf_request_kind kind;
	union {
		struct sf_request_send send;
		struct sf_request_inbox inbox;
		struct sf_request_message message;
		struct sf_request_handled handled;
		struct sf_request_acknowledgement acknowledgement;
		struct sf_request_accept accept;
		struct sf_request_refuse refuse;
		struct sf_request_offer offer;
		struct sf_request_withdraw withdraw;
		struct sf_request_transitions transitions;
		struct sf_request_transition transition;
		struct sf_request_outbox outbox;
		struct sf_request_resend resend;
		struct sf_request_quarantine quarantine;
		struct sf_request_directory directory;
		struct sf_request_approve approve;
		struct sf_request_status status;
		struct sf_request_feed feed;
	};
};

/* --- Rows ------------------------------------------------------------------------------------ */

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
	X(SF_FEED_TROUBLE,       19, "trouble")

/* What became of a message that was handed in. */
#define SF_SEND_ANSWER_LIST(X) \
	X(SF_SEND_STORED,    1, "stored") \
	X(SF_SEND_DUPLICATE, 2, "duplicate") \
	X(SF_SEND_FATAL,     3, "fatal")
/* clang-format on */
#define X(symbol, number, text) symbol = (number),
enum sf_delivery_state { SF_DELIVERY_NONE = 0, SF_DELIVERY_LIST(X) };
enum sf_feed_what { SF_FEED_NONE = 0, SF_FEED_LIST(X) };
enum sf_send_answer { SF_SEND_NONE = 0, SF_SEND_ANSWER_LIST(X) };
#undef X
/* The texts above; "unknown". Never NULL. */
const char *sf_delivery_text(enum sf_delivery_state state);
const char *sf_feed_text(enum sf_feed_what what);
const char *sf_send_answer_text(enum sf_send_answer answer);

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
	struct sf_id in_reply_to;
	enum sf_ack ack; /* of an acknowledgement, else 0 */
	enum sf_outcome outcome;
	uint32_t code; /* enum sf_refusal, or enum sf_ack_code of an acknowledgement */
	int64_t occurred_ms;
	int64_t recorded_ms;
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
	bool connected; /* known at the coordinator only */
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

/* --- Replies --------------------------------------------------------------------------------- */

/* clang-format off */
#define SF_REPLY_LIST(X) \
	X(SF_REPLY_SENT,             10, sent) \
	X(SF_REPLY_SAID,             11, said) \
	X(SF_REPLY_INBOX,            12, inbox) \
	X(SF_REPLY_MESSAGE,          13, message) \
	X(SF_REPLY_ACKNOWLEDGEMENT,  14, acknowledgement) \
	X(SF_REPLY_TRANSITIONS,      15, transitions) \
	X(SF_REPLY_TRANSITION,       16, transition) \
	X(SF_REPLY_OUTBOX,           17, outbox) \
	X(SF_REPLY_QUARANTINE,       18, quarantine) \
	X(SF_REPLY_DIRECTORY,        19, directory) \
	X(SF_REPLY_APPROVED,         20, approved) \
	X(SF_REPLY_STATUS,           21, status) \
	X(SF_REPLY_FEED,             22, feed)
/* clang-format on */
#define X(symbol, number, member) symbol = (number),
/* SF_REPLY_DONE: nothing but err and text. */
enum sf_reply_kind { SF_REPLY_DONE = 0, SF_REPLY_LIST(X) };
#undef X

/* err of the reply stays SF_OK with SF_SEND_FATAL: the document was read and judged. */
struct sf_reply_sent {
	enum sf_send_answer answer;
	struct sf_id message;    /* none with SF_SEND_FATAL when there is no MessageHeader.id */
	struct sf_id transition; /* none with SF_SEND_FATAL */
	size_t issue_count;
	const struct sf_issue_row *issues;
	/* A MedCom acknowledgement for the sender: with FATAL this node's, with DUPLICATE the
	 * stored one when the recipient's is in hand; else empty. */
	struct sf_view acknowledgement;
	const char *acknowledgement_type; /* content type */
};

/* An answer or offer of this party, durable here and on its way. */
struct sf_reply_said {
	struct sf_id message;
	struct sf_id transition;
	sf_domain_set domains;
};

struct sf_reply_inbox {
	size_t row_count;
	const struct sf_inbox_row *rows;
};

/* Personal data: for people and systems of this party alone. */
struct sf_reply_message {
	struct sf_inbox_row row;
	struct sf_view content; /* the original bytes */
	const char *cpr;
	const char *patient_name;
	const char *contact_name; /* whom to call */
	const char *contact_telephone;
	int64_t contact_until_ms; /* 0 when not said */
};

struct sf_reply_acknowledgement {
	struct sf_id recipient;
	const char *recipient_name;
	enum sf_ack ack; /* 0: not acknowledged yet, then content is empty */
	uint32_t code;
	int64_t recorded_ms;
	struct sf_view content; /* a MedCom Acknowledgement */
	const char *content_type;
};

struct sf_reply_transitions {
	size_t row_count;
	const struct sf_transition_row *rows;
};

struct sf_reply_transition {
	struct sf_transition_row row;
	enum sf_stay_class stay_class;
	int64_t stay_since_ms;
	int64_t admitted_ms;
	int64_t discharged_ms;
	bool report_requested;
	enum sf_pathway pathway;
	uint32_t parties_version;
	sf_domain_set active;
	struct sf_digest agreement;
	struct sf_digest head; /* of the transition's events */
	size_t member_count;
	const struct sf_member_row *members;
	size_t line_count;
	const struct sf_line_row *lines; /* the whole ledger, oldest first */
	size_t offer_count;
	const struct sf_offer_row *offers; /* open and closed, oldest first */
	size_t event_count;
	const struct sf_event_row *events;
	size_t delivery_count;
	const struct sf_delivery_row *deliveries; /* as far as this daemon knows them */
};

struct sf_reply_outbox {
	size_t row_count;
	const struct sf_delivery_row *rows;
};

struct sf_reply_quarantine {
	size_t row_count;
	const struct sf_quarantine_row *rows;
};

struct sf_reply_directory {
	uint64_t version;
	struct sf_digest head;
	size_t row_count;
	const struct sf_directory_row *rows;
};

struct sf_reply_approved {
	struct sf_id party;
	const char *name;
	uint64_t version; /* of the directory, with this entry */
};

struct sf_reply_status {
	const char *program; /* "node" or "coordinator" */
	const char *software;
	struct sf_id party;
	const char *name;
	enum sf_role role;
	bool connected;        /* node: to its coordinator */
	const char *link;      /* a code word: "connected", "connecting", "refused" ... */
	int64_t link_since_ms; /* 0 when never connected */
	struct sf_id peer;     /* node: the coordinator's party */
	uint32_t peer_count;   /* coordinator: nodes connected */
	const char *origin;    /* name of the log */
	uint32_t epoch;
	uint64_t log_size;
	uint64_t directory_version;
	struct sf_digest directory_head;
	int64_t now_ms;
	int64_t started_ms;
	size_t counter_count;
	const struct sf_counter_row *counters; /* sizes of queues and what was counted */
};

struct sf_reply_feed {
	uint64_t cursor; /* of the newest row there is, also when rows are empty */
	size_t row_count;
	const struct sf_feed_row *rows;
};

struct sf_reply {
	enum sf_err err;  /* why nothing was done; then kind is SF_REPLY_DONE */
	uint32_t refusal; /* enum sf_refusal with SF_ERR_REFUSED, else 0 */
	const char *text; /* one sentence for people, "" when err is SF_OK; may be NULL then */
	enum sf_reply_kind kind;
	union {
		struct sf_reply_sent sent;
		struct sf_reply_said said;
		struct sf_reply_inbox inbox;
		struct sf_reply_message message;
		struct sf_reply_acknowledgement acknowledgement;
		struct sf_reply_transitions transitions;
		struct sf_reply_transition transition;
		struct sf_reply_outbox outbox;
		struct sf_reply_quarantine quarantine;
		struct sf_reply_directory directory;
		struct sf_reply_approved approved;
		struct sf_reply_status status;
		struct sf_reply_feed feed;
	};
};

/*
 * Bytes of one request or reply, without the size before it. What was decoded lives in arena, views
 * and texts too. SF_ERR_FORMAT, SF_ERR_LIMIT (arena or SF_LOCAL_SIZE_MAX); a request with a kind or
 * a field that this version does not know is SF_ERR_UNSUPPORTED: it would not do what was asked.
 * In what is encoded a NULL text counts as "".
 */
SF_MUST_USE enum sf_err sf_local_request_decode(struct sf_view bytes, struct sf_arena *arena,
	struct sf_request *ret_request, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_local_request_encode(
	const struct sf_request *request, struct sf_buf *buf);
SF_MUST_USE enum sf_err sf_local_reply_decode(struct sf_view bytes, struct sf_arena *arena,
	struct sf_reply *ret_reply, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_local_reply_encode(const struct sf_reply *reply, struct sf_buf *buf);

/*
 * True when the asker would rather wait than have this reply: nothing is there yet, and it said for
 * how long (at most SF_LOCAL_WAIT_MS_MAX) it waits. Who serves asks again after the next turn.
 */
bool sf_local_request_waits(
	const struct sf_request *request, const struct sf_reply *reply, uint32_t *ret_wait_ms);

#endif
