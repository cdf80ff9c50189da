/*
 * The stay of a transition as this party's own notifications have told it, whoever wrote them: its
 * clinical system in FHIR or HL7, or a person at this node. What comes next is judged on it
 * (visit.h). Inside the node only.
 */
#ifndef SF_NODE_STAY_CHAIN_H
#define SF_NODE_STAY_CHAIN_H

#include "node/visit.h"

struct sf_stay_chain {
	struct sf_visit visit;     /* id none unless the stay is told in HL7, too */
	const char **names;        /* MessageHeader.id of each of its letters; the caller's arena */
	struct sf_document newest; /* the newest of them; its Provenances can be told again */
	struct sf_arena document;  /* owned: what newest borrows */
};

/*
 * SF_ERR_NOT_FOUND: this party has sent no notification in the transition, or its content is not
 * here any more. SF_ERR_REFUSED: more than one chain of letters holds. After any answer the caller
 * closes it.
 */
SF_MUST_USE enum sf_err sf_stay_chain_load(struct sf_node *node, struct sf_id transition,
	struct sf_arena *arena, struct sf_stay_chain *ret_chain, struct sf_diag *diag);
void sf_stay_chain_close(struct sf_stay_chain *chain);

/* One of its letters, as MessageHeader.id; "" for none. */
const char *sf_stay_chain_name(const struct sf_stay_chain *chain, struct sf_id letter);

#endif
