#include "store/memory.h"

#include <stdlib.h>
#include <string.h>

#include "store/memory_map.h"
#include "store/session.h"
#include "store/table.h"

struct shelf {
	const struct sf_table *table;                    /* borrowed */
	struct sf_memory_map maps[SF_TABLE_INDEXES_MAX]; /* [0] holds every row */
	size_t row_count;
};

/* A write that rollback takes back: either row may be NULL. Removed rows live until commit. */
struct undo {
	struct shelf *shelf; /* borrowed */
	void *added;         /* owned by the shelf */
	void *removed;       /* owned */
};

struct sf_memory {
	struct sf_store port;
	struct shelf *shelves; /* owned */
	size_t shelf_count;
	struct sf_session session;
	struct undo *undos; /* owned */
	size_t undo_count, undo_capacity;
	void *lent; /* owned: the row that get returned last */
	struct sf_memory_faults faults;
	uint64_t chance;
	enum sf_memory_outcome next_outcome;
};

/* One block: the row struct, then the bytes its views point to. */
static void *row_copy(const struct sf_table *table, const void *row)
{
	size_t size = table->row_size;
	for (size_t i = 0; i < table->column_count; i++) {
		if (table->columns[i].type != SF_COLUMN_BYTES)
			continue;
		size_t more = sf_row_bytes(&table->columns[i], row).size;
		if (more > SIZE_MAX - size)
			return NULL;
		size += more;
	}
	uint8_t *copy = calloc(1, size);
	uint8_t *bytes = copy ? copy + table->row_size : NULL;
	for (size_t i = 0; copy && i < table->column_count; i++) {
		const struct sf_column *column = &table->columns[i];
		if (column->type == SF_COLUMN_INTEGER) {
			sf_row_set_integer(column, copy, sf_row_integer(column, row));
			continue;
		}
		struct sf_view from = sf_row_bytes(column, row);
		struct sf_view to = from;
		if (column->type == SF_COLUMN_BYTES) {
			to = sf_view_of(from.size > 0 ? bytes : NULL, from.size);
			if (from.size > 0)
				memcpy(bytes, from.data, from.size);
			bytes += from.size;
		}
		enum sf_err err = sf_row_set_bytes(column, copy, to);
		SF_ASSERT(err == SF_OK);
	}
	return copy;
}

static struct shelf *find_shelf(
	struct sf_memory *store, const struct sf_table *table, struct sf_diag *diag)
{
	for (size_t i = 0; i < store->shelf_count; i++)
		if (store->shelves[i].table == table)
			return &store->shelves[i];
	sf_diag_set(diag, "table %s was not declared when the store was opened", table->name);
	return NULL;
}

/* Takes the row out of the first count maps. */
static void unshelve_from(struct shelf *shelf, const void *row, size_t count)
{
	const struct sf_table *table = shelf->table;
	for (size_t i = 0; i < count; i++)
		if (sf_row_indexed(table, &table->indexes[i], row))
			sf_memory_map_remove(&shelf->maps[i], row);
}

static void unshelve(struct shelf *shelf, const void *row)
{
	unshelve_from(shelf, row, shelf->table->index_count);
	shelf->row_count--;
}

static enum sf_err put_on_shelf(struct shelf *shelf, const void *row)
{
	const struct sf_table *table = shelf->table;
	for (size_t i = 0; i < table->index_count; i++) {
		if (!sf_row_indexed(table, &table->indexes[i], row))
			continue;
		enum sf_err err = sf_memory_map_insert(&shelf->maps[i], row);
		if (err) {
			unshelve_from(shelf, row, i);
			return err;
		}
	}
	shelf->row_count++;
	return SF_OK;
}

/* The row with the same key in a unique index, or NULL. */
static const void *find_row(const struct shelf *shelf, size_t index, const void *key)
{
	size_t count = shelf->table->indexes[index].column_count;
	struct sf_memory_link *link = sf_memory_map_find(&shelf->maps[index], key, count, false);
	bool same = link && sf_row_compare(shelf->table, &shelf->table->indexes[index], count,
				    link->row, key) == 0;
	return same ? link->row : NULL;
}

/* True when another row than old has a key of row in a unique index. */
static bool is_taken(const struct shelf *shelf, const void *row, const void *old)
{
	const struct sf_table *table = shelf->table;
	for (size_t i = 0; i < table->index_count; i++) {
		const struct sf_index *index = &table->indexes[i];
		if (!index->unique || !sf_row_indexed(table, index, row))
			continue;
		const void *found = find_row(shelf, i, row);
		if (found && found != old)
			return true;
	}
	return false;
}

static enum sf_err reserve_undo(struct sf_memory *store)
{
	if (store->undo_count < store->undo_capacity)
		return SF_OK;
	size_t capacity = store->undo_capacity == 0 ? 64 : store->undo_capacity * 2;
	struct undo *undos = realloc(store->undos, capacity * sizeof(*undos));
	if (!undos)
		return SF_ERR_MEMORY;
	store->undos = undos;
	store->undo_capacity = capacity;
	return SF_OK;
}

/* Puts added in the place of old; either may be NULL. Takes added only when it succeeds. */
static enum sf_err exchange(
	struct sf_memory *store, struct shelf *shelf, void *added, const void *old)
{
	enum sf_err err = reserve_undo(store);
	if (err)
		return err;
	if (old)
		unshelve(shelf, old);
	if (added)
		err = put_on_shelf(shelf, added);
	if (err && old) {
		/* Memory that was just freed; without it a simulation cannot go on anyway. */
		enum sf_err back = put_on_shelf(shelf, old);
		SF_ASSERT(back == SF_OK);
	}
	if (!err)
		store->undos[store->undo_count++] = (struct undo){shelf, added, (void *)old};
	return err;
}

static bool draw(struct sf_memory *store, uint32_t per_million)
{
	if (per_million == 0)
		return false;
	uint64_t mixed = store->chance += UINT64_C(0x9E3779B97F4A7C15);
	mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
	return (mixed ^ (mixed >> 31)) % 1000000 < per_million;
}

static enum sf_err begin(void *self, struct sf_diag *diag)
{
	struct sf_memory *store = self;
	return sf_session_begin(&store->session, diag);
}

static void forget(struct sf_memory *store)
{
	for (size_t i = 0; i < store->undo_count; i++)
		free(store->undos[i].removed);
	store->undo_count = 0;
	sf_session_end(&store->session);
}

static void rollback(void *self)
{
	struct sf_memory *store = self;
	sf_session_rollback(&store->session);
	while (store->undo_count > 0) {
		struct undo *undo = &store->undos[--store->undo_count];
		if (undo->added) {
			unshelve(undo->shelf, undo->added);
			free(undo->added);
		}
		if (undo->removed) {
			enum sf_err err = put_on_shelf(undo->shelf, undo->removed);
			SF_ASSERT(err == SF_OK);
		}
	}
}

static enum sf_memory_outcome draw_outcome(struct sf_memory *store)
{
	enum sf_memory_outcome outcome = store->next_outcome;
	store->next_outcome = SF_MEMORY_GOOD;
	if (outcome != SF_MEMORY_GOOD)
		return outcome;
	if (draw(store, store->faults.commit_full))
		return SF_MEMORY_FULL;
	if (draw(store, store->faults.commit_lost))
		return SF_MEMORY_LOST;
	return draw(store, store->faults.commit_kept) ? SF_MEMORY_KEPT : SF_MEMORY_GOOD;
}

static enum sf_err commit(void *self, struct sf_diag *diag)
{
	struct sf_memory *store = self;
	enum sf_err err = sf_session_commit(&store->session, diag);
	if (err) {
		if (store->session.doom && store->session.depth == 0)
			rollback(store);
		return err;
	}
	switch (draw_outcome(store)) {
	case SF_MEMORY_GOOD:
		forget(store);
		return SF_OK;
	case SF_MEMORY_FULL:
		rollback(store);
		sf_diag_set(diag, "committing: the disk is full");
		return SF_ERR_DISK_FULL;
	case SF_MEMORY_LOST:
		rollback(store);
		break;
	case SF_MEMORY_KEPT:
		forget(store);
		break;
	}
	sf_session_break(&store->session);
	sf_diag_set(diag, "committing: the outcome is unknown");
	return SF_ERR_IO;
}

static enum sf_err write_allowed(
	struct sf_memory *store, const struct sf_table *table, struct sf_diag *diag)
{
	enum sf_err err = sf_session_write(&store->session, table, diag);
	if (err)
		return err;
	if (draw(store, store->faults.write_full))
		err = SF_ERR_DISK_FULL;
	else if (draw(store, store->faults.write_io))
		err = SF_ERR_IO;
	if (err)
		sf_diag_set(diag, "writing %s: %s", table->name, sf_err_text(err));
	return sf_session_wrote(&store->session, err);
}

/* Views into the row that was lent are valid until a call has read them, then no more. */
static void retire(struct sf_memory *store, void *lent)
{
	if (store->lent == lent)
		store->lent = NULL;
	free(lent);
}

static enum sf_err put(struct sf_memory *store, const struct sf_table *table, const void *row,
	bool replacing, struct sf_diag *diag)
{
	struct shelf *shelf = find_shelf(store, table, diag);
	if (!shelf)
		return SF_ERR_USAGE;
	const void *old = replacing ? find_row(shelf, 0, row) : NULL;
	if (is_taken(shelf, row, old)) {
		sf_diag_set(diag, "writing %s: a unique key is taken", table->name);
		return SF_ERR_EXISTS;
	}
	void *added = row_copy(table, row);
	enum sf_err err = added ? exchange(store, shelf, added, old) : SF_ERR_MEMORY;
	if (err)
		free(added);
	return sf_session_wrote(&store->session, err);
}

static enum sf_err insert(
	void *self, const struct sf_table *table, const void *row, struct sf_diag *diag)
{
	struct sf_memory *store = self;
	enum sf_err err = write_allowed(store, table, diag);
	if (!err)
		err = put(store, table, row, false, diag);
	retire(store, store->lent);
	return err;
}

static enum sf_err replace(
	void *self, const struct sf_table *table, const void *row, struct sf_diag *diag)
{
	struct sf_memory *store = self;
	enum sf_err err = write_allowed(store, table, diag);
	if (!err)
		err = put(store, table, row, true, diag);
	retire(store, store->lent);
	return err;
}

static enum sf_err remove_row(
	void *self, const struct sf_table *table, const void *key, struct sf_diag *diag)
{
	struct sf_memory *store = self;
	enum sf_err err = write_allowed(store, table, diag);
	struct shelf *shelf = err ? NULL : find_shelf(store, table, diag);
	if (!err && !shelf)
		err = SF_ERR_USAGE;
	const void *old = err ? NULL : find_row(shelf, 0, key);
	if (!err && !old)
		err = SF_ERR_NOT_FOUND;
	if (!err)
		err = sf_session_wrote(&store->session, exchange(store, shelf, NULL, old));
	retire(store, store->lent);
	return err;
}

static enum sf_err get(
	void *self, const struct sf_table *table, size_t index, void *row, struct sf_diag *diag)
{
	struct sf_memory *store = self;
	void *lent_before = store->lent;
	enum sf_err err = sf_session_read(&store->session, diag);
	if (!err)
		err = sf_unique_check(table, index, diag);
	struct shelf *shelf = err ? NULL : find_shelf(store, table, diag);
	if (!err && !shelf)
		err = SF_ERR_USAGE;
	const void *found = err ? NULL : find_row(shelf, index, row);
	if (!err && !found)
		err = SF_ERR_NOT_FOUND;
	void *copy = found ? row_copy(table, found) : NULL;
	if (found && !copy)
		err = SF_ERR_MEMORY;
	if (copy) {
		memcpy(row, copy, table->row_size);
		store->lent = copy;
	}
	retire(store, lent_before);
	return err;
}

/*
 * Both ends are found before the first visit: nothing may change the table meanwhile, while the
 * bytes of *from may go when the visitor calls get.
 */
static void visit(const struct shelf *shelf, const struct sf_scan *scan, sf_row_visitor *visitor,
	void *context)
{
	const struct sf_memory_map *map = &shelf->maps[scan->index];
	size_t equal = scan->equal_count, near = equal + (scan->bounded ? 1 : 0);
	struct sf_memory_link *link, *end;
	if (scan->descending) {
		/* Walks down from the last row inside; ends at the last one before the range. */
		struct sf_memory_link *behind =
			near == 0 ? NULL
				  : sf_memory_map_find(map, scan->from, near, !scan->exclusive);
		struct sf_memory_link *first = sf_memory_map_find(map, scan->from, equal, false);
		link = sf_memory_map_before(map, behind);
		end = first ? sf_memory_map_before(map, first) : link;
	} else {
		link = sf_memory_map_find(map, scan->from, near, scan->bounded && scan->exclusive);
		end = equal == 0 ? NULL : sf_memory_map_find(map, scan->from, equal, true);
	}
	for (size_t count = 0; link != end && (scan->count_max == 0 || count < scan->count_max);
		count++) {
		if (!visitor(context, link->row))
			return;
		link = scan->descending ? sf_memory_map_before(map, link) : link->next[0];
	}
}

static enum sf_err scan_rows(void *self, const struct sf_scan *scan, sf_row_visitor *visitor,
	void *context, struct sf_diag *diag)
{
	struct sf_memory *store = self;
	void *lent_before = store->lent;
	enum sf_err err = sf_scan_check(scan, diag);
	struct shelf *shelf = err ? NULL : find_shelf(store, scan->table, diag);
	if (!err && !shelf)
		err = SF_ERR_USAGE;
	if (!err)
		err = sf_session_enter(&store->session, scan->table, diag);
	if (!err) {
		store->lent = NULL;
		visit(shelf, scan, visitor, context);
		sf_session_leave(&store->session);
	}
	retire(store, lent_before);
	return err;
}

static void shelf_fini(struct shelf *shelf)
{
	struct sf_memory_link *link = shelf->maps[0].head ? shelf->maps[0].head->next[0] : NULL;
	for (; link; link = link->next[0])
		free((void *)link->row);
	for (size_t i = 0; i < SF_TABLE_INDEXES_MAX; i++)
		sf_memory_map_fini(&shelf->maps[i]);
}

static enum sf_err shelf_init(
	struct shelf *shelf, const struct sf_table *table, struct sf_diag *diag)
{
	enum sf_err err = sf_table_check(table, diag);
	shelf->table = table;
	for (size_t i = 0; i < table->index_count && !err; i++)
		err = sf_memory_map_init(&shelf->maps[i], table, &table->indexes[i]);
	return err;
}

enum sf_err sf_memory_open(const struct sf_table *const *tables, size_t table_count,
	struct sf_memory **ret_store, struct sf_diag *diag)
{
	struct sf_memory *store = calloc(1, sizeof(*store));
	if (!store)
		return SF_ERR_MEMORY;
	store->port = (struct sf_store){
		.self = store,
		.begin = begin,
		.commit = commit,
		.rollback = rollback,
		.insert = insert,
		.replace = replace,
		.remove = remove_row,
		.get = get,
		.scan = scan_rows,
	};
	store->shelves = calloc(table_count + 1, sizeof(*store->shelves));
	enum sf_err err = store->shelves ? SF_OK : SF_ERR_MEMORY;
	for (size_t i = 0; i < table_count && !err; i++) {
		store->shelf_count = i + 1;
		err = shelf_init(&store->shelves[i], tables[i], diag);
	}
	if (err)
		sf_memory_close(&store);
	else
		*ret_store = store;
	return err;
}

void sf_memory_close(struct sf_memory **store)
{
	struct sf_memory *closing = *store;
	if (!closing)
		return;
	rollback(closing);
	for (size_t i = 0; i < closing->shelf_count; i++)
		shelf_fini(&closing->shelves[i]);
	free(closing->shelves);
	free(closing->undos);
	free(closing->lent);
	free(closing);
	*store = NULL;
}

const struct sf_store *sf_memory_port(struct sf_memory *store)
{
	return &store->port;
}

void sf_memory_plan(struct sf_memory *store, const struct sf_memory_faults *faults)
{
	store->faults = faults ? *faults : (struct sf_memory_faults){0};
	store->chance = store->faults.seed;
}

void sf_memory_next_commit(struct sf_memory *store, enum sf_memory_outcome outcome)
{
	store->next_outcome = outcome;
}

void sf_memory_cut(struct sf_memory *store)
{
	rollback(store);
	sf_session_break(&store->session);
}

void sf_memory_reopen(struct sf_memory *store)
{
	rollback(store);
	store->session = (struct sf_session){0};
}

bool sf_memory_is_broken(const struct sf_memory *store)
{
	return store->session.broken;
}

size_t sf_memory_count(const struct sf_memory *store, const struct sf_table *table)
{
	for (size_t i = 0; i < store->shelf_count; i++)
		if (store->shelves[i].table == table)
			return store->shelves[i].row_count;
	return 0;
}
