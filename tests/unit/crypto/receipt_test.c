#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "crypto/receipt.h"
#include "crypto/merkle.h"
#include "unit/crypto/sealing.h"

#define COUNT_MAX 100

struct turn {
	struct party coordinator;
	uint8_t bytes[COUNT_MAX][40];
	struct sf_view receipts[COUNT_MAX];
	uint8_t paths[COUNT_MAX * SF_MERKLE_PATH_SIZE_MAX];
	uint8_t depths[COUNT_MAX];
	uint8_t signature[SF_SIGNATURE_SIZE];
	size_t count;
};

static void turn_open(struct turn *turn, size_t count)
{
	party_open(&turn->coordinator, 1);
	turn->count = count;
	for (size_t i = 0; i < count; i++) {
		chance("receipt", i, turn->bytes[i], sizeof(turn->bytes[i]));
		turn->receipts[i] = sf_view_of(turn->bytes[i], sizeof(turn->bytes[i]));
	}
	assert_int_equal(sf_receipt_sign(turn->coordinator.keyring, turn->coordinator.signing_id,
				 turn->receipts, count, turn->paths, turn->depths, turn->signature),
		SF_OK);
}

static enum sf_err check(struct turn *turn, size_t number, size_t index, size_t count)
{
	struct sf_view path = sf_view_of(
		turn->paths + number * SF_MERKLE_PATH_SIZE_MAX, (size_t)32 * turn->depths[number]);
	return sf_receipt_check(turn->coordinator.keyring, turn->coordinator.signing_key,
		turn->receipts[number], (uint16_t)index, (uint16_t)count, path, turn->signature);
}

static void test_each_receipt_proves_itself_alone(void **state)
{
	(void)state;
	static const size_t counts[] = {1, 2, 3, 7, COUNT_MAX};
	for (size_t c = 0; c < SF_COUNT(counts); c++) {
		static struct turn turn;
		turn_open(&turn, counts[c]);
		for (size_t i = 0; i < turn.count; i++) {
			assert_int_equal(check(&turn, i, i, turn.count), SF_OK);
			/* Another place, another count, another byte. */
			assert_int_equal(check(&turn, i, i + 1, turn.count), SF_ERR_AUTH);
			assert_int_equal(check(&turn, i, i, turn.count + 1), SF_ERR_AUTH);
			turn.bytes[i][5] ^= 1;
			assert_int_equal(check(&turn, i, i, turn.count), SF_ERR_AUTH);
			turn.bytes[i][5] ^= 1;
		}
		turn.signature[9] ^= 1;
		assert_int_equal(check(&turn, 0, 0, turn.count), SF_ERR_AUTH);
		party_close(&turn.coordinator);
	}
}

/* WIRE 7.3: the root of a single receipt is its leaf hash, so it cannot stand for an envelope. */
static void test_signature_of_one_receipt_is_over_its_leaf_hash(void **state)
{
	(void)state;
	static struct turn turn;
	turn_open(&turn, 1);
	assert_int_equal(turn.depths[0], 0);
	struct sf_digest leaf;
	sf_merkle_leaf(turn.receipts[0], &leaf);
	static const char label[] = "stafet/v1/receipts";
	static const uint8_t one[2] = {0, 1};
	struct sf_view parts[] = {sf_view_of(label, sizeof(label)), sf_view_of(one, sizeof(one)),
		sf_digest_view(&leaf)};
	struct sf_crypto *crypto = &turn.coordinator.crypto;
	assert_int_equal(crypto->check(crypto->self, turn.coordinator.signing_key, parts,
				 SF_COUNT(parts), turn.signature),
		SF_OK);
	party_close(&turn.coordinator);
}

static void test_counts_out_of_range_are_refused(void **state)
{
	(void)state;
	static struct turn turn;
	turn_open(&turn, 1);
	assert_int_equal(sf_receipt_sign(turn.coordinator.keyring, turn.coordinator.signing_id,
				 turn.receipts, 0, turn.paths, turn.depths, turn.signature),
		SF_ERR_USAGE);
	assert_int_equal(sf_receipt_sign(turn.coordinator.keyring, turn.coordinator.signing_id,
				 turn.receipts, 4097, turn.paths, turn.depths, turn.signature),
		SF_ERR_USAGE);
	struct sf_id unknown = {{1}};
	assert_int_equal(sf_receipt_sign(turn.coordinator.keyring, unknown, turn.receipts, 1,
				 turn.paths, turn.depths, turn.signature),
		SF_ERR_KEY_UNKNOWN);
	assert_int_equal(check(&turn, 0, 0, 0), SF_ERR_AUTH);
	party_close(&turn.coordinator);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_receipt_proves_itself_alone),
		cmocka_unit_test(test_signature_of_one_receipt_is_over_its_leaf_hash),
		cmocka_unit_test(test_counts_out_of_range_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
