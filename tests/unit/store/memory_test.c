#include "unit/store/conformance.h"

#include <stdio.h>
#include <string.h>

#include "unit/store/adapter.h"
#include "unit/store/tables.h"

static int open_memory(void **state)
{
	static struct adapter adapter;
	adapter_open_memory(&adapter);
	*state = &adapter;
	return 0;
}

static int close_memory(void **state)
{
	adapter_close(*state);
	return 0;
}

static enum sf_err write_leaf(const struct sf_store *store, int64_t position)
{
	struct leaf leaf = {.position = position};
	return store->replace(store->self, &leaf_table, &leaf, NULL);
}

static bool has_leaf(const struct sf_store *store, int64_t position)
{
	struct leaf leaf = {.position = position};
	return store->get(store->self, &leaf_table, 0, &leaf, NULL) == SF_OK;
}

static void test_full_disk_at_commit_rolls_back_and_goes_on(void **state)
{
	const struct adapter *adapter = *state;
	const struct sf_store *store = adapter->store;
	sf_memory_next_commit(adapter->memory, SF_MEMORY_FULL);
	must_begin(store);
	assert_int_equal(write_leaf(store, 1), SF_OK);
	assert_int_equal(store->commit(store->self, NULL), SF_ERR_DISK_FULL);
	assert_false(has_leaf(store, 1));
	must_begin(store);
	assert_int_equal(write_leaf(store, 2), SF_OK);
	must_commit(store);
	assert_true(has_leaf(store, 2));
	assert_int_equal(sf_memory_count(adapter->memory, &leaf_table), 1);
}

static void test_unknown_outcome_refuses_all_until_reopened(void **state)
{
	const struct adapter *adapter = *state;
	const struct sf_store *store = adapter->store;
	for (int64_t kept = 0; kept < 2; kept++) {
		sf_memory_next_commit(adapter->memory, kept ? SF_MEMORY_KEPT : SF_MEMORY_LOST);
		must_begin(store);
		assert_int_equal(write_leaf(store, 10 + kept), SF_OK);
		assert_int_equal(store->commit(store->self, NULL), SF_ERR_IO);
		assert_true(sf_memory_is_broken(adapter->memory));
		struct leaf leaf = {.position = 1};
		struct sf_scan scan = {.table = &leaf_table};
		assert_int_equal(store->begin(store->self, NULL), SF_ERR_STATE);
		assert_int_equal(
			store->get(store->self, &leaf_table, 0, &leaf, NULL), SF_ERR_STATE);
		assert_int_equal(store->scan(store->self, &scan, NULL, NULL, NULL), SF_ERR_STATE);
		store->rollback(store->self);
		sf_memory_reopen(adapter->memory);
		assert_int_equal(has_leaf(store, 10 + kept), kept);
	}
}

static void test_failed_write_dooms_transaction(void **state)
{
	const struct adapter *adapter = *state;
	const struct sf_store *store = adapter->store;
	const struct sf_memory_faults faults = {.write_full = 1000000};
	must_begin(store);
	assert_int_equal(write_leaf(store, 1), SF_OK);
	sf_memory_plan(adapter->memory, &faults);
	assert_int_equal(write_leaf(store, 2), SF_ERR_DISK_FULL);
	sf_memory_plan(adapter->memory, NULL);
	assert_int_equal(write_leaf(store, 3), SF_ERR_STATE);
	assert_int_equal(store->commit(store->self, NULL), SF_ERR_DISK_FULL);
	assert_false(has_leaf(store, 1));
	must_begin(store);
	assert_int_equal(write_leaf(store, 3), SF_OK);
	must_commit(store);
}

/* One letter for the outcome of each of 200 commits. */
static void run_plan(struct sf_memory *memory, uint64_t seed, char ret_outcomes[201])
{
	const struct sf_store *store = sf_memory_port(memory);
	const struct sf_memory_faults faults = {.seed = seed,
		.commit_full = 100000,
		.commit_lost = 100000,
		.commit_kept = 100000,
		.write_io = 50000};
	sf_memory_plan(memory, &faults);
	for (int64_t i = 0; i < 200; i++) {
		must_begin(store);
		enum sf_err wrote = write_leaf(store, i);
		enum sf_err err = store->commit(store->self, NULL);
		assert_true(wrote == SF_OK || wrote == err);
		sf_memory_reopen(memory);
		bool there = has_leaf(store, i);
		assert_true(err == SF_OK ? there : err == SF_ERR_DISK_FULL ? !there : true);
		ret_outcomes[i] = (char)('a' + (there ? 0 : 13) - (int)err % 13);
		ret_outcomes[i + 1] = '\0';
	}
}

static void test_plan_is_repeated_by_its_seed(void **state)
{
	char first[201], second[201], other[201];
	(void)state;
	char *const outcomes[] = {first, second, other};
	for (size_t i = 0; i < SF_COUNT(outcomes); i++) {
		struct adapter adapter;
		adapter_open_memory(&adapter);
		run_plan(adapter.memory, i < 2 ? 7 : 8, outcomes[i]);
		adapter_close(&adapter);
	}
	assert_string_equal(first, second);
	assert_string_not_equal(first, other);
}

/* The same seeded operations on both adapters: every answer must be the same. */
#define SEEDS 12
#define OPERATIONS 1500

struct twin {
	struct adapter sides[2];
	uint64_t seed, chance;
	size_t operation;
};

static uint64_t draw(struct twin *twin, uint64_t below)
{
	uint64_t mixed = twin->chance += UINT64_C(0x9E3779B97F4A7C15);
	mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
	return (mixed ^ (mixed >> 31)) % below;
}

/* From so few values that keys, prefixes and unique columns collide all the time. */
static struct letter draw_letter(struct twin *twin)
{
	static const int64_t numbers[] = {INT64_MIN, -2, -1, 0, 1, 2, 3, 4, 5, INT64_MAX};
	static const uint8_t bytes[] = {0, 0, 1, 0xff, 0x7f, 0, 0x80, 9};
	struct letter letter = {.number = numbers[draw(twin, SF_COUNT(numbers))],
		.state = (int64_t)draw(twin, 4) - 1,
		.due_ms = (int64_t)draw(twin, 5)};
	letter.party.bytes[15] = (uint8_t)draw(twin, 3);
	letter.transition.bytes[0] = (uint8_t)(0x7e + draw(twin, 4));
	letter.digest.bytes[31] = (uint8_t)draw(twin, 200);
	letter.body = sf_view_of(bytes, draw(twin, SF_COUNT(bytes)));
	return letter;
}

/* What a scan saw, as a number: FNV-1a of every column in order. */
struct trace {
	uint64_t hash;
	size_t count, stop_at;
};

static void hash_bytes(struct trace *trace, const void *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		trace->hash = (trace->hash ^ ((const uint8_t *)bytes)[i]) * 1099511628211U;
}

static bool hash_letter(void *context, const void *row)
{
	struct trace *trace = context;
	const struct letter *letter = row;
	hash_bytes(trace, &letter->party, sizeof(letter->party));
	hash_bytes(trace, &letter->number, sizeof(letter->number));
	hash_bytes(trace, &letter->transition, sizeof(letter->transition));
	hash_bytes(trace, &letter->state, sizeof(letter->state));
	hash_bytes(trace, &letter->due_ms, sizeof(letter->due_ms));
	hash_bytes(trace, &letter->digest, sizeof(letter->digest));
	hash_bytes(trace, &letter->body.size, sizeof(letter->body.size));
	hash_bytes(trace, letter->body.data, letter->body.size);
	trace->count++;
	return trace->count != trace->stop_at;
}

static struct sf_scan draw_scan(struct twin *twin, const struct letter *from)
{
	size_t index = draw(twin, letter_table.index_count);
	size_t columns = letter_table.indexes[index].column_count;
	size_t equal = draw(twin, columns + 1);
	bool bounded = equal < columns && draw(twin, 2) == 0;
	return (struct sf_scan){.table = &letter_table,
		.index = index,
		.equal_count = equal,
		.from = from,
		.bounded = bounded,
		.exclusive = bounded && draw(twin, 2) == 0,
		.descending = draw(twin, 2) == 0,
		.count_max = draw(twin, 3) == 0 ? draw(twin, 6) : 0};
}

/* One operation on one side; its answer goes into the trace. */
static enum sf_err apply(struct adapter *side, uint64_t choice, const struct letter *letter,
	const struct sf_scan *scan, size_t index, struct trace *trace)
{
	const struct sf_store *store = side->store;
	struct letter found = *letter;
	enum sf_err err;
	switch (choice) {
	case 0:
		return store->begin(store->self, NULL);
	case 1:
		return store->commit(store->self, NULL);
	case 2:
		store->rollback(store->self);
		return SF_OK;
	case 3:
	case 4:
	case 5:
		return store->insert(store->self, &letter_table, letter, NULL);
	case 6:
	case 7:
		return store->replace(store->self, &letter_table, letter, NULL);
	case 8:
		return store->remove(store->self, &letter_table, letter, NULL);
	case 9:
		err = store->get(store->self, &letter_table, index, &found, NULL);
		if (!err)
			hash_letter(trace, &found);
		return err;
	default:
		return store->scan(store->self, scan, hash_letter, trace, NULL);
	}
}

static void step_both(struct twin *twin)
{
	/* Transactions of some twenty operations. */
	static const uint8_t frequent[] = {3, 4, 5, 6, 7, 8, 9, 10, 11};
	uint64_t choice = draw(twin, 12) == 0 ? draw(twin, 3) : frequent[draw(twin, 9)];
	struct letter letter = draw_letter(twin);
	struct sf_scan scan = draw_scan(twin, &letter);
	size_t index = draw(twin, letter_table.index_count);
	size_t stop_at = draw(twin, 4) == 0 ? 1 + draw(twin, 3) : 0;
	struct trace traces[2] = {{.stop_at = stop_at}, {.stop_at = stop_at}};
	enum sf_err errs[2];
	for (size_t i = 0; i < 2; i++)
		errs[i] = apply(&twin->sides[i], choice, &letter, &scan, index, &traces[i]);
	if (errs[0] != errs[1] || traces[0].hash != traces[1].hash ||
		traces[0].count != traces[1].count)
		fail_msg("seed %llu operation %zu (%llu): memory %s, %zu rows; sqlite %s, %zu rows",
			(unsigned long long)twin->seed, twin->operation, (unsigned long long)choice,
			sf_err_code(errs[0]), traces[0].count, sf_err_code(errs[1]),
			traces[1].count);
}

static void test_random_operations_answer_as_sqlite(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct twin twin = {.seed = seed, .chance = seed << 32};
		adapter_open_memory(&twin.sides[0]);
		adapter_open_sqlite(&twin.sides[1]);
		for (twin.operation = 0; twin.operation < OPERATIONS; twin.operation++) {
			step_both(&twin);
			if (draw(&twin, 400) != 0)
				continue;
			adapter_reopen(&twin.sides[0]);
			adapter_reopen(&twin.sides[1]);
		}
		adapter_close(&twin.sides[0]);
		adapter_close(&twin.sides[1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_full_disk_at_commit_rolls_back_and_goes_on, open_memory, close_memory),
		cmocka_unit_test_setup_teardown(
			test_unknown_outcome_refuses_all_until_reopened, open_memory, close_memory),
		cmocka_unit_test_setup_teardown(
			test_failed_write_dooms_transaction, open_memory, close_memory),
		cmocka_unit_test(test_plan_is_repeated_by_its_seed),
		cmocka_unit_test(test_random_operations_answer_as_sqlite),
	};
	int failed = conformance_run("store/memory conformance", open_memory, close_memory);
	return failed + cmocka_run_group_tests_name("store/memory", tests, NULL, NULL);
}
