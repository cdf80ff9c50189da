/*
 * A region in one thread from one seed: a coordinator, hospitals, municipalities and practices on a
 * fake clock, a network that loses, doubles, delays, reorders and parts, disks that fill and fail,
 * machines that lose power. Everything random comes from the seed.
 */
#ifndef SF_SIM_WORLD_H
#define SF_SIM_WORLD_H

#include "sim/machine.h"

struct sf_zones;
struct sf_sim_liar; /* liar.h */

#define SF_SIM_MACHINES_MAX 96
#define SF_SIM_TAP_MAX 32
#define SF_SIM_START_MS INT64_C(1795000000000) /* Wednesday 18 November 2026, 12:06 in Denmark */

/* Chances in a million for each frame, or each turn of a machine. */
struct sf_sim_faults {
	uint32_t drop, duplicate, reorder; /* of frames */
	uint32_t cut_link;                 /* per frame: the session ends */
	uint32_t half_open;                /* per frame: the session ends, one side notices late */
	int64_t delay_ms_max;
	uint32_t power;               /* per turn: the machine loses power */
	uint32_t clock;               /* per turn: its wall clock jumps */
	struct sf_memory_faults disk; /* seed is replaced */
};

/* Small ones, so that what is full, cut short or read back from the store is exercised too. */
struct sf_sim_limits {
	size_t transitions_cached;
	uint32_t window_max, credit_max;
	int64_t checkpoint_ms; /* least time between checkpoints; 0: a second */
	uint32_t quorum_hospitals, quorum_municipalities;
};

/* By the coordinator's clock: after a start it waited for who may know more, and derived nothing.
 */
struct sf_sim_wait {
	int64_t from_ms, until_ms;
};

struct sf_sim_world {
	uint64_t seed;
	struct sf_sim_chance chance;
	int64_t now_ms;
	uint64_t order;
	uint64_t routes; /* given so far */
	struct sf_sim_faults faults;
	struct sf_sim_limits limits;
	bool healed;     /* no faults any more */
	bool loses_tail; /* its coordinator's store will be one of an earlier moment */
	size_t wait_count, wait_capacity;
	struct sf_sim_wait *waits; /* owned, oldest first; the last may go on */
	size_t machine_count;
	struct sf_sim_machine *machines;  /* owned */
	bool parted[SF_SIM_MACHINES_MAX]; /* node cannot reach the coordinator */
	struct sf_id representative;      /* of parties added without a node; none: nobody */
	uint8_t registrar_key[32];
	uint8_t pseudonym_secret[32]; /* of the region's hospitals */
	struct sf_zones *zones;       /* owned */
	struct sf_keyring *registrar; /* owned */
	struct sf_id registrar_key_id;
	struct sf_registrars registrars;
	struct sf_buf agreement;
	struct sf_format format;
	bool keeps_order; /* no frame of a session is lost or overtaken: as on a real link */
	bool quiet;       /* nothing was wrong in the whole run */
	bool tapped;      /* somebody hears every frame */
	bool signs;       /* an agreement is in force, and people say more than letters */
	struct sf_sim_liar *liar; /* borrowed: between the coordinator and the nodes; NULL */
	size_t tap_count;
	struct sf_buf tap[SF_SIM_TAP_MAX]; /* owned: some of what was heard */
	uint64_t frames, dropped, duplicated, cuts, power_cuts, lost_turns;
};

struct sf_sim_plan {
	size_t hospitals, municipalities, practices;
	struct sf_sim_limits limits; /* 0: the engine's own */
};

/* Makes machines, keys and directory; all are on and enrolled. Aborts when it cannot. */
void sf_sim_open(struct sf_sim_world *world, uint64_t seed, const struct sf_sim_plan *plan);
/* One more party; without codes it gets invented ones. Aborts when it cannot. */
struct sf_sim_machine *sf_sim_add(struct sf_sim_world *world, enum sf_role role, const char *name,
	const char *sor, const char *gln, bool has_node);
void sf_sim_close(struct sf_sim_world *world);
/* signing.c: tests/sim/agreements/midt.agreement is proposed and signed by everybody. */
void sf_sim_sign(struct sf_sim_world *world);

struct sf_sim_machine *sf_sim_coordinator(struct sf_sim_world *world);
/* The index-th machine of a role. */
struct sf_sim_machine *sf_sim_machine(struct sf_sim_world *world, enum sf_role role, size_t index);

/* Runs until now_ms has passed or nothing is left to do. */
void sf_sim_run_until(struct sf_sim_world *world, int64_t until_ms);
/* One local request in a turn of its own. SF_OK: reply is durable. */
enum sf_err sf_sim_call(struct sf_sim_machine *machine, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply);

/* Of Denmark, from tzdata. */
const struct sf_zone *sf_sim_zone(struct sf_sim_world *world);

/* How far a clock goes wrong: up to an hour or two days, to either side. */
int64_t sf_sim_jump(struct sf_sim_world *world);
/* Its sealing key is gone, or there again. */
void sf_sim_lose_key(struct sf_sim_machine *machine, bool lost);
void sf_sim_power_off(struct sf_sim_machine *machine);
void sf_sim_power_on(struct sf_sim_machine *machine);
/* check_derived.c: the coordinator has started, or had a turn: does it wait now? */
void sf_sim_note_wait(struct sf_sim_machine *coordinator);
void sf_sim_part(struct sf_sim_machine *machine, bool parted);
/* No more faults, everybody on and connected. */
void sf_sim_heal(struct sf_sim_world *world);

/* digest.c: one number for all that stands in all stores. */
uint64_t sf_sim_digest(struct sf_sim_world *world);

/* network.c: what machines use */
/* A frame that arrives at the coordinator, whoever made it. */
void sf_sim_post(struct sf_sim_machine *to, int64_t due_ms, uint64_t route, struct sf_id party,
	struct sf_view frame);
/* Between the two ends of a node's session; what happens to the frame is drawn. */
void sf_sim_carry(struct sf_sim_machine *node, struct sf_sim_machine *to, struct sf_view frame);
struct sf_link sf_sim_link(struct sf_sim_machine *machine);
/* A node without a session that could have one. */
bool sf_sim_may_connect(const struct sf_sim_machine *machine);
void sf_sim_connect_due(struct sf_sim_world *world);
void sf_sim_disconnect(struct sf_sim_machine *node, bool node_notices);
int64_t sf_sim_mail_due_ms(const struct sf_sim_machine *machine);
void sf_sim_mail_fini(struct sf_sim_machine *machine);
bool sf_sim_happens(struct sf_sim_world *world, uint32_t chance_in_a_million);

#endif
