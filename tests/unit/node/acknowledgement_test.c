#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "coordinator/tables.h"
#include "node/tables.h"
#include "unit/node/region.h"
#include "wire/body.h"

/* The answer of the municipality as if it had been this one. */
static void set_answer(struct region *region, struct sf_id message, enum sf_delivery_state state,
	enum sf_ack_code code, struct sf_view errors)
{
	const struct sf_store *store = sf_memory_port(region->hospital->memory);
	struct sf_node_row_delivery row = {
		.message_id = message, .recipient = region->municipality->party};
	assert_int_equal(store->get(store->self, &sf_node_table_delivery, 0, &row, NULL), SF_OK);
	row.state = (int64_t)state;
	row.open = state == SF_DELIVERY_ASK_PERSON;
	row.code = (int64_t)code;
	row.errors = errors;
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	assert_int_equal(store->replace(store->self, &sf_node_table_delivery, &row, NULL), SF_OK);
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
}

static struct sf_id send_unanswered(struct region *region)
{
	sf_sim_part(region->municipality, true);
	region_run(region, SF_MINUTE_MS);
	struct sf_id message = region_send(region, "STIN_H").message;
	region_run(region, 5 * SF_SECOND_MS);
	return message;
}

static struct sf_reply_acknowledgement ask(struct region *region, struct sf_id message)
{
	struct sf_request request = {.kind = SF_REQUEST_ACKNOWLEDGEMENT,
		.acknowledgement = {.message = message, .recipient = ""}};
	return region_get(region, region->hospital, request, SF_REPLY_ACKNOWLEDGEMENT)
		.acknowledgement;
}

static bool says(struct sf_view content, const char *text)
{
	size_t size = strlen(text);
	for (size_t i = 0; i + size <= content.size; i++)
		if (memcmp(content.data + i, text, size) == 0)
			return true;
	return false;
}

static void test_code_alone_becomes_the_issue_of_the_table(void **state)
{
	struct region *region = *state;
	const struct {
		enum sf_ack_code code;
		const char *issue;
	} cases[] = {
		{SF_ACK_CODE_CONTENT, "MSG_BAD_FORMAT"},
		{SF_ACK_CODE_UNSUPPORTED, "MSG_RECEIVER_UNABLE_TO_RECEIVE_MSG_TYPE"},
		{SF_ACK_CODE_CONTENT_TYPE, "MSG_RECEIVER_UNABLE_TO_RECEIVE_MSG_TYPE"},
		{SF_ACK_CODE_RECEIVER, "MSG_Receiver_Identifier_UNKNOWN"},
		{SF_ACK_CODE_CONFLICT, "MSG_DUPLICATE_ID"},
		{SF_ACK_CODE_KEY_UNKNOWN, "MSG_Mailbox_Out_Of_Operation"},
		{SF_ACK_CODE_AEAD, "MSG_Damaged_durin_transport"},
	};
	struct sf_id message = send_unanswered(region);
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		/* Not final, so that nothing is kept between the cases. */
		set_answer(region, message, SF_DELIVERY_ASK_PERSON, cases[i].code,
			sf_view_of(NULL, 0));
		struct sf_reply_acknowledgement reply = ask(region, message);
		assert_int_equal(reply.ack, SF_ACK_TRANSIENT_ERROR);
		assert_int_equal(reply.code, cases[i].code);
		assert_true(says(reply.content, "transient-error"));
		assert_true(says(reply.content, cases[i].issue));
	}
}

static void test_sealed_findings_of_the_recipient_are_passed_on(void **state)
{
	struct region *region = *state;
	struct sf_id message = send_unanswered(region);
	const struct sf_body body = {.author = region->municipality->party,
		.message_id = {{1}},
		.recipient_count = 1,
		.recipients = {region->hospital->party},
		.cpr = "",
		.patient_name = "",
		.contact_name = "",
		.contact_telephone = "",
		.content_type = "",
		.error_count = 1,
		.errors = {{"MSG_RESOURCE_REQUIRED", "Encounter.class", "the class is missing"}}};
	struct sf_buf bytes;
	sf_buf_init(&bytes, 65536);
	assert_int_equal(sf_body_encode(&body, &bytes), SF_OK);
	set_answer(
		region, message, SF_DELIVERY_FATAL_ERROR, SF_ACK_CODE_CONTENT, sf_buf_view(&bytes));
	sf_buf_fini(&bytes);
	struct sf_reply_acknowledgement reply = ask(region, message);
	assert_int_equal(reply.ack, SF_ACK_FATAL_ERROR);
	assert_true(says(reply.content, "fatal-error"));
	assert_true(says(reply.content, "MSG_RESOURCE_REQUIRED"));
	assert_true(says(reply.content, "Encounter.class"));
	assert_false(says(reply.content, "MSG_BAD_FORMAT"));
	assert_string_equal(reply.content_type, SF_CONTENT_FHIR_JSON);
	assert_true(sf_view_equal(reply.content, ask(region, message).content));
}

static void test_unreadable_findings_leave_the_code(void **state)
{
	struct region *region = *state;
	struct sf_id message = send_unanswered(region);
	set_answer(region, message, SF_DELIVERY_FATAL_ERROR, SF_ACK_CODE_CONTENT,
		sf_view_text("not a body"));
	assert_true(says(ask(region, message).content, "MSG_BAD_FORMAT"));
}

static void test_waiting_recipient_has_not_acknowledged(void **state)
{
	struct region *region = *state;
	struct sf_id message = send_unanswered(region);
	struct sf_reply_acknowledgement reply = ask(region, message);
	assert_int_equal(reply.ack, SF_ACK_NONE);
	assert_int_equal(reply.content.size, 0);
	assert_string_equal(reply.recipient_name, "municipality 0");
}

static enum sf_err read_nothing(void *self, const char *content_type, struct sf_view bytes,
	struct sf_arena *arena, struct sf_document *ret_document, struct sf_issues *ret_issues,
	struct sf_diag *diag)
{
	(void)self, (void)content_type, (void)bytes, (void)arena, (void)diag;
	*ret_document = (struct sf_document){.header_id = ""};
	*ret_issues = (struct sf_issues){.count = 1,
		.items = {{true, "MSG_VALUESET_VALUE_UNKNOWN", "Encounter.status", "not known"}}};
	return SF_ERR_FORMAT;
}

/* The municipality's system is of another mind than the hospital's about what is good. */
static void test_letter_that_recipient_cannot_read_comes_back_with_its_findings(void **state)
{
	struct region *region = *state;
	sf_sim_power_off(region->municipality);
	struct sf_format sound = region->world.format;
	region->world.format.read = read_nothing;
	sf_sim_power_on(region->municipality);
	region->world.format = sound;
	region_run(region, 5 * SF_SECOND_MS);
	struct sf_id message = region_send(region, "STIN_H").message;
	region_run(region, 5 * SF_SECOND_MS);
	struct sf_reply_acknowledgement reply = ask(region, message);
	assert_int_equal(reply.ack, SF_ACK_FATAL_ERROR);
	assert_int_equal(reply.code, SF_ACK_CODE_CONTENT);
	assert_true(says(reply.content, "MSG_VALUESET_VALUE_UNKNOWN"));
	assert_true(says(reply.content, "Encounter.status"));
	/* It is no letter there, and kept for a person to look at. */
	struct sf_request inbox = {.kind = SF_REQUEST_INBOX};
	assert_int_equal(
		region_get(region, region->municipality, inbox, SF_REPLY_INBOX).inbox.row_count, 0);
	struct sf_request request = {.kind = SF_REQUEST_QUARANTINE};
	struct sf_reply_quarantine kept =
		region_get(region, region->municipality, request, SF_REPLY_QUARANTINE).quarantine;
	assert_int_equal(kept.row_count, 1);
	assert_true(sf_id_equal(kept.rows[0].message, message));
	assert_int_equal(kept.rows[0].code, SF_ACK_CODE_CONTENT);
	assert_string_equal(kept.rows[0].author_name, "hospital 0");
	assert_false(sf_digest_is_none(&kept.rows[0].digest));
	assert_false(sf_id_is_none(kept.rows[0].transition));
	/* Neither the letter nor the sealed acknowledgement is waited for, or kept, any more. */
	struct sf_request status = {.kind = SF_REQUEST_STATUS, .status = {.counters = true}};
	struct sf_reply counted = region_get(region, region->coordinator, status, SF_REPLY_STATUS);
	assert_string_equal(counted.status.counters[0].name, "queue-not-answered");
	assert_int_equal(counted.status.counters[0].value, 0);
	assert_int_equal(sf_memory_count(region->coordinator->memory, &sf_table_sealed), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_code_alone_becomes_the_issue_of_the_table),
		TEST(test_sealed_findings_of_the_recipient_are_passed_on),
		TEST(test_unreadable_findings_leave_the_code),
		TEST(test_waiting_recipient_has_not_acknowledged),
		TEST(test_letter_that_recipient_cannot_read_comes_back_with_its_findings),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
