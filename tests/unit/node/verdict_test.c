/*
 * The local system says what it made of a letter, with a MedCom Acknowledgement. Whatever it says,
 * nobody acknowledges it (MedCom KR2), and the letter's author hears nothing of it.
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

static struct sf_view write_verdict(
	struct region *region, const char *of, enum sf_ack ack, const char *code)
{
	const struct sf_issues issues = {
		1, {{.fatal = true, .code = code, .expression = "Encounter", .text = "no"}}};
	const struct sf_acknowledgement_request request = {
		.content_type = SF_CONTENT_FHIR_JSON,
		.bundle_id = "envelope-1",
		.header_id = "header-1",
		.provenance_id = "provenance-1",
		.acknowledged_id = of,
		.sender = {HANDING_MUNICIPALITY_SOR, HANDING_MUNICIPALITY_GLN, "home care"},
		.receiver = {HANDING_HOSPITAL_SOR, HANDING_HOSPITAL_GLN, "ward"},
		.ack = ack,
		.issues = ack == SF_ACK_OK ? NULL : &issues,
		.now_ms = 1795000000000,
	};
	struct sf_format format;
	struct sf_buf buf;
	sf_format_port(&format);
	sf_buf_init(&buf, 65536);
	assert_int_equal(format.write_acknowledgement(format.self, &request, &buf, NULL), SF_OK);
	struct sf_view kept = sf_arena_copy(&region->arena, sf_buf_view(&buf));
	sf_buf_fini(&buf);
	return kept;
}

static struct sf_reply_sent say(
	const struct handing *handing, const char *of, enum sf_ack ack, const char *code)
{
	return handing_send(handing->region, handing->municipality, SF_CONTENT_FHIR_JSON,
		write_verdict(handing->region, of, ack, code));
}

static size_t unhandled(const struct handing *handing)
{
	const struct sf_request inbox = {
		.kind = SF_REQUEST_INBOX, .inbox = {.only_unhandled = true}};
	return region_get(handing->region, handing->municipality, inbox, SF_REPLY_INBOX)
		.inbox.row_count;
}

/* The row of a letter that was not taken; NULL. */
static const struct sf_board_row *on_board(const struct handing *handing)
{
	const struct sf_request ask = {.kind = SF_REQUEST_BOARD};
	struct sf_reply_board board =
		region_get(handing->region, handing->municipality, ask, SF_REPLY_BOARD).board;
	for (size_t i = 0; i < board.row_count; i++)
		if (board.rows[i].what == SF_BOARD_NOT_TAKEN)
			return &board.rows[i];
	return NULL;
}

static void test_ok_takes_the_letter_over(void **state)
{
	struct handing handing = handing_open(*state);
	struct sf_reply_sent letter = handing_admit(&handing);
	assert_int_equal(unhandled(&handing), 1);
	uint64_t sent = sf_node_counters(handing.municipality->node).sent;
	struct sf_reply_sent said = say(&handing, HANDING_ADMISSION, SF_ACK_OK, "");
	assert_int_equal(said.answer, SF_SEND_STORED);
	assert_true(sf_id_equal(said.message, letter.message));
	assert_true(sf_id_equal(said.transition, letter.transition));
	assert_int_equal(said.acknowledgement.size, 0);
	assert_int_equal(unhandled(&handing), 0);
	said = say(&handing, HANDING_ADMISSION, SF_ACK_OK, "");
	assert_int_equal(said.answer, SF_SEND_DUPLICATE);
	assert_int_equal(said.acknowledgement.size, 0);
	/* Of answers that count the first does. */
	said = say(&handing, HANDING_ADMISSION, SF_ACK_FATAL_ERROR, "MSG_DATE_FORMAT");
	assert_int_equal(said.answer, SF_SEND_DUPLICATE);
	assert_null(on_board(&handing));
	region_run(handing.region, 5 * SF_SECOND_MS);
	assert_int_equal(sf_node_counters(handing.municipality->node).sent, sent);
}

static void test_fatal_error_is_shown_to_people_until_it_is_taken(void **state)
{
	struct handing handing = handing_open(*state);
	struct sf_reply_sent letter = handing_admit(&handing);
	assert_null(on_board(&handing));
	struct sf_reply_sent said =
		say(&handing, HANDING_ADMISSION, SF_ACK_FATAL_ERROR, "MSG_DATE_FORMAT");
	assert_int_equal(said.answer, SF_SEND_STORED);
	assert_int_equal(said.acknowledgement.size, 0);
	assert_int_equal(unhandled(&handing), 1);
	const struct sf_board_row *row = on_board(&handing);
	assert_non_null(row);
	assert_string_equal(row->name, "MSG_DATE_FORMAT");
	assert_true(sf_id_equal(row->subject, letter.message));
	assert_true(sf_id_equal(row->transition, letter.transition));
	assert_true(sf_id_equal(row->peer, handing.hospital->party));
	/* The hospital was told ok, once for all. */
	const struct sf_request ask = {.kind = SF_REQUEST_ACKNOWLEDGEMENT,
		.acknowledgement = {.message = letter.message, .recipient = ""}};
	region_run(handing.region, 5 * SF_SECOND_MS);
	assert_int_equal(region_get(handing.region, handing.hospital, ask, SF_REPLY_ACKNOWLEDGEMENT)
				 .acknowledgement.ack,
		SF_ACK_OK);
	const struct sf_request handled = {
		.kind = SF_REQUEST_HANDLED, .handled = {.message = letter.message}};
	region_get(handing.region, handing.municipality, handled, SF_REPLY_DONE);
	assert_null(on_board(&handing));
	assert_int_equal(unhandled(&handing), 0);
}

/* A system might write anything where MedCom has a code. */
static void test_only_code_words_are_shown(void **state)
{
	struct handing handing = handing_open(*state);
	handing_admit(&handing);
	say(&handing, HANDING_ADMISSION, SF_ACK_FATAL_ERROR, "Patient 2509479989");
	assert_non_null(on_board(&handing));
	assert_string_equal(on_board(&handing)->name, "");
}

static void test_transient_error_changes_nothing(void **state)
{
	struct handing handing = handing_open(*state);
	handing_admit(&handing);
	struct sf_reply_sent said = say(&handing, HANDING_ADMISSION, SF_ACK_TRANSIENT_ERROR,
		"MSG_Mailbox_Out_Of_Operation");
	assert_int_equal(said.answer, SF_SEND_STORED);
	assert_int_equal(unhandled(&handing), 1);
	assert_null(on_board(&handing));
	/* Afterwards ok counts. */
	assert_int_equal(say(&handing, HANDING_ADMISSION, SF_ACK_OK, "").answer, SF_SEND_STORED);
	assert_int_equal(unhandled(&handing), 0);
}

static void test_what_nobody_received_is_fatal_without_an_acknowledgement(void **state)
{
	struct handing handing = handing_open(*state);
	handing_admit(&handing);
	struct sf_reply_sent said =
		say(&handing, "00000000-02de-4cc4-b418-d20cbc399006", SF_ACK_OK, "");
	assert_int_equal(said.answer, SF_SEND_FATAL);
	assert_string_equal(said.issues[0].code, "MSG_NO_MATCH");
	assert_int_equal(said.acknowledgement.size, 0);
	/* Nor when it breaks the rules of acknowledgements. */
	struct sf_view broken = handing_replaced(handing.region,
		write_verdict(handing.region, HANDING_ADMISSION, SF_ACK_OK, ""), "\"code\":\"ok\"",
		"\"code\":\"AA\"");
	said = handing_send(handing.region, handing.municipality, SF_CONTENT_FHIR_JSON, broken);
	assert_int_equal(said.answer, SF_SEND_FATAL);
	assert_true(said.issue_count > 0);
	assert_int_equal(said.acknowledgement.size, 0);
	assert_int_equal(unhandled(&handing), 1);
}

static void test_names_go_with_their_transition(void **state)
{
	struct handing handing = handing_open(*state);
	struct sf_reply_sent letter = handing_admit(&handing);
	assert_int_equal(sf_memory_count(handing.municipality->memory, &sf_node_table_named), 1);
	const struct sf_request erase = {.kind = SF_REQUEST_ERASE,
		.erase = {.transition = letter.transition, .ground = SF_GROUND_ORDER}};
	region_get(handing.region, handing.municipality, erase, SF_REPLY_ERASED);
	assert_int_equal(sf_memory_count(handing.municipality->memory, &sf_node_table_named), 0);
	assert_int_equal(say(&handing, HANDING_ADMISSION, SF_ACK_OK, "").answer, SF_SEND_FATAL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_ok_takes_the_letter_over),
		TEST(test_fatal_error_is_shown_to_people_until_it_is_taken),
		TEST(test_only_code_words_are_shown),
		TEST(test_transient_error_changes_nothing),
		TEST(test_what_nobody_received_is_fatal_without_an_acknowledgement),
		TEST(test_names_go_with_their_transition),
	};
	return cmocka_run_group_tests_name("node/verdict", tests, NULL, NULL);
}
