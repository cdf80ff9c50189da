#include "wire/frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/wire/raw.h"

#define FRAME_PROTO SF_TESTS_DIR "/../proto/frame.proto"
#define ZEROMQ_TABLE SF_TESTS_DIR "/../proto/zeromq.md"
#define FRAME_KINDS 32
#define ARENA_SIZE ((size_t)8388608)

static uint8_t signature[64] = {1, 2, 3};
static uint8_t path[64] = {4, 5, 6};

static struct sf_signed_receipt receipt_of(const char *text)
{
	return (struct sf_signed_receipt){
		.receipt = sf_view_text(text),
		.index = 2,
		.count = 4,
		.path = sf_view_of(path, sizeof(path)),
		.signature = sf_view_of(signature, sizeof(signature)),
	};
}

static enum sf_err there_and_back(
	const struct sf_frame *frame, struct sf_arena *arena, struct sf_frame *ret_frame)
{
	struct sf_buf buf;
	sf_buf_init(&buf, 2 * SF_FRAME_SIZE_MAX);
	enum sf_err err = sf_frame_encode(frame, &buf);
	if (!err)
		err = sf_frame_decode(sf_buf_view(&buf), arena, ret_frame, NULL);
	sf_buf_fini(&buf);
	if (!err)
		assert_int_equal(ret_frame->kind, frame->kind);
	return err;
}

static void test_hello_comes_back_as_it_was(void **state)
{
	(void)state;
	struct sf_arena arena;
	sf_arena_init(&arena, ARENA_SIZE);
	struct sf_frame frame = {.kind = SF_FRAME_HELLO};
	frame.hello = (struct sf_hello){
		.version = 1,
		.software = "stafet 0.1",
		.directory_version = 5,
		.directory_head = raw_digest(1),
		.origin = "c/log/r/1",
		.epoch = 1,
		.coordinator = raw_id(2),
		.author_sequence = 9,
		.now_ms = 1234,
		.log_size = 77,
		.log_root = raw_digest(3),
		.log_note = sf_view_text("a note"),
	};
	struct sf_frame back;
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_OK);
	assert_int_equal(back.hello.version, 1);
	assert_string_equal(back.hello.software, "stafet 0.1");
	assert_int_equal(back.hello.directory_version, 5);
	assert_true(sf_digest_equal(&back.hello.directory_head, &frame.hello.directory_head));
	assert_string_equal(back.hello.origin, "c/log/r/1");
	assert_int_equal(back.hello.epoch, 1);
	assert_true(sf_id_equal(back.hello.coordinator, raw_id(2)));
	assert_int_equal(back.hello.author_sequence, 9);
	assert_int_equal(back.hello.now_ms, 1234);
	assert_int_equal(back.hello.log_size, 77);
	assert_true(sf_digest_equal(&back.hello.log_root, &frame.hello.log_root));
	assert_true(sf_view_equal(back.hello.log_note, frame.hello.log_note));
	frame.hello.origin = "\xff";
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_ERR_FORMAT);
	sf_arena_fini(&arena);
}

static void test_submit_and_stored_come_back_as_they_were(void **state)
{
	(void)state;
	struct sf_arena arena;
	sf_arena_init(&arena, ARENA_SIZE);
	const struct sf_view envelopes[] = {sf_view_text("first"), sf_view_text("second")};
	struct sf_frame frame = {.kind = SF_FRAME_SUBMIT, .count = 2, .envelopes = envelopes};
	struct sf_frame back;
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_OK);
	assert_int_equal(back.count, 2);
	assert_true(sf_view_equal(back.envelopes[0], envelopes[0]));
	assert_true(sf_view_equal(back.envelopes[1], envelopes[1]));

	const struct sf_signed_receipt receipts[] = {receipt_of("one"), receipt_of("two")};
	frame = (struct sf_frame){.kind = SF_FRAME_STORED, .count = 2, .receipts = receipts};
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_OK);
	assert_int_equal(back.count, 2);
	assert_true(sf_view_equal(back.receipts[1].receipt, sf_view_text("two")));
	assert_int_equal(back.receipts[1].index, 2);
	assert_int_equal(back.receipts[1].count, 4);
	assert_true(sf_view_equal(back.receipts[1].path, receipts[1].path));
	assert_true(sf_view_equal(back.receipts[1].signature, receipts[1].signature));
	sf_arena_fini(&arena);
}

static void test_deliver_and_taken_come_back_as_they_were(void **state)
{
	(void)state;
	struct sf_arena arena;
	sf_arena_init(&arena, ARENA_SIZE);
	const struct sf_item items[] = {
		{.position = 7, .envelope = sf_view_text("whole"), .receipt = receipt_of("a")},
		{.position = 8, .cover = sf_view_text("cover"), .receipt = receipt_of("b")},
	};
	struct sf_frame frame = {.kind = SF_FRAME_DELIVER, .count = 2, .items = items};
	struct sf_frame back;
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_OK);
	assert_int_equal(back.count, 2);
	assert_int_equal(back.items[0].position, 7);
	assert_true(sf_view_equal(back.items[0].envelope, items[0].envelope));
	assert_int_equal(back.items[0].cover.size, 0);
	assert_true(sf_view_equal(back.items[1].cover, items[1].cover));
	assert_true(sf_view_equal(back.items[1].receipt.receipt, sf_view_text("b")));

	const uint64_t positions[] = {7, 8, UINT64_MAX};
	const struct sf_notice notices[] = {{raw_id(1), raw_id(2)}};
	frame = (struct sf_frame){.kind = SF_FRAME_TAKEN,
		.count = 3,
		.positions = positions,
		.notice_count = 1,
		.notices = notices};
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_OK);
	assert_int_equal(back.count, 3);
	assert_int_equal(back.positions[2], UINT64_MAX);
	assert_int_equal(back.notice_count, 1);
	assert_true(sf_id_equal(back.notices[0].party, raw_id(2)));
	sf_arena_fini(&arena);
}

static void test_item_is_either_envelope_or_cover(void **state)
{
	(void)state;
	struct sf_arena arena;
	sf_arena_init(&arena, ARENA_SIZE);
	struct sf_item item = {.position = 1, .receipt = receipt_of("a")};
	struct sf_frame frame = {.kind = SF_FRAME_DELIVER, .count = 1, .items = &item};
	struct sf_frame back;
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_ERR_FORMAT);
	item.envelope = item.cover = sf_view_text("both");
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_ERR_FORMAT);
	item.cover = sf_view_of(NULL, 0);
	item.receipt.index = 4;
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_ERR_FORMAT);
	item.receipt.index = 0;
	item.receipt.path.size = 33;
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_ERR_FORMAT);
	item.receipt.path.size = 32;
	item.receipt.signature.size = 63;
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_ERR_FORMAT);
	sf_arena_fini(&arena);
}

static void test_retry_directory_and_agreements_come_back(void **state)
{
	(void)state;
	struct sf_arena arena;
	sf_arena_init(&arena, ARENA_SIZE);
	const struct sf_id ids[] = {raw_id(1), raw_id(2)};
	struct sf_frame frame = {.kind = SF_FRAME_RETRY_LATER,
		.count = 2,
		.envelope_ids = ids,
		.retry_code = SF_RETRY_FUTURE,
		.retry_after_ms = 500};
	struct sf_frame back;
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_OK);
	assert_int_equal(back.count, 2);
	assert_true(sf_id_equal(back.envelope_ids[1], ids[1]));
	assert_int_equal(back.retry_code, SF_RETRY_FUTURE);
	assert_int_equal(back.retry_after_ms, 500);

	const struct sf_view records[] = {sf_view_text("r1"), sf_view_text("r2")};
	frame = (struct sf_frame){.kind = SF_FRAME_DIRECTORY,
		.count = 2,
		.records = records,
		.directory_from = 3,
		.directory_version = 4,
		.directory_head = raw_digest(5)};
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_OK);
	assert_int_equal(back.count, 2);
	assert_int_equal(back.directory_from, 3);
	assert_int_equal(back.directory_version, 4);
	assert_true(sf_view_equal(back.records[1], records[1]));
	assert_true(sf_digest_equal(&back.directory_head, &frame.directory_head));

	frame = (struct sf_frame){.kind = SF_FRAME_AGREEMENTS, .count = 1, .records = records};
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_OK);
	assert_true(sf_view_equal(back.records[0], records[0]));
	sf_arena_fini(&arena);
}

static void test_statements_are_covers_with_receipts(void **state)
{
	(void)state;
	struct sf_arena arena;
	sf_arena_init(&arena, ARENA_SIZE);
	const struct sf_view records[] = {sf_view_text("agreement")};
	struct sf_item statements[] = {
		{.cover = sf_view_text("proposal"), .receipt = receipt_of("a")},
		{.cover = sf_view_text("acceptance"), .receipt = receipt_of("b")},
	};
	struct sf_frame frame = {.kind = SF_FRAME_AGREEMENTS,
		.count = 1,
		.records = records,
		.statement_count = 2,
		.statements = statements};
	struct sf_frame back;
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_OK);
	assert_int_equal(back.count, 1);
	assert_true(sf_view_equal(back.records[0], records[0]));
	assert_int_equal(back.statement_count, 2);
	assert_true(sf_view_equal(back.statements[0].cover, statements[0].cover));
	assert_true(sf_view_equal(back.statements[1].receipt.receipt, sf_view_text("b")));
	assert_int_equal(back.statements[1].receipt.index, 2);
	statements[1].receipt.signature.size = 63;
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_ERR_FORMAT);
	statements[1].receipt.signature.size = 64;
	statements[1].cover = sf_view_of(NULL, 0);
	statements[1].envelope = sf_view_text("whole");
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_ERR_FORMAT);
	struct sf_item many[SF_FRAME_ITEM_COUNT_MAX + 1];
	for (size_t i = 0; i < SF_COUNT(many); i++)
		many[i] = statements[0];
	frame.statements = many;
	frame.statement_count = SF_COUNT(many);
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_ERR_LIMIT);
	frame.statement_count = SF_COUNT(many) - 1;
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_OK);
	sf_arena_fini(&arena);
}

static void test_statements_beyond_the_limit_are_not_read(void **state)
{
	(void)state;
	struct sf_arena arena;
	struct sf_buf inner;
	struct sf_buf buf;
	sf_arena_init(&arena, 65536);
	sf_buf_init(&inner, 4096);
	sf_buf_init(&buf, 4096);
	for (size_t i = 0; i <= SF_FRAME_ITEM_COUNT_MAX; i++)
		raw_fill(&inner, 2, 0, 0);
	raw_bytes(&buf, 12, sf_buf_view(&inner));
	struct sf_frame back;
	assert_int_equal(sf_frame_decode(sf_buf_view(&buf), &arena, &back, NULL), SF_ERR_LIMIT);
	sf_buf_clear(&inner);
	sf_buf_clear(&buf);
	raw_number(&inner, 2, 1);
	raw_bytes(&buf, 12, sf_buf_view(&inner));
	assert_int_equal(sf_frame_decode(sf_buf_view(&buf), &arena, &back, NULL), SF_ERR_FORMAT);
	sf_buf_fini(&inner);
	sf_buf_fini(&buf);
	sf_arena_fini(&arena);
}

static void test_reconciliation_comes_back_as_it_was(void **state)
{
	(void)state;
	struct sf_arena arena;
	sf_arena_init(&arena, ARENA_SIZE);
	struct sf_reconcile_row rows[] = {
		{raw_id(1), 5, raw_digest(2)},
		{raw_id(3), INT64_MAX, raw_digest(4)},
	};
	struct sf_frame frame = {.kind = SF_FRAME_RECONCILE,
		.reconcile_digest = raw_digest(9),
		.reconcile_count = 70000,
		.want_rows = true,
		.count = 2,
		.reconcile_rows = rows};
	struct sf_frame back;
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_OK);
	assert_true(sf_digest_equal(&back.reconcile_digest, &frame.reconcile_digest));
	assert_int_equal(back.reconcile_count, 70000);
	assert_true(back.want_rows);
	assert_int_equal(back.count, 2);
	assert_true(sf_id_equal(back.reconcile_rows[1].transition, raw_id(3)));
	assert_int_equal(back.reconcile_rows[1].sequence, INT64_MAX);
	assert_true(sf_digest_equal(&back.reconcile_rows[1].summary, &rows[1].summary));
	rows[1].sequence = (uint64_t)INT64_MAX + 1;
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_ERR_FORMAT);
	rows[1] = rows[0]; /* twice */
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_ERR_FORMAT);
	rows[1].transition = raw_id(0);
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_ERR_FORMAT);
	frame.count = 0;
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_OK);
	assert_int_equal(back.count, 0);
	sf_arena_fini(&arena);
}

static void test_rows_of_reconciliation_are_bounded(void **state)
{
	(void)state;
	struct sf_arena arena;
	sf_arena_init(&arena, ARENA_SIZE);
	size_t count = SF_RECONCILE_ROW_COUNT_MAX + 1;
	struct sf_reconcile_row *rows = calloc(count, sizeof(*rows));
	assert_non_null(rows);
	for (size_t i = 0; i < count; i++) {
		sf_put_u64(rows[i].transition.bytes, i + 1);
		rows[i].sequence = INT64_MAX;
	}
	struct sf_frame frame = {
		.kind = SF_FRAME_RECONCILE, .count = count, .reconcile_rows = rows};
	struct sf_frame back;
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_ERR_LIMIT);
	frame.count--;
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_OK);
	assert_int_equal(back.count, SF_RECONCILE_ROW_COUNT_MAX);
	free(rows);
	sf_arena_clear(&arena);
	struct sf_buf inner;
	struct sf_buf buf;
	sf_buf_init(&inner, SF_FRAME_SIZE_MAX);
	sf_buf_init(&buf, SF_FRAME_SIZE_MAX);
	for (size_t i = 0; i < count; i++)
		raw_fill(&inner, 4, 0, 0);
	raw_bytes(&buf, 14, sf_buf_view(&inner));
	assert_int_equal(sf_frame_decode(sf_buf_view(&buf), &arena, &back, NULL), SF_ERR_LIMIT);
	sf_buf_fini(&inner);
	sf_buf_fini(&buf);
	sf_arena_fini(&arena);
}

static void test_small_frames_come_back(void **state)
{
	(void)state;
	struct sf_arena arena;
	sf_arena_init(&arena, ARENA_SIZE);
	struct sf_frame back;
	struct sf_frame frame = {
		.kind = SF_FRAME_QUERY, .directory_from = 9, .want_agreements = true};
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_OK);
	assert_int_equal(back.directory_from, 9);
	assert_true(back.want_agreements);
	frame = (struct sf_frame){.kind = SF_FRAME_CREDIT, .credit = 256};
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_OK);
	assert_int_equal(back.credit, 256);
	frame = (struct sf_frame){
		.kind = SF_FRAME_PING, .ping_number = 3, .ping_reply = true, .ping_now_ms = 4};
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_OK);
	assert_int_equal(back.ping_number, 3);
	assert_true(back.ping_reply);
	assert_int_equal(back.ping_now_ms, 4);
	frame = (struct sf_frame){.kind = SF_FRAME_ERROR,
		.error = SF_FRAME_ERROR_SIGNATURE,
		.error_digest = raw_digest(1),
		.error_envelope_id = raw_id(2)};
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_OK);
	assert_int_equal(back.error, SF_FRAME_ERROR_SIGNATURE);
	assert_true(sf_id_equal(back.error_envelope_id, raw_id(2)));
	frame = (struct sf_frame){.kind = SF_FRAME_NONE};
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_ERR_USAGE);
	sf_arena_fini(&arena);
}

static void test_limits_of_items_hold_both_ways(void **state)
{
	(void)state;
	struct sf_arena arena;
	sf_arena_init(&arena, ARENA_SIZE);
	struct sf_view envelopes[257];
	for (size_t i = 0; i < 257; i++)
		envelopes[i] = sf_view_text("e");
	struct sf_frame frame = {.kind = SF_FRAME_SUBMIT, .count = 257, .envelopes = envelopes};
	struct sf_frame back;
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_ERR_LIMIT);
	frame.count = 256;
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_OK);

	struct sf_buf inner;
	struct sf_buf buf;
	sf_buf_init(&inner, 65536);
	sf_buf_init(&buf, 65536);
	for (size_t i = 0; i < 257; i++)
		raw_text(&inner, 1, "e");
	raw_bytes(&buf, 2, sf_buf_view(&inner));
	assert_int_equal(sf_frame_decode(sf_buf_view(&buf), &arena, &back, NULL), SF_ERR_LIMIT);
	sf_buf_fini(&inner);
	sf_buf_fini(&buf);

	/* Two that are together larger than 1 MiB are refused, one that is larger is not. */
	uint8_t *large = calloc(1, SF_FRAME_ITEMS_SIZE_MAX + 1000);
	envelopes[0] = sf_view_of(large, SF_FRAME_ITEMS_SIZE_MAX + 1000);
	frame.count = 2;
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_ERR_LIMIT);
	frame.count = 1;
	assert_int_equal(there_and_back(&frame, &arena, &back), SF_OK);
	free(large);
	sf_arena_fini(&arena);
}

static void test_frames_of_later_versions_are_none(void **state)
{
	(void)state;
	struct sf_arena arena;
	sf_arena_init(&arena, 65536);
	struct sf_buf buf;
	sf_buf_init(&buf, 256);
	raw_text(&buf, 30, "something new");
	struct sf_frame back;
	assert_int_equal(sf_frame_decode(sf_buf_view(&buf), &arena, &back, NULL), SF_OK);
	assert_int_equal(back.kind, SF_FRAME_NONE);
	sf_buf_clear(&buf);
	raw_text(&buf, 2, "\x0a\xff");
	struct sf_diag diag;
	assert_int_equal(sf_frame_decode(sf_buf_view(&buf), &arena, &back, &diag), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
	sf_arena_fini(&arena);
}

static void test_a_peer_cannot_allocate_beyond_the_arena(void **state)
{
	(void)state;
	struct sf_buf inner;
	struct sf_buf buf;
	sf_buf_init(&inner, SF_FRAME_SIZE_MAX);
	sf_buf_init(&buf, SF_FRAME_SIZE_MAX);
	for (size_t i = 0; i < 600000; i++)
		raw_fill(&inner, 1, 0, 0);
	raw_bytes(&buf, 2, sf_buf_view(&inner));
	struct sf_arena arena;
	sf_arena_init(&arena, 4194304);
	struct sf_frame back;
	assert_int_equal(sf_frame_decode(sf_buf_view(&buf), &arena, &back, NULL), SF_ERR_LIMIT);
	assert_true(arena.size <= arena.size_max);
	sf_arena_fini(&arena);
	sf_buf_fini(&inner);
	sf_buf_fini(&buf);
}

/* The members of a frame are read in two ways; both take the last one that is known. */
static void test_of_two_members_the_last_one_stands(void **state)
{
	(void)state;
	struct sf_arena arena;
	sf_arena_init(&arena, 65536);
	struct sf_buf buf;
	sf_buf_init(&buf, 1024);
	struct sf_frame frame = {.kind = SF_FRAME_CREDIT, .credit = 5};
	const struct sf_view envelope = sf_view_text("e");
	struct sf_frame back;
	assert_int_equal(sf_frame_encode(&frame, &buf), SF_OK);
	frame = (struct sf_frame){.kind = SF_FRAME_SUBMIT, .count = 1, .envelopes = &envelope};
	assert_int_equal(sf_frame_encode(&frame, &buf), SF_OK);
	raw_text(&buf, 30, "of a later version");
	assert_int_equal(sf_frame_decode(sf_buf_view(&buf), &arena, &back, NULL), SF_OK);
	assert_int_equal(back.kind, SF_FRAME_SUBMIT);
	assert_int_equal(back.count, 1);
	frame = (struct sf_frame){.kind = SF_FRAME_CREDIT, .credit = 6};
	assert_int_equal(sf_frame_encode(&frame, &buf), SF_OK);
	assert_int_equal(sf_frame_decode(sf_buf_view(&buf), &arena, &back, NULL), SF_OK);
	assert_int_equal(back.kind, SF_FRAME_CREDIT);
	assert_int_equal(back.credit, 6);
	raw_number(&buf, 15, 7);
	assert_int_equal(sf_frame_decode(sf_buf_view(&buf), &arena, &back, NULL), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
	sf_arena_fini(&arena);
}

static void test_views_live_in_the_arena_and_not_in_the_input(void **state)
{
	(void)state;
	struct sf_arena arena;
	sf_arena_init(&arena, 65536);
	struct sf_buf buf;
	sf_buf_init(&buf, 1024);
	const struct sf_view envelope = sf_view_text("an envelope");
	struct sf_frame frame = {.kind = SF_FRAME_SUBMIT, .count = 1, .envelopes = &envelope};
	assert_int_equal(sf_frame_encode(&frame, &buf), SF_OK);
	struct sf_frame back;
	assert_int_equal(sf_frame_decode(sf_buf_view(&buf), &arena, &back, NULL), SF_OK);
	sf_buf_fini(&buf);
	assert_true(sf_view_equal(back.envelopes[0], envelope));
	sf_arena_fini(&arena);
}

static void test_unknown_fields_and_wrong_types_inside_items(void **state)
{
	(void)state;
	struct sf_arena arena;
	sf_arena_init(&arena, 65536);
	struct sf_buf receipt;
	struct sf_buf list;
	struct sf_buf buf;
	sf_buf_init(&receipt, 1024);
	sf_buf_init(&list, 2048);
	sf_buf_init(&buf, 4096);
	raw_number(&receipt, 3, 1);
	raw_fill(&receipt, 5, 1, 64);
	raw_text(&receipt, 9, "of a later version");
	raw_bytes(&list, 1, sf_buf_view(&receipt));
	raw_number(&list, 4, 1);
	raw_bytes(&buf, 3, sf_buf_view(&list));
	struct sf_frame back;
	assert_int_equal(sf_frame_decode(sf_buf_view(&buf), &arena, &back, NULL), SF_OK);
	assert_int_equal(back.count, 1);
	raw_text(&receipt, 2, "index");
	sf_buf_clear(&list);
	sf_buf_clear(&buf);
	raw_bytes(&list, 1, sf_buf_view(&receipt));
	raw_bytes(&buf, 3, sf_buf_view(&list));
	struct sf_diag diag;
	assert_int_equal(sf_frame_decode(sf_buf_view(&buf), &arena, &back, &diag), SF_ERR_FORMAT);
	assert_non_null(strstr(diag.text, "stored"));
	sf_buf_fini(&receipt);
	sf_buf_fini(&list);
	sf_buf_fini(&buf);
	sf_arena_fini(&arena);
}

/* Names by number, of every line of the file that fits; the count. */
static size_t read_kinds(
	const char *file_path, const char *first, bool table, char ret_names[FRAME_KINDS][32])
{
	FILE *file = fopen(file_path, "r");
	assert_non_null(file);
	char line[512], name[32];
	unsigned number;
	size_t count = 0;
	bool begun = false;
	while (fgets(line, sizeof(line), file)) {
		begun = begun || strncmp(line, first, strlen(first)) == 0;
		int found = !begun  ? 0
			    : table ? sscanf(line, "| %u | `%31[a-z_]` |", &number, name)
				    : sscanf(line, " %*s %31[a-z_] = %u;", name, &number);
		if (found == 2) {
			assert_true(number < FRAME_KINDS);
			memcpy(ret_names[number], name, sizeof(name));
			count++;
		} else if (begun && count > 0) {
			break;
		}
	}
	(void)fclose(file);
	return count;
}

static void test_description_has_the_frames_of_the_schema(void **state)
{
	(void)state;
	char schema[FRAME_KINDS][32] = {{0}}, table[FRAME_KINDS][32] = {{0}};
	size_t count = read_kinds(FRAME_PROTO, "message Frame", false, schema);
	assert_true(count >= 17);
	assert_int_equal(read_kinds(ZEROMQ_TABLE, "## Frames", true, table), count);
	for (size_t i = 0; i < FRAME_KINDS; i++)
		assert_string_equal(table[i], schema[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hello_comes_back_as_it_was),
		cmocka_unit_test(test_submit_and_stored_come_back_as_they_were),
		cmocka_unit_test(test_deliver_and_taken_come_back_as_they_were),
		cmocka_unit_test(test_item_is_either_envelope_or_cover),
		cmocka_unit_test(test_retry_directory_and_agreements_come_back),
		cmocka_unit_test(test_statements_are_covers_with_receipts),
		cmocka_unit_test(test_statements_beyond_the_limit_are_not_read),
		cmocka_unit_test(test_reconciliation_comes_back_as_it_was),
		cmocka_unit_test(test_rows_of_reconciliation_are_bounded),
		cmocka_unit_test(test_small_frames_come_back),
		cmocka_unit_test(test_limits_of_items_hold_both_ways),
		cmocka_unit_test(test_frames_of_later_versions_are_none),
		cmocka_unit_test(test_of_two_members_the_last_one_stands),
		cmocka_unit_test(test_views_live_in_the_arena_and_not_in_the_input),
		cmocka_unit_test(test_unknown_fields_and_wrong_types_inside_items),
		cmocka_unit_test(test_a_peer_cannot_allocate_beyond_the_arena),
		cmocka_unit_test(test_description_has_the_frames_of_the_schema),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
