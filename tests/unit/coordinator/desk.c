#include "unit/coordinator/desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "coordinator/state.h"
#include "crypto/record.h"
#include "wire/body.h"
#include "wire/record.h"

#define ARENA_SIZE_MAX ((size_t)256 * 1024 * 1024)

static enum sf_err receive(void *self, size_t count_max, sf_arrival_visitor *visitor, void *context)
{
	struct desk *desk = self;
	size_t count = 0;
	bool more = true;
	while (more && count < desk->arrival_count && count < count_max)
		more = visitor(context, &desk->arrivals[count++]);
	desk->arrival_count -= count;
	memmove(desk->arrivals, desk->arrivals + count,
		desk->arrival_count * sizeof(desk->arrivals[0]));
	return SF_OK;
}

static enum sf_err send_frame(void *self, uint64_t route, struct sf_view bytes)
{
	struct desk *desk = self;
	if (desk->deaf_err && route == desk->deaf_route)
		return desk->deaf_err;
	assert_true(desk->heard_count < DESK_FRAMES_MAX);
	struct desk_frame *heard = &desk->heard[desk->heard_count++];
	heard->route = route;
	struct sf_view kept = sf_arena_copy(&desk->arena, bytes);
	assert_int_equal(sf_frame_decode(kept, &desk->arena, &heard->frame, NULL), SF_OK);
	return SF_OK;
}

static void hold_link(struct desk *desk)
{
	desk->coordinator->turn.link = (struct sf_link){desk, receive, send_frame};
}

static int open_with(void **state, uint32_t credit_max)
{
	struct desk *desk = calloc(1, sizeof(*desk));
	if (!desk)
		return -1;
	sf_arena_init(&desk->arena, ARENA_SIZE_MAX);
	sf_sim_open(&desk->world, 11,
		&(struct sf_sim_plan){.hospitals = 1,
			.municipalities = 1,
			.practices = 1,
			.limits = {.credit_max = credit_max}});
	desk->coordinator = sf_sim_coordinator(&desk->world);
	desk->hospital = sf_sim_machine(&desk->world, SF_ROLE_HOSPITAL, 0);
	desk->municipality = sf_sim_machine(&desk->world, SF_ROLE_MUNICIPALITY, 0);
	desk->gp = sf_sim_machine(&desk->world, SF_ROLE_GP, 0);
	hold_link(desk);
	desk->transition = desk_id(desk);
	*state = desk;
	return 0;
}

int desk_open(void **state)
{
	return open_with(state, 0);
}

int desk_open_small(void **state)
{
	return open_with(state, 2);
}

int desk_close(void **state)
{
	struct desk *desk = *state;
	for (size_t i = 0; i < desk->arrival_count; i++)
		sf_buf_fini(&desk->arrivals[i].frame);
	sf_sim_close(&desk->world);
	sf_arena_fini(&desk->arena);
	free(desk);
	return 0;
}

void desk_restart(struct desk *desk)
{
	sf_sim_power_off(desk->coordinator);
	sf_sim_power_on(desk->coordinator);
	hold_link(desk);
	memset(desk->routes, 0, sizeof(desk->routes));
}

void desk_say_bytes(struct desk *desk, const struct sf_sim_machine *from, struct sf_view bytes)
{
	assert_true(desk->arrival_count < DESK_FRAMES_MAX);
	struct sf_arrival *arrival = &desk->arrivals[desk->arrival_count++];
	*arrival = (struct sf_arrival){
		.kind = SF_ARRIVAL_FRAME, .route = desk->routes[from->index], .party = from->party};
	sf_buf_init(&arrival->frame, SF_FRAME_SIZE_MAX);
	assert_int_equal(sf_buf_append(&arrival->frame, bytes), SF_OK);
}

void desk_say(struct desk *desk, const struct sf_sim_machine *from, const struct sf_frame *frame)
{
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_FRAME_SIZE_MAX);
	assert_int_equal(sf_frame_encode(frame, &bytes), SF_OK);
	desk_say_bytes(desk, from, sf_buf_view(&bytes));
	sf_buf_fini(&bytes);
}

enum sf_err desk_try_turn(struct desk *desk)
{
	struct sf_diag diag = {{0}};
	bool busy;
	desk->world.now_ms++;
	desk->heard_count = 0;
	return sf_turn_run(&desk->coordinator->turn, NULL, 0, &busy, &diag);
}

void desk_turn(struct desk *desk)
{
	assert_int_equal(desk_try_turn(desk), SF_OK);
}

void desk_hello(struct desk *desk, const struct sf_sim_machine *from)
{
	const struct sf_hello hello = {.version = 1, .software = "desk"};
	desk_hello_as(desk, from, &hello);
}

void desk_hello_as(
	struct desk *desk, const struct sf_sim_machine *from, const struct sf_hello *hello)
{
	desk->routes[from->index] = ++desk->last_route;
	const struct sf_frame frame = {.kind = SF_FRAME_HELLO, .hello = *hello};
	desk_say(desk, from, &frame);
	desk_turn(desk);
}

const struct sf_frame *desk_heard_on(
	const struct desk *desk, uint64_t route, enum sf_frame_kind kind, size_t index)
{
	for (size_t i = 0; i < desk->heard_count; i++)
		if (desk->heard[i].route == route && desk->heard[i].frame.kind == kind &&
			index-- == 0)
			return &desk->heard[i].frame;
	return NULL;
}

const struct sf_frame *desk_heard(const struct desk *desk, const struct sf_sim_machine *to,
	enum sf_frame_kind kind, size_t index)
{
	return desk_heard_on(desk, desk->routes[to->index], kind, index);
}

const struct sf_item *desk_item(
	const struct desk *desk, const struct sf_sim_machine *to, size_t index)
{
	const struct sf_frame *frame;
	for (size_t i = 0; (frame = desk_heard(desk, to, SF_FRAME_DELIVER, i)); i++) {
		if (index < frame->count)
			return &frame->items[index];
		index -= frame->count;
	}
	return NULL;
}

size_t desk_item_count(const struct desk *desk, const struct sf_sim_machine *to)
{
	size_t count = 0;
	while (desk_item(desk, to, count))
		count++;
	return count;
}

void desk_take(struct desk *desk, const struct sf_sim_machine *machine)
{
	uint64_t positions[SF_FRAME_ITEM_COUNT_MAX];
	size_t count = 0;
	for (const struct sf_item *item;
		count < SF_COUNT(positions) && (item = desk_item(desk, machine, count));)
		positions[count++] = item->position;
	const struct sf_frame frame = {
		.kind = SF_FRAME_TAKEN, .count = count, .positions = positions};
	desk_say(desk, machine, &frame);
	desk_turn(desk);
}

struct sf_reply desk_ask(struct desk *desk, const struct sf_request *request)
{
	struct sf_reply reply;
	desk->heard_count = 0;
	desk->world.now_ms++;
	assert_int_equal(sf_sim_call(desk->coordinator, request, &desk->arena, &reply), SF_OK);
	return reply;
}

struct sf_id desk_id(struct desk *desk)
{
	struct sf_id id = {{0x77}};
	sf_put_u32(id.bytes + 12, ++desk->minted);
	return id;
}

struct desk_letter desk_letter(struct desk *desk, struct sf_sim_machine *author, enum sf_kind kind)
{
	bool counted = kind != SF_KIND_ACKNOWLEDGEMENT;
	return (struct desk_letter){
		.signer = author,
		.signing_key_id = author->identity_key_id,
		.envelope_id = desk_id(desk),
		.sent_ms = desk->world.now_ms,
		.message = {.format = 1,
			.id = desk_id(desk),
			.transition = desk->transition,
			.author = author->party,
			.author_sequence = counted ? ++desk->sequence : 0,
			.occurred_ms = desk->world.now_ms,
			.created_ms = desk->world.now_ms,
			.fact = {.kind = kind}},
	};
}

static void bind(struct sf_parties *parties, const struct sf_sim_machine *machine)
{
	parties->bindings[parties->binding_count++] =
		(struct sf_binding){machine->role, SF_BINDING_PARTY, machine->party};
}

struct desk_letter desk_parties(struct desk *desk, bool with_gp)
{
	struct desk_letter letter = desk_letter(desk, desk->hospital, SF_KIND_PARTIES);
	struct sf_parties *parties = &letter.message.fact.parties;
	parties->version = 1;
	parties->pathway = SF_PATHWAY_SOMATIC;
	parties->active = SF_DOMAIN_BIT(SF_DOMAIN_MEDICAL) | SF_DOMAIN_BIT(SF_DOMAIN_CARE);
	bind(parties, desk->hospital);
	bind(parties, desk->municipality);
	if (with_gp)
		bind(parties, desk->gp);
	return letter;
}

struct desk_letter desk_admission(struct desk *desk)
{
	struct desk_letter letter = desk_letter(desk, desk->hospital, SF_KIND_STAY);
	letter.message.fact.stay = (struct sf_stay_fact){.activity = SF_ACTIVITY_ADMIT_INPATIENT,
		.mode = SF_MODE_NEW,
		.stay_class = SF_STAY_CLASS_INPATIENT,
		.event_ms = desk->world.now_ms};
	letter.message.recipient_count = 1;
	letter.message.recipients[0] = desk->municipality->party;
	letter.with_body = true;
	return letter;
}

struct sf_crypto desk_crypto(const struct sf_sim_machine *machine)
{
	struct sf_crypto crypto;
	sf_crypto_port(machine->keyring, &crypto);
	return crypto;
}

struct desk_letter desk_again(struct desk *desk, const struct desk_letter *letter)
{
	struct desk_letter again = *letter;
	again.envelope_id = desk_id(desk);
	again.sent_ms = desk->world.now_ms;
	return again;
}

/* Salt and body depend on the message alone, so that a resend has the same commitment. */
static struct sf_view write_body(struct desk *desk, const struct desk_letter *letter)
{
	struct sf_body body = {.author = letter->message.author,
		.recipient_count = letter->message.recipient_count,
		.transition = letter->message.transition,
		.message_id = letter->message.id,
		.content_type = "text/plain",
		.content = sf_view_text("a letter")};
	memcpy(body.recipients, letter->message.recipients, sizeof(body.recipients));
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_SALTED_BODY_SIZE_MAX);
	uint8_t *salt;
	assert_int_equal(sf_buf_extend(&bytes, 32, &salt), SF_OK);
	memset(salt, 0x5a, 32);
	assert_int_equal(sf_body_encode(&body, &bytes), SF_OK);
	struct sf_view kept = sf_arena_copy(&desk->arena, sf_buf_view(&bytes));
	sf_buf_fini(&bytes);
	return kept;
}

/* The message as it is signed: with the commitment of its body. */
static struct sf_view message_bytes(
	struct desk *desk, const struct desk_letter *letter, struct sf_view salted)
{
	struct sf_message message = letter->message;
	const struct sf_crypto crypto = desk_crypto(letter->signer);
	if (letter->with_body)
		crypto.body_commitment(crypto.self, salted.data,
			sf_view_of(salted.data + 32, salted.size - 32), &message.body_commitment);
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_HEADER_SIZE_MAX);
	assert_int_equal(sf_message_encode(&message, &bytes), SF_OK);
	struct sf_view kept = sf_arena_copy(&desk->arena, sf_buf_view(&bytes));
	sf_buf_fini(&bytes);
	return kept;
}

struct desk_letter desk_answer(struct desk *desk, struct sf_sim_machine *author,
	const struct desk_letter *letter, enum sf_ack ack)
{
	struct desk_letter answer = desk_letter(desk, author, SF_KIND_ACKNOWLEDGEMENT);
	struct sf_view salted = letter->with_body ? write_body(desk, letter) : sf_view_of(NULL, 0);
	answer.message.recipient_count = 1;
	answer.message.recipients[0] = letter->message.author;
	answer.message.in_reply_to = letter->message.id;
	struct sf_acknowledgement *fact = &answer.message.fact.acknowledgement;
	fact->message_id = letter->message.id;
	fact->ack = ack;
	fact->code = ack == SF_ACK_OK ? 0 : SF_ACK_CODE_TROUBLE;
	static const char label[] = "stafet/v1/content";
	const struct sf_view parts[] = {
		sf_view_of(label, sizeof(label)), message_bytes(desk, letter, salted)};
	const struct sf_crypto crypto = desk_crypto(author);
	crypto.hash(crypto.self, sf_view_of(NULL, 0), parts, SF_COUNT(parts), &fact->content_id);
	return answer;
}

static struct sf_view header_bytes(
	struct desk *desk, const struct desk_letter *letter, struct sf_view salted)
{
	if (letter->header.size > 0)
		return letter->header;
	const struct sf_header header = {.message_bytes = message_bytes(desk, letter, salted),
		.envelope_id = letter->envelope_id,
		.sent_ms = letter->sent_ms,
		.directory_version = 1};
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_HEADER_SIZE_MAX);
	assert_int_equal(sf_header_encode(&header, &bytes), SF_OK);
	struct sf_view kept = sf_arena_copy(&desk->arena, sf_buf_view(&bytes));
	sf_buf_fini(&bytes);
	return kept;
}

static const struct sf_sim_machine *machine_of(const struct desk *desk, struct sf_id party)
{
	for (size_t i = 0; i < desk->world.machine_count; i++)
		if (sf_id_equal(desk->world.machines[i].party, party))
			return &desk->world.machines[i];
	return desk->municipality;
}

struct sf_view desk_seal(struct desk *desk, const struct desk_letter *letter)
{
	const struct sf_crypto crypto = desk_crypto(letter->signer);
	struct sf_view salted = letter->with_body ? write_body(desk, letter) : sf_view_of(NULL, 0);
	struct sf_seal_recipient recipients[SF_RECIPIENT_COUNT_MAX];
	size_t count = letter->with_body ? letter->message.recipient_count : 0;
	for (size_t i = 0; i < count; i++) {
		const struct sf_sim_machine *to = machine_of(desk, letter->message.recipients[i]);
		recipients[i] = (struct sf_seal_recipient){
			.key_id = crypto.sealing_key_id(crypto.self, to->sealing_key)};
		memcpy(recipients[i].public_key, to->sealing_key, SF_PUBLIC_KEY_SIZE);
	}
	struct sf_seal_item item = {.header = header_bytes(desk, letter, salted),
		.salted_body = salted,
		.recipient_count = count,
		.recipients = recipients};
	uint8_t seeds[SF_RECIPIENT_COUNT_MAX][32] = {{0}};
	if (count > 0) {
		memset(item.content_key, (int)letter->envelope_id.bytes[15], 32);
		memset(item.nonce, (int)letter->envelope_id.bytes[15], SF_NONCE_SIZE);
	}
	for (size_t i = 0; i < SF_RECIPIENT_COUNT_MAX; i++)
		memset(seeds[i], (int)i + 1, 32);
	sf_buf_init(&item.envelope, SF_ENVELOPE_SIZE_MAX);
	struct sf_seal_batch *batch = NULL;
	assert_int_equal(crypto.seal_begin(crypto.self, letter->signing_key_id, &item, 1,
				 (const uint8_t(*)[32])seeds, SF_RECIPIENT_COUNT_MAX, &batch),
		SF_OK);
	crypto.seal_one(crypto.self, batch, &item);
	assert_int_equal(crypto.seal_finish(crypto.self, batch), SF_OK);
	crypto.seal_close(crypto.self, &batch);
	struct sf_view kept = sf_arena_copy(&desk->arena, sf_buf_view(&item.envelope));
	sf_buf_fini(&item.envelope);
	return kept;
}

struct sf_view desk_cover(struct desk *desk, struct sf_view bytes)
{
	static const char label[] = "stafet/v1/sealed";
	const struct sf_crypto crypto = desk_crypto(desk->coordinator);
	struct sf_envelope envelope;
	assert_int_equal(sf_envelope_parse(bytes, &envelope, NULL), SF_OK);
	const struct sf_view parts[] = {
		sf_view_of(label, sizeof(label)), envelope.slots_through_ciphertext};
	struct sf_digest sealed;
	crypto.hash(crypto.self, sf_view_of(NULL, 0), parts, SF_COUNT(parts), &sealed);
	struct sf_buf cover;
	sf_buf_init(&cover, SF_COVER_SIZE_MAX);
	assert_int_equal(sf_cover_write(&envelope, &sealed, &cover), SF_OK);
	struct sf_view kept = sf_arena_copy(&desk->arena, sf_buf_view(&cover));
	sf_buf_fini(&cover);
	return kept;
}

void desk_submit(struct desk *desk, const struct sf_sim_machine *from,
	const struct sf_view *envelopes, size_t count)
{
	const struct sf_frame frame = {
		.kind = SF_FRAME_SUBMIT, .count = count, .envelopes = envelopes};
	desk_say(desk, from, &frame);
	desk_turn(desk);
}

struct sf_receipt desk_record(struct desk *desk, const struct desk_letter *letter)
{
	struct sf_view envelope = desk_seal(desk, letter);
	desk_submit(desk, letter->signer, &envelope, 1);
	assert_int_equal(desk_receipt_count(desk, letter->signer), 1);
	return desk_receipt(desk, letter->signer, 0);
}

const struct sf_signed_receipt *desk_signed_receipt(
	const struct desk *desk, const struct sf_sim_machine *to, size_t index)
{
	const struct sf_frame *frame;
	for (size_t i = 0; (frame = desk_heard(desk, to, SF_FRAME_STORED, i)); i++) {
		if (index < frame->count)
			return &frame->receipts[index];
		index -= frame->count;
	}
	return NULL;
}

size_t desk_receipt_count(const struct desk *desk, const struct sf_sim_machine *to)
{
	size_t count = 0;
	while (desk_signed_receipt(desk, to, count))
		count++;
	return count;
}

struct sf_receipt desk_receipt(struct desk *desk, const struct sf_sim_machine *to, size_t index)
{
	const struct sf_signed_receipt *proof = desk_signed_receipt(desk, to, index);
	assert_non_null(proof);
	const struct sf_crypto crypto = desk_crypto(desk->hospital);
	assert_int_equal(proof->signature.size, SF_SIGNATURE_SIZE);
	assert_int_equal(
		crypto.check_receipt(crypto.self, desk->coordinator->identity_key, proof->receipt,
			proof->index, proof->count, proof->path, proof->signature.data),
		SF_OK);
	struct sf_receipt receipt;
	assert_int_equal(sf_receipt_decode(proof->receipt, &receipt, NULL), SF_OK);
	return receipt;
}

struct sf_directory_entry *desk_next_entry(struct desk *desk, const struct sf_sim_machine *machine)
{
	const struct sf_directory_entry *last = sf_directory_party(
		sf_coordinator_directory(desk->coordinator->coordinator), machine->party);
	struct sf_directory_entry *next = sf_arena_take(&desk->arena, sizeof(*next));
	assert_non_null(next);
	*next = *last;
	next->version++;
	next->previous = last->digest;
	return next;
}

struct sf_view desk_sign_entry(struct desk *desk, const struct sf_directory_entry *entry)
{
	struct sf_buf bytes, record;
	sf_buf_init(&bytes, SF_DIRECTORY_ENTRY_SIZE_MAX);
	sf_buf_init(&record, 2 * SF_DIRECTORY_ENTRY_SIZE_MAX);
	assert_int_equal(sf_entry_encode(entry, &bytes), SF_OK);
	struct sf_signed_record whole = {.record = sf_buf_view(&bytes), .signature_count = 1};
	whole.signatures[0].key_id = desk->world.registrar_key_id;
	assert_int_equal(sf_record_sign(desk->world.registrar, desk->world.registrar_key_id,
				 "entry", sf_buf_view(&bytes), whole.signatures[0].signature),
		SF_OK);
	assert_int_equal(sf_signed_record_encode(&whole, &record), SF_OK);
	struct sf_view kept = sf_arena_copy(&desk->arena, sf_buf_view(&record));
	assert_non_null(kept.data);
	sf_buf_fini(&record);
	sf_buf_fini(&bytes);
	return kept;
}

void desk_revoke(struct desk *desk, struct sf_sim_machine *machine)
{
	struct sf_directory_entry *next = desk_next_entry(desk, machine);
	next->keys[0].revoked_ms = desk->world.now_ms;
	const struct sf_request request = {
		.kind = SF_REQUEST_APPROVE, .approve = {.record = desk_sign_entry(desk, next)}};
	assert_int_equal(desk_ask(desk, &request).err, SF_OK);
}

int64_t desk_leaves(const struct desk *desk)
{
	return desk->coordinator->coordinator->leaf_count;
}

const struct sf_frame_log *desk_checkpoint(const struct desk *desk, const struct sf_sim_machine *to)
{
	const struct sf_frame *frame, *newest = NULL;
	for (size_t i = 0; (frame = desk_heard(desk, to, SF_FRAME_CHECKPOINT, i)); i++)
		newest = frame;
	return newest ? &newest->log : NULL;
}

struct sf_checkpoint desk_open_note(const struct desk *desk, struct sf_view note)
{
	const struct sf_crypto crypto = desk_crypto(desk->hospital);
	struct sf_note_key key;
	struct sf_checkpoint checkpoint;
	assert_int_equal(sf_note_key_make(&crypto, "coordinator.example/log/sim/1",
				 SF_NOTE_KEY_ED25519, desk->coordinator->log_key, &key),
		SF_OK);
	assert_int_equal(sf_checkpoint_open(&crypto, note, &key, &checkpoint, NULL), SF_OK);
	return checkpoint;
}

struct sf_view desk_sign_note(
	struct desk *desk, const struct sf_checkpoint *checkpoint, bool by_the_log)
{
	const struct sf_sim_machine *signer = desk->coordinator;
	const struct sf_crypto crypto = desk_crypto(signer);
	struct sf_note_key key;
	struct sf_buf note;
	sf_buf_init(&note, SF_NOTE_SIZE_MAX);
	assert_int_equal(sf_note_key_make(&crypto, checkpoint->origin, SF_NOTE_KEY_ED25519,
				 by_the_log ? signer->log_key : signer->identity_key, &key),
		SF_OK);
	assert_int_equal(sf_checkpoint_format(checkpoint, &note), SF_OK);
	struct sf_view text = sf_arena_copy(&desk->arena, sf_buf_view(&note));
	assert_int_equal(sf_buf_append_text(&note, "\n"), SF_OK);
	assert_int_equal(
		sf_note_sign(&crypto, by_the_log ? signer->log_key_id : signer->identity_key_id,
			&key, text, 0, &note),
		SF_OK);
	struct sf_view kept = sf_arena_copy(&desk->arena, sf_buf_view(&note));
	sf_buf_fini(&note);
	return kept;
}

void desk_sign(struct desk *desk)
{
	desk->world.now_ms += 1000;
	desk_turn(desk);
}
