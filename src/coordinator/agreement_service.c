/* Agreements as people ask for them: which there are, and who has signed one. */
#include "coordinator/service.h"

static bool stands(const struct sf_acceptance *acceptance, int64_t now_ms)
{
	return acceptance->from_ms <= now_ms + 1 && now_ms + 1 < acceptance->until_ms;
}

static enum sf_err fill_row(struct sf_coordinator *coordinator, struct sf_listing *listing,
	const struct sf_agreement *agreement, struct sf_agreement_row *row, struct sf_diag *diag)
{
	const struct sf_store *store = &coordinator->ports.store;
	const struct sf_agreement_book *view = sf_book_view(coordinator->book);
	struct sf_row_agreement kept = {.digest = agreement->digest};
	enum sf_err err = store->get(store->self, &sf_table_agreement, 0, &kept, diag);
	if (err && err != SF_ERR_NOT_FOUND)
		return err;
	*row = (struct sf_agreement_row){
		.digest = agreement->digest,
		.name = sf_listing_text(listing, agreement->name),
		.version = agreement->version,
		.proposer = kept.party,
		.proposer_name = sf_listing_name(listing, kept.party),
	};
	for (size_t i = 0; i < view->acceptance_count; i++)
		row->accepted_count +=
			sf_digest_equal(&view->acceptances[i].agreement, &agreement->digest) &&
			stands(&view->acceptances[i], coordinator->recorded_ms);
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

static void list_acceptances(struct sf_coordinator *coordinator, struct sf_listing *listing,
	const struct sf_agreement *agreement, struct sf_reply_agreement *shown)
{
	const struct sf_agreement_book *view = sf_book_view(coordinator->book);
	struct sf_listing_rows rows = {.item_size = sizeof(struct sf_acceptance_row)};
	for (size_t i = 0; i < view->acceptance_count; i++) {
		const struct sf_acceptance *acceptance = &view->acceptances[i];
		if (!sf_digest_equal(&acceptance->agreement, &agreement->digest))
			continue;
		struct sf_acceptance_row *row = sf_listing_add(listing, &rows);
		if (!row)
			return;
		*row = (struct sf_acceptance_row){acceptance->party,
			sf_listing_name(listing, acceptance->party), acceptance->from_ms,
			acceptance->until_ms};
	}
	shown->acceptance_count = rows.count;
	shown->acceptances = rows.items;
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
	list_acceptances(coordinator, &listing, agreement, &reply.agreement);
	if (listing.full || !reply.agreement.signed_form.data)
		return SF_ERR_LIMIT;
	*ret_reply = reply;
	return SF_OK;
}
