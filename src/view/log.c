/* The log, what is proved by it, what was erased and who read, in JSON. */
#include "view/members.h"
#include "view/row.h"
#include "view/value.h"

/* Of what a party has seen of this epoch, so many are not in the coordinator's store. */
uint64_t sf_log_missing(const struct sf_reply_log *log)
{
	uint64_t seen = 0;
	for (size_t i = 0; log->behind && i < log->contradiction_count; i++)
		if (log->contradictions[i].epoch == log->epoch &&
			log->contradictions[i].size > seen)
			seen = log->contradictions[i].size;
	return seen > log->leaf_count ? seen - log->leaf_count : 0;
}

/* An epoch goes on here when its record was checked, and the record says how much went. */
bool sf_contradiction_explained(
	const struct sf_reply_log *log, const struct sf_contradiction_row *row)
{
	return row->kind == SF_CONTRADICTION_ROLLBACK && row->epoch < log->epoch;
}

bool sf_log_contradicted(const struct sf_reply_log *log)
{
	for (size_t i = 0; i < log->contradiction_count; i++)
		if (!sf_contradiction_explained(log, &log->contradictions[i]))
			return true;
	return false;
}

static void write_cosigners(struct sf_json_writer *writer, const struct sf_reply_log *log)
{
	sf_json_array(writer, "cosigners");
	for (size_t i = 0; i < log->cosigner_count; i++) {
		const struct sf_cosigner_row *row = &log->cosigners[i];
		sf_json_object(writer, NULL);
		sf_json_party(writer, "party", row->party, row->name);
		sf_json_word(writer, "role", sf_role_text(row->role));
		sf_json_int(writer, "epoch", (int64_t)row->epoch);
		sf_json_int(writer, "size", (int64_t)row->size);
		sf_json_time(writer, "at", row->at_ms);
		sf_json_close(writer);
	}
	sf_json_close(writer);
}

static void write_contradictions(struct sf_json_writer *writer, const struct sf_reply_log *log)
{
	sf_json_array(writer, "contradictions");
	for (size_t i = 0; i < log->contradiction_count; i++) {
		const struct sf_contradiction_row *row = &log->contradictions[i];
		sf_json_object(writer, NULL);
		sf_json_time(writer, "at", row->at_ms);
		sf_json_word(writer, "kind", sf_contradiction_text(row->kind));
		sf_json_int(writer, "epoch", (int64_t)row->epoch);
		sf_json_int(writer, "size", (int64_t)row->size);
		sf_json_text_view(writer, "note", row->note);
		sf_json_text_view(writer, "other", row->other);
		sf_json_party(writer, "party", row->party, row->party_name);
		sf_json_bool(writer, "explained", sf_contradiction_explained(log, row));
		sf_json_close(writer);
	}
	sf_json_close(writer);
}

void sf_json_log_members(struct sf_json_writer *writer, const struct sf_reply_log *log)
{
	sf_json_text(writer, "origin", log->origin);
	sf_json_int(writer, "epoch", (int64_t)log->epoch);
	sf_json_int(writer, "size", (int64_t)log->size);
	sf_json_digest(writer, "root", &log->root);
	sf_json_time(writer, "at", log->at_ms);
	sf_json_text_view(writer, "note", log->note);
	sf_json_int(writer, "witnessed_size", (int64_t)log->witnessed_size);
	sf_json_time(writer, "witnessed_at", log->witnessed_ms);
	sf_json_text_view(writer, "witnessed", log->witnessed);
	sf_json_int(writer, "directory_version", (int64_t)log->directory_version);
	sf_json_int(writer, "leaf_count", (int64_t)log->leaf_count);
	sf_json_int(writer, "unproven_count", (int64_t)log->unproven_count);
	sf_json_time(writer, "unproven_since", log->unproven_since_ms);
	sf_json_int(writer, "hospitals_needed", (int64_t)log->hospitals_needed);
	sf_json_int(writer, "municipalities_needed", (int64_t)log->municipalities_needed);
	write_cosigners(writer, log);
	write_contradictions(writer, log);
	sf_json_bool(writer, "verified", log->verified);
	sf_json_int(writer, "checked", (int64_t)log->checked);
	sf_json_text(writer, "fault", log->fault);
	sf_json_bool(writer, "behind", log->behind);
	sf_json_int(writer, "missing", (int64_t)sf_log_missing(log));
	sf_json_word(writer, "policy", log->policy);
}

void sf_json_proof_members(struct sf_json_writer *writer, const struct sf_reply_proof *proof)
{
	sf_json_bool(writer, "pending", proof->pending);
	sf_json_int(writer, "epoch", (int64_t)proof->epoch);
	sf_json_int(writer, "index", (int64_t)proof->index);
	sf_json_text_view(writer, "proof", proof->proof);
}

uint64_t sf_epoch_lost(const struct sf_reply_epoch *epoch)
{
	return epoch->largest_size > epoch->common_size ? epoch->largest_size - epoch->common_size
							: 0;
}

/* Its record is what registrars sign: a file of bytes, not a text. */
void sf_json_epoch_members(struct sf_json_writer *writer, const struct sf_reply_epoch *epoch)
{
	sf_json_bool(writer, "begun", epoch->begun);
	sf_json_int(writer, "epoch", epoch->epoch);
	sf_json_int(writer, "common_size", (int64_t)epoch->common_size);
	sf_json_int(writer, "largest_size", (int64_t)epoch->largest_size);
	sf_json_int(writer, "lost", (int64_t)sf_epoch_lost(epoch));
	sf_json_int(writer, "directory_version", (int64_t)epoch->directory_version);
}

void sf_json_erased_members(struct sf_json_writer *writer, const struct sf_reply_erased *erased)
{
	sf_json_bool(writer, "done", erased->done);
	sf_json_id(writer, "transition", erased->transition);
	sf_json_time(writer, "at", erased->at_ms);
	sf_json_array(writer, "erased");
	for (size_t i = 0; i < erased->row_count; i++) {
		sf_json_object(writer, NULL);
		sf_json_text(writer, "what", erased->rows[i].what);
		sf_json_int(writer, "count", (int64_t)erased->rows[i].count);
		sf_json_int(writer, "size", (int64_t)erased->rows[i].size);
		sf_json_close(writer);
	}
	sf_json_close(writer);
	sf_json_array(writer, "asked");
	for (size_t i = 0; i < erased->asked_count; i++) {
		sf_json_object(writer, NULL);
		sf_json_id(writer, "party", erased->asked[i].party);
		sf_json_text(writer, "name", erased->asked[i].name);
		sf_json_close(writer);
	}
	sf_json_close(writer);
}

void sf_json_access_row(struct sf_json_writer *writer, const struct sf_access_row *row)
{
	sf_json_object(writer, NULL);
	sf_json_int(writer, "cursor", (int64_t)row->cursor);
	sf_json_time(writer, "at", row->at_ms);
	sf_json_text(writer, "account", row->account);
	sf_json_text(writer, "role", sf_reader_role_text(row->role));
	sf_json_text(writer, "purpose", sf_purpose_text(row->purpose));
	sf_json_text(writer, "asked", row->what);
	sf_json_id(writer, "transition", row->transition);
	sf_json_id(writer, "message", row->message);
	sf_json_id(writer, "reader", row->reader);
	sf_json_close(writer);
}
