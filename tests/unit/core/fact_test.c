#include "unit/core/check.h"

#include "core/fact.h"

static void test_every_code_has_its_word(void **state)
{
	(void)state;
#define X(name, value, word) assert_string_equal(sf_role_text(name), word);
	SF_ROLE_LIST(X)
#undef X
#define X(name, value, word) assert_string_equal(sf_domain_text(name), word);
	SF_DOMAIN_LIST(X)
#undef X
#define X(name, value, word) assert_string_equal(sf_kind_text(name), word);
	SF_KIND_LIST(X)
#undef X
#define X(name, value, word) assert_string_equal(sf_activity_text(name), word);
	SF_ACTIVITY_LIST(X)
#undef X
#define X(name, value, word) assert_string_equal(sf_ack_code_text(name), word);
	SF_ACK_CODE_LIST(X)
#undef X
	assert_string_equal(sf_mode_text(SF_MODE_CANCEL), "cancel");
	assert_string_equal(sf_stay_class_text(SF_STAY_CLASS_EMERGENCY), "emergency");
	assert_string_equal(sf_ack_text(SF_ACK_TRANSIENT_ERROR), "transient-error");
	assert_string_equal(sf_pathway_text(SF_PATHWAY_PSYCHIATRIC), "psychiatric");
}

static void test_number_of_a_later_version_is_unknown(void **state)
{
	(void)state;
	assert_string_equal(sf_role_text(SF_ROLE_NONE), "unknown");
	assert_string_equal(sf_role_text((enum sf_role)99), "unknown");
	assert_string_equal(sf_domain_text(SF_DOMAIN_COUNT), "unknown");
	assert_string_equal(sf_kind_text(4711), "unknown");
	assert_string_equal(sf_activity_text((enum sf_activity)99), "unknown");
	assert_string_equal(sf_mode_text((enum sf_mode)99), "unknown");
	assert_string_equal(sf_stay_class_text((enum sf_stay_class)99), "unknown");
	assert_string_equal(sf_ack_text((enum sf_ack)99), "unknown");
	assert_string_equal(sf_pathway_text((enum sf_pathway)99), "unknown");
	assert_string_equal(sf_ack_code_text(99), "unknown");
}

static void test_words_are_read_back(void **state)
{
	(void)state;
#define X(name, value, word) assert_int_equal(sf_role_from_text(word), name);
	SF_ROLE_LIST(X)
#undef X
#define X(name, value, word) assert_int_equal(sf_domain_from_text(word), name);
	SF_DOMAIN_LIST(X)
#undef X
#define X(name, value, word) assert_int_equal(sf_kind_from_text(word), name);
	SF_KIND_LIST(X)
#undef X
#define X(name, value, word) assert_int_equal(sf_letter_from_text(word), name);
	SF_LETTER_LIST(X)
#undef X
#define X(name, value, word) assert_int_equal(sf_duty_from_text(word), name);
	SF_DUTY_LIST(X)
#undef X
#define X(name, value, word) assert_int_equal(sf_task_action_from_text(word), name);
	SF_TASK_ACTION_LIST(X)
#undef X
#define X(name, value, word) assert_int_equal(sf_plan_answer_from_text(word), name);
	SF_PLAN_ANSWER_LIST(X)
#undef X
	assert_int_equal(sf_letter_from_text("epikrise"), SF_LETTER_NONE);
	assert_int_equal(sf_kind_from_text("unknown"), SF_KIND_NONE);
	assert_int_equal(sf_role_from_text("Hospital"), SF_ROLE_NONE);
	assert_int_equal(sf_role_from_text(""), SF_ROLE_NONE);
	assert_int_equal(sf_domain_from_text("car"), SF_DOMAIN_COUNT);
}

static void test_every_named_kind_is_read(void **state)
{
	(void)state;
	size_t read = 0, derived = 0, of_agreement = 0, statements = 0;
	for (uint32_t kind = 0; kind < 300; kind++) {
		read += sf_kind_is_read(kind);
		statements += sf_kind_is_statement(kind);
		derived += sf_kind_is_derived(kind);
		of_agreement += sf_kind_is_of_agreement(kind);
	}
	assert_int_equal(read, 38);
	assert_int_equal(statements, 3);
	assert_int_equal(derived, 7);
	assert_int_equal(of_agreement, 3);
	assert_true(sf_kind_is_derived(SF_KIND_LINKED));
	assert_false(sf_kind_is_derived(SF_KIND_ACKNOWLEDGEMENT));
	assert_false(sf_kind_is_read(UINT32_MAX));
}

static void test_two_activities_admit(void **state)
{
	(void)state;
	size_t admissions = 0;
	for (int activity = 0; activity < 300; activity++)
		admissions += sf_activity_is_admission((enum sf_activity)activity);
	assert_int_equal(admissions, 2);
	assert_true(sf_activity_is_admission(SF_ACTIVITY_ADMIT_EMERGENCY));
	assert_true(sf_activity_is_admission(SF_ACTIVITY_ADMIT_INPATIENT));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_code_has_its_word),
		cmocka_unit_test(test_number_of_a_later_version_is_unknown),
		cmocka_unit_test(test_words_are_read_back),
		cmocka_unit_test(test_every_named_kind_is_read),
		cmocka_unit_test(test_two_activities_admit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
