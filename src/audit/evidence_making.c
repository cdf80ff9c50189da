#include "audit/evidence_making.h"

#include <string.h>

#include "wire/header.h"

struct sf_evidence_making sf_evidence_making_begin(
	const struct sf_directory *directory, struct sf_arena *arena)
{
	const struct sf_listing_rows views = {.item_size = sizeof(struct sf_view)};
	const struct sf_listing_rows events = {.item_size = sizeof(struct sf_evidence_event)};
	return (struct sf_evidence_making){
		.listing = {directory, arena, false},
		.checkpoints = views,
		.entries = views,
		.epochs = views,
		.texts = views,
		.agreements = {.item_size = sizeof(struct sf_digest)},
		.statements = events,
		.events = events,
	};
}

struct sf_view sf_evidence_keep(struct sf_evidence_making *making, struct sf_view view)
{
	struct sf_view kept = sf_arena_copy(making->listing.arena, view);
	making->listing.full |= !kept.data;
	return kept;
}

void sf_evidence_add_view(
	struct sf_evidence_making *making, struct sf_listing_rows *rows, struct sf_view view)
{
	struct sf_view *place = sf_listing_add(&making->listing, rows);
	if (place)
		*place = sf_evidence_keep(making, view);
}

struct sf_evidence_event *sf_evidence_add_event(struct sf_evidence_making *making,
	struct sf_listing_rows *rows, struct sf_view cover, const struct sf_signed_receipt *receipt)
{
	struct sf_evidence_event *event = sf_listing_add(&making->listing, rows);
	if (!event)
		return NULL;
	event->cover = sf_evidence_keep(making, cover);
	event->receipt =
		(struct sf_signed_receipt){.receipt = sf_evidence_keep(making, receipt->receipt),
			.index = receipt->index,
			.count = receipt->count,
			.path = sf_evidence_keep(making, receipt->path),
			.signature = sf_evidence_keep(making, receipt->signature)};
	return making->listing.full ? NULL : event;
}

bool sf_evidence_names(const struct sf_evidence_making *making, const struct sf_digest *agreement)
{
	const struct sf_digest *named = making->agreements.items;
	for (size_t i = 0; i < making->agreements.count; i++)
		if (sf_digest_equal(&named[i], agreement))
			return true;
	return false;
}

void sf_evidence_name_agreement(struct sf_evidence_making *making, struct sf_view bytes)
{
	struct sf_cover cover;
	struct sf_header header;
	if (sf_cover_parse(bytes, &cover, NULL) || sf_header_decode(cover.header, &header, NULL))
		return;
	const struct sf_fact *fact = &header.message.fact;
	if (fact->kind != SF_KIND_PARTIES || sf_digest_is_none(&fact->parties.agreement) ||
		sf_evidence_names(making, &fact->parties.agreement))
		return;
	struct sf_digest *place = sf_listing_add(&making->listing, &making->agreements);
	if (place)
		*place = fact->parties.agreement;
}

enum sf_err sf_evidence_making_end(const struct sf_evidence_making *making,
	const struct sf_registrars *registrars, struct sf_evidence *evidence)
{
	evidence->registrar_threshold = registrars->threshold;
	evidence->registrar_count = registrars->count;
	for (size_t i = 0; i < registrars->count; i++)
		memcpy(evidence->registrars[i], registrars->keys[i], SF_PUBLIC_KEY_SIZE);
	evidence->checkpoint_count = making->checkpoints.count;
	evidence->checkpoints = making->checkpoints.items;
	evidence->entry_count = making->entries.count;
	evidence->entries = making->entries.items;
	evidence->epoch_count = making->epochs.count;
	evidence->epochs = making->epochs.items;
	evidence->agreement_count = making->texts.count;
	evidence->agreements = making->texts.items;
	evidence->statement_count = making->statements.count;
	evidence->statements = making->statements.items;
	evidence->event_count = making->events.count;
	evidence->events = making->events.items;
	return making->listing.full ? SF_ERR_LIMIT : SF_OK;
}
