#include "unit/node/attaching.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

struct sf_id attaching_upload(struct region *region)
{
	struct sf_id upload;
	assert_true(sf_sim_attach(region->hospital, ATTACHING_MARK, &upload));
	return upload;
}

struct sf_reply attaching_sample(struct region *region, const char *sample, struct sf_view uploads)
{
	char path[512];
	snprintf(path, sizeof(path),
		"%s/samples/medcom-hospitalnotification/HospitalNotification_Ex_%s.json",
		SF_TESTS_DIR, sample);
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	uint8_t *bytes = sf_arena_take(&region->arena, SF_CLINICAL_SIZE_MAX);
	assert_non_null(bytes);
	size_t size = fread(bytes, 1, SF_CLINICAL_SIZE_MAX, file);
	fclose(file);
	const struct sf_request request = {.kind = SF_REQUEST_SEND,
		.send = {.content_type = SF_CONTENT_FHIR_JSON,
			.content = sf_view_of(bytes, size),
			.gp = "",
			.municipality = "municipality 0",
			.response_url = "",
			.attachments = uploads}};
	return region_ask(region, region->hospital, request);
}

struct sf_reply attaching_send(struct region *region, struct sf_view uploads)
{
	return attaching_sample(region, "STIN_H", uploads);
}

struct sf_reply_sent attaching_letter(struct region *region)
{
	struct sf_id upload = attaching_upload(region);
	struct sf_reply reply = attaching_send(region, sf_id_view(&upload));
	assert_int_equal(reply.err, SF_OK);
	assert_int_equal(reply.sent.answer, SF_SEND_STORED);
	return reply.sent;
}

enum sf_err attaching_row(struct sf_sim_machine *machine, struct sf_id author, struct sf_id message,
	struct sf_node_row_attachment *ret_row)
{
	*ret_row = (struct sf_node_row_attachment){.author = author, .message_id = message};
	const struct sf_store *store = sf_memory_port(machine->memory);
	return store->get(store->self, &sf_node_table_attachment, 0, ret_row, NULL);
}

static bool count_one(void *context, const void *row)
{
	(void)row;
	++*(size_t *)context;
	return true;
}

size_t attaching_chunks(struct sf_sim_machine *machine, const struct sf_table *table)
{
	size_t count = 0;
	const struct sf_scan scan = {.table = table};
	const struct sf_store *store = sf_memory_port(machine->memory);
	assert_int_equal(store->scan(store->self, &scan, count_one, &count, NULL), SF_OK);
	return count;
}
