/*
 * A node's engine: one organisation's keys and content (DESIGN.md section 2). Takes letters from
 * local systems, seals and sends them, follows every transition its party takes part in, opens what
 * is addressed to it, and answers.
 *
 * Pure: time comes with step, chance from env, the rest through ports. One thread (the turn's).
 */
#ifndef SF_NODE_NODE_H
#define SF_NODE_NODE_H

#include "audit/registry.h"
#include "port/engine.h"
#include "port/env.h"
#include "port/format.h"
#include "port/store.h"
#include "port/workers.h"

struct sf_node; /* opaque */

struct sf_node_options {
	struct sf_id party;
	struct sf_id identity_key_id; /* signs envelopes */
	struct sf_id coordinator;     /* whose identity key signs receipts */
	struct sf_id witness_key_id;  /* cosigns checkpoints; none: this node is no witness */
	/*
	 * A person has seen the contradictions up to this position of `stafet log status`, and has
	 * decided that what the coordinator says now goes on: they stop this node no longer.
	 */
	int64_t contradictions_seen;
	struct sf_registrars registrars;
	const char *software;     /* what runs here, as its hello says it; borrowed */
	const char *contact_name; /* whom to call, in every body; "" for none; borrowed */
	const char *contact_telephone;
	size_t transitions_cached;
	int64_t hello_timeout_ms;       /* no answer to a hello: say it again */
	int64_t stored_timeout_ms;      /* no receipt for so long while connected: submit again */
	int64_t acknowledge_timeout_ms; /* connected time after taken: a new envelope */
	int64_t retry_ms;               /* connected time after a transient-error: a new envelope */
	int64_t attempts_max;           /* sendings of one message; then a person is asked */
	int64_t expires_ms;             /* from sealing */
	int64_t retention_ms;           /* own copy goes so long after closing; 0 never */
	int64_t unanswered_ms;          /* content of notifications nobody answered; 0 never */
	int64_t log_timeout_ms;         /* no answer about the log: ask again */
	int64_t log_patience_ms;        /* connected, and still no answer: an alarm */
	int64_t tail_patience_ms; /* no checkpoint covers a receipt: hello, in the end an alarm */
	int64_t proof_ms;         /* proofs of so long lead to one checkpoint */
	uint32_t window_max;      /* envelopes on the way without a receipt */
	uint32_t credit;          /* items the coordinator may send ahead of a taken */
	bool read_only; /* a store file that is only looked at: who reads cannot be kept in it */
};

/* What MedCom, DOMAIN.md section 8 and WIRE.md say. */
struct sf_node_options sf_node_options_default(void);

struct sf_node_ports {
	struct sf_env env;
	struct sf_store store;
	struct sf_crypto crypto;
	struct sf_workers workers;
	struct sf_format format;
};

/* The store must be open and have the tables of node/tables.h. Reads what it needs of it. */
SF_MUST_USE enum sf_err sf_node_open(const struct sf_node_options *options,
	const struct sf_node_ports *ports, struct sf_node **ret_node, struct sf_diag *diag);
void sf_node_close(struct sf_node **node);

/* Fills the face that the turn drives. */
void sf_node_engine(struct sf_node *node, struct sf_engine *ret_engine);

/* Counted since start. */
struct sf_node_counters {
	uint64_t sent, stored, refused, received, duplicates, acknowledged, quarantined, resent,
		dropped, alarms;
	uint64_t checkpoints, cosigned, proven, contradictions; /* of the log */
};
struct sf_node_counters sf_node_counters(const struct sf_node *node);

const struct sf_directory *sf_node_directory(const struct sf_node *node);
/* What has happened here, as far as it is durable (audit/feed.h). Lives as long as the node. */
struct sf_feed;
const struct sf_feed *sf_node_feed(const struct sf_node *node);

struct sf_transition;
/*
 * The replica of a transition as far as it is applied; for local listings and for checkers. NULL in
 * ret_transition when this node knows nothing of it. Borrowed until the next turn.
 */
SF_MUST_USE enum sf_err sf_node_replica(struct sf_node *node, struct sf_id id,
	const struct sf_transition **ret_transition, struct sf_diag *diag);

#endif
