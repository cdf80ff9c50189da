/*
 * What an evidence file proves (WIRE.md section 5). Everything is checked that an auditor who
 * trusts neither the coordinator nor any single party can check without asking anybody: who is in
 * the directory and who says so, who signed each event, that the coordinator recorded it there and
 * then, that nothing is missing between, that it is in the log that witnesses saw, and that
 * holders, duties and deadlines follow from the events and the agreement alone (R6).
 *
 * Whom to trust is the reader's to say, with a policy (log/policy.h). Without one the registrars
 * that the file itself names are taken, and the report says so.
 *
 * Pure. One thread at a time; different verifications are independent.
 */
#ifndef SF_AUDIT_EVIDENCE_H
#define SF_AUDIT_EVIDENCE_H

#include "audit/book.h"
#include "audit/registry.h"
#include "core/transition.h"
#include "log/checkpoint.h"
#include "log/leaf.h"
#include "log/policy.h"
#include "log/tree.h"
#include "wire/evidence.h"
#include "wire/header.h"

/* clang-format off */
/* What can be found. The words are stable: programs key on them. */
#define SF_FINDING_LIST(X) \
	/* What holds. */ \
	X(SF_FINDING_DIRECTORY,           "directory")            /* signed by the registrars */ \
	X(SF_FINDING_CHECKPOINT,          "checkpoint")           /* signed by the log, cosigned by */ \
	X(SF_FINDING_EVENTS,              "events")               /* all signed, in one chain */ \
	X(SF_FINDING_RECOMPUTED,          "recomputed")           /* holders, duties and deadlines */ \
	X(SF_FINDING_COMPLETE,            "complete")             /* reaches the receipts supplied */ \
	/* What a reader must know. */ \
	X(SF_FINDING_TRUST,               "trust")                /* of registrars or log: the reader's */ \
	X(SF_FINDING_PENDING,             "pending")              /* not in a checkpoint that counts yet */ \
	X(SF_FINDING_LINKED,              "linked")               /* taken as told */ \
	X(SF_FINDING_REFUSED_OUTSIDE,     "refused-outside")      /* for a reason this file cannot show */ \
	X(SF_FINDING_OVERDUE,             "overdue")              /* due, and not recorded in this file */ \
	X(SF_FINDING_UNNAMED,             "unnamed")              /* in the file, and nothing names it */ \
	X(SF_FINDING_UNCHECKED,           "unchecked")            /* nothing here to check it with */ \
	/* The file itself. */ \
	X(SF_FINDING_DAMAGED,             "damaged")              /* not the bytes its maker signed */ \
	X(SF_FINDING_CLAIM_SIGNATURE,     "claim-signature") \
	X(SF_FINDING_CLAIM,               "claim")                /* a line that the events do not give */ \
	/* Directory. */ \
	X(SF_FINDING_DIRECTORY_ENTRY,     "directory-entry")      /* unsigned, or does not follow */ \
	X(SF_FINDING_DIRECTORY_BEHIND,    "directory-behind")     /* entries were held back */ \
	X(SF_FINDING_DIRECTORY_FORK,      "directory-fork")       /* another directory was shown */ \
	X(SF_FINDING_COORDINATOR,         "coordinator")          /* none, or no coordinator */ \
	/* Log. */ \
	X(SF_FINDING_NO_CHECKPOINT,       "no-checkpoint") \
	X(SF_FINDING_LOG_UNKNOWN,         "log-unknown")          /* a log that is not trusted */ \
	X(SF_FINDING_CHECKPOINT_SIGNATURE, "checkpoint-signature") \
	X(SF_FINDING_COSIGNATURE,         "cosignature")          /* one that does not hold */ \
	X(SF_FINDING_QUORUM,              "quorum")               /* too few witnesses for the policy */ \
	X(SF_FINDING_FORK,                "fork")                 /* two histories, both signed */ \
	X(SF_FINDING_EPOCH,               "epoch") \
	X(SF_FINDING_INCLUSION,           "inclusion")            /* not where its receipt says */ \
	X(SF_FINDING_UNPROVEN,            "unproven")             /* and should be by now */ \
	/* One event. */ \
	X(SF_FINDING_COVER,               "cover")                /* cannot be read */ \
	X(SF_FINDING_KEY_UNKNOWN,         "key-unknown") \
	X(SF_FINDING_KEY_INVALID,         "key-invalid")          /* expired or revoked */ \
	X(SF_FINDING_SIGNATURE,           "signature") \
	X(SF_FINDING_FORGED_AUTHOR,       "forged-author")        /* the key is another party's */ \
	X(SF_FINDING_RECEIPT,             "receipt")              /* cannot be read, or not signed */ \
	X(SF_FINDING_RECEIPT_OTHER,       "receipt-other")        /* is about another event */ \
	X(SF_FINDING_TRANSITION,          "transition")           /* of another transition */ \
	X(SF_FINDING_CLASS,               "class")                /* recorded as what it is not */ \
	X(SF_FINDING_GAP,                 "gap")                  /* numbers are missing */ \
	X(SF_FINDING_ORDER,               "order")                /* twice, or not in order */ \
	X(SF_FINDING_HEAD,                "head")                 /* does not follow what came before */ \
	X(SF_FINDING_OTHER_HISTORY,       "other-history")        /* its author saw other events */ \
	X(SF_FINDING_RESEND,              "resend")               /* of nothing that was recorded */ \
	X(SF_FINDING_REFUSAL,             "refusal")              /* for a reason that is not so */ \
	/* Agreements. */ \
	X(SF_FINDING_AGREEMENT,           "agreement")            /* cannot be read */ \
	X(SF_FINDING_AGREEMENT_MISSING,   "agreement-missing")    /* named, and not in the file */ \
	/* What follows. */ \
	X(SF_FINDING_OUTCOME,             "outcome")              /* not what the rules give */ \
	X(SF_FINDING_DEADLINE_WRONG,      "deadline-wrong")       /* derived, and not so */ \
	X(SF_FINDING_DEADLINE_WITHHELD,   "deadline-withheld")    /* due before, and not recorded */ \
	/* Receipts that the reader brought. */ \
	X(SF_FINDING_INCOMPLETE,          "incomplete")           /* the file ends before it */ \
	X(SF_FINDING_SUPPLIED,            "supplied")             /* cannot be used */
/* clang-format on */
#define X(name, word) name,
enum sf_finding_code { SF_FINDING_LIST(X) SF_FINDING_COUNT };
#undef X
/* The words above; never NULL. */
const char *sf_finding_text(enum sf_finding_code code);

enum sf_severity {
	SF_SEVERITY_GOOD = 0,
	SF_SEVERITY_REMARK, /* changes nothing, but a reader must know it */
	SF_SEVERITY_FAULT,  /* something that was signed or claimed does not hold */
};
/* "good", "remark", "fault". */
const char *sf_severity_text(enum sf_severity severity);

struct sf_finding {
	enum sf_severity severity;
	enum sf_finding_code code;
	uint64_t sequence; /* event of the transition; 0: none in particular */
	const char *text;  /* one sentence: ids, numbers and times, never a person */
};

#define SF_EVIDENCE_FINDINGS_MAX ((size_t)4096) /* more are counted and not kept */
/* WIRE section 4: without proof for so long, somebody must look. */
#define SF_EVIDENCE_PENDING_MS_MAX ((int64_t)15 * 60 * 1000)

struct sf_verified_cosigner {
	struct sf_id party;
	enum sf_role role;
	uint64_t time_s; /* seconds since 1970, by its own clock */
};

struct sf_verified_checkpoint {
	struct sf_view note;
	struct sf_checkpoint checkpoint;
	uint32_t epoch;
	bool holds;            /* signed by the log, and its directory line is that of the file */
	bool counts;           /* and witnesses enough for the policy have cosigned it */
	size_t cosigner_count; /* parties of the directory whose cosignature holds */
	const struct sf_verified_cosigner *cosigners;
};

/* One event as far as it could be read. Views borrow from the report. */
struct sf_verified_event {
	const struct sf_evidence_event *evidence;
	uint64_t
		sequence; /* of its receipt; its place in the file from 1 when that is unreadable */
	bool readable;    /* header and receipt are set */
	struct sf_header header;
	struct sf_receipt receipt;
	struct sf_digest digest;    /* of the envelope */
	struct sf_digest head;      /* of the transition behind it */
	struct sf_digest leaf_hash; /* in the log's tree */
	enum sf_role author_role;
	struct sf_id key_id;
	const struct sf_verified_checkpoint *checkpoint; /* that it is proven in; NULL pending */
	bool folded; /* not: behind a gap, or later than the time asked for */
	bool holds;  /* no fault names it */
};

struct sf_evidence_report {
	struct sf_arena arena; /* owned: all that is lent below */
	struct sf_evidence evidence;
	struct sf_claim said;  /* in the file */
	struct sf_claim found; /* from its events: all of them, whatever the time asked for */
	bool claim_read;
	bool registrars_pinned; /* by the policy; else those of the file, see registrars */
	struct sf_registrars registrars;
	struct sf_directory *directory;   /* owned: as far as it follows */
	struct sf_book *book;             /* owned */
	struct sf_transition *transition; /* owned: folded to the time asked for */
	size_t checkpoint_count;
	struct sf_verified_checkpoint *checkpoints;
	size_t statement_count;
	struct sf_verified_event *statements; /* about agreements: owned */
	size_t event_count;
	struct sf_verified_event *events; /* owned */
	size_t finding_count;
	struct sf_finding *findings; /* owned; in the order of the checks */
	size_t fault_count, remark_count;
	bool verified; /* no fault */
};

struct sf_evidence_options {
	const struct sf_crypto *crypto; /* borrowed, as all of them; needs no secrets */
	const struct sf_env *env;       /* zone() alone is asked */
	const struct sf_policy *policy; /* NULL: see registrars_pinned */
	/*
	 * What the reader has from elsewhere: proofs (text of log/proof.h), SignedReceipt bytes,
	 * checkpoints, or whole evidence files of the same transition. The events they show must be
	 * in this file.
	 */
	size_t receipt_count;
	const struct sf_view *receipts;
	int64_t at_ms;      /* fold what was recorded by then; 0: everything */
	bool require_proof; /* an event that is not proven is a fault */
};

/*
 * SF_OK: it was checked, and the report says what was found. SF_ERR_FORMAT, SF_ERR_LIMIT: no
 * evidence file of ours. SF_ERR_MEMORY. bytes are copied.
 */
SF_MUST_USE enum sf_err sf_evidence_verify(struct sf_view bytes,
	const struct sf_evidence_options *options, struct sf_evidence_report **ret_report,
	struct sf_diag *diag);
void sf_evidence_report_close(struct sf_evidence_report **report);

#endif
