/*
 * A step that runs out of memory says so and leaves the transition as it was; the same step, tried
 * again, does what it would have done. Every allocation of every step of a random story fails once.
 * The core is compiled here with the functions below for malloc and its like.
 */
#include "property/story.h"

#include <stdlib.h>

#include "property/digest.h"
#include "unit/core/scene.h"

static uint32_t until_failure; /* allocations that still succeed; 0 = never fails */

static bool fails_now(void)
{
	return until_failure > 0 && --until_failure == 0;
}

void *starved_malloc(size_t size);
void *starved_calloc(size_t count, size_t size);
void *starved_realloc(void *old, size_t size);

void *starved_malloc(size_t size)
{
	return fails_now() ? NULL : malloc(size);
}

void *starved_calloc(size_t count, size_t size)
{
	return fails_now() ? NULL : calloc(count, size);
}

void *starved_realloc(void *old, size_t size)
{
	return fails_now() ? NULL : realloc(old, size);
}

/* Fails the first allocation, then the second ... until the step needs no more. */
static void step_starved(struct sf_transition *transition, const struct sf_event *event)
{
	for (uint32_t nth = 1;; nth++) {
		uint64_t before = digest(transition);
		uint64_t sequence = sf_transition_sequence(transition);
		struct sf_transition_result result;
		until_failure = nth;
		enum sf_err err = sf_transition_step(transition, event, &result);
		until_failure = 0;
		if (err == SF_OK)
			return;
		CHECK(err == SF_ERR_MEMORY);
		CHECK(digest(transition) == before);
		CHECK(sf_transition_sequence(transition) == sequence);
		CHECK(nth < 100);
	}
}

static struct sf_transition *open_starved(const struct sf_agreement_book *book)
{
	for (uint32_t nth = 1;; nth++) {
		struct sf_transition *transition = NULL;
		until_failure = nth;
		enum sf_err err = sf_transition_open(scene_id(9, 1), book, &transition);
		until_failure = 0;
		if (err == SF_OK)
			return transition;
		CHECK(err == SF_ERR_MEMORY && transition == NULL);
	}
}

static void starved_steps_leave_nothing_behind(struct chance *chance)
{
	static struct story story;
	story_begin(&story, chance);
	struct sf_transition *starved = open_starved(&story.book);
	while (story.count < 80) {
		CHECK(story_next(&story));
		step_starved(starved, &story.events[story.count]);
		CHECK(story_record(&story) == SF_OK);
		CHECK(digest(starved) == digest(story.transition));
	}
	sf_transition_close(&starved);
	story_end(&story);
}

int main(int argc, char **argv)
{
	return chance_main(argc, argv, "memory", starved_steps_leave_nothing_behind);
}
