/*
 * Sample letters as trees that a test can change and write again, in JSON or in FHIR XML. One
 * struct sample holds everything; a test opens it, changes it, reads it and closes it.
 */
#ifndef SF_TESTS_UNIT_FORMAT_SAMPLE_H
#define SF_TESTS_UNIT_FORMAT_SAMPLE_H

#include "format/format.h"
#include "text/element.h"

struct sample {
	struct sf_format format;
	struct sf_arena tree;  /* of root */
	struct sf_arena arena; /* of document */
	struct sf_element *root;
	struct sf_buf bytes; /* of the file, later of sample_write */
	struct sf_buf canonical;
	struct sf_document document;
	struct sf_issues issues;
	struct sf_diag diag;
};

#define SAMPLE_HN "samples/medcom-hospitalnotification/HospitalNotification_Ex_"

/* path is below tests/. The root is NULL for XML files. */
void sample_open(struct sample *sample, const char *path);
void sample_close(struct sample *sample);

/*
 * Paths begin with a resource type, with [n] for the nth of that type, then member names with [n]
 * for the nth item: "Provenance[1].entity[0].what.reference". They must exist.
 */
struct sf_element *sample_find(struct sample *sample, const char *path);
void sample_remove(struct sample *sample, const char *path);
/* Sets the text of a primitive. */
void sample_set(struct sample *sample, const char *path, const char *text);
/* A new text member. path names the parent. */
void sample_add(struct sample *sample, const char *path, const char *name, const char *text);
/* Appends a copy of the last entry of that type behind the others. */
void sample_copy_entry(struct sample *sample, const char *type);
/* Moves the first entry to the end. */
void sample_rotate(struct sample *sample);

/* Writes the tree into bytes. */
void sample_write(struct sample *sample, bool xml);
/* Reads bytes with the port; the content type is guessed. Document, issues and diag are set. */
enum sf_err sample_read(struct sample *sample);
/* Canonical bytes of bytes. */
struct sf_view sample_canonical(struct sample *sample);
/* Is there a fatal issue with that code on that element? */
bool sample_has_issue(const struct sample *sample, const char *code, const char *expression);

#endif
