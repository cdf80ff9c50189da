/* What a stay was told before: which letters stand, and what they come to. */
#include "node/visit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/node/region.h"
#include "unit/node/tale.h"

/* RFC 9562 section 5.8: version 8 and the variant; every other bit is the name's. */
static void test_uuid_is_of_version_8_and_otherwise_the_name(void **state)
{
	(void)state;
	struct sf_digest name;
	memset(name.bytes, 0xff, sizeof(name.bytes));
	struct sf_id id = sf_visit_uuid(&name);
	assert_int_equal(id.bytes[6], 0x8f);
	assert_int_equal(id.bytes[8], 0xbf);
	assert_int_equal(id.bytes[0], 0xff);
	assert_int_equal(id.bytes[15], 0xff);
	memset(name.bytes, 0, sizeof(name.bytes));
	id = sf_visit_uuid(&name);
	assert_int_equal(id.bytes[6], 0x80);
	assert_int_equal(id.bytes[8], 0x80);
	for (size_t i = 0; i < SF_ID_SIZE; i++)
		if (i != 6 && i != 8)
			assert_int_equal(id.bytes[i], 0);
}

static void test_visit_needs_room_for_its_letters(void **state)
{
	(void)state;
	struct sf_arena arena;
	struct sf_visit visit;
	sf_arena_init(&arena, SF_VISIT_LETTERS_MAX);
	assert_int_equal(sf_visit_init(&arena, &visit), SF_ERR_LIMIT);
	sf_arena_fini(&arena);
}

static void test_of_an_unknown_visit_nothing_stands(void **state)
{
	struct tale *tale = *state;
	assert_int_equal(sf_visit_settle(&tale->visit), SF_OK);
	assert_null(sf_visit_top(&tale->visit));
	assert_int_equal(tale->visit.stay.state, SF_STAY_NONE);
	assert_int_equal(tale->visit.leave_start_ms, 0);
}

static void test_row_without_a_letter_moves_the_position_alone(void **state)
{
	struct tale *tale = *state;
	struct sf_node_row_hl7 row = {.position = 9};
	tale_follow(tale, &row);
	assert_int_equal(tale->visit.position, 9);
	assert_true(sf_id_is_none(tale->visit.transition));
	row = (struct sf_node_row_hl7){.position = 10, .transition = tale_id(1000)};
	tale_follow(tale, &row);
	assert_true(sf_id_equal(tale->visit.transition, tale_id(1000)));
	row = (struct sf_node_row_hl7){.position = 11};
	tale_follow(tale, &row);
	assert_true(sf_id_equal(tale->visit.transition, tale_id(1000)));
	assert_int_equal(tale->visit.position, 11);
	assert_int_equal(tale->visit.letter_count, 0);
}

/* A row's views live no longer than its visit to the store. */
static void test_letters_are_kept_without_their_bytes(void **state)
{
	struct tale *tale = *state;
	struct sf_node_row_hl7 row = tale_letter(tale, INPATIENT, SF_MODE_NEW, 0);
	row.content = row.acknowledgement = sf_view_text("of a patient");
	tale_follow(tale, &row);
	const struct sf_node_row_hl7 *kept = sf_visit_top(&tale->visit);
	assert_true(sf_id_equal(kept->letter, row.letter));
	assert_int_equal(kept->content.size, 0);
	assert_null(kept->content.data);
	assert_int_equal(kept->acknowledgement.size, 0);
	assert_true(sf_id_equal(tale->visit.receiver, row.receiver));
	assert_int_equal(tale->visit.admitted_ms, TALE_BEGIN_MS);
}

static void test_a_stay_has_no_more_letters_than_a_bundle_holds(void **state)
{
	struct tale *tale = *state;
	tale_begun(tale, INPATIENT);
	struct sf_node_row_hl7 row;
	while (tale->visit.letter_count < SF_VISIT_LETTERS_MAX) {
		row = tale_letter(tale, INPATIENT, SF_MODE_REVISE, 1);
		assert_int_equal(sf_visit_follow(&tale->visit, &row), SF_OK);
	}
	assert_int_equal(sf_visit_settle(&tale->visit), SF_OK);
	assert_int_equal(tale->visit.standing_count, 1);
	row = tale_letter(tale, INPATIENT, SF_MODE_REVISE, 1);
	assert_int_equal(sf_visit_follow(&tale->visit, &row), SF_ERR_REFUSED);
	assert_int_equal(tale->visit.letter_count, SF_VISIT_LETTERS_MAX);
	/* What is no letter still comes. */
	row = (struct sf_node_row_hl7){.position = 1000};
	assert_int_equal(sf_visit_follow(&tale->visit, &row), SF_OK);
}

static void test_corrections_replace_and_cancellations_take_away(void **state)
{
	struct tale *tale = *state;
	tale_begun(tale, INPATIENT);
	tale_told(tale, LEAVE, SF_MODE_NEW, 10);
	tale_told(tale, LEAVE, SF_MODE_REVISE, 12);
	assert_int_equal(tale->visit.standing_count, 2);
	assert_int_equal(tale->visit.standing[1], 2);
	assert_int_equal(sf_visit_top(&tale->visit)->mode, SF_MODE_REVISE);
	tale_told(tale, LEAVE, SF_MODE_CANCEL, 12);
	assert_int_equal(tale->visit.standing_count, 1);
	assert_int_equal(sf_visit_top(&tale->visit)->activity, INPATIENT);
	assert_int_equal(tale->visit.stay.state, SF_STAY_IN_HOSPITAL);
	tale_told(tale, INPATIENT, SF_MODE_CANCEL, 0);
	assert_null(sf_visit_top(&tale->visit));
	assert_int_equal(tale->visit.stay.state, SF_STAY_ANNULLED);
	/* There is nothing left to take away. */
	tale_told(tale, INPATIENT, SF_MODE_CANCEL, 0);
	tale_told(tale, INPATIENT, SF_MODE_REVISE, 0);
	assert_int_equal(tale->visit.standing_count, 0);
	assert_int_equal(tale->visit.letter_count, 7);
}

/*
 * A stay that was told over another network before: the first letter here corrects one that never
 * was here, and core/stay.c takes it at its word.
 */
static void test_a_first_letter_that_corrects_an_unknown_one_stands(void **state)
{
	struct tale *tale = *state;
	struct sf_node_row_hl7 row = tale_letter(tale, LEAVE, SF_MODE_REVISE, 5);
	row.predecessor = tale_id(500);
	tale_follow(tale, &row);
	assert_int_equal(tale->visit.stay.state, SF_STAY_ON_LEAVE);
	assert_non_null(sf_visit_top(&tale->visit));
	assert_int_equal(tale->visit.leave_start_ms, row.event_ms);
	tale_told(tale, LEAVE, SF_MODE_CANCEL, 6);
	assert_null(sf_visit_top(&tale->visit));
	/* One that names none corrects nothing. */
	tale_restart(tale);
	row.predecessor = (struct sf_id){{0}};
	tale_follow(tale, &row);
	assert_int_equal(tale->visit.stay.state, SF_STAY_NONE);
	assert_null(sf_visit_top(&tale->visit));
}

static void assert_leave_began(const struct tale *tale, int64_t minute)
{
	assert_int_equal(tale->visit.leave_start_ms,
		minute == 0 ? 0 : TALE_BEGIN_MS + minute * SF_MINUTE_MS);
}

/* It goes into the letter that tells the return: a leave that was taken back is none. */
static void test_leave_began_when_the_leave_that_stands_did(void **state)
{
	struct tale *tale = *state;
	tale_begun(tale, INPATIENT);
	assert_leave_began(tale, 0);
	tale_told(tale, LEAVE, SF_MODE_NEW, 10);
	assert_leave_began(tale, 10);
	tale_told(tale, LEAVE, SF_MODE_REVISE, 12);
	assert_leave_began(tale, 12);
	tale_told(tale, RETURN, SF_MODE_NEW, 20);
	assert_leave_began(tale, 12);
	tale_told(tale, LEAVE, SF_MODE_NEW, 30);
	assert_leave_began(tale, 30);
	tale_told(tale, LEAVE, SF_MODE_CANCEL, 30);
	assert_leave_began(tale, 12);
	tale_told(tale, RETURN, SF_MODE_CANCEL, 20);
	assert_leave_began(tale, 12);
	tale_told(tale, LEAVE, SF_MODE_CANCEL, 12);
	assert_leave_began(tale, 0);
}

/* --- From the store --------------------------------------------------------------------------- */

static void keep_row(struct region *region, const struct sf_node_row_hl7 *row)
{
	const struct sf_store *store = sf_memory_port(region->hospital->memory);
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	assert_int_equal(store->replace(store->self, &sf_node_table_hl7, row, NULL), SF_OK);
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
}

static struct sf_visit loaded(struct region *region, const char *number, const char *cpr)
{
	const struct sf_adt adt = {.visit = number, .cpr = cpr};
	struct sf_visit visit;
	assert_int_equal(
		sf_visit_load(region->hospital->node, &adt, &region->arena, &visit, NULL), SF_OK);
	return visit;
}

static void test_visit_is_loaded_in_the_order_it_was_told(void **state)
{
	struct region *region = *state;
	struct sf_visit visit = loaded(region, "V1", "6109450018");
	assert_int_equal(visit.letter_count, 0);
	assert_false(sf_id_is_none(visit.id));
	for (int64_t i = 2; i > 0; i--) {
		const struct sf_node_row_hl7 row = {.name = {{(uint8_t)i}},
			.visit = visit.id,
			.position = i,
			.transition = tale_id(1000),
			.letter = tale_id((size_t)i),
			.predecessor = i == 1 ? (struct sf_id){{0}} : tale_id(1),
			.activity = i == 1 ? INPATIENT : LEAVE,
			.mode = SF_MODE_NEW,
			.stay_class = SF_STAY_CLASS_INPATIENT,
			.event_ms = TALE_BEGIN_MS + i,
			.recorded_ms = TALE_BEGIN_MS + i,
			.content = sf_view_text("")};
		keep_row(region, &row);
	}
	struct sf_visit again = loaded(region, "V1", "6109450018");
	assert_true(sf_id_equal(again.id, visit.id));
	assert_int_equal(again.letter_count, 2);
	assert_int_equal(again.position, 2);
	assert_int_equal(again.stay.state, SF_STAY_ON_LEAVE);
	assert_int_equal(again.leave_start_ms, TALE_BEGIN_MS + 2);
	struct sf_visit known;
	assert_int_equal(
		sf_visit_load_known(region->hospital->node, visit.id, &region->arena, &known, NULL),
		SF_OK);
	assert_int_equal(known.letter_count, 2);
}

/* What is told of one citizen is never taken for another's; and no number is no visit. */
static void test_visit_is_of_one_citizen(void **state)
{
	struct region *region = *state;
	struct sf_visit visit = loaded(region, "V1", "6109450018");
	assert_false(sf_id_equal(visit.id, loaded(region, "V1", "6109450026").id));
	assert_false(sf_id_equal(visit.id, loaded(region, "V2", "6109450018").id));
	struct sf_visit none = loaded(region, "", "6109450018");
	assert_true(sf_id_is_none(none.id));
	assert_int_equal(none.letter_count, 0);
	assert_null(sf_visit_top(&none));
}

static void test_visit_with_more_than_may_be_told_is_refused(void **state)
{
	struct region *region = *state;
	struct sf_visit visit = loaded(region, "V1", "6109450018");
	for (size_t i = 0; i <= SF_VISIT_LETTERS_MAX; i++) {
		struct sf_node_row_hl7 row = {.visit = visit.id,
			.position = (int64_t)i + 1,
			.letter = tale_id(i + 1),
			.activity = INPATIENT,
			.mode = SF_MODE_NEW};
		sf_put_u64(row.name.bytes, i + 1);
		keep_row(region, &row);
	}
	const struct sf_adt adt = {.visit = "V1", .cpr = "6109450018"};
	assert_int_equal(sf_visit_load(region->hospital->node, &adt, &region->arena, &visit, NULL),
		SF_ERR_REFUSED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, tale_open, tale_close)
#define REGION(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_uuid_is_of_version_8_and_otherwise_the_name),
		cmocka_unit_test(test_visit_needs_room_for_its_letters),
		TEST(test_of_an_unknown_visit_nothing_stands),
		TEST(test_row_without_a_letter_moves_the_position_alone),
		TEST(test_letters_are_kept_without_their_bytes),
		TEST(test_a_stay_has_no_more_letters_than_a_bundle_holds),
		TEST(test_corrections_replace_and_cancellations_take_away),
		TEST(test_a_first_letter_that_corrects_an_unknown_one_stands),
		TEST(test_leave_began_when_the_leave_that_stands_did),
		REGION(test_visit_is_loaded_in_the_order_it_was_told),
		REGION(test_visit_is_of_one_citizen),
		REGION(test_visit_with_more_than_may_be_told_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
