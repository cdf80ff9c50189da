/*
 * What became of a message that was handed in, once for every face: the same result is said as an
 * HL7 v2 acknowledgement, an HTTP status and a MedCom Acknowledgement. The table of README.md ("one
 * outcome, four tongues") is the rule; the test reads it there.
 */
#ifndef SF_AUDIT_OUTCOME_H
#define SF_AUDIT_OUTCOME_H

#include "wire/local.h"

/* clang-format off */
#define SF_HANDIN_LIST(X) \
	X(SF_HANDIN_STORED,           1, "stored")           /* on disk here, and on its way */ \
	X(SF_HANDIN_ACKNOWLEDGED,     2, "acknowledged")     /* again, and the recipient has answered */ \
	X(SF_HANDIN_DUPLICATE,        3, "duplicate")        /* again, and nobody has answered yet */ \
	X(SF_HANDIN_UNREADABLE,       4, "unreadable")       /* not what its content type says */ \
	X(SF_HANDIN_BAD_CONTENT,      5, "bad-content")      /* read, and rules are broken */ \
	X(SF_HANDIN_UNSUPPORTED_TYPE, 6, "unsupported-type") /* of content: nobody reads it here */ \
	X(SF_HANDIN_UNSUPPORTED,      7, "unsupported")      /* another message, version or event */ \
	X(SF_HANDIN_UNKNOWN_RECEIVER, 8, "unknown-receiver") \
	X(SF_HANDIN_TEMPORARY,        9, "temporary")        /* our trouble: hand it in again later */
/* clang-format on */
#define X(symbol, number, text) symbol = (number),
enum sf_handin_outcome { SF_HANDIN_LIST(X) };
#undef X
/* The texts above; "unknown". Never NULL. */
const char *sf_handin_text(enum sf_handin_outcome outcome);

/* One row of the table. Texts are static. */
struct sf_outcome_tongue {
	enum sf_handin_outcome outcome;
	const char *hl7_original; /* MSA-1 in original mode: AA means stored, no more */
	const char *hl7_enhanced; /* MSA-1 of the accept acknowledgement */
	unsigned http_status;
	enum sf_ack medcom;     /* NONE: it is the recipient's to say */
	const char *issue_code; /* of OperationOutcome, when the reply names none; "" none */
	bool retry;             /* the same bytes may be handed in again */
};

/* Never NULL; what is no outcome is TEMPORARY. */
const struct sf_outcome_tongue *sf_outcome_tongue(enum sf_handin_outcome outcome);

/*
 * Of the reply to a hand-in (SF_REPLY_SENT, or the error that came instead of it). Where several
 * issues were found the sender's own content comes before the receiver: what is broken must be
 * mended first.
 */
enum sf_handin_outcome sf_handin_outcome_of(const struct sf_reply *reply);

#endif
