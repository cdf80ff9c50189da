/*
 * One delivered item on its way in (WIRE.md section 1, receive order): what is not authentic is
 * dropped, what is authentic and cannot be read is answered with the stage where it stopped.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "crypto/record.h"
#include "unit/node/counter.h"
#include "unit/node/region.h"
#include "wire/record.h"

static void expect_dropped(struct counter *counter, const struct sf_item *item)
{
	struct sf_node_counters before = sf_node_counters(counter->node);
	counter_deliver_items(counter, item, 1);
	struct sf_node_counters after = sf_node_counters(counter->node);
	assert_int_equal(after.dropped, before.dropped + 1);
	assert_int_equal(after.alarms, before.alarms + 1);
	assert_int_equal(after.received, before.received);
	/* Taken all the same, or it would come for ever. */
	assert_int_equal(counter_taken(counter), 1);
	assert_null(counter_heard(counter, SF_FRAME_SUBMIT, 0));
	assert_int_equal(sf_memory_count(counter->side->memory, &sf_node_table_inbox), 0);
	assert_int_equal(sf_memory_count(counter->side->memory, &sf_node_table_event), 0);
}

static struct sf_view flipped(struct counter *counter, struct sf_view bytes, size_t from_end)
{
	uint8_t *copy = sf_arena_take(&counter->desk->arena, bytes.size);
	memcpy(copy, bytes.data, bytes.size);
	copy[bytes.size - 1 - from_end] ^= 1;
	return sf_view_of(copy, bytes.size);
}

static void test_letter_is_opened_kept_taken_and_answered_ok(void **state)
{
	struct counter *counter = *state;
	struct desk_letter letter = desk_admission(counter->desk);
	struct counter_item item = counter_item(counter, &letter, 1);
	counter_deliver(counter, &item);
	assert_int_equal(counter_taken(counter), 1);
	struct sf_node_row_inbox row;
	assert_true(counter_inbox(counter, letter.message.author, letter.message.id, &row));
	assert_int_equal(row.state, SF_NODE_INBOX_OK);
	assert_true(row.body.size > 0);
	assert_int_equal(row.unhandled, row.position);
	struct sf_acknowledgement answer = counter_answer(counter, NULL);
	assert_int_equal(answer.ack, SF_ACK_OK);
	assert_int_equal(answer.code, 0);
	assert_true(sf_id_equal(answer.message_id, letter.message.id));
	/* Bound to exactly what was read. */
	assert_false(sf_digest_is_none(&answer.body_commitment));
	assert_true(sf_digest_equal(&answer.content_id, &row.content_id));
}

static void test_cover_is_followed_and_not_answered(void **state)
{
	struct counter *counter = *state;
	struct desk_letter letter = desk_admission(counter->desk);
	struct counter_item item = counter_item(counter, &letter, 1);
	item.cover = true;
	counter_deliver(counter, &item);
	assert_int_equal(counter_taken(counter), 1);
	assert_int_equal(counter_answer(counter, NULL).ack, SF_ACK_NONE);
	assert_int_equal(sf_memory_count(counter->side->memory, &sf_node_table_event), 1);
	assert_int_equal(sf_memory_count(counter->side->memory, &sf_node_table_inbox), 0);
}

static void test_bad_signatures_are_dropped(void **state)
{
	struct counter *counter = *state;
	struct desk_letter letter = desk_admission(counter->desk);
	struct counter_item item = counter_item(counter, &letter, 1);
	struct sf_item good = counter_sign(counter, &item), bad = good;
	bad.envelope = flipped(counter, good.envelope, 0);
	expect_dropped(counter, &bad);
	bad = good;
	bad.receipt.signature = flipped(counter, good.receipt.signature, 0);
	expect_dropped(counter, &bad);
	bad = good;
	bad.receipt.receipt = flipped(counter, good.receipt.receipt, 0);
	expect_dropped(counter, &bad);
	bad = good;
	bad.envelope = sf_view_of(good.envelope.data, good.envelope.size - 1);
	expect_dropped(counter, &bad);
	item.cover = true;
	bad = counter_sign(counter, &item);
	bad.cover = flipped(counter, bad.cover, 0);
	expect_dropped(counter, &bad);
	counter_deliver_items(counter, &good, 1);
	assert_int_equal(counter_answer(counter, NULL).ack, SF_ACK_OK);
}

static void test_receipt_must_be_the_coordinators_and_of_this_envelope(void **state)
{
	struct counter *counter = *state;
	struct desk_letter letter = desk_admission(counter->desk);
	struct counter_item good = counter_item(counter, &letter, 1), bad = good;
	bad.signer = counter->desk->hospital;
	struct sf_item item = counter_sign(counter, &bad);
	expect_dropped(counter, &item);
	bad = good;
	bad.receipt.digest.bytes[0] ^= 1;
	item = counter_sign(counter, &bad);
	expect_dropped(counter, &item);
	bad = good;
	bad.receipt.message_id = desk_id(counter->desk);
	item = counter_sign(counter, &bad);
	expect_dropped(counter, &item);
}

/* Signed well, by a party that the message does not name as its author. */
static void test_forged_author_is_dropped_here_too(void **state)
{
	struct counter *counter = *state;
	struct desk_letter letter = desk_admission(counter->desk);
	letter.message.author = counter->desk->gp->party;
	struct counter_item item = counter_item(counter, &letter, 1);
	struct sf_item signed_item = counter_sign(counter, &item);
	expect_dropped(counter, &signed_item);
	/* Nor may the coordinator write a party's facts under its own name. */
	letter = desk_admission(counter->desk);
	letter.signer = counter->desk->coordinator;
	letter.signing_key_id = counter->desk->coordinator->identity_key_id;
	item = counter_item(counter, &letter, 1);
	signed_item = counter_sign(counter, &item);
	expect_dropped(counter, &signed_item);
}

static void test_key_is_judged_when_it_was_recorded(void **state)
{
	struct counter *counter = *state;
	struct desk_letter letter = desk_admission(counter->desk);
	struct counter_item before = counter_item(counter, &letter, 1);
	counter->desk->world.now_ms += SF_MINUTE_MS;
	desk_revoke(counter->desk, counter->desk->hospital);
	uint64_t newest = sf_directory_version(sf_node_directory(counter->node)) + 1;
	struct sf_frame frame = counter_directory(counter, newest, newest);
	counter_say(counter, &frame);
	counter_turn(counter);
	struct counter_item after = before;
	after.receipt.recorded_ms = counter->desk->world.now_ms;
	struct sf_item item = counter_sign(counter, &after);
	expect_dropped(counter, &item);
	counter_deliver(counter, &before);
	assert_int_equal(counter_answer(counter, NULL).ack, SF_ACK_OK);
}

static void test_key_outside_its_period_is_dropped(void **state)
{
	struct counter *counter = *state;
	struct desk_letter letter = desk_admission(counter->desk);
	letter.sent_ms = SF_SIM_START_MS - 31 * SF_DAY_MS;
	struct counter_item item = counter_item(counter, &letter, 1);
	struct sf_item signed_item = counter_sign(counter, &item);
	expect_dropped(counter, &signed_item);
}

static enum sf_open_stage next_stage;

static enum sf_err stop_at_stage(void *self, const struct sf_envelope *envelope,
	struct sf_id own_party, struct sf_id author, const struct sf_digest *body_commitment,
	struct sf_open_result *ret_result)
{
	(void)self, (void)envelope, (void)own_party, (void)author, (void)body_commitment;
	ret_result->stage = next_stage;
	return SF_OK;
}

/* WIRE section 1: fatal-error with the stage as code, kept in quarantine. */
static void test_every_stage_of_opening_has_its_code(void **state)
{
	struct counter *counter = *state;
	static const struct {
		enum sf_open_stage stage;
		enum sf_ack ack;
		enum sf_ack_code code;
	} stages[] = {
		{SF_OPEN_NO_KEY, SF_ACK_TRANSIENT_ERROR, SF_ACK_CODE_KEY_UNKNOWN},
		{SF_OPEN_LAYOUT, SF_ACK_FATAL_ERROR, SF_ACK_CODE_LAYOUT},
		{SF_OPEN_WRAP, SF_ACK_FATAL_ERROR, SF_ACK_CODE_WRAP},
		{SF_OPEN_COMMIT, SF_ACK_FATAL_ERROR, SF_ACK_CODE_COMMIT},
		{SF_OPEN_AEAD, SF_ACK_FATAL_ERROR, SF_ACK_CODE_AEAD},
		{SF_OPEN_PADDING, SF_ACK_FATAL_ERROR, SF_ACK_CODE_PADDING},
		{SF_OPEN_COMMITMENT, SF_ACK_FATAL_ERROR, SF_ACK_CODE_COMMITMENT},
	};
	counter->node->ports.crypto.open = stop_at_stage;
	size_t quarantined = 0;
	for (size_t i = 0; i < SF_COUNT(stages); i++) {
		next_stage = stages[i].stage;
		struct desk_letter letter = desk_admission(counter->desk);
		struct counter_item item = counter_item(counter, &letter, i + 1);
		counter_deliver(counter, &item);
		struct sf_acknowledgement answer = counter_answer(counter, NULL);
		assert_int_equal(answer.ack, stages[i].ack);
		assert_int_equal(answer.code, stages[i].code);
		/* Nothing was read, so nothing is bound. */
		assert_true(sf_digest_is_none(&answer.body_commitment));
		quarantined += stages[i].ack == SF_ACK_FATAL_ERROR;
		assert_int_equal(sf_memory_count(counter->side->memory, &sf_node_table_quarantine),
			quarantined);
		struct sf_node_row_inbox row;
		assert_true(counter_inbox(counter, letter.message.author, letter.message.id, &row));
		assert_int_equal(row.body.size, 0);
		assert_int_equal(row.unhandled, 0);
		assert_int_equal(counter_taken(counter), 1);
	}
}

static enum sf_err out_of_memory(void *self, const struct sf_envelope *envelope,
	struct sf_id own_party, struct sf_id author, const struct sf_digest *body_commitment,
	struct sf_open_result *ret_result)
{
	(void)self, (void)envelope, (void)own_party, (void)author, (void)body_commitment;
	(void)ret_result;
	return SF_ERR_MEMORY;
}

static void test_own_trouble_is_no_fault_of_the_letter(void **state)
{
	struct counter *counter = *state;
	counter->node->ports.crypto.open = out_of_memory;
	struct desk_letter letter = desk_admission(counter->desk);
	struct counter_item item = counter_item(counter, &letter, 1);
	counter_deliver(counter, &item);
	assert_int_equal(counter_answer(counter, NULL).ack, SF_ACK_TRANSIENT_ERROR);
	assert_int_equal(counter_answer(counter, NULL).code, SF_ACK_CODE_TROUBLE);
}

static struct sf_body next_body;

static enum sf_err open_next_body(void *self, const struct sf_envelope *envelope,
	struct sf_id own_party, struct sf_id author, const struct sf_digest *body_commitment,
	struct sf_open_result *ret_result)
{
	(void)self, (void)envelope, (void)own_party, (void)author, (void)body_commitment;
	uint8_t *salt;
	enum sf_err err = sf_buf_extend(&ret_result->salted_body, 32, &salt);
	if (!err)
		memset(salt, 1, 32);
	return err ? err : sf_body_encode(&next_body, &ret_result->salted_body);
}

static struct sf_body body_of(const struct desk_letter *letter)
{
	struct sf_body body = {.author = letter->message.author,
		.recipient_count = letter->message.recipient_count,
		.transition = letter->message.transition,
		.message_id = letter->message.id,
		.content_type = "text/plain",
		.content = sf_view_text("a letter")};
	memcpy(body.recipients, letter->message.recipients, sizeof(body.recipients));
	return body;
}

/* WIRE section 1: neither header nor body can be swapped. */
static void test_body_must_repeat_the_header(void **state)
{
	struct counter *counter = *state;
	counter->node->ports.crypto.open = open_next_body;
	for (size_t part = 0; part <= 5; part++) {
		struct desk_letter letter = desk_admission(counter->desk);
		next_body = body_of(&letter);
		next_body.author.bytes[0] ^= part == 1;
		next_body.transition.bytes[0] ^= part == 2;
		next_body.message_id.bytes[0] ^= part == 3;
		next_body.recipients[0].bytes[0] ^= part == 4;
		if (part == 5)
			next_body.recipients[next_body.recipient_count++] = desk_id(counter->desk);
		struct counter_item item = counter_item(counter, &letter, part + 1);
		counter_deliver(counter, &item);
		struct sf_acknowledgement answer = counter_answer(counter, NULL);
		assert_int_equal(answer.ack, part == 0 ? SF_ACK_OK : SF_ACK_FATAL_ERROR);
		assert_int_equal(answer.code, part == 0 ? 0 : SF_ACK_CODE_BODY_NAMES);
	}
	assert_int_equal(sf_memory_count(counter->side->memory, &sf_node_table_quarantine), 5);
}

static void test_content_is_read_only_when_it_is_clinical(void **state)
{
	struct counter *counter = *state;
	counter->node->ports.crypto.open = open_next_body;
	static const struct {
		const char *type;
		enum sf_ack ack;
		enum sf_ack_code code;
	} contents[] = {
		{"text/plain", SF_ACK_OK, SF_ACK_CODE_NONE},
		{"application/of-a-later-version", SF_ACK_OK, SF_ACK_CODE_NONE},
		{SF_CONTENT_FHIR_JSON, SF_ACK_FATAL_ERROR, SF_ACK_CODE_CONTENT},
		{SF_CONTENT_FHIR_XML, SF_ACK_FATAL_ERROR, SF_ACK_CODE_CONTENT},
	};
	for (size_t i = 0; i < SF_COUNT(contents); i++) {
		struct desk_letter letter = desk_admission(counter->desk);
		next_body = body_of(&letter);
		next_body.content_type = contents[i].type;
		struct counter_item item = counter_item(counter, &letter, i + 1);
		counter_deliver(counter, &item);
		assert_int_equal(counter_answer(counter, NULL).ack, contents[i].ack);
		assert_int_equal(counter_answer(counter, NULL).code, contents[i].code);
	}
}

/* The coordinator's next entry, with one more identity key that is announced for a later day. */
static void announce_key(struct region *region)
{
	struct sf_sim_world *world = &region->world;
	const struct sf_directory_entry *last =
		sf_directory_party(sf_coordinator_directory(region->coordinator->coordinator),
			region->coordinator->party);
	struct sf_directory_entry *entry = sf_arena_take(&region->arena, sizeof(*entry));
	assert_non_null(entry);
	*entry = *last;
	entry->version++;
	entry->previous = last->digest;
	struct sf_env env = region->coordinator->turn.env;
	struct sf_key key;
	assert_int_equal(sf_key_make(SF_KEY_COORDINATOR, &env, &key), SF_OK);
	struct sf_directory_key *place = &entry->keys[entry->key_count++];
	*place = (struct sf_directory_key){.use = SF_KEY_USE_IDENTITY,
		.not_before_ms = world->now_ms + 2 * SF_DAY_MS,
		.not_after_ms = world->now_ms + 365 * SF_DAY_MS};
	memcpy(place->public_key, key.public_key, SF_PUBLIC_KEY_SIZE);
	sf_key_fini(&key);
	struct sf_buf bytes, record;
	sf_buf_init(&bytes, SF_DIRECTORY_ENTRY_SIZE_MAX);
	sf_buf_init(&record, SF_DIRECTORY_ENTRY_SIZE_MAX);
	assert_int_equal(sf_entry_encode(entry, &bytes), SF_OK);
	struct sf_signed_record signed_record = {
		.record = sf_buf_view(&bytes), .signature_count = 1};
	signed_record.signatures[0].key_id = world->registrar_key_id;
	assert_int_equal(sf_record_sign(world->registrar, world->registrar_key_id, "entry",
				 sf_buf_view(&bytes), signed_record.signatures[0].signature),
		SF_OK);
	assert_int_equal(sf_signed_record_encode(&signed_record, &record), SF_OK);
	struct sf_request request = {
		.kind = SF_REQUEST_APPROVE, .approve = {.record = sf_buf_view(&record)}};
	region_get(region, region->coordinator, request, SF_REPLY_APPROVED);
	sf_buf_fini(&record);
	sf_buf_fini(&bytes);
}

static void test_receipts_hold_while_coordinator_changes_its_key(void **state)
{
	struct region *region = *state;
	announce_key(region);
	region_run(region, 5 * SF_SECOND_MS);
	region_send(region, "STIN_H");
	region_run(region, 5 * SF_SECOND_MS);
	struct sf_request inbox = {.kind = SF_REQUEST_INBOX};
	assert_int_equal(
		region_get(region, region->municipality, inbox, SF_REPLY_INBOX).inbox.row_count, 1);
	assert_int_equal(sf_node_counters(region->hospital->node).alarms, 0);
	assert_int_equal(sf_node_counters(region->hospital->node).acknowledged, 1);
}

/* A fact that the coordinator might derive, as a cover of the transition's third event. */
static struct desk_letter derived_letter(struct desk *desk)
{
	struct desk_letter letter = desk_letter(desk, desk->coordinator, SF_KIND_CLOSED);
	letter.message.fact.derived = (struct sf_derived){.due_ms = desk->world.now_ms};
	return letter;
}

static uint64_t followed(struct counter *counter)
{
	const struct sf_transition *replica = NULL;
	assert_int_equal(
		sf_node_replica(counter->node, counter->desk->transition, &replica, NULL), SF_OK);
	return replica ? sf_transition_sequence(replica) : 0;
}

static void deliver_start(struct counter *counter)
{
	const struct desk_letter letters[] = {
		desk_parties(counter->desk, false), desk_admission(counter->desk)};
	for (size_t i = 0; i < SF_COUNT(letters); i++) {
		struct counter_item item = counter_item(counter, &letters[i], i + 1);
		item.cover = true;
		counter_deliver(counter, &item);
	}
	assert_int_equal(followed(counter), 2);
}

/* WIRE section 1: derived facts only under the coordinator identity, and nothing else under it. */
static void test_derived_facts_are_the_coordinators_alone(void **state)
{
	struct counter *counter = *state;
	struct desk *desk = counter->desk;
	deliver_start(counter);
	struct desk_letter cases[] = {derived_letter(desk), derived_letter(desk),
		derived_letter(desk), derived_letter(desk),
		desk_letter(desk, desk->hospital, SF_KIND_CLOSED)};
	enum sf_kind_class classes[] = {
		SF_CLASS_FACT, SF_CLASS_DERIVED, SF_CLASS_DERIVED, SF_CLASS_DERIVED, SF_CLASS_FACT};
	/* A party's fact under it, one with recipients, one with a body, one by a party. */
	cases[1].message.fact = (struct sf_fact){.kind = SF_KIND_REOPEN};
	cases[2].message.recipient_count = 1;
	cases[2].message.recipients[0] = desk->municipality->party;
	cases[3].message.recipient_count = 1;
	cases[3].message.recipients[0] = desk->municipality->party;
	cases[3].with_body = true;
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		struct sf_digest head = counter->head;
		struct counter_item item = counter_item(counter, &cases[i], 3);
		item.receipt.kind_class = classes[i];
		item.cover = true;
		counter_deliver(counter, &item);
		assert_int_equal(followed(counter), 2);
		assert_int_equal(sf_node_counters(counter->node).dropped, i + 1);
		counter->head = head;
	}
}

/* Anybody can recompute it (R6): one that time does not give has no effect, and is told. */
static void test_derived_fact_that_is_not_so_is_an_alarm(void **state)
{
	struct counter *counter = *state;
	deliver_start(counter);
	struct desk_letter letter = derived_letter(counter->desk);
	struct counter_item item = counter_item(counter, &letter, 3);
	item.receipt.kind_class = SF_CLASS_DERIVED;
	item.cover = true;
	uint64_t alarms = sf_node_counters(counter->node).alarms;
	counter_deliver(counter, &item);
	assert_int_equal(followed(counter), 3);
	assert_int_equal(sf_node_counters(counter->node).alarms, alarms + 1);
	const struct sf_transition *replica = NULL;
	assert_int_equal(
		sf_node_replica(counter->node, counter->desk->transition, &replica, NULL), SF_OK);
	assert_int_not_equal(sf_transition_state(replica), SF_TRANSITION_CLOSED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, counter_open, counter_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_letter_is_opened_kept_taken_and_answered_ok),
		TEST(test_cover_is_followed_and_not_answered),
		TEST(test_bad_signatures_are_dropped),
		TEST(test_receipt_must_be_the_coordinators_and_of_this_envelope),
		TEST(test_forged_author_is_dropped_here_too),
		TEST(test_key_is_judged_when_it_was_recorded),
		TEST(test_key_outside_its_period_is_dropped),
		TEST(test_every_stage_of_opening_has_its_code),
		TEST(test_own_trouble_is_no_fault_of_the_letter),
		TEST(test_body_must_repeat_the_header),
		TEST(test_content_is_read_only_when_it_is_clinical),
		TEST(test_derived_facts_are_the_coordinators_alone),
		TEST(test_derived_fact_that_is_not_so_is_an_alarm),
		cmocka_unit_test_setup_teardown(
			test_receipts_hold_while_coordinator_changes_its_key, region_open,
			region_close),
	};
	return cmocka_run_group_tests_name("node/item", tests, NULL, NULL);
}
