#include "os/agreement_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"

#define HEAD "agreement \"a\" {\nversion = 4\ntime-zone = \"Europe/Copenhagen\"\n" /* 3 lines */
#define TERMS HEAD "pathway \"somatic\" {\n"                                       /* 4 lines */
#define EXPECTATION                                                                                \
	"expectation \"e\" { clause = \"1\" arises-on = \"stay.admit-inpatient\" "                 \
	"owner = \"hospital\" met-by = \"letter.care-plan\" "
#define WINDOW                                                                                     \
	"window \"w\" { clause = \"1\" domain = medical starts-on = \"stay.discharge-home\" "      \
	"holder = hospital then = gp "
#define HANDOVER                                                                                   \
	"handover { on = \"stay.discharge-home\" offers = {\"care\"} to = \"municipality\" "
#define END "}\n}\n"

struct scene {
	struct sf_agreement *agreement; /* owned: too large for a stack */
	struct sf_diag diag;
};

static int begin(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	scene->agreement = calloc(1, sizeof(*scene->agreement));
	*state = scene;
	return 0;
}

static int end(void **state)
{
	struct scene *scene = *state;
	free(scene->agreement);
	free(scene);
	return 0;
}

static void load(struct scene *scene, const char *path)
{
	if (sf_agreement_text_load(path, scene->agreement, &scene->diag))
		fail_msg("%s", scene->diag.text);
}

static enum sf_err parse(struct scene *scene, const char *text)
{
	scene->diag.text[0] = '\0';
	return sf_agreement_text_parse(
		"x.agreement", sf_view_text(text), scene->agreement, &scene->diag);
}

static const struct sf_pathway_terms *terms_of(struct scene *scene, const char *text)
{
	if (parse(scene, text))
		fail_msg("%s", scene->diag.text);
	return &scene->agreement->pathways[0];
}

static void assert_trigger(const struct sf_trigger *trigger, uint32_t kind, uint32_t detail)
{
	assert_int_equal(trigger->kind, kind);
	assert_int_equal(trigger->detail, detail);
}

static void test_domain_example_head_is_read(void **state)
{
	struct scene *scene = *state;
	const struct sf_agreement *agreement = scene->agreement;
	load(scene, SF_TESTS_DIR "/unit/os/agreements/domain.agreement");
	assert_string_equal(agreement->name, "midt");
	assert_int_equal(agreement->version, 4);
	assert_int_equal(agreement->valid_from_day, 20454); /* 2026-01-01 */
	assert_string_equal(agreement->time_zone, "Europe/Copenhagen");
	assert_string_equal(agreement->calendar_name, "denmark");
	assert_true(agreement->calendar.danish);
	assert_null(agreement->calendar.zone);
	assert_int_equal(agreement->calendar.suspended_count, 1);
	assert_int_equal(agreement->calendar.suspended[0].from_day, 20811); /* 2026-12-24 */
	assert_int_equal(agreement->calendar.suspended[0].to_day, 20820);   /* 2027-01-02 */
	assert_int_equal(agreement->cut_off_minute, -1);
	assert_int_equal(agreement->pathway_count, 2);
}

static void test_domain_example_somatic_terms_are_read(void **state)
{
	struct scene *scene = *state;
	load(scene, SF_TESTS_DIR "/unit/os/agreements/domain.agreement");
	const struct sf_pathway_terms *terms = &scene->agreement->pathways[0];
	assert_int_equal(terms->pathway, SF_PATHWAY_SOMATIC);
	assert_int_equal(terms->expectation_count, 6);
	const struct sf_expectation *plan = &terms->expectations[1];
	assert_string_equal(plan->clause.name, "care-plan");
	assert_string_equal(plan->clause.citation, "2-4");
	assert_string_equal(plan->clause.source, "");
	assert_trigger(&plan->arises_on, SF_KIND_STAY, SF_ACTIVITY_ADMIT_INPATIENT);
	assert_int_equal(plan->conditions.count, 2);
	assert_int_equal(plan->conditions.items[0].code, SF_CONDITION_STAY_LONGER);
	assert_int_equal(plan->conditions.items[0].than_ms, 24 * SF_HOUR_MS);
	assert_false(plan->conditions.items[0].negated);
	assert_int_equal(plan->conditions.items[1].code, SF_CONDITION_HAS_CASE);
	assert_int_equal(plan->owner, SF_ROLE_HOSPITAL);
	assert_trigger(&plan->met_by, SF_KIND_LETTER, SF_LETTER_CARE_PLAN);
	assert_int_equal(plan->due.part_count, 1);
	assert_int_equal(plan->due.parts[0].rule, SF_DEADLINE_DISCHARGE_DAY_AT);
	assert_int_equal(plan->due.parts[0].minute, 12 * 60);
	assert_int_equal(plan->due.parts[0].if_before_minute, -1);
	assert_int_equal(plan->rung_count, 1);
	assert_int_equal(plan->rungs[0], SF_RUNG_OWNER);
	assert_int_equal(plan->escalate_ms, 0);
	assert_int_equal(terms->window_count, 1);
	const struct sf_window_clause *window = &terms->windows[0];
	assert_int_equal(window->domain, SF_DOMAIN_MEDICAL);
	assert_int_equal(window->length.parts[0].rule, SF_DEADLINE_MINUTES);
	assert_int_equal(window->length.parts[0].amount, 72 * 60);
	assert_int_equal(window->holder, SF_ROLE_HOSPITAL);
	assert_int_equal(window->then, SF_ROLE_GP);
	assert_int_equal(terms->handover_count, 1);
	const struct sf_handover *handover = &terms->handovers[0];
	assert_trigger(&handover->on, SF_KIND_STAY, SF_ACTIVITY_DISCHARGE_HOME);
	assert_int_equal(handover->offers,
		SF_DOMAIN_BIT(SF_DOMAIN_CARE) | SF_DOMAIN_BIT(SF_DOMAIN_MEDICATION));
	assert_int_equal(handover->silence, SF_SILENCE_STAYS);
	assert_int_equal(terms->payment.region_day_rate, 1976);
	assert_int_equal(terms->payment.state_day_rate, 1976);
	assert_int_equal(terms->payment.state_day_rate_from_day_3, 3952);
	assert_string_equal(terms->payment.currency, "DKK");
	assert_string_equal(terms->payment.prices, "2016");
	assert_int_equal(terms->receiver.role, SF_ROLE_NONE);
	assert_int_equal(terms->silence.after.part_count, 0);
}

static void test_domain_example_letter_is_due_by_two_rules(void **state)
{
	struct scene *scene = *state;
	load(scene, SF_TESTS_DIR "/unit/os/agreements/domain.agreement");
	const struct sf_deadline *due = &scene->agreement->pathways[0].expectations[4].due;
	assert_int_equal(due->part_count, 2);
	assert_int_equal(due->parts[0].rule, SF_DEADLINE_DAY_AT);
	assert_int_equal(due->parts[0].amount, 1);
	assert_int_equal(due->parts[0].minute, 1439);
	assert_int_equal(due->parts[0].if_before_minute, -1);
	assert_int_equal(due->parts[1].rule, SF_DEADLINE_DAY_AT);
	assert_int_equal(due->parts[1].amount, 0);
	assert_int_equal(due->parts[1].minute, 1439);
	assert_int_equal(due->parts[1].if_before_minute, 12 * 60);
}

static void test_domain_example_psychiatric_terms_are_read(void **state)
{
	struct scene *scene = *state;
	load(scene, SF_TESTS_DIR "/unit/os/agreements/domain.agreement");
	const struct sf_pathway_terms *terms = &scene->agreement->pathways[1];
	assert_int_equal(terms->pathway, SF_PATHWAY_PSYCHIATRIC);
	assert_int_equal(terms->expectation_count, 3);
	assert_trigger(&terms->expectations[0].arises_on, SF_KIND_ASSESSMENT, SF_ASSESSMENT_NEEDED);
	assert_int_equal(terms->expectations[0].due.parts[0].rule, SF_DEADLINE_DISCHARGE);
	const struct sf_expectation *meeting = &terms->expectations[2];
	assert_trigger(&meeting->arises_on, SF_KIND_OBLIGATION, SF_DUTY_NETWORK_MEETING);
	assert_int_equal(meeting->arises_on.state, SF_TASK_REQUESTED);
	assert_int_equal(meeting->met_by.state, SF_TASK_COMPLETED);
	assert_int_equal(meeting->due.parts[0].rule, SF_DEADLINE_WORKING_DAYS);
	assert_int_equal(meeting->due.parts[0].amount, 5);
}

static void test_examples_that_are_installed_are_read(void **state)
{
	struct scene *scene = *state;
	load(scene, SF_TESTS_DIR "/../deploy/examples/handover.agreement");
	assert_string_equal(scene->agreement->name, "handover");
	assert_int_equal(scene->agreement->pathway_count, 1);
	assert_int_equal(scene->agreement->pathways[0].handover_count, 1);
	load(scene, SF_TESTS_DIR "/../deploy/examples/region-midtjylland.agreement");
	assert_string_equal(scene->agreement->name, "region-midtjylland");
	load(scene, SF_TESTS_DIR "/../deploy/examples/region-hovedstaden.agreement");
	assert_string_equal(scene->agreement->name, "region-hovedstaden");
	assert_int_equal(scene->agreement->pathways[1].pathway, SF_PATHWAY_PSYCHIATRIC);
}

static void test_dates_and_hours_are_read(void **state)
{
	struct scene *scene = *state;
	assert_non_null(
		terms_of(scene, HEAD "cut-off = \"12:00\"\nreading-hours = \"08:00-15:00 daily\"\n"
				     "suspended = {\"2028-02-29\", \"2026-12-24/2026-12-26\"}\n"
				     "pathway \"somatic\" { }\n}\n"));
	const struct sf_agreement *agreement = scene->agreement;
	assert_int_equal(agreement->cut_off_minute, 720);
	assert_int_equal(agreement->calendar.reading_from_minute, 480);
	assert_int_equal(agreement->calendar.reading_to_minute, 900);
	assert_true(agreement->calendar.reading_daily);
	assert_int_equal(agreement->calendar.suspended_count, 2);
	assert_int_equal(agreement->calendar.suspended[0].from_day, 21243); /* 2028-02-29 */
	assert_int_equal(agreement->calendar.suspended[0].to_day, 21243);
	assert_false(agreement->calendar.danish);
	assert_string_equal(agreement->calendar_name, "");
}

static void test_clauses_with_all_their_keys_are_read(void **state)
{
	struct scene *scene = *state;
	const struct sf_pathway_terms *terms = terms_of(scene, TERMS EXPECTATION
		"source = \"https://a.example/x\" due = \"1 working-day\" "
		"if = {\"not marked\", \"stay<24h\", \"ready-before-discharge\"} "
		"on-miss = {owner, both, contact, region} escalate-every = \"90min\" }\n"
		"handover { clause = \"7\" on = \"letter.rehabilitation-plan\" "
		"offers = {rehabilitation} to = municipality silence = passes after = \"4h\" }\n"
		"receives-medical { clause = \"8\" source = \"source missing\" to = gp }\n"
		"silence-after = \"3 days\"\n" END);
	const struct sf_expectation *expectation = &terms->expectations[0];
	assert_string_equal(expectation->clause.source, "https://a.example/x");
	assert_int_equal(expectation->conditions.count, 3);
	assert_int_equal(expectation->conditions.items[0].code, SF_CONDITION_MARKED);
	assert_true(expectation->conditions.items[0].negated);
	assert_true(expectation->conditions.items[1].negated);
	assert_int_equal(expectation->conditions.items[1].than_ms, 24 * SF_HOUR_MS);
	assert_int_equal(expectation->conditions.items[2].code, SF_CONDITION_READY_BEFORE);
	assert_int_equal(expectation->rung_count, 4);
	assert_int_equal(expectation->rungs[3], SF_RUNG_REGION);
	assert_int_equal(expectation->escalate_ms, 90 * SF_MINUTE_MS);
	assert_trigger(&terms->handovers[0].on, SF_KIND_LETTER, SF_LETTER_REHABILITATION_PLAN);
	assert_int_equal(terms->handovers[0].silence, SF_SILENCE_PASSES);
	assert_int_equal(terms->handovers[0].after.parts[0].amount, 240);
	assert_string_equal(terms->handovers[0].clause.citation, "7");
	assert_int_equal(terms->receiver.role, SF_ROLE_GP);
	assert_string_equal(terms->receiver.clause.source, "source missing");
	assert_int_equal(terms->silence.after.parts[0].rule, SF_DEADLINE_DAYS);
	assert_int_equal(terms->silence.after.parts[0].amount, 3);
}

static void test_every_form_of_deadline_is_read(void **state)
{
	struct scene *scene = *state;
	static const struct {
		const char *text;
		struct sf_deadline_part part;
	} cases[] = {
		{"24h", {SF_DEADLINE_MINUTES, 1440, 0, -1}},
		{"30min", {SF_DEADLINE_MINUTES, 30, 0, -1}},
		{"1 day", {SF_DEADLINE_DAYS, 1, 0, -1}},
		{"7 days", {SF_DEADLINE_DAYS, 7, 0, -1}},
		{"5 working-days", {SF_DEADLINE_WORKING_DAYS, 5, 0, -1}},
		{"4 reading-hours", {SF_DEADLINE_READING_HOURS, 4, 0, -1}},
		{"same-day 23:59", {SF_DEADLINE_DAY_AT, 0, 1439, -1}},
		{"next-day 08:30", {SF_DEADLINE_DAY_AT, 1, 510, -1}},
		{"3 days 12:00", {SF_DEADLINE_DAY_AT, 3, 720, -1}},
		{"next-working-day 12:00", {SF_DEADLINE_WORKING_DAY_AT, 1, 720, -1}},
		{"2 working-days 12:00", {SF_DEADLINE_WORKING_DAY_AT, 2, 720, -1}},
		{"before discharge", {SF_DEADLINE_DISCHARGE, 0, 0, -1}},
		{"before discharge-day 12:00", {SF_DEADLINE_DISCHARGE_DAY_AT, 0, 720, -1}},
	};
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		char text[512];
		snprintf(text, sizeof(text), TERMS EXPECTATION "due = \"%s\" }\n" END,
			cases[i].text);
		const struct sf_deadline *due = &terms_of(scene, text)->expectations[0].due;
		assert_int_equal(due->part_count, 1);
		assert_memory_equal(&due->parts[0], &cases[i].part, sizeof(cases[i].part));
	}
}

static void test_what_is_no_deadline_is_refused(void **state)
{
	struct scene *scene = *state;
	static const char *const cases[] = {"", "24", "0h", "24 hours", "-1h", "99999999h",
		"1 week", "same-day", "same-day 24:00", "same-day 12:60", "same-day 1:00",
		"same-day 24h", "before", "before 24h", "before discharge-day",
		"before discharge 12:00", "24h if before 12:00", "24h; 12h", "24h;",
		"24h; 12h if before 12:00 x", "24h; 1h if 12:00",
		"24h; 1h if before 12:00; 2h if before 11:00; 3h if before 1:00",
		"4 reading-hours 12:00", "7 days x"};
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		char text[512];
		snprintf(text, sizeof(text), TERMS EXPECTATION "\ndue = \"%s\" }\n" END, cases[i]);
		if (parse(scene, text) != SF_ERR_CONFIG ||
			!strstr(scene->diag.text, "x.agreement:6: 'due' must be a deadline"))
			fail_msg("'%s': %s", cases[i], scene->diag.text);
	}
}

static void test_what_is_no_fact_is_refused(void **state)
{
	struct scene *scene = *state;
	static const char *const cases[] = {"", "stay", "stay.x", "stay.", "letter.x",
		"accept.food", "obligation", "obligation.transport", "obligation.transport.expired",
		"obligation.answer.completed", "obligation..", "plan-answer.", "ready.x", "expired",
		"agreement-accept", "close", "planx"};
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		char text[512];
		snprintf(text, sizeof(text),
			TERMS
			"expectation \"e\" { clause = \"1\" owner = gp arises-on = \"%s\" }\n" END,
			cases[i]);
		if (parse(scene, text) != SF_ERR_CONFIG ||
			!strstr(scene->diag.text, "x.agreement:5: 'arises-on' must be a fact"))
			fail_msg("'%s': %s", cases[i], scene->diag.text);
	}
}

struct wrong {
	const char *text;
	const char *says;
};

static void check_wrong(struct scene *scene, const struct wrong *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		scene->agreement->version = 77;
		enum sf_err err = parse(scene, cases[i].text);
		if (err != SF_ERR_CONFIG || !strstr(scene->diag.text, cases[i].says))
			fail_msg("case %zu: %d '%s', not '%s'", i, err, scene->diag.text,
				cases[i].says);
		assert_int_equal(scene->agreement->version, 77);
	}
}

static void test_wrong_head_is_named_with_its_line(void **state)
{
	static const struct wrong cases[] = {
		{"", "x.agreement:1: there is no agreement"},
		{"agreement \"a\" { }\n", "key 'version' is missing"},
		{"agreement \"\" { version = 1 }\n", "name must have 1 to 63"},
		{HEAD "}\n", "needs a pathway"},
		{HEAD "version = 5\n", "x.agreement:4: key 'version' stands twice"},
		{HEAD "wind = 1\n",
			"x.agreement:4: unknown key 'wind', here stand: version, valid"},
		{HEAD "name = \"${HOME}\"\n", "x.agreement:4: '${' is not expanded"},
		{HEAD "include(\"/etc/passwd\")\n", "x.agreement:4: "},
		{HEAD "pathway \"surgical\" { }\n}\n", "a pathway is"},
		{HEAD "pathway \"somatic\" { }\npathway \"somatic\" { }\n}\n", "x.agreement:5: "},
		{HEAD "calendar = \"sweden\"\npathway \"somatic\" { }\n}\n",
			"x.agreement:4: 'calendar' can only be"},
		{HEAD "valid-from = \"2026-13-01\"\npathway \"somatic\" { }\n}\n",
			"x.agreement:4: 'valid-from' must be"},
		{HEAD "valid-from = \"2026-01-01x\"\n}\n", "x.agreement:4: 'valid-from' must be"},
		{HEAD "cut-off = 12\n}\n", "x.agreement:4: 'cut-off' must be"},
		{HEAD "reading-hours = \"15:00-08:00\"\n}\n", "x.agreement:4: 'reading-hours'"},
		{HEAD "reading-hours = \"08:00-15:00 weekly\"\n}\n",
			"x.agreement:4: 'reading-hours'"},
		{HEAD "suspended = {\"2027-01-02/2026-12-24\"}\n}\n", "x.agreement:4: 'suspended'"},
		{HEAD "suspended = {\"x\"}\n}\n", "x.agreement:4: 'suspended'"},
		{HEAD "suspended = {\"2026-01-01\", \"2026-01-02\", \"2026-01-03\", "
		      "\"2026-01-04\", \"2026-01-05\", \"2026-01-06\", \"2026-01-07\", "
		      "\"2026-01-08\", \"2026-01-09\"}\n}\n",
			"x.agreement:4: 'suspended' has more than 8"},
		{"agreement \"a\" {\nversion = 0\n}\n", "x.agreement:2: 'version' must be"},
		{"agreement \"a\" {\nversion = 1\ntime-zone = \"../x\"\n}\n",
			"x.agreement:3: 'time-zone' must be"},
		{HEAD "pathway \"somatic\" { }\n}\n" HEAD "pathway \"somatic\" { }\n}\n",
			"x.agreement:"},
	};
	check_wrong(*state, cases, SF_COUNT(cases));
}

static void test_wrong_expectation_is_named_with_its_line(void **state)
{
	static const struct wrong cases[] = {
		{TERMS "expectation \"e\" { }\n" END, "key 'clause' is missing"},
		{TERMS "expectation \"\" { clause = 1 }\n" END, "the name of a clause must have"},
		{TERMS "expectation { clause = 1 }\n" END, "x.agreement:5: "},
		{TERMS EXPECTATION "\nowner = gp }\n" END, "x.agreement:6: key 'owner' stands"},
		{TERMS EXPECTATION "\nnext = gp }\n" END,
			"x.agreement:6: unknown key 'next', here stand: clause, source, arises-on"},
		{TERMS "expectation \"e\" { clause = \"1\" arises-on = ready met-by = plan\n"
		       "owner = auditor }\n" END,
			"x.agreement:6: 'owner' must be a role (hospital, municipality, gp"},
		{TERMS EXPECTATION "\nif = {\"stay>1 day\"} }\n" END, "x.agreement:6: 'if' knows"},
		{TERMS EXPECTATION "\nif = {\"not not marked\"} }\n" END,
			"x.agreement:6: 'if' knows"},
		{TERMS EXPECTATION "\nif = {\"full-moon\"} }\n" END, "x.agreement:6: 'if' knows"},
		{TERMS EXPECTATION "\nif = {marked, marked, marked, marked, marked} }\n" END,
			"x.agreement:6: 'if' has more than 4"},
		{TERMS EXPECTATION "due = 4h\non-miss = {owner, mayor} }\n" END,
			"x.agreement:6: 'on-miss' knows owner, both, contact, region, not 'mayor'"},
		{TERMS EXPECTATION "due = 4h\non-miss = {owner, owner} }\n" END,
			"x.agreement:6: 'on-miss' names 'owner' twice"},
		{TERMS EXPECTATION "on-miss = {owner} }\n" END, "'on-miss' needs a deadline"},
		{TERMS EXPECTATION "due = 4h on-miss = {owner}\nescalate-every = 2h }\n" END,
			"x.agreement:6: 'escalate-every' needs two"},
		{TERMS EXPECTATION "due = 4h on-miss = {owner, both}\nescalate-every = 2 }\n" END,
			"x.agreement:6: 'escalate-every' must be a time"},
		{TERMS EXPECTATION "}\n" EXPECTATION "}\n" END, "x.agreement:6: "},
		{TERMS EXPECTATION "source = \"a\nb\" }\n" END, "'source' must have 1 to 199"},
		{TERMS EXPECTATION "source = \"a\177b\" }\n" END, "'source' must have 1 to 199"},
	};
	check_wrong(*state, cases, SF_COUNT(cases));
}

static void test_wrong_move_of_responsibility_is_named_with_its_line(void **state)
{
	static const struct wrong cases[] = {
		{TERMS WINDOW "\n}\n" END, "key 'length' is missing"},
		{TERMS WINDOW "\nlength = \"before discharge\" }\n" END,
			"x.agreement:6: 'length' is measured from the fact"},
		{TERMS "window \"w\" { clause = 1\ndomain = food }\n" END,
			"x.agreement:6: 'domain' has a word that is no domain (medical, care"},
		{TERMS "expectation \"w\" { clause = 1 arises-on = ready owner = gp met-by = plan "
		       "}\n" WINDOW "length = 72h }\n" END,
			"the name 'w' stands twice"},
		{TERMS "handover { offers = {care} to = gp }\n" END, "key 'on' is missing"},
		{TERMS "handover { on = \"stay.x\" offers = {care} to = gp }\n" END,
			"x.agreement:5: 'on' must be a fact"},
		{TERMS "handover { on = \"ready\" offers = {care} to = gp }\n" END,
			"'on' must be of the stay or a letter"},
		{TERMS "handover { on = \"stay.death\" to = gp }\n" END, "'offers' is missing"},
		{TERMS "handover { on = \"stay.death\"\noffers = {food} to = gp }\n" END,
			"x.agreement:6: 'offers' has a word"},
		{TERMS "handover { on = \"stay.death\" offers = {care, care} to = gp }\n" END,
			"names a domain twice"},
		{TERMS "handover { on = \"stay.death\" offers = {care}\nto = auditor }\n" END,
			"x.agreement:6: 'to' must be a role"},
		{TERMS HANDOVER "\nsilence = maybe }\n" END,
			"x.agreement:6: 'silence' knows stays, passes, not 'maybe'"},
		{TERMS HANDOVER "clause = 1\nsilence = passes }\n" END,
			"x.agreement:6: 'after' and silence"},
		{TERMS HANDOVER "\nafter = 4h }\n" END, "x.agreement:6: 'after' and silence"},
		{TERMS HANDOVER "silence = passes after = 4h }\n" END,
			"needs a 'clause' that says"},
		{TERMS HANDOVER "clause = 1 silence = passes\nafter = \"before discharge\" }\n" END,
			"x.agreement:6: 'after' is measured"},
		{TERMS "receives-medical { to = gp }\n" END, "key 'clause' is missing"},
		{TERMS "receives-medical { clause = 1 }\n" END, "key 'to' is missing"},
		{TERMS "receives-medical { clause = 1 to = gp }\n"
		       "receives-medical { clause = 2 to = gp }\n" END,
			"x.agreement:6: section 'receives-medical' stands twice"},
		{TERMS "silence-after = \"before discharge\"\n" END,
			"x.agreement:5: 'silence-after' is measured"},
		{TERMS "payment { clause = 1 }\n" END, "key 'currency' is missing"},
		{TERMS "payment { clause = 1 currency = DKK\nregion-day-rate = 12,5 }\n" END,
			"x.agreement:6: "},
		{TERMS "payment { clause = 1 currency = DKK\nfrom = discharge }\n" END,
			"x.agreement:6: 'from' can only be \"ready\""},
	};
	check_wrong(*state, cases, SF_COUNT(cases));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_domain_example_head_is_read),
		cmocka_unit_test(test_domain_example_somatic_terms_are_read),
		cmocka_unit_test(test_domain_example_letter_is_due_by_two_rules),
		cmocka_unit_test(test_domain_example_psychiatric_terms_are_read),
		cmocka_unit_test(test_examples_that_are_installed_are_read),
		cmocka_unit_test(test_dates_and_hours_are_read),
		cmocka_unit_test(test_clauses_with_all_their_keys_are_read),
		cmocka_unit_test(test_every_form_of_deadline_is_read),
		cmocka_unit_test(test_what_is_no_deadline_is_refused),
		cmocka_unit_test(test_what_is_no_fact_is_refused),
		cmocka_unit_test(test_wrong_head_is_named_with_its_line),
		cmocka_unit_test(test_wrong_expectation_is_named_with_its_line),
		cmocka_unit_test(test_wrong_move_of_responsibility_is_named_with_its_line),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
