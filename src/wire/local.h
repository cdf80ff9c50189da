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
#include "wire/local_log.h"
#include "wire/local_request.h"
#include "wire/local_row.h"

/* clang-format off */
#define SF_REPLY_LIST(X) \
	X(SF_REPLY_SENT,            10, sent) \
	X(SF_REPLY_SAID,            11, said) \
	X(SF_REPLY_INBOX,           12, inbox) \
	X(SF_REPLY_MESSAGE,         13, message) \
	X(SF_REPLY_ACKNOWLEDGEMENT, 14, acknowledgement) \
	X(SF_REPLY_TRANSITIONS,     15, transitions) \
	X(SF_REPLY_TRANSITION,      16, transition) \
	X(SF_REPLY_OUTBOX,          17, outbox) \
	X(SF_REPLY_QUARANTINE,      18, quarantine) \
	X(SF_REPLY_DIRECTORY,       19, directory) \
	X(SF_REPLY_APPROVED,        20, approved) \
	X(SF_REPLY_STATUS,          21, status) \
	X(SF_REPLY_FEED,            22, feed) \
	X(SF_REPLY_BOARD,           23, board) \
	X(SF_REPLY_MEASURES,        24, measures) \
	X(SF_REPLY_AGREEMENTS,      25, agreements) \
	X(SF_REPLY_AGREEMENT,       26, agreement) \
	X(SF_REPLY_SIMULATED,       27, simulated) \
	X(SF_REPLY_LOG,             28, log) \
	X(SF_REPLY_PROOF,           29, proof) \
	X(SF_REPLY_EVIDENCE,        30, evidence) \
	X(SF_REPLY_ERASED,          31, erased) \
	X(SF_REPLY_ACCESS_LOG,      32, access_log) \
	X(SF_REPLY_TOKENS,          33, tokens) \
	X(SF_REPLY_TOKEN_CREATED,   34, token_created) \
	X(SF_REPLY_CHANNELS,        36, channels) \
	X(SF_REPLY_HOOK_ADDED,      38, hook_added) \
	X(SF_REPLY_HANDOUT,         40, handout) \
	X(SF_REPLY_TRACE,           41, trace) \
	X(SF_REPLY_REPLAYED,        42, replayed) \
	X(SF_REPLY_OBLIGATIONS,     44, obligations) \
	X(SF_REPLY_EPOCH,           51, epoch) \
	X(SF_REPLY_UPLOAD,          52, upload) \
	X(SF_REPLY_ATTACHMENT,      55, attachment) \
	X(SF_REPLY_PATIENT,         71, patient) \
	X(SF_REPLY_USERS,          57, users) \
	X(SF_REPLY_USER_LINKED,    61, user_linked) \
	X(SF_REPLY_SESSION,        63, session) \
	X(SF_REPLY_STAY,           91, stay) \
	X(SF_REPLY_PASSWORD,       99, password) \
	X(SF_REPLY_ENDED,         100, ended) \
	X(SF_REPLY_ASIDE,         101, aside)
/* clang-format on */
#define X(symbol, number, member) symbol = (number),
/* SF_REPLY_DONE: nothing but err and text. */
enum sf_reply_kind { SF_REPLY_DONE = 0, SF_REPLY_LIST(X) };
#undef X

struct sf_reply_patient {
	struct sf_id transition;
	const char *name; /* "": no letter here says so */
	const char *cpr;  /* ten digits, or the six of the birthday; "" as well */
};

/* err of the reply stays SF_OK with SF_SEND_FATAL: the document was read and judged. */
struct sf_reply_sent {
	enum sf_send_answer answer;
	struct sf_id message;    /* none with SF_SEND_FATAL when there is no MessageHeader.id */
	struct sf_id transition; /* none with SF_SEND_FATAL */
	size_t issue_count;
	const struct sf_issue_row *issues;
	/* A MedCom acknowledgement for the sender: with FATAL this node's, with DUPLICATE the
	 * stored one when the recipient's is in hand; else empty. Of an HL7 message the HL7 one,
	 * always the same bytes; empty where MSH-15 wants none. */
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
	size_t attachment_count;
	const struct sf_attachment_row *attachments;
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
	/* after of the next page, also when this one ended early (audit/choice.h); none: no more */
	struct sf_id next;
	size_t total_count;
	const struct sf_total_row *totals; /* of all transitions here, when they were wanted */
	bool totals_whole;                 /* false: there are more than were counted */
};

struct sf_reply_transition {
	struct sf_transition_row row;
	enum sf_stay_class stay_class;
	int64_t stay_since_ms;
	int64_t admitted_ms;
	int64_t discharged_ms;
	bool report_requested;
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
	struct sf_course_row course;
	size_t obligation_count;
	const struct sf_obligation_row *obligations; /* open first, then ended; each oldest first */
	size_t window_count;
	const struct sf_window_row *windows;
	size_t deviation_count;
	const struct sf_deviation_row *deviations;
	size_t contact_count;
	const struct sf_contact_row *contacts;
	struct sf_board_row next;
	const char *agreement_name; /* "" without one */
	uint32_t agreement_version;
	int64_t as_of_ms;        /* the time it is told for */
	uint64_t known_sequence; /* with known_by: last event that party had; else sequence */
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
	int64_t as_of_ms; /* whom to call, and what is connected, is as it is then */
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

struct sf_reply_board {
	int64_t now_ms;
	size_t row_count;
	const struct sf_board_row *rows;
};

struct sf_reply_measures {
	struct sf_id last; /* cursor for the next page; none: there is no more */
	size_t row_count;
	const struct sf_transition_measure_row *rows;
};

struct sf_reply_obligations {
	struct sf_id last; /* cursor of the next page; none: there is no more */
	uint32_t last_number;
	size_t row_count;
	const struct sf_obligation_row *rows;
};

struct sf_reply_agreements {
	size_t row_count;
	const struct sf_agreement_row *rows;
};

struct sf_reply_agreement {
	struct sf_agreement_row row;
	struct sf_view signed_form;
	size_t acceptance_count;
	const struct sf_acceptance_row *acceptances;
};

struct sf_reply_simulated {
	struct sf_id last;         /* as in measures */
	uint32_t transition_count; /* looked at in this page */
	size_t row_count;
	const struct sf_simulated_row *rows;
};

struct sf_reply_tokens {
	size_t row_count;
	const struct sf_token_row *rows; /* by name */
};

/* The secret is kept nowhere: who loses it makes another. */
struct sf_reply_token_created {
	const char *name;
	const char *secret; /* "stafet_" and 43 characters of base64url */
	uint32_t roles;
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
		struct sf_reply_board board;
		struct sf_reply_measures measures;
		struct sf_reply_agreements agreements;
		struct sf_reply_agreement agreement;
		struct sf_reply_simulated simulated;
		struct sf_reply_log log;
		struct sf_reply_proof proof;
		struct sf_reply_evidence evidence;
		struct sf_reply_erased erased;
		struct sf_reply_access_log access_log;
		struct sf_reply_tokens tokens;
		struct sf_reply_token_created token_created;
		struct sf_reply_obligations obligations;
		struct sf_reply_channels channels;
		struct sf_reply_hook_added hook_added;
		struct sf_reply_handout handout;
		struct sf_reply_trace trace;
		struct sf_reply_replayed replayed;
		struct sf_reply_epoch epoch;
		struct sf_reply_patient patient;
		struct sf_reply_stay stay;
		struct sf_reply_users users;
		struct sf_reply_user_linked user_linked;
		struct sf_reply_session session;
		struct sf_reply_password password;
		struct sf_reply_ended ended;
		struct sf_reply_aside aside;
		struct sf_reply_upload upload;
		struct sf_reply_attachment attachment;
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
