/* Events packed for a fold: what goes in comes out, and what is cut off is not believed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "coordinator/pack.h"
#include "core/refusal.h"

static const struct sf_recorded applied = {SF_CLASS_FACT, SF_OUTCOME_DEVIATION,
	SF_DEVIATION_LATE_FACT, 1, INT64_C(1795000000000), SF_ROLE_AUDITOR};
static const struct sf_recorded conflict = {SF_CLASS_FACT, SF_OUTCOME_REFUSED,
	SF_REFUSAL_CONTENT_CONFLICT, 2, INT64_C(1795000000001), SF_ROLE_HOSPITAL};
static const struct sf_recorded resent = {
	SF_CLASS_RESEND, SF_OUTCOME_APPLIED, 0, 3, INT64_C(1795000000002), SF_ROLE_GP};

static void pack_three(struct sf_buf *pack)
{
	sf_buf_init(pack, SF_PACK_SIZE_MAX);
	assert_int_equal(sf_pack_event(&applied, sf_view_text("first"), pack), SF_OK);
	assert_int_equal(sf_pack_event(&conflict, sf_view_text("second"), pack), SF_OK);
	assert_int_equal(sf_pack_event(&resent, sf_view_text("third"), pack), SF_OK);
}

static void assert_recorded(const struct sf_recorded *a, const struct sf_recorded *b)
{
	assert_int_equal(a->kind_class, b->kind_class);
	assert_int_equal(a->outcome, b->outcome);
	assert_int_equal(a->code, b->code);
	assert_int_equal(a->sequence, b->sequence);
	assert_int_equal(a->recorded_ms, b->recorded_ms);
	assert_int_equal(a->author_role, b->author_role);
}

static void test_events_come_out_as_they_went_in(void **state)
{
	(void)state;
	struct sf_buf pack;
	pack_three(&pack);
	const struct sf_recorded *const expected[] = {&applied, &conflict, &resent};
	struct sf_reader reader = {sf_buf_view(&pack)};
	for (size_t i = 0; i < SF_COUNT(expected); i++) {
		struct sf_packed_event event;
		assert_int_equal(sf_pack_next(&reader, i + 1, &event), SF_OK);
		assert_recorded(&event.recorded, expected[i]);
		/* A conflict and a resend take a number, and what they said does nothing. */
		assert_true(sf_view_equal(event.message, sf_view_text(i == 0 ? "first" : "")));
	}
	assert_int_equal(reader.rest.size, 0);
	sf_buf_fini(&pack);
}

static void test_event_that_is_cut_off_is_no_event(void **state)
{
	(void)state;
	struct sf_buf pack;
	sf_buf_init(&pack, SF_PACK_SIZE_MAX);
	assert_int_equal(sf_pack_event(&applied, sf_view_text("first"), &pack), SF_OK);
	for (size_t size = 0; size < pack.size; size++) {
		struct sf_reader reader = {sf_view_of(pack.data, size)};
		struct sf_packed_event event;
		assert_int_equal(sf_pack_next(&reader, 1, &event), SF_ERR_FORMAT);
	}
	sf_buf_fini(&pack);
}

static void test_more_than_a_row_holds_is_not_packed(void **state)
{
	(void)state;
	struct sf_buf pack;
	sf_buf_init(&pack, 40);
	assert_int_equal(sf_pack_event(&applied, sf_view_text("first"), &pack), SF_OK);
	assert_int_equal(sf_pack_event(&applied, sf_view_text("first"), &pack), SF_OK);
	assert_int_equal(sf_pack_event(&applied, sf_view_text("first"), &pack), SF_ERR_LIMIT);
	sf_buf_fini(&pack);
}

static void test_row_is_worth_eight_events_and_a_quarter_of_itself(void **state)
{
	(void)state;
	assert_false(sf_pack_is_worth(0, 7));
	assert_true(sf_pack_is_worth(0, 8));
	assert_true(sf_pack_is_worth(32, 8));
	assert_false(sf_pack_is_worth(400, 99));
	assert_true(sf_pack_is_worth(400, 100));
}

/* By that rule, whatever the length: no event is written more than some five times. */
static void test_no_event_is_packed_many_times(void **state)
{
	(void)state;
	uint64_t packed = 0, written = 0;
	for (uint64_t length = 1; length <= 4096; length++)
		if (sf_pack_is_worth(packed, length - packed)) {
			packed = length;
			written += length;
		}
	assert_true(packed > 4096 * 3 / 4);
	assert_true(written <= 6 * packed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_events_come_out_as_they_went_in),
		cmocka_unit_test(test_event_that_is_cut_off_is_no_event),
		cmocka_unit_test(test_more_than_a_row_holds_is_not_packed),
		cmocka_unit_test(test_row_is_worth_eight_events_and_a_quarter_of_itself),
		cmocka_unit_test(test_no_event_is_packed_many_times),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
