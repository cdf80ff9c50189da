#include "os/log.h"

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
	struct sf_buf buf;
};

static int open_log(void **state)
{
	struct written *written = calloc(1, sizeof(*written));
	assert_non_null(written);
	snprintf(written->path, sizeof(written->path), "/tmp/stafet-log-XXXXXX");
	int fd = mkstemp(written->path);
	assert_true(fd >= 0);
	close(fd);
	sf_buf_init(&written->buf, 100000);
	assert_int_equal(
		sf_log_open(written->path, "stafet-node", SF_LOG_INFO, &written->log, NULL), SF_OK);
	*state = written;
	return 0;
}

static int close_log(void **state)
{
	struct written *written = *state;
	sf_log_close(&written->log);
	unlink(written->path);
	sf_buf_fini(&written->buf);
	free(written);
	return 0;
}

static const char *read_log(struct written *written)
{
	sf_buf_clear(&written->buf);
	assert_int_equal(sf_file_read(written->path, &written->buf, NULL), SF_OK);
	assert_int_equal(sf_buf_append_u8(&written->buf, 0), SF_OK);
	return (const char *)written->buf.data;
}

static void test_line_is_one_json_object(void **state)
{
	struct written *written = *state;
	struct sf_log_line line;
	struct sf_id party = {{0xab}};
	struct sf_diag diag = {"opening \"x\\y\"\n"};
	sf_log_begin(&line, &written->log, SF_LOG_WARNING, SF_LOG_LINK_DOWN, 0);
	sf_log_id(&line, "party", party);
	sf_log_integer(&line, "count", -5);
	sf_log_bool(&line, "again", true);
	sf_log_code(&line, "fault", "refused");
	sf_log_path(&line, "route", "/fhir/Bundle/{id}/$acknowledgement");
	sf_log_diag(&line, SF_ERR_IO, &diag);
	sf_log_end(&line);
	assert_string_equal(read_log(written),
		"{\"time\":\"1970-01-01T00:00:00.000Z\",\"level\":\"warning\","
		"\"program\":\"stafet-node\",\"event\":\"link-down\","
		"\"party\":\"ab000000000000000000000000000000\",\"count\":-5,\"again\":true,"
		"\"fault\":\"refused\",\"route\":\"/fhir/Bundle/{id}/$acknowledgement\","
		"\"err\":\"io\",\"text\":\"opening  x y  \"}\n");
}

/* A code is a word of ours: a name or a number of a person does not get through as one. */
static void test_what_is_not_a_fixed_word_is_not_written(void **state)
{
	struct written *written = *state;
	struct sf_log_line line;
	sf_log_begin(&line, &written->log, SF_LOG_INFO, SF_LOG_STARTED, 0);
	sf_log_code(&line, "one", "Nancy Ann");
	sf_log_code(&line, "two", "\",\"x\":\"");
	sf_log_code(&line, "Bad Name", "ok");
	sf_log_code(&line, "three", "");
	sf_log_code(&line, "four", NULL);
	sf_log_path(&line, "five", "/patients/Nancy Ann");
	sf_log_path(&line, "six", "/x?name=Nancy");
	sf_log_path(&line, "seven", NULL);
	sf_log_end(&line);
	const char *text = read_log(written);
	assert_null(strstr(text, "Nancy"));
	assert_non_null(strstr(text, "\"one\":\"?\",\"two\":\"?\",\"?\":\"ok\",\"three\":\"?\","
				     "\"four\":\"?\",\"five\":\"?\",\"six\":\"?\","
				     "\"seven\":\"?\"}\n"));
}

static void test_level_decides_what_is_written(void **state)
{
	struct written *written = *state;
	struct sf_log_line line;
	sf_log_begin(&line, &written->log, SF_LOG_DEBUG, SF_LOG_STOPPED, 0);
	sf_log_integer(&line, "n", 1);
	sf_log_end(&line);
	assert_string_equal(read_log(written), "");
	enum sf_log_level level = SF_LOG_INFO;
	assert_int_equal(sf_log_level_parse("debug", &level), SF_OK);
	assert_int_equal(level, SF_LOG_DEBUG);
	assert_int_equal(sf_log_level_parse("loud", &level), SF_ERR_FORMAT);
	assert_int_equal(level, SF_LOG_DEBUG);
}

static void test_overlong_line_leaves_whole_fields_out(void **state)
{
	struct written *written = *state;
	struct sf_log_line line;
	sf_log_begin(&line, &written->log, SF_LOG_INFO, SF_LOG_STOPPED, 0);
	for (int i = 0; i < 500; i++)
		sf_log_integer(&line, "number", 123456789);
	sf_log_end(&line);
	const char *text = read_log(written);
	size_t size = strlen(text);
	assert_in_range(size, SF_LOG_LINE_SIZE - 40, SF_LOG_LINE_SIZE);
	assert_string_equal(text + size - 20, "\"number\":123456789}\n");
}

static void test_full_disk_does_not_stop_the_program(void **state)
{
	(void)state;
	struct sf_log full;
	assert_int_equal(sf_log_open("/dev/full", "x", SF_LOG_INFO, &full, NULL), SF_OK);
	struct sf_log_line line;
	sf_log_begin(&line, &full, SF_LOG_INFO, SF_LOG_STARTED, 0);
	sf_log_end(&line);
	assert_null(line.log);
	sf_log_close(&full);
}

static void test_every_event_has_its_own_text(void **state)
{
	(void)state;
	for (int i = 0; i < SF_LOG_EVENT_COUNT; i++) {
		const char *text = sf_log_event_text((enum sf_log_event)i);
		assert_int_equal(strspn(text, "abcdefghijklmnopqrstuvwxyz-"), strlen(text));
		for (int j = 0; j < i; j++)
			assert_string_not_equal(text, sf_log_event_text((enum sf_log_event)j));
	}
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, open_log, close_log)
	const struct CMUnitTest tests[] = {
		CASE(test_line_is_one_json_object),
		CASE(test_what_is_not_a_fixed_word_is_not_written),
		CASE(test_level_decides_what_is_written),
		CASE(test_overlong_line_leaves_whole_fields_out),
		CASE(test_full_disk_does_not_stop_the_program),
		CASE(test_every_event_has_its_own_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
