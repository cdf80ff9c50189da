#include "sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "text/json.h"
#include "text/json_write.h"
#include "text/xml_write.h"

#define FILE_SIZE_MAX ((size_t)200000)

static void load(struct sf_buf *buf, const char *path)
{
	char full[1024];
	snprintf(full, sizeof(full), "%s/%s", SF_TESTS_DIR, path);
	FILE *file = fopen(full, "rb");
	assert_non_null(file);
	uint8_t *place = NULL;
	assert_int_equal(sf_buf_extend(buf, FILE_SIZE_MAX, &place), SF_OK);
	size_t size = fread(place, 1, FILE_SIZE_MAX, file);
	fclose(file);
	assert_in_range(size, 1, FILE_SIZE_MAX - 1);
	buf->size = size;
}

void sample_open(struct sample *sample, const char *path)
{
	*sample = (struct sample){0};
	sf_format_port(&sample->format);
	sf_arena_init(&sample->tree, (size_t)16 * 1024 * 1024);
	sf_arena_init(&sample->arena, (size_t)1024 * 1024);
	sf_buf_init(&sample->bytes, (size_t)1024 * 1024);
	sf_buf_init(&sample->canonical, (size_t)1024 * 1024);
	load(&sample->bytes, path);
	const struct sf_element *root = NULL;
	if (strcmp(sf_content_type_guess(sf_buf_view(&sample->bytes)), SF_CONTENT_FHIR_JSON) == 0)
		assert_int_equal(sf_json_read(sf_buf_view(&sample->bytes), &sample->tree, &root,
					 &sample->diag),
			SF_OK);
	/* The tree is the test's own: it may change what readers only look at. */
	memcpy(&sample->root, &root, sizeof(root));
}

void sample_close(struct sample *sample)
{
	sf_arena_fini(&sample->tree);
	sf_arena_fini(&sample->arena);
	sf_buf_fini(&sample->bytes);
	sf_buf_fini(&sample->canonical);
}

/* The name of the first step of a path and the number in its brackets; returns the rest. */
static const char *step(const char *path, char name[64], size_t *ret_index)
{
	size_t size = strcspn(path, ".[");
	assert_in_range(size, 1, 63);
	memcpy(name, path, size);
	name[size] = '\0';
	*ret_index = 0;
	path += size;
	if (*path == '[') {
		char *end = NULL;
		*ret_index = (size_t)strtoul(path + 1, &end, 10);
		path = end + 1;
	}
	return *path == '.' ? path + 1 : path;
}

static struct sf_element *member(struct sf_element *parent, const char *name)
{
	for (struct sf_element *at = parent->first; at; at = at->next)
		if (strcmp(at->name, name) == 0)
			return at;
	return NULL;
}

static struct sf_element *item(struct sf_element *parent, const char *name, size_t index)
{
	struct sf_element *found = member(parent, name);
	if (!found || found->kind != SF_ELEMENT_ARRAY)
		return index == 0 ? found : NULL;
	struct sf_element *at = found->first;
	while (at && index-- > 0)
		at = at->next;
	return at;
}

static struct sf_element *entry_of_type(struct sample *sample, const char *type, size_t index)
{
	struct sf_element *entries = member(sample->root, "entry");
	for (struct sf_element *at = entries->first; at; at = at->next) {
		struct sf_element *resource = member(at, "resource");
		if (resource && strcmp(sf_element_text(resource, "resourceType"), type) == 0 &&
			index-- == 0)
			return at;
	}
	return NULL;
}

struct sf_element *sample_find(struct sample *sample, const char *path)
{
	char name[64];
	size_t index = 0;
	path = step(path, name, &index);
	struct sf_element *at = sample->root;
	if (strcmp(name, "Bundle") != 0) {
		struct sf_element *entry = entry_of_type(sample, name, index);
		assert_non_null(entry);
		at = member(entry, "resource");
	}
	while (*path != '\0') {
		path = step(path, name, &index);
		at = item(at, name, index);
		assert_non_null(at);
	}
	return at;
}

static bool unlink_from(struct sf_element *parent, struct sf_element *gone)
{
	struct sf_element *before = NULL;
	for (struct sf_element *at = parent->first; at; before = at, at = at->next) {
		if (at == gone) {
			if (before)
				before->next = at->next;
			else
				parent->first = at->next;
			if (parent->last == at)
				parent->last = before;
			at->next = NULL;
			return true;
		}
		if (unlink_from(at, gone))
			return true;
	}
	return false;
}

void sample_remove(struct sample *sample, const char *path)
{
	assert_true(unlink_from(sample->root, sample_find(sample, path)));
}

void sample_set(struct sample *sample, const char *path, const char *text)
{
	struct sf_element *element = sample_find(sample, path);
	assert_non_null(element->text);
	element->text = text;
}

void sample_add(struct sample *sample, const char *path, const char *name, const char *text)
{
	assert_non_null(sf_element_add(
		&sample->tree, sample_find(sample, path), SF_ELEMENT_TEXT, name, text));
}

void sample_copy_entry(struct sample *sample, const char *type)
{
	struct sf_element *entry = entry_of_type(sample, type, 0);
	assert_non_null(entry);
	struct sf_element *copy = sf_element_add(
		&sample->tree, member(sample->root, "entry"), SF_ELEMENT_OBJECT, "", NULL);
	copy->first = entry->first;
	copy->last = entry->last;
}

void sample_rotate(struct sample *sample)
{
	struct sf_element *entries = member(sample->root, "entry");
	struct sf_element *first = entries->first;
	assert_true(unlink_from(sample->root, first));
	entries->last->next = first;
	entries->last = first;
}

static void write_json(
	struct sf_json_writer *writer, const char *name, const struct sf_element *element)
{
	bool container = element->kind == SF_ELEMENT_OBJECT || element->kind == SF_ELEMENT_ARRAY;
	if (element->kind == SF_ELEMENT_OBJECT)
		sf_json_object(writer, name);
	else if (element->kind == SF_ELEMENT_ARRAY)
		sf_json_array(writer, name);
	else if (element->kind == SF_ELEMENT_BOOL)
		sf_json_bool(writer, name, strcmp(element->text, "true") == 0);
	else
		sf_json_text(writer, name, element->text);
	bool named = element->kind == SF_ELEMENT_OBJECT;
	for (const struct sf_element *at = element->first; container && at; at = at->next)
		write_json(writer, named ? at->name : NULL, at);
	if (container)
		sf_json_close(writer);
}

/* FHIR R4 2.6.1, written from the specification and without the house's own FHIR writer. */
static void write_xml(
	struct sf_xml_writer *writer, const char *name, const struct sf_element *element)
{
	if (element->kind == SF_ELEMENT_ARRAY) {
		for (const struct sf_element *at = element->first; at; at = at->next)
			write_xml(writer, name, at);
		return;
	}
	if (strcmp(name, "div") == 0) {
		assert_int_equal(sf_buf_append_text(writer->buf, element->text), SF_OK);
		return;
	}
	if (element->text) {
		sf_xml_value(writer, name, element->text);
		return;
	}
	const char *type = sf_element_text(element, "resourceType");
	bool extension = strcmp(name, "extension") == 0;
	if (name[0] != '\0')
		sf_xml_open(
			writer, name, extension ? "url" : NULL, sf_element_text(element, "url"));
	if (type[0] != '\0')
		sf_xml_open(writer, type, name[0] == '\0' ? "xmlns" : NULL, "http://hl7.org/fhir");
	for (const struct sf_element *at = element->first; at; at = at->next) {
		if (strcmp(at->name, "resourceType") == 0 ||
			(extension && strcmp(at->name, "url") == 0))
			continue;
		write_xml(writer, at->name, at);
	}
	if (type[0] != '\0')
		sf_xml_close(writer);
	if (name[0] != '\0')
		sf_xml_close(writer);
}

void sample_write(struct sample *sample, bool xml)
{
	sf_buf_clear(&sample->bytes);
	if (xml) {
		struct sf_xml_writer writer;
		sf_xml_writer_begin(&writer, &sample->bytes);
		write_xml(&writer, "", sample->root);
		assert_int_equal(sf_xml_writer_end(&writer), SF_OK);
		return;
	}
	struct sf_json_writer writer;
	sf_json_writer_begin(&writer, &sample->bytes);
	write_json(&writer, NULL, sample->root);
	assert_int_equal(sf_json_writer_end(&writer), SF_OK);
}

enum sf_err sample_read(struct sample *sample)
{
	struct sf_view bytes = sf_buf_view(&sample->bytes);
	const char *content_type = sf_content_type_guess(bytes);
	assert_non_null(content_type);
	sf_arena_clear(&sample->arena);
	return sample->format.read(sample->format.self, content_type, bytes, &sample->arena,
		&sample->document, &sample->issues, &sample->diag);
}

struct sf_view sample_canonical(struct sample *sample)
{
	struct sf_view bytes = sf_buf_view(&sample->bytes);
	sf_buf_clear(&sample->canonical);
	assert_int_equal(sample->format.canonical(sample->format.self, sf_content_type_guess(bytes),
				 bytes, &sample->canonical, &sample->diag),
		SF_OK);
	return sf_buf_view(&sample->canonical);
}

bool sample_has_issue(const struct sample *sample, const char *code, const char *expression)
{
	for (size_t i = 0; i < sample->issues.count; i++) {
		const struct sf_issue *issue = &sample->issues.items[i];
		if (issue->fatal && strcmp(issue->code, code) == 0 &&
			strcmp(issue->expression, expression) == 0)
			return true;
	}
	return false;
}
