/* Cosignatures that are taken, and those that are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "coordinator/state.h"
#include "unit/coordinator/desk.h"

static int open_connected(void **state)
{
	if (desk_open(state))
		return -1;
	struct desk *desk = *state;
	desk_hello(desk, desk->hospital);
	desk_hello(desk, desk->municipality);
	desk_sign(desk);
	return 0;
}

/* One hospital and one municipality must have cosigned. */
static int open_quorum(void **state)
{
	if (desk_open(state))
		return -1;
	struct desk *desk = *state;
	struct sf_coordinator_options *options = &desk->coordinator->coordinator->options;
	options->quorum_hospitals = options->quorum_municipalities = 1;
	desk_hello(desk, desk->hospital);
	desk_hello(desk, desk->municipality);
	struct desk_letter letter = desk_letter(desk, desk->hospital, 4000);
	desk_record(desk, &letter);
	desk_sign(desk);
	return 0;
}

static struct sf_coordinator_log *log_of(const struct desk *desk)
{
	return &desk->coordinator->coordinator->log;
}

static uint64_t cosigned(const struct desk *desk)
{
	return sf_coordinator_counters(desk->coordinator->coordinator).cosigned;
}

static uint64_t dropped(const struct desk *desk)
{
	return sf_coordinator_counters(desk->coordinator->coordinator).dropped;
}

/* The line of signer for the newest checkpoint, under the name of the party named. */
static struct sf_view cosign(
	struct desk *desk, const struct sf_sim_machine *signer, const struct sf_sim_machine *named)
{
	const struct sf_crypto crypto = desk_crypto(signer);
	struct sf_note *note = calloc(1, sizeof(*note));
	struct sf_note_key key;
	char name[SF_WITNESS_NAME_SIZE];
	struct sf_buf line;
	sf_buf_init(&line, SF_NOTE_LINE_SIZE);
	assert_non_null(note);
	assert_int_equal(sf_note_parse(sf_buf_view(&log_of(desk)->note), note, NULL), SF_OK);
	sf_witness_name(named->party, name);
	assert_int_equal(
		sf_note_key_make(&crypto, name, SF_NOTE_KEY_COSIGNATURE, signer->witness_key, &key),
		SF_OK);
	assert_int_equal(
		sf_note_sign(&crypto, signer->witness_key_id, &key, note->text, 1795000000, &line),
		SF_OK);
	struct sf_view kept = sf_arena_copy(&desk->arena, sf_buf_view(&line));
	sf_buf_fini(&line);
	free(note);
	return kept;
}

static void say_line(
	struct desk *desk, const struct sf_sim_machine *from, uint64_t size, struct sf_view line)
{
	const struct sf_frame frame = {
		.kind = SF_FRAME_COSIGN, .log = {.epoch = 1, .size = size, .line = line}};
	desk_say(desk, from, &frame);
	desk_turn(desk);
}

static void cosign_newest(struct desk *desk, const struct sf_sim_machine *witness)
{
	say_line(desk, witness, log_of(desk)->size, cosign(desk, witness, witness));
}

static void test_cosignature_is_kept_once(void **state)
{
	struct desk *desk = *state;
	cosign_newest(desk, desk->hospital);
	cosign_newest(desk, desk->hospital);
	assert_int_equal(cosigned(desk), 1);
	assert_int_equal(sf_memory_count(desk->coordinator->memory, &sf_table_cosignature), 1);
	const struct sf_request request = {.kind = SF_REQUEST_LOG};
	struct sf_reply reply = desk_ask(desk, &request);
	assert_int_equal(reply.log.cosigner_count, 3);
	for (size_t i = 0; i < reply.log.cosigner_count; i++) {
		const struct sf_cosigner_row *row = &reply.log.cosigners[i];
		bool hospital = sf_id_equal(row->party, desk->hospital->party);
		assert_int_equal(row->size, hospital ? log_of(desk)->size : 0);
		assert_int_equal(row->at_ms != 0, hospital);
	}
}

static void test_what_the_party_did_not_sign_is_dropped(void **state)
{
	struct desk *desk = *state;
	uint64_t size = log_of(desk)->size, before = dropped(desk);
	/* With another's key, as another, another's own line, and for a size that is not it. */
	say_line(desk, desk->hospital, size, cosign(desk, desk->municipality, desk->hospital));
	say_line(desk, desk->hospital, size, cosign(desk, desk->hospital, desk->municipality));
	say_line(desk, desk->hospital, size, cosign(desk, desk->municipality, desk->municipality));
	say_line(desk, desk->hospital, size + 1, cosign(desk, desk->hospital, desk->hospital));
	say_line(desk, desk->hospital, size, sf_view_text("no line"));
	struct sf_view line = cosign(desk, desk->hospital, desk->hospital);
	struct sf_frame frame = {
		.kind = SF_FRAME_COSIGN, .log = {.epoch = 2, .size = size, .line = line}};
	desk_say(desk, desk->hospital, &frame);
	desk_turn(desk);
	assert_int_equal(cosigned(desk), 0);
	assert_int_equal(dropped(desk), before + 6);
	cosign_newest(desk, desk->hospital);
	assert_int_equal(cosigned(desk), 1);
}

/* Of a key that is revoked. */
static void test_witness_key_that_is_revoked_counts_no_more(void **state)
{
	struct desk *desk = *state;
	desk_revoke(desk, desk->hospital);
	desk_sign(desk);
	struct sf_directory_entry *entry = (struct sf_directory_entry *)sf_directory_party(
		desk->coordinator->coordinator->directory, desk->hospital->party);
	for (size_t i = 0; i < entry->key_count; i++)
		if (entry->keys[i].use == SF_KEY_USE_WITNESS)
			entry->keys[i].revoked_ms = 1;
	cosign_newest(desk, desk->hospital);
	assert_int_equal(cosigned(desk), 0);
}

static void test_quorum_is_one_of_each_role(void **state)
{
	struct desk *desk = *state;
	uint64_t size = log_of(desk)->size;
	assert_true(log_of(desk)->witnessed_size < size);
	cosign_newest(desk, desk->municipality);
	assert_true(log_of(desk)->witnessed_size < size);
	cosign_newest(desk, desk->hospital);
	assert_int_equal(log_of(desk)->witnessed_size, size);
	/* Everybody who is connected gets the note with both. */
	const struct sf_frame_log *frame = desk_checkpoint(desk, desk->municipality);
	assert_non_null(frame);
	assert_int_equal(frame->path.size, 0);
	assert_int_equal(frame->from_size, size);
	assert_int_equal(desk_open_note(desk, frame->witnessed).size, size);
	struct sf_note *note = calloc(1, sizeof(*note));
	assert_non_null(note);
	assert_int_equal(sf_note_parse(frame->witnessed, note, NULL), SF_OK);
	assert_int_equal(note->signature_count, 3);
	free(note);
	desk_turn(desk);
	assert_null(desk_checkpoint(desk, desk->municipality));
}

static void test_two_of_one_role_are_no_quorum(void **state)
{
	struct desk *desk = *state;
	desk->coordinator->coordinator->options.quorum_hospitals = 2;
	cosign_newest(desk, desk->municipality);
	cosign_newest(desk, desk->hospital);
	desk_hello(desk, desk->gp);
	cosign_newest(desk, desk->gp);
	assert_int_equal(cosigned(desk), 3);
	assert_true(log_of(desk)->witnessed_size < log_of(desk)->size);
}

static void test_quorum_is_there_after_a_restart(void **state)
{
	struct desk *desk = *state;
	cosign_newest(desk, desk->municipality);
	cosign_newest(desk, desk->hospital);
	uint64_t size = log_of(desk)->witnessed_size;
	struct sf_view note = sf_arena_copy(&desk->arena, sf_buf_view(&log_of(desk)->witnessed));
	desk_restart(desk);
	assert_int_equal(log_of(desk)->witnessed_size, size);
	assert_true(sf_view_equal(sf_buf_view(&log_of(desk)->witnessed), note));
}

/* One that everybody has something newer of is forgotten, with what was said of it. */
static void test_checkpoints_behind_the_quorum_are_forgotten(void **state)
{
	struct desk *desk = *state;
	for (size_t i = 0; i < 40; i++) {
		struct desk_letter letter = desk_letter(desk, desk->hospital, 4000);
		desk_record(desk, &letter);
		desk_sign(desk);
		cosign_newest(desk, desk->hospital);
	}
	assert_true(sf_memory_count(desk->coordinator->memory, &sf_table_checkpoint) >= 40);
	cosign_newest(desk, desk->municipality);
	assert_int_equal(log_of(desk)->witnessed_size, log_of(desk)->size);
	assert_int_equal(sf_memory_count(desk->coordinator->memory, &sf_table_checkpoint), 16);
	assert_int_equal(sf_memory_count(desk->coordinator->memory, &sf_table_cosignature), 16 + 1);
}

/* WIRE section 4: messages flow without a quorum; after 15 minutes somebody must look. */
static void test_quarter_of_an_hour_without_a_quorum_is_told_once(void **state)
{
	struct desk *desk = *state;
	struct sf_coordinator *coordinator = desk->coordinator->coordinator;
	assert_int_equal(coordinator->log.no_quorum_told, 0);
	desk->world.now_ms += 14 * SF_MINUTE_MS;
	desk_turn(desk);
	assert_false(coordinator->log.no_quorum_told);
	desk->world.now_ms += 2 * SF_MINUTE_MS;
	desk_turn(desk);
	assert_true(coordinator->log.no_quorum_told);
	const struct sf_request board = {.kind = SF_REQUEST_BOARD, .board = {.party = ""}};
	struct sf_reply reply = desk_ask(desk, &board);
	size_t shown = 0;
	for (size_t i = 0; i < reply.board.row_count; i++)
		shown += reply.board.rows[i].what == SF_BOARD_CONTRADICTION &&
			 reply.board.rows[i].code == SF_TROUBLE_NO_QUORUM;
	assert_int_equal(shown, 1);
	desk_sign(desk); /* who looked at the board is in the log, too */
	assert_int_equal(sf_coordinator_quorum_due_ms(coordinator), INT64_MAX);
	cosign_newest(desk, desk->municipality);
	cosign_newest(desk, desk->hospital);
	assert_false(coordinator->log.no_quorum_told);
	assert_int_equal(coordinator->log.unwitnessed_ms, 0);
	struct sf_feed_row rows[128];
	size_t count = sf_feed_read(sf_coordinator_feed(coordinator), 0, SF_COUNT(rows), rows);
	size_t told = 0;
	for (size_t i = 0; i < count; i++)
		told += rows[i].what == SF_FEED_TROUBLE && rows[i].code == SF_TROUBLE_NO_QUORUM;
	assert_int_equal(told, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_connected, desk_close)
#define QUORUM(name) cmocka_unit_test_setup_teardown(name, open_quorum, desk_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_cosignature_is_kept_once),
		TEST(test_what_the_party_did_not_sign_is_dropped),
		TEST(test_witness_key_that_is_revoked_counts_no_more),
		QUORUM(test_quorum_is_one_of_each_role),
		QUORUM(test_two_of_one_role_are_no_quorum),
		QUORUM(test_quorum_is_there_after_a_restart),
		QUORUM(test_checkpoints_behind_the_quorum_are_forgotten),
		QUORUM(test_quarter_of_an_hour_without_a_quorum_is_told_once),
	};
	return cmocka_run_group_tests_name("coordinator/witness", tests, NULL, NULL);
}
