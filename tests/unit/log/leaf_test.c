#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "log/leaf.h"
#include "crypto/port.h"

/*
 * Two events of one transition. Leaves and heads were computed from WIRE.md section 4 with Python's
 * hashlib: C = SHA-256("stafet/v1/event\0" || r || event), leaf = 01 || class || recorded || C.
 */
static const char first_leaf[] =
	"0101000001a1ee565e7bea7d7d20e4c8541f6a19b51b5ae7bf7adcf9c8f387e931fa8087e714f6db858c";
static const char first_head[] = "d776afcfdffb8b498a7332bc8e4b7e34b4adabcd02b8509ea1de4564a4a269de";
static const char second_leaf[] =
	"0102000001a1ee574a28b663ee02efcd81a3aed633c16eccc6b111ee9d22311786152b95f597f6114527";
static const char second_head[] =
	"ddc0154f6e5c7d49a65d095e482116871a21995cc3b8b6e51e2401dca9fe3fbb";

struct fixture {
	struct sf_keyring *keyring;
	struct sf_crypto crypto;
	struct sf_leaf_event event;
	struct sf_digest r;
	uint8_t leaf[SF_LEAF_SIZE];
	struct sf_digest head;
};

static int open_fixture(void **state)
{
	static struct fixture fixture;
	fixture = (struct fixture){.event = {.recorded_ms = INT64_C(1795000000123),
					   .sequence = 1,
					   .outcome = SF_OUTCOME_APPLIED,
					   .kind_class = SF_CLASS_FACT}};
	for (size_t i = 0; i < SF_DIGEST_SIZE; i++) {
		fixture.r.bytes[i] = (uint8_t)i;
		fixture.event.digest.bytes[i] = (uint8_t)(64 + i);
	}
	for (size_t i = 0; i < SF_ID_SIZE; i++)
		fixture.event.transition.bytes[i] = (uint8_t)(0xA0 + i);
	*state = &fixture;
	if (sf_keyring_open(&fixture.keyring))
		return -1;
	sf_crypto_port(fixture.keyring, &fixture.crypto);
	return 0;
}

static int close_fixture(void **state)
{
	struct fixture *fixture = *state;
	sf_keyring_close(&fixture->keyring);
	return 0;
}

static void expect_leaf(const struct fixture *fixture, const char *hex)
{
	char text[2 * SF_LEAF_SIZE + 1];
	sf_hex_encode(sf_view_of(fixture->leaf, SF_LEAF_SIZE), text);
	assert_string_equal(text, hex);
}

static void expect_head(const struct fixture *fixture, const char *hex)
{
	char text[SF_DIGEST_TEXT_SIZE];
	sf_digest_format(&fixture->head, text);
	assert_string_equal(text, hex);
}

static void make(struct fixture *fixture)
{
	sf_log_leaf(&fixture->crypto, &fixture->event, &fixture->r, fixture->leaf);
	sf_log_head(&fixture->crypto, &fixture->event.previous_head, fixture->leaf, &fixture->head);
}

static void test_first_event_of_a_transition_is_that_of_the_definition(void **state)
{
	struct fixture *fixture = *state;
	make(fixture);
	expect_leaf(fixture, first_leaf);
	expect_head(fixture, first_head);
}

/* A refused acknowledgement: class, outcome, code and the chain all stand in their places. */
static void test_second_event_follows_the_first_head(void **state)
{
	struct fixture *fixture = *state;
	make(fixture);
	struct sf_leaf_event *event = &fixture->event;
	event->previous_head = fixture->head;
	event->recorded_ms = INT64_C(1795000060456);
	event->sequence = 2;
	event->outcome = SF_OUTCOME_REFUSED;
	event->code = 16;
	event->kind_class = SF_CLASS_ACKNOWLEDGEMENT;
	for (size_t i = 0; i < SF_DIGEST_SIZE; i++) {
		fixture->r.bytes[i] = (uint8_t)(255 - i);
		event->digest.bytes[i] = 7;
	}
	make(fixture);
	expect_leaf(fixture, second_leaf);
	expect_head(fixture, second_head);
}

/* No part of the event may change unseen; r hides but also binds. */
static void test_every_part_changes_the_leaf(void **state)
{
	struct fixture *fixture = *state;
	const struct fixture first = *fixture;
	for (size_t part = 0; part < 9; part++) {
		*fixture = first;
		struct sf_leaf_event *event = &fixture->event;
		fixture->r.bytes[31] ^= part == 0;
		event->digest.bytes[31] ^= part == 1;
		event->transition.bytes[15] ^= part == 2;
		event->recorded_ms += part == 3;
		event->sequence += part == 4;
		event->outcome = part == 5 ? SF_OUTCOME_DEVIATION : event->outcome;
		event->code = (uint16_t)(event->code + (part == 6));
		event->previous_head.bytes[31] ^= part == 7;
		event->kind_class = part == 8 ? SF_CLASS_RESEND : event->kind_class;
		make(fixture);
		char text[2 * SF_LEAF_SIZE + 1];
		sf_hex_encode(sf_view_of(fixture->leaf, SF_LEAF_SIZE), text);
		assert_string_not_equal(text, first_leaf);
	}
}

static void test_head_is_of_leaf_and_predecessor(void **state)
{
	struct fixture *fixture = *state;
	make(fixture);
	struct sf_digest head = fixture->head, previous = {{1}};
	sf_log_head(&fixture->crypto, &previous, fixture->leaf, &fixture->head);
	assert_false(sf_digest_equal(&fixture->head, &head));
	fixture->leaf[41] ^= 1;
	sf_log_head(&fixture->crypto, &fixture->event.previous_head, fixture->leaf, &fixture->head);
	assert_false(sf_digest_equal(&fixture->head, &head));
}

/* What a receipt tells of is the same event; without a sequence it is of no transition. */
static void test_leaf_of_a_receipt_is_that_of_its_event(void **state)
{
	struct fixture *fixture = *state;
	const struct sf_id transition = fixture->event.transition;
	struct sf_receipt receipt = {.digest = fixture->event.digest,
		.recorded_ms = fixture->event.recorded_ms,
		.sequence = fixture->event.sequence,
		.r = fixture->r,
		.outcome = fixture->event.outcome,
		.kind_class = fixture->event.kind_class};
	sf_log_receipt_leaf(&fixture->crypto, &receipt, transition, fixture->leaf);
	expect_leaf(fixture, first_leaf);
	receipt.sequence = fixture->event.sequence = 0;
	fixture->event.transition = (struct sf_id){{0}};
	make(fixture);
	uint8_t expected[SF_LEAF_SIZE];
	memcpy(expected, fixture->leaf, sizeof(expected));
	sf_log_receipt_leaf(&fixture->crypto, &receipt, transition, fixture->leaf);
	assert_memory_equal(fixture->leaf, expected, sizeof(expected));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_first_event_of_a_transition_is_that_of_the_definition),
		TEST(test_second_event_follows_the_first_head),
		TEST(test_every_part_changes_the_leaf),
		TEST(test_head_is_of_leaf_and_predecessor),
		TEST(test_leaf_of_a_receipt_is_that_of_its_event),
	};
	return cmocka_run_group_tests_name("log/leaf", tests, NULL, NULL);
}
