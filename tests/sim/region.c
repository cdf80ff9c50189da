#include "sim/region.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "coordinator/state.h"
#include "core/derived.h"
#include "os/agreement_text.h"
#include "wire/fact.h"
#include "wire/record.h"

#define REPLY_SIZE_MAX ((size_t)16 * 1024 * 1024)

static uint64_t chance(struct sf_sim_region *region, uint64_t bound)
{
	return sf_sim_below(&region->world.chance, bound);
}

/* Between least and most hours from now. */
static int64_t hours(struct sf_sim_region *region, int64_t least, int64_t most)
{
	uint64_t span = (uint64_t)((most - least) * SF_HOUR_MS + 1);
	return region->world.now_ms + least * SF_HOUR_MS + (int64_t)chance(region, span);
}

static struct sf_sim_machine *machine_of(struct sf_sim_region *region, size_t index)
{
	return &region->world.machines[index];
}

/* True when the machine has done it; a machine that is off or full is asked again later. */
static bool ask(struct sf_sim_region *region, struct sf_sim_machine *machine,
	const struct sf_request *request, struct sf_reply *ret_reply)
{
	sf_arena_clear(&region->arena);
	*ret_reply = (struct sf_reply){.text = ""};
	enum sf_err err = sf_sim_call(machine, request, &region->arena, ret_reply);
	if (err)
		region->troubled++;
	else if (ret_reply->err)
		region->refused++;
	return !err && !ret_reply->err;
}

/* A transition as the coordinator has it; NULL when it has none. */
static const struct sf_transition *recorded_of(struct sf_sim_machine *machine, struct sf_id id)
{
	struct sf_cached_transition *cached = NULL;
	struct sf_diag diag;
	if (!machine->on || sf_id_is_none(id) ||
		sf_coordinator_transition(machine->coordinator, id, &cached, &diag) ||
		sf_transition_sequence(cached->transition) == 0)
		return NULL;
	return cached->transition;
}

static bool say(struct sf_sim_region *region, const struct sf_sim_course *course, size_t index,
	const struct sf_fact *fact, uint32_t to_roles)
{
	static const char text[] = "Et brev om en patient, der ikke findes.";
	bool letter = fact->kind == SF_KIND_LETTER || fact->kind == SF_KIND_QUESTION;
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_HEADER_SIZE_MAX);
	SF_ASSERT(!sf_fact_encode(fact, &bytes));
	const struct sf_request request = {.kind = SF_REQUEST_SAY,
		.say = {.transition = course->transition,
			.fact = sf_buf_view(&bytes),
			.kind = fact->kind,
			.to_roles = to_roles,
			.to_party = "",
			.content_type = letter ? "text/plain" : "",
			.content = sf_view_of(text, letter ? sizeof(text) - 1 : 0),
			.contact_name = "",
			.contact_telephone = ""}};
	struct sf_reply reply;
	bool said = ask(region, machine_of(region, index), &request, &reply);
	region->said += said;
	sf_buf_fini(&bytes);
	return said;
}

static bool notify(struct sf_sim_region *region, struct sf_sim_course *course, const char *form)
{
	struct sf_sim_world *world = &region->world;
	struct sf_sim_machine *hospital = machine_of(region, course->hospital);
	bool first = sf_id_is_none(course->transition);
	struct sf_sim_step step =
		sf_sim_follow(world, first ? NULL : &course->step, sf_sim_form(form));
	struct sf_buf letter;
	sf_buf_init(&letter, SF_CLINICAL_SIZE_MAX);
	sf_sim_letter(world, hospital, machine_of(region, course->municipality), &course->patient,
		&step, &letter);
	const struct sf_request request = {.kind = SF_REQUEST_SEND,
		.send = {.content_type = SF_CONTENT_FHIR_JSON,
			.content = sf_buf_view(&letter),
			.gp = first ? machine_of(region, course->practice)->name : "",
			.municipality = ""}};
	struct sf_reply reply;
	bool taken = ask(region, hospital, &request, &reply);
	SF_ASSERT(!taken || reply.sent.answer != SF_SEND_FATAL);
	if (taken) {
		course->transition = reply.sent.transition;
		course->step = step;
		region->said++;
	}
	sf_buf_fini(&letter);
	return taken;
}

static bool accept(
	struct sf_sim_region *region, const struct sf_sim_course *course, sf_domain_set domains)
{
	const struct sf_request request = {.kind = SF_REQUEST_ACCEPT,
		.accept = {.id = course->transition, .domains = domains, .by_person = true}};
	struct sf_reply reply;
	bool said = ask(region, machine_of(region, course->municipality), &request, &reply);
	region->said += said;
	return said;
}

static bool write_letter(struct sf_sim_region *region, const struct sf_sim_course *course,
	size_t index, enum sf_letter_code code, enum sf_role to)
{
	const struct sf_fact fact = {.kind = SF_KIND_LETTER,
		.letter = {code, code == SF_LETTER_DISCHARGE_LETTER && chance(region, 100) < 30
					 ? SF_MARK_YELLOW
					 : SF_MARK_NONE}};
	return say(region, course, index, &fact, 1u << to);
}

static bool do_duty(struct sf_sim_region *region, const struct sf_sim_course *course, size_t index,
	enum sf_task_action action, enum sf_duty duty)
{
	struct sf_fact fact = {
		.kind = SF_KIND_OBLIGATION, .obligation = {.action = action, .duty = duty}};
	if (action == SF_TASK_REQUEST) {
		fact.obligation.owner = SF_ROLE_MUNICIPALITY;
		fact.obligation.due_ms = hours(region, 24, 96);
	} else {
		const struct sf_transition *transition =
			sf_sim_replica(machine_of(region, index), course->transition);
		size_t count = 0;
		const struct sf_obligation *obligations =
			transition ? sf_transition_obligations(transition, &count) : NULL;
		for (size_t i = 0; i < count; i++)
			if (obligations[i].duty == duty && obligations[i].clause == 0) {
				fact.obligation.subject = obligations[i].subject;
				fact.obligation.duty = SF_DUTY_NONE;
			}
	}
	return say(region, course, index, &fact, 0);
}

static bool plan(struct sf_sim_region *region, struct sf_sim_course *course)
{
	int64_t from_ms = hours(region, 12, 48);
	const struct sf_fact fact = {.kind = SF_KIND_PLAN,
		.plan = {.version = ++course->plan_version,
			.ready = {from_ms, from_ms + 6 * SF_HOUR_MS, SF_CONFIDENCE_MEDIUM},
			.discharge = {from_ms, from_ms + SF_DAY_MS, SF_CONFIDENCE_LOW}}};
	return say(region, course, course->hospital, &fact, 0);
}

static bool answer_plan(struct sf_sim_region *region, const struct sf_sim_course *course)
{
	uint64_t luck = chance(region, 100);
	struct sf_fact fact = {.kind = SF_KIND_PLAN_ANSWER,
		.plan_answer = {.code = luck < 80   ? SF_PLAN_ANSWER_ACCEPT
					: luck < 94 ? SF_PLAN_ANSWER_LATER
						    : SF_PLAN_ANSWER_CANNOT}};
	if (fact.plan_answer.code == SF_PLAN_ANSWER_CANNOT) {
		fact.plan_answer.reason = SF_CANNOT_CAPACITY;
		fact.plan_answer.refer_to_role = SF_ROLE_CARE_HOME;
	} else {
		fact.plan_answer.ready_from_ms = hours(region, 12, 72);
	}
	return say(region, course, course->municipality, &fact, 0);
}

/* What happens in a stay, in this order; each with so many chances in a hundred and so late. */
enum scene {
	SCENE_ADMIT,
	SCENE_NO_CASE,
	SCENE_REPORT,
	SCENE_PLAN,
	SCENE_ANSWER,
	SCENE_REPLAN,
	SCENE_ANSWER_AGAIN,
	SCENE_CARE_PLAN,
	SCENE_DEVICES,
	SCENE_TAKE_DEVICES,
	SCENE_READY,
	SCENE_WITHDRAW,
	SCENE_READY_AGAIN,
	SCENE_AGREE,
	SCENE_AGREE_TOO,
	SCENE_INTENT,
	SCENE_DEATH,
	SCENE_DISCHARGE,
	SCENE_CANCEL,
	SCENE_DISCHARGE_AGAIN,
	SCENE_ACCEPT,
	SCENE_ARRIVED,
	SCENE_QUESTION,
	SCENE_REPLY,
	SCENE_LETTER,
	SCENE_REVIEW,
	SCENE_TRAINING_PLAN,
	SCENE_TRAINING,
	SCENE_COMPLETE,
	SCENE_END,
};

static const struct {
	uint32_t percent;
	int64_t least_hours, most_hours; /* after the scene before */
} scenes[SCENE_END] = {
	[SCENE_ADMIT] = {100, 0, 0},
	[SCENE_NO_CASE] = {10, 0, 4},
	[SCENE_REPORT] = {80, 1, 30},
	[SCENE_PLAN] = {85, 1, 20},
	[SCENE_ANSWER] = {90, 0, 40},
	[SCENE_REPLAN] = {20, 1, 20},
	[SCENE_ANSWER_AGAIN] = {20, 0, 12},
	[SCENE_CARE_PLAN] = {80, 0, 6},
	[SCENE_DEVICES] = {40, 0, 2},
	[SCENE_TAKE_DEVICES] = {35, 0, 12},
	[SCENE_READY] = {80, 2, 24},
	[SCENE_WITHDRAW] = {8, 1, 8},
	[SCENE_READY_AGAIN] = {8, 4, 24},
	[SCENE_AGREE] = {70, 0, 2},
	[SCENE_AGREE_TOO] = {70, 0, 6},
	[SCENE_INTENT] = {50, 0, 4},
	[SCENE_DEATH] = {2, 0, 4},
	[SCENE_DISCHARGE] = {100, 1, 12},
	[SCENE_CANCEL] = {3, 0, 3},
	[SCENE_DISCHARGE_AGAIN] = {3, 4, 48},
	[SCENE_ACCEPT] = {93, 0, 7},
	[SCENE_ARRIVED] = {60, 0, 2},
	[SCENE_QUESTION] = {30, 1, 40},
	[SCENE_REPLY] = {28, 0, 6},
	[SCENE_LETTER] = {95, 0, 40},
	[SCENE_REVIEW] = {60, 1, 40},
	[SCENE_TRAINING_PLAN] = {25, 0, 4},
	[SCENE_TRAINING] = {25, 12, 200},
	[SCENE_COMPLETE] = {35, 12, 100},
};

static bool play_scene(struct sf_sim_region *region, struct sf_sim_course *course, enum scene scene)
{
	struct sf_fact fact = {.kind = SF_KIND_NONE};
	int64_t now_ms = region->world.now_ms;
	switch (scene) {
	case SCENE_ADMIT:
		return notify(region, course, chance(region, 2) ? "STIN" : "STAA");
	case SCENE_NO_CASE:
		fact.kind = SF_KIND_PLAN_ANSWER;
		fact.plan_answer.code = SF_PLAN_ANSWER_NO_CASE;
		return say(region, course, course->municipality, &fact, 0);
	case SCENE_REPORT:
		return write_letter(region, course, course->municipality,
			SF_LETTER_ADMISSION_REPORT, SF_ROLE_HOSPITAL);
	case SCENE_PLAN:
	case SCENE_REPLAN:
		return plan(region, course);
	case SCENE_ANSWER:
	case SCENE_ANSWER_AGAIN:
		return answer_plan(region, course);
	case SCENE_CARE_PLAN:
		return write_letter(region, course, course->hospital, SF_LETTER_CARE_PLAN,
			SF_ROLE_MUNICIPALITY);
	case SCENE_DEVICES:
		return do_duty(region, course, course->hospital, SF_TASK_REQUEST,
			SF_DUTY_ASSISTIVE_DEVICES);
	case SCENE_TAKE_DEVICES:
		return do_duty(region, course, course->municipality, SF_TASK_ACCEPT,
			SF_DUTY_ASSISTIVE_DEVICES);
	case SCENE_READY:
	case SCENE_READY_AGAIN:
		fact.kind = SF_KIND_READY;
		fact.ready = (struct sf_ready){now_ms, true};
		return say(region, course, course->hospital, &fact, 0);
	case SCENE_WITHDRAW:
		fact.kind = SF_KIND_READY_WITHDRAWN;
		return say(region, course, course->hospital, &fact, 0);
	case SCENE_AGREE:
	case SCENE_AGREE_TOO:
		fact.kind = SF_KIND_AGREE;
		fact.agree.discharge_ms = course->due_ms + 12 * SF_HOUR_MS;
		return say(region, course,
			scene == SCENE_AGREE ? course->hospital : course->municipality, &fact, 0);
	case SCENE_INTENT:
		fact.kind = SF_KIND_INTENT;
		fact.intent.expected_ms = hours(region, 2, 10);
		return say(region, course, course->hospital, &fact, 0);
	case SCENE_DEATH:
		course->scene = SCENE_END;
		return notify(region, course, "MORS");
	case SCENE_DISCHARGE:
	case SCENE_DISCHARGE_AGAIN:
		return notify(region, course, "SLHJ");
	case SCENE_CANCEL:
		return notify(region, course, "AN_SLHJ");
	case SCENE_ACCEPT:
		return accept(region, course, 0);
	case SCENE_ARRIVED:
		fact.kind = SF_KIND_ARRIVED;
		fact.arrived.arrived_ms = now_ms;
		return say(region, course, course->municipality, &fact, 0);
	case SCENE_QUESTION:
		fact.kind = SF_KIND_QUESTION;
		fact.question = (struct sf_question){SF_ROLE_HOSPITAL, hours(region, 2, 6)};
		return say(region, course, course->municipality, &fact, 0);
	case SCENE_REPLY:
		fact.kind = SF_KIND_ANSWER;
		return say(region, course, course->hospital, &fact, 0);
	case SCENE_LETTER:
		return write_letter(
			region, course, course->hospital, SF_LETTER_DISCHARGE_LETTER, SF_ROLE_GP);
	case SCENE_REVIEW:
		return do_duty(
			region, course, course->practice, SF_TASK_COMPLETE, SF_DUTY_GP_REVIEW);
	case SCENE_TRAINING_PLAN:
		return write_letter(region, course, course->hospital, SF_LETTER_REHABILITATION_PLAN,
			SF_ROLE_MUNICIPALITY);
	case SCENE_TRAINING:
		return do_duty(region, course, course->municipality, SF_TASK_START,
			SF_DUTY_REHABILITATION);
	case SCENE_COMPLETE:
		return do_duty(region, course, course->municipality, SF_TASK_COMPLETE,
			SF_DUTY_ASSISTIVE_DEVICES);
	case SCENE_END:
		break;
	}
	return true;
}

/* The next scene that happens to this patient, and when. */
static void go_on(struct sf_sim_region *region, struct sf_sim_course *course)
{
	do
		course->scene++;
	while (course->scene < SCENE_END && chance(region, 100) >= scenes[course->scene].percent);
	if (course->scene < SCENE_END)
		course->due_ms = hours(region, scenes[course->scene].least_hours,
			scenes[course->scene].most_hours);
}

static void admit(struct sf_sim_region *region)
{
	SF_ASSERT(region->course_count < region->course_max);
	struct sf_sim_world *world = &region->world;
	size_t first = 1, hospitals = region->plan.hospitals, many = region->plan.municipalities;
	struct sf_sim_course *course = &region->courses[region->course_count++];
	*course = (struct sf_sim_course){
		.patient = sf_sim_patient(world, region->course_count),
		.hospital = first + chance(region, hospitals),
		.municipality = first + hospitals + chance(region, many),
		.practice = first + hospitals + many + chance(region, region->plan.practices),
		.scene = SCENE_ADMIT,
		.due_ms = world->now_ms,
	};
	if (play_scene(region, course, SCENE_ADMIT))
		go_on(region, course);
	else
		course->scene = SCENE_END;
}

static void step_courses(struct sf_sim_region *region)
{
	for (size_t i = 0; i < region->course_count; i++) {
		struct sf_sim_course *course = &region->courses[i];
		if (course->scene >= SCENE_END || course->due_ms > region->world.now_ms)
			continue;
		/* Refused by the rules or by a machine without power: life goes on either way. */
		play_scene(region, course, course->scene);
		go_on(region, course);
	}
}

static void maybe_trouble(struct sf_sim_region *region)
{
	struct sf_sim_world *world = &region->world;
	if (!region->faulty || chance(region, 40))
		return;
	size_t index = chance(region, world->machine_count);
	struct sf_sim_machine *machine = &world->machines[index];
	if (chance(region, 2) && index > 0) {
		sf_sim_part(machine, !world->parted[index]);
	} else {
		sf_sim_power_off(machine);
		sf_sim_power_on(machine);
	}
}

/*
 * Every missed deadline is on somebody's list at the first turn after it passes: no transition has
 * a derived fact due that the coordinator, which has just had its turns, has not recorded.
 */
static const char *check_deadlines(struct sf_sim_region *region)
{
	struct sf_sim_machine *coordinator = sf_sim_coordinator(&region->world);
	if (!coordinator->on)
		return NULL;
	for (size_t i = 0; i < region->course_count; i++) {
		const struct sf_transition *transition =
			recorded_of(coordinator, region->courses[i].transition);
		if (!transition)
			continue;
		const char *broken = sf_transition_invariant_broken(transition);
		if (broken)
			return broken;
		if (sf_transition_frozen(transition))
			return "a ledger is frozen";
		struct sf_fact due;
		if (sf_transition_derive(transition, region->world.now_ms - SF_SECOND_MS, &due))
			return "a deadline passed and nobody's list has it";
		region->checked++;
	}
	return NULL;
}

/* What is overdue at the coordinator stands on the lists of who owes it and who waits. */
static const char *check_lists(struct sf_sim_region *region, const struct sf_sim_course *course)
{
	const size_t parties[] = {course->hospital, course->municipality, course->practice};
	const struct sf_transition *recorded =
		recorded_of(sf_sim_coordinator(&region->world), course->transition);
	if (!recorded)
		return NULL;
	size_t count;
	const struct sf_obligation *obligations = sf_transition_obligations(recorded, &count);
	for (size_t i = 0; i < count; i++) {
		const struct sf_obligation *owed = &obligations[i];
		region->overdue += sf_obligation_is_open(owed) && owed->expired_ms != 0;
		for (size_t j = 0; j < SF_COUNT(parties); j++) {
			struct sf_sim_machine *machine = machine_of(region, parties[j]);
			if (!sf_obligation_is_open(owed) || owed->expired_ms == 0 ||
				!sf_id_equal(owed->owner, machine->party))
				continue;
			const struct sf_transition *own =
				sf_sim_replica(machine, course->transition);
			struct sf_next next[64];
			size_t rows =
				own ? sf_transition_next_all(own, region->world.now_ms, next, 64)
				    : 0;
			bool listed = false;
			for (size_t k = 0; k < rows && k < 64; k++)
				listed = listed ||
					 (next[k].overdue &&
						 sf_id_equal(next[k].subject, owed->subject) &&
						 next[k].clause == owed->clause);
			if (!listed)
				return "what is overdue is not on its owner's list";
		}
	}
	return NULL;
}

/* No lost duty: every party of a transition ends with the very state that the coordinator has. */
static const char *check_replicas(struct sf_sim_region *region, const struct sf_sim_course *course)
{
	const struct sf_transition *recorded =
		recorded_of(sf_sim_coordinator(&region->world), course->transition);
	if (!recorded)
		return "a transition that a node had promised is not recorded";
	struct sf_buf theirs, own;
	sf_buf_init(&theirs, 1 << 20);
	sf_buf_init(&own, 1 << 20);
	SF_ASSERT(!sf_transition_summary(recorded, &theirs));
	const char *broken = NULL;
	for (size_t i = 1; i < region->world.machine_count && !broken; i++) {
		struct sf_sim_machine *machine = machine_of(region, i);
		if (!sf_transition_is_member(recorded, machine->party))
			continue;
		const struct sf_transition *replica = sf_sim_replica(machine, course->transition);
		sf_buf_clear(&own);
		if (replica)
			SF_ASSERT(!sf_transition_summary(replica, &own));
		if (!replica || !sf_view_equal(sf_buf_view(&theirs), sf_buf_view(&own)))
			broken = "a party has another view of its transition";
		region->compared++;
	}
	sf_buf_fini(&theirs);
	sf_buf_fini(&own);
	return broken;
}

static void sign_agreement(struct sf_sim_region *region)
{
	char path[512];
	snprintf(path, sizeof(path), "%s/sim/agreements/midt.agreement", SF_TESTS_DIR);
	struct sf_agreement *agreement = calloc(1, sizeof(*agreement));
	SF_ASSERT(agreement);
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_AGREEMENT_SIZE_MAX);
	SF_ASSERT(!sf_agreement_text_load(path, agreement, NULL));
	SF_ASSERT(!sf_agreement_encode(agreement, &bytes));
	free(agreement);
	struct sf_reply reply;
	const struct sf_request propose = {
		.kind = SF_REQUEST_PROPOSE, .propose = {sf_buf_view(&bytes)}};
	SF_ASSERT(ask(region, machine_of(region, 1), &propose, &reply));
	sf_buf_fini(&bytes);
	sf_sim_run_until(&region->world, region->world.now_ms + SF_MINUTE_MS);
	for (size_t i = 2; i < region->world.machine_count; i++) {
		const struct sf_request sign = {.kind = SF_REQUEST_SIGN_AGREEMENT,
			.sign_agreement = {.reference = "midt", .on_behalf = ""}};
		SF_ASSERT(ask(region, machine_of(region, i), &sign, &reply));
	}
	sf_sim_run_until(&region->world, region->world.now_ms + SF_MINUTE_MS);
}

void sf_sim_region_open(struct sf_sim_region *region, uint64_t seed, const struct sf_sim_plan *plan,
	size_t course_max, bool faulty)
{
	*region = (struct sf_sim_region){.plan = *plan, .course_max = course_max, .faulty = faulty};
	region->courses = calloc(course_max, sizeof(*region->courses));
	SF_ASSERT(region->courses);
	sf_arena_init(&region->arena, REPLY_SIZE_MAX);
	sf_sim_open(&region->world, seed, plan);
	sf_sim_run_until(&region->world, region->world.now_ms + SF_MINUTE_MS);
	sign_agreement(region);
	if (faulty)
		region->world.faults = (struct sf_sim_faults){.drop = 2000,
			.duplicate = 5000,
			.reorder = 20000,
			.delay_ms_max = 3000,
			.cut_link = 500,
			.power = 20};
}

void sf_sim_region_close(struct sf_sim_region *region)
{
	sf_sim_close(&region->world);
	sf_arena_fini(&region->arena);
	free(region->courses);
}

const char *sf_sim_region_day(struct sf_sim_region *region, size_t admissions)
{
	struct sf_sim_world *world = &region->world;
	int64_t midnight_ms = world->now_ms + SF_DAY_MS;
	size_t admitted = 0;
	while (world->now_ms < midnight_ms) {
		int64_t gone_ms = SF_DAY_MS - (midnight_ms - world->now_ms);
		while (admitted < admissions &&
			(int64_t)admitted * SF_DAY_MS <= gone_ms * (int64_t)admissions) {
			admit(region);
			admitted++;
		}
		step_courses(region);
		maybe_trouble(region);
		sf_sim_run_until(world, world->now_ms + SF_HOUR_MS / 2);
	}
	return check_deadlines(region);
}

const char *sf_sim_region_end(struct sf_sim_region *region)
{
	struct sf_sim_world *world = &region->world;
	sf_sim_heal(world);
	sf_sim_run_until(world, world->now_ms + 2 * SF_HOUR_MS);
	const char *broken = check_deadlines(region);
	for (size_t i = 0; i < region->course_count && !broken; i++) {
		const struct sf_sim_course *course = &region->courses[i];
		if (sf_id_is_none(course->transition))
			continue;
		broken = check_replicas(region, course);
		if (!broken)
			broken = check_lists(region, course);
	}
	return broken;
}
