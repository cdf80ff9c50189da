#include "bench/trio.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/measure.h"

static struct sf_bench_machine_options machine_options(
	const struct sf_bench_trio *trio, size_t party, const struct sf_context *context)
{
	return (struct sf_bench_machine_options){.region = &trio->region,
		.party = party,
		.folder = trio->folder,
		.context = context,
		.endpoint = trio->peers[SF_BENCH_COORDINATOR].tally->endpoint,
		.worker_count = trio->worker_count};
}

static void run_peer(const struct sf_bench_trio *trio, size_t party, int64_t begun_ns)
{
	struct sf_bench_tally *tally = trio->peers[party].tally;
	struct sf_context *context;
	SF_ASSERT(!sf_context_open(&context, NULL));
	struct sf_bench_machine *machine = calloc(1, sizeof(*machine));
	SF_ASSERT(machine);
	const struct sf_bench_machine_options options = machine_options(trio, party, context);
	sf_bench_machine_open(machine, &options);
	if (machine->router)
		snprintf(tally->endpoint, sizeof(tally->endpoint), "%s",
			sf_router_endpoint(machine->router));
	atomic_store(&tally->ready_ns, sf_bench_now_ns() - begun_ns);
	atomic_store(&tally->ready, true);
	sf_bench_machine_run(machine, tally);
	sf_bench_machine_close(machine);
	sf_context_close(&context);
	free(machine);
}

void sf_bench_peer_start(struct sf_bench_trio *trio, size_t party)
{
	struct sf_bench_peer *peer = &trio->peers[party];
	if (!peer->tally)
		peer->tally = mmap(NULL, sizeof(*peer->tally), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	SF_ASSERT(peer->tally != MAP_FAILED);
	*peer->tally = (struct sf_bench_tally){.ready = false};
	fflush(NULL);
	int64_t begun_ns = sf_bench_now_ns();
	peer->process = fork();
	SF_ASSERT(peer->process >= 0);
	if (peer->process == 0) {
		run_peer(trio, party, begun_ns);
		_exit(0);
	}
	int status;
	while (!atomic_load(&peer->tally->ready)) {
		SF_ASSERT(waitpid(peer->process, &status, WNOHANG) == 0);
		poll(NULL, 0, 1);
	}
}

void sf_bench_peer_stop(struct sf_bench_trio *trio, size_t party)
{
	struct sf_bench_peer *peer = &trio->peers[party];
	if (peer->process == 0)
		return;
	int status;
	atomic_store(&peer->tally->stop, true);
	SF_ASSERT(waitpid(peer->process, &status, 0) == peer->process && status == 0);
	peer->process = 0;
}

void sf_bench_trio_open(
	struct sf_bench_trio *trio, const char *parent, size_t hospital_count, size_t worker_count)
{
	*trio = (struct sf_bench_trio){
		.hospital_count = hospital_count, .worker_count = worker_count};
	snprintf(trio->folder, sizeof(trio->folder), "%s/stafet-bench-XXXXXX", parent);
	SF_ASSERT(mkdtemp(trio->folder));
	sf_bench_region_open(&trio->region, hospital_count);
	sf_bench_peer_start(trio, SF_BENCH_COORDINATOR);
}

void sf_bench_trio_connect(struct sf_bench_trio *trio)
{
	SF_ASSERT(!sf_context_open(&trio->context, NULL));
	trio->hospitals = calloc(trio->hospital_count, sizeof(*trio->hospitals));
	SF_ASSERT(trio->hospitals);
	for (size_t i = 0; i < trio->hospital_count; i++) {
		const struct sf_bench_machine_options options =
			machine_options(trio, SF_BENCH_HOSPITAL + i, trio->context);
		sf_bench_machine_open(&trio->hospitals[i], &options);
		sf_bench_serve_bodies(&trio->hospitals[i]);
	}
	size_t ready = 0;
	while (ready < trio->hospital_count) {
		sf_bench_load_settle(trio->hospitals, trio->hospital_count, 50);
		ready = 0;
		for (size_t i = 0; i < trio->hospital_count; i++)
			ready += sf_directory_version(sf_node_directory(trio->hospitals[i].node)) ==
				 trio->region.party_count;
	}
}

static void remove_stores(const struct sf_bench_trio *trio)
{
	static const char *const endings[] = {"", "-wal", "-shm", ".lock"};
	char path[512];
	for (size_t i = 0; i < trio->region.party_count; i++)
		for (size_t j = 0; j < SF_COUNT(endings); j++) {
			snprintf(path, sizeof(path), "%s/%zu.db%s", trio->folder, i, endings[j]);
			unlink(path);
		}
	rmdir(trio->folder);
}

void sf_bench_trio_close(struct sf_bench_trio *trio)
{
	for (size_t i = 0; trio->hospitals && i < trio->hospital_count; i++)
		sf_bench_machine_close(&trio->hospitals[i]);
	sf_context_close(&trio->context);
	free(trio->hospitals);
	for (size_t i = 0; i < SF_COUNT(trio->peers); i++) {
		sf_bench_peer_stop(trio, i);
		if (trio->peers[i].tally)
			munmap(trio->peers[i].tally, sizeof(*trio->peers[i].tally));
	}
	remove_stores(trio);
	sf_bench_region_close(&trio->region);
}

struct sf_bench_mark sf_bench_trio_mark(const struct sf_bench_trio *trio, size_t party)
{
	struct sf_bench_mark mark = {.cpu_ns = 0};
	if (party < SF_BENCH_HOSPITAL) {
		mark.cpu_ns = sf_bench_cpu_ns(trio->peers[party].process);
		mark.turns = atomic_load(&trio->peers[party].tally->turns);
		mark.statements = trio->peers[party].tally->statements;
		return mark;
	}
	mark.cpu_ns = sf_bench_cpu_ns(0);
	for (size_t i = 0; i < trio->hospital_count; i++) {
		const struct sf_bench_statements *more = &trio->hospitals[i].watch.statements;
		mark.turns += trio->hospitals[i].turn.turns;
		mark.statements.inserts += more->inserts;
		mark.statements.replaces += more->replaces;
		mark.statements.removes += more->removes;
		mark.statements.gets += more->gets;
		mark.statements.scans += more->scans;
	}
	return mark;
}
