/*
 * One pathway of an agreement with its clauses. See agreement_clause.h. Private to src/wire/.
 */
#ifndef SF_WIRE_AGREEMENT_PATHWAY_H
#define SF_WIRE_AGREEMENT_PATHWAY_H

#include "wire/agreement_clause.h"

SF_MUST_USE enum sf_err sf_pathway_read(
	const Stafet__V1__Pathway *in, struct sf_pathway_terms *ret_terms, struct sf_diag *diag);
Stafet__V1__Pathway *sf_pathway_write(
	const struct sf_pathway_terms *in, struct sf_agreement_work *work);

#endif
