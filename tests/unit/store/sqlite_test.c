#include "unit/store/conformance.h"

#include <stdio.h>
#include <string.h>

#include "unit/store/adapter.h"
#include "unit/store/tables.h"

static int open_sqlite(void **state)
{
	static struct adapter adapter;
	adapter_open_sqlite(&adapter);
	*state = &adapter;
	return 0;
}

static int close_sqlite(void **state)
{
	adapter_close(*state);
	return 0;
}

/* One scan of every shape there is must search, or walk, its own index and never sort. */
static void assert_uses_index(struct sf_sqlite *sqlite, const struct sf_scan *scan)
{
	struct sf_diag diag = {0};
	struct sf_buf plan;
	sf_buf_init(&plan, 4096);
	enum sf_err err = sf_sqlite_explain(sqlite, scan, &plan, &diag);
	if (!err)
		err = sf_buf_append_u8(&plan, 0);
	if (err)
		fail_msg("%s", diag.text);
	const char *text = (const char *)plan.data;
	const struct sf_index *index = &scan->table->indexes[scan->index];
	bool narrow = scan->equal_count > 0 || scan->bounded;
	bool good = !strstr(text, "TEMP B-TREE") &&
		    (scan->index == 0 || strstr(text, index->name)) &&
		    strncmp(text, narrow ? "SEARCH" : "SCAN", narrow ? 6 : 4) == 0;
	if (!good)
		fail_msg("%s, %zu equal: %s", index->name, scan->equal_count, text);
	sf_buf_fini(&plan);
}

static void test_scan_of_every_shape_uses_its_index(void **state)
{
	const struct adapter *adapter = *state;
	struct letter from = {.number = 1};
	size_t shapes = 0;
	for (size_t i = 0; i < letter_table.index_count; i++) {
		size_t columns = letter_table.indexes[i].column_count;
		for (size_t bits = 0; bits < (columns + 1) * 8; bits++) {
			struct sf_scan scan = {
				.table = &letter_table,
				.index = i,
				.equal_count = bits / 8,
				.from = &from,
				.bounded = (bits & 1) != 0,
				.exclusive = (bits & 2) != 0,
				.descending = (bits & 4) != 0,
			};
			if ((scan.bounded && scan.equal_count == columns) ||
				(scan.exclusive && !scan.bounded))
				continue;
			assert_uses_index(adapter->sqlite, &scan);
			shapes++;
		}
	}
	assert_true(shapes > 60);
}

static void test_explain_of_unusable_scan_is_refused(void **state)
{
	const struct adapter *adapter = *state;
	struct sf_buf plan;
	sf_buf_init(&plan, 4096);
	struct sf_scan scan = {.table = &letter_table, .index = 9};
	enum sf_err err = sf_sqlite_explain(adapter->sqlite, &scan, &plan, NULL);
	assert_int_equal(err, SF_ERR_USAGE);
	sf_buf_fini(&plan);
}

static void test_integrity_of_sound_store_is_good(void **state)
{
	const struct adapter *adapter = *state;
	assert_int_equal(sf_sqlite_integrity(adapter->sqlite, NULL), SF_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_scan_of_every_shape_uses_its_index, open_sqlite, close_sqlite),
		cmocka_unit_test_setup_teardown(
			test_explain_of_unusable_scan_is_refused, open_sqlite, close_sqlite),
		cmocka_unit_test_setup_teardown(
			test_integrity_of_sound_store_is_good, open_sqlite, close_sqlite),
	};
	int failed = conformance_run("store/sqlite conformance", open_sqlite, close_sqlite);
	return failed + cmocka_run_group_tests_name("store/sqlite", tests, NULL, NULL);
}
