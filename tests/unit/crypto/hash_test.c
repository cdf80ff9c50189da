#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "crypto/hash.h"

static void check_digest(const struct sf_digest *digest, const char *expected)
{
	char text[SF_DIGEST_TEXT_SIZE];
	sf_digest_format(digest, text);
	assert_string_equal(text, expected);
}

/* From python3 hashlib.blake2b(b"abc", digest_size=32) and with key=bytes(range(32)). */
static void test_blake2b_256_over_parts_is_that_of_the_whole(void **state)
{
	(void)state;
	struct sf_view whole[] = {sf_view_text("abc")};
	struct sf_view parts[] = {
		sf_view_text("a"), {0}, sf_view_text("b"), sf_view_text("c"), {0}};
	struct sf_digest digest;
	sf_hash_blake2b((struct sf_view){0}, whole, SF_COUNT(whole), &digest);
	check_digest(&digest, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
	sf_hash_blake2b((struct sf_view){0}, parts, SF_COUNT(parts), &digest);
	check_digest(&digest, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
	uint8_t key[32];
	for (size_t i = 0; i < sizeof(key); i++)
		key[i] = (uint8_t)i;
	sf_hash_blake2b(sf_view_of(key, sizeof(key)), parts, SF_COUNT(parts), &digest);
	check_digest(&digest, "d63a32d3e44738d7907f964316c241adaba0abfeabc32349677578a15a203f7f");
}

/* FIPS 180-2 appendix B.1. */
static void test_sha256_is_the_standards(void **state)
{
	(void)state;
	struct sf_view parts[] = {sf_view_text("ab"), {0}, sf_view_text("c")};
	struct sf_digest digest;
	sf_hash_sha256(parts, SF_COUNT(parts), &digest);
	check_digest(&digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

/* RFC 4231 test case 2. */
static void test_hmac_sha256_is_the_rfcs(void **state)
{
	(void)state;
	struct sf_view parts[] = {sf_view_text("what do ya want "), sf_view_text("for nothing?")};
	struct sf_digest digest;
	sf_hash_hmac_sha256(sf_view_text("Jefe"), parts, SF_COUNT(parts), &digest);
	check_digest(&digest, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static void test_label_brings_its_zero_byte(void **state)
{
	(void)state;
	struct sf_view label = SF_LABEL("stafet/v1/tbs");
	assert_int_equal(label.size, 14);
	assert_int_equal(label.data[13], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blake2b_256_over_parts_is_that_of_the_whole),
		cmocka_unit_test(test_sha256_is_the_standards),
		cmocka_unit_test(test_hmac_sha256_is_the_rfcs),
		cmocka_unit_test(test_label_brings_its_zero_byte),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
