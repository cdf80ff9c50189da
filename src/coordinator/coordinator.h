/*
 * The blind coordinator's engine: records signed envelopes, steps transitions on their plain facts,
 * appends leaves, queues deliveries, and answers with receipts. It holds no key that opens a
 * letter.
 *
 * Pure: time comes with step, chance from env, the rest through ports. One thread (the turn's).
 */
#ifndef SF_COORDINATOR_COORDINATOR_H
#define SF_COORDINATOR_COORDINATOR_H

#include "audit/registry.h"
#include "coordinator/quota.h"
#include "port/engine.h"
#include "port/env.h"
#include "port/store.h"
#include "port/workers.h"

struct sf_coordinator; /* opaque */

#define SF_AGREEMENTS_MAX 16

struct sf_coordinator_options {
	struct sf_id party;           /* the coordinator is a party with an id */
	struct sf_id identity_key_id; /* signs receipts */
	/* Signs checkpoints once the directory has its public part; none: there are none. */
	struct sf_id log_key_id;
	const char *origin; /* "<coordinator>/log/<region>/<epoch>"; borrowed */
	uint32_t epoch;     /* from 1 */
	struct sf_registrars registrars;
	size_t agreement_count;
	struct sf_view agreements[SF_AGREEMENTS_MAX]; /* signed forms; borrowed */
	size_t transitions_cached;                    /* folded transitions kept in memory */
	int64_t redeliver_ms; /* not taken for so long while connected: sent again */
	uint32_t credit_max;  /* items on the way to one party without a taken */
	/* Of each party. Over them: retry-later, and everything after it waits too, in order. */
	struct sf_quota_limit quota_envelopes, quota_bytes; /* submitted */
	/* Hellos, queries, texts of agreements, reconciliations; over it they are dropped. */
	struct sf_quota_limit quota_questions;
	/* Sealed bytes of attachments kept for one party, and for all; over them it waits. */
	int64_t attachments_party_max, attachments_max;
	int64_t retention_ms;   /* closed transitions are erased after it; 0: never by themselves */
	int64_t silent_node_ms; /* a node not seen for longer stands on the board */
	int64_t checkpoint_ms;  /* least time between two checkpoints */
	/*
	 * How many of each must cosign a checkpoint (WIRE section 4). Both 0: the log's signature
	 * is enough, cosignatures are kept and shown, and nobody is missed.
	 */
	uint32_t quorum_hospitals, quorum_municipalities;
	const char *software; /* what runs here, as its hello says it; borrowed */
	bool read_only; /* a store file that is only looked at: who reads cannot be kept in it */
};

/* What MedCom and WIRE.md say, for those who have no reason to differ. */
struct sf_coordinator_options sf_coordinator_options_default(void);

struct sf_coordinator_ports {
	struct sf_env env;
	struct sf_store store;
	struct sf_crypto crypto;
	struct sf_workers workers;
};

/* The store must be open and have the tables of coordinator/tables.h. Reads what it needs of it. */
SF_MUST_USE enum sf_err sf_coordinator_open(const struct sf_coordinator_options *options,
	const struct sf_coordinator_ports *ports, struct sf_coordinator **ret_coordinator,
	struct sf_diag *diag);
void sf_coordinator_close(struct sf_coordinator **coordinator);

/* Fills the face that the turn drives. */
void sf_coordinator_engine(struct sf_coordinator *coordinator, struct sf_engine *ret_engine);

/* The directory as recorded; the transport takes its allow list from it. Borrowed until the next
 * turn. */
const struct sf_directory *sf_coordinator_directory(const struct sf_coordinator *coordinator);
/* What has happened here, as far as it is durable (audit/feed.h). Lives as long as the engine. */
struct sf_feed;
const struct sf_feed *sf_coordinator_feed(const struct sf_coordinator *coordinator);

/* Counted since start; nothing here names a person. */
struct sf_coordinator_counters {
	uint64_t recorded, refused, resent, repeated, dropped, forged, delivered, taken;
	uint64_t derived, linked, differences;
	uint64_t signed_notes, cosigned;
};
struct sf_coordinator_counters sf_coordinator_counters(const struct sf_coordinator *coordinator);

#endif
