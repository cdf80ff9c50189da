#include "audit/choice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "unit/core/scene.h"

static struct sf_directory *directory(void)
{
	struct sf_directory *made = NULL;
	assert_int_equal(sf_directory_open(&made), SF_OK);
	struct sf_directory_entry entry = {.party = scene_party('H'),
		.name = "hospital",
		.role = SF_ROLE_HOSPITAL,
		.version = 1};
	assert_int_equal(sf_directory_add(made, &entry, NULL), SF_OK);
	return made;
}

static void test_parties_are_found_or_nothing_is_chosen(void **state)
{
	(void)state;
	struct sf_directory *made = directory();
	struct sf_choice choice;
	struct sf_request_transitions asked = {.hospital = "hospital", .only_open = true};
	assert_true(sf_choice_make(made, &asked, &choice));
	assert_true(sf_id_equal(choice.hospital, scene_party('H')));
	assert_true(sf_id_is_none(choice.municipality));
	assert_true(choice.only_open);
	asked.municipality = "no such place";
	assert_false(sf_choice_make(made, &asked, &choice));
	sf_directory_close(&made);
}

static void test_only_what_is_open_or_of_one_state(void **state)
{
	(void)state;
	const struct sf_choice all = {0};
	const struct sf_choice open = {.only_open = true};
	const struct sf_choice ready = {.state = SF_TRANSITION_READY};
	assert_true(sf_choice_has_state(&all, SF_TRANSITION_CLOSED));
	assert_false(sf_choice_has_state(&open, SF_TRANSITION_CLOSED));
	assert_false(sf_choice_has_state(&open, SF_TRANSITION_EMPTY));
	assert_true(sf_choice_has_state(&open, SF_TRANSITION_SHARED));
	assert_true(sf_choice_has_state(&ready, SF_TRANSITION_READY));
	assert_false(sf_choice_has_state(&ready, SF_TRANSITION_OPEN));
}

static void test_place_and_pathway_are_those_of_the_parties_fact(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	const struct sf_choice of_hospital = {.hospital = scene_party('H')};
	const struct sf_choice of_municipality = {.municipality = scene_party('K')};
	const struct sf_choice of_another = {.municipality = scene_party('L')};
	const struct sf_choice somatic = {.pathway = SF_PATHWAY_SOMATIC};
	const struct sf_choice psychiatric = {.pathway = SF_PATHWAY_PSYCHIATRIC};
	/* Before anybody has said so, nothing is of any place. */
	assert_false(sf_choice_has(&of_municipality, scene.transition));
	assert_false(sf_choice_has(&somatic, scene.transition));
	scene_parties(&scene, "HK", MEDICAL | CARE);
	assert_true(sf_choice_has(&of_hospital, scene.transition));
	assert_true(sf_choice_has(&of_municipality, scene.transition));
	assert_false(sf_choice_has(&of_another, scene.transition));
	assert_true(sf_choice_has(&somatic, scene.transition));
	assert_false(sf_choice_has(&psychiatric, scene.transition));
	scene_close(&scene);
}

static void test_totals_count_each_state_and_say_when_they_stopped(void **state)
{
	(void)state;
	struct sf_arena arena;
	sf_arena_init(&arena, 65536);
	struct sf_listing listing = {NULL, &arena, false};
	struct sf_choice_totals totals = {.seen = 0};
	struct sf_reply_transitions reply = {.row_count = 0};
	assert_true(sf_choice_count(&totals, SF_TRANSITION_OPEN));
	assert_true(sf_choice_count(&totals, SF_TRANSITION_CLOSED));
	assert_true(sf_choice_count(&totals, SF_TRANSITION_CLOSED));
	assert_true(sf_choice_count(&totals, SF_TRANSITION_EMPTY));
	sf_choice_tell(&listing, &totals, &reply);
	assert_int_equal(reply.total_count, 2);
	assert_int_equal(reply.totals[0].state, SF_TRANSITION_OPEN);
	assert_int_equal(reply.totals[0].count, 1);
	assert_int_equal(reply.totals[1].count, 2);
	assert_true(reply.totals_whole);
	totals.seen = SF_CHOICE_TOTAL_MAX - 1;
	assert_false(sf_choice_count(&totals, SF_TRANSITION_OPEN));
	sf_choice_tell(&listing, &totals, &reply);
	assert_false(reply.totals_whole);
	sf_arena_fini(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parties_are_found_or_nothing_is_chosen),
		cmocka_unit_test(test_only_what_is_open_or_of_one_state),
		cmocka_unit_test(test_place_and_pathway_are_those_of_the_parties_fact),
		cmocka_unit_test(test_totals_count_each_state_and_say_when_they_stopped),
	};
	return cmocka_run_group_tests_name("audit/choice", tests, NULL, NULL);
}
