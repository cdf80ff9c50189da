/*
 * Whole replies as members of the object that is open. reply.h chooses among them; a face that
 * writes more beside them calls them itself.
 */
#ifndef SF_VIEW_MEMBERS_H
#define SF_VIEW_MEMBERS_H

#include "text/json_write.h"
#include "wire/local.h"

void sf_json_status_members(struct sf_json_writer *writer, const struct sf_reply_status *status);
void sf_json_directory_members(
	struct sf_json_writer *writer, const struct sf_reply_directory *directory);
void sf_json_agreement_members(
	struct sf_json_writer *writer, const struct sf_reply_agreement *show);
void sf_json_log_members(struct sf_json_writer *writer, const struct sf_reply_log *log);
void sf_json_proof_members(struct sf_json_writer *writer, const struct sf_reply_proof *proof);
void sf_json_epoch_members(struct sf_json_writer *writer, const struct sf_reply_epoch *epoch);
void sf_json_erased_members(struct sf_json_writer *writer, const struct sf_reply_erased *erased);

/* Entries that a log which went back must have had: what was seen of it less what it holds. */
uint64_t sf_log_missing(const struct sf_reply_log *log);
/* A log that went back, and whose registrars have declared since what stands. */
bool sf_contradiction_explained(
	const struct sf_reply_log *log, const struct sf_contradiction_row *row);
/* There is one that nothing explains. */
bool sf_log_contradicted(const struct sf_reply_log *log);
/* Entries that a new epoch gives up: what was seen of the old one less what stands. */
uint64_t sf_epoch_lost(const struct sf_reply_epoch *epoch);

/* channel.c */
void sf_json_channels_members(
	struct sf_json_writer *writer, const struct sf_reply_channels *channels);
void sf_json_aside_members(struct sf_json_writer *writer, const struct sf_reply_aside *aside);
void sf_json_trace_members(struct sf_json_writer *writer, const struct sf_reply_trace *trace);

#endif
