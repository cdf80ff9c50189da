/*
 * What a verified evidence file says, for people and for programs: each event with who signed it,
 * when it happened, was signed and recorded, its place in the log and who cosigned that; who held
 * what; then what was found, and one last word.
 */
#ifndef SF_CMD_EVIDENCE_SCREEN_H
#define SF_CMD_EVIDENCE_SCREEN_H

#include <stdio.h>

#include "audit/evidence_show.h"
#include "client/verifier.h"
#include "cmd/print_json.h"

struct sf_evidence_screen {
	const struct sf_verifier *verifier; /* borrowed, as all of it */
	const struct sf_evidence_report *report;
	const struct sf_reply_transition *show; /* of report */
};

void sf_evidence_screen_print(FILE *out, const struct sf_evidence_screen *screen);
/* An exit code. */
int sf_evidence_screen_json(const struct sf_evidence_screen *screen);

#endif
