/* Who guesses waits, longer each time, and not for ever. */
#include "door/attempt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/door/doorstep.h"

static int64_t wait_of(struct doorstep *step, const char *user)
{
	struct sf_diag diag = {""};
	int64_t wait_ms = -1;
	assert_int_equal(sf_attempt_wait(&step->door, user, &wait_ms, &diag), SF_OK);
	return wait_ms;
}

static void guess(struct doorstep *step, const char *user)
{
	struct sf_diag diag = {""};
	const struct sf_store *store = step->door.store;
	assert_int_equal(store->begin(store->self, &diag), SF_OK);
	assert_int_equal(sf_attempt_failed(&step->door, user, &diag), SF_OK);
	assert_int_equal(store->commit(store->self, &diag), SF_OK);
}

static void test_five_are_free_then_the_wait_doubles_to_its_bound(void **state)
{
	struct doorstep *step = *state;
	static const int64_t waits_s[] = {0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300};
	assert_int_equal(wait_of(step, "anna"), 0);
	for (size_t i = 0; i < SF_COUNT(waits_s); i++) {
		guess(step, "anna");
		assert_int_equal(wait_of(step, "anna"), waits_s[i] * SF_SECOND_MS);
	}
	assert_int_equal(wait_of(step, "bent"), 0);
	doorstep_wait(step, 100 * SF_SECOND_MS);
	assert_int_equal(wait_of(step, "anna"), 200 * SF_SECOND_MS);
	doorstep_wait(step, 200 * SF_SECOND_MS);
	assert_int_equal(wait_of(step, "anna"), 0);
}

static void test_a_clock_that_was_set_back_keeps_nobody_out_for_longer(void **state)
{
	struct doorstep *step = *state;
	for (size_t i = 0; i < 5; i++)
		guess(step, "anna");
	doorstep_wait(step, -SF_HOUR_MS);
	assert_int_equal(wait_of(step, "anna"), SF_SECOND_MS);
}

static void test_forgotten_after_a_day_and_by_the_right_one(void **state)
{
	struct doorstep *step = *state;
	struct sf_diag diag = {""};
	const struct sf_store *store = step->door.store;
	for (size_t i = 0; i < 20; i++)
		guess(step, "anna");
	doorstep_wait(step, SF_DAY_MS);
	guess(step, "anna");
	assert_int_equal(wait_of(step, "anna"), 0);
	for (size_t i = 0; i < 20; i++)
		guess(step, "anna");
	assert_int_equal(store->begin(store->self, &diag), SF_OK);
	assert_int_equal(sf_attempt_forget(&step->door, "anna", &diag), SF_OK);
	assert_int_equal(sf_attempt_forget(&step->door, "anna", &diag), SF_OK);
	assert_int_equal(store->commit(store->self, &diag), SF_OK);
	assert_int_equal(wait_of(step, "anna"), 0);
}

/* Who tries a new name each time does not fill the store: what is a day old goes as more comes. */
static void test_old_names_make_room(void **state)
{
	struct doorstep *step = *state;
	char name[8] = "name-00";
	for (size_t i = 0; i < 40; i++) {
		name[5] = (char)('0' + i / 10);
		name[6] = (char)('0' + i % 10);
		guess(step, name);
	}
	assert_int_equal(sf_memory_count(step->memory, &sf_door_table_attempt), 40);
	doorstep_wait(step, SF_DAY_MS);
	for (size_t i = 0; i < 3; i++)
		guess(step, "anna");
	assert_int_equal(sf_memory_count(step->memory, &sf_door_table_attempt), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, doorstep_open, doorstep_close)
		TEST(test_five_are_free_then_the_wait_doubles_to_its_bound),
		TEST(test_a_clock_that_was_set_back_keeps_nobody_out_for_longer),
		TEST(test_forgotten_after_a_day_and_by_the_right_one),
		TEST(test_old_names_make_room),
#undef TEST
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
