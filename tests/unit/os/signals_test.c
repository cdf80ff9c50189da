#include "os/signals.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

static void test_signals_are_read_and_not_delivered(void **state)
{
	(void)state;
	int fd = -1;
	enum sf_signal taken;
	assert_int_equal(sf_signals_open(&fd, NULL), SF_OK);
	assert_int_equal(sf_signals_next(fd, &taken), SF_ERR_AGAIN);
	/* Any of these would end the process if it were not taken. */
	assert_int_equal(kill(getpid(), SIGHUP), 0);
	assert_int_equal(sf_signals_next(fd, &taken), SF_OK);
	assert_int_equal(taken, SF_SIGNAL_RELOAD);
	assert_int_equal(kill(getpid(), SIGTERM), 0);
	assert_int_equal(sf_signals_next(fd, &taken), SF_OK);
	assert_int_equal(taken, SF_SIGNAL_STOP);
	assert_int_equal(kill(getpid(), SIGINT), 0);
	assert_int_equal(sf_signals_next(fd, &taken), SF_OK);
	assert_int_equal(taken, SF_SIGNAL_STOP);
	assert_int_equal(kill(getpid(), SIGPIPE), 0);
	assert_int_equal(sf_signals_next(fd, &taken), SF_ERR_AGAIN);
	sf_signals_close(&fd);
	assert_int_equal(fd, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signals_are_read_and_not_delivered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
