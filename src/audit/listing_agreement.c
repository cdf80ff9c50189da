/* Agreements, and who has signed them. */
#include "audit/listing.h"

/* An acceptance ends by a fact of its party alone; until then it stands without end. */
static bool stands(const struct sf_acceptance *acceptance)
{
	return acceptance->until_ms == INT64_MAX;
}

void sf_listing_agreement(struct sf_listing *listing, const struct sf_agreement_book *book,
	const struct sf_agreement *agreement, struct sf_id proposer,
	struct sf_agreement_row *ret_row)
{
	*ret_row = (struct sf_agreement_row){
		.digest = agreement->digest,
		.name = sf_listing_text(listing, agreement->name),
		.version = agreement->version,
		.proposer = proposer,
		.proposer_name = sf_listing_name(listing, proposer),
	};
	for (size_t i = 0; i < book->acceptance_count; i++)
		ret_row->accepted_count +=
			stands(&book->acceptances[i]) &&
			sf_digest_equal(&book->acceptances[i].agreement, &agreement->digest);
}

void sf_listing_acceptances(struct sf_listing *listing, const struct sf_agreement_book *book,
	const struct sf_digest *agreement, struct sf_reply_agreement *ret_show)
{
	struct sf_listing_rows rows = {.item_size = sizeof(struct sf_acceptance_row)};
	for (size_t i = 0; i < book->acceptance_count; i++) {
		const struct sf_acceptance *acceptance = &book->acceptances[i];
		if (!sf_digest_equal(&acceptance->agreement, agreement))
			continue;
		struct sf_acceptance_row *row = sf_listing_add(listing, &rows);
		if (!row)
			return;
		*row = (struct sf_acceptance_row){
			.party = acceptance->party,
			.party_name = sf_listing_name(listing, acceptance->party),
			.from_ms = acceptance->from_ms,
			.until_ms = acceptance->until_ms,
		};
	}
	ret_show->acceptance_count = rows.count;
	ret_show->acceptances = rows.items;
}
