/* Who read what at the coordinator: in the log, and in its table, before the answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/time.h"
#include "coordinator/state.h"
#include "unit/coordinator/desk.h"

static int open_recorded(void **state)
{
	if (desk_open(state))
		return -1;
	struct desk *desk = *state;
	desk_hello(desk, desk->hospital);
	desk_hello(desk, desk->municipality);
	struct desk_letter letter = desk_parties(desk, false);
	desk_record(desk, &letter);
	return 0;
}

static struct sf_request shown(const struct desk *desk)
{
	return (struct sf_request){.kind = SF_REQUEST_TRANSITION,
		.asker = {.account = "anna",
			.role = SF_READER_AUDITOR,
			.purpose = SF_PURPOSE_AUDIT},
		.transition = {desk->transition, 0, ""}};
}

static struct sf_reply_access_log accesses(struct desk *desk, struct sf_id transition)
{
	const struct sf_request request = {
		.kind = SF_REQUEST_ACCESS_LOG, .access_log = {.transition = transition}};
	struct sf_reply reply = desk_ask(desk, &request);
	assert_int_equal(reply.err, SF_OK);
	assert_int_equal(reply.kind, SF_REPLY_ACCESS_LOG);
	return reply.access_log;
}

static void test_reading_is_a_leaf_and_a_row(void **state)
{
	struct desk *desk = *state;
	int64_t leaves = desk_leaves(desk);
	const struct sf_request request = shown(desk);
	assert_int_equal(desk_ask(desk, &request).err, SF_OK);
	assert_int_equal(desk_leaves(desk), leaves + 1);
	struct sf_reply_access_log log = accesses(desk, desk->transition);
	assert_int_equal(desk_leaves(desk), leaves + 1); /* the access log is no course */
	assert_int_equal(log.row_count, 1);
	assert_string_equal(log.rows[0].account, "anna");
	assert_int_equal(log.rows[0].role, SF_READER_AUDITOR);
	assert_int_equal(log.rows[0].purpose, SF_PURPOSE_AUDIT);
	assert_true(sf_id_equal(log.rows[0].transition, desk->transition));
	assert_int_equal(accesses(desk, (struct sf_id){{3}}).row_count, 0);
}

/* The leaf names no account, and no two leaves can be joined by their reader. */
static void test_the_log_does_not_tell_readers_apart(void **state)
{
	struct desk *desk = *state;
	const struct sf_request request = shown(desk);
	desk_ask(desk, &request);
	desk_ask(desk, &request);
	struct sf_reply_access_log log = accesses(desk, (struct sf_id){{0}});
	assert_int_equal(log.row_count, 2);
	assert_false(sf_id_is_none(log.rows[0].reader));
	assert_false(sf_id_equal(log.rows[0].reader, log.rows[1].reader));
	const struct sf_store *store = sf_memory_port(desk->coordinator->memory);
	struct sf_row_event event = {.leaf_index = (int64_t)log.rows[0].cursor - 1};
	assert_int_equal(store->get(store->self, &sf_table_event, 0, &event, NULL), SF_OK);
	struct sf_cover cover;
	struct sf_header header;
	assert_int_equal(event.kind_class, SF_CLASS_STATEMENT);
	assert_int_equal(sf_cover_parse(event.cover, &cover, NULL), SF_OK);
	assert_int_equal(sf_header_decode(cover.header, &header, NULL), SF_OK);
	assert_int_equal(header.message.fact.kind, SF_KIND_ACCESS);
	assert_true(sf_id_equal(header.message.fact.statement.reader, log.rows[0].reader));
	assert_true(sf_id_equal(header.message.fact.statement.subject, desk->transition));
	assert_int_equal(header.message.fact.statement.request, SF_REQUEST_TRANSITION);
}

static void test_what_tells_of_nobody_is_not_kept(void **state)
{
	struct desk *desk = *state;
	int64_t leaves = desk_leaves(desk);
	struct sf_request request = shown(desk);
	request.transition.transition = (struct sf_id){{9}};
	assert_int_equal(desk_ask(desk, &request).err, SF_ERR_NOT_FOUND);
	const struct sf_request status = {.kind = SF_REQUEST_STATUS};
	assert_int_equal(desk_ask(desk, &status).err, SF_OK);
	assert_int_equal(desk_leaves(desk), leaves);
	assert_int_equal(accesses(desk, (struct sf_id){{0}}).row_count, 0);
}

static void test_it_outlives_the_program_and_is_read_in_pages(void **state)
{
	struct desk *desk = *state;
	struct sf_request request = shown(desk);
	for (int i = 0; i < 3; i++)
		desk_ask(desk, &request);
	desk_restart(desk);
	struct sf_request page = {.kind = SF_REQUEST_ACCESS_LOG, .access_log = {.count_max = 2}};
	struct sf_reply_access_log first = desk_ask(desk, &page).access_log;
	assert_int_equal(first.row_count, 2);
	page.access_log.after = first.rows[1].cursor;
	struct sf_reply_access_log rest = desk_ask(desk, &page).access_log;
	assert_int_equal(rest.row_count, 1);
	assert_true(rest.rows[0].cursor > first.rows[1].cursor);
}

/* Not said as what, or what for: an operator's work on the machine. */
static void test_who_says_nothing_is_an_operator(void **state)
{
	struct desk *desk = *state;
	struct sf_request request = shown(desk);
	request.asker = (struct sf_asker){.account = ""};
	assert_int_equal(desk_ask(desk, &request).err, SF_OK);
	struct sf_reply_access_log log = accesses(desk, desk->transition);
	assert_int_equal(log.row_count, 1);
	assert_int_equal(log.rows[0].role, SF_READER_OPERATOR);
	assert_int_equal(log.rows[0].purpose, SF_PURPOSE_OPERATION);
	assert_string_equal(log.rows[0].account, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_recorded, desk_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_reading_is_a_leaf_and_a_row),
		TEST(test_the_log_does_not_tell_readers_apart),
		TEST(test_what_tells_of_nobody_is_not_kept),
		TEST(test_it_outlives_the_program_and_is_read_in_pages),
		TEST(test_who_says_nothing_is_an_operator),
	};
	return cmocka_run_group_tests_name("coordinator/access", tests, NULL, NULL);
}
