/* What memory holds of the log, as the store says: at the start, and after a lost turn. */
#include "node/state.h"

struct load {
	struct sf_node *node;
	int64_t explained_epoch; /* the newest that a record of the registrars begins */
	struct sf_diag *diag;
	enum sf_err err;
};

static bool visit_epoch(void *context, const void *row)
{
	struct load *load = context;
	const struct sf_node_row_epoch *epoch = row;
	load->explained_epoch = epoch->epoch;
	return false;
}

/*
 * What a person has seen stops the node no longer. The checkpoints until then count for nothing:
 * which of the two histories goes on is what the coordinator says next.
 */
static bool visit_contradiction(void *context, const void *row)
{
	struct load *load = context;
	const struct sf_node_row_contradiction *contradiction = row;
	struct sf_node_log *log = &load->node->log;
	if (contradiction->kind != SF_CONTRADICTION_FORK &&
		contradiction->kind != SF_CONTRADICTION_ROLLBACK)
		return true;
	if (contradiction->position <= load->node->options.contradictions_seen)
		log->forgotten_ms = contradiction->at_ms;
	else if (contradiction->epoch >= load->explained_epoch)
		log->halted = true;
	return true;
}

static bool visit_checkpoint(void *context, const void *row)
{
	struct load *load = context;
	const struct sf_node_row_checkpoint *kept = row;
	struct sf_node_log *log = &load->node->log;
	if (kept->at_ms <= log->forgotten_ms)
		return true;
	struct sf_note note;
	struct sf_checkpoint checkpoint;
	uint32_t epoch = 0;
	load->err = sf_note_parse(kept->note, &note, load->diag);
	if (!load->err)
		load->err = sf_checkpoint_parse(note.text, &checkpoint, load->diag);
	if (!load->err)
		load->err = sf_origin_parse(checkpoint.origin, log->name, &epoch);
	if (load->err) {
		sf_diag_prefix(load->diag, "checkpoint %lld of the store", (long long)kept->size);
		return false;
	}
	log->newest = (struct sf_node_seen){epoch, checkpoint.size, checkpoint.root,
		checkpoint.directory_version, checkpoint.directory_head};
	log->recent_count = 1;
	log->recent[0].size = checkpoint.size;
	log->recent[0].kept = true; /* perhaps a proof leads to it */
	return false;
}

static bool count_gossip(void *context, const void *row)
{
	struct load *load = context;
	(void)row;
	load->node->log.gossip_count++;
	return true;
}

/* Everything but the directory's heads and the buffers, which are kept to be used again. */
static void forget(struct sf_node_log *log)
{
	const struct sf_node_log kept = *log;
	*log = (struct sf_node_log){.heads = kept.heads,
		.head_capacity = kept.head_capacity,
		.waiting = kept.waiting,
		.waiting_path = kept.waiting_path,
		.past_open = true,
		.proofs_open = true,
		.gossip_open = true};
	sf_buf_clear(&log->waiting);
	sf_buf_clear(&log->waiting_path);
}

enum sf_err sf_node_load_log(struct sf_node *node, struct sf_diag *diag)
{
	forget(&node->log);
	struct load load = {.node = node, .diag = diag};
	const struct sf_scan epochs = {
		.table = &sf_node_table_epoch, .descending = true, .count_max = 1};
	const struct sf_scan contradictions = {.table = &sf_node_table_contradiction};
	const struct sf_scan checkpoints = {.table = &sf_node_table_checkpoint, .descending = true};
	const struct sf_scan gossip = {.table = &sf_node_table_gossip};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &epochs, visit_epoch, &load, diag);
	if (!err)
		err = store->scan(store->self, &contradictions, visit_contradiction, &load, diag);
	if (!err)
		err = store->scan(store->self, &checkpoints, visit_checkpoint, &load, diag);
	if (!err)
		err = store->scan(store->self, &gossip, count_gossip, &load, diag);
	return err ? err : load.err;
}
