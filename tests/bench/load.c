#include "bench/load.h"

#include <stdlib.h>
#include <string.h>

#include "bench/measure.h"

#define CALLS_MAX ((size_t)256) /* a turn takes up to so many: FACTS, batch by draining */
#define TABLE_SIZE ((size_t)8192)
#define ARENA_SIZE_MAX ((size_t)64 * 1024 * 1024)

/* A letter in flight, found by its message id. */
struct flight {
	struct sf_id message;
	int64_t sent_ns; /* 0: the place is free */
};

struct load;

struct sender {
	struct load *load;
	struct sf_bench_machine *machine;
	struct sf_bench_stay *stays;
	size_t in_flight, next;
	size_t final_count;
	struct sf_id finals[2 * TABLE_SIZE]; /* of this turn */
	struct flight flights[TABLE_SIZE];   /* open addressing by message id */
};

struct load {
	const struct sf_bench_load_options *options;
	struct sender *senders;
	size_t done;
	double *latencies_ms;
	struct sf_bench_result result;
	struct sf_arena arena;
	struct sf_request requests[CALLS_MAX];
	struct sf_reply replies[CALLS_MAX];
	struct sf_call calls[CALLS_MAX];
};

static void note_final(void *context, struct sf_id message)
{
	struct sender *sender = context;
	SF_ASSERT(sender->final_count < SF_COUNT(sender->finals));
	sender->finals[sender->final_count++] = message;
}

static size_t place_of(struct sf_id message)
{
	return (size_t)sf_get_u64(message.bytes + 8) % TABLE_SIZE;
}

static void take_off(struct sender *sender, struct sf_id message, int64_t now_ns)
{
	size_t at = place_of(message);
	while (sender->flights[at].sent_ns != 0)
		at = (at + 1) % TABLE_SIZE;
	sender->flights[at] = (struct flight){message, now_ns};
	sender->in_flight++;
}

/* Removes by moving back what stands behind (Knuth 6.4, algorithm R). */
static void close_gap(struct sender *sender, size_t gap)
{
	for (size_t at = (gap + 1) % TABLE_SIZE; sender->flights[at].sent_ns != 0;
		at = (at + 1) % TABLE_SIZE) {
		size_t home = place_of(sender->flights[at].message);
		bool stays = gap < at ? gap < home && home <= at : gap < home || home <= at;
		if (stays)
			continue;
		sender->flights[gap] = sender->flights[at];
		gap = at;
	}
	sender->flights[gap].sent_ns = 0;
}

static void land(struct sender *sender, int64_t now_ns)
{
	struct load *load = sender->load;
	for (size_t i = 0; i < sender->final_count; i++) {
		size_t at = place_of(sender->finals[i]);
		while (sender->flights[at].sent_ns != 0 &&
			!sf_id_equal(sender->flights[at].message, sender->finals[i]))
			at = (at + 1) % TABLE_SIZE;
		if (sender->flights[at].sent_ns == 0)
			continue;
		load->latencies_ms[load->done++] =
			(double)(now_ns - sender->flights[at].sent_ns) / 1e6;
		close_gap(sender, at);
		sender->in_flight--;
	}
	sender->final_count = 0;
}

/* One turn of one hospital with as many new letters as may fly. True when it wants another. */
static bool turn(struct load *load, struct sender *sender)
{
	const struct sf_bench_load_options *options = load->options;
	size_t count = 0;
	for (; count < CALLS_MAX && sender->in_flight + count < options->in_flight &&
		sender->next < options->stay_count;
		count++) {
		sf_bench_letter(sender->machine, options->kind, options->opening,
			&sender->stays[sender->next++], &load->arena, &load->requests[count],
			&load->replies[count]);
		load->calls[count] = (struct sf_call){.request = &load->requests[count],
			.arena = &load->arena,
			.reply = &load->replies[count]};
	}
	int64_t begun_ns = sf_bench_now_ns();
	bool busy = sf_bench_machine_turn(sender->machine, load->calls, count);
	for (size_t i = 0; i < count; i++) {
		SF_ASSERT(load->calls[i].answered && !load->replies[i].err);
		SF_ASSERT(load->replies[i].sent.answer == SF_SEND_STORED);
		take_off(sender, load->replies[i].sent.message, begun_ns);
		load->result.letter_size = load->requests[i].send.content.size;
	}
	if (sender->final_count > 0)
		land(sender, sf_bench_now_ns());
	sf_arena_clear(&load->arena);
	return busy ||
	       (sender->in_flight < options->in_flight && sender->next < options->stay_count);
}

static void run_all(struct load *load)
{
	const struct sf_bench_load_options *options = load->options;
	size_t total = options->hospital_count * options->stay_count;
	while (load->done < total) {
		bool busy = false;
		for (size_t i = 0; i < options->hospital_count; i++)
			busy |= turn(load, &load->senders[i]);
		if (!busy && load->done < total)
			sf_bench_machines_wait(options->hospitals, options->hospital_count, 100);
	}
}

struct sf_bench_result sf_bench_load_run(
	const struct sf_bench_load_options *options, struct sf_bench_stay *stays)
{
	SF_ASSERT(options->in_flight <= TABLE_SIZE / 2);
	size_t total = options->hospital_count * options->stay_count;
	struct load *load = calloc(1, sizeof(*load));
	SF_ASSERT(load);
	load->options = options;
	load->senders = calloc(options->hospital_count, sizeof(*load->senders));
	load->latencies_ms = calloc(total + 1, sizeof(*load->latencies_ms));
	SF_ASSERT(load->senders && load->latencies_ms);
	sf_arena_init(&load->arena, ARENA_SIZE_MAX);
	for (size_t i = 0; i < options->hospital_count; i++) {
		load->senders[i].load = load;
		load->senders[i].machine = &options->hospitals[i];
		load->senders[i].stays = stays + i * options->stay_count;
		options->hospitals[i].watch.final = note_final;
		options->hospitals[i].watch.context = &load->senders[i];
	}
	int64_t begun_ns = sf_bench_now_ns();
	run_all(load);
	struct sf_bench_result result = load->result;
	result.seconds = (double)(sf_bench_now_ns() - begun_ns) / 1e9;
	result.count = total;
	result.p50_ms = sf_bench_quantile(load->latencies_ms, total, 0.5);
	result.p99_ms = sf_bench_quantile(load->latencies_ms, total, 0.99);
	for (size_t i = 0; i < options->hospital_count; i++)
		options->hospitals[i].watch.final = NULL;
	sf_arena_fini(&load->arena);
	free(load->latencies_ms);
	free(load->senders);
	free(load);
	return result;
}

void sf_bench_load_settle(struct sf_bench_machine *hospitals, size_t count, int64_t wait_ms)
{
	int64_t until_ns = sf_bench_now_ns() + wait_ms * 1000000;
	while (sf_bench_now_ns() < until_ns) {
		bool busy = false;
		for (size_t i = 0; i < count; i++)
			busy |= sf_bench_machine_turn(&hospitals[i], NULL, 0);
		if (!busy)
			sf_bench_machines_wait(hospitals, count, 20);
	}
}

void sf_bench_load_send(const struct sf_bench_load_options *options, struct sf_bench_stay *stays)
{
	struct sf_bench_machine *machine = options->hospitals;
	struct load *load = calloc(1, sizeof(*load));
	SF_ASSERT(load);
	load->options = options;
	sf_arena_init(&load->arena, ARENA_SIZE_MAX);
	uint64_t before = sf_node_counters(machine->node).stored;
	for (size_t next = 0; next < options->stay_count;) {
		size_t count = 0;
		for (; count < 64 && next < options->stay_count; count++, next++) {
			sf_bench_letter(machine, options->kind, options->opening, &stays[next],
				&load->arena, &load->requests[count], &load->replies[count]);
			load->calls[count] = (struct sf_call){.request = &load->requests[count],
				.arena = &load->arena,
				.reply = &load->replies[count]};
		}
		sf_bench_machine_turn(machine, load->calls, count);
		sf_arena_clear(&load->arena);
	}
	/* Two messages a stay when it is opened: who takes part, and the admission. */
	uint64_t wanted = before + options->stay_count * (options->opening ? 2 : 1);
	while (sf_node_counters(machine->node).stored < wanted)
		sf_bench_load_settle(machine, 1, 50);
	free(load);
}
