/* Content at rest: a stolen store names nobody, and what was erased cannot be read any more. */
#include "node/rest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "crypto/keyring.h"
#include "unit/node/terms.h"

#define CPR "2509479989" /* MedCom's published test person of the samples */

static void add_storage_key(struct sf_sim_machine *machine)
{
	uint8_t secret[SF_KEY_SECRET_SIZE];
	struct sf_key key;
	memset(secret, 9, sizeof(secret));
	assert_int_equal(sf_key_from_secret(SF_KEY_STORAGE, secret, &key), SF_OK);
	assert_int_equal(sf_keyring_add(machine->keyring, &key), SF_OK);
	sf_key_fini(&key);
}

static int open_with_keys(void **state)
{
	if (region_open(state))
		return -1;
	struct region *region = *state;
	add_storage_key(region->hospital);
	add_storage_key(region->municipality);
	return 0;
}

struct look {
	const struct sf_table *table;
	const char *word;
	size_t found;
};

static bool holds(struct sf_view bytes, const char *word)
{
	size_t size = strlen(word);
	for (size_t i = 0; i + size <= bytes.size; i++)
		if (memcmp(bytes.data + i, word, size) == 0)
			return true;
	return false;
}

static bool look_at(void *context, const void *row)
{
	struct look *look = context;
	for (size_t i = 0; i < look->table->column_count; i++) {
		const struct sf_column *column = &look->table->columns[i];
		if (column->type != SF_COLUMN_BYTES)
			continue;
		struct sf_view value;
		memcpy(&value, (const uint8_t *)row + column->offset, sizeof(value));
		look->found += holds(value, look->word);
	}
	return true;
}

/* Values of any table of its store that have the word in them. */
static size_t found(struct sf_sim_machine *machine, const char *word)
{
	struct look look = {.word = word};
	const struct sf_store *store = sf_memory_port(machine->memory);
	for (size_t i = 0; i < sf_node_table_count; i++) {
		look.table = sf_node_tables[i];
		const struct sf_scan all = {.table = look.table};
		assert_int_equal(store->scan(store->self, &all, look_at, &look, NULL), SF_OK);
	}
	return look.found;
}

static void test_no_table_of_a_node_holds_content(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = region_discharge(region);
	assert_int_equal(found(region->hospital, CPR), 0);
	assert_int_equal(found(region->municipality, CPR), 0);
	/* And it is read by who may. */
	struct sf_sim_machine *machines[] = {region->hospital, region->municipality};
	for (size_t i = 0; i < SF_COUNT(machines); i++) {
		const struct sf_request request = {
			.kind = SF_REQUEST_MESSAGE, .message = {sent.message}};
		struct sf_reply_message message =
			region_get(region, machines[i], request, SF_REPLY_MESSAGE).message;
		assert_string_equal(message.cpr, CPR);
		assert_true(message.content.size > 0);
	}
}

/* The walk above can find something: a node without a storage key keeps content as it is. */
static void test_without_a_storage_key_content_is_kept_as_it_is(void **state)
{
	struct region *region = *state;
	region_discharge(region);
	assert_true(found(region->hospital, CPR) > 0);
	assert_true(found(region->municipality, CPR) > 0);
	assert_int_equal(sf_memory_count(region->hospital->memory, &sf_node_table_content_key), 0);
}

static void test_another_attempt_is_sealed_from_what_is_kept(void **state)
{
	struct region *region = *state;
	sf_sim_part(region->municipality, true);
	struct sf_reply_sent sent = region_send(region, "STIN_H");
	region_run(region, SF_MINUTE_MS);
	const struct sf_request resend = {.kind = SF_REQUEST_RESEND, .resend = {sent.message}};
	region_get(region, region->hospital, resend, SF_REPLY_DONE);
	sf_sim_part(region->municipality, false);
	region_run(region, SF_MINUTE_MS);
	const struct sf_request request = {.kind = SF_REQUEST_MESSAGE, .message = {sent.message}};
	assert_string_equal(
		region_get(region, region->municipality, request, SF_REPLY_MESSAGE).message.cpr,
		CPR);
}

static struct sf_node_row_inbox letter_of(struct region *region, struct sf_id message)
{
	const struct sf_store *store = sf_memory_port(region->municipality->memory);
	struct sf_node_row_inbox row = {.author = region->hospital->party, .message_id = message};
	assert_int_equal(store->get(store->self, &sf_node_table_inbox, 0, &row, NULL), SF_OK);
	row.body = sf_arena_copy(&region->arena, row.body);
	return row;
}

static enum sf_err open_letter(
	struct region *region, const struct sf_node_row_inbox *row, struct sf_view *ret_body)
{
	const struct sf_node_rest rest = {row->transition, SF_NODE_REST_INBOX, row->message_id};
	return sf_node_open_content(
		region->municipality->node, &rest, row->body, &region->arena, ret_body, NULL);
}

/* What a page of a database, a journal or a copy still has of it is of no use to anybody. */
static void test_bytes_that_outlive_the_erasure_are_unreadable(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = region_discharge(region);
	struct sf_node_row_inbox row = letter_of(region, sent.message);
	struct sf_view body;
	assert_int_equal(open_letter(region, &row, &body), SF_OK);
	assert_true(holds(body, CPR));
	const struct sf_request erase = {
		.kind = SF_REQUEST_ERASE, .erase = {sent.transition, SF_GROUND_MISTAKE, false}};
	region_get(region, region->municipality, erase, SF_REPLY_ERASED);
	assert_int_equal(open_letter(region, &row, &body), SF_OK);
	assert_int_equal(body.size, 0);
}

/* One value in another's place, or a changed one, is a damaged store and never a letter. */
static void test_a_changed_or_exchanged_value_is_corrupt(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = region_discharge(region);
	struct sf_node_row_inbox row = letter_of(region, sent.message), spoilt = row;
	struct sf_view body;
	spoilt.message_id.bytes[0] ^= 1;
	assert_int_equal(open_letter(region, &spoilt, &body), SF_ERR_CORRUPT);
	spoilt = row;
	((uint8_t *)spoilt.body.data)[spoilt.body.size - 1] ^= 1;
	assert_int_equal(open_letter(region, &spoilt, &body), SF_ERR_CORRUPT);
}

#define TEST(name, open) cmocka_unit_test_setup_teardown(name, open, region_close)

static bool take_secret(void *context, const void *row)
{
	const struct sf_node_row_channel *channel = row;
	if (channel->kind == SF_CHANNEL_HOOK)
		assert_int_equal(sf_buf_append(context, channel->secret), SF_OK);
	return true;
}

static struct sf_reply_handout hand_out(struct region *region, const char *name)
{
	const struct sf_request request = {.kind = SF_REQUEST_HANDOUT,
		.asker = {.account = "channel:hook"},
		.handout = {.channel = name}};
	return region_get(region, region->hospital, request, SF_REPLY_HANDOUT).handout;
}

/* Who has the store of a node cannot sign as it. */
static void test_secret_of_a_hook_is_sealed_and_outlives_a_restart(void **state)
{
	struct region *region = *state;
	const struct sf_request add = {.kind = SF_REQUEST_HOOK_ADD,
		.hook_add = {
			.url = "https://a.example/", .events = (uint64_t)1 << SF_FEED_HANDLED}};
	const char *name =
		region_get(region, region->hospital, add, SF_REPLY_HOOK_ADDED).hook_added.name;
	struct sf_view told = hand_out(region, name).secret;
	assert_int_equal(told.size, SF_HOOK_SECRET_SIZE);
	const struct sf_store *store = sf_memory_port(region->hospital->memory);
	const struct sf_scan all = {.table = &sf_node_table_channel};
	struct sf_buf kept;
	sf_buf_init(&kept, 4096);
	assert_int_equal(store->scan(store->self, &all, take_secret, &kept, NULL), SF_OK);
	assert_true(sf_buf_view(&kept).size > SF_HOOK_SECRET_SIZE);
	for (size_t i = 0; i + told.size <= sf_buf_view(&kept).size; i++)
		assert_memory_not_equal(sf_buf_view(&kept).data + i, told.data, told.size);
	sf_sim_power_off(region->hospital);
	sf_sim_power_on(region->hospital);
	assert_true(sf_view_equal(hand_out(region, name).secret, told));
	sf_buf_fini(&kept);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_no_table_of_a_node_holds_content, open_with_keys),
		TEST(test_without_a_storage_key_content_is_kept_as_it_is, region_open),
		TEST(test_another_attempt_is_sealed_from_what_is_kept, open_with_keys),
		TEST(test_bytes_that_outlive_the_erasure_are_unreadable, open_with_keys),
		TEST(test_a_changed_or_exchanged_value_is_corrupt, open_with_keys),
		TEST(test_secret_of_a_hook_is_sealed_and_outlives_a_restart, open_with_keys),
	};
	return cmocka_run_group_tests_name("node/rest", tests, NULL, NULL);
}
