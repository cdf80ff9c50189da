#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/time.h"
#include "coordinator/tables.h"
#include "node/tables.h"
#include "unit/node/region.h"

static void test_letters_are_asked_of_nodes_only(void **state)
{
	struct region *region = *state;
	const enum sf_request_kind kinds[] = {SF_REQUEST_SEND, SF_REQUEST_INBOX, SF_REQUEST_MESSAGE,
		SF_REQUEST_HANDLED, SF_REQUEST_ACKNOWLEDGEMENT, SF_REQUEST_ACCEPT,
		SF_REQUEST_REFUSE, SF_REQUEST_OFFER, SF_REQUEST_WITHDRAW, SF_REQUEST_RESEND,
		SF_REQUEST_QUARANTINE, SF_REQUEST_NONE};
	for (size_t i = 0; i < SF_COUNT(kinds); i++) {
		struct sf_reply reply = region_ask(
			region, region->coordinator, (struct sf_request){.kind = kinds[i]});
		assert_int_equal(reply.err, SF_ERR_UNSUPPORTED);
		assert_string_equal(reply.text,
			"the coordinator holds no letters and answers for nobody: ask a node");
	}
}

static void test_broken_entry_is_refused_and_directory_stays(void **state)
{
	struct region *region = *state;
	struct sf_request approve = {
		.kind = SF_REQUEST_APPROVE, .approve = {.record = sf_view_text("no record")}};
	struct sf_reply reply = region_ask(region, region->coordinator, approve);
	assert_true(reply.err != SF_OK);
	assert_int_equal(reply.kind, SF_REPLY_DONE);
	assert_true(reply.text && reply.text[0]);
	struct sf_request directory = {.kind = SF_REQUEST_DIRECTORY, .directory = {""}};
	struct sf_reply after =
		region_get(region, region->coordinator, directory, SF_REPLY_DIRECTORY);
	assert_int_equal(after.directory.version, 4);
}

static void test_directory_says_who_is_connected(void **state)
{
	struct region *region = *state;
	struct sf_request request = {.kind = SF_REQUEST_DIRECTORY, .directory = {region->gp->name}};
	struct sf_reply reply =
		region_get(region, region->coordinator, request, SF_REPLY_DIRECTORY);
	assert_true(reply.directory.rows[0].connected);
	request.directory.party = region->coordinator->name;
	reply = region_get(region, region->coordinator, request, SF_REPLY_DIRECTORY);
	assert_false(reply.directory.rows[0].connected);
}

static struct sf_directory_row row_of(struct region *region, const char *party)
{
	const struct sf_request request = {
		.kind = SF_REQUEST_DIRECTORY, .directory = {.party = party}};
	return region_get(region, region->coordinator, request, SF_REPLY_DIRECTORY)
		.directory.rows[0];
}

static void test_directory_says_what_runs_where_and_what_waits(void **state)
{
	struct region *region = *state;
	const struct sf_directory_row before = row_of(region, region->municipality->name);
	assert_string_equal(before.software, "stafet-node");
	assert_int_equal(before.waiting_count, 0);
	assert_true(before.seen_ms > region->world.now_ms - SF_MINUTE_MS);
	sf_sim_part(region->municipality, true);
	region_run(region, SF_MINUTE_MS);
	int64_t sent_ms = region->world.now_ms;
	region_send(region, "STIN_H");
	region_run(region, 2 * SF_HOUR_MS);
	const struct sf_directory_row after = row_of(region, region->municipality->name);
	assert_false(after.connected);
	assert_true(after.waiting_count > 0);
	assert_true(after.waiting_since_ms >= sent_ms);
	/* What it was: not when it was missed. */
	assert_true(after.seen_ms > 0 && after.seen_ms < sent_ms);
	assert_string_equal(after.software, "stafet-node");
	/* The newest key of each use, with its years. */
	bool has_identity = false;
	for (size_t i = 0; i < after.key_row_count; i++) {
		has_identity |= after.keys[i].use == SF_KEY_USE_IDENTITY;
		assert_true(after.keys[i].since_ms < after.keys[i].until_ms);
	}
	assert_true(has_identity);
	assert_string_equal(row_of(region, region->coordinator->name).software, "");
}

static void test_outbox_shows_open_deliveries_until_answered(void **state)
{
	struct region *region = *state;
	struct sf_request request = {.kind = SF_REQUEST_OUTBOX};
	sf_sim_part(region->municipality, true);
	region_run(region, SF_MINUTE_MS);
	struct sf_reply_sent sent = region_send(region, "STIN_H");
	region_run(region, 31 * SF_MINUTE_MS);
	/* A turn that steps: recorded time is the coordinator's own clock. */
	struct sf_reply reply = region_get(region, region->coordinator, request, SF_REPLY_OUTBOX);
	assert_int_equal(reply.outbox.row_count, 1);
	const struct sf_delivery_row *row = &reply.outbox.rows[0];
	assert_true(sf_id_equal(row->message, sent.message));
	assert_true(sf_id_equal(row->recipient, region->municipality->party));
	assert_string_equal(row->recipient_name, "municipality 0");
	assert_int_equal(row->state, SF_DELIVERY_QUEUED);
	assert_int_equal(row->activity, SF_ACTIVITY_ADMIT_INPATIENT);
	assert_true(row->late);
	struct sf_request list = {
		.kind = SF_REQUEST_TRANSITIONS, .transitions = {.only_open = true}};
	struct sf_reply listed =
		region_get(region, region->coordinator, list, SF_REPLY_TRANSITIONS);
	assert_int_equal(listed.transitions.row_count, 1);
	assert_int_equal(listed.transitions.rows[0].late_count, 1);
	assert_string_equal(listed.transitions.rows[0].hospital_name, "hospital 0");
	assert_string_equal(listed.transitions.rows[0].municipality_name, "municipality 0");
	sf_sim_part(region->municipality, false);
	region_run(region, 2 * SF_MINUTE_MS);
	reply = region_get(region, region->coordinator, request, SF_REPLY_OUTBOX);
	assert_int_equal(reply.outbox.row_count, 0);
	struct sf_request shown = {
		.kind = SF_REQUEST_TRANSITION, .transition = {.transition = sent.message}};
	reply = region_get(region, region->coordinator, shown, SF_REPLY_TRANSITION);
	assert_int_equal(reply.transition.delivery_count, 1);
	assert_int_equal(reply.transition.deliveries[0].state, SF_DELIVERY_OK);
	assert_int_equal(reply.transition.row.late_count, 0);
}

static void test_resend_does_not_make_a_late_delivery_young(void **state)
{
	struct region *region = *state;
	sf_sim_part(region->municipality, true);
	region_run(region, SF_MINUTE_MS);
	struct sf_reply_sent sent = region_send(region, "STIN_H");
	region_run(region, 31 * SF_MINUTE_MS);
	struct sf_request resend = {.kind = SF_REQUEST_RESEND, .resend = {.message = sent.message}};
	region_get(region, region->hospital, resend, SF_REPLY_DONE);
	region_run(region, 5 * SF_SECOND_MS);
	struct sf_request list = {.kind = SF_REQUEST_TRANSITIONS};
	struct sf_reply listed =
		region_get(region, region->coordinator, list, SF_REPLY_TRANSITIONS);
	assert_int_equal(listed.transitions.rows[0].late_count, 1);
}

/* The answer comes while the author is sending again: its bytes must not stay for ever. */
static void test_resend_after_the_answer_keeps_no_sealed_bytes(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = region_discharge(region);
	assert_int_equal(sf_memory_count(region->coordinator->memory, &sf_table_sealed), 0);
	const struct sf_store *store = sf_memory_port(region->hospital->memory);
	struct sf_node_row_delivery row = {
		.message_id = sent.message, .recipient = region->municipality->party};
	assert_int_equal(store->get(store->self, &sf_node_table_delivery, 0, &row, NULL), SF_OK);
	row.state = SF_DELIVERY_TAKEN;
	row.open = 1;
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	assert_int_equal(store->replace(store->self, &sf_node_table_delivery, &row, NULL), SF_OK);
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
	struct sf_request resend = {.kind = SF_REQUEST_RESEND, .resend = {.message = sent.message}};
	region_get(region, region->hospital, resend, SF_REPLY_DONE);
	region_run(region, 5 * SF_SECOND_MS);
	assert_int_equal(sf_coordinator_counters(region->coordinator->coordinator).refused, 0);
	assert_int_equal(sf_memory_count(region->coordinator->memory, &sf_table_sealed), 0);
}

static void test_transitions_page_newest_first(void **state)
{
	struct region *region = *state;
	region_send(region, "STIN_H");
	region_run(region, 5 * SF_SECOND_MS);
	region_send(region, "STIN_A");
	region_run(region, 5 * SF_SECOND_MS);
	struct sf_request request = {
		.kind = SF_REQUEST_TRANSITIONS, .transitions = {.count_max = 1}};
	struct sf_reply first =
		region_get(region, region->coordinator, request, SF_REPLY_TRANSITIONS);
	assert_int_equal(first.transitions.row_count, 1);
	request.transitions.after = first.transitions.rows[0].transition;
	struct sf_reply second =
		region_get(region, region->coordinator, request, SF_REPLY_TRANSITIONS);
	assert_int_equal(second.transitions.row_count, 1);
	assert_true(first.transitions.rows[0].changed_ms > second.transitions.rows[0].changed_ms);
	request.transitions.after = second.transitions.rows[0].transition;
	assert_int_equal(region_get(region, region->coordinator, request, SF_REPLY_TRANSITIONS)
				 .transitions.row_count,
		0);
	request.transitions.after.bytes[0] ^= 1;
	assert_int_equal(region_ask(region, region->coordinator, request).err, SF_ERR_NOT_FOUND);
}

static size_t count_of(struct region *region, struct sf_request_transitions chosen)
{
	const struct sf_request request = {.kind = SF_REQUEST_TRANSITIONS, .transitions = chosen};
	return region_get(region, region->coordinator, request, SF_REPLY_TRANSITIONS)
		.transitions.row_count;
}

static void test_transitions_are_chosen_by_state_place_and_pathway(void **state)
{
	struct region *region = *state;
	region_send(region, "STIN_H");
	region_run(region, 5 * SF_SECOND_MS);
	region_send(region, "STIN_A");
	region_run(region, 5 * SF_SECOND_MS);
	struct sf_request request = {
		.kind = SF_REQUEST_TRANSITIONS, .transitions = {.totals = true}};
	struct sf_reply all =
		region_get(region, region->coordinator, request, SF_REPLY_TRANSITIONS);
	assert_int_equal(all.transitions.row_count, 2);
	assert_true(sf_id_is_none(all.transitions.next));
	const struct sf_transition_row newest = all.transitions.rows[0];
	assert_int_equal(newest.pathway, SF_PATHWAY_SOMATIC);
	uint64_t total = 0;
	for (size_t i = 0; i < all.transitions.total_count; i++)
		total += all.transitions.totals[i].count;
	assert_int_equal(total, 2);
	assert_true(all.transitions.totals_whole);
	const struct sf_request_transitions found[] = {{.state = newest.state},
		{.hospital = region->hospital->name}, {.municipality = region->municipality->name},
		{.pathway = SF_PATHWAY_SOMATIC}, {.since_ms = newest.changed_ms}};
	for (size_t i = 0; i < SF_COUNT(found); i++)
		assert_true(count_of(region, found[i]) > 0);
	const struct sf_request_transitions none[] = {{.state = SF_TRANSITION_AGREED},
		{.hospital = region->municipality->name}, {.municipality = region->hospital->name},
		{.pathway = SF_PATHWAY_PSYCHIATRIC}, {.since_ms = newest.changed_ms + 1}};
	for (size_t i = 0; i < SF_COUNT(none); i++)
		assert_int_equal(count_of(region, none[i]), 0);
	assert_int_equal(
		count_of(region, (struct sf_request_transitions){.since_ms = newest.changed_ms}),
		1);
	request.transitions = (struct sf_request_transitions){.hospital = "nobody"};
	assert_int_equal(region_ask(region, region->coordinator, request).err, SF_ERR_NOT_FOUND);
	/* The same at a node. */
	request.transitions =
		(struct sf_request_transitions){.hospital = region->hospital->name, .totals = true};
	all = region_get(region, region->municipality, request, SF_REPLY_TRANSITIONS);
	assert_int_equal(all.transitions.row_count, 2);
	assert_int_equal(all.transitions.total_count, 2);
	request.transitions.hospital = region->gp->name;
	all = region_get(region, region->municipality, request, SF_REPLY_TRANSITIONS);
	assert_int_equal(all.transitions.row_count, 0);
}

static void test_a_full_page_says_where_to_go_on(void **state)
{
	struct region *region = *state;
	region_send(region, "STIN_H");
	region_run(region, 5 * SF_SECOND_MS);
	region_send(region, "STIN_A");
	region_run(region, 5 * SF_SECOND_MS);
	struct sf_request request = {
		.kind = SF_REQUEST_TRANSITIONS, .transitions = {.count_max = 1}};
	struct sf_reply page =
		region_get(region, region->coordinator, request, SF_REPLY_TRANSITIONS);
	assert_true(sf_id_equal(page.transitions.next, page.transitions.rows[0].transition));
	request.transitions.after = page.transitions.next;
	page = region_get(region, region->coordinator, request, SF_REPLY_TRANSITIONS);
	request.transitions.after = page.transitions.next;
	page = region_get(region, region->coordinator, request, SF_REPLY_TRANSITIONS);
	assert_int_equal(page.transitions.row_count, 0);
	assert_true(sf_id_is_none(page.transitions.next));
}

static void test_unknown_transition_is_not_found(void **state)
{
	struct region *region = *state;
	struct sf_request request = {
		.kind = SF_REQUEST_TRANSITION, .transition = {.transition = region->gp->party}};
	assert_int_equal(region_ask(region, region->coordinator, request).err, SF_ERR_NOT_FOUND);
}

static void test_feed_tells_offer_and_move_of_a_discharge(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = region_discharge(region);
	struct sf_request accept = {.kind = SF_REQUEST_ACCEPT, .accept = {.id = sent.message}};
	region_get(region, region->municipality, accept, SF_REPLY_SAID);
	region_run(region, 5 * SF_SECOND_MS);
	struct sf_request request = {.kind = SF_REQUEST_FEED};
	struct sf_reply reply = region_get(region, region->coordinator, request, SF_REPLY_FEED);
	const sf_domain_set handed =
		SF_DOMAIN_BIT(SF_DOMAIN_CARE) | SF_DOMAIN_BIT(SF_DOMAIN_MEDICATION);
	size_t offered = 0, moved = 0, connected = 0;
	for (size_t i = 0; i < reply.feed.row_count; i++) {
		const struct sf_feed_row *row = &reply.feed.rows[i];
		connected += row->what == SF_FEED_CONNECTED;
		if (row->what == SF_FEED_OFFERED) {
			offered++;
			assert_int_equal(row->domains, handed);
			assert_true(sf_id_equal(row->message, sent.message));
			assert_string_equal(row->party_name, "hospital 0");
			assert_string_equal(row->peer_name, "municipality 0");
		}
		bool taken = row->what == SF_FEED_MOVED &&
			     sf_id_equal(row->party, region->municipality->party);
		if (taken) {
			moved++;
			assert_int_equal(row->domains, handed);
			assert_string_equal(row->peer_name, "hospital 0");
		}
	}
	assert_int_equal(offered, 1);
	assert_int_equal(moved, 1);
	assert_int_equal(connected, 3);
}

static void test_status_names_log_and_connected_nodes(void **state)
{
	struct region *region = *state;
	struct sf_request request = {.kind = SF_REQUEST_STATUS, .status = {.counters = true}};
	struct sf_reply reply = region_get(region, region->coordinator, request, SF_REPLY_STATUS);
	assert_string_equal(reply.status.program, "coordinator");
	assert_int_equal(reply.status.peer_count, 3);
	assert_int_equal(reply.status.log_size, 4);
	assert_int_equal(reply.status.epoch, 1);
	assert_true(reply.status.counter_count > 0);
	request.status.counters = false;
	reply = region_get(region, region->coordinator, request, SF_REPLY_STATUS);
	assert_int_equal(reply.status.counter_count, 0);
}

/* WIRE section 3: every node says once a day what it derived, and nothing differs. */
static void test_nodes_and_coordinator_see_the_same_every_day(void **state)
{
	struct region *region = *state;
	region_send(region, "STIN_H");
	region_run(region, 2 * SF_DAY_MS);
	const struct sf_store *store = sf_memory_port(region->coordinator->memory);
	const struct sf_sim_machine *const nodes[] = {
		region->hospital, region->municipality, region->gp};
	for (size_t i = 0; i < SF_COUNT(nodes); i++) {
		struct sf_row_party row = {.party = nodes[i]->party};
		assert_int_equal(store->get(store->self, &sf_table_party, 0, &row, NULL), SF_OK);
		assert_true(row.reconciled_ms > region->world.now_ms - SF_DAY_MS - SF_HOUR_MS);
	}
	assert_true(sf_memory_count(region->coordinator->memory, &sf_table_concern) >= 2);
	assert_int_equal(sf_memory_count(region->coordinator->memory, &sf_table_difference), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_letters_are_asked_of_nodes_only),
		TEST(test_broken_entry_is_refused_and_directory_stays),
		TEST(test_directory_says_who_is_connected),
		TEST(test_directory_says_what_runs_where_and_what_waits),
		TEST(test_outbox_shows_open_deliveries_until_answered),
		TEST(test_resend_does_not_make_a_late_delivery_young),
		TEST(test_resend_after_the_answer_keeps_no_sealed_bytes),
		TEST(test_transitions_page_newest_first),
		TEST(test_transitions_are_chosen_by_state_place_and_pathway),
		TEST(test_a_full_page_says_where_to_go_on),
		TEST(test_unknown_transition_is_not_found),
		TEST(test_feed_tells_offer_and_move_of_a_discharge),
		TEST(test_status_names_log_and_connected_nodes),
		TEST(test_nodes_and_coordinator_see_the_same_every_day),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
