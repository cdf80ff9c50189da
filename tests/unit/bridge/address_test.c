#include "bridge/address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

static void assert_address(const char *text, int family, bool loopback)
{
	struct sf_address address;
	assert_int_equal(sf_address_parse(text, &address, NULL), SF_OK);
	assert_int_equal(address.place.ss_family, family);
	assert_int_equal(address.loopback, loopback);
}

static void test_numbers_are_read(void **state)
{
	(void)state;
	assert_address("127.0.0.1:2575", AF_INET, true);
	assert_address("127.9.9.9:0", AF_INET, true);
	assert_address("[::1]:65535", AF_INET6, true);
	assert_address("0.0.0.0:2575", AF_INET, false);
	assert_address("10.0.0.7:2575", AF_INET, false);
	assert_address("[::]:2575", AF_INET6, false);
	/* An IPv4 loopback address in IPv6's clothes is let in by nobody. */
	assert_address("[::ffff:127.0.0.1]:2575", AF_INET6, false);
}

static void test_others_are_refused(void **state)
{
	(void)state;
	static const char *const texts[] = {"", ":", "2575", "127.0.0.1",
		"127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:999999999", "127.0.0.1:2575x",
		"localhost:2575", "::1:2575", "[::1]", "[]:2575", "[127.0.0.1]:2575",
		"127.0.0.1:-1"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct sf_address address;
		struct sf_diag diag = {{0}};
		assert_int_equal(sf_address_parse(texts[i], &address, &diag), SF_ERR_CONFIG);
		assert_true(diag.text[0] != '\0');
	}
}

static void test_port_is_told_and_taken_once(void **state)
{
	(void)state;
	struct sf_address address;
	int descriptor, other;
	unsigned port = 0;
	assert_int_equal(sf_address_parse("127.0.0.1:0", &address, NULL), SF_OK);
	assert_int_equal(
		sf_address_listen(&address, "127.0.0.1:0", &descriptor, &port, NULL), SF_OK);
	assert_true(port > 0);
	struct sf_diag text, diag = {{0}};
	sf_diag_set(&text, "127.0.0.1:%u", port);
	assert_int_equal(sf_address_parse(text.text, &address, NULL), SF_OK);
	assert_int_equal(sf_address_listen(&address, text.text, &other, &port, &diag), SF_ERR_IO);
	assert_true(diag.text[0] != '\0');
	close(descriptor);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers_are_read),
		cmocka_unit_test(test_others_are_refused),
		cmocka_unit_test(test_port_is_told_and_taken_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
