#include "base/address.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/check.h"

static void test_numbers_are_read(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool six, loopback;
		uint16_t port;
	} cases[] = {
		{"127.0.0.1:2575", false, true, 2575},
		{"127.9.9.9:0", false, true, 0},
		{"[::1]:65535", true, true, 65535},
		{"0.0.0.0:00080", false, false, 80},
		{"10.0.0.7:1", false, false, 1},
		{"[::]:8080", true, false, 8080},
		/* An IPv4 loopback address in IPv6's clothes is let in by nobody. */
		{"[::ffff:127.0.0.1]:2575", true, false, 2575},
	};
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		struct sf_address address;
		assert_int_equal(sf_address_parse(cases[i].text, &address), SF_OK);
		assert_int_equal(address.six, cases[i].six);
		assert_int_equal(address.loopback, cases[i].loopback);
		assert_int_equal(address.port, cases[i].port);
	}
}

static void test_others_are_refused(void **state)
{
	(void)state;
	static const char *const texts[] = {"", ":", ":0", "2575", "127.0.0.1",
		"127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:999999999", "127.0.0.1:2575x",
		"127.0.0.1:-1", "127.0.0.1:+1", "127.0.0.1: 1", "localhost:2575", "::1:2575",
		"[::1]", "[:0", "[]:2575", "[127.0.0.1]:2575", "[::1%lo]:2575", "[::1]x:2575",
		"]:1", "[:1"};
	for (size_t i = 0; i < SF_COUNT(texts); i++) {
		struct sf_address address = {.port = 7};
		if (sf_address_parse(texts[i], &address) != SF_ERR_FORMAT)
			fail_msg("%s was read", texts[i]);
		assert_int_equal(address.port, 7);
	}
}

/* The system's own reader of addresses decides the same, and reads the same bytes. */
static void compare(const char *host, bool six)
{
	uint8_t wanted[16] = {0};
	char text[96];
	struct sf_address address;
	bool good = inet_pton(six ? AF_INET6 : AF_INET, host, wanted) == 1;
	snprintf(text, sizeof(text), six ? "[%s]:1" : "%s:1", host);
	if ((sf_address_parse(text, &address) == SF_OK) != good)
		fail_msg("%s is %s", text, good ? "an address" : "none");
	if (good)
		assert_memory_equal(address.bytes, wanted, six ? 16 : 4);
}

/* Every address with every one of its characters left out, doubled or exchanged. */
static void test_system_reads_the_same(void **state)
{
	(void)state;
	static const char *const hosts[] = {"127.0.0.1", "255.255.255.255", "10.20.30.40",
		"1.2.3.0", "::", "::1", "1::", "2001:db8::1", "1:2:3:4:5:6:7:8",
		"1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1:2:3:4:5:6:7.8.9.10", "::ffff:1.2.3.4",
		"fe80::ABCD:ef01", "1::2:3.4.5.6", "1:2:3:4:5:6::1.2.3.4", "::1.2.3.4"};
	static const char letters[] = "019af.:g";
	for (size_t i = 0; i < SF_COUNT(hosts); i++) {
		size_t size = strlen(hosts[i]);
		bool six = strchr(hosts[i], ':') != NULL;
		char host[64];
		compare(hosts[i], six);
		for (size_t at = 0; at < size; at++) {
			snprintf(
				host, sizeof(host), "%.*s%s", (int)at, hosts[i], hosts[i] + at + 1);
			compare(host, six);
			for (size_t letter = 0; letter < sizeof(letters) - 1; letter++) {
				snprintf(host, sizeof(host), "%s", hosts[i]);
				host[at] = letters[letter];
				compare(host, six);
				snprintf(host, sizeof(host), "%.*s%c%s", (int)at, hosts[i],
					letters[letter], hosts[i] + at);
				compare(host, six);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers_are_read),
		cmocka_unit_test(test_others_are_refused),
		cmocka_unit_test(test_system_reads_the_same),
	};
	return cmocka_run_group_tests_name("base/address", tests, NULL, NULL);
}
