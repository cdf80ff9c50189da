/* What the parties of the demo say to each other besides letters: plans, questions, windows. */
#include <string.h>

#include "base/time.h"
#include "cmd/demo.h"
#include "cmd/when.h"
#include "wire/fact.h"

#define FACT_SIZE_MAX ((size_t)4096)

/* The steps of one stay, in order. */
enum {
	TALK_PLAN,
	TALK_ANSWER,
	TALK_QUESTION, /* from here on the patient is home */
	TALK_REPLY,
	TALK_WINDOW,
	TALK_DONE,
};

/* text: of the letter that goes with it; "" none. */
static bool say(struct sf_demo *demo, size_t party, const struct sf_demo_patient *patient,
	const struct sf_fact *fact, const char *text)
{
	struct sf_buf bytes;
	struct sf_arena arena;
	struct sf_reply reply;
	sf_buf_init(&bytes, FACT_SIZE_MAX);
	sf_arena_init(&arena, SF_LOCAL_SIZE_MAX);
	bool said = !sf_fact_encode(fact, &bytes);
	const struct sf_request request = {.kind = SF_REQUEST_SAY,
		.say = {.transition = patient->transition,
			.fact = sf_buf_view(&bytes),
			.kind = fact->kind,
			.to_party = "",
			.content_type = text[0] ? "text/plain" : "",
			.content = sf_view_of(text, strlen(text)),
			.contact_name = "",
			.contact_telephone = ""}};
	/* A node that is switched off says nothing; what it has not heard of it cannot answer. */
	said = said && sf_demo_ask(demo, party, &request, &arena, &reply);
	sf_arena_fini(&arena);
	sf_buf_fini(&bytes);
	return said;
}

static struct sf_interval between(int64_t from_ms, int64_t until_ms)
{
	return (struct sf_interval){from_ms, until_ms, SF_CONFIDENCE_MEDIUM};
}

bool sf_demo_talk(struct sf_demo *demo, struct sf_demo_patient *patient)
{
	int64_t now_ms = sf_when_now_ms();
	struct sf_fact fact = {.kind = SF_KIND_NONE};
	const char *text = "";
	size_t party = patient->hospital;
	if (patient->home && patient->talked < TALK_QUESTION)
		patient->talked = TALK_QUESTION; /* real life skips steps */
	if (patient->talked == TALK_DONE || (!patient->home && patient->talked >= TALK_QUESTION))
		return false;
	switch (patient->talked) {
	case TALK_PLAN:
		fact.kind = SF_KIND_PLAN;
		fact.plan = (struct sf_plan){1, between(now_ms + SF_HOUR_MS, now_ms + SF_DAY_MS),
			between(now_ms + SF_DAY_MS, now_ms + 2 * SF_DAY_MS)};
		break;
	case TALK_ANSWER:
		party = patient->municipality;
		fact.kind = SF_KIND_PLAN_ANSWER;
		fact.plan_answer = (struct sf_plan_answer){
			.code = SF_PLAN_ANSWER_ACCEPT, .ready_from_ms = now_ms + SF_DAY_MS};
		break;
	case TALK_QUESTION:
		party = patient->municipality;
		fact.kind = SF_KIND_QUESTION;
		fact.question = (struct sf_question){SF_ROLE_HOSPITAL, now_ms + SF_MINUTE_MS};
		text = "Skal den vanddrivende medicin fortsætte, og hvornår skal vægten "
		       "kontrolleres?";
		break;
	case TALK_REPLY:
		fact.kind = SF_KIND_ANSWER;
		fact.answer.by_person = true;
		text = "Ja, den fortsætter uændret. Vægten kontrolleres hver morgen; ring ved to "
		       "kilo mere.";
		break;
	case TALK_WINDOW:
		fact.kind = SF_KIND_WINDOW;
		fact.window = (struct sf_window_fact){SF_WINDOW_EXTEND, now_ms + SF_HOUR_MS};
		break;
	default: /* checked above */
		return false;
	}
	bool said = say(demo, party, patient, &fact, text);
	patient->talked += said;
	demo->said += said;
	return said;
}

bool sf_demo_sign(struct sf_demo *demo)
{
	const struct sf_request request = {.kind = SF_REQUEST_SIGN_AGREEMENT,
		.sign_agreement = {.reference = "demo", .on_behalf = ""}};
	for (size_t i = 1; i < SF_DEMO_PARTIES; i++) {
		struct sf_arena arena;
		struct sf_reply reply;
		sf_arena_init(&arena, SF_LOCAL_SIZE_MAX);
		bool signed_it = sf_demo_ask(demo, i, &request, &arena, &reply);
		sf_arena_fini(&arena);
		if (!signed_it) {
			fprintf(stderr, "stafet: demo: %s cannot sign the agreement\n",
				demo->parties[i].name);
			return false;
		}
	}
	return true;
}
