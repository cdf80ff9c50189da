#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "sim/world.h"

static char *read_file(const char *path, size_t *ret_size)
{
	FILE *file = fopen(path, "rb");
	SF_ASSERT(file);
	char *text = calloc(1, 1 << 20);
	*ret_size = fread(text, 1, (1 << 20) - 1, file);
	fclose(file);
	return text;
}

int main(int argc, char **argv)
{
	uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
	struct sf_sim_world world;
	sf_sim_open(&world, seed, &(struct sf_sim_plan){1, 1, 1});
	struct sf_sim_machine *hospital = sf_sim_machine(&world, SF_ROLE_HOSPITAL, 0);
	struct sf_sim_machine *municipality = sf_sim_machine(&world, SF_ROLE_MUNICIPALITY, 0);
	sf_sim_run_until(&world, world.now_ms + 5000);
	for (int i = 2; i < argc; i++) {
		size_t size;
		char *text = read_file(argv[i], &size);
		struct sf_request request = {.kind = SF_REQUEST_SEND,
			.send = {SF_CONTENT_FHIR_JSON, sf_view_of(text, size), "gp 0", "municipality 0"}};
		struct sf_arena arena;
		sf_arena_init(&arena, 1 << 24);
		struct sf_reply reply = {0};
		enum sf_err err = sf_sim_call(hospital, &request, &arena, &reply);
		printf("send: %d reply err %d answer %d issues %zu\n", err, reply.err, reply.sent.answer,
			reply.sent.issue_count);
		for (size_t k = 0; k < reply.sent.issue_count; k++)
			printf("  %s %s %s\n", reply.sent.issues[k].code,
				reply.sent.issues[k].expression, reply.sent.issues[k].text);
		sf_arena_fini(&arena);
		free(text);
		sf_sim_run_until(&world, world.now_ms + 5000);
	}
	struct sf_node_counters h = sf_node_counters(hospital->node);
	struct sf_node_counters m = sf_node_counters(municipality->node);
	printf("hospital sent %lu stored %lu acked %lu alarms %lu; municipality received %lu sent %lu "
	       "stored %lu alarms %lu dropped %lu\n",
		h.sent, h.stored, h.acknowledged, h.alarms, m.received, m.sent, m.stored, m.alarms,
		m.dropped);
	struct sf_coordinator_counters c =
		sf_coordinator_counters(sf_sim_coordinator(&world)->coordinator);
	printf("coordinator recorded %lu refused %lu dropped %lu delivered %lu taken %lu lost %lu\n",
		c.recorded, c.refused, c.dropped, c.delivered, c.taken, world.lost_turns);
	sf_sim_close(&world);
	return 0;
}
