/*
 * What would have been due under another agreement (DOMAIN.md section 7, `simulate --against`): the
 * recorded facts of a transition folded once more, as if the other text had stood under the digest
 * that the transition names and the same parties had signed it. Derived facts are not taken from
 * the log: they are derived anew, because they are what an agreement changes.
 *
 *   sf_simulation_read(text, crypto, env, agreement), sf_simulation_open(agreement, &simulation)
 *   for each transition: before = its fold as recorded
 *       sf_simulation_begin(simulation, before, book) -> false: no agreement rules it, skip it
 *       for each recorded event: sf_simulation_step(simulation, event)
 *       sf_simulation_compare(simulation, before, now, listing, rows)
 *   sf_simulation_close(&simulation)
 *
 * Pure; one thread.
 */
#ifndef SF_AUDIT_SIMULATE_H
#define SF_AUDIT_SIMULATE_H

#include "audit/listing.h"
#include "audit/replay.h"
#include "port/crypto.h"
#include "port/env.h"

struct sf_simulation; /* opaque */

/*
 * The signed form of a text that nobody needs to have proposed; its zone comes from this machine,
 * as it does in the book. by is large: not on a stack. SF_ERR_FORMAT, SF_ERR_LIMIT;
 * SF_ERR_UNSUPPORTED when the zone is not on this machine. On failure by is not to be used.
 */
SF_MUST_USE enum sf_err sf_simulation_read(struct sf_view text, const struct sf_crypto *crypto,
	const struct sf_env *env, struct sf_agreement *by);

/* by is copied; its calendar's zone must outlive the simulation. SF_ERR_MEMORY. */
SF_MUST_USE enum sf_err sf_simulation_open(
	const struct sf_agreement *by, struct sf_simulation **ret_simulation);
void sf_simulation_close(struct sf_simulation **simulation);

/*
 * Begins the other fold of `before`. ret_begun false: no agreement rules it, and nothing would have
 * been due. book is borrowed until the next begin. SF_ERR_MEMORY.
 */
SF_MUST_USE enum sf_err sf_simulation_begin(struct sf_simulation *simulation,
	const struct sf_transition *before, const struct sf_agreement_book *book, bool *ret_begun);
/*
 * The next recorded event, in sequence; number_only as sf_recorded_is_number_only says. What falls
 * due before it is derived first. SF_ERR_MEMORY, SF_ERR_LIMIT.
 */
SF_MUST_USE enum sf_err sf_simulation_step(
	struct sf_simulation *simulation, const struct sf_event *event, bool number_only);
/* The same with what was kept of it: its cover, and what its receipt said. SF_ERR_FORMAT too. */
SF_MUST_USE enum sf_err sf_simulation_step_cover(struct sf_simulation *simulation,
	struct sf_view cover, const struct sf_recorded *recorded, struct sf_diag *diag);
/*
 * Adds a row (item_size sizeof(struct sf_simulated_row)) for each deadline that differs, was missed
 * only in one of them, or is there only in one of them. Clauses are the same when they have the
 * same name and cause. What is due by now_ms is derived first.
 */
SF_MUST_USE enum sf_err sf_simulation_compare(struct sf_simulation *simulation,
	const struct sf_transition *before, int64_t now_ms, struct sf_listing *listing,
	struct sf_listing_rows *rows);

#endif
