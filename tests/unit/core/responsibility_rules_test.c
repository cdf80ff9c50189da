/* Ledgers broken by hand: every rule must notice. */
#include "unit/core/check.h"

#include "core/responsibility.h"

#define CARE SF_DOMAIN_BIT(SF_DOMAIN_CARE)
#define MEDICAL SF_DOMAIN_BIT(SF_DOMAIN_MEDICAL)
#define ACTIVE (MEDICAL | CARE)

static const struct sf_id hospital = {{'H'}};
static const struct sf_id town = {{'K'}};
static struct sf_ledger ledger;
static max_align_t memory[1024];

/* The hospital has medical; the municipality accepted care; one more offer of medical is open. */
static int set_up(void **state)
{
	(void)state;
	struct sf_ledger empty;
	struct sf_block block = {.place = (uint8_t *)memory};
	sf_ledger_init(&empty);
	ledger = sf_ledger_put(&block, &empty, true);
	assert_true(block.size <= sizeof(memory));
	struct sf_ledger_cause first = {.at_ms = 1000, .sequence = 1, .message = {{'m', 1}}};
	struct sf_ledger_cause second = {.at_ms = 2000, .sequence = 2, .message = {{'m', 2}}};
	sf_ledger_begin(&ledger, &first, ACTIVE, hospital, SF_BASIS_OPENING);
	sf_ledger_offer(
		&ledger, &first, (struct sf_id){{1}}, hospital, SF_ROLE_MUNICIPALITY, town, CARE);
	sf_ledger_answer(&ledger, &second, &ledger.offers[0], SF_OFFER_ACCEPTED, CARE);
	sf_ledger_offer(&ledger, &second, (struct sf_id){{2}}, hospital, SF_ROLE_MUNICIPALITY, town,
		MEDICAL);
	return 0;
}

static void assert_broken(const char *rule)
{
	const char *broken = sf_ledger_rule_broken(&ledger, ACTIVE, hospital);
	assert_non_null(broken);
	assert_memory_equal(broken, rule, 2);
}

static void test_whole_ledger_breaks_nothing(void **state)
{
	(void)state;
	assert_null(sf_ledger_rule_broken(&ledger, ACTIVE, hospital));
}

static void test_r1_active_domain_without_a_holder(void **state)
{
	(void)state;
	assert_string_equal(
		sf_ledger_rule_broken(&ledger, SF_DOMAIN_ALL, hospital), "R1 one holder");
	ledger.current[SF_DOMAIN_MEDICAL] = SF_LEDGER_NO_LINE;
	assert_broken("R1");
}

static void test_r1_two_holders(void **state)
{
	(void)state;
	ledger.lines[1].until_ms = SF_LEDGER_OPEN;
	assert_broken("R1");
}

static void test_r1_line_of_nobody(void **state)
{
	(void)state;
	ledger.lines[0].holder = (struct sf_id){{0}};
	assert_broken("R1");
}

static void test_r1_inactive_domain_with_a_holder(void **state)
{
	(void)state;
	assert_non_null(sf_ledger_rule_broken(&ledger, MEDICAL, hospital));
}

static void test_r1_time_going_back(void **state)
{
	(void)state;
	ledger.lines[2].from_ms = 500;
	assert_broken("R1");
}

static void test_r3_holder_without_an_acceptance(void **state)
{
	(void)state;
	ledger.lines[2].holder = (struct sf_id){{'X'}};
	assert_broken("R3");
	ledger.lines[2].holder = town;
	ledger.lines[2].basis_message = (struct sf_id){{'x'}};
	assert_broken("R3");
}

static void test_r4_refusal_that_took_something(void **state)
{
	(void)state;
	ledger.offers[1].state = SF_OFFER_REFUSED;
	ledger.offers[1].answered_by = (struct sf_id){{9}};
	assert_null(sf_ledger_rule_broken(&ledger, ACTIVE, hospital));
	ledger.offers[1].taken = MEDICAL;
	assert_broken("R4");
}

static void test_r7_hospital_line_of_another(void **state)
{
	(void)state;
	ledger.lines[2].basis = SF_BASIS_HOSPITAL;
	assert_broken("R7");
}

static void test_r8_clause_without_what_was_told(void **state)
{
	(void)state;
	ledger.lines[2].basis = SF_BASIS_CLAUSE;
	assert_broken("R8");
	ledger.lines[2].told = (struct sf_id){{'d'}};
	assert_null(sf_ledger_rule_broken(&ledger, ACTIVE, hospital));
	ledger.lines[2].basis_message = (struct sf_id){{0}};
	assert_broken("R8");
	ledger.lines[2].basis = SF_BASIS_RESTORED; /* nothing else is told */
	assert_broken("R8");
}

static void test_r9_offer_of_what_is_not_held(void **state)
{
	(void)state;
	ledger.offers[1].domains = CARE;
	assert_broken("R9");
	ledger.offers[1].domains = MEDICAL;
	ledger.offers[1].to = hospital;
	assert_broken("R9");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, NULL)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_whole_ledger_breaks_nothing),
		TEST(test_r1_active_domain_without_a_holder),
		TEST(test_r1_two_holders),
		TEST(test_r1_line_of_nobody),
		TEST(test_r1_inactive_domain_with_a_holder),
		TEST(test_r1_time_going_back),
		TEST(test_r3_holder_without_an_acceptance),
		TEST(test_r4_refusal_that_took_something),
		TEST(test_r7_hospital_line_of_another),
		TEST(test_r8_clause_without_what_was_told),
		TEST(test_r9_offer_of_what_is_not_held),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
