#define _POSIX_C_SOURCE 200809L

#include "base/check.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The status of a child that asserts value, with its standard error thrown away. */
static int status_of_assertion(int value)
{
	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		close(STDERR_FILENO);
		signal(SIGABRT, SIG_DFL);
		SF_ASSERT(value == 1);
		_exit(0);
	}
	int status = -1;
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static void test_assertion_that_fails_aborts(void **state)
{
	(void)state;
	int status = status_of_assertion(0);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
}

static void test_assertion_that_holds_goes_on(void **state)
{
	(void)state;
	int status = status_of_assertion(1);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_assertion_that_fails_aborts),
		cmocka_unit_test(test_assertion_that_holds_goes_on),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
