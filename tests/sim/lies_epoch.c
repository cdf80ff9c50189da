/* A tail that was lost is no lie: it is declared, and told apart from a fork (WIRE.md section 7.1).
 */
#include <string.h>

#include "coordinator/tables.h"
#include "node/tables.h"
#include "sim/lies.h"
#include "sim/lost_tail.h"
#include "wire/epoch.h"

/* Restored behind what nodes have seen; everybody has noticed. */
static void lose(struct lies *lies, struct sf_memory *older)
{
	struct region *region = lies->region;
	sf_sim_restore(region->coordinator, older);
	region_run(region, 2 * SF_MINUTE_MS);
	assert_true(sf_sim_is_behind(region->coordinator));
}

static void declare(struct lies *lies)
{
	const char *broken = sf_sim_declare_epoch(&lies->region->world);
	if (broken)
		fail_msg("%s", broken);
	region_run(lies->region, 5 * SF_MINUTE_MS);
	assert_false(sf_sim_is_behind(lies->region->coordinator));
}

static struct sf_reply_log log_of(struct lies *lies, struct sf_sim_machine *machine)
{
	const struct sf_request request = {.kind = SF_REQUEST_LOG, .log = {.verify = true}};
	return region_get(lies->region, machine, request, SF_REPLY_LOG).log;
}

/* Every node goes on in the new epoch, has proof of all that it has a receipt of, and cosigns. */
static void expect_healed(struct lies *lies, uint32_t epoch)
{
	struct region *region = lies->region;
	for (size_t i = 0; i < region->world.machine_count; i++) {
		struct sf_sim_machine *machine = &region->world.machines[i];
		const struct sf_reply_log log = log_of(lies, machine);
		assert_int_equal(log.epoch, epoch);
		if (!log.verified)
			fail_msg("%s: %s", machine->name, log.fault);
		if (i > 0) {
			assert_int_equal(lies_unproven(machine), 0);
			const struct sf_request status = {.kind = SF_REQUEST_STATUS};
			assert_string_equal(
				region_get(region, machine, status, SF_REPLY_STATUS).status.link,
				"connected");
		}
	}
}

static struct sf_digest head_of(
	struct lies *lies, struct sf_sim_machine *machine, struct sf_id transition)
{
	const struct sf_request request = {.kind = SF_REQUEST_TRANSITION,
		.transition = {.transition = transition, .known_by = ""}};
	return region_get(lies->region, machine, request, SF_REPLY_TRANSITION).transition.head;
}

static void expect_one_history(struct lies *lies, struct sf_id transition)
{
	struct region *region = lies->region;
	const struct sf_digest head = head_of(lies, region->coordinator, transition);
	struct sf_digest hospital = head_of(lies, region->hospital, transition);
	struct sf_digest municipality = head_of(lies, region->municipality, transition);
	assert_true(sf_digest_equal(&head, &hospital));
	assert_true(sf_digest_equal(&head, &municipality));
	lies_expect_verified(lies, lies_export(lies, region->coordinator, transition));
	lies_expect_verified(lies, lies_export(lies, region->hospital, transition));
	lies_expect_verified(lies, lies_export(lies, region->municipality, transition));
}

static size_t void_count(const struct sf_sim_machine *node)
{
	return sf_memory_count(node->memory, &sf_node_table_void);
}

/* The whole drill: all that was said behind the backup comes again, once. */
static void test_what_a_restored_log_lacks_is_sent_again(void **state)
{
	struct lies *lies = *state;
	struct region *region = lies->region;
	struct sf_memory *older = sf_sim_back_up(region->coordinator);
	const struct sf_reply_sent sent = region_discharge(region);
	region_run(region, SF_MINUTE_MS);
	struct sf_digest before = head_of(lies, region->hospital, sent.transition);
	lose(lies, older);
	lies_expect(lies, region->hospital, SF_CONTRADICTION_ROLLBACK, 1);
	declare(lies);
	expect_healed(lies, 2);
	expect_one_history(lies, sent.transition);
	struct sf_digest after = head_of(lies, region->hospital, sent.transition);
	assert_false(sf_digest_equal(&before, &after)); /* recorded at other times */
	assert_true(void_count(region->hospital) > 0);
	assert_true(void_count(region->municipality) > 0);
	const struct sf_request inbox = {.kind = SF_REQUEST_INBOX, .inbox = {.count_max = 100}};
	struct sf_reply reply = region_get(region, region->municipality, inbox, SF_REPLY_INBOX);
	size_t seen = 0;
	for (size_t i = 0; i < reply.inbox.row_count; i++)
		seen += sf_id_equal(reply.inbox.rows[i].message, sent.message);
	assert_int_equal(seen, 1);
}

/* A backup from the middle of a stay: what stands of it stands where it stood. */
static void test_transition_goes_on_over_two_epochs(void **state)
{
	struct lies *lies = *state;
	struct region *region = lies->region;
	const struct sf_reply_sent admitted = region_send(region, "STIN_H");
	region_run(region, SF_MINUTE_MS);
	struct sf_memory *older = sf_sim_back_up(region->coordinator);
	const struct sf_reply_sent home = region_send(region, "SLHJ_H");
	region_run(region, SF_MINUTE_MS);
	assert_true(sf_id_equal(home.transition, admitted.transition));
	lose(lies, older);
	declare(lies);
	expect_healed(lies, 2);
	expect_one_history(lies, home.transition);
	/* And once more: epochs follow each other. */
	older = sf_sim_back_up(region->coordinator);
	size_t voids = void_count(region->hospital);
	sf_sim_sign(&region->world);
	region_run(region, SF_MINUTE_MS);
	lose(lies, older);
	declare(lies);
	assert_true(void_count(region->hospital) > voids);
	expect_healed(lies, 3);
	expect_one_history(lies, home.transition);
}

/* What agreements were signed in the tail rules again when its signatures are recorded again. */
static void test_agreement_signed_in_the_tail_is_signed_again(void **state)
{
	struct lies *lies = *state;
	struct region *region = lies->region;
	struct sf_memory *older = sf_sim_back_up(region->coordinator);
	sf_sim_sign(&region->world);
	const struct sf_reply_sent sent = region_discharge(region);
	region_run(region, SF_MINUTE_MS);
	lose(lies, older);
	declare(lies);
	region_run(region, 5 * SF_MINUTE_MS);
	expect_healed(lies, 2);
	expect_one_history(lies, sent.transition);
	const struct sf_request agreements = {
		.kind = SF_REQUEST_AGREEMENT, .agreement = {.reference = "midt"}};
	struct sf_reply_agreement coordinator =
		region_get(region, region->coordinator, agreements, SF_REPLY_AGREEMENT).agreement;
	struct sf_reply_agreement hospital =
		region_get(region, region->hospital, agreements, SF_REPLY_AGREEMENT).agreement;
	assert_int_equal(coordinator.acceptance_count, 3);
	assert_int_equal(hospital.acceptance_count, 3);
}

/* A party that was approved in the tail: nodes have its entry, and give it back first. */
static void test_directory_entry_of_the_tail_is_given_back(void **state)
{
	struct lies *lies = *state;
	struct region *region = lies->region;
	struct sf_memory *older = sf_sim_back_up(region->coordinator);
	struct sf_sim_machine *late = sf_sim_add(&region->world, SF_ROLE_GP, "late practice",
		"990101000016015", "5790999000116", true);
	region_run(region, SF_MINUTE_MS);
	const struct sf_reply_sent sent = region_discharge(region);
	region_run(region, SF_MINUTE_MS);
	uint64_t version = log_of(lies, region->hospital).directory_version;
	lose(lies, older);
	assert_true(log_of(lies, region->coordinator).directory_version < version);
	declare(lies);
	assert_int_equal(log_of(lies, region->coordinator).directory_version, version);
	expect_healed(lies, 2);
	expect_one_history(lies, sent.transition);
	assert_int_equal(log_of(lies, late).epoch, 2);
}

/* Only a store that is behind, and only with the registrars' signature over what it has. */
static void test_epoch_that_is_not_declared_does_not_begin(void **state)
{
	struct lies *lies = *state;
	struct region *region = lies->region;
	struct sf_arena *arena = &region->arena;
	assert_int_equal(sf_sim_ask_epoch(region->coordinator, arena).err, SF_ERR_STATE);
	struct sf_memory *older = sf_sim_back_up(region->coordinator);
	region_discharge(region);
	region_run(region, SF_MINUTE_MS);
	lose(lies, older);
	const struct sf_reply asked = sf_sim_ask_epoch(region->coordinator, arena);
	assert_int_equal(asked.err, SF_OK);
	assert_int_equal(asked.epoch.epoch, 2);
	assert_true(asked.epoch.largest_size > asked.epoch.common_size);
	/* Signed by somebody else. */
	struct sf_view record = sf_sim_sign_epoch(&region->world, asked.epoch.record, arena);
	uint8_t *bytes = sf_arena_copy(arena, record).data
				 ? (uint8_t *)sf_arena_copy(arena, record).data
				 : NULL;
	assert_non_null(bytes);
	bytes[record.size - 1] ^= 1;
	assert_int_equal(
		sf_sim_begin_epoch(region->coordinator, sf_view_of(bytes, record.size), arena).err,
		SF_ERR_AUTH);
	/* Signed, and about another tree. */
	struct sf_epoch epoch;
	assert_int_equal(sf_epoch_decode(asked.epoch.record, &epoch, NULL), SF_OK);
	epoch.origin = sf_view_text("coordinator.example/log/sim/3");
	struct sf_buf other;
	sf_buf_init(&other, SF_EPOCH_SIZE_MAX);
	assert_int_equal(sf_epoch_encode(&epoch, &other), SF_OK);
	struct sf_view wrong = sf_sim_sign_epoch(&region->world, sf_buf_view(&other), arena);
	sf_buf_fini(&other);
	assert_int_equal(sf_sim_begin_epoch(region->coordinator, wrong, arena).err, SF_ERR_FORMAT);
	assert_true(sf_sim_is_behind(region->coordinator));
	assert_int_equal(sf_sim_begin_epoch(region->coordinator, record, arena).err, SF_OK);
	assert_int_equal(
		sf_sim_begin_epoch(region->coordinator, record, arena).err, SF_ERR_CONFLICT);
}

/* A coordinator that goes on in an epoch that nobody declared is one whose log shrank. */
static bool say_epoch(struct sf_sim_liar *liar, struct sf_frame *frame)
{
	(void)liar;
	if (frame->kind == SF_FRAME_HELLO)
		frame->hello.epoch_count = 0;
	return true;
}

static void test_epoch_without_its_record_is_a_rollback(void **state)
{
	struct lies *lies = *state;
	struct region *region = lies->region;
	struct sf_memory *older = sf_sim_back_up(region->coordinator);
	region_discharge(region);
	region_run(region, SF_MINUTE_MS);
	lose(lies, older);
	lies->liar.victim = region->hospital;
	lies->liar.say = say_epoch;
	declare(lies);
	const struct sf_request status = {.kind = SF_REQUEST_STATUS};
	assert_string_equal(
		region_get(region, region->hospital, status, SF_REPLY_STATUS).status.link,
		"stopped");
	assert_true(log_of(lies, region->hospital).epoch == 1);
	assert_true(log_of(lies, region->municipality).epoch == 2);
}

int lies_about_epochs(void)
{
	const struct CMUnitTest tests[] = {
		LIE(test_what_a_restored_log_lacks_is_sent_again),
		LIE(test_transition_goes_on_over_two_epochs),
		LIE(test_agreement_signed_in_the_tail_is_signed_again),
		LIE(test_directory_entry_of_the_tail_is_given_back),
		LIE(test_epoch_that_is_not_declared_does_not_begin),
		LIE(test_epoch_without_its_record_is_a_rollback),
	};
	return cmocka_run_group_tests_name("sim/lies: a lost tail", tests, NULL, NULL);
}
