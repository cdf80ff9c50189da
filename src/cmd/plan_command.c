/* Planning a discharge: plan, answer, intent, assess. */
#include <stddef.h>

#include "cmd/say.h"

static const struct sf_say_field plan_fields[] = {
	{"ready", 0, true, offsetof(struct sf_fact, plan.ready), sf_say_interval, NULL},
	{"discharge", 0, true, offsetof(struct sf_fact, plan.discharge), sf_say_interval, NULL},
	{"confidence", 0, false, offsetof(struct sf_fact, plan.ready.confidence), sf_say_word,
		&sf_words_confidence},
	{"confidence", 0, false, offsetof(struct sf_fact, plan.discharge.confidence), sf_say_word,
		&sf_words_confidence},
};

/* A new plan is the next version: the highest one rules (DOMAIN.md section 2). */
static int finish_plan(struct sf_saying *saying)
{
	struct sf_plan *plan = &saying->fact.plan;
	int code = sf_say_show(saying);
	if (code)
		return code;
	plan->version = saying->session.reply.transition.course.plan_version + 1;
	if (plan->ready.confidence == SF_CONFIDENCE_NONE)
		plan->ready.confidence = plan->discharge.confidence = SF_CONFIDENCE_MEDIUM;
	return SF_EXIT_OK;
}

int sf_command_plan(const struct sf_arguments *arguments)
{
	static const struct sf_say_form form = {.kind = SF_KIND_PLAN,
		.fields = plan_fields,
		.field_count = SF_COUNT(plan_fields),
		.finish = finish_plan};
	return sf_say(arguments, &form);
}

static const struct sf_say_field answer_fields[] = {
	{NULL, 1, true, offsetof(struct sf_fact, plan_answer.code), sf_say_word,
		&sf_words_plan_answer},
	{"ready-from", 0, false, offsetof(struct sf_fact, plan_answer.ready_from_ms), sf_say_time,
		NULL},
	{"reason", 0, false, offsetof(struct sf_fact, plan_answer.reason), sf_say_word,
		&sf_words_cannot},
};

static int check_answer(struct sf_saying *saying)
{
	struct sf_plan_answer *answer = &saying->fact.plan_answer;
	bool dated = answer->code == SF_PLAN_ANSWER_ACCEPT || answer->code == SF_PLAN_ANSWER_LATER;
	bool away =
		answer->code == SF_PLAN_ANSWER_CANNOT || answer->code == SF_PLAN_ANSWER_NOT_OURS;
	bool referred = sf_arguments_flag(saying->arguments, "refer-to");
	if (sf_arguments_flag(saying->arguments, "offer") && answer->code != SF_PLAN_ANSWER_LATER)
		return sf_exit_usage("answer: --offer is of later: see stafet help accept and "
				     "stafet help refuse");
	if (dated && answer->ready_from_ms == 0)
		return sf_exit_usage("answer: --ready-from is missing: say from when the citizen "
				     "can be received");
	if (!dated && answer->ready_from_ms != 0)
		return sf_exit_usage("answer: --ready-from is of accept and later");
	if (answer->code == SF_PLAN_ANSWER_CANNOT && answer->reason == 0)
		return sf_exit_usage("answer: --reason is missing: say why not");
	if (answer->code != SF_PLAN_ANSWER_CANNOT && answer->reason != 0)
		return sf_exit_usage("answer: --reason is of cannot");
	/* A direction is a duty (DOMAIN.md section 5, R4). */
	if (away && !referred)
		return sf_exit_usage("answer: --refer-to is missing: say which role or party "
				     "should have the citizen instead");
	if (!away && referred)
		return sf_exit_usage("answer: --refer-to is of cannot and not-ours");
	return SF_EXIT_OK;
}

/* The word is of a transition, or of the offer itself; two offers that wait must be told apart. */
static int find_offer(struct sf_saying *saying)
{
	int code = sf_say_show(saying);
	const struct sf_reply_transition *show = &saying->session.reply.transition;
	size_t found = 0;
	for (size_t i = 0; !code && i < show->offer_count; i++) {
		const struct sf_offer_row *offer = &show->offers[i];
		bool asked = offer->to_role == SF_ROLE_MUNICIPALITY ||
			     offer->to_role == SF_ROLE_OTHER_MUNICIPALITY;
		bool named = sf_id_equal(offer->message, saying->request.say.transition);
		if (offer->state != SF_OFFER_OPEN || !asked)
			continue;
		found = named ? 1 : found + 1;
		saying->request.say.in_reply_to = offer->message;
		if (named)
			break;
	}
	if (!code && found != 1)
		return sf_exit_usage(found ? "answer: several offers are open: name one of them"
					   : "answer: no offer to a municipality is open");
	return code;
}

static int finish_answer(struct sf_saying *saying)
{
	struct sf_plan_answer *answer = &saying->fact.plan_answer;
	if (sf_arguments_flag(saying->arguments, "offer"))
		return find_offer(saying);
	return sf_say_direction(saying, &answer->refer_to_role, &answer->refer_to_party);
}

int sf_command_answer(const struct sf_arguments *arguments)
{
	static const struct sf_say_form form = {.kind = SF_KIND_PLAN_ANSWER,
		.fields = answer_fields,
		.field_count = SF_COUNT(answer_fields),
		.check = check_answer,
		.finish = finish_answer};
	return sf_say(arguments, &form);
}

int sf_command_intent(const struct sf_arguments *arguments)
{
	static const struct sf_say_field fields[] = {
		{NULL, 1, true, offsetof(struct sf_fact, intent.expected_ms), sf_say_time, NULL},
	};
	static const struct sf_say_form form = {
		.kind = SF_KIND_INTENT, .fields = fields, .field_count = SF_COUNT(fields)};
	return sf_say(arguments, &form);
}

int sf_command_assess(const struct sf_arguments *arguments)
{
	static const struct sf_say_field fields[] = {
		{NULL, 1, true, offsetof(struct sf_fact, assessment.code), sf_say_word,
			&sf_words_assessment},
	};
	static const struct sf_say_form form = {
		.kind = SF_KIND_ASSESSMENT, .fields = fields, .field_count = SF_COUNT(fields)};
	return sf_say(arguments, &form);
}
