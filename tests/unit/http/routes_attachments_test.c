/* Attachments over HTTP: announced, handed in part by part, dropped, and given out. */
#include "http/routes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "exchange.h"

#define UPLOAD "abcd0000000000000000000000000001"
#define UPLOAD_PATH "/api/v1/attachments/" UPLOAD
#define UPLOAD_ID ((struct sf_id){{0xab, 0xcd, [15] = 1}})

static const struct sf_route *route_of(const char *operation)
{
	for (size_t i = 0; i < SF_COUNT(sf_routes_attachments); i++)
		if (strcmp(sf_routes_attachments[i].operation, operation) == 0)
			return &sf_routes_attachments[i];
	fail_msg("no route %s", operation);
	return NULL;
}

/* An exchange of this operation about UPLOAD, and attachment `number` where it has one. */
static void begin(struct told *told, const char *operation, const char *number)
{
	told_init(told, UPLOAD_PATH);
	told->exchange.route = route_of(operation);
	told->exchange.parameters[0] = UPLOAD;
	told->exchange.parameters[1] = number;
}

static bool ask(struct told *told, struct sf_request *ret_request)
{
	return told->exchange.route->ask(&told->exchange, ret_request);
}

static void respond(
	struct told *told, const struct sf_request *request, const struct sf_reply *reply)
{
	told->exchange.route->respond(&told->exchange, request, reply);
}

static void assert_refused(struct told *told, unsigned status, const char *part)
{
	struct sf_request request = {.kind = SF_REQUEST_STATUS};
	assert_false(ask(told, &request));
	assert_int_equal(told->response.status, status);
	assert_true(told_has(told, part));
	assert_int_equal(request.kind, SF_REQUEST_STATUS);
	told_fini(told);
}

static void test_systems_and_clinicians_hand_in_and_read(void **state)
{
	(void)state;
	const sf_api_roles in =
		SF_API_ROLE_BIT(SF_API_SYSTEM_IN) | SF_API_ROLE_BIT(SF_API_CLINICIAN);
	const sf_api_roles out =
		SF_API_ROLE_BIT(SF_API_SYSTEM_OUT) | SF_API_ROLE_BIT(SF_API_CLINICIAN);
	assert_int_equal(route_of("createAttachment")->roles, in);
	assert_int_equal(route_of("readAttachmentProgress")->roles, in);
	assert_int_equal(route_of("putAttachmentPart")->roles, in);
	assert_int_equal(route_of("dropAttachment")->roles, in);
	assert_int_equal(route_of("readAttachment")->roles, out);
	/* The face streams this one (http/download.h). */
	assert_ptr_equal(
		route_of("readAttachment"), &sf_routes_attachments[SF_ROUTES_ATTACHMENTS_READ]);
}

static void announce(struct told *told, const char *json)
{
	begin(told, "createAttachment", NULL);
	told->request.method = SF_HTTP_POST;
	told->request.content_type = "application/json";
	told->request.body = sf_view_text(json);
}

static void test_attachment_is_announced_with_name_type_and_size(void **state)
{
	(void)state;
	struct told told;
	struct sf_request request;
	announce(&told, "{\"name\":\"plan.pdf\",\"content_type\":\"application/pdf\","
			"\"size\":104857600}");
	assert_true(ask(&told, &request));
	assert_int_equal(request.kind, SF_REQUEST_UPLOAD);
	assert_string_equal(request.upload.name, "plan.pdf");
	assert_string_equal(request.upload.content_type, "application/pdf");
	assert_int_equal(request.upload.size, SF_ATTACHMENT_SIZE_MAX);
	const struct sf_reply reply = {.kind = SF_REPLY_UPLOAD,
		.text = "",
		.upload = {.upload = UPLOAD_ID, .size = SF_ATTACHMENT_SIZE_MAX}};
	respond(&told, &request, &reply);
	assert_int_equal(told.response.status, 201);
	assert_string_equal(told.response.location, UPLOAD_PATH);
	assert_true(told_has(&told, "\"upload\":\"" UPLOAD "\""));
	assert_true(told_has(&told, "\"size\":104857600"));
	assert_true(told_has(&told, "\"offset\":0"));
	told_fini(&told);
}

static void test_announcement_that_says_too_little_or_too_much_is_named(void **state)
{
	(void)state;
	static const struct {
		const char *json, *named;
	} wrong[] = {
		{"{}", "'name' is missing"},
		{"{\"name\":\"a\",\"size\":1}", "'content_type' is missing"},
		{"{\"name\":\"a\",\"content_type\":\"b/c\"}", "'size' is missing"},
		{"{\"name\":\"a\",\"content_type\":\"b/c\",\"size\":104857601}", "'size'"},
		{"{\"name\":\"a\",\"content_type\":\"b/c\",\"size\":-1}", "'size'"},
		{"{\"name\":\"a\",\"content_type\":\"b/c\",\"size\":1.5}", "'size'"},
		{"{\"name\":7,\"content_type\":\"b/c\",\"size\":1}", "'name'"},
		{"{\"name\":\"a\",\"content_type\":\"b/c\",\"size\":1,\"path\":\"/\"}",
			"'path' is not known"},
	};
	for (size_t i = 0; i < SF_COUNT(wrong); i++) {
		struct told told;
		announce(&told, wrong[i].json);
		assert_refused(&told, 422, wrong[i].named);
	}
	struct told told;
	announce(&told, "{\"name\":\"a\",\"content_type\":\"b/c\",\"size\":1}");
	told.request.query = "offset=1";
	assert_refused(&told, 400, "'offset' is not known");
}

static void test_announcement_that_the_node_refuses_has_no_place(void **state)
{
	(void)state;
	struct told told;
	struct sf_request request;
	announce(&told, "{\"name\":\"a\",\"content_type\":\"b/c\",\"size\":1}");
	assert_true(ask(&told, &request));
	const struct sf_reply reply = {.err = SF_ERR_LIMIT, .text = "too many wait for a letter"};
	respond(&told, &request, &reply);
	assert_int_equal(told.response.status, 413);
	assert_null(told.response.location);
	assert_true(told_has(&told, "too many wait"));
	told_fini(&told);
}

static void test_progress_is_asked_without_a_part(void **state)
{
	(void)state;
	struct told told;
	struct sf_request request;
	begin(&told, "readAttachmentProgress", NULL);
	assert_true(ask(&told, &request));
	assert_int_equal(request.kind, SF_REQUEST_UPLOAD_PART);
	assert_true(sf_id_equal(request.upload_part.upload, UPLOAD_ID));
	assert_int_equal(request.upload_part.content.size, 0);
	const struct sf_reply reply = {.kind = SF_REPLY_UPLOAD,
		.text = "",
		.upload = {.upload = UPLOAD_ID, .size = 9, .offset = 5}};
	respond(&told, &request, &reply);
	assert_int_equal(told.response.status, 200);
	assert_true(told_has(&told, "\"offset\":5"));
	assert_true(told_has(&told, "\"whole\":false"));
	told_fini(&told);
}

static void put(struct told *told, const char *query, const char *part)
{
	begin(told, "putAttachmentPart", NULL);
	told->request.method = SF_HTTP_PUT;
	told->request.query = query;
	told->request.body = sf_view_text(part);
}

static void test_part_goes_where_the_offset_says(void **state)
{
	(void)state;
	static const struct {
		const char *query;
		uint64_t offset;
	} good[] = {{"", 0}, {"offset=0", 0}, {"offset=65536", 65536},
		{"offset=104857600", SF_ATTACHMENT_SIZE_MAX}};
	for (size_t i = 0; i < SF_COUNT(good); i++) {
		struct told told;
		struct sf_request request;
		put(&told, good[i].query, "bytes");
		assert_true(ask(&told, &request));
		assert_int_equal(request.kind, SF_REQUEST_UPLOAD_PART);
		assert_true(sf_id_equal(request.upload_part.upload, UPLOAD_ID));
		assert_int_equal(request.upload_part.offset, good[i].offset);
		assert_true(sf_view_equal(request.upload_part.content, sf_view_text("bytes")));
		told_fini(&told);
	}
	static const char *const bad[] = {"offset=104857601", "offset=-1", "offset=", "offset=x"};
	for (size_t i = 0; i < SF_COUNT(bad); i++) {
		struct told told;
		put(&told, bad[i], "bytes");
		assert_refused(&told, 400, "'offset' is no number");
	}
}

/* The engine would take it for a question (wire/local_attachment.h). */
static void test_empty_part_is_none(void **state)
{
	(void)state;
	struct told told;
	put(&told, "offset=5", "");
	assert_refused(&told, 400, "the part is empty");
}

static void test_part_that_begins_elsewhere_is_a_conflict(void **state)
{
	(void)state;
	struct told told;
	struct sf_request request;
	put(&told, "offset=5", "bytes");
	assert_true(ask(&told, &request));
	const struct sf_reply reply = {.err = SF_ERR_CONFLICT, .text = "it begins elsewhere"};
	respond(&told, &request, &reply);
	assert_int_equal(told.response.status, 409);
	told_fini(&told);
}

static void test_drop_answers_with_nothing(void **state)
{
	(void)state;
	struct told told;
	struct sf_request request;
	begin(&told, "dropAttachment", NULL);
	told.request.method = SF_HTTP_DELETE;
	assert_true(ask(&told, &request));
	assert_int_equal(request.kind, SF_REQUEST_UPLOAD_DROP);
	assert_true(sf_id_equal(request.upload_drop.upload, UPLOAD_ID));
	const struct sf_reply done = {.kind = SF_REPLY_DONE, .text = ""};
	respond(&told, &request, &done);
	assert_int_equal(told.response.status, 204);
	assert_int_equal(told.response.body.size, 0);
	const struct sf_reply gone = {.err = SF_ERR_NOT_FOUND, .text = "no such upload"};
	respond(&told, &request, &gone);
	assert_int_equal(told.response.status, 404);
	told_fini(&told);
}

/* What is no id is nobody's; a parameter that the operation does not know is named. */
static void test_paths_without_an_id_are_not_found(void **state)
{
	(void)state;
	static const char *const operations[] = {
		"readAttachmentProgress", "putAttachmentPart", "dropAttachment", "readAttachment"};
	for (size_t i = 0; i < SF_COUNT(operations); i++) {
		struct told told;
		begin(&told, operations[i], "0");
		told.request.body = sf_view_text("bytes");
		told.exchange.parameters[0] = "plan.pdf";
		assert_refused(&told, 404, "");
		begin(&told, operations[i], "0");
		told.request.body = sf_view_text("bytes");
		told.request.query = "name=x";
		assert_refused(&told, 400, "'name' is not known");
	}
}

static void test_attachment_is_read_by_its_number(void **state)
{
	(void)state;
	static const struct {
		const char *number;
		uint32_t asked;
	} numbers[] = {{"0", 0}, {"7", 7}, {"8", SF_ATTACHMENT_COUNT_MAX},
		{"00", SF_ATTACHMENT_COUNT_MAX}, {"-1", SF_ATTACHMENT_COUNT_MAX},
		{"x", SF_ATTACHMENT_COUNT_MAX}, {"/", SF_ATTACHMENT_COUNT_MAX}};
	for (size_t i = 0; i < SF_COUNT(numbers); i++) {
		struct told told;
		struct sf_request request;
		begin(&told, "readAttachment", numbers[i].number);
		told.request.query = i == 1 ? "offset=9" : "";
		assert_true(ask(&told, &request));
		assert_int_equal(request.kind, SF_REQUEST_ATTACHMENT);
		assert_true(sf_id_equal(request.attachment.message, UPLOAD_ID));
		assert_int_equal(request.attachment.number, numbers[i].asked);
		assert_int_equal(request.attachment.offset, i == 1 ? 9 : 0);
		assert_int_equal(request.attachment.size_max, 0);
		told_fini(&told);
	}
}

static void answer_part(struct told *told, const char *type, uint64_t offset, uint64_t size)
{
	const struct sf_request request = {.kind = SF_REQUEST_ATTACHMENT};
	const struct sf_reply reply = {.kind = SF_REPLY_ATTACHMENT,
		.text = "",
		.attachment = {.row = {.name = "plan.pdf", .content_type = type, .size = size},
			.offset = offset,
			.content = sf_view_text("bytes of a patient")}};
	begin(told, "readAttachment", "0");
	respond(told, &request, &reply);
}

/* The bytes follow as they are read: the response itself has its headers alone. */
static void test_attachment_is_answered_with_its_type_to_be_kept(void **state)
{
	(void)state;
	static const struct {
		const char *type, *answered;
	} types[] = {{"application/pdf", "application/pdf"}, {"", "application/octet-stream"},
		{NULL, "application/octet-stream"},
		{"text/plain\r\nX: y", "application/octet-stream"}};
	for (size_t i = 0; i < SF_COUNT(types); i++) {
		struct told told;
		answer_part(&told, types[i].type, 0, 18);
		assert_int_equal(told.response.status, 200);
		assert_string_equal(told.response.content_type, types[i].answered);
		assert_int_equal(told.response.body.size, 0);
		assert_int_equal(told.response.header_count, 1);
		assert_string_equal(told.response.headers[0].name, "Content-Disposition");
		assert_string_equal(told.response.headers[0].value, "attachment");
		told_fini(&told);
	}
}

static void test_offset_behind_the_end_cannot_be_answered(void **state)
{
	(void)state;
	struct told told;
	answer_part(&told, "application/pdf", 17, 18);
	assert_int_equal(told.response.status, 200);
	told_fini(&told);
	for (uint64_t offset = 18; offset < 20; offset++) {
		answer_part(&told, "application/pdf", offset, 18);
		assert_int_equal(told.response.status, 416);
		assert_string_equal(told.response.content_type, "application/problem+json");
		assert_true(told_has(&told, "ends before"));
		assert_false(told_has(&told, "patient"));
		told_fini(&told);
	}
}

static void test_attachment_that_is_not_here_says_why(void **state)
{
	(void)state;
	struct told told;
	const struct sf_request request = {.kind = SF_REQUEST_ATTACHMENT};
	const struct sf_reply reply = {.err = SF_ERR_NOT_FOUND, .text = "it is not whole yet"};
	begin(&told, "readAttachment", "0");
	respond(&told, &request, &reply);
	assert_int_equal(told.response.status, 404);
	assert_true(told_has(&told, "not whole yet"));
	told_fini(&told);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_systems_and_clinicians_hand_in_and_read),
		cmocka_unit_test(test_attachment_is_announced_with_name_type_and_size),
		cmocka_unit_test(test_announcement_that_says_too_little_or_too_much_is_named),
		cmocka_unit_test(test_announcement_that_the_node_refuses_has_no_place),
		cmocka_unit_test(test_progress_is_asked_without_a_part),
		cmocka_unit_test(test_part_goes_where_the_offset_says),
		cmocka_unit_test(test_empty_part_is_none),
		cmocka_unit_test(test_part_that_begins_elsewhere_is_a_conflict),
		cmocka_unit_test(test_drop_answers_with_nothing),
		cmocka_unit_test(test_paths_without_an_id_are_not_found),
		cmocka_unit_test(test_attachment_is_read_by_its_number),
		cmocka_unit_test(test_attachment_is_answered_with_its_type_to_be_kept),
		cmocka_unit_test(test_offset_behind_the_end_cannot_be_answered),
		cmocka_unit_test(test_attachment_that_is_not_here_says_why),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
