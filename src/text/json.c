#include "text/json.h"

#include <string.h>

#include <jansson.h>

#include "base/limits.h"
#include "text/json_scan.h"

/* Each of the nodes can be a number that the scan dresses with eight more bytes. */
#define DRESSED_SIZE_MAX (SF_CLINICAL_SIZE_MAX + 8 * (SF_TEXT_NODES_MAX + 1))

static enum sf_err add_value(struct sf_arena *arena, struct sf_element *parent, const char *name,
	json_t *value, size_t depth, struct sf_element **ret_element);

static enum sf_err add_items(
	struct sf_arena *arena, struct sf_element *parent, json_t *array, size_t depth)
{
	for (size_t i = 0; i < json_array_size(array); i++) {
		struct sf_element *item = NULL;
		enum sf_err err =
			add_value(arena, parent, "", json_array_get(array, i), depth, &item);
		if (err)
			return err;
	}
	return SF_OK;
}

static enum sf_err add_members(
	struct sf_arena *arena, struct sf_element *parent, json_t *object, size_t depth)
{
	for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at)) {
		const char *key = json_object_iter_key(at);
		if (key[0] == SF_JSON_NUMBER_MARK)
			return SF_ERR_FORMAT;
		const char *name = sf_arena_text(arena, sf_view_text(key));
		if (!name)
			return SF_ERR_LIMIT;
		struct sf_element *member = NULL;
		enum sf_err err =
			add_value(arena, parent, name, json_object_iter_value(at), depth, &member);
		if (err)
			return err;
	}
	return SF_OK;
}

/*
 * The kind of a primitive and its text, which is borrowed from value. The scan leaves no numbers to
 * the parser; should one ever pass, it reads as null.
 */
static enum sf_element_kind primitive(json_t *value, const char **ret_text)
{
	*ret_text = NULL;
	if (!json_is_boolean(value) && !json_is_string(value))
		return SF_ELEMENT_NULL;
	if (json_is_boolean(value)) {
		*ret_text = json_is_true(value) ? "true" : "false";
		return SF_ELEMENT_BOOL;
	}
	const char *text = json_string_value(value);
	bool number = text[0] == SF_JSON_NUMBER_MARK;
	*ret_text = number ? text + 1 : text;
	return number ? SF_ELEMENT_NUMBER : SF_ELEMENT_TEXT;
}

/* The recursion is bounded: the scan has refused nesting beyond SF_TEXT_DEPTH_MAX. */
static enum sf_err add_value(struct sf_arena *arena, struct sf_element *parent, const char *name,
	json_t *value, size_t depth, struct sf_element **ret_element)
{
	SF_ASSERT(depth <= SF_TEXT_DEPTH_MAX);
	enum sf_element_kind kind = SF_ELEMENT_OBJECT;
	const char *text = NULL;
	if (json_is_array(value)) {
		kind = SF_ELEMENT_ARRAY;
	} else if (!json_is_object(value)) {
		kind = primitive(value, &text);
		text = text ? sf_arena_text(arena, sf_view_text(text)) : NULL;
		if (!text && kind != SF_ELEMENT_NULL)
			return SF_ERR_LIMIT;
	}
	struct sf_element *element = sf_element_add(arena, parent, kind, name, text);
	if (!element)
		return SF_ERR_LIMIT;
	*ret_element = element;
	if (kind == SF_ELEMENT_OBJECT)
		return add_members(arena, element, value, depth + 1);
	if (kind == SF_ELEMENT_ARRAY)
		return add_items(arena, element, value, depth + 1);
	return SF_OK;
}

/* jansson's own sentence is not used: it quotes the document. */
static const char *fault_text(const json_error_t *error)
{
	static const struct {
		enum json_error_code code;
		const char *text;
	} faults[] = {
		{json_error_duplicate_key, "a key appears twice in one object"},
		{json_error_invalid_utf8, "the text is not UTF-8"},
		{json_error_null_character, "a string contains U+0000"},
		{json_error_null_byte_in_key, "a key contains U+0000"},
		{json_error_premature_end_of_input, "the text ends too early"},
		{json_error_end_of_input_expected, "more text follows the document"},
	};
	for (size_t i = 0; i < SF_COUNT(faults); i++)
		if (json_error_code(error) == faults[i].code)
			return faults[i].text;
	return "the syntax is not JSON";
}

static enum sf_err parse(struct sf_view dressed, json_t **ret_json, struct sf_diag *diag)
{
	/* Seeded once a process from the system's randomness, so that keys cannot be made to
	 * collide. Members keep the order of the document whatever the seed. */
	json_object_seed(0);
	json_error_t error;
	*ret_json = json_loadb(
		(const char *)dressed.data, dressed.size, JSON_REJECT_DUPLICATES, &error);
	if (*ret_json)
		return SF_OK;
	if (json_error_code(&error) == json_error_out_of_memory)
		return SF_ERR_MEMORY;
	sf_diag_set(diag, "line %d: %s", error.line, fault_text(&error));
	return SF_ERR_FORMAT;
}

static enum sf_err parse_into(struct sf_view json, struct sf_buf *dressed, struct sf_arena *arena,
	struct sf_element **ret_root, struct sf_diag *diag)
{
	enum sf_err err = sf_json_scan(json, dressed, diag);
	if (err)
		return err;
	json_t *parsed = NULL;
	err = parse(sf_buf_view(dressed), &parsed, diag);
	if (err)
		return err;
	err = add_value(arena, NULL, "", parsed, 0, ret_root);
	json_decref(parsed);
	if (err == SF_ERR_FORMAT)
		sf_diag_set(diag, "a key is not a string");
	if (err == SF_ERR_LIMIT)
		sf_diag_set(diag, "the document needs more memory than it may");
	return err;
}

enum sf_err sf_json_read(struct sf_view json, struct sf_arena *arena,
	const struct sf_element **ret_root, struct sf_diag *diag)
{
	if (json.size > SF_CLINICAL_SIZE_MAX) {
		sf_diag_set(diag, "larger than %zu bytes", SF_CLINICAL_SIZE_MAX);
		return SF_ERR_LIMIT;
	}
	if (json.size >= 3 && memcmp(json.data, "\xEF\xBB\xBF", 3) == 0)
		json = sf_view_of(json.data + 3, json.size - 3);
	struct sf_buf dressed;
	sf_buf_init(&dressed, DRESSED_SIZE_MAX);
	struct sf_element *root = NULL;
	enum sf_err err = parse_into(json, &dressed, arena, &root, diag);
	sf_buf_fini(&dressed);
	if (!err)
		*ret_root = root;
	return err;
}
