#include "os/agreement_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HEAD "agreement \"a\" {\nversion = 4\ntime-zone = \"Europe/Copenhagen\"\n" /* 3 lines */
#define CLAUSE                                                                                     \
	"handover { on = \"stay.discharge-home\" offers = {\"care\"} to = \"municipality\" }\n"

static enum sf_err parse(
	const char *text, struct sf_agreement_text *agreement, struct sf_diag *diag)
{
	return sf_agreement_text_parse("x.agreement", sf_view_text(text), agreement, diag);
}

static void test_example_has_one_handover(void **state)
{
	(void)state;
	struct sf_agreement_text agreement;
	struct sf_diag diag = {{0}};
	if (sf_agreement_text_load(
		    SF_TESTS_DIR "/../deploy/examples/handover.agreement", &agreement, &diag))
		fail_msg("%s", diag.text);
	assert_string_equal(agreement.name, "handover");
	assert_int_equal(agreement.version, 1);
	assert_string_equal(agreement.time_zone, "Europe/Copenhagen");
	assert_int_equal(agreement.pathway_count, 1);
	assert_int_equal(agreement.pathways[0].pathway, SF_PATHWAY_SOMATIC);
	assert_int_equal(agreement.pathways[0].handover_count, 1);
	const struct sf_handover *handover = &agreement.pathways[0].handovers[0];
	assert_int_equal(handover->on, SF_ACTIVITY_DISCHARGE_HOME);
	assert_int_equal(handover->offers,
		SF_DOMAIN_BIT(SF_DOMAIN_CARE) | SF_DOMAIN_BIT(SF_DOMAIN_MEDICATION));
	assert_int_equal(handover->to, SF_ROLE_MUNICIPALITY);
}

static void test_signed_form_of_the_text_reads_as_the_same(void **state)
{
	(void)state;
	struct sf_agreement_text agreement, again;
	struct sf_diag diag = {{0}};
	if (parse(HEAD "calendar = \"denmark\"\nvalid-from = \"2026-01-01\"\n"
		       "pathway \"somatic\" {\n" CLAUSE CLAUSE
		       "}\npathway \"psychiatric\" { }\n}\n",
		    &agreement, &diag))
		fail_msg("%s", diag.text);
	struct sf_buf bytes;
	sf_buf_init(&bytes, 65536);
	assert_int_equal(sf_agreement_encode(&agreement, &bytes), SF_OK);
	assert_int_equal(sf_agreement_decode(sf_buf_view(&bytes), &again, &diag), SF_OK);
	assert_int_equal(again.pathway_count, 2);
	assert_int_equal(again.pathways[0].handover_count, 2);
	assert_int_equal(again.pathways[1].pathway, SF_PATHWAY_PSYCHIATRIC);
	assert_int_equal(again.version, 4);
	sf_buf_fini(&bytes);
}

static void test_wrong_text_is_named_with_its_line(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		const char *says;
	} cases[] = {
		{"", "x.agreement:1: there is no agreement"},
		{"agreement \"a\" { }\n", "key 'version' is missing"},
		{"agreement \"\" { version = 1 }\n", "name must have 1 to 63"},
		{HEAD "}\n", "needs a pathway"},
		{HEAD "pathway \"somatic\" {\nexpectation \"x\" { } } }\n",
			"x.agreement:5: 'expectation' comes with a later version"},
		{HEAD "pathway \"somatic\" {\nwindow \"x\" { } } }\n",
			"x.agreement:5: 'window' comes with a later version"},
		{HEAD "pathway \"somatic\" {\npayment { } } }\n",
			"x.agreement:5: 'payment' comes with a later version"},
		{HEAD "suspended = {\"x\"}\n", "x.agreement:4: 'suspended' comes with a later"},
		{HEAD "pathway \"somatic\" {\n" CLAUSE "wind = 1\n", "x.agreement:6: unknown key"},
		{HEAD "pathway \"somatic\" {\nhandover { if = {\"has-case\"} } } }\n",
			"x.agreement:5: 'if' comes with a later version"},
		{HEAD "version = 5\n", "x.agreement:4: key 'version' stands twice"},
		{HEAD "pathway \"surgical\" { }\n}\n", "a pathway is"},
		{HEAD "pathway \"somatic\" { }\npathway \"somatic\" { }\n}\n", "x.agreement:5: "},
		{HEAD "calendar = \"sweden\"\npathway \"somatic\" { }\n}\n",
			"x.agreement:4: 'calendar'"},
		{HEAD "valid-from = \"2026-13-01\"\npathway \"somatic\" { }\n}\n",
			"x.agreement:4: 'valid-from'"},
		{HEAD "pathway \"somatic\" {\nhandover { offers = {care} to = gp } } }\n",
			"key 'on' is missing"},
		{HEAD "pathway \"somatic\" {\nhandover { on = \"stay.x\" offers = {care} to = gp } "
		      "} }\n",
			"x.agreement:5: 'on' must be"},
		{HEAD "pathway \"somatic\" {\nhandover { on = \"stay.death\" to = gp } } }\n",
			"key 'offers' is missing"},
		{HEAD "pathway \"somatic\" {\nhandover { on = \"stay.death\" offers = {food} to = "
		      "gp } } }\n",
			"x.agreement:5: 'offers' has a word"},
		{HEAD "pathway \"somatic\" {\nhandover { on = \"stay.death\" offers = {care, "
		      "care} to = gp } } }\n",
			"names a domain twice"},
		{HEAD "pathway \"somatic\" {\nhandover { on = \"stay.death\" offers = {care} to = "
		      "auditor } } }\n",
			"x.agreement:5: 'to' must be a role"},
		{HEAD "pathway \"somatic\" {\nhandover { on = \"stay.death\" offers = {care} to = "
		      "gp\nsilence = passes } } }\n",
			"x.agreement:6: 'silence' can only be"},
		{"agreement \"a\" {\nversion = 0\n}\n", "x.agreement:2: 'version' must be"},
		{"agreement \"a\" {\nversion = 1\ntime-zone = \"../x\"\n}\n",
			"x.agreement:3: 'time-zone' must be"},
		{HEAD "pathway \"somatic\" { }\n}\n" HEAD "pathway \"somatic\" { }\n}\n",
			"x.agreement:"},
	};
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		struct sf_agreement_text agreement;
		struct sf_diag diag = {{0}};
		enum sf_err err = parse(cases[i].text, &agreement, &diag);
		if (err != SF_ERR_CONFIG || !strstr(diag.text, cases[i].says))
			fail_msg("case %zu: %d '%s', not '%s'", i, err, diag.text, cases[i].says);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_example_has_one_handover),
		cmocka_unit_test(test_signed_form_of_the_text_reads_as_the_same),
		cmocka_unit_test(test_wrong_text_is_named_with_its_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
