#include "local/listen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
	char folder[64];
	char path[96];
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	if (!fixture)
		return -1;
	memcpy(fixture->folder, "/tmp/stafet-listen-XXXXXX", 26);
	if (!mkdtemp(fixture->folder))
		return -1;
	snprintf(fixture->path, sizeof(fixture->path), "%s/socket", fixture->folder);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;
	unlink(fixture->path);
	rmdir(fixture->folder);
	free(fixture);
	return 0;
}

static void test_the_file_has_the_mode_asked_for(void **state)
{
	struct fixture *fixture = *state;
	const mode_t modes[] = {0600, 0660};
	for (size_t i = 0; i < SF_COUNT(modes); i++) {
		int descriptor = -1;
		assert_int_equal(
			sf_local_listen(fixture->path, modes[i], &descriptor, NULL), SF_OK);
		struct stat status;
		assert_int_equal(lstat(fixture->path, &status), 0);
		assert_int_equal(status.st_mode & 0777, modes[i]);
		/* Closed and not removed, as after a kill: the next one replaces it. */
		close(descriptor);
	}
}

static void test_a_living_socket_is_left_alone(void **state)
{
	struct fixture *fixture = *state;
	int first = -1;
	int second = -1;
	struct sf_diag diag;
	assert_int_equal(sf_local_listen(fixture->path, 0600, &first, NULL), SF_OK);
	assert_int_equal(sf_local_listen(fixture->path, 0600, &second, &diag), SF_ERR_EXISTS);
	assert_non_null(strstr(diag.text, fixture->path));
	assert_int_equal(second, -1);
	close(first);
}

static void test_what_is_no_socket_is_left_alone(void **state)
{
	struct fixture *fixture = *state;
	FILE *file = fopen(fixture->path, "w");
	assert_non_null(file);
	fclose(file);
	int descriptor = -1;
	struct sf_diag diag;
	assert_int_equal(sf_local_listen(fixture->path, 0600, &descriptor, &diag), SF_ERR_CONFIG);
	assert_non_null(strstr(diag.text, "not a socket"));
	assert_int_equal(access(fixture->path, F_OK), 0);
}

static void test_paths_that_cannot_be_are_refused(void **state)
{
	struct fixture *fixture = *state;
	int descriptor = -1;
	struct sf_diag diag;
	char path[200];
	memset(path, 'a', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(sf_local_listen(path, 0600, &descriptor, &diag), SF_ERR_CONFIG);
	assert_non_null(strstr(diag.text, "107"));
	assert_int_equal(sf_local_listen("", 0600, &descriptor, &diag), SF_ERR_CONFIG);
	snprintf(path, sizeof(path), "%s/none/socket", fixture->folder);
	assert_int_equal(sf_local_listen(path, 0600, &descriptor, &diag), SF_ERR_IO);
	assert_int_equal(descriptor, -1);
}

static void test_own_user_is_permitted_and_what_is_no_socket_is_not(void **state)
{
	(void)state;
	int pair[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	struct sf_local_allow nobody = {0};
	uid_t peer = (uid_t)-1;
	assert_true(sf_local_permits(&nobody, pair[0], &peer));
	assert_int_equal(peer, geteuid());
	close(pair[0]);
	close(pair[1]);
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	assert_false(sf_local_permits(&nobody, ends[0], &peer));
	close(ends[0]);
	close(ends[1]);
}

int main(void)
{
#define LISTEN_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		LISTEN_TEST(test_the_file_has_the_mode_asked_for),
		LISTEN_TEST(test_a_living_socket_is_left_alone),
		LISTEN_TEST(test_what_is_no_socket_is_left_alone),
		LISTEN_TEST(test_paths_that_cannot_be_are_refused),
		cmocka_unit_test(test_own_user_is_permitted_and_what_is_no_socket_is_not),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
