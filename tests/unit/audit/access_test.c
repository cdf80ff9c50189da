#include "audit/access.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct sf_id transition = {{1}}, message = {{2}};

static void test_what_is_read_of_one_is_named(void **state)
{
	(void)state;
	struct sf_request request = {.kind = SF_REQUEST_TRANSITION};
	struct sf_reply reply = {.kind = SF_REPLY_TRANSITION};
	reply.transition.row.transition = transition;
	struct sf_access access = sf_access_of(&request, &reply);
	assert_true(access.kept);
	assert_true(sf_id_equal(access.transition, transition));
	request = (struct sf_request){.kind = SF_REQUEST_MESSAGE, .message = {message}};
	reply = (struct sf_reply){.kind = SF_REPLY_MESSAGE};
	reply.message.row.transition = transition;
	reply.message.row.message = message;
	access = sf_access_of(&request, &reply);
	assert_true(access.kept);
	assert_true(sf_id_equal(access.transition, transition));
	assert_true(sf_id_equal(access.message, message));
	request = (struct sf_request){.kind = SF_REQUEST_TRACE, .trace = {message}};
	reply = (struct sf_reply){
		.kind = SF_REPLY_TRACE, .trace = {.message = message, .transition = transition}};
	access = sf_access_of(&request, &reply);
	assert_true(access.kept);
	assert_true(sf_id_equal(access.transition, transition));
	assert_true(sf_id_equal(access.message, message));
	/* Replies that are bytes, or counts: the question says what they are about. */
	request = (struct sf_request){.kind = SF_REQUEST_EVIDENCE, .evidence = {transition}};
	reply = (struct sf_reply){.kind = SF_REPLY_EVIDENCE};
	access = sf_access_of(&request, &reply);
	assert_true(access.kept && sf_id_equal(access.transition, transition));
	request = (struct sf_request){
		.kind = SF_REQUEST_ACKNOWLEDGEMENT, .acknowledgement = {.message = message}};
	reply = (struct sf_reply){.kind = SF_REPLY_ACKNOWLEDGEMENT};
	access = sf_access_of(&request, &reply);
	assert_true(access.kept && sf_id_equal(access.message, message));
	request = (struct sf_request){
		.kind = SF_REQUEST_ERASE, .erase = {transition, SF_GROUND_CITIZEN, true}};
	reply = (struct sf_reply){.kind = SF_REPLY_ERASED};
	access = sf_access_of(&request, &reply);
	assert_true(access.kept && sf_id_equal(access.transition, transition));
}

/* A long poll that goes on waiting has told nothing. */
static void test_a_list_is_kept_when_something_stands_in_it(void **state)
{
	(void)state;
	const struct {
		enum sf_request_kind asked;
		enum sf_reply_kind answered;
	} lists[] = {
		{SF_REQUEST_TRANSITIONS, SF_REPLY_TRANSITIONS},
		{SF_REQUEST_INBOX, SF_REPLY_INBOX},
		{SF_REQUEST_OUTBOX, SF_REPLY_OUTBOX},
		{SF_REQUEST_BOARD, SF_REPLY_BOARD},
		{SF_REQUEST_QUARANTINE, SF_REPLY_QUARANTINE},
		{SF_REQUEST_MEASURES, SF_REPLY_MEASURES},
		{SF_REQUEST_SIMULATE, SF_REPLY_SIMULATED},
	};
	struct sf_reply reply;
	size_t *counts[] = {&reply.transitions.row_count, &reply.inbox.row_count,
		&reply.outbox.row_count, &reply.board.row_count, &reply.quarantine.row_count,
		&reply.measures.row_count, &reply.simulated.row_count};
	for (size_t i = 0; i < SF_COUNT(lists); i++) {
		const struct sf_request request = {.kind = lists[i].asked};
		reply = (struct sf_reply){.kind = lists[i].answered};
		assert_false(sf_access_of(&request, &reply).kept);
		*counts[i] = 1;
		struct sf_access access = sf_access_of(&request, &reply);
		assert_true(access.kept);
		assert_true(sf_id_is_none(access.transition));
	}
	struct sf_request one = {.kind = SF_REQUEST_INBOX, .inbox = {.transition = transition}};
	reply = (struct sf_reply){.kind = SF_REPLY_INBOX};
	reply.inbox.row_count = 1;
	assert_true(sf_id_equal(sf_access_of(&one, &reply).transition, transition));
}

/* Who follows what happens reads courses; who sees a node come and go does not. */
static void test_the_feed_is_kept_when_it_tells_of_a_course(void **state)
{
	(void)state;
	const struct sf_request request = {.kind = SF_REQUEST_FEED};
	struct sf_feed_row rows[] = {{.what = SF_FEED_DIRECTORY}, {.what = SF_FEED_DIRECTORY}};
	struct sf_reply reply = {.kind = SF_REPLY_FEED};
	assert_false(sf_access_of(&request, &reply).kept);
	reply.feed.row_count = SF_COUNT(rows);
	reply.feed.rows = rows;
	assert_false(sf_access_of(&request, &reply).kept);
	rows[1].transition = transition;
	struct sf_access access = sf_access_of(&request, &reply);
	assert_true(access.kept);
	assert_true(sf_id_is_none(access.transition));
}

/* What comes behind the beginning of a stream is read by nobody who asks: its beginning is kept. */
static void test_a_stream_is_kept_where_it_begins(void **state)
{
	(void)state;
	const struct sf_request request = {
		.kind = SF_REQUEST_FEED, .asker = {.account = "token:epj", .over_http = true}};
	const struct sf_reply reply = {.kind = SF_REPLY_FEED};
	assert_true(sf_access_of(&request, &reply).kept);
	const struct sf_reply failed = {.kind = SF_REPLY_FEED, .err = SF_ERR_AGAIN};
	assert_false(sf_access_of(&request, &failed).kept);
}

static void test_a_refusal_and_the_daemons_state_tell_of_nobody(void **state)
{
	(void)state;
	const struct sf_request request = {.kind = SF_REQUEST_EVIDENCE, .evidence = {transition}};
	const struct sf_reply refused = {.kind = SF_REPLY_EVIDENCE, .err = SF_ERR_NOT_FOUND};
	assert_false(sf_access_of(&request, &refused).kept);
	static const enum sf_reply_kind silent[] = {SF_REPLY_DONE, SF_REPLY_SENT, SF_REPLY_SAID,
		SF_REPLY_DIRECTORY, SF_REPLY_STATUS, SF_REPLY_AGREEMENTS, SF_REPLY_LOG,
		SF_REPLY_PROOF, SF_REPLY_ACCESS_LOG};
	for (size_t i = 0; i < SF_COUNT(silent); i++) {
		const struct sf_request status = {.kind = SF_REQUEST_STATUS};
		const struct sf_reply reply = {.kind = silent[i]};
		assert_false(sf_access_of(&status, &reply).kept);
	}
}

static void test_who_says_nothing_is_an_operator_at_work(void **state)
{
	(void)state;
	const struct sf_asker silent = {.account = ""};
	assert_int_equal(sf_access_role(&silent), SF_READER_OPERATOR);
	assert_int_equal(sf_access_purpose(&silent), SF_PURPOSE_OPERATION);
	const struct sf_asker said = {
		.account = "", .role = SF_READER_OFFICER, .purpose = SF_PURPOSE_CITIZEN};
	assert_int_equal(sf_access_role(&said), SF_READER_OFFICER);
	assert_int_equal(sf_access_purpose(&said), SF_PURPOSE_CITIZEN);
}

static void test_who_follows_the_feed_is_kept_once_a_quarter(void **state)
{
	(void)state;
	struct sf_access_followers followers = {.next = 0};
	struct sf_request request = {.kind = SF_REQUEST_FEED,
		.asker = {
			.account = "anna", .role = SF_READER_AUDITOR, .purpose = SF_PURPOSE_AUDIT}};
	assert_false(sf_access_goes_on(&followers, &request, 1000));
	assert_true(sf_access_goes_on(&followers, &request, 1000 + SF_ACCESS_FOLLOW_MS - 1));
	assert_false(sf_access_goes_on(&followers, &request, 1000 + SF_ACCESS_FOLLOW_MS));
	/* Another account, and the same one for something else, are readings of their own. */
	request.asker.account = "bente";
	assert_false(sf_access_goes_on(&followers, &request, 2000 + SF_ACCESS_FOLLOW_MS));
	request.asker = (struct sf_asker){
		.account = "anna", .role = SF_READER_AUDITOR, .purpose = SF_PURPOSE_LAW};
	assert_false(sf_access_goes_on(&followers, &request, 2000 + SF_ACCESS_FOLLOW_MS));
	/* Everything but the feed is one reading each time. */
	request = (struct sf_request){.kind = SF_REQUEST_TRANSITION,
		.asker = {
			.account = "anna", .role = SF_READER_AUDITOR, .purpose = SF_PURPOSE_AUDIT}};
	assert_false(sf_access_goes_on(&followers, &request, 3000 + SF_ACCESS_FOLLOW_MS));
}

static void test_what_changed_lately_is_kept_once_a_quarter(void **state)
{
	(void)state;
	int64_t now_ms = 100 * SF_ACCESS_FOLLOW_MS;
	struct sf_access_followers followers = {.next = 0};
	struct sf_request request = {.kind = SF_REQUEST_TRANSITIONS,
		.transitions = {.since_ms = now_ms - 5},
		.asker = {.account = "anna"}};
	assert_false(sf_access_goes_on(&followers, &request, now_ms));
	assert_true(sf_access_goes_on(&followers, &request, now_ms + 1000));
	/* Who follows the feed has not read the rows. */
	const struct sf_request feed = {.kind = SF_REQUEST_FEED, .asker = {.account = "anna"}};
	assert_false(sf_access_goes_on(&followers, &feed, now_ms + 1000));
	/* All of them, and those of long ago, are readings of their own. */
	request.transitions.since_ms = 0;
	assert_false(sf_access_goes_on(&followers, &request, now_ms + 1000));
	request.transitions.since_ms = now_ms - SF_ACCESS_FOLLOW_MS;
	assert_false(sf_access_goes_on(&followers, &request, now_ms + 1000));
}

static void test_more_followers_than_there_is_room_for_are_kept_more_often(void **state)
{
	(void)state;
	struct sf_access_followers followers = {.next = 0};
	char account[8] = "a";
	struct sf_request request = {.kind = SF_REQUEST_FEED, .asker.account = account};
	for (size_t i = 0; i <= SF_ACCESS_FOLLOWERS_MAX; i++) {
		account[0] = (char)('a' + (int)i);
		assert_false(sf_access_goes_on(&followers, &request, 5));
		assert_true(sf_access_goes_on(&followers, &request, 6));
	}
	account[0] = 'a';
	assert_false(sf_access_goes_on(&followers, &request, 7));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_read_of_one_is_named),
		cmocka_unit_test(test_a_list_is_kept_when_something_stands_in_it),
		cmocka_unit_test(test_a_stream_is_kept_where_it_begins),
		cmocka_unit_test(test_the_feed_is_kept_when_it_tells_of_a_course),
		cmocka_unit_test(test_who_follows_the_feed_is_kept_once_a_quarter),
		cmocka_unit_test(test_what_changed_lately_is_kept_once_a_quarter),
		cmocka_unit_test(test_more_followers_than_there_is_room_for_are_kept_more_often),
		cmocka_unit_test(test_a_refusal_and_the_daemons_state_tell_of_nobody),
		cmocka_unit_test(test_who_says_nothing_is_an_operator_at_work),
	};
	return cmocka_run_group_tests_name("audit/access", tests, NULL, NULL);
}
