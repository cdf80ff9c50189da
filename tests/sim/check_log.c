/*
 * What must hold of the log once a region has healed and is quiet: every node has checked the
 * newest checkpoint and signed it as a witness, nothing contradicts anything, and what nodes have
 * receipts of is proven to be in the tree.
 */
#include "coordinator/tables.h"
#include "node/tables.h"
#include "sim/story.h"

static bool take_checkpoint(void *context, const void *row)
{
	*(struct sf_row_checkpoint *)context = *(const struct sf_row_checkpoint *)row;
	return false;
}

static bool take_epoch(void *context, const void *row)
{
	*(struct sf_row_epoch *)context = *(const struct sf_row_epoch *)row;
	return false;
}

static bool take_seen(void *context, const void *row)
{
	*(struct sf_node_row_checkpoint *)context = *(const struct sf_node_row_checkpoint *)row;
	return false;
}

static bool find_open(void *context, const void *row)
{
	(void)row;
	*(bool *)context = true;
	return false;
}

static const char *newest_of(struct sf_sim_world *world, struct sf_row_checkpoint *ret_newest)
{
	const struct sf_store *store = sf_memory_port(sf_sim_coordinator(world)->memory);
	const struct sf_scan scan = {.table = &sf_table_checkpoint, .descending = true};
	*ret_newest = (struct sf_row_checkpoint){.size = 0};
	return store->scan(store->self, &scan, take_checkpoint, ret_newest, NULL)
		       ? "a store cannot be read"
		       : NULL;
}

struct unexplained {
	int64_t epoch;
	bool found;
};

/* A rollback before the epoch that goes on was declared. */
static bool find_unexplained(void *context, const void *row)
{
	struct unexplained *unexplained = context;
	const struct sf_node_row_contradiction *contradiction = row;
	unexplained->found |= contradiction->kind != SF_CONTRADICTION_ROLLBACK ||
			      contradiction->epoch >= unexplained->epoch;
	return !unexplained->found;
}

const char *sf_sim_check_witness(struct sf_sim_machine *node)
{
	struct sf_row_checkpoint newest;
	const char *broken = newest_of(node->world, &newest);
	const struct sf_store *store = sf_memory_port(node->memory);
	const struct sf_scan checkpoints = {.table = &sf_node_table_checkpoint, .descending = true};
	const struct sf_scan proofs = {.table = &sf_node_table_proof, .index = SF_NODE_PROOF_OPEN};
	struct sf_node_row_checkpoint seen = {.size = 0};
	bool open = false;
	if (broken || store->scan(store->self, &checkpoints, take_seen, &seen, NULL) ||
		store->scan(store->self, &proofs, find_open, &open, NULL))
		return "a store cannot be read";
	struct unexplained unexplained = {.epoch = newest.epoch};
	const struct sf_scan contradictions = {.table = &sf_node_table_contradiction};
	if (store->scan(store->self, &contradictions, find_unexplained, &unexplained, NULL))
		return "a store cannot be read";
	if (unexplained.found)
		return "a node was shown a contradiction where nobody lied";
	/*
	 * A frame that is lost within a session, as no real link loses it, may be the last
	 * checkpoint: its node hears of the log again with the next one, or the next hello.
	 */
	if (node->world->dropped > 0 && seen.size < newest.size)
		return NULL;
	if (seen.size != newest.size || !sf_digest_equal(&seen.root, &newest.root))
		return "a node has not checked the newest checkpoint";
	if (!seen.cosigned)
		return "a witness has not signed the newest checkpoint";
	return open ? "a receipt was not proven to be in the log" : NULL;
}

const char *sf_sim_check_log(struct sf_sim_world *world)
{
	struct sf_row_checkpoint newest;
	const char *broken = newest_of(world, &newest);
	struct sf_memory *log = sf_sim_coordinator(world)->memory;
	const struct sf_scan epochs = {.table = &sf_table_epoch, .descending = true};
	const struct sf_store *store = sf_memory_port(log);
	struct sf_row_epoch epoch = {.base = 0};
	if (!broken && store->scan(store->self, &epochs, take_epoch, &epoch, NULL))
		broken = "a store cannot be read";
	if (!broken && (size_t)(epoch.base + newest.size) != sf_memory_count(log, &sf_table_event))
		broken = "the newest checkpoint is not of the whole log";
	for (size_t i = 1; i < world->machine_count && !broken; i++) {
		struct sf_sim_machine *machine = &world->machines[i];
		if (machine->has_node && !machine->hostile)
			broken = sf_sim_check_witness(machine);
	}
	return broken;
}
