#include "format/acknowledgement.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "sample.h"

#define OK_FILE "samples/medcom-acknowledgement/Ack_3.3.1.1_A-AA.xml"
#define FATAL_FILE "samples/medcom-acknowledgement/Ack_3.3.2.1_A_AE.xml"

static void assert_addresses(const struct sf_document *document)
{
	assert_int_equal(document->kind, SF_DOCUMENT_ACKNOWLEDGEMENT);
	assert_string_equal(document->sender.sor, "953741000016009");
	assert_string_equal(document->sender.gln, "5790001348120");
	assert_string_equal(document->receiver.sor, "265161000016000");
	assert_string_equal(document->receiver.gln, "5790000209354");
	assert_string_equal(document->predecessor_id, "42cb9200-f421-4d08-8391-7d51a2503cb4");
	assert_int_equal(document->provenance_count, 2);
	assert_string_equal(document->provenances[0].activity, "new-message");
	assert_string_equal(document->provenances[1].activity, "acknowledgement");
}

static void test_positive_sample_is_read(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, OK_FILE);
	assert_int_equal(sample_read(&sample), SF_OK);
	assert_addresses(&sample.document);
	assert_int_equal(sample.document.ack, SF_ACK_OK);
	assert_string_equal(
		sample.document.acknowledged_id, "42cb9200-f421-4d08-8391-7d51a2503cb4");
	assert_string_equal(sample.document.bundle_id, "44bb93f9-94d7-4ef5-87e0-56a983c3dcb8");
	assert_string_equal(sample.document.header_id, "0746dd4e-faec-4525-b968-1aeab18d4465");
	char recorded[SF_TIME_TEXT_SIZE];
	sf_time_format(sample.document.recorded_ms, recorded);
	assert_string_equal(recorded, "2024-12-05T10:15:20.000Z");
	sf_time_format(sample.document.occurred_ms, recorded);
	assert_string_equal(recorded, "2024-12-05T09:15:20.000Z");
	sample_close(&sample);
}

static void test_negative_sample_is_read(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, FATAL_FILE);
	assert_int_equal(sample_read(&sample), SF_OK);
	assert_addresses(&sample.document);
	assert_int_equal(sample.document.ack, SF_ACK_FATAL_ERROR);
	assert_string_equal(
		sample.document.acknowledged_id, "53128d9b-cede-4c7f-8904-809eab322d7d");
	sample_close(&sample);
}

/* Replaces text in the file once. */
static void replace(struct sample *sample, const char *from, const char *to)
{
	struct sf_buf changed;
	sf_buf_init(&changed, 100000);
	assert_int_equal(sf_buf_append(&sample->bytes, sf_view_of("", 1)), SF_OK);
	const char *text = (const char *)sample->bytes.data;
	const char *at = strstr(text, from);
	assert_non_null(at);
	assert_int_equal(sf_buf_append(&changed, sf_view_of(text, (size_t)(at - text))), SF_OK);
	assert_int_equal(sf_buf_append_text(&changed, to), SF_OK);
	assert_int_equal(sf_buf_append_text(&changed, at + strlen(from)), SF_OK);
	sf_buf_clear(&sample->bytes);
	assert_int_equal(sf_buf_append(&sample->bytes, sf_buf_view(&changed)), SF_OK);
	sf_buf_fini(&changed);
}

static void test_each_broken_rule_is_named(void **state)
{
	(void)state;
	static const struct {
		const char *from, *to, *code, *expression;
	} breaks[] = {
		{"<code value=\"fatal-error\"/>", "", "MSG_RESOURCE_REQUIRED",
			"MessageHeader.response.code"},
		{"<code value=\"fatal-error\"/>", "<code value=\"AE\"/>",
			"MSG_VALUESET_VALUE_UNKNOWN", "MessageHeader.response.code"},
		{"<identifier value=\"53128d9b-cede-4c7f-8904-809eab322d7d\"/>", "",
			"MSG_RESOURCE_REQUIRED", "MessageHeader.response.identifier"},
		{"<reference value=\"OperationOutcome/77c3db3e-db26-4ebb-a0b9-23adbc4fe154\"/>",
			"<reference value=\"OperationOutcome/x\"/>", "MSG_RESOURCE_REQUIRED",
			"MessageHeader.response.details"},
	};
	for (size_t i = 0; i < SF_COUNT(breaks); i++) {
		struct sample sample;
		sample_open(&sample, FATAL_FILE);
		replace(&sample, breaks[i].from, breaks[i].to);
		assert_int_equal(sample_read(&sample), SF_ERR_FORMAT);
		assert_int_equal(sample.issues.count, 1);
		assert_true(sample_has_issue(&sample, breaks[i].code, breaks[i].expression));
		sample_close(&sample);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_positive_sample_is_read),
		cmocka_unit_test(test_negative_sample_is_read),
		cmocka_unit_test(test_each_broken_rule_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
