#include "unit/core/scene.h"

#include <string.h>

#include "base/check.h"

struct sf_id scene_id(uint8_t kind, uint32_t number)
{
	struct sf_id id = {{kind}};
	sf_put_u32(id.bytes + 12, number);
	return id;
}

struct sf_id scene_party(char letter)
{
	return scene_id(1, (uint32_t)letter);
}

enum sf_role scene_role(char letter)
{
	switch (letter) {
	case 'H':
	case 'I':
		return SF_ROLE_HOSPITAL;
	case 'P':
		return SF_ROLE_PSYCHIATRY;
	case 'K':
	case 'L':
		return SF_ROLE_MUNICIPALITY;
	case 'G':
		return SF_ROLE_GP;
	case 'C':
		return SF_ROLE_CARE_HOME;
	case 'S':
		return SF_ROLE_COORDINATOR;
	default:
		return SF_ROLE_OUT_OF_HOURS;
	}
}

struct sf_digest scene_agreement(void)
{
	return (struct sf_digest){{0xA6}};
}

/* A discharge offers care and medication to the municipality; nothing is expected of anybody. */
const struct sf_agreement_book *scene_book(void)
{
	static const struct sf_agreement agreement = {
		.digest = {{0xA6}},
		.cut_off_minute = -1,
		.pathway_count = 1,
		.pathways = {{
			.pathway = SF_PATHWAY_SOMATIC,
			.handover_count = 1,
			.handovers = {{
				.on = {.kind = SF_KIND_STAY, .detail = SF_ACTIVITY_DISCHARGE_HOME},
				.offers = CARE | MEDICATION,
				.to = SF_ROLE_MUNICIPALITY,
				.silence = SF_SILENCE_STAYS,
			}},
		}},
	};
	static const struct sf_agreement *const agreements[] = {&agreement};
	static const struct sf_agreement_book book = {agreements, SF_COUNT(agreements), NULL, 0};
	return &book;
}

struct sf_stay_fact scene_stay_fact(const char *code, int64_t event_ms)
{
	static const struct {
		const char *code;
		enum sf_activity activity;
		enum sf_stay_class stay_class;
	} codes[] = {
		{"STAA", SF_ACTIVITY_ADMIT_EMERGENCY, SF_STAY_CLASS_EMERGENCY},
		{"STIN", SF_ACTIVITY_ADMIT_INPATIENT, SF_STAY_CLASS_INPATIENT},
		{"STOR", SF_ACTIVITY_LEAVE_START, SF_STAY_CLASS_INPATIENT},
		{"SLOR", SF_ACTIVITY_LEAVE_END, SF_STAY_CLASS_INPATIENT},
		{"SLHJ", SF_ACTIVITY_DISCHARGE_HOME, SF_STAY_CLASS_INPATIENT},
		{"MORS", SF_ACTIVITY_DEATH, SF_STAY_CLASS_EMERGENCY},
	};
	struct sf_stay_fact fact = {.mode = SF_MODE_NEW, .event_ms = event_ms};
	if (strncmp(code, "RE_", 3) == 0 || strncmp(code, "AN_", 3) == 0) {
		fact.mode = code[0] == 'R' ? SF_MODE_REVISE : SF_MODE_CANCEL;
		code += 3;
	}
	for (size_t i = 0; i < SF_COUNT(codes); i++)
		if (strcmp(codes[i].code, code) == 0) {
			fact.activity = codes[i].activity;
			fact.stay_class = codes[i].stay_class;
		}
	SF_ASSERT(fact.activity != SF_ACTIVITY_NONE);
	return fact;
}

void scene_open_by(struct scene *scene, const struct sf_agreement_book *book)
{
	*scene = (struct scene){.now_ms = SCENE_START_MS};
	enum sf_err err = sf_transition_open(scene_id(9, 1), book, &scene->transition);
	SF_ASSERT(err == SF_OK);
}

void scene_open(struct scene *scene)
{
	scene_open_by(scene, scene_book());
}

void scene_close(struct scene *scene)
{
	sf_transition_close(&scene->transition);
	SF_ASSERT(scene->transition == NULL);
}

struct sf_message scene_message(struct scene *scene, char author, enum sf_kind kind)
{
	scene->minted++;
	return (struct sf_message){
		.format = 1,
		.id = scene_id(2, scene->minted),
		.transition = scene_id(9, 1),
		.author = scene_party(author),
		.author_sequence = scene->minted,
		.fact = {.kind = kind},
		.occurred_ms = scene->now_ms,
		.created_ms = scene->now_ms,
	};
}

uint16_t scene_record_as(struct scene *scene, const struct sf_message *message, enum sf_role role)
{
	enum sf_kind_class kind_class = SF_CLASS_FACT;
	if (message->fact.kind == SF_KIND_ACKNOWLEDGEMENT)
		kind_class = SF_CLASS_ACKNOWLEDGEMENT;
	if (sf_kind_is_derived(message->fact.kind) && role == SF_ROLE_COORDINATOR)
		kind_class = SF_CLASS_DERIVED;
	struct sf_event event = {
		.message = message,
		.kind_class = kind_class,
		.sequence = ++scene->sequence,
		.recorded_ms = scene->now_ms,
		.author_role = role,
	};
	scene->now_ms += SF_MINUTE_MS;
	enum sf_err err = sf_transition_step(scene->transition, &event, &scene->result);
	SF_ASSERT(err == SF_OK);
	SF_ASSERT(!sf_transition_frozen(scene->transition));
	SF_ASSERT(sf_transition_invariant_broken(scene->transition) == NULL);
	return scene->result.code;
}

uint16_t scene_record(struct scene *scene, const struct sf_message *message)
{
	return scene_record_as(scene, message, scene_role((char)message->author.bytes[15]));
}

size_t scene_turn(struct scene *scene, int64_t now_ms)
{
	if (now_ms > scene->now_ms)
		scene->now_ms = now_ms;
	struct sf_fact fact;
	for (size_t count = 0;; count++) {
		SF_ASSERT(count < 500);
		if (!sf_transition_derive(scene->transition, scene->now_ms, &fact))
			return count;
		struct sf_message message = scene_message(scene, 'S', SF_KIND_NONE);
		message.fact = fact;
		uint16_t code = scene_record(scene, &message);
		SF_ASSERT(code == 0 || code >= SF_DEVIATION_LATE_FACT);
		scene->now_ms -= SF_MINUTE_MS;
	}
}

uint16_t scene_ok(struct scene *scene, char author, struct sf_id message)
{
	struct sf_message one = scene_message(scene, author, SF_KIND_ACKNOWLEDGEMENT);
	one.fact.acknowledgement =
		(struct sf_acknowledgement){.message_id = message, .ack = SF_ACK_OK};
	return scene_record(scene, &one);
}

uint16_t scene_parties(struct scene *scene, const char *bound, sf_domain_set active)
{
	struct sf_message message = scene_message(scene, bound[0], SF_KIND_PARTIES);
	struct sf_parties *parties = &message.fact.parties;
	*parties = (struct sf_parties){
		.version = ++scene->version,
		.pathway = SF_PATHWAY_SOMATIC,
		.agreement = scene_agreement(),
		.active = active,
	};
	for (const char *letter = bound; *letter; letter++)
		parties->bindings[parties->binding_count++] = (struct sf_binding){
			scene_role(*letter), SF_BINDING_PARTY, scene_party(*letter)};
	return scene_record(scene, &message);
}

uint16_t scene_stay(struct scene *scene, const char *code, struct sf_id *ret_id)
{
	struct sf_message message = scene_message(scene, 'H', SF_KIND_STAY);
	message.fact.stay = scene_stay_fact(code, scene->now_ms);
	if (ret_id)
		*ret_id = message.id;
	return scene_record(scene, &message);
}

uint16_t scene_offer(struct scene *scene, char author, sf_domain_set domains, enum sf_role to,
	struct sf_id *ret_id)
{
	struct sf_message message = scene_message(scene, author, SF_KIND_OFFER);
	message.fact.offer = (struct sf_offer){domains, to};
	if (ret_id)
		*ret_id = message.id;
	return scene_record(scene, &message);
}

uint16_t scene_accept(struct scene *scene, char author, struct sf_id offer, sf_domain_set domains,
	struct sf_id *ret_id)
{
	struct sf_message message = scene_message(scene, author, SF_KIND_ACCEPT);
	message.in_reply_to = offer;
	message.fact.accept = (struct sf_accept){domains, true};
	if (ret_id)
		*ret_id = message.id;
	return scene_record(scene, &message);
}

uint16_t scene_refuse(struct scene *scene, char author, struct sf_id offer, enum sf_role refer_to)
{
	struct sf_message message = scene_message(scene, author, SF_KIND_REFUSE);
	message.in_reply_to = offer;
	message.fact.refuse = (struct sf_refuse){.refer_to_role = refer_to};
	return scene_record(scene, &message);
}

uint16_t scene_withdraw(struct scene *scene, char author, struct sf_id named, sf_domain_set domains,
	struct sf_id *ret_id)
{
	struct sf_message message = scene_message(scene, author, SF_KIND_WITHDRAW);
	message.in_reply_to = named;
	message.fact.withdraw = (struct sf_withdraw){domains};
	if (ret_id)
		*ret_id = message.id;
	return scene_record(scene, &message);
}

char scene_holder(const struct scene *scene, enum sf_domain domain)
{
	struct sf_id holder = sf_transition_holder(scene->transition, domain);
	return sf_id_is_none(holder) ? '-' : (char)holder.bytes[15];
}

const char *scene_holders(const struct scene *scene, char ret_text[5])
{
	ret_text[0] = scene_holder(scene, SF_DOMAIN_MEDICAL);
	ret_text[1] = scene_holder(scene, SF_DOMAIN_CARE);
	ret_text[2] = scene_holder(scene, SF_DOMAIN_MEDICATION);
	ret_text[3] = scene_holder(scene, SF_DOMAIN_SOCIAL);
	ret_text[4] = '\0';
	return ret_text;
}

size_t scene_open_offers(const struct scene *scene)
{
	size_t count;
	const struct sf_ledger_offer *offers = sf_transition_offers(scene->transition, &count);
	size_t open = 0;
	for (size_t i = 0; i < count; i++)
		open += offers[i].state == SF_OFFER_OPEN;
	return open;
}
