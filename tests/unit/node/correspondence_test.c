/*
 * A CareCommunication says whom it is about and for whom it is; which stay it belongs to is found
 * by its episode of care, by what it follows, or by the citizen.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "node/state.h"
#include "unit/node/handing.h"

#define FIRST "c0000000-0000-4000-8000-000000000001"
#define SECOND "c0000000-0000-4000-8000-000000000002"
#define PATIENT_URL                                                                                \
	"\"https://medcomfhir.dk/ig/carecommunication/Patient/"                                    \
	"1c4dbd72-4af3-41f9-a9b5-dacd8d62f994\""
#define FOLLOWED "42fa2844-5020-45dd-bd5f-77137ba5ca1f" /* by the sample */
#define WARD_SOR "330461000016004"
#define WARD_GLN "5790001353308"
#define OTHER_EPISODE "d3d03544-f116-4070-a823-000000000000"

static struct sf_reply_sent answer(const struct handing *handing, struct sf_view letter)
{
	return handing_send(handing->region, handing->municipality, SF_CONTENT_FHIR_JSON, letter);
}

/* The Encounter of an episode, before the Patient of the sample. */
static struct sf_view with_episode(
	const struct handing *handing, struct sf_view letter, const char *episode)
{
	struct sf_buf buf;
	sf_buf_init(&buf, 4096);
	assert_int_equal(
		sf_buf_printf(&buf,
			"\"https://medcomfhir.dk/ig/carecommunication/Encounter/e1\", \"resource\":"
			"{\"resourceType\":\"Encounter\",\"id\":\"e1\",\"status\":\"in-progress\","
			"\"class\":{\"code\":\"IMP\"},\"episodeOfCare\":[{\"identifier\":"
			"{\"system\":\"" HANDING_EPISODE_SYSTEM "\",\"value\":\"%s\"}}]}},"
			"{\"fullUrl\": " PATIENT_URL,
			episode),
		SF_OK);
	assert_int_equal(sf_buf_append(&buf, sf_view_of("", 1)), SF_OK);
	struct sf_view with =
		handing_replaced(handing->region, letter, PATIENT_URL, (const char *)buf.data);
	sf_buf_fini(&buf);
	return with;
}

/* A second stay of the citizen, as a psychiatric one beside a somatic. */
static struct sf_reply_sent admit_again(const struct handing *handing)
{
	struct sf_view letter = handing_sample(
		handing->region, "medcom-hospitalnotification/HospitalNotification_Ex_STIN_H.json");
	letter = handing_replaced(
		handing->region, letter, HANDING_ADMISSION, "b9b4818e-0000-4cc4-b418-d20cbc399006");
	letter = handing_replaced(handing->region, letter, HANDING_EPISODE, OTHER_EPISODE);
	struct sf_reply_sent sent =
		handing_send(handing->region, handing->hospital, SF_CONTENT_FHIR_JSON, letter);
	assert_int_equal(sent.answer, SF_SEND_STORED);
	region_run(handing->region, 5 * SF_SECOND_MS);
	return sent;
}

static void test_letter_is_found_a_place_by_its_citizen(void **state)
{
	struct handing handing = handing_open(*state);
	struct sf_reply_sent stay = handing_admit(&handing);
	struct sf_view letter = handing_correspondence(handing.region, FIRST);
	struct sf_reply_sent sent = answer(&handing, letter);
	assert_int_equal(sent.answer, SF_SEND_STORED);
	assert_true(sf_id_equal(sent.transition, stay.transition));
	region_run(handing.region, 5 * SF_SECOND_MS);
	const struct sf_request inbox = {.kind = SF_REQUEST_INBOX};
	struct sf_reply_inbox got =
		region_get(handing.region, handing.hospital, inbox, SF_REPLY_INBOX).inbox;
	assert_int_equal(got.row_count, 1);
	assert_int_equal(got.rows[0].letter, SF_LETTER_CORRESPONDENCE);
	/* MedCom KR6, for this letter too: the hospital's own answer, as a document. */
	sent = answer(&handing, letter);
	assert_int_equal(sent.answer, SF_SEND_DUPLICATE);
	assert_true(sent.acknowledgement.size > 0);
}

static void test_other_content_under_its_id_is_fatal(void **state)
{
	struct handing handing = handing_open(*state);
	handing_admit(&handing);
	struct sf_view letter = handing_correspondence(handing.region, FIRST);
	assert_int_equal(answer(&handing, letter).answer, SF_SEND_STORED);
	struct sf_reply_sent sent =
		answer(&handing, handing_replaced(handing.region, letter, FOLLOWED, SECOND));
	assert_int_equal(sent.answer, SF_SEND_FATAL);
	assert_string_equal(sent.issues[0].code, "MSG_DUPLICATE_ID");
	assert_true(sent.acknowledgement.size > 0);
}

static void test_letter_without_a_place_is_fatal_and_says_what_to_do(void **state)
{
	struct handing handing = handing_open(*state);
	struct sf_reply_sent sent = answer(&handing, handing_correspondence(handing.region, FIRST));
	assert_int_equal(sent.answer, SF_SEND_FATAL);
	assert_string_equal(sent.issues[0].code, "MSG_NO_MATCH");
	assert_non_null(strstr(sent.issues[0].text, "episodeOfCare"));
	assert_true(sent.acknowledgement.size > 0);
}

/* The municipality learns the hospital's episode from the notification that it received. */
static void test_episode_decides_between_two_stays(void **state)
{
	struct handing handing = handing_open(*state);
	struct sf_reply_sent first = handing_admit(&handing), second = admit_again(&handing);
	assert_false(sf_id_equal(first.transition, second.transition));
	struct sf_view letter = handing_correspondence(handing.region, FIRST);
	struct sf_reply_sent sent =
		answer(&handing, with_episode(&handing, letter, HANDING_EPISODE));
	assert_int_equal(sent.answer, SF_SEND_STORED);
	assert_true(sf_id_equal(sent.transition, first.transition));
	letter = handing_correspondence(handing.region, SECOND);
	sent = answer(&handing, with_episode(&handing, letter, OTHER_EPISODE));
	assert_true(sf_id_equal(sent.transition, second.transition));
}

/* Whoever else writes a notification about the hospital's episode moves nothing. */
static void test_episode_is_named_by_its_hospital_alone(void **state)
{
	struct handing handing = handing_open(*state);
	struct region *region = handing.region;
	struct sf_reply_sent stay = handing_admit(&handing);
	struct sf_view letter = handing_replaced(region,
		handing_sample(
			region, "medcom-hospitalnotification/HospitalNotification_Ex_STIN_H.json"),
		HANDING_ADMISSION, "b9b4818e-0000-4cc4-b418-d20cbc399006");
	/* From another hospital, which says that it is the first. */
	struct sf_reply_sent other =
		handing_send(region, region->hospital, SF_CONTENT_FHIR_JSON, letter);
	assert_int_equal(other.answer, SF_SEND_STORED);
	assert_false(sf_id_equal(other.transition, stay.transition));
	region_run(region, 5 * SF_SECOND_MS);
	letter = handing_correspondence(region, FIRST);
	struct sf_reply_sent sent =
		answer(&handing, with_episode(&handing, letter, HANDING_EPISODE));
	assert_true(sf_id_equal(sent.transition, stay.transition));
}

/* A psychiatric and a somatic stay may be open together (DOMAIN section 3). */
static void test_two_open_stays_need_an_episode(void **state)
{
	struct handing handing = handing_open(*state);
	struct region *region = handing.region;
	struct sf_reply_sent stay = handing_admit(&handing);
	struct sf_sim_machine *ward = sf_sim_add(
		&region->world, SF_ROLE_PSYCHIATRY, "psychiatry 1", WARD_SOR, WARD_GLN, true);
	region_run(region, 5 * SF_SECOND_MS);
	struct sf_view letter = handing_sample(
		region, "medcom-hospitalnotification/HospitalNotification_Ex_STIN_H.json");
	letter = handing_replaced(region, letter, HANDING_HOSPITAL_SOR, WARD_SOR);
	letter = handing_replaced(region, letter, HANDING_HOSPITAL_GLN, WARD_GLN);
	assert_int_equal(
		handing_send(region, ward, SF_CONTENT_FHIR_JSON, letter).answer, SF_SEND_STORED);
	region_run(region, 5 * SF_SECOND_MS);
	letter = handing_correspondence(region, FIRST);
	struct sf_reply_sent sent = answer(&handing, letter);
	assert_int_equal(sent.answer, SF_SEND_FATAL);
	assert_string_equal(sent.issues[0].code, "MSG_NO_MATCH");
	assert_non_null(strstr(sent.issues[0].text, "more than one"));
	sent = answer(&handing, with_episode(&handing, letter, HANDING_EPISODE));
	assert_int_equal(sent.answer, SF_SEND_STORED);
	assert_true(sf_id_equal(sent.transition, stay.transition));
}

/* A reply goes where the letter is that it replies to: handed in here, or received. */
static void test_reply_follows_the_letter_before_it(void **state)
{
	struct handing handing = handing_open(*state);
	handing_admit(&handing);
	struct sf_reply_sent second = admit_again(&handing);
	struct sf_view letter = handing_correspondence(handing.region, FIRST);
	letter = handing_replaced(
		handing.region, letter, FOLLOWED, "b9b4818e-0000-4cc4-b418-d20cbc399006");
	struct sf_reply_sent sent = answer(&handing, letter);
	assert_int_equal(sent.answer, SF_SEND_STORED);
	assert_true(sf_id_equal(sent.transition, second.transition));
	letter = handing_correspondence(handing.region, SECOND);
	sent = answer(&handing, handing_replaced(handing.region, letter, FOLLOWED, FIRST));
	assert_true(sf_id_equal(sent.transition, second.transition));
}

static void test_receiver_must_be_known(void **state)
{
	struct handing handing = handing_open(*state);
	handing_admit(&handing);
	struct sf_view letter = handing_replaced(handing.region,
		handing_correspondence(handing.region, FIRST), HANDING_HOSPITAL_SOR, WARD_SOR);
	letter = handing_replaced(handing.region, letter, HANDING_HOSPITAL_GLN, "5790001353308");
	struct sf_reply_sent sent = answer(&handing, letter);
	assert_int_equal(sent.answer, SF_SEND_FATAL);
	assert_string_equal(sent.issues[0].code, "MSG_Receiver_Identifier_UNKNOWN");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_letter_is_found_a_place_by_its_citizen),
		TEST(test_other_content_under_its_id_is_fatal),
		TEST(test_letter_without_a_place_is_fatal_and_says_what_to_do),
		TEST(test_episode_decides_between_two_stays),
		TEST(test_episode_is_named_by_its_hospital_alone),
		TEST(test_two_open_stays_need_an_episode),
		TEST(test_reply_follows_the_letter_before_it),
		TEST(test_receiver_must_be_known),
	};
	return cmocka_run_group_tests_name("node/correspondence", tests, NULL, NULL);
}
