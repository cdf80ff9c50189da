#include "http/guard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define LINES_MAX 80

/* A head as the library leaves it: colons and ends of lines are zeros in one buffer. */
struct lines {
	char bytes[8192];
	struct sf_guard_field fields[LINES_MAX];
	struct sf_guard_head head;
};

static struct sf_guard_head *read_lines(struct lines *lines, const char *text)
{
	memcpy(lines->bytes, text, strlen(text) + 1);
	size_t count = 0;
	for (char *line = lines->bytes; *line;) {
		char *colon = strchr(line, ':');
		char *end = strstr(line, "\r\n");
		*colon = end[0] = end[1] = '\0';
		char *value = colon + 1;
		while (*value == ' ' || *value == '\t')
			value++;
		lines->fields[count++] =
			(struct sf_guard_field){sf_view_text(line), sf_view_text(value)};
		line = end + 2;
	}
	lines->head = (struct sf_guard_head){.method = sf_view_text("POST"),
		.version = sf_view_text("HTTP/1.1"),
		.field_count = count,
		.fields = lines->fields};
	return &lines->head;
}

static unsigned judge(const char *text)
{
	static struct lines lines;
	const char *why = NULL;
	unsigned status = sf_guard_head(read_lines(&lines, text), &why);
	assert_true((status == 0) == (why == NULL));
	return status;
}

static void test_plain_heads_are_good(void **state)
{
	(void)state;
	assert_int_equal(judge("Host: a\r\n"), 0);
	assert_int_equal(judge("Host: [::1]:8080\r\nContent-Length: 17\r\n"), 0);
	assert_int_equal(judge("host: a.b-c:1\r\ntransfer-encoding: Chunked\r\n"), 0);
	assert_int_equal(judge("Host: a\r\nExpect: 100-Continue\r\nX-Name: \xc3\xb8\tx\r\n"), 0);
	assert_int_equal(judge("Host: a\r\nAccept: a\r\nAccept: b\r\nX-Empty:\r\n"), 0);
}

/* FACTS: what the library lets through, and every shape that two readers read differently. */
static void test_heads_with_two_readings_are_refused(void **state)
{
	(void)state;
	static const char *const heads[] = {
		"Content-Length: 5\r\n",
		"Host: a\r\nHost: a\r\n",
		"Host: a\r\nHost: b\r\n",
		"Host:\r\n",
		"Host: a b\r\n",
		"Host: a/b\r\n",
		"Host: a,b\r\n",
		"Host: u@a\r\n",
		"Host: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n",
		"Host: a\r\nContent-Length: 5\r\ncontent-length: 6\r\n",
		"Host: a\r\nContent-Length: 5, 5\r\n",
		"Host: a\r\nContent-Length: +5\r\n",
		"Host: a\r\nContent-Length: -5\r\n",
		"Host: a\r\nContent-Length: 0x5\r\n",
		"Host: a\r\nContent-Length:\r\n",
		"Host: a\r\nContent-Length: 5 \r\n",
		"Host: a\r\nContent-Length: 9999999999999999999\r\n",
		"Host: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n",
		"Host: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
		"Host: a\r\nTransfer-Encoding: identity\r\n",
		"Host: a\r\nTransfer-Encoding: gzip, chunked\r\n",
		"Host: a\r\nTransfer-Encoding: chunked, identity\r\n",
		"Host: a\r\nTransfer-Encoding: xchunked\r\n",
		"Host: a\r\nTransfer-Encoding: chunked \r\n",
		"Host: a\r\nTransfer-Encoding: \"chunked\"\r\n",
		"Host: a\r\nTransfer-Encoding:\r\n",
		"Host: a\r\nTransfer-Encoding : chunked\r\n",
		"Host: a\r\nContent-Length : 5\r\n",
		"Host: a\r\n Content-Length: 5\r\n",
		"Host: a\r\nBad Name: x\r\n",
		"Host: a\r\n: x\r\n",
		"Host: a\r\nX: a\x01z\r\n",
		"Host: a\r\nX: a\x7fz\r\n",
		"Host: a\r\nX: a\rb\r\n",
		"Host: a\r\nX: \xff\r\n",
		"Host: a\r\nX\xc3\xb8: a\r\n",
		"Host: a\r\nContent-Type: a/b\r\nContent-Type: c/d\r\n",
		"Host: a\r\nAuthorization: x\r\nAuthorization: y\r\n",
		"Host: a\r\nIdempotency-Key: x\r\nIdempotency-Key: y\r\n",
	};
	for (size_t i = 0; i < SF_COUNT(heads); i++)
		if (judge(heads[i]) != 400)
			fail_msg("passed: %s", heads[i]);
}

static void test_other_refusals_say_which(void **state)
{
	(void)state;
	assert_int_equal(judge("Host: a\r\nExpect: 200-ok\r\n"), 417);
	assert_int_equal(judge("Host: a\r\nContent-Encoding: gzip\r\n"), 415);
	assert_int_equal(judge("Host: a\r\nContent-Encoding: identity\r\n"), 0);
	static struct lines lines;
	const char *why;
	struct sf_guard_head *head =
		read_lines(&lines, "Host: a\r\nTransfer-Encoding: chunked\r\n");
	head->version = sf_view_text("HTTP/1.0");
	assert_int_equal(sf_guard_head(head, &why), 400);
	head->version = sf_view_text("HTTP/2.0");
	assert_int_equal(sf_guard_head(head, &why), 505);
	head->version = sf_view_text("HTTP/1.1");
	head->method = sf_view_text("PO ST");
	assert_int_equal(sf_guard_head(head, &why), 400);
	head->method = sf_view_text("ANAWFULLYLONGMETHOD");
	assert_int_equal(sf_guard_head(head, &why), 400);
	head->method = sf_view_text("GET");
	head->field_count = SF_GUARD_FIELDS_MAX + 1;
	assert_int_equal(sf_guard_head(head, &why), 431);
}

static void test_fields_adjoin_unless_a_line_was_folded(void **state)
{
	(void)state;
	static struct lines lines;
	struct sf_guard_head *head = read_lines(&lines, "Host: a\r\nX:\t b\r\nY:\r\n");
	assert_true(sf_guard_fields_adjoin(head));
	/* A NUL in a value: it seems to end before its line does. */
	lines.fields[1].value.size = 0;
	assert_false(sf_guard_fields_adjoin(head));
	/* A folded line: the library puts its name elsewhere. */
	read_lines(&lines, "Host: a\r\nX: b\r\n");
	lines.fields[0].name.data = (const uint8_t *)lines.bytes + 1000;
	assert_false(sf_guard_fields_adjoin(head));
	read_lines(&lines, "Host: a\r\nX: b\r\nZ: c\r\n");
	lines.fields[0].name = lines.fields[1].name;
	assert_false(sf_guard_fields_adjoin(head));
	/* What stands between colon and value is white space. */
	read_lines(&lines, "Host: a\r\nX: b\r\n");
	lines.bytes[5] = 'x';
	assert_false(sf_guard_fields_adjoin(head));
}

struct target_case {
	const char *target;
	const char *path; /* NULL: refused */
	const char *query;
};

static void check_targets(const struct target_case *cases, size_t count)
{
	static struct lines lines;
	struct sf_guard_head *head = read_lines(&lines, "Host: Example.dk:80\r\n");
	for (size_t i = 0; i < count; i++) {
		struct sf_arena arena;
		struct sf_guard_target target;
		const char *why = NULL;
		sf_arena_init(&arena, 65536);
		unsigned status =
			sf_guard_target(head, sf_view_text(cases[i].target), &arena, &target, &why);
		if ((status == 0) != (cases[i].path != NULL))
			fail_msg("%s: %u %s", cases[i].target, status, why ? why : "passed");
		if (!status) {
			assert_string_equal(target.path, cases[i].path);
			assert_string_equal(target.query, cases[i].query);
		} else {
			assert_int_equal(status, 400);
			assert_non_null(why);
		}
		sf_arena_fini(&arena);
	}
}

static void test_targets_are_decoded_once(void **state)
{
	(void)state;
	static const struct target_case cases[] = {
		{"/", "/", ""},
		{"/a/b%20c/", "/a/b c/", ""},
		{"/fhir/$process-message?async=false", "/fhir/$process-message", "async=false"},
		{"/a?x=%2F%2e&y=a|b", "/a", "x=%2F%2e&y=a|b"},
		{"/a?", "/a", ""},
		{"/a?b?c", "/a", "b?c"},
		{"/%C3%B8", "/\xc3\xb8", ""},
		{"/%2541", "/%41", ""},
		{"/...", "/...", ""},
		{"/.a/b..", "/.a/b..", ""},
		{"http://example.dk:80/a?b", "/a", "b"},
		{"HTTP://EXAMPLE.DK:80/", "/", ""},
	};
	check_targets(cases, SF_COUNT(cases));
}

static void test_targets_with_two_readings_are_refused(void **state)
{
	(void)state;
	static const struct target_case cases[] = {
		{"", NULL, NULL},
		{"*", NULL, NULL},
		{"a", NULL, NULL},
		{"example.dk:80", NULL, NULL},
		{"http://example.dk:80", NULL, NULL},
		{"http://example.dk/", NULL, NULL},
		{"http://other.dk:80/", NULL, NULL},
		{"https://example.dk:80/", NULL, NULL},
		{"http://u@example.dk:80/", NULL, NULL},
		{"http://example.dk:8080/", NULL, NULL},
		{"ftp://example.dk:80/", NULL, NULL},
		{"//a", NULL, NULL},
		{"/a//b", NULL, NULL},
		{"/.", NULL, NULL},
		{"/..", NULL, NULL},
		{"/a/../b", NULL, NULL},
		{"/a/./b", NULL, NULL},
		{"/a/%2e%2E/b", NULL, NULL},
		{"/a/.%2e", NULL, NULL},
		{"/a%2fb", NULL, NULL},
		{"/a%5cb", NULL, NULL},
		{"/a\\b", NULL, NULL},
		{"/a%00", NULL, NULL},
		{"/a%0a", NULL, NULL},
		{"/a%7f", NULL, NULL},
		{"/a%", NULL, NULL},
		{"/a%4", NULL, NULL},
		{"/a%zz", NULL, NULL},
		{"/%ff", NULL, NULL},
		{"/a\xc3\xb8", NULL, NULL},
		{"/a b", NULL, NULL},
		{"/a#b", NULL, NULL},
		{"/a?b#c", NULL, NULL},
		{"/a?b c", NULL, NULL},
		{"/a?%", NULL, NULL},
		{"/a?%0", NULL, NULL},
		{"/a?%00", NULL, NULL},
		{"/a?\x01", NULL, NULL},
	};
	check_targets(cases, SF_COUNT(cases));
}

static void test_length_is_the_number(void **state)
{
	(void)state;
	static struct lines lines;
	assert_int_equal(sf_guard_length(read_lines(&lines, "Host: a\r\n")), 0);
	assert_int_equal(sf_guard_length(read_lines(&lines, "content-length: 0012345\r\n")), 12345);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_heads_are_good),
		cmocka_unit_test(test_heads_with_two_readings_are_refused),
		cmocka_unit_test(test_other_refusals_say_which),
		cmocka_unit_test(test_fields_adjoin_unless_a_line_was_folded),
		cmocka_unit_test(test_targets_are_decoded_once),
		cmocka_unit_test(test_targets_with_two_readings_are_refused),
		cmocka_unit_test(test_length_is_the_number),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
