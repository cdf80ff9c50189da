#include "unit/store/failing.h"

static bool fails(struct failing_store *failing, const struct sf_table *table)
{
	if (!failing->any && (!failing->table || failing->table != table))
		return false;
	if (failing->spared > 0) {
		failing->spared--;
		return false;
	}
	failing->failed++;
	return true;
}

static enum sf_err begin(void *self, struct sf_diag *diag)
{
	struct failing_store *failing = self;
	return failing->real.begin(failing->real.self, diag);
}

static enum sf_err commit(void *self, struct sf_diag *diag)
{
	struct failing_store *failing = self;
	return failing->real.commit(failing->real.self, diag);
}

static void rollback(void *self)
{
	struct failing_store *failing = self;
	failing->real.rollback(failing->real.self);
}

static enum sf_err insert(
	void *self, const struct sf_table *table, const void *row, struct sf_diag *diag)
{
	struct failing_store *failing = self;
	return fails(failing, table) ? failing->err
				     : failing->real.insert(failing->real.self, table, row, diag);
}

static enum sf_err replace(
	void *self, const struct sf_table *table, const void *row, struct sf_diag *diag)
{
	struct failing_store *failing = self;
	return fails(failing, table) ? failing->err
				     : failing->real.replace(failing->real.self, table, row, diag);
}

static enum sf_err remove_row(
	void *self, const struct sf_table *table, const void *key, struct sf_diag *diag)
{
	struct failing_store *failing = self;
	return fails(failing, table) ? failing->err
				     : failing->real.remove(failing->real.self, table, key, diag);
}

static enum sf_err get(
	void *self, const struct sf_table *table, size_t index, void *row, struct sf_diag *diag)
{
	struct failing_store *failing = self;
	return fails(failing, table)
		       ? failing->err
		       : failing->real.get(failing->real.self, table, index, row, diag);
}

static enum sf_err scan(void *self, const struct sf_scan *scan, sf_row_visitor *visitor,
	void *context, struct sf_diag *diag)
{
	struct failing_store *failing = self;
	return fails(failing, scan->table)
		       ? failing->err
		       : failing->real.scan(failing->real.self, scan, visitor, context, diag);
}

void failing_store_init(struct failing_store *failing, const struct sf_store *real)
{
	*failing = (struct failing_store){
		.port = {.self = failing,
			.begin = begin,
			.commit = commit,
			.rollback = rollback,
			.insert = insert,
			.replace = replace,
			.remove = remove_row,
			.get = get,
			.scan = scan},
		.real = *real,
		.err = SF_ERR_IO,
	};
}
