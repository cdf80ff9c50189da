/*
 * Writes one FHIR resource in JSON or XML through the same calls: lists, primitives, extensions and
 * resources come out as each syntax wants them (FHIR R4 2.6.1, 2.6.2). Callers keep the element
 * order of the FHIR schemas, which XML needs. Errors stick until sf_fhir_end.
 */
#ifndef SF_TEXT_FHIR_WRITE_H
#define SF_TEXT_FHIR_WRITE_H

#include "text/json_write.h"
#include "text/xml_write.h"

#define SF_FHIR_WRITE_DEPTH_MAX 24

enum sf_fhir_level { SF_FHIR_OBJECT = 1, SF_FHIR_LIST, SF_FHIR_RESOURCE };

struct sf_fhir_writer {
	bool xml;
	struct sf_json_writer json;
	struct sf_xml_writer markup;
	size_t depth;
	struct {
		enum sf_fhir_level level;
		const char *name; /* borrowed */
	} open[SF_FHIR_WRITE_DEPTH_MAX];
};

/* Opens the root resource; sf_fhir_end closes it. */
void sf_fhir_begin(struct sf_fhir_writer *writer, bool xml, const char *type, struct sf_buf *buf);
SF_MUST_USE enum sf_err sf_fhir_end(struct sf_fhir_writer *writer);

/* name is NULL for an item of the open list. Names and types must outlive the level. */
void sf_fhir_object(struct sf_fhir_writer *writer, const char *name);
void sf_fhir_list(struct sf_fhir_writer *writer, const char *name);
void sf_fhir_resource(struct sf_fhir_writer *writer, const char *name, const char *type);
/* An item of the open list "extension". */
void sf_fhir_extension(struct sf_fhir_writer *writer, const char *url);
void sf_fhir_close(struct sf_fhir_writer *writer);
/* Nothing is written for NULL or "": FHIR has no empty values. */
void sf_fhir_text(struct sf_fhir_writer *writer, const char *name, const char *value);
/* FHIR's boolean and its integers: unquoted in JSON. */
void sf_fhir_bool(struct sf_fhir_writer *writer, const char *name, bool value);
void sf_fhir_int(struct sf_fhir_writer *writer, const char *name, int64_t value);
/* The narrative that MedCom requires of each resource, as one paragraph. */
void sf_fhir_narrative(struct sf_fhir_writer *writer, const char *paragraph);

#endif
