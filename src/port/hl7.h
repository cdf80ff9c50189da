/*
 * HL7 v2 as the engine sees it: what an ADT message says, what is answered, and the MedCom
 * HospitalNotification that is made of it. Part of port/format.h; the mapping is in
 * src/format/README.md.
 */
#ifndef SF_PORT_HL7_H
#define SF_PORT_HL7_H

#include "base/bytes.h"
#include "base/id.h"
#include "core/fact.h"

#define SF_CONTENT_HL7 "application/hl7-v2"
#define SF_CONTENT_HL7_ER7 "x-application/hl7-v2+er7" /* as other products call it */

/* What a message asks for; which activity it is depends on the stay that is known. */
enum sf_adt_step {
	SF_ADT_NOTHING = 1, /* kept and acknowledged: MedCom has no message for it */
	SF_ADT_ADMIT,       /* the patient class says which */
	SF_ADT_DISCHARGE,   /* a death when the patient is dead */
	SF_ADT_LEAVE_START,
	SF_ADT_LEAVE_END,
	SF_ADT_UPDATE,         /* corrects the newest notification where it differs */
	SF_ADT_CANCEL,         /* of `cancels` */
	SF_ADT_EXPECT,         /* a discharge is expected: a plan */
	SF_ADT_EXPECT_NOTHING, /* that is taken back */
	SF_ADT_MERGE,          /* two numbers are one citizen: people decide */
};

/* Everything but the step, the activity, the class and the times is personal or local content. */
struct sf_adt {
	enum sf_adt_step step;
	/* LEAVE_START ... DEATH of the new one; with CANCEL what is cancelled: ADMIT_INPATIENT
	 * there means any admission. NONE with the others, and where the class says it. */
	enum sf_activity activity;
	uint32_t event;                /* 1 for A01 ... 53; 0 when it cannot be read */
	struct sf_view name;           /* MSH-3, MSH-4 and MSH-10 as sent: one message */
	struct sf_view rest;           /* all but MSH: is it the same message again? */
	enum sf_stay_class stay_class; /* PV1-2 E and I; else NONE */
	bool dead;                     /* PID-30 */
	int64_t event_ms;              /* of the activity: PV1-44, PV1-45, PID-29 or EVN-6 */
	int64_t occurred_ms;           /* EVN-2, else MSH-7 */
	int64_t recorded_ms;           /* MSH-7 */
	int64_t admitted_ms;           /* PV1-44; 0 not said */
	int64_t discharged_ms;         /* PV1-45; 0 not said */
	struct sf_interval expected;   /* PV2-9 with EXPECT */
	const char *cpr;               /* ten digits */
	const char *prior_cpr;         /* MRG-1 with MERGE, "" not said */
	const char *family;
	const char *given;
	const char *visit;        /* PV1-19 and its assigning authority; "" where it needs none */
	const char *department;   /* PV1-3, for people; "" not said */
	const char *municipality; /* PID-11.9, else "" */
	const char *gp;           /* PD1-3, else "" */
	bool wants_answer;        /* MSH-16 asks for what the receiver says, or some of it */
	struct sf_view heading;   /* MSH as sent: what an answer is written from */
};

/* One letter of a stay: what its Provenance says. */
struct sf_notification_step {
	struct sf_id letter;      /* MessageHeader.id, as a UUID */
	struct sf_id predecessor; /* none with the first */
	struct sf_stay_fact stay;
	enum sf_activity current; /* where the patient was before a death; else stay.activity */
	int64_t occurred_ms;
	int64_t recorded_ms;
};

/* Both are port/format.h's. Strings borrowed for the call. */
struct sf_organization;
struct sf_provenance;
struct sf_notification_request {
	const struct sf_organization *sender;
	const struct sf_organization *receiver;
	const char *cpr;
	const char *family;
	const char *given;
	const char *department; /* "" not said */
	const char *ward;       /* of the department; NULL or "" not said */
	struct sf_id episode;   /* local UUID */
	/* "system|value" of a stay that another system began, instead of episode; count 0: none. */
	size_t episode_count;
	const char *const *episodes;
	int64_t admitted_ms;
	int64_t leave_start_ms; /* with leave-end; 0 not known */
	/* Letters before the first step that others wrote, oldest first, as they said it. */
	size_t before_count;
	const struct sf_provenance *before;
	/* MessageHeader.id that the letter itself follows; NULL: its step's predecessor. */
	const char *predecessor;
	size_t step_count; /* oldest first; the letter itself is the last */
	const struct sf_notification_step *steps;
};

/* Codes of sf_outcome_tongue; which of them is said depends on MSH-15 and MSH-16. */
struct sf_issues;
struct sf_hl7_answer {
	struct sf_view message;         /* what is answered, as it was received */
	const char *original;           /* AA, AE, AR */
	const char *enhanced;           /* CA, CE, CR */
	const struct sf_issues *issues; /* NULL or empty with AA and CA */
	int64_t at_ms;
	/* A message of its own, after the accept acknowledgement: original, as far as MSH-16 asks.
	 */
	bool later;
};

#endif
