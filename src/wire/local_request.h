/*
 * What a local program asks of a daemon: the requests of the local protocol. See local.h.
 */
#ifndef SF_WIRE_LOCAL_REQUEST_H
#define SF_WIRE_LOCAL_REQUEST_H

#include "core/message.h"
#include "wire/api_role.h"
#include "wire/local_attachment.h"
#include "wire/local_channel.h"
#include "wire/local_people.h"
#include "wire/local_stay.h"

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
	X(SF_REQUEST_FEED,            18, feed) \
	X(SF_REQUEST_SAY,             19, say) \
	X(SF_REQUEST_BIND,            20, bind) \
	X(SF_REQUEST_BOARD,           21, board) \
	X(SF_REQUEST_MEASURES,        22, measures) \
	X(SF_REQUEST_PROPOSE,         23, propose) \
	X(SF_REQUEST_AGREEMENTS,      24, agreements) \
	X(SF_REQUEST_AGREEMENT,       25, agreement) \
	X(SF_REQUEST_SIGN_AGREEMENT,  26, sign_agreement) \
	X(SF_REQUEST_SIMULATE,        27, simulate) \
	X(SF_REQUEST_LOG,             28, log) \
	X(SF_REQUEST_PROOF,           29, proof) \
	X(SF_REQUEST_EVIDENCE,        30, evidence) \
	X(SF_REQUEST_ERASE,           31, erase) \
	X(SF_REQUEST_ACCESS_LOG,      32, access_log) \
	X(SF_REQUEST_TOKENS,          33, tokens) \
	X(SF_REQUEST_TOKEN_CREATE,    34, token_create) \
	X(SF_REQUEST_TOKEN_REVOKE,    35, token_revoke) \
	X(SF_REQUEST_CHANNELS,        36, channels) \
	X(SF_REQUEST_CHANNEL_PAUSE,   37, channel_pause) \
	X(SF_REQUEST_HOOK_ADD,        38, hook_add) \
	X(SF_REQUEST_HOOK_REMOVE,     39, hook_remove) \
	X(SF_REQUEST_HANDOUT,         40, handout) \
	X(SF_REQUEST_TRACE,           41, trace) \
	X(SF_REQUEST_REPLAY,          42, replay) \
	X(SF_REQUEST_OBLIGATIONS,     44, obligations) \
	X(SF_REQUEST_EPOCH,           51, epoch) \
	X(SF_REQUEST_UPLOAD,          52, upload) \
	X(SF_REQUEST_UPLOAD_PART,     53, upload_part) \
	X(SF_REQUEST_UPLOAD_DROP,     54, upload_drop) \
	X(SF_REQUEST_ATTACHMENT,      55, attachment) \
	X(SF_REQUEST_PATIENT,         71, patient) \
	X(SF_REQUEST_FIND,           111, find) \
	X(SF_REQUEST_USERS,          57, users) \
	X(SF_REQUEST_USER_CREATE,    58, user_create) \
	X(SF_REQUEST_USER_PASSWORD,  59, user_password) \
	X(SF_REQUEST_USER_REVOKE,    60, user_revoke) \
	X(SF_REQUEST_USER_LINK,      61, user_link) \
	X(SF_REQUEST_SIGN_IN,        62, sign_in) \
	X(SF_REQUEST_SESSION,        63, session) \
	X(SF_REQUEST_NOTIFY,         90, notify) \
	X(SF_REQUEST_STAY,           91, stay) \
	X(SF_REQUEST_ENDED,         100, ended) \
	X(SF_REQUEST_ASIDE,          99, aside) \
	X(SF_REQUEST_ASIDE_AGAIN,   101, aside_again)
/* clang-format on */
#define X(symbol, number, member) symbol = (number),
enum sf_request_kind { SF_REQUEST_NONE = 0, SF_REQUEST_LIST(X) };
#undef X
/* "send", "inbox" ...; "unknown". Never NULL. */
const char *sf_request_text(enum sf_request_kind kind);

/* Hands over a clinical message. Answered with SF_REPLY_SENT once it is durable. */
struct sf_request_send {
	const char *content_type;
	struct sf_view content; /* the original bytes */
	const char *gp;         /* party reference of the patient's GP, "unknown", or "" */
	/*
	 * Party reference instead of the document's receiver, or "". "unknown" and "not-enrolled":
	 * nobody gets the letter, and the stay is recorded; later letters of it need not say so.
	 */
	const char *municipality;
	/*
	 * Where the recipient's MedCom Acknowledgement is posted when it is in hand, or "". Only
	 * what begins with the URL of a hook for responses is taken. FHIR alone.
	 */
	const char *response_url;
	struct sf_view attachments; /* ids of whole uploads, 16 bytes each */
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
	const char *recipient;    /* party reference or "" */
	const char *content_type; /* application/fhir+json or +xml; "": as the letter */
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

/*
 * Transitions, newest event first. Of those that the other fields choose a page may have fewer than
 * are wanted: its next says where to go on.
 */
struct sf_request_transitions {
	struct sf_id after; /* next of the page before, or its last; none from the start */
	uint32_t count_max;
	bool only_open;
	int64_t since_ms;               /* only with an event of then or later; 0: all */
	enum sf_transition_state state; /* EMPTY: any */
	const char *hospital;           /* party reference, or "" for any */
	const char *municipality;
	enum sf_pathway pathway; /* NONE: any */
	bool totals;             /* count all that there are by state, whatever is chosen */
};

/* Whose transition it is, as far as a letter here says: SF_REPLY_PATIENT. Always written down. */
struct sf_request_patient {
	struct sf_id transition;
	bool reveal; /* the whole CPR number, not the birthday alone */
};

/*
 * Every transition here of one citizen, as a list: SF_REPLY_TRANSITIONS, the newest event first.
 * Always written down, also when there is none.
 */
struct sf_request_find {
	const char *cpr; /* ten digits */
};

struct sf_request_transition {
	struct sf_id transition; /* or a message id of it */
	int64_t at_ms;           /* as it was then; 0: now */
	const char *known_by;    /* party reference: what that party knew; "" what is known here */
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

/*
 * A node says a fact in a transition, with a letter where there is one: SF_REPLY_SAID. Every kind
 * of DOMAIN section 2 that a person or system decides, but stay (SEND), accept, refuse, offer and
 * withdraw (their own requests know the offers) and parties (BIND).
 */
struct sf_request_say {
	struct sf_id transition;  /* or a message id of it */
	struct sf_view fact;      /* sf_fact_encode (wire/fact.h) of kind */
	uint32_t kind;            /* enum sf_kind */
	struct sf_id in_reply_to; /* message; none: the one that is meant (plan in force, ...) */
	int64_t occurred_ms;      /* 0: now */
	uint32_t to_roles;        /* bits 1 << enum sf_role of recipients; 0: who it concerns */
	const char *to_party;     /* party reference of one more recipient, or "" */
	const char *content_type; /* of the letter, "" without a body */
	struct sf_view content;   /* original bytes */
	const char *contact_name; /* whom to call; "" not said */
	const char *contact_telephone;
	int64_t contact_until_ms;   /* 0 not said */
	struct sf_view attachments; /* as with SEND; a letter's alone */
};

/* The hospital binds a role anew (R4): a new version of parties. SF_REPLY_SAID. */
struct sf_request_bind {
	struct sf_id transition;
	enum sf_role role;       /* NONE: only the other fields change */
	const char *party;       /* party reference, "unknown" or "not-enrolled" */
	enum sf_pathway pathway; /* 0: as it is */
	sf_domain_set active;    /* 0: as they are */
};

/* What needs a human, most urgent first: SF_REPLY_BOARD. */
struct sf_request_board {
	const char *party; /* party reference: only what this party must do; "" all */
	bool only_overdue;
	uint32_t count_max;
};

/* What each transition of a period adds to the indicators: SF_REPLY_MEASURES, page by page. */
struct sf_request_measures {
	int64_t from_ms, to_ms;
	struct sf_id after; /* last transition of the page before */
	uint32_t count_max;
};

/* A node proposes an agreement, and signs it itself: SF_REPLY_SAID (message of the proposal). */
struct sf_request_propose {
	struct sf_view agreement; /* signed form: sf_agreement_encode */
};

/* Agreements known here: SF_REPLY_AGREEMENTS. */
struct sf_request_agreements {
	uint32_t count_max;
};

/* One with its signed form and who accepted it: SF_REPLY_AGREEMENT. */
struct sf_request_agreement {
	const char *reference; /* "name", "name 4", or the first 8 or more digits of its digest */
};

/* A node accepts or ends an agreement for its party: SF_REPLY_SAID. */
struct sf_request_sign_agreement {
	const char *reference;
	bool end;
	const char *on_behalf; /* party references separated by ',', represented by this one; "" */
};

/* What would have been due under another agreement: SF_REPLY_SIMULATED, page by page. */
struct sf_request_simulate {
	struct sf_view agreement; /* signed form */
	struct sf_id after;
	uint32_t count_max;
};

/* The log as this daemon has it: SF_REPLY_LOG. */
struct sf_request_log {
	bool verify;         /* check again all that is kept here, and say what does not hold */
	uint64_t after_size; /* wait for a checkpoint larger than this */
	uint32_t wait_ms;
};

/* That a message is in the log: SF_REPLY_PROOF. */
struct sf_request_proof {
	struct sf_id message;
};

/* All that is known here of a transition, as a file: SF_REPLY_EVIDENCE. */
struct sf_request_evidence {
	struct sf_id transition; /* or a message id of it */
};

/* Erases a transition here: SF_REPLY_ERASED. */
struct sf_request_erase {
	struct sf_id transition;
	enum sf_ground ground;
	bool preview; /* nothing is erased; the answer says what would be */
};

/* Who read what here: SF_REPLY_ACCESS_LOG. */
struct sf_request_access_log {
	uint64_t after; /* cursor of the last row seen */
	uint32_t count_max;
	struct sf_id transition; /* only of this one; none: all */
};

/* The API tokens of this daemon: SF_REPLY_TOKENS. Over the local socket alone, as the two below. */
struct sf_request_tokens {
	bool only_valid; /* without those that are revoked */
};

/* A new one: SF_REPLY_TOKEN_CREATED, which says its secret this one time. */
struct sf_request_token_create {
	const char
		*name;  /* of the system that will bear it: 1 to SF_TOKEN_NAME_MAX of a-z 0-9 . - */
	uint32_t roles; /* sf_api_roles (wire/api_role.h), at least one */
};

/* From now on it opens nothing: SF_REPLY_DONE. */
struct sf_request_token_revoke {
	const char *name;
};

#define SF_TOKEN_NAME_MAX ((size_t)40)

/* What is owed, in the order of transitions and then as it was raised: SF_REPLY_OBLIGATIONS. */
struct sf_request_obligations {
	struct sf_id transition; /* only of this one, or of that of a message; none: of all */
	struct sf_id subject;    /* only those that this message raised; none: all */
	const char *owner;       /* party reference: only what this party owes; "" all */
	uint32_t states;         /* bits 1 << enum sf_task_state, as shown or below it; 0: all */
	int64_t since_ms;        /* only what has changed since; 0: all */
	struct sf_id after;      /* transition and number of the last row of the page before */
	uint32_t after_number;
	uint32_t count_max;
};

/* Coordinator: a new epoch of its log after a lost tail (proto/epoch.proto): SF_REPLY_EPOCH. */
struct sf_request_epoch {
	/* SignedRecord that begins it; empty: what the registrars would sign, nothing changes. */
	struct sf_view record;
};

/*
 * Who asks, as what and what for: kept with what was read (core/fact_statement.h). account is set
 * by the daemon from what the kernel says of the connection, never by the asker; role and purpose
 * are what the asker says. Over the network the engine sets account ("token:<name>") and role from
 * the token's row, and a token decides what may be asked (door/door.h).
 */
struct sf_asker {
	const char *account; /* of this machine; "" or NULL: not known */
	enum sf_reader_role role;
	enum sf_purpose purpose;
	/* What follows never crosses the local socket: a face of this process sets it. */
	bool over_http;
	struct sf_digest token;   /* record digest "token" of what was shown; none: nothing was */
	struct sf_digest session; /* the same of a browser's cookie, "session" */
	bool background;          /* a page asks by itself: nobody is active */
	const char *csrf;         /* what a page must show with unsafe requests; NULL: no session */
	/* Said by a proxy that is believed (http/access.h); NULL: none says anything. */
	const char *asserted_user;
	sf_api_roles asserted_roles;
	bool by_password;           /* passwords and links sign in at this face */
	sf_api_roles allowed_roles; /* one of them is needed, or SF_API_ANYBODY */
};

/*
 * What a caller that may lose the answer and ask again says with a request that writes (HTTP's
 * Idempotency-Key): asked again with the same key and body it has its effect once, and the answer
 * is the same. As sf_expected below it never crosses the local socket.
 */
struct sf_repeatable {
	struct sf_digest key;  /* of the asker and its key; none: not said */
	struct sf_digest body; /* of everything that was asked */
};

/* The request is about a transition as somebody saw it (HTTP's If-Match): else SF_ERR_CONFLICT. */
struct sf_expected {
	bool said;
	uint64_t sequence;
	struct sf_digest head;
};

struct sf_request {
	struct sf_asker asker;
	struct sf_repeatable repeatable;
	struct sf_expected expected;
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
		struct sf_request_say say;
		struct sf_request_bind bind;
		struct sf_request_board board;
		struct sf_request_measures measures;
		struct sf_request_propose propose;
		struct sf_request_agreements agreements;
		struct sf_request_agreement agreement;
		struct sf_request_sign_agreement sign_agreement;
		struct sf_request_simulate simulate;
		struct sf_request_log log;
		struct sf_request_proof proof;
		struct sf_request_evidence evidence;
		struct sf_request_erase erase;
		struct sf_request_access_log access_log;
		struct sf_request_tokens tokens;
		struct sf_request_token_create token_create;
		struct sf_request_token_revoke token_revoke;
		struct sf_request_obligations obligations;
		struct sf_request_channels channels;
		struct sf_request_channel_pause channel_pause;
		struct sf_request_hook_add hook_add;
		struct sf_request_hook_remove hook_remove;
		struct sf_request_handout handout;
		struct sf_request_trace trace;
		struct sf_request_replay replay;
		struct sf_request_epoch epoch;
		struct sf_request_patient patient;
		struct sf_request_find find;
		struct sf_request_users users;
		struct sf_request_user_create user_create;
		struct sf_request_user_password user_password;
		struct sf_request_user_revoke user_revoke;
		struct sf_request_user_link user_link;
		struct sf_request_sign_in sign_in;
		struct sf_request_session session;
		struct sf_request_ended ended;
		struct sf_request_aside aside;
		struct sf_request_aside_again aside_again;
		struct sf_request_upload upload;
		struct sf_request_upload_part upload_part;
		struct sf_request_upload_drop upload_drop;
		struct sf_request_attachment attachment;
		struct sf_request_notify notify;
		struct sf_request_stay stay;
	};
};

#endif
