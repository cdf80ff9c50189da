/*
 * A transition as a picture has it: lanes of parties, bands of responsibility, windows, marks where
 * something was recorded, flags where something fell due, and the gaps between them. Made from what
 * a daemon answers about a transition, or from what a verified evidence file gives; every format
 * (text, JSON, FHIR, SVG) is written from this.
 *
 * Values and borrowed texts only; everything lives in the caller's arena and in the reply.
 */
#ifndef SF_TIMELINE_MODEL_H
#define SF_TIMELINE_MODEL_H

#include "base/arena.h"
#include "wire/local.h"

/* Told so long after it happened, an event is marked late although no rule was broken. */
#define SF_TIMELINE_LATE_MS (60 * SF_MINUTE_MS)
#define SF_TIMELINE_NO_LANE ((size_t)-1)

struct sf_timeline_lane {
	struct sf_id party; /* none: time itself, which the coordinator tells */
	const char *name;
	enum sf_role role; /* in this transition; NONE: took part without one */
};

/* One domain held by one party without a break. */
struct sf_timeline_band {
	enum sf_domain domain;
	size_t lane;
	int64_t from_ms, until_ms;
	bool stands; /* until_ms is the end of the picture: it is held still */
	enum sf_basis basis;
	uint64_t sequence; /* of the event that began it */
};

/* A period after discharge in which somebody answers for a domain by a clause. */
struct sf_timeline_window {
	size_t lane;
	enum sf_domain domain;
	const char *name; /* of the clause, "" */
	const char *citation;
	int64_t from_ms, until_ms;
	enum sf_window_state state;
};

struct sf_timeline_mark {
	const struct sf_event_row *event; /* borrowed from the reply */
	size_t lane;                      /* its author's */
	bool refused;
	bool deviates; /* not as agreed; code says what */
	bool late;     /* by a rule, or told later than SF_TIMELINE_LATE_MS */
	uint32_t code; /* enum sf_refusal of the refusal or the newest deviation; 0 */
};

/* A deadline, at the lane of who owes it. */
struct sf_timeline_flag {
	const struct sf_obligation_row *duty; /* borrowed */
	size_t lane;                          /* SF_TIMELINE_NO_LANE: nobody is bound */
	bool missed;                          /* not met when it fell due */
	bool open;
	int64_t ended_ms; /* met, handed on or cancelled; 0 while open */
};

/* clang-format off */
#define SF_TIMELINE_GAP_LIST(X) \
	X(SF_TIMELINE_UNACCEPTED, 1, "unaccepted") /* the patient has left, and no taker has signed */ \
	X(SF_TIMELINE_UNMET,      2, "unmet")      /* owed, past its deadline, and not done */ \
	X(SF_TIMELINE_SILENCE,    3, "silence")    /* nobody said anything although something was owed */ \
	X(SF_TIMELINE_MISSING,    4, "missing")    /* events that this daemon does not have */
/* clang-format on */
#define X(name, value, text) name = (value),
enum sf_timeline_gap_kind { SF_TIMELINE_GAP_NONE = 0, SF_TIMELINE_GAP_LIST(X) };
#undef X
const char *sf_timeline_gap_text(enum sf_timeline_gap_kind kind);

struct sf_timeline_gap {
	enum sf_timeline_gap_kind kind;
	size_t lane; /* whose turn it was; SF_TIMELINE_NO_LANE */
	int64_t from_ms, until_ms;
	const char *name; /* of the duty, "" */
};

struct sf_timeline {
	const struct sf_reply_transition *show; /* borrowed */
	int64_t from_ms, until_ms;              /* of everything in it */
	size_t lane_count;
	const struct sf_timeline_lane *lanes; /* hospital, municipality, gp, others, time */
	size_t band_count;
	const struct sf_timeline_band *bands;
	size_t window_count;
	const struct sf_timeline_window *windows;
	size_t mark_count;
	const struct sf_timeline_mark *marks; /* in sequence */
	size_t flag_count;
	const struct sf_timeline_flag *flags; /* by deadline */
	size_t gap_count;
	const struct sf_timeline_gap *gaps; /* by beginning */
};

/* The picture ends at until_ms, or later where a deadline lies ahead. SF_ERR_LIMIT: the arena. */
SF_MUST_USE enum sf_err sf_timeline_make(const struct sf_reply_transition *show, int64_t until_ms,
	struct sf_arena *arena, struct sf_timeline *ret_timeline);

#endif
