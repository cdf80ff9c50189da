/*
 * What is written of each frame, byte for byte as proto/frame.proto numbers it, and what is not
 * written: more than base/limits.h allows. That it is read again the same is for frame_test.c.
 */
#include "wire/frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "wire/epoch.h"
#include "unit/wire/raw.h"

#define ROOM (2 * SF_FRAME_SIZE_MAX)

struct paper {
	struct sf_buf inner;    /* what is expected inside the frame */
	struct sf_buf part;     /* of one message inside that */
	struct sf_buf expected; /* the frame */
	struct sf_buf written;
};

static int open_paper(void **state)
{
	struct paper *paper = calloc(1, sizeof(*paper));
	if (!paper)
		return -1;
	sf_buf_init(&paper->inner, ROOM);
	sf_buf_init(&paper->part, ROOM);
	sf_buf_init(&paper->expected, ROOM);
	sf_buf_init(&paper->written, ROOM);
	*state = paper;
	return 0;
}

static int close_paper(void **state)
{
	struct paper *paper = *state;
	sf_buf_fini(&paper->inner);
	sf_buf_fini(&paper->part);
	sf_buf_fini(&paper->expected);
	sf_buf_fini(&paper->written);
	free(paper);
	return 0;
}

/* Field number of the frame's member, and all that is expected inside it; begins a new one. */
static void expect(struct paper *paper, const struct sf_frame *frame, uint32_t field)
{
	raw_bytes(&paper->expected, field, sf_buf_view(&paper->inner));
	assert_int_equal(sf_frame_encode(frame, &paper->written), SF_OK);
	assert_int_equal(paper->written.size, paper->expected.size);
	assert_memory_equal(paper->written.data, paper->expected.data, paper->expected.size);
	sf_buf_clear(&paper->inner);
	sf_buf_clear(&paper->expected);
	sf_buf_clear(&paper->written);
}

/* Closes the message that was begun in paper->part as this field of the frame's member. */
static void put_part(struct paper *paper, uint32_t field)
{
	raw_bytes(&paper->inner, field, sf_buf_view(&paper->part));
	sf_buf_clear(&paper->part);
}

/* Refused, and nothing of it is written. */
static void refuse(struct paper *paper, const struct sf_frame *frame, enum sf_err err)
{
	assert_int_equal(sf_frame_encode(frame, &paper->written), err);
	assert_int_equal(paper->written.size, 0);
}

static void accept(struct paper *paper, const struct sf_frame *frame)
{
	assert_int_equal(sf_frame_encode(frame, &paper->written), SF_OK);
	sf_buf_clear(&paper->written);
}

static const struct sf_signed_receipt receipt = {.receipt = {(const uint8_t *)"receipt", 7},
	.index = 2,
	.count = 4,
	.path = {(const uint8_t *)"path", 4},
	.signature = {(const uint8_t *)"signature", 9}};

static void put_receipt(struct sf_buf *buf)
{
	raw_text(buf, 1, "receipt");
	raw_number(buf, 2, 2);
	raw_number(buf, 3, 4);
	raw_text(buf, 4, "path");
	raw_text(buf, 5, "signature");
}

static void put_item(struct paper *paper, uint64_t position, uint32_t field, const char *bytes)
{
	struct sf_buf signed_receipt;
	sf_buf_init(&signed_receipt, 256);
	put_receipt(&signed_receipt);
	if (position > 0)
		raw_number(&paper->part, 1, position);
	raw_text(&paper->part, field, bytes);
	raw_bytes(&paper->part, 4, sf_buf_view(&signed_receipt));
	sf_buf_fini(&signed_receipt);
}

static void test_hello_is_written_with_what_is_known(void **state)
{
	struct paper *paper = *state;
	const struct sf_view epochs[] = {sf_view_text("second"), sf_view_text("third")};
	struct sf_frame frame = {.kind = SF_FRAME_HELLO,
		.hello = {.version = 1,
			.software = "stafet 0.1",
			.directory_version = 5,
			.directory_head = raw_digest(1),
			.origin = "c/log/r/1",
			.epoch = 3,
			.coordinator = raw_id(2),
			.author_sequence = 9,
			.now_ms = 1234,
			.log_size = 77,
			.log_root = raw_digest(3),
			.log_note = sf_view_text("note"),
			.epoch_count = 2,
			.epochs = epochs}};
	raw_number(&paper->inner, 1, 1);
	raw_text(&paper->inner, 2, "stafet 0.1");
	raw_number(&paper->inner, 3, 5);
	raw_fill(&paper->inner, 4, 1, SF_DIGEST_SIZE);
	raw_text(&paper->inner, 5, "c/log/r/1");
	raw_number(&paper->inner, 6, 3);
	raw_fill(&paper->inner, 7, 2, SF_ID_SIZE);
	raw_number(&paper->inner, 8, 9);
	raw_number(&paper->inner, 9, 1234);
	raw_number(&paper->inner, 10, 77);
	raw_fill(&paper->inner, 11, 3, SF_DIGEST_SIZE);
	raw_text(&paper->inner, 12, "note");
	raw_text(&paper->inner, 13, "second");
	raw_text(&paper->inner, 13, "third");
	expect(paper, &frame, 1);
	/* What is none, or empty, is left out. */
	frame.hello = (struct sf_hello){.version = 1, .software = "", .origin = ""};
	raw_number(&paper->inner, 1, 1);
	expect(paper, &frame, 1);
}

static void test_hello_names_no_more_epochs_than_there_may_be(void **state)
{
	struct paper *paper = *state;
	struct sf_view epochs[SF_EPOCH_COUNT_MAX + 1];
	for (size_t i = 0; i < SF_COUNT(epochs); i++)
		epochs[i] = sf_view_text("epoch");
	struct sf_frame frame = {.kind = SF_FRAME_HELLO,
		.hello = {.software = "",
			.origin = "",
			.epoch_count = SF_COUNT(epochs),
			.epochs = epochs}};
	refuse(paper, &frame, SF_ERR_LIMIT);
	frame.hello.epoch_count--;
	accept(paper, &frame);
}

static void test_letters_and_receipts_are_written_in_order(void **state)
{
	struct paper *paper = *state;
	const struct sf_view envelopes[] = {sf_view_text("first"), sf_view_text("second")};
	struct sf_frame frame = {.kind = SF_FRAME_SUBMIT, .count = 2, .envelopes = envelopes};
	raw_text(&paper->inner, 1, "first");
	raw_text(&paper->inner, 1, "second");
	expect(paper, &frame, 2);

	struct sf_signed_receipt receipts[] = {receipt, receipt};
	receipts[1].index = UINT16_MAX;
	frame = (struct sf_frame){.kind = SF_FRAME_STORED, .count = 2, .receipts = receipts};
	put_receipt(&paper->part);
	put_part(paper, 1);
	raw_text(&paper->part, 1, "receipt");
	raw_number(&paper->part, 2, UINT16_MAX);
	raw_number(&paper->part, 3, 4);
	raw_text(&paper->part, 4, "path");
	raw_text(&paper->part, 5, "signature");
	put_part(paper, 1);
	expect(paper, &frame, 3);
}

static void test_items_are_written_with_their_receipts(void **state)
{
	struct paper *paper = *state;
	const struct sf_item items[] = {
		{.position = UINT64_MAX, .envelope = sf_view_text("whole"), .receipt = receipt},
		{.position = 8, .cover = sf_view_text("cover"), .receipt = receipt},
	};
	struct sf_frame frame = {.kind = SF_FRAME_DELIVER, .count = 2, .items = items};
	put_item(paper, UINT64_MAX, 2, "whole");
	put_part(paper, 1);
	put_item(paper, 8, 3, "cover");
	put_part(paper, 1);
	expect(paper, &frame, 4);

	const struct sf_view records[] = {sf_view_text("agreement")};
	const struct sf_item statement = {.cover = sf_view_text("proposal"), .receipt = receipt};
	frame = (struct sf_frame){.kind = SF_FRAME_AGREEMENTS,
		.count = 1,
		.records = records,
		.statement_count = 1,
		.statements = &statement};
	raw_text(&paper->inner, 1, "agreement");
	put_item(paper, 0, 3, "proposal");
	put_part(paper, 2);
	expect(paper, &frame, 12);
}

static void test_what_was_taken_and_what_must_wait_is_named(void **state)
{
	struct paper *paper = *state;
	const uint64_t positions[] = {7, 300};
	const struct sf_notice notices[] = {{raw_id(1), raw_id(2)}, {raw_id(3), raw_id(4)}};
	struct sf_frame frame = {.kind = SF_FRAME_TAKEN,
		.count = 2,
		.positions = positions,
		.notice_count = 2,
		.notices = notices};
	/* proto3 packs numbers that repeat. */
	raw_bytes(&paper->inner, 1, sf_view_of("\x07\xac\x02", 3));
	for (uint8_t value = 1; value < 4; value = (uint8_t)(value + 2)) {
		raw_fill(&paper->part, 1, value, SF_ID_SIZE);
		raw_fill(&paper->part, 2, (uint8_t)(value + 1), SF_ID_SIZE);
		put_part(paper, 2);
	}
	expect(paper, &frame, 5);

	const struct sf_id ids[] = {raw_id(5), raw_id(6)};
	frame = (struct sf_frame){.kind = SF_FRAME_RETRY_LATER,
		.count = 2,
		.envelope_ids = ids,
		.retry_code = SF_RETRY_FUTURE,
		.retry_after_ms = 1500};
	raw_fill(&paper->inner, 1, 5, SF_ID_SIZE);
	raw_fill(&paper->inner, 1, 6, SF_ID_SIZE);
	raw_number(&paper->inner, 2, 2);
	raw_number(&paper->inner, 3, 1500);
	expect(paper, &frame, 6);
}

static void test_frames_of_the_log_are_written(void **state)
{
	struct paper *paper = *state;
	struct sf_frame frame = {.kind = SF_FRAME_CHECKPOINT,
		.log = {.note = sf_view_text("note"),
			.from_size = 5,
			.path = sf_view_text("hashes"),
			.witnessed = sf_view_text("cosigned")}};
	raw_text(&paper->inner, 1, "note");
	raw_number(&paper->inner, 2, 5);
	raw_text(&paper->inner, 3, "hashes");
	raw_text(&paper->inner, 4, "cosigned");
	expect(paper, &frame, 7);

	frame = (struct sf_frame){.kind = SF_FRAME_COSIGN,
		.log = {.epoch = 2, .size = 9, .line = sf_view_text("line")}};
	raw_number(&paper->inner, 1, 2);
	raw_number(&paper->inner, 2, 9);
	raw_text(&paper->inner, 3, "line");
	expect(paper, &frame, 8);

	const uint64_t indexes[] = {0, 130};
	const struct sf_inclusion inclusions[] = {{130, sf_view_text("up")}};
	frame = (struct sf_frame){.kind = SF_FRAME_PROOF,
		.log = {.epoch = 2,
			.size = 200,
			.index_count = 2,
			.indexes = indexes,
			.inclusion_count = 1,
			.inclusions = inclusions}};
	raw_number(&paper->inner, 1, 2);
	raw_number(&paper->inner, 2, 200);
	raw_bytes(&paper->inner, 3, sf_view_of("\x00\x82\x01", 3));
	raw_number(&paper->part, 1, 130);
	raw_text(&paper->part, 2, "up");
	put_part(paper, 4);
	expect(paper, &frame, 9);

	frame = (struct sf_frame){.kind = SF_FRAME_CONSISTENCY,
		.log = {.epoch = 2,
			.from_size = 3,
			.size = 4,
			.reply = true,
			.path = sf_view_text("hashes")}};
	raw_number(&paper->inner, 1, 2);
	raw_number(&paper->inner, 2, 3);
	raw_number(&paper->inner, 3, 4);
	raw_number(&paper->inner, 4, 1);
	raw_text(&paper->inner, 5, "hashes");
	expect(paper, &frame, 10);
}

static void test_directory_and_questions_are_written(void **state)
{
	struct paper *paper = *state;
	const struct sf_view records[] = {sf_view_text("r1"), sf_view_text("r2")};
	struct sf_frame frame = {.kind = SF_FRAME_DIRECTORY,
		.count = 2,
		.records = records,
		.directory_from = 3,
		.directory_version = 4,
		.directory_head = raw_digest(5)};
	raw_number(&paper->inner, 1, 3);
	raw_text(&paper->inner, 2, "r1");
	raw_text(&paper->inner, 2, "r2");
	raw_number(&paper->inner, 3, 4);
	raw_fill(&paper->inner, 4, 5, SF_DIGEST_SIZE);
	expect(paper, &frame, 11);

	frame = (struct sf_frame){
		.kind = SF_FRAME_QUERY, .directory_from = 9, .want_agreements = true};
	raw_number(&paper->inner, 1, 9);
	raw_number(&paper->inner, 2, 1);
	expect(paper, &frame, 13);

	/* A summary is 32 bytes whatever they are; a digest of no rows is left out. */
	const struct sf_reconcile_row rows[] = {{raw_id(1), 6, raw_digest(0)}};
	frame = (struct sf_frame){.kind = SF_FRAME_RECONCILE,
		.count = 1,
		.reconcile_count = 70000,
		.want_rows = true,
		.reconcile_rows = rows};
	raw_number(&paper->inner, 2, 70000);
	raw_number(&paper->inner, 3, 1);
	raw_fill(&paper->part, 1, 1, SF_ID_SIZE);
	raw_number(&paper->part, 2, 6);
	raw_fill(&paper->part, 3, 0, SF_DIGEST_SIZE);
	put_part(paper, 4);
	expect(paper, &frame, 14);
}

static void test_small_frames_are_written(void **state)
{
	struct paper *paper = *state;
	struct sf_frame frame = {.kind = SF_FRAME_CREDIT, .credit = 256};
	raw_number(&paper->inner, 1, 256);
	expect(paper, &frame, 15);
	frame = (struct sf_frame){
		.kind = SF_FRAME_PING, .ping_number = 3, .ping_reply = true, .ping_now_ms = 4};
	raw_number(&paper->inner, 1, 3);
	raw_number(&paper->inner, 2, 1);
	raw_number(&paper->inner, 3, 4);
	expect(paper, &frame, 16);
	frame = (struct sf_frame){.kind = SF_FRAME_ERROR,
		.error = SF_FRAME_ERROR_ERASED,
		.error_digest = raw_digest(1),
		.error_envelope_id = raw_id(2)};
	raw_number(&paper->inner, 1, 7);
	raw_fill(&paper->inner, 2, 1, SF_DIGEST_SIZE);
	raw_fill(&paper->inner, 3, 2, SF_ID_SIZE);
	expect(paper, &frame, 17);
	const struct sf_frame_chunk chunk = {.author = raw_id(1),
		.message_id = raw_id(2),
		.number = 7,
		.index = 9,
		.bytes = sf_view_text("sealed"),
		.code = SF_CHUNK_GONE};
	for (uint32_t field = 18; field < 20; field++) {
		raw_fill(&paper->inner, 1, 1, SF_ID_SIZE);
		raw_fill(&paper->inner, 2, 2, SF_ID_SIZE);
		raw_number(&paper->inner, 3, 7);
		raw_number(&paper->inner, 4, 9);
		if (field == 18)
			raw_text(&paper->inner, 5, "sealed");
		else
			raw_number(&paper->inner, 5, 4);
		frame = (struct sf_frame){
			.kind = field == 18 ? SF_FRAME_CHUNK : SF_FRAME_CHUNKS, .chunk = chunk};
		expect(paper, &frame, field);
	}
}

/* A frame without anything in it is still a frame of its kind. */
static void test_empty_arrays_are_written_as_nothing(void **state)
{
	struct paper *paper = *state;
	static const struct {
		enum sf_frame_kind kind;
		uint32_t field;
	} empty[] = {
		{SF_FRAME_SUBMIT, 2},
		{SF_FRAME_STORED, 3},
		{SF_FRAME_DELIVER, 4},
		{SF_FRAME_TAKEN, 5},
		{SF_FRAME_RETRY_LATER, 6},
		{SF_FRAME_PROOF, 9},
		{SF_FRAME_DIRECTORY, 11},
		{SF_FRAME_AGREEMENTS, 12},
		{SF_FRAME_RECONCILE, 14},
	};
	for (size_t i = 0; i < SF_COUNT(empty); i++) {
		const struct sf_frame frame = {.kind = empty[i].kind};
		expect(paper, &frame, empty[i].field);
	}
}

/* base/limits.h: as many fit, and one more does not. */
static void test_no_frame_holds_more_than_its_limit(void **state)
{
	struct paper *paper = *state;
	size_t most = SF_BATCH_COUNT_MAX;
	struct sf_view *views = calloc(SF_FRAME_ITEM_COUNT_MAX + 1, sizeof(*views));
	struct sf_item *items = calloc(SF_FRAME_ITEM_COUNT_MAX + 1, sizeof(*items));
	struct sf_signed_receipt *receipts = calloc(most + 1, sizeof(*receipts));
	uint64_t *positions = calloc(most + 1, sizeof(*positions));
	struct sf_notice *notices = calloc(most + 1, sizeof(*notices));
	struct sf_id *ids = calloc(most + 1, sizeof(*ids));
	struct sf_inclusion *inclusions = calloc(SF_FRAME_ITEM_COUNT_MAX + 1, sizeof(*inclusions));
	assert_true(views && items && receipts && positions && notices && ids && inclusions);
	const struct {
		enum sf_frame_kind kind;
		size_t count_max;
	} limits[] = {
		{SF_FRAME_SUBMIT, SF_FRAME_ITEM_COUNT_MAX},
		{SF_FRAME_STORED, SF_BATCH_COUNT_MAX},
		{SF_FRAME_DELIVER, SF_FRAME_ITEM_COUNT_MAX},
		{SF_FRAME_TAKEN, SF_BATCH_COUNT_MAX},
		{SF_FRAME_RETRY_LATER, SF_BATCH_COUNT_MAX},
		{SF_FRAME_DIRECTORY, SF_FRAME_ITEM_COUNT_MAX},
		{SF_FRAME_AGREEMENTS, SF_FRAME_ITEM_COUNT_MAX},
	};
	struct sf_frame frame = {.envelopes = views,
		.records = views,
		.items = items,
		.statements = items,
		.receipts = receipts,
		.positions = positions,
		.notices = notices,
		.envelope_ids = ids,
		.log = {.indexes = positions, .inclusions = inclusions}};
	for (size_t i = 0; i < SF_COUNT(limits); i++) {
		frame.kind = limits[i].kind;
		frame.count = limits[i].count_max + 1;
		refuse(paper, &frame, SF_ERR_LIMIT);
		frame.count = limits[i].count_max;
		accept(paper, &frame);
	}
	frame.count = 0;
	frame.kind = SF_FRAME_TAKEN;
	frame.notice_count = SF_BATCH_COUNT_MAX + 1;
	refuse(paper, &frame, SF_ERR_LIMIT);
	frame.notice_count--;
	accept(paper, &frame);
	frame.kind = SF_FRAME_AGREEMENTS;
	frame.statement_count = SF_FRAME_ITEM_COUNT_MAX + 1;
	refuse(paper, &frame, SF_ERR_LIMIT);
	frame.statement_count--;
	accept(paper, &frame);
	frame.kind = SF_FRAME_PROOF;
	frame.log.index_count = SF_FRAME_ITEM_COUNT_MAX + 1;
	refuse(paper, &frame, SF_ERR_LIMIT);
	frame.log.index_count--;
	frame.log.inclusion_count = SF_FRAME_ITEM_COUNT_MAX + 1;
	refuse(paper, &frame, SF_ERR_LIMIT);
	frame.log.inclusion_count--;
	accept(paper, &frame);
	free(views);
	free(items);
	free(receipts);
	free(positions);
	free(notices);
	free(ids);
	free(inclusions);
}

static void test_chunks_and_notes_have_their_own_limits(void **state)
{
	struct paper *paper = *state;
	uint8_t *bytes = calloc(1, SF_CHUNK_SEALED_MAX + 1);
	assert_non_null(bytes);
	struct sf_frame frame = {.kind = SF_FRAME_CHUNK,
		.chunk = {.bytes = sf_view_of(bytes, SF_CHUNK_SEALED_MAX + 1)}};
	refuse(paper, &frame, SF_ERR_LIMIT);
	frame.chunk.bytes.size--;
	accept(paper, &frame);
	frame = (struct sf_frame){
		.kind = SF_FRAME_CHECKPOINT, .log = {.note = sf_view_of(bytes, 65537)}};
	refuse(paper, &frame, SF_ERR_LIMIT);
	frame.log.note.size--;
	frame.log.witnessed = sf_view_of(bytes, 65537);
	refuse(paper, &frame, SF_ERR_LIMIT);
	frame.log.witnessed.size--;
	accept(paper, &frame);
	free(bytes);
}

/* Tag and length of submit, and tag and length of the one envelope in it. */
#define AROUND_ONE_ENVELOPE ((size_t)8)

static void test_no_frame_is_larger_than_the_peer_reads(void **state)
{
	struct paper *paper = *state;
	uint8_t *bytes = calloc(1, SF_FRAME_SIZE_MAX);
	assert_non_null(bytes);
	struct sf_view envelope = sf_view_of(bytes, SF_FRAME_SIZE_MAX - AROUND_ONE_ENVELOPE + 1);
	const struct sf_frame frame = {.kind = SF_FRAME_SUBMIT, .count = 1, .envelopes = &envelope};
	refuse(paper, &frame, SF_ERR_LIMIT);
	envelope.size--;
	assert_int_equal(sf_frame_encode(&frame, &paper->written), SF_OK);
	assert_int_equal(paper->written.size, SF_FRAME_SIZE_MAX);
	free(bytes);
}

/* What stands in the buffer already stays; what does not fit its ceiling is not begun. */
static void test_frames_are_appended_up_to_the_ceiling(void **state)
{
	struct paper *paper = *state;
	const struct sf_frame frame = {.kind = SF_FRAME_CREDIT, .credit = 5};
	struct sf_buf buf;
	sf_buf_init(&buf, 9);
	assert_int_equal(sf_frame_encode(&frame, &buf), SF_OK);
	assert_int_equal(sf_frame_encode(&frame, &buf), SF_OK);
	assert_int_equal(buf.size, 8);
	assert_int_equal(sf_frame_encode(&frame, &buf), SF_ERR_LIMIT);
	assert_int_equal(buf.size, 8);
	raw_number(&paper->inner, 1, 5);
	raw_bytes(&paper->expected, 15, sf_buf_view(&paper->inner));
	raw_bytes(&paper->expected, 15, sf_buf_view(&paper->inner));
	assert_memory_equal(buf.data, paper->expected.data, buf.size);
	sf_buf_fini(&buf);
}

static void test_frames_of_no_kind_are_not_written(void **state)
{
	struct paper *paper = *state;
	struct sf_frame frame = {.kind = SF_FRAME_NONE};
	refuse(paper, &frame, SF_ERR_USAGE);
	frame.kind = (enum sf_frame_kind)(SF_FRAME_CHUNKS + 1);
	refuse(paper, &frame, SF_ERR_USAGE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_paper, close_paper)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_hello_is_written_with_what_is_known),
		TEST(test_hello_names_no_more_epochs_than_there_may_be),
		TEST(test_letters_and_receipts_are_written_in_order),
		TEST(test_items_are_written_with_their_receipts),
		TEST(test_what_was_taken_and_what_must_wait_is_named),
		TEST(test_frames_of_the_log_are_written),
		TEST(test_directory_and_questions_are_written),
		TEST(test_small_frames_are_written),
		TEST(test_empty_arrays_are_written_as_nothing),
		TEST(test_no_frame_holds_more_than_its_limit),
		TEST(test_chunks_and_notes_have_their_own_limits),
		TEST(test_no_frame_is_larger_than_the_peer_reads),
		TEST(test_frames_are_appended_up_to_the_ceiling),
		TEST(test_frames_of_no_kind_are_not_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
