/* Attachments at the coordinator: who may bring chunks and who may have them, and until when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "coordinator/state.h"
#include "unit/coordinator/desk.h"
#include "wire/chunk.h"

#define CONTENT_SIZE ((uint64_t)140000) /* three chunks */
#define CHUNKS 3

/* Chunks that nobody could open, which is all the same to a coordinator. */
struct object {
	struct sf_attachment named;
	struct sf_view chunks[CHUNKS];
};

static struct object make_object(struct desk *desk, uint8_t mark)
{
	struct object object = {.named.size = sf_chunk_sealed_size(CONTENT_SIZE)};
	assert_int_equal(sf_chunk_count(object.named.size), CHUNKS);
	const struct sf_crypto crypto = desk_crypto(desk->hospital);
	for (uint32_t i = 0; i < CHUNKS; i++) {
		size_t size = sf_chunk_size(object.named.size, i);
		uint8_t *bytes = sf_arena_take(&desk->arena, size);
		assert_non_null(bytes);
		memset(bytes, mark + (int)i, size);
		object.chunks[i] = sf_view_of(bytes, size);
		crypto.chunk_link(crypto.self, object.chunks[i], &object.named.digest);
	}
	return object;
}

/* An admission for the municipality with these, recorded; the practice is of the transition. */
static struct desk_letter record_letter(
	struct desk *desk, const struct object *objects, size_t count)
{
	struct desk_letter letter = desk_admission(desk);
	letter.message.attachment_count = count;
	for (size_t i = 0; i < count; i++)
		letter.message.attachments[i] = objects[i].named;
	assert_int_equal(desk_record(desk, &letter).outcome, SF_OUTCOME_APPLIED);
	return letter;
}

static int open_connected(void **state)
{
	if (desk_open(state))
		return -1;
	struct desk *desk = *state;
	desk_hello(desk, desk->hospital);
	desk_hello(desk, desk->municipality);
	desk_hello(desk, desk->gp);
	struct desk_letter parties = desk_parties(desk, true);
	desk_record(desk, &parties);
	return 0;
}

static struct sf_frame frame_of(
	enum sf_frame_kind kind, const struct desk_letter *letter, uint32_t number, uint32_t index)
{
	return (struct sf_frame){.kind = kind,
		.chunk = {.author = letter->message.author,
			.message_id = letter->message.id,
			.number = number,
			.index = index}};
}

/* The only thing that was said to from about chunks. */
static const struct sf_frame_chunk *told(struct desk *desk, const struct sf_sim_machine *to)
{
	const struct sf_frame *frame = desk_heard(desk, to, SF_FRAME_CHUNKS, 0);
	assert_non_null(frame);
	assert_null(desk_heard(desk, to, SF_FRAME_CHUNKS, 1));
	return &frame->chunk;
}

static void assert_told(
	struct desk *desk, const struct sf_sim_machine *to, enum sf_chunk_code code, uint32_t have)
{
	assert_int_equal(told(desk, to)->code, code);
	assert_int_equal(told(desk, to)->index, have);
}

/* from says that this is chunk index of the letter's number-th attachment; in a turn. */
static void bring(struct desk *desk, const struct sf_sim_machine *from,
	const struct desk_letter *letter, uint32_t number, uint32_t index, struct sf_view bytes)
{
	struct sf_frame frame = frame_of(SF_FRAME_CHUNK, letter, number, index);
	frame.chunk.bytes = bytes;
	desk_say(desk, from, &frame);
	desk_turn(desk);
}

static void bring_all(struct desk *desk, const struct desk_letter *letter, uint32_t number,
	const struct object *object)
{
	for (uint32_t i = 0; i < CHUNKS; i++) {
		bring(desk, desk->hospital, letter, number, i, object->chunks[i]);
		assert_told(desk, desk->hospital, SF_CHUNK_GOOD, i + 1);
	}
}

/* to asks for what is behind the first so many; in a turn. */
static void want(struct desk *desk, const struct sf_sim_machine *to,
	const struct desk_letter *letter, uint32_t have)
{
	const struct sf_frame frame = frame_of(SF_FRAME_CHUNKS, letter, 0, have);
	desk_say(desk, to, &frame);
	desk_turn(desk);
}

static size_t count(struct desk *desk, const struct sf_table *table)
{
	return sf_memory_count(desk->coordinator->memory, table);
}

static struct sf_coordinator *engine(struct desk *desk)
{
	return desk->coordinator->coordinator;
}

static void answer(struct desk *desk, const struct desk_letter *letter, enum sf_ack ack)
{
	struct desk_letter said = desk_answer(desk, desk->municipality, letter, ack);
	desk_record(desk, &said);
}

static void test_chunks_in_order_are_asked_for_and_given_when_whole(void **state)
{
	struct desk *desk = *state;
	const struct object object = make_object(desk, 1);
	struct desk_letter letter = record_letter(desk, &object, 1);
	assert_told(desk, desk->hospital, SF_CHUNK_GOOD, 0);
	for (uint32_t i = 0; i < CHUNKS; i++) {
		want(desk, desk->municipality, &letter, 0);
		assert_told(desk, desk->municipality, SF_CHUNK_GOOD, i);
		assert_null(desk_heard(desk, desk->municipality, SF_FRAME_CHUNK, 0));
		bring(desk, desk->hospital, &letter, 0, i, object.chunks[i]);
		assert_told(desk, desk->hospital, SF_CHUNK_GOOD, i + 1);
	}
	/* Who waits for it is told, and nobody else. */
	assert_told(desk, desk->municipality, SF_CHUNK_GOOD, CHUNKS);
	assert_null(desk_heard(desk, desk->gp, SF_FRAME_CHUNKS, 0));
	want(desk, desk->municipality, &letter, 1);
	for (uint32_t i = 1; i < CHUNKS; i++) {
		const struct sf_frame *frame =
			desk_heard(desk, desk->municipality, SF_FRAME_CHUNK, i - 1);
		assert_non_null(frame);
		assert_int_equal(frame->chunk.index, i);
		assert_true(sf_view_equal(frame->chunk.bytes, object.chunks[i]));
	}
	assert_null(desk_heard(desk, desk->municipality, SF_FRAME_CHUNK, CHUNKS - 1));
	/* Its author hears that it goes on. */
	assert_told(desk, desk->hospital, SF_CHUNK_GOOD, CHUNKS);
}

static void test_only_its_author_brings_and_only_its_recipient_has(void **state)
{
	struct desk *desk = *state;
	const struct object object = make_object(desk, 1);
	struct desk_letter letter = record_letter(desk, &object, 1);
	const struct sf_sim_machine *others[] = {desk->municipality, desk->gp};
	for (size_t i = 0; i < SF_COUNT(others); i++) {
		bring(desk, others[i], &letter, 0, 0, object.chunks[0]);
		assert_told(desk, others[i], SF_CHUNK_UNKNOWN, 0);
	}
	bring(desk, desk->hospital, &letter, 1, 0, object.chunks[0]);
	assert_told(desk, desk->hospital, SF_CHUNK_UNKNOWN, 0);
	assert_int_equal(count(desk, &sf_table_chunk), 0);
	bring_all(desk, &letter, 0, &object);
	const struct sf_sim_machine *strangers[] = {desk->hospital, desk->gp};
	for (size_t i = 0; i < SF_COUNT(strangers); i++) {
		want(desk, strangers[i], &letter, 0);
		assert_told(desk, strangers[i], SF_CHUNK_UNKNOWN, 0);
		assert_null(desk_heard(desk, strangers[i], SF_FRAME_CHUNK, 0));
	}
}

static void test_what_is_not_next_is_not_kept(void **state)
{
	struct desk *desk = *state;
	const struct object object = make_object(desk, 1);
	struct desk_letter letter = record_letter(desk, &object, 1);
	bring(desk, desk->hospital, &letter, 0, 1, object.chunks[1]);
	assert_told(desk, desk->hospital, SF_CHUNK_GOOD, 0);
	bring(desk, desk->hospital, &letter, 0, 0, object.chunks[0]);
	bring(desk, desk->hospital, &letter, 0, 0, object.chunks[0]);
	assert_told(desk, desk->hospital, SF_CHUNK_GOOD, 1);
	/* No chunk of this object has that place, or that size. */
	bring(desk, desk->hospital, &letter, 0, CHUNKS, object.chunks[0]);
	assert_told(desk, desk->hospital, SF_CHUNK_BROKEN, 1);
	bring(desk, desk->hospital, &letter, 0, 1, sf_view_of(object.chunks[1].data, 1000));
	assert_told(desk, desk->hospital, SF_CHUNK_BROKEN, 1);
	assert_int_equal(count(desk, &sf_table_chunk), 1);
	/* After a hello, and a start, it goes on where it was. */
	desk_restart(desk);
	desk_hello(desk, desk->hospital);
	assert_told(desk, desk->hospital, SF_CHUNK_GOOD, 1);
	bring(desk, desk->hospital, &letter, 0, 1, object.chunks[1]);
	bring(desk, desk->hospital, &letter, 0, 2, object.chunks[2]);
	assert_told(desk, desk->hospital, SF_CHUNK_GOOD, CHUNKS);
}

static void test_another_content_than_was_signed_goes_whole(void **state)
{
	struct desk *desk = *state;
	const struct object object = make_object(desk, 1), other = make_object(desk, 9);
	struct desk_letter letter = record_letter(desk, &object, 1);
	bring(desk, desk->hospital, &letter, 0, 0, object.chunks[0]);
	bring(desk, desk->hospital, &letter, 0, 1, other.chunks[1]);
	bring(desk, desk->hospital, &letter, 0, 2, object.chunks[2]);
	assert_told(desk, desk->hospital, SF_CHUNK_BROKEN, 0);
	assert_null(desk_heard(desk, desk->municipality, SF_FRAME_CHUNKS, 0));
	assert_int_equal(count(desk, &sf_table_chunk), 0);
	assert_int_equal(engine(desk)->attachments_size, 0);
	want(desk, desk->municipality, &letter, 0);
	assert_told(desk, desk->municipality, SF_CHUNK_GOOD, 0);
	/* What was signed can still come. */
	bring_all(desk, &letter, 0, &object);
}

static void give_up(struct desk *desk, const struct sf_sim_machine *from,
	const struct desk_letter *letter, enum sf_chunk_code code)
{
	struct sf_frame frame = frame_of(SF_FRAME_CHUNKS, letter, 0, 0);
	frame.chunk.code = code;
	desk_say(desk, from, &frame);
	desk_turn(desk);
}

/* Who waits hears so at once, who asks later then, after a start too; a part of it is not kept. */
static void assert_kept_as_lost(struct desk *desk, enum sf_chunk_code code)
{
	const struct object object = make_object(desk, 1);
	struct desk_letter letter = record_letter(desk, &object, 1);
	bring(desk, desk->hospital, &letter, 0, 0, object.chunks[0]);
	give_up(desk, desk->municipality, &letter, code); /* not its to say */
	assert_told(desk, desk->municipality, SF_CHUNK_GOOD, 1);
	give_up(desk, desk->hospital, &letter, code);
	assert_told(desk, desk->municipality, code, 0);
	assert_int_equal(count(desk, &sf_table_chunk), 0);
	assert_int_equal(engine(desk)->attachments_size, 0);
	bring(desk, desk->hospital, &letter, 0, 1, object.chunks[1]);
	assert_told(desk, desk->hospital, code, 0);
	desk_restart(desk);
	desk_hello(desk, desk->hospital);
	assert_null(desk_heard(desk, desk->hospital, SF_FRAME_CHUNKS, 0));
	desk_hello(desk, desk->municipality);
	want(desk, desk->municipality, &letter, 0);
	assert_told(desk, desk->municipality, code, 0);
}

static void test_what_its_author_has_damaged_is_lost(void **state)
{
	assert_kept_as_lost(*state, SF_CHUNK_BROKEN);
}

static void test_what_its_author_has_no_more_is_lost(void **state)
{
	assert_kept_as_lost(*state, SF_CHUNK_GONE);
}

/* Nothing that is whole can be given up: who waits for it gets it. */
static void test_what_is_whole_is_not_lost(void **state)
{
	struct desk *desk = *state;
	const struct object object = make_object(desk, 1);
	struct desk_letter letter = record_letter(desk, &object, 1);
	bring_all(desk, &letter, 0, &object);
	give_up(desk, desk->hospital, &letter, SF_CHUNK_GONE);
	want(desk, desk->municipality, &letter, 0);
	assert_non_null(desk_heard(desk, desk->municipality, SF_FRAME_CHUNK, CHUNKS - 1));
}

/* Room is asked for once, for all of it: what was begun is finished, what was not waits. */
static void assert_second_waits(struct desk *desk)
{
	const struct object objects[] = {make_object(desk, 1), make_object(desk, 9)};
	struct desk_letter letter = record_letter(desk, objects, 2);
	bring(desk, desk->hospital, &letter, 0, 0, objects[0].chunks[0]);
	assert_told(desk, desk->hospital, SF_CHUNK_GOOD, 1);
	bring(desk, desk->hospital, &letter, 1, 0, objects[1].chunks[0]);
	assert_told(desk, desk->hospital, SF_CHUNK_QUOTA, 0);
	assert_int_equal(count(desk, &sf_table_chunk), 1);
	bring(desk, desk->hospital, &letter, 0, 1, objects[0].chunks[1]);
	bring(desk, desk->hospital, &letter, 0, 2, objects[0].chunks[2]);
	assert_told(desk, desk->hospital, SF_CHUNK_GOOD, CHUNKS);
	bring(desk, desk->hospital, &letter, 1, 0, objects[1].chunks[0]);
	assert_told(desk, desk->hospital, SF_CHUNK_QUOTA, 0);
	/* A final answer makes room, here for another letter. */
	answer(desk, &letter, SF_ACK_FATAL_ERROR);
	assert_int_equal(engine(desk)->attachments_size, 0);
	letter = record_letter(desk, objects + 1, 1);
	bring_all(desk, &letter, 0, &objects[1]);
}

static void test_over_the_quota_of_a_party_it_waits(void **state)
{
	struct desk *desk = *state;
	engine(desk)->options.attachments_party_max =
		2 * (int64_t)sf_chunk_sealed_size(CONTENT_SIZE) - 1;
	assert_second_waits(desk);
}

static void test_over_the_quota_of_all_it_waits(void **state)
{
	struct desk *desk = *state;
	engine(desk)->options.attachments_max = 2 * (int64_t)sf_chunk_sealed_size(CONTENT_SIZE) - 1;
	assert_second_waits(desk);
}

/* What a party may submit in a time, chunks take from too. */
static void test_chunks_faster_than_a_party_may_are_not_kept(void **state)
{
	struct desk *desk = *state;
	const struct object object = make_object(desk, 1);
	struct desk_letter letter = record_letter(desk, &object, 1);
	engine(desk)->options.quota_bytes = (struct sf_quota_limit){SF_CHUNK_SEALED_MAX, 1000};
	sf_parties_find(&engine(desk)->parties, desk->hospital->party)->bytes =
		(struct sf_quota){0};
	bring(desk, desk->hospital, &letter, 0, 0, object.chunks[0]);
	assert_told(desk, desk->hospital, SF_CHUNK_GOOD, 1);
	bring(desk, desk->hospital, &letter, 0, 1, object.chunks[1]);
	assert_told(desk, desk->hospital, SF_CHUNK_QUOTA, 1);
	desk->world.now_ms += 2 * SF_MINUTE_MS;
	bring(desk, desk->hospital, &letter, 0, 1, object.chunks[1]);
	assert_told(desk, desk->hospital, SF_CHUNK_GOOD, 2);
}

static size_t count_told(struct desk *desk, const struct sf_sim_machine *to)
{
	size_t told_count = 0;
	while (desk_heard(desk, to, SF_FRAME_CHUNKS, told_count))
		told_count++;
	return told_count;
}

/* More are open than are asked for after one hello: each that is whole makes place for another. */
static void test_every_open_one_is_asked_for_in_the_end(void **state)
{
	struct desk *desk = *state;
	struct object objects[SF_ATTACHMENT_COUNT_MAX];
	for (size_t i = 0; i < SF_COUNT(objects); i++)
		objects[i] = make_object(desk, (uint8_t)(10 * i));
	struct desk_letter first = record_letter(desk, objects, SF_COUNT(objects));
	for (size_t i = 1; i < 33; i++) {
		struct desk_letter letter = desk_admission(desk);
		letter.message.attachment_count = SF_COUNT(objects);
		for (size_t k = 0; k < SF_COUNT(objects); k++)
			letter.message.attachments[k] = objects[k].named;
		assert_int_not_equal(desk_record(desk, &letter).outcome, SF_OUTCOME_REFUSED);
	}
	assert_int_equal(count(desk, &sf_table_attachment), 264);
	desk_hello(desk, desk->hospital);
	assert_int_equal(count_told(desk, desk->hospital), 256);
	const struct sf_frame_chunk last =
		desk_heard(desk, desk->hospital, SF_FRAME_CHUNKS, 255)->chunk;
	for (uint32_t i = 0; i < CHUNKS; i++)
		bring(desk, desk->hospital, &first, 0, i, objects[0].chunks[i]);
	/* Beside what is said of the one that is whole. */
	assert_int_equal(count_told(desk, desk->hospital), 2);
	bool another = false;
	for (size_t i = 0; i < 2; i++) {
		const struct sf_frame_chunk *heard =
			&desk_heard(desk, desk->hospital, SF_FRAME_CHUNKS, i)->chunk;
		another |= heard->index == 0 && sf_id_equal(heard->message_id, last.message_id)
				   ? heard->number > last.number
				   : heard->index == 0;
	}
	assert_true(another);
}

static void test_a_final_answer_ends_what_is_kept_and_given(void **state)
{
	struct desk *desk = *state;
	const struct object object = make_object(desk, 1);
	struct desk_letter letter = record_letter(desk, &object, 1);
	bring_all(desk, &letter, 0, &object);
	answer(desk, &letter, SF_ACK_TRANSIENT_ERROR);
	assert_int_equal(count(desk, &sf_table_chunk), CHUNKS);
	want(desk, desk->municipality, &letter, 0);
	assert_non_null(desk_heard(desk, desk->municipality, SF_FRAME_CHUNK, CHUNKS - 1));
	answer(desk, &letter, SF_ACK_OK);
	assert_int_equal(count(desk, &sf_table_chunk), 0);
	assert_int_equal(count(desk, &sf_table_attachment), 0);
	assert_int_equal(engine(desk)->attachments_size, 0);
	want(desk, desk->municipality, &letter, 0);
	assert_told(desk, desk->municipality, SF_CHUNK_ANSWERED, 0);
	bring(desk, desk->hospital, &letter, 0, 0, object.chunks[0]);
	assert_told(desk, desk->hospital, SF_CHUNK_UNKNOWN, 0);
	assert_int_equal(count(desk, &sf_table_chunk), 0);
}

static void test_who_has_answered_finally_has_no_more_of_it(void **state)
{
	struct desk *desk = *state;
	const struct object object = make_object(desk, 1);
	struct desk_letter letter = desk_admission(desk);
	letter.message.recipients[letter.message.recipient_count++] = desk->gp->party;
	letter.message.attachments[letter.message.attachment_count++] = object.named;
	assert_int_equal(desk_record(desk, &letter).outcome, SF_OUTCOME_APPLIED);
	bring_all(desk, &letter, 0, &object);
	answer(desk, &letter, SF_ACK_OK);
	want(desk, desk->municipality, &letter, 0);
	assert_told(desk, desk->municipality, SF_CHUNK_ANSWERED, 0);
	assert_null(desk_heard(desk, desk->municipality, SF_FRAME_CHUNK, 0));
	/* The other one still waits. */
	want(desk, desk->gp, &letter, 0);
	assert_non_null(desk_heard(desk, desk->gp, SF_FRAME_CHUNK, CHUNKS - 1));
}

static void test_erasing_takes_what_is_on_its_way(void **state)
{
	struct desk *desk = *state;
	const struct object objects[] = {make_object(desk, 1), make_object(desk, 9)};
	struct desk_letter letter = record_letter(desk, objects, 2);
	bring_all(desk, &letter, 0, &objects[0]);
	bring(desk, desk->hospital, &letter, 1, 0, objects[1].chunks[0]);
	assert_int_equal(count(desk, &sf_table_chunk), CHUNKS + 1);
	const struct sf_request request = {.kind = SF_REQUEST_ERASE,
		.erase = {.transition = desk->transition, .ground = SF_GROUND_ORDER}};
	struct sf_reply reply = desk_ask(desk, &request);
	assert_int_equal(reply.err, SF_OK);
	assert_true(reply.erased.done);
	assert_int_equal(count(desk, &sf_table_chunk), 0);
	assert_int_equal(count(desk, &sf_table_attachment), 0);
	assert_int_equal(engine(desk)->attachments_size, 0);
	bring(desk, desk->hospital, &letter, 1, 1, objects[1].chunks[1]);
	assert_told(desk, desk->hospital, SF_CHUNK_UNKNOWN, 0);
	/* Who took the letter and waits hears that it never comes, and stops asking. */
	want(desk, desk->municipality, &letter, 0);
	assert_told(desk, desk->municipality, SF_CHUNK_ANSWERED, 0);
}

static bool was_told_of(struct desk *desk, const struct desk_letter *letter)
{
	const struct sf_frame *frame;
	for (size_t i = 0; (frame = desk_heard(desk, desk->hospital, SF_FRAME_CHUNKS, i)); i++)
		if (sf_id_equal(frame->chunk.message_id, letter->message.id))
			return frame->chunk.code == SF_CHUNK_GOOD && frame->chunk.index == CHUNKS;
	return false;
}

/* One object comes in at a time: whose letter waits behind it would think that nobody answers. */
static void test_authors_of_what_waits_behind_another_hear_so(void **state)
{
	struct desk *desk = *state;
	const struct object objects[] = {make_object(desk, 1), make_object(desk, 9)};
	struct desk_letter given = record_letter(desk, &objects[0], 1);
	desk_take(desk, desk->municipality);
	bring_all(desk, &given, 0, &objects[0]);
	struct desk_letter waits = record_letter(desk, &objects[1], 1);
	bring_all(desk, &waits, 0, &objects[1]);
	/* Not taken yet: its author counts no half hour. */
	want(desk, desk->municipality, &given, 0);
	assert_true(was_told_of(desk, &given));
	assert_int_equal(count_told(desk, desk->hospital), 1);
	desk_restart(desk);
	desk_hello(desk, desk->hospital);
	desk_hello(desk, desk->municipality);
	desk_take(desk, desk->municipality);
	desk->world.now_ms += SF_MINUTE_MS;
	want(desk, desk->municipality, &given, 1);
	assert_true(was_told_of(desk, &given) && was_told_of(desk, &waits));
	assert_int_equal(count_told(desk, desk->hospital), 2);
	/* Once a minute, however fast chunks go. */
	want(desk, desk->municipality, &given, 2);
	assert_true(was_told_of(desk, &given) && !was_told_of(desk, &waits));
	desk->world.now_ms += SF_MINUTE_MS;
	want(desk, desk->municipality, &given, 2);
	assert_true(was_told_of(desk, &waits));
	/* Answered finally it waits no more. */
	answer(desk, &waits, SF_ACK_FATAL_ERROR);
	desk->world.now_ms += SF_MINUTE_MS;
	want(desk, desk->municipality, &given, 3);
	assert_int_equal(count_told(desk, desk->hospital), 1);
}

/* A node that always stops at the same place takes nothing in: that nobody answers is heard of. */
static void test_recipient_that_gets_no_further_keeps_no_author_waiting(void **state)
{
	struct desk *desk = *state;
	const struct object objects[] = {make_object(desk, 1), make_object(desk, 9)};
	struct desk_letter given = record_letter(desk, &objects[0], 1);
	desk_take(desk, desk->municipality);
	bring_all(desk, &given, 0, &objects[0]);
	struct desk_letter waits = record_letter(desk, &objects[1], 1);
	desk_take(desk, desk->municipality);
	bring_all(desk, &waits, 0, &objects[1]);
	/* It is given the one from its first chunk on, and never gets behind the second. */
	static const struct {
		uint32_t have;
		bool told;
	} asked[] = {
		{0, true}, {0, false}, {1, true}, {0, false}, {1, false}, {2, true}, {2, false}};
	for (size_t i = 0; i < SF_COUNT(asked); i++) {
		desk->world.now_ms += SF_MINUTE_MS;
		want(desk, desk->municipality, &given, asked[i].have);
		assert_true(was_told_of(desk, &given));
		assert_int_equal(was_told_of(desk, &waits), asked[i].told);
	}
	/* Another object is further, from its first chunk on. */
	desk->world.now_ms += SF_MINUTE_MS;
	want(desk, desk->municipality, &waits, 0);
	assert_true(was_told_of(desk, &given) && was_told_of(desk, &waits));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_connected, desk_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_chunks_in_order_are_asked_for_and_given_when_whole),
		TEST(test_only_its_author_brings_and_only_its_recipient_has),
		TEST(test_what_is_not_next_is_not_kept),
		TEST(test_another_content_than_was_signed_goes_whole),
		TEST(test_what_its_author_has_damaged_is_lost),
		TEST(test_what_its_author_has_no_more_is_lost),
		TEST(test_what_is_whole_is_not_lost),
		TEST(test_over_the_quota_of_a_party_it_waits),
		TEST(test_over_the_quota_of_all_it_waits),
		TEST(test_chunks_faster_than_a_party_may_are_not_kept),
		TEST(test_every_open_one_is_asked_for_in_the_end),
		TEST(test_a_final_answer_ends_what_is_kept_and_given),
		TEST(test_who_has_answered_finally_has_no_more_of_it),
		TEST(test_erasing_takes_what_is_on_its_way),
		TEST(test_authors_of_what_waits_behind_another_hear_so),
		TEST(test_recipient_that_gets_no_further_keeps_no_author_waiting),
	};
	return cmocka_run_group_tests_name("coordinator/attachment", tests, NULL, NULL);
}
