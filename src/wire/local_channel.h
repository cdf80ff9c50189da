/*
 * Ways in and out of a node as integrators know them, webhooks among them: what is asked about them
 * and what is answered. See local.h.
 */
#ifndef SF_WIRE_LOCAL_CHANNEL_H
#define SF_WIRE_LOCAL_CHANNEL_H

#include "wire/local_row.h"

#define SF_CHANNEL_NAME_MAX ((size_t)31)
#define SF_HOOK_URL_MAX ((size_t)1024)
#define SF_HOOK_SECRET_SIZE ((size_t)32)
#define SF_HOOKS_MAX ((size_t)32) /* each holds a connection and asks once a message */

/* clang-format off */
#define SF_CHANNEL_KIND_LIST(X) \
	X(SF_CHANNEL_LOCAL,    1, "local")    /* programs of this machine hand in */ \
	X(SF_CHANNEL_HTTP,     2, "http")     /* systems of the network hand in */ \
	X(SF_CHANNEL_MLLP,     3, "mllp")     /* HL7 v2 systems hand in */ \
	X(SF_CHANNEL_DROP_IN,  4, "drop-in")  /* files of a folder are handed in */ \
	X(SF_CHANNEL_DROP_OUT, 5, "drop-out") /* received messages become files */ \
	X(SF_CHANNEL_HOOK,     6, "hook")     /* events are posted to a URL */ \
	X(SF_CHANNEL_RESPONSE, 7, "response") /* answers are posted to where their senders say */ \
	X(SF_CHANNEL_MLLP_OUT, 8, "mllp-out") /* HL7 senders are told what their receivers said */

/* Why the last attempt of a way out failed. */
#define SF_CHANNEL_FAULT_LIST(X) \
	X(SF_CHANNEL_FAULT_REFUSED,     1, "refused")     /* an answer that is not 2xx */ \
	X(SF_CHANNEL_FAULT_UNREACHABLE, 2, "unreachable") /* no connection */ \
	X(SF_CHANNEL_FAULT_TIMEOUT,     3, "timeout")     /* no answer in time */ \
	X(SF_CHANNEL_FAULT_UNTRUSTED,   4, "untrusted")   /* its certificate does not hold */ \
	X(SF_CHANNEL_FAULT_BROKEN,      5, "broken")      /* the answer was cut off or is none */ \
	X(SF_CHANNEL_FAULT_FORGOTTEN,   6, "forgotten")   /* it was away so long that rows are gone */ \
	X(SF_CHANNEL_FAULT_FOLDER,      7, "folder")      /* a file cannot be written or moved */
/* clang-format on */
#define X(symbol, number, text) symbol = (number),
enum sf_channel_kind { SF_CHANNEL_NONE = 0, SF_CHANNEL_KIND_LIST(X) };
enum sf_channel_fault { SF_CHANNEL_FAULT_NONE = 0, SF_CHANNEL_FAULT_LIST(X) };
#undef X
/* Their words; "" for 0, "unknown" for what this version does not know. Never NULL. */
const char *sf_channel_kind_text(enum sf_channel_kind kind);
const char *sf_channel_fault_text(enum sf_channel_fault fault);

/* Made and removed as a hook, and posted. */
bool sf_channel_is_hook(enum sf_channel_kind kind);

/* What a node keeps for systems outside, and of which a hook may tell. */
bool sf_feed_is_kept(enum sf_feed_what what);
/* 1 << enum sf_feed_what of such a word; 0 for every other. */
uint64_t sf_hook_event_bit(struct sf_view word);

/* Counters are of its whole life. */
struct sf_channel_row {
	const char *name;
	enum sf_channel_kind kind;
	bool paused;
	uint64_t received;           /* handed in and taken, or due to be handed out */
	uint64_t filtered;           /* duplicates; events that a way out does not want */
	uint64_t queued;             /* waiting to be handed out now; counted up to 10,000 */
	uint64_t sent;               /* handed out and answered */
	uint64_t errored;            /* refused at the door; attempts that failed */
	int64_t last_ms;             /* when it last moved something; 0 never */
	enum sf_channel_fault fault; /* of the last attempt; none when it went well */
	const char *url;             /* of a hook; a response's begins with it; else "" */
	uint64_t events;             /* of a hook: bit n is enum sf_feed_what n */
	int64_t created_ms;
	uint64_t aside; /* refused so often that they were put aside; counted up to 10,000 */
};

/* An answer that its receiver refused so often that those behind it went on without it. */
struct sf_aside_row {
	uint64_t cursor; /* in the order of the feed */
	const char *channel;
	struct sf_id message; /* that it answers */
	struct sf_id transition;
	struct sf_id party; /* whose answer it is */
	const char *party_name;
	uint32_t refusals;
	int64_t at_ms; /* of the last one */
};

/* A step of a message here. */
struct sf_step_row {
	int64_t at_ms;
	const char *step;    /* a word: handed-in, recorded, taken, received, handed-out ... */
	const char *channel; /* by which it came or went, or "" */
	struct sf_id party;  /* whose answer it is; none */
	const char *party_name;
	const char *detail; /* a code word, or "" */
};

/* The channels of this node: SF_REPLY_CHANNELS. */
struct sf_request_channels {
	const char *name; /* this one; "" all */
};
struct sf_reply_channels {
	size_t row_count;
	const struct sf_channel_row *rows;
};

/*
 * A paused way in refuses with SF_ERR_AGAIN, a paused way out queues; SF_REPLY_DONE. To resume a
 * way out also makes it try at once.
 */
struct sf_request_channel_pause {
	const char *name;
	bool paused;
};

/* What was put aside: SF_REPLY_ASIDE. */
struct sf_request_aside {
	const char *channel; /* of this one; "" of all */
	uint64_t after;      /* cursor of the last row seen, 0 from the start */
	uint32_t count_max;
};
struct sf_reply_aside {
	size_t row_count;
	const struct sf_aside_row *rows; /* oldest first */
};

/* It is handed out again, behind what waits already: SF_REPLY_DONE. */
struct sf_request_aside_again {
	const char *channel;
	struct sf_id message; /* none: all of the channel */
};

/* A webhook, for events from now on: SF_REPLY_HOOK_ADDED. */
struct sf_request_hook_add {
	const char *url; /* https, or http to this machine */
	uint64_t events; /* bit n is enum sf_feed_what n; 0 with responses */
	/*
	 * No events: the Acknowledgements of messages whose senders named a URL for them that
	 * begins with this one, each posted there.
	 */
	bool responses;
};
struct sf_reply_hook_added {
	const char *name;
	const char *secret; /* "whsec_" and base64 of SF_HOOK_SECRET_SIZE bytes; never told again */
};

struct sf_request_hook_remove {
	const char *name;
};

/*
 * What a way out has done, and what it has to do: SF_REPLY_HANDOUT. For faces of this process
 * alone, whose account is "channel:<name>".
 */
struct sf_request_handout {
	const char *channel;         /* "" : none, only to wait until seen is not the newest */
	uint64_t done;               /* handed out up to this cursor; 0 nothing more */
	uint32_t failed;             /* attempts that failed since it was said last */
	enum sf_channel_fault fault; /* of the last one */
	uint64_t tried;              /* cursor of the row that they were about; 0: none failed */
	uint32_t refused;            /* of them, to which the receiver said no for good */
	uint64_t seen;               /* version of the last answer; it waits while it is the same */
	uint32_t wait_ms;
};
struct sf_reply_handout {
	uint64_t version; /* changes when there may be something to do */
	bool known;       /* false: there is no such channel any more */
	bool paused;
	uint64_t resumed;       /* changes when a person wants it tried at once */
	struct sf_id self;      /* this party, for names of events */
	const char *url;        /* to post it to; "" for what is no hook */
	struct sf_view secret;  /* of a hook */
	struct sf_view content; /* to post in place of the row, in content_type; else empty */
	const char *content_type;
	size_t row_count;
	const struct sf_feed_row *rows; /* the next one, if any */
};

/* The steps of a message that are known here: SF_REPLY_TRACE. */
struct sf_request_trace {
	struct sf_id message;
};
struct sf_reply_trace {
	struct sf_id message;
	struct sf_id transition;
	size_t row_count;
	const struct sf_step_row *rows; /* oldest first */
};

/* A message received is handed out again, one that was sent goes out again: SF_REPLY_REPLAYED. */
struct sf_request_replay {
	struct sf_id message;
};
struct sf_reply_replayed {
	bool resent; /* sent again, to who has not answered; else handed out again */
};

#endif
