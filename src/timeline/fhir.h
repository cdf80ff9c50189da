/*
 * The timeline as FHIR R4, JSON or XML: a Bundle of one AuditEvent a recorded event, so that a
 * system which collects delivery status can read it. Two shapes, as EHMI's delivery status has them
 * in name: Basic names nobody but organisations and systems; Patient adds the patient, and only a
 * party's own node can make it. No profile is claimed in meta: what the profiles demand beyond FHIR
 * R4 was not at hand (ARCHITECTURE.md).
 *
 *   id        transition and sequence
 *   type      ISO 21089 life cycle: originate (a party's fact), receive (an acknowledgement),
 *             report (what time gives), transmit (a resend)
 *   subtype   the kind of the fact, urn:stafet:v1:kind
 *   period    when it happened; recorded: when the coordinator recorded it
 *   outcome   0 as agreed, 4 a deviation, 8 refused; outcomeDesc says which
 *   agent     the author, by party id
 *   source    the coordinator that recorded it
 *   entity    the transition, the message, what it answers; the patient in the second shape
 */
#ifndef SF_TIMELINE_FHIR_H
#define SF_TIMELINE_FHIR_H

#include "timeline/fhir_page.h"
#include "timeline/model.h"

struct sf_timeline_fhir_options {
	struct sf_id coordinator; /* none when it is not known */
	const char *coordinator_name;
	const char *cpr; /* NULL: the basic shape; ten digits: the patient's */
	bool xml;
	/* NULL: all of them as a collection; else what a search finds on this page. Borrowed. */
	const struct sf_fhir_page *page;
};

SF_MUST_USE enum sf_err sf_timeline_fhir(const struct sf_timeline *timeline,
	const struct sf_timeline_fhir_options *options, struct sf_buf *buf);

/* One of them alone, as the resource that it is. SF_ERR_NOT_FOUND: no event has this sequence. */
SF_MUST_USE enum sf_err sf_timeline_fhir_event(const struct sf_timeline *timeline,
	const struct sf_timeline_fhir_options *options, uint64_t sequence, struct sf_buf *buf);

#endif
