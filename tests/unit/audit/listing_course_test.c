/* The course of a transition as rows, and what it adds to the indicators. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "audit/measures.h"
#include "unit/audit/terms.h"

static struct sf_reply_transition show(struct terms *terms, const struct scene *scene)
{
	const struct sf_cached_transition cached = {.transition = scene->transition};
	struct sf_reply_transition reply;
	sf_listing_show(&terms->listing, &cached, 1, scene->now_ms, &reply);
	assert_false(terms->listing.full);
	return reply;
}

static void begin(struct terms *terms, struct scene *scene)
{
	terms_open(terms, 48 * 60);
	scene_open_by(scene, &terms->book);
	assert_int_equal(scene_parties(scene, "HKG", MEDICAL | CARE | MEDICATION), 0);
	assert_int_equal(scene_stay(scene, "STIN", NULL), 0);
}

static void end(struct terms *terms, struct scene *scene)
{
	scene_close(scene);
	terms_close(terms);
}

static void test_obligation_names_its_clause_and_open_ones_stand_first(void **state)
{
	(void)state;
	struct terms terms;
	struct scene scene;
	begin(&terms, &scene);
	struct sf_message letter = scene_message(&scene, 'K', SF_KIND_LETTER);
	letter.fact.letter.code = SF_LETTER_ADMISSION_REPORT;
	assert_int_equal(scene_record(&scene, &letter), 0);
	struct sf_message wish = scene_message(&scene, 'H', SF_KIND_OBLIGATION);
	wish.fact.obligation = (struct sf_obligation_fact){.action = SF_TASK_REQUEST,
		.duty = SF_DUTY_TRANSPORT,
		.owner = SF_ROLE_MUNICIPALITY};
	assert_int_equal(scene_record(&scene, &wish), 0);
	struct sf_reply_transition reply = show(&terms, &scene);
	assert_int_equal(reply.obligation_count, 2);
	const struct sf_obligation_row *open = &reply.obligations[0], *met = &reply.obligations[1];
	assert_true(open->open);
	assert_int_equal(open->duty, SF_DUTY_TRANSPORT);
	assert_string_equal(open->owner_name, "Nordby Kommune");
	assert_string_equal(open->requester_name, "Nordby Sygehus");
	assert_string_equal(open->name, "");
	assert_int_equal(open->due_ms, SF_NEVER_MS);
	assert_false(met->open);
	assert_int_equal(met->state, SF_TASK_COMPLETED);
	assert_string_equal(met->name, "admission-report");
	assert_string_equal(met->citation, "2-2");
	end(&terms, &scene);
}

/* What the region's board sorts by. */
static void test_row_says_what_is_due_next_and_how_much_is_late(void **state)
{
	(void)state;
	struct terms terms;
	struct scene scene;
	begin(&terms, &scene);
	struct sf_reply_transition reply = show(&terms, &scene);
	assert_int_equal(reply.obligation_count, 1);
	int64_t due_ms = reply.obligations[0].due_ms;
	assert_true(due_ms > scene.now_ms && due_ms != SF_NEVER_MS);
	assert_int_equal(reply.row.next_due_ms, due_ms);
	assert_int_equal(reply.row.overdue_count, 0);
	assert_int_equal(scene_turn(&scene, due_ms), 1);
	reply = show(&terms, &scene);
	assert_int_equal(reply.row.next_due_ms, 0);
	assert_int_equal(reply.row.overdue_count, 1);
	end(&terms, &scene);
}

static void test_plan_answer_window_contacts_and_agreement_are_told(void **state)
{
	(void)state;
	struct terms terms;
	struct scene scene;
	begin(&terms, &scene);
	struct sf_message plan = scene_message(&scene, 'H', SF_KIND_PLAN);
	plan.fact.plan =
		(struct sf_plan){1, {10, 20, SF_CONFIDENCE_LOW}, {30, 40, SF_CONFIDENCE_HIGH}};
	assert_int_equal(scene_record(&scene, &plan), 0);
	struct sf_message answer = scene_message(&scene, 'K', SF_KIND_PLAN_ANSWER);
	answer.fact.plan_answer =
		(struct sf_plan_answer){.code = SF_PLAN_ANSWER_ACCEPT, .ready_from_ms = 35};
	assert_int_equal(scene_record(&scene, &answer), 0);
	assert_int_equal(scene_stay(&scene, "SLHJ", NULL), 0);
	struct sf_reply_transition reply = show(&terms, &scene);
	assert_int_equal(reply.course.plan_version, 1);
	assert_int_equal(reply.course.ready_until_ms, 20);
	assert_int_equal(reply.course.discharge_confidence, SF_CONFIDENCE_HIGH);
	assert_int_equal(reply.course.answer, SF_PLAN_ANSWER_ACCEPT);
	assert_int_equal(reply.course.answer_ready_from_ms, 35);
	assert_int_equal(reply.window_count, 1);
	assert_string_equal(reply.windows[0].citation, "72h");
	assert_string_equal(reply.windows[0].holder_name, "Nordby Sygehus");
	assert_int_equal(reply.windows[0].state, SF_WINDOW_OPEN);
	assert_int_equal(reply.contact_count, 3);
	assert_string_equal(reply.contacts[0].telephone, "call H");
	assert_string_equal(reply.contacts[0].name, "");
	assert_string_equal(reply.agreement_name, "terms");
	assert_int_equal(reply.agreement_version, 4);
	assert_int_equal(reply.as_of_ms, scene.now_ms);
	assert_int_equal(reply.known_sequence, scene.sequence);
	assert_int_equal(reply.next.next, SF_NEXT_ANSWER_OFFER);
	assert_string_equal(reply.next.party_name, "Nordby Kommune");
	end(&terms, &scene);
}

static void test_transition_of_the_period_is_measured_and_read_back(void **state)
{
	(void)state;
	struct terms terms;
	struct scene scene;
	begin(&terms, &scene);
	struct sf_listing_rows rows = {.item_size = sizeof(struct sf_transition_measure_row)};
	assert_false(
		sf_measures_list(&terms.listing, scene.transition, NULL, 0, SF_NEVER_MS, &rows));
	assert_int_equal(scene_stay(&scene, "SLHJ", NULL), 0);
	int64_t at_ms = sf_indicator_period_ms(scene.transition);
	assert_false(sf_measures_list(&terms.listing, scene.transition, NULL, 0, at_ms, &rows));
	assert_false(sf_measures_list(
		&terms.listing, scene.transition, NULL, at_ms + 1, SF_NEVER_MS, &rows));
	assert_true(
		sf_measures_list(&terms.listing, scene.transition, NULL, at_ms, at_ms + 1, &rows));
	assert_int_equal(rows.count, 1);
	const struct sf_transition_measure_row *row = rows.items;
	assert_string_equal(row->municipality_name, "Nordby Kommune");
	assert_int_equal(row->pathway, SF_PATHWAY_SOMATIC);
	struct sf_measures direct = {0}, read;
	sf_indicator_add(scene.transition, NULL, &direct);
	sf_measures_read(row, &read);
	assert_memory_equal(&read, &direct, sizeof(read));
	assert_true(row->measure_count > 0);
	end(&terms, &scene);
}

static void test_figure_of_a_later_version_is_left_out(void **state)
{
	(void)state;
	const struct sf_measure_row rows[] = {
		{SF_INDICATOR_COUNT, 9, 9, 9}, {0, 9, 9, 9}, {SF_INDICATOR_STAYS, 1, 2, 3}};
	const struct sf_transition_measure_row row = {
		.measure_count = SF_COUNT(rows), .measures = rows};
	struct sf_measures read, wanted = {0};
	wanted.items[SF_INDICATOR_STAYS] = (struct sf_measure){1, 2, 3};
	sf_measures_read(&row, &read);
	assert_memory_equal(&read, &wanted, sizeof(read));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_obligation_names_its_clause_and_open_ones_stand_first),
		cmocka_unit_test(test_row_says_what_is_due_next_and_how_much_is_late),
		cmocka_unit_test(test_plan_answer_window_contacts_and_agreement_are_told),
		cmocka_unit_test(test_transition_of_the_period_is_measured_and_read_back),
		cmocka_unit_test(test_figure_of_a_later_version_is_left_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
