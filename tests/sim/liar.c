#include "sim/liar.h"

#include <stdlib.h>
#include <string.h>

#include "coordinator/tables.h"

#define ARENA_SIZE ((size_t)64 * 1024 * 1024)

void sf_sim_liar_open(
	struct sf_sim_liar *liar, struct sf_sim_world *world, struct sf_sim_machine *victim)
{
	*liar = (struct sf_sim_liar){.world = world, .victim = victim};
	sf_crypto_port(sf_sim_coordinator(world)->keyring, &liar->crypto);
	sf_arena_init(&liar->arena, ARENA_SIZE);
	sf_buf_init(&liar->kept, SF_FRAME_SIZE_MAX);
	world->liar = liar;
}

void sf_sim_liar_close(struct sf_sim_liar *liar)
{
	liar->world->liar = NULL;
	sf_arena_fini(&liar->arena);
	sf_buf_fini(&liar->kept);
	free(liar->leaves);
}

/* A view of bytes that live as long as the frame that is changed. */
static struct sf_view keep(struct sf_sim_liar *liar, struct sf_buf *buf)
{
	struct sf_view kept = sf_arena_copy(&liar->arena, sf_buf_view(buf));
	SF_ASSERT(kept.data);
	sf_buf_fini(buf);
	return kept;
}

/* True: *ret_bytes is what goes on instead. */
static bool change(struct sf_sim_liar *liar, struct sf_view frame,
	bool (*lie)(struct sf_sim_liar *liar, struct sf_frame *frame), struct sf_buf *ret_bytes)
{
	struct sf_frame said;
	sf_arena_clear(&liar->arena);
	SF_ASSERT(!sf_frame_decode(frame, &liar->arena, &said, NULL));
	if (!lie(liar, &said)) {
		liar->told++;
		return false;
	}
	SF_ASSERT(!sf_frame_encode(&said, ret_bytes));
	liar->told += !sf_view_equal(frame, sf_buf_view(ret_bytes));
	return true;
}

void sf_sim_liar_say(struct sf_sim_liar *liar, struct sf_sim_machine *node, struct sf_view frame)
{
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_FRAME_SIZE_MAX);
	if ((liar->victim && node != liar->victim) || !liar->say)
		sf_sim_carry(node, node, frame);
	else if (change(liar, frame, liar->say, &bytes))
		sf_sim_carry(node, node, sf_buf_view(&bytes));
	sf_buf_fini(&bytes);
}

void sf_sim_liar_hear(struct sf_sim_liar *liar, struct sf_sim_machine *node, struct sf_view frame)
{
	struct sf_sim_machine *coordinator = sf_sim_coordinator(liar->world);
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_FRAME_SIZE_MAX);
	if ((liar->victim && node != liar->victim) || !liar->hear)
		sf_sim_carry(node, coordinator, frame);
	else if (change(liar, frame, liar->hear, &bytes))
		sf_sim_carry(node, coordinator, sf_buf_view(&bytes));
	sf_buf_fini(&bytes);
}

void sf_sim_liar_post(struct sf_sim_liar *liar, const struct sf_frame *frame)
{
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_FRAME_SIZE_MAX);
	SF_ASSERT(!sf_frame_encode(frame, &bytes));
	sf_sim_carry(liar->victim, liar->victim, sf_buf_view(&bytes));
	sf_buf_fini(&bytes);
	liar->told++;
}

/* The true log, as far as it is recorded. */
static void read_leaves(struct sf_sim_liar *liar)
{
	struct sf_memory *memory = sf_sim_coordinator(liar->world)->memory;
	const struct sf_store *store = sf_memory_port(memory);
	size_t count = sf_memory_count(memory, &sf_table_event);
	if (count <= liar->leaf_count)
		return;
	liar->leaves = realloc(liar->leaves, count * sizeof(*liar->leaves));
	SF_ASSERT(liar->leaves);
	for (; liar->leaf_count < count; liar->leaf_count++) {
		struct sf_row_event row = {.leaf_index = (int64_t)liar->leaf_count};
		SF_ASSERT(!store->get(store->self, &sf_table_event, 0, &row, NULL));
		sf_tree_leaf_hash(&liar->crypto, row.leaf, &liar->leaves[liar->leaf_count]);
	}
}

static const struct sf_digest *leaf_at(const struct sf_sim_liar *liar, uint64_t index)
{
	for (size_t i = 0; i < liar->changed_count; i++)
		if (liar->changed[i].index == index)
			return &liar->changed[i].hash;
	SF_ASSERT(index < liar->leaf_count);
	return &liar->leaves[index];
}

static enum sf_err find_node(void *self, unsigned level, uint64_t index, struct sf_digest *ret_hash,
	struct sf_diag *diag)
{
	(void)diag;
	const struct sf_sim_liar *liar = self;
	struct sf_frontier frontier = {.size = 0};
	for (uint64_t i = index << level; i < (index + 1) << level; i++)
		sf_frontier_append(&liar->crypto, &frontier, leaf_at(liar, i));
	sf_frontier_root(&liar->crypto, &frontier, ret_hash);
	return SF_OK;
}

void sf_sim_liar_root(struct sf_sim_liar *liar, uint64_t size, struct sf_digest *ret_root)
{
	read_leaves(liar);
	const struct sf_tree_source source = {liar, find_node};
	SF_ASSERT(!sf_tree_root(&liar->crypto, &source, size, ret_root, NULL));
}

static struct sf_view join(struct sf_sim_liar *liar, const struct sf_digest *hashes, size_t count)
{
	uint8_t *path = sf_arena_take(&liar->arena, count * SF_DIGEST_SIZE + 1);
	SF_ASSERT(path);
	for (size_t i = 0; i < count; i++)
		memcpy(path + i * SF_DIGEST_SIZE, hashes[i].bytes, SF_DIGEST_SIZE);
	return sf_view_of(path, count * SF_DIGEST_SIZE);
}

struct sf_view sf_sim_liar_consistency(struct sf_sim_liar *liar, uint64_t from, uint64_t to)
{
	read_leaves(liar);
	const struct sf_tree_source source = {liar, find_node};
	struct sf_digest hashes[SF_TREE_PROOF_MAX];
	size_t count = 0;
	SF_ASSERT(!sf_tree_consistency(&liar->crypto, &source, from, to, hashes, &count, NULL));
	return join(liar, hashes, count);
}

static struct sf_view inclusion(struct sf_sim_liar *liar, uint64_t index, uint64_t size)
{
	read_leaves(liar);
	const struct sf_tree_source source = {liar, find_node};
	struct sf_digest hashes[SF_TREE_PROOF_MAX];
	size_t count = 0;
	SF_ASSERT(!sf_tree_inclusion(&liar->crypto, &source, index, size, hashes, &count, NULL));
	return join(liar, hashes, count);
}

struct sf_checkpoint sf_sim_liar_read(struct sf_view bytes)
{
	struct sf_note note;
	struct sf_checkpoint checkpoint;
	SF_ASSERT(!sf_note_parse(bytes, &note, NULL));
	SF_ASSERT(!sf_checkpoint_parse(note.text, &checkpoint, NULL));
	return checkpoint;
}

struct sf_view sf_sim_liar_sign(
	struct sf_sim_liar *liar, const struct sf_checkpoint *checkpoint, struct sf_id key_id)
{
	struct sf_buf text, note;
	struct sf_note_key key;
	sf_buf_init(&text, SF_CHECKPOINT_TEXT_SIZE);
	sf_buf_init(&note, SF_NOTE_SIZE_MAX);
	SF_ASSERT(!sf_checkpoint_format(checkpoint, &text));
	SF_ASSERT(!sf_buf_append(&note, sf_buf_view(&text)));
	SF_ASSERT(!sf_buf_append_text(&note, "\n"));
	SF_ASSERT(!sf_note_key_make(&liar->crypto, checkpoint->origin, SF_NOTE_KEY_ED25519,
		sf_sim_coordinator(liar->world)->log_key, &key));
	SF_ASSERT(!sf_note_sign(&liar->crypto, key_id, &key, sf_buf_view(&text), 0, &note));
	sf_buf_fini(&text);
	return keep(liar, &note);
}

void sf_sim_liar_other_log(struct sf_sim_liar *liar, struct sf_frame *frame)
{
	struct sf_frame_log *log = &frame->log;
	if (frame->kind == SF_FRAME_HELLO && frame->hello.log_size > 0)
		sf_sim_liar_root(liar, frame->hello.log_size, &frame->hello.log_root);
	if (frame->kind == SF_FRAME_CONSISTENCY)
		log->path = sf_sim_liar_consistency(liar, log->from_size, log->size);
	if (frame->kind == SF_FRAME_CHECKPOINT) {
		struct sf_checkpoint checkpoint = sf_sim_liar_read(log->note);
		sf_sim_liar_root(liar, checkpoint.size, &checkpoint.root);
		log->note = sf_sim_liar_sign(
			liar, &checkpoint, sf_sim_coordinator(liar->world)->log_key_id);
		log->path = sf_sim_liar_consistency(liar, log->from_size, checkpoint.size);
		log->witnessed = sf_view_of(NULL, 0);
	}
	if (frame->kind != SF_FRAME_PROOF)
		return;
	struct sf_inclusion *inclusions =
		sf_arena_take_many(&liar->arena, log->inclusion_count + 1, sizeof(*inclusions));
	SF_ASSERT(inclusions);
	for (size_t i = 0; i < log->inclusion_count; i++)
		inclusions[i] = (struct sf_inclusion){log->inclusions[i].index,
			inclusion(liar, log->inclusions[i].index, log->size)};
	log->inclusions = inclusions;
}

bool sf_sim_liar_hush(struct sf_sim_liar *liar, struct sf_frame *frame)
{
	(void)liar;
	if (frame->kind == SF_FRAME_HELLO) {
		frame->hello.log_size = 0;
		frame->hello.log_root = (struct sf_digest){{0}};
		frame->hello.log_note = sf_view_of(NULL, 0);
	}
	return frame->kind != SF_FRAME_COSIGN;
}

struct sf_signed_receipt sf_sim_liar_receipt(
	struct sf_sim_liar *liar, const struct sf_receipt *receipt)
{
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_FRAME_SIZE_MAX);
	SF_ASSERT(!sf_receipt_encode(receipt, &bytes));
	struct sf_signed_receipt signed_receipt = {.receipt = keep(liar, &bytes), .count = 1};
	uint8_t path[SF_DIGEST_SIZE * SF_BATCH_DEPTH_MAX], depth;
	uint8_t *signature = sf_arena_take(&liar->arena, SF_SIGNATURE_SIZE);
	SF_ASSERT(signature);
	SF_ASSERT(!liar->crypto.sign_receipts(liar->crypto.self,
		sf_sim_coordinator(liar->world)->identity_key_id, &signed_receipt.receipt, 1, path,
		&depth, signature));
	signed_receipt.signature = sf_view_of(signature, SF_SIGNATURE_SIZE);
	return signed_receipt;
}

struct sf_header sf_sim_liar_header(const struct sf_item *item)
{
	struct sf_envelope envelope;
	struct sf_cover cover;
	struct sf_header header;
	bool whole = item->envelope.size > 0;
	SF_ASSERT(whole ? !sf_envelope_parse(item->envelope, &envelope, NULL)
			: !sf_cover_parse(item->cover, &cover, NULL));
	SF_ASSERT(!sf_header_decode(whole ? envelope.header : cover.header, &header, NULL));
	return header;
}

void sf_sim_liar_leaf(struct sf_sim_liar *liar, const struct sf_receipt *receipt,
	struct sf_id transition, struct sf_digest *ret_hash, struct sf_digest *ret_head)
{
	const struct sf_leaf_event event = {.digest = receipt->digest,
		.transition = transition,
		.recorded_ms = receipt->recorded_ms,
		.sequence = receipt->sequence,
		.outcome = receipt->outcome,
		.code = receipt->code,
		.previous_head = receipt->previous_head,
		.kind_class = receipt->kind_class};
	uint8_t leaf[SF_LEAF_SIZE];
	sf_log_leaf(&liar->crypto, &event, &receipt->r, leaf);
	sf_tree_leaf_hash(&liar->crypto, sf_view_of(leaf, sizeof(leaf)), ret_hash);
	sf_log_head(&liar->crypto, &receipt->previous_head, leaf, ret_head);
}

void sf_sim_liar_change(struct sf_sim_liar *liar, uint64_t index, const struct sf_digest *hash)
{
	for (size_t i = 0; i < liar->changed_count; i++)
		if (liar->changed[i].index == index)
			return;
	SF_ASSERT(liar->changed_count < SF_SIM_CHANGED_MAX);
	liar->changed[liar->changed_count].index = index;
	liar->changed[liar->changed_count++].hash = *hash;
}

struct sf_view sf_sim_liar_seal(struct sf_sim_liar *liar, const struct sf_message *message)
{
	struct sf_buf bytes, header;
	sf_buf_init(&bytes, SF_HEADER_SIZE_MAX);
	sf_buf_init(&header, SF_HEADER_SIZE_MAX);
	SF_ASSERT(!sf_message_encode(message, &bytes));
	const struct sf_header plain = {.message_bytes = sf_buf_view(&bytes),
		.envelope_id = message->id,
		.sent_ms = liar->world->now_ms};
	SF_ASSERT(!sf_header_encode(&plain, &header));
	const struct sf_crypto *crypto = &liar->crypto;
	struct sf_seal_item item = {.header = sf_buf_view(&header)};
	sf_buf_init(&item.envelope, SF_ENVELOPE_SIZE_MAX);
	struct sf_seal_batch *batch = NULL;
	static const uint8_t seed[1][32] = {{3}};
	SF_ASSERT(!crypto->seal_begin(crypto->self,
		sf_sim_coordinator(liar->world)->identity_key_id, &item, 1, seed, 0, &batch));
	crypto->seal_one(crypto->self, batch, &item);
	SF_ASSERT(!crypto->seal_finish(crypto->self, batch));
	crypto->seal_close(crypto->self, &batch);
	sf_buf_fini(&bytes);
	sf_buf_fini(&header);
	return keep(liar, &item.envelope);
}
