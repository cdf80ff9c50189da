/* A store that an earlier program wrote opens, and nothing of it is lost. */
#define _POSIX_C_SOURCE 200809L

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "core/transition.h"
#include "node/tables.h"
#include "store/sqlite.h"

#define ZEROS "000000000000000000000000000000"
#define ID(last) "x'" ZEROS last "'"
#define DIGEST(last) "x'" ZEROS ZEROS "00" last "'"

struct old {
	char folder[64];
	char path[80];
	struct sf_sqlite *sqlite;
};

static enum sf_err open_with(
	struct old *old, const struct sf_migration *migrations, struct sf_diag *diag)
{
	const struct sf_sqlite_options options = {
		.path = old->path,
		.name = "node",
		.tables = sf_node_tables,
		.table_count = sf_node_table_count,
		.migrations = migrations,
	};
	return sf_sqlite_open(&options, &old->sqlite, diag);
}

static int make_folder(void **state)
{
	static struct old old;
	old = (struct old){.folder = "/tmp/stafet-tables-XXXXXX"};
	if (!mkdtemp(old.folder))
		return -1;
	snprintf(old.path, sizeof(old.path), "%s/store", old.folder);
	*state = &old;
	return 0;
}

static int remove_folder(void **state)
{
	static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
	struct old *old = *state;
	sf_sqlite_close(&old->sqlite);
	for (size_t i = 0; i < SF_COUNT(ends); i++) {
		char path[96];
		snprintf(path, sizeof(path), "%s%s", old->path, ends[i]);
		remove(path);
	}
	return rmdir(old->folder);
}

/* A transition that is open and one that is closed, an event, an answer and an agreement. */
/* clang-format off */
static const char *const first_rows[] = {
	"INSERT INTO transition VALUES"
		" (" ID("01") ", 2, " DIGEST("05") ", 7, 3, 100, 200, " ID("00") ")",
	"INSERT INTO transition VALUES"
		" (" ID("02") ", 1, " DIGEST("06") ", 10, 3, 100, 150, " ID("00") ")",
	"INSERT INTO event VALUES (" ID("01") ", 1, " ID("03") ", " ID("04") ", 4, 1, 100, 1, 0, "
		DIGEST("05") ", x'C0', x'BE', 0, 1, x'', x'51')",
	"INSERT INTO delivery VALUES"
		" (" ID("08") ", " ID("09") ", 6, 0, 120, 0, 12, " ID("0A") ", x'E1')",
	"INSERT INTO agreement VALUES (" DIGEST("07") ", x'A1')",
};
/* clang-format on */

static void write_first(struct old *old)
{
	/* Only what a first program does: it refuses to open, because more is declared now. */
	const struct sf_migration first[] = {sf_migrations_node[0], {0, NULL}};
	struct sf_diag diag = {{0}};
	assert_int_equal(open_with(old, first, &diag), SF_ERR_CORRUPT);
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open(old->path, &db), SQLITE_OK);
	for (size_t i = 0; i < SF_COUNT(first_rows); i++)
		if (sqlite3_exec(db, first_rows[i], NULL, NULL, NULL) != SQLITE_OK)
			fail_msg("%s", sqlite3_errmsg(db));
	sqlite3_close(db);
}

static struct sf_id id_of(uint8_t last)
{
	struct sf_id id = {{0}};
	id.bytes[SF_ID_SIZE - 1] = last;
	return id;
}

static void test_first_programs_store_is_taken_forward(void **state)
{
	struct old *old = *state;
	struct sf_diag diag = {{0}};
	write_first(old);
	if (open_with(old, sf_migrations_node, &diag))
		fail_msg("%s", diag.text);
	const struct sf_store *store = sf_sqlite_port(old->sqlite);
	struct sf_node_row_transition open = {.id = id_of(1)}, closed = {.id = id_of(2)};
	assert_int_equal(store->get(store->self, &sf_node_table_transition, 0, &open, NULL), SF_OK);
	assert_int_equal(
		store->get(store->self, &sf_node_table_transition, 0, &closed, NULL), SF_OK);
	assert_int_equal(open.open, 1);
	assert_int_equal(open.sequence, 2);
	assert_int_equal(open.updated_ms, 200);
	assert_true(sf_digest_is_none(&open.summary));
	assert_int_equal(closed.open, 0);
	struct sf_node_row_event event = {.transition = id_of(1), .sequence = 1};
	assert_int_equal(store->get(store->self, &sf_node_table_event, 0, &event, NULL), SF_OK);
	assert_int_equal(event.received_ms, 100);
	assert_int_equal(event.recorded_ms, 100);
	assert_int_equal(event.cover.size, 1);
	assert_int_equal(event.cover.data[0], 0xc0);
	assert_int_equal(event.receipt_signature.data[0], 0x51);
	struct sf_node_row_delivery delivery = {.message_id = id_of(8), .recipient = id_of(9)};
	assert_int_equal(
		store->get(store->self, &sf_node_table_delivery, 0, &delivery, NULL), SF_OK);
	assert_int_equal(delivery.state, SF_DELIVERY_FATAL_ERROR);
	assert_int_equal(delivery.failed, 1);
	assert_int_equal(delivery.since_ms, 120);
	struct sf_node_row_agreement agreement = {.digest = {{0}}};
	agreement.digest.bytes[SF_DIGEST_SIZE - 1] = 7;
	assert_int_equal(
		store->get(store->self, &sf_node_table_agreement, 0, &agreement, NULL), SF_OK);
	/* And again, when there is nothing to take forward. */
	sf_sqlite_close(&old->sqlite);
	assert_int_equal(open_with(old, sf_migrations_node, &diag), SF_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_first_programs_store_is_taken_forward, make_folder, remove_folder),
	};
	return cmocka_run_group_tests_name("node/tables", tests, NULL, NULL);
}
