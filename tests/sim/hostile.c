#include "sim/hostile.h"

#include <stdlib.h>
#include <string.h>

#include "wire/frame.h"
#include "wire/header.h"

struct attack {
	const struct sf_sim_story *story;
	struct sf_sim_world *world;
	struct sf_sim_machine *self;
	struct sf_crypto crypto;
};

static uint64_t below(struct attack *attack, uint64_t bound)
{
	return sf_sim_below(&attack->world->chance, bound);
}

static struct sf_sim_machine *find_hostile(struct sf_sim_world *world)
{
	struct sf_sim_machine *last = &world->machines[world->machine_count - 1];
	return last->hostile ? last : NULL;
}

void sf_sim_turn_hostile(struct sf_sim_world *world)
{
	struct sf_sim_machine *machine = &world->machines[world->machine_count - 1];
	sf_sim_power_off(machine);
	machine->hostile = true;
	world->tapped = true;
}

static struct sf_id random_id(struct attack *attack)
{
	struct sf_id id;
	for (size_t i = 0; i < SF_ID_SIZE; i++)
		id.bytes[i] = (uint8_t)sf_sim_next(&attack->world->chance);
	return id;
}

static struct sf_sim_machine *random_victim(struct attack *attack)
{
	struct sf_sim_world *world = attack->world;
	return &world->machines[1 + below(attack, world->machine_count - 2)];
}

static int64_t random_time(struct attack *attack)
{
	static const int64_t odd[] = {0, 1, INT64_MAX, INT64_MAX - 1, INT64_C(253402300799999)};
	size_t choice = below(attack, 3 * SF_COUNT(odd));
	return choice < SF_COUNT(odd) ? odd[choice] : attack->world->now_ms;
}

static uint64_t random_number(struct attack *attack)
{
	static const uint64_t odd[] = {0, 1, INT64_MAX, UINT64_C(1) << 63, UINT64_MAX};
	size_t choice = below(attack, 2 * SF_COUNT(odd));
	return choice < SF_COUNT(odd) ? odd[choice] : below(attack, 40);
}

/* On its own session: who sent it is what the transport says. */
static void post_frame(struct attack *attack, struct sf_view frame)
{
	struct sf_sim_machine *self = attack->self;
	if (!self->connected) {
		self->connected = true;
		self->route = ++attack->world->routes;
	}
	sf_sim_mail_fini(self);
	sf_sim_post(sf_sim_coordinator(attack->world), attack->world->now_ms + 1, self->route,
		self->party, frame);
}

static void post(struct attack *attack, const struct sf_frame *frame)
{
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_FRAME_SIZE_MAX);
	if (!sf_frame_encode(frame, &bytes))
		post_frame(attack, sf_buf_view(&bytes));
	sf_buf_fini(&bytes);
}

static void say_hello(struct attack *attack)
{
	const struct sf_frame frame = {.kind = SF_FRAME_HELLO,
		.hello = {.version = 1,
			.software = "hostile",
			.directory_version = random_number(attack),
			.author_sequence = random_number(attack),
			.now_ms = random_time(attack)}};
	post(attack, &frame);
}

/* An offer of the stay as its hospital sees it, open or not; none when there is none. */
static struct sf_id random_offer(struct attack *attack, const struct sf_sim_stay *stay)
{
	const struct sf_transition *transition =
		sf_sim_replica(&attack->world->machines[stay->hospital], stay->transition);
	size_t count = 0;
	const struct sf_ledger_offer *offers =
		transition ? sf_transition_offers(transition, &count) : NULL;
	return count > 0 ? offers[below(attack, count)].id : (struct sf_id){{0}};
}

static void choose_fact(struct attack *attack, struct sf_fact *fact)
{
	const struct sf_sim_machine *victim = random_victim(attack);
	static const uint32_t kinds[] = {SF_KIND_PARTIES, SF_KIND_STAY, SF_KIND_OFFER,
		SF_KIND_ACCEPT, SF_KIND_REFUSE, SF_KIND_WITHDRAW, SF_KIND_ACKNOWLEDGEMENT, 9999};
	fact->kind = kinds[below(attack, SF_COUNT(kinds))];
	if (fact->kind == SF_KIND_PARTIES) {
		fact->parties = (struct sf_parties){.version = 1 + (uint32_t)random_number(attack),
			.pathway = SF_PATHWAY_SOMATIC,
			.binding_count = 2,
			.active = SF_DOMAIN_ALL};
		fact->parties.bindings[0] = (struct sf_binding){
			SF_ROLE_HOSPITAL, SF_BINDING_PARTY, attack->self->party};
		fact->parties.bindings[1] =
			(struct sf_binding){SF_ROLE_MUNICIPALITY, SF_BINDING_PARTY, victim->party};
	} else if (fact->kind == SF_KIND_STAY) {
		fact->stay =
			(struct sf_stay_fact){.activity = (enum sf_activity)(1 + below(attack, 6)),
				.mode = (enum sf_mode)(1 + below(attack, 3)),
				.stay_class = SF_STAY_CLASS_INPATIENT,
				.event_ms = random_time(attack)};
	} else if (fact->kind == SF_KIND_OFFER) {
		fact->offer = (struct sf_offer){SF_DOMAIN_ALL, SF_ROLE_HOSPITAL};
	} else if (fact->kind == SF_KIND_ACCEPT) {
		fact->accept = (struct sf_accept){SF_DOMAIN_BIT(below(attack, 5)), true};
	} else if (fact->kind == SF_KIND_REFUSE) {
		fact->refuse = (struct sf_refuse){.refer_to_role = SF_ROLE_CARE_HOME};
	} else if (fact->kind == SF_KIND_ACKNOWLEDGEMENT) {
		fact->acknowledgement =
			(struct sf_acknowledgement){.ack = (enum sf_ack)(1 + below(attack, 3))};
	}
}

/* A fact about somebody's stay, with everything a liar can know about it. */
static struct sf_message lie(struct attack *attack)
{
	const struct sf_sim_story *story = attack->story;
	const struct sf_sim_stay *stay = &story->stays[below(attack, story->stay_count)];
	/* The id of a transition is a secret of its hospital until the first event is recorded. */
	bool known = sf_sim_replica(&attack->world->machines[stay->hospital], stay->transition);
	struct sf_message message = {.format = 1,
		.id = random_id(attack),
		.transition = known ? stay->transition : random_id(attack),
		.author = attack->self->party,
		.author_sequence = random_number(attack),
		.occurred_ms = random_time(attack),
		.created_ms = random_time(attack),
		.in_reply_to = random_offer(attack, stay),
		.seen_sequence = random_number(attack)};
	choose_fact(attack, &message.fact);
	if (story->promise_count > 0) {
		const struct sf_sim_promise *promise =
			&story->promises[below(attack, story->promise_count)];
		message.fact.acknowledgement.message_id =
			message.fact.kind == SF_KIND_ACKNOWLEDGEMENT
				? promise->message
				: message.fact.acknowledgement.message_id;
		if (below(attack, 4) == 0)
			message.id = promise->message;
		if (below(attack, 4) == 0)
			message.supersedes = promise->message;
	}
	if (below(attack, 3) == 0)
		message.author = random_victim(attack)->party; /* forged */
	if (below(attack, 2) == 0)
		message.recipients[message.recipient_count++] = random_victim(attack)->party;
	if (message.fact.kind == SF_KIND_ACKNOWLEDGEMENT)
		message.author_sequence = 0;
	return message;
}

/* Sealed to the victim: nothing that a Body is. */
static size_t fill_recipients(const struct attack *attack, const struct sf_message *message,
	struct sf_seal_recipient *recipient)
{
	for (size_t i = 1; message->recipient_count > 0 && i < attack->world->machine_count; i++) {
		const struct sf_sim_machine *machine = &attack->world->machines[i];
		if (!sf_id_equal(machine->party, message->recipients[0]))
			continue;
		recipient->key_id = machine->sealing.id;
		memcpy(recipient->public_key, machine->sealing_key, SF_PUBLIC_KEY_SIZE);
		return 1;
	}
	return 0;
}

static bool seal(struct attack *attack, struct sf_message *message, struct sf_id envelope_id,
	struct sf_buf *ret_envelope)
{
	static const char nonsense[64] = "not a body";
	struct sf_seal_recipient recipient = {.key_id = {{0}}};
	size_t recipients = below(attack, 2) ? fill_recipients(attack, message, &recipient) : 0;
	if (recipients > 0)
		memset(message->body_commitment.bytes, 7, SF_DIGEST_SIZE);
	struct sf_buf bytes, header;
	sf_buf_init(&bytes, SF_HEADER_SIZE_MAX);
	sf_buf_init(&header, SF_HEADER_SIZE_MAX);
	const struct sf_crypto *crypto = &attack->crypto;
	struct sf_seal_item item = {.recipient_count = recipients,
		.recipients = &recipient,
		.salted_body = sf_view_of(nonsense, recipients ? sizeof(nonsense) : 0)};
	sf_buf_init(&item.envelope, SF_ENVELOPE_SIZE_MAX);
	struct sf_seal_batch *batch = NULL;
	uint8_t seed[1][32] = {{(uint8_t)below(attack, 256), (uint8_t)below(attack, 256), 3}};
	enum sf_err err = sf_message_encode(message, &bytes);
	const struct sf_header plain = {.message_bytes = sf_buf_view(&bytes),
		.envelope_id = envelope_id,
		.sent_ms = below(attack, 8) ? attack->world->now_ms : random_time(attack),
		.expires_ms = random_time(attack)};
	if (!err)
		err = sf_header_encode(&plain, &header);
	item.header = sf_buf_view(&header);
	if (!err)
		err = crypto->seal_begin(crypto->self, attack->self->identity_key_id, &item, 1,
			(const uint8_t(*)[32])seed, recipients, &batch);
	if (!err) {
		crypto->seal_one(crypto->self, batch, &item);
		err = crypto->seal_finish(crypto->self, batch);
		crypto->seal_close(crypto->self, &batch);
	}
	sf_buf_fini(&bytes);
	sf_buf_fini(&header);
	*ret_envelope = item.envelope;
	return !err;
}

static void submit(struct attack *attack, struct sf_message *message, struct sf_id envelope_id)
{
	struct sf_buf envelope;
	if (seal(attack, message, envelope_id, &envelope)) {
		const struct sf_view view = sf_buf_view(&envelope);
		const struct sf_frame frame = {
			.kind = SF_FRAME_SUBMIT, .count = 1, .envelopes = &view};
		post(attack, &frame);
	}
	sf_buf_fini(&envelope);
}

static void tell_lie(struct attack *attack)
{
	struct sf_message message = lie(attack);
	submit(attack, &message, random_id(attack));
}

/* Two contents under one message id, two messages on one number or under one envelope id. */
static void equivocate(struct attack *attack)
{
	struct sf_message one = lie(attack), other = lie(attack);
	struct sf_id envelope_id = random_id(attack);
	other.author = one.author = attack->self->party;
	if (below(attack, 2))
		other.id = one.id;
	else
		other.author_sequence = one.author_sequence;
	submit(attack, &one, envelope_id);
	submit(attack, &other, below(attack, 2) ? envelope_id : random_id(attack));
}

/* What it has overheard, as it was, with bits turned, cut short, or with more behind. */
static void replay(struct attack *attack)
{
	const struct sf_sim_world *world = attack->world;
	if (world->tap_count == 0)
		return;
	const struct sf_buf *heard = &world->tap[below(attack, world->tap_count)];
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_FRAME_SIZE_MAX);
	SF_ASSERT(!sf_buf_append(&bytes, sf_buf_view(heard)));
	uint64_t how = below(attack, 4);
	for (uint64_t flips = how == 1 ? 1 + below(attack, 8) : 0; flips > 0; flips--)
		bytes.data[below(attack, bytes.size)] ^= (uint8_t)(1U << below(attack, 8));
	struct sf_view frame = sf_buf_view(&bytes);
	if (how == 2)
		frame.size = below(attack, frame.size);
	if (how == 3 && !sf_buf_append(&bytes, sf_buf_view(heard)))
		frame = sf_buf_view(&bytes);
	post_frame(attack, frame);
	sf_buf_fini(&bytes);
}

static void send_garbage(struct attack *attack)
{
	uint8_t bytes[512];
	size_t size = below(attack, sizeof(bytes));
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)sf_sim_next(&attack->world->chance);
	post_frame(attack, sf_view_of(bytes, size));
}

/* Frames that only the other side says, or with numbers that nobody has. */
static void send_nonsense(struct attack *attack)
{
	const uint64_t positions[] = {random_number(attack), random_number(attack)};
	const struct sf_notice notice = {random_id(attack), attack->self->party};
	const struct sf_id envelope_id = random_id(attack);
	const struct sf_frame frames[] = {
		{.kind = SF_FRAME_TAKEN, .count = 2, .positions = positions},
		{.kind = SF_FRAME_TAKEN, .notice_count = 1, .notices = &notice},
		{.kind = SF_FRAME_QUERY,
			.directory_from = random_number(attack),
			.want_agreements = true},
		{.kind = SF_FRAME_RETRY_LATER,
			.count = 1,
			.envelope_ids = &envelope_id,
			.retry_after_ms = random_time(attack)},
		{.kind = SF_FRAME_CREDIT, .credit = UINT32_MAX},
		{.kind = SF_FRAME_PING, .ping_number = UINT64_MAX},
		{.kind = SF_FRAME_DIRECTORY,
			.directory_from = random_number(attack),
			.directory_version = random_number(attack)},
		{.kind = SF_FRAME_ERROR, .error = SF_FRAME_ERROR_HELLO},
	};
	post(attack, &frames[below(attack, SF_COUNT(frames))]);
}

void sf_sim_hostile_step(const struct sf_sim_story *story)
{
	static void (*const attacks[])(struct attack *) = {say_hello, tell_lie, tell_lie, tell_lie,
		equivocate, replay, replay, send_garbage, send_nonsense};
	struct attack attack = {
		.story = story, .world = story->world, .self = find_hostile(story->world)};
	if (!attack.self || story->stay_count == 0)
		return;
	sf_crypto_port(attack.self->keyring, &attack.crypto);
	attacks[below(&attack, SF_COUNT(attacks))](&attack);
}

/* It takes part only where it was asked to, and holds only what it was offered there. */
const char *sf_sim_check_hostile(const struct sf_sim_story *story)
{
	struct sf_sim_world *world = story->world;
	const struct sf_sim_machine *hostile = find_hostile(world);
	for (size_t i = 0; hostile && i < story->stay_count; i++) {
		const struct sf_sim_stay *stay = &story->stays[i];
		const struct sf_transition *own =
			sf_sim_replica(&world->machines[stay->hospital], stay->transition);
		/* A frame that is lost lets the second thing said be recorded before the first. */
		if (!own || sf_id_is_none(sf_transition_hospital(own)))
			continue;
		if (!sf_id_equal(
			    sf_transition_hospital(own), world->machines[stay->hospital].party))
			return "a transition has lost its hospital";
		if (!stay->with_hostile && sf_transition_is_member(own, hostile->party))
			return "a hostile party has made itself a party of a stay";
	}
	return NULL;
}
