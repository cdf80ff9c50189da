#include "unit/core/check.h"

#include "core/stay.h"
#include "unit/core/scene.h"

#define FACTS_MAX 16

struct told {
	struct sf_stay_entry entries[FACTS_MAX];
	enum sf_stay_mark marks[FACTS_MAX];
	size_t count;
	struct sf_stay stay;
};

/*
 * "STIN SLHJ AN_SLHJ": one fact an hour, event one minute before. A correction names the newest
 * fact of its code that is not itself a cancellation, as MedCom's Provenance does.
 */
static void tell(struct told *told, const char *story)
{
	*told = (struct told){0};
	char codes[FACTS_MAX][9];
	while (*story) {
		size_t size = strcspn(story, " ");
		char *code = codes[told->count];
		memcpy(code, story, size);
		code[size] = '\0';
		story += size + (story[size] == ' ');
		int64_t created_ms = SCENE_START_MS + (int64_t)told->count * SF_HOUR_MS;
		struct sf_stay_entry *entry = &told->entries[told->count];
		*entry = (struct sf_stay_entry){
			.message_id = scene_id(2, (uint32_t)told->count + 1),
			.author = scene_party('H'),
			.created_ms = created_ms,
			.author_sequence = told->count + 1,
			.fact = scene_stay_fact(code, created_ms - SF_MINUTE_MS),
		};
		for (size_t i = 0; entry->fact.mode != SF_MODE_NEW && i < told->count; i++)
			if (strcmp(codes[i] + strlen(codes[i]) - 4, code + 3) == 0 &&
				told->entries[i].fact.mode != SF_MODE_CANCEL)
				entry->supersedes = told->entries[i].message_id;
		told->count++;
	}
	assert_int_equal(sf_stay_fold(told->entries, told->count, &told->stay, told->marks), SF_OK);
}

static int64_t event_of(size_t index)
{
	return SCENE_START_MS + (int64_t)index * SF_HOUR_MS - SF_MINUTE_MS;
}

/* One letter a fact: Applied, History, Revised, Cancelled, Not latest, Out of order. */
static void assert_marks(const struct told *told, const char *wanted)
{
	char letters[FACTS_MAX + 1] = {0};
	for (size_t i = 0; i < told->count; i++)
		letters[i] = " AHRCNO"[told->marks[i]];
	assert_string_equal(letters, wanted);
}

static void test_stories_of_medcom_end_in_their_state(void **state)
{
	(void)state;
	static const struct {
		const char *story;
		enum sf_stay_state state;
		const char *marks;
	} stories[] = {
		{"STIN", SF_STAY_IN_HOSPITAL, "A"},             /* A */
		{"STAA STIN", SF_STAY_IN_HOSPITAL, "AA"},       /* E */
		{"STIN STOR", SF_STAY_ON_LEAVE, "AA"},          /* F */
		{"STIN STOR SLOR", SF_STAY_IN_HOSPITAL, "AAA"}, /* G */
		{"STIN SLHJ", SF_STAY_HOME, "AA"},              /* H */
		{"STIN MORS", SF_STAY_DEAD, "AA"},              /* K */
		{"STIN AN_STIN", SF_STAY_ANNULLED, "CA"},       /* N */
		{"STIN RE_STIN", SF_STAY_IN_HOSPITAL, "RA"},    /* O */
		{"STAA SLHJ", SF_STAY_HOME, "AA"},
		{"MORS", SF_STAY_DEAD, "A"}, /* dead on arrival */
		{"STAA AN_STAA", SF_STAY_ANNULLED, "CA"},
		{"STAA RE_STAA", SF_STAY_IN_HOSPITAL, "RA"},
		{"STAA STIN AN_STIN", SF_STAY_IN_HOSPITAL, "ACA"}, /* emergency again */
		{"STIN STOR AN_STOR", SF_STAY_IN_HOSPITAL, "ACA"},
		{"STIN STOR RE_STOR", SF_STAY_ON_LEAVE, "ARA"},
		{"STIN STOR SLOR AN_SLOR", SF_STAY_ON_LEAVE, "AACA"},
		{"STIN STOR SLOR RE_SLOR", SF_STAY_IN_HOSPITAL, "AARA"},
		{"STIN SLHJ AN_SLHJ", SF_STAY_IN_HOSPITAL, "ACA"},
		{"STIN SLHJ RE_SLHJ", SF_STAY_HOME, "ARA"},
		{"STIN SLHJ RE_SLHJ AN_SLHJ", SF_STAY_IN_HOSPITAL, "ACCA"},
		{"STIN SLHJ AN_SLHJ SLHJ", SF_STAY_HOME, "ACAA"},
		{"STIN MORS AN_MORS", SF_STAY_IN_HOSPITAL, "ACA"},
		{"STIN MORS RE_MORS", SF_STAY_DEAD, "ARA"},
		{"STIN STOR MORS AN_MORS", SF_STAY_ON_LEAVE, "AACA"},
		{"STIN SLHJ MORS AN_MORS", SF_STAY_HOME, "AACA"},
		{"MORS AN_MORS", SF_STAY_NONE, "CA"},
		{"STIN STOR SLHJ", SF_STAY_HOME, "AAA"}, /* S.BR15 */
		{"STIN STOR SLHJ AN_SLHJ", SF_STAY_IN_HOSPITAL, "AACA"},
		{"STIN STOR SLHJ AN_SLHJ RE_STOR", SF_STAY_IN_HOSPITAL, "ARCAA"},
		{"STIN SLHJ STIN", SF_STAY_IN_HOSPITAL, "AAA"}, /* readmitted */
		{"STIN SLHJ STAA AN_STAA", SF_STAY_HOME, "AACA"},
		{"STIN SLHJ RE_STIN", SF_STAY_HOME, "AAN"}, /* S.BR22 */
		{"STIN SLHJ AN_STIN", SF_STAY_HOME, "AAN"},
		{"STIN AN_STIN AN_STIN", SF_STAY_ANNULLED, "CAN"},
		{"AN_STIN", SF_STAY_NONE, "N"},
		{"STIN SLOR", SF_STAY_IN_HOSPITAL, "AO"},
		{"STAA STOR", SF_STAY_IN_HOSPITAL, "AO"},
		{"STIN STOR STOR", SF_STAY_ON_LEAVE, "AAH"},
		{"STIN SLHJ SLHJ", SF_STAY_HOME, "AAH"},
		{"STIN MORS SLHJ", SF_STAY_DEAD, "AAO"},
		{"STIN MORS STIN", SF_STAY_DEAD, "AAO"},
		{"STIN AN_STIN STIN", SF_STAY_IN_HOSPITAL, "CAA"},
		{"SLHJ AN_SLHJ", SF_STAY_IN_HOSPITAL, "CA"}, /* nothing known before it */
		{"SLOR AN_SLOR", SF_STAY_ON_LEAVE, "CA"},
		{"STOR AN_STOR", SF_STAY_IN_HOSPITAL, "CA"},
		{"STIN AN_STIN SLHJ", SF_STAY_ANNULLED, "CAO"},
	};
	for (size_t i = 0; i < SF_COUNT(stories); i++) {
		struct told told;
		tell(&told, stories[i].story);
		if (told.stay.state != stories[i].state)
			fail_msg("%s ends %s", stories[i].story,
				sf_stay_state_text(told.stay.state));
		assert_marks(&told, stories[i].marks);
	}
}

static void test_revision_replaces_the_values_and_keeps_the_state(void **state)
{
	(void)state;
	struct told told;
	tell(&told, "STIN RE_STIN");
	assert_int_equal(told.stay.admitted_ms, event_of(1));
	assert_int_equal(told.stay.since_ms, event_of(1));
	assert_int_equal(told.stay.segment_count, 1);
	assert_true(sf_id_equal(told.stay.latest, told.entries[1].message_id));
	tell(&told, "STIN SLHJ RE_SLHJ");
	assert_int_equal(told.stay.admitted_ms, event_of(0));
	assert_int_equal(told.stay.discharged_ms, event_of(2));
	assert_true(sf_id_equal(told.stay.discharge, told.entries[1].message_id));
}

static void test_death_keeps_the_class_of_the_segment(void **state)
{
	(void)state;
	struct told told;
	tell(&told, "STIN MORS"); /* the scene's MORS says EMER, as MedCom's files do */
	assert_int_equal(told.entries[1].fact.stay_class, SF_STAY_CLASS_EMERGENCY);
	assert_int_equal(told.stay.stay_class, SF_STAY_CLASS_INPATIENT);
	assert_int_equal(told.stay.discharged_ms, event_of(1));
	tell(&told, "MORS");
	assert_int_equal(told.stay.stay_class, SF_STAY_CLASS_EMERGENCY);
	tell(&told, "STIN SLHJ MORS");
	assert_int_equal(told.stay.discharged_ms, event_of(1));
}

static void test_cancelled_admission_gives_the_segment_before(void **state)
{
	(void)state;
	struct told told;
	tell(&told, "STAA STIN AN_STIN");
	assert_int_equal(told.stay.stay_class, SF_STAY_CLASS_EMERGENCY);
	assert_int_equal(told.stay.segment_count, 1);
	assert_true(sf_id_equal(told.stay.latest, told.entries[0].message_id));
	tell(&told, "STIN AN_STIN");
	assert_int_equal(told.stay.segment_count, 0);
	assert_int_equal(told.stay.admitted_ms, 0);
	assert_true(sf_id_is_none(told.stay.latest));
}

static void test_correction_without_a_name_is_of_the_latest_of_its_kind(void **state)
{
	(void)state;
	struct told told;
	tell(&told, "STIN SLHJ AN_SLHJ");
	told.entries[2].supersedes = (struct sf_id){0};
	assert_int_equal(sf_stay_fold(told.entries, 3, &told.stay, told.marks), SF_OK);
	assert_int_equal(told.stay.state, SF_STAY_IN_HOSPITAL);
	told.entries[2].fact.activity = SF_ACTIVITY_LEAVE_START;
	assert_int_equal(sf_stay_fold(told.entries, 3, &told.stay, told.marks), SF_OK);
	assert_int_equal(told.stay.state, SF_STAY_HOME);
	assert_marks(&told, "AAN");
}

static void test_correction_of_a_namesake_of_the_latest_is_not_applied(void **state)
{
	(void)state;
	struct told told;
	tell(&told, "STIN SLHJ STIN AN_STIN");
	told.entries[3].supersedes = told.entries[0].message_id;
	assert_int_equal(sf_stay_fold(told.entries, 4, &told.stay, told.marks), SF_OK);
	assert_marks(&told, "AAAN");
	tell(&told, "STIN SLHJ AN_SLHJ SLHJ RE_SLHJ");
	told.entries[4].supersedes = told.entries[1].message_id; /* cancelled before */
	assert_int_equal(sf_stay_fold(told.entries, 5, &told.stay, told.marks), SF_OK);
	assert_marks(&told, "ACAAN");
	tell(&told, "STIN SLHJ RE_SLHJ AN_SLHJ");
	told.entries[3].supersedes = told.entries[1].message_id; /* or its revision: one fact */
	assert_int_equal(sf_stay_fold(told.entries, 4, &told.stay, told.marks), SF_OK);
	assert_marks(&told, "ACCA");
}

static void test_dangling_predecessor_is_taken_at_its_word(void **state)
{
	(void)state;
	struct told told;
	tell(&told, "STIN SLOR"); /* the leave's start has not come */
	told.entries[1].in_reply_to = scene_id(2, 77);
	assert_int_equal(sf_stay_fold(told.entries, 2, &told.stay, told.marks), SF_OK);
	assert_marks(&told, "AA");
	assert_int_equal(told.stay.state, SF_STAY_IN_HOSPITAL);
	tell(&told, "STIN RE_STIN"); /* MedCom's own file: the correction names what nobody has */
	told.entries[1].supersedes = scene_id(2, 77);
	assert_int_equal(sf_stay_fold(told.entries, 2, &told.stay, told.marks), SF_OK);
	assert_marks(&told, "RA");
	assert_int_equal(sf_stay_fold(told.entries + 1, 1, &told.stay, told.marks), SF_OK);
	assert_int_equal(told.stay.state, SF_STAY_IN_HOSPITAL);
}

static void test_death_is_left_by_cancelling_it_only(void **state)
{
	(void)state;
	struct told told;
	tell(&told, "STIN MORS STIN");
	told.entries[2].in_reply_to = scene_id(2, 77);
	assert_int_equal(sf_stay_fold(told.entries, 3, &told.stay, told.marks), SF_OK);
	assert_int_equal(told.stay.state, SF_STAY_DEAD);
}

static void test_duplicates_have_one_effect(void **state)
{
	(void)state;
	struct told told;
	tell(&told, "STIN SLHJ STIN");
	struct sf_stay_entry twice[] = {told.entries[2], told.entries[0], told.entries[2],
		told.entries[1], told.entries[0]};
	enum sf_stay_mark marks[5];
	struct sf_stay stay;
	assert_int_equal(sf_stay_fold(twice, 5, &stay, marks), SF_OK);
	assert_memory_equal(&stay, &told.stay, sizeof(stay));
	assert_int_equal(stay.segment_count, 2);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(marks[i], SF_STAY_MARK_APPLIED);
}

static void test_states_have_their_words(void **state)
{
	(void)state;
#define X(name, value, text) assert_string_equal(sf_stay_state_text(name), text);
	SF_STAY_STATE_LIST(X)
#undef X
	assert_string_equal(sf_stay_state_text((enum sf_stay_state)99), "unknown");
}

static void test_unreadable_fact_is_out_of_order(void **state)
{
	(void)state;
	struct told told;
	tell(&told, "STIN STIN STIN");
	told.entries[1].fact.activity = (enum sf_activity)99;
	told.entries[2].fact.mode = SF_MODE_NONE;
	assert_int_equal(sf_stay_fold(told.entries, 3, &told.stay, told.marks), SF_OK);
	assert_marks(&told, "AOO");
	assert_int_equal(sf_stay_fold(NULL, 0, &told.stay, NULL), SF_OK);
	assert_int_equal(told.stay.state, SF_STAY_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stories_of_medcom_end_in_their_state),
		cmocka_unit_test(test_revision_replaces_the_values_and_keeps_the_state),
		cmocka_unit_test(test_death_keeps_the_class_of_the_segment),
		cmocka_unit_test(test_cancelled_admission_gives_the_segment_before),
		cmocka_unit_test(test_correction_without_a_name_is_of_the_latest_of_its_kind),
		cmocka_unit_test(test_correction_of_a_namesake_of_the_latest_is_not_applied),
		cmocka_unit_test(test_dangling_predecessor_is_taken_at_its_word),
		cmocka_unit_test(test_death_is_left_by_cancelling_it_only),
		cmocka_unit_test(test_duplicates_have_one_effect),
		cmocka_unit_test(test_states_have_their_words),
		cmocka_unit_test(test_unreadable_fact_is_out_of_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
