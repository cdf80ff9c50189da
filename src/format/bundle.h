/*
 * The bundle model: entries of a FHIR message and the references between them (FHIR R4 2.36.4).
 * Borrowed from the tree it was made of.
 */
#ifndef SF_FORMAT_BUNDLE_H
#define SF_FORMAT_BUNDLE_H

#include "format/issue.h"
#include "text/element.h"

#define SF_BUNDLE_ENTRIES_MAX ((size_t)512) /* about ten are normal; bounds the search of links */
#define SF_FHIR_ID_SIZE_MAX ((size_t)64)    /* FHIR R4 2.24.0.1, id */

struct sf_bundle_entry {
	const char *full_url; /* "" when absent */
	const char *type;     /* resourceType */
	const char *id;       /* "" when absent */
	const struct sf_element *resource;
};

struct sf_bundle {
	const struct sf_element *root;
	const struct sf_element *header; /* MessageHeader of the first entry; NULL when missing */
	size_t entry_count;
	struct sf_bundle_entry entries[SF_BUNDLE_ENTRIES_MAX];
};

/*
 * Issues name what is wrong; the bundle then holds what could be read. SF_ERR_FORMAT: the root is
 * no Bundle at all. SF_ERR_LIMIT: too many entries.
 */
SF_MUST_USE enum sf_err sf_bundle_read(
	const struct sf_element *root, struct sf_bundle *ret_bundle, struct sf_issues *issues);

/*
 * The entry that a Reference points at: by fullUrl, by relative "Type/id", by the end of an
 * absolute URL, or urn:uuid. NULL when reference is NULL or points out of the bundle. The first
 * wins when ids repeat, as they do in MedCom's own files.
 */
const struct sf_bundle_entry *sf_bundle_resolve(
	const struct sf_bundle *bundle, const struct sf_element *reference);

/* Entries of a type; *ret_first is the first of them (untouched when there is none). */
size_t sf_bundle_count(
	const struct sf_bundle *bundle, const char *type, const struct sf_bundle_entry **ret_first);

/*
 * The id in a reference: behind the last "Type/" without a version, or behind urn:uuid:, or the
 * whole text (EDIFACT predecessors: "[location]#[letter]").
 */
struct sf_view sf_reference_id(const char *reference, const char *type);

#endif
