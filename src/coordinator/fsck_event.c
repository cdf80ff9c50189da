/* Each recorded event by itself: its leaf, who signed it, what it was answered with. */
#include "coordinator/fsck_parts.h"
#include "coordinator/leaf.h"

#include <inttypes.h>
#include <stdlib.h>

#include "audit/epoch.h"
#include "core/derived.h"

/* One row that is being looked at. */
struct looked {
	struct sf_fsck *fsck;
	const struct sf_row_event *row;
	struct sf_fsck_place place;
	struct sf_header header;
};

/* The directory as it is now knows most keys, and is quick; what it lists no longer is kept beside.
 */
static bool find_key(const struct sf_fsck *fsck, struct sf_id key_id, struct sf_fsck_key *ret_key)
{
	const struct sf_directory_entry *entry = NULL;
	const struct sf_directory_key *key =
		sf_directory_key(fsck->base->directory, key_id, SF_KEY_USE_IDENTITY, &entry);
	const struct sf_fsck_key *past =
		key ? NULL : sf_fsck_key(fsck, key_id, SF_KEY_USE_IDENTITY);
	if (key)
		*ret_key = (struct sf_fsck_key){entry->party, entry->role, *key};
	else if (past)
		*ret_key = *past;
	return key || past;
}

static void check_leaf(const struct looked *looked)
{
	const struct sf_row_event *row = looked->row;
	struct sf_fsck *fsck = looked->fsck;
	uint8_t leaf[SF_LEAF_SIZE];
	sf_row_event_leaf(&fsck->options->crypto, row, leaf);
	if (!sf_view_equal(row->leaf, sf_view_of(leaf, sizeof(leaf))))
		sf_fsck_find(fsck, SF_FSCK_LEAF, looked->place.text, "%s",
			row->leaf.size == SF_LEAF_SIZE ? "" : "it is not 42 bytes");
}

/* Derived facts and statements only under the coordinator, and nothing else under it. */
static bool may_say(const struct looked *looked, const struct sf_fsck_key *key)
{
	uint32_t kind = looked->header.message.fact.kind;
	bool own = sf_kind_is_derived(kind) || sf_kind_is_statement(kind);
	bool coordinator = key->role == SF_ROLE_COORDINATOR;
	return sf_id_equal(key->party, looked->header.message.author) &&
	       (coordinator ? own || !sf_kind_is_read(kind) : !own);
}

static void compare_header(const struct looked *looked)
{
	const struct sf_row_event *row = looked->row;
	const struct sf_message *message = &looked->header.message;
	const char *what = NULL;
	if (!sf_id_equal(message->id, row->message_id))
		what = "it names another message";
	else if (!sf_id_equal(looked->header.envelope_id, row->envelope_id))
		what = "it names another envelope";
	else if (!sf_id_equal(message->transition, row->transition))
		what = "it names another transition";
	else if (!sf_id_equal(message->author, row->author) ||
		 (int64_t)message->fact.kind != row->kind)
		what = "it names another author or kind";
	if (what)
		sf_fsck_find(looked->fsck, SF_FSCK_COVER, looked->place.text, "%s", what);
}

static void check_cover(struct looked *looked)
{
	struct sf_fsck *fsck = looked->fsck;
	const struct sf_row_event *row = looked->row;
	const struct sf_crypto *crypto = &fsck->options->crypto;
	const char *where = looked->place.text;
	struct sf_cover cover;
	struct sf_envelope_names names = {0};
	struct sf_fsck_key key;
	struct sf_diag diag = {""};
	fsck->report->covers++;
	if (sf_cover_parse(row->cover, &cover, &diag) ||
		sf_header_decode(cover.header, &looked->header, &diag)) {
		sf_fsck_find(fsck, SF_FSCK_COVER, where, "it cannot be read: %.200s", diag.text);
		return;
	}
	if (!find_key(fsck, cover.author_key_id, &key)) {
		sf_fsck_find(fsck, SF_FSCK_AUTHOR, where, "no entry lists the key");
		return;
	}
	if (crypto->verify_cover(crypto->self, &cover, key.key.public_key, &names))
		sf_fsck_find(fsck, SF_FSCK_AUTHOR, where, "%s", "");
	else if (!sf_digest_equal(&names.digest, &row->digest))
		sf_fsck_find(fsck, SF_FSCK_COVER, where, "it is of another envelope");
	else if (!may_say(looked, &key))
		sf_fsck_find(fsck, SF_FSCK_AUTHOR, where, "the key is another party's");
	compare_header(looked);
	if (key.role == SF_ROLE_COORDINATOR &&
		looked->header.message.author_sequence > fsck->author_sequence)
		fsck->author_sequence = looked->header.message.author_sequence;
}

/* Directory version k is the k-th leaf of an entry. */
static void check_entry(const struct looked *looked)
{
	struct sf_fsck *fsck = looked->fsck;
	const struct sf_row_event *row = looked->row;
	const struct sf_store *store = fsck->options->store;
	struct sf_row_entry entry = {.version = (int64_t)++fsck->entry_leaves};
	struct sf_signed_record record;
	struct sf_digest digest;
	if (sf_signed_record_decode(row->cover, &record, NULL)) {
		sf_fsck_find(fsck, SF_FSCK_COVER, looked->place.text, "it is no signed record");
		return;
	}
	sf_registry_entry_digest(&fsck->options->crypto, record.record, &digest);
	if (!sf_digest_equal(&digest, &row->digest))
		sf_fsck_find(fsck, SF_FSCK_COVER, looked->place.text, "it is of another entry");
	enum sf_err err = store->get(store->self, &sf_table_entry, 0, &entry, fsck->diag);
	if (err && err != SF_ERR_NOT_FOUND)
		fsck->err = err;
	else if (err || !sf_view_equal(entry.record, row->cover))
		sf_fsck_find(fsck, SF_FSCK_DIRECTORY, looked->place.text,
			"entry %" PRId64 " of the directory is another", entry.version);
}

/* Leaf 0 of every epoch but the first is the record that begins it (WIRE section 7.1). */
static void check_epoch(const struct looked *looked)
{
	struct sf_fsck *fsck = looked->fsck;
	const struct sf_row_event *row = looked->row;
	const struct sf_store *store = fsck->options->store;
	const struct sf_log_place place = sf_coordinator_log_place(fsck->base, row->leaf_index);
	struct sf_row_epoch kept = {.epoch = place.epoch};
	struct sf_declared_epoch *declared = malloc(sizeof(*declared));
	struct sf_signed_record record;
	struct sf_diag diag = {""};
	if (!declared) {
		fsck->err = SF_ERR_MEMORY;
		return;
	}
	const char *what = NULL;
	enum sf_err err = SF_OK; /* of the store */
	if (sf_signed_record_decode(row->cover, &record, &diag) ||
		sf_epoch_read(&fsck->options->crypto, record.record, declared, &diag))
		what = "its record cannot be read";
	else if (fsck->options->registrars &&
		 sf_epoch_open(&fsck->options->crypto, fsck->options->registrars, row->cover,
			 declared, &diag))
		what = "its record is not signed by enough of the registrars";
	else if (!sf_digest_equal(&declared->digest, &row->digest))
		what = "it commits to another record";
	else if (place.index != 0 || declared->epoch != place.epoch)
		what = "it does not stand where its epoch begins";
	else
		err = store->get(store->self, &sf_table_epoch, 0, &kept, fsck->diag);
	if (err && err != SF_ERR_NOT_FOUND)
		fsck->err = err;
	else if (!what && (err || !sf_view_equal(kept.record, row->cover)))
		what = "the row of the epoch has another record";
	if (what)
		sf_fsck_find(fsck, SF_FSCK_EPOCH, looked->place.text, "%s", what);
	free(declared);
}

static void compare_receipt(const struct looked *looked, const struct sf_receipt *receipt)
{
	const struct sf_row_event *row = looked->row;
	const struct sf_log_place place =
		sf_coordinator_log_place(looked->fsck->base, row->leaf_index);
	bool same = sf_id_equal(receipt->message_id, row->message_id) &&
		    sf_digest_equal(&receipt->digest, &row->digest) &&
		    receipt->epoch == place.epoch && receipt->leaf_index == place.index &&
		    receipt->recorded_ms == row->recorded_ms &&
		    receipt->sequence == (uint64_t)row->sequence &&
		    sf_digest_equal(&receipt->previous_head, &row->previous_head) &&
		    sf_digest_equal(&receipt->r, &row->r) &&
		    (int64_t)receipt->outcome == row->outcome && receipt->code == row->code &&
		    (int64_t)receipt->kind_class == row->kind_class;
	if (!same)
		sf_fsck_find(looked->fsck, SF_FSCK_RECEIPT, looked->place.text, "%s", "");
}

static void check_receipt(const struct looked *looked)
{
	struct sf_fsck *fsck = looked->fsck;
	const struct sf_row_event *row = looked->row;
	const struct sf_crypto *crypto = &fsck->options->crypto;
	struct sf_receipt receipt;
	struct sf_diag diag = {""};
	bool good = false;
	fsck->report->receipts++;
	if (sf_receipt_decode(row->receipt, &receipt, &diag))
		sf_fsck_find(fsck, SF_FSCK_RECEIPT, looked->place.text, "it cannot be read: %.200s",
			diag.text);
	else
		compare_receipt(looked, &receipt);
	bool sized = row->receipt_signature.size == SF_SIGNATURE_SIZE && row->receipt_index >= 0 &&
		     row->receipt_index < UINT16_MAX && row->receipt_count > 0 &&
		     row->receipt_count <= (int64_t)SF_BATCH_COUNT_MAX;
	for (size_t i = fsck->key_count; sized && !good && i > 0; i--) {
		const struct sf_fsck_key *key = &fsck->keys[i - 1];
		good = key->role == SF_ROLE_COORDINATOR && key->key.use == SF_KEY_USE_IDENTITY &&
		       !crypto->check_receipt(crypto->self, key->key.public_key, row->receipt,
			       (uint16_t)row->receipt_index, (uint16_t)row->receipt_count,
			       row->receipt_path, row->receipt_signature.data);
	}
	if (!good)
		sf_fsck_find(fsck, SF_FSCK_SIGNATURE, looked->place.text, "%s", "");
}

static void check_envelope_row(const struct looked *looked)
{
	struct sf_fsck *fsck = looked->fsck;
	const struct sf_row_event *row = looked->row;
	const struct sf_store *store = fsck->options->store;
	struct sf_row_envelope found = {.envelope_id = row->envelope_id};
	enum sf_err err = store->get(store->self, &sf_table_envelope, 0, &found, fsck->diag);
	if (err == SF_ERR_NOT_FOUND)
		sf_fsck_find(fsck, SF_FSCK_ENVELOPE_ROW, looked->place.text, "it is missing");
	else if (err)
		fsck->err = err;
	else if (found.leaf_index != row->leaf_index ||
		 !sf_digest_equal(&found.digest, &row->digest))
		sf_fsck_find(fsck, SF_FSCK_ENVELOPE_ROW, looked->place.text, "it names another");
}

static void check_message_row(const struct looked *looked)
{
	struct sf_fsck *fsck = looked->fsck;
	const struct sf_row_event *row = looked->row;
	const struct sf_store *store = fsck->options->store;
	struct sf_row_message found = {.author = row->author, .message_id = row->message_id};
	enum sf_err err = store->get(store->self, &sf_table_message, 0, &found, fsck->diag);
	if (err == SF_ERR_NOT_FOUND)
		sf_fsck_find(fsck, SF_FSCK_MESSAGE_ROW, looked->place.text, "it is missing");
	else if (err)
		fsck->err = err;
	else if (found.leaf_index == row->leaf_index &&
		 (found.outcome != row->outcome || found.code != row->code))
		sf_fsck_find(
			fsck, SF_FSCK_MESSAGE_ROW, looked->place.text, "it has another outcome");
}

/*
 * What dedupe reads: without it a replay would be recorded as if it were new. What was refused
 * before its message was looked at left no row (judge.c).
 */
static void check_lookups(const struct looked *looked)
{
	const struct sf_row_event *row = looked->row;
	bool refused = row->outcome == SF_OUTCOME_REFUSED;
	bool reused = refused && row->code == SF_REFUSAL_ENVELOPE_REUSED;
	bool unread = refused && (row->code == SF_REFUSAL_CONTENT_CONFLICT ||
					 row->code == SF_REFUSAL_RECIPIENT_UNKNOWN);
	bool is_message =
		row->kind_class == SF_CLASS_FACT || row->kind_class == SF_CLASS_ACKNOWLEDGEMENT;
	if (!reused)
		check_envelope_row(looked);
	if (!reused && !unread && is_message)
		check_message_row(looked);
}

/* Of an erased one the leaf alone is left; whether it may be is judged with its transition. */
static void check_erased(const struct looked *looked)
{
	struct sf_fsck *fsck = looked->fsck;
	const struct sf_row_event *row = looked->row;
	uint8_t form[2] = {1, (uint8_t)row->kind_class};
	fsck->report->erased++;
	if (row->leaf.size != SF_LEAF_SIZE ||
		!sf_view_equal(sf_view_of(row->leaf.data, 2), sf_view_of(form, sizeof(form))) ||
		sf_get_u64(row->leaf.data + 2) != (uint64_t)row->recorded_ms)
		sf_fsck_find(fsck, SF_FSCK_LEAF, looked->place.text, "its class or time");
	if (row->cover.size > 0 || row->receipt.size > 0 || !sf_digest_is_none(&row->digest) ||
		!sf_id_is_none(row->message_id) || !sf_id_is_none(row->envelope_id))
		sf_fsck_find(fsck, SF_FSCK_ERASED, looked->place.text,
			"the blinding is gone, but not the content");
	if (row->sequence == 0)
		sf_fsck_find(fsck, SF_FSCK_ERASED, looked->place.text, "it has no transition");
}

static void check_content(struct looked *looked)
{
	const struct sf_row_event *row = looked->row;
	check_leaf(looked);
	check_receipt(looked);
	if (row->kind_class == SF_CLASS_DIRECTORY) {
		check_entry(looked);
	} else if (row->kind_class == SF_CLASS_EPOCH) {
		check_epoch(looked);
	} else if (row->outcome == SF_OUTCOME_REFUSED && row->code == SF_REFUSAL_HEADER &&
		   row->cover.size == 0 && row->sequence == 0) {
		return; /* WIRE section 7.6: nothing of it is kept but its digest */
	} else {
		check_cover(looked);
		check_lookups(looked);
	}
}

static bool visit_event(void *context, const void *visited)
{
	struct sf_fsck *fsck = context;
	const struct sf_row_event *row = visited;
	struct looked *looked = malloc(sizeof(*looked));
	if (!looked) {
		fsck->err = SF_ERR_MEMORY;
		return false;
	}
	*looked = (struct looked){.fsck = fsck, .row = row, .place = sf_fsck_leaf(row->leaf_index)};
	if (row->leaf_index != fsck->next_leaf)
		sf_fsck_find(fsck, SF_FSCK_LEAF_MISSING, looked->place.text,
			"leaf %" PRId64 " should be here", fsck->next_leaf);
	if (row->recorded_ms < fsck->last_recorded_ms)
		sf_fsck_find(fsck, SF_FSCK_TIME, looked->place.text, "%s", "");
	else
		fsck->last_recorded_ms = row->recorded_ms;
	fsck->next_leaf = row->leaf_index + 1;
	fsck->report->leaves++;
	if (sf_digest_is_none(&row->r))
		check_erased(looked);
	else
		check_content(looked);
	sf_fsck_append(fsck, row);
	free(looked);
	return !fsck->err;
}

enum sf_err sf_fsck_events(struct sf_fsck *fsck)
{
	enum sf_err err = sf_fsck_scan(fsck, &sf_table_event, 0, visit_event);
	if (!err && fsck->entry_leaves != fsck->report->entries)
		sf_fsck_find(fsck, SF_FSCK_DIRECTORY, "directory",
			"the log has %" PRIu64 " entries, the directory %" PRIu64,
			fsck->entry_leaves, fsck->report->entries);
	return err;
}
