/*
 * A JSON body, read against the members that its operation knows. What is wrong is answered here:
 * 415 for another content type, 400 for what is no JSON, 422 with the member's name for the rest.
 */
#ifndef SF_HTTP_BODY_H
#define SF_HTTP_BODY_H

#include "core/fact.h"
#include "core/words.h"
#include "http/route.h"
#include "text/element.h"

struct sf_body_reader {
	struct sf_exchange *exchange;  /* borrowed */
	const struct sf_element *root; /* an object, in the arena of the exchange */
};

/* No body at all counts as {}. False: the response is made. So with all of them below. */
bool sf_body_read(struct sf_exchange *exchange, struct sf_body_reader *ret_body);

/* NULL when it was not sent, or is null. */
const struct sf_element *sf_body_member(const struct sf_body_reader *body, const char *name);
/* Answers 422: "member 'name' what". */
bool sf_body_complain(const struct sf_body_reader *body, const char *name, const char *what);

/* Each absent: "", 0, none, false. must: absent is wrong, too. */
bool sf_body_text(
	const struct sf_body_reader *body, const char *name, bool must, const char **ret_text);
bool sf_body_time(const struct sf_body_reader *body, const char *name, bool must, int64_t *ret_ms);
bool sf_body_id(
	const struct sf_body_reader *body, const char *name, bool must, struct sf_id *ret_id);
bool sf_body_bool(
	const struct sf_body_reader *body, const char *name, bool absent, bool *ret_value);
bool sf_body_number(const struct sf_body_reader *body, const char *name, bool must, uint32_t max,
	uint32_t *ret_number);
/* An array of words. */
bool sf_body_domains(
	const struct sf_body_reader *body, const char *name, bool must, sf_domain_set *ret_domains);
/* Bits 1 << enum sf_role of an array of words: roles in a transition, as below. */
bool sf_body_roles(const struct sf_body_reader *body, const char *name, uint32_t *ret_roles);

/* Bits 1 << enum sf_feed_what of an array of words, of which a hook may tell; one at least. */
bool sf_body_events(const struct sf_body_reader *body, const char *name, uint64_t *ret_events);

/* A word of an enumeration; its number is written to ret_number. */
bool sf_body_word(const struct sf_body_reader *body, const char *name, bool must,
	const struct sf_word_list *words, unsigned *ret_number);

/* A role in a transition: no coordinator and no auditor has a part in one. */
bool sf_body_role(
	const struct sf_body_reader *body, const char *name, bool must, enum sf_role *ret_role);

#endif
