#include "text/xml_scan.h"

#include <string.h>

#include "base/limits.h"

struct sf_xml_name sf_xml_scan_name(const XML_Char *name)
{
	const char *separator = strchr(name, SF_XML_SEPARATOR);
	if (!separator)
		return (struct sf_xml_name){.namespace = sf_view_text(""), .local = name};
	return (struct sf_xml_name){
		.namespace = sf_view_of(name, (size_t)(separator - name)), .local = separator + 1};
}

void sf_xml_scan_stop(struct sf_xml_scan *scan, enum sf_err err, const char *text)
{
	if (scan->err)
		return;
	scan->err = err;
	sf_diag_set(scan->diag, "line %lu: %s",
		(unsigned long)XML_GetCurrentLineNumber(scan->parser), text);
	XML_StopParser(scan->parser, XML_FALSE);
}

struct sf_element *sf_xml_scan_add(struct sf_xml_scan *scan, struct sf_element *parent,
	enum sf_element_kind kind, const char *name, const char *text)
{
	if (++scan->node_count > SF_TEXT_NODES_MAX) {
		sf_xml_scan_stop(scan, SF_ERR_LIMIT, "too many elements");
		return NULL;
	}
	const char *own_name = sf_arena_text(scan->arena, sf_view_text(name));
	const char *own_text = text ? sf_arena_text(scan->arena, sf_view_text(text)) : NULL;
	struct sf_element *element = NULL;
	if (own_name && (own_text || !text))
		element = sf_element_add(scan->arena, parent, kind, own_name, own_text);
	if (!element)
		sf_xml_scan_stop(scan, SF_ERR_LIMIT, "the document needs more memory than it may");
	return element;
}

static void XMLCALL on_doctype(void *self, const XML_Char *name, const XML_Char *system_id,
	const XML_Char *public_id, int has_internal_subset)
{
	(void)name;
	(void)system_id;
	(void)public_id;
	(void)has_internal_subset;
	sf_xml_scan_stop(self, SF_ERR_FORMAT, "document type declarations are refused");
}

static enum sf_err parse(struct sf_xml_scan *scan, struct sf_view xml)
{
	const char *data = xml.size > 0 ? (const char *)xml.data : "";
	enum XML_Status status = XML_Parse(scan->parser, data, (int)xml.size, XML_TRUE);
	if (scan->err)
		return scan->err;
	if (status == XML_STATUS_OK)
		return SF_OK;
	enum XML_Error error = XML_GetErrorCode(scan->parser);
	if (error == XML_ERROR_NO_MEMORY)
		return SF_ERR_MEMORY;
	sf_xml_scan_stop(scan, SF_ERR_FORMAT, XML_ErrorString(error));
	return scan->err;
}

enum sf_err sf_xml_scan_run(
	struct sf_xml_scan *scan, struct sf_view xml, const struct sf_xml_handlers *handlers)
{
	if (xml.size > SF_CLINICAL_SIZE_MAX) {
		sf_diag_set(scan->diag, "larger than %zu bytes", SF_CLINICAL_SIZE_MAX);
		return SF_ERR_LIMIT;
	}
	scan->parser = XML_ParserCreateNS(NULL, SF_XML_SEPARATOR);
	if (!scan->parser)
		return SF_ERR_MEMORY;
	XML_SetUserData(scan->parser, scan);
	XML_SetElementHandler(scan->parser, handlers->start, handlers->end);
	XML_SetCharacterDataHandler(scan->parser, handlers->text);
	XML_SetStartDoctypeDeclHandler(scan->parser, on_doctype);
	enum sf_err err = parse(scan, xml);
	XML_ParserFree(scan->parser);
	scan->parser = NULL;
	return err;
}
