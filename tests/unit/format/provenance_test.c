#include "format/provenance.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "sample.h"

static void test_chain_is_in_causal_order_with_the_own_one_last(void **state)
{
	(void)state;
	struct sample sample;
	/* Two of its Provenances share one id, and the own one stands first. */
	sample_open(&sample, "unit/format/letters/re_mors.json");
	assert_int_equal(sample_read(&sample), SF_OK);
	const struct sf_document *document = &sample.document;
	assert_int_equal(document->provenance_count, 3);
	const struct sf_provenance *chain = document->provenances;
	assert_string_equal(chain[0].predecessor, "");
	assert_string_equal(chain[1].predecessor, chain[0].target);
	assert_string_equal(chain[2].predecessor, chain[1].target);
	assert_string_equal(chain[2].target, document->header_id);
	assert_ptr_equal(sf_provenance_own(document), &chain[2]);
	assert_ptr_equal(sf_provenance_before(document, &chain[2]), &chain[1]);
	assert_ptr_equal(sf_provenance_before(document, &chain[1]), &chain[0]);
	assert_null(sf_provenance_before(document, &chain[0]));
	assert_null(sf_provenance_before(document, NULL));
	sample_close(&sample);
}

static void test_of_two_own_ones_the_last_recorded_counts(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, SAMPLE_HN "SLHJ_H.json");
	sample_set(&sample, "Provenance[0].target[0].reference",
		"MessageHeader/g1affa53-c157-4080-abb0-8e6815399006");
	sample_write(&sample, false);
	assert_int_equal(sample_read(&sample), SF_OK);
	assert_int_equal(sample.document.stay.activity, SF_ACTIVITY_DISCHARGE_HOME);
	assert_string_equal(
		sf_provenance_own(&sample.document)->activity, "discharge-inpatient-home");
	sample_close(&sample);
}

static void test_letters_without_links_are_in_order_of_recorded_time(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, "unit/format/letters/re_mors.json");
	sample_set(&sample, "Provenance[0].entity[0].what.reference", "MessageHeader/nowhere");
	sample_set(&sample, "Provenance[1].entity[0].what.reference", "MessageHeader/nowhere");
	sample_write(&sample, false);
	assert_int_equal(sample_read(&sample), SF_OK);
	const struct sf_provenance *chain = sample.document.provenances;
	assert_true(chain[0].recorded_ms < chain[1].recorded_ms);
	assert_true(chain[1].recorded_ms < chain[2].recorded_ms);
	sample_close(&sample);
}

static void test_dangling_predecessor_is_no_fault(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, SAMPLE_HN "SLHJ_H.json");
	sample_set(&sample, "Provenance[1].entity[0].what.reference", "MessageHeader/nowhere");
	sample_write(&sample, false);
	assert_int_equal(sample_read(&sample), SF_OK);
	assert_string_equal(sample.document.predecessor_id, "nowhere");
	assert_null(sf_provenance_before(&sample.document, sf_provenance_own(&sample.document)));
	sample_close(&sample);
}

static void test_causes_come_before_times(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, "unit/format/letters/re_mors.json");
	/* The first letter claims to be recorded after the others. */
	sample_set(&sample, "Provenance[2].recorded", "2029-01-01T00:00:00Z");
	sample_write(&sample, true);
	assert_int_equal(sample_read(&sample), SF_OK);
	assert_string_equal(sample.document.provenances[0].predecessor, "");
	sample_close(&sample);
}

static void test_unreadable_times_of_predecessors_are_left_out(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, SAMPLE_HN "SLHJ_H.json");
	sample_set(&sample, "Provenance[0].recorded", "once");
	sample_write(&sample, false);
	assert_int_equal(sample_read(&sample), SF_OK);
	assert_int_equal(sample.document.provenances[0].recorded_ms, 0);
	assert_true(sample.document.provenances[0].occurred_ms > 0);
	sample_close(&sample);
}

static void test_letter_that_precedes_itself_ends_the_walk(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, SAMPLE_HN "SLHJ_H.json");
	sample_set(&sample, "Provenance[1].entity[0].what.reference",
		"MessageHeader/g1affa53-c157-4080-abb0-8e6815399006");
	sample_write(&sample, false);
	assert_int_equal(sample_read(&sample), SF_OK);
	assert_null(sf_provenance_before(&sample.document, sf_provenance_own(&sample.document)));
	sample_close(&sample);
}

static void test_overlong_codes_read_as_absent(void **state)
{
	(void)state;
	static char text[200];
	memset(text, 'x', sizeof(text) - 1);
	struct sample sample;
	sample_open(&sample, SAMPLE_HN "SLHJ_H.json");
	sample_set(&sample, "Provenance[0].activity.coding[0].code", text);
	sample_set(&sample, "Provenance[1].entity[0].what.reference", text);
	sample_write(&sample, false);
	assert_int_equal(sample_read(&sample), SF_OK);
	assert_string_equal(sample.document.provenances[0].activity, "");
	assert_string_equal(sample.document.predecessor_id, "");
	sample_close(&sample);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chain_is_in_causal_order_with_the_own_one_last),
		cmocka_unit_test(test_of_two_own_ones_the_last_recorded_counts),
		cmocka_unit_test(test_letters_without_links_are_in_order_of_recorded_time),
		cmocka_unit_test(test_dangling_predecessor_is_no_fault),
		cmocka_unit_test(test_causes_come_before_times),
		cmocka_unit_test(test_unreadable_times_of_predecessors_are_left_out),
		cmocka_unit_test(test_letter_that_precedes_itself_ends_the_walk),
		cmocka_unit_test(test_overlong_codes_read_as_absent),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
