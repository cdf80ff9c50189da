#include "os/notify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

static int clear(void **state)
{
	(void)state;
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	return 0;
}

static void test_without_a_manager_nothing_happens(void **state)
{
	(void)state;
	struct sf_notify notify;
	assert_int_equal(sf_notify_open(&notify, NULL), SF_OK);
	assert_int_equal(notify.fd, -1);
	assert_int_equal(notify.watchdog_ms, 0);
	sf_notify_ready(&notify);
	sf_notify_close(&notify);
}

static void expect(int manager, const char *text)
{
	char got[64] = "";
	assert_int_equal(recv(manager, got, sizeof(got) - 1, MSG_DONTWAIT), strlen(text));
	assert_string_equal(got, text);
}

static void test_manager_hears_what_is_said(void **state)
{
	(void)state;
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	snprintf(
		address.sun_path, sizeof(address.sun_path), "/tmp/stafet-notify-%d", (int)getpid());
	int manager = socket(AF_UNIX, SOCK_DGRAM, 0);
	assert_int_equal(bind(manager, (struct sockaddr *)&address, sizeof(address)), 0);
	setenv("NOTIFY_SOCKET", address.sun_path, 1);
	setenv("WATCHDOG_USEC", "30000000", 1);
	struct sf_notify notify;
	assert_int_equal(sf_notify_open(&notify, NULL), SF_OK);
	assert_int_equal(notify.watchdog_ms, 15000);
	sf_notify_ready(&notify);
	expect(manager, "READY=1\n");
	sf_notify_alive(&notify);
	expect(manager, "WATCHDOG=1\n");
	sf_notify_stopping(&notify);
	expect(manager, "STOPPING=1\n");
	sf_notify_close(&notify);
	setenv("WATCHDOG_PID", "1", 1);
	assert_int_equal(sf_notify_open(&notify, NULL), SF_OK);
	assert_int_equal(notify.watchdog_ms, 0);
	close(manager);
	unlink(address.sun_path);
	/* A manager that went away is no reason to stop. */
	sf_notify_alive(&notify);
	sf_notify_close(&notify);
}

static void test_unusable_socket_name_is_a_configuration_error(void **state)
{
	(void)state;
	struct sf_notify notify;
	struct sf_diag diag = {""};
	setenv("NOTIFY_SOCKET", "relative", 1);
	assert_int_equal(sf_notify_open(&notify, &diag), SF_ERR_CONFIG);
	setenv("NOTIFY_SOCKET", "/tmp/stafet-nobody-listens-here", 1);
	assert_int_equal(sf_notify_open(&notify, &diag), SF_ERR_CONFIG);
	assert_non_null(strstr(diag.text, "NOTIFY_SOCKET"));
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, clear, clear)
	const struct CMUnitTest tests[] = {
		CASE(test_without_a_manager_nothing_happens),
		CASE(test_manager_hears_what_is_said),
		CASE(test_unusable_socket_name_is_a_configuration_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
