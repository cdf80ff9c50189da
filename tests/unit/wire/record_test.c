#include "wire/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/wire/raw.h"

static struct sf_record_signature signature_of(uint8_t value)
{
	struct sf_record_signature signature = {.key_id = raw_id(value)};
	memset(signature.signature, value, sizeof(signature.signature));
	return signature;
}

static struct sf_signed_record sample(void)
{
	return (struct sf_signed_record){
		.record = sf_view_text("what was signed"),
		.signature_count = 2,
		.signatures = {signature_of(1), signature_of(2)},
		.has_succession = true,
		.succession = signature_of(3),
	};
}

static struct sf_buf encoded(const struct sf_signed_record *record)
{
	struct sf_buf buf;
	sf_buf_init(&buf, 65536);
	assert_int_equal(sf_signed_record_encode(record, &buf), SF_OK);
	return buf;
}

static void test_signed_record_lends_the_bytes_that_were_signed(void **state)
{
	(void)state;
	struct sf_signed_record record = sample();
	struct sf_buf buf = encoded(&record);
	struct sf_signed_record back;
	assert_int_equal(sf_signed_record_decode(sf_buf_view(&buf), &back, NULL), SF_OK);
	assert_true(sf_view_equal(back.record, record.record));
	assert_true(back.record.data > buf.data && back.record.data < buf.data + buf.size);
	assert_int_equal(back.signature_count, 2);
	assert_true(sf_id_equal(back.signatures[1].key_id, raw_id(2)));
	assert_memory_equal(back.signatures[1].signature, record.signatures[1].signature, 64);
	assert_true(back.has_succession);
	assert_true(sf_id_equal(back.succession.key_id, raw_id(3)));
	sf_buf_fini(&buf);
	record.has_succession = false;
	buf = encoded(&record);
	assert_int_equal(sf_signed_record_decode(sf_buf_view(&buf), &back, NULL), SF_OK);
	assert_false(back.has_succession);
	sf_buf_fini(&buf);
}

static void test_two_signatures_of_one_key_are_refused(void **state)
{
	(void)state;
	struct sf_signed_record record = sample();
	record.signatures[1] = record.signatures[0];
	struct sf_buf buf = encoded(&record);
	struct sf_signed_record back;
	assert_int_equal(sf_signed_record_decode(sf_buf_view(&buf), &back, NULL), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
}

static void test_records_that_are_not_strict_are_refused(void **state)
{
	(void)state;
	struct sf_signed_record record = sample();
	struct sf_signed_record back;
	struct sf_buf buf = encoded(&record);
	raw_number(&buf, 4, 1);
	assert_int_equal(sf_signed_record_decode(sf_buf_view(&buf), &back, NULL), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
	buf = encoded(&record);
	raw_text(&buf, 1, "another record");
	assert_int_equal(sf_signed_record_decode(sf_buf_view(&buf), &back, NULL), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
	record.record = sf_view_of(NULL, 0);
	buf = encoded(&record);
	assert_int_equal(sf_signed_record_decode(sf_buf_view(&buf), &back, NULL), SF_ERR_FORMAT);
	sf_buf_fini(&buf);

	/* An unknown field and a short value inside a signature. */
	struct sf_buf signature;
	sf_buf_init(&signature, 256);
	raw_fill(&signature, 1, 9, 16);
	raw_fill(&signature, 2, 9, 63);
	record = sample();
	buf = encoded(&record);
	raw_bytes(&buf, 2, sf_buf_view(&signature));
	assert_int_equal(sf_signed_record_decode(sf_buf_view(&buf), &back, NULL), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
	sf_buf_clear(&signature);
	raw_fill(&signature, 1, 9, 16);
	raw_fill(&signature, 2, 9, 64);
	raw_number(&signature, 3, 1);
	buf = encoded(&record);
	raw_bytes(&buf, 2, sf_buf_view(&signature));
	assert_int_equal(sf_signed_record_decode(sf_buf_view(&buf), &back, NULL), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
	sf_buf_fini(&signature);
}

static void test_more_than_eight_signatures_are_refused(void **state)
{
	(void)state;
	struct sf_signed_record record = sample();
	struct sf_buf buf = encoded(&record);
	struct sf_buf signature;
	sf_buf_init(&signature, 256);
	for (uint8_t i = 0; i < 7; i++) {
		sf_buf_clear(&signature);
		raw_fill(&signature, 1, (uint8_t)(50 + i), 16);
		raw_fill(&signature, 2, 1, 64);
		raw_bytes(&buf, 2, sf_buf_view(&signature));
	}
	struct sf_signed_record back;
	assert_int_equal(sf_signed_record_decode(sf_buf_view(&buf), &back, NULL), SF_ERR_FORMAT);
	sf_buf_fini(&signature);
	sf_buf_fini(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signed_record_lends_the_bytes_that_were_signed),
		cmocka_unit_test(test_two_signatures_of_one_key_are_refused),
		cmocka_unit_test(test_records_that_are_not_strict_are_refused),
		cmocka_unit_test(test_more_than_eight_signatures_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
