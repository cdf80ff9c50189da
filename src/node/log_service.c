/* What people ask a node of the log: how far it was checked, whether it holds, where a message is.
 */
#include "node/log_service.h"

#include <string.h>

#include "audit/listing.h"
#include "log/proof.h"
#include "node/state.h"

/* Receipts, and checkpoints, that are checked again in one turn: a second or so. */
#define VERIFY_MAX ((size_t)10000)
/* Contradictions that one reply shows with their notes, newest first. */
#define CONTRADICTION_ROWS_MAX ((size_t)64)

struct walk {
	struct sf_node *node;
	struct sf_listing listing;
	struct sf_listing_rows rows;
	struct sf_reply_log *reply;
	uint64_t count;
	enum sf_err err;
	struct sf_diag *diag;
};

static struct sf_view keep(struct walk *walk, struct sf_view bytes)
{
	struct sf_view kept = sf_arena_copy(walk->listing.arena, bytes);
	walk->listing.full |= !kept.data;
	return kept;
}

static bool visit_contradiction(void *context, const void *row)
{
	struct walk *walk = context;
	const struct sf_node_row_contradiction *kept = row;
	struct sf_contradiction_row *place = sf_listing_add(&walk->listing, &walk->rows);
	if (!place)
		return false;
	*place = (struct sf_contradiction_row){.cursor = (uint64_t)kept->position,
		.at_ms = kept->at_ms,
		.kind = (enum sf_contradiction)kept->kind,
		.epoch = (uint32_t)kept->epoch,
		.size = (uint64_t)kept->size,
		.note = keep(walk, kept->note),
		.other = keep(walk, kept->other),
		.party = kept->party,
		.party_name = sf_listing_name(&walk->listing, kept->party)};
	return true;
}

/* Newest first: the first is the newest, the first that has them is the newest with signatures. */
static bool visit_checkpoint(void *context, const void *row)
{
	struct walk *walk = context;
	const struct sf_node_row_checkpoint *kept = row;
	struct sf_reply_log *reply = walk->reply;
	if (kept->at_ms <= walk->node->log.forgotten_ms)
		return true;
	if (reply->size == 0) {
		reply->size = (uint64_t)kept->size;
		reply->root = kept->root;
		reply->at_ms = kept->at_ms;
		reply->note = keep(walk, kept->note);
	}
	if (kept->witnessed.size == 0)
		return ++walk->count < SF_LISTING_WALK_MAX;
	reply->witnessed_size = (uint64_t)kept->size;
	reply->witnessed_ms = kept->at_ms;
	reply->witnessed = keep(walk, kept->witnessed);
	return false;
}

static bool visit_open(void *context, const void *row)
{
	struct walk *walk = context;
	const struct sf_node_row_proof *proof = row;
	if (walk->count++ == 0 && proof->leaf.size == SF_LEAF_SIZE)
		walk->reply->unproven_since_ms = (int64_t)sf_get_u64(proof->leaf.data + 2);
	return true;
}

/* Whoever signed the newest note with a quorum, as far as it is known who that is. */
static void list_cosigners(struct walk *walk)
{
	struct sf_reply_log *reply = walk->reply;
	struct sf_note *note = sf_arena_take(&walk->node->arena, sizeof(*note));
	walk->rows = (struct sf_listing_rows){.item_size = sizeof(struct sf_cosigner_row)};
	walk->listing.full |= !note;
	if (!note || reply->witnessed.size == 0 || sf_note_parse(reply->witnessed, note, NULL))
		return;
	for (size_t i = 0; i < note->signature_count; i++) {
		struct sf_id party;
		if (sf_witness_party(note->signatures[i].name, &party))
			continue;
		const struct sf_directory_entry *entry =
			sf_directory_party(walk->node->directory, party);
		struct sf_cosigner_row *place = sf_listing_add(&walk->listing, &walk->rows);
		if (!place)
			return;
		*place = (struct sf_cosigner_row){.party = party,
			.name = sf_listing_name(&walk->listing, party),
			.role = entry ? entry->role : SF_ROLE_NONE,
			.epoch = reply->epoch,
			.size = reply->witnessed_size,
			.at_ms = reply->witnessed_ms};
	}
	reply->cosigner_count = walk->rows.count;
	reply->cosigners = walk->rows.items;
}

static enum sf_err scan(struct walk *walk, const struct sf_scan *wanted, sf_row_visitor *visitor)
{
	const struct sf_store *store = sf_node_store(walk->node);
	walk->count = 0;
	enum sf_err err = store->scan(store->self, wanted, visitor, walk, walk->diag);
	return err ? err : walk->err;
}

static const char *standing_fault(const struct sf_node *node)
{
	if (node->log.halted)
		return "the log contradicts itself: nothing is submitted, taken or signed until an "
		       "epoch record explains it or a person decides";
	return "";
}

static enum sf_err fill(struct walk *walk)
{
	struct sf_node *node = walk->node;
	struct sf_reply_log *reply = walk->reply;
	const struct sf_node_seen *newest = &node->log.newest;
	const char *origin = node->log.origin;
	*reply = (struct sf_reply_log){
		.origin = newest->size ? sf_listing_text(&walk->listing, origin) : "",
		.epoch = newest->epoch,
		.directory_version = newest->directory_version,
		.leaf_count = (uint64_t)node->counter_values[SF_NODE_COUNTER_RECEIPTS],
		.policy = "",
		.fault = standing_fault(node)};
	const struct sf_scan checkpoints = {.table = &sf_node_table_checkpoint, .descending = true};
	const struct sf_scan open = {.table = &sf_node_table_proof,
		.index = SF_NODE_PROOF_OPEN,
		.count_max = SF_LISTING_WALK_MAX};
	const struct sf_scan contradictions = {.table = &sf_node_table_contradiction,
		.descending = true,
		.count_max = CONTRADICTION_ROWS_MAX};
	enum sf_err err = scan(walk, &checkpoints, visit_checkpoint);
	if (!err)
		err = scan(walk, &open, visit_open);
	reply->unproven_count = walk->count;
	walk->rows = (struct sf_listing_rows){.item_size = sizeof(struct sf_contradiction_row)};
	if (!err)
		err = scan(walk, &contradictions, visit_contradiction);
	reply->contradiction_count = walk->rows.count;
	reply->contradictions = walk->rows.items;
	if (!err)
		list_cosigners(walk);
	return err;
}

/* False: the row, or what it leads to, is not what was checked when it was kept. */
static bool checkpoint_holds(struct walk *walk, const struct sf_node_row_checkpoint *kept)
{
	struct sf_note *note = sf_arena_take(&walk->node->arena, sizeof(*note));
	struct sf_checkpoint checkpoint;
	if (!note) {
		walk->err = SF_ERR_LIMIT;
		return true;
	}
	return !sf_note_parse(kept->note, note, NULL) &&
	       !sf_checkpoint_parse(note->text, &checkpoint, NULL) &&
	       !sf_node_note_check(walk->node, note, checkpoint.origin, kept->at_ms) &&
	       checkpoint.size == (uint64_t)kept->size &&
	       sf_digest_equal(&checkpoint.root, &kept->root);
}

static bool verify_checkpoint(void *context, const void *row)
{
	struct walk *walk = context;
	if (!checkpoint_holds(walk, row))
		walk->reply->fault =
			"a checkpoint that is kept here is not one that the log signed";
	walk->reply->checked++;
	return !walk->err && !walk->reply->fault[0];
}

static bool receipt_holds(
	struct walk *walk, struct sf_node_row_proof *proof, struct sf_signed_receipt *receipt)
{
	struct sf_receipt decoded;
	uint8_t leaf[SF_LEAF_SIZE];
	if (sf_receipt_decode(receipt->receipt, &decoded, NULL) ||
		sf_node_check_receipt(walk->node, receipt, &decoded))
		return false;
	sf_log_receipt_leaf(&walk->node->ports.crypto, &decoded, proof->transition, leaf);
	return sf_view_equal(proof->leaf, sf_view_of(leaf, sizeof(leaf)));
}

static bool path_leads_there(struct walk *walk, const struct sf_node_row_proof *proof)
{
	struct sf_node_row_checkpoint kept = {.epoch = proof->epoch, .size = proof->size};
	const struct sf_store *store = sf_node_store(walk->node);
	walk->err = store->get(store->self, &sf_node_table_checkpoint, 0, &kept, walk->diag);
	if (walk->err == SF_ERR_NOT_FOUND) {
		walk->err = SF_OK;
		return false;
	}
	return walk->err ||
	       sf_node_path_holds(walk->node, proof, proof->path, (uint64_t)kept.size, &kept.root);
}

static bool verify_proof(void *context, const void *row)
{
	struct walk *walk = context;
	struct sf_node_row_proof proof = *(const struct sf_node_row_proof *)row;
	struct sf_signed_receipt receipt;
	enum sf_err err = sf_node_find_receipt(walk->node, &proof, &receipt, walk->diag);
	if (!err && !receipt_holds(walk, &proof, &receipt))
		walk->reply->fault = "a receipt that is kept here is not what its leaf commits to";
	else if (err && err != SF_ERR_NOT_FOUND)
		walk->err = err;
	else if (proof.open == 0 && proof.size > 0 && !path_leads_there(walk, &proof))
		walk->reply->fault = "a receipt is not in the tree that its proof leads to";
	walk->reply->checked++;
	return !walk->err && !walk->reply->fault[0];
}

static enum sf_err verify(struct walk *walk)
{
	const struct sf_scan checkpoints = {
		.table = &sf_node_table_checkpoint, .descending = true, .count_max = VERIFY_MAX};
	const struct sf_scan proofs = {
		.table = &sf_node_table_proof, .descending = true, .count_max = VERIFY_MAX};
	if (walk->reply->fault[0])
		return SF_OK;
	enum sf_err err = scan(walk, &checkpoints, verify_checkpoint);
	if (!err && !walk->reply->fault[0])
		err = scan(walk, &proofs, verify_proof);
	walk->reply->verified = !err && !walk->reply->fault[0];
	return err;
}

enum sf_err sf_node_serve_log(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	struct sf_reply reply = {.kind = SF_REPLY_LOG, .text = ""};
	struct walk walk = {.node = node,
		.listing = {node->directory, arena, false},
		.reply = &reply.log,
		.diag = diag};
	enum sf_err err = fill(&walk);
	if (!err && request->log.verify)
		err = verify(&walk);
	if (err || walk.listing.full)
		return err ? err : SF_ERR_LIMIT;
	*ret_reply = reply;
	return SF_OK;
}

struct choice {
	struct sf_node *node;
	struct sf_node_row_proof row;
};

/* It stood in a tail of the log that was lost. */
static bool is_void(struct sf_node *node, const struct sf_node_row_proof *proof)
{
	struct sf_node_row_void row = {.epoch = proof->epoch, .leaf_index = proof->leaf_index};
	const struct sf_store *store = sf_node_store(node);
	return !store->get(store->self, &sf_node_table_void, 0, &row, NULL);
}

/* Newest first; the first that is proven and stands is shown, else the first. */
static bool choose_proof(void *context, const void *row)
{
	struct choice *choice = context;
	const struct sf_node_row_proof *proof = row;
	bool proven = proof->open == 0 && proof->size > 0;
	if (choice->row.epoch != 0 && (!proven || is_void(choice->node, proof)))
		return true;
	choice->row.epoch = proof->epoch;
	choice->row.leaf_index = proof->leaf_index;
	return !proven;
}

static enum sf_err find_proof(struct sf_node *node, struct sf_id message,
	struct sf_node_row_proof *ret_proof, struct sf_diag *diag)
{
	const struct sf_node_row_proof key = {.message_id = message};
	const struct sf_scan scan = {.table = &sf_node_table_proof,
		.index = SF_NODE_PROOF_BY_MESSAGE,
		.equal_count = 1,
		.from = &key,
		.descending = true};
	struct choice choice = {.node = node};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, choose_proof, &choice, diag);
	struct sf_node_row_proof row = choice.row;
	if (!err)
		err = row.epoch ? store->get(store->self, &sf_node_table_proof, 0, &row, diag)
				: SF_ERR_NOT_FOUND;
	if (err)
		return err;
	row.leaf = sf_arena_copy(&node->arena, row.leaf);
	row.path = sf_arena_copy(&node->arena, row.path);
	*ret_proof = row;
	return row.leaf.data && row.path.data ? SF_OK : SF_ERR_LIMIT;
}

static enum sf_err write_extra(struct sf_node *node, const struct sf_node_row_proof *row,
	struct sf_proof *proof, struct sf_diag *diag)
{
	struct sf_signed_receipt receipt;
	enum sf_err err = sf_node_find_receipt(node, row, &receipt, diag);
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	struct sf_buf extra;
	sf_buf_init(&extra, sizeof(proof->extra));
	err = sf_signed_receipt_encode(&receipt, &extra);
	if (!err && extra.size > 0) {
		memcpy(proof->extra, extra.data, extra.size);
		proof->extra_size = extra.size;
	}
	sf_buf_fini(&extra);
	return err;
}

static enum sf_err write_proof(struct sf_node *node, const struct sf_node_row_proof *row,
	struct sf_buf *text, struct sf_diag *diag)
{
	struct sf_proof *proof = sf_arena_take(&node->arena, sizeof(*proof));
	if (!proof)
		return SF_ERR_LIMIT;
	enum sf_err err = write_extra(node, row, proof, diag);
	struct sf_node_row_checkpoint kept = {.epoch = row->epoch, .size = row->size};
	const struct sf_store *store = sf_node_store(node);
	if (!err)
		err = store->get(store->self, &sf_node_table_checkpoint, 0, &kept, diag);
	if (err)
		return err;
	proof->checkpoint = kept.witnessed.size > 0 ? kept.witnessed : kept.note;
	proof->index = (uint64_t)row->leaf_index;
	proof->count = row->path.size / SF_DIGEST_SIZE;
	if (proof->count > SF_TREE_PROOF_MAX)
		return SF_ERR_CORRUPT;
	if (proof->count > 0)
		memcpy(proof->hashes, row->path.data, proof->count * SF_DIGEST_SIZE);
	return sf_proof_format(proof, text);
}

enum sf_err sf_node_serve_proof(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	struct sf_node_row_proof row;
	enum sf_err err = find_proof(node, request->proof.message, &row, diag);
	if (err == SF_ERR_NOT_FOUND) {
		sf_reply_refuse(
			ret_reply, arena, err, "no receipt of a message with this id is kept here");
		return SF_OK;
	}
	if (err)
		return err;
	struct sf_reply reply = {.kind = SF_REPLY_PROOF,
		.text = "",
		.proof = {.pending = row.size == 0,
			.epoch = (uint32_t)row.epoch,
			.index = (uint64_t)row.leaf_index}};
	struct sf_buf text;
	sf_buf_init(&text, SF_PROOF_SIZE_MAX);
	if (row.size > 0)
		err = write_proof(node, &row, &text, diag);
	if (!err)
		reply.proof.proof = sf_arena_copy(arena, sf_buf_view(&text));
	sf_buf_fini(&text);
	if (err || !reply.proof.proof.data)
		return err ? err : SF_ERR_LIMIT;
	*ret_reply = reply;
	return SF_OK;
}
