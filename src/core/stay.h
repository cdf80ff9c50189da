/*
 * The stay: where the hospital's notifications say the patient is (DOMAIN.md section 3). A pure
 * function of the set of stay facts: any order of arrival, duplication or delay gives the same.
 *
 * Order inside the fold: causal edges first (in_reply_to, supersedes), then created, author
 * sequence, message id; unknown predecessors impose no order.
 */
#ifndef SF_CORE_STAY_H
#define SF_CORE_STAY_H

#include "core/message.h"
#include "core/refusal.h"

/* clang-format off */
#define SF_STAY_STATE_LIST(X) \
	X(SF_STAY_NONE,        0, "none") \
	X(SF_STAY_IN_HOSPITAL, 1, "in-hospital") \
	X(SF_STAY_ON_LEAVE,    2, "on-leave") \
	X(SF_STAY_HOME,        3, "home") \
	X(SF_STAY_DEAD,        4, "dead") \
	X(SF_STAY_ANNULLED,    5, "annulled") \
	X(SF_STAY_SUPERSEDED,  6, "superseded") \
	X(SF_STAY_CLOSED,      7, "closed-by-hand")
/* clang-format on */
#define X(name, value, text) name = (value),
enum sf_stay_state { SF_STAY_STATE_LIST(X) };
#undef X
const char *sf_stay_state_text(enum sf_stay_state state);

/* One effective stay fact: the shortened form that the fold keeps. */
struct sf_stay_entry {
	struct sf_id message_id;
	struct sf_id in_reply_to;
	struct sf_id supersedes;
	struct sf_id author;
	int64_t created_ms;
	uint64_t author_sequence;
	struct sf_stay_fact fact;
};

/* What became of a fact in the fold. */
enum sf_stay_mark {
	SF_STAY_MARK_APPLIED = 1,
	SF_STAY_MARK_HISTORY,      /* late and already implied: history only */
	SF_STAY_MARK_REVISED,      /* a later revision replaced its values */
	SF_STAY_MARK_CANCELLED,    /* a later cancellation took it back */
	SF_STAY_MARK_NOT_LATEST,   /* deviation: revise or cancel of anything but the latest */
	SF_STAY_MARK_OUT_OF_ORDER, /* deviation: does not fit; e.g. leave-end without a leave */
};

struct sf_stay {
	enum sf_stay_state state;
	enum sf_stay_class stay_class; /* of the current or last segment */
	int64_t since_ms;              /* event time of what led to state */
	int64_t admitted_ms;           /* event time of the first admit that stands; 0 none */
	int64_t discharged_ms;         /* 0 unless home or dead */
	uint32_t segment_count;        /* admissions that stand */
	bool report_requested;         /* by an admit that stands */
	struct sf_id latest;           /* message id of the newest fact that stands */
	struct sf_id discharge;        /* of the discharge-home that stands; none unless home */
};

/*
 * Folds entries (any order, duplicates by message id allowed). ret_marks has room for count, in the
 * order of entries. Scratch is some 400 bytes per entry, freed before it returns: SF_ERR_MEMORY
 * else.
 *
 * A revision or cancellation is of the fact that supersedes (else in_reply_to) names; when it names
 * none, or one that is not in the set, of the newest fact that stands if the activity is the same.
 * A first fact, and a fact that names a predecessor which is not in the set, is taken at its word:
 * what it follows on is not known here.
 */
SF_MUST_USE enum sf_err sf_stay_fold(const struct sf_stay_entry *entries, size_t count,
	struct sf_stay *ret_stay, enum sf_stay_mark *ret_marks);

#endif
