#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/wire/raw.h"
#include "wire/evidence.h"

static struct sf_claim sample(void)
{
	static struct sf_claim_holder holders[3];
	static struct sf_claim_duty duties[1];
	holders[0] = (struct sf_claim_holder){SF_DOMAIN_MEDICAL, raw_id(1), 1000, raw_id(2)};
	holders[1] = (struct sf_claim_holder){SF_DOMAIN_CARE, raw_id(3), 2000, raw_id(4)};
	holders[2] = (struct sf_claim_holder){SF_DOMAIN_CARE, {{0}}, 3000, {{0}}};
	duties[0] = (struct sf_claim_duty){raw_id(5), 2, 32, 5, raw_id(1), 4000};
	return (struct sf_claim){
		.transition = raw_id(9),
		.sequence = 12,
		.at_ms = 3000,
		.head = {{1}},
		.summary = {{2}},
		.state = 7,
		.holder_count = 3,
		.holders = holders,
		.duty_count = 1,
		.duties = duties,
		.file = {{3}},
	};
}

static enum sf_err decode(struct sf_view bytes, struct sf_arena *arena, struct sf_claim *ret_claim)
{
	return sf_claim_decode(bytes, arena, ret_claim, NULL);
}

static void test_claim_comes_back_as_it_was(void **state)
{
	(void)state;
	struct sf_claim claim = sample(), back;
	struct sf_buf buf;
	sf_buf_init(&buf, 65536);
	assert_int_equal(sf_claim_encode(&claim, &buf), SF_OK);
	struct sf_arena arena;
	sf_arena_init(&arena, 65536);
	assert_int_equal(decode(sf_buf_view(&buf), &arena, &back), SF_OK);
	assert_int_equal(back.sequence, 12);
	assert_int_equal(back.holder_count, 3);
	assert_int_equal(back.holders[1].domain, SF_DOMAIN_CARE);
	assert_true(sf_id_is_none(back.holders[2].party));
	assert_int_equal(back.duties[0].due_ms, 4000);
	assert_int_equal(back.file.bytes[0], 3);
	/* No byte can be left out, and none be put behind. */
	for (size_t size = 0; size < buf.size; size++)
		assert_int_equal(decode(sf_view_of(buf.data, size), &arena, &back), SF_ERR_FORMAT);
	raw_number(&buf, 2, 12);
	assert_int_equal(decode(sf_buf_view(&buf), &arena, &back), SF_ERR_FORMAT);
	sf_arena_fini(&arena);
	sf_buf_fini(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_claim_comes_back_as_it_was),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
