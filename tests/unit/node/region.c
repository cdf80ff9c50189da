#include "unit/node/region.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"

#define ARENA_SIZE_MAX ((size_t)64 * 1024 * 1024)

int region_open(void **state)
{
	struct region *region = calloc(1, sizeof(*region));
	if (!region)
		return -1;
	sf_arena_init(&region->arena, ARENA_SIZE_MAX);
	sf_sim_open(&region->world, 7,
		&(struct sf_sim_plan){.hospitals = 1, .municipalities = 1, .practices = 1});
	region->coordinator = sf_sim_coordinator(&region->world);
	region->hospital = sf_sim_machine(&region->world, SF_ROLE_HOSPITAL, 0);
	region->municipality = sf_sim_machine(&region->world, SF_ROLE_MUNICIPALITY, 0);
	region->gp = sf_sim_machine(&region->world, SF_ROLE_GP, 0);
	region_run(region, 5 * SF_SECOND_MS);
	*state = region;
	return 0;
}

int region_close(void **state)
{
	struct region *region = *state;
	sf_sim_close(&region->world);
	sf_arena_fini(&region->arena);
	free(region);
	return 0;
}

void region_run(struct region *region, int64_t for_ms)
{
	sf_sim_run_until(&region->world, region->world.now_ms + for_ms);
}

struct sf_reply region_ask(
	struct region *region, struct sf_sim_machine *machine, struct sf_request request)
{
	struct sf_reply reply = {0};
	assert_int_equal(sf_sim_call(machine, &request, &region->arena, &reply), SF_OK);
	return reply;
}

struct sf_reply region_get(struct region *region, struct sf_sim_machine *machine,
	struct sf_request request, enum sf_reply_kind kind)
{
	struct sf_reply reply = region_ask(region, machine, request);
	if (reply.err)
		print_error("%s: %s\n", sf_request_text(request.kind), reply.text);
	assert_int_equal(reply.err, SF_OK);
	assert_int_equal(reply.kind, kind);
	return reply;
}

struct sf_reply_sent region_send(struct region *region, const char *sample)
{
	return region_send_for(region, sample, "");
}

struct sf_reply_sent region_send_for(
	struct region *region, const char *sample, const char *response_url)
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
	struct sf_request request = {.kind = SF_REQUEST_SEND,
		.send = {.content_type = SF_CONTENT_FHIR_JSON,
			.content = sf_view_of(bytes, size),
			.gp = "gp 0",
			.municipality = "municipality 0",
			.response_url = response_url}};
	return region_get(region, region->hospital, request, SF_REPLY_SENT).sent;
}

struct sf_reply_sent region_discharge(struct region *region)
{
	assert_int_equal(region_send(region, "STIN_H").answer, SF_SEND_STORED);
	region_run(region, 5 * SF_SECOND_MS);
	struct sf_reply_sent sent = region_send(region, "SLHJ_H");
	assert_int_equal(sent.answer, SF_SEND_STORED);
	region_run(region, 5 * SF_SECOND_MS);
	return sent;
}
