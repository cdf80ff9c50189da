/*
 * One neutral tree for JSON and FHIR XML. Everything lives in the arena it was read into: nodes,
 * names and texts are borrowed from it and never change.
 *
 * The two syntaxes differ where FHIR lets them (FHIR R4 2.6.1, 2.6.2): a list of one is an array in
 * JSON and a plain element in XML, and XML has no types. So readers ask for the items of a member
 * (sf_element_items), never for an array, and every primitive has its text.
 */
#ifndef SF_TEXT_ELEMENT_H
#define SF_TEXT_ELEMENT_H

#include "base/arena.h"
#include "base/bytes.h"

enum sf_element_kind {
	SF_ELEMENT_OBJECT = 1, /* members; from XML also an element without a value */
	SF_ELEMENT_ARRAY,      /* JSON only: items without names */
	SF_ELEMENT_TEXT,       /* from XML every primitive; it may have members as well */
	SF_ELEMENT_NUMBER,     /* text is the number as it was written */
	SF_ELEMENT_BOOL,       /* text is "true" or "false" */
	SF_ELEMENT_NULL,
};

struct sf_element {
	enum sf_element_kind kind;
	const char *name;         /* "" for the root and for items of an array */
	const char *text;         /* UTF-8; NULL unless a primitive */
	struct sf_element *first; /* members or items, in the order of the document */
	struct sf_element *last;
	struct sf_element *next; /* sibling */
};

/* A new last child of parent (NULL: a root). NULL when the arena is full. */
struct sf_element *sf_element_add(struct sf_arena *arena, struct sf_element *parent,
	enum sf_element_kind kind, const char *name, const char *text);

/* Walks the items of one member: JSON arrays and repeated XML elements look the same. */
struct sf_element_items {
	const char *name;
	const struct sf_element *member; /* next member to look at */
	const struct sf_element *item;   /* next item of the array that is being walked */
};

/* parent may be NULL: no items. name must outlive the walk. */
struct sf_element_items sf_element_items(const struct sf_element *parent, const char *name);
/* NULL at the end. */
const struct sf_element *sf_element_next(struct sf_element_items *items);

size_t sf_element_count(const struct sf_element *parent, const char *name);
/* The only item of a member; NULL when there is none or more than one. */
const struct sf_element *sf_element_one(const struct sf_element *parent, const char *name);
/* The first item; NULL when there is none. */
const struct sf_element *sf_element_first(const struct sf_element *parent, const char *name);
/* The text of the only item; "" when there is none, more than one, or no primitive. */
const char *sf_element_text(const struct sf_element *parent, const char *name);

#endif
