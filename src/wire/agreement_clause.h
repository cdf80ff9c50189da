/*
 * What the clauses of an agreement are made of: their names, triggers, conditions and deadlines,
 * between proto/agreement.proto and core/agreement.h. Readers check everything and set ret_ only
 * piece by piece: what stands there after an error is of no use. Writers take their pieces from
 * work and give NULL where nothing is said, so that nothing is written, or when work has failed.
 *
 * Private to src/wire/.
 */
#ifndef SF_WIRE_AGREEMENT_CLAUSE_H
#define SF_WIRE_AGREEMENT_CLAUSE_H

#include "agreement.pb-c.h"
#include "base/arena.h"
#include "core/agreement.h"

/* Into place as sf_field_text, without control characters: people and programs print it. */
SF_MUST_USE enum sf_err sf_agreement_text_read(
	const char *text, const char *name, char *ret_place, size_t size, struct sf_diag *diag);

/* in may be NULL: then the clause says nothing of itself. */
SF_MUST_USE enum sf_err sf_clause_read(
	const Stafet__V1__Clause *in, struct sf_clause *ret_clause, struct sf_diag *diag);
/* A kind that a party says in a transition, a detail and a state that the kind has. */
SF_MUST_USE enum sf_err sf_trigger_read(const Stafet__V1__Trigger *in, const char *name,
	struct sf_trigger *ret_trigger, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_conditions_read(size_t count, Stafet__V1__Condition *const *in,
	struct sf_conditions *ret_conditions, struct sf_diag *diag);
/* in may be NULL: no deadline. */
SF_MUST_USE enum sf_err sf_deadline_read(const Stafet__V1__Deadline *in, const char *name,
	struct sf_deadline *ret_deadline, struct sf_diag *diag);

/* Memory while one agreement is packed. */
struct sf_agreement_work {
	struct sf_arena arena;
	bool failed; /* out of memory, or a count beyond core/agreement.h */
};

/* count zeroed pieces; NULL, and failed is set, when there is no memory for them. */
void *sf_work_take(struct sf_agreement_work *work, size_t count, size_t size);
Stafet__V1__Clause *sf_clause_write(const struct sf_clause *in, struct sf_agreement_work *work);
Stafet__V1__Trigger *sf_trigger_write(const struct sf_trigger *in, struct sf_agreement_work *work);
/* The number of them is in->count. */
Stafet__V1__Condition **sf_conditions_write(
	const struct sf_conditions *in, struct sf_agreement_work *work);
Stafet__V1__Deadline *sf_deadline_write(
	const struct sf_deadline *in, struct sf_agreement_work *work);

#endif
