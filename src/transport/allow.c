#include "transport/allow.h"

#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
	const struct sf_allow_entry *left = a;
	const struct sf_allow_entry *right = b;
	return memcmp(left->key, right->key, sizeof(left->key));
}

static bool usable(const struct sf_allow_entry *entry)
{
	static const uint8_t zero[SF_CURVE_KEY_SIZE];
	return memcmp(entry->key, zero, sizeof(zero)) != 0 && !sf_id_is_none(entry->party);
}

/* Leaves out repeated pairs of the ordered list. */
static enum sf_err drop_repeated(struct sf_allow *allow)
{
	size_t kept = 0;
	for (size_t i = 0; i < allow->count; i++) {
		const struct sf_allow_entry *entry = &allow->entries[i];
		if (kept > 0 && compare(&allow->entries[kept - 1], entry) == 0) {
			if (!sf_id_equal(allow->entries[kept - 1].party, entry->party))
				return SF_ERR_CONFLICT;
			continue;
		}
		allow->entries[kept++] = *entry;
	}
	allow->count = kept;
	return SF_OK;
}

void sf_allow_fini(struct sf_allow *allow)
{
	free(allow->entries);
	*allow = (struct sf_allow){0};
}

enum sf_err sf_allow_make(
	const struct sf_allow_entry *entries, size_t count, struct sf_allow *ret_allow)
{
	if (count > SF_ALLOW_COUNT_MAX)
		return SF_ERR_LIMIT;
	for (size_t i = 0; i < count; i++) {
		if (!usable(&entries[i]))
			return SF_ERR_USAGE;
	}
	struct sf_allow allow = {.count = count};
	if (count > 0) {
		allow.entries = malloc(count * sizeof(*entries));
		if (!allow.entries)
			return SF_ERR_MEMORY;
		memcpy(allow.entries, entries, count * sizeof(*entries));
		qsort(allow.entries, count, sizeof(*entries), compare);
	}
	enum sf_err err = drop_repeated(&allow);
	if (err) {
		sf_allow_fini(&allow);
		return err;
	}
	*ret_allow = allow;
	return SF_OK;
}

enum sf_err sf_allow_find(
	const struct sf_allow *allow, const uint8_t key[SF_CURVE_KEY_SIZE], struct sf_id *ret_party)
{
	if (allow->count == 0)
		return SF_ERR_KEY_UNKNOWN;
	struct sf_allow_entry wanted = {0};
	memcpy(wanted.key, key, sizeof(wanted.key));
	const struct sf_allow_entry *found =
		bsearch(&wanted, allow->entries, allow->count, sizeof(wanted), compare);
	if (!found)
		return SF_ERR_KEY_UNKNOWN;
	*ret_party = found->party;
	return SF_OK;
}

void sf_user_id_format(const struct sf_allow_entry *entry, char ret_text[SF_USER_ID_SIZE])
{
	sf_hex_encode(sf_id_view(&entry->party), ret_text);
	ret_text[2 * SF_ID_SIZE] = ':';
	sf_hex_encode(sf_view_of(entry->key, sizeof(entry->key)), ret_text + 2 * SF_ID_SIZE + 1);
}

enum sf_err sf_user_id_parse(const char *text, struct sf_allow_entry *ret_entry)
{
	if (!text || strlen(text) != SF_USER_ID_SIZE - 1 || text[2 * SF_ID_SIZE] != ':')
		return SF_ERR_FORMAT;
	char party[SF_ID_TEXT_SIZE];
	memcpy(party, text, 2 * SF_ID_SIZE);
	party[2 * SF_ID_SIZE] = '\0';
	struct sf_allow_entry entry;
	enum sf_err err = sf_hex_decode(party, entry.party.bytes, SF_ID_SIZE);
	if (err)
		return err;
	err = sf_hex_decode(text + 2 * SF_ID_SIZE + 1, entry.key, sizeof(entry.key));
	if (err)
		return err;
	*ret_entry = entry;
	return SF_OK;
}
