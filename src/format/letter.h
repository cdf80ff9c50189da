/*
 * What every MedCom message has: envelope id, MessageHeader, sender, primary destination and the
 * Provenance chain. Fills the common part of struct sf_document and collects issues.
 */
#ifndef SF_FORMAT_LETTER_H
#define SF_FORMAT_LETTER_H

#include "format/bundle.h"
#include "format/provenance.h"

/* One reading of one letter; everything borrowed but the flag. */
struct sf_reading {
	const struct sf_bundle *bundle;
	struct sf_arena *arena; /* of the document, not of the tree */
	struct sf_document *document;
	struct sf_issues *issues;
	bool full; /* the arena was too small: SF_ERR_LIMIT in the end */
};

/* A copy in the document's arena; "" (and full set) when there is no room. */
const char *sf_reading_keep(struct sf_reading *reading, const char *text);
const char *sf_reading_keep_view(struct sf_reading *reading, struct sf_view text);

/*
 * A FHIR time with a time part. 0 when absent (with an issue if required) or not readable (always
 * with an issue). expression is static.
 */
int64_t sf_reading_time(struct sf_reading *reading, const struct sf_element *parent,
	const char *name, const char *expression, bool required);

/* The only Patient, its plausible CPR number and the name. NULL when there is not exactly one. */
const struct sf_bundle_entry *sf_reading_patient(struct sf_reading *reading);

/* "" where absent; identifiers are not checked. NULL entry: all "". */
struct sf_organization sf_reading_organization(
	struct sf_reading *reading, const struct sf_bundle_entry *entry);

/*
 * Of an Encounter: "system|value" of every episode identifier, and the one that an answer must
 * return. One that is not whole is an issue; none is not.
 */
void sf_reading_episodes(struct sf_reading *reading, const struct sf_element *encounter);

/* Every string of the document is "" afterwards unless it was read. */
void sf_document_clear(struct sf_document *document);
void sf_letter_read(struct sf_reading *reading);

/*
 * Is this MedCom's extension of that name? MedCom has spelt names with and without hyphens and in
 * either case over its versions, so part is compared with the last step of the URL in lower case
 * and without hyphens.
 */
bool sf_extension_is(const struct sf_element *extension, const char *part);

/* MessageHeader.event code; "" when missing. */
const char *sf_letter_event(const struct sf_bundle *bundle);

#endif
