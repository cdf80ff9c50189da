/*
 * What people of a hospital tell of a stay, and what may come next. See local.h. Who it is about
 * crosses the local socket once, and stands in no answer.
 */
#ifndef SF_WIRE_LOCAL_STAY_H
#define SF_WIRE_LOCAL_STAY_H

#include "core/stay.h"
#include "wire/local_row.h"

/*
 * A person of a hospital tells the next step of a stay; the node writes the HospitalNotification
 * that its clinical system would have sent: SF_REPLY_SAID. Texts are "" when they are not said.
 */
struct sf_request_notify {
	struct sf_id transition;    /* or a message id of it; none: a stay begins */
	enum sf_mode mode;          /* REVISE and CANCEL: of the newest that stands */
	struct sf_id latest;        /* message that is taken for it; none: whichever it is by now */
	enum sf_activity activity;  /* with NEW */
	int64_t at_ms;              /* when it happened; 0: now, with REVISE as it was told */
	const char *cpr;            /* of a stay that begins: ten digits */
	const char *given, *family; /* the same */
	const char *department;     /* a running stay: as it was told last */
	const char *ward;           /* of the department */
	bool report_requested;      /* first admissions alone */
	const char *municipality;   /* party reference; a running stay: who is bound */
	const char *gp;             /* the same, or "unknown" */
};

/* Where a stay is, as this hospital has told it, and what may come next: SF_REPLY_STAY. */
struct sf_request_stay {
	struct sf_id transition; /* or a message id of it */
};

/* Codes and times alone: nothing of the citizen. */
struct sf_reply_stay {
	struct sf_id transition;
	enum sf_stay_state state; /* core/stay.h */
	enum sf_stay_class stay_class;
	int64_t since_ms;
	int64_t admitted_ms; /* of what stands; 0 nothing */
	uint32_t next;       /* bits 1 << enum sf_activity */
	struct sf_id latest; /* message: may be corrected and cancelled; none: nothing */
	enum sf_activity latest_activity;
	int64_t latest_ms;         /* when that happened */
	struct sf_id municipality; /* who gets what comes next; none: nobody */
	const char *municipality_name;
};

#endif
