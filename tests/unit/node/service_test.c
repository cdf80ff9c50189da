#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/node/region.h"

static const struct sf_inbox_row *last_letter(struct region *region, struct sf_sim_machine *machine)
{
	struct sf_request request = {.kind = SF_REQUEST_INBOX};
	struct sf_reply reply = region_get(region, machine, request, SF_REPLY_INBOX);
	assert_true(reply.inbox.row_count > 0);
	return &reply.inbox.rows[reply.inbox.row_count - 1];
}

static void test_discharge_is_shown_to_municipality_with_its_offer(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = region_discharge(region);
	const struct sf_inbox_row *row = last_letter(region, region->municipality);
	assert_true(sf_id_equal(row->message, sent.message));
	assert_true(sf_id_equal(row->author, region->hospital->party));
	assert_string_equal(row->author_name, "hospital 0");
	assert_int_equal(row->author_role, SF_ROLE_HOSPITAL);
	assert_int_equal(row->activity, SF_ACTIVITY_DISCHARGE_HOME);
	assert_int_equal(row->mode, SF_MODE_NEW);
	assert_int_equal(row->ack, SF_ACK_OK);
	assert_false(row->handled);
	assert_int_equal(
		row->offers, SF_DOMAIN_BIT(SF_DOMAIN_CARE) | SF_DOMAIN_BIT(SF_DOMAIN_MEDICATION));
	assert_string_equal(row->content_type, SF_CONTENT_FHIR_JSON);
	assert_true(row->content_size > 1000);
}

static void test_inbox_pages_by_cursor_and_ends(void **state)
{
	struct region *region = *state;
	region_discharge(region);
	struct sf_request request = {.kind = SF_REQUEST_INBOX, .inbox = {.count_max = 1}};
	struct sf_reply first = region_get(region, region->municipality, request, SF_REPLY_INBOX);
	assert_int_equal(first.inbox.row_count, 1);
	assert_int_equal(first.inbox.rows[0].activity, SF_ACTIVITY_ADMIT_INPATIENT);
	request.inbox.after = first.inbox.rows[0].cursor;
	struct sf_reply second = region_get(region, region->municipality, request, SF_REPLY_INBOX);
	assert_int_equal(second.inbox.row_count, 1);
	assert_int_equal(second.inbox.rows[0].activity, SF_ACTIVITY_DISCHARGE_HOME);
	request.inbox.after = second.inbox.rows[0].cursor;
	struct sf_reply end = region_get(region, region->municipality, request, SF_REPLY_INBOX);
	assert_int_equal(end.inbox.row_count, 0);
	/* By transition the same rows come in the same order; of another transition none. */
	request.inbox = (struct sf_request_inbox){.transition = second.inbox.rows[0].transition};
	struct sf_reply own = region_get(region, region->municipality, request, SF_REPLY_INBOX);
	assert_int_equal(own.inbox.row_count, 2);
	assert_true(own.inbox.rows[0].cursor < own.inbox.rows[1].cursor);
	request.inbox.transition.bytes[0] ^= 1;
	assert_int_equal(
		region_get(region, region->municipality, request, SF_REPLY_INBOX).inbox.row_count,
		0);
}

static void test_handled_letter_leaves_the_unhandled(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = region_discharge(region);
	struct sf_request handled = {
		.kind = SF_REQUEST_HANDLED, .handled = {.message = sent.message}};
	region_get(region, region->municipality, handled, SF_REPLY_DONE);
	region_get(region, region->municipality, handled, SF_REPLY_DONE); /* twice is once */
	assert_true(last_letter(region, region->municipality)->handled);
	struct sf_request request = {.kind = SF_REQUEST_INBOX, .inbox = {.only_unhandled = true}};
	struct sf_reply reply = region_get(region, region->municipality, request, SF_REPLY_INBOX);
	assert_int_equal(reply.inbox.row_count, 1);
	assert_false(sf_id_equal(reply.inbox.rows[0].message, sent.message));
	/* The sender has not received it. */
	assert_int_equal(region_ask(region, region->hospital, handled).err, SF_ERR_NOT_FOUND);
}

static void test_message_shows_content_to_both_ends_and_nobody_else(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = region_discharge(region);
	struct sf_request request = {
		.kind = SF_REQUEST_MESSAGE, .message = {.message = sent.message}};
	struct sf_reply there = region_get(region, region->municipality, request, SF_REPLY_MESSAGE);
	struct sf_reply here = region_get(region, region->hospital, request, SF_REPLY_MESSAGE);
	assert_true(there.message.content.size > 1000);
	assert_true(sf_view_equal(there.message.content, here.message.content));
	assert_int_equal(strlen(there.message.cpr), 10);
	assert_int_equal(region_ask(region, region->gp, request).err, SF_ERR_NOT_FOUND);
	assert_int_equal(region_ask(region, region->coordinator, request).err, SF_ERR_UNSUPPORTED);
}

static void test_acknowledgement_is_the_same_bytes_ever_after(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = region_send(region, "STIN_H");
	struct sf_request request = {.kind = SF_REQUEST_ACKNOWLEDGEMENT,
		.acknowledgement = {.message = sent.message, .recipient = ""}};
	struct sf_reply early =
		region_get(region, region->hospital, request, SF_REPLY_ACKNOWLEDGEMENT);
	assert_int_equal(early.acknowledgement.ack, SF_ACK_NONE);
	assert_int_equal(early.acknowledgement.content.size, 0);
	region_run(region, 5 * SF_SECOND_MS);
	struct sf_reply first =
		region_get(region, region->hospital, request, SF_REPLY_ACKNOWLEDGEMENT);
	assert_int_equal(first.acknowledgement.ack, SF_ACK_OK);
	assert_true(sf_id_equal(first.acknowledgement.recipient, region->municipality->party));
	assert_true(first.acknowledgement.content.size > 100);
	assert_true(first.acknowledgement.recorded_ms > 0);
	request.acknowledgement.recipient = "municipality 0";
	region_run(region, SF_MINUTE_MS);
	struct sf_reply again =
		region_get(region, region->hospital, request, SF_REPLY_ACKNOWLEDGEMENT);
	assert_true(sf_view_equal(first.acknowledgement.content, again.acknowledgement.content));
	/* The same letter once more is answered with it (MedCom KR6). */
	struct sf_reply_sent twice = region_send(region, "STIN_H");
	assert_int_equal(twice.answer, SF_SEND_DUPLICATE);
	assert_true(sf_view_equal(twice.acknowledgement, first.acknowledgement.content));
	/* Who was not asked owes none; who is not in the directory is not meant. */
	request.acknowledgement.recipient = "gp 0";
	assert_int_equal(region_ask(region, region->hospital, request).err, SF_ERR_NOT_FOUND);
	request.acknowledgement.recipient = "nobody";
	assert_int_equal(region_ask(region, region->hospital, request).err, SF_ERR_NOT_FOUND);
}

static void test_outbox_follows_a_letter_until_it_is_late_and_answered(void **state)
{
	struct region *region = *state;
	sf_sim_part(region->municipality, true);
	region_run(region, SF_MINUTE_MS);
	struct sf_reply_sent sent = region_send(region, "STIN_H");
	struct sf_request request = {
		.kind = SF_REQUEST_OUTBOX, .outbox = {.message = sent.message}};
	struct sf_reply reply = region_get(region, region->hospital, request, SF_REPLY_OUTBOX);
	assert_int_equal(reply.outbox.row_count, 1);
	assert_true(reply.outbox.rows[0].state == SF_DELIVERY_QUEUED ||
		    reply.outbox.rows[0].state == SF_DELIVERY_SENT);
	region_run(region, 5 * SF_SECOND_MS);
	reply = region_get(region, region->hospital, request, SF_REPLY_OUTBOX);
	assert_int_equal(reply.outbox.rows[0].state, SF_DELIVERY_STORED);
	assert_false(reply.outbox.rows[0].late);
	region_run(region, 30 * SF_MINUTE_MS);
	struct sf_request open = {.kind = SF_REQUEST_OUTBOX, .outbox = {.only_open = true}};
	reply = region_get(region, region->hospital, open, SF_REPLY_OUTBOX);
	assert_int_equal(reply.outbox.row_count, 1);
	assert_true(reply.outbox.rows[0].late);
	struct sf_request list = {.kind = SF_REQUEST_TRANSITIONS};
	struct sf_reply listed = region_get(region, region->hospital, list, SF_REPLY_TRANSITIONS);
	assert_int_equal(listed.transitions.row_count, 1);
	assert_int_equal(listed.transitions.rows[0].late_count, 1);
	sf_sim_part(region->municipality, false);
	region_run(region, 2 * SF_MINUTE_MS);
	reply = region_get(region, region->hospital, request, SF_REPLY_OUTBOX);
	assert_int_equal(reply.outbox.rows[0].state, SF_DELIVERY_OK);
	assert_int_equal(reply.outbox.rows[0].ack, SF_ACK_OK);
	assert_false(reply.outbox.rows[0].late);
	reply = region_get(region, region->hospital, open, SF_REPLY_OUTBOX);
	assert_int_equal(reply.outbox.row_count, 0);
	struct sf_request resend = {.kind = SF_REQUEST_RESEND, .resend = {.message = sent.message}};
	assert_int_equal(region_ask(region, region->hospital, resend).err, SF_ERR_STATE);
}

static void test_outbox_cursor_leads_through_all_messages_once(void **state)
{
	struct region *region = *state;
	region_discharge(region);
	struct sf_request request = {.kind = SF_REQUEST_OUTBOX};
	struct sf_reply all = region_get(region, region->hospital, request, SF_REPLY_OUTBOX);
	assert_int_equal(all.outbox.row_count, 3); /* parties, admission, discharge */
	request.outbox.count_max = 1;
	for (size_t i = 0; i < all.outbox.row_count; i++) {
		struct sf_reply page =
			region_get(region, region->hospital, request, SF_REPLY_OUTBOX);
		assert_int_equal(page.outbox.row_count, 1);
		assert_true(sf_id_equal(page.outbox.rows[0].message, all.outbox.rows[i].message));
		request.outbox.after = page.outbox.rows[0].cursor;
	}
	assert_int_equal(
		region_get(region, region->hospital, request, SF_REPLY_OUTBOX).outbox.row_count, 0);
}

static void test_resend_by_hand_makes_another_attempt(void **state)
{
	struct region *region = *state;
	sf_sim_part(region->municipality, true);
	region_run(region, SF_MINUTE_MS);
	struct sf_reply_sent sent = region_send(region, "STIN_H");
	region_run(region, 5 * SF_SECOND_MS);
	struct sf_request resend = {.kind = SF_REQUEST_RESEND, .resend = {.message = sent.message}};
	region_get(region, region->hospital, resend, SF_REPLY_DONE);
	struct sf_request request = {
		.kind = SF_REQUEST_OUTBOX, .outbox = {.message = sent.message}};
	struct sf_reply reply = region_get(region, region->hospital, request, SF_REPLY_OUTBOX);
	assert_int_equal(reply.outbox.rows[0].attempts, 2);
	resend.resend.message.bytes[3] ^= 1;
	assert_int_equal(region_ask(region, region->hospital, resend).err, SF_ERR_NOT_FOUND);
}

static void test_transition_shows_who_holds_what_after_acceptance(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = region_discharge(region);
	struct sf_request accept = {
		.kind = SF_REQUEST_ACCEPT, .accept = {.id = sent.message, .by_person = true}};
	region_get(region, region->municipality, accept, SF_REPLY_SAID);
	region_run(region, 5 * SF_SECOND_MS);
	/* Each party sees the same, by the transition's id or by a message of it. */
	struct sf_request by_id = {
		.kind = SF_REQUEST_TRANSITION, .transition = {.transition = sent.transition}};
	struct sf_request by_message = {
		.kind = SF_REQUEST_TRANSITION, .transition = {.transition = sent.message}};
	struct sf_sim_machine *machines[] = {
		region->coordinator, region->hospital, region->municipality, region->gp};
	for (size_t i = 0; i < SF_COUNT(machines); i++) {
		struct sf_reply_transition shown = region_get(
			region, machines[i], i % 2 ? by_id : by_message, SF_REPLY_TRANSITION)
							   .transition;
		assert_true(sf_id_equal(shown.row.transition, sent.transition));
		assert_int_equal(shown.row.stay, SF_STAY_HOME);
		assert_int_equal(shown.row.open_offer_count, 0);
		assert_int_equal(shown.row.holder_count, 4);
		for (size_t k = 0; k < shown.row.holder_count; k++) {
			bool moved = shown.row.holders[k].domain == SF_DOMAIN_CARE ||
				     shown.row.holders[k].domain == SF_DOMAIN_MEDICATION;
			assert_string_equal(
				shown.row.holders[k].name, moved ? "municipality 0" : "hospital 0");
		}
		assert_int_equal(shown.line_count, 6); /* four opened, two moved */
		assert_int_equal(shown.offer_count, 1);
		assert_int_equal(shown.offers[0].state, SF_OFFER_ACCEPTED);
		assert_int_equal(shown.member_count, 3);
		assert_int_equal(shown.event_count, shown.row.sequence);
		assert_int_equal(shown.events[0].kind, SF_KIND_PARTIES);
	}
}

static void test_feed_tells_in_order_and_waits_when_nothing_is_new(void **state)
{
	struct region *region = *state;
	struct sf_request request = {.kind = SF_REQUEST_FEED, .feed = {.wait_ms = 1000}};
	struct sf_reply before = region_get(region, region->hospital, request, SF_REPLY_FEED);
	assert_true(before.feed.row_count > 0);
	assert_int_equal(before.feed.rows[0].what, SF_FEED_STARTED);
	request.feed.after = before.feed.cursor;
	struct sf_reply none = region_get(region, region->hospital, request, SF_REPLY_FEED);
	uint32_t wait_ms = 0;
	assert_int_equal(none.feed.row_count, 0);
	assert_true(sf_local_request_waits(&request, &none, &wait_ms));
	struct sf_reply_sent sent = region_send(region, "STIN_H");
	region_run(region, 5 * SF_SECOND_MS);
	struct sf_reply news = region_get(region, region->hospital, request, SF_REPLY_FEED);
	enum sf_feed_what order[] = {SF_FEED_ACCEPTED, SF_FEED_RECORDED, SF_FEED_ACKNOWLEDGED};
	size_t seen = 0;
	for (size_t i = 0; i < news.feed.row_count; i++) {
		const struct sf_feed_row *row = &news.feed.rows[i];
		assert_true(row->cursor == request.feed.after + 1 + i);
		if (seen < SF_COUNT(order) && row->what == order[seen] &&
			sf_id_equal(row->message, sent.message))
			seen++;
	}
	assert_int_equal(seen, SF_COUNT(order));
}

static void test_status_counts_queues_and_names_the_link(void **state)
{
	struct region *region = *state;
	struct sf_request request = {.kind = SF_REQUEST_STATUS, .status = {.counters = true}};
	struct sf_reply reply = region_get(region, region->hospital, request, SF_REPLY_STATUS);
	assert_true(reply.status.connected);
	assert_string_equal(reply.status.link, "connected");
	assert_string_equal(reply.status.name, "hospital 0");
	assert_true(reply.status.link_since_ms >= reply.status.started_ms);
	assert_true(sf_id_equal(reply.status.peer, region->coordinator->party));
	assert_int_equal(reply.status.directory_version, 4);
	assert_true(reply.status.counter_count > 0);
	sf_sim_part(region->hospital, true);
	region_run(region, SF_MINUTE_MS);
	reply = region_get(region, region->hospital, request, SF_REPLY_STATUS);
	assert_false(reply.status.connected);
}

static void test_directory_is_asked_by_every_kind_of_reference(void **state)
{
	struct region *region = *state;
	char id[SF_ID_TEXT_SIZE];
	sf_id_format(region->gp->party, id);
	const char *references[] = {id, region->gp->sor, "gp 0"};
	for (size_t i = 0; i < SF_COUNT(references); i++) {
		struct sf_request request = {
			.kind = SF_REQUEST_DIRECTORY, .directory = {references[i]}};
		struct sf_reply reply =
			region_get(region, region->hospital, request, SF_REPLY_DIRECTORY);
		assert_int_equal(reply.directory.row_count, 1);
		assert_true(sf_id_equal(reply.directory.rows[0].party, region->gp->party));
		assert_true(reply.directory.rows[0].has_node);
		assert_true(sf_id_equal(
			reply.directory.rows[0].identity_key, region->gp->identity_key_id));
	}
	struct sf_request all = {.kind = SF_REQUEST_DIRECTORY, .directory = {""}};
	assert_int_equal(
		region_get(region, region->hospital, all, SF_REPLY_DIRECTORY).directory.row_count,
		4);
	struct sf_request nobody = {.kind = SF_REQUEST_DIRECTORY, .directory = {"gp"}};
	assert_int_equal(region_ask(region, region->hospital, nobody).err, SF_ERR_NOT_FOUND);
}

/* By each node from what it has itself; the store is what is asked, so a restart changes nothing.
 */
static void test_directory_says_when_a_party_was_last_heard_of(void **state)
{
	struct region *region = *state;
	struct sf_request request = {.kind = SF_REQUEST_DIRECTORY, .directory = {.party = ""}};
	struct sf_reply reply =
		region_get(region, region->municipality, request, SF_REPLY_DIRECTORY);
	for (size_t i = 0; i < reply.directory.row_count; i++)
		assert_int_equal(reply.directory.rows[i].heard_ms, 0);
	struct sf_reply_sent sent = region_discharge(region);
	reply = region_get(region, region->municipality, request, SF_REPLY_DIRECTORY);
	int64_t newest_ms = 0;
	struct sf_request show = {.kind = SF_REQUEST_TRANSITION,
		.transition = {.transition = sent.transition, .known_by = ""}};
	struct sf_reply shown = region_get(region, region->municipality, show, SF_REPLY_TRANSITION);
	for (size_t i = 0; i < shown.transition.event_count; i++)
		if (sf_id_equal(shown.transition.events[i].author, region->hospital->party))
			newest_ms = shown.transition.events[i].recorded_ms;
	assert_true(newest_ms > 0);
	size_t heard = 0;
	for (size_t i = 0; i < reply.directory.row_count; i++) {
		const struct sf_directory_row *row = &reply.directory.rows[i];
		if (sf_id_equal(row->party, region->hospital->party))
			assert_int_equal(row->heard_ms, newest_ms);
		heard += row->heard_ms != 0;
	}
	assert_true(heard >= 1 && heard < reply.directory.row_count);
}

static void test_node_does_not_approve_and_has_no_quarantine_at_first(void **state)
{
	struct region *region = *state;
	struct sf_request approve = {.kind = SF_REQUEST_APPROVE};
	assert_int_equal(region_ask(region, region->hospital, approve).err, SF_ERR_UNSUPPORTED);
	struct sf_request unknown = {.kind = (enum sf_request_kind)1000};
	assert_int_equal(region_ask(region, region->hospital, unknown).err, SF_ERR_UNSUPPORTED);
	struct sf_request quarantine = {.kind = SF_REQUEST_QUARANTINE};
	assert_int_equal(region_get(region, region->hospital, quarantine, SF_REPLY_QUARANTINE)
				 .quarantine.row_count,
		0);
}

static void test_answer_too_large_for_one_reply_is_a_reply(void **state)
{
	struct region *region = *state;
	region_discharge(region);
	struct sf_request request = {.kind = SF_REQUEST_INBOX};
	struct sf_arena small;
	sf_arena_init(&small, 512);
	struct sf_reply reply = {0};
	assert_int_equal(sf_sim_call(region->municipality, &request, &small, &reply), SF_OK);
	assert_int_equal(reply.err, SF_ERR_LIMIT);
	assert_int_equal(reply.kind, SF_REPLY_DONE);
	assert_non_null(reply.text);
	sf_arena_fini(&small);
}

static void test_lost_turn_tells_nothing_and_does_nothing(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = region_discharge(region);
	struct sf_request feed = {.kind = SF_REQUEST_FEED};
	feed.feed.after = region_get(region, region->municipality, feed, SF_REPLY_FEED).feed.cursor;
	struct sf_request handled = {
		.kind = SF_REQUEST_HANDLED, .handled = {.message = sent.message}};
	struct sf_reply reply = {0};
	sf_memory_next_commit(region->municipality->memory, SF_MEMORY_FULL);
	assert_int_not_equal(
		sf_sim_call(region->municipality, &handled, &region->arena, &reply), SF_OK);
	assert_false(last_letter(region, region->municipality)->handled);
	reply = region_get(region, region->municipality, feed, SF_REPLY_FEED);
	for (size_t i = 0; i < reply.feed.row_count; i++)
		assert_int_not_equal(reply.feed.rows[i].what, SF_FEED_HANDLED);
	region_get(region, region->municipality, handled, SF_REPLY_DONE);
	reply = region_get(region, region->municipality, feed, SF_REPLY_FEED);
	assert_true(reply.feed.row_count > 0);
	assert_int_equal(reply.feed.rows[reply.feed.row_count - 1].what, SF_FEED_HANDLED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_discharge_is_shown_to_municipality_with_its_offer),
		TEST(test_inbox_pages_by_cursor_and_ends),
		TEST(test_handled_letter_leaves_the_unhandled),
		TEST(test_message_shows_content_to_both_ends_and_nobody_else),
		TEST(test_acknowledgement_is_the_same_bytes_ever_after),
		TEST(test_outbox_follows_a_letter_until_it_is_late_and_answered),
		TEST(test_outbox_cursor_leads_through_all_messages_once),
		TEST(test_resend_by_hand_makes_another_attempt),
		TEST(test_transition_shows_who_holds_what_after_acceptance),
		TEST(test_feed_tells_in_order_and_waits_when_nothing_is_new),
		TEST(test_status_counts_queues_and_names_the_link),
		TEST(test_directory_is_asked_by_every_kind_of_reference),
		TEST(test_directory_says_when_a_party_was_last_heard_of),
		TEST(test_node_does_not_approve_and_has_no_quarantine_at_first),
		TEST(test_answer_too_large_for_one_reply_is_a_reply),
		TEST(test_lost_turn_tells_nothing_and_does_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
