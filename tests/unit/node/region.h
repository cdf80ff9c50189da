/*
 * A small region for tests of the local services: a coordinator, a hospital, a municipality and a
 * practice of the simulation, without faults, and the stay of one test person of MedCom's samples.
 */
#ifndef SF_TESTS_UNIT_NODE_REGION_H
#define SF_TESTS_UNIT_NODE_REGION_H

#include "sim/world.h"

struct region {
	struct sf_sim_world world;
	struct sf_sim_machine *coordinator, *hospital, *municipality, *gp; /* borrowed */
	struct sf_arena arena; /* of replies, until the region is closed */
};

/* For cmocka: *state is a struct region, connected and at rest. */
int region_open(void **state);
int region_close(void **state);

void region_run(struct region *region, int64_t for_ms);
/* One request in a turn of its own; the turn must succeed. */
struct sf_reply region_ask(
	struct region *region, struct sf_sim_machine *machine, struct sf_request request);
/* As region_ask, and the reply must be of this kind without an error. */
struct sf_reply region_get(struct region *region, struct sf_sim_machine *machine,
	struct sf_request request, enum sf_reply_kind kind);
/* The hospital hands in a sample letter, "STIN_H"; the reply. Nothing has been sent yet. */
struct sf_reply_sent region_send(struct region *region, const char *sample);
/* The same; where the answer is to be posted. */
struct sf_reply_sent region_send_for(
	struct region *region, const char *sample, const char *response_url);
/* Admission and discharge, delivered and answered; the discharge's reply. */
struct sf_reply_sent region_discharge(struct region *region);

#endif
