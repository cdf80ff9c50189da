/*
 * What people and clinical systems do in a region, at random: admit, correct, discharge, cancel,
 * accept, refuse, take back, hand in twice. The story remembers what it was promised; check.c holds
 * the region to it.
 */
#ifndef SF_SIM_STORY_H
#define SF_SIM_STORY_H

#include "sim/letters.h"

#define SF_SIM_PATIENTS_MAX 16
#define SF_SIM_PROMISES_MAX 256

/* A letter that a hospital's node answered "stored": never to be lost. */
struct sf_sim_promise {
	size_t hospital, municipality; /* machines */
	struct sf_id message, transition;
	struct sf_buf content; /* owned: the original bytes */
	bool attached;         /* one attachment goes with it (attached.h) */
	uint8_t mark;          /* which */
};

/* An acceptance that a node answered "said". */
struct sf_sim_acceptance {
	size_t machine;
	struct sf_id message, transition, offer;
	sf_domain_set domains;
};

struct sf_sim_stay {
	struct sf_sim_patient patient;
	size_t hospital, municipality, practice;
	struct sf_sim_step last; /* the newest letter handed in */
	bool over;
	bool with_hostile; /* its practice was at some time a hostile party */
	struct sf_id transition;
};

/* What the clock did, as the coordinator recorded it. */
struct sf_sim_derived {
	uint64_t events;     /* of all transitions */
	uint64_t count;      /* of those, derived by time */
	int64_t late_ms_max; /* the latest, after it was due or became known */
};

struct sf_sim_story {
	struct sf_sim_world *world;
	size_t stay_count, stay_max;
	struct sf_sim_stay stays[SF_SIM_PATIENTS_MAX];
	size_t promise_count;
	struct sf_sim_promise promises[SF_SIM_PROMISES_MAX];
	size_t acceptance_count;
	struct sf_sim_acceptance acceptances[SF_SIM_PROMISES_MAX];
	uint64_t steps, said, refused; /* facts beside letters and answers to offers: said */
	struct sf_sim_derived derived;
};

void sf_sim_story_open(struct sf_sim_story *story, struct sf_sim_world *world, size_t stay_max);
void sf_sim_story_close(struct sf_sim_story *story);
/* One thing happens somewhere. */
void sf_sim_story_step(struct sf_sim_story *story);

/* What waits for the machine's answer, as its own replica knows it; none. */
struct sf_id sf_sim_open_offer(struct sf_sim_machine *machine, struct sf_id transition_id);

/* story_say.c: somebody says a fact of any kind but those of letters and offers. */
void sf_sim_story_say(struct sf_sim_story *story, const struct sf_sim_stay *stay);

/* check.c. Each returns NULL when it holds, else what does not. Text is static or in the story. */
/* At any instant: R1 at the coordinator, R2 over the replicas. */
const char *sf_sim_check_now(const struct sf_sim_story *story);
/*
 * NULL when the machine is off or knows nothing of it. Borrowed until its next turn, or until
 * another one is asked for.
 */
const struct sf_transition *sf_sim_replica(struct sf_sim_machine *machine, struct sf_id id);
/* check_derived.c */
/* The coordinator's own; NULL when it is off or has none. Borrowed likewise. */
const struct sf_transition *sf_sim_recorded(struct sf_sim_world *world, struct sf_id id);
bool sf_sim_same_view(const struct sf_transition *a, const struct sf_transition *b);
/* No derived fact was recorded twice from one notification to the next. */
const char *sf_sim_check_derived(struct sf_sim_world *world, struct sf_sim_derived *ret_tally);
/* Nothing that was due a second ago is unrecorded in a transition. */
const char *sf_sim_check_due(struct sf_sim_world *world, struct sf_id id);
/* check_end.c: after everything has healed and quietened. */
const char *sf_sim_check_end(struct sf_sim_story *story);
/* check_stores.c: what must then stand in the stores */
const char *sf_sim_check_stores(struct sf_sim_world *world);
/* check_log.c: and what must be proven of them. NULL, or what is not; of one node alone. */
const char *sf_sim_check_log(struct sf_sim_world *world);
const char *sf_sim_check_witness(struct sf_sim_machine *node);

#endif
