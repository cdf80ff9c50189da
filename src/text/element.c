#include "text/element.h"

#include <string.h>

struct sf_element *sf_element_add(struct sf_arena *arena, struct sf_element *parent,
	enum sf_element_kind kind, const char *name, const char *text)
{
	struct sf_element *element = sf_arena_take(arena, sizeof(*element));
	if (!element)
		return NULL;
	*element = (struct sf_element){.kind = kind, .name = name, .text = text};
	if (!parent)
		return element;
	if (parent->last)
		parent->last->next = element;
	else
		parent->first = element;
	parent->last = element;
	return element;
}

struct sf_element_items sf_element_items(const struct sf_element *parent, const char *name)
{
	bool has_members = parent && parent->kind != SF_ELEMENT_ARRAY;
	return (struct sf_element_items){
		.name = name, .member = has_members ? parent->first : NULL};
}

const struct sf_element *sf_element_next(struct sf_element_items *items)
{
	for (;;) {
		if (items->item) {
			const struct sf_element *item = items->item;
			items->item = item->next;
			return item;
		}
		const struct sf_element *member = items->member;
		if (!member)
			return NULL;
		items->member = member->next;
		if (strcmp(member->name, items->name) != 0)
			continue;
		if (member->kind != SF_ELEMENT_ARRAY)
			return member;
		items->item = member->first;
	}
}

size_t sf_element_count(const struct sf_element *parent, const char *name)
{
	struct sf_element_items items = sf_element_items(parent, name);
	size_t count = 0;
	while (sf_element_next(&items))
		count++;
	return count;
}

const struct sf_element *sf_element_first(const struct sf_element *parent, const char *name)
{
	struct sf_element_items items = sf_element_items(parent, name);
	return sf_element_next(&items);
}

const struct sf_element *sf_element_one(const struct sf_element *parent, const char *name)
{
	struct sf_element_items items = sf_element_items(parent, name);
	const struct sf_element *only = sf_element_next(&items);
	return only && !sf_element_next(&items) ? only : NULL;
}

const char *sf_element_text(const struct sf_element *parent, const char *name)
{
	const struct sf_element *only = sf_element_one(parent, name);
	return only && only->text ? only->text : "";
}
