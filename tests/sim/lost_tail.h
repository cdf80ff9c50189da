/*
 * A machine's store of an earlier moment, put back; and what ends that where it is a coordinator's:
 * an epoch that the registrar of the region declares.
 */
#ifndef SF_SIM_LOST_TAIL_H
#define SF_SIM_LOST_TAIL_H

#include "sim/world.h"

/* A copy of the machine's store, to be put back or closed. The machine may run or not. */
struct sf_memory *sf_sim_back_up(const struct sf_sim_machine *machine);
/* Power off, the older store in place of the newer, power on. Takes the store. */
void sf_sim_restore(struct sf_sim_machine *machine, struct sf_memory *older);

/* The coordinator's own log says that it lacks what others have seen. */
bool sf_sim_is_behind(struct sf_sim_machine *coordinator);
/* What the coordinator would have signed; in arena. err of the reply is the answer's. */
struct sf_reply sf_sim_ask_epoch(struct sf_sim_machine *coordinator, struct sf_arena *arena);
/* A SignedRecord of an epoch record under the region's registrar; in arena. */
struct sf_view sf_sim_sign_epoch(
	struct sf_sim_world *world, struct sf_view record, struct sf_arena *arena);
/* Begins the epoch that the record declares. */
struct sf_reply sf_sim_begin_epoch(
	struct sf_sim_machine *coordinator, struct sf_view signed_record, struct sf_arena *arena);
/* Asks, signs and begins. NULL, or what did not work. */
const char *sf_sim_declare_epoch(struct sf_sim_world *world);

#endif
