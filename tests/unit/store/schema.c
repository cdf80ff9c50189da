/*
 * The migrations of src/store/schema/ lead to exactly what the engines declare: each store opens,
 * fresh, with its own migrations, and every scan the declarations allow has its index.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "coordinator/tables.h"
#include "node/tables.h"
#include "store/sqlite.h"
#include "unit/store/disk.h"

static void assert_opens(const char *name, const struct sf_table *const *tables, size_t table_count,
	const struct sf_migration *migrations)
{
	struct sf_sqlite_options options = {
		.path = name,
		.name = name,
		.tables = tables,
		.table_count = table_count,
		.migrations = migrations,
		.vfs = DISK_VFS,
	};
	struct sf_sqlite *store = NULL;
	struct sf_diag diag = {0};
	disk_init(1);
	if (sf_sqlite_open(&options, &store, &diag))
		fail_msg("%s", diag.text);
	assert_int_equal(sf_sqlite_integrity(store, &diag), SF_OK);
	sf_sqlite_close(&store);
	disk_fini();
}

static void test_node_schema_is_what_the_node_declares(void **state)
{
	(void)state;
	assert_opens("node", sf_node_tables, sf_node_table_count, sf_migrations_node);
}

static void test_coordinator_schema_is_what_the_coordinator_declares(void **state)
{
	(void)state;
	assert_opens("coordinator", sf_coordinator_tables, sf_coordinator_table_count,
		sf_migrations_coordinator);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_node_schema_is_what_the_node_declares),
		cmocka_unit_test(test_coordinator_schema_is_what_the_coordinator_declares),
	};
	return cmocka_run_group_tests_name("store/schema", tests, NULL, NULL);
}
