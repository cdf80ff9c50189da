/* Lies about events, parties and keys: dropped, delayed, reordered, invented, withheld. */
#include <stdlib.h>
#include <string.h>

#include "coordinator/tables.h"
#include "crypto/record.h"
#include "node/tables.h"
#include "sim/lies.h"
#include "wire/record.h"

static struct sf_item *own_items(struct sf_sim_liar *liar, struct sf_frame *frame)
{
	struct sf_item *items = sf_arena_take_many(&liar->arena, frame->count + 1, sizeof(*items));
	SF_ASSERT(items);
	if (frame->count > 0)
		memcpy(items, frame->items, frame->count * sizeof(*items));
	frame->items = items;
	return items;
}

/* No letter about a stay reaches the victim. */
static bool say_no_stay(struct sf_sim_liar *liar, struct sf_frame *frame)
{
	if (frame->kind != SF_FRAME_DELIVER)
		return true;
	struct sf_item *items = own_items(liar, frame);
	size_t left = 0;
	for (size_t i = 0; i < frame->count; i++)
		if (sf_sim_liar_header(&items[i]).message.fact.kind != SF_KIND_STAY)
			items[left++] = items[i];
	liar->told += left < frame->count;
	frame->count = left;
	return left > 0;
}

static struct sf_delivery_row delivery(
	struct lies *lies, struct sf_id message, const struct sf_sim_machine *recipient)
{
	const struct sf_request request = {
		.kind = SF_REQUEST_OUTBOX, .outbox = {.message = message}};
	const struct sf_reply reply =
		region_get(lies->region, lies->region->hospital, request, SF_REPLY_OUTBOX);
	for (size_t i = 0; i < reply.outbox.row_count; i++)
		if (sf_id_equal(reply.outbox.rows[i].recipient, recipient->party))
			return reply.outbox.rows[i];
	fail_msg("nothing was sent to %s", recipient->name);
	return (struct sf_delivery_row){.late = false};
}

static void test_dropped_letter_is_late_and_missing_at_the_export(void **state)
{
	struct lies *lies = *state;
	struct region *region = lies->region;
	assert_int_equal(region_send(region, "STIN_H").answer, SF_SEND_STORED);
	region_run(region, 10 * SF_SECOND_MS);
	lies->liar.victim = region->municipality;
	lies->liar.say = say_no_stay;
	struct sf_reply_sent sent = region_send(region, "SLHJ_H");
	region_run(region, 2 * SF_HOUR_MS);
	assert_true(lies->liar.told > 0);
	const struct sf_delivery_row row = delivery(lies, sent.message, region->municipality);
	assert_int_not_equal(row.ack, SF_ACK_OK);
	assert_true(row.late);
	const struct sf_view supplied = lies_export(lies, region->hospital, sent.transition);
	struct sf_view file = lies_export(lies, region->municipality, sent.transition);
	lies_expect_fault(lies, file, &supplied, 1, SF_FINDING_INCOMPLETE);
}

/* What is delivered to the victim comes hours late. */
static bool say_late(struct sf_sim_liar *liar, struct sf_frame *frame)
{
	return frame->kind != SF_FRAME_DELIVER || liar->world->now_ms >= (int64_t)liar->number;
}

static void test_delay_is_seen_as_late_and_nothing_else(void **state)
{
	struct lies *lies = *state;
	struct region *region = lies->region;
	lies->liar.victim = region->municipality;
	lies->liar.say = say_late;
	lies->liar.number = (uint64_t)(region->world.now_ms + 3 * SF_HOUR_MS);
	struct sf_reply_sent sent = region_discharge(region);
	region_run(region, 2 * SF_HOUR_MS);
	assert_true(delivery(lies, sent.message, region->municipality).late);
	region_run(region, 2 * SF_HOUR_MS);
	assert_int_equal(delivery(lies, sent.message, region->municipality).ack, SF_ACK_OK);
	lies_expect_all_quiet(lies);
	lies_expect_verified(lies, lies_export(lies, region->municipality, sent.transition));
}

/* In another order than they were recorded in, receipts as they are. */
static bool say_reversed(struct sf_sim_liar *liar, struct sf_frame *frame)
{
	if (frame->kind != SF_FRAME_DELIVER || frame->count < 2)
		return true;
	struct sf_item *items = own_items(liar, frame);
	for (size_t i = 0; i < frame->count / 2; i++) {
		const struct sf_item first = items[i];
		items[i] = items[frame->count - 1 - i];
		items[frame->count - 1 - i] = first;
	}
	return true;
}

static void test_delivery_in_another_order_is_put_right(void **state)
{
	struct lies *lies = *state;
	lies->liar.victim = lies->region->municipality;
	lies->liar.say = say_reversed;
	struct sf_reply_sent sent = region_discharge(lies->region);
	region_run(lies->region, 15 * SF_MINUTE_MS);
	assert_true(lies->liar.told > 0);
	lies_expect_all_quiet(lies);
	lies_expect_verified(lies, lies_export(lies, lies->region->municipality, sent.transition));
}

/* The first two events of a transition change places, under new receipts. */
static bool say_swapped(struct sf_sim_liar *liar, struct sf_frame *frame)
{
	if (frame->kind != SF_FRAME_DELIVER || frame->count < 2 || liar->number > 0)
		return true;
	struct sf_item *items = own_items(liar, frame);
	struct sf_receipt first, second;
	SF_ASSERT(!sf_receipt_decode(items[0].receipt.receipt, &first, NULL));
	SF_ASSERT(!sf_receipt_decode(items[1].receipt.receipt, &second, NULL));
	if (first.sequence != 1 || second.sequence != 2)
		return true;
	first.sequence = 2;
	second.sequence = 1;
	items[0].receipt = sf_sim_liar_receipt(liar, &first);
	items[1].receipt = sf_sim_liar_receipt(liar, &second);
	liar->number++;
	return true;
}

static void test_events_in_another_order_are_a_history_at_once(void **state)
{
	struct lies *lies = *state;
	lies->liar.victim = lies->region->municipality;
	lies->liar.say = say_swapped;
	assert_int_equal(region_send(lies->region, "STIN_H").answer, SF_SEND_STORED);
	region_run(lies->region, SF_SECOND_MS);
	assert_int_equal(lies->liar.number, 1);
	assert_true(lies_found(lies, lies->region->municipality, SF_CONTRADICTION_HISTORY) > 0);
}

/* An event that was accepted is shown as refused, in a receipt that is signed. */
static bool say_refused(struct sf_sim_liar *liar, struct sf_frame *frame)
{
	if (frame->kind != SF_FRAME_DELIVER || frame->count == 0)
		return true;
	struct sf_item *items = own_items(liar, frame);
	struct sf_item *last = &items[frame->count - 1];
	struct sf_receipt receipt;
	SF_ASSERT(!sf_receipt_decode(last->receipt.receipt, &receipt, NULL));
	if (sf_sim_liar_header(last).message.fact.kind != SF_KIND_STAY)
		return true;
	receipt.outcome = SF_OUTCOME_REFUSED;
	receipt.code = SF_REFUSAL_NOT_A_MEMBER;
	last->receipt = sf_sim_liar_receipt(liar, &receipt);
	liar->number++;
	return true;
}

static void test_invented_refusal_is_an_alarm_and_an_omission(void **state)
{
	struct lies *lies = *state;
	struct sf_sim_machine *victim = lies->region->municipality;
	lies->liar.victim = victim;
	lies->liar.say = say_refused;
	assert_int_equal(region_send(lies->region, "STIN_H").answer, SF_SEND_STORED);
	region_run(lies->region, 10 * SF_SECOND_MS);
	assert_true(lies->liar.number > 0);
	assert_true(lies_alarms(lies, victim) > 0);
	assert_true(lies_found(lies, victim, SF_CONTRADICTION_OMISSION) > 0);
}

/* Remembers the head of the transition as the victim has it, to go on from there. */
static bool say_and_count(struct sf_sim_liar *liar, struct sf_frame *frame)
{
	size_t count = frame->kind == SF_FRAME_DELIVER ? frame->count : 0;
	for (size_t i = 0; i < count; i++) {
		struct sf_receipt receipt;
		SF_ASSERT(!sf_receipt_decode(frame->items[i].receipt.receipt, &receipt, NULL));
		if (receipt.sequence <= liar->number)
			continue;
		struct sf_digest hash, head;
		liar->about = sf_sim_liar_header(&frame->items[i]).message.transition;
		sf_sim_liar_leaf(liar, &receipt, liar->about, &hash, &head);
		liar->number = receipt.sequence;
		sf_buf_clear(&liar->kept);
		SF_ASSERT(!sf_buf_append(&liar->kept, sf_digest_view(&head)));
	}
	return true;
}

/* One more event of the transition for the victim alone. */
static void invent(struct lies *lies, struct sf_message *message, enum sf_kind_class kind_class)
{
	struct sf_sim_liar *liar = &lies->liar;
	struct region *region = lies->region;
	message->format = 1;
	message->id = (struct sf_id){{0x77, 1}};
	message->transition = liar->about;
	message->occurred_ms = message->created_ms = region->world.now_ms;
	struct sf_view envelope = sf_sim_liar_seal(liar, message);
	struct sf_envelope parsed;
	struct sf_envelope_names names;
	assert_int_equal(sf_envelope_parse(envelope, &parsed, NULL), SF_OK);
	assert_int_equal(liar->crypto.verify(liar->crypto.self, &parsed,
				 region->coordinator->identity_key, &names),
		SF_OK);
	struct sf_receipt receipt = {.message_id = message->id,
		.digest = names.digest,
		.epoch = 1,
		.leaf_index = sf_memory_count(region->coordinator->memory, &sf_table_event),
		.recorded_ms = region->world.now_ms,
		.sequence = liar->number + 1,
		.outcome = SF_OUTCOME_APPLIED,
		.kind_class = kind_class};
	memcpy(receipt.previous_head.bytes, liar->kept.data, SF_DIGEST_SIZE);
	const struct sf_item item = {.position = 1000000,
		.envelope = envelope,
		.receipt = sf_sim_liar_receipt(liar, &receipt)};
	const struct sf_frame frame = {.kind = SF_FRAME_DELIVER, .count = 1, .items = &item};
	sf_sim_liar_post(liar, &frame);
}

static struct sf_id holder(struct lies *lies, enum sf_domain domain)
{
	const struct sf_transition *transition = NULL;
	struct sf_diag diag = {{0}};
	assert_int_equal(
		sf_node_replica(lies->region->hospital->node, lies->liar.about, &transition, &diag),
		SF_OK);
	assert_non_null(transition);
	return sf_transition_holder(transition, domain);
}

static void test_forged_acceptance_is_dropped_with_an_alarm(void **state)
{
	struct lies *lies = *state;
	struct region *region = lies->region;
	lies->liar.say = say_and_count;
	region_discharge(region);
	const struct sf_id held = holder(lies, SF_DOMAIN_CARE);
	struct sf_message message = {.author = region->municipality->party,
		.author_sequence = 1000,
		.fact = {.kind = SF_KIND_ACCEPT, .accept = {SF_DOMAIN_BIT(SF_DOMAIN_CARE), true}}};
	invent(lies, &message, SF_CLASS_FACT);
	region_run(region, SF_SECOND_MS);
	assert_int_equal(sf_node_counters(region->hospital->node).dropped, 1);
	assert_true(lies_alarms(lies, region->hospital) > 0);
	assert_true(sf_id_equal(holder(lies, SF_DOMAIN_CARE), held));
}

/* What time does not give, under the name and key that derived facts have. */
static void test_invented_holder_is_an_alarm_and_an_omission(void **state)
{
	struct lies *lies = *state;
	struct region *region = lies->region;
	lies->liar.say = say_and_count;
	assert_int_equal(region_send(region, "STIN_H").answer, SF_SEND_STORED);
	region_run(region, 10 * SF_SECOND_MS);
	const struct sf_id held = holder(lies, SF_DOMAIN_CARE);
	struct sf_message message = {.author = region->coordinator->party,
		.author_sequence = 1000,
		.fact = {.kind = SF_KIND_PASSED,
			.derived = {.subject = {{1}},
				.clause = 1,
				.due_ms = region->world.now_ms,
				.domains = SF_DOMAIN_BIT(SF_DOMAIN_CARE),
				.to = region->gp->party}}};
	invent(lies, &message, SF_CLASS_DERIVED);
	region_run(region, SF_SECOND_MS);
	assert_int_equal(sf_node_counters(region->hospital->node).dropped, 0);
	assert_true(lies_alarms(lies, region->hospital) > 0);
	assert_true(sf_id_equal(holder(lies, SF_DOMAIN_CARE), held));
	lies->liar.say = NULL;
	assert_int_equal(region_send(region, "SLHJ_H").answer, SF_SEND_STORED);
	region_run(region, SF_MINUTE_MS);
	/* Something else stands in its place in the log. */
	assert_true(lies_found(lies, region->hospital, SF_CONTRADICTION_OMISSION) +
			    lies_found(lies, region->hospital, SF_CONTRADICTION_HISTORY) >
		    0);
}

/* The next entry of a party, with another identity key; signed by who is asked to. */
static struct sf_view next_entry(struct lies *lies, const struct sf_sim_machine *party,
	struct sf_keyring *keyring, struct sf_id key_id, bool revoked)
{
	struct region *region = lies->region;
	const struct sf_directory_entry *last = sf_directory_party(
		sf_coordinator_directory(region->coordinator->coordinator), party->party);
	struct sf_directory_entry *next = sf_arena_take(&region->arena, sizeof(*next));
	assert_non_null(next);
	*next = *last;
	next->version++;
	next->previous = last->digest;
	if (revoked)
		next->keys[0].revoked_ms = region->world.now_ms;
	else
		memcpy(next->keys[0].public_key, region->coordinator->identity_key, 32);
	struct sf_buf bytes, record;
	sf_buf_init(&bytes, SF_DIRECTORY_ENTRY_SIZE_MAX);
	sf_buf_init(&record, 2 * SF_DIRECTORY_ENTRY_SIZE_MAX);
	assert_int_equal(sf_entry_encode(next, &bytes), SF_OK);
	struct sf_signed_record whole = {.record = sf_buf_view(&bytes), .signature_count = 1};
	whole.signatures[0].key_id = region->world.registrar_key_id;
	assert_int_equal(sf_record_sign(keyring, key_id, "entry", sf_buf_view(&bytes),
				 whole.signatures[0].signature),
		SF_OK);
	assert_int_equal(sf_signed_record_encode(&whole, &record), SF_OK);
	struct sf_view kept = sf_arena_copy(&region->arena, sf_buf_view(&record));
	sf_buf_fini(&bytes);
	sf_buf_fini(&record);
	return kept;
}

/* The victim is shown this as the newest entry; what it then has of the directory. */
static void show_entry(struct lies *lies, struct sf_view record)
{
	const struct sf_directory *directory = sf_node_directory(lies->region->hospital->node);
	const struct sf_digest *head = sf_directory_head(directory);
	uint64_t version = sf_directory_version(directory);
	const struct sf_frame frame = {.kind = SF_FRAME_DIRECTORY,
		.count = 1,
		.records = &record,
		.directory_from = version + 1,
		.directory_version = version + 1,
		.directory_head = *head};
	sf_sim_liar_post(&lies->liar, &frame);
	region_run(lies->region, SF_SECOND_MS);
	directory = sf_node_directory(lies->region->hospital->node);
	assert_int_equal(sf_directory_version(directory), version);
}

static void test_swapped_key_is_refused_with_an_alarm(void **state)
{
	struct lies *lies = *state;
	struct sf_sim_machine *coordinator = lies->region->coordinator;
	struct sf_view record = next_entry(lies, lies->region->municipality, coordinator->keyring,
		coordinator->identity_key_id, false);
	show_entry(lies, record);
	assert_true(lies_alarms(lies, lies->region->hospital) > 0);
}

static void test_older_entry_is_refused_with_an_alarm(void **state)
{
	struct lies *lies = *state;
	const struct sf_store *store = sf_memory_port(lies->region->hospital->memory);
	struct sf_node_row_entry row = {.version = 2};
	assert_int_equal(store->get(store->self, &sf_node_table_entry, 0, &row, NULL), SF_OK);
	struct sf_view record = sf_arena_copy(&lies->region->arena, row.record);
	show_entry(lies, record);
	assert_true(lies_alarms(lies, lies->region->hospital) > 0);
}

/* The registrars revoke the practice's key, and the coordinator records it. */
static void revoke(struct lies *lies)
{
	struct sf_view record = next_entry(lies, lies->region->gp, lies->region->world.registrar,
		lies->region->world.registrar_key_id, true);
	struct sf_request request = {.kind = SF_REQUEST_APPROVE, .approve = {.record = record}};
	assert_int_equal(region_ask(lies->region, lies->region->coordinator, request).err, SF_OK);
}

static bool say_no_directory(struct sf_sim_liar *liar, struct sf_frame *frame)
{
	(void)liar;
	return frame->kind != SF_FRAME_DIRECTORY;
}

static void test_revocation_withheld_is_named_directory_when_patience_ends(void **state)
{
	struct lies *lies = *state;
	lies->liar.say = say_no_directory;
	revoke(lies);
	region_run(lies->region, 15 * SF_MINUTE_MS);
	lies_expect(lies, lies->region->hospital, SF_CONTRADICTION_DIRECTORY, 1);
	lies_expect_quiet(lies, lies->region->municipality);
}

/* And no word of it: checkpoints say that the directory is as it was. */
static bool say_old_directory(struct sf_sim_liar *liar, struct sf_frame *frame)
{
	const struct sf_directory *directory = sf_node_directory(liar->victim->node);
	if (frame->kind == SF_FRAME_HELLO) {
		frame->hello.directory_version = sf_directory_version(directory);
		frame->hello.directory_head = *sf_directory_head(directory);
	}
	if (frame->kind == SF_FRAME_CHECKPOINT) {
		struct sf_checkpoint checkpoint = sf_sim_liar_read(frame->log.note);
		checkpoint.directory_version = sf_directory_version(directory);
		checkpoint.directory_head = *sf_directory_head(directory);
		frame->log.note = sf_sim_liar_sign(
			liar, &checkpoint, sf_sim_coordinator(liar->world)->log_key_id);
		frame->log.witnessed = sf_view_of(NULL, 0);
	}
	return frame->kind != SF_FRAME_DIRECTORY;
}

static void test_revocation_hidden_is_gossip_after_the_next_letter(void **state)
{
	struct lies *lies = *state;
	struct region *region = lies->region;
	lies->liar.victim = region->municipality;
	lies->liar.say = say_old_directory;
	lies->liar.hear = sf_sim_liar_hush;
	revoke(lies);
	region_run(region, 10 * SF_SECOND_MS);
	lies_expect_all_quiet(lies);
	region_discharge(region);
	region_run(region, 15 * SF_MINUTE_MS);
	assert_true(lies_found(lies, region->municipality, SF_CONTRADICTION_GOSSIP) > 0);
}

/* What the hospital hands in is recorded, and it hears nothing of it. */
static bool say_no_receipt(struct sf_sim_liar *liar, struct sf_frame *frame)
{
	(void)liar;
	return frame->kind != SF_FRAME_STORED && frame->kind != SF_FRAME_DELIVER;
}

static void test_receipt_withheld_is_late_and_sent_again(void **state)
{
	struct lies *lies = *state;
	struct region *region = lies->region;
	lies->liar.say = say_no_receipt;
	struct sf_reply_sent sent = region_send(region, "STIN_H");
	region_run(region, 2 * SF_HOUR_MS);
	assert_true(delivery(lies, sent.message, region->municipality).late);
	lies->liar.say = NULL;
	region_run(region, SF_HOUR_MS);
	assert_int_equal(delivery(lies, sent.message, region->municipality).ack, SF_ACK_OK);
	lies_expect_all_quiet(lies);
}

/* A witness's name under what it has not signed. */
static bool say_cosigned(struct sf_sim_liar *liar, struct sf_frame *frame)
{
	if (frame->kind != SF_FRAME_CHECKPOINT)
		return true;
	const struct sf_sim_machine *witness = sf_sim_machine(liar->world, SF_ROLE_MUNICIPALITY, 0);
	struct sf_note note;
	struct sf_note_key key;
	struct sf_buf buf;
	char name[SF_WITNESS_NAME_SIZE];
	sf_witness_name(witness->party, name);
	sf_buf_init(&buf, SF_NOTE_SIZE_MAX);
	SF_ASSERT(!sf_note_parse(frame->log.note, &note, NULL));
	SF_ASSERT(!sf_note_key_make(
		&liar->crypto, name, SF_NOTE_KEY_COSIGNATURE, witness->witness_key, &key));
	SF_ASSERT(!sf_buf_append(&buf, frame->log.note));
	SF_ASSERT(!sf_note_sign(&liar->crypto, sf_sim_coordinator(liar->world)->log_key_id, &key,
		note.text, (uint64_t)(liar->world->now_ms / 1000), &buf));
	frame->log.witnessed = sf_arena_copy(&liar->arena, sf_buf_view(&buf));
	sf_buf_fini(&buf);
	return true;
}

static void test_forged_cosignature_is_an_alarm_at_once(void **state)
{
	struct lies *lies = *state;
	lies->liar.say = say_cosigned;
	region_discharge(lies->region);
	assert_true(lies_alarms(lies, lies->region->hospital) > 0);
	lies_expect_quiet(lies, lies->region->municipality);
}

int lies_about_events(void)
{
	const struct CMUnitTest tests[] = {
		LIE(test_dropped_letter_is_late_and_missing_at_the_export),
		LIE(test_delay_is_seen_as_late_and_nothing_else),
		LIE(test_delivery_in_another_order_is_put_right),
		LIE(test_events_in_another_order_are_a_history_at_once),
		LIE(test_invented_refusal_is_an_alarm_and_an_omission),
		LIE(test_forged_acceptance_is_dropped_with_an_alarm),
		LIE(test_invented_holder_is_an_alarm_and_an_omission),
		LIE(test_swapped_key_is_refused_with_an_alarm),
		LIE(test_older_entry_is_refused_with_an_alarm),
		LIE(test_revocation_withheld_is_named_directory_when_patience_ends),
		LIE(test_revocation_hidden_is_gossip_after_the_next_letter),
		LIE(test_receipt_withheld_is_late_and_sent_again),
		LIE(test_forged_cosignature_is_an_alarm_at_once),
	};
	return cmocka_run_group_tests_name("sim/lies: of events", tests, NULL, NULL);
}
