#include "cmd/demo.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/arguments.h"

#define STEP_MS_PERSON 400 /* as fast as one can read along */
#define STEP_MS_CI 60
#define SETTLE_MS_MAX 30000

static volatile sig_atomic_t stop_asked; /* set by Ctrl-C; the one thing a handler may do */

static void ask_to_stop(int signal_number)
{
	(void)signal_number;
	stop_asked = 1;
}

static void pause_ms(int ms)
{
	sf_ignore(poll(NULL, 0, ms));
}

/*
 * A municipality's node is killed without warning a third of the way, and comes back at two thirds:
 * what is sent to it meanwhile waits at the coordinator.
 */
static bool run_story(struct sf_demo *demo, int64_t run_ms)
{
	const size_t victim = 3; /* Nordby Kommune */
	int64_t began_ms = sf_demo_steady_ms();
	bool killed = false, back = false;
	sf_demo_samples(demo);
	while (!stop_asked && sf_demo_steady_ms() - began_ms < run_ms) {
		int64_t gone_ms = sf_demo_steady_ms() - began_ms;
		if (!killed && gone_ms > run_ms / 3) {
			killed = true;
			fprintf(demo->out, "-- %s is switched off\n", demo->parties[victim].name);
			sf_demo_kill(demo, victim);
		}
		if (killed && !back && gone_ms > 2 * run_ms / 3) {
			fprintf(demo->out, "-- %s is switched on again\n",
				demo->parties[victim].name);
			back = sf_demo_start(demo, victim);
			demo->restarts += back;
			if (!back)
				return false;
		}
		sf_demo_step(demo);
		sf_demo_print_feed(demo);
		if (killed && !back)
			sf_demo_print_late(demo);
		pause_ms(demo->ci || demo->json ? STEP_MS_CI : STEP_MS_PERSON);
	}
	if (killed && !back)
		demo->restarts += back = sf_demo_start(demo, victim);
	return back || !killed;
}

/* Until every letter has its final answer, or the bound says it never will. */
static void settle(struct sf_demo *demo)
{
	int64_t until_ms = sf_demo_steady_ms() + SETTLE_MS_MAX;
	do {
		sf_demo_print_feed(demo);
		pause_ms(100);
	} while (sf_demo_open_count(demo) > 0 && sf_demo_steady_ms() < until_ms);
	/* Answers of the last seconds reach every replica. */
	pause_ms(500);
	sf_demo_print_feed(demo);
}

static int run_demo(struct sf_demo *demo, int64_t run_ms)
{
	fprintf(demo->out, "making keys and starting a region on loopback ...\n");
	bool good = sf_demo_region_open(demo);
	if (good) {
		fprintf(demo->out,
			"region: 1 coordinator, 2 hospitals, 3 municipalities, 4 "
			"practices on 127.0.0.1:%u\n\n",
			(unsigned)demo->port);
		sf_demo_print_links(demo);
		good = run_story(demo, run_ms);
	}
	if (good) {
		struct sf_demo_verdict verdict;
		settle(demo);
		sf_demo_check(demo, &verdict);
		sf_demo_print_verdict(demo, &verdict);
		if (demo->json)
			sf_demo_print_json(demo, &verdict);
		good = sf_demo_good(&verdict);
	}
	if (demo->keep && demo->folder[0])
		fprintf(demo->out,
			"\nkept in %s (0 is the coordinator, 1 the first hospital)\n"
			"  start them again:  stafet-coordinator %s/0/stafet.conf &\n"
			"                     stafet-node %s/1/stafet.conf &\n"
			"  look around:       stafet transition list --socket %s/1/s\n",
			demo->folder, demo->folder, demo->folder, demo->folder);
	sf_demo_region_close(demo);
	return good ? SF_EXIT_OK : SF_EXIT_FAILED;
}

/* "20s" or "20": how long the story runs. */
static bool read_seconds(const char *text, int64_t *ret_ms)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);
	if (end == text || (*end && strcmp(end, "s") != 0) || value < 1 || value > 86400)
		return false;
	*ret_ms = (int64_t)value * 1000;
	return true;
}

int sf_command_demo(const struct sf_arguments *arguments)
{
	struct sf_demo *demo = calloc(1, sizeof(*demo));
	if (!demo)
		return sf_exit_failed(SF_ERR_MEMORY, NULL);
	int64_t run_ms = 20000;
	const char *wanted = sf_arguments_value(arguments, "for");
	demo->json = sf_arguments_flag(arguments, "json");
	demo->ci = sf_arguments_flag(arguments, "ci");
	demo->keep = sf_arguments_flag(arguments, "keep");
	demo->out = demo->json ? stderr : stdout;
	int code = sf_arguments_number(arguments, "seed", 1, INT64_MAX, &demo->seed);
	if (!code && wanted && !read_seconds(wanted, &run_ms))
		code = sf_exit_usage("--for takes seconds, like 20s");
	if (code) {
		free(demo);
		return code;
	}
	/* Without a bound and with a terminal it runs until Ctrl-C. */
	if (!wanted && !demo->ci && !demo->json)
		run_ms = INT64_C(86400000);
	demo->chance = demo->seed;
	struct sigaction action = {.sa_handler = ask_to_stop};
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	code = run_demo(demo, run_ms);
	free(demo);
	return code;
}
