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
#include <sqlite3.h>

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

/* What a coordinator of the first version has written: one of each row that is copied. */
#define SEVEN "x'00000000000000000000000000000007'"
#define NINE "x'00000000000000000000000000000009'"
static const char first_rows[] =
	"INSERT INTO transition VALUES (" SEVEN ", 3, zeroblob(32), 1, 1, 50, 60);"
	"INSERT INTO event VALUES (4, " SEVEN ", 3, 1, 4, zeroblob(16), 1, zeroblob(16),"
	" zeroblob(16), zeroblob(32), 60, 1, 0, zeroblob(32), zeroblob(32), zeroblob(32), x'01',"
	" x'02', x'03', 0, 1, x'', x'04');"
	"INSERT INTO queue VALUES (" NINE ", 2, 4, 1, 61);"
	"INSERT INTO delivery VALUES (zeroblob(16), zeroblob(16), " NINE ", 6, 0, 62, " SEVEN ");"
	"INSERT INTO party VALUES (" NINE ", 2, 8, 63);"
	"INSERT INTO agreement VALUES (zeroblob(32), x'0a0b');";

static void write_first_rows(const char *name)
{
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open_v2(name, &db, SQLITE_OPEN_READWRITE, DISK_VFS), SQLITE_OK);
	char *text = NULL;
	if (sqlite3_exec(db, first_rows, NULL, NULL, &text))
		fail_msg("%s", text);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void test_coordinator_store_of_the_first_version_goes_on(void **state)
{
	(void)state;
	const struct sf_migration first[] = {sf_migrations_coordinator[0], {0, NULL}};
	struct sf_sqlite_options options = {
		.path = "coordinator",
		.name = "coordinator",
		.tables = sf_coordinator_tables,
		.table_count = sf_coordinator_table_count,
		.migrations = first,
		.vfs = DISK_VFS,
	};
	struct sf_sqlite *sqlite = NULL;
	struct sf_diag diag = {0};
	disk_init(1);
	/* The first version's tables are not this program's: that is what it says. */
	assert_int_equal(sf_sqlite_open(&options, &sqlite, &diag), SF_ERR_CORRUPT);
	write_first_rows(options.path);
	options.migrations = sf_migrations_coordinator;
	if (sf_sqlite_open(&options, &sqlite, &diag))
		fail_msg("%s", diag.text);
	assert_int_equal(sf_sqlite_integrity(sqlite, &diag), SF_OK);
	const struct sf_store *store = sf_sqlite_port(sqlite);
	struct sf_row_transition transition = {.id = {.bytes = {[15] = 7}}};
	assert_int_equal(
		store->get(store->self, &sf_table_transition, 0, &transition, NULL), SF_OK);
	assert_int_equal(transition.updated_ms, 60);
	assert_int_equal(
		transition.timed, 1); /* due at once, so that it is read and written anew */
	assert_int_equal(transition.due_ms, 1);
	struct sf_row_queue queue = {.recipient = {.bytes = {[15] = 9}}, .position = 2};
	assert_int_equal(store->get(store->self, &sf_table_queue, 0, &queue, NULL), SF_OK);
	assert_int_equal(queue.sequence, 3);
	assert_true(sf_id_equal(queue.transition, transition.id));
	struct sf_row_delivery delivery = {.recipient = queue.recipient};
	assert_int_equal(store->get(store->self, &sf_table_delivery, 0, &delivery, NULL), SF_OK);
	assert_int_equal(delivery.failed, 62);
	struct sf_row_party party = {.party = queue.recipient};
	assert_int_equal(store->get(store->self, &sf_table_party, 0, &party, NULL), SF_OK);
	assert_int_equal(party.author_sequence, 8);
	assert_int_equal(party.reconciled_ms, 0);
	struct sf_row_agreement agreement = {.origin = 0};
	assert_int_equal(store->get(store->self, &sf_table_agreement, 0, &agreement, NULL), SF_OK);
	assert_int_equal(agreement.origin, SF_AGREEMENT_CONFIGURED);
	assert_int_equal(agreement.agreement.size, 2);
	sf_sqlite_close(&sqlite);
	disk_fini();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_node_schema_is_what_the_node_declares),
		cmocka_unit_test(test_coordinator_schema_is_what_the_coordinator_declares),
		cmocka_unit_test(test_coordinator_store_of_the_first_version_goes_on),
	};
	return cmocka_run_group_tests_name("store/schema", tests, NULL, NULL);
}
