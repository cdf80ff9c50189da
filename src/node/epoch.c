/*
 * A new epoch of the log (WIRE.md section 7.1): the coordinator's hello brings what the registrars
 * signed, before the first checkpoint of it. It is told apart from a fork by what is checked here:
 * the tree that is said to stand must be one that this node has seen nothing against.
 */
#include "node/state.h"

#include <string.h>

#include "audit/epoch.h"

enum verdict {
	VERDICT_FOLLOWS,
	VERDICT_KNOWN,
	VERDICT_UNSIGNED, /* not what the registrars sign, or not of this log, or not the next */
	VERDICT_BAD,      /* it contradicts what was seen: kind, against */
};

struct judging {
	struct sf_node *node;
	struct sf_view bytes;
	struct sf_declared_epoch declared;
	enum sf_contradiction kind;
	uint64_t against;
	struct sf_diag *diag;
};

static bool take_epoch(void *context, const void *row)
{
	const struct sf_node_row_epoch *epoch = row;
	*(uint32_t *)context = (uint32_t)epoch->epoch;
	return false;
}

enum sf_err sf_node_declared_epoch(struct sf_node *node, uint32_t *ret_epoch, struct sf_diag *diag)
{
	const struct sf_scan scan = {
		.table = &sf_node_table_epoch, .descending = true, .count_max = 1};
	const struct sf_store *store = sf_node_store(node);
	*ret_epoch = 1;
	return store->scan(store->self, &scan, take_epoch, ret_epoch, diag);
}

/*
 * The log's own signature of what stands. Its key may stand in an entry that this node has not yet,
 * or in none any more: then the registrars' word is what there is.
 */
static bool note_is_forged(const struct judging *judging)
{
	struct sf_note note;
	const struct sf_declared_epoch *declared = &judging->declared;
	if (sf_note_parse(declared->record.old_note, &note, NULL))
		return true;
	enum sf_err err = sf_node_note_check(
		judging->node, &note, declared->stands.origin, judging->node->now_ms);
	return err && err != SF_ERR_NOT_FOUND;
}

/* What was seen of the old epoch, at the size that is said to stand. */
static enum sf_err judge_seen(struct judging *judging, enum verdict *ret_verdict)
{
	struct sf_node *node = judging->node;
	const struct sf_checkpoint *stands = &judging->declared.stands;
	struct sf_node_row_checkpoint kept;
	struct sf_digest head;
	judging->against = stands->size;
	if (sf_node_head_at(node, stands->directory_version, &head) &&
		!sf_digest_equal(&head, &stands->directory_head)) {
		judging->kind = SF_CONTRADICTION_DIRECTORY;
		*ret_verdict = VERDICT_BAD;
		return SF_OK;
	}
	enum sf_err err = sf_node_checkpoint_row(
		node, judging->declared.epoch - 1, stands->size, &kept, judging->diag);
	judging->kind = SF_CONTRADICTION_FORK;
	if (!err && !sf_digest_equal(&kept.root, &stands->root))
		*ret_verdict = VERDICT_BAD;
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

static enum sf_err judge(struct judging *judging, enum verdict *ret_verdict)
{
	struct sf_node *node = judging->node;
	struct sf_diag why = {.text = ""};
	uint32_t newest;
	*ret_verdict = VERDICT_UNSIGNED;
	if (sf_epoch_open(&node->ports.crypto, &node->options.registrars, judging->bytes,
		    &judging->declared, &why))
		return SF_OK;
	enum sf_err err = sf_node_declared_epoch(node, &newest, judging->diag);
	if (err)
		return err;
	if (judging->declared.epoch <= newest) {
		*ret_verdict = VERDICT_KNOWN;
		return SF_OK;
	}
	bool other_log = node->log.name[0] && strcmp(node->log.name, judging->declared.log) != 0;
	if (other_log || judging->declared.epoch != newest + 1 || note_is_forged(judging))
		return SF_OK;
	*ret_verdict = VERDICT_FOLLOWS;
	return judge_seen(judging, ret_verdict);
}

static enum sf_err keep_record(struct judging *judging)
{
	const struct sf_node_row_epoch row = {.epoch = judging->declared.epoch,
		.common_size = (int64_t)judging->declared.stands.size,
		.record = judging->bytes};
	const struct sf_store *store = sf_node_store(judging->node);
	return store->insert(store->self, &sf_node_table_epoch, &row, judging->diag);
}

/* What stands is a checkpoint like any: proofs lead to it, and a witness cosigns it. */
static enum sf_err keep_what_stands(struct judging *judging)
{
	struct sf_node *node = judging->node;
	const struct sf_checkpoint *stands = &judging->declared.stands;
	uint32_t epoch = judging->declared.epoch - 1;
	struct sf_node_row_checkpoint row;
	enum sf_err err = sf_node_checkpoint_row(node, epoch, stands->size, &row, judging->diag);
	if (err && err != SF_ERR_NOT_FOUND)
		return err;
	if (!err) {
		row.note = sf_arena_copy(&node->arena, row.note);
		row.witnessed = sf_arena_copy(&node->arena, row.witnessed);
		if (!row.note.data || !row.witnessed.data)
			return SF_ERR_LIMIT;
	} else {
		row = (struct sf_node_row_checkpoint){.epoch = epoch,
			.size = (int64_t)stands->size,
			.root = stands->root,
			.note = judging->declared.record.old_note,
			.directory_version = (int64_t)stands->directory_version,
			.directory_head = stands->directory_head,
			.at_ms = node->now_ms};
	}
	bool witness = sf_node_is_witness(node);
	row.cosigned = row.cosigned || witness;
	const struct sf_store *store = sf_node_store(node);
	err = store->replace(store->self, &sf_node_table_checkpoint, &row, judging->diag);
	if (!err && witness)
		node->log.cosign = (struct sf_node_seen){epoch, stands->size, stands->root,
			stands->directory_version, stands->directory_head};
	return err;
}

static enum sf_err follow(struct judging *judging)
{
	struct sf_node *node = judging->node;
	const struct sf_declared_epoch *declared = &judging->declared;
	enum sf_err err = keep_record(judging);
	if (!err)
		err = keep_what_stands(judging);
	if (!err)
		err = sf_node_leave_epoch(
			node, declared->epoch - 1, declared->stands.size, judging->diag);
	if (err)
		return err;
	/* Forks and rollbacks of the epochs before are explained. */
	node->log.halted = false;
	node->log.doubted_ms = 0;
	node->log.past_open = true;
	sf_node_tell_ids(node, SF_FEED_EPOCH, (struct sf_id){{0}}, node->options.coordinator,
		node->options.party);
	return SF_OK;
}

/* False in *ret_goes_on: the records behind this one follow from nothing. */
static enum sf_err learn(struct judging *judging, bool *ret_goes_on)
{
	enum verdict verdict;
	enum sf_err err = judge(judging, &verdict);
	*ret_goes_on = !err && (verdict == VERDICT_KNOWN || verdict == VERDICT_FOLLOWS);
	if (err)
		return err;
	switch (verdict) {
	case VERDICT_KNOWN:
		return SF_OK;
	case VERDICT_FOLLOWS:
		return follow(judging);
	case VERDICT_UNSIGNED:
		sf_node_alarm(judging->node);
		return SF_OK;
	case VERDICT_BAD:
		break;
	}
	return sf_node_contradict_note(judging->node, judging->kind, judging->against,
		judging->declared.record.old_note, judging->diag);
}

enum sf_err sf_node_learn_epochs(
	struct sf_node *node, const struct sf_hello *hello, struct sf_diag *diag)
{
	if (hello->epoch_count == 0)
		return SF_OK;
	struct judging *judging = sf_arena_take(&node->arena, sizeof(*judging));
	bool goes_on = true;
	enum sf_err err = judging ? SF_OK : SF_ERR_LIMIT;
	for (size_t i = 0; i < hello->epoch_count && goes_on && !err; i++) {
		*judging = (struct judging){.node = node, .bytes = hello->epochs[i], .diag = diag};
		err = learn(judging, &goes_on);
	}
	return err;
}

static bool take_past(void *context, const void *row)
{
	struct sf_node_row_proof *found = context;
	const struct sf_node_row_proof *proof = row;
	if (proof->epoch >= found->epoch)
		return true;
	found->open = 1;
	found->epoch = proof->epoch;
	return false;
}

enum sf_err sf_node_past_anchor(
	struct sf_node *node, struct sf_node_seen *ret_anchor, struct sf_diag *diag)
{
	struct sf_node_row_proof found = {.epoch = node->log.epoch};
	const struct sf_scan scan = {.table = &sf_node_table_proof, .index = SF_NODE_PROOF_OPEN};
	const struct sf_store *store = sf_node_store(node);
	*ret_anchor = (struct sf_node_seen){.size = 0};
	enum sf_err err = store->scan(store->self, &scan, take_past, &found, diag);
	if (err || found.open == 0)
		return err;
	struct sf_node_row_epoch next = {.epoch = found.epoch + 1};
	struct sf_node_row_checkpoint stands;
	err = store->get(store->self, &sf_node_table_epoch, 0, &next, diag);
	if (!err)
		err = sf_node_checkpoint_row(
			node, (uint32_t)found.epoch, (uint64_t)next.common_size, &stands, diag);
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	*ret_anchor = (struct sf_node_seen){(uint32_t)found.epoch, (uint64_t)stands.size,
		stands.root, (uint64_t)stands.directory_version, stands.directory_head};
	return SF_OK;
}
