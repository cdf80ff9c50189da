/* The hospital says who is who, again and again (R4). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/node/terms.h"

static struct sf_request bind(struct sf_id transition, enum sf_role role, const char *party)
{
	return (struct sf_request){.kind = SF_REQUEST_BIND,
		.bind = {.transition = transition, .role = role, .party = party}};
}

static struct sf_id admit(struct region *region)
{
	struct sf_id id = region_send(region, "STIN_H").transition;
	region_run(region, 5 * SF_SECOND_MS);
	return id;
}

static const struct sf_binding *binding_of(
	struct sf_sim_machine *machine, struct sf_id id, enum sf_role role)
{
	const struct sf_parties *parties = sf_transition_parties(terms_replica(machine, id));
	for (size_t i = 0; i < parties->binding_count; i++)
		if (parties->bindings[i].role == role)
			return &parties->bindings[i];
	return NULL;
}

static void test_role_is_rebound_and_the_rest_stays(void **state)
{
	struct region *region = *state;
	struct sf_sim_machine *other =
		sf_sim_add(&region->world, SF_ROLE_MUNICIPALITY, "other", NULL, NULL, true);
	region_run(region, SF_MINUTE_MS);
	struct sf_id id = admit(region);
	struct sf_parties before = *sf_transition_parties(terms_replica(region->hospital, id));
	region_get(
		region, region->hospital, bind(id, SF_ROLE_MUNICIPALITY, "other"), SF_REPLY_SAID);
	region_run(region, 5 * SF_SECOND_MS);
	const struct sf_parties *after = sf_transition_parties(terms_replica(other, id));
	assert_int_equal(after->version, before.version + 1);
	assert_int_equal(after->binding_count, before.binding_count);
	assert_true(sf_digest_equal(&after->agreement, &before.agreement));
	assert_true(sf_id_equal(after->person, before.person));
	assert_true(sf_id_equal(binding_of(other, id, SF_ROLE_MUNICIPALITY)->party, other->party));
	assert_true(sf_id_equal(binding_of(other, id, SF_ROLE_GP)->party, region->gp->party));
}

static void test_role_can_be_unknown_or_without_a_node(void **state)
{
	struct region *region = *state;
	sf_sim_add(&region->world, SF_ROLE_CARE_HOME, "home", NULL, NULL, false);
	region_run(region, SF_MINUTE_MS);
	struct sf_id id = admit(region);
	static const struct {
		enum sf_role role;
		const char *party;
		enum sf_binding_state state;
	} cases[] = {
		{SF_ROLE_GP, "unknown", SF_BINDING_UNKNOWN},
		{SF_ROLE_GP, "not-enrolled", SF_BINDING_NOT_ENROLLED},
		{SF_ROLE_CARE_HOME, "home", SF_BINDING_NOT_ENROLLED},
		{SF_ROLE_GP, "gp 0", SF_BINDING_PARTY},
	};
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		region_get(region, region->hospital, bind(id, cases[i].role, cases[i].party),
			SF_REPLY_SAID);
		region_run(region, 5 * SF_SECOND_MS);
		const struct sf_binding *binding = binding_of(region->hospital, id, cases[i].role);
		assert_non_null(binding);
		assert_int_equal(binding->state, cases[i].state);
		assert_int_equal(sf_id_is_none(binding->party), cases[i].state != SF_BINDING_PARTY);
	}
}

/* Two versions in one breath: the second follows the first, not what is recorded. */
static void test_versions_follow_what_was_said_before(void **state)
{
	struct region *region = *state;
	struct sf_id id = admit(region);
	region_get(region, region->hospital, bind(id, SF_ROLE_GP, "unknown"), SF_REPLY_SAID);
	struct sf_request request = bind(id, SF_ROLE_NONE, "");
	request.bind.active = SF_DOMAIN_BIT(SF_DOMAIN_CARE);
	request.bind.pathway = SF_PATHWAY_PSYCHIATRIC;
	region_get(region, region->hospital, request, SF_REPLY_SAID);
	region_run(region, 5 * SF_SECOND_MS);
	const struct sf_parties *parties =
		sf_transition_parties(terms_replica(region->municipality, id));
	assert_int_equal(parties->version, 3);
	assert_int_equal(parties->pathway, SF_PATHWAY_PSYCHIATRIC);
	assert_int_equal(
		parties->active, SF_DOMAIN_BIT(SF_DOMAIN_CARE) | SF_DOMAIN_BIT(SF_DOMAIN_MEDICAL));
	assert_int_equal(
		binding_of(region->municipality, id, SF_ROLE_GP)->state, SF_BINDING_UNKNOWN);
}

static void test_wrong_bindings_are_told(void **state)
{
	struct region *region = *state;
	struct sf_id id = admit(region), unknown = {{0xee}};
	struct sf_sim_machine *hospital = region->hospital;
	terms_refused(
		region, region->municipality, bind(id, SF_ROLE_GP, "gp 0"), SF_REFUSAL_AUTHOR_ROLE);
	terms_not_done(region, hospital, bind(unknown, SF_ROLE_GP, "gp 0"), SF_ERR_NOT_FOUND);
	terms_not_done(region, hospital, bind(id, SF_ROLE_GP, "nobody"), SF_ERR_USAGE);
	terms_not_done(region, hospital, bind(id, SF_ROLE_GP, ""), SF_ERR_USAGE);
	terms_not_done(region, hospital, bind(id, SF_ROLE_AUDITOR, "gp 0"), SF_ERR_USAGE);
	terms_not_done(region, hospital, bind(id, SF_ROLE_NONE, ""), SF_ERR_USAGE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_role_is_rebound_and_the_rest_stays),
		TEST(test_role_can_be_unknown_or_without_a_node),
		TEST(test_versions_follow_what_was_said_before),
		TEST(test_wrong_bindings_are_told),
	};
	return cmocka_run_group_tests_name("node/bind", tests, NULL, NULL);
}
