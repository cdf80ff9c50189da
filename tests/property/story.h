/*
 * Stories: random facts of random parties, legal, illegal, late, contradictory, repeated and
 * forged, of every kind, under a random agreement, recorded as a coordinator would, with turns in
 * which time passes. Everything follows from one seed.
 */
#ifndef TESTS_PROPERTY_STORY_H
#define TESTS_PROPERTY_STORY_H

#include "core/derived.h"
#include "property/chance.h"

#define STORY_EVENTS_MAX 320
#define STORY_LETTERS "HKLGCIX"
#define STORY_LETTER_COUNT (sizeof(STORY_LETTERS) - 1)

struct story {
	struct chance *chance; /* borrowed */
	struct sf_message messages[STORY_EVENTS_MAX];
	struct sf_event events[STORY_EVENTS_MAX]; /* each of the message of its place */
	struct sf_transition_result results[STORY_EVENTS_MAX];
	size_t count;      /* recorded */
	size_t told_count; /* of them told by the coordinator because time gives them */
	int64_t now_ms;
	uint32_t version;                 /* of the newest parties fact */
	uint32_t plan_version;            /* of the newest plan */
	struct sf_transition *transition; /* owned: the coordinator's */
	struct sf_agreement agreement;
	const struct sf_agreement *agreements[1];
	struct sf_acceptance acceptances[8];
	struct sf_agreement_book book;
};

/* A random agreement and an empty transition. Stories are large: keep them static. */
void story_begin(struct story *story, struct chance *chance);
void story_end(struct story *story);

/*
 * Makes the next event and puts it behind the others, unrecorded: what time gives by now, else a
 * fact of somebody. Times of turns are inside it. False when there is no room for more.
 */
bool story_next(struct story *story);
/* Steps the event that story_next made; ret_err of the step. */
enum sf_err story_record(struct story *story);

#endif
