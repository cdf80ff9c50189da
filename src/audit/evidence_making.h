/*
 * Making an evidence file: what both engines put together in the same way. Where rows come from,
 * and where an event stands in the log, is each engine's; the rest is here. Everything is copied
 * into the arena, so that rows of a store may be given as they are.
 */
#ifndef SF_AUDIT_EVIDENCE_MAKING_H
#define SF_AUDIT_EVIDENCE_MAKING_H

#include "audit/listing.h"
#include "audit/registry.h"
#include "wire/evidence.h"

struct sf_evidence_making {
	struct sf_listing listing; /* full: the arena has no room */
	struct sf_listing_rows checkpoints, entries, epochs, texts; /* views */
	struct sf_listing_rows agreements;                          /* digests that were named */
	struct sf_listing_rows statements, events;
};

struct sf_evidence_making sf_evidence_making_begin(
	const struct sf_directory *directory, struct sf_arena *arena);
/* A copy; empty when there is no room. */
struct sf_view sf_evidence_keep(struct sf_evidence_making *making, struct sf_view view);
/* Adds a copy to one of the views. */
void sf_evidence_add_view(
	struct sf_evidence_making *making, struct sf_listing_rows *rows, struct sf_view view);
/* Not proven yet: the caller fills that in. NULL when there is no room. */
struct sf_evidence_event *sf_evidence_add_event(struct sf_evidence_making *making,
	struct sf_listing_rows *rows, struct sf_view cover,
	const struct sf_signed_receipt *receipt);
/* An agreement that a version of parties names: its text and who signed it go with the file. */
void sf_evidence_name_agreement(struct sf_evidence_making *making, struct sf_view cover);
bool sf_evidence_names(const struct sf_evidence_making *making, const struct sf_digest *agreement);
/* Hands everything over. SF_ERR_LIMIT: something had no room. */
SF_MUST_USE enum sf_err sf_evidence_making_end(const struct sf_evidence_making *making,
	const struct sf_registrars *registrars, struct sf_evidence *evidence);

#endif
