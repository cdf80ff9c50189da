#include "text/xml.h"

#include <string.h>

#include "base/limits.h"
#include "text/xml_scan.h"

#define XML_SCHEMA_INSTANCE "http://www.w3.org/2001/XMLSchema-instance"

struct reading {
	struct sf_xml_scan scan; /* first: the handlers are given it */
	struct sf_element *root;
	struct sf_element *open[SF_TEXT_DEPTH_MAX];
	size_t depth;      /* of open */
	size_t skip_depth; /* inside a narrative: levels below its div, with it */
};

static bool in_namespace(const struct sf_xml_name *name, const char *namespace)
{
	return sf_view_equal(name->namespace, sf_view_text(namespace));
}

/* "{namespace}name" behind a prefix, for what is not FHIR's. NULL when memory is out. */
static const char *foreign_name(
	struct reading *reading, const char *prefix, const struct sf_xml_name *name)
{
	size_t prefix_size = strlen(prefix);
	size_t local_size = strlen(name->local);
	char *text = sf_arena_take(
		reading->scan.arena, prefix_size + name->namespace.size + local_size + 3);
	if (!text) {
		sf_xml_scan_stop(
			&reading->scan, SF_ERR_LIMIT, "the document needs more memory than it may");
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
	for (size_t i = 0; attributes[i] && !reading->scan.err; i += 2) {
		struct sf_xml_name name = sf_xml_scan_name(attributes[i]);
		bool plain = name.namespace.size == 0;
		if (plain && strcmp(name.local, "value") == 0)
			continue;
		if (in_namespace(&name, XML_SCHEMA_INSTANCE))
			continue; /* says where a schema lies, not what the letter says */
		bool known =
			plain && (strcmp(name.local, "id") == 0 || strcmp(name.local, "url") == 0);
		const char *member = known ? name.local : foreign_name(reading, "@", &name);
		if (member)
			sf_xml_scan_add(&reading->scan, element, SF_ELEMENT_TEXT, member,
				attributes[i + 1]);
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
		sf_xml_scan_stop(
			&reading->scan, SF_ERR_FORMAT, "a resource stands beside something else");
		return NULL;
	}
	if (!parent) {
		parent = sf_xml_scan_add(&reading->scan, NULL, SF_ELEMENT_OBJECT, "", NULL);
		reading->root = parent;
	}
	if (parent)
		sf_xml_scan_add(&reading->scan, parent, SF_ELEMENT_TEXT, "resourceType", type);
	return parent;
}

static struct sf_element *open_element(struct reading *reading, struct sf_element *parent,
	const struct sf_xml_name *name, const XML_Char **attributes)
{
	bool fhir = in_namespace(name, SF_XML_FHIR);
	if (fhir && name->local[0] >= 'A' && name->local[0] <= 'Z')
		return open_resource(reading, parent, name->local);
	if (!parent) {
		sf_xml_scan_stop(&reading->scan, SF_ERR_FORMAT, "the document is no FHIR resource");
		return NULL;
	}
	const char *text = value_of(attributes);
	const char *member = fhir ? name->local : foreign_name(reading, "", name);
	if (!member)
		return NULL;
	return sf_xml_scan_add(
		&reading->scan, parent, text ? SF_ELEMENT_TEXT : SF_ELEMENT_OBJECT, member, text);
}

static void XMLCALL on_start(void *self, const XML_Char *full_name, const XML_Char **attributes)
{
	struct reading *reading = self;
	if (reading->scan.err)
		return;
	if (reading->depth + reading->skip_depth >= SF_TEXT_DEPTH_MAX) {
		sf_xml_scan_stop(&reading->scan, SF_ERR_LIMIT, "nested too deeply");
		return;
	}
	struct sf_xml_name name = sf_xml_scan_name(full_name);
	struct sf_element *parent = reading->depth > 0 ? reading->open[reading->depth - 1] : NULL;
	if (reading->skip_depth > 0 || (parent && in_namespace(&name, SF_XML_XHTML))) {
		if (reading->skip_depth == 0)
			sf_xml_scan_add(&reading->scan, parent, SF_ELEMENT_TEXT, name.local, "");
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
	if (reading->scan.err)
		return;
	if (reading->skip_depth > 0)
		reading->skip_depth--;
	else
		reading->depth--;
}

static void XMLCALL on_text(void *self, const XML_Char *text, int size)
{
	struct reading *reading = self;
	if (reading->scan.err || reading->skip_depth > 0)
		return;
	for (int i = 0; i < size; i++) {
		if (strchr(" \t\r\n", text[i]) == NULL || text[i] == '\0') {
			sf_xml_scan_stop(&reading->scan, SF_ERR_FORMAT,
				"text stands outside of a value attribute");
			return;
		}
	}
}

enum sf_err sf_xml_read(struct sf_view xml, struct sf_arena *arena,
	const struct sf_element **ret_root, struct sf_diag *diag)
{
	static const struct sf_xml_handlers handlers = {on_start, on_end, on_text};
	struct reading reading = {.scan = {.arena = arena, .diag = diag}};
	enum sf_err err = sf_xml_scan_run(&reading.scan, xml, &handlers);
	if (!err)
		*ret_root = reading.root;
	return err;
}
