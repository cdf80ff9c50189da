/* What people say in a random story beside letters and offers: every kind of fact, right or wrong.
 */
#include "base/time.h"
#include "sim/story.h"
#include "wire/fact.h"
#include "wire/record.h"

#define REPLY_SIZE_MAX ((size_t)16 * 1024 * 1024)

static uint64_t below(struct sf_sim_world *world, uint64_t bound)
{
	return sf_sim_below(&world->chance, bound);
}

/* Within the next span: minutes for some, so that deadlines pass while the story goes on. */
static int64_t soon(struct sf_sim_world *world)
{
	static const int64_t spans_ms[] = {10 * SF_MINUTE_MS, 4 * SF_HOUR_MS, 2 * SF_DAY_MS};
	return world->now_ms +
	       (int64_t)below(world, (uint64_t)spans_ms[below(world, SF_COUNT(spans_ms))]);
}

static enum sf_role some_role(struct sf_sim_world *world)
{
	static const enum sf_role roles[] = {SF_ROLE_HOSPITAL, SF_ROLE_MUNICIPALITY, SF_ROLE_GP,
		SF_ROLE_OTHER_MUNICIPALITY, SF_ROLE_CARE_HOME};
	return roles[below(world, SF_COUNT(roles))];
}

static void draw_plan(
	struct sf_sim_world *world, const struct sf_transition *known, struct sf_plan *ret_plan)
{
	int64_t ready_ms = soon(world), discharge_ms = soon(world);
	const struct sf_course *course = known ? sf_transition_course(known) : NULL;
	*ret_plan = (struct sf_plan){
		.version = (course ? course->plan.version : 0) + (uint32_t)below(world, 2),
		.ready = {ready_ms, ready_ms + SF_HOUR_MS, SF_CONFIDENCE_MEDIUM},
		.discharge = {discharge_ms, discharge_ms + SF_HOUR_MS, SF_CONFIDENCE_LOW}};
	ret_plan->version += ret_plan->version == 0;
}

static void draw_plan_answer(struct sf_sim_world *world, struct sf_plan_answer *ret_answer)
{
	ret_answer->code = (enum sf_plan_answer_code)(1 + below(world, SF_PLAN_ANSWER_NO_CASE));
	switch (ret_answer->code) {
	case SF_PLAN_ANSWER_ACCEPT:
	case SF_PLAN_ANSWER_LATER:
		ret_answer->ready_from_ms = soon(world);
		break;
	case SF_PLAN_ANSWER_CANNOT:
		ret_answer->reason = SF_CANNOT_CAPACITY;
		ret_answer->refer_to_role = SF_ROLE_CARE_HOME;
		break;
	case SF_PLAN_ANSWER_NOT_OURS:
		ret_answer->refer_to_role = SF_ROLE_OTHER_MUNICIPALITY;
		break;
	case SF_PLAN_ANSWER_NO_CASE:
	case SF_PLAN_ANSWER_NONE:
		break;
	}
}

/* A step of something that is owed, or a new request. */
static void draw_obligation(struct sf_sim_world *world, const struct sf_transition *known,
	struct sf_obligation_fact *ret_fact)
{
	size_t count = 0;
	const struct sf_obligation *owed = known ? sf_transition_obligations(known, &count) : NULL;
	enum sf_task_action action = SF_TASK_REQUEST;
	if (count > 0 && below(world, 3))
		action = (enum sf_task_action)(1 + below(world, SF_TASK_SEE_ALARM));
	*ret_fact = (struct sf_obligation_fact){.action = action};
	if (action == SF_TASK_REQUEST || below(world, 8) == 0) {
		ret_fact->duty = (enum sf_duty)(1 + below(world, SF_DUTY_OTHER));
	} else if (count > 0) {
		size_t i = below(world, count);
		ret_fact->subject = owed[i].subject;
		ret_fact->clause = owed[i].clause;
	}
	if (action == SF_TASK_REQUEST || action == SF_TASK_OFFER)
		ret_fact->owner = some_role(world);
	if (action == SF_TASK_REQUEST || action == SF_TASK_ACCEPT || action == SF_TASK_OFFER)
		ret_fact->due_ms = below(world, 4) ? soon(world) : 0;
	if (action == SF_TASK_REJECT)
		ret_fact->refer_to_role = some_role(world);
	if (action == SF_TASK_HOLD)
		ret_fact->hold_until_ms = soon(world);
}

/* Who says what in life; now and then somebody says what is not theirs to say. */
static const struct {
	uint32_t kind;
	enum sf_role author; /* NONE: any of them */
} sayings[] = {
	{SF_KIND_INTENT, SF_ROLE_HOSPITAL},
	{SF_KIND_ASSESSMENT, SF_ROLE_HOSPITAL},
	{SF_KIND_PLAN, SF_ROLE_HOSPITAL},
	{SF_KIND_PLAN, SF_ROLE_HOSPITAL},
	{SF_KIND_PLAN_ANSWER, SF_ROLE_MUNICIPALITY},
	{SF_KIND_PLAN_ANSWER, SF_ROLE_MUNICIPALITY},
	{SF_KIND_READY, SF_ROLE_HOSPITAL},
	{SF_KIND_READY_WITHDRAWN, SF_ROLE_HOSPITAL},
	{SF_KIND_AGREE, SF_ROLE_HOSPITAL},
	{SF_KIND_AGREE, SF_ROLE_MUNICIPALITY},
	{SF_KIND_ARRIVED, SF_ROLE_MUNICIPALITY},
	{SF_KIND_LETTER, SF_ROLE_HOSPITAL},
	{SF_KIND_LETTER, SF_ROLE_NONE},
	{SF_KIND_OBLIGATION, SF_ROLE_NONE},
	{SF_KIND_OBLIGATION, SF_ROLE_NONE},
	{SF_KIND_OBLIGATION, SF_ROLE_NONE},
	{SF_KIND_OBLIGATION, SF_ROLE_NONE},
	{SF_KIND_QUESTION, SF_ROLE_NONE},
	{SF_KIND_ANSWER, SF_ROLE_NONE},
	{SF_KIND_WINDOW, SF_ROLE_HOSPITAL},
	{SF_KIND_DISPUTE, SF_ROLE_NONE},
	{SF_KIND_RESOLVE, SF_ROLE_NONE},
	{SF_KIND_FALLBACK, SF_ROLE_NONE},
	{SF_KIND_CLOSE, SF_ROLE_HOSPITAL},
	{SF_KIND_REOPEN, SF_ROLE_HOSPITAL},
};

static void draw_fact(struct sf_sim_world *world, const struct sf_transition *known, uint32_t kind,
	struct sf_fact *ret_fact)
{
	*ret_fact = (struct sf_fact){.kind = kind};
	switch (kind) {
	case SF_KIND_INTENT:
		ret_fact->intent.expected_ms = soon(world);
		break;
	case SF_KIND_ASSESSMENT:
		ret_fact->assessment.code = SF_ASSESSMENT_NEEDED;
		break;
	case SF_KIND_PLAN:
		draw_plan(world, known, &ret_fact->plan);
		break;
	case SF_KIND_PLAN_ANSWER:
		draw_plan_answer(world, &ret_fact->plan_answer);
		break;
	case SF_KIND_READY:
		ret_fact->ready = (struct sf_ready){world->now_ms, below(world, 2) == 0};
		break;
	case SF_KIND_AGREE: /* one of a few times, so that both may name the same */
		ret_fact->agree.discharge_ms =
			SF_SIM_START_MS + (1 + (int64_t)below(world, 3)) * SF_DAY_MS;
		break;
	case SF_KIND_ARRIVED:
		ret_fact->arrived.arrived_ms = world->now_ms;
		break;
	case SF_KIND_LETTER:
		ret_fact->letter.code =
			(enum sf_letter_code)(1 + below(world, SF_LETTER_CORRESPONDENCE));
		if (ret_fact->letter.code == SF_LETTER_DISCHARGE_LETTER)
			ret_fact->letter.mark = (enum sf_mark)below(world, 4);
		break;
	case SF_KIND_OBLIGATION:
		draw_obligation(world, known, &ret_fact->obligation);
		break;
	case SF_KIND_QUESTION:
		ret_fact->question = (struct sf_question){some_role(world), soon(world)};
		break;
	case SF_KIND_ANSWER:
		ret_fact->answer.by_person = true;
		break;
	case SF_KIND_WINDOW:
		ret_fact->window.action = (enum sf_window_action)(1 + below(world, SF_WINDOW_END));
		if (ret_fact->window.action == SF_WINDOW_EXTEND)
			ret_fact->window.until_ms = soon(world) + 3 * SF_DAY_MS;
		break;
	case SF_KIND_DISPUTE:
		ret_fact->dispute.code = (enum sf_dispute_code)(1 + below(world, 3));
		break;
	case SF_KIND_FALLBACK:
		ret_fact->fallback = (struct sf_fallback){some_role(world), world->now_ms};
		break;
	case SF_KIND_CLOSE:
		ret_fact->close.code = SF_CLOSE_OTHER;
		break;
	default: /* ready-withdrawn, resolve and reopen carry nothing */
		break;
	}
}

static size_t author_of(
	struct sf_sim_world *world, const struct sf_sim_stay *stay, enum sf_role usual)
{
	const size_t people[] = {stay->hospital, stay->municipality,
		stay->practice ? stay->practice : stay->municipality};
	if (usual == SF_ROLE_HOSPITAL && below(world, 12))
		return stay->hospital;
	if (usual == SF_ROLE_MUNICIPALITY && below(world, 12))
		return stay->municipality;
	return people[below(world, SF_COUNT(people))];
}

void sf_sim_story_say(struct sf_sim_story *story, const struct sf_sim_stay *stay)
{
	static const char text[] = "Et brev om en patient, der ikke findes.";
	struct sf_sim_world *world = story->world;
	size_t which = below(world, SF_COUNT(sayings));
	struct sf_sim_machine *author =
		&world->machines[author_of(world, stay, sayings[which].author)];
	struct sf_fact fact;
	draw_fact(world, sf_sim_replica(author, stay->transition), sayings[which].kind, &fact);
	bool letter = fact.kind == SF_KIND_LETTER || fact.kind == SF_KIND_QUESTION;
	bool later = fact.kind == SF_KIND_PLAN_ANSWER &&
		     fact.plan_answer.code == SF_PLAN_ANSWER_LATER && below(world, 2);
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_HEADER_SIZE_MAX);
	SF_ASSERT(!sf_fact_encode(&fact, &bytes));
	const struct sf_request request = {.kind = SF_REQUEST_SAY,
		.say = {.transition = stay->transition,
			.in_reply_to = later ? sf_sim_open_offer(author, stay->transition)
					     : (struct sf_id){{0}},
			.fact = sf_buf_view(&bytes),
			.kind = fact.kind,
			.to_roles = letter && below(world, 2) ? 1U << some_role(world) : 0,
			.to_party = "",
			.content_type = letter ? "text/plain" : "",
			.content = sf_view_of(text, letter ? sizeof(text) - 1 : 0),
			.contact_name = "",
			.contact_telephone = ""}};
	struct sf_arena arena;
	sf_arena_init(&arena, REPLY_SIZE_MAX);
	struct sf_reply reply = {.err = SF_OK};
	bool said = !sf_sim_call(author, &request, &arena, &reply) && !reply.err;
	story->said += said;
	story->refused += !said;
	sf_arena_fini(&arena);
	sf_buf_fini(&bytes);
}
