/* What `stafet log fsck` finds, for people and for programs. */
#ifndef SF_CMD_FSCK_SCREEN_H
#define SF_CMD_FSCK_SCREEN_H

#include "cmd/print_json.h"
#include "coordinator/fsck.h"

struct sf_fsck_screen {
	bool json;
	const void *registrars;   /* NULL: who signed the directory was not asked */
	uint64_t fault_count;     /* the rest is the screen's own */
	struct sf_json_page page; /* with json; its array is open */
};

/* The screen must not move until its end. */
void sf_fsck_screen_begin(struct sf_fsck_screen *screen);
/* For struct sf_fsck_options: context is the screen. One line each. */
void sf_fsck_screen_fault(void *context, const struct sf_fsck_fault *fault);
/* report NULL: it could not be made, and nothing more is said. note is what was compared with. */
int sf_fsck_screen_end(
	struct sf_fsck_screen *screen, const struct sf_fsck_report *report, struct sf_view note);

#endif
