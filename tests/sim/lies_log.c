/* Lies about the log: another one, a shorter one, an older one, none at all. */
#include <stdlib.h>
#include <string.h>

#include "coordinator/tables.h"
#include "sim/lies.h"
#include "sim/lost_tail.h"

/* The next checkpoint, once: signed over a tree that never was. */
static bool say_other_root(struct sf_sim_liar *liar, struct sf_frame *frame)
{
	if (frame->kind != SF_FRAME_CHECKPOINT || liar->number > 0)
		return true;
	struct sf_checkpoint checkpoint = sf_sim_liar_read(frame->log.note);
	checkpoint.root.bytes[0] ^= 1;
	frame->log.note =
		sf_sim_liar_sign(liar, &checkpoint, sf_sim_coordinator(liar->world)->log_key_id);
	liar->number++;
	return true;
}

static void test_another_root_is_a_fork_at_once(void **state)
{
	struct lies *lies = *state;
	lies->liar.say = say_other_root;
	region_discharge(lies->region);
	assert_int_equal(lies->liar.number, 1);
	lies_expect(lies, lies->region->hospital, SF_CONTRADICTION_FORK, 1);
	lies_expect_quiet(lies, lies->region->municipality);
}

/* Signed by whoever is not the log. */
static bool say_other_key(struct sf_sim_liar *liar, struct sf_frame *frame)
{
	if (frame->kind != SF_FRAME_CHECKPOINT || liar->number > 0)
		return true;
	const struct sf_checkpoint checkpoint = sf_sim_liar_read(frame->log.note);
	frame->log.note = sf_sim_liar_sign(
		liar, &checkpoint, sf_sim_coordinator(liar->world)->identity_key_id);
	liar->number++;
	return true;
}

static void test_another_key_is_named_signature_at_once(void **state)
{
	struct lies *lies = *state;
	lies->liar.say = say_other_key;
	region_discharge(lies->region);
	assert_int_equal(lies->liar.number, 1);
	lies_expect(lies, lies->region->hospital, SF_CONTRADICTION_SIGNATURE, 1);
}

/* In answer to more than it signs: the log has shrunk. */
static bool say_smaller(struct sf_sim_liar *liar, struct sf_frame *frame)
{
	if (frame->kind != SF_FRAME_CHECKPOINT || liar->number > 0 || frame->log.from_size < 3)
		return true;
	struct sf_checkpoint checkpoint = sf_sim_liar_read(frame->log.note);
	checkpoint.size = frame->log.from_size - 1;
	sf_sim_liar_root(liar, checkpoint.size, &checkpoint.root);
	checkpoint.root.bytes[0] ^= 1; /* and what was is not what it says now */
	frame->log.note =
		sf_sim_liar_sign(liar, &checkpoint, sf_sim_coordinator(liar->world)->log_key_id);
	frame->log.path = sf_view_of(NULL, 0);
	liar->number++;
	return true;
}

static void test_smaller_checkpoint_is_a_rollback_at_once(void **state)
{
	struct lies *lies = *state;
	lies->liar.say = say_smaller;
	region_discharge(lies->region);
	assert_int_equal(lies->liar.number, 1);
	lies_expect(lies, lies->region->hospital, SF_CONTRADICTION_ROLLBACK, 1);
}

/* The first checkpoint again and again, after each new one. */
static bool say_again(struct sf_sim_liar *liar, struct sf_frame *frame)
{
	if (frame->kind != SF_FRAME_CHECKPOINT)
		return true;
	if (liar->kept.size == 0) {
		SF_ASSERT(!sf_frame_encode(frame, &liar->kept));
		return true;
	}
	sf_sim_carry(liar->victim, liar->victim, sf_buf_view(&liar->kept));
	liar->told++;
	return true;
}

static void test_old_checkpoint_beside_new_ones_changes_nothing(void **state)
{
	struct lies *lies = *state;
	lies->liar.say = say_again;
	region_discharge(lies->region);
	region_run(lies->region, 15 * SF_MINUTE_MS);
	assert_true(lies->liar.told > 0);
	lies_expect_all_quiet(lies);
	assert_int_equal(lies_unproven(lies->region->hospital), 0);
}

/* The hospital is shown no checkpoint any more: the log stands still for it. */
static bool say_no_checkpoint(struct sf_sim_liar *liar, struct sf_frame *frame)
{
	(void)liar;
	return frame->kind != SF_FRAME_CHECKPOINT;
}

static void test_log_that_stands_still_is_an_omission_when_patience_ends(void **state)
{
	struct lies *lies = *state;
	lies->liar.say = say_no_checkpoint;
	region_discharge(lies->region);
	region_run(lies->region, 15 * SF_MINUTE_MS);
	lies_expect_quiet(lies, lies->region->hospital);
	assert_true(lies_unproven(lies->region->hospital) > 0);
	region_run(lies->region, 15 * SF_MINUTE_MS);
	assert_true(lies_found(lies, lies->region->hospital, SF_CONTRADICTION_OMISSION) > 0);
}

/* The leaf of the municipality's next receipt is not what stands in the log, for anybody. */
static bool say_without_leaf(struct sf_sim_liar *liar, struct sf_frame *frame)
{
	if (frame->kind == SF_FRAME_DELIVER && frame->count > 0 && liar->changed_count == 0) {
		struct sf_receipt receipt;
		struct sf_digest other = {{7}};
		SF_ASSERT(!sf_receipt_decode(frame->items[0].receipt.receipt, &receipt, NULL));
		sf_sim_liar_change(liar, receipt.leaf_index, &other);
	}
	if (liar->changed_count > 0)
		sf_sim_liar_other_log(liar, frame);
	return true;
}

static void test_leaf_left_out_is_an_omission_within_a_checkpoint(void **state)
{
	struct lies *lies = *state;
	struct sf_sim_machine *victim = lies->region->municipality;
	lies->liar.victim = victim;
	lies->liar.say = say_without_leaf;
	lies->liar.hear = sf_sim_liar_hush;
	region_discharge(lies->region);
	region_run(lies->region, 10 * SF_SECOND_MS);
	assert_int_equal(lies->liar.changed_count, 1);
	lies_expect(lies, victim, SF_CONTRADICTION_OMISSION, 1);
}

/* No proof is ever answered. */
static bool say_no_proof(struct sf_sim_liar *liar, struct sf_frame *frame)
{
	(void)liar;
	return frame->kind != SF_FRAME_PROOF;
}

static void test_proof_withheld_is_an_omission_when_patience_ends(void **state)
{
	struct lies *lies = *state;
	lies->liar.say = say_no_proof;
	region_discharge(lies->region);
	region_run(lies->region, 15 * SF_MINUTE_MS);
	assert_true(lies_found(lies, lies->region->hospital, SF_CONTRADICTION_OMISSION) > 0);
}

/* Another time for the first event; what follows it in the transition is chained anew. */
static struct sf_signed_receipt second_receipt(struct sf_sim_liar *liar, const struct sf_item *item)
{
	struct sf_receipt receipt;
	struct sf_digest hash, head;
	SF_ASSERT(!sf_receipt_decode(item->receipt.receipt, &receipt, NULL));
	if (liar->kept.size > 0)
		memcpy(receipt.previous_head.bytes, liar->kept.data, SF_DIGEST_SIZE);
	else
		receipt.recorded_ms++;
	struct sf_id transition = sf_sim_liar_header(item).message.transition;
	sf_sim_liar_leaf(liar, &receipt, transition, &hash, &head);
	sf_sim_liar_change(liar, receipt.leaf_index, &hash);
	sf_buf_clear(&liar->kept);
	SF_ASSERT(!sf_buf_append(&liar->kept, sf_digest_view(&head)));
	return sf_sim_liar_receipt(liar, &receipt);
}

/* Two histories of one transition, each in a log of its own in which every proof holds. */
static bool say_second_log(struct sf_sim_liar *liar, struct sf_frame *frame)
{
	if (frame->kind == SF_FRAME_DELIVER && frame->count > 0) {
		struct sf_item *items =
			sf_arena_take_many(&liar->arena, frame->count, sizeof(*items));
		SF_ASSERT(items);
		memcpy(items, frame->items, frame->count * sizeof(*items));
		for (size_t i = 0; i < frame->count; i++)
			items[i].receipt = second_receipt(liar, &items[i]);
		frame->items = items;
	}
	if (liar->changed_count > 0)
		sf_sim_liar_other_log(liar, frame);
	return true;
}

static void test_two_logs_are_gossip_with_the_next_letter(void **state)
{
	struct lies *lies = *state;
	struct region *region = lies->region;
	lies->liar.victim = region->municipality;
	lies->liar.say = say_second_log;
	lies->liar.hear = sf_sim_liar_hush;
	assert_int_equal(region_send(region, "STIN_H").answer, SF_SEND_STORED);
	region_run(region, 30 * SF_SECOND_MS);
	assert_true(lies->liar.changed_count > 0);
	assert_int_equal(lies_unproven(region->municipality), 0);
	assert_int_equal(region_send(region, "SLHJ_H").answer, SF_SEND_STORED);
	region_run(region, 30 * SF_SECOND_MS);
	assert_true(lies_found(lies, region->municipality, SF_CONTRADICTION_GOSSIP) > 0);
}

static void test_older_store_is_a_rollback_with_the_second_hello(void **state)
{
	struct lies *lies = *state;
	struct region *region = lies->region;
	struct sf_memory *older = sf_sim_back_up(region->coordinator);
	region_discharge(region);
	lies->liar.victim = NULL;
	lies->liar.hear = sf_sim_liar_hush;
	sf_sim_restore(region->coordinator, older);
	region_run(region, 30 * SF_SECOND_MS);
	lies_expect(lies, region->hospital, SF_CONTRADICTION_ROLLBACK, 1);
}

/* Without a liar before it, an engine on an old store finds out itself and stops. */
static void test_older_store_of_an_honest_engine_stops_by_itself(void **state)
{
	struct lies *lies = *state;
	struct region *region = lies->region;
	struct sf_memory *older = sf_sim_back_up(region->coordinator);
	region_discharge(region);
	sf_sim_restore(region->coordinator, older);
	region_run(region, 5 * SF_MINUTE_MS);
	struct sf_request request = {.kind = SF_REQUEST_LOG};
	assert_true(region_get(region, region->coordinator, request, SF_REPLY_LOG).log.behind);
	/* And waits, instead of turning over queues that it may not deliver. */
	const struct sf_engine *engine = &region->coordinator->turn.engine;
	assert_true(engine->next_due_ms(engine->self) > region->world.now_ms);
}

int lies_about_log(void)
{
	const struct CMUnitTest tests[] = {
		LIE(test_another_root_is_a_fork_at_once),
		LIE(test_another_key_is_named_signature_at_once),
		LIE(test_smaller_checkpoint_is_a_rollback_at_once),
		LIE(test_old_checkpoint_beside_new_ones_changes_nothing),
		LIE(test_log_that_stands_still_is_an_omission_when_patience_ends),
		LIE(test_leaf_left_out_is_an_omission_within_a_checkpoint),
		LIE(test_proof_withheld_is_an_omission_when_patience_ends),
		LIE(test_two_logs_are_gossip_with_the_next_letter),
		LIE(test_older_store_is_a_rollback_with_the_second_hello),
		LIE(test_older_store_of_an_honest_engine_stops_by_itself),
	};
	return cmocka_run_group_tests_name("sim/lies: of the log", tests, NULL, NULL);
}
