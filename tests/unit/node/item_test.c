#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "crypto/record.h"
#include "unit/node/region.h"
#include "wire/record.h"

/* The coordinator's next entry, with one more identity key that is announced for a later day. */
static void announce_key(struct region *region)
{
	struct sf_sim_world *world = &region->world;
	const struct sf_directory_entry *last =
		sf_directory_party(sf_coordinator_directory(region->coordinator->coordinator),
			region->coordinator->party);
	struct sf_directory_entry *entry = sf_arena_take(&region->arena, sizeof(*entry));
	assert_non_null(entry);
	*entry = *last;
	entry->version++;
	entry->previous = last->digest;
	struct sf_env env = region->coordinator->turn.env;
	struct sf_key key;
	assert_int_equal(sf_key_make(SF_KEY_COORDINATOR, &env, &key), SF_OK);
	struct sf_directory_key *place = &entry->keys[entry->key_count++];
	*place = (struct sf_directory_key){.use = SF_KEY_USE_IDENTITY,
		.not_before_ms = world->now_ms + 2 * SF_DAY_MS,
		.not_after_ms = world->now_ms + 365 * SF_DAY_MS};
	memcpy(place->public_key, key.public_key, SF_PUBLIC_KEY_SIZE);
	sf_key_fini(&key);
	struct sf_buf bytes, record;
	sf_buf_init(&bytes, SF_DIRECTORY_ENTRY_SIZE_MAX);
	sf_buf_init(&record, SF_DIRECTORY_ENTRY_SIZE_MAX);
	assert_int_equal(sf_entry_encode(entry, &bytes), SF_OK);
	struct sf_signed_record signed_record = {
		.record = sf_buf_view(&bytes), .signature_count = 1};
	signed_record.signatures[0].key_id = world->registrar_key_id;
	assert_int_equal(sf_record_sign(world->registrar, world->registrar_key_id, "entry",
				 sf_buf_view(&bytes), signed_record.signatures[0].signature),
		SF_OK);
	assert_int_equal(sf_signed_record_encode(&signed_record, &record), SF_OK);
	struct sf_request request = {
		.kind = SF_REQUEST_APPROVE, .approve = {.record = sf_buf_view(&record)}};
	region_get(region, region->coordinator, request, SF_REPLY_APPROVED);
	sf_buf_fini(&record);
	sf_buf_fini(&bytes);
}

static void test_receipts_hold_while_coordinator_changes_its_key(void **state)
{
	struct region *region = *state;
	announce_key(region);
	region_run(region, 5 * SF_SECOND_MS);
	region_send(region, "STIN_H");
	region_run(region, 5 * SF_SECOND_MS);
	struct sf_request inbox = {.kind = SF_REQUEST_INBOX};
	assert_int_equal(
		region_get(region, region->municipality, inbox, SF_REPLY_INBOX).inbox.row_count, 1);
	assert_int_equal(sf_node_counters(region->hospital->node).alarms, 0);
	assert_int_equal(sf_node_counters(region->hospital->node).acknowledged, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_receipts_hold_while_coordinator_changes_its_key),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
