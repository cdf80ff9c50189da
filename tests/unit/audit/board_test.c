/* The board: what is most urgent stands first, for whom it concerns. */
#include "audit/board.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "unit/audit/terms.h"

#define NOW_MS ((int64_t)1000000)

static struct sf_board_row row(
	uint32_t code, enum sf_board_what what, enum sf_next_what next, int64_t before_ms)
{
	return (struct sf_board_row){.what = what,
		.next = next,
		.party = scene_party('K'),
		.before_ms = before_ms,
		.overdue = before_ms < NOW_MS,
		.code = code};
}

static void test_overdue_stands_first_then_weight_then_time_then_order(void **state)
{
	(void)state;
	struct terms terms;
	struct sf_board board;
	struct sf_reply_board reply;
	terms_open(&terms, 60);
	sf_board_begin(&board, &terms.listing, (struct sf_id){{0}}, false, 0, NOW_MS);
	const struct sf_board_row rows[] = {
		row(7, SF_BOARD_NEXT, SF_NEXT_OBLIGATION, NOW_MS + 5),
		row(6, SF_BOARD_NEXT, SF_NEXT_ANSWER_OFFER, SF_NEVER_MS),
		row(4, SF_BOARD_NEXT, SF_NEXT_ANSWER_OFFER, NOW_MS + 9),
		row(5, SF_BOARD_NEXT, SF_NEXT_ANSWER_OFFER, NOW_MS + 9),
		row(3, SF_BOARD_SILENT, SF_NEXT_NOTHING, NOW_MS - 9),
		row(2, SF_BOARD_ALARM, SF_NEXT_OBLIGATION, NOW_MS - 1),
		row(1, SF_BOARD_NEXT, SF_NEXT_ANSWER_OFFER, NOW_MS - 2),
	};
	for (size_t i = 0; i < SF_COUNT(rows); i++)
		sf_board_add(&board, &rows[i]);
	sf_board_end(&board, &reply);
	assert_int_equal(reply.row_count, SF_COUNT(rows));
	assert_int_equal(reply.now_ms, NOW_MS);
	for (uint32_t i = 0; i < SF_COUNT(rows); i++)
		assert_int_equal(reply.rows[i].code, i + 1);
	assert_string_equal(reply.rows[0].party_name, "Nordby Kommune");
	terms_close(&terms);
}

static void test_storm_keeps_the_most_urgent_rows(void **state)
{
	(void)state;
	struct terms terms;
	struct sf_board board;
	struct sf_reply_board reply;
	terms_open(&terms, 60);
	sf_board_begin(&board, &terms.listing, (struct sf_id){{0}}, false, 10, NOW_MS);
	for (uint32_t i = 0; i < 100000; i++) {
		/* In no order: 7919 is prime to 100,000. */
		uint32_t place = i * 7919u % 100000u;
		const struct sf_board_row late = row(
			place, SF_BOARD_NEXT, SF_NEXT_OBLIGATION, NOW_MS - 200000 + (int64_t)place);
		sf_board_add(&board, &late);
	}
	sf_board_end(&board, &reply);
	assert_int_equal(reply.row_count, 10);
	for (uint32_t i = 0; i < 10; i++)
		assert_int_equal(reply.rows[i].code, i);
	assert_false(terms.listing.full);
	terms_close(&terms);
}

static void test_party_and_overdue_are_chosen(void **state)
{
	(void)state;
	struct terms terms;
	struct sf_board board;
	struct sf_reply_board reply;
	terms_open(&terms, 60);
	sf_board_begin(&board, &terms.listing, scene_party('H'), true, 0, NOW_MS);
	struct sf_board_row mine = row(1, SF_BOARD_NEXT, SF_NEXT_OBLIGATION, NOW_MS - 1);
	const struct sf_board_row theirs = mine;
	mine.party = scene_party('H');
	struct sf_board_row later = mine;
	later.overdue = false;
	sf_board_add(&board, &mine);
	sf_board_add(&board, &theirs);
	sf_board_add(&board, &later);
	sf_board_end(&board, &reply);
	assert_int_equal(reply.row_count, 1);
	assert_string_equal(reply.rows[0].party_name, "Nordby Sygehus");
	terms_close(&terms);
}

/* Rows of the transition for the party, or for all when 0. */
static struct sf_reply_board board_of(
	struct terms *terms, const struct scene *scene, char party, int64_t now_ms)
{
	struct sf_board board;
	struct sf_reply_board reply;
	struct sf_id id = party ? scene_party(party) : (struct sf_id){{0}};
	sf_board_begin(&board, &terms->listing, id, false, 0, now_ms);
	sf_board_transition(&board, scene->transition);
	sf_board_end(&board, &reply);
	return reply;
}

static void test_missed_deadline_is_on_the_list_of_who_owes_and_of_who_waits(void **state)
{
	(void)state;
	struct terms terms;
	struct scene scene;
	terms_open(&terms, 60);
	scene_open_by(&scene, &terms.book);
	struct sf_id admit;
	assert_int_equal(scene_parties(&scene, "HKG", MEDICAL | CARE | MEDICATION), 0);
	assert_int_equal(scene_stay(&scene, "STIN", &admit), 0);
	int64_t admitted_ms = sf_transition_recorded_ms(scene.transition);

	struct sf_reply_board kommune = board_of(&terms, &scene, 'K', scene.now_ms);
	assert_int_equal(kommune.row_count, 1);
	assert_false(kommune.rows[0].overdue);
	assert_string_equal(kommune.rows[0].name, "admission-report");
	assert_string_equal(kommune.rows[0].citation, "2-2");
	assert_string_equal(kommune.rows[0].peer_name, "Nordby Sygehus");
	assert_int_equal(board_of(&terms, &scene, 'H', scene.now_ms).row_count, 0);

	/* The first rung is the owner alone; an hour later both are told. */
	assert_true(scene_turn(&scene, admitted_ms + 61 * SF_MINUTE_MS) > 0);
	struct sf_reply_board late = board_of(&terms, &scene, 'K', scene.now_ms);
	assert_true(late.rows[0].overdue);
	assert_int_equal(late.rows[0].level, 1);
	assert_int_equal(board_of(&terms, &scene, 'H', scene.now_ms).row_count, 0);
	assert_true(scene_turn(&scene, admitted_ms + 125 * SF_MINUTE_MS) > 0);
	struct sf_reply_board hospital = board_of(&terms, &scene, 'H', scene.now_ms);
	assert_int_equal(hospital.row_count, 1);
	assert_int_equal(hospital.rows[0].what, SF_BOARD_ALARM);
	assert_int_equal(hospital.rows[0].level, 2);
	assert_string_equal(hospital.rows[0].peer_name, "Nordby Kommune");
	assert_int_equal(board_of(&terms, &scene, 0, scene.now_ms).row_count, 2);

	/* A person has it in hand: no alarm, and still owed. */
	struct sf_message seen = scene_message(&scene, 'K', SF_KIND_OBLIGATION);
	seen.fact.obligation = (struct sf_obligation_fact){
		.action = SF_TASK_SEE_ALARM, .subject = admit, .clause = SF_CLAUSE_EXPECTATION};
	assert_int_equal(scene_record(&scene, &seen), 0);
	assert_int_equal(board_of(&terms, &scene, 'H', scene.now_ms).row_count, 0);
	assert_int_equal(board_of(&terms, &scene, 'K', scene.now_ms).row_count, 1);
	scene_close(&scene);
	terms_close(&terms);
}

static void test_window_that_runs_needs_nobody(void **state)
{
	(void)state;
	struct terms terms;
	struct scene scene;
	terms_open(&terms, 60 * 24);
	scene_open_by(&scene, &terms.book);
	struct sf_id notice;
	assert_int_equal(scene_parties(&scene, "HKG", MEDICAL | CARE | MEDICATION), 0);
	assert_int_equal(scene_stay(&scene, "STIN", NULL), 0);
	assert_int_equal(scene_stay(&scene, "SLHJ", &notice), 0);
	struct sf_reply_board kommune = board_of(&terms, &scene, 'K', scene.now_ms);
	assert_int_equal(kommune.rows[0].next, SF_NEXT_ANSWER_OFFER);
	assert_int_equal(kommune.rows[0].domains, CARE | MEDICATION);
	assert_int_equal(scene_accept(&scene, 'K', notice, CARE | MEDICATION, NULL), 0);
	assert_int_equal(board_of(&terms, &scene, 'H', scene.now_ms).row_count, 0);
	scene_close(&scene);
	terms_close(&terms);
}

static void agree(struct scene *scene, char author, int64_t discharge_ms)
{
	struct sf_message message = scene_message(scene, author, SF_KIND_AGREE);
	message.fact.agree.discharge_ms = discharge_ms;
	assert_int_equal(scene_record(scene, &message), 0);
}

static size_t count_agree(const struct sf_reply_board *board)
{
	size_t count = 0;
	for (size_t i = 0; i < board->row_count; i++)
		count += board->rows[i].next == SF_NEXT_AGREE;
	return count;
}

/* Neither side alone has to give way, so the question is on the list of each, and of nobody else.
 */
static void test_different_times_of_discharge_are_on_the_lists_of_both_sides(void **state)
{
	(void)state;
	struct terms terms;
	struct scene scene;
	terms_open(&terms, 60 * 24);
	scene_open_by(&scene, &terms.book);
	assert_int_equal(scene_parties(&scene, "HKG", MEDICAL | CARE | MEDICATION), 0);
	assert_int_equal(scene_stay(&scene, "STIN", NULL), 0);
	int64_t named_ms = scene.now_ms + SF_DAY_MS;
	agree(&scene, 'H', named_ms);
	agree(&scene, 'K', named_ms + SF_HOUR_MS);
	static const char sides[] = {'H', 'K'};
	for (size_t i = 0; i < SF_COUNT(sides); i++) {
		struct sf_reply_board own = board_of(&terms, &scene, sides[i], scene.now_ms);
		assert_int_equal(count_agree(&own), 1);
		for (size_t k = 0; k < own.row_count; k++)
			if (own.rows[k].next == SF_NEXT_AGREE)
				assert_true(sf_id_equal(own.rows[k].peer,
					scene_party(sides[SF_COUNT(sides) - 1 - i])));
	}
	struct sf_reply_board practice = board_of(&terms, &scene, 'G', scene.now_ms);
	assert_int_equal(count_agree(&practice), 0);
	agree(&scene, 'K', named_ms);
	struct sf_reply_board settled = board_of(&terms, &scene, 0, scene.now_ms);
	assert_int_equal(count_agree(&settled), 0);
	scene_close(&scene);
	terms_close(&terms);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_overdue_stands_first_then_weight_then_time_then_order),
		cmocka_unit_test(test_storm_keeps_the_most_urgent_rows),
		cmocka_unit_test(test_party_and_overdue_are_chosen),
		cmocka_unit_test(test_missed_deadline_is_on_the_list_of_who_owes_and_of_who_waits),
		cmocka_unit_test(test_window_that_runs_needs_nobody),
		cmocka_unit_test(test_different_times_of_discharge_are_on_the_lists_of_both_sides),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
