/*
 * What is answered about a transition that was erased: that it was, when and on what ground. Who
 * asks must be able to tell it from one that never was. Shared by both engines.
 */
#ifndef SF_AUDIT_ERASED_H
#define SF_AUDIT_ERASED_H

#include "base/arena.h"
#include "wire/local.h"

/* The transition that a question names, though perhaps by a message's id; none for a list. */
struct sf_id sf_request_subject(const struct sf_request *request);

/* "erased on <time>, ground: <word>" as a refusal with this err; text in arena. */
void sf_reply_refuse_erased(struct sf_reply *ret_reply, struct sf_arena *arena, enum sf_err err,
	int64_t at_ms, enum sf_ground ground);

#endif
