#include "cmd/feed_log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "os/files.h"

struct written {
	char path[64];
	struct sf_log log;
	struct sf_feed *feed;
	uint64_t cursor;
	struct sf_buf bytes;
};

static int open_written(void **state)
{
	struct written *written = calloc(1, sizeof(*written));
	assert_non_null(written);
	snprintf(written->path, sizeof(written->path), "/tmp/stafet-feed-XXXXXX");
	int fd = mkstemp(written->path);
	assert_true(fd >= 0);
	close(fd);
	struct sf_diag diag;
	assert_int_equal(
		sf_log_open(written->path, "stafet-test", SF_LOG_INFO, &written->log, &diag),
		SF_OK);
	assert_int_equal(sf_feed_open(1000, 0, (struct sf_id){{7}}, &written->feed), SF_OK);
	written->cursor = sf_feed_cursor(written->feed);
	sf_buf_init(&written->bytes, 100000);
	*state = written;
	return 0;
}

static int close_written(void **state)
{
	struct written *written = *state;
	sf_log_close(&written->log);
	sf_feed_close(&written->feed);
	sf_buf_fini(&written->bytes);
	unlink(written->path);
	free(written);
	return 0;
}

/* The log so far, as a text. */
static const char *log_text(struct written *written)
{
	struct sf_diag diag;
	sf_feed_log_write(&written->log, written->feed, &written->cursor);
	sf_buf_clear(&written->bytes);
	assert_int_equal(sf_file_read(written->path, &written->bytes, &diag), SF_OK);
	assert_int_equal(sf_buf_append_u8(&written->bytes, 0), SF_OK);
	return (const char *)written->bytes.data;
}

static void test_moved_domain_is_told_at_info_once(void **state)
{
	struct written *written = *state;
	const struct sf_feed_row row = {.what = SF_FEED_MOVED,
		.at_ms = 1000,
		.transition = {{1}},
		.party = {{2}},
		.domains = SF_DOMAIN_BIT(SF_DOMAIN_CARE)};
	sf_feed_add(written->feed, &row);
	assert_string_equal(log_text(written), ""); /* the turn is not durable yet */
	sf_feed_settle(written->feed);
	const char *text = log_text(written);
	assert_non_null(strstr(text, "\"event\":\"transition-moved\""));
	assert_non_null(strstr(text, "\"level\":\"info\""));
	assert_non_null(strstr(text, "\"party\":\"02000000000000000000000000000000\""));
	assert_null(strstr(text, "\"peer\""));
	size_t size = strlen(text);
	assert_int_equal(strlen(log_text(written)), size);
}

static void test_messages_are_debug_but_a_refusal_is_a_warning(void **state)
{
	struct written *written = *state;
	struct sf_feed_row row = {.what = SF_FEED_RECORDED,
		.message = {{3}},
		.kind = SF_KIND_ACCEPT,
		.outcome = SF_OUTCOME_APPLIED};
	sf_feed_add(written->feed, &row);
	sf_feed_settle(written->feed);
	assert_string_equal(log_text(written), "");
	row.outcome = SF_OUTCOME_REFUSED;
	row.code = SF_REFUSAL_OFFER_CLOSED;
	sf_feed_add(written->feed, &row);
	sf_feed_settle(written->feed);
	const char *text = log_text(written);
	assert_non_null(strstr(text, "\"level\":\"warning\""));
	assert_non_null(strstr(text, "\"event\":\"message-refused\""));
	assert_non_null(strstr(text, "\"code\":\"offer-closed\""));
	assert_non_null(strstr(text, "\"kind\":\"accept\""));
}

static void test_more_rows_than_are_read_at_once_are_all_written(void **state)
{
	struct written *written = *state;
	const struct sf_feed_row row = {.what = SF_FEED_TROUBLE};
	for (size_t i = 0; i < 200; i++)
		sf_feed_add(written->feed, &row);
	sf_feed_settle(written->feed);
	size_t lines = 0;
	for (const char *at = log_text(written); (at = strchr(at, '\n')); at++)
		lines++;
	assert_int_equal(lines, 200);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, open_written, close_written)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_moved_domain_is_told_at_info_once),
		TEST(test_messages_are_debug_but_a_refusal_is_a_warning),
		TEST(test_more_rows_than_are_read_at_once_are_all_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
