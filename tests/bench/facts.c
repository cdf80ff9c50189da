/*
 * Facts of open transitions stepped per second: in memory, and from a coordinator's store on SQLite
 * where a transition that is not in memory is read and folded first. Both over a growing number of
 * open transitions: a curve that is flat says that a step costs what its own transition costs.
 *
 *   bench_facts [--folder FOLDER] [--most N] [--store-most N]
 *
 * Prints CPU microseconds a step, and their ratio to the first line of the same curve.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/check.h"
#include "base/time.h"
#include "bench/measure.h"
#include "coordinator/tables.h"
#include "core/derived.h"
#include "store/sqlite.h"
#include "wire/envelope.h"
#include "wire/header.h"

#define START_MS ((int64_t)1795000000000)
#define STEPS ((size_t)20000) /* measured at each size */
#define STORE_STEPS ((size_t)4000)
#define COMMIT_EVERY ((size_t)128)
#define OPENING ((size_t)6) /* events that every transition has when the clock starts */

static const struct sf_id hospital = {{1}}, municipality = {{2}}, practice = {{3}};

/* One agreement: an answer in a working day, acceptance in four hours, 72 hours of the hospital. */
struct terms {
	struct sf_agreement agreement;
	const struct sf_agreement *agreements[1];
	struct sf_acceptance acceptances[3];
	struct sf_agreement_book book;
};

static struct sf_expectation expects(const char *name, struct sf_trigger on, struct sf_trigger met,
	enum sf_role owner, int32_t minutes)
{
	struct sf_expectation expectation = {.arises_on = on,
		.owner = owner,
		.met_by = met,
		.due = {1, {{SF_DEADLINE_MINUTES, minutes, 0, -1}}},
		.rung_count = 1,
		.rungs = {SF_RUNG_OWNER}};
	snprintf(expectation.clause.name, sizeof(expectation.clause.name), "%s", name);
	return expectation;
}

static void write_terms(struct terms *terms)
{
	const struct sf_trigger home = {SF_KIND_STAY, SF_ACTIVITY_DISCHARGE_HOME, 0};
	struct sf_agreement *agreement = &terms->agreement;
	*agreement =
		(struct sf_agreement){.digest = {{9}}, .cut_off_minute = -1, .pathway_count = 1};
	struct sf_pathway_terms *pathway = &agreement->pathways[0];
	pathway->pathway = SF_PATHWAY_SOMATIC;
	pathway->expectation_count = 3;
	pathway->expectations[0] = expects("plan-answer", (struct sf_trigger){SF_KIND_PLAN, 0, 0},
		(struct sf_trigger){SF_KIND_PLAN_ANSWER, 0, 0}, SF_ROLE_MUNICIPALITY, 1440);
	pathway->expectations[1] = expects("care-accepted", home,
		(struct sf_trigger){SF_KIND_ACCEPT, SF_DOMAIN_CARE + 1, 0}, SF_ROLE_MUNICIPALITY,
		240);
	pathway->expectations[2] = expects("discharge-letter", home,
		(struct sf_trigger){SF_KIND_LETTER, SF_LETTER_DISCHARGE_LETTER, 0},
		SF_ROLE_HOSPITAL, 1440);
	pathway->handover_count = 1;
	pathway->handovers[0] = (struct sf_handover){.on = home,
		.offers = SF_DOMAIN_BIT(SF_DOMAIN_CARE),
		.to = SF_ROLE_MUNICIPALITY,
		.silence = SF_SILENCE_STAYS};
	terms->agreements[0] = agreement;
	const struct sf_id parties[] = {hospital, municipality, practice};
	for (size_t i = 0; i < SF_COUNT(parties); i++)
		terms->acceptances[i] =
			(struct sf_acceptance){agreement->digest, parties[i], 0, INT64_MAX};
	terms->book = (struct sf_agreement_book){
		terms->agreements, 1, terms->acceptances, SF_COUNT(terms->acceptances)};
}

static struct sf_id transition_id(size_t number)
{
	struct sf_id id = {{7}};
	/* Spread over the tree as real ids are. */
	sf_put_u64(id.bytes + 8, (uint64_t)number * UINT64_C(0x9E3779B97F4A7C15));
	return id;
}

/* The index-th event of a transition: six open it, then plans and answers go on for ever. */
static struct sf_message event_of(const struct terms *terms, size_t transition, size_t index)
{
	struct sf_message message = {.format = 1,
		.transition = transition_id(transition),
		.author = hospital,
		.author_sequence = index + 1,
		.recipient_count = 1,
		.recipients = {municipality},
		.occurred_ms = START_MS + (int64_t)index * SF_MINUTE_MS,
		.created_ms = START_MS + (int64_t)index * SF_MINUTE_MS};
	message.id = transition_id(transition);
	sf_put_u32(message.id.bytes + 1, (uint32_t)index + 1);
	int64_t day_ms = START_MS + SF_DAY_MS;
	if (index == 0) {
		message.fact.kind = SF_KIND_PARTIES;
		message.fact.parties = (struct sf_parties){.version = 1,
			.pathway = SF_PATHWAY_SOMATIC,
			.agreement = terms->agreement.digest,
			.binding_count = 3,
			.bindings = {{SF_ROLE_HOSPITAL, SF_BINDING_PARTY, hospital},
				{SF_ROLE_MUNICIPALITY, SF_BINDING_PARTY, municipality},
				{SF_ROLE_GP, SF_BINDING_PARTY, practice}}};
	} else if (index == 1) {
		message.fact.kind = SF_KIND_STAY;
		message.fact.stay = (struct sf_stay_fact){SF_ACTIVITY_ADMIT_INPATIENT, SF_MODE_NEW,
			SF_STAY_CLASS_INPATIENT, START_MS, false};
	} else if (index % 2 == 0) {
		message.fact.kind = SF_KIND_PLAN;
		message.fact.plan = (struct sf_plan){(uint32_t)index,
			{day_ms, day_ms, SF_CONFIDENCE_LOW}, {day_ms, day_ms, SF_CONFIDENCE_LOW}};
	} else {
		message.author = municipality;
		message.recipients[0] = hospital;
		message.fact.kind = SF_KIND_PLAN_ANSWER;
		message.fact.plan_answer = (struct sf_plan_answer){
			.code = SF_PLAN_ANSWER_ACCEPT, .ready_from_ms = day_ms};
	}
	return message;
}

static void step(struct sf_transition *transition, const struct sf_message *message, size_t index)
{
	const struct sf_event event = {message, SF_CLASS_FACT, index + 1,
		START_MS + (int64_t)index * SF_MINUTE_MS,
		sf_id_equal(message->author, hospital) ? SF_ROLE_HOSPITAL : SF_ROLE_MUNICIPALITY};
	struct sf_transition_result result;
	SF_ASSERT(!sf_transition_step(transition, &event, &result));
	SF_ASSERT(result.outcome == SF_OUTCOME_APPLIED);
	/* What the coordinator asks after every step, to keep the timer. */
	enum sf_urgency urgency;
	SF_ASSERT(sf_transition_next_due_ms(transition, &urgency) > START_MS);
}

static size_t draw(uint64_t *chance, size_t bound)
{
	*chance = *chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (size_t)((*chance >> 33) % bound);
}

static double memory_cost_us(const struct terms *terms, size_t count, double *ret_size)
{
	struct sf_transition **transitions = calloc(count, sizeof(*transitions));
	SF_ASSERT(transitions);
	int64_t before = sf_bench_private_size(0);
	for (size_t i = 0; i < count; i++) {
		SF_ASSERT(!sf_transition_open(transition_id(i), &terms->book, &transitions[i]));
		for (size_t j = 0; j < OPENING; j++) {
			const struct sf_message message = event_of(terms, i, j);
			step(transitions[i], &message, j);
		}
	}
	*ret_size = (double)(sf_bench_private_size(0) - before) / (double)count;
	uint64_t chance = 1;
	int64_t begun_ns = sf_bench_cpu_ns(0);
	for (size_t i = 0; i < STEPS; i++) {
		size_t number = draw(&chance, count);
		size_t index = (size_t)sf_transition_sequence(transitions[number]);
		/* A small region's transitions would grow without end: only the first 24 count. */
		if (index >= 24) {
			sf_transition_close(&transitions[number]);
			SF_ASSERT(!sf_transition_open(
				transition_id(number), &terms->book, &transitions[number]));
			index = 0;
		}
		const struct sf_message message = event_of(terms, number, index);
		step(transitions[number], &message, index);
	}
	double cost_us = (double)(sf_bench_cpu_ns(0) - begun_ns) / 1000.0 / (double)STEPS;
	for (size_t i = 0; i < count; i++)
		sf_transition_close(&transitions[i]);
	free(transitions);
	return cost_us;
}

/* A cover with this message in its header; nobody looks at its signature here. */
static void write_cover(
	const struct sf_message *message, struct sf_buf *bytes, struct sf_buf *cover)
{
	static const uint8_t zeros[SF_SIGNATURE_SIZE];
	struct sf_header header = {.sent_ms = message->created_ms, .envelope_id = message->id};
	struct sf_buf text;
	sf_buf_init(&text, SF_HEADER_SIZE_MAX);
	sf_buf_clear(bytes);
	sf_buf_clear(cover);
	SF_ASSERT(!sf_message_encode(message, bytes));
	header.message_bytes = sf_buf_view(bytes);
	SF_ASSERT(!sf_header_encode(&header, &text));
	SF_ASSERT(!sf_envelope_write_header((struct sf_id){{5}}, 0, sf_buf_view(&text), cover));
	SF_ASSERT(!sf_buf_append(cover, sf_view_of(zeros, SF_DIGEST_SIZE)));
	SF_ASSERT(!sf_envelope_write_proof(
		0, 0, 1, sf_view_of(NULL, 0), sf_view_of(zeros, sizeof(zeros)), cover));
	sf_buf_fini(&text);
}

struct table {
	const struct sf_store *store;
	struct sf_buf bytes, cover;
	int64_t leaf_index;
	const struct terms *terms;
};

static void insert_event(struct table *table, const struct sf_message *message, size_t index)
{
	struct sf_diag diag;
	write_cover(message, &table->bytes, &table->cover);
	const struct sf_row_event row = {.leaf_index = table->leaf_index++,
		.transition = message->transition,
		.sequence = (int64_t)index + 1,
		.kind_class = SF_CLASS_FACT,
		.kind = (int64_t)message->fact.kind,
		.author = message->author,
		.message_id = message->id,
		.envelope_id = message->id,
		.recorded_ms = START_MS + (int64_t)index * SF_MINUTE_MS,
		.outcome = SF_OUTCOME_APPLIED,
		.leaf = sf_buf_view(&table->bytes),
		.cover = sf_buf_view(&table->cover),
		.receipt = sf_buf_view(&table->bytes),
		.receipt_path = sf_view_of(table->cover.data, 0),
		.receipt_signature = sf_view_of(table->cover.data, SF_SIGNATURE_SIZE)};
	SF_ASSERT(!table->store->insert(table->store->self, &sf_table_event, &row, &diag));
}

struct replay {
	struct sf_transition *transition;
	size_t count;
};

static bool replay_event(void *context, const void *row)
{
	struct replay *replay = context;
	const struct sf_row_event *event = row;
	struct sf_cover cover;
	struct sf_header header;
	SF_ASSERT(!sf_cover_parse(event->cover, &cover, NULL));
	SF_ASSERT(!sf_header_decode(cover.header, &header, NULL));
	step(replay->transition, &header.message, replay->count++);
	return true;
}

/* Reads and folds the transition, steps one more fact, writes its event. */
static void step_stored(struct table *table, size_t number)
{
	struct sf_diag diag;
	struct replay replay = {.count = 0};
	SF_ASSERT(!sf_transition_open(
		transition_id(number), &table->terms->book, &replay.transition));
	const struct sf_row_event key = {.transition = transition_id(number)};
	const struct sf_scan scan = {.table = &sf_table_event,
		.index = SF_EVENT_BY_SEQUENCE,
		.equal_count = 1,
		.from = &key};
	SF_ASSERT(!table->store->scan(table->store->self, &scan, replay_event, &replay, &diag));
	if (replay.count < 24) {
		const struct sf_message message = event_of(table->terms, number, replay.count);
		step(replay.transition, &message, replay.count);
		insert_event(table, &message, replay.count);
	}
	sf_transition_close(&replay.transition);
}

static void commit(struct table *table)
{
	struct sf_diag diag;
	SF_ASSERT(!table->store->commit(table->store->self, &diag));
	SF_ASSERT(!table->store->begin(table->store->self, &diag));
}

static double store_cost_us(const struct terms *terms, size_t count, const char *folder)
{
	char path[512];
	struct sf_diag diag = {""};
	snprintf(path, sizeof(path), "%s/bench-facts-%ld.db", folder, (long)getpid());
	const struct sf_sqlite_options options = {.path = path,
		.name = "coordinator",
		.tables = sf_coordinator_tables,
		.table_count = sf_coordinator_table_count};
	struct sf_sqlite *sqlite;
	SF_ASSERT(!sf_sqlite_open(&options, &sqlite, &diag));
	struct table table = {.store = sf_sqlite_port(sqlite), .terms = terms};
	sf_buf_init(&table.bytes, SF_HEADER_SIZE_MAX);
	sf_buf_init(&table.cover, SF_COVER_SIZE_MAX);
	SF_ASSERT(!table.store->begin(table.store->self, &diag));
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < OPENING; j++) {
			const struct sf_message message = event_of(terms, i, j);
			insert_event(&table, &message, j);
		}
		if (i % 1024 == 1023)
			commit(&table);
	}
	commit(&table);
	uint64_t chance = 1;
	int64_t begun_ns = sf_bench_cpu_ns(0);
	for (size_t i = 0; i < STORE_STEPS; i++) {
		step_stored(&table, draw(&chance, count));
		if (i % COMMIT_EVERY == COMMIT_EVERY - 1)
			commit(&table);
	}
	commit(&table);
	double cost_us = (double)(sf_bench_cpu_ns(0) - begun_ns) / 1000.0 / (double)STORE_STEPS;
	table.store->rollback(table.store->self);
	sf_sqlite_close(&sqlite);
	sf_buf_fini(&table.bytes);
	sf_buf_fini(&table.cover);
	static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
	for (size_t i = 0; i < SF_COUNT(ends); i++) {
		char file[600];
		snprintf(file, sizeof(file), "%s%s", path, ends[i]);
		remove(file);
	}
	return cost_us;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {{"folder", required_argument, NULL, 'f'},
		{"most", required_argument, NULL, 'm'},
		{"store-most", required_argument, NULL, 's'}, {0}};
	const char *folder = ".";
	size_t most = 1000000, store_most = 100000;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (option == 'f')
			folder = optarg;
		else if (option == 'm')
			most = (size_t)strtoull(optarg, NULL, 10);
		else if (option == 's')
			store_most = (size_t)strtoull(optarg, NULL, 10);
		else
			return 2;
	}
	struct terms *terms = calloc(1, sizeof(*terms));
	SF_ASSERT(terms);
	write_terms(terms);
	double first = 0;
	printf("open transitions   facts/s    us a fact   ratio   bytes a transition\n");
	for (size_t count = 1000; count <= most; count *= 10) {
		double size, cost = memory_cost_us(terms, count, &size);
		first = first > 0 ? first : cost;
		printf("%9zu memory %9.0f  %11.2f  %6.2f  %8.0f\n", count, 1e6 / cost, cost,
			cost / first, size);
		fflush(stdout);
	}
	first = 0;
	for (size_t count = 1000; count <= store_most; count *= 10) {
		double cost = store_cost_us(terms, count, folder);
		first = first > 0 ? first : cost;
		printf("%9zu SQLite %9.0f  %11.2f  %6.2f\n", count, 1e6 / cost, cost, cost / first);
		fflush(stdout);
	}
	free(terms);
	return 0;
}
