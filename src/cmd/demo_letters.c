#include "cmd/demo.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/time.h"
#include "port/format.h"

#define HOSPITAL_FIRST 1
#define MUNICIPALITY_FIRST 3
#define PRACTICE_FIRST 6

struct mark {
	const char *name;
	const char *value;
};

/* splitmix64: the same seed hands in the same letters. */
static uint64_t next(struct sf_demo *demo)
{
	uint64_t z = demo->chance += UINT64_C(0x9E3779B97F4A7C15);
	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

static uint64_t below(struct sf_demo *demo, uint64_t bound)
{
	return next(demo) % bound;
}

static void random_uuid(struct sf_demo *demo, char ret_text[SF_UUID_TEXT_SIZE])
{
	struct sf_id id;
	for (size_t i = 0; i < SF_ID_SIZE; i++)
		id.bytes[i] = (uint8_t)next(demo);
	sf_id_format_uuid(id, ret_text);
}

static int64_t wall_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

const struct sf_embedded *sf_demo_file(const char *name)
{
	for (const struct sf_embedded *file = sf_demo_files; file->name; file++)
		if (strcmp(file->name, name) == 0)
			return file;
	return NULL;
}

static const char *value_of(const struct mark *marks, size_t count, const char *name, size_t size)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(marks[i].name) == size && memcmp(marks[i].name, name, size) == 0)
			return marks[i].value;
	return "";
}

/* @NAME@ in the template becomes the mark's value. */
static enum sf_err fill(
	const char *text, const struct mark *marks, size_t count, struct sf_buf *buf)
{
	enum sf_err err = SF_OK;
	const char *at;
	while (!err && (at = strchr(text, '@'))) {
		const char *end = strchr(at + 1, '@');
		if (!end)
			return SF_ERR_FORMAT;
		err = sf_buf_append(buf, sf_view_of(text, (size_t)(at - text)));
		if (!err)
			err = sf_buf_append_text(
				buf, value_of(marks, count, at + 1, (size_t)(end - at - 1)));
		text = end + 1;
	}
	return err ? err : sf_buf_append_text(buf, text);
}

static enum sf_err write_letter(struct sf_demo *demo, const struct sf_demo_patient *patient,
	const char *template_name, const char *header_id, int64_t now_ms, struct sf_buf *buf)
{
	const struct sf_embedded *file = sf_demo_file(template_name);
	if (!file)
		return SF_ERR_NOT_FOUND;
	const struct sf_demo_party *from = &demo->parties[patient->hospital];
	const struct sf_demo_party *to = &demo->parties[patient->municipality];
	char bundle_id[SF_UUID_TEXT_SIZE], sent[SF_TIME_TEXT_SIZE], start[SF_TIME_TEXT_SIZE];
	char last[SF_TIME_TEXT_SIZE];
	random_uuid(demo, bundle_id);
	sf_time_format(now_ms, sent);
	sf_time_format(patient->admitted_ms, start);
	sf_time_format(patient->last_ms, last);
	const struct mark marks[] = {
		{"BUNDLE_ID", bundle_id},
		{"HEADER_ID", header_id},
		{"SENT", sent},
		{"OCCURRED", sent},
		{"EPISODE_ID", patient->episode},
		{"START", start},
		{"END", sent},
		{"CPR", patient->cpr},
		{"GIVEN", patient->given},
		{"FAMILY", patient->family},
		{"CLASS", "IMP"},
		{"DISCHARGE_ACTIVITY", "discharge-inpatient-home"},
		{"PREDECESSOR_ID", patient->last_header},
		{"PREDECESSOR_ACTIVITY", patient->last_activity},
		{"PREDECESSOR_SENT", last},
		{"SENDER_SOR", from->sor},
		{"SENDER_GLN", from->gln},
		{"SENDER_NAME", from->name},
		{"RECEIVER_SOR", to->sor},
		{"RECEIVER_GLN", to->gln},
		{"RECEIVER_NAME", to->name},
	};
	return fill((const char *)file->bytes, marks, SF_COUNT(marks), buf);
}

/* Keeps the letter when it was stored; its bytes are compared at the end. */
static void remember(struct sf_demo *demo, size_t hospital, size_t municipality,
	const struct sf_reply_sent *sent, struct sf_buf *content)
{
	if (sent->answer == SF_SEND_DUPLICATE)
		demo->duplicates++;
	if (sent->answer != SF_SEND_STORED || demo->letter_count == SF_DEMO_LETTERS_MAX)
		return;
	demo->letters[demo->letter_count++] = (struct sf_demo_letter){.hospital = hospital,
		.municipality = municipality,
		.message = sent->message,
		.transition = sent->transition,
		.content = *content};
	sf_buf_init(content, SF_CLINICAL_SIZE_MAX);
}

static bool hand_in(struct sf_demo *demo, size_t hospital, size_t municipality, const char *gp,
	struct sf_buf *letter, struct sf_reply_sent *ret_sent)
{
	const struct sf_request request = {.kind = SF_REQUEST_SEND,
		.send = {.content_type = SF_CONTENT_FHIR_JSON,
			.content = sf_buf_view(letter),
			.gp = gp,
			.municipality = ""}};
	struct sf_arena arena;
	sf_arena_init(&arena, SF_LOCAL_SIZE_MAX);
	struct sf_reply reply;
	bool answered = sf_demo_ask(demo, hospital, &request, &arena, &reply);
	if (answered) {
		*ret_sent = (struct sf_reply_sent){.answer = reply.sent.answer,
			.message = reply.sent.message,
			.transition = reply.sent.transition};
		remember(demo, hospital, municipality, &reply.sent, letter);
	}
	sf_arena_fini(&arena);
	return answered;
}

/* The next letter of a stay; twice makes the clinical system send the very same again. */
static void send_step(struct sf_demo *demo, struct sf_demo_patient *patient,
	const char *template_name, const char *activity, bool twice)
{
	char header_id[SF_UUID_TEXT_SIZE];
	int64_t now_ms = wall_ms();
	random_uuid(demo, header_id);
	const char *gp = patient->last_header[0] ? "" : demo->parties[patient->practice].name;
	for (int times = 0; times < (twice ? 2 : 1); times++) {
		struct sf_buf letter;
		sf_buf_init(&letter, SF_CLINICAL_SIZE_MAX);
		struct sf_reply_sent sent = {.answer = SF_SEND_NONE};
		bool taken =
			!write_letter(demo, patient, template_name, header_id, now_ms, &letter) &&
			hand_in(demo, patient->hospital, patient->municipality, gp, &letter,
				&sent) &&
			sent.answer != SF_SEND_FATAL;
		demo->not_taken += !taken;
		if (taken)
			patient->transition = sent.transition;
		sf_buf_fini(&letter);
	}
	memcpy(patient->last_header, header_id, sizeof(header_id));
	patient->last_activity = activity;
	patient->last_ms = now_ms;
}

static void admit(struct sf_demo *demo)
{
	static const char *const families[] = {
		"Kanariefugl", "Lommelygte", "Fiskestime", "Pilekvist", "Regnvejr"};
	static const char *const givens[] = {"Alfabeta", "Besvime", "Cyklamen", "Dusinvis"};
	size_t number = demo->patient_count;
	struct sf_demo_patient *patient = &demo->patients[demo->patient_count++];
	*patient = (struct sf_demo_patient){
		.family = families[below(demo, SF_COUNT(families))],
		.given = givens[below(demo, SF_COUNT(givens))],
		.last_activity = "",
		.admitted_ms = wall_ms(),
		.last_ms = wall_ms(),
		.hospital = HOSPITAL_FIRST + below(demo, 2),
		.municipality = MUNICIPALITY_FIRST + below(demo, 3),
		.practice = PRACTICE_FIRST + below(demo, 4),
	};
	/* Day of birth plus 60: nobody has such a number. */
	snprintf(patient->cpr, sizeof(patient->cpr), "7%zu%02zu55%04zu", 1 + number % 9,
		1 + number % 12, (size_t)1000 + number);
	random_uuid(demo, patient->episode);
	send_step(demo, patient, "STIN.json", "admit-inpatient", false);
}

static void answer(struct sf_demo *demo, const struct sf_demo_patient *patient)
{
	struct sf_request request = {.kind = SF_REQUEST_ACCEPT,
		.accept = {.id = patient->transition, .by_person = true}};
	if (below(demo, 6) == 0)
		request = (struct sf_request){.kind = SF_REQUEST_REFUSE,
			.refuse = {.id = patient->transition,
				.refer_to_role = SF_ROLE_OTHER_MUNICIPALITY,
				.refer_to_party = "",
				.not_ours = true}};
	struct sf_arena arena;
	sf_arena_init(&arena, SF_LOCAL_SIZE_MAX);
	struct sf_reply reply;
	/* Often nothing is offered yet, or all is answered: the node says so, and that is fine. */
	if (sf_demo_ask(demo, patient->municipality, &request, &arena, &reply))
		demo->refusals += request.kind == SF_REQUEST_REFUSE;
	sf_arena_fini(&arena);
}

void sf_demo_step(struct sf_demo *demo)
{
	uint64_t choice = below(demo, 10);
	bool room = demo->patient_count < SF_DEMO_TRANSITIONS_MAX &&
		    demo->letter_count + 2 < SF_DEMO_LETTERS_MAX;
	if (demo->patient_count == 0 || (choice < 4 && room)) {
		admit(demo);
		return;
	}
	/* The first says all there is to say, so that who watches for seconds alone sees it. */
	if (sf_demo_talk(demo, &demo->patients[0]))
		return;
	struct sf_demo_patient *patient = &demo->patients[below(demo, demo->patient_count)];
	/* A conversation goes on before another one begins. */
	if (choice % 2 && sf_demo_talk(demo, &demo->patients[demo->talking]))
		return;
	demo->talking = (size_t)(patient - demo->patients);
	if (choice < 7 && !patient->home && room) {
		patient->home = true;
		send_step(demo, patient, "SLHJ.json", "discharge-inpatient-home",
			below(demo, 4) == 0);
		return;
	}
	answer(demo, patient);
}

/* MedCom's own test persons and letters (CC0), in the order their scenarios have. */
void sf_demo_samples(struct sf_demo *demo)
{
	static const struct {
		size_t hospital;
		const char *name;
		bool fatal;
	} samples[] = {
		{1, "HospitalNotification_Ex_STIN_A.json", false},
		{1, "HospitalNotification_Ex_TEK_FCC.json", true}, /* Encounter.class is missing */
		{1, "HospitalNotification_Ex_STAA_E.json", false},
		{1, "HospitalNotification_Ex_STIN_E.json", false},
		{1, "HospitalNotification_Ex_STIN_H.json", false},
		{1, "HospitalNotification_Ex_SLHJ_H.json", false},
		{1, "HospitalNotification_Ex_TEK_ID_LPR3.json", false},
		{2, "HospitalNotification_Ex_STIN_K.json", false},
		{2, "HospitalNotification_Ex_MORS_K.json", false},
	};
	for (size_t i = 0; i < SF_COUNT(samples); i++) {
		const struct sf_embedded *file = sf_demo_file(samples[i].name);
		struct sf_buf letter;
		sf_buf_init(&letter, SF_CLINICAL_SIZE_MAX);
		struct sf_reply_sent sent = {.answer = SF_SEND_NONE};
		if (file && !sf_buf_append(&letter, sf_view_of(file->bytes, file->size)))
			sf_ignore(hand_in(demo, samples[i].hospital, MUNICIPALITY_FIRST + 2, "",
				&letter, &sent));
		demo->fatal_expected += samples[i].fatal;
		demo->fatal_seen += samples[i].fatal && sent.answer == SF_SEND_FATAL;
		demo->not_taken += !samples[i].fatal && sent.answer != SF_SEND_STORED;
		sf_buf_fini(&letter);
	}
}
