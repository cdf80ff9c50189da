/*
 * One machine of the simulation: an engine with its store, keys, clock and chance, driven by the
 * same turn as the daemons. Power can be cut; what was committed survives.
 */
#ifndef SF_SIM_MACHINE_H
#define SF_SIM_MACHINE_H

#include "coordinator/coordinator.h"
#include "crypto/key.h"
#include "crypto/port.h"
#include "node/node.h"
#include "store/memory.h"
#include "turn/turn.h"
#include "wire/local.h"

/* Chance from a seed (splitmix64); the same seed gives the same run. */
struct sf_sim_chance {
	uint64_t state;
};
uint64_t sf_sim_next(struct sf_sim_chance *chance);
/* Below bound; bound > 0. */
uint64_t sf_sim_below(struct sf_sim_chance *chance, uint64_t bound);

enum sf_sim_kind { SF_SIM_COORDINATOR, SF_SIM_NODE };

/* Frames in flight to this machine, in the order they arrive. */
struct sf_sim_mail {
	int64_t due_ms;
	uint64_t order; /* breaks ties */
	struct sf_arrival arrival;
};

struct sf_sim_world;

struct sf_sim_machine {
	struct sf_sim_world *world; /* borrowed */
	size_t index;               /* in the world; 0 is the coordinator */
	enum sf_sim_kind kind;
	struct sf_id party;
	enum sf_role role;
	char name[64];
	char sor[24], gln[16];      /* "" at the coordinator */
	bool has_node;              /* false: in the directory, but without keys and never on */
	bool cannot_read;           /* node: its format reads no document */
	bool hostile;               /* node: enrolled, but hostile.c drives it */
	struct sf_keyring *keyring; /* owned */
	struct sf_id identity_key_id;
	uint8_t identity_key[32], sealing_key[32], transport_key[32];
	struct sf_id log_key_id, witness_key_id; /* coordinator; node */
	uint8_t log_key[32], witness_key[32];
	struct sf_key sealing;       /* owned: the whole key, to lose and find it again */
	struct sf_memory *memory;    /* owned: the disk */
	const struct sf_store *disk; /* borrowed: instead of it, when not NULL (crash.c) */
	struct sf_node *node;        /* owned; NULL while the machine is off */
	struct sf_coordinator *coordinator;
	struct sf_turn turn;
	bool on;
	bool connected;           /* node: a session to the coordinator is up */
	uint64_t route;           /* node: its present route at the coordinator */
	int64_t reconnect_ms;     /* node: when it dials again */
	int64_t skew_ms;          /* of its wall clock */
	struct sf_sim_mail *mail; /* owned */
	size_t mail_count, mail_capacity;
};

#endif
