/*
 * The same letter again (DOMAIN.md section 8): in another syntax, before and after its recipient
 * has answered.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "format/format.h"
#include "node/state.h"
#include "unit/node/handing.h"

#define SAMPLE_JSON "medcom-hospitalnotification/HospitalNotification_Ex_STIN_H.json"
#define SAMPLE_XML "stafet-hospitalnotification-xml/STIN_H.xml"

static struct sf_document read_document(
	struct region *region, const char *type, struct sf_view bytes)
{
	struct sf_format format;
	struct sf_document document;
	struct sf_issues issues;
	sf_format_port(&format);
	assert_int_equal(
		format.read(format.self, type, bytes, &region->arena, &document, &issues, NULL),
		SF_OK);
	return document;
}

static void test_letter_in_the_other_syntax_is_the_same_letter(void **state)
{
	struct handing handing = handing_open(*state);
	struct sf_reply_sent first = handing_admit(&handing);
	uint64_t sent = sf_node_counters(handing.hospital->node).sent;
	struct sf_reply_sent again = handing_send(handing.region, handing.hospital,
		SF_CONTENT_FHIR_XML, handing_sample(handing.region, SAMPLE_XML));
	assert_int_equal(again.answer, SF_SEND_DUPLICATE);
	assert_true(sf_id_equal(again.message, first.message));
	assert_true(sf_id_equal(again.transition, first.transition));
	region_run(handing.region, 5 * SF_SECOND_MS);
	assert_int_equal(sf_node_counters(handing.hospital->node).sent, sent);
}

static void test_answer_is_in_hand_although_nobody_has_asked_for_it(void **state)
{
	struct handing handing = handing_open(*state);
	handing_admit(&handing);
	struct sf_view letter = handing_sample(handing.region, SAMPLE_JSON);
	struct sf_reply_sent again =
		handing_send(handing.region, handing.hospital, SF_CONTENT_FHIR_JSON, letter);
	assert_int_equal(again.answer, SF_SEND_DUPLICATE);
	struct sf_document document =
		read_document(handing.region, again.acknowledgement_type, again.acknowledgement);
	assert_int_equal(document.kind, SF_DOCUMENT_ACKNOWLEDGEMENT);
	assert_int_equal(document.ack, SF_ACK_OK);
	assert_string_equal(document.acknowledged_id, HANDING_ADMISSION);
	assert_string_equal(document.sender.sor, HANDING_MUNICIPALITY_SOR);
	assert_string_equal(document.receiver.sor, HANDING_HOSPITAL_SOR);
	/* MedCom KR6: the same bytes, whenever. */
	struct sf_view first = sf_arena_copy(&handing.region->arena, again.acknowledgement);
	region_run(handing.region, 3600 * SF_SECOND_MS);
	again = handing_send(handing.region, handing.hospital, SF_CONTENT_FHIR_JSON, letter);
	assert_true(sf_view_equal(again.acknowledgement, first));
}

/* One acknowledgement, however it is written. */
static void test_answer_has_its_ids_in_either_syntax(void **state)
{
	struct handing handing = handing_open(*state);
	handing_admit(&handing);
	struct sf_reply_sent xml = handing_send(handing.region, handing.hospital,
		SF_CONTENT_FHIR_XML, handing_sample(handing.region, SAMPLE_XML));
	assert_string_equal(xml.acknowledgement_type, SF_CONTENT_FHIR_XML);
	struct sf_document in_xml =
		read_document(handing.region, SF_CONTENT_FHIR_XML, xml.acknowledgement);
	struct sf_reply_sent json = handing_send(handing.region, handing.hospital,
		SF_CONTENT_FHIR_JSON, handing_sample(handing.region, SAMPLE_JSON));
	assert_string_equal(json.acknowledgement_type, SF_CONTENT_FHIR_JSON);
	struct sf_document in_json =
		read_document(handing.region, SF_CONTENT_FHIR_JSON, json.acknowledgement);
	assert_string_equal(in_xml.bundle_id, in_json.bundle_id);
	assert_string_equal(in_xml.header_id, in_json.header_id);
	assert_string_not_equal(in_xml.bundle_id, in_xml.header_id);
	assert_int_equal(in_xml.bundle_time_ms, in_json.bundle_time_ms);
}

static void test_answer_is_written_as_asked(void **state)
{
	struct handing handing = handing_open(*state);
	struct sf_reply_sent sent = handing_admit(&handing);
	struct sf_request request = {.kind = SF_REQUEST_ACKNOWLEDGEMENT,
		.acknowledgement = {.message = sent.message,
			.recipient = "",
			.content_type = SF_CONTENT_FHIR_XML}};
	struct sf_reply_acknowledgement answer =
		region_get(handing.region, handing.hospital, request, SF_REPLY_ACKNOWLEDGEMENT)
			.acknowledgement;
	assert_string_equal(answer.content_type, SF_CONTENT_FHIR_XML);
	assert_int_equal(
		read_document(handing.region, SF_CONTENT_FHIR_XML, answer.content).ack, SF_ACK_OK);
	request.acknowledgement.content_type = "text/plain";
	assert_int_equal(
		region_ask(handing.region, handing.hospital, request).err, SF_ERR_UNSUPPORTED);
}

/* What is invalid has taken no id: it is judged anew, and comes to the same. */
static void test_what_is_invalid_twice_is_told_the_same_twice(void **state)
{
	struct handing handing = handing_open(*state);
	struct sf_view letter = handing_replaced(handing.region,
		handing_sample(handing.region, SAMPLE_JSON), "in-progress", "in-between");
	struct sf_reply_sent answers[2];
	for (size_t i = 0; i < SF_COUNT(answers); i++) {
		answers[i] = handing_send(
			handing.region, handing.hospital, SF_CONTENT_FHIR_JSON, letter);
		assert_int_equal(answers[i].answer, SF_SEND_FATAL);
		struct sf_document document = read_document(handing.region,
			answers[i].acknowledgement_type, answers[i].acknowledgement);
		assert_int_equal(document.ack, SF_ACK_FATAL_ERROR);
		assert_string_equal(document.acknowledged_id, HANDING_ADMISSION);
	}
	assert_int_equal(answers[0].issue_count, answers[1].issue_count);
	for (size_t i = 0; i < answers[0].issue_count; i++) {
		assert_string_equal(answers[0].issues[i].code, answers[1].issues[i].code);
		assert_string_equal(
			answers[0].issues[i].expression, answers[1].issues[i].expression);
	}
	assert_int_equal(sf_node_counters(handing.hospital->node).sent, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_letter_in_the_other_syntax_is_the_same_letter),
		TEST(test_answer_is_in_hand_although_nobody_has_asked_for_it),
		TEST(test_answer_has_its_ids_in_either_syntax),
		TEST(test_answer_is_written_as_asked),
		TEST(test_what_is_invalid_twice_is_told_the_same_twice),
	};
	return cmocka_run_group_tests_name("node/handin", tests, NULL, NULL);
}
