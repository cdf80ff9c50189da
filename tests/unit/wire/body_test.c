#include "wire/body.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/wire/raw.h"

/* An invented person: day + 60. */
#define CPR "7105800000"

static const uint8_t enclosure_key[SF_CHUNK_KEY_SIZE] = {7};

static struct sf_body sample(void)
{
	return (struct sf_body){
		.author = raw_id(1),
		.recipient_count = 2,
		.recipients = {raw_id(2), raw_id(3)},
		.transition = raw_id(4),
		.message_id = raw_id(5),
		.cpr = CPR,
		.patient_name = "Åse Opdigtet",
		.contact_name = "Afsnit",
		.contact_telephone = "00000000",
		.contact_until_ms = 77,
		.content_type = "application/fhir+json",
		.content = sf_view_text("{\"a\": 1.10}"),
		.error_count = 1,
		.errors = {{"code", "Encounter.class", "text"}},
		.enclosure_count = 1,
		.enclosures = {{"plan.pdf", "application/pdf", 5000,
			sf_view_of(enclosure_key, sizeof(enclosure_key))}},
	};
}

static struct sf_buf encoded(const struct sf_body *body)
{
	struct sf_buf buf;
	sf_buf_init(&buf, 65536);
	assert_int_equal(sf_body_encode(body, &buf), SF_OK);
	return buf;
}

static enum sf_err decode_within(const struct sf_buf *buf, size_t size_max)
{
	struct sf_arena arena;
	sf_arena_init(&arena, size_max);
	struct sf_body body;
	struct sf_diag diag = {""};
	enum sf_err err = sf_body_decode(sf_buf_view(buf), &arena, &body, &diag);
	assert_null(strstr(diag.text, CPR));
	sf_arena_fini(&arena);
	return err;
}

static void test_body_comes_back_as_it_was(void **state)
{
	(void)state;
	struct sf_body body = sample();
	struct sf_buf buf = encoded(&body);
	struct sf_arena arena;
	sf_arena_init(&arena, 65536);
	struct sf_body back;
	assert_int_equal(sf_body_decode(sf_buf_view(&buf), &arena, &back, NULL), SF_OK);
	sf_buf_fini(&buf);
	assert_true(sf_id_equal(back.author, body.author));
	assert_int_equal(back.recipient_count, 2);
	assert_true(sf_id_equal(back.recipients[1], body.recipients[1]));
	assert_true(sf_id_equal(back.transition, body.transition));
	assert_true(sf_id_equal(back.message_id, body.message_id));
	assert_string_equal(back.cpr, CPR);
	assert_string_equal(back.patient_name, "Åse Opdigtet");
	assert_string_equal(back.contact_name, "Afsnit");
	assert_string_equal(back.contact_telephone, "00000000");
	assert_int_equal(back.contact_until_ms, 77);
	assert_string_equal(back.content_type, "application/fhir+json");
	assert_true(sf_view_equal(back.content, body.content));
	assert_int_equal(back.error_count, 1);
	assert_string_equal(back.errors[0].expression, "Encounter.class");
	assert_int_equal(back.enclosure_count, 1);
	assert_string_equal(back.enclosures[0].name, "plan.pdf");
	assert_string_equal(back.enclosures[0].content_type, "application/pdf");
	assert_int_equal(back.enclosures[0].size, 5000);
	assert_true(sf_view_equal(back.enclosures[0].key, body.enclosures[0].key));
	sf_arena_fini(&arena);
}

static void test_body_without_people_has_empty_texts(void **state)
{
	(void)state;
	struct sf_body body = {.author = raw_id(1), .message_id = raw_id(2)};
	struct sf_buf buf = encoded(&body);
	struct sf_arena arena;
	sf_arena_init(&arena, 65536);
	struct sf_body back;
	assert_int_equal(sf_body_decode(sf_buf_view(&buf), &arena, &back, NULL), SF_OK);
	assert_string_equal(back.cpr, "");
	assert_string_equal(back.patient_name, "");
	assert_string_equal(back.contact_name, "");
	assert_string_equal(back.content_type, "");
	assert_int_equal(back.content.size, 0);
	sf_arena_fini(&arena);
	sf_buf_fini(&buf);
}

static void test_bad_texts_are_refused(void **state)
{
	(void)state;
	struct sf_body body = sample();
	body.cpr = "710580000";
	struct sf_buf buf = encoded(&body);
	assert_int_equal(decode_within(&buf, 65536), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
	body.cpr = "710580000x";
	buf = encoded(&body);
	assert_int_equal(decode_within(&buf, 65536), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
	body = sample();
	body.patient_name = "\xc3";
	buf = encoded(&body);
	assert_int_equal(decode_within(&buf, 65536), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
	body = sample();
	body.content_type = "";
	buf = encoded(&body);
	raw_bytes(&buf, 7, sf_view_of("a\0b", 3));
	assert_int_equal(decode_within(&buf, 65536), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
}

static void test_second_values_are_refused_and_unknown_fields_are_not(void **state)
{
	(void)state;
	struct sf_body body = sample();
	struct sf_buf buf = encoded(&body);
	raw_text(&buf, 20, "of a later version");
	assert_int_equal(decode_within(&buf, 65536), SF_OK);
	raw_text(&buf, 8, "another letter");
	assert_int_equal(decode_within(&buf, 65536), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
}

static void test_missing_author_is_refused(void **state)
{
	(void)state;
	struct sf_body body = sample();
	body.author = (struct sf_id){0};
	struct sf_buf buf = encoded(&body);
	assert_int_equal(decode_within(&buf, 65536), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
}

static void test_the_arena_is_the_ceiling(void **state)
{
	(void)state;
	struct sf_body body = sample();
	struct sf_buf buf = encoded(&body);
	assert_int_equal(decode_within(&buf, 256), SF_ERR_LIMIT);
	sf_buf_fini(&buf);
}

/* What is said beside a letter is shown in lists and written into other documents: it is short. */
static void test_texts_beside_the_letter_have_a_bound(void **state)
{
	(void)state;
	static char text[SF_BODY_NAME_SIZE_MAX + 2];
	const struct {
		size_t size_max;
		size_t place;
	} texts[] = {
		{SF_BODY_NAME_SIZE_MAX, offsetof(struct sf_body, patient_name)},
		{SF_BODY_NAME_SIZE_MAX, offsetof(struct sf_body, contact_name)},
		{SF_BODY_NAME_SIZE_MAX, offsetof(struct sf_body, contact_telephone)},
		{SF_BODY_TYPE_SIZE_MAX, offsetof(struct sf_body, content_type)},
		{SF_BODY_ERROR_CODE_SIZE_MAX, offsetof(struct sf_body, errors[0].code)},
		{SF_BODY_ERROR_PLACE_SIZE_MAX, offsetof(struct sf_body, errors[0].expression)},
		{SF_BODY_ERROR_TEXT_SIZE_MAX, offsetof(struct sf_body, errors[0].text)},
	};
	for (size_t i = 0; i < SF_COUNT(texts); i++) {
		for (size_t more = 0; more < 2; more++) {
			struct sf_body body = sample();
			memset(text, 'x', sizeof(text));
			text[texts[i].size_max + more] = '\0';
			const char *said = text;
			memcpy((char *)&body + texts[i].place, &said, sizeof(said));
			struct sf_buf buf = encoded(&body);
			assert_int_equal(decode_within(&buf, 262144), more ? SF_ERR_FORMAT : SF_OK);
			sf_buf_fini(&buf);
		}
	}
}

/* They are written into acknowledgements in XML, JSON and HL7, where no peer may end anything. */
static void test_errors_are_texts_for_people(void **state)
{
	(void)state;
	static const char *const wrong[] = {
		"a\rMSA|AA", "a\nb", "\x1b[2J", "\x7f", "\xef\xbf\xbe", "a\xef\xbf\xbf"};
	const size_t places[] = {offsetof(struct sf_body, errors[0].code),
		offsetof(struct sf_body, errors[0].expression),
		offsetof(struct sf_body, errors[0].text)};
	for (size_t i = 0; i < SF_COUNT(wrong) * SF_COUNT(places); i++) {
		struct sf_body body = sample();
		memcpy((char *)&body + places[i % SF_COUNT(places)], &wrong[i / SF_COUNT(places)],
			sizeof(wrong[0]));
		struct sf_buf buf = encoded(&body);
		assert_int_equal(decode_within(&buf, 262144), SF_ERR_FORMAT);
		sf_buf_fini(&buf);
	}
	struct sf_body body = sample();
	body.errors[0].text = "p\xc3\xa5 dansk \xe2\x80\x93 \xef\xbf\xbd";
	struct sf_buf buf = encoded(&body);
	assert_int_equal(decode_within(&buf, 262144), SF_OK);
	sf_buf_fini(&buf);
}

static void test_content_type_is_of_visible_characters(void **state)
{
	(void)state;
	static const char *const wrong[] = {"text/plain\r\n", "text/\x7f", "text/pl\xc3\xa6n"};
	for (size_t i = 0; i < SF_COUNT(wrong); i++) {
		struct sf_body body = sample();
		body.content_type = wrong[i];
		struct sf_buf buf = encoded(&body);
		assert_int_equal(decode_within(&buf, 262144), SF_ERR_FORMAT);
		sf_buf_fini(&buf);
	}
}

static void test_wrong_enclosures_are_refused(void **state)
{
	(void)state;
	struct sf_body body = sample();
	body.enclosures[0].key.size--;
	struct sf_buf buf = encoded(&body);
	assert_int_equal(decode_within(&buf, 65536), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
	body = sample();
	body.enclosures[0].size = SF_ATTACHMENT_SIZE_MAX + 1;
	buf = encoded(&body);
	assert_int_equal(decode_within(&buf, 65536), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
	body = sample();
	body.enclosures[0].size = 0;
	buf = encoded(&body);
	assert_int_equal(decode_within(&buf, 65536), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_body_comes_back_as_it_was),
		cmocka_unit_test(test_wrong_enclosures_are_refused),
		cmocka_unit_test(test_body_without_people_has_empty_texts),
		cmocka_unit_test(test_bad_texts_are_refused),
		cmocka_unit_test(test_second_values_are_refused_and_unknown_fields_are_not),
		cmocka_unit_test(test_missing_author_is_refused),
		cmocka_unit_test(test_the_arena_is_the_ceiling),
		cmocka_unit_test(test_texts_beside_the_letter_have_a_bound),
		cmocka_unit_test(test_errors_are_texts_for_people),
		cmocka_unit_test(test_content_type_is_of_visible_characters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
