#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario.h"

/* The case of this patient; a new one when nobody has spoken of it. */
static struct sf_sim_case *case_of(struct sf_sim_scenario *scenario, const char *name)
{
	for (size_t i = 0; i < scenario->case_count; i++)
		if (strcmp(scenario->cases[i].name, name) == 0)
			return &scenario->cases[i];
	SF_ASSERT(scenario->case_count < SF_SIM_CASES_MAX);
	struct sf_sim_case *found = &scenario->cases[scenario->case_count];
	snprintf(found->name, sizeof(found->name), "%s", name);
	found->patient = sf_sim_patient(&scenario->world, scenario->case_count++);
	sf_buf_init(&found->letter, SF_CLINICAL_SIZE_MAX);
	return found;
}

/* The word that follows one; NULL when it is not there. */
static const char *after(const struct sf_sim_line *line, const char *word)
{
	for (size_t i = 2; i + 1 < line->count; i++)
		if (strcmp(line->words[i], word) == 0)
			return line->words[i + 1];
	return NULL;
}

static bool hand_in(
	struct sf_sim_scenario *scenario, struct sf_sim_machine *machine, const char *practice)
{
	struct sf_sim_case *now = scenario->now;
	const struct sf_request request = {.kind = SF_REQUEST_SEND,
		.send = {.content_type = now->content_type,
			.content = sf_buf_view(&now->letter),
			.gp = practice ? practice : "",
			.municipality = ""}};
	sf_sim_request(scenario, machine, &request);
	now->sender = machine;
	if (!scenario->err && scenario->reply.sent.answer != SF_SEND_FATAL) {
		now->message = scenario->reply.sent.message;
		now->transition = scenario->reply.sent.transition;
	}
	return true;
}

static bool read_sample(struct sf_sim_scenario *scenario, const char *name)
{
	bool xml = strlen(name) > 4 && strcmp(name + strlen(name) - 4, ".xml") == 0;
	struct sf_sim_case *now = scenario->now;
	now->content_type = xml ? SF_CONTENT_FHIR_XML : SF_CONTENT_FHIR_JSON;
	char path[512];
	snprintf(path, sizeof(path), "%s/samples/%s%s", SF_TESTS_DIR,
		xml ? "stafet-hospitalnotification-xml/"
		    : "medcom-hospitalnotification/HospitalNotification_Ex_",
		name);
	FILE *file = fopen(path, "rb");
	if (!file)
		return sf_sim_wrong(scenario, "no sample is called \"%s\"", name);
	sf_buf_clear(&now->letter);
	uint8_t block[4096];
	for (size_t size; (size = fread(block, 1, sizeof(block), file)) > 0;)
		SF_ASSERT(!sf_buf_append(&now->letter, sf_view_of(block, size)));
	fclose(file);
	return true;
}

static bool write_letter(struct sf_sim_scenario *scenario, struct sf_sim_machine *machine,
	const struct sf_sim_line *line)
{
	const struct sf_sim_form *form = line->count > 2 ? sf_sim_form(line->words[2]) : NULL;
	if (!form)
		return sf_sim_wrong(scenario, "say: NAME sends FORM to NAME, or sample FILE");
	struct sf_sim_machine *to;
	if (!sf_sim_named(scenario, after(line, "to"), &to))
		return false;
	struct sf_sim_case *now = scenario->now;
	if (!now->has_step && !form->first_template)
		return sf_sim_wrong(scenario, "%s cannot be the first letter", form->name);
	now->step = sf_sim_follow(&scenario->world, now->has_step ? &now->step : NULL, form);
	now->has_step = true;
	now->content_type = SF_CONTENT_FHIR_JSON;
	sf_buf_clear(&now->letter);
	sf_sim_letter(&scenario->world, machine, to, &now->patient, &now->step, &now->letter);
	return true;
}

static bool act_sends(struct sf_sim_scenario *scenario, struct sf_sim_machine *machine,
	const struct sf_sim_line *line)
{
	const char *about = after(line, "about");
	scenario->now = case_of(scenario, about ? about : "anna");
	const char *sample = after(line, "sample");
	if (line->count == 4 && strcmp(line->words[2], "sample") == 0)
		sample = line->words[3];
	bool good = sample ? read_sample(scenario, sample) : write_letter(scenario, machine, line);
	return good && hand_in(scenario, machine, after(line, "with"));
}

static bool act_repeats(struct sf_sim_scenario *scenario, struct sf_sim_machine *machine,
	const struct sf_sim_line *line)
{
	(void)line;
	return hand_in(scenario, machine, NULL);
}

/* "care,medication"; 0 for a word that is none. */
static sf_domain_set read_domains(const char *word)
{
	sf_domain_set domains = 0;
	while (word && *word) {
		char name[32];
		size_t size = strcspn(word, ",");
		snprintf(name, sizeof(name), "%.*s", (int)size, word);
		enum sf_domain domain = sf_domain_from_text(name);
		if (domain >= SF_DOMAIN_COUNT)
			return 0;
		domains |= SF_DOMAIN_BIT(domain);
		word += size + (word[size] == ',');
	}
	return domains;
}

static bool say(struct sf_sim_scenario *scenario, struct sf_sim_machine *machine,
	const struct sf_request *request)
{
	sf_sim_request(scenario, machine, request);
	if (!scenario->err)
		scenario->now->said[machine->index] = scenario->reply.said.message;
	return true;
}

static bool act_accepts(struct sf_sim_scenario *scenario, struct sf_sim_machine *machine,
	const struct sf_sim_line *line)
{
	struct sf_request request = {.kind = SF_REQUEST_ACCEPT,
		.accept = {.id = scenario->now->transition,
			.domains = line->count > 2 ? read_domains(line->words[2]) : 0,
			.by_person = true}};
	if (line->count > 2 && request.accept.domains == 0)
		return sf_sim_wrong(scenario, "no domains: \"%s\"", line->words[2]);
	return say(scenario, machine, &request);
}

static bool act_refuses(struct sf_sim_scenario *scenario, struct sf_sim_machine *machine,
	const struct sf_sim_line *line)
{
	const char *to = after(line, "to");
	enum sf_role role = to ? sf_role_from_text(to) : SF_ROLE_NONE;
	if (to && role == SF_ROLE_NONE)
		return sf_sim_wrong(scenario, "no role is called \"%s\"", to);
	const struct sf_request request = {.kind = SF_REQUEST_REFUSE,
		.refuse = {.id = scenario->now->transition,
			.refer_to_role = role,
			.refer_to_party = "",
			.not_ours = true}};
	return say(scenario, machine, &request);
}

static bool act_offers(struct sf_sim_scenario *scenario, struct sf_sim_machine *machine,
	const struct sf_sim_line *line)
{
	sf_domain_set domains = line->count > 2 ? read_domains(line->words[2]) : 0;
	const char *to = after(line, "to");
	enum sf_role role = to ? sf_role_from_text(to) : SF_ROLE_NONE;
	if (domains == 0 || role == SF_ROLE_NONE)
		return sf_sim_wrong(scenario, "say: NAME offers DOMAINS to ROLE");
	const struct sf_request request = {
		.kind = SF_REQUEST_OFFER, .offer = {scenario->now->transition, domains, role}};
	return say(scenario, machine, &request);
}

static bool act_withdraws(struct sf_sim_scenario *scenario, struct sf_sim_machine *machine,
	const struct sf_sim_line *line)
{
	(void)line;
	const struct sf_request request = {.kind = SF_REQUEST_WITHDRAW,
		.withdraw = {.message = scenario->now->said[machine->index]}};
	return say(scenario, machine, &request);
}

static bool act_resends(struct sf_sim_scenario *scenario, struct sf_sim_machine *machine,
	const struct sf_sim_line *line)
{
	(void)line;
	const struct sf_request request = {
		.kind = SF_REQUEST_RESEND, .resend = {.message = scenario->now->message}};
	sf_sim_request(scenario, machine, &request);
	return true;
}

static bool act_parts(struct sf_sim_scenario *scenario, struct sf_sim_machine *machine,
	const struct sf_sim_line *line)
{
	(void)scenario;
	sf_sim_part(machine, strcmp(line->words[1], "parts") == 0);
	return true;
}

static bool act_power(struct sf_sim_scenario *scenario, struct sf_sim_machine *machine,
	const struct sf_sim_line *line)
{
	(void)scenario;
	if (strcmp(line->words[1], "starts") == 0)
		sf_sim_power_on(machine);
	else
		sf_sim_power_off(machine);
	return true;
}

static bool act_key(struct sf_sim_scenario *scenario, struct sf_sim_machine *machine,
	const struct sf_sim_line *line)
{
	(void)scenario;
	sf_sim_lose_key(machine, strcmp(line->words[1], "loses-key") == 0);
	return true;
}

/* Its program is exchanged for one that reads no letters. */
static bool act_ages(struct sf_sim_scenario *scenario, struct sf_sim_machine *machine,
	const struct sf_sim_line *line)
{
	(void)scenario;
	(void)line;
	machine->cannot_read = true;
	sf_sim_power_off(machine);
	sf_sim_power_on(machine);
	return true;
}

static const struct {
	const char *verb;
	bool (*act)(struct sf_sim_scenario *scenario, struct sf_sim_machine *machine,
		const struct sf_sim_line *line);
	bool about_case; /* somebody must have been spoken of */
} verbs[] = {
	{"sends", act_sends, false},
	{"repeats", act_repeats, true},
	{"accepts", act_accepts, true},
	{"refuses", act_refuses, true},
	{"offers", act_offers, true},
	{"withdraws", act_withdraws, true},
	{"resends", act_resends, true},
	{"binds", sf_sim_binds, true},
	{"proposes", sf_sim_proposes, false},
	{"signs", sf_sim_signs, false},
	{"leaves", sf_sim_signs, false},
	{"parts", act_parts, false},
	{"heals", act_parts, false},
	{"stops", act_power, false},
	{"starts", act_power, false},
	{"loses-key", act_key, false},
	{"finds-key", act_key, false},
	{"is-too-old", act_ages, false},
};

bool sf_sim_act(struct sf_sim_scenario *scenario, const struct sf_sim_line *line)
{
	struct sf_sim_machine *machine;
	if (!sf_sim_named(scenario, line->words[0], &machine))
		return false;
	const char *about = line->count > 3 ? after(line, "about") : NULL;
	if (about)
		scenario->now = case_of(scenario, about);
	for (size_t i = 0; line->count > 1 && i < SF_COUNT(verbs); i++) {
		if (strcmp(line->words[1], verbs[i].verb) != 0)
			continue;
		if (verbs[i].about_case && !scenario->now)
			return sf_sim_wrong(scenario, "nothing was sent before");
		return verbs[i].act(scenario, machine, line);
	}
	bool is_saying = false;
	if (line->count > 1 && !sf_sim_says(scenario, machine, line, &is_saying))
		return false;
	return is_saying || sf_sim_wrong(scenario, "\"%s\" is nothing that a machine does",
				    line->count > 1 ? line->words[1] : "");
}
