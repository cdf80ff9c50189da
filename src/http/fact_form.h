/*
 * Facts that are said in a transition (SF_REQUEST_SAY), from JSON: a form tells, member by member,
 * what goes where in struct sf_fact. Whether a fact makes sense is the core's to say, which the
 * engine asks; here only words, times and ids are read.
 */
#ifndef SF_HTTP_FACT_FORM_H
#define SF_HTTP_FACT_FORM_H

#include "http/body.h"

struct sf_fact_field;
/* Reads the member into place. False: the response is made. */
typedef bool sf_fact_read(
	const struct sf_body_reader *body, const struct sf_fact_field *field, void *place);

struct sf_fact_field {
	const char *name;
	bool must;
	size_t offset; /* in struct sf_fact */
	sf_fact_read *read;
	const struct sf_word_list *words; /* NULL: it is no word */
};

struct sf_fact_form {
	const char *operation; /* of the route */
	uint32_t kind;
	bool replies; /* the path names the message that it answers; else the transition */
	const struct sf_fact_field *fields;
	size_t field_count;
};

/* The form of an operation; NULL when it says no fact. */
const struct sf_fact_form *sf_fact_form(const char *operation);

/* Members that every fact may have beside its own. */
#define SF_FACT_COMMON_WORDS                                                                       \
	"occurred in_reply_to to_roles to_party contact_name contact_telephone contact_until "     \
	"content_type text content"

/* The fact of the route's form, read from body, into say. False: the response is made. */
bool sf_fact_fill(const struct sf_body_reader *body, struct sf_request_say *say);
/*
 * The whole request of a route whose form there is: path, body, fact. What it borrows lives in the
 * arena of the exchange. False: the response is made.
 */
bool sf_fact_ask(struct sf_exchange *exchange, struct sf_request *ret_request);

#endif
