/*
 * A clinical system hands in a letter (DOMAIN.md section 8, MEDCOM.md): judged, named, bound to its
 * transition. The letters are MedCom's sample of stay H with some of its text replaced.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "node/state.h"
#include "unit/node/region.h"

#define HEADER_ID "b9b4818e-02de-4cc4-b418-d20cbc399006"
#define BUNDLE_ID "2361f9af-3411-4f87-93ef-61f501ce01b5"
#define EPISODE "d3d03544-f116-4070-a823-d5c64e6a7c46"

static struct sf_view read_sample(struct region *region, const char *name)
{
	char path[512];
	snprintf(path, sizeof(path),
		"%s/samples/medcom-hospitalnotification/HospitalNotification_Ex_%s.json",
		SF_TESTS_DIR, name);
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	char *text = sf_arena_take(&region->arena, 65536);
	size_t size = fread(text, 1, 65535, file);
	fclose(file);
	text[size] = '\0';
	return sf_view_of(text, size);
}

/* Every occurrence of what by something of the same length. */
static struct sf_view replaced(
	struct region *region, struct sf_view text, const char *what, const char *by)
{
	assert_int_equal(strlen(what), strlen(by));
	char *copy = sf_arena_take(&region->arena, text.size + 1);
	memcpy(copy, text.data, text.size);
	copy[text.size] = '\0';
	size_t count = 0;
	for (char *at = copy; (at = strstr(at, what)); count++)
		memcpy(at, by, strlen(by));
	assert_true(count > 0);
	return sf_view_of(copy, text.size);
}

static struct sf_reply_sent hand_in(struct region *region, struct sf_view letter, const char *type,
	const char *municipality, const char *gp)
{
	const struct sf_request request = {.kind = SF_REQUEST_SEND,
		.send = {.content_type = type,
			.content = letter,
			.gp = gp,
			.municipality = municipality,
			.response_url = ""}};
	return region_get(region, region->hospital, request, SF_REPLY_SENT).sent;
}

static struct sf_reply_sent send_letter(struct region *region, struct sf_view letter)
{
	return hand_in(region, letter, SF_CONTENT_FHIR_JSON, "municipality 0", "gp 0");
}

/* Judged and not taken: nothing is kept, nothing is sent. */
static void expect_fatal(
	struct region *region, struct sf_reply_sent sent, const char *code, bool answered)
{
	assert_int_equal(sent.answer, SF_SEND_FATAL);
	assert_true(sent.issue_count > 0);
	assert_string_equal(sent.issues[0].code, code);
	assert_true(sent.issues[0].fatal);
	assert_true(strlen(sent.issues[0].text) > 0);
	assert_int_equal(sent.acknowledgement.size > 0, answered);
	region_run(region, 5 * SF_SECOND_MS);
}

static size_t letters_kept(const struct region *region)
{
	return sf_memory_count(region->hospital->memory, &sf_node_table_letter);
}

static const struct sf_parties *parties_of(struct region *region, struct sf_id id)
{
	const struct sf_transition *transition = NULL;
	assert_int_equal(sf_node_replica(region->hospital->node, id, &transition, NULL), SF_OK);
	assert_non_null(transition);
	return sf_transition_parties(transition);
}

static void test_stored_letter_opens_a_transition_with_its_parties(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = send_letter(region, read_sample(region, "STIN_H"));
	assert_int_equal(sent.answer, SF_SEND_STORED);
	assert_int_equal(sent.issue_count, 0);
	assert_int_equal(sent.acknowledgement.size, 0);
	region_run(region, 5 * SF_SECOND_MS);
	const struct sf_parties *parties = parties_of(region, sent.transition);
	assert_int_equal(parties->version, 1);
	assert_int_equal(parties->binding_count, 3);
	assert_true(sf_id_equal(parties->bindings[1].party, region->municipality->party));
	assert_true(sf_id_equal(parties->bindings[2].party, region->gp->party));
	assert_int_equal(letters_kept(region), 1);
}

/* DOMAIN section 8: Bundle.id is an envelope, new at each sending; the letter is the same. */
static void test_same_letter_again_is_answered_as_before(void **state)
{
	struct region *region = *state;
	struct sf_view letter = read_sample(region, "STIN_H");
	struct sf_reply_sent first = send_letter(region, letter);
	struct sf_reply_sent again = send_letter(region, letter);
	assert_int_equal(again.answer, SF_SEND_DUPLICATE);
	assert_true(sf_id_equal(again.message, first.message));
	assert_true(sf_id_equal(again.transition, first.transition));
	region_run(region, 5 * SF_SECOND_MS);
	uint64_t sent = sf_node_counters(region->hospital->node).sent;
	again = send_letter(region, replaced(region, letter, BUNDLE_ID,
					    "2361f9af-0000-4f87-93ef-"
					    "61f501ce01b5"));
	assert_int_equal(again.answer, SF_SEND_DUPLICATE);
	region_run(region, 5 * SF_SECOND_MS);
	assert_int_equal(sf_node_counters(region->hospital->node).sent, sent);
	assert_int_equal(letters_kept(region), 1);
}

static void test_header_id_with_another_letter_is_fatal(void **state)
{
	struct region *region = *state;
	struct sf_view letter = read_sample(region, "STIN_H");
	send_letter(region, letter);
	struct sf_view other =
		replaced(region, letter, EPISODE, "d3d03544-f116-4070-a823-000000000000");
	expect_fatal(region, send_letter(region, other), "MSG_DUPLICATE_ID", true);
	assert_int_equal(letters_kept(region), 1);
	const struct sf_request inbox = {.kind = SF_REQUEST_INBOX};
	assert_int_equal(
		region_get(region, region->municipality, inbox, SF_REPLY_INBOX).inbox.row_count, 1);
}

static void test_what_cannot_be_read_is_fatal_and_says_so(void **state)
{
	struct region *region = *state;
	static const char *const texts[] = {
		"", "{", "no letter", "{}", "[]", "{\"resourceType\":\"Patient\"}"};
	for (size_t i = 0; i < SF_COUNT(texts); i++) {
		struct sf_reply_sent sent = send_letter(region, sf_view_text(texts[i]));
		assert_int_equal(sent.answer, SF_SEND_FATAL);
		assert_true(sent.issue_count > 0);
		assert_true(strlen(sent.issues[0].code) > 0);
	}
	struct sf_view letter = read_sample(region, "STIN_H");
	struct sf_reply_sent sent =
		hand_in(region, letter, SF_CONTENT_FHIR_XML, "municipality 0", "");
	assert_int_equal(sent.answer, SF_SEND_FATAL);
	sent = hand_in(region, letter, "text/plain", "municipality 0", "");
	assert_int_equal(sent.answer, SF_SEND_FATAL);
	sent = send_letter(region, sf_view_of(letter.data, letter.size / 2));
	assert_int_equal(sent.answer, SF_SEND_FATAL);
	assert_int_equal(letters_kept(region), 0);
	assert_int_equal(sf_node_counters(region->hospital->node).sent, 0);
}

static void test_receiver_must_be_known_and_another(void **state)
{
	struct region *region = *state;
	struct sf_view letter = read_sample(region, "STIN_H");
	/* By the document's own receiver, which this region does not have. */
	expect_fatal(region, hand_in(region, letter, SF_CONTENT_FHIR_JSON, "", ""),
		"MSG_Receiver_Identifier_UNKNOWN", true);
	expect_fatal(region, hand_in(region, letter, SF_CONTENT_FHIR_JSON, "nobody", ""),
		"MSG_Receiver_Identifier_UNKNOWN", true);
	expect_fatal(region, hand_in(region, letter, SF_CONTENT_FHIR_JSON, "hospital 0", ""),
		"MSG_Receiver_Identifier_UNKNOWN", true);
	expect_fatal(region,
		hand_in(region, letter, SF_CONTENT_FHIR_JSON, "municipality 0", "nobody"),
		"MSG_Receiver_Identifier_UNKNOWN", true);
	/* It can be sent after all: what was refused has taken no id. */
	assert_int_equal(send_letter(region, letter).answer, SF_SEND_STORED);
}

static void test_receiver_without_a_node_cannot_be_sealed_to(void **state)
{
	struct region *region = *state;
	sf_sim_add(&region->world, SF_ROLE_MUNICIPALITY, "municipality 1", NULL, NULL, false);
	region_run(region, 5 * SF_SECOND_MS);
	struct sf_view letter = read_sample(region, "STIN_H");
	expect_fatal(region, hand_in(region, letter, SF_CONTENT_FHIR_JSON, "municipality 1", ""),
		"MSG_RECEIVER_UNABLE_TO_RECEIVE_MSG_TYPE", true);
}

/* Sealed to the representative it would wait under a name that never connects. */
static void test_represented_receiver_is_refused_with_the_reason(void **state)
{
	struct region *region = *state;
	region->world.representative = region->municipality->party;
	sf_sim_add(&region->world, SF_ROLE_MUNICIPALITY, "municipality 1", NULL, NULL, false);
	region_run(region, 5 * SF_SECOND_MS);
	struct sf_view letter = read_sample(region, "STIN_H");
	expect_fatal(region, hand_in(region, letter, SF_CONTENT_FHIR_JSON, "municipality 1", ""),
		"MSG_RECEIVER_UNABLE_TO_RECEIVE_MSG_TYPE", true);
}

static void test_receiver_of_the_document_is_found_by_its_sor_code(void **state)
{
	struct region *region = *state;
	struct sf_sim_machine *other = sf_sim_add(&region->world, SF_ROLE_MUNICIPALITY,
		"municipality 1", "953741000016009", "5790001382445", true);
	region_run(region, 5 * SF_SECOND_MS);
	struct sf_view letter = read_sample(region, "STIN_H");
	struct sf_reply_sent sent = hand_in(region, letter, SF_CONTENT_FHIR_JSON, "", "");
	assert_int_equal(sent.answer, SF_SEND_STORED);
	region_run(region, 5 * SF_SECOND_MS);
	assert_true(
		sf_id_equal(parties_of(region, sent.transition)->bindings[1].party, other->party));
}

static enum sf_binding_state municipality_binding(struct region *region, struct sf_id id)
{
	const struct sf_parties *parties = parties_of(region, id);
	for (size_t i = 0; i < parties->binding_count; i++)
		if (parties->bindings[i].role == SF_ROLE_MUNICIPALITY)
			return parties->bindings[i].state;
	return 0;
}

/* A citizen of another region: no neighbour may read the letter, and the stay is recorded. */
static void test_municipality_elsewhere_gets_no_letter_and_the_stay_is_recorded(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent first = hand_in(region, read_sample(region, "STIN_H"),
		SF_CONTENT_FHIR_JSON, "not-enrolled", "gp 0");
	assert_int_equal(first.answer, SF_SEND_STORED);
	region_run(region, 5 * SF_SECOND_MS);
	assert_int_equal(municipality_binding(region, first.transition), SF_BINDING_NOT_ENROLLED);
	const struct sf_transition *seen = NULL;
	assert_int_equal(sf_node_replica(region->gp->node, first.transition, &seen, NULL), SF_OK);
	assert_int_equal(sf_transition_stay(seen)->state, SF_STAY_IN_HOSPITAL);
	assert_int_equal(sf_node_counters(region->municipality->node).received, 0);
	/* Nor need anybody say so again; the system sends on as it always did. */
	struct sf_reply_sent second =
		hand_in(region, read_sample(region, "SLHJ_H"), SF_CONTENT_FHIR_JSON, "", "");
	assert_int_equal(second.answer, SF_SEND_STORED);
	assert_true(sf_id_equal(second.transition, first.transition));
	region_run(region, 5 * SF_SECOND_MS);
	assert_int_equal(sf_transition_stay(seen)->state, SF_STAY_HOME);
}

/* Found after all: the newest letter goes to whom the hospital binds, unchanged. */
static void test_municipality_found_later_gets_the_newest_letter(void **state)
{
	struct region *region = *state;
	struct sf_view letter = read_sample(region, "STIN_H");
	struct sf_reply_sent sent = hand_in(region, letter, SF_CONTENT_FHIR_JSON, "unknown", "");
	region_run(region, 5 * SF_SECOND_MS);
	assert_int_equal(municipality_binding(region, sent.transition), SF_BINDING_UNKNOWN);
	const struct sf_request bind = {.kind = SF_REQUEST_BIND,
		.bind = {.transition = sent.transition,
			.role = SF_ROLE_MUNICIPALITY,
			.party = "municipality 0"}};
	region_get(region, region->hospital, bind, SF_REPLY_SAID);
	region_run(region, 5 * SF_SECOND_MS);
	const struct sf_request inbox = {.kind = SF_REQUEST_INBOX};
	struct sf_reply_inbox got =
		region_get(region, region->municipality, inbox, SF_REPLY_INBOX).inbox;
	assert_int_equal(got.row_count, 1);
	const struct sf_request ask = {
		.kind = SF_REQUEST_MESSAGE, .message = {.message = got.rows[0].message}};
	struct sf_reply_message read =
		region_get(region, region->municipality, ask, SF_REPLY_MESSAGE).message;
	assert_int_equal(read.content.size, letter.size);
	assert_memory_equal(read.content.data, letter.data, letter.size);
}

static void test_letters_of_one_episode_are_one_transition(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent first = send_letter(region, read_sample(region, "STIN_H"));
	region_run(region, 5 * SF_SECOND_MS);
	struct sf_reply_sent second = send_letter(region, read_sample(region, "SLHJ_H"));
	assert_true(sf_id_equal(second.transition, first.transition));
	assert_false(sf_id_equal(second.message, first.message));
	struct sf_reply_sent other = send_letter(region, read_sample(region, "STAA_E"));
	assert_false(sf_id_equal(other.transition, first.transition));
}

/* An episode nobody has heard of, and a predecessor that was sent from here. */
static void test_predecessor_finds_the_transition_when_the_episode_does_not(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent first = send_letter(region, read_sample(region, "STIN_H"));
	struct sf_view discharge = replaced(region, read_sample(region, "SLHJ_H"), EPISODE,
		"00000000-f116-4070-a823-d5c64e6a7c46");
	struct sf_reply_sent second = send_letter(region, discharge);
	assert_int_equal(second.answer, SF_SEND_STORED);
	assert_true(sf_id_equal(second.transition, first.transition));
	/* From now on the new episode is known as well. */
	struct sf_view third = replaced(region,
		replaced(region, discharge, "g1affa53-c157-4080-abb0-8e6815399006",
			"g1affa53-c157-4080-abb0-000000000000"),
		HEADER_ID, "b9b4818e-0000-4cc4-b418-d20cbc399006");
	assert_true(sf_id_equal(send_letter(region, third).transition, first.transition));
}

/* A dangling predecessor is one of the traps in MedCom's own files. */
static void test_letter_with_neither_known_opens_its_own_transition(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = send_letter(region, read_sample(region, "SLHJ_H"));
	assert_int_equal(sent.answer, SF_SEND_STORED);
	region_run(region, 5 * SF_SECOND_MS);
	assert_int_equal(parties_of(region, sent.transition)->version, 1);
}

static void test_practice_is_bound_later_and_rebound(void **state)
{
	struct region *region = *state;
	struct sf_view letter = read_sample(region, "STIN_H");
	struct sf_reply_sent sent =
		hand_in(region, letter, SF_CONTENT_FHIR_JSON, "municipality 0", "");
	region_run(region, 5 * SF_SECOND_MS);
	const struct sf_parties *parties = parties_of(region, sent.transition);
	assert_int_equal(parties->version, 1);
	assert_int_equal(parties->bindings[2].state, SF_BINDING_UNKNOWN);
	letter = read_sample(region, "SLHJ_H");
	hand_in(region, letter, SF_CONTENT_FHIR_JSON, "municipality 0", "gp 0");
	region_run(region, 5 * SF_SECOND_MS);
	parties = parties_of(region, sent.transition);
	assert_int_equal(parties->version, 2);
	assert_int_equal(parties->bindings[2].state, SF_BINDING_PARTY);
	assert_true(sf_id_equal(parties->bindings[2].party, region->gp->party));
	/* The same practice again is no news. */
	letter = replaced(region, letter, "g1affa53-c157-4080-abb0-8e6815399006",
		"g1affa53-c157-4080-abb0-000000000000");
	hand_in(region, letter, SF_CONTENT_FHIR_JSON, "municipality 0", "gp 0");
	region_run(region, 5 * SF_SECOND_MS);
	assert_int_equal(parties_of(region, sent.transition)->version, 2);
	struct sf_sim_machine *other =
		sf_sim_add(&region->world, SF_ROLE_GP, "gp 1", NULL, NULL, true);
	region_run(region, 5 * SF_SECOND_MS);
	letter = replaced(region, letter, "g1affa53-c157-4080-abb0-000000000000",
		"g1affa53-c157-4080-abb0-000000000001");
	hand_in(region, letter, SF_CONTENT_FHIR_JSON, "municipality 0", "gp 1");
	region_run(region, 5 * SF_SECOND_MS);
	parties = parties_of(region, sent.transition);
	assert_int_equal(parties->version, 3);
	assert_true(sf_id_equal(parties->bindings[2].party, other->party));
}

/* The original bytes, to the last blank, are what the municipality reads. */
static void test_original_bytes_arrive_unchanged(void **state)
{
	struct region *region = *state;
	struct sf_view letter = read_sample(region, "STIN_H");
	struct sf_reply_sent sent = send_letter(region, letter);
	region_run(region, 5 * SF_SECOND_MS);
	const struct sf_request request = {.kind = SF_REQUEST_MESSAGE, .message = {sent.message}};
	struct sf_reply reply = region_get(region, region->municipality, request, SF_REPLY_MESSAGE);
	assert_true(sf_view_equal(reply.message.content, letter));
}

/* The message id tells the coordinator nothing: it is keyed with this node's own secret. */
static void test_message_id_is_the_nodes_own_name_for_the_letter(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = send_letter(region, read_sample(region, "STIN_H"));
	struct sf_crypto crypto;
	struct sf_id id;
	sf_crypto_port(region->hospital->keyring, &crypto);
	assert_int_equal(crypto.message_id(crypto.self, region->hospital->party,
				 sf_view_text(HEADER_ID), &id),
		SF_OK);
	assert_true(sf_id_equal(id, sent.message));
	sf_crypto_port(region->municipality->keyring, &crypto);
	assert_int_equal(crypto.message_id(crypto.self, region->hospital->party,
				 sf_view_text(HEADER_ID), &id),
		SF_OK);
	assert_false(sf_id_equal(id, sent.message));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_stored_letter_opens_a_transition_with_its_parties),
		TEST(test_same_letter_again_is_answered_as_before),
		TEST(test_header_id_with_another_letter_is_fatal),
		TEST(test_what_cannot_be_read_is_fatal_and_says_so),
		TEST(test_receiver_must_be_known_and_another),
		TEST(test_receiver_without_a_node_cannot_be_sealed_to),
		TEST(test_represented_receiver_is_refused_with_the_reason),
		TEST(test_receiver_of_the_document_is_found_by_its_sor_code),
		TEST(test_municipality_elsewhere_gets_no_letter_and_the_stay_is_recorded),
		TEST(test_municipality_found_later_gets_the_newest_letter),
		TEST(test_letters_of_one_episode_are_one_transition),
		TEST(test_predecessor_finds_the_transition_when_the_episode_does_not),
		TEST(test_letter_with_neither_known_opens_its_own_transition),
		TEST(test_practice_is_bound_later_and_rebound),
		TEST(test_original_bytes_arrive_unchanged),
		TEST(test_message_id_is_the_nodes_own_name_for_the_letter),
	};
	return cmocka_run_group_tests_name("node/letter", tests, NULL, NULL);
}
