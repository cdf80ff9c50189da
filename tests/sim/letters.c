#include "sim/letters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"

struct mark {
	const char *name;
	const char *value;
};

void sf_sim_uuid(struct sf_sim_world *world, char ret_text[SF_UUID_TEXT_SIZE])
{
	struct sf_id id;
	for (size_t i = 0; i < SF_ID_SIZE; i++)
		id.bytes[i] = (uint8_t)sf_sim_next(&world->chance);
	sf_id_format_uuid(id, ret_text);
}

struct sf_sim_patient sf_sim_patient(struct sf_sim_world *world, size_t number)
{
	static const char *const families[] = {"Kanariefugl", "Lommelygte", "Fiskestime"};
	static const char *const givens[] = {"Alfabeta", "Besvime", "Cyklamen"};
	struct sf_sim_patient patient = {.admitted_ms = world->now_ms};
	snprintf(patient.cpr, sizeof(patient.cpr), "71%02zu55%04zu", 1 + number % 12,
		1000 + number % 9000);
	snprintf(patient.family, sizeof(patient.family), "%s", families[number % 3]);
	snprintf(patient.given, sizeof(patient.given), "%s", givens[number / 3 % 3]);
	sf_sim_uuid(world, patient.episode);
	return patient;
}

static const char *value_of(const struct mark *marks, size_t count, const char *name, size_t size)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(marks[i].name) == size && memcmp(marks[i].name, name, size) == 0)
			return marks[i].value;
	return NULL;
}

static void fill(const char *text, const struct mark *marks, size_t count, struct sf_buf *buf)
{
	const char *at;
	while ((at = strchr(text, '@'))) {
		const char *end = strchr(at + 1, '@');
		size_t size = end ? (size_t)(end - at - 1) : 0;
		const char *value = end ? value_of(marks, count, at + 1, size) : NULL;
		SF_ASSERT(value);
		SF_ASSERT(!sf_buf_append(buf, sf_view_of(text, (size_t)(at - text))));
		SF_ASSERT(!sf_buf_append_text(buf, value));
		text = end + 1;
	}
	SF_ASSERT(!sf_buf_append_text(buf, text));
}

static char *read_template(const char *name)
{
	char path[512];
	snprintf(path, sizeof(path), "%s/samples/templates/%s.json", SF_TESTS_DIR, name);
	FILE *file = fopen(path, "rb");
	SF_ASSERT(file);
	char *text = calloc(1, 65536);
	SF_ASSERT(text);
	size_t size = fread(text, 1, 65535, file);
	SF_ASSERT(size > 0);
	fclose(file);
	return text;
}

/* Each is read once; a run is one thread. */
static const char *template_text(const char *name)
{
	static struct {
		const char *name;
		char *text;
	} known[16];
	for (size_t i = 0; i < SF_COUNT(known); i++) {
		if (!known[i].name) {
			known[i].name = name;
			known[i].text = read_template(name);
		}
		if (strcmp(known[i].name, name) == 0)
			return known[i].text;
	}
	return NULL;
}

/* clang-format off */
static const struct sf_sim_form forms[] = {
	{"STAA",    "GENERIC",          "STAA", "admit-emergency",               "EMER", "in-progress",      "revision"},
	{"STIN",    "STIN_after_STAA",  "STIN", "admit-inpatient",               "IMP",  "in-progress",      "revision"},
	{"STOR",    "STOR",             NULL,   "start-leave-inpatient",         NULL,   "onleave",          "revision"},
	{"SLOR",    "SLOR",             NULL,   "end-leave-inpatient",           NULL,   "in-progress",      "revision"},
	{"SLHJ",    "SLHJ",             NULL,   NULL,                            NULL,   "finished",         "revision"},
	{"MORS",    "MORS",             NULL,   NULL,                            NULL,   "finished",         "revision"},
	{"RE_STAA", "GENERIC",          NULL,   "revise-admit-emergency",        NULL,   "in-progress",      "revision"},
	{"RE_STIN", "RE_STIN",          NULL,   "revise-admit-inpatient",        NULL,   "in-progress",      "revision"},
	{"RE_STOR", "GENERIC",          NULL,   "revise-start-leave-inpatient",  NULL,   "onleave",          "revision"},
	{"RE_SLOR", "GENERIC",          NULL,   "revise-end-leave-inpatient",    NULL,   "in-progress",      "revision"},
	{"RE_SLHJ", "GENERIC",          NULL,   NULL,                            NULL,   "finished",         "revision"},
	{"AN_STAA", "GENERIC",          NULL,   "cancel-admit-emergency",        NULL,   "entered-in-error", "removal"},
	{"AN_STIN", "AN_STIN",          NULL,   "cancel-admit-inpatient",        NULL,   "entered-in-error", "removal"},
	{"AN_STOR", "GENERIC",          NULL,   "cancel-start-leave-inpatient",  NULL,   "in-progress",      "removal"},
	{"AN_SLOR", "GENERIC",          NULL,   "cancel-end-leave-inpatient",    NULL,   "onleave",          "removal"},
	{"AN_SLHJ", "GENERIC",          NULL,   NULL,                            NULL,   "in-progress",      "removal"},
	{"AN_MORS", "AN_MORS",          NULL,   NULL,                            NULL,   "in-progress",      "removal"},
};
/* clang-format on */

const struct sf_sim_form *sf_sim_form_at(size_t index)
{
	return index < SF_COUNT(forms) ? &forms[index] : NULL;
}

const struct sf_sim_form *sf_sim_form(const char *name)
{
	for (size_t i = 0; i < SF_COUNT(forms); i++)
		if (strcmp(forms[i].name, name) == 0)
			return &forms[i];
	return NULL;
}

static bool is_death(const struct sf_sim_form *form)
{
	return strcmp(form->name, "MORS") == 0 || strcmp(form->name, "AN_MORS") == 0;
}

/* A death keeps the activity of the letter before; a discharge names its class. */
static void set_activity(struct sf_sim_step *step)
{
	const struct sf_sim_form *form = step->form;
	bool inpatient = strcmp(step->stay_class, "IMP") == 0;
	const char *mode = strncmp(form->name, "RE_", 3) == 0   ? "revise-"
			   : strncmp(form->name, "AN_", 3) == 0 ? "cancel-"
								: "";
	if (form->activity)
		snprintf(step->activity, sizeof(step->activity), "%s", form->activity);
	else if (is_death(form))
		memcpy(step->activity, step->predecessor_activity, sizeof(step->activity));
	else
		snprintf(step->activity, sizeof(step->activity), "%sdischarge-%s-home", mode,
			inpatient ? "inpatient" : "emergency");
}

struct sf_sim_step sf_sim_follow(struct sf_sim_world *world, const struct sf_sim_step *before,
	const struct sf_sim_form *form)
{
	struct sf_sim_step step = {.form = form, .sent_ms = world->now_ms};
	step.stay_class = form->stay_class ? form->stay_class : before ? before->stay_class : "IMP";
	if (before) {
		memcpy(step.predecessor, before->header_id, sizeof(step.predecessor));
		memcpy(step.predecessor_activity, before->activity,
			sizeof(step.predecessor_activity));
		step.predecessor_sent_ms = before->sent_ms;
	}
	set_activity(&step);
	sf_sim_uuid(world, step.header_id);
	return step;
}

void sf_sim_letter(struct sf_sim_world *world, const struct sf_sim_machine *from,
	const struct sf_sim_machine *to, const struct sf_sim_patient *patient,
	const struct sf_sim_step *step, struct sf_buf *buf)
{
	char bundle_id[SF_UUID_TEXT_SIZE], sent[SF_TIME_TEXT_SIZE], start[SF_TIME_TEXT_SIZE];
	char predecessor_sent[SF_TIME_TEXT_SIZE];
	sf_sim_uuid(world, bundle_id);
	sf_time_format(step->sent_ms, sent);
	sf_time_format(patient->admitted_ms, start);
	sf_time_format(step->predecessor_sent_ms, predecessor_sent);
	const struct mark marks[] = {
		{"BUNDLE_ID", bundle_id},
		{"HEADER_ID", step->header_id},
		{"SENT", sent},
		{"OCCURRED", sent},
		{"EPISODE_ID", patient->episode},
		{"START", start},
		{"END", sent},
		{"LEAVE_START", start},
		{"LEAVE_END", sent},
		{"CPR", patient->cpr},
		{"GIVEN", patient->given},
		{"FAMILY", patient->family},
		{"CLASS", step->stay_class},
		{"STATUS", step->form->status},
		{"ACTIVITY", step->activity},
		{"ENTITY_ROLE", step->form->entity_role},
		{"DISCHARGE_ACTIVITY", step->activity},
		{"PREDECESSOR_ID", step->predecessor},
		{"PREDECESSOR_ACTIVITY", step->predecessor_activity},
		{"PREDECESSOR_SENT", predecessor_sent},
		{"SENDER_SOR", from->sor},
		{"SENDER_GLN", from->gln},
		{"SENDER_NAME", from->name},
		{"RECEIVER_SOR", to->sor},
		{"RECEIVER_GLN", to->gln},
		{"RECEIVER_NAME", to->name},
	};
	bool first = step->predecessor[0] == '\0';
	SF_ASSERT(!first || step->form->first_template);
	fill(template_text(first ? step->form->first_template : step->form->template_name), marks,
		SF_COUNT(marks), buf);
}
