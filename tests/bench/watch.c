#include "bench/watch.h"

#include "node/tables.h"

static enum sf_err begin(void *self, struct sf_diag *diag)
{
	struct sf_bench_watch *watch = self;
	return watch->inner.begin(watch->inner.self, diag);
}

static enum sf_err commit(void *self, struct sf_diag *diag)
{
	struct sf_bench_watch *watch = self;
	watch->statements.commits++;
	return watch->inner.commit(watch->inner.self, diag);
}

static void rollback(void *self)
{
	struct sf_bench_watch *watch = self;
	watch->inner.rollback(watch->inner.self);
}

static enum sf_err insert(
	void *self, const struct sf_table *table, const void *row, struct sf_diag *diag)
{
	struct sf_bench_watch *watch = self;
	watch->statements.inserts++;
	return watch->inner.insert(watch->inner.self, table, row, diag);
}

static enum sf_err replace(
	void *self, const struct sf_table *table, const void *row, struct sf_diag *diag)
{
	struct sf_bench_watch *watch = self;
	watch->statements.replaces++;
	if (table == &sf_node_table_delivery && watch->final) {
		const struct sf_node_row_delivery *delivery = row;
		if (delivery->open == 0)
			watch->final(watch->context, delivery->message_id);
	}
	return watch->inner.replace(watch->inner.self, table, row, diag);
}

static enum sf_err remove_row(
	void *self, const struct sf_table *table, const void *key, struct sf_diag *diag)
{
	struct sf_bench_watch *watch = self;
	watch->statements.removes++;
	return watch->inner.remove(watch->inner.self, table, key, diag);
}

static enum sf_err get(
	void *self, const struct sf_table *table, size_t index, void *row, struct sf_diag *diag)
{
	struct sf_bench_watch *watch = self;
	watch->statements.gets++;
	return watch->inner.get(watch->inner.self, table, index, row, diag);
}

static enum sf_err scan(void *self, const struct sf_scan *asked, sf_row_visitor *visitor,
	void *context, struct sf_diag *diag)
{
	struct sf_bench_watch *watch = self;
	watch->statements.scans++;
	return watch->inner.scan(watch->inner.self, asked, visitor, context, diag);
}

struct sf_store sf_bench_watch_store(struct sf_bench_watch *watch, struct sf_store inner)
{
	watch->inner = inner;
	return (struct sf_store){
		.self = watch,
		.begin = begin,
		.commit = commit,
		.rollback = rollback,
		.insert = insert,
		.replace = replace,
		.remove = remove_row,
		.get = get,
		.scan = scan,
	};
}
