#include "property/story.h"

#include <string.h>

#include "property/story_terms.h"
#include "unit/core/scene.h"

#define ID_OF_TRANSITION scene_id(9, 1)

/* Somebody, most often whoever would say it. */
static char random_author(struct story *story, char likely)
{
	if (story_percent(story, 92))
		return likely;
	return STORY_LETTERS[story_below(story, STORY_LETTER_COUNT)];
}

/* A time around now, in minutes; now and then none. */
static int64_t random_time(struct story *story, int64_t spread_ms)
{
	if (story_percent(story, 5))
		return 0;
	int64_t minutes = (int64_t)story_below(story, (uint32_t)(2 * spread_ms / SF_MINUTE_MS));
	return story->now_ms - spread_ms + minutes * SF_MINUTE_MS;
}

static struct sf_id any_message(struct story *story)
{
	if (story->count == 0 || story_percent(story, 10))
		return (struct sf_id){{0}};
	return story->messages[story_below(story, (uint32_t)story->count)].id;
}

/* The newest message of the kind, most often. */
static struct sf_id newest_of(struct story *story, enum sf_kind kind)
{
	for (size_t i = story->count; i-- > 0 && story_percent(story, 90);)
		if (story->messages[i].fact.kind == (uint32_t)kind)
			return story->messages[i].id;
	return any_message(story);
}

static char say_parties(struct story *story, struct sf_message *message)
{
	struct sf_parties *parties = &message->fact.parties;
	*parties = (struct sf_parties){
		.version = story->version + story_below(story, 3),
		.pathway = story_percent(story, 90) ? SF_PATHWAY_SOMATIC : SF_PATHWAY_PSYCHIATRIC,
		.agreement = story_percent(story, 85) ? scene_agreement() : (struct sf_digest){{0}},
		.active = story_percent(story, 60) ? 0 : story_domains(story),
	};
	if (parties->version > story->version)
		story->version = parties->version;
	for (const char *letter = "HKLGC"; *letter; letter++) {
		if (!story_percent(story, *letter == 'L' ? 20 : 80))
			continue;
		enum sf_binding_state state =
			story_percent(story, 92) ? SF_BINDING_PARTY : SF_BINDING_UNKNOWN;
		parties->bindings[parties->binding_count++] = (struct sf_binding){
			.role = scene_role(*letter),
			.state = state,
			.party = state == SF_BINDING_PARTY ? scene_party(*letter)
							   : (struct sf_id){{0}},
		};
	}
	return 'H';
}

static char say_stay(struct story *story, struct sf_message *message)
{
	static const char *const codes[] = {"STAA", "STIN", "STIN", "STOR", "SLOR", "SLHJ", "SLHJ",
		"SLHJ", "SLHJ", "MORS", "RE_STIN", "RE_SLHJ", "AN_STIN", "AN_STAA", "AN_STOR",
		"AN_SLOR", "AN_SLHJ", "AN_SLHJ", "AN_MORS", "AN_MORS"};
	message->fact.stay =
		scene_stay_fact(codes[story_below(story, SF_COUNT(codes))], message->occurred_ms);
	message->fact.stay.report_requested = story_percent(story, 50);
	if (story_percent(story, 20)) /* late or backdated */
		message->created_ms -= story_below(story, 10) * SF_HOUR_MS;
	if (story_percent(story, 10))
		message->fact.stay.event_ms = random_time(story, 3 * SF_DAY_MS);
	if (story_percent(story, 15))
		message->supersedes = newest_of(story, SF_KIND_STAY);
	if (story_percent(story, 15))
		message->in_reply_to = newest_of(story, SF_KIND_STAY);
	return 'H';
}

static char say_intent(struct story *story, struct sf_message *message)
{
	message->fact.intent.expected_ms = random_time(story, SF_DAY_MS);
	return 'H';
}

static char say_assessment(struct story *story, struct sf_message *message)
{
	message->fact.assessment.code = (enum sf_assessment_code)story_below(story, 5);
	return 'H';
}

static char say_plan(struct story *story, struct sf_message *message)
{
	struct sf_plan *plan = &message->fact.plan;
	plan->version = story->plan_version + story_below(story, 3);
	if (plan->version > story->plan_version)
		story->plan_version = plan->version;
	plan->discharge.from_ms = random_time(story, 3 * SF_DAY_MS);
	plan->discharge.until_ms = plan->discharge.from_ms + story_below(story, 3) * SF_DAY_MS;
	if (story_percent(story, 5))
		plan->ready.from_ms = 1;
	if (story_percent(story, 20))
		message->created_ms -= story_below(story, 10) * SF_HOUR_MS;
	if (story_percent(story, 40)) /* two of one version and one time: the id decides */
		message->created_ms -= message->created_ms % SF_DAY_MS;
	return 'H';
}

static char say_plan_answer(struct story *story, struct sf_message *message)
{
	static const enum sf_kind answered[] = {
		SF_KIND_PLAN, SF_KIND_PLAN, SF_KIND_STAY, SF_KIND_OFFER};
	message->in_reply_to = newest_of(story, answered[story_below(story, SF_COUNT(answered))]);
	message->fact.plan_answer = (struct sf_plan_answer){
		.code = (enum sf_plan_answer_code)story_below(story, 6),
		.ready_from_ms = random_time(story, 2 * SF_DAY_MS),
		.refer_to_role = story_percent(story, 70) ? story_role(story) : SF_ROLE_NONE,
	};
	return 'K';
}

static char say_ready(struct story *story, struct sf_message *message)
{
	message->fact.ready = (struct sf_ready){random_time(story, SF_DAY_MS), true};
	return 'H';
}

static char say_ready_withdrawn(struct story *story, struct sf_message *message)
{
	message->in_reply_to = newest_of(story, SF_KIND_READY);
	return 'H';
}

static char say_agree(struct story *story, struct sf_message *message)
{
	/* Both sides meet on the hour of tomorrow, often enough. */
	int64_t hour_ms = story->now_ms - story->now_ms % SF_DAY_MS + SF_DAY_MS;
	message->fact.agree.discharge_ms =
		story_percent(story, 70) ? hour_ms : random_time(story, SF_DAY_MS);
	return story_percent(story, 50) ? 'H' : 'K';
}

/* The newest open offer, else any message. */
static struct sf_id random_offer(struct story *story, char *ret_to, sf_domain_set *ret_remaining)
{
	size_t count;
	const struct sf_ledger_offer *offers = sf_transition_offers(story->transition, &count);
	*ret_to = 'K';
	*ret_remaining = story_domains(story);
	for (size_t i = count; i-- > 0 && story_percent(story, 95);)
		if (offers[i].state == SF_OFFER_OPEN && !sf_id_is_none(offers[i].to)) {
			*ret_to = (char)offers[i].to.bytes[15];
			*ret_remaining = sf_ledger_offer_remaining(&offers[i]);
			return offers[i].id;
		}
	return any_message(story);
}

static char say_offer(struct story *story, struct sf_message *message)
{
	message->fact.offer = (struct sf_offer){story_domains(story), story_role(story)};
	if (story_percent(story, 60))
		message->fact.offer.domains = SF_DOMAIN_BIT(story_below(story, SF_DOMAIN_COUNT));
	return story_percent(story, 60) ? 'H' : 'K';
}

static char say_accept(struct story *story, struct sf_message *message)
{
	char to;
	sf_domain_set remaining;
	message->in_reply_to = random_offer(story, &to, &remaining);
	message->fact.accept.domains =
		story_percent(story, 60) ? remaining : remaining & story_domains(story);
	if (story_percent(story, 10))
		message->fact.accept.domains = story_domains(story);
	return to;
}

static char say_refuse(struct story *story, struct sf_message *message)
{
	char to;
	sf_domain_set remaining;
	message->in_reply_to = random_offer(story, &to, &remaining);
	message->fact.refuse.refer_to_role =
		story_percent(story, 80) ? story_role(story) : SF_ROLE_NONE;
	return to;
}

static char say_withdraw(struct story *story, struct sf_message *message)
{
	char to;
	sf_domain_set remaining;
	message->in_reply_to = random_offer(story, &to, &remaining);
	message->fact.withdraw.domains = story_percent(story, 60) ? 0 : story_domains(story);
	return story_percent(story, 50) ? 'H' : 'K';
}

static char say_agreement(struct story *story, struct sf_message *message)
{
	(void)story;
	message->fact.agreement.agreement = scene_agreement();
	return 'H';
}

static char say_arrived(struct story *story, struct sf_message *message)
{
	message->fact.arrived.arrived_ms = random_time(story, SF_DAY_MS);
	return 'K';
}

static char say_letter(struct story *story, struct sf_message *message)
{
	message->fact.letter = (struct sf_letter){
		.code = (enum sf_letter_code)story_below(story, SF_LETTER_CORRESPONDENCE + 2),
		.mark = (enum sf_mark)story_below(story, 4),
	};
	if (story_percent(story, 25))
		message->fact.letter.code = SF_LETTER_REHABILITATION_PLAN;
	if (story_percent(story, 15))
		message->supersedes = newest_of(story, SF_KIND_LETTER);
	return "HHHKG"[story_below(story, 5)];
}

/* A step of an obligation that is there, by its owner or somebody with a reason; or a request. */
static char say_obligation(struct story *story, struct sf_message *message)
{
	struct sf_obligation_fact *fact = &message->fact.obligation;
	size_t count;
	const struct sf_obligation *items = sf_transition_obligations(story->transition, &count);
	*fact = (struct sf_obligation_fact){
		.action = (enum sf_task_action)story_below(story, SF_TASK_SEE_ALARM + 2),
		.due_ms = story_percent(story, 50) ? random_time(story, 2 * SF_DAY_MS) : 0,
		.owner = story_role(story),
		.refer_to_role = story_percent(story, 80) ? story_role(story) : SF_ROLE_NONE,
		.hold_until_ms = story_percent(story, 50) ? random_time(story, SF_DAY_MS) : 0,
	};
	if (fact->action == SF_TASK_REQUEST || count == 0 || story_percent(story, 15)) {
		fact->duty = (enum sf_duty)story_below(story, SF_DUTY_OTHER + 2);
		if (story_percent(story, 10))
			fact->subject = any_message(story);
		return "HKG"[story_below(story, 3)];
	}
	const struct sf_obligation *one = &items[story_below(story, (uint32_t)count)];
	fact->subject = one->subject;
	fact->clause = story_percent(story, 95) ? one->clause : story_below(story, 9);
	struct sf_id author = story_percent(story, 75) ? one->owner : one->requester;
	return sf_id_is_none(author) ? 'H' : (char)author.bytes[15];
}

static char say_question(struct story *story, struct sf_message *message)
{
	message->fact.question = (struct sf_question){
		.to = story_role(story),
		.answer_by_ms = story_percent(story, 70) ? random_time(story, SF_DAY_MS) : 0,
	};
	return "HKG"[story_below(story, 3)];
}

static char say_answer(struct story *story, struct sf_message *message)
{
	message->in_reply_to = newest_of(story, SF_KIND_QUESTION);
	return "HKG"[story_below(story, 3)];
}

static char say_window(struct story *story, struct sf_message *message)
{
	message->fact.window = (struct sf_window_fact){
		.action = (enum sf_window_action)story_below(story, SF_WINDOW_END + 2),
		.until_ms = random_time(story, 4 * SF_DAY_MS),
	};
	return story_percent(story, 70) ? 'H' : 'K';
}

static char say_dispute(struct story *story, struct sf_message *message)
{
	message->in_reply_to = any_message(story);
	message->fact.dispute.code = (enum sf_dispute_code)story_below(story, 4);
	return story_percent(story, 50) ? 'K' : 'G';
}

static char say_resolve(struct story *story, struct sf_message *message)
{
	message->in_reply_to = newest_of(story, SF_KIND_DISPUTE);
	return story_percent(story, 50) ? 'K' : 'H';
}

static char say_fallback(struct story *story, struct sf_message *message)
{
	message->in_reply_to = any_message(story);
	message->fact.fallback = (struct sf_fallback){story_role(story), story->now_ms};
	return story_percent(story, 50) ? 'K' : 'H';
}

static char say_close(struct story *story, struct sf_message *message)
{
	message->fact.close.code = (enum sf_close_code)story_below(story, 5);
	return story_percent(story, 50) ? 'K' : 'H';
}

static char say_reopen(struct story *story, struct sf_message *message)
{
	(void)message;
	return story_percent(story, 50) ? 'K' : 'H';
}

/* Of what the party must say ok to, most often; else of anything. */
static char say_acknowledgement(struct story *story, struct sf_message *message)
{
	char author = STORY_LETTERS[story_below(story, STORY_LETTER_COUNT)];
	struct sf_acknowledgement *ack = &message->fact.acknowledgement;
	*ack = (struct sf_acknowledgement){.message_id = any_message(story), .ack = SF_ACK_OK};
	if (story_percent(story, 15))
		ack->ack = (enum sf_ack)(1 + story_below(story, 3));
	struct sf_id wanted;
	for (const char *letter = "GKC"; *letter; letter++)
		if (story_percent(story, 60) && sf_transition_must_acknowledge(story->transition,
							scene_party(*letter), &wanted, 1) > 0) {
			ack->message_id = wanted;
			return *letter;
		}
	return author;
}

/* What no party may say, and what time does not give. */
static char say_derived(struct story *story, struct sf_message *message)
{
	message->fact.kind = SF_KIND_EXPIRED + story_below(story, 7);
	message->fact.derived = (struct sf_derived){
		.subject = any_message(story),
		.clause = story_below(story, 400),
		.due_ms = random_time(story, SF_DAY_MS),
		.domains = story_domains(story),
		.to = scene_party('G'),
		.link = (enum sf_link_kind)story_below(story, 6),
		.other = scene_id(9, story_below(story, 4)),
		.carried_count = story_below(story, 2),
	};
	message->fact.derived.carried[0] = (struct sf_carried){
		.subject = any_message(story),
		.duty = SF_DUTY_HOME_CARE,
		.owner = SF_ROLE_MUNICIPALITY,
		.due_ms = random_time(story, SF_DAY_MS),
	};
	return story_percent(story, 60) ? 'S' : 'H';
}

static char say_unknown(struct story *story, struct sf_message *message)
{
	(void)message;
	return story_percent(story, 50) ? 'H' : 'K';
}

struct saying {
	uint32_t kind;
	uint32_t weight;
	char (*say)(struct story *story, struct sf_message *message);
};

/* clang-format off */
static const struct saying sayings[] = {
	{SF_KIND_PARTIES,           5, say_parties},
	{SF_KIND_STAY,             16, say_stay},
	{SF_KIND_INTENT,            2, say_intent},
	{SF_KIND_ASSESSMENT,        2, say_assessment},
	{SF_KIND_PLAN,              5, say_plan},
	{SF_KIND_PLAN_ANSWER,       5, say_plan_answer},
	{SF_KIND_READY,             3, say_ready},
	{SF_KIND_READY_WITHDRAWN,   2, say_ready_withdrawn},
	{SF_KIND_AGREE,             4, say_agree},
	{SF_KIND_OFFER,             8, say_offer},
	{SF_KIND_ACCEPT,           14, say_accept},
	{SF_KIND_REFUSE,            4, say_refuse},
	{SF_KIND_WITHDRAW,          4, say_withdraw},
	{SF_KIND_AGREEMENT_ACCEPT,  1, say_agreement},
	{SF_KIND_ARRIVED,           2, say_arrived},
	{SF_KIND_LETTER,            6, say_letter},
	{SF_KIND_OBLIGATION,       16, say_obligation},
	{SF_KIND_QUESTION,          3, say_question},
	{SF_KIND_ANSWER,            3, say_answer},
	{SF_KIND_WINDOW,            4, say_window},
	{SF_KIND_DISPUTE,           2, say_dispute},
	{SF_KIND_RESOLVE,           3, say_resolve},
	{SF_KIND_FALLBACK,          3, say_fallback},
	{SF_KIND_CLOSE,             1, say_close},
	{SF_KIND_REOPEN,            6, say_reopen},
	{SF_KIND_ACKNOWLEDGEMENT,  18, say_acknowledgement},
	{SF_KIND_LINKED,            1, say_derived},
	{200,                       1, say_unknown},
};
/* clang-format on */

static const struct saying *random_saying(struct story *story)
{
	if (story->count < 2 && story_percent(story, 90))
		return &sayings[story->count];
	uint32_t sum = 0;
	for (size_t i = 0; i < SF_COUNT(sayings); i++)
		sum += sayings[i].weight;
	uint32_t at = story_below(story, sum);
	for (size_t i = 0;; i++) {
		if (at < sayings[i].weight)
			return &sayings[i];
		at -= sayings[i].weight;
	}
}

/* ------------------------------------------------------------------ events */

static struct sf_message blank_message(const struct story *story)
{
	return (struct sf_message){
		.format = 1,
		.id = scene_id(2, (uint32_t)story->count + 1),
		.transition = ID_OF_TRANSITION,
		.author_sequence = story->count + 1,
		.occurred_ms = story->now_ms,
		.created_ms = story->now_ms,
	};
}

static enum sf_kind_class class_of(struct story *story, const struct sf_message *message)
{
	if (message->fact.kind == SF_KIND_ACKNOWLEDGEMENT)
		return SF_CLASS_ACKNOWLEDGEMENT;
	if (sf_id_equal(message->author, scene_party('S')))
		return SF_CLASS_DERIVED;
	return story_percent(story, 3) ? SF_CLASS_RESEND : SF_CLASS_FACT;
}

static void put_event(struct story *story, enum sf_kind_class kind_class, enum sf_role role)
{
	story->events[story->count] = (struct sf_event){
		.message = &story->messages[story->count],
		.kind_class = kind_class,
		.sequence = story->count + 1,
		.recorded_ms = story->now_ms,
		.author_role = role,
	};
}

static void add_recipient(struct story *story, struct sf_message *message)
{
	struct sf_id recipient =
		scene_party(STORY_LETTERS[story_below(story, STORY_LETTER_COUNT - 1)]);
	if (!story_percent(story, 35) || sf_id_equal(recipient, message->author))
		return;
	message->recipient_count = 1;
	message->recipients[0] = recipient;
}

/* Whoever guesses the id of another's message may use it: an id is its author's (WIRE.md 1). */
static void steal_id(struct story *story, struct sf_message *message)
{
	if (story->count == 0 || !story_percent(story, 3))
		return;
	struct sf_id id = story->messages[story_below(story, (uint32_t)story->count)].id;
	for (size_t i = 0; i < story->count; i++)
		if (sf_id_equal(story->messages[i].id, id) &&
			sf_id_equal(story->messages[i].author, message->author))
			return;
	message->id = id;
}

/* A message of somebody; some repeat an earlier one, some come with a forged role. */
static void say_something(struct story *story)
{
	struct sf_message *message = &story->messages[story->count];
	if (story->count > 0 && story_percent(story, 6)) {
		*message = story->messages[story_below(story, (uint32_t)story->count)];
	} else {
		*message = blank_message(story);
		const struct saying *saying = random_saying(story);
		message->fact.kind = saying->kind;
		char likely = saying->say(story, message);
		message->author =
			scene_party(likely == 'S' || saying->kind == SF_KIND_ACKNOWLEDGEMENT
					    ? likely
					    : random_author(story, likely));
		if (saying->kind != SF_KIND_ACKNOWLEDGEMENT)
			add_recipient(story, message);
		steal_id(story, message);
	}
	enum sf_role role = scene_role((char)message->author.bytes[15]);
	if (story_percent(story, 4))
		role = role == SF_ROLE_HOSPITAL ? SF_ROLE_GP : SF_ROLE_HOSPITAL;
	put_event(story, class_of(story, message), role);
}

static void pass_time(struct story *story)
{
	uint32_t draw = story_below(story, 100);
	if (draw < 50)
		story->now_ms += SF_MINUTE_MS;
	else if (draw < 80)
		story->now_ms += story_below(story, 12 * 60) * SF_MINUTE_MS;
	else if (draw < 90)
		story->now_ms += story_below(story, 5) * SF_DAY_MS;
	/* To the very moment at which something is due. */
	enum sf_urgency urgency;
	int64_t due_ms = sf_transition_next_due_ms(story->transition, &urgency);
	if (draw >= 90 && due_ms > story->now_ms && due_ms < story->now_ms + 60 * SF_DAY_MS)
		story->now_ms = due_ms;
}

bool story_next(struct story *story)
{
	if (story->count == STORY_EVENTS_MAX)
		return false;
	struct sf_fact fact;
	if (sf_transition_derive(story->transition, story->now_ms, &fact)) {
		struct sf_message *message = &story->messages[story->count];
		*message = blank_message(story);
		message->author = scene_party('S');
		message->fact = fact;
		put_event(story, SF_CLASS_DERIVED, SF_ROLE_COORDINATOR);
		story->told_count++;
		return true;
	}
	/* Timers stand still after a jump of the clock: then facts come before what is due. */
	pass_time(story);
	if (story_percent(story, 90) &&
		sf_transition_derive(story->transition, story->now_ms, &fact))
		return story_next(story);
	say_something(story);
	return true;
}

enum sf_err story_record(struct story *story)
{
	enum sf_err err = sf_transition_step(
		story->transition, &story->events[story->count], &story->results[story->count]);
	if (!err)
		story->count++;
	return err;
}

void story_begin(struct story *story, struct chance *chance)
{
	memset(story, 0, sizeof(*story));
	story->chance = chance;
	story->now_ms = SCENE_START_MS;
	story->version = 1;
	story->plan_version = 1;
	story_write_agreement(story);
	CHECK(sf_transition_open(ID_OF_TRANSITION, &story->book, &story->transition) == SF_OK);
}

void story_end(struct story *story)
{
	sf_transition_close(&story->transition);
}
