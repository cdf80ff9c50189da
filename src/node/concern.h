/*
 * Whom a fact concerns (DOMAIN.md section 2): who gets it, and its letter, when nobody is named;
 * and which message it answers, when none is.
 */
#ifndef SF_NODE_CONCERN_H
#define SF_NODE_CONCERN_H

#include "node/node.h"
#include "core/transition.h"

/*
 * Fills recipients of the message, of the transition as this party knows it. Nobody may be
 * concerned: a role that nobody is bound to has no recipient.
 */
void sf_concern_recipients(const struct sf_transition *transition, struct sf_message *message);
/* Whom the parties fact binds to the role, also while it has no case; none: nobody. */
struct sf_id sf_concern_party(const struct sf_transition *transition, enum sf_role role);
/* Adds a recipient once; the author and nobody are left out. */
void sf_concern_add(struct sf_message *message, struct sf_id party);
/*
 * The message that is answered: the plan in force, the readiness that stands, the one open question
 * to the author, the one open dispute. False when more than one could be meant.
 */
bool sf_concern_in_reply_to(const struct sf_transition *transition, struct sf_message *message);

#endif
