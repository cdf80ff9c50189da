/* What time makes of a transition: told in order, once, and at the instant it was foretold. */
#include "unit/core/check.h"

#include "unit/core/terms.h"

static struct scene scene;

static int set_up(void **state)
{
	(void)state;
	terms_write();
	scene_open_by(&scene, terms_book());
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	if (scene.transition)
		scene_close(&scene);
	return 0;
}

/* The fact that is due then; asserts its kind. */
static struct sf_message told(int64_t now_ms, enum sf_kind kind)
{
	scene.now_ms = now_ms;
	struct sf_message message = scene_message(&scene, 'S', SF_KIND_NONE);
	assert_true(sf_transition_derive(scene.transition, now_ms, &message.fact));
	assert_string_equal(sf_kind_text(message.fact.kind), sf_kind_text(kind));
	return message;
}

static uint32_t rungs(void)
{
	return terms_owed(&scene, "care-accepted")->rungs_climbed;
}

static void test_ladder_climbs_a_rung_an_hour_until_a_person_has_seen_it(void **state)
{
	(void)state;
	terms_admit(&scene, false);
	scene.now_ms = terms_time("18 14:00");
	struct sf_id discharge = terms_discharge(&scene);
	scene_turn(&scene, terms_time("18 17:59"));
	assert_int_equal(rungs(), 0);
	scene_turn(&scene, terms_time("18 18:00"));
	assert_int_equal(rungs(), 1);
	scene_turn(&scene, terms_time("18 19:00"));
	assert_int_equal(rungs(), 2);
	struct sf_message seen =
		terms_task(&scene, 'K', SF_TASK_SEE_ALARM, discharge, SF_DUTY_NONE);
	seen.fact.obligation.clause = terms_owed(&scene, "care-accepted")->clause;
	assert_int_equal(scene_record(&scene, &seen), 0);
	scene_turn(&scene, terms_time("20 19:00"));
	assert_int_equal(rungs(), 2);
}

static void test_call_about_it_stops_the_ladder_and_nobody_seeing_it_climbs_all(void **state)
{
	(void)state;
	terms_admit(&scene, false);
	scene.now_ms = terms_time("18 14:00");
	struct sf_id discharge = terms_discharge(&scene);
	scene_turn(&scene, terms_time("18 18:00"));
	assert_int_equal(terms_say(&scene, 'K', SF_KIND_FALLBACK, discharge), 0);
	scene_turn(&scene, terms_time("18 23:00"));
	assert_int_equal(rungs(), 1);
	scene_close(&scene);
	scene_open_by(&scene, terms_book());
	terms_admit(&scene, false);
	scene.now_ms = terms_time("18 14:00");
	terms_discharge(&scene);
	/* Each rung is counted from when the miss was recorded: a coordinator that was down is
	 * late. */
	for (int64_t hour = 4; hour < 10; hour++)
		scene_turn(&scene, terms_time("18 14:00") + hour * SF_HOUR_MS);
	assert_int_equal(rungs(), 3);
}

/* Without time between them the rungs are climbed together. */
static void test_ladder_without_time_is_climbed_at_once(void **state)
{
	(void)state;
	terms_admit(&scene, true);
	scene_turn(&scene, terms_time("19 12:30"));
	assert_int_equal(terms_owed(&scene, "admission-report")->rungs_climbed, 2);
}

static void test_derived_fact_that_time_does_not_give_has_no_effect(void **state)
{
	(void)state;
	terms_admit(&scene, true);
	struct sf_message expired = told(terms_time("19 12:30"), SF_KIND_EXPIRED);
	struct sf_message early = expired;
	scene.now_ms = terms_time("19 12:00");
	assert_int_equal(
		scene_record_as(&scene, &early, SF_ROLE_COORDINATOR), SF_REFUSAL_NOT_DERIVABLE);
	struct sf_message other = told(terms_time("19 12:30"), SF_KIND_EXPIRED);
	other.fact.derived.due_ms++;
	assert_int_equal(
		scene_record_as(&scene, &other, SF_ROLE_COORDINATOR), SF_REFUSAL_NOT_DERIVABLE);
	struct sf_message forged = told(terms_time("19 12:30"), SF_KIND_EXPIRED);
	forged.author = scene_party('K');
	assert_int_equal(scene_record(&scene, &forged), SF_REFUSAL_AUTHOR_ROLE);
	assert_string_equal(terms_state(&scene, "admission-report"), "requested");
	struct sf_message right = told(terms_time("19 12:30"), SF_KIND_EXPIRED);
	assert_int_equal(scene_record(&scene, &right), 0);
	struct sf_message twice = scene_message(&scene, 'S', SF_KIND_NONE);
	twice.fact = right.fact;
	assert_int_equal(scene_record(&scene, &twice), SF_REFUSAL_NOT_DERIVABLE);
}

static void test_silence_is_told_once_and_broken_by_anybody(void **state)
{
	(void)state;
	terms_somatic()->silence.after = (struct sf_deadline)TERMS_HOURS(48);
	terms_admit(&scene, false);
	scene_turn(&scene, terms_time("20 12:00"));
	assert_false(sf_transition_course(scene.transition)->silent);
	scene_turn(&scene, terms_time("20 13:00"));
	assert_true(sf_transition_course(scene.transition)->silent);
	assert_int_equal(scene_turn(&scene, terms_time("28 13:00")), 0);
	terms_letter(&scene, 'K', SF_LETTER_CORRESPONDENCE, SF_MARK_NONE);
	assert_false(sf_transition_course(scene.transition)->silent);
}

/* Both loops: everything accepted, answered and sent, and the GP holds what the window kept. */
static void test_transition_closes_when_nothing_is_open(void **state)
{
	(void)state;
	terms_admit(&scene, false);
	scene.now_ms = terms_time("20 10:00");
	terms_letter(&scene, 'H', SF_LETTER_CARE_PLAN, SF_MARK_NONE);
	terms_plan(&scene, 1, terms_time("20 15:00"));
	assert_int_equal(terms_answer_plan(&scene, SF_PLAN_ANSWER_ACCEPT), 0);
	struct sf_id discharge = terms_discharge(&scene);
	assert_int_equal(scene_ok(&scene, 'G', discharge), 0);
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE | MEDICATION, NULL), 0);
	scene_turn(&scene, terms_time("23 09:00"));
	assert_string_equal(terms_state(&scene, "discharge-letter"), "expired");
	terms_letter(&scene, 'H', SF_LETTER_DISCHARGE_LETTER, SF_MARK_NONE);
	scene_turn(&scene, terms_time("23 09:59"));
	assert_int_not_equal(sf_transition_state(scene.transition), SF_TRANSITION_CLOSED);
	scene_turn(&scene, terms_time("23 12:00"));
	assert_int_equal(sf_transition_state(scene.transition), SF_TRANSITION_CLOSED);
	assert_holders(&scene, "----");
	enum sf_urgency urgency;
	assert_true(sf_transition_next_due_ms(scene.transition, &urgency) == SF_NEVER_MS);
}

/* What comes late must still be done: nothing was open, and now something is. */
static void test_letter_that_asks_for_something_opens_what_closed_by_itself(void **state)
{
	(void)state;
	terms_admit(&scene, false);
	struct sf_id discharge = terms_discharge(&scene);
	assert_int_equal(scene_ok(&scene, 'G', discharge), 0);
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE | MEDICATION, NULL), 0);
	terms_letter(&scene, 'H', SF_LETTER_DISCHARGE_LETTER, SF_MARK_NONE);
	scene_turn(&scene, terms_time("23 12:00"));
	assert_int_equal(sf_transition_state(scene.transition), SF_TRANSITION_CLOSED);
	terms_letter(&scene, 'H', SF_LETTER_CORRESPONDENCE, SF_MARK_NONE);
	terms_letter(&scene, 'G', SF_LETTER_REHABILITATION_PLAN, SF_MARK_NONE);
	assert_int_equal(sf_transition_state(scene.transition), SF_TRANSITION_CLOSED);
	struct sf_id plan = terms_letter(&scene, 'H', SF_LETTER_REHABILITATION_PLAN, SF_MARK_NONE);
	assert_int_equal(sf_transition_state(scene.transition), SF_TRANSITION_IN_TRANSIT);
	assert_string_equal(terms_state(&scene, "rehabilitation-start"), "requested");
	assert_int_equal(scene_holder(&scene, SF_DOMAIN_MEDICAL), 'G');
	assert_int_equal(scene_accept(&scene, 'K', plan, REHABILITATION, NULL), 0);
	struct sf_message start =
		terms_task(&scene, 'K', SF_TASK_START, (struct sf_id){0}, SF_DUTY_REHABILITATION);
	assert_int_equal(scene_record(&scene, &start), 0);
	start = terms_task(&scene, 'K', SF_TASK_COMPLETE, start.id, SF_DUTY_NONE);
	assert_int_equal(scene_record(&scene, &start), 0);
	scene_turn(&scene, scene.now_ms);
	assert_int_equal(sf_transition_state(scene.transition), SF_TRANSITION_CLOSED);
}

/* A hospital that is named as the receiver has nobody to hand it on to. */
static void test_receiver_that_is_the_hospital_closes_too(void **state)
{
	(void)state;
	terms_somatic()->receiver.role = SF_ROLE_HOSPITAL;
	terms_somatic()->windows[0].then = SF_ROLE_NONE;
	terms_admit(&scene, false);
	struct sf_id discharge = terms_discharge(&scene);
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE | MEDICATION, NULL), 0);
	terms_letter(&scene, 'H', SF_LETTER_DISCHARGE_LETTER, SF_MARK_NONE);
	scene_turn(&scene, terms_time("23 12:00"));
	assert_int_equal(sf_transition_state(scene.transition), SF_TRANSITION_CLOSED);
}

static void test_transition_without_terms_never_closes_by_itself(void **state)
{
	(void)state;
	scene_close(&scene);
	scene_open(&scene);
	terms_admit(&scene, false);
	struct sf_id discharge = terms_discharge(&scene);
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE | MEDICATION, NULL), 0);
	assert_int_equal(scene_turn(&scene, terms_time("30 10:00")), 0);
}

static void test_dead_patient_is_closed_when_the_letter_is_sent(void **state)
{
	(void)state;
	terms_admit(&scene, false);
	scene.now_ms = terms_time("20 10:00");
	terms_discharge(&scene);
	assert_int_equal(scene_stay(&scene, "MORS", NULL), 0);
	scene_turn(&scene, terms_time("20 20:00"));
	assert_false(sf_transition_course(scene.transition)->closed);
	terms_letter(&scene, 'H', SF_LETTER_DISCHARGE_LETTER, SF_MARK_NONE);
	scene_turn(&scene, scene.now_ms);
	assert_true(sf_transition_course(scene.transition)->closed);
}

static void test_urgency_is_that_of_what_comes_first(void **state)
{
	(void)state;
	terms_admit(&scene, true);
	enum sf_urgency urgency;
	assert_true(sf_transition_next_due_ms(scene.transition, &urgency) ==
		    terms_owed(&scene, "admission-report")->due_ms);
	assert_int_equal(urgency, SF_URGENCY_OWED);
	terms_letter(&scene, 'K', SF_LETTER_ADMISSION_REPORT, SF_MARK_NONE);
	terms_letter(&scene, 'H', SF_LETTER_CARE_PLAN, SF_MARK_NONE);
	terms_plan(&scene, 1, terms_time("20 15:00"));
	terms_answer_plan(&scene, SF_PLAN_ANSWER_ACCEPT);
	scene.now_ms = terms_time("20 10:00");
	struct sf_id discharge = terms_discharge(&scene);
	terms_letter(&scene, 'H', SF_LETTER_DISCHARGE_LETTER, SF_MARK_NONE);
	scene_accept(&scene, 'K', discharge, CARE | MEDICATION, NULL);
	assert_true(
		sf_transition_next_due_ms(scene.transition, &urgency) == terms_time("23 10:00"));
	assert_int_equal(urgency, SF_URGENCY_MOVES);
}

/* A party that signs the agreement later can be moved to from then on, without another event. */
static void test_acceptance_that_comes_later_is_foretold(void **state)
{
	(void)state;
	terms_admit(&scene, false);
	scene.now_ms = terms_time("18 20:00");
	struct sf_id discharge = terms_discharge(&scene);
	assert_int_equal(scene_ok(&scene, 'G', discharge), 0);
	terms_accept_later('G', terms_time("18 21:00"));
	struct sf_fact fact;
	assert_false(sf_transition_derive(scene.transition, terms_time("18 20:59"), &fact));
	assert_true(sf_transition_derive(scene.transition, terms_time("18 21:00"), &fact));
	assert_int_equal(fact.kind, SF_KIND_PASSED);
}

/* A small generator of its own: the same facts at every run of one seed. */
static uint32_t chance(uint64_t *seed, uint32_t below)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33) % below;
}

static struct sf_id anything(uint64_t *seed)
{
	return scene_id(2, 1 + chance(seed, scene.minted + 1));
}

static void write_parties(struct sf_message *message, const char *bound, enum sf_pathway pathway)
{
	struct sf_parties *parties = &message->fact.parties;
	*parties = (struct sf_parties){
		.version = ++scene.version, .pathway = pathway, .agreement = scene_agreement()};
	for (const char *letter = bound; *letter; letter++)
		parties->bindings[parties->binding_count++] = (struct sf_binding){
			scene_role(*letter), SF_BINDING_PARTY, scene_party(*letter)};
}

static void fill_course(struct sf_message *message, uint64_t *seed, int64_t soon_ms)
{
	static const char *const stays[] = {"STAA", "STIN", "SLHJ", "SLHJ", "AN_SLHJ", "AN_STIN",
		"STOR", "SLOR", "MORS", "AN_MORS", "RE_SLHJ", "RE_STIN"};
	switch (message->fact.kind) {
	case SF_KIND_STAY:
		message->fact.stay = scene_stay_fact(stays[chance(seed, SF_COUNT(stays))],
			scene.now_ms - (int64_t)chance(seed, 40) * SF_HOUR_MS);
		message->fact.stay.report_requested = chance(seed, 2) == 0;
		break;
	case SF_KIND_ACKNOWLEDGEMENT:
		message->fact.acknowledgement =
			(struct sf_acknowledgement){.message_id = anything(seed), .ack = SF_ACK_OK};
		break;
	case SF_KIND_PLAN:
		message->fact.plan = (struct sf_plan){.version = 1 + chance(seed, 5),
			.ready = {soon_ms, soon_ms, SF_CONFIDENCE_LOW},
			.discharge = {soon_ms, soon_ms, SF_CONFIDENCE_LOW}};
		break;
	case SF_KIND_PLAN_ANSWER:
		message->fact.plan_answer = (struct sf_plan_answer){
			.code = (enum sf_plan_answer_code)(1 + chance(seed, 5)),
			.refer_to_role = SF_ROLE_GP};
		break;
	case SF_KIND_READY:
		message->fact.ready.ready_ms = scene.now_ms;
		break;
	case SF_KIND_AGREE:
		message->fact.agree.discharge_ms = SCENE_START_MS + 72 * SF_HOUR_MS;
		break;
	case SF_KIND_OFFER:
		message->fact.offer =
			(struct sf_offer){chance(seed, 32), (enum sf_role)(1 + chance(seed, 4))};
		break;
	case SF_KIND_ACCEPT:
		message->fact.accept.domains = CARE | MEDICATION;
		break;
	case SF_KIND_REFUSE:
		message->fact.refuse.refer_to_role = SF_ROLE_GP;
		break;
	default:
		break;
	}
}

static void fill_duty(struct sf_message *message, uint64_t *seed, int64_t soon_ms)
{
	switch (message->fact.kind) {
	case SF_KIND_LETTER:
		message->fact.letter = (struct sf_letter){
			(enum sf_letter_code)(1 + chance(seed, 9)), (enum sf_mark)chance(seed, 4)};
		break;
	case SF_KIND_OBLIGATION:
		message->fact.obligation = (struct sf_obligation_fact){
			.action = (enum sf_task_action)(1 + chance(seed, 12)),
			.subject = chance(seed, 2) ? anything(seed) : (struct sf_id){{0}},
			.clause = chance(seed, 3) ? 0 : 1 + chance(seed, 6),
			.duty = (enum sf_duty)(1 + chance(seed, 15)),
			.due_ms = chance(seed, 2) ? soon_ms : 0,
			.owner = (enum sf_role)(1 + chance(seed, 4)),
			.hold_until_ms = chance(seed, 2) ? soon_ms : 0,
			.refer_to_role = SF_ROLE_GP};
		break;
	case SF_KIND_QUESTION:
		message->fact.question = (struct sf_question){SF_ROLE_HOSPITAL, soon_ms};
		break;
	case SF_KIND_WINDOW:
		message->fact.window = (struct sf_window_fact){
			(enum sf_window_action)(1 + chance(seed, 4)), soon_ms};
		break;
	case SF_KIND_CLOSE:
		message->fact.close.code = SF_CLOSE_OTHER;
		break;
	case SF_KIND_INTENT:
		message->fact.intent.expected_ms = soon_ms;
		break;
	case SF_KIND_PARTIES:
		message->author = scene_party('H');
		write_parties(message, chance(seed, 2) ? "HKG" : "HLG",
			chance(seed, 8) ? SF_PATHWAY_SOMATIC : SF_PATHWAY_PSYCHIATRIC);
		break;
	default:
		break;
	}
}

/* Any fact of anybody about anything: most are refused, and none may break what follows. */
static struct sf_message random_message(uint64_t *seed)
{
	static const char authors[] = "HHHHKKKGGLX";
	static const enum sf_kind kinds[] = {SF_KIND_STAY, SF_KIND_STAY, SF_KIND_STAY,
		SF_KIND_ACKNOWLEDGEMENT, SF_KIND_ACKNOWLEDGEMENT, SF_KIND_PLAN, SF_KIND_PLAN_ANSWER,
		SF_KIND_READY, SF_KIND_READY_WITHDRAWN, SF_KIND_AGREE, SF_KIND_OFFER,
		SF_KIND_ACCEPT, SF_KIND_ACCEPT, SF_KIND_REFUSE, SF_KIND_WITHDRAW, SF_KIND_LETTER,
		SF_KIND_LETTER, SF_KIND_OBLIGATION, SF_KIND_OBLIGATION, SF_KIND_QUESTION,
		SF_KIND_ANSWER, SF_KIND_WINDOW, SF_KIND_DISPUTE, SF_KIND_RESOLVE, SF_KIND_FALLBACK,
		SF_KIND_CLOSE, SF_KIND_REOPEN, SF_KIND_INTENT, SF_KIND_PARTIES};
	enum sf_kind kind = kinds[chance(seed, SF_COUNT(kinds))];
	struct sf_message message =
		scene_message(&scene, authors[chance(seed, sizeof(authors) - 1)], kind);
	int64_t soon_ms = scene.now_ms + (int64_t)chance(seed, 200) * SF_HOUR_MS;
	message.in_reply_to = anything(seed);
	if (kind == SF_KIND_STAY)
		message.author = scene_party('H');
	if (chance(seed, 3) == 0)
		message.in_reply_to = (struct sf_id){{0}};
	fill_course(&message, seed, soon_ms);
	fill_duty(&message, seed, soon_ms);
	return message;
}

/* Everything recorded in one run, to be folded once more. */
#define RECORDED_MAX 600
static struct sf_message messages[RECORDED_MAX];
static struct sf_event events[RECORDED_MAX];

static uint16_t record(const struct sf_message *message, enum sf_role role)
{
	size_t place = scene.sequence;
	assert_true(place < RECORDED_MAX);
	enum sf_kind_class kind_class = SF_CLASS_FACT;
	if (message->fact.kind == SF_KIND_ACKNOWLEDGEMENT)
		kind_class = SF_CLASS_ACKNOWLEDGEMENT;
	if (role == SF_ROLE_COORDINATOR)
		kind_class = SF_CLASS_DERIVED;
	messages[place] = *message;
	events[place] = (struct sf_event){.message = &messages[place],
		.kind_class = kind_class,
		.sequence = scene.sequence + 1,
		.recorded_ms = scene.now_ms,
		.author_role = role};
	return scene_record_as(&scene, message, role);
}

/* A turn that ends, and tells nothing twice. */
static size_t turn(int64_t now_ms)
{
	scene.now_ms = now_ms;
	for (size_t count = 0;; count++) {
		assert_true(count < 100);
		struct sf_message message = scene_message(&scene, 'S', SF_KIND_NONE);
		if (!sf_transition_derive(scene.transition, now_ms, &message.fact))
			return count;
		uint16_t code = record(&message, SF_ROLE_COORDINATOR);
		assert_true(code == 0 || code >= SF_DEVIATION_LATE_FACT);
		scene.now_ms = now_ms;
	}
}

/* What is foretold is told at its instant and not before. */
static void assert_foretold(void)
{
	enum sf_urgency urgency;
	struct sf_fact fact;
	int64_t due_ms = sf_transition_next_due_ms(scene.transition, &urgency);
	assert_true(due_ms > scene.now_ms);
	if (due_ms == SF_NEVER_MS) {
		assert_false(sf_transition_derive(scene.transition, INT64_MAX - 1, &fact));
		return;
	}
	assert_false(sf_transition_derive(scene.transition, due_ms - 1, &fact));
	assert_true(sf_transition_derive(scene.transition, due_ms, &fact));
	assert_true(fact.derived.due_ms == due_ms);
}

static void assert_obligations(void)
{
	size_t count;
	const struct sf_obligation *all = sf_transition_obligations(scene.transition, &count);
	for (size_t i = 0; i < count; i++) {
		bool open = sf_obligation_is_open(&all[i]);
		assert_true(open == (all[i].ended_ms == 0));
		if (open && all[i].duty == SF_DUTY_EXPECTATION)
			assert_false(sf_id_is_none(all[i].owner));
	}
}

/* R6: the same events give every replica the same, and each derived fact its effect. */
static void assert_replays(void)
{
	struct sf_transition *replica;
	struct sf_transition_result result;
	assert_int_equal(sf_transition_open(scene_id(9, 1), terms_book(), &replica), SF_OK);
	for (size_t i = 0; i < scene.sequence; i++) {
		assert_int_equal(sf_transition_step(replica, &events[i], &result), SF_OK);
		if (events[i].kind_class == SF_CLASS_DERIVED)
			assert_int_not_equal(result.outcome, SF_OUTCOME_REFUSED);
	}
	struct sf_buf live, again;
	sf_buf_init(&live, 65536);
	sf_buf_init(&again, 65536);
	assert_int_equal(sf_transition_summary(scene.transition, &live), SF_OK);
	assert_int_equal(sf_transition_summary(replica, &again), SF_OK);
	assert_true(sf_view_equal(sf_buf_view(&live), sf_buf_view(&again)));
	sf_buf_fini(&live);
	sf_buf_fini(&again);
	sf_transition_close(&replica);
}

static size_t run_one(uint64_t seed)
{
	size_t derived = 0;
	scene_open_by(&scene, terms_book());
	for (size_t i = 0; i < 45; i++) {
		struct sf_message message = random_message(&seed);
		if (i < 2) {
			message = scene_message(&scene, 'H', i ? SF_KIND_STAY : SF_KIND_PARTIES);
			message.fact.stay = scene_stay_fact("STIN", scene.now_ms);
			if (i == 0)
				write_parties(&message, "HKG", SF_PATHWAY_SOMATIC);
		}
		record(&message, scene_role((char)message.author.bytes[15]));
		derived += turn(scene.now_ms);
		assert_foretold();
		assert_obligations();
		enum sf_urgency urgency;
		int64_t due_ms = sf_transition_next_due_ms(scene.transition, &urgency);
		if (due_ms != SF_NEVER_MS && chance(&seed, 3) == 0)
			derived += turn(due_ms);
		else
			scene.now_ms += (int64_t)chance(&seed, 12) * SF_HOUR_MS;
	}
	assert_replays();
	scene_close(&scene);
	return derived;
}

/* Many random transitions, legal and not, time passing between their facts. */
static void test_what_is_foretold_is_told_at_its_instant(void **state)
{
	(void)state;
	terms_somatic()->silence.after = (struct sf_deadline)TERMS_HOURS(100);
	terms_somatic()->handovers[0].silence = SF_SILENCE_PASSES;
	terms_somatic()->handovers[0].after = (struct sf_deadline)TERMS_HOURS(30);
	scene_close(&scene);
	size_t derived = 0;
	for (uint64_t run = 1; run <= 300; run++)
		derived += run_one(run * 7919);
	assert_true(derived > 1000);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(test_ladder_climbs_a_rung_an_hour_until_a_person_has_seen_it),
		CASE(test_call_about_it_stops_the_ladder_and_nobody_seeing_it_climbs_all),
		CASE(test_ladder_without_time_is_climbed_at_once),
		CASE(test_derived_fact_that_time_does_not_give_has_no_effect),
		CASE(test_silence_is_told_once_and_broken_by_anybody),
		CASE(test_transition_closes_when_nothing_is_open),
		CASE(test_letter_that_asks_for_something_opens_what_closed_by_itself),
		CASE(test_receiver_that_is_the_hospital_closes_too),
		CASE(test_transition_without_terms_never_closes_by_itself),
		CASE(test_dead_patient_is_closed_when_the_letter_is_sent),
		CASE(test_urgency_is_that_of_what_comes_first),
		CASE(test_acceptance_that_comes_later_is_foretold),
		CASE(test_what_is_foretold_is_told_at_its_instant),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
