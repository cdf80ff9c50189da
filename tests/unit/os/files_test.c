#include "os/files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64];
static char path[128];

static int make_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/stafet-files-XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/file", folder);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	unlink(path);
	/* Fails when a test left something beside, which is a fault. */
	return rmdir(folder);
}

static void test_written_bytes_are_read_back(void **state)
{
	(void)state;
	struct sf_buf buf;
	sf_buf_init(&buf, 100);
	assert_int_equal(sf_file_write(path, sf_view_text("first"), 0640, NULL), SF_OK);
	assert_int_equal(sf_file_write(path, sf_view_text("second"), 0640, NULL), SF_OK);
	assert_int_equal(sf_file_read(path, &buf, NULL), SF_OK);
	assert_true(sf_view_equal(sf_buf_view(&buf), sf_view_text("second")));
	struct stat status;
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0640);
	sf_buf_fini(&buf);
}

static void test_too_large_missing_and_special_files_are_errors(void **state)
{
	(void)state;
	struct sf_buf buf;
	sf_buf_init(&buf, 5);
	assert_int_equal(sf_file_read(path, &buf, NULL), SF_ERR_NOT_FOUND);
	assert_int_equal(sf_file_write(path, sf_view_text("123456"), 0600, NULL), SF_OK);
	assert_int_equal(sf_file_read(path, &buf, NULL), SF_ERR_LIMIT);
	assert_int_equal(buf.size, 0);
	assert_int_equal(sf_file_read(folder, &buf, NULL), SF_ERR_IO);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(sf_file_read(path, &buf, NULL), SF_ERR_IO);
	sf_buf_fini(&buf);
}

static void test_write_without_its_folder_leaves_nothing(void **state)
{
	(void)state;
	char inside[256];
	snprintf(inside, sizeof(inside), "%s/missing/file", folder);
	assert_int_equal(sf_file_write(inside, sf_view_text("x"), 0600, NULL), SF_ERR_NOT_FOUND);
}

static void test_folder_is_made_with_its_parents(void **state)
{
	(void)state;
	char deep[256];
	snprintf(deep, sizeof(deep), "%s/a/b", folder);
	assert_int_equal(sf_folder_make(deep, 0700, NULL), SF_OK);
	assert_int_equal(sf_folder_make(deep, 0700, NULL), SF_OK);
	assert_int_equal(rmdir(deep), 0);
	snprintf(deep, sizeof(deep), "%s/a", folder);
	assert_int_equal(rmdir(deep), 0);
	assert_int_equal(sf_file_write(path, sf_view_text("x"), 0600, NULL), SF_OK);
	assert_int_equal(sf_folder_make(path, 0700, NULL), SF_ERR_EXISTS);
	assert_int_equal(sf_folder_make("", 0700, NULL), SF_ERR_LIMIT);
}

static void test_file_limit_is_raised_to_what_is_allowed(void **state)
{
	(void)state;
	size_t now = sf_file_limit_raise(0);
	assert_true(now > 0);
	assert_true(sf_file_limit_raise(now) >= now);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
	const struct CMUnitTest tests[] = {
		CASE(test_written_bytes_are_read_back),
		CASE(test_too_large_missing_and_special_files_are_errors),
		CASE(test_write_without_its_folder_leaves_nothing),
		CASE(test_folder_is_made_with_its_parents),
		CASE(test_file_limit_is_raised_to_what_is_allowed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
