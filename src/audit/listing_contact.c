/* Whom to call at this hour, by the directory: desks of parties, and which of them is answered. */
#include "audit/listing.h"

/* index may be SF_CONTACT_NOBODY: then both texts are "". */
static void put_names(struct sf_listing *listing, const struct sf_directory_entry *entry,
	size_t index, const char **ret_name, const char **ret_telephone)
{
	bool somebody = index != SF_CONTACT_NOBODY;
	const struct sf_contact *contact = somebody ? &entry->contacts[index] : NULL;
	*ret_name = sf_listing_text(listing, somebody ? contact->what : NULL);
	*ret_telephone = sf_listing_text(listing, somebody ? contact->telephone : NULL);
}

/* While nobody answers by the hours the support contact stands, until somebody does. */
static void put_hours(struct sf_listing *listing, const struct sf_directory_entry *entry,
	const struct sf_zone *zone, int64_t now_ms, struct sf_contact_row *row)
{
	struct sf_contact_now now =
		sf_contact_now(entry->contacts, entry->contact_count, zone, now_ms);
	if (now.contact != SF_CONTACT_NOBODY) {
		put_names(listing, entry, now.contact, &row->name, &row->telephone);
		row->source = SF_CONTACT_OF_HOURS;
	}
	if (now.until_ms == SF_NEVER_MS)
		return;
	row->until_ms = now.until_ms;
	struct sf_contact_now next =
		sf_contact_now(entry->contacts, entry->contact_count, zone, now.until_ms);
	put_names(listing, entry, next.contact, &row->next_name, &row->next_telephone);
}

void sf_listing_contact_hours(struct sf_listing *listing, const struct sf_zone *zone,
	int64_t now_ms, struct sf_contact_row *rows, size_t count)
{
	for (size_t i = 0; zone && i < count; i++) {
		const struct sf_directory_entry *entry =
			sf_directory_party(listing->directory, rows[i].party);
		if (entry && entry->contact_count > 0)
			put_hours(listing, entry, zone, now_ms, &rows[i]);
	}
}

void sf_listing_desks(struct sf_listing *listing, const struct sf_directory_entry *entry,
	const struct sf_zone *zone, int64_t now_ms, struct sf_directory_row *row)
{
	struct sf_contact_now now = {SF_CONTACT_NOBODY, SF_NEVER_MS};
	struct sf_listing_rows rows = {.item_size = sizeof(struct sf_desk_row)};
	if (zone && entry->contact_count > 0)
		now = sf_contact_now(entry->contacts, entry->contact_count, zone, now_ms);
	for (size_t i = 0; i < entry->contact_count; i++) {
		const struct sf_contact *contact = &entry->contacts[i];
		struct sf_desk_row *desk = sf_listing_add(listing, &rows);
		if (!desk)
			return;
		*desk = (struct sf_desk_row){
			.telephone = sf_listing_text(listing, contact->telephone),
			.what = sf_listing_text(listing, contact->what),
			.days = contact->days,
			.from_minute = (uint32_t)contact->from_minute,
			.until_minute = (uint32_t)contact->until_minute,
			.now = i == now.contact,
		};
	}
	row->desk_count = rows.count;
	row->desks = rows.items;
	row->desks_until_ms = now.until_ms;
}
