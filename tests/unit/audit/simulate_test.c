/* What would have been due under another agreement. */
#include "audit/simulate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/audit/terms.h"

/* What was recorded, to be folded once more. */
struct story {
	struct terms terms;
	struct scene scene;
	size_t count;
	struct sf_message messages[8];
	struct sf_event events[8];
};

static void record(struct story *story, const struct sf_message *message, uint16_t code)
{
	story->messages[story->count] = *message;
	assert_int_equal(scene_record(&story->scene, message), code);
	story->events[story->count] = (struct sf_event){&story->messages[story->count],
		SF_CLASS_FACT, story->scene.sequence,
		sf_transition_recorded_ms(story->scene.transition), SF_ROLE_HOSPITAL};
	story->count++;
}

/* The report is due after an hour, and comes after two. */
static struct story *tell_story(void)
{
	struct story *story = calloc(1, sizeof(*story));
	assert_non_null(story);
	terms_open(&story->terms, 60);
	scene_open_by(&story->scene, &story->terms.book);
	struct sf_message message = scene_message(&story->scene, 'H', SF_KIND_PARTIES);
	message.fact.parties = (struct sf_parties){.version = 1,
		.pathway = SF_PATHWAY_SOMATIC,
		.agreement = scene_agreement(),
		.active = MEDICAL | CARE | MEDICATION,
		.binding_count = 2,
		.bindings = {{SF_ROLE_HOSPITAL, SF_BINDING_PARTY, scene_party('H')},
			{SF_ROLE_MUNICIPALITY, SF_BINDING_PARTY, scene_party('K')}}};
	record(story, &message, 0);
	message = scene_message(&story->scene, 'H', SF_KIND_STAY);
	message.fact.stay = scene_stay_fact("STIN", story->scene.now_ms);
	record(story, &message, 0);
	assert_true(scene_turn(&story->scene, story->scene.now_ms + 2 * SF_HOUR_MS) > 0);
	message = scene_message(&story->scene, 'K', SF_KIND_LETTER);
	message.fact.letter.code = SF_LETTER_ADMISSION_REPORT;
	record(story, &message, SF_DEVIATION_LATE);
	return story;
}

static void end_story(struct story *story)
{
	scene_close(&story->scene);
	terms_close(&story->terms);
	free(story);
}

/* The rows when the report had been due after so many minutes; 0: not at all. */
static struct sf_listing_rows simulate(struct story *story, int32_t report_minutes)
{
	struct sf_agreement *other = malloc(sizeof(*other));
	struct sf_simulation *simulation = NULL;
	struct sf_listing_rows rows = {.item_size = sizeof(struct sf_simulated_row)};
	bool begun = false;
	assert_non_null(other);
	*other = *story->terms.agreement;
	other->digest = (struct sf_digest){{1}};
	terms_change(other, report_minutes);
	assert_int_equal(sf_simulation_open(other, &simulation), SF_OK);
	free(other);
	assert_int_equal(sf_simulation_begin(
				 simulation, story->scene.transition, &story->terms.book, &begun),
		SF_OK);
	assert_true(begun);
	for (size_t i = 0; i < story->count; i++)
		assert_int_equal(sf_simulation_step(simulation, &story->events[i], false), SF_OK);
	assert_int_equal(sf_simulation_compare(simulation, story->scene.transition,
				 story->scene.now_ms, &story->terms.listing, &rows),
		SF_OK);
	sf_simulation_close(&simulation);
	assert_null(simulation);
	return rows;
}

static void test_same_terms_change_nothing(void **state)
{
	(void)state;
	struct story *story = tell_story();
	assert_int_equal(simulate(story, 60).count, 0);
	end_story(story);
}

static void test_longer_deadline_would_have_been_kept(void **state)
{
	(void)state;
	struct story *story = tell_story();
	struct sf_listing_rows rows = simulate(story, 180);
	assert_int_equal(rows.count, 1);
	const struct sf_simulated_row *row = rows.items;
	assert_string_equal(row->name, "admission-report");
	assert_int_equal(row->owner, SF_ROLE_MUNICIPALITY);
	assert_int_equal(row->due_after_ms - row->due_before_ms, 120 * SF_MINUTE_MS);
	assert_true(row->missed_before);
	assert_false(row->missed_after);
	end_story(story);
}

static void test_clause_that_is_gone_leaves_no_deadline(void **state)
{
	(void)state;
	struct story *story = tell_story();
	struct sf_listing_rows rows = simulate(story, 0);
	assert_int_equal(rows.count, 1);
	const struct sf_simulated_row *row = rows.items;
	assert_true(row->due_before_ms != SF_NEVER_MS);
	assert_int_equal(row->due_after_ms, SF_NEVER_MS);
	assert_true(row->missed_before);
	assert_false(row->missed_after);
	end_story(story);
}

static void test_transition_without_an_agreement_is_skipped(void **state)
{
	(void)state;
	struct story *story = tell_story();
	struct sf_simulation *simulation = NULL;
	struct sf_transition *free_of_it = NULL;
	bool begun = true;
	assert_int_equal(sf_simulation_open(story->terms.agreement, &simulation), SF_OK);
	assert_int_equal(
		sf_transition_open(scene_id(9, 2), &story->terms.book, &free_of_it), SF_OK);
	assert_int_equal(
		sf_simulation_begin(simulation, free_of_it, &story->terms.book, &begun), SF_OK);
	assert_false(begun);
	sf_transition_close(&free_of_it);
	sf_simulation_close(&simulation);
	end_story(story);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_terms_change_nothing),
		cmocka_unit_test(test_longer_deadline_would_have_been_kept),
		cmocka_unit_test(test_clause_that_is_gone_leaves_no_deadline),
		cmocka_unit_test(test_transition_without_an_agreement_is_skipped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
