/*
 * A step that runs out of memory says so and leaves the transition as it was; the same step, tried
 * again, does what it would have done. Every allocation of every step of a long story fails once.
 * The core is compiled here with the functions below for malloc and its like.
 */
#include "property/chance.h"

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

static struct sf_transition *open_starved(void)
{
	for (uint32_t nth = 1;; nth++) {
		struct sf_transition *transition = NULL;
		until_failure = nth;
		enum sf_err err = sf_transition_open(scene_id(9, 1), scene_book(), &transition);
		until_failure = 0;
		if (err == SF_OK)
			return transition;
		CHECK(err == SF_ERR_MEMORY && transition == NULL);
	}
}

static struct sf_message parties_message(struct scene *scene)
{
	struct sf_message message = scene_message(scene, 'H', SF_KIND_PARTIES);
	message.fact.parties = (struct sf_parties){
		.version = 1,
		.pathway = SF_PATHWAY_SOMATIC,
		.agreement = scene_agreement(),
		.binding_count = 1,
		.bindings = {{SF_ROLE_MUNICIPALITY, SF_BINDING_PARTY, scene_party('K')}},
	};
	return message;
}

static struct sf_message random_message(struct chance *chance, struct scene *scene)
{
	static const char *const codes[] = {"STIN", "SLHJ", "AN_SLHJ", "MORS", "AN_MORS", "STOR"};
	struct sf_message message;
	switch (chance_below(chance, 4)) {
	case 0:
		message = scene_message(scene, 'H', SF_KIND_OFFER);
		message.fact.offer = (struct sf_offer){SOCIAL, SF_ROLE_MUNICIPALITY};
		return message;
	case 1:
		message = scene_message(scene, 'K', SF_KIND_ACCEPT);
		message.in_reply_to = sf_transition_stay(scene->transition)->latest;
		message.fact.accept.domains = CARE;
		return message;
	default:
		message = scene_message(scene, 'H', SF_KIND_STAY);
		message.recipient_count = 1;
		message.recipients[0] = scene_party('K');
		message.fact.stay = scene_stay_fact(
			codes[chance_below(chance, SF_COUNT(codes))], scene->now_ms);
		return message;
	}
}

static void starved_steps_leave_nothing_behind(struct chance *chance)
{
	struct sf_transition *starved = open_starved();
	struct scene fed;
	scene_open(&fed);
	for (uint64_t sequence = 1; sequence <= 40; sequence++) {
		struct sf_message message =
			sequence == 1 ? parties_message(&fed) : random_message(chance, &fed);
		struct sf_event event = {
			.message = &message,
			.kind_class = SF_CLASS_FACT,
			.sequence = sequence,
			.recorded_ms = fed.now_ms,
			.author_role = scene_role((char)message.author.bytes[15]),
		};
		step_starved(starved, &event);
		struct sf_transition_result result;
		CHECK(sf_transition_step(fed.transition, &event, &result) == SF_OK);
		CHECK(digest(starved) == digest(fed.transition));
		fed.now_ms += SF_MINUTE_MS;
	}
	sf_transition_close(&starved);
	scene_close(&fed);
}

int main(int argc, char **argv)
{
	return chance_main(argc, argv, "memory", starved_steps_leave_nothing_behind);
}
