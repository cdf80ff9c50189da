#include "core/directory.h"

#include <stdlib.h>
#include <string.h>

/*
 * Parties stand in order of their first entry, each in memory of its own so that what is lent does
 * not move when the list grows. Four sorted lists of positions find them; a few thousand parties
 * make an insertion cheap, and every lookup is a binary search.
 */

/* Where a key id is: party and place among its keys. */
struct key_place {
	struct sf_id id;
	enum sf_key_use use;
	size_t party;
	size_t key;
};

/* A party id or a code, and the position of its party. */
struct name_place {
	char text[SF_CODE_TEXT_SIZE];
	struct sf_id id;
	size_t party;
};

struct name_list {
	struct name_place *places; /* owned, sorted */
	size_t count;
	size_t capacity;
};

struct key_list {
	struct key_place *places; /* owned, sorted by id, then use */
	size_t count;
	size_t capacity;
};

struct sf_directory {
	struct sf_directory_entry **entries; /* owned, and each of them */
	size_t count;
	size_t capacity;
	struct name_list by_id; /* sorted by id */
	struct name_list by_sor;
	struct name_list by_gln;
	struct key_list keys;
	uint64_t version;
	struct sf_digest head;
};

/* WIRE section 1: what was sealed in time may be recorded this much later. */
#define LATE_MS ((int64_t)30 * 24 * 3600 * 1000)
#define FIRST_CAPACITY ((size_t)16)

const char *sf_key_use_text(enum sf_key_use use)
{
	switch (use) {
#define X(name, value, text)                                                                       \
	case name:                                                                                 \
		return text;
		SF_KEY_USE_LIST(X)
#undef X
	case SF_KEY_USE_NONE:
		break;
	}
	return "unknown";
}

enum sf_err sf_directory_open(struct sf_directory **ret_directory)
{
	struct sf_directory *directory = calloc(1, sizeof(*directory));
	if (!directory)
		return SF_ERR_MEMORY;
	*ret_directory = directory;
	return SF_OK;
}

void sf_directory_close(struct sf_directory **directory)
{
	struct sf_directory *gone = *directory;
	*directory = NULL;
	if (!gone)
		return;
	for (size_t i = 0; i < gone->count; i++)
		free(gone->entries[i]);
	free(gone->entries);
	free(gone->by_id.places);
	free(gone->by_sor.places);
	free(gone->by_gln.places);
	free(gone->keys.places);
	free(gone);
}

/* Room for `more` items beyond count; doubles, so that adding stays cheap. */
static bool grow(void **items, size_t size, size_t count, size_t more, size_t *capacity)
{
	if (count + more <= *capacity)
		return true;
	size_t wanted = *capacity == 0 ? FIRST_CAPACITY : *capacity;
	while (wanted < count + more)
		wanted *= 2;
	void *larger = realloc(*items, wanted * size);
	if (!larger)
		return false;
	*items = larger;
	*capacity = wanted;
	return true;
}

static int name_order(const struct name_place *place, const char *text, struct sf_id id)
{
	return text ? strcmp(place->text, text) : sf_id_compare(place->id, id);
}

/* First place that is not before the name; text NULL compares ids. */
static size_t name_floor(const struct name_list *list, const char *text, struct sf_id id)
{
	size_t low = 0;
	size_t high = list->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (name_order(&list->places[middle], text, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Position of the party, or SIZE_MAX. */
static size_t name_find(const struct name_list *list, const char *text, struct sf_id id)
{
	size_t place = name_floor(list, text, id);
	if (place == list->count || name_order(&list->places[place], text, id) != 0)
		return SIZE_MAX;
	return list->places[place].party;
}

/* The list has room. */
static void name_insert(struct name_list *list, const char *text, struct sf_id id, size_t party)
{
	size_t place = name_floor(list, text, id);
	memmove(&list->places[place + 1], &list->places[place],
		(list->count - place) * sizeof(list->places[0]));
	list->places[place] = (struct name_place){.id = id, .party = party};
	if (text)
		memcpy(list->places[place].text, text, strlen(text) + 1);
	list->count++;
}

static void name_remove(struct name_list *list, const char *text)
{
	static const struct sf_id none = {{0}};
	size_t place = name_floor(list, text, none);
	if (place == list->count || strcmp(list->places[place].text, text) != 0)
		return;
	list->count--;
	memmove(&list->places[place], &list->places[place + 1],
		(list->count - place) * sizeof(list->places[0]));
}

static int key_order(const struct key_place *place, struct sf_id id, enum sf_key_use use)
{
	int order = sf_id_compare(place->id, id);
	return order != 0 ? order : (place->use > use) - (place->use < use);
}

static size_t key_floor(const struct key_list *list, struct sf_id id, enum sf_key_use use)
{
	size_t low = 0;
	size_t high = list->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (key_order(&list->places[middle], id, use) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Places of all uses of a key id stand together: the first one, or NULL. */
static const struct key_place *key_any(const struct key_list *list, struct sf_id id)
{
	size_t place = key_floor(list, id, SF_KEY_USE_NONE);
	if (place == list->count || !sf_id_equal(list->places[place].id, id))
		return NULL;
	return &list->places[place];
}

static void keys_insert(struct key_list *list, const struct sf_directory_entry *entry, size_t party)
{
	for (size_t i = 0; i < entry->key_count; i++) {
		const struct sf_directory_key *key = &entry->keys[i];
		size_t place = key_floor(list, key->id, key->use);
		memmove(&list->places[place + 1], &list->places[place],
			(list->count - place) * sizeof(list->places[0]));
		list->places[place] = (struct key_place){
			.id = key->id, .use = key->use, .party = party, .key = i};
		list->count++;
	}
}

/* Keys of the party's former entry go; order is kept. */
static void keys_remove(struct key_list *list, size_t party)
{
	size_t kept = 0;
	for (size_t i = 0; i < list->count; i++) {
		if (list->places[i].party != party)
			list->places[kept++] = list->places[i];
	}
	list->count = kept;
}

static enum sf_err conflict(struct sf_diag *diag, const char *reason)
{
	sf_diag_set(diag, "%s", reason);
	return SF_ERR_CONFLICT;
}

static enum sf_err check_follows(const struct sf_directory *directory,
	const struct sf_directory_entry *entry, size_t party, struct sf_diag *diag)
{
	if (sf_id_is_none(entry->party))
		return conflict(diag, "an entry without a party");
	if (entry->key_count > SF_PARTY_KEYS_MAX)
		return conflict(diag, "more keys than a party may have");
	if (party == SIZE_MAX) {
		if (entry->version != 1 || !sf_digest_is_none(&entry->previous))
			return conflict(diag, "not the first entry of a party that is not known");
		return SF_OK;
	}
	const struct sf_directory_entry *last = directory->entries[party];
	if (entry->version != last->version + 1)
		return conflict(diag, "the version does not follow the party's last entry");
	if (!sf_digest_equal(&entry->previous, &last->digest))
		return conflict(diag, "the predecessor is not the party's last entry");
	return SF_OK;
}

/* "A key already registered for another party is refused" (WIRE section 2). */
static enum sf_err check_keys(const struct sf_directory *directory,
	const struct sf_directory_entry *entry, size_t party, struct sf_diag *diag)
{
	for (size_t i = 0; i < entry->key_count; i++) {
		const struct key_place *place = key_any(&directory->keys, entry->keys[i].id);
		if (place && place->party != party)
			return conflict(diag, "a key is registered for another party");
		for (size_t j = 0; j < i; j++) {
			if (sf_id_equal(entry->keys[i].id, entry->keys[j].id))
				return conflict(diag, "a key id stands twice");
		}
	}
	return SF_OK;
}

static enum sf_err check_codes(const struct sf_directory *directory,
	const struct sf_directory_entry *entry, size_t party, struct sf_diag *diag)
{
	static const struct sf_id none = {{0}};
	size_t owner = SIZE_MAX;
	if (entry->sor[0] != '\0')
		owner = name_find(&directory->by_sor, entry->sor, none);
	if (owner != SIZE_MAX && owner != party)
		return conflict(diag, "the sor code is another party's");
	owner = SIZE_MAX;
	if (entry->gln[0] != '\0')
		owner = name_find(&directory->by_gln, entry->gln, none);
	if (owner != SIZE_MAX && owner != party)
		return conflict(diag, "the gln is another party's");
	return SF_OK;
}

/* Everything that can fail for memory, so that what follows cannot. */
static bool reserve(struct sf_directory *directory, size_t key_count)
{
	struct name_list *lists[] = {&directory->by_id, &directory->by_sor, &directory->by_gln};
	for (size_t i = 0; i < SF_COUNT(lists); i++) {
		void *places = lists[i]->places;
		bool good = grow(&places, sizeof(struct name_place), lists[i]->count, 1,
			&lists[i]->capacity);
		lists[i]->places = places;
		if (!good)
			return false;
	}
	void *places = directory->keys.places;
	bool good = grow(&places, sizeof(struct key_place), directory->keys.count, key_count,
		&directory->keys.capacity);
	directory->keys.places = places;
	void *entries = directory->entries;
	good = good && grow(&entries, sizeof(directory->entries[0]), directory->count, 1,
			       &directory->capacity);
	directory->entries = entries;
	return good;
}

enum sf_err sf_directory_add(struct sf_directory *directory, const struct sf_directory_entry *entry,
	struct sf_diag *diag)
{
	size_t party = name_find(&directory->by_id, NULL, entry->party);
	enum sf_err err = check_follows(directory, entry, party, diag);
	if (!err)
		err = check_keys(directory, entry, party, diag);
	if (!err)
		err = check_codes(directory, entry, party, diag);
	if (err)
		return err;
	struct sf_directory_entry *kept = party == SIZE_MAX ? malloc(sizeof(*kept)) : NULL;
	if ((party == SIZE_MAX && !kept) || !reserve(directory, entry->key_count)) {
		free(kept);
		return SF_ERR_MEMORY;
	}
	if (party == SIZE_MAX) {
		party = directory->count++;
		directory->entries[party] = kept;
		name_insert(&directory->by_id, NULL, entry->party, party);
	} else {
		kept = directory->entries[party];
		name_remove(&directory->by_sor, kept->sor);
		name_remove(&directory->by_gln, kept->gln);
		keys_remove(&directory->keys, party);
	}
	*kept = *entry;
	if (kept->sor[0] != '\0')
		name_insert(&directory->by_sor, kept->sor, kept->party, party);
	if (kept->gln[0] != '\0')
		name_insert(&directory->by_gln, kept->gln, kept->party, party);
	keys_insert(&directory->keys, kept, party);
	directory->version++;
	return SF_OK;
}

uint64_t sf_directory_version(const struct sf_directory *directory)
{
	return directory->version;
}

const struct sf_digest *sf_directory_head(const struct sf_directory *directory)
{
	return &directory->head;
}

void sf_directory_set_head(struct sf_directory *directory, const struct sf_digest *head)
{
	directory->head = *head;
}

static const struct sf_directory_entry *entry_at(const struct sf_directory *directory, size_t party)
{
	return party == SIZE_MAX ? NULL : directory->entries[party];
}

const struct sf_directory_entry *sf_directory_party(
	const struct sf_directory *directory, struct sf_id party)
{
	return entry_at(directory, name_find(&directory->by_id, NULL, party));
}

const char *sf_directory_name(const struct sf_directory *directory, struct sf_id party)
{
	const struct sf_directory_entry *entry = sf_directory_party(directory, party);
	return entry ? entry->name : "";
}

const struct sf_directory_entry *sf_directory_by_sor(
	const struct sf_directory *directory, const char *sor)
{
	static const struct sf_id none = {{0}};
	return entry_at(directory, name_find(&directory->by_sor, sor, none));
}

const struct sf_directory_entry *sf_directory_by_gln(
	const struct sf_directory *directory, const char *gln)
{
	static const struct sf_id none = {{0}};
	return entry_at(directory, name_find(&directory->by_gln, gln, none));
}

size_t sf_directory_count(const struct sf_directory *directory)
{
	return directory->count;
}

const struct sf_directory_entry *sf_directory_at(const struct sf_directory *directory, size_t index)
{
	SF_ASSERT(index < directory->count);
	return directory->entries[index];
}

const struct sf_directory_key *sf_directory_key(const struct sf_directory *directory,
	struct sf_id key_id, enum sf_key_use use, const struct sf_directory_entry **ret_entry)
{
	size_t place = key_floor(&directory->keys, key_id, use);
	if (place == directory->keys.count ||
		key_order(&directory->keys.places[place], key_id, use) != 0)
		return NULL;
	const struct key_place *found = &directory->keys.places[place];
	const struct sf_directory_entry *entry = directory->entries[found->party];
	if (ret_entry)
		*ret_entry = entry;
	return &entry->keys[found->key];
}

bool sf_directory_key_valid(
	const struct sf_directory_key *key, int64_t sent_ms, int64_t recorded_ms)
{
	if (sent_ms < key->not_before_ms || sent_ms > key->not_after_ms)
		return false;
	/* Subtracted on the side that cannot overflow: a key may be valid for ever. */
	if (recorded_ms > key->not_after_ms && recorded_ms - LATE_MS > key->not_after_ms)
		return false;
	return !sf_directory_key_revoked(key, recorded_ms);
}

bool sf_directory_key_revoked(const struct sf_directory_key *key, int64_t recorded_ms)
{
	if (key->revoked_ms == 0)
		return false;
	return recorded_ms >=
	       (key->compromised_since_ms ? key->compromised_since_ms : key->revoked_ms);
}

static const struct sf_directory_key *newest_valid(
	const struct sf_directory_entry *entry, enum sf_key_use use, int64_t now_ms)
{
	const struct sf_directory_key *newest = NULL;
	for (size_t i = 0; i < entry->key_count; i++) {
		const struct sf_directory_key *key = &entry->keys[i];
		if (key->use != use || !sf_directory_key_valid(key, now_ms, now_ms))
			continue;
		if (!newest || key->not_before_ms >= newest->not_before_ms)
			newest = key;
	}
	return newest;
}

/*
 * A party's own key, else that of the party that represents it (WIRE section 2). One step only: who
 * represents is enrolled itself, so a chain or a ring is nobody's key.
 */
static const struct sf_directory_key *own_or_represented(const struct sf_directory *directory,
	struct sf_id party, enum sf_key_use use, int64_t now_ms)
{
	const struct sf_directory_entry *entry = sf_directory_party(directory, party);
	if (!entry)
		return NULL;
	const struct sf_directory_key *key = newest_valid(entry, use, now_ms);
	if (key || sf_id_is_none(entry->represented_by))
		return key;
	const struct sf_directory_entry *other =
		sf_directory_party(directory, entry->represented_by);
	return other ? newest_valid(other, use, now_ms) : NULL;
}

const struct sf_directory_key *sf_directory_sealing_key(
	const struct sf_directory *directory, struct sf_id party, int64_t now_ms)
{
	return own_or_represented(directory, party, SF_KEY_USE_SEALING, now_ms);
}

bool sf_directory_has_node(const struct sf_directory *directory, struct sf_id party, int64_t now_ms)
{
	return own_or_represented(directory, party, SF_KEY_USE_TRANSPORT, now_ms) != NULL;
}
