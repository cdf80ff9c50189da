#include "store/table.h"

#include <string.h>

static size_t column_size(enum sf_column_type type)
{
	switch (type) {
	case SF_COLUMN_INTEGER:
		return sizeof(int64_t);
	case SF_COLUMN_ID:
		return sizeof(struct sf_id);
	case SF_COLUMN_DIGEST:
		return sizeof(struct sf_digest);
	case SF_COLUMN_BYTES:
		return sizeof(struct sf_view);
	}
	return 0;
}

/* Names become SQL: lower-case words only, so that no adapter ever has to escape. */
static bool name_valid(const char *name)
{
	if (!name || name[0] < 'a' || name[0] > 'z')
		return false;
	return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name);
}

static enum sf_err check_columns(const struct sf_table *table, struct sf_diag *diag)
{
	for (size_t i = 0; i < table->column_count; i++) {
		const struct sf_column *column = &table->columns[i];
		size_t size = column_size(column->type);
		if (!name_valid(column->name) || size == 0 || size > table->row_size ||
			column->offset > table->row_size - size) {
			sf_diag_set(diag, "table %s: column %zu is badly declared", table->name, i);
			return SF_ERR_USAGE;
		}
		for (size_t j = 0; j < i; j++) {
			if (strcmp(column->name, table->columns[j].name) != 0)
				continue;
			sf_diag_set(diag, "table %s: two columns are called %s", table->name,
				column->name);
			return SF_ERR_USAGE;
		}
	}
	return SF_OK;
}

static bool index_valid(const struct sf_table *table, size_t position)
{
	const struct sf_index *index = &table->indexes[position];
	bool partial = index->open_column != SF_INDEX_WHOLE;
	if (!name_valid(index->name) || index->column_count == 0 ||
		index->column_count > SF_INDEX_COLUMNS_MAX)
		return false;
	for (size_t i = 0; i < index->column_count; i++) {
		if (index->columns[i] >= table->column_count)
			return false;
		for (size_t j = 0; j < i; j++)
			if (index->columns[i] == index->columns[j])
				return false;
	}
	if (partial && (index->open_column >= table->column_count ||
			       table->columns[index->open_column].type != SF_COLUMN_INTEGER))
		return false;
	return position != 0 || (index->unique && !partial);
}

enum sf_err sf_table_check(const struct sf_table *table, struct sf_diag *diag)
{
	if (!name_valid(table->name) || table->column_count == 0 ||
		table->column_count > SF_TABLE_COLUMNS_MAX || table->index_count == 0 ||
		table->index_count > SF_TABLE_INDEXES_MAX) {
		sf_diag_set(diag, "table %s: name, columns or indexes are badly declared",
			table->name ? table->name : "without a name");
		return SF_ERR_USAGE;
	}
	enum sf_err err = check_columns(table, diag);
	if (err)
		return err;
	for (size_t i = 0; i < table->index_count; i++) {
		if (index_valid(table, i))
			continue;
		sf_diag_set(diag, "table %s: index %zu is badly declared", table->name, i);
		return SF_ERR_USAGE;
	}
	return SF_OK;
}

enum sf_err sf_scan_check(const struct sf_scan *scan, struct sf_diag *diag)
{
	const struct sf_table *table = scan->table;
	if (scan->index >= table->index_count) {
		sf_diag_set(diag, "scan of %s: there is no index %zu", table->name, scan->index);
		return SF_ERR_USAGE;
	}
	const struct sf_index *index = &table->indexes[scan->index];
	size_t needed = scan->equal_count + (scan->bounded ? 1 : 0);
	if (needed > index->column_count || (needed > 0 && !scan->from) ||
		(scan->exclusive && !scan->bounded)) {
		sf_diag_set(diag, "scan of %s by %s: the bound does not fit the index", table->name,
			index->name);
		return SF_ERR_USAGE;
	}
	return SF_OK;
}

enum sf_err sf_unique_check(const struct sf_table *table, size_t index, struct sf_diag *diag)
{
	if (index < table->index_count && table->indexes[index].unique)
		return SF_OK;
	sf_diag_set(diag, "table %s: index %zu is not unique", table->name, index);
	return SF_ERR_USAGE;
}

static const void *member(const struct sf_column *column, const void *row)
{
	return (const uint8_t *)row + column->offset;
}

int64_t sf_row_integer(const struct sf_column *column, const void *row)
{
	int64_t value;
	memcpy(&value, member(column, row), sizeof(value));
	return value;
}

struct sf_view sf_row_bytes(const struct sf_column *column, const void *row)
{
	if (column->type != SF_COLUMN_BYTES)
		return sf_view_of(member(column, row), column_size(column->type));
	struct sf_view view;
	memcpy(&view, member(column, row), sizeof(view));
	return view;
}

void sf_row_set_integer(const struct sf_column *column, void *row, int64_t value)
{
	memcpy((uint8_t *)row + column->offset, &value, sizeof(value));
}

enum sf_err sf_row_set_bytes(const struct sf_column *column, void *row, struct sf_view bytes)
{
	uint8_t *place = (uint8_t *)row + column->offset;
	if (column->type == SF_COLUMN_BYTES) {
		memcpy(place, &bytes, sizeof(bytes));
		return SF_OK;
	}
	if (bytes.size != column_size(column->type))
		return SF_ERR_CORRUPT;
	memcpy(place, bytes.data, bytes.size);
	return SF_OK;
}

static int compare_column(const struct sf_column *column, const void *a, const void *b)
{
	if (column->type != SF_COLUMN_INTEGER)
		return sf_view_compare(sf_row_bytes(column, a), sf_row_bytes(column, b));
	int64_t left = sf_row_integer(column, a), right = sf_row_integer(column, b);
	return (left > right) - (left < right);
}

int sf_row_compare(const struct sf_table *table, const struct sf_index *index, size_t count,
	const void *a, const void *b)
{
	for (size_t i = 0; i < count; i++) {
		int order = compare_column(&table->columns[index->columns[i]], a, b);
		if (order != 0)
			return order;
	}
	return 0;
}

bool sf_row_indexed(const struct sf_table *table, const struct sf_index *index, const void *row)
{
	return index->open_column == SF_INDEX_WHOLE ||
	       sf_row_integer(&table->columns[index->open_column], row) != 0;
}

bool sf_index_has(const struct sf_index *index, size_t column)
{
	for (size_t i = 0; i < index->column_count; i++)
		if (index->columns[i] == column)
			return true;
	return false;
}
