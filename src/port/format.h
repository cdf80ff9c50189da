/*
 * Clinical formats: bytes of a MedCom message to what Stafet needs of it, and acknowledgements
 * back. Implemented by src/format/ over src/text/. Original bytes are never re-serialised: what a
 * recipient gets is what the sender handed in.
 */
#ifndef SF_PORT_FORMAT_H
#define SF_PORT_FORMAT_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "core/fact.h"
#include "core/zone.h"
#include "port/hl7.h"
#include "wire/body.h"

#define SF_CONTENT_FHIR_JSON "application/fhir+json"
#define SF_CONTENT_FHIR_XML "application/fhir+xml"
#define SF_CONTENT_XML "application/xml" /* MedCom's older letters (XDIS); also text/xml */
#define SF_CONTENT_PDF "application/pdf"

/* Of struct sf_document's patient_name, given and family names with spaces; longer is refused. */
#define SF_PATIENT_NAME_SIZE_MAX SF_BODY_NAME_SIZE_MAX

enum sf_document_kind {
	SF_DOCUMENT_NOTIFICATION = 1, /* MedCom HospitalNotification */
	SF_DOCUMENT_ACKNOWLEDGEMENT,  /* MedCom Acknowledgement */
	SF_DOCUMENT_CARE_COMMUNICATION,
};

/* An organisation as a message names it; texts are "" when absent. All owned by the arena. */
struct sf_organization {
	const char *sor; /* SOR code, urn:oid:1.2.208.176.1.1 */
	const char *gln; /* GLN, 13 digits */
	const char *name;
};

/* One step of the Provenance chain, newest last; ids are MedCom ids, opaque strings. */
struct sf_provenance {
	const char *target;      /* MessageHeader.id it speaks of */
	const char *predecessor; /* entity.what, "" when none */
	const char *role;        /* entity.role of the predecessor: "revision", "removal"; "" */
	const char *activity;    /* code */
	int64_t occurred_ms;     /* 0 when not readable, of predecessors only */
	int64_t recorded_ms;
};

/*
 * What Stafet reads of a document. Everything here but `stay`, the times and the organisations is
 * sealed content: it never leaves the node in clear and is never logged.
 */
struct sf_document {
	enum sf_document_kind kind;
	const char *bundle_id;  /* envelope id of MedCom, new at each sending */
	const char *header_id;  /* MessageHeader.id: the letter, constant */
	int64_t bundle_time_ms; /* Bundle.timestamp */
	struct sf_organization sender;
	struct sf_organization receiver; /* primary destination */
	const char *cpr;                 /* Patient: ten digits */
	const char *patient_name;        /* shown to people at a node only */
	const char *family;              /* of the name, where it is said in parts; else "" */
	const char *given;               /* all of them, with spaces */
	size_t episode_count;
	const char *const
		*episode_ids; /* Encounter.episodeOfCare.identifier values: "system|value" */
	const char *local_episode_id; /* what an answer must return (MEDCOM, structure) */
	size_t provenance_count;
	const struct sf_provenance *provenances;
	const char *predecessor_id; /* MessageHeader.id this one corrects or cancels; "" */
	/* SF_DOCUMENT_NOTIFICATION */
	struct sf_stay_fact stay;
	enum sf_activity current; /* where the patient was before a death; else stay.activity */
	int64_t admitted_ms;      /* Encounter.period.start */
	int64_t occurred_ms;      /* of the own Provenance */
	int64_t recorded_ms;      /* of the own Provenance: created of the fact */
	const char *department;   /* Encounter.serviceProvider's name, for people; "" */
	/* Name of what it is part of, where that is again part of something: then department is a
	 * ward, and this its department (MedCom: Hospital, Afdeling, Afsnit). Else "". */
	const char *ward_of;
	/* SF_DOCUMENT_ACKNOWLEDGEMENT */
	enum sf_ack ack;
	const char *acknowledged_id; /* MessageHeader.id */
	const char *verdict_code;    /* MedCom's code of its first issue; "" */
};

/*
 * What a letter that is no notification says of the process, so that nobody types it twice: a care
 * plan (XDIS21) carries plan and agree, a readiness message (XDIS19) ready and agree. Everything
 * but code and facts is sealed content, as in struct sf_document. Texts are "" when absent and
 * owned by the arena.
 */
struct sf_letter_document {
	/*
	 * What the content is. NONE: it does not tell (PDF, text, XML of another kind): the sender
	 * names it. CORRESPONDENCE carries any other where the sender says so: most letters have
	 * no message of their own in FHIR. When it is another code than the sender named, one of
	 * them is wrong.
	 */
	enum sf_letter_code code;
	enum sf_mark mark;     /* of a discharge letter; NONE also where the content cannot tell */
	const char *cpr;       /* ten digits: is this letter of this transition's patient? */
	const char *letter_id; /* MessageHeader.id or XDIS Letter/Identifier, opaque */
	const char
		*episode_id; /* XDIS carries the local UUID without hyphens (MEDCOM, structure) */
	int64_t written_ms;  /* when the letter says it was written; 0 not said */
	bool has_plan;
	struct sf_plan plan; /* version 0: the author numbers it */
	bool has_ready;
	struct sf_ready ready;
	bool has_agree;
	struct sf_agree agree; /* the discharge time that the author confirms by this letter */
};

/* MedCom terminology codes of MEDCOM.md for OperationOutcome.issue.details. */
struct sf_issue {
	bool fatal;             /* false: information */
	const char *code;       /* "MSG_RESOURCE_REQUIRED"; static */
	const char *expression; /* FHIR element, "Encounter.class"; static or owned by the arena */
	const char *text;       /* what and what to do; never content; static or arena */
};

#define SF_ISSUE_MAX 32
struct sf_issues {
	size_t count;
	struct sf_issue items[SF_ISSUE_MAX];
};

/* What an Acknowledgement answers and says. Strings borrowed for the call. */
struct sf_acknowledgement_request {
	const char *content_type; /* of the answer: as the document acknowledged */
	const char *bundle_id;    /* new ids of the acknowledgement */
	const char *header_id;
	const char *provenance_id;
	const char *acknowledged_id;                         /* MessageHeader.id of the document */
	const struct sf_provenance *acknowledged_provenance; /* NULL when it could not be read */
	struct sf_organization sender;   /* who acknowledges: the receiver of the document */
	struct sf_organization receiver; /* the sender of the document */
	enum sf_ack ack;
	const struct sf_issues *issues; /* required unless ack is ok */
	int64_t now_ms;
};

struct sf_format {
	void *self; /* borrowed */
	/*
	 * Reads and validates. SF_OK: *ret_document is whole. SF_ERR_FORMAT: not a readable bundle,
	 * or rules are broken; ret_issues names each element (and ret_document holds what could be
	 * read, for the acknowledgement: strings "" where not). SF_ERR_UNSUPPORTED: another message
	 * or content type. Check digits of SOR and GLN are part of the rules (DOMAIN section 10).
	 * On SF_OK no issue is left. SF_ERR_LIMIT: past a bound of base/limits.h.
	 */
	SF_MUST_USE enum sf_err (*read)(void *self, const char *content_type, struct sf_view bytes,
		struct sf_arena *arena, struct sf_document *ret_document,
		struct sf_issues *ret_issues, struct sf_diag *diag);
	/*
	 * Canonical bytes for "is this the same letter again?" (DOMAIN section 8): without
	 * Bundle.id, timestamps, narrative and syntax, so that JSON and XML of one letter agree.
	 */
	SF_MUST_USE enum sf_err (*canonical)(void *self, const char *content_type,
		struct sf_view bytes, struct sf_buf *ret_canonical, struct sf_diag *diag);
	/*
	 * Reads what a letter is and what it says of the process, for a letter that somebody sends
	 * in a transition. Content types nobody reads here (application/pdf, text/plain, ...) are
	 * SF_OK with code NONE. Times without a zone are local to zone (Europe/Copenhagen for
	 * Danish letters); zone NULL: this machine has none, and a letter with such times is
	 * SF_ERR_CONFIG. SF_ERR_FORMAT: not readable, or it contradicts itself. SF_ERR_UNSUPPORTED:
	 * a FHIR message that is no letter (a notification goes through read). SF_ERR_LIMIT: past a
	 * bound of base/limits.h. diag names the element, never what it holds.
	 */
	SF_MUST_USE enum sf_err (*read_letter)(void *self, const char *content_type,
		struct sf_view bytes, const struct sf_zone *zone, struct sf_arena *arena,
		struct sf_letter_document *ret_letter, struct sf_diag *diag);
	/* Appends a MedCom Acknowledgement in the asked content type. */
	SF_MUST_USE enum sf_err (*write_acknowledgement)(void *self,
		const struct sf_acknowledgement_request *request, struct sf_buf *buf,
		struct sf_diag *diag);
	/*
	 * Reads an ADT message (port/hl7.h). SF_ERR_FORMAT: ret_issues names each HL7 field that is
	 * wrong, and ret_adt holds what could be read: texts "" and views empty where not. On SF_OK
	 * no issue is left. zone: of times without an offset; NULL when this machine has none.
	 */
	SF_MUST_USE enum sf_err (*read_adt)(void *self, struct sf_view message,
		const struct sf_zone *zone, struct sf_arena *arena, struct sf_adt *ret_adt,
		struct sf_issues *ret_issues, struct sf_diag *diag);
	/*
	 * Appends a HospitalNotification in JSON. Nothing but the request makes it: the same one
	 * gives the same bytes. Ids of its resources follow from the letter's.
	 */
	SF_MUST_USE enum sf_err (*write_notification)(void *self,
		const struct sf_notification_request *request, struct sf_buf *buf,
		struct sf_diag *diag);
	/* Appends an HL7 acknowledgement; nothing where the message wants none (MSH-15, MSH-16). */
	SF_MUST_USE enum sf_err (*write_hl7_answer)(void *self, const struct sf_hl7_answer *answer,
		struct sf_buf *buf, struct sf_diag *diag);
	/* Whether answer is an acknowledgement that takes message: CA or AA, of its MSH-10. */
	bool (*hl7_takes)(void *self, struct sf_view message, struct sf_view answer);
};

/*
 * application/fhir+json, application/fhir+xml, application/xml, application/pdf or
 * application/hl7-v2 from the first bytes; NULL when none of them.
 */
const char *sf_content_type_guess(struct sf_view bytes);

#endif
