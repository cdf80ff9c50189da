/* The agreement of the tests, signed by everybody. */
#include <stdio.h>
#include <stdlib.h>

#include "base/time.h"
#include "os/agreement_text.h"
#include "sim/world.h"
#include "wire/record.h"

static void ask(struct sf_sim_machine *machine, const struct sf_request *request)
{
	struct sf_arena arena;
	sf_arena_init(&arena, 1 << 20);
	struct sf_reply reply = {.err = SF_OK};
	SF_ASSERT(!sf_sim_call(machine, request, &arena, &reply));
	SF_ASSERT(!reply.err);
	sf_arena_fini(&arena);
}

void sf_sim_sign(struct sf_sim_world *world)
{
	char path[512];
	snprintf(path, sizeof(path), "%s/sim/agreements/midt.agreement", SF_TESTS_DIR);
	struct sf_agreement *agreement = calloc(1, sizeof(*agreement));
	SF_ASSERT(agreement);
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_AGREEMENT_SIZE_MAX);
	SF_ASSERT(!sf_agreement_text_load(path, agreement, NULL));
	SF_ASSERT(!sf_agreement_encode(agreement, &bytes));
	free(agreement);
	const struct sf_request propose = {
		.kind = SF_REQUEST_PROPOSE, .propose = {sf_buf_view(&bytes)}};
	ask(&world->machines[1], &propose);
	sf_buf_fini(&bytes);
	sf_sim_run_until(world, world->now_ms + SF_MINUTE_MS);
	for (size_t i = 2; i < world->machine_count; i++) {
		const struct sf_request sign = {.kind = SF_REQUEST_SIGN_AGREEMENT,
			.sign_agreement = {.reference = "midt", .on_behalf = ""}};
		if (!world->machines[i].hostile)
			ask(&world->machines[i], &sign);
	}
	sf_sim_run_until(world, world->now_ms + SF_MINUTE_MS);
}
