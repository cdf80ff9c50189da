/*
 * Which answers are kept in an access log: those from which one patient's course, or a list of
 * such, can be read. Shared by both engines, so that what is logged at one is logged at the other.
 */
#ifndef SF_AUDIT_ACCESS_H
#define SF_AUDIT_ACCESS_H

#include "wire/local.h"

/* What was read: the transition and message that the answer is about; none for a list. */
struct sf_access {
	bool kept; /* false: nothing of anybody was read */
	struct sf_id transition;
	struct sf_id message;
};

/*
 * A refusal reads nothing, and neither does a long poll that goes on waiting. What is asked for by
 * a system for care (libstafet) counts like what a person asks.
 */
struct sf_access sf_access_of(const struct sf_request *request, const struct sf_reply *reply);

/* Role and purpose as they are kept: operator and operation when the asker did not say. */
enum sf_reader_role sf_access_role(const struct sf_asker *asker);
enum sf_purpose sf_access_purpose(const struct sf_asker *asker);

#endif
