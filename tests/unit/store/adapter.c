#define _POSIX_C_SOURCE 200809L

#include "unit/store/adapter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "unit/store/tables.h"

static void must(enum sf_err err, const struct sf_diag *diag)
{
	if (err)
		fail_msg("%s: %s", sf_err_code(err), diag->text);
}

static void open_sqlite(struct adapter *adapter)
{
	struct sf_diag diag = {0};
	struct sf_sqlite_options options = {
		.path = adapter->path,
		.name = "test",
		.tables = test_tables,
		.table_count = SF_COUNT(test_tables),
	};
	must(sf_sqlite_open(&options, &adapter->sqlite, &diag), &diag);
	adapter->store = sf_sqlite_port(adapter->sqlite);
}

void adapter_open_memory(struct adapter *adapter)
{
	struct sf_diag diag = {0};
	*adapter = (struct adapter){0};
	must(sf_memory_open(test_tables, SF_COUNT(test_tables), &adapter->memory, &diag), &diag);
	adapter->store = sf_memory_port(adapter->memory);
}

void adapter_open_sqlite(struct adapter *adapter)
{
	*adapter = (struct adapter){.folder = "/tmp/stafet-store-XXXXXX"};
	assert_non_null(mkdtemp(adapter->folder));
	snprintf(adapter->path, sizeof(adapter->path), "%s/store.db", adapter->folder);
	open_sqlite(adapter);
}

void adapter_reopen(struct adapter *adapter)
{
	if (adapter->memory) {
		sf_memory_cut(adapter->memory);
		sf_memory_reopen(adapter->memory);
		return;
	}
	sf_sqlite_close(&adapter->sqlite);
	open_sqlite(adapter);
}

void adapter_close(struct adapter *adapter)
{
	static const char *const suffixes[] = {"", ".lock", "-wal", "-shm"};
	sf_memory_close(&adapter->memory);
	sf_sqlite_close(&adapter->sqlite);
	for (size_t i = 0; i < SF_COUNT(suffixes) && adapter->path[0]; i++) {
		char path[128];
		snprintf(path, sizeof(path), "%s%s", adapter->path, suffixes[i]);
		unlink(path);
	}
	if (adapter->folder[0])
		assert_int_equal(rmdir(adapter->folder), 0);
}

void must_begin(const struct sf_store *store)
{
	struct sf_diag diag = {0};
	must(store->begin(store->self, &diag), &diag);
}

void must_commit(const struct sf_store *store)
{
	struct sf_diag diag = {0};
	must(store->commit(store->self, &diag), &diag);
}

void must_insert(const struct sf_store *store, const struct sf_table *table, const void *row)
{
	struct sf_diag diag = {0};
	must(store->insert(store->self, table, row, &diag), &diag);
}

void must_replace(const struct sf_store *store, const struct sf_table *table, const void *row)
{
	struct sf_diag diag = {0};
	must(store->replace(store->self, table, row, &diag), &diag);
}
