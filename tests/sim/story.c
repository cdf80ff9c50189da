#include "sim/attached.h"
#include "sim/story.h"

#include <stdlib.h>
#include <string.h>

#define REPLY_SIZE_MAX ((size_t)16 * 1024 * 1024)

void sf_sim_story_open(struct sf_sim_story *story, struct sf_sim_world *world, size_t stay_max)
{
	*story = (struct sf_sim_story){.world = world,
		.stay_max = stay_max < SF_SIM_PATIENTS_MAX ? stay_max : SF_SIM_PATIENTS_MAX};
}

void sf_sim_story_close(struct sf_sim_story *story)
{
	for (size_t i = 0; i < story->promise_count; i++)
		sf_buf_fini(&story->promises[i].content);
}

/* R2: from now on this machine must act as holder, whatever it has not seen yet. */
static void remember_take(struct sf_sim_story *story, size_t machine, struct sf_id message,
	struct sf_id transition, struct sf_id offer, sf_domain_set domains)
{
	if (story->acceptance_count < SF_SIM_PROMISES_MAX)
		story->acceptances[story->acceptance_count++] =
			(struct sf_sim_acceptance){machine, message, transition, offer, domains};
}

/* The offer that an acceptance naming the transition would mean. */
struct sf_id sf_sim_open_offer(struct sf_sim_machine *machine, struct sf_id transition_id)
{
	const struct sf_transition *transition = NULL;
	size_t count = 0;
	const struct sf_ledger_offer *offers = NULL;
	if (machine->on && !sf_node_replica(machine->node, transition_id, &transition, NULL) &&
		transition)
		offers = sf_transition_offers(transition, &count);
	for (size_t i = 0; i < count; i++)
		if (offers[i].state == SF_OFFER_OPEN && sf_id_equal(offers[i].to, machine->party))
			return offers[i].id;
	return (struct sf_id){{0}};
}

static size_t random_machine(struct sf_sim_world *world, enum sf_role role)
{
	size_t found[SF_SIM_MACHINES_MAX], count = 0;
	for (size_t i = 0; i < world->machine_count; i++)
		if (world->machines[i].role == role &&
			(role == SF_ROLE_GP || !world->machines[i].hostile))
			found[count++] = i;
	return count ? found[sf_sim_below(&world->chance, count)] : 0;
}

/* The same letter handed in again is answered with what was promised before. */
static void remember(struct sf_sim_story *story, const struct sf_sim_stay *stay,
	const struct sf_reply_sent *sent, bool attached, struct sf_buf *content)
{
	if (sent->answer != SF_SEND_STORED || story->promise_count == SF_SIM_PROMISES_MAX)
		return;
	struct sf_sim_promise *promise = &story->promises[story->promise_count++];
	*promise = (struct sf_sim_promise){stay->hospital, stay->municipality, sent->message,
		sent->transition, *content, attached, (uint8_t)story->promise_count};
	sf_buf_init(content, SF_CLINICAL_SIZE_MAX);
}

/* In one region of four every fifth letter has an attachment of some chunks. */
static bool attach(
	struct sf_sim_story *story, const struct sf_sim_stay *stay, struct sf_id *ret_upload)
{
	struct sf_sim_world *world = story->world;
	if (world->seed % 4 != 1 || story->promise_count % 5 != 0)
		return false;
	return sf_sim_attach(
		&world->machines[stay->hospital], (uint8_t)(story->promise_count + 1), ret_upload);
}

static bool hand_in(struct sf_sim_story *story, struct sf_sim_stay *stay,
	const struct sf_sim_step *step, bool with_practice)
{
	struct sf_sim_world *world = story->world;
	struct sf_sim_machine *hospital = &world->machines[stay->hospital];
	struct sf_buf letter;
	sf_buf_init(&letter, SF_CLINICAL_SIZE_MAX);
	sf_sim_letter(world, hospital, &world->machines[stay->municipality], &stay->patient, step,
		&letter);
	struct sf_id upload;
	bool attached = attach(story, stay, &upload);
	struct sf_request request = {.kind = SF_REQUEST_SEND,
		.send = {.content_type = SF_CONTENT_FHIR_JSON,
			.content = sf_buf_view(&letter),
			.attachments = attached ? sf_id_view(&upload) : sf_view_of(NULL, 0),
			.gp = with_practice ? world->machines[stay->practice].name : "",
			.municipality = ""}};
	struct sf_arena arena;
	sf_arena_init(&arena, REPLY_SIZE_MAX);
	struct sf_reply reply = {.err = SF_OK};
	enum sf_err err = sf_sim_call(hospital, &request, &arena, &reply);
	bool taken = !err && !reply.err && reply.sent.answer != SF_SEND_FATAL;
	SF_ASSERT(err || reply.err || reply.sent.answer != SF_SEND_FATAL);
	stay->with_hostile |= with_practice && world->machines[stay->practice].hostile;
	if (taken) {
		stay->transition = reply.sent.transition;
		remember(story, stay, &reply.sent, attached, &letter);
	}
	sf_arena_fini(&arena);
	sf_buf_fini(&letter);
	return taken;
}

static void admit(struct sf_sim_story *story)
{
	struct sf_sim_world *world = story->world;
	struct sf_sim_stay stay = {
		.patient = sf_sim_patient(world, story->stay_count),
		.hospital = random_machine(world, SF_ROLE_HOSPITAL),
		.municipality = random_machine(world, SF_ROLE_MUNICIPALITY),
		.practice = random_machine(world, SF_ROLE_GP),
	};
	bool emergency = sf_sim_below(&world->chance, 2) == 0;
	stay.last = sf_sim_follow(world, NULL, sf_sim_form(emergency ? "STAA" : "STIN"));
	/* Some practices are known from the start, some come to be known with a later letter. */
	bool known = stay.practice != 0 && sf_sim_below(&world->chance, 2) == 0;
	if (hand_in(story, &stay, &stay.last, known))
		story->stays[story->stay_count++] = stay;
}

/* What may follow a form in real life; a stay that nothing follows is over. */
static const struct {
	const char *after;
	const char *next[8];
} ways[] = {
	{"STAA", {"STIN", "SLHJ", "MORS", "RE_STAA", "AN_STAA"}},
	{"STIN", {"STOR", "SLHJ", "SLHJ", "MORS", "RE_STIN", "AN_STIN"}},
	{"STOR", {"SLOR", "SLHJ", "MORS", "RE_STOR", "AN_STOR"}},
	{"SLOR", {"STOR", "SLHJ", "RE_SLOR", "AN_SLOR"}},
	{"SLHJ", {"RE_SLHJ", "AN_SLHJ", "STIN"}},
	{"MORS", {"AN_MORS"}},
	{"RE_STAA", {"STIN", "SLHJ", "RE_STAA"}},
	{"RE_STIN", {"SLHJ", "STOR", "AN_STIN"}},
	{"RE_STOR", {"SLOR", "SLHJ"}},
	{"RE_SLOR", {"SLHJ"}},
	{"RE_SLHJ", {"STAA", "AN_SLHJ"}},
	{"AN_STOR", {"SLHJ", "STOR"}},
	{"AN_SLOR", {"SLOR"}},
	{"AN_SLHJ", {"SLHJ"}},
	{"AN_MORS", {"SLHJ"}},
};

static const struct sf_sim_form *choose_next(
	struct sf_sim_world *world, const struct sf_sim_form *last)
{
	/* People make mistakes: now and then a letter that cannot follow. */
	if (sf_sim_below(&world->chance, 10) == 0)
		return sf_sim_form_at(sf_sim_below(&world->chance, 17));
	for (size_t i = 0; i < SF_COUNT(ways); i++) {
		if (strcmp(ways[i].after, last->name) != 0)
			continue;
		size_t count = 0;
		while (count < SF_COUNT(ways[i].next) && ways[i].next[count])
			count++;
		return sf_sim_form(ways[i].next[sf_sim_below(&world->chance, count)]);
	}
	return NULL;
}

static void continue_stay(struct sf_sim_story *story, struct sf_sim_stay *stay)
{
	struct sf_sim_world *world = story->world;
	uint64_t choice = sf_sim_below(&world->chance, 10);
	if (choice < 2) { /* the clinical system sends the very same letter again */
		sf_ignore(hand_in(story, stay, &stay->last, false));
		return;
	}
	const struct sf_sim_form *form = choose_next(world, stay->last.form);
	stay->over |= !form;
	if (stay->over)
		return;
	if (choice == 2 && stay->practice) /* the patient has moved to another practice */
		stay->practice = random_machine(world, SF_ROLE_GP);
	struct sf_sim_step step = sf_sim_follow(world, &stay->last, form);
	if (hand_in(story, stay, &step, choice < 5 && stay->practice))
		stay->last = step;
}

static void answer_offer(struct sf_sim_story *story, const struct sf_sim_stay *stay)
{
	struct sf_sim_world *world = story->world;
	struct sf_sim_machine *machine = &world->machines[stay->municipality];
	struct sf_arena arena;
	sf_arena_init(&arena, REPLY_SIZE_MAX);
	bool refuse = sf_sim_below(&world->chance, 4) == 0;
	struct sf_request request = {
		.kind = SF_REQUEST_ACCEPT, .accept = {.id = stay->transition, .by_person = true}};
	if (sf_sim_below(&world->chance, 4) == 0)
		request.accept.domains = SF_DOMAIN_BIT(SF_DOMAIN_CARE);
	if (refuse)
		request = (struct sf_request){.kind = SF_REQUEST_REFUSE,
			.refuse = {.id = stay->transition,
				.refer_to_role = SF_ROLE_OTHER_MUNICIPALITY,
				.refer_to_party = "",
				.not_ours = true}};
	struct sf_id offer = sf_sim_open_offer(machine, stay->transition);
	struct sf_reply reply = {.err = SF_OK};
	enum sf_err err = sf_sim_call(machine, &request, &arena, &reply);
	bool said = !err && !reply.err;
	if (said && !refuse)
		remember_take(story, stay->municipality, reply.said.message, reply.said.transition,
			offer, reply.said.domains);
	story->refused += !said;
	sf_arena_fini(&arena);
}

static void take_back(struct sf_sim_story *story)
{
	struct sf_sim_world *world = story->world;
	if (story->acceptance_count == 0)
		return;
	const struct sf_sim_acceptance *acceptance =
		&story->acceptances[sf_sim_below(&world->chance, story->acceptance_count)];
	struct sf_request request = {
		.kind = SF_REQUEST_WITHDRAW, .withdraw = {.message = acceptance->message}};
	struct sf_arena arena;
	sf_arena_init(&arena, REPLY_SIZE_MAX);
	struct sf_reply reply = {.err = SF_OK};
	sf_ignore(sf_sim_call(&world->machines[acceptance->machine], &request, &arena, &reply));
	sf_arena_fini(&arena);
}

/* A hospital offers what it holds to the practice, or a practice answers. */
static void offer_medical(struct sf_sim_story *story, const struct sf_sim_stay *stay)
{
	struct sf_sim_world *world = story->world;
	struct sf_request request = {.kind = SF_REQUEST_OFFER,
		.offer = {stay->transition, SF_DOMAIN_BIT(SF_DOMAIN_MEDICAL), SF_ROLE_GP}};
	size_t machine = stay->hospital;
	if (stay->practice && sf_sim_below(&world->chance, 2) == 0) {
		machine = stay->practice;
		request = (struct sf_request){.kind = SF_REQUEST_ACCEPT,
			.accept = {.id = stay->transition, .by_person = true}};
	}
	struct sf_arena arena;
	sf_arena_init(&arena, REPLY_SIZE_MAX);
	struct sf_id offer = sf_sim_open_offer(&world->machines[machine], stay->transition);
	struct sf_reply reply = {.err = SF_OK};
	enum sf_err err = sf_sim_call(&world->machines[machine], &request, &arena, &reply);
	bool accepted = !err && !reply.err && request.kind == SF_REQUEST_ACCEPT;
	if (accepted)
		remember_take(story, machine, reply.said.message, reply.said.transition, offer,
			reply.said.domains);
	sf_arena_fini(&arena);
}

void sf_sim_story_step(struct sf_sim_story *story)
{
	struct sf_sim_world *world = story->world;
	story->steps++;
	uint64_t choice = sf_sim_below(&world->chance, 12);
	bool may_admit = story->stay_count < story->stay_max;
	if ((choice < 3 && may_admit) || story->stay_count == 0) {
		admit(story);
		return;
	}
	struct sf_sim_stay *stay = &story->stays[sf_sim_below(&world->chance, story->stay_count)];
	if (world->signs && sf_sim_below(&world->chance, 2))
		sf_sim_story_say(story, stay);
	else if (choice < 6)
		continue_stay(story, stay);
	else if (choice < 9)
		answer_offer(story, stay);
	else if (choice < 11)
		offer_medical(story, stay);
	else
		take_back(story);
}
