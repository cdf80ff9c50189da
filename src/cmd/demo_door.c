/* Who may look at the demo with a browser: a person at each console, and a link that signs in once.
 */
#include "cmd/demo.h"

static const char user_name[] = "demo";

static void print_link(struct sf_demo *demo, size_t index)
{
	const struct sf_demo_party *party = &demo->parties[index];
	const struct sf_request person = {.kind = SF_REQUEST_USER_CREATE,
		.user_create = {user_name, "Demo", "", SF_API_ROLES_PEOPLE}};
	const struct sf_request link = {.kind = SF_REQUEST_USER_LINK, .user_link = {user_name}};
	struct sf_arena arena;
	struct sf_reply reply;
	sf_arena_init(&arena, SF_LOCAL_SIZE_MAX);
	if (sf_demo_ask(demo, index, &person, &arena, &reply) &&
		sf_demo_ask(demo, index, &link, &arena, &reply))
		fprintf(demo->out, "  %s: http://127.0.0.1:%u/console/#enter=%s\n", party->name,
			(unsigned)party->http_port, reply.user_linked.code);
	sf_arena_fini(&arena);
}

void sf_demo_print_links(struct sf_demo *demo)
{
	fprintf(demo->out, "in a browser (each link signs in once, within ten minutes):\n");
	for (size_t i = 0; i < SF_DEMO_PARTIES; i++)
		if (demo->parties[i].http_port)
			print_link(demo, i);
	fprintf(demo->out, "\n");
}
