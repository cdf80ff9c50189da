#include "format/acknowledgement.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "sample.h"

#define NOW_MS INT64_C(1767225600123)

static struct sf_acknowledgement_request request_for(struct sample *sample, enum sf_ack ack)
{
	const struct sf_document *document = &sample->document;
	return (struct sf_acknowledgement_request){
		.content_type = SF_CONTENT_FHIR_JSON,
		.bundle_id = "b0b0b0b0-0000-4000-8000-000000000001",
		.header_id = "b0b0b0b0-0000-4000-8000-000000000002",
		.provenance_id = "b0b0b0b0-0000-4000-8000-000000000003",
		.acknowledged_id = document->header_id,
		.acknowledged_provenance = &document->provenances[document->provenance_count - 1],
		.sender = document->receiver,
		.receiver = document->sender,
		.ack = ack,
		.now_ms = NOW_MS,
	};
}

static void open_notice(struct sample *sample, struct sample *answer)
{
	sample_open(sample, SAMPLE_HN "SLHJ_H.json");
	assert_int_equal(sample_read(sample), SF_OK);
	sample_open(answer, SAMPLE_HN "STIN_A.json");
	sf_buf_clear(&answer->bytes);
}

static void assert_answer(
	const struct sample *answer, const struct sf_acknowledgement_request *request)
{
	const struct sf_document *read = &answer->document;
	assert_int_equal(read->kind, SF_DOCUMENT_ACKNOWLEDGEMENT);
	assert_int_equal(read->ack, request->ack);
	assert_string_equal(read->bundle_id, request->bundle_id);
	assert_string_equal(read->header_id, request->header_id);
	assert_string_equal(read->acknowledged_id, request->acknowledged_id);
	assert_string_equal(read->predecessor_id, request->acknowledged_id);
	assert_int_equal(read->bundle_time_ms, NOW_MS);
	assert_int_equal(read->recorded_ms, NOW_MS);
	assert_string_equal(read->sender.sor, request->sender.sor);
	assert_string_equal(read->sender.gln, request->sender.gln);
	assert_string_equal(read->sender.name, request->sender.name);
	assert_string_equal(read->receiver.sor, request->receiver.sor);
	assert_string_equal(read->receiver.gln, request->receiver.gln);
	assert_string_equal(read->receiver.name, request->receiver.name);
	assert_int_equal(read->provenance_count, 2);
	const struct sf_provenance *origin = &read->provenances[0];
	assert_string_equal(origin->target, request->acknowledged_id);
	assert_string_equal(origin->activity, request->acknowledged_provenance->activity);
	assert_string_equal(origin->predecessor, request->acknowledged_provenance->predecessor);
	assert_int_equal(origin->recorded_ms, request->acknowledged_provenance->recorded_ms);
}

static void test_acknowledgement_is_read_back_equal_in_both_syntaxes(void **state)
{
	(void)state;
	static const enum sf_ack acks[] = {SF_ACK_OK, SF_ACK_TRANSIENT_ERROR, SF_ACK_FATAL_ERROR};
	struct sf_issues issues = {.count = 2,
		.items = {{true, "MSG_VALUESET_VALUE_UNKNOWN", "Encounter.class", "a < b & \"c\""},
			{false, "MSG_DUPLICATE_ID", NULL, NULL}}};
	for (size_t i = 0; i < 2 * SF_COUNT(acks); i++) {
		struct sample notice;
		struct sample answer;
		open_notice(&notice, &answer);
		struct sf_acknowledgement_request request = request_for(&notice, acks[i / 2]);
		request.content_type = i % 2 == 0 ? SF_CONTENT_FHIR_JSON : SF_CONTENT_FHIR_XML;
		request.issues = acks[i / 2] == SF_ACK_OK ? NULL : &issues;
		request.sender.name = "Ældre & <Pleje> \"Nord\"";
		assert_int_equal(notice.format.write_acknowledgement(
					 NULL, &request, &answer.bytes, &answer.diag),
			SF_OK);
		assert_string_equal(
			sf_content_type_guess(sf_buf_view(&answer.bytes)), request.content_type);
		assert_int_equal(sample_read(&answer), SF_OK);
		assert_int_equal(answer.issues.count, 0);
		assert_answer(&answer, &request);
		sample_close(&notice);
		sample_close(&answer);
	}
}

static void test_both_syntaxes_say_the_same(void **state)
{
	(void)state;
	struct sample notice;
	struct sample json;
	struct sample xml;
	open_notice(&notice, &json);
	sample_open(&xml, SAMPLE_HN "STIN_A.json");
	sf_buf_clear(&xml.bytes);
	struct sf_issues issues = {.count = 1,
		.items = {{false, "MSG_DUPLICATE_ID", "MessageHeader.id", "received before"}}};
	struct sf_acknowledgement_request request = request_for(&notice, SF_ACK_OK);
	request.issues = &issues;
	assert_int_equal(sf_acknowledgement_write(&request, false, &json.bytes, NULL), SF_OK);
	assert_int_equal(sf_acknowledgement_write(&request, true, &xml.bytes, NULL), SF_OK);
	assert_true(sf_view_equal(sample_canonical(&json), sample_canonical(&xml)));
	sample_close(&notice);
	sample_close(&json);
	sample_close(&xml);
}

static bool contains(const struct sample *sample, const char *text)
{
	size_t size = strlen(text);
	for (size_t i = 0; i + size <= sample->bytes.size; i++)
		if (memcmp(sample->bytes.data + i, text, size) == 0)
			return true;
	return false;
}

static void test_duplicate_is_ok_with_information(void **state)
{
	(void)state;
	struct sample notice;
	struct sample answer;
	open_notice(&notice, &answer);
	struct sf_issues issues = {.count = 1,
		.items = {{false, "MSG_DUPLICATE_ID", "MessageHeader.id", "received before"}}};
	struct sf_acknowledgement_request request = request_for(&notice, SF_ACK_OK);
	request.issues = &issues;
	assert_int_equal(sf_acknowledgement_write(&request, false, &answer.bytes, NULL), SF_OK);
	assert_int_equal(sample_read(&answer), SF_OK);
	assert_true(contains(&answer, "\"severity\":\"information\""));
	assert_true(contains(&answer, "\"code\":\"MSG_DUPLICATE_ID\""));
	assert_true(contains(&answer, "\"code\":\"duplicate\""));
	assert_false(contains(&answer, "2509479989"));
	assert_false(contains(&answer, "Elmer"));
	sample_close(&notice);
	sample_close(&answer);
}

static void test_unreadable_letter_is_answered_with_what_is_known(void **state)
{
	(void)state;
	struct sample notice;
	struct sample answer;
	open_notice(&notice, &answer);
	struct sf_issues issues = {
		.count = 1, .items = {{true, "MSG_BAD_SYNTAX", "Bundle", "not readable"}}};
	struct sf_acknowledgement_request request = request_for(&notice, SF_ACK_FATAL_ERROR);
	request.issues = &issues;
	request.acknowledged_id = "unknown";
	request.acknowledged_provenance = NULL;
	request.receiver = (struct sf_organization){0};
	assert_int_equal(sf_acknowledgement_write(&request, true, &answer.bytes, NULL), SF_OK);
	assert_int_equal(sample_read(&answer), SF_ERR_FORMAT);
	assert_int_equal(answer.issues.count, 1);
	assert_true(sample_has_issue(&answer, "MSG_Receiver_Identifier_MISSING",
		"MessageHeader.destination.receiver.resolve().identifier"));
	assert_int_equal(answer.document.ack, SF_ACK_FATAL_ERROR);
	sample_close(&notice);
	sample_close(&answer);
}

static void test_unusable_requests_write_nothing(void **state)
{
	(void)state;
	struct sample notice;
	struct sample answer;
	open_notice(&notice, &answer);
	struct sf_issues none = {0};
	struct sf_acknowledgement_request request = request_for(&notice, SF_ACK_FATAL_ERROR);
	assert_int_equal(
		sf_acknowledgement_write(&request, true, &answer.bytes, NULL), SF_ERR_USAGE);
	request.issues = &none;
	assert_int_equal(
		sf_acknowledgement_write(&request, true, &answer.bytes, NULL), SF_ERR_USAGE);
	request.ack = SF_ACK_NONE;
	assert_int_equal(
		sf_acknowledgement_write(&request, true, &answer.bytes, NULL), SF_ERR_USAGE);
	request.ack = SF_ACK_OK;
	request.header_id = "with space";
	assert_int_equal(
		sf_acknowledgement_write(&request, true, &answer.bytes, NULL), SF_ERR_USAGE);
	request.header_id = "12345678901234567890123456789012345678901234567890123456";
	assert_int_equal(
		sf_acknowledgement_write(&request, true, &answer.bytes, NULL), SF_ERR_USAGE);
	request.header_id = "";
	assert_int_equal(
		sf_acknowledgement_write(&request, true, &answer.bytes, NULL), SF_ERR_USAGE);
	request.header_id = "h";
	request.content_type = "text/plain";
	assert_int_equal(
		notice.format.write_acknowledgement(NULL, &request, &answer.bytes, &answer.diag),
		SF_ERR_UNSUPPORTED);
	request.acknowledged_id = "\xff";
	assert_int_equal(
		sf_acknowledgement_write(&request, true, &answer.bytes, NULL), SF_ERR_FORMAT);
	assert_int_equal(answer.bytes.size, 0);
	sample_close(&notice);
	sample_close(&answer);
}

static void test_full_buffer_keeps_what_was_there(void **state)
{
	(void)state;
	struct sample notice;
	struct sample answer;
	open_notice(&notice, &answer);
	struct sf_acknowledgement_request request = request_for(&notice, SF_ACK_OK);
	struct sf_buf small;
	sf_buf_init(&small, 1000);
	assert_int_equal(sf_buf_append_text(&small, "kept"), SF_OK);
	assert_int_equal(sf_acknowledgement_write(&request, true, &small, NULL), SF_ERR_LIMIT);
	assert_true(sf_view_equal(sf_buf_view(&small), sf_view_text("kept")));
	sf_buf_fini(&small);
	sample_close(&notice);
	sample_close(&answer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_acknowledgement_is_read_back_equal_in_both_syntaxes),
		cmocka_unit_test(test_both_syntaxes_say_the_same),
		cmocka_unit_test(test_duplicate_is_ok_with_information),
		cmocka_unit_test(test_unreadable_letter_is_answered_with_what_is_known),
		cmocka_unit_test(test_unusable_requests_write_nothing),
		cmocka_unit_test(test_full_buffer_keeps_what_was_there),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
