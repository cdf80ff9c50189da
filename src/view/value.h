/*
 * How values stand in every JSON that Stafet gives (--json, HTTP, webhooks). Ids are hexadecimal
 * texts, times UTC ISO 8601, domains arrays of words, enumerations words; what there is none of is
 * null. Names of members are snake_case.
 */
#ifndef SF_VIEW_VALUE_H
#define SF_VIEW_VALUE_H

#include "text/json_write.h"
#include "wire/local.h"

void sf_json_digest(
	struct sf_json_writer *writer, const char *name, const struct sf_digest *digest);
void sf_json_time(struct sf_json_writer *writer, const char *name, int64_t time_ms);
void sf_json_domains(struct sf_json_writer *writer, const char *name, sf_domain_set domains);
/* null for NULL, "" and a number without a word: 0, or of a later version. */
void sf_json_word(struct sf_json_writer *writer, const char *name, const char *word);
/* A name that somebody else gave: what is not printable (base/printable.h) becomes '?'. */
void sf_json_name(struct sf_json_writer *writer, const char *name, const char *text);
/* The id of a party as name, its directory name as <name>_name. */
void sf_json_party(
	struct sf_json_writer *writer, const char *name, struct sf_id party, const char *text);
/* Why, as a word: of an acknowledgement when ack says so, else of recording. */
void sf_json_code(struct sf_json_writer *writer, uint32_t code, enum sf_ack ack);

/* Words of numbers that the local protocol leaves open to later versions; "" for 0. */
const char *sf_outcome_word(enum sf_outcome outcome);
const char *sf_kind_class_word(enum sf_kind_class kind_class);
const char *sf_binding_word(enum sf_binding_state state);

#endif
