#include "http/listen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/check.h"

static void test_loopback_alone_is_taken_without_encryption(void **state)
{
	(void)state;
	static const struct {
		const char *address;
		enum sf_err plain, encrypted;
	} cases[] = {
		{"127.0.0.1:0", SF_OK, SF_OK},
		{"127.9.9.9:0", SF_OK, SF_OK},
		{"0.0.0.0:0", SF_ERR_CONFIG, SF_OK},
		{"192.0.2.1:0", SF_ERR_CONFIG, SF_ERR_IO}, /* no machine has it */
		{"[::ffff:127.0.0.1]:0", SF_ERR_CONFIG, SF_ERR_IO},
		{"localhost:0", SF_ERR_CONFIG, SF_ERR_CONFIG},
		{"127.0.0.1", SF_ERR_CONFIG, SF_ERR_CONFIG},
		{"127.0.0.1:70000", SF_ERR_CONFIG, SF_ERR_CONFIG},
		{"127.0.0.1:-1", SF_ERR_CONFIG, SF_ERR_CONFIG},
		{"::1:0", SF_ERR_CONFIG, SF_ERR_CONFIG},
		{"[]:0", SF_ERR_CONFIG, SF_ERR_CONFIG},
		{"[:0", SF_ERR_CONFIG, SF_ERR_CONFIG},
		{":0", SF_ERR_CONFIG, SF_ERR_CONFIG},
	};
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		for (int plain = 0; plain < 2; plain++) {
			int descriptor = -1;
			uint16_t port = 0;
			struct sf_diag diag = {{0}};
			enum sf_err wanted = plain ? cases[i].plain : cases[i].encrypted;
			enum sf_err err =
				sf_http_listen(cases[i].address, plain, &descriptor, &port, &diag);
			if (err != wanted)
				fail_msg("%s: %s", cases[i].address, diag.text);
			assert_true((descriptor >= 0) == (err == SF_OK));
			assert_true((port > 0) == (err == SF_OK));
			assert_true((diag.text[0] != '\0') == (err != SF_OK));
			if (descriptor >= 0)
				close(descriptor);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_loopback_alone_is_taken_without_encryption),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
