#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/wire/raw.h"
#include "wire/frame.h"

static struct sf_receipt sample(void)
{
	return (struct sf_receipt){
		.message_id = raw_id(1),
		.digest = raw_digest(2),
		.epoch = 1,
		.leaf_index = 12,
		.recorded_ms = 1000,
		.sequence = 3,
		.previous_head = raw_digest(4),
		.r = raw_digest(5),
		.outcome = SF_OUTCOME_DEVIATION,
		.code = 105,
		.kind_class = SF_CLASS_FACT,
	};
}

static struct sf_buf encoded(const struct sf_receipt *receipt)
{
	struct sf_buf buf;
	sf_buf_init(&buf, 1024);
	assert_int_equal(sf_receipt_encode(receipt, &buf), SF_OK);
	return buf;
}

static void test_receipt_comes_back_as_it_was(void **state)
{
	(void)state;
	struct sf_receipt receipt = sample();
	struct sf_buf buf = encoded(&receipt);
	struct sf_receipt back;
	assert_int_equal(sf_receipt_decode(sf_buf_view(&buf), &back, NULL), SF_OK);
	assert_true(sf_id_equal(back.message_id, receipt.message_id));
	assert_true(sf_digest_equal(&back.digest, &receipt.digest));
	assert_int_equal(back.epoch, 1);
	assert_int_equal(back.leaf_index, 12);
	assert_int_equal(back.recorded_ms, 1000);
	assert_int_equal(back.sequence, 3);
	assert_true(sf_digest_equal(&back.previous_head, &receipt.previous_head));
	assert_true(sf_digest_equal(&back.r, &receipt.r));
	assert_int_equal(back.outcome, SF_OUTCOME_DEVIATION);
	assert_int_equal(back.code, 105);
	assert_int_equal(back.kind_class, SF_CLASS_FACT);
	sf_buf_fini(&buf);
}

/* WIRE section 4: without a transition, id, sequence and previous head are zero. */
static void test_receipt_without_a_transition_has_a_head_of_zeros(void **state)
{
	(void)state;
	struct sf_receipt receipt = sample();
	receipt.message_id = (struct sf_id){0};
	receipt.sequence = 0;
	receipt.previous_head = (struct sf_digest){0};
	struct sf_buf buf = encoded(&receipt);
	struct sf_receipt back;
	assert_int_equal(sf_receipt_decode(sf_buf_view(&buf), &back, NULL), SF_OK);
	assert_true(sf_digest_is_none(&back.previous_head));
	assert_true(sf_id_is_none(back.message_id));
	sf_buf_fini(&buf);
}

static void assert_refused(const struct sf_receipt *receipt)
{
	struct sf_buf buf = encoded(receipt);
	struct sf_receipt back;
	assert_int_equal(sf_receipt_decode(sf_buf_view(&buf), &back, NULL), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
}

static void test_receipts_that_cannot_be_are_refused(void **state)
{
	(void)state;
	struct sf_receipt receipt = sample();
	receipt.outcome = (enum sf_outcome)4;
	assert_refused(&receipt);
	receipt = sample();
	receipt.outcome = (enum sf_outcome)0;
	assert_refused(&receipt);
	receipt = sample();
	receipt.kind_class = (enum sf_kind_class)8;
	assert_refused(&receipt);
	receipt = sample();
	receipt.recorded_ms = -1;
	assert_refused(&receipt);
}

static void test_changed_bytes_are_refused(void **state)
{
	(void)state;
	struct sf_receipt receipt = sample();
	struct sf_receipt back;
	for (uint32_t field = 1; field <= 12; field++) {
		struct sf_buf buf = encoded(&receipt);
		if (field == 1 || field == 2 || field == 7 || field == 8)
			raw_fill(&buf, field, 1, field == 1 ? 16 : 32);
		else
			raw_number(&buf, field, 1);
		assert_int_equal(sf_receipt_decode(sf_buf_view(&buf), &back, NULL), SF_ERR_FORMAT);
		sf_buf_fini(&buf);
	}
	struct sf_buf buf;
	sf_buf_init(&buf, 1024);
	raw_number(&buf, 9, 1);
	raw_number(&buf, 11, 1);
	struct sf_diag diag;
	assert_int_equal(sf_receipt_decode(sf_buf_view(&buf), &back, &diag), SF_ERR_FORMAT);
	assert_non_null(strstr(diag.text, "digest"));
	sf_buf_fini(&buf);
}

static void test_signed_receipt_comes_back_alone(void **state)
{
	(void)state;
	uint8_t signature[64] = {1}, path[64] = {2};
	struct sf_signed_receipt receipt = {
		sf_view_text("a receipt"), 2, 3, sf_view_of(path, 64), sf_view_of(signature, 64)};
	struct sf_signed_receipt back;
	struct sf_buf buf;
	sf_buf_init(&buf, 1024);
	assert_int_equal(sf_signed_receipt_encode(&receipt, &buf), SF_OK);
	assert_int_equal(sf_signed_receipt_decode(sf_buf_view(&buf), &back, NULL), SF_OK);
	assert_true(sf_view_equal(back.receipt, receipt.receipt));
	assert_true(sf_view_equal(back.path, receipt.path));
	assert_int_equal(back.index, 2);
	assert_int_equal(back.count, 3);
	for (size_t size = 0; size < buf.size; size++)
		assert_int_equal(sf_signed_receipt_decode(sf_view_of(buf.data, size), &back, NULL),
			SF_ERR_FORMAT);
	raw_number(&buf, 9, 1);
	assert_int_equal(sf_signed_receipt_decode(sf_buf_view(&buf), &back, NULL), SF_ERR_FORMAT);
	sf_buf_clear(&buf);
	receipt.index = 3;
	assert_int_equal(sf_signed_receipt_encode(&receipt, &buf), SF_OK);
	assert_int_equal(sf_signed_receipt_decode(sf_buf_view(&buf), &back, NULL), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signed_receipt_comes_back_alone),
		cmocka_unit_test(test_receipt_comes_back_as_it_was),
		cmocka_unit_test(test_receipt_without_a_transition_has_a_head_of_zeros),
		cmocka_unit_test(test_receipts_that_cannot_be_are_refused),
		cmocka_unit_test(test_changed_bytes_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
