#include "view/reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "text/json.h"
#include "unit/view/page.h"
#include "wire/local.h"

static const char *render(struct page *page, const struct sf_reply *reply)
{
	sf_view_reply(page_begin(page), reply);
	return text_of(page);
}

static void expect(const struct sf_reply *reply, const char *text)
{
	struct page page;
	assert_string_equal(render(&page, reply), text);
	page_end(&page);
}

static void test_done_says_nothing(void **state)
{
	(void)state;
	expect(&(struct sf_reply){.kind = SF_REPLY_DONE}, "{}");
}

/* Every kind of the local protocol has members of its own: none is left out when one is added. */
static void test_every_kind_is_written(void **state)
{
	(void)state;
	static const enum sf_reply_kind kinds[] = {
#define X(symbol, number, member) symbol,
		SF_REPLY_LIST(X)
#undef X
	};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		/* As the local protocol gives it: texts are never NULL in what was decoded. */
		const struct sf_reply empty = {.kind = kinds[i]};
		struct sf_buf bytes;
		struct sf_arena arena;
		struct sf_reply reply;
		struct sf_diag diag = {""};
		struct page page;
		sf_buf_init(&bytes, 65536);
		sf_arena_init(&arena, 65536);
		assert_int_equal(sf_local_reply_encode(&empty, &bytes), SF_OK);
		assert_int_equal(
			sf_local_reply_decode(sf_buf_view(&bytes), &arena, &reply, &diag), SF_OK);
		const char *decoded = render(&page, &reply);
		assert_string_not_equal(decoded, "{}");
		/* An engine may leave texts NULL that the wire makes "". */
		expect(&empty, decoded);
		page_end(&page);
		sf_arena_fini(&arena);
		sf_buf_fini(&bytes);
	}
}

static void test_sent_gives_the_acknowledgement_with_its_type(void **state)
{
	(void)state;
	const struct sf_issue_row issue = {
		.fatal = true, .code = "c", .expression = "e", .text = "t"};
	expect(&(struct sf_reply){.kind = SF_REPLY_SENT,
		       .sent = {.answer = SF_SEND_FATAL,
			       .issue_count = 1,
			       .issues = &issue,
			       .acknowledgement = sf_view_text("<a/>"),
			       .acknowledgement_type = "application/fhir+xml"}},
		"{\"answer\":\"fatal\",\"message\":null,\"transition\":null,\"issues\":[{"
		"\"fatal\":true,\"code\":\"c\",\"element\":\"e\",\"text\":\"t\"}],"
		"\"acknowledgement_type\":\"application/fhir+xml\",\"acknowledgement\":\"<a/>\"}");
}

/* HL7 in 8859/1 is answered in 8859/1: what was stored is told all the same. */
static void test_acknowledgement_that_is_no_utf8_is_null(void **state)
{
	(void)state;
	const struct sf_reply reply = {.kind = SF_REPLY_SENT,
		.sent = {.answer = SF_SEND_STORED,
			.message = {{1}},
			.acknowledgement_type = "application/hl7-v2",
			.acknowledgement = sf_view_text("MSH|^~\\&|\xc6r\xf8|\r")}};
	struct page page;
	const char *text = render(&page, &reply);
	assert_non_null(strstr(text, "\"answer\":\"stored\""));
	assert_non_null(strstr(text, "\"acknowledgement\":null"));
	page_end(&page);
}

static void test_content_that_is_no_text_is_null(void **state)
{
	(void)state;
	static const uint8_t picture[] = {0x89, 'P', 'N', 'G', 0xff};
	struct sf_reply reply = {.kind = SF_REPLY_MESSAGE,
		.message = {.row = {.author_name = "", .content_type = "image/png"},
			.content = sf_view_of(picture, sizeof(picture)),
			.cpr = "",
			.patient_name = "",
			.contact_name = "",
			.contact_telephone = ""}};
	struct page page;
	assert_non_null(strstr(render(&page, &reply), "\"content\":null"));
	page_end(&page);
	reply.message.content = sf_view_text("plain");
	assert_non_null(strstr(render(&page, &reply), "\"content\":\"plain\""));
	page_end(&page);
}

static void test_evidence_is_base64(void **state)
{
	(void)state;
	expect(&(struct sf_reply){.kind = SF_REPLY_EVIDENCE,
		       .evidence = {.evidence = sf_view_text("foob")}},
		"{\"evidence\":\"Zm9vYg==\"}");
}

static void test_epoch_says_what_is_lost_until_it_has_begun(void **state)
{
	(void)state;
	expect(&(struct sf_reply){.kind = SF_REPLY_EPOCH,
		       .epoch = {.epoch = 2,
			       .common_size = 17,
			       .largest_size = 20,
			       .directory_version = 4,
			       .record = sf_view_text("as signed")}},
		"{\"begun\":false,\"epoch\":2,\"common_size\":17,\"largest_size\":20,\"lost\":3,"
		"\"directory_version\":4}");
	expect(&(struct sf_reply){.kind = SF_REPLY_EPOCH,
		       .epoch = {.begun = true, .epoch = 2, .common_size = 17}},
		"{\"begun\":true,\"epoch\":2,\"common_size\":17,\"largest_size\":0,\"lost\":0,"
		"\"directory_version\":0}");
}

static void test_feed_has_its_cursor_when_it_is_empty(void **state)
{
	(void)state;
	expect(&(struct sf_reply){.kind = SF_REPLY_FEED, .feed = {.cursor = 9}},
		"{\"cursor\":9,\"events\":[]}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_done_says_nothing),
		cmocka_unit_test(test_every_kind_is_written),
		cmocka_unit_test(test_sent_gives_the_acknowledgement_with_its_type),
		cmocka_unit_test(test_acknowledgement_that_is_no_utf8_is_null),
		cmocka_unit_test(test_content_that_is_no_text_is_null),
		cmocka_unit_test(test_evidence_is_base64),
		cmocka_unit_test(test_epoch_says_what_is_lost_until_it_has_begun),
		cmocka_unit_test(test_feed_has_its_cursor_when_it_is_empty),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
