#include "sim/region_scene.h"

#include "base/time.h"
#include "wire/fact.h"

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

bool sf_sim_region_ask(struct sf_sim_region *region, struct sf_sim_machine *machine,
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
	bool said = sf_sim_region_ask(region, machine_of(region, index), &request, &reply);
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
	bool taken = sf_sim_region_ask(region, hospital, &request, &reply);
	SF_ASSERT(!taken || reply.sent.answer != SF_SEND_FATAL);
	if (taken) {
		course->transition = reply.sent.transition;
		course->step = step;
		region->said++;
	}
	sf_buf_fini(&letter);
	return taken;
}

static bool accept(struct sf_sim_region *region, struct sf_sim_course *course)
{
	const struct sf_request request = {
		.kind = SF_REQUEST_ACCEPT, .accept = {.id = course->transition, .by_person = true}};
	struct sf_reply reply;
	bool said = sf_sim_region_ask(
		region, machine_of(region, course->municipality), &request, &reply);
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

static bool answer_plan(struct sf_sim_region *region, struct sf_sim_course *course)
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

static bool admit(struct sf_sim_region *region, struct sf_sim_course *course)
{
	return notify(region, course, chance(region, 2) ? "STIN" : "STAA");
}

static bool has_no_case(struct sf_sim_region *region, struct sf_sim_course *course)
{
	const struct sf_fact fact = {
		.kind = SF_KIND_PLAN_ANSWER, .plan_answer = {.code = SF_PLAN_ANSWER_NO_CASE}};
	return say(region, course, course->municipality, &fact, 0);
}

static bool write_report(struct sf_sim_region *region, struct sf_sim_course *course)
{
	return write_letter(
		region, course, course->municipality, SF_LETTER_ADMISSION_REPORT, SF_ROLE_HOSPITAL);
}

static bool write_care_plan(struct sf_sim_region *region, struct sf_sim_course *course)
{
	return write_letter(
		region, course, course->hospital, SF_LETTER_CARE_PLAN, SF_ROLE_MUNICIPALITY);
}

static bool request_devices(struct sf_sim_region *region, struct sf_sim_course *course)
{
	return do_duty(
		region, course, course->hospital, SF_TASK_REQUEST, SF_DUTY_ASSISTIVE_DEVICES);
}

static bool take_devices(struct sf_sim_region *region, struct sf_sim_course *course)
{
	return do_duty(
		region, course, course->municipality, SF_TASK_ACCEPT, SF_DUTY_ASSISTIVE_DEVICES);
}

static bool complete_devices(struct sf_sim_region *region, struct sf_sim_course *course)
{
	return do_duty(
		region, course, course->municipality, SF_TASK_COMPLETE, SF_DUTY_ASSISTIVE_DEVICES);
}

static bool is_ready(struct sf_sim_region *region, struct sf_sim_course *course)
{
	const struct sf_fact fact = {.kind = SF_KIND_READY, .ready = {region->world.now_ms, true}};
	return say(region, course, course->hospital, &fact, 0);
}

static bool is_not_ready(struct sf_sim_region *region, struct sf_sim_course *course)
{
	const struct sf_fact fact = {.kind = SF_KIND_READY_WITHDRAWN};
	return say(region, course, course->hospital, &fact, 0);
}

static bool agree_time(struct sf_sim_region *region, struct sf_sim_course *course, size_t party)
{
	const struct sf_fact fact = {
		.kind = SF_KIND_AGREE, .agree = {course->due_ms + 12 * SF_HOUR_MS}};
	return say(region, course, party, &fact, 0);
}

static bool hospital_agrees(struct sf_sim_region *region, struct sf_sim_course *course)
{
	return agree_time(region, course, course->hospital);
}

static bool municipality_agrees(struct sf_sim_region *region, struct sf_sim_course *course)
{
	return agree_time(region, course, course->municipality);
}

static bool announce(struct sf_sim_region *region, struct sf_sim_course *course)
{
	const struct sf_fact fact = {.kind = SF_KIND_INTENT, .intent = {hours(region, 2, 10)}};
	return say(region, course, course->hospital, &fact, 0);
}

static bool die(struct sf_sim_region *region, struct sf_sim_course *course)
{
	course->over = true;
	return notify(region, course, "MORS");
}

static bool discharge(struct sf_sim_region *region, struct sf_sim_course *course)
{
	return notify(region, course, "SLHJ");
}

static bool cancel_discharge(struct sf_sim_region *region, struct sf_sim_course *course)
{
	return notify(region, course, "AN_SLHJ");
}

static bool has_arrived(struct sf_sim_region *region, struct sf_sim_course *course)
{
	const struct sf_fact fact = {.kind = SF_KIND_ARRIVED, .arrived = {region->world.now_ms}};
	return say(region, course, course->municipality, &fact, 0);
}

static bool ask_hospital(struct sf_sim_region *region, struct sf_sim_course *course)
{
	const struct sf_fact fact = {
		.kind = SF_KIND_QUESTION, .question = {SF_ROLE_HOSPITAL, hours(region, 2, 6)}};
	return say(region, course, course->municipality, &fact, 0);
}

static bool reply(struct sf_sim_region *region, struct sf_sim_course *course)
{
	const struct sf_fact fact = {.kind = SF_KIND_ANSWER};
	return say(region, course, course->hospital, &fact, 0);
}

static bool write_discharge_letter(struct sf_sim_region *region, struct sf_sim_course *course)
{
	return write_letter(
		region, course, course->hospital, SF_LETTER_DISCHARGE_LETTER, SF_ROLE_GP);
}

static bool review(struct sf_sim_region *region, struct sf_sim_course *course)
{
	return do_duty(region, course, course->practice, SF_TASK_COMPLETE, SF_DUTY_GP_REVIEW);
}

static bool write_training_plan(struct sf_sim_region *region, struct sf_sim_course *course)
{
	return write_letter(region, course, course->hospital, SF_LETTER_REHABILITATION_PLAN,
		SF_ROLE_MUNICIPALITY);
}

static bool start_training(struct sf_sim_region *region, struct sf_sim_course *course)
{
	return do_duty(region, course, course->municipality, SF_TASK_START, SF_DUTY_REHABILITATION);
}

/* What happens in a stay, in this order. */
/* clang-format off */
static const struct {
	uint32_t percent; /* of the stays in which it happens */
	int64_t least_hours, most_hours; /* after the scene before */
	bool (*play)(struct sf_sim_region *region, struct sf_sim_course *course);
} scenes[] = {
	{100, 0, 0, admit},
	{10, 0, 4, has_no_case},
	{80, 1, 30, write_report},
	{85, 1, 20, plan},
	{90, 0, 40, answer_plan},
	{20, 1, 20, plan},
	{20, 0, 12, answer_plan},
	{80, 0, 6, write_care_plan},
	{40, 0, 2, request_devices},
	{35, 0, 12, take_devices},
	{80, 2, 24, is_ready},
	{8, 1, 8, is_not_ready},
	{8, 4, 24, is_ready},
	{70, 0, 2, hospital_agrees},
	{70, 0, 6, municipality_agrees},
	{50, 0, 4, announce},
	{2, 0, 4, die},
	{100, 1, 12, discharge},
	{3, 0, 3, cancel_discharge},
	{3, 4, 48, discharge},
	{93, 0, 7, accept},
	{60, 0, 2, has_arrived},
	{30, 1, 40, ask_hospital},
	{28, 0, 6, reply},
	{95, 0, 40, write_discharge_letter},
	{60, 1, 40, review},
	{25, 0, 4, write_training_plan},
	{25, 12, 200, start_training},
	{35, 12, 100, complete_devices},
};
/* clang-format on */

bool sf_sim_scene_play(struct sf_sim_region *region, struct sf_sim_course *course)
{
	return scenes[course->scene].play(region, course);
}

void sf_sim_scene_go_on(struct sf_sim_region *region, struct sf_sim_course *course)
{
	if (course->over)
		return;
	do
		course->scene++;
	while (course->scene < SF_COUNT(scenes) &&
		chance(region, 100) >= scenes[course->scene].percent);
	course->over = course->scene == SF_COUNT(scenes);
	if (!course->over)
		course->due_ms = hours(region, scenes[course->scene].least_hours,
			scenes[course->scene].most_hours);
}
