#include "bridge/listen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

static void test_port_is_told_and_taken_once(void **state)
{
	(void)state;
	static const char *const texts[] = {"127.0.0.1:0", "[::1]:0"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct sf_address address;
		struct sf_diag diag = {{0}};
		int descriptor, other;
		unsigned port = 0;
		assert_int_equal(sf_address_parse(texts[i], &address), SF_OK);
		assert_int_equal(sf_bridge_listen(&address, &descriptor, &port, &diag), SF_OK);
		assert_true(port > 0);
		address.port = (uint16_t)port;
		assert_int_equal(sf_bridge_listen(&address, &other, &port, &diag), SF_ERR_IO);
		assert_true(diag.text[0] != '\0');
		close(descriptor);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_port_is_told_and_taken_once),
	};
	return cmocka_run_group_tests_name("bridge/listen", tests, NULL, NULL);
}
