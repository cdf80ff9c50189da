/* What opens, as text and as it is kept. */
#include "door/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "unit/door/doorstep.h"

static void test_secrets_are_43_characters_that_are_never_twice(void **state)
{
	struct doorstep *step = *state;
	char one[SF_DOOR_SECRET_SIZE], other[SF_DOOR_SECRET_SIZE];
	sf_door_secret(&step->door, one);
	sf_door_secret(&step->door, other);
	assert_int_equal(strlen(one), 43);
	assert_string_not_equal(one, other);
	assert_int_equal(
		strspn(one, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"),
		43);
}

static void test_what_it_opens_is_part_of_how_it_is_kept(void **state)
{
	struct doorstep *step = *state;
	struct sf_digest token = sf_door_digest(&step->door, "token", "x");
	struct sf_digest session = sf_door_digest(&step->door, "session", "x");
	assert_false(sf_digest_equal(&token, &session));
}

static void test_csrf_is_of_the_secret_and_not_the_secret(void **state)
{
	struct doorstep *step = *state;
	char secret[SF_DOOR_SECRET_SIZE], one[SF_DOOR_SECRET_SIZE], other[SF_DOOR_SECRET_SIZE];
	sf_door_secret(&step->door, secret);
	sf_door_csrf(&step->crypto, secret, one);
	sf_door_csrf(&step->crypto, secret, other);
	assert_string_equal(one, other);
	assert_string_not_equal(one, secret);
	sf_door_secret(&step->door, secret);
	sf_door_csrf(&step->crypto, secret, other);
	assert_string_not_equal(one, other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, doorstep_open, doorstep_close)
		TEST(test_secrets_are_43_characters_that_are_never_twice),
		TEST(test_what_it_opens_is_part_of_how_it_is_kept),
		TEST(test_csrf_is_of_the_secret_and_not_the_secret),
#undef TEST
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
