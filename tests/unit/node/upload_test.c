/* What local programs hand in before the letter that it goes with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "unit/node/attaching.h"

static uint8_t bytes[3 * SF_CHUNK_SIZE];

static struct sf_reply announce(
	struct region *region, const char *name, const char *type, uint64_t size)
{
	const struct sf_request request = {.kind = SF_REQUEST_UPLOAD, .upload = {name, type, size}};
	return region_ask(region, region->hospital, request);
}

static struct sf_reply hand_in(
	struct region *region, struct sf_id upload, uint64_t offset, size_t size)
{
	const struct sf_request request = {.kind = SF_REQUEST_UPLOAD_PART,
		.upload_part = {upload, offset, sf_view_of(bytes, size)}};
	return region_ask(region, region->hospital, request);
}

static void test_what_cannot_be_an_attachment_is_refused(void **state)
{
	struct region *region = *state;
	static const struct {
		const char *name, *type;
		uint64_t size;
		enum sf_err err;
	} wrong[] = {
		{"", "image/png", 1, SF_ERR_USAGE},
		{"../up.png", "image/png", 1, SF_ERR_USAGE},
		{".hidden", "image/png", 1, SF_ERR_USAGE},
		{"a\nb", "image/png", 1, SF_ERR_USAGE},
		{"a.png", "", 1, SF_ERR_USAGE},
		{"a.png", "image/\xc3\xa6", 1, SF_ERR_USAGE},
		{"a.png", "image/png", 0, SF_ERR_USAGE},
		{"a.png", "image/png", SF_ATTACHMENT_SIZE_MAX + 1, SF_ERR_LIMIT},
	};
	for (size_t i = 0; i < SF_COUNT(wrong); i++)
		assert_int_equal(announce(region, wrong[i].name, wrong[i].type, wrong[i].size).err,
			wrong[i].err);
	assert_int_equal(announce(region, "a.png", "image/png", SF_ATTACHMENT_SIZE_MAX).err, SF_OK);
}

static void test_parts_are_taken_in_whole_chunks_and_in_order(void **state)
{
	struct region *region = *state;
	uint64_t size = 2 * SF_CHUNK_SIZE + 10;
	struct sf_id upload = announce(region, "a.bin", "a/b", size).upload.upload;
	assert_int_equal(hand_in(region, upload, 0, SF_CHUNK_SIZE - 1).err, SF_ERR_USAGE);
	assert_int_equal(hand_in(region, upload, 5, SF_CHUNK_SIZE).err, SF_ERR_CONFLICT);
	struct sf_reply reply = hand_in(region, upload, 0, SF_CHUNK_SIZE + 77);
	assert_int_equal(reply.upload.offset, SF_CHUNK_SIZE);
	assert_false(reply.upload.whole);
	/* After a crash it is where it was. */
	sf_sim_power_off(region->hospital);
	sf_sim_power_on(region->hospital);
	reply = hand_in(region, upload, 0, 0);
	assert_int_equal(reply.upload.offset, SF_CHUNK_SIZE);
	assert_int_equal(
		hand_in(region, upload, SF_CHUNK_SIZE, SF_CHUNK_SIZE + 11).err, SF_ERR_USAGE);
	reply = hand_in(region, upload, SF_CHUNK_SIZE, SF_CHUNK_SIZE + 10);
	assert_true(reply.upload.whole);
	assert_int_equal(reply.upload.offset, size);
	assert_int_equal(hand_in(region, upload, size, 1).err, SF_ERR_CONFLICT);
}

/* Padding may need a chunk of its own: a content of whole chunks has its mark behind them. */
static void test_content_of_whole_chunks_has_its_padding_in_another(void **state)
{
	struct region *region = *state;
	struct sf_id upload = announce(region, "a.bin", "a/b", 2 * SF_CHUNK_SIZE).upload.upload;
	struct sf_reply reply = hand_in(region, upload, 0, 2 * SF_CHUNK_SIZE);
	assert_true(reply.upload.whole);
	struct sf_node_row_attachment row;
	assert_int_equal(
		attaching_row(region->hospital, region->hospital->party, upload, &row), SF_OK);
	assert_int_equal(row.have, 3);
}

static void test_a_letter_takes_whole_uploads_once(void **state)
{
	struct region *region = *state;
	struct sf_id unknown = {{7}};
	assert_int_equal(attaching_send(region, sf_id_view(&unknown)).err, SF_ERR_STATE);
	struct sf_id begun = announce(region, "a.bin", "a/b", 100).upload.upload;
	assert_int_equal(attaching_send(region, sf_id_view(&begun)).err, SF_ERR_STATE);
	struct sf_id upload = attaching_upload(region);
	uint8_t twice[2 * SF_ID_SIZE];
	memcpy(twice, upload.bytes, SF_ID_SIZE);
	memcpy(twice + SF_ID_SIZE, upload.bytes, SF_ID_SIZE);
	assert_int_equal(
		attaching_send(region, sf_view_of(twice, sizeof(twice))).err, SF_ERR_STATE);
	struct sf_reply reply = attaching_send(region, sf_id_view(&upload));
	assert_int_equal(reply.sent.answer, SF_SEND_STORED);
	/* The same letter again is known, whatever it comes with; the upload is nobody's any more.
	 */
	reply = attaching_send(region, sf_id_view(&upload));
	assert_int_equal(reply.sent.answer, SF_SEND_DUPLICATE);
	assert_int_equal(hand_in(region, upload, 0, 0).err, SF_ERR_NOT_FOUND);
}

static void test_uploads_without_a_letter_are_dropped_and_forgotten(void **state)
{
	struct region *region = *state;
	struct sf_id dropped = attaching_upload(region), forgotten = attaching_upload(region);
	const struct sf_request request = {
		.kind = SF_REQUEST_UPLOAD_DROP, .upload_drop = {dropped}};
	assert_int_equal(region_ask(region, region->hospital, request).err, SF_OK);
	assert_int_equal(region_ask(region, region->hospital, request).err, SF_ERR_NOT_FOUND);
	assert_int_equal(attaching_chunks(region->hospital, &sf_node_table_chunk), 3);
	region_run(region, SF_NODE_UPLOAD_MS_MAX + SF_HOUR_MS);
	struct sf_node_row_attachment row;
	hand_in(region, forgotten, 0, 0); /* a turn */
	assert_int_equal(attaching_row(region->hospital, region->hospital->party, forgotten, &row),
		SF_ERR_NOT_FOUND);
	assert_int_equal(attaching_chunks(region->hospital, &sf_node_table_chunk), 0);
}

static void test_there_is_room_for_so_many_without_a_letter(void **state)
{
	struct region *region = *state;
	for (size_t i = 0; i < SF_NODE_UPLOADS_MAX; i++)
		assert_int_equal(announce(region, "a.bin", "a/b", 1).err, SF_OK);
	assert_int_equal(announce(region, "a.bin", "a/b", 1).err, SF_ERR_AGAIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_what_cannot_be_an_attachment_is_refused, region_open, region_close),
		cmocka_unit_test_setup_teardown(test_parts_are_taken_in_whole_chunks_and_in_order,
			region_open, region_close),
		cmocka_unit_test_setup_teardown(
			test_content_of_whole_chunks_has_its_padding_in_another, region_open,
			region_close),
		cmocka_unit_test_setup_teardown(
			test_a_letter_takes_whole_uploads_once, region_open, region_close),
		cmocka_unit_test_setup_teardown(
			test_uploads_without_a_letter_are_dropped_and_forgotten, region_open,
			region_close),
		cmocka_unit_test_setup_teardown(
			test_there_is_room_for_so_many_without_a_letter, region_open, region_close),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
