/*
 * What the parties cost besides the way: start-up, rest, connections, queues. bench_rest [FOLDER].
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "bench/measure.h"
#include "bench/trio.h"

#define REST_MS 5000
#define QUEUED_COUNT ((size_t)5000)

static struct sf_bench_trio *open_trio(const char *folder, size_t hospital_count)
{
	struct sf_bench_trio *trio = calloc(1, sizeof(*trio));
	SF_ASSERT(trio);
	sf_bench_trio_open(trio, folder, hospital_count, 2);
	return trio;
}

static void close_trio(struct sf_bench_trio *trio)
{
	sf_bench_trio_close(trio);
	free(trio);
}

static double ready_ms(const struct sf_bench_trio *trio, size_t party)
{
	return (double)atomic_load(&trio->peers[party].tally->ready_ns) / 1e6;
}

static void print_connections(const char *folder)
{
	struct sf_bench_trio *trio = open_trio(folder, SF_BENCH_SENDERS_MAX);
	pid_t coordinator = trio->peers[SF_BENCH_COORDINATOR].process;
	printf("coordinator ready on an empty store after %.0f ms\n",
		ready_ms(trio, SF_BENCH_COORDINATOR));
	int64_t before = sf_bench_private_size(coordinator);
	sf_bench_trio_connect(trio);
	int64_t after = sf_bench_private_size(coordinator);
	printf("coordinator with %zu nodes connected: %.1f KiB more each, %.1f MiB in all\n",
		SF_BENCH_SENDERS_MAX,
		(double)(after - before) / 1024 / (double)SF_BENCH_SENDERS_MAX,
		(double)after / 1048576);
	int64_t cpu_ns = sf_bench_cpu_ns(coordinator);
	poll(NULL, 0, REST_MS);
	printf("coordinator with them at rest: %.2f%% of a core\n",
		(double)(sf_bench_cpu_ns(coordinator) - cpu_ns) / 1e4 / REST_MS);
	close_trio(trio);
}

static double file_mib(const struct sf_bench_trio *trio, size_t party, const char *ending)
{
	char path[512];
	struct stat stat_of;
	snprintf(path, sizeof(path), "%s/%zu.db%s", trio->folder, party, ending);
	return stat(path, &stat_of) ? 0 : (double)stat_of.st_size / 1048576;
}

/* The municipality was never there: everything waits at the coordinator. */
static void print_queue(const char *folder)
{
	struct sf_bench_trio *trio = open_trio(folder, 1);
	pid_t coordinator = trio->peers[SF_BENCH_COORDINATOR].process;
	sf_bench_trio_connect(trio);
	struct sf_bench_stay *stays = calloc(QUEUED_COUNT, sizeof(*stays));
	SF_ASSERT(stays);
	int64_t before = sf_bench_private_size(coordinator);
	const struct sf_bench_load_options options = {.hospitals = trio->hospitals,
		.hospital_count = 1,
		.kind = SF_BENCH_BODY,
		.stay_count = QUEUED_COUNT,
		.opening = true};
	sf_bench_load_send(&options, stays);
	int64_t after = sf_bench_private_size(coordinator);
	printf("%zu stays opened, each with a letter of 2 KB queued:\n", QUEUED_COUNT);
	printf("   coordinator, memory: %.2f KiB a stay (transitions are cached)\n",
		(double)(after - before) / 1024 / (double)QUEUED_COUNT);
	printf("   coordinator, file: %.1f KiB a stay; write-ahead log %.1f MiB\n",
		file_mib(trio, SF_BENCH_COORDINATOR, "") * 1024 / (double)QUEUED_COUNT,
		file_mib(trio, SF_BENCH_COORDINATOR, "-wal"));
	printf("   hospital, file: %.1f KiB a stay\n",
		file_mib(trio, SF_BENCH_HOSPITAL, "") * 1024 / (double)QUEUED_COUNT);
	sf_bench_peer_stop(trio, SF_BENCH_COORDINATOR);
	sf_bench_peer_start(trio, SF_BENCH_COORDINATOR);
	printf("   coordinator ready again on that store after %.0f ms, with %.1f MiB\n",
		ready_ms(trio, SF_BENCH_COORDINATOR),
		(double)sf_bench_private_size(trio->peers[SF_BENCH_COORDINATOR].process) / 1048576);
	free(stays);
	close_trio(trio);
}

static void print_rest(const char *folder)
{
	struct sf_bench_trio *trio = open_trio(folder, 1);
	sf_bench_peer_start(trio, SF_BENCH_MUNICIPALITY);
	pid_t municipality = trio->peers[SF_BENCH_MUNICIPALITY].process;
	printf("node ready on an empty store after %.0f ms\n",
		ready_ms(trio, SF_BENCH_MUNICIPALITY));
	sf_bench_trio_connect(trio);
	poll(NULL, 0, 1000);
	int64_t cpu_ns = sf_bench_cpu_ns(municipality);
	poll(NULL, 0, REST_MS);
	printf("node at rest: %.2f%% of a core, %.1f MiB\n",
		(double)(sf_bench_cpu_ns(municipality) - cpu_ns) / 1e4 / REST_MS,
		(double)sf_bench_private_size(municipality) / 1048576);
	close_trio(trio);
}

int main(int argc, char **argv)
{
	const char *folder = argc > 1 ? argv[1] : ".";
	print_rest(folder);
	print_connections(folder);
	print_queue(folder);
	return 0;
}
