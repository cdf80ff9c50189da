#include "bench/letters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "node/state.h"

#define CONTENT_BODY "text/plain"
#define TEMPLATE_SIZE_MAX ((size_t)65536)

struct mark {
	const char *name;
	const char *value;
};

static void random_uuid(const struct sf_bench_region *region, char ret_text[SF_UUID_TEXT_SIZE])
{
	struct sf_id id;
	region->env.random(region->env.self, id.bytes, SF_ID_SIZE);
	sf_id_format_uuid(id, ret_text);
}

void sf_bench_stay_init(
	const struct sf_bench_region *region, size_t number, struct sf_bench_stay *ret_stay)
{
	*ret_stay = (struct sf_bench_stay){.admitted_ms = region->env.now_ms(region->env.self)};
	snprintf(ret_stay->cpr, sizeof(ret_stay->cpr), "71%02zu55%04zu", 1 + number % 12,
		1000 + number % 9000);
	random_uuid(region, ret_stay->episode);
	random_uuid(region, ret_stay->admission);
}

/* Without the white space between the tokens. */
static void read_template(const char *name, char *ret_text)
{
	char path[512];
	snprintf(path, sizeof(path), "%s/samples/templates/%s.json", SF_TESTS_DIR, name);
	FILE *file = fopen(path, "rb");
	SF_ASSERT(file);
	char *text = calloc(1, TEMPLATE_SIZE_MAX);
	SF_ASSERT(text);
	size_t size = fread(text, 1, TEMPLATE_SIZE_MAX - 1, file);
	SF_ASSERT(size > 0);
	fclose(file);
	bool quoted = false;
	for (const char *at = text; *at; at++) {
		quoted ^= *at == '"';
		if (quoted || !strchr(" \n", *at))
			*ret_text++ = *at;
	}
	*ret_text = '\0';
	free(text);
}

static const char *template_text(bool opening)
{
	static char texts[2][TEMPLATE_SIZE_MAX];
	char *text = texts[opening];
	if (!*text)
		read_template(opening ? "STIN" : "STOR", text);
	return text;
}

static void fill(const char *text, const struct mark *marks, size_t count, struct sf_buf *buf)
{
	const char *at;
	while ((at = strchr(text, '@'))) {
		const char *end = strchr(at + 1, '@');
		const char *value = NULL;
		for (size_t i = 0; end && i < count; i++)
			if (strlen(marks[i].name) == (size_t)(end - at - 1) &&
				memcmp(marks[i].name, at + 1, (size_t)(end - at - 1)) == 0)
				value = marks[i].value;
		SF_ASSERT(value);
		SF_ASSERT(!sf_buf_append(buf, sf_view_of(text, (size_t)(at - text))));
		SF_ASSERT(!sf_buf_append_text(buf, value));
		text = end + 1;
	}
	SF_ASSERT(!sf_buf_append_text(buf, text));
}

static struct sf_view write_letter(const struct sf_bench_machine *from, bool opening,
	const struct sf_bench_stay *stay, struct sf_arena *arena)
{
	const struct sf_bench_region *region = from->region;
	const struct sf_bench_party *to = &region->parties[SF_BENCH_MUNICIPALITY];
	char bundle_id[SF_UUID_TEXT_SIZE], header_id[SF_UUID_TEXT_SIZE];
	char sent[SF_TIME_TEXT_SIZE], start[SF_TIME_TEXT_SIZE];
	random_uuid(region, bundle_id);
	random_uuid(region, header_id);
	sf_time_format(region->env.now_ms(region->env.self) + (opening ? 0 : 1000), sent);
	sf_time_format(stay->admitted_ms, start);
	const struct mark marks[] = {
		{"BUNDLE_ID", bundle_id},
		{"HEADER_ID", opening ? stay->admission : header_id},
		{"SENT", sent},
		{"OCCURRED", sent},
		{"EPISODE_ID", stay->episode},
		{"START", start},
		{"LEAVE_START", sent},
		{"CPR", stay->cpr},
		{"GIVEN", "Besvime"},
		{"FAMILY", "Lommelygte"},
		{"PREDECESSOR_ID", stay->admission},
		{"PREDECESSOR_ACTIVITY", "admit-inpatient"},
		{"PREDECESSOR_SENT", start},
		{"SENDER_SOR", from->party->sor},
		{"SENDER_GLN", from->party->gln},
		{"SENDER_NAME", from->party->name},
		{"RECEIVER_SOR", to->sor},
		{"RECEIVER_GLN", to->gln},
		{"RECEIVER_NAME", to->name},
	};
	struct sf_buf buf;
	sf_buf_init(&buf, TEMPLATE_SIZE_MAX);
	fill(template_text(opening), marks, SF_COUNT(marks), &buf);
	struct sf_view letter = sf_arena_copy(arena, sf_buf_view(&buf));
	SF_ASSERT(letter.data);
	sf_buf_fini(&buf);
	return letter;
}

void sf_bench_letter(const struct sf_bench_machine *from, enum sf_bench_kind kind, bool opening,
	struct sf_bench_stay *stay, struct sf_arena *arena, struct sf_request *ret_request,
	struct sf_reply *ret_reply)
{
	*ret_request = (struct sf_request){.kind = SF_REQUEST_SEND};
	*ret_reply = (struct sf_reply){.text = ""};
	struct sf_request_send *send = &ret_request->send;
	send->gp = send->municipality = "";
	if (kind == SF_BENCH_LETTER) {
		send->content_type = SF_CONTENT_FHIR_JSON;
		send->content = write_letter(from, opening, stay, arena);
		return;
	}
	send->content_type = CONTENT_BODY;
	char *text = sf_arena_take(arena, SF_BENCH_BODY_SIZE);
	SF_ASSERT(text);
	memset(text, 'x', SF_BENCH_BODY_SIZE);
	send->content = sf_view_of(text, SF_BENCH_BODY_SIZE);
	if (sf_id_is_none(stay->transition)) {
		uint8_t chance[10];
		from->region->env.random(from->region->env.self, chance, sizeof(chance));
		stay->transition = sf_id_timed(stay->admitted_ms, chance);
	}
	ret_reply->sent.transition = stay->transition;
	ret_reply->sent.answer = opening ? SF_SEND_STORED : SF_SEND_DUPLICATE;
}

static void name_message(struct sf_node *node, struct sf_message *message)
{
	uint8_t chance[10];
	node->ports.env.random(node->ports.env.self, chance, sizeof(chance));
	message->id = sf_id_timed(node->now_ms, chance);
	message->occurred_ms = message->created_ms = node->now_ms;
}

static void bind(struct sf_parties *parties, enum sf_role role, struct sf_id party)
{
	parties->bindings[parties->binding_count++] =
		(struct sf_binding){.role = role, .state = SF_BINDING_PARTY, .party = party};
}

static enum sf_err author_parties(struct sf_node *node, struct sf_id transition,
	struct sf_id municipality, struct sf_diag *diag)
{
	struct sf_message message = {.transition = transition, .fact = {.kind = SF_KIND_PARTIES}};
	name_message(node, &message);
	struct sf_parties *parties = &message.fact.parties;
	parties->version = 1;
	parties->pathway = SF_PATHWAY_SOMATIC;
	enum sf_err err = sf_node_ruling_agreement(node, &parties->agreement, diag);
	if (err)
		return err;
	parties->active = SF_DOMAIN_BIT(SF_DOMAIN_MEDICAL) | SF_DOMAIN_BIT(SF_DOMAIN_CARE);
	bind(parties, SF_ROLE_HOSPITAL, node->options.party);
	bind(parties, SF_ROLE_MUNICIPALITY, municipality);
	return sf_node_author(node, &message, NULL, NULL, diag);
}

static struct sf_id find_municipality(const struct sf_node *node)
{
	struct sf_id found = {{0}};
	for (size_t i = 0; i < sf_directory_count(node->directory); i++) {
		const struct sf_directory_entry *entry = sf_directory_at(node->directory, i);
		if (entry->role == SF_ROLE_MUNICIPALITY)
			found = entry->party;
	}
	return found;
}

static enum sf_err serve_body(struct sf_node *node, const struct sf_request *request,
	struct sf_reply *reply, struct sf_diag *diag)
{
	struct sf_id transition = reply->sent.transition;
	bool opening = reply->sent.answer == SF_SEND_STORED;
	struct sf_id municipality = find_municipality(node);
	enum sf_err err = opening ? author_parties(node, transition, municipality, diag) : SF_OK;
	struct sf_message message = {
		.transition = transition,
		.recipient_count = 1,
		.recipients = {municipality},
		.fact = {.kind = SF_KIND_STAY,
			.stay = {.activity = opening ? SF_ACTIVITY_ADMIT_INPATIENT
						     : SF_ACTIVITY_LEAVE_START,
				.mode = SF_MODE_NEW,
				.stay_class = SF_STAY_CLASS_INPATIENT}},
	};
	name_message(node, &message);
	struct sf_body body = {
		.cpr = "",
		.patient_name = "",
		.contact_name = "",
		.contact_telephone = "",
		.content_type = request->send.content_type,
		.content = request->send.content,
	};
	if (!err)
		err = sf_node_author(node, &message, &body, NULL, diag);
	*reply = (struct sf_reply){.text = "", .kind = SF_REPLY_SENT};
	reply->sent.answer = SF_SEND_STORED;
	reply->sent.message = message.id;
	reply->sent.transition = transition;
	return err;
}

static enum sf_err serve(void *self, const struct sf_request *request, struct sf_arena *arena,
	struct sf_reply *reply, struct sf_diag *diag)
{
	if (request->kind == SF_REQUEST_SEND &&
		strcmp(request->send.content_type, CONTENT_BODY) == 0)
		return serve_body(self, request, reply, diag);
	return sf_node_serve(self, request, arena, reply, diag);
}

void sf_bench_serve_bodies(struct sf_bench_machine *machine)
{
	machine->turn.engine.serve = serve;
}
