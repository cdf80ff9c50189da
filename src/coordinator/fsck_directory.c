/* The directory of the store: entries follow each other, and every key they have ever listed. */
#include "coordinator/fsck_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

const struct sf_fsck_key *sf_fsck_key(
	const struct sf_fsck *fsck, struct sf_id key_id, enum sf_key_use use)
{
	for (size_t i = fsck->key_count; i > 0; i--)
		if (fsck->keys[i - 1].key.use == use &&
			sf_id_equal(fsck->keys[i - 1].key.id, key_id))
			return &fsck->keys[i - 1];
	return NULL;
}

static enum sf_err keep_key(struct sf_fsck *fsck, const struct sf_directory_entry *entry,
	const struct sf_directory_key *key)
{
	const struct sf_fsck_key kept = {entry->party, entry->role, *key};
	for (size_t i = 0; i < fsck->key_count; i++) {
		struct sf_fsck_key *known = &fsck->keys[i];
		if (known->key.use == key->use && sf_id_equal(known->key.id, key->id)) {
			*known = kept;
			return SF_OK;
		}
	}
	void *keys = fsck->keys;
	enum sf_err err =
		sf_fsck_grow(&keys, fsck->key_count, &fsck->key_capacity, sizeof(*fsck->keys));
	fsck->keys = keys;
	if (!err)
		fsck->keys[fsck->key_count++] = kept;
	return err;
}

static enum sf_err keep_entry(struct sf_fsck *fsck, struct sf_view record)
{
	const struct sf_crypto *crypto = &fsck->options->crypto;
	struct sf_signed_record decoded;
	struct sf_directory_entry *entry = calloc(1, sizeof(*entry));
	enum sf_err err =
		entry ? sf_signed_record_decode(record, &decoded, fsck->diag) : SF_ERR_MEMORY;
	if (!err)
		err = sf_entry_decode(decoded.record, entry, fsck->diag);
	if (!err)
		sf_registry_name_keys(crypto, entry);
	for (size_t i = 0; !err && i < entry->key_count; i++)
		/* Letters and connections are not in the log. */
		if (entry->keys[i].use != SF_KEY_USE_SEALING &&
			entry->keys[i].use != SF_KEY_USE_TRANSPORT)
			err = keep_key(fsck, entry, &entry->keys[i]);
	free(entry);
	return err;
}

static enum sf_err keep_head(struct sf_fsck *fsck)
{
	void *heads = fsck->heads;
	enum sf_err err = sf_fsck_grow(
		&heads, fsck->report->entries, &fsck->head_capacity, sizeof(*fsck->heads));
	fsck->heads = heads;
	if (!err)
		fsck->heads[fsck->report->entries] = *sf_directory_head(fsck->base->directory);
	return err;
}

static bool visit_entry(void *context, const void *visited)
{
	static const struct sf_registrars nobody = {.threshold = 0};
	struct sf_fsck *fsck = context;
	const struct sf_row_entry *row = visited;
	struct sf_diag diag = {""};
	char where[SF_FSCK_PLACE_SIZE];
	snprintf(where, sizeof(where), "entry %" PRId64, row->version);
	if (row->version != (int64_t)fsck->report->entries + 1)
		sf_fsck_find(fsck, SF_FSCK_DIRECTORY, where, "entry %" PRIu64 " is missing",
			fsck->report->entries + 1);
	enum sf_err err = sf_registry_add(fsck->base->directory, &fsck->options->crypto,
		fsck->options->registrars ? fsck->options->registrars : &nobody, row->record, 0,
		NULL, &diag);
	if (err == SF_ERR_MEMORY)
		fsck->err = err;
	else if (err)
		sf_fsck_find(fsck, SF_FSCK_DIRECTORY, where, "%s", diag.text);
	else
		fsck->err = keep_entry(fsck, row->record);
	fsck->report->entries++;
	if (!fsck->err)
		fsck->err = keep_head(fsck);
	return !fsck->err;
}

enum sf_err sf_fsck_directory(struct sf_fsck *fsck)
{
	enum sf_err err = keep_head(fsck);
	return err ? err : sf_fsck_scan(fsck, &sf_table_entry, 0, visit_entry);
}
