/* Proofs that nodes ask for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "coordinator/state.h"
#include "unit/coordinator/desk.h"

#define RECORDED 30

static int open_recorded(void **state)
{
	if (desk_open(state))
		return -1;
	struct desk *desk = *state;
	desk_hello(desk, desk->hospital);
	for (size_t i = 0; i < RECORDED; i++) {
		struct desk_letter letter = desk_letter(desk, desk->hospital, 4000);
		desk_record(desk, &letter);
	}
	desk_sign(desk);
	return 0;
}

static struct sf_coordinator_log *log_of(const struct desk *desk)
{
	return &desk->coordinator->coordinator->log;
}

static size_t unpack(struct sf_view path, struct sf_digest hashes[SF_TREE_PROOF_MAX])
{
	size_t count = path.size / SF_DIGEST_SIZE;
	for (size_t i = 0; i < count; i++)
		memcpy(hashes[i].bytes, path.data + i * SF_DIGEST_SIZE, SF_DIGEST_SIZE);
	return count;
}

static const struct sf_frame *ask(struct desk *desk, const struct sf_frame *question)
{
	desk_say(desk, desk->hospital, question);
	desk_turn(desk);
	return desk_heard(desk, desk->hospital, question->kind, 0);
}

static const struct sf_frame *ask_proof(
	struct desk *desk, uint32_t epoch, uint64_t size, const uint64_t *indexes, size_t count)
{
	const struct sf_frame question = {.kind = SF_FRAME_PROOF,
		.log = {.epoch = epoch, .size = size, .index_count = count, .indexes = indexes}};
	return ask(desk, &question);
}

static const struct sf_frame *ask_consistency(struct desk *desk, uint64_t from, uint64_t size)
{
	const struct sf_frame question = {
		.kind = SF_FRAME_CONSISTENCY, .log = {.epoch = 1, .from_size = from, .size = size}};
	return ask(desk, &question);
}

static struct sf_digest leaf_hash(const struct desk *desk, uint64_t index)
{
	const struct sf_store *store = sf_memory_port(desk->coordinator->memory);
	const struct sf_crypto crypto = desk_crypto(desk->hospital);
	struct sf_row_event row = {.leaf_index = (int64_t)index};
	struct sf_digest hash;
	assert_int_equal(store->get(store->self, &sf_table_event, 0, &row, NULL), SF_OK);
	sf_tree_leaf_hash(&crypto, row.leaf, &hash);
	return hash;
}

static void test_leaves_that_are_asked_for_are_proven(void **state)
{
	struct desk *desk = *state;
	const struct sf_crypto crypto = desk_crypto(desk->hospital);
	uint64_t size = log_of(desk)->size;
	const uint64_t indexes[] = {0, 1, 17, size - 1, size};
	const struct sf_frame *answer = ask_proof(desk, 1, size, indexes, SF_COUNT(indexes));
	assert_non_null(answer);
	assert_int_equal(answer->log.size, size);
	assert_int_equal(answer->log.index_count, 0);
	/* The last is not in it. */
	assert_int_equal(answer->log.inclusion_count, SF_COUNT(indexes) - 1);
	for (size_t i = 0; i < answer->log.inclusion_count; i++) {
		const struct sf_inclusion *inclusion = &answer->log.inclusions[i];
		struct sf_digest hashes[SF_TREE_PROOF_MAX];
		struct sf_digest leaf = leaf_hash(desk, inclusion->index);
		assert_int_equal(inclusion->index, indexes[i]);
		assert_int_equal(
			sf_tree_check_inclusion(&crypto, inclusion->index, size, &leaf, hashes,
				unpack(inclusion->path, hashes), &log_of(desk)->root),
			SF_OK);
	}
}

static void test_sizes_that_are_not_signed_are_not_answered(void **state)
{
	struct desk *desk = *state;
	const uint64_t index = 0;
	uint64_t size = log_of(desk)->size;
	struct desk_letter letter = desk_letter(desk, desk->hospital, 4000);
	desk_record(desk, &letter);
	assert_null(ask_proof(desk, 1, size + 1, &index, 1));
	assert_null(ask_proof(desk, 2, size, &index, 1));
	assert_null(ask_proof(desk, 1, 0, &index, 1));
	assert_non_null(ask_proof(desk, 1, size, &index, 1));
}

static void test_one_tree_is_proven_to_follow_another(void **state)
{
	struct desk *desk = *state;
	const struct sf_crypto crypto = desk_crypto(desk->hospital);
	uint64_t size = log_of(desk)->size;
	for (uint64_t from = 1; from <= size; from += 7) {
		const struct sf_frame *answer = ask_consistency(desk, from, size);
		assert_non_null(answer);
		assert_true(answer->log.reply);
		assert_int_equal(answer->log.from_size, from);
		struct sf_tree_source source = sf_tiles_source(&log_of(desk)->tiles);
		struct sf_digest root, hashes[SF_TREE_PROOF_MAX];
		assert_int_equal(sf_tree_root(&crypto, &source, from, &root, NULL), SF_OK);
		assert_int_equal(
			sf_tree_check_consistency(&crypto, from, &root, size, &log_of(desk)->root,
				hashes, unpack(answer->log.path, hashes)),
			SF_OK);
		desk->world.now_ms += 1000; /* within its quota */
	}
	assert_null(ask_consistency(desk, size, size + 1));
	assert_null(ask_consistency(desk, 2, 1));
}

/* As every question that costs something (WIRE section 3). */
static void test_who_asks_without_end_is_not_answered(void **state)
{
	struct desk *desk = *state;
	uint64_t size = log_of(desk)->size;
	size_t answered = 0;
	for (size_t i = 0; i < 60; i++)
		answered += ask_consistency(desk, 1, size) != NULL;
	assert_in_range(answered, 2, 20);
	desk->world.now_ms += 60000;
	assert_non_null(ask_consistency(desk, 1, size));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_recorded, desk_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_leaves_that_are_asked_for_are_proven),
		TEST(test_sizes_that_are_not_signed_are_not_answered),
		TEST(test_one_tree_is_proven_to_follow_another),
		TEST(test_who_asks_without_end_is_not_answered),
	};
	return cmocka_run_group_tests_name("coordinator/proofs", tests, NULL, NULL);
}
