#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "wire/envelope.h"

#define HEADER_TEXT "a header"

/* Parts of an envelope as they stand on the wire, to be spoiled one at a time. */
struct parts {
	uint8_t suite;
	uint8_t flags;
	size_t header_size;
	uint8_t slot_count;
	uint32_t cipher_size;
	uint8_t depth;
	uint16_t leaf_index;
	uint16_t leaf_count;
	uint8_t commit; /* every byte of the commit */
	uint8_t nonce;
	uint32_t sequence;
	bool same_keys;
};

static const struct parts usual = {
	.suite = 1,
	.header_size = sizeof(HEADER_TEXT) - 1,
	.slot_count = 2,
	.cipher_size = 4112,
	.leaf_count = 1,
	.commit = 7,
	.nonce = 8,
};

static const struct parts bodiless = {
	.suite = 1,
	.header_size = sizeof(HEADER_TEXT) - 1,
	.leaf_count = 1,
};

static uint8_t *extend(struct sf_buf *buf, size_t size)
{
	uint8_t *place;
	assert_int_equal(sf_buf_extend(buf, size, &place), SF_OK);
	return place;
}

/* Written by hand, field by field, so that a mistake of the writer cannot hide one of the parser.
 */
static void build(const struct parts *parts, struct sf_buf *buf)
{
	sf_buf_init(buf, 2 * SF_ENVELOPE_SIZE_MAX);
	memcpy(extend(buf, 4), "STF1", 4);
	*extend(buf, 1) = parts->suite;
	*extend(buf, 1) = parts->flags;
	sf_put_u16(extend(buf, 2), (uint16_t)(16 + parts->header_size));
	memset(extend(buf, 16), 'K', 16);
	memset(extend(buf, parts->header_size), 'h', parts->header_size);
	*extend(buf, 1) = parts->slot_count;
	for (uint8_t i = 0; i < parts->slot_count; i++) {
		uint8_t *slot = extend(buf, SF_SLOT_SIZE);
		memset(slot, parts->same_keys ? 'k' : 'a' + i, 16);
		memset(slot + 16, 'e', 32);
		sf_put_u32(slot + 48, parts->sequence);
		memset(slot + 52, 'w', 48);
	}
	memset(extend(buf, 32), parts->commit, 32);
	memset(extend(buf, 24), parts->nonce, 24);
	sf_put_u32(extend(buf, 4), parts->cipher_size);
	extend(buf, parts->cipher_size);
	*extend(buf, 1) = parts->depth;
	sf_put_u16(extend(buf, 2), parts->leaf_index);
	sf_put_u16(extend(buf, 2), parts->leaf_count);
	memset(extend(buf, (size_t)32 * parts->depth), 'p', (size_t)32 * parts->depth);
	memset(extend(buf, 64), 's', 64);
}

static enum sf_err parse(const struct parts *parts)
{
	struct sf_buf buf;
	build(parts, &buf);
	struct sf_envelope envelope;
	struct sf_diag diag = {""};
	enum sf_err err = sf_envelope_parse(sf_buf_view(&buf), &envelope, &diag);
	assert_int_equal(err != SF_OK, diag.text[0] != '\0');
	sf_buf_fini(&buf);
	return err;
}

static enum sf_layout_fault layout(const struct parts *parts)
{
	struct sf_buf buf;
	build(parts, &buf);
	struct sf_envelope envelope;
	assert_int_equal(sf_envelope_parse(sf_buf_view(&buf), &envelope, NULL), SF_OK);
	enum sf_layout_fault fault = sf_envelope_layout(&envelope);
	sf_buf_fini(&buf);
	return fault;
}

static void test_parse_finds_every_part(void **state)
{
	(void)state;
	struct parts parts = usual;
	parts.flags = SF_FLAG_PSK;
	parts.depth = 2;
	parts.leaf_index = 2;
	parts.leaf_count = 3;
	parts.sequence = 65535;
	struct sf_buf buf;
	build(&parts, &buf);
	struct sf_envelope envelope;
	assert_int_equal(sf_envelope_parse(sf_buf_view(&buf), &envelope, NULL), SF_OK);
	assert_true(sf_view_equal(envelope.whole, sf_buf_view(&buf)));
	assert_int_equal(envelope.flags, SF_FLAG_PSK);
	assert_int_equal(envelope.through_header.size, 8 + 16 + 8);
	assert_int_equal(envelope.author_key_id.bytes[15], 'K');
	assert_true(sf_view_equal(envelope.header, sf_view_text("hhhhhhhh")));
	assert_int_equal(envelope.slot_count, 2);
	struct sf_slot slot = sf_envelope_slot(&envelope, 1);
	assert_int_equal(slot.key_id.bytes[0], 'b');
	assert_int_equal(slot.enc.data[0], 'e');
	assert_int_equal(slot.sequence, 65535);
	assert_int_equal(slot.wrap.data[47], 'w');
	assert_int_equal(envelope.commit.data[31], 7);
	assert_int_equal(envelope.nonce.data[23], 8);
	assert_int_equal(envelope.slots_through_length.size, 1 + 200 + 32 + 24 + 4);
	assert_int_equal(envelope.ciphertext.size, 4112);
	assert_int_equal(envelope.slots_through_ciphertext.size, 1 + 200 + 32 + 24 + 4 + 4112);
	assert_ptr_equal(envelope.slots_through_ciphertext.data,
		envelope.through_header.data + envelope.through_header.size);
	assert_int_equal(envelope.leaf_index, 2);
	assert_int_equal(envelope.leaf_count, 3);
	assert_int_equal(envelope.path.size, 64);
	assert_int_equal(envelope.signature.data[0], 's');
	assert_int_equal(envelope.from_depth.size, 5 + 64 + 64);
	assert_int_equal(sf_envelope_layout(&envelope), SF_LAYOUT_GOOD);
	sf_buf_fini(&buf);
}

static void test_framing_out_of_range_is_refused(void **state)
{
	(void)state;
	assert_int_equal(parse(&usual), SF_OK);
	assert_int_equal(parse(&bodiless), SF_OK);
	struct parts parts = usual;
	parts.suite = 2;
	assert_int_equal(parse(&parts), SF_ERR_FORMAT);
	for (unsigned bit = 2; bit < 8; bit++) {
		parts = usual;
		parts.flags = (uint8_t)(1u << bit);
		assert_int_equal(parse(&parts), SF_ERR_FORMAT);
	}
	parts = usual;
	parts.header_size = 0;
	assert_int_equal(parse(&parts), SF_ERR_FORMAT);
	parts.header_size = 4081;
	assert_int_equal(parse(&parts), SF_ERR_FORMAT);
	parts.header_size = 4080;
	assert_int_equal(parse(&parts), SF_OK);
	parts.header_size = 1;
	assert_int_equal(parse(&parts), SF_OK);
	parts = usual;
	parts.slot_count = 33;
	assert_int_equal(parse(&parts), SF_ERR_FORMAT);
	parts.slot_count = 32;
	assert_int_equal(parse(&parts), SF_OK);
	parts = usual;
	parts.cipher_size = 1048577;
	assert_int_equal(parse(&parts), SF_ERR_FORMAT);
	parts.cipher_size = 1048576;
	assert_int_equal(parse(&parts), SF_OK);
}

static void test_proof_out_of_range_is_refused(void **state)
{
	(void)state;
	static const struct {
		uint8_t depth;
		uint16_t index, count;
		enum sf_err err;
	} cases[] = {
		{0, 0, 0, SF_ERR_FORMAT},
		{0, 1, 1, SF_ERR_FORMAT},
		{0, 0, 2, SF_ERR_FORMAT},
		{1, 0, 1, SF_ERR_FORMAT},
		{1, 1, 2, SF_OK},
		{1, 2, 2, SF_ERR_FORMAT},
		{12, 4095, 4096, SF_OK},
		{12, 4096, 4096, SF_ERR_FORMAT},
		{12, 0, 4097, SF_ERR_FORMAT},
		{13, 0, 4096, SF_ERR_FORMAT},
	};
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		struct parts parts = usual;
		parts.depth = cases[i].depth;
		parts.leaf_index = cases[i].index;
		parts.leaf_count = cases[i].count;
		assert_int_equal(parse(&parts), cases[i].err);
	}
}

static void test_truncation_and_trailing_byte_are_refused(void **state)
{
	(void)state;
	struct sf_buf buf;
	build(&usual, &buf);
	struct sf_envelope envelope;
	for (size_t size = 0; size < buf.size; size++) {
		/* In its own memory, so that a sanitizer sees a read past the end. */
		uint8_t *cut = malloc(size > 0 ? size : 1);
		assert_non_null(cut);
		memcpy(cut, buf.data, size);
		assert_int_equal(
			sf_envelope_parse(sf_view_of(cut, size), &envelope, NULL), SF_ERR_FORMAT);
		free(cut);
	}
	*extend(&buf, 1) = 0;
	assert_int_equal(sf_envelope_parse(sf_buf_view(&buf), &envelope, NULL), SF_ERR_FORMAT);
	buf.size--;
	buf.data[3] = '2';
	assert_int_equal(sf_envelope_parse(sf_buf_view(&buf), &envelope, NULL), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
}

static void test_layout_faults_pass_framing(void **state)
{
	(void)state;
	assert_int_equal(layout(&bodiless), SF_LAYOUT_GOOD);
	struct parts parts = usual;
	parts.flags = SF_FLAG_ATTACHMENTS | SF_FLAG_PSK;
	assert_int_equal(layout(&parts), SF_LAYOUT_GOOD);
	parts = usual;
	parts.cipher_size = 4111;
	assert_int_equal(layout(&parts), SF_LAYOUT_CIPHERTEXT_SHORT);
	parts = usual;
	parts.sequence = 65536;
	assert_int_equal(layout(&parts), SF_LAYOUT_SLOT_SEQUENCE);
	parts = usual;
	parts.same_keys = true;
	assert_int_equal(layout(&parts), SF_LAYOUT_DUPLICATE_KEY);
	parts = bodiless;
	parts.flags = SF_FLAG_PSK;
	assert_int_equal(layout(&parts), SF_LAYOUT_BODILESS);
	parts = bodiless;
	parts.commit = 1;
	assert_int_equal(layout(&parts), SF_LAYOUT_BODILESS);
	parts = bodiless;
	parts.nonce = 1;
	assert_int_equal(layout(&parts), SF_LAYOUT_BODILESS);
	parts = bodiless;
	parts.cipher_size = 16;
	assert_int_equal(layout(&parts), SF_LAYOUT_BODILESS);
}

static void test_writer_makes_what_the_parser_reads(void **state)
{
	(void)state;
	struct parts parts = bodiless;
	parts.depth = 1;
	parts.leaf_count = 2;
	struct sf_buf expected, written;
	build(&parts, &expected);
	sf_buf_init(&written, SF_ENVELOPE_SIZE_MAX);
	struct sf_id key_id;
	memset(key_id.bytes, 'K', sizeof(key_id.bytes));
	uint8_t signature[64], path[32];
	memset(signature, 's', sizeof(signature));
	memset(path, 'p', sizeof(path));
	assert_int_equal(
		sf_envelope_write_header(key_id, 0, sf_view_text("hhhhhhhh"), &written), SF_OK);
	extend(&written, 1 + 32 + 24 + 4);
	assert_int_equal(sf_envelope_write_proof(1, 0, 2, sf_view_of(path, 32),
				 sf_view_of(signature, 64), &written),
		SF_OK);
	assert_true(sf_view_equal(sf_buf_view(&expected), sf_buf_view(&written)));
	/* What could not be read again is not written. */
	assert_int_equal(
		sf_envelope_write_header(key_id, 0, (struct sf_view){0}, &written), SF_ERR_USAGE);
	static const uint8_t large[4081];
	assert_int_equal(sf_envelope_write_header(key_id, 0, sf_view_of(large, 4081), &written),
		SF_ERR_LIMIT);
	assert_int_equal(sf_envelope_write_proof(
				 0, 0, 2, (struct sf_view){0}, sf_view_of(signature, 64), &written),
		SF_ERR_USAGE);
	assert_int_equal(sf_envelope_write_proof(
				 1, 0, 2, (struct sf_view){0}, sf_view_of(signature, 64), &written),
		SF_ERR_USAGE);
	assert_int_equal(sf_envelope_write_proof(1, 2, 2, sf_view_of(path, 32),
				 sf_view_of(signature, 64), &written),
		SF_ERR_USAGE);
	sf_buf_fini(&expected);
	sf_buf_fini(&written);
}

static void test_cover_keeps_all_but_the_sealed_part(void **state)
{
	(void)state;
	struct parts parts = usual;
	parts.depth = 3;
	parts.leaf_index = 4;
	parts.leaf_count = 7;
	struct sf_buf buf, bytes;
	build(&parts, &buf);
	struct sf_envelope envelope;
	assert_int_equal(sf_envelope_parse(sf_buf_view(&buf), &envelope, NULL), SF_OK);
	struct sf_digest sealed;
	memset(sealed.bytes, 'd', sizeof(sealed.bytes));
	sf_buf_init(&bytes, SF_COVER_SIZE_MAX);
	assert_int_equal(sf_cover_write(&envelope, &sealed, &bytes), SF_OK);
	struct sf_cover cover;
	assert_int_equal(sf_cover_parse(sf_buf_view(&bytes), &cover, NULL), SF_OK);
	assert_true(sf_view_equal(cover.through_header, envelope.through_header));
	assert_true(sf_view_equal(cover.header, envelope.header));
	assert_true(sf_id_equal(cover.author_key_id, envelope.author_key_id));
	assert_true(sf_digest_equal(&cover.sealed, &sealed));
	assert_true(sf_view_equal(cover.from_depth, envelope.from_depth));
	assert_true(sf_view_equal(cover.path, envelope.path));
	assert_true(sf_view_equal(cover.signature, envelope.signature));
	assert_int_equal(cover.leaf_index, 4);
	assert_int_equal(cover.leaf_count, 7);
	for (size_t size = 0; size < bytes.size; size++)
		assert_int_equal(
			sf_cover_parse(sf_view_of(bytes.data, size), &cover, NULL), SF_ERR_FORMAT);
	/* A cover is no envelope and an envelope no cover. */
	assert_int_equal(sf_envelope_parse(sf_buf_view(&bytes), &envelope, NULL), SF_ERR_FORMAT);
	assert_int_equal(sf_cover_parse(sf_buf_view(&buf), &cover, NULL), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
	sf_buf_fini(&bytes);
}

static void test_cover_that_does_not_fit_leaves_the_buffer(void **state)
{
	(void)state;
	struct sf_buf buf, bytes;
	build(&usual, &buf);
	struct sf_envelope envelope;
	assert_int_equal(sf_envelope_parse(sf_buf_view(&buf), &envelope, NULL), SF_OK);
	struct sf_digest sealed = {{0}};
	sf_buf_init(&bytes, 50);
	assert_int_equal(sf_cover_write(&envelope, &sealed, &bytes), SF_ERR_LIMIT);
	assert_int_equal(bytes.size, 0);
	sf_buf_fini(&buf);
	sf_buf_fini(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse_finds_every_part),
		cmocka_unit_test(test_framing_out_of_range_is_refused),
		cmocka_unit_test(test_proof_out_of_range_is_refused),
		cmocka_unit_test(test_truncation_and_trailing_byte_are_refused),
		cmocka_unit_test(test_layout_faults_pass_framing),
		cmocka_unit_test(test_writer_makes_what_the_parser_reads),
		cmocka_unit_test(test_cover_keeps_all_but_the_sealed_part),
		cmocka_unit_test(test_cover_that_does_not_fit_leaves_the_buffer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
