#include "unit/core/check.h"

#include "core/course.h"
#include "unit/core/scene.h"

static struct scene scene;

static int set_up(void **state)
{
	(void)state;
	scene_open(&scene);
	SF_ASSERT(scene_parties(&scene, "HKG", 0) == 0);
	SF_ASSERT(scene_stay(&scene, "STIN", NULL) == 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	scene_close(&scene);
	return 0;
}

static const struct sf_course *course(void)
{
	return sf_transition_course(scene.transition);
}

static void assert_state(enum sf_transition_state state)
{
	assert_string_equal(sf_transition_state_text(sf_transition_state(scene.transition)),
		sf_transition_state_text(state));
}

static uint16_t say(char author, enum sf_kind kind, struct sf_id named)
{
	struct sf_message message = scene_message(&scene, author, kind);
	message.in_reply_to = named;
	return scene_record(&scene, &message);
}

static const struct sf_id none;

static uint16_t close_by(char author)
{
	struct sf_message message = scene_message(&scene, author, SF_KIND_CLOSE);
	message.fact.close.code = SF_CLOSE_NO_END;
	return scene_record(&scene, &message);
}

static void test_closed_by_hand_and_reopened(void **state)
{
	(void)state;
	scene_stay(&scene, "SLHJ", NULL);
	struct sf_id discharge = sf_transition_stay(scene.transition)->discharge;
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE, NULL), 0);
	assert_int_equal(say('K', SF_KIND_REOPEN, none), SF_REFUSAL_NOT_CLOSED);
	assert_int_equal(close_by('G'), SF_REFUSAL_AUTHOR_ROLE);
	assert_int_equal(close_by('K'), 0);
	assert_state(SF_TRANSITION_CLOSED);
	assert_holders(&scene, "----"); /* R1: from opening to closing */
	assert_int_equal(course()->close_code, SF_CLOSE_NO_END);
	assert_int_equal(close_by('H'), SF_REFUSAL_CLOSED);
	assert_int_equal(scene_offer(&scene, 'H', MEDICAL, SF_ROLE_GP, NULL), SF_REFUSAL_CLOSED);
	assert_int_equal(say('K', SF_KIND_ARRIVED, none), SF_REFUSAL_CLOSED);
	struct sf_message letter = scene_message(&scene, 'H', SF_KIND_LETTER);
	letter.fact.letter.code = SF_LETTER_DISCHARGE_LETTER;
	assert_int_equal(scene_record(&scene, &letter), 0);       /* documentation may come */
	assert_int_equal(scene_stay(&scene, "RE_SLHJ", NULL), 0); /* a correction opens nothing */
	assert_state(SF_TRANSITION_CLOSED);
	assert_int_equal(say('K', SF_KIND_REOPEN, none), 0);
	assert_holders(&scene, "HKHH");
	assert_state(SF_TRANSITION_FOLLOW_UP);
}

static void test_open_offers_are_open_again(void **state)
{
	(void)state;
	scene_stay(&scene, "SLHJ", NULL);
	assert_int_equal(scene_open_offers(&scene), 1);
	assert_int_equal(close_by('H'), 0);
	assert_int_equal(scene_open_offers(&scene), 0);
	assert_int_equal(say('H', SF_KIND_REOPEN, none), 0);
	assert_int_equal(scene_open_offers(&scene), 1);
	assert_state(SF_TRANSITION_IN_TRANSIT);
}

/* The end that people gave up waiting for: somebody must receive the patient all the same. */
static void test_discharge_after_closing_by_hand_opens_again(void **state)
{
	(void)state;
	assert_int_equal(close_by('H'), 0);
	assert_state(SF_TRANSITION_CLOSED);
	assert_int_equal(scene_stay(&scene, "SLHJ", NULL), 0);
	assert_state(SF_TRANSITION_IN_TRANSIT);
	assert_int_equal(scene_open_offers(&scene), 1);
	assert_holders(&scene, "HHHH");
	assert_int_equal(say('H', SF_KIND_REOPEN, none), SF_REFUSAL_NOT_CLOSED);
}

/* R7: whoever has the patient again is responsible again; nobody has to remember to reopen. */
static void test_patient_back_reopens_by_itself(void **state)
{
	(void)state;
	scene_stay(&scene, "SLHJ", NULL);
	struct sf_id discharge = sf_transition_stay(scene.transition)->discharge;
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE, NULL), 0);
	assert_int_equal(close_by('K'), 0);
	assert_int_equal(scene_stay(&scene, "AN_SLHJ", NULL), 0);
	assert_state(SF_TRANSITION_OPEN);
	assert_holders(&scene, "HHHH");
	assert_false(course()->closed);
	scene_stay(&scene, "SLHJ", NULL);
	assert_int_equal(close_by('K'), 0);
	assert_int_equal(scene_stay(&scene, "STAA", NULL), 0);
	assert_holders(&scene, "HHHH");
}

/* A death in a closed transition and its cancellation leave it closed; one that came first not. */
static void test_death_and_closing_keep_their_order(void **state)
{
	(void)state;
	scene_stay(&scene, "SLHJ", NULL);
	assert_int_equal(close_by('H'), 0);
	assert_int_equal(scene_stay(&scene, "MORS", NULL), 0);
	assert_int_equal(scene_stay(&scene, "AN_MORS", NULL), 0);
	assert_state(SF_TRANSITION_CLOSED);
	assert_holders(&scene, "----");
	assert_int_equal(say('H', SF_KIND_REOPEN, none), 0);
	assert_holders(&scene, "HHHH");
	assert_int_equal(scene_stay(&scene, "MORS", NULL), 0);
	assert_int_equal(close_by('H'), 0);
	assert_int_equal(say('H', SF_KIND_REOPEN, none), 0);
	assert_holders(&scene, "----"); /* the dead need no holder */
	assert_int_equal(scene_stay(&scene, "AN_MORS", NULL), 0);
	assert_holders(&scene, "HHHH");
}

static uint16_t link_to(enum sf_link_kind link, uint32_t other)
{
	struct sf_message message = scene_message(&scene, 'S', SF_KIND_LINKED);
	message.fact.derived = (struct sf_derived){
		.subject = scene_id(2, 700), .link = link, .other = scene_id(9, other)};
	return scene_record(&scene, &message);
}

static void test_continued_elsewhere_closes_and_says_where(void **state)
{
	(void)state;
	assert_int_equal(link_to(SF_LINK_CONTINUES, 7), 0);
	assert_state(SF_TRANSITION_OPEN);
	assert_int_equal(link_to(SF_LINK_CONTINUES, 7), SF_REFUSAL_NOT_DERIVABLE);
	assert_int_equal(link_to(SF_LINK_CONTINUED_IN, 1), SF_REFUSAL_NOT_DERIVABLE); /* itself */
	assert_int_equal(link_to(SF_LINK_CONTINUED_IN, 8), SF_DEVIATION_CONTINUED);
	assert_state(SF_TRANSITION_CLOSED);
	assert_holders(&scene, "----");
	assert_true(sf_id_equal(course()->linked, scene_id(9, 8)));
}

static void test_facts_of_parties_break_the_silence(void **state)
{
	(void)state;
	int64_t said_ms = scene.now_ms;
	assert_int_equal(say('K', SF_KIND_FALLBACK, none), 0);
	assert_int_equal(course()->last_fact_ms, said_ms);
	assert_int_equal(say('X', SF_KIND_FALLBACK, none), SF_REFUSAL_NOT_A_MEMBER);
	assert_int_equal(scene_ok(&scene, 'K', scene_id(2, 2)), 0);
	assert_int_equal(link_to(SF_LINK_READMISSION, 7), 0);
	assert_int_equal(course()->last_fact_ms, said_ms);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_closed_by_hand_and_reopened),
		TEST(test_open_offers_are_open_again),
		TEST(test_discharge_after_closing_by_hand_opens_again),
		TEST(test_patient_back_reopens_by_itself),
		TEST(test_death_and_closing_keep_their_order),
		TEST(test_continued_elsewhere_closes_and_says_where),
		TEST(test_facts_of_parties_break_the_silence),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
