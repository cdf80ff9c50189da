/* What is told of a letter's attachments, and their content, part by part. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "unit/node/attaching.h"

static struct sf_reply read_part(struct region *region, struct sf_sim_machine *machine,
	struct sf_id message, uint64_t offset, uint32_t size_max)
{
	const struct sf_request request = {
		.kind = SF_REQUEST_ATTACHMENT, .attachment = {message, 0, offset, size_max}};
	return region_ask(region, machine, request);
}

static struct sf_reply_message shown(
	struct region *region, struct sf_sim_machine *machine, struct sf_id message)
{
	const struct sf_request request = {
		.kind = SF_REQUEST_MESSAGE, .message = {.message = message}};
	return region_get(region, machine, request, SF_REPLY_MESSAGE).message;
}

static void test_a_letter_says_what_goes_with_it_and_how_far_it_is(void **state)
{
	struct region *region = *state;
	struct sf_id message = attaching_letter(region).message;
	struct sf_reply_message letter = shown(region, region->hospital, message);
	assert_int_equal(letter.attachment_count, 1);
	assert_string_equal(letter.attachments[0].name, "billede.bin");
	assert_string_equal(letter.attachments[0].content_type, "application/octet-stream");
	assert_int_equal(letter.attachments[0].size, SF_SIM_ATTACHED_SIZE);
	assert_int_equal(letter.attachments[0].moved, 0);
	assert_int_equal(letter.attachments[0].state, SF_ATTACHMENT_SENDING);
	region_run(region, SF_MINUTE_MS);
	letter = shown(region, region->hospital, message);
	assert_int_equal(letter.attachments[0].state, SF_ATTACHMENT_SENT);
	letter = shown(region, region->municipality, message);
	assert_int_equal(letter.attachments[0].state, SF_ATTACHMENT_WHOLE);
	assert_int_equal(letter.attachments[0].moved, SF_SIM_ATTACHED_SIZE);
	assert_int_equal(letter.row.attachments, 1);
	assert_int_equal(letter.row.attachments_here, 1);
	assert_int_equal(letter.row.ack, SF_ACK_OK);
}

static void test_any_part_is_what_stands_there(void **state)
{
	struct region *region = *state;
	struct sf_id message = attaching_letter(region).message;
	region_run(region, SF_MINUTE_MS);
	static const uint64_t offsets[] = {0, 1, SF_CHUNK_SIZE - 1, SF_CHUNK_SIZE,
		2 * SF_CHUNK_SIZE + 5, SF_SIM_ATTACHED_SIZE - 1};
	static uint8_t expected[SF_CHUNK_SIZE + 7];
	for (size_t i = 0; i < SF_COUNT(offsets); i++) {
		struct sf_reply reply = read_part(
			region, region->municipality, message, offsets[i], sizeof(expected));
		assert_int_equal(reply.err, SF_OK);
		size_t left = SF_SIM_ATTACHED_SIZE - (size_t)offsets[i];
		size_t size = left < sizeof(expected) ? left : sizeof(expected);
		assert_int_equal(reply.attachment.content.size, size);
		sf_sim_attached_bytes(ATTACHING_MARK, offsets[i], expected, size);
		assert_memory_equal(reply.attachment.content.data, expected, size);
	}
	struct sf_reply end =
		read_part(region, region->municipality, message, SF_SIM_ATTACHED_SIZE, 0);
	assert_int_equal(end.err, SF_OK);
	assert_int_equal(end.attachment.content.size, 0);
}

static void test_reading_in_parts_is_kept_as_one_event(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = attaching_letter(region);
	region_run(region, SF_MINUTE_MS);
	for (uint64_t offset = 0; offset < 1000; offset += 100)
		read_part(region, region->municipality, sent.message, offset, 100);
	const struct sf_request request = {.kind = SF_REQUEST_ACCESS_LOG};
	struct sf_reply reply =
		region_get(region, region->municipality, request, SF_REPLY_ACCESS_LOG);
	assert_int_equal(reply.access_log.row_count, 1);
	assert_true(sf_id_equal(reply.access_log.rows[0].message, sent.message));
	assert_true(sf_id_equal(reply.access_log.rows[0].transition, sent.transition));
}

static void test_what_is_no_attachment_is_not_found(void **state)
{
	struct region *region = *state;
	struct sf_id upload = attaching_upload(region);
	assert_int_equal(read_part(region, region->hospital, upload, 0, 0).err, SF_ERR_NOT_FOUND);
	struct sf_id message = region_send(region, "STIN_H").message;
	assert_int_equal(read_part(region, region->hospital, message, 0, 0).err, SF_ERR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_a_letter_says_what_goes_with_it_and_how_far_it_is, region_open,
			region_close),
		cmocka_unit_test_setup_teardown(
			test_any_part_is_what_stands_there, region_open, region_close),
		cmocka_unit_test_setup_teardown(
			test_reading_in_parts_is_kept_as_one_event, region_open, region_close),
		cmocka_unit_test_setup_teardown(
			test_what_is_no_attachment_is_not_found, region_open, region_close),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
