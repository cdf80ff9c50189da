#include "unit/node/logbook.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/record.h"
#include "wire/record.h"

static struct sf_crypto crypto_of(const struct logbook *book)
{
	struct sf_crypto crypto;
	sf_crypto_port(book->counter->desk->coordinator->keyring, &crypto);
	return crypto;
}

static void add_key(struct sf_sim_machine *machine, enum sf_key_kind kind, uint8_t seed,
	struct sf_id *ret_id, uint8_t ret_public[SF_PUBLIC_KEY_SIZE])
{
	uint8_t secret[SF_KEY_SECRET_SIZE];
	struct sf_key key;
	memset(secret, seed, sizeof(secret));
	assert_int_equal(sf_key_from_secret(kind, secret, &key), SF_OK);
	assert_int_equal(sf_keyring_add(machine->keyring, &key), SF_OK);
	memcpy(ret_public, key.public_key, SF_PUBLIC_KEY_SIZE);
	*ret_id = key.id;
	sf_key_fini(&key);
}

/* The registrar's next entry of the party, with one key more, approved at the coordinator. */
static void publish(struct logbook *book, const struct sf_sim_machine *machine, enum sf_key_use use,
	const uint8_t key[SF_PUBLIC_KEY_SIZE])
{
	struct desk *desk = book->counter->desk;
	const struct sf_directory_entry *last = sf_directory_party(
		sf_coordinator_directory(desk->coordinator->coordinator), machine->party);
	struct sf_directory_entry *next = sf_arena_take(&desk->arena, sizeof(*next));
	assert_non_null(next);
	*next = *last;
	next->version++;
	next->previous = last->digest;
	struct sf_directory_key *listed = &next->keys[next->key_count++];
	*listed = (struct sf_directory_key){.use = use,
		.not_before_ms = SF_SIM_START_MS - 1000,
		.not_after_ms = SF_SIM_START_MS + INT64_C(100000000000)};
	memcpy(listed->public_key, key, SF_PUBLIC_KEY_SIZE);
	struct sf_buf bytes, record;
	sf_buf_init(&bytes, SF_DIRECTORY_ENTRY_SIZE_MAX);
	sf_buf_init(&record, 2 * SF_DIRECTORY_ENTRY_SIZE_MAX);
	assert_int_equal(sf_entry_encode(next, &bytes), SF_OK);
	struct sf_signed_record whole = {.record = sf_buf_view(&bytes), .signature_count = 1};
	whole.signatures[0].key_id = desk->world.registrar_key_id;
	assert_int_equal(sf_record_sign(desk->world.registrar, desk->world.registrar_key_id,
				 "entry", sf_buf_view(&bytes), whole.signatures[0].signature),
		SF_OK);
	assert_int_equal(sf_signed_record_encode(&whole, &record), SF_OK);
	const struct sf_request request = {
		.kind = SF_REQUEST_APPROVE, .approve = {.record = sf_buf_view(&record)}};
	assert_int_equal(desk_ask(desk, &request).err, SF_OK);
	sf_buf_fini(&record);
	sf_buf_fini(&bytes);
}

int logbook_open_late(void **state)
{
	void *counter = NULL;
	struct logbook *book = calloc(1, sizeof(*book));
	if (!book || counter_open(&counter))
		return -1;
	book->counter = counter;
	struct desk *desk = book->counter->desk;
	add_key(desk->coordinator, SF_KEY_LOG, 0x61, &book->log_key_id, book->log_key);
	add_key(desk->municipality, SF_KEY_WITNESS, 0x62, &book->witness_key_id, book->witness_key);
	publish(book, desk->municipality, SF_KEY_USE_WITNESS, book->witness_key);
	publish(book, desk->coordinator, SF_KEY_USE_LOG, book->log_key);
	book->counter->node->options.witness_key_id = book->witness_key_id;
	*state = book;
	return 0;
}

int logbook_open(void **state)
{
	if (logbook_open_late(state))
		return -1;
	struct logbook *book = *state;
	logbook_say_directory(book);
	return 0;
}

int logbook_close(void **state)
{
	struct logbook *book = *state;
	void *counter = book->counter;
	free(book);
	return counter_close(&counter);
}

void logbook_say_directory(struct logbook *book)
{
	struct counter *counter = book->counter;
	uint64_t version = sf_directory_version(sf_node_directory(counter->node));
	uint64_t newest = sf_directory_version(
		sf_coordinator_directory(counter->desk->coordinator->coordinator));
	const struct sf_frame frame = counter_directory(counter, version + 1, newest);
	counter_say(counter, &frame);
	counter_turn(counter);
	assert_int_equal(sf_directory_version(sf_node_directory(counter->node)), newest);
}

void logbook_greet(struct logbook *book, uint64_t size)
{
	struct sf_frame hello = counter_hello(book->counter);
	hello.hello.log_size = size;
	if (size > 0)
		logbook_root(book, size, &hello.hello.log_root);
	counter_say_up(book->counter);
	counter_say(book->counter, &hello);
	counter_turn(book->counter);
}

void logbook_restart(struct logbook *book)
{
	counter_restart(book->counter);
	book->counter->node->options.witness_key_id = book->witness_key_id;
	logbook_greet(book, book->count);
}

static struct sf_digest leaf_of(const struct logbook *book, struct sf_view leaf)
{
	const struct sf_crypto crypto = crypto_of(book);
	struct sf_digest hash;
	sf_tree_leaf_hash(&crypto, leaf, &hash);
	return hash;
}

void logbook_grow(struct logbook *book, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		assert_true(book->count < LOGBOOK_LEAVES_MAX);
		uint8_t leaf[SF_LEAF_SIZE] = {0x01};
		sf_put_u64(leaf + 2, book->count);
		book->leaves[book->count++] = leaf_of(book, sf_view_of(leaf, sizeof(leaf)));
	}
}

void logbook_put(struct logbook *book, uint64_t index, struct sf_view leaf)
{
	if (index >= book->count)
		logbook_grow(book, (size_t)index + 1 - book->count);
	book->leaves[index] = leaf_of(book, leaf);
}

void logbook_forge(struct logbook *book, size_t index)
{
	assert_true(index < book->count);
	book->leaves[index].bytes[0] ^= 1;
}

static enum sf_err find_node(void *self, unsigned level, uint64_t index, struct sf_digest *ret_hash,
	struct sf_diag *diag)
{
	(void)diag;
	const struct logbook *book = self;
	const struct sf_crypto crypto = crypto_of(book);
	struct sf_frontier frontier = {.size = 0};
	for (uint64_t i = index << level; i < (index + 1) << level; i++)
		sf_frontier_append(&crypto, &frontier, &book->leaves[i]);
	sf_frontier_root(&crypto, &frontier, ret_hash);
	return SF_OK;
}

void logbook_root(const struct logbook *book, uint64_t size, struct sf_digest *ret_root)
{
	const struct sf_crypto crypto = crypto_of(book);
	const struct sf_tree_source source = {(struct logbook *)(uintptr_t)book, find_node};
	assert_true(size <= book->count);
	assert_int_equal(sf_tree_root(&crypto, &source, size, ret_root, NULL), SF_OK);
}

struct sf_checkpoint logbook_checkpoint(const struct logbook *book, uint64_t size)
{
	const struct sf_directory *directory =
		sf_coordinator_directory(book->counter->desk->coordinator->coordinator);
	struct sf_checkpoint checkpoint = {.origin = LOGBOOK_ORIGIN,
		.size = size,
		.directory_version = sf_directory_version(directory),
		.directory_head = *sf_directory_head(directory)};
	logbook_root(book, size, &checkpoint.root);
	return checkpoint;
}

struct sf_view logbook_sign(
	const struct logbook *book, const struct sf_checkpoint *checkpoint, struct sf_id key_id)
{
	const struct sf_crypto crypto = crypto_of(book);
	struct sf_buf note;
	struct sf_note_key key;
	sf_buf_init(&note, SF_NOTE_SIZE_MAX);
	assert_int_equal(sf_checkpoint_format(checkpoint, &note), SF_OK);
	struct sf_view text = sf_arena_copy(&book->counter->desk->arena, sf_buf_view(&note));
	assert_int_equal(sf_buf_append_text(&note, "\n"), SF_OK);
	assert_int_equal(sf_note_key_make(&crypto, checkpoint->origin, SF_NOTE_KEY_ED25519,
				 book->log_key, &key),
		SF_OK);
	assert_int_equal(sf_note_sign(&crypto, key_id, &key, text, 0, &note), SF_OK);
	struct sf_view kept = sf_arena_copy(&book->counter->desk->arena, sf_buf_view(&note));
	sf_buf_fini(&note);
	return kept;
}

struct sf_view logbook_note(const struct logbook *book, uint64_t size)
{
	const struct sf_checkpoint checkpoint = logbook_checkpoint(book, size);
	return logbook_sign(book, &checkpoint, book->log_key_id);
}

static struct sf_view join(const struct logbook *book, const struct sf_digest *hashes, size_t count)
{
	uint8_t *path = sf_arena_take(&book->counter->desk->arena, count * SF_DIGEST_SIZE + 1);
	assert_non_null(path);
	for (size_t i = 0; i < count; i++)
		memcpy(path + i * SF_DIGEST_SIZE, hashes[i].bytes, SF_DIGEST_SIZE);
	return sf_view_of(path, count * SF_DIGEST_SIZE);
}

static struct sf_view consistency(const struct logbook *book, uint64_t from, uint64_t to)
{
	const struct sf_crypto crypto = crypto_of(book);
	const struct sf_tree_source source = {(struct logbook *)(uintptr_t)book, find_node};
	struct sf_digest hashes[SF_TREE_PROOF_MAX];
	size_t count = 0;
	assert_int_equal(
		sf_tree_consistency(&crypto, &source, from, to, hashes, &count, NULL), SF_OK);
	return join(book, hashes, count);
}

struct sf_frame logbook_frame(
	const struct logbook *book, uint64_t from, uint64_t size, struct sf_view note)
{
	return (struct sf_frame){.kind = SF_FRAME_CHECKPOINT,
		.log = {.note = note,
			.from_size = from,
			.path = from <= size ? consistency(book, from, size)
					     : sf_view_of(NULL, 0)}};
}

struct sf_frame logbook_consistency(const struct logbook *book, uint64_t from, uint64_t to)
{
	return (struct sf_frame){.kind = SF_FRAME_CONSISTENCY,
		.log = {.epoch = 1,
			.from_size = from,
			.size = to,
			.reply = true,
			.path = consistency(book, from, to)}};
}

struct sf_frame logbook_proof(const struct logbook *book, const struct sf_frame *asked)
{
	const struct sf_crypto crypto = crypto_of(book);
	const struct sf_tree_source source = {(struct logbook *)(uintptr_t)book, find_node};
	struct sf_inclusion *inclusions = sf_arena_take_many(
		&book->counter->desk->arena, asked->log.index_count, sizeof(*inclusions));
	assert_non_null(inclusions);
	for (size_t i = 0; i < asked->log.index_count; i++) {
		struct sf_digest hashes[SF_TREE_PROOF_MAX];
		size_t count = 0;
		inclusions[i].index = asked->log.indexes[i];
		assert_int_equal(sf_tree_inclusion(&crypto, &source, asked->log.indexes[i],
					 asked->log.size, hashes, &count, NULL),
			SF_OK);
		inclusions[i].path = join(book, hashes, count);
	}
	return (struct sf_frame){.kind = SF_FRAME_PROOF,
		.log = {.epoch = asked->log.epoch,
			.size = asked->log.size,
			.inclusion_count = asked->log.index_count,
			.inclusions = inclusions}};
}

void logbook_say_note(struct logbook *book, uint64_t from, uint64_t size, struct sf_view note)
{
	const struct sf_frame frame = logbook_frame(book, from, size, note);
	counter_say(book->counter, &frame);
	counter_turn(book->counter);
}

void logbook_say(struct logbook *book, uint64_t from, uint64_t size)
{
	logbook_say_note(book, from, size, logbook_note(book, size));
}

size_t logbook_rows(const struct logbook *book, const struct sf_table *table)
{
	return sf_memory_count(book->counter->side->memory, table);
}

struct sf_node_row_contradiction logbook_contradiction(struct logbook *book, int64_t position)
{
	const struct sf_store *store = sf_memory_port(book->counter->side->memory);
	struct sf_node_row_contradiction row = {.position = position};
	assert_int_equal(
		store->get(store->self, &sf_node_table_contradiction, 0, &row, NULL), SF_OK);
	row.note = sf_arena_copy(&book->counter->desk->arena, row.note);
	row.other = sf_arena_copy(&book->counter->desk->arena, row.other);
	return row;
}

const struct sf_frame *logbook_cosign(const struct logbook *book)
{
	const struct sf_frame *frame = counter_heard(book->counter, SF_FRAME_COSIGN, 0);
	if (!frame)
		return NULL;
	const struct sf_crypto crypto = crypto_of(book);
	struct sf_buf text;
	struct sf_note_key key;
	char name[SF_WITNESS_NAME_SIZE];
	uint64_t time_s = 0;
	const struct sf_checkpoint checkpoint = logbook_checkpoint(book, frame->log.size);
	sf_witness_name(book->counter->side->party, name);
	sf_buf_init(&text, SF_CHECKPOINT_TEXT_SIZE);
	assert_int_equal(sf_checkpoint_format(&checkpoint, &text), SF_OK);
	assert_int_equal(
		sf_note_key_make(&crypto, name, SF_NOTE_KEY_COSIGNATURE, book->witness_key, &key),
		SF_OK);
	assert_int_equal(
		sf_note_line_check(&crypto, sf_buf_view(&text), frame->log.line, &key, &time_s),
		SF_OK);
	assert_int_equal(time_s, book->counter->desk->world.now_ms / 1000);
	sf_buf_fini(&text);
	return frame;
}
