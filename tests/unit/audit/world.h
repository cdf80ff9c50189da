/*
 * A small region in memory with real keys, to make evidence from: a coordinator S, a hospital H, a
 * municipality K and a GP G, a registrar, an agreement that H, K and G signed, and the log. It can
 * be told to lie, and then signs its lies as a coordinator would.
 *
 * The agreement is that of audit/terms.h, in UTC: the admission report is owed within the hour,
 * going home offers care and medication and begins a window of 72 hours.
 */
#ifndef TESTS_UNIT_AUDIT_WORLD_H
#define TESTS_UNIT_AUDIT_WORLD_H

#include "audit/evidence.h"
#include "crypto/port.h"
#include "log/checkpoint.h"
#include "wire/epoch.h"

#define WORLD_START_MS ((int64_t)1795000000000)
#define WORLD_EVENTS_MAX ((size_t)512)
#define WORLD_LOG "stafet.example/log/test"

struct world_party {
	char letter;
	struct sf_id identity, witness; /* key ids */
	uint8_t identity_key[SF_PUBLIC_KEY_SIZE], witness_key[SF_PUBLIC_KEY_SIZE];
	struct sf_directory_entry *entry; /* owned: the newest */
};

/* A recorded event with its leaf; bytes live in the world's arena. */
struct world_event {
	struct sf_evidence_event evidence; /* without proof */
	struct sf_receipt receipt;
	struct sf_message message;
};

/* How the next event is recorded, besides honestly. */
struct world_lie {
	bool outcome;         /* as refused, whatever it was */
	bool resend;          /* as a resend */
	bool recipient;       /* refused: a recipient is not known */
	bool signed_by_other; /* under K's key, whoever the author is */
	bool other_head;      /* behind another event than the one that stands there */
	bool other_class;
	bool withhold;     /* what is due is not recorded before it */
	int64_t due_by_ms; /* a derived fact falls due so much later than it does */
};

struct world {
	struct sf_keyring *keyring; /* owned: everybody's keys */
	struct sf_crypto crypto;
	struct sf_env env; /* no zones, no time, no chance */
	struct sf_arena arena;
	struct world_party parties[4]; /* S H K G */
	struct sf_id registrar, log;   /* key ids */
	uint8_t registrar_key[SF_PUBLIC_KEY_SIZE], log_key[SF_PUBLIC_KEY_SIZE];
	struct sf_directory *directory; /* owned */
	size_t entry_count;
	struct sf_view entries[16];
	struct sf_view agreement; /* its signed form */
	struct sf_digest agreement_digest;
	struct sf_book *book;             /* owned */
	struct sf_transition *transition; /* owned: what the coordinator believes */
	struct sf_digest head;
	size_t statement_count;
	struct world_event statements[4];
	size_t event_count;
	struct world_event *events; /* owned */
	uint64_t leaf_count;
	struct sf_digest *leaves; /* owned: hashes */
	size_t checkpoint_count;
	struct sf_view checkpoints[16];
	uint64_t checkpoint_size; /* of the newest */
	int64_t now_ms;
	uint32_t minted;
	struct world_lie lie; /* of the next event alone */
};

void world_open(struct world *world);
void world_close(struct world *world);
struct sf_id world_id(char letter);
struct world_party *world_party(struct world *world, char letter);

/* A message of the transition that is not recorded yet. */
struct sf_message world_message(struct world *world, char author, enum sf_kind kind);
/* Derives what is due, then seals the message, records it and appends it to the log. Its id. */
struct sf_id world_record(struct world *world, const struct sf_message *message);
/* Time passes; what is due is recorded. */
void world_turn(struct world *world, int64_t now_ms);
struct sf_id world_stay(struct world *world, const char *activity);
struct sf_id world_accept(struct world *world, struct sf_id offer);
/* Parties, an admission, a missed report, a plan-less discharge, its acceptance: 8 events. */
void world_story(struct world *world);

/* A new entry of the party is recorded; edit may change it. recorded false: nobody is told of it,
 * but the next checkpoint shows it. */
void world_entry(struct world *world, char letter, void (*edit)(struct sf_directory_entry *));

/* Signed by the log, cosigned by the letters' witnesses ("HK"). */
void world_checkpoint(struct world *world, const char *witnesses);
/* Another tree of the same size, signed by the log all the same. */
struct sf_view world_fork(struct world *world);

/* What the registrar would sign when what lies behind this checkpoint is lost. */
struct sf_epoch world_lost_tail(struct world *world, size_t checkpoint);
/* The record of an epoch, signed by that key alone. */
struct sf_view world_epoch(struct world *world, const struct sf_epoch *epoch, struct sf_id key_id);

/*
 * The evidence as made_by would make it, with proofs to the newest checkpoint. What it lends is the
 * world's; events and statements are copies that may be changed before it is sealed.
 */
struct sf_evidence world_evidence(struct world *world, char made_by);
/* The claim of what the coordinator believes, for a test to lie in. */
struct sf_claim world_claim(struct world *world);
/* Signs claim and evidence as made_by, and writes the file. claim NULL: an honest one. */
struct sf_view world_seal(
	struct world *world, struct sf_evidence *evidence, struct sf_claim *claim);
/* world_evidence and world_seal. */
struct sf_view world_file(struct world *world, char made_by);

/* policy is text of log/policy.h, NULL for none; supplied may be empty. */
struct sf_evidence_report *world_verify(
	struct world *world, struct sf_view file, const char *policy, struct sf_view supplied);
/* "log ...", both witnesses and the registrar, with that quorum of them. */
const char *world_policy(struct world *world, int quorum);
/* SignedReceipt bytes of an event. */
struct sf_view world_receipt(struct world *world, size_t index);
/* The first fault of that word, at that event (0: at any); NULL. */
const struct sf_finding *world_fault(
	const struct sf_evidence_report *report, enum sf_finding_code code, uint64_t sequence);

#endif
