#include "unit/core/check.h"

#include "core/responsibility.h"

#define CARE SF_DOMAIN_BIT(SF_DOMAIN_CARE)
#define MEDICAL SF_DOMAIN_BIT(SF_DOMAIN_MEDICAL)

static const struct sf_id hospital = {{'H'}};
static const struct sf_id town = {{'K'}};
static const struct sf_id doctor = {{'G'}};
static struct sf_ledger ledger;
static max_align_t memory[1024];

static struct sf_ledger_cause cause(uint8_t step)
{
	return (struct sf_ledger_cause){
		.at_ms = 1000 * step, .sequence = step, .message = {{'m', step}}};
}

static struct sf_ledger put(struct sf_ledger from, bool with_room, void *place, size_t size)
{
	struct sf_block measured = {0}, block = {.place = place};
	sf_ledger_put(&measured, &from, with_room);
	assert_true(measured.size <= size);
	return sf_ledger_put(&block, &from, with_room);
}

/* Room for a step is made by copying, as the transition does it. */
static int set_up(void **state)
{
	(void)state;
	struct sf_ledger empty;
	sf_ledger_init(&empty);
	ledger = put(empty, true, memory, sizeof(memory));
	struct sf_ledger_cause first = cause(1);
	sf_ledger_begin(&ledger, &first, MEDICAL | CARE, hospital, SF_BASIS_OPENING);
	return 0;
}

static void assert_holder(enum sf_domain domain, struct sf_id wanted)
{
	assert_memory_equal(sf_ledger_holder(&ledger, domain).bytes, wanted.bytes, SF_ID_SIZE);
}

static void test_move_ends_one_line_and_begins_the_next(void **state)
{
	(void)state;
	struct sf_ledger_cause second = cause(2);
	sf_ledger_move(&ledger, &second, SF_DOMAIN_CARE, town, SF_BASIS_ACCEPT);
	assert_int_equal(ledger.line_count, 3);
	assert_int_equal(ledger.lines[1].until_ms, 2000);
	assert_int_equal(ledger.lines[2].from_ms, 2000);
	assert_int_equal(ledger.lines[2].until_ms, SF_LEDGER_OPEN);
	assert_holder(SF_DOMAIN_CARE, town);
	assert_int_equal(sf_ledger_held(&ledger, hospital), MEDICAL);
	sf_ledger_move(&ledger, &second, SF_DOMAIN_CARE, town, SF_BASIS_ACCEPT);
	assert_int_equal(ledger.line_count, 3);
	assert_int_equal(sf_ledger_held(&ledger, (struct sf_id){{0}}), 0);
}

static void test_offers_of_the_old_holder_lapse(void **state)
{
	(void)state;
	struct sf_ledger_cause second = cause(2);
	sf_ledger_offer(
		&ledger, &second, (struct sf_id){{1}}, hospital, SF_ROLE_MUNICIPALITY, town, CARE);
	sf_ledger_offer(&ledger, &second, (struct sf_id){{2}}, hospital, SF_ROLE_GP, doctor,
		CARE | MEDICAL);
	sf_ledger_answer(&ledger, &second, &ledger.offers[0], SF_OFFER_ACCEPTED, CARE);
	assert_holder(SF_DOMAIN_CARE, town);
	assert_int_equal(sf_ledger_offer_remaining(&ledger.offers[0]), 0);
	assert_int_equal(sf_ledger_offer_remaining(&ledger.offers[1]), MEDICAL);
	sf_ledger_take_back(&second, &ledger.offers[1], MEDICAL);
	assert_int_equal(ledger.offers[1].state, SF_OFFER_WITHDRAWN);
	assert_null(sf_ledger_rule_broken(&ledger, MEDICAL | CARE, hospital));
}

static void test_end_and_restore(void **state)
{
	(void)state;
	struct sf_ledger_cause second = cause(2), third = cause(3);
	sf_ledger_move(&ledger, &second, SF_DOMAIN_MEDICAL, doctor, SF_BASIS_RESTORED);
	sf_ledger_offer(
		&ledger, &second, (struct sf_id){{1}}, hospital, SF_ROLE_MUNICIPALITY, town, CARE);
	sf_ledger_end(&ledger, &second);
	assert_false(ledger.open);
	assert_holder(SF_DOMAIN_CARE, (struct sf_id){{0}});
	assert_int_equal(ledger.offers[0].state, SF_OFFER_ANNULLED);
	assert_null(sf_ledger_rule_broken(&ledger, MEDICAL | CARE, hospital));
	sf_domain_set active = MEDICAL | CARE | SF_DOMAIN_BIT(SF_DOMAIN_SOCIAL);
	sf_ledger_restore(&ledger, &third, active, hospital);
	assert_holder(SF_DOMAIN_MEDICAL, doctor);
	assert_holder(SF_DOMAIN_CARE, hospital);
	assert_holder(SF_DOMAIN_SOCIAL, hospital);
	assert_int_equal(ledger.offers[0].state, SF_OFFER_OPEN);
	assert_null(sf_ledger_rule_broken(&ledger, active, hospital));
}

static void test_copy_is_equal_and_apart(void **state)
{
	(void)state;
	max_align_t place[1024];
	struct sf_ledger copy = put(ledger, true, place, sizeof(place));
	struct sf_ledger_cause second = cause(2);
	sf_ledger_move(&copy, &second, SF_DOMAIN_CARE, town, SF_BASIS_ACCEPT);
	assert_holder(SF_DOMAIN_CARE, hospital);
	assert_int_equal(ledger.lines[1].until_ms, SF_LEDGER_OPEN);
}

static void test_words(void **state)
{
	(void)state;
	assert_string_equal(sf_basis_text(SF_BASIS_OPENING), "opening");
	assert_string_equal(sf_basis_text(SF_BASIS_ACCEPT), "accept");
	assert_string_equal(sf_basis_text(SF_BASIS_CLAUSE), "clause");
	assert_string_equal(sf_basis_text(SF_BASIS_HOSPITAL), "hospital");
	assert_string_equal(sf_basis_text(SF_BASIS_RESTORED), "restored");
	assert_string_equal(sf_basis_text((enum sf_basis)99), "unknown");
	assert_string_equal(sf_offer_state_text(SF_OFFER_OPEN), "open");
	assert_string_equal(sf_offer_state_text(SF_OFFER_ACCEPTED), "accepted");
	assert_string_equal(sf_offer_state_text(SF_OFFER_REFUSED), "refused");
	assert_string_equal(sf_offer_state_text(SF_OFFER_WITHDRAWN), "withdrawn");
	assert_string_equal(sf_offer_state_text(SF_OFFER_ANNULLED), "annulled");
	assert_string_equal(sf_offer_state_text((enum sf_offer_state)99), "unknown");
}

/* Between steps a transition keeps what it uses: there are a hundred thousand of them. */
static void test_a_copy_has_the_room_of_a_step_or_none(void **state)
{
	(void)state;
	max_align_t place[1024];
	struct sf_ledger kept = put(ledger, false, place, sizeof(place));
	assert_int_equal(kept.line_capacity, 2);
	assert_int_equal(kept.offer_capacity, 0);
	assert_null(kept.offers);
	assert_memory_equal(kept.lines, ledger.lines, 2 * sizeof(*kept.lines));
	struct sf_ledger copy = put(kept, true, memory, sizeof(memory));
	assert_int_equal(copy.line_count, 2);
	assert_int_equal(copy.line_capacity, 2 + SF_LEDGER_STEP_LINES_MAX);
	assert_int_equal(copy.offer_capacity, SF_LEDGER_STEP_OFFERS_MAX);
}

static void test_line_of_a_clause_says_what_its_holder_was_told(void **state)
{
	(void)state;
	struct sf_ledger_cause second = cause(2);
	second.told = (struct sf_id){{'d'}};
	sf_ledger_move(&ledger, &second, SF_DOMAIN_CARE, town, SF_BASIS_ACCEPT);
	sf_ledger_move(&ledger, &second, SF_DOMAIN_MEDICAL, doctor, SF_BASIS_CLAUSE);
	assert_true(sf_id_is_none(ledger.lines[2].told));
	assert_true(sf_id_equal(ledger.lines[3].told, second.told));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, NULL)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_move_ends_one_line_and_begins_the_next),
		TEST(test_offers_of_the_old_holder_lapse),
		TEST(test_end_and_restore),
		TEST(test_copy_is_equal_and_apart),
		TEST(test_words),
		TEST(test_a_copy_has_the_room_of_a_step_or_none),
		TEST(test_line_of_a_clause_says_what_its_holder_was_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
