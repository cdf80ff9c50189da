/* Chunks on their way, over power cuts, partitions and a coordinator that changes them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "coordinator/state.h"
#include "sim/lost_tail.h"
#include "unit/node/attaching.h"
#include "unit/node/terms.h"

static int64_t state_at(struct sf_sim_machine *machine, struct region *region, struct sf_id message)
{
	struct sf_node_row_attachment row;
	enum sf_err err = attaching_row(machine, region->hospital->party, message, &row);
	return err ? 0 : row.state;
}

static struct sf_node_row_delivery delivery_of(struct region *region, struct sf_id message)
{
	struct sf_node_row_delivery row = {
		.message_id = message, .recipient = region->municipality->party};
	const struct sf_store *store = sf_memory_port(region->hospital->memory);
	assert_int_equal(store->get(store->self, &sf_node_table_delivery, 0, &row, NULL), SF_OK);
	return row;
}

static void test_an_attachment_arrives_and_its_letter_is_answered(void **state)
{
	struct region *region = *state;
	struct sf_id message = attaching_letter(region).message;
	assert_int_not_equal(delivery_of(region, message).state, SF_DELIVERY_OK);
	assert_false(sf_sim_attached_holds(region->municipality, message, ATTACHING_MARK));
	region_run(region, 5 * SF_SECOND_MS);
	assert_int_equal(delivery_of(region, message).state, SF_DELIVERY_OK);
	assert_int_equal(state_at(region->hospital, region, message), SF_NODE_ATTACHMENT_SENT);
	assert_true(sf_sim_attached_holds(region->municipality, message, ATTACHING_MARK));
	assert_true(sf_sim_attached_holds(region->hospital, message, ATTACHING_MARK));
	/* Everybody has answered: the coordinator keeps nothing of it. */
	assert_int_equal(attaching_chunks(region->coordinator, &sf_table_chunk), 0);
	assert_int_equal(attaching_chunks(region->coordinator, &sf_table_attachment), 0);
}

static void test_it_goes_on_after_every_power_cut(void **state)
{
	struct region *region = *state;
	struct sf_id message = attaching_letter(region).message;
	struct sf_sim_machine *machines[] = {
		region->hospital, region->coordinator, region->municipality};
	for (size_t i = 0; i < 30; i++) {
		region_run(region, 7);
		sf_sim_power_off(machines[i % SF_COUNT(machines)]);
		sf_sim_power_on(machines[i % SF_COUNT(machines)]);
	}
	region_run(region, 3 * SF_MINUTE_MS);
	assert_true(sf_sim_attached_holds(region->municipality, message, ATTACHING_MARK));
	assert_int_equal(delivery_of(region, message).state, SF_DELIVERY_OK);
}

static void test_it_waits_for_a_recipient_that_is_away(void **state)
{
	struct region *region = *state;
	sf_sim_part(region->municipality, true);
	region_run(region, SF_MINUTE_MS);
	struct sf_id message = attaching_letter(region).message;
	region_run(region, SF_MINUTE_MS);
	assert_int_equal(state_at(region->hospital, region, message), SF_NODE_ATTACHMENT_SENT);
	assert_int_equal(attaching_chunks(region->coordinator, &sf_table_chunk), 3);
	sf_sim_part(region->municipality, false);
	region_run(region, 2 * SF_MINUTE_MS);
	assert_true(sf_sim_attached_holds(region->municipality, message, ATTACHING_MARK));
}

static enum sf_delivery_state coordinator_state(struct region *region, struct sf_id message)
{
	struct sf_row_delivery row = {.author = region->hospital->party,
		.message_id = message,
		.recipient = region->municipality->party};
	const struct sf_store *store = sf_memory_port(region->coordinator->memory);
	assert_int_equal(store->get(store->self, &sf_table_delivery, 0, &row, NULL), SF_OK);
	return (enum sf_delivery_state)row.state;
}

static int64_t sendings(struct region *region, struct sf_id message)
{
	struct sf_node_row_outbox row = {.message_id = message};
	const struct sf_store *store = sf_memory_port(region->hospital->memory);
	assert_int_equal(store->get(store->self, &sf_node_table_outbox, 0, &row, NULL), SF_OK);
	return row.sending;
}

static size_t count_quarantine(struct region *region)
{
	const struct sf_request request = {.kind = SF_REQUEST_QUARANTINE};
	return region_get(region, region->municipality, request, SF_REPLY_QUARANTINE)
		.quarantine.row_count;
}

static void power_cut(struct region *region)
{
	struct sf_sim_machine *machines[] = {
		region->hospital, region->coordinator, region->municipality};
	for (size_t i = 0; i < SF_COUNT(machines); i++) {
		sf_sim_power_off(machines[i]);
		sf_sim_power_on(machines[i]);
	}
	region_run(region, SF_MINUTE_MS / 2);
}

/* Over its quota: the letter goes, and what goes with it waits. */
static int64_t hold_chunks(struct region *region)
{
	struct sf_coordinator_options *options = &region->coordinator->coordinator->options;
	const int64_t most = options->attachments_party_max;
	options->attachments_party_max = 0;
	return most;
}

static void let_chunks(struct region *region, int64_t most)
{
	region->coordinator->coordinator->options.attachments_party_max = most;
}

/* Turns a bit of a chunk in the author's store, or turns it back. */
static void damage_own(struct region *region, int64_t object)
{
	const struct sf_store *store = sf_memory_port(region->hospital->memory);
	struct sf_node_row_chunk chunk = {.object = object, .number = 1};
	assert_int_equal(store->get(store->self, &sf_node_table_chunk, 0, &chunk, NULL), SF_OK);
	struct sf_view changed = sf_arena_copy(&region->arena, chunk.bytes);
	((uint8_t *)changed.data)[1000] ^= 1;
	chunk.bytes = changed;
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	assert_int_equal(store->replace(store->self, &sf_node_table_chunk, &chunk, NULL), SF_OK);
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
}

static struct sf_reply_message shown(struct region *region, struct sf_id message)
{
	const struct sf_request request = {.kind = SF_REQUEST_MESSAGE, .message = {message}};
	return region_get(region, region->municipality, request, SF_REPLY_MESSAGE).message;
}

/* Its text was shown before, and somebody may have read it: what goes with it is missing. */
static void assert_still_shown(struct region *region, struct sf_id message, enum sf_ack ack)
{
	struct sf_reply_message letter = shown(region, message);
	assert_true(letter.content.size > 0);
	assert_string_equal(letter.cpr, "2509479989");
	assert_int_equal(letter.row.ack, ack);
	assert_int_equal(letter.row.attachments, 1);
	assert_int_equal(letter.row.attachments_here, 0);
	assert_int_equal(letter.attachments[0].state, SF_ATTACHMENT_BROKEN);
	const struct sf_request inbox = {
		.kind = SF_REQUEST_INBOX, .inbox = {.only_unhandled = true}};
	struct sf_reply_inbox listed =
		region_get(region, region->municipality, inbox, SF_REPLY_INBOX).inbox;
	bool found = false;
	for (size_t i = 0; i < listed.row_count; i++)
		found |= sf_id_equal(listed.rows[i].message, message);
	/* Refused it is no work of the inbox any more: a person finds it in quarantine. */
	assert_int_equal(found, ack != SF_ACK_FATAL_ERROR);
	const struct sf_request part = {
		.kind = SF_REQUEST_ATTACHMENT, .attachment = {.message = message}};
	assert_int_equal(region_ask(region, region->municipality, part).err, SF_ERR_STATE);
}

/* What its author cannot send is missing, and is tried again as often as any; then by hand. */
static void test_an_author_whose_chunks_are_damaged_hears_and_sends_again(void **state)
{
	struct region *region = *state;
	struct sf_id message = attaching_letter(region).message;
	damage_own(region, 1);
	region_run(region, SF_MINUTE_MS / 2);
	power_cut(region);
	assert_int_equal(state_at(region->hospital, region, message), SF_NODE_ATTACHMENT_BROKEN);
	assert_int_equal(
		state_at(region->municipality, region, message), SF_NODE_ATTACHMENT_BROKEN);
	assert_int_equal(delivery_of(region, message).code, SF_ACK_CODE_ATTACHMENT);
	assert_int_equal(coordinator_state(region, message), SF_DELIVERY_TRANSIENT_ERROR);
	assert_still_shown(region, message, SF_ACK_TRANSIENT_ERROR);
	region_run(region, 10 * SF_MINUTE_MS);
	assert_int_equal(sendings(region, message), 4);
	assert_still_shown(region, message, SF_ACK_TRANSIENT_ERROR);
	assert_int_equal(delivery_of(region, message).state, SF_DELIVERY_ASK_PERSON);
	const struct sf_request board = {.kind = SF_REQUEST_BOARD, .board = {.party = ""}};
	struct sf_reply reply = region_get(region, region->hospital, board, SF_REPLY_BOARD);
	bool stands = false;
	for (size_t i = 0; i < reply.board.row_count; i++)
		stands |= reply.board.rows[i].what == SF_BOARD_UNDELIVERABLE &&
			  sf_id_equal(reply.board.rows[i].subject, message);
	assert_true(stands);
	power_cut(region);
	damage_own(region, 1);
	const struct sf_request resend = {.kind = SF_REQUEST_RESEND, .resend = {message}};
	region_get(region, region->hospital, resend, SF_REPLY_DONE);
	region_run(region, SF_MINUTE_MS);
	assert_true(sf_sim_attached_holds(region->municipality, message, ATTACHING_MARK));
	assert_int_equal(delivery_of(region, message).state, SF_DELIVERY_OK);
	assert_int_equal(count_quarantine(region), 0);
	region->world.quiet = false; /* an alarm is right here */
}

/* What was whole is what its author signed, and somebody may have read it: it is not asked for
 * anew. */
static void test_what_is_whole_stays_when_another_of_its_letter_cannot_come(void **state)
{
	struct region *region = *state;
	const struct sf_id uploads[] = {attaching_upload(region), attaching_upload(region)};
	struct sf_id message =
		attaching_send(region, sf_view_of(uploads, sizeof(uploads))).sent.message;
	damage_own(region, 2);
	region_run(region, 12 * SF_MINUTE_MS);
	assert_int_equal(delivery_of(region, message).state, SF_DELIVERY_ASK_PERSON);
	assert_true(sf_sim_attached_holds(region->municipality, message, ATTACHING_MARK));
	struct sf_reply_message letter = shown(region, message);
	assert_int_equal(letter.attachment_count, 2);
	assert_int_equal(letter.attachments[1].state, SF_ATTACHMENT_BROKEN);
	struct sf_node_row_attachment before, after;
	attaching_row(region->municipality, region->hospital->party, message, &before);
	damage_own(region, 2);
	const struct sf_request resend = {.kind = SF_REQUEST_RESEND, .resend = {message}};
	region_get(region, region->hospital, resend, SF_REPLY_DONE);
	region_run(region, SF_MINUTE_MS);
	assert_int_equal(delivery_of(region, message).state, SF_DELIVERY_OK);
	assert_int_equal(shown(region, message).row.attachments_here, 2);
	attaching_row(region->municipality, region->hospital->party, message, &after);
	assert_int_equal(after.object, before.object);
	region->world.quiet = false; /* an alarm is right here */
}

/* Its author was restored, or erased it: nobody has the chunks, so nobody can send them again. */
static void test_an_author_without_the_chunks_ends_the_waiting(void **state)
{
	struct region *region = *state;
	struct sf_memory *older = sf_sim_back_up(region->hospital);
	const int64_t most = hold_chunks(region);
	struct sf_id message = attaching_letter(region).message;
	region_run(region, 5 * SF_SECOND_MS);
	assert_int_equal(
		state_at(region->municipality, region, message), SF_NODE_ATTACHMENT_COMING);
	sf_sim_restore(region->hospital, older);
	let_chunks(region, most);
	region_run(region, 2 * SF_MINUTE_MS);
	assert_int_equal(
		state_at(region->municipality, region, message), SF_NODE_ATTACHMENT_BROKEN);
	assert_int_equal(coordinator_state(region, message), SF_DELIVERY_FATAL_ERROR);
	assert_int_equal(count_quarantine(region), 1);
	assert_int_equal(attaching_chunks(region->coordinator, &sf_table_attachment), 0);
	assert_still_shown(region, message, SF_ACK_FATAL_ERROR);
	region->world.quiet = false; /* a node that was restored alarms */
}

/* Nobody has the chunks any more, and nobody could be answered: the waiting ends all the same. */
static void test_what_the_coordinator_erased_is_not_asked_for_for_ever(void **state)
{
	struct region *region = *state;
	hold_chunks(region);
	struct sf_reply_sent sent = attaching_letter(region);
	region_run(region, 5 * SF_SECOND_MS);
	assert_int_equal(
		state_at(region->municipality, region, sent.message), SF_NODE_ATTACHMENT_COMING);
	const struct sf_request erase = {.kind = SF_REQUEST_ERASE,
		.erase = {.transition = sent.transition, .ground = SF_GROUND_ORDER}};
	assert_true(region_get(region, region->coordinator, erase, SF_REPLY_ERASED).erased.done);
	region_run(region, 3 * SF_MINUTE_MS);
	struct sf_node_row_attachment row;
	assert_int_equal(
		attaching_row(region->municipality, region->hospital->party, sent.message, &row),
		SF_OK);
	assert_int_equal(row.state, SF_NODE_ATTACHMENT_BROKEN);
	assert_int_equal(row.open, 0);
	/* A person sees it, once; what was shown stays, until this party erases its own copy. */
	assert_still_shown(region, sent.message, SF_ACK_NONE);
	assert_int_equal(count_quarantine(region), 1);
	power_cut(region);
	region_run(region, 3 * SF_MINUTE_MS);
	assert_int_equal(count_quarantine(region), 1);
	region->world.quiet = false; /* an alarm is right here */
}

/* Answered ok by an earlier life: that stands, and the chunks are gone. */
static void test_a_restored_recipient_stops_asking_and_says_so(void **state)
{
	struct region *region = *state;
	const int64_t most = hold_chunks(region);
	struct sf_id message = attaching_letter(region).message;
	region_run(region, 5 * SF_SECOND_MS);
	struct sf_memory *older = sf_sim_back_up(region->municipality);
	let_chunks(region, most);
	region_run(region, 2 * SF_MINUTE_MS);
	assert_int_equal(delivery_of(region, message).state, SF_DELIVERY_OK);
	sf_sim_restore(region->municipality, older);
	region_run(region, 2 * SF_MINUTE_MS);
	assert_int_equal(
		state_at(region->municipality, region, message), SF_NODE_ATTACHMENT_BROKEN);
	assert_int_equal(count_quarantine(region), 1);
	assert_int_equal(coordinator_state(region, message), SF_DELIVERY_OK);
	assert_int_equal(delivery_of(region, message).state, SF_DELIVERY_OK);
	power_cut(region);
	assert_int_equal(count_quarantine(region), 1);
	region->world.quiet = false; /* an alarm is right here */
}

/* Chunks of the hospital go by hand: none, until one may. */
static void pass_one_chunk_in_twenty_minutes(struct region *region)
{
	struct sf_coordinator *coordinator = region->coordinator->coordinator;
	coordinator->options.quota_bytes = (struct sf_quota_limit){1, 1};
	region_run(region, 18 * SF_MINUTE_MS);
	coordinator->options.quota_bytes = (struct sf_quota_limit){SF_CHUNK_SEALED_MAX, 1};
	sf_parties_find(&coordinator->parties, region->hospital->party)->bytes =
		(struct sf_quota){0};
	region_run(region, 2 * SF_MINUTE_MS);
}

static void assert_arrived(struct region *region, struct sf_id message)
{
	assert_true(sf_sim_attached_holds(region->municipality, message, ATTACHING_MARK));
	assert_int_equal(delivery_of(region, message).state, SF_DELIVERY_OK);
}

/* The half hour is counted from the last chunk. */
static void test_a_slow_author_is_not_sent_again(void **state)
{
	struct region *region = *state;
	const struct sf_quota_limit usual = region->coordinator->coordinator->options.quota_bytes;
	const int64_t most = hold_chunks(region);
	struct sf_id message = attaching_letter(region).message;
	region_run(region, SF_MINUTE_MS);
	let_chunks(region, most);
	for (int64_t sent = 1; sent <= 3; sent++) {
		pass_one_chunk_in_twenty_minutes(region);
		struct sf_node_row_attachment row;
		attaching_row(region->hospital, region->hospital->party, message, &row);
		assert_int_equal(row.sent, sent);
		assert_int_equal(sendings(region, message), 1);
	}
	region->coordinator->coordinator->options.quota_bytes = usual;
	region_run(region, 2 * SF_MINUTE_MS);
	assert_arrived(region, message);
}

/* Nor is a letter whose chunks wait behind those of another. */
static void test_what_waits_its_turn_is_not_sent_again(void **state)
{
	struct region *region = *state;
	const struct sf_quota_limit usual = region->coordinator->coordinator->options.quota_bytes;
	const int64_t most = hold_chunks(region);
	struct sf_id first = attaching_letter(region).message;
	region_run(region, SF_MINUTE_MS);
	struct sf_id upload = attaching_upload(region);
	struct sf_id second = attaching_sample(region, "SLHJ_H", sf_id_view(&upload)).sent.message;
	region_run(region, SF_MINUTE_MS);
	let_chunks(region, most);
	for (size_t i = 0; i < 3; i++) { /* then the first is whole */
		pass_one_chunk_in_twenty_minutes(region);
		assert_int_equal(sendings(region, first), 1);
		assert_int_equal(sendings(region, second), 1);
	}
	region->coordinator->coordinator->options.quota_bytes = usual;
	region_run(region, 3 * SF_MINUTE_MS);
	assert_arrived(region, first);
	assert_arrived(region, second);
}

#define WINDOW_BYTES ((int64_t)(SF_CHUNK_WINDOW * SF_CHUNK_SEALED_MAX))

/*
 * One attachment comes in at a time, here each in twenty minutes: the last has waited for an hour
 * behind others, and its letter was taken long ago.
 */
static void test_what_waits_at_its_recipient_is_not_sent_again(void **state)
{
	struct region *region = *state;
	static const char *const samples[] = {"STIN_H", "SLHJ_H", "STOR_F", "STAA_E"};
	struct sf_id messages[SF_COUNT(samples)];
	sf_sim_part(region->municipality, true);
	for (size_t i = 0; i < SF_COUNT(samples); i++) {
		struct sf_id upload = attaching_upload(region);
		struct sf_reply sent = attaching_sample(region, samples[i], sf_id_view(&upload));
		assert_int_equal(sent.sent.answer, SF_SEND_STORED);
		messages[i] = sent.sent.message;
		region_run(region, SF_MINUTE_MS);
		assert_int_equal(
			state_at(region->hospital, region, messages[i]), SF_NODE_ATTACHMENT_SENT);
	}
	struct sf_coordinator_options *options = &region->coordinator->coordinator->options;
	options->quota_bytes = (struct sf_quota_limit){WINDOW_BYTES, WINDOW_BYTES / (20 * 60)};
	sf_sim_part(region->municipality, false);
	region_run(region, 10 * SF_MINUTE_MS);
	for (size_t here = 1; here <= SF_COUNT(samples); here++) {
		for (size_t i = 0; i < SF_COUNT(samples); i++) {
			assert_int_equal(sendings(region, messages[i]), 1);
			assert_int_equal(delivery_of(region, messages[i]).state,
				i < here ? SF_DELIVERY_OK : SF_DELIVERY_TAKEN);
		}
		region_run(region, 20 * SF_MINUTE_MS + 30 * SF_SECOND_MS);
	}
}

static void say_chunks(struct region *region, struct sf_id message, uint32_t have)
{
	struct sf_node *node = region->hospital->node;
	const struct sf_store *store = &node->ports.store;
	const struct sf_frame_chunk said = {
		.author = region->hospital->party, .message_id = message, .index = have};
	const struct sf_request status = {.kind = SF_REQUEST_STATUS};
	region_get(region, region->hospital, status, SF_REPLY_STATUS);
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	assert_int_equal(sf_node_hear_chunks(node, &said, NULL), SF_OK);
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
}

/* The coordinator says so each time it gives some: then a new envelope would help nobody. */
static void test_a_slow_recipient_is_not_sent_to_again(void **state)
{
	struct region *region = *state;
	hold_chunks(region);
	struct sf_id message = attaching_letter(region).message;
	region_run(region, SF_MINUTE_MS);
	for (size_t i = 0; i < 5; i++) {
		say_chunks(region, message, 3);
		assert_int_equal(
			state_at(region->hospital, region, message), SF_NODE_ATTACHMENT_SENT);
		region_run(region, 20 * SF_MINUTE_MS);
		assert_int_equal(sendings(region, message), 1);
		assert_int_equal(delivery_of(region, message).state, SF_DELIVERY_TAKEN);
	}
	region_run(region, 11 * SF_MINUTE_MS);
	assert_int_equal(sendings(region, message), 2);
}

/* Turns a bit of a chunk in the coordinator's store. */
static void damage(struct region *region)
{
	const struct sf_store *store = sf_memory_port(region->coordinator->memory);
	struct sf_row_chunk chunk = {.object = 1, .number = 1};
	assert_int_equal(store->get(store->self, &sf_table_chunk, 0, &chunk, NULL), SF_OK);
	struct sf_view changed = sf_arena_copy(&region->arena, chunk.bytes);
	((uint8_t *)changed.data)[1000] ^= 1;
	chunk.bytes = changed;
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	assert_int_equal(store->replace(store->self, &sf_table_chunk, &chunk, NULL), SF_OK);
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
}

static void test_a_changed_chunk_is_a_fatal_error_with_a_name(void **state)
{
	struct region *region = *state;
	sf_sim_part(region->municipality, true);
	region_run(region, SF_MINUTE_MS);
	struct sf_id message = attaching_letter(region).message;
	region_run(region, SF_MINUTE_MS);
	damage(region);
	sf_sim_part(region->municipality, false);
	region_run(region, 2 * SF_MINUTE_MS);
	assert_int_equal(
		state_at(region->municipality, region, message), SF_NODE_ATTACHMENT_BROKEN);
	assert_int_equal(delivery_of(region, message).state, SF_DELIVERY_FATAL_ERROR);
	assert_int_equal(delivery_of(region, message).code, SF_ACK_CODE_ATTACHMENT);
	assert_still_shown(region, message, SF_ACK_FATAL_ERROR);
	assert_int_equal(attaching_chunks(region->municipality, &sf_node_table_chunk), 0);
	assert_false(sf_sim_attached_holds(region->municipality, message, ATTACHING_MARK));
	const struct sf_request request = {.kind = SF_REQUEST_QUARANTINE};
	struct sf_reply reply =
		region_get(region, region->municipality, request, SF_REPLY_QUARANTINE);
	assert_int_equal(reply.quarantine.row_count, 1);
	assert_int_equal(reply.quarantine.rows[0].code, SF_ACK_CODE_ATTACHMENT);
	region->world.quiet = false; /* an alarm is right here */
}

/* Every chunk is what the author sealed, and all of them are not what its header names. */
static void test_another_digest_leaves_no_chunk_behind(void **state)
{
	struct region *region = *state;
	struct sf_id message = attaching_letter(region).message;
	region->world.faults.delay_ms_max = 10; /* the letter is here before what goes with it */
	while (attaching_chunks(region->municipality, &sf_node_table_attachment) == 0)
		region_run(region, 1);
	struct sf_node_row_attachment row;
	assert_int_equal(
		attaching_row(region->municipality, region->hospital->party, message, &row), SF_OK);
	assert_int_equal(row.have, 0);
	row.digest.bytes[0] ^= 1;
	const struct sf_store *store = sf_memory_port(region->municipality->memory);
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	assert_int_equal(store->replace(store->self, &sf_node_table_attachment, &row, NULL), SF_OK);
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
	region_run(region, 2 * SF_MINUTE_MS);
	assert_int_equal(
		state_at(region->municipality, region, message), SF_NODE_ATTACHMENT_BROKEN);
	assert_int_equal(delivery_of(region, message).code, SF_ACK_CODE_ATTACHMENT);
	assert_int_equal(attaching_chunks(region->municipality, &sf_node_table_chunk), 0);
	region->world.quiet = false; /* an alarm is right here */
}

/* Content that was deleted takes with it what was still on its way to it. */
static void test_no_case_keeps_nothing_that_comes_later(void **state)
{
	struct region *region = *state;
	const int64_t most = region->coordinator->coordinator->options.attachments_party_max;
	region->coordinator->coordinator->options.attachments_party_max = 0;
	struct sf_reply_sent sent = attaching_letter(region);
	region_run(region, 5 * SF_SECOND_MS);
	const struct sf_fact fact = {
		.kind = SF_KIND_PLAN_ANSWER, .plan_answer = {.code = SF_PLAN_ANSWER_NO_CASE}};
	terms_said(region, region->municipality, sent.transition, &fact);
	assert_int_equal(
		state_at(region->municipality, region, sent.message), SF_NODE_ATTACHMENT_COMING);
	region->coordinator->coordinator->options.attachments_party_max = most;
	region_run(region, 3 * SF_MINUTE_MS);
	assert_int_equal(delivery_of(region, sent.message).state, SF_DELIVERY_OK);
	assert_int_equal(attaching_chunks(region->municipality, &sf_node_table_chunk), 0);
	assert_int_equal(attaching_chunks(region->municipality, &sf_node_table_attachment), 0);
}

static void lose_the_tail(struct region *region, struct sf_memory *older)
{
	sf_sim_part(region->hospital, true);
	sf_sim_restore(region->coordinator, older);
	for (size_t i = 0; i < 30 && !sf_sim_is_behind(region->coordinator); i++)
		region_run(region, 10 * SF_SECOND_MS);
	assert_null(sf_sim_declare_epoch(&region->world));
	region_run(region, 5 * SF_MINUTE_MS); /* it waits for who was connected before */
	sf_sim_part(region->hospital, false);
	region_run(region, 5 * SF_MINUTE_MS);
}

/* Its attachments were on their way when the coordinator lost what it had recorded (WIRE 7.1). */
static void test_a_letter_that_is_recorded_again_elsewhere_is_answered(void **state)
{
	struct region *region = *state;
	struct sf_id transition = region_send(region, "STIN_H").transition;
	region_run(region, SF_MINUTE_MS);
	struct sf_memory *older = sf_sim_back_up(region->coordinator);
	/* Over its quota: the letter goes, and what goes with it waits. */
	region->coordinator->coordinator->options.attachments_party_max = 0;
	struct sf_id upload = attaching_upload(region);
	struct sf_id message = attaching_sample(region, "SLHJ_H", sf_id_view(&upload)).sent.message;
	region_run(region, 5 * SF_SECOND_MS);
	assert_int_equal(
		state_at(region->municipality, region, message), SF_NODE_ATTACHMENT_COMING);
	const struct sf_fact call = {.kind = SF_KIND_FALLBACK,
		.fallback = {.with = SF_ROLE_HOSPITAL, .at_ms = region->world.now_ms}};
	terms_said(region, region->municipality, transition, &call);
	lose_the_tail(region, older);
	assert_true(sf_sim_attached_holds(region->municipality, message, ATTACHING_MARK));
	assert_int_equal(delivery_of(region, message).state, SF_DELIVERY_OK);
	region->world.quiet = false; /* a coordinator that is behind is told as an alarm */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_an_attachment_arrives_and_its_letter_is_answered, region_open,
			region_close),
		cmocka_unit_test_setup_teardown(
			test_it_goes_on_after_every_power_cut, region_open, region_close),
		cmocka_unit_test_setup_teardown(
			test_it_waits_for_a_recipient_that_is_away, region_open, region_close),
		cmocka_unit_test_setup_teardown(
			test_an_author_whose_chunks_are_damaged_hears_and_sends_again, region_open,
			region_close),
		cmocka_unit_test_setup_teardown(
			test_what_is_whole_stays_when_another_of_its_letter_cannot_come,
			region_open, region_close),
		cmocka_unit_test_setup_teardown(test_an_author_without_the_chunks_ends_the_waiting,
			region_open, region_close),
		cmocka_unit_test_setup_teardown(test_a_restored_recipient_stops_asking_and_says_so,
			region_open, region_close),
		cmocka_unit_test_setup_teardown(
			test_a_slow_author_is_not_sent_again, region_open, region_close),
		cmocka_unit_test_setup_teardown(
			test_what_waits_its_turn_is_not_sent_again, region_open, region_close),
		cmocka_unit_test_setup_teardown(test_what_waits_at_its_recipient_is_not_sent_again,
			region_open, region_close),
		cmocka_unit_test_setup_teardown(
			test_what_the_coordinator_erased_is_not_asked_for_for_ever, region_open,
			region_close),
		cmocka_unit_test_setup_teardown(
			test_a_slow_recipient_is_not_sent_to_again, region_open, region_close),
		cmocka_unit_test_setup_teardown(test_a_changed_chunk_is_a_fatal_error_with_a_name,
			region_open, region_close),
		cmocka_unit_test_setup_teardown(
			test_another_digest_leaves_no_chunk_behind, region_open, region_close),
		cmocka_unit_test_setup_teardown(
			test_no_case_keeps_nothing_that_comes_later, region_open, region_close),
		cmocka_unit_test_setup_teardown(
			test_a_letter_that_is_recorded_again_elsewhere_is_answered, region_open,
			region_close),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
