#include "text/fhir_write.h"

#include <inttypes.h>
#include <stdio.h>

#include "text/xml.h"

#define INT_TEXT_SIZE 24
#define NARRATIVE_SIZE_MAX ((size_t)65536)

static void push(struct sf_fhir_writer *writer, enum sf_fhir_level level, const char *name)
{
	SF_ASSERT(writer->depth < SF_FHIR_WRITE_DEPTH_MAX);
	writer->open[writer->depth].level = level;
	writer->open[writer->depth].name = name;
	writer->depth++;
}

/* XML repeats the name of the list for each item. */
static const char *xml_name(const struct sf_fhir_writer *writer, const char *name)
{
	if (name)
		return name;
	SF_ASSERT(writer->depth > 0 && writer->open[writer->depth - 1].level == SF_FHIR_LIST);
	return writer->open[writer->depth - 1].name;
}

void sf_fhir_begin(struct sf_fhir_writer *writer, bool xml, const char *type, struct sf_buf *buf)
{
	*writer = (struct sf_fhir_writer){.xml = xml};
	if (xml) {
		sf_xml_writer_begin(&writer->markup, buf);
		sf_xml_open(&writer->markup, type, "xmlns", SF_XML_FHIR);
	} else {
		sf_json_writer_begin(&writer->json, buf);
		sf_json_object(&writer->json, NULL);
		sf_json_text(&writer->json, "resourceType", type);
	}
	push(writer, SF_FHIR_OBJECT, type);
}

enum sf_err sf_fhir_end(struct sf_fhir_writer *writer)
{
	SF_ASSERT(writer->depth == 1);
	sf_fhir_close(writer);
	return writer->xml ? sf_xml_writer_end(&writer->markup) : sf_json_writer_end(&writer->json);
}

void sf_fhir_object(struct sf_fhir_writer *writer, const char *name)
{
	if (writer->xml)
		sf_xml_open(&writer->markup, xml_name(writer, name), NULL, NULL);
	else
		sf_json_object(&writer->json, name);
	push(writer, SF_FHIR_OBJECT, name);
}

void sf_fhir_list(struct sf_fhir_writer *writer, const char *name)
{
	if (!writer->xml)
		sf_json_array(&writer->json, name);
	push(writer, SF_FHIR_LIST, name);
}

void sf_fhir_resource(struct sf_fhir_writer *writer, const char *name, const char *type)
{
	if (writer->xml) {
		sf_xml_open(&writer->markup, name, NULL, NULL);
		sf_xml_open(&writer->markup, type, NULL, NULL);
	} else {
		sf_json_object(&writer->json, name);
		sf_json_text(&writer->json, "resourceType", type);
	}
	push(writer, SF_FHIR_RESOURCE, name);
}

void sf_fhir_extension(struct sf_fhir_writer *writer, const char *url)
{
	if (writer->xml) {
		sf_xml_open(&writer->markup, xml_name(writer, NULL), "url", url);
	} else {
		sf_json_object(&writer->json, NULL);
		sf_json_text(&writer->json, "url", url);
	}
	push(writer, SF_FHIR_OBJECT, NULL);
}

void sf_fhir_close(struct sf_fhir_writer *writer)
{
	SF_ASSERT(writer->depth > 0);
	enum sf_fhir_level level = writer->open[--writer->depth].level;
	if (!writer->xml) {
		sf_json_close(&writer->json);
		return;
	}
	if (level == SF_FHIR_RESOURCE)
		sf_xml_close(&writer->markup);
	if (level != SF_FHIR_LIST)
		sf_xml_close(&writer->markup);
}

void sf_fhir_text(struct sf_fhir_writer *writer, const char *name, const char *value)
{
	if (!value || value[0] == '\0')
		return;
	if (writer->xml)
		sf_xml_value(&writer->markup, xml_name(writer, name), value);
	else
		sf_json_text(&writer->json, name, value);
}

void sf_fhir_bool(struct sf_fhir_writer *writer, const char *name, bool value)
{
	if (writer->xml)
		sf_xml_value(&writer->markup, xml_name(writer, name), value ? "true" : "false");
	else
		sf_json_bool(&writer->json, name, value);
}

void sf_fhir_int(struct sf_fhir_writer *writer, const char *name, int64_t value)
{
	if (writer->xml) {
		char text[INT_TEXT_SIZE];
		(void)snprintf(text, sizeof(text), "%" PRId64, value);
		sf_xml_value(&writer->markup, xml_name(writer, name), text);
	} else {
		sf_json_int(&writer->json, name, value);
	}
}

static enum sf_err append_div(struct sf_buf *buf, const char *paragraph)
{
	enum sf_err err = sf_buf_append_text(buf, "<div xmlns=\"" SF_XML_XHTML "\"><p>");
	if (!err)
		err = sf_xml_escape(buf, sf_view_text(paragraph));
	return err ? err : sf_buf_append_text(buf, "</p></div>");
}

static void write_div(struct sf_fhir_writer *writer, const char *paragraph)
{
	if (writer->xml) {
		sf_xml_open(&writer->markup, "div", "xmlns", SF_XML_XHTML);
		sf_xml_open(&writer->markup, "p", NULL, NULL);
		sf_xml_text(&writer->markup, paragraph);
		sf_xml_close(&writer->markup);
		sf_xml_close(&writer->markup);
		return;
	}
	struct sf_buf div;
	sf_buf_init(&div, NARRATIVE_SIZE_MAX);
	enum sf_err err = append_div(&div, paragraph);
	if (err && !writer->json.err)
		writer->json.err = err;
	sf_json_text_view(&writer->json, "div", sf_buf_view(&div));
	sf_buf_fini(&div);
}

void sf_fhir_narrative(struct sf_fhir_writer *writer, const char *paragraph)
{
	sf_fhir_object(writer, "text");
	sf_fhir_text(writer, "status", "generated");
	write_div(writer, paragraph);
	sf_fhir_close(writer);
}
