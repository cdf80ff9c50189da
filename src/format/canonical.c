#include "format/canonical.h"

#include <stdlib.h>
#include <string.h>

/*
 * Encoding of an item: 'T' size text when it is a primitive; then for each member in the order of
 * names 'M' size name, its items, and 'Z'; 'Z' at the end. Sizes are LEB128. So no two different
 * trees have the same bytes.
 *
 * A primitive may have members beside its text: XML has them in one element, JSON puts them into
 * the member "_name" at the same place of the list (FHIR R4 2.6.2.3).
 */
struct item {
	const struct sf_element *value; /* NULL when JSON has only the "_name" part */
	const struct sf_element *extra; /* of "_name"; NULL without */
};

struct member {
	const char *name; /* without the underscore */
	bool is_extra;
	size_t order; /* of appearance: keeps the sort stable */
	const struct sf_element *element;
};

struct writing {
	struct sf_arena *arena;
	struct sf_buf *buf;
};

static enum sf_err write_item(struct writing *writing, const struct item *item);

static enum sf_err write_text(struct writing *writing, char tag, const char *text)
{
	size_t size = strlen(text);
	enum sf_err err = sf_buf_append_u8(writing->buf, (uint8_t)tag);
	size_t rest = size;
	do {
		uint8_t low = (uint8_t)(rest & 0x7f);
		rest >>= 7;
		if (!err)
			err = sf_buf_append_u8(writing->buf, rest ? (uint8_t)(low | 0x80) : low);
	} while (rest);
	return err ? err : sf_buf_append(writing->buf, sf_view_of(text, size));
}

static int compare_members(const void *left, const void *right)
{
	const struct member *a = left;
	const struct member *b = right;
	int by_name = strcmp(a->name, b->name);
	if (by_name != 0)
		return by_name;
	if (a->is_extra != b->is_extra)
		return a->is_extra ? 1 : -1;
	return a->order < b->order ? -1 : a->order > b->order;
}

static size_t count_items(const struct member *members, size_t count, bool extra)
{
	size_t total = 0;
	for (size_t i = 0; i < count; i++) {
		if (members[i].is_extra != extra)
			continue;
		const struct sf_element *element = members[i].element;
		if (element->kind != SF_ELEMENT_ARRAY) {
			total++;
			continue;
		}
		for (const struct sf_element *at = element->first; at; at = at->next)
			total++;
	}
	return total;
}

static void place(struct item *items, size_t *index, bool extra, const struct sf_element *element)
{
	if (extra)
		items[(*index)++].extra = element;
	else
		items[(*index)++].value = element;
}

static void fill_items(struct item *items, const struct member *members, size_t count, bool extra)
{
	size_t index = 0;
	for (size_t i = 0; i < count; i++) {
		if (members[i].is_extra != extra)
			continue;
		const struct sf_element *element = members[i].element;
		if (element->kind != SF_ELEMENT_ARRAY) {
			place(items, &index, extra, element);
			continue;
		}
		for (const struct sf_element *at = element->first; at; at = at->next)
			place(items, &index, extra, at);
	}
}

/* All members of one name. Nothing is written when every item of them is empty. */
static enum sf_err write_member(struct writing *writing, const struct member *members, size_t count)
{
	size_t values = count_items(members, count, false);
	size_t extras = count_items(members, count, true);
	size_t total = values > extras ? values : extras;
	struct item *items = sf_arena_take_many(writing->arena, total, sizeof(*items));
	if (!items)
		return SF_ERR_LIMIT;
	fill_items(items, members, count, false);
	fill_items(items, members, count, true);
	size_t mark = writing->buf->size;
	enum sf_err err = write_text(writing, 'M', members[0].name);
	bool filled = false;
	for (size_t i = 0; !err && i < total; i++) {
		size_t before = writing->buf->size;
		err = write_item(writing, &items[i]);
		filled = filled || writing->buf->size > before + 1;
	}
	if (!err)
		err = sf_buf_append_u8(writing->buf, 'Z');
	if (!filled)
		writing->buf->size = mark;
	return err;
}

static bool is_left_out(const char *type, const char *parent_name, const char *name)
{
	if (type[0] != '\0' && strcmp(name, "text") == 0)
		return true;
	if (strcmp(type, "Bundle") == 0)
		return strcmp(name, "id") == 0 || strcmp(name, "timestamp") == 0;
	if (strcmp(type, "Provenance") == 0)
		return strcmp(name, "recorded") == 0;
	return strcmp(parent_name, "meta") == 0 && strcmp(name, "lastUpdated") == 0;
}

static void collect_members(const struct sf_element *element, struct member *members, size_t *count)
{
	if (!element || element->kind == SF_ELEMENT_ARRAY)
		return;
	const char *type = sf_element_text(element, "resourceType");
	for (const struct sf_element *at = element->first; at; at = at->next) {
		bool extra = at->name[0] == '_';
		const char *name = extra ? at->name + 1 : at->name;
		if (is_left_out(type, element->name, name))
			continue;
		members[*count] = (struct member){
			.name = name, .is_extra = extra, .order = *count, .element = at};
		(*count)++;
	}
}

static size_t child_count(const struct sf_element *element)
{
	size_t count = 0;
	for (const struct sf_element *at = element ? element->first : NULL; at; at = at->next)
		count++;
	return count;
}

static enum sf_err write_members(struct writing *writing, const struct item *item)
{
	size_t room = child_count(item->value) + child_count(item->extra);
	struct member *members = sf_arena_take_many(writing->arena, room, sizeof(*members));
	if (!members)
		return SF_ERR_LIMIT;
	size_t count = 0;
	collect_members(item->value, members, &count);
	collect_members(item->extra, members, &count);
	if (count > 1)
		qsort(members, count, sizeof(*members), compare_members);
	enum sf_err err = SF_OK;
	for (size_t from = 0, to; !err && from < count; from = to) {
		for (to = from + 1; to < count && !strcmp(members[to].name, members[from].name);)
			to++;
		err = write_member(writing, members + from, to - from);
	}
	return err;
}

/* A list inside a list is no FHIR; it is told apart all the same. */
static enum sf_err write_nested_list(struct writing *writing, const struct sf_element *list)
{
	enum sf_err err = sf_buf_append_u8(writing->buf, 'L');
	for (const struct sf_element *at = list->first; !err && at; at = at->next)
		err = write_item(writing, &(struct item){.value = at});
	return err;
}

/* Recursion is bounded by SF_TEXT_DEPTH_MAX, which the readers enforce. */
static enum sf_err write_item(struct writing *writing, const struct item *item)
{
	enum sf_err err = SF_OK;
	if (item->value && item->value->text)
		err = write_text(writing, 'T', item->value->text);
	if (!err && item->value && item->value->kind == SF_ELEMENT_ARRAY)
		err = write_nested_list(writing, item->value);
	if (!err && (child_count(item->value) > 0 || child_count(item->extra) > 0))
		err = write_members(writing, item);
	return err ? err : sf_buf_append_u8(writing->buf, 'Z');
}

enum sf_err sf_canonical_write(
	const struct sf_element *root, struct sf_arena *arena, struct sf_buf *buf)
{
	struct writing writing = {.arena = arena, .buf = buf};
	return write_item(&writing, &(struct item){.value = root});
}
