/*
 * Prints the SQL that creates the tables of a store from their declarations: where a migration
 * starts from. schema_text node | coordinator.
 */
#include <stdio.h>
#include <string.h>

#include "coordinator/tables.h"
#include "node/tables.h"
#include "store/sqlite.h"

int main(int count, char **arguments)
{
	const char *name = count == 2 ? arguments[1] : "";
	bool node = strcmp(name, "node") == 0;
	if (!node && strcmp(name, "coordinator") != 0) {
		fprintf(stderr, "usage: schema_text node | coordinator\n");
		return 2;
	}
	const struct sf_table *const *tables = node ? sf_node_tables : sf_coordinator_tables;
	size_t table_count = node ? sf_node_table_count : sf_coordinator_table_count;
	struct sf_buf sql;
	sf_buf_init(&sql, 1048576);
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < table_count && !err; i++) {
		err = i > 0 ? sf_buf_append_text(&sql, "\n") : SF_OK;
		if (!err)
			err = sf_sqlite_schema_text(tables[i], &sql);
	}
	if (!err)
		fwrite(sql.data, 1, sql.size, stdout);
	sf_buf_fini(&sql);
	return err ? 1 : 0;
}
