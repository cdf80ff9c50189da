#include "audit/listing.h"

#include <string.h>

void *sf_listing_add(struct sf_listing *listing, struct sf_listing_rows *rows)
{
	if (rows->count == rows->capacity) {
		size_t capacity = rows->capacity ? 2 * rows->capacity : 16;
		uint8_t *grown = sf_arena_take_many(listing->arena, capacity, rows->item_size);
		if (!grown) {
			listing->full = true;
			return NULL;
		}
		if (rows->count > 0)
			memcpy(grown, rows->items, rows->count * rows->item_size);
		rows->items = grown;
		rows->capacity = capacity;
	}
	return (uint8_t *)rows->items + rows->count++ * rows->item_size;
}

const char *sf_listing_text(struct sf_listing *listing, const char *text)
{
	if (!text || !text[0])
		return "";
	const char *copy = sf_arena_text(listing->arena, sf_view_text(text));
	if (!copy)
		listing->full = true;
	return copy ? copy : "";
}

const char *sf_listing_name(struct sf_listing *listing, struct sf_id party)
{
	const struct sf_directory_entry *entry = sf_directory_party(listing->directory, party);
	return sf_listing_text(listing, entry ? entry->name : NULL);
}

void sf_listing_late(
	struct sf_listing *listing, struct sf_listing_rows *lates, struct sf_id transition)
{
	struct sf_late *late = lates->items;
	size_t i = 0;
	while (i < lates->count && !sf_id_equal(late[i].transition, transition))
		i++;
	late = i < lates->count ? &late[i] : sf_listing_add(listing, lates);
	if (late)
		*late = (struct sf_late){transition, late->count + 1};
}

uint32_t sf_listing_late_count(const struct sf_listing_rows *lates, struct sf_id transition)
{
	const struct sf_late *late = lates->items;
	for (size_t i = 0; i < lates->count; i++)
		if (sf_id_equal(late[i].transition, transition))
			return late[i].count;
	return 0;
}

enum sf_err sf_listing_counters(struct sf_arena *arena, const struct sf_counter_row *counters,
	size_t count, struct sf_reply_status *ret_status)
{
	struct sf_counter_row *copy = sf_arena_take_many(arena, count, sizeof(*copy));
	if (!copy)
		return SF_ERR_LIMIT;
	memcpy(copy, counters, count * sizeof(*copy));
	ret_status->counter_count = count;
	ret_status->counters = copy;
	return SF_OK;
}

size_t sf_listing_count(uint32_t count_max)
{
	return count_max == 0 || count_max > SF_LOCAL_ROWS_MAX ? SF_LOCAL_ROWS_MAX : count_max;
}

static const struct sf_directory_entry *party_by_name(
	const struct sf_directory *directory, const char *name)
{
	const struct sf_directory_entry *found = NULL;
	for (size_t i = 0; i < sf_directory_count(directory); i++) {
		const struct sf_directory_entry *entry = sf_directory_at(directory, i);
		if (strcmp(entry->name, name) != 0)
			continue;
		if (found)
			return NULL; /* two of that name: an id or a code must say which */
		found = entry;
	}
	return found;
}

const struct sf_directory_entry *sf_listing_party(
	const struct sf_directory *directory, const char *reference)
{
	struct sf_id id;
	const struct sf_directory_entry *entry = NULL;
	if (!reference || !reference[0])
		return NULL;
	if (!sf_id_parse(reference, &id))
		entry = sf_directory_party(directory, id);
	if (!entry)
		entry = sf_directory_by_sor(directory, reference);
	if (!entry)
		entry = sf_directory_by_gln(directory, reference);
	return entry ? entry : party_by_name(directory, reference);
}

bool sf_delivery_is_late(enum sf_delivery_state state, int64_t sent_ms, int64_t now_ms)
{
	switch (state) {
	case SF_DELIVERY_NONE:
	case SF_DELIVERY_OK:
		return false;
	case SF_DELIVERY_FATAL_ERROR:
	case SF_DELIVERY_TRANSIENT_ERROR:
	case SF_DELIVERY_WAITING:
	case SF_DELIVERY_ASK_PERSON:
	case SF_DELIVERY_UNDELIVERABLE:
	case SF_DELIVERY_REFUSED:
		return true;
	case SF_DELIVERY_QUEUED:
	case SF_DELIVERY_SENT:
	case SF_DELIVERY_STORED:
	case SF_DELIVERY_TAKEN:
		return now_ms - sent_ms >= SF_LATE_MS;
	}
	return false;
}

/* NULL: there is none that is valid. */
static const struct sf_directory_key *newest_key(
	const struct sf_directory_entry *entry, enum sf_key_use use, int64_t now_ms)
{
	const struct sf_directory_key *newest = NULL;
	for (size_t i = 0; i < entry->key_count; i++) {
		const struct sf_directory_key *key = &entry->keys[i];
		bool valid = key->use == use && sf_directory_key_valid(key, now_ms, now_ms);
		if (valid && (!newest || key->not_before_ms > newest->not_before_ms))
			newest = key;
	}
	return newest;
}

static void fill_directory_row(struct sf_listing *listing, const struct sf_directory_entry *entry,
	const struct sf_zone *zone, int64_t now_ms, struct sf_directory_row *row)
{
	*row = (struct sf_directory_row){
		.party = entry->party,
		.name = sf_listing_text(listing, entry->name),
		.role = entry->role,
		.sor = sf_listing_text(listing, entry->sor),
		.gln = sf_listing_text(listing, entry->gln),
		.represented_by = entry->represented_by,
		.support = sf_listing_text(listing, entry->support),
		.software = "",
		.version = entry->version,
		.key_count = (uint32_t)entry->key_count,
		.has_node = sf_directory_has_node(listing->directory, entry->party, now_ms),
	};
	const struct sf_directory_key *identity = newest_key(entry, SF_KEY_USE_IDENTITY, now_ms);
	if (identity)
		row->identity_key = identity->id;
	struct sf_listing_rows keys = {.item_size = sizeof(struct sf_party_key_row)};
	for (unsigned use = SF_KEY_USE_IDENTITY; use <= SF_KEY_USE_LOG; use++) {
		const struct sf_directory_key *key =
			newest_key(entry, (enum sf_key_use)use, now_ms);
		struct sf_party_key_row *place = key ? sf_listing_add(listing, &keys) : NULL;
		if (place)
			*place = (struct sf_party_key_row){
				key->use, key->not_before_ms, key->not_after_ms};
	}
	row->key_row_count = keys.count;
	row->keys = keys.items;
	sf_listing_desks(listing, entry, zone, now_ms, row);
}

enum sf_err sf_listing_directory(struct sf_listing *listing, const char *reference,
	const struct sf_zone *zone, int64_t now_ms, struct sf_reply_directory *ret_directory)
{
	const struct sf_directory *directory = listing->directory;
	const struct sf_directory_entry *only = NULL;
	if (reference && reference[0]) {
		only = sf_listing_party(directory, reference);
		if (!only)
			return SF_ERR_NOT_FOUND;
	}
	struct sf_listing_rows rows = {.item_size = sizeof(struct sf_directory_row)};
	size_t count = only ? 1 : sf_directory_count(directory);
	for (size_t i = 0; i < count; i++) {
		struct sf_directory_row *row = sf_listing_add(listing, &rows);
		if (!row)
			break;
		fill_directory_row(
			listing, only ? only : sf_directory_at(directory, i), zone, now_ms, row);
	}
	*ret_directory = (struct sf_reply_directory){.version = sf_directory_version(directory),
		.head = *sf_directory_head(directory),
		.as_of_ms = now_ms,
		.row_count = rows.count,
		.rows = rows.items};
	return SF_OK;
}

void sf_listing_feed_names(struct sf_listing *listing, struct sf_feed_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		rows[i].party_name = sf_listing_name(listing, rows[i].party);
		rows[i].peer_name = sf_listing_name(listing, rows[i].peer);
	}
}

void sf_listing_feed(struct sf_listing *listing, const struct sf_feed *feed,
	const struct sf_request_feed *request, struct sf_reply_feed *ret_feed)
{
	size_t wanted = sf_listing_count(request->count_max);
	struct sf_feed_row *rows = sf_arena_take_many(listing->arena, wanted, sizeof(*rows));
	listing->full = listing->full || !rows;
	size_t count = rows ? sf_feed_read(feed, request->after, wanted, rows) : 0;
	sf_listing_feed_names(listing, rows, count);
	*ret_feed = (struct sf_reply_feed){sf_feed_cursor(feed), count, rows};
}

void sf_reply_refuse(
	struct sf_reply *ret_reply, struct sf_arena *arena, enum sf_err err, const char *text)
{
	const char *copy = text && text[0] ? sf_arena_text(arena, sf_view_text(text)) : NULL;
	*ret_reply = (struct sf_reply){
		.err = err, .kind = SF_REPLY_DONE, .text = copy ? copy : sf_err_text(err)};
}

void sf_reply_refused(struct sf_reply *ret_reply, uint16_t refusal)
{
	*ret_reply = (struct sf_reply){.err = SF_ERR_REFUSED,
		.refusal = refusal,
		.kind = SF_REPLY_DONE,
		.text = sf_refusal_text(refusal)};
}

void sf_reply_done(struct sf_reply *ret_reply)
{
	*ret_reply = (struct sf_reply){.err = SF_OK, .kind = SF_REPLY_DONE, .text = ""};
}
