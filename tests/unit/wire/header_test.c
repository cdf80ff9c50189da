#include "wire/header.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/wire/raw.h"

static struct sf_message sample(void)
{
	struct sf_message message = {
		.format = 1,
		.id = raw_id(1),
		.transition = raw_id(2),
		.author = raw_id(3),
		.recipient_count = 2,
		.recipients = {raw_id(4), raw_id(5)},
		.author_sequence = 7,
		.fact = {.kind = SF_KIND_STAY},
		.occurred_ms = 1000,
		.created_ms = 2000,
		.in_reply_to = raw_id(6),
		.supersedes = raw_id(7),
		.body_commitment = raw_digest(8),
		.seen_sequence = 9,
		.seen_head = raw_digest(10),
	};
	message.fact.stay = (struct sf_stay_fact){
		.activity = SF_ACTIVITY_DISCHARGE_HOME,
		.mode = SF_MODE_REVISE,
		.stay_class = SF_STAY_CLASS_INPATIENT,
		.event_ms = 900,
		.report_requested = true,
	};
	return message;
}

static struct sf_buf encoded(const struct sf_message *message)
{
	struct sf_buf buf;
	sf_buf_init(&buf, 8192);
	assert_int_equal(sf_message_encode(message, &buf), SF_OK);
	return buf;
}

static enum sf_err decode(const struct sf_buf *buf, struct sf_message *ret_message)
{
	struct sf_diag diag = {""};
	struct sf_view exact = raw_exact(sf_buf_view(buf));
	enum sf_err err = sf_message_decode(exact, ret_message, &diag);
	assert_int_equal(err == SF_OK, diag.text[0] == '\0');
	raw_free(exact);
	return err;
}

/* The message must be encodable and must be refused when read. */
static void assert_refused(const struct sf_message *message)
{
	struct sf_buf buf = encoded(message);
	struct sf_message back;
	assert_int_equal(decode(&buf, &back), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
}

static void test_message_comes_back_as_it_was(void **state)
{
	(void)state;
	struct sf_message message = sample();
	struct sf_buf buf = encoded(&message);
	struct sf_message back;
	assert_int_equal(decode(&buf, &back), SF_OK);
	assert_true(sf_id_equal(back.id, message.id));
	assert_true(sf_id_equal(back.transition, message.transition));
	assert_true(sf_id_equal(back.author, message.author));
	assert_int_equal(back.recipient_count, 2);
	assert_true(sf_id_equal(back.recipients[1], message.recipients[1]));
	assert_int_equal(back.author_sequence, 7);
	assert_int_equal(back.fact.kind, SF_KIND_STAY);
	assert_int_equal(back.fact.stay.activity, SF_ACTIVITY_DISCHARGE_HOME);
	assert_int_equal(back.fact.stay.mode, SF_MODE_REVISE);
	assert_int_equal(back.fact.stay.stay_class, SF_STAY_CLASS_INPATIENT);
	assert_int_equal(back.fact.stay.event_ms, 900);
	assert_true(back.fact.stay.report_requested);
	assert_int_equal(back.occurred_ms, 1000);
	assert_int_equal(back.created_ms, 2000);
	assert_true(sf_id_equal(back.in_reply_to, message.in_reply_to));
	assert_true(sf_id_equal(back.supersedes, message.supersedes));
	assert_true(sf_digest_equal(&back.body_commitment, &message.body_commitment));
	assert_int_equal(back.seen_sequence, 9);
	assert_true(sf_digest_equal(&back.seen_head, &message.seen_head));
	struct sf_buf again = encoded(&back);
	assert_true(sf_view_equal(sf_buf_view(&buf), sf_buf_view(&again)));
	sf_buf_fini(&again);
	sf_buf_fini(&buf);
}

static void test_message_without_required_parts_is_refused(void **state)
{
	(void)state;
	struct sf_message message = sample();
	message.format = 2;
	assert_refused(&message);
	message = sample();
	message.id = (struct sf_id){0};
	assert_refused(&message);
	message = sample();
	message.author = (struct sf_id){0};
	assert_refused(&message);
	message = sample();
	message.author_sequence = 0;
	assert_refused(&message);
	message = sample();
	message.author_sequence = (uint64_t)INT64_MAX + 1;
	assert_refused(&message);
	message = sample();
	message.fact.kind = SF_KIND_NONE;
	assert_refused(&message);
	message = sample();
	message.created_ms = -1;
	assert_refused(&message);
	message = sample();
	message.occurred_ms = INT64_MAX;
	assert_refused(&message);
}

static void test_recipients_are_distinct_and_not_the_author(void **state)
{
	(void)state;
	struct sf_message message = sample();
	message.recipients[1] = message.recipients[0];
	assert_refused(&message);
	message = sample();
	message.recipients[1] = message.author;
	assert_refused(&message);
	message = sample();
	message.recipients[1] = (struct sf_id){0};
	assert_refused(&message);
}

static void test_recipients_are_at_most_32(void **state)
{
	(void)state;
	struct sf_message message = sample();
	message.recipient_count = SF_RECIPIENT_COUNT_MAX;
	for (size_t i = 0; i < SF_RECIPIENT_COUNT_MAX; i++)
		message.recipients[i] = raw_id((uint8_t)(100 + i));
	struct sf_buf buf = encoded(&message);
	struct sf_message back;
	assert_int_equal(decode(&buf, &back), SF_OK);
	assert_int_equal(back.recipient_count, SF_RECIPIENT_COUNT_MAX);
	raw_fill(&buf, 5, 99, SF_ID_SIZE);
	assert_int_equal(decode(&buf, &back), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
	message.recipient_count = SF_RECIPIENT_COUNT_MAX + 1;
	sf_buf_init(&buf, 8192);
	assert_int_equal(sf_message_encode(&message, &buf), SF_ERR_LIMIT);
	sf_buf_fini(&buf);
}

static void test_acknowledgement_has_no_author_sequence(void **state)
{
	(void)state;
	struct sf_message message = sample();
	message.fact = (struct sf_fact){.kind = SF_KIND_ACKNOWLEDGEMENT};
	message.fact.acknowledgement = (struct sf_acknowledgement){
		.message_id = raw_id(1), .content_id = raw_digest(2), .ack = SF_ACK_OK};
	assert_refused(&message);
	message.author_sequence = 0;
	struct sf_buf buf = encoded(&message);
	struct sf_message back;
	assert_int_equal(decode(&buf, &back), SF_OK);
	assert_int_equal(back.fact.acknowledgement.ack, SF_ACK_OK);
	sf_buf_fini(&buf);
}

static void test_only_facts_about_agreements_and_statements_stand_without_a_transition(void **state)
{
	(void)state;
	const uint32_t kinds[] = {SF_KIND_AGREEMENT_PROPOSE, SF_KIND_AGREEMENT_ACCEPT,
		SF_KIND_AGREEMENT_END, SF_KIND_ERASED, SF_KIND_REOPEN, SF_KIND_EXPIRED,
		SF_KIND_WITHDRAW};
	for (size_t i = 0; i < SF_COUNT(kinds); i++) {
		struct sf_message with = sample();
		with.fact = (struct sf_fact){.kind = kinds[i]};
		if (sf_kind_is_of_agreement(kinds[i]))
			with.fact.agreement.agreement = raw_digest(5);
		if (kinds[i] == SF_KIND_ERASED)
			with.fact.statement = (struct sf_statement){.subject = raw_id(6),
				.ground = SF_GROUND_MISTAKE,
				.until_sequence = 1,
				.head = raw_digest(7)};
		struct sf_message without = with;
		without.transition = (struct sf_id){0};
		const struct sf_message *good = i < 4 ? &without : &with;
		struct sf_buf buf = encoded(good);
		struct sf_message back;
		assert_int_equal(decode(&buf, &back), SF_OK);
		assert_int_equal(sf_id_is_none(back.transition), i < 4);
		sf_buf_fini(&buf);
		assert_refused(i < 4 ? &with : &without);
	}
}

static void test_unknown_kind_is_kept_by_its_number(void **state)
{
	(void)state;
	struct sf_message message = sample();
	message.fact = (struct sf_fact){.kind = 4711};
	struct sf_buf buf = encoded(&message);
	raw_text(&buf, 8, "\xff not looked into");
	struct sf_message back;
	assert_int_equal(decode(&buf, &back), SF_OK);
	assert_int_equal(back.fact.kind, 4711);
	sf_buf_fini(&buf);
}

static void test_unknown_and_second_fields_are_refused(void **state)
{
	(void)state;
	struct sf_message message = sample();
	struct sf_message back;
	for (uint32_t field = 1; field <= 17; field++) {
		struct sf_buf buf = encoded(&message);
		bool is_number = field == 1 || field == 6 || field == 7 || field == 9 ||
				 field == 10 || field == 14;
		if (is_number)
			raw_number(&buf, field, 1);
		else
			raw_fill(&buf, field, 9, field == 13 || field == 15 ? 32 : 16);
		/* Field 5 is repeated: one more recipient is no second value. */
		assert_int_equal(decode(&buf, &back), field == 5 ? SF_OK : SF_ERR_FORMAT);
		sf_buf_fini(&buf);
	}
}

static void test_every_truncation_is_refused_or_lacks_a_field(void **state)
{
	(void)state;
	struct sf_message message = sample();
	struct sf_buf buf = encoded(&message);
	struct sf_message back;
	size_t whole = buf.size;
	size_t refused = 0;
	for (size_t size = 0; size < whole; size++) {
		buf.size = size;
		if (decode(&buf, &back) != SF_OK)
			refused++;
	}
	/* Cut between fields it may still be a message, with fewer optional fields. */
	assert_true(refused >= whole - 10);
	buf.size = whole;
	sf_buf_fini(&buf);
}

static struct sf_header header_of(struct sf_view message)
{
	return (struct sf_header){
		.message_bytes = message,
		.envelope_id = raw_id(20),
		.sent_ms = 5000,
		.expires_ms = 6000,
		.seen_epoch = 1,
		.log_size = 12,
		.log_root = raw_digest(21),
		.directory_version = 3,
		.directory_head = raw_digest(22),
	};
}

static void test_header_lends_the_bytes_of_its_message(void **state)
{
	(void)state;
	struct sf_message message = sample();
	struct sf_buf inner = encoded(&message);
	struct sf_header header = header_of(sf_buf_view(&inner));
	struct sf_buf buf;
	sf_buf_init(&buf, 8192);
	assert_int_equal(sf_header_encode(&header, &buf), SF_OK);
	struct sf_header back;
	struct sf_diag diag = {""};
	assert_int_equal(sf_header_decode(sf_buf_view(&buf), &back, &diag), SF_OK);
	assert_true(sf_view_equal(back.message_bytes, sf_buf_view(&inner)));
	assert_true(back.message_bytes.data >= buf.data);
	assert_true(back.message_bytes.data + back.message_bytes.size <= buf.data + buf.size);
	assert_true(sf_id_equal(back.message.id, message.id));
	assert_true(sf_id_equal(back.envelope_id, header.envelope_id));
	assert_int_equal(back.sent_ms, 5000);
	assert_int_equal(back.expires_ms, 6000);
	assert_int_equal(back.seen_epoch, 1);
	assert_int_equal(back.log_size, 12);
	assert_true(sf_digest_equal(&back.log_root, &header.log_root));
	assert_int_equal(back.directory_version, 3);
	assert_true(sf_digest_equal(&back.directory_head, &header.directory_head));
	raw_number(&buf, 10, 1);
	assert_int_equal(sf_header_decode(sf_buf_view(&buf), &back, &diag), SF_ERR_FORMAT);
	assert_non_null(strstr(diag.text, "unknown field 10"));
	sf_buf_fini(&buf);
	sf_buf_fini(&inner);
}

static void test_header_without_envelope_id_or_message_is_refused(void **state)
{
	(void)state;
	struct sf_message message = sample();
	struct sf_buf inner = encoded(&message);
	struct sf_header header = header_of(sf_buf_view(&inner));
	header.envelope_id = (struct sf_id){0};
	struct sf_buf buf;
	sf_buf_init(&buf, 8192);
	struct sf_header back;
	assert_int_equal(sf_header_encode(&header, &buf), SF_OK);
	assert_int_equal(sf_header_decode(sf_buf_view(&buf), &back, NULL), SF_ERR_FORMAT);
	sf_buf_clear(&buf);
	header = header_of(sf_view_of(NULL, 0));
	assert_int_equal(sf_header_encode(&header, &buf), SF_OK);
	assert_int_equal(sf_header_decode(sf_buf_view(&buf), &back, NULL), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
	sf_buf_fini(&inner);
}

static void test_header_of_more_than_4096_bytes_is_refused(void **state)
{
	(void)state;
	struct sf_message message = sample();
	message.fact = (struct sf_fact){.kind = 4711};
	struct sf_buf inner = encoded(&message);
	raw_fill(&inner, 8, 0, SF_HEADER_SIZE_MAX);
	struct sf_header header = header_of(sf_buf_view(&inner));
	struct sf_buf buf;
	sf_buf_init(&buf, 16384);
	assert_int_equal(sf_header_encode(&header, &buf), SF_OK);
	struct sf_header back;
	assert_int_equal(sf_header_decode(sf_buf_view(&buf), &back, NULL), SF_ERR_FORMAT);
	struct sf_message read;
	assert_int_equal(sf_message_decode(sf_buf_view(&inner), &read, NULL), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
	sf_buf_fini(&inner);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_message_comes_back_as_it_was),
		cmocka_unit_test(test_message_without_required_parts_is_refused),
		cmocka_unit_test(test_recipients_are_distinct_and_not_the_author),
		cmocka_unit_test(test_recipients_are_at_most_32),
		cmocka_unit_test(test_acknowledgement_has_no_author_sequence),
		cmocka_unit_test(
			test_only_facts_about_agreements_and_statements_stand_without_a_transition),
		cmocka_unit_test(test_unknown_kind_is_kept_by_its_number),
		cmocka_unit_test(test_unknown_and_second_fields_are_refused),
		cmocka_unit_test(test_every_truncation_is_refused_or_lacks_a_field),
		cmocka_unit_test(test_header_lends_the_bytes_of_its_message),
		cmocka_unit_test(test_header_without_envelope_id_or_message_is_refused),
		cmocka_unit_test(test_header_of_more_than_4096_bytes_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
