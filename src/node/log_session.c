/*
 * The log over the life of a connection: what the hello says of it, what the coordinator's hello
 * must not say, and the questions that are asked at the end of a turn.
 */
#include "node/state.h"

#include <string.h>

enum sf_err sf_node_checkpoint_row(struct sf_node *node, uint32_t epoch, uint64_t size,
	struct sf_node_row_checkpoint *ret_row, struct sf_diag *diag)
{
	struct sf_node_row_checkpoint row = {.epoch = epoch, .size = (int64_t)size};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->get(store->self, &sf_node_table_checkpoint, 0, &row, diag);
	if (err)
		return err;
	if (row.at_ms <= node->log.forgotten_ms)
		return SF_ERR_NOT_FOUND;
	*ret_row = row;
	return SF_OK;
}

enum sf_err sf_node_log_hello(struct sf_node *node, struct sf_hello *hello, struct sf_diag *diag)
{
	const struct sf_node_seen *newest = &node->log.newest;
	if (newest->size == 0)
		return SF_OK;
	struct sf_node_row_checkpoint row;
	enum sf_err err = sf_node_checkpoint_row(node, newest->epoch, newest->size, &row, diag);
	if (err)
		return err;
	hello->epoch = newest->epoch;
	hello->log_size = newest->size;
	hello->log_root = newest->root;
	hello->log_note = sf_arena_copy(&node->arena, row.note);
	return hello->log_note.data ? SF_OK : SF_ERR_LIMIT;
}

/* Everything that was not answered is asked anew on a new connection. */
static void forget_questions(struct sf_node *node)
{
	struct sf_node_log *log = &node->log;
	const struct sf_node_question none = {.asked_ms = 0};
	sf_node_wait_no_more(node);
	log->proof = log->gossip = log->tail = log->ahead = none;
	log->asked_count = 0;
	log->anchor.size = 0;
	log->cosign.size = 0;
	log->cosigned_size = 0;
	log->proofs_open = log->gossip_open = true;
}

/* Which log it keeps. An origin that cannot be one is that of a coordinator without a log key. */
static void read_origin(struct sf_node *node, const struct sf_hello *hello)
{
	struct sf_node_log *log = &node->log;
	char name[SF_NOTE_NAME_SIZE];
	uint32_t epoch = 0;
	size_t size = strlen(hello->origin);
	log->origin[0] = '\0';
	log->epoch = 0;
	bool good = size < sizeof(log->origin) && !sf_origin_parse(hello->origin, name, &epoch) &&
		    epoch == hello->epoch;
	if (!good)
		return;
	memcpy(log->origin, hello->origin, size + 1);
	log->epoch = epoch;
}

static enum sf_contradiction contradiction_of(
	const struct sf_node *node, const struct sf_hello *hello, uint32_t declared)
{
	const struct sf_node_log *log = &node->log;
	const struct sf_node_seen *newest = &log->newest;
	char name[SF_NOTE_NAME_SIZE] = "";
	uint32_t epoch;
	/* An epoch that nobody declared is a log that forgot what it signed. */
	if (newest->size > 0 && hello->epoch > declared)
		return SF_CONTRADICTION_ROLLBACK;
	if (newest->size == 0 || hello->epoch > newest->epoch)
		return SF_CONTRADICTION_NONE;
	if (hello->epoch < newest->epoch || hello->log_size < newest->size)
		return SF_CONTRADICTION_ROLLBACK;
	bool other_log = sf_origin_parse(log->origin, name, &epoch) || strcmp(name, log->name) != 0;
	bool other_root = hello->log_size == newest->size &&
			  !sf_digest_equal(&hello->log_root, &newest->root);
	return other_log || other_root ? SF_CONTRADICTION_FORK : SF_CONTRADICTION_NONE;
}

/*
 * A hello's answer that is behind is believed when a second one, of another moment, says the same:
 * a network may bring an old one late. Meanwhile nothing is submitted.
 */
enum sf_err sf_node_log_greeted(
	struct sf_node *node, const struct sf_hello *hello, bool *ret_good, struct sf_diag *diag)
{
	struct sf_node_log *log = &node->log;
	*ret_good = true;
	if (node->greeted)
		return SF_OK;
	read_origin(node, hello);
	forget_questions(node);
	uint32_t declared;
	enum sf_err err = sf_node_learn_epochs(node, hello, diag);
	if (!err)
		err = sf_node_declared_epoch(node, &declared, diag);
	if (err)
		return err;
	enum sf_contradiction kind = contradiction_of(node, hello, declared);
	*ret_good = kind == SF_CONTRADICTION_NONE;
	bool doubted = log->doubted_ms != 0 && log->doubted_ms != hello->now_ms;
	log->doubted_ms = *ret_good ? 0 : hello->now_ms;
	if (*ret_good || !doubted)
		return SF_OK;
	struct sf_node_row_checkpoint row;
	err = sf_node_checkpoint_row(node, log->newest.epoch, log->newest.size, &row, diag);
	if (err)
		return err;
	const struct sf_node_row_contradiction contradiction = {.kind = (int64_t)kind,
		.epoch = hello->epoch,
		.size = (int64_t)hello->log_size,
		.note = sf_arena_copy(&node->arena, row.note)};
	return contradiction.note.data ? sf_node_contradict(node, &contradiction, diag)
				       : SF_ERR_LIMIT;
}

enum sf_err sf_node_log_due(struct sf_node *node, struct sf_diag *diag)
{
	if (!node->greeted || node->log.halted || !node->log.origin[0])
		return SF_OK;
	enum sf_err err = sf_node_waiting_due(node, diag);
	if (!err)
		err = sf_node_ask_proofs(node, diag);
	if (!err)
		err = sf_node_watch_tail(node, diag);
	if (!err)
		err = sf_node_watch_ahead(node, diag);
	return err ? err : sf_node_ask_gossip(node, diag);
}

static int64_t earlier(int64_t due_ms, int64_t other_ms)
{
	return other_ms < due_ms ? other_ms : due_ms;
}

int64_t sf_node_log_due_ms(const struct sf_node *node)
{
	const struct sf_node_log *log = &node->log;
	int64_t timeout_ms = node->options.log_timeout_ms, due_ms = INT64_MAX;
	if (!node->greeted || log->halted || !log->origin[0])
		return INT64_MAX;
	if (log->waits)
		due_ms = earlier(due_ms, log->hashes.asked_ms + timeout_ms);
	if (log->proof.asked_ms)
		due_ms = earlier(due_ms, log->proof.asked_ms + timeout_ms);
	else if (log->proofs_open && log->anchor.size > 0)
		due_ms = earlier(due_ms, log->anchor_ms + node->options.proof_ms);
	if (log->tail.since_ms)
		due_ms = earlier(due_ms, log->tail.since_ms + node->options.tail_patience_ms);
	if (log->ahead.since_ms)
		due_ms = earlier(due_ms, log->ahead.since_ms + node->options.log_patience_ms);
	if (log->gossip.asked_ms)
		due_ms = earlier(due_ms, log->gossip.asked_ms + timeout_ms);
	return due_ms;
}
