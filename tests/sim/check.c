#include "sim/story.h"

#include "node/state.h"
#include "node/tables.h"
#include "wire/header.h"

#define PENDING_MAX 64

const struct sf_transition *sf_sim_replica(struct sf_sim_machine *machine, struct sf_id id)
{
	const struct sf_transition *transition = NULL;
	if (!machine->on || !machine->node)
		return NULL;
	/* No turn is in progress that would pin what was asked for before. */
	sf_transition_cache_settle(&machine->node->cache);
	return sf_node_replica(machine->node, id, &transition, NULL) ? NULL : transition;
}

/* What a party has signed in a transition and not yet seen recorded (R2). */
struct pending {
	struct sf_id transition;
	uint64_t seen; /* applied by its replica */
	size_t count;
	struct sf_pending_take takes[PENDING_MAX];
};

/* R7: an admission, or whatever brings the patient back, is the hospital's own acceptance. */
static bool takes_back(const struct sf_stay_fact *stay)
{
	bool admits = stay->activity == SF_ACTIVITY_ADMIT_EMERGENCY ||
		      stay->activity == SF_ACTIVITY_ADMIT_INPATIENT;
	return stay->mode == SF_MODE_CANCEL || (stay->mode == SF_MODE_NEW && admits);
}

static bool add_pending(void *context, const void *row)
{
	struct pending *pending = context;
	const struct sf_node_row_outbox *outbox = row;
	bool seen = outbox->recorded_sequence > 0 &&
		    (uint64_t)outbox->recorded_sequence <= pending->seen;
	if (seen || !sf_id_equal(outbox->transition, pending->transition))
		return true;
	struct sf_message message;
	SF_ASSERT(!sf_message_decode(outbox->message, &message, NULL));
	SF_ASSERT(pending->count < PENDING_MAX);
	if (message.fact.kind == SF_KIND_ACCEPT)
		pending->takes[pending->count++] = (struct sf_pending_take){
			.offer = message.in_reply_to, .domains = message.fact.accept.domains};
	else if (message.fact.kind == SF_KIND_ACKNOWLEDGEMENT)
		pending->takes[pending->count++] =
			(struct sf_pending_take){.offer = message.fact.acknowledgement.message_id,
				.domains = SF_DOMAIN_ALL,
				.acknowledges = true};
	else if (message.fact.kind == SF_KIND_STAY && takes_back(&message.fact.stay))
		pending->takes[pending->count++] =
			(struct sf_pending_take){.domains = SF_DOMAIN_ALL};
	return true;
}

/* The domains that this party must act as holder of, as far as it can know. */
static sf_domain_set held_by(struct sf_sim_machine *machine, struct sf_id id)
{
	const struct sf_transition *transition = sf_sim_replica(machine, id);
	if (!transition)
		return 0;
	struct pending pending = {.transition = id, .seen = sf_transition_sequence(transition)};
	const struct sf_scan scan = {.table = &sf_node_table_outbox};
	const struct sf_store *store = sf_memory_port(machine->memory);
	SF_ASSERT(!store->scan(store->self, &scan, add_pending, &pending, NULL));
	sf_domain_set held = 0;
	for (enum sf_domain domain = SF_DOMAIN_MEDICAL; domain < SF_DOMAIN_COUNT; domain++)
		if (sf_transition_may_hold(
			    transition, machine->party, domain, pending.takes, pending.count))
			held |= SF_DOMAIN_BIT(domain);
	return held;
}

/* What a hostile practice was given, it has: nobody can say how it acts. */
static sf_domain_set held_by_hostile(
	const struct sf_sim_world *world, const struct sf_transition *transition)
{
	const struct sf_sim_machine *last = &world->machines[world->machine_count - 1];
	sf_domain_set held = 0;
	for (enum sf_domain domain = SF_DOMAIN_MEDICAL; domain < SF_DOMAIN_COUNT; domain++)
		if (last->hostile &&
			sf_id_equal(sf_transition_holder(transition, domain), last->party))
			held |= SF_DOMAIN_BIT(domain);
	return held;
}

static bool find_row(void *context, const void *row)
{
	(void)row;
	*(bool *)context = true;
	return false;
}

/*
 * A tail of the log that it stood in was lost. Until every party has heard of the new epoch and has
 * sent again what it had said, one may go by what is void and another by what stands: who accepted
 * does not know the offer any more, and who offered still believes the acceptance.
 */
static bool is_recovering(struct sf_sim_world *world, struct sf_id transition)
{
	bool found = false;
	const struct sf_node_row_void key = {.transition = transition};
	const struct sf_scan scan = {.table = &sf_node_table_void,
		.index = SF_NODE_VOID_BY_TRANSITION,
		.equal_count = 1,
		.from = &key};
	for (size_t i = 1; i < world->machine_count && !world->healed && !found; i++) {
		if (world->machines[i].hostile)
			continue; /* nobody's replica; and its store may be one that needs a start
				   */
		const struct sf_store *store = sf_memory_port(world->machines[i].memory);
		SF_ASSERT(!store->scan(store->self, &scan, find_row, &found, NULL));
	}
	return found;
}

/* R2: over all replicas somebody acts as holder of every domain that anybody sees as held. */
static const char *check_stay(struct sf_sim_world *world, const struct sf_sim_stay *stay)
{
	sf_domain_set needed = 0, held = 0;
	for (size_t i = 1; i < world->machine_count; i++) {
		struct sf_sim_machine *machine = &world->machines[i];
		if (machine->hostile)
			continue;
		if (!machine->on && machine->has_node)
			return NULL; /* it knows more than can be asked now */
		const struct sf_transition *transition = sf_sim_replica(machine, stay->transition);
		if (!transition)
			continue;
		if (sf_transition_frozen(transition))
			return "a ledger is frozen: an invariant would have broken";
		if (sf_transition_invariant_broken(transition))
			return sf_transition_invariant_broken(transition);
		held |= held_by(machine, stay->transition);
		held |= held_by_hostile(world, transition);
		for (enum sf_domain domain = SF_DOMAIN_MEDICAL;
			i == stay->hospital && domain < SF_DOMAIN_COUNT; domain++)
			if (!sf_id_is_none(sf_transition_holder(transition, domain)))
				needed |= SF_DOMAIN_BIT(domain);
	}
	return (needed & ~held) && !is_recovering(world, stay->transition)
		       ? "R2: a domain that nobody acts as holder of"
		       : NULL;
}

const char *sf_sim_check_now(const struct sf_sim_story *story)
{
	const char *broken = NULL;
	for (size_t i = 0; i < story->stay_count && !broken; i++)
		broken = check_stay(story->world, &story->stays[i]);
	return broken;
}
