/* Agreements as people ask for them: which there are, and who has signed one. */
#include "coordinator/service.h"

static enum sf_err fill_row(struct sf_coordinator *coordinator, struct sf_listing *listing,
	const struct sf_agreement *agreement, struct sf_agreement_row *row, struct sf_diag *diag)
{
	const struct sf_store *store = &coordinator->ports.store;
	struct sf_row_agreement kept = {.digest = agreement->digest};
	enum sf_err err = store->get(store->self, &sf_table_agreement, 0, &kept, diag);
	if (err && err != SF_ERR_NOT_FOUND)
		return err;
	sf_listing_agreement(listing, sf_book_view(coordinator->book), agreement, kept.party, row);
	return SF_OK;
}

/* Those that a party has brought and not proposed are nobody's yet. */
enum sf_err sf_coordinator_serve_agreements(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag)
{
	struct sf_listing listing = {coordinator->directory, arena, false};
	struct sf_listing_rows rows = {.item_size = sizeof(struct sf_agreement_row)};
	size_t count_max = sf_listing_count(request->agreements.count_max);
	enum sf_err err = SF_OK;
	for (size_t i = coordinator->published_count; i > 0 && rows.count < count_max && !err;
		i--) {
		const struct sf_agreement *agreement = sf_agreement_find(
			sf_book_view(coordinator->book), &coordinator->published[i - 1]);
		struct sf_agreement_row *row = agreement ? sf_listing_add(&listing, &rows) : NULL;
		if (row)
			err = fill_row(coordinator, &listing, agreement, row, diag);
	}
	if (err || listing.full)
		return err ? err : SF_ERR_LIMIT;
	*ret_reply = (struct sf_reply){
		.kind = SF_REPLY_AGREEMENTS, .text = "", .agreements = {rows.count, rows.items}};
	return SF_OK;
}

enum sf_err sf_coordinator_serve_agreement(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag)
{
	const struct sf_agreement *agreement =
		sf_book_find(coordinator->book, request->agreement.reference);
	if (!agreement) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_NOT_FOUND,
			"no agreement is meant, or more than one: give more of its digest");
		return SF_OK;
	}
	struct sf_listing listing = {coordinator->directory, arena, false};
	struct sf_reply reply = {.kind = SF_REPLY_AGREEMENT, .text = ""};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = fill_row(coordinator, &listing, agreement, &reply.agreement.row, diag);
	struct sf_row_agreement kept = {.digest = agreement->digest};
	if (!err)
		err = store->get(store->self, &sf_table_agreement, 0, &kept, diag);
	if (err)
		return err;
	reply.agreement.signed_form = sf_arena_copy(arena, kept.agreement);
	sf_listing_acceptances(
		&listing, sf_book_view(coordinator->book), &agreement->digest, &reply.agreement);
	if (listing.full || !reply.agreement.signed_form.data)
		return SF_ERR_LIMIT;
	*ret_reply = reply;
	return SF_OK;
}
