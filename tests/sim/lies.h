/*
 * A small region whose coordinator lies to one of its nodes (liar.h), and what each honest party
 * has found out. One test a lie; src/audit/README.md is the table of them.
 */
#ifndef SF_SIM_LIES_H
#define SF_SIM_LIES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit/evidence.h"
#include "base/time.h"
#include "sim/liar.h"
#include "unit/node/region.h"
#include "wire/local_log.h"

struct lies {
	struct region *region; /* owned */
	struct sf_sim_liar liar;
	uint64_t alarms[SF_SIM_MACHINES_MAX]; /* of each node before the lie */
};

/* For cmocka: *state is a struct lies; the liar tells the truth so far, the hospital its victim. */
int lies_open(void **state);
/* Likewise, and everybody has signed an agreement with deadlines. */
int lies_open_signed(void **state);
int lies_close(void **state);

/* Of that kind, at that node. */
size_t lies_found(
	const struct lies *lies, const struct sf_sim_machine *node, enum sf_contradiction kind);
/* Fails, and says what there is, unless a node has found exactly so many of a kind. */
void lies_expect(const struct lies *lies, const struct sf_sim_machine *node,
	enum sf_contradiction kind, size_t count);
/* Alarms of a node since the lie began. */
uint64_t lies_alarms(const struct lies *lies, const struct sf_sim_machine *node);
/* No contradiction and no alarm there. */
void lies_expect_quiet(const struct lies *lies, const struct sf_sim_machine *node);
void lies_expect_all_quiet(const struct lies *lies);
/* Receipts that are not proven yet. */
size_t lies_unproven(const struct sf_sim_machine *node);

/* Evidence of a transition as that machine's daemon makes it; views live as long as the region. */
struct sf_view lies_export(
	struct lies *lies, struct sf_sim_machine *machine, struct sf_id transition);
/* What an auditor finds who has these from elsewhere; to be closed. */
struct sf_evidence_report *lies_verify(
	struct lies *lies, struct sf_view bytes, const struct sf_view *receipts, size_t count);
/* The file holds. */
void lies_expect_verified(struct lies *lies, struct sf_view bytes);
/* The first fault is this one, or some fault is. */
void lies_expect_fault(struct lies *lies, struct sf_view bytes, const struct sf_view *receipts,
	size_t count, enum sf_finding_code code);

#define LIE(name) cmocka_unit_test_setup_teardown(name, lies_open, lies_close)
#define LIE_SIGNED(name) cmocka_unit_test_setup_teardown(name, lies_open_signed, lies_close)

/* Of each file: how many failed. */
int lies_about_log(void);      /* lies_log.c */
int lies_about_events(void);   /* lies_said.c */
int lies_about_evidence(void); /* lies_evidence.c */
int lies_about_epochs(void);   /* lies_epoch.c */

#endif
