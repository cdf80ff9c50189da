#include "text/xml.h"

#include <string.h>

#include <expat.h>

#include "base/limits.h"

/* Between namespace and name; a character that XML cannot contain. */
#define SEPARATOR '\x1f'
#define XML_SCHEMA_INSTANCE "http://www.w3.org/2001/XMLSchema-instance"

struct reading {
	XML_Parser parser;      /* owned */
	struct sf_arena *arena; /* borrowed */
	struct sf_diag *diag;   /* borrowed, may be NULL */
	struct sf_element *root;
	struct sf_element *open[SF_TEXT_DEPTH_MAX];
	size_t depth;      /* of open */
	size_t skip_depth; /* inside a narrative: levels below its div, with it */
	size_t node_count;
	enum sf_err err;
};

struct qname {
	struct sf_view namespace;
	const char *local;
};

static struct qname qname_of(const XML_Char *name)
{
	const char *separator = strchr(name, SEPARATOR);
	if (!separator)
		return (struct qname){.namespace = sf_view_text(""), .local = name};
	return (struct qname){
		.namespace = sf_view_of(name, (size_t)(separator - name)), .local = separator + 1};
}

static bool in_namespace(const struct qname *name, const char *namespace)
{
	return sf_view_equal(name->namespace, sf_view_text(namespace));
}

static void stop(struct reading *reading, enum sf_err err, const char *text)
{
	if (reading->err)
		return;
	reading->err = err;
	sf_diag_set(reading->diag, "line %lu: %s",
		(unsigned long)XML_GetCurrentLineNumber(reading->parser), text);
	XML_StopParser(reading->parser, XML_FALSE);
}

static struct sf_element *add(struct reading *reading, struct sf_element *parent,
	enum sf_element_kind kind, const char *name, const char *text)
{
	if (++reading->node_count > SF_TEXT_NODES_MAX) {
		stop(reading, SF_ERR_LIMIT, "too many elements");
		return NULL;
	}
	const char *own_name = sf_arena_text(reading->arena, sf_view_text(name));
	const char *own_text = text ? sf_arena_text(reading->arena, sf_view_text(text)) : NULL;
	struct sf_element *element = NULL;
	if (own_name && (own_text || !text))
		element = sf_element_add(reading->arena, parent, kind, own_name, own_text);
	if (!element)
		stop(reading, SF_ERR_LIMIT, "the document needs more memory than it may");
	return element;
}

/* "{namespace}name" behind a prefix, for what is not FHIR's. NULL when memory is out. */
static const char *foreign_name(
	struct reading *reading, const char *prefix, const struct qname *name)
{
	size_t prefix_size = strlen(prefix);
	size_t local_size = strlen(name->local);
	char *text =
		sf_arena_take(reading->arena, prefix_size + name->namespace.size + local_size + 3);
	if (!text) {
		stop(reading, SF_ERR_LIMIT, "the document needs more memory than it may");
		return NULL;
	}
	memcpy(text, prefix, prefix_size);
	char *at = text + prefix_size;
	if (name->namespace.size > 0) {
		*at++ = '{';
		memcpy(at, name->namespace.data, name->namespace.size);
		at += name->namespace.size;
		*at++ = '}';
	}
	memcpy(at, name->local, local_size);
	return text;
}

static void add_attributes(
	struct reading *reading, struct sf_element *element, const XML_Char **attributes)
{
	for (size_t i = 0; attributes[i] && !reading->err; i += 2) {
		struct qname name = qname_of(attributes[i]);
		bool plain = name.namespace.size == 0;
		if (plain && strcmp(name.local, "value") == 0)
			continue;
		if (in_namespace(&name, XML_SCHEMA_INSTANCE))
			continue; /* says where a schema lies, not what the letter says */
		bool known =
			plain && (strcmp(name.local, "id") == 0 || strcmp(name.local, "url") == 0);
		const char *member = known ? name.local : foreign_name(reading, "@", &name);
		if (member)
			add(reading, element, SF_ELEMENT_TEXT, member, attributes[i + 1]);
	}
}

static const char *value_of(const XML_Char **attributes)
{
	for (size_t i = 0; attributes[i]; i += 2)
		if (strcmp(attributes[i], "value") == 0)
			return attributes[i + 1];
	return NULL;
}

/* <resource><Patient>: the members of Patient become those of resource. */
static struct sf_element *open_resource(
	struct reading *reading, struct sf_element *parent, const char *type)
{
	if (parent && (parent->first || parent->text)) {
		stop(reading, SF_ERR_FORMAT, "a resource stands beside something else");
		return NULL;
	}
	if (!parent) {
		parent = add(reading, NULL, SF_ELEMENT_OBJECT, "", NULL);
		reading->root = parent;
	}
	if (parent)
		add(reading, parent, SF_ELEMENT_TEXT, "resourceType", type);
	return parent;
}

static struct sf_element *open_element(struct reading *reading, struct sf_element *parent,
	const struct qname *name, const XML_Char **attributes)
{
	bool fhir = in_namespace(name, SF_XML_FHIR);
	if (fhir && name->local[0] >= 'A' && name->local[0] <= 'Z')
		return open_resource(reading, parent, name->local);
	if (!parent) {
		stop(reading, SF_ERR_FORMAT, "the document is no FHIR resource");
		return NULL;
	}
	const char *text = value_of(attributes);
	const char *member = fhir ? name->local : foreign_name(reading, "", name);
	if (!member)
		return NULL;
	return add(reading, parent, text ? SF_ELEMENT_TEXT : SF_ELEMENT_OBJECT, member, text);
}

static void XMLCALL on_start(void *self, const XML_Char *full_name, const XML_Char **attributes)
{
	struct reading *reading = self;
	if (reading->err)
		return;
	if (reading->depth + reading->skip_depth >= SF_TEXT_DEPTH_MAX) {
		stop(reading, SF_ERR_LIMIT, "nested too deeply");
		return;
	}
	struct qname name = qname_of(full_name);
	struct sf_element *parent = reading->depth > 0 ? reading->open[reading->depth - 1] : NULL;
	if (reading->skip_depth > 0 || (parent && in_namespace(&name, SF_XML_XHTML))) {
		if (reading->skip_depth == 0)
			add(reading, parent, SF_ELEMENT_TEXT, name.local, "");
		reading->skip_depth++;
		return;
	}
	struct sf_element *element = open_element(reading, parent, &name, attributes);
	if (!element)
		return;
	add_attributes(reading, element, attributes);
	reading->open[reading->depth++] = element;
}

static void XMLCALL on_end(void *self, const XML_Char *name)
{
	(void)name;
	struct reading *reading = self;
	if (reading->err)
		return;
	if (reading->skip_depth > 0)
		reading->skip_depth--;
	else
		reading->depth--;
}

static void XMLCALL on_text(void *self, const XML_Char *text, int size)
{
	struct reading *reading = self;
	if (reading->err || reading->skip_depth > 0)
		return;
	for (int i = 0; i < size; i++) {
		if (strchr(" \t\r\n", text[i]) == NULL || text[i] == '\0') {
			stop(reading, SF_ERR_FORMAT, "text stands outside of a value attribute");
			return;
		}
	}
}

static void XMLCALL on_doctype(void *self, const XML_Char *name, const XML_Char *system_id,
	const XML_Char *public_id, int has_internal_subset)
{
	(void)name;
	(void)system_id;
	(void)public_id;
	(void)has_internal_subset;
	stop(self, SF_ERR_FORMAT, "document type declarations are refused");
}

static enum sf_err parse(struct reading *reading, struct sf_view xml)
{
	XML_SetUserData(reading->parser, reading);
	XML_SetElementHandler(reading->parser, on_start, on_end);
	XML_SetCharacterDataHandler(reading->parser, on_text);
	XML_SetStartDoctypeDeclHandler(reading->parser, on_doctype);
	const char *data = xml.size > 0 ? (const char *)xml.data : "";
	enum XML_Status status = XML_Parse(reading->parser, data, (int)xml.size, XML_TRUE);
	if (reading->err)
		return reading->err;
	if (status == XML_STATUS_OK)
		return SF_OK;
	enum XML_Error error = XML_GetErrorCode(reading->parser);
	if (error == XML_ERROR_NO_MEMORY)
		return SF_ERR_MEMORY;
	stop(reading, SF_ERR_FORMAT, XML_ErrorString(error));
	return reading->err;
}

enum sf_err sf_xml_read(struct sf_view xml, struct sf_arena *arena,
	const struct sf_element **ret_root, struct sf_diag *diag)
{
	if (xml.size > SF_CLINICAL_SIZE_MAX) {
		sf_diag_set(diag, "larger than %zu bytes", SF_CLINICAL_SIZE_MAX);
		return SF_ERR_LIMIT;
	}
	struct reading reading = {.arena = arena, .diag = diag};
	reading.parser = XML_ParserCreateNS(NULL, SEPARATOR);
	if (!reading.parser)
		return SF_ERR_MEMORY;
	enum sf_err err = parse(&reading, xml);
	XML_ParserFree(reading.parser);
	if (!err)
		*ret_root = reading.root;
	return err;
}
