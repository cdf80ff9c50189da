/*
 * Power cuts while a log is written: append, checkpoint, cosign and erase, with the real engines
 * and SQLite on a disk that forgets what was not synced (unit/store/disk.h). What has left the
 * process is what a store must hold after the cut; an erasure is done or not done.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "coordinator/fsck.h"
#include "coordinator/tables.h"
#include "node/tables.h"
#include "sim/liar.h"
#include "store/sqlite.h"
#include "unit/node/region.h"
#include "unit/store/disk.h"

#define STEP_DEFAULT 7

/* One life of a machine whose disk fails. */
struct life {
	struct sf_sim_liar liar;        /* first: it hears everything, and changes nothing */
	struct region *region;          /* owned */
	struct sf_sim_machine *machine; /* borrowed */
	struct sf_sqlite *sqlite;       /* owned */
	struct sf_id transition;
};

/* liar.kept: the newest checkpoint that has left the coordinator. */
static bool hear_note(struct sf_sim_liar *liar, struct sf_frame *frame)
{
	if (frame->kind != SF_FRAME_CHECKPOINT)
		return true;
	sf_buf_clear(&liar->kept);
	assert_int_equal(sf_buf_append(&liar->kept, frame->log.note), SF_OK);
	return true;
}

/* liar.number: the largest size that the node has put its name under. */
static bool hear_cosign(struct sf_sim_liar *liar, struct sf_frame *frame)
{
	if (frame->kind == SF_FRAME_COSIGN && frame->log.size > liar->number)
		liar->number = frame->log.size;
	return true;
}

static enum sf_err open_disk(struct life *life)
{
	bool node = life->machine->kind == SF_SIM_NODE;
	const struct sf_sqlite_options options = {
		.path = "store.db",
		.name = node ? "node" : "coordinator",
		.tables = node ? sf_node_tables : sf_coordinator_tables,
		.table_count = node ? sf_node_table_count : sf_coordinator_table_count,
		.wal_pages = 12,
		.vfs = DISK_VFS,
	};
	struct sf_diag diag = {{0}};
	enum sf_err err = sf_sqlite_open(&options, &life->sqlite, &diag);
	life->machine->disk = err ? NULL : sf_sqlite_port(life->sqlite);
	return err;
}

struct copy {
	const struct sf_store *to;
	const struct sf_table *table;
};

static bool copy_row(void *context, const void *row)
{
	const struct copy *copy = context;
	assert_int_equal(copy->to->insert(copy->to->self, copy->table, row, NULL), SF_OK);
	return true;
}

/* The machine goes on from here on a disk that can fail. */
static void move_to_disk(struct life *life)
{
	struct sf_sim_machine *machine = life->machine;
	bool node = machine->kind == SF_SIM_NODE;
	const struct sf_table *const *tables = node ? sf_node_tables : sf_coordinator_tables;
	size_t count = node ? sf_node_table_count : sf_coordinator_table_count;
	sf_sim_power_off(machine);
	sf_memory_reopen(machine->memory);
	assert_int_equal(open_disk(life), SF_OK);
	const struct sf_store *from = sf_memory_port(machine->memory);
	assert_int_equal(machine->disk->begin(machine->disk->self, NULL), SF_OK);
	for (size_t i = 0; i < count; i++) {
		struct copy copy = {machine->disk, tables[i]};
		const struct sf_scan scan = {.table = tables[i]};
		assert_int_equal(from->scan(from->self, &scan, copy_row, &copy, NULL), SF_OK);
	}
	assert_int_equal(machine->disk->commit(machine->disk->self, NULL), SF_OK);
	sf_sim_power_on(machine);
	region_run(life->region, 5 * SF_SECOND_MS);
}

static void begin(struct life *life, enum sf_role role, uint64_t seed)
{
	void *region = NULL;
	assert_int_equal(region_open(&region), 0);
	*life = (struct life){.region = region};
	life->machine = sf_sim_machine(&life->region->world, role, 0);
	assert_int_equal(region_send(life->region, "STIN_H").answer, SF_SEND_STORED);
	region_run(life->region, 5 * SF_SECOND_MS);
	disk_init(seed);
	bool node = role != SF_ROLE_COORDINATOR;
	sf_sim_liar_open(&life->liar, &life->region->world, node ? life->machine : NULL);
	if (node)
		life->liar.hear = hear_cosign;
	else
		life->liar.say = hear_note;
	move_to_disk(life);
}

static void end(struct life *life)
{
	void *region = life->region;
	sf_sim_power_off(life->machine);
	life->machine->disk = NULL;
	sf_sqlite_close(&life->sqlite);
	sf_sim_liar_close(&life->liar);
	assert_int_equal(region_close(&region), 0);
	disk_fini();
}

/* What a machine finds when power is back; it is not started yet. */
static void restart_disk(struct life *life)
{
	sf_sim_power_off(life->machine);
	sf_sqlite_close(&life->sqlite);
	disk_restart();
	assert_int_equal(open_disk(life), SF_OK);
	struct sf_diag diag = {{0}};
	if (sf_sqlite_integrity(life->sqlite, &diag))
		fail_msg("%s", diag.text);
}

/* A request that may meet the end of the power. */
static void try_request(
	struct life *life, struct sf_sim_machine *machine, struct sf_request request)
{
	struct sf_reply reply = {.text = ""};
	sf_ignore(sf_sim_call(machine, &request, &life->region->arena, &reply));
}

static void try_erase(struct life *life, struct sf_sim_machine *machine)
{
	const struct sf_request request = {
		.kind = SF_REQUEST_ERASE, .erase = {life->transition, SF_GROUND_MISTAKE, false}};
	try_request(life, machine, request);
}

/* A letter is recorded, signed, cosigned and answered; then the transition is erased. */
static void work(struct life *life)
{
	struct sf_reply_sent sent = region_send(life->region, "SLHJ_H");
	life->transition = sent.transition;
	region_run(life->region, 4 * SF_SECOND_MS);
	try_erase(life, life->machine);
	region_run(life->region, 4 * SF_SECOND_MS);
}

struct erased {
	const struct life *life;
	size_t rows, covers;
};

static bool count_cover(void *context, const void *row)
{
	struct erased *erased = context;
	const struct sf_row_event *event = row;
	erased->rows++;
	erased->covers += event->cover.size > 0;
	return true;
}

/* How many lives were found with the erasure done, and how many without. */
struct seen {
	size_t done, undone;
};

/* All of its covers stand, and nobody says that it is erased; or none does, and it is said. */
static void check_erased(struct life *life, struct seen *seen)
{
	const struct sf_store *store = life->machine->disk;
	struct erased erased = {.life = life};
	const struct sf_row_event key = {.transition = life->transition, .sequence = 1};
	const struct sf_scan scan = {.table = &sf_table_event,
		.index = SF_EVENT_BY_SEQUENCE,
		.equal_count = 1,
		.from = &key};
	struct sf_row_erasure row = {.transition = life->transition};
	assert_int_equal(store->scan(store->self, &scan, count_cover, &erased, NULL), SF_OK);
	enum sf_err err = store->get(store->self, &sf_table_erasure, 0, &row, NULL);
	assert_true(err == SF_OK || err == SF_ERR_NOT_FOUND);
	assert_true(erased.rows > 2);
	assert_int_equal(erased.covers, err ? erased.rows : 0);
	seen->done += !err;
	seen->undone += err != SF_OK;
}

static bool count_event(void *context, const void *row)
{
	const struct sf_node_row_event *event = row;
	struct erased *erased = context;
	erased->rows += sf_id_equal(event->transition, erased->life->transition);
	return true;
}

static bool count_letter(void *context, const void *row)
{
	const struct sf_node_row_inbox *inbox = row;
	struct erased *erased = context;
	erased->covers +=
		sf_id_equal(inbox->transition, erased->life->transition) && inbox->body.size > 0;
	return true;
}

/* A party's own copy: events and letters stand, and nobody says that they are erased; or none. */
static void check_own_erased(struct life *life, struct seen *seen)
{
	const struct sf_store *store = life->machine->disk;
	struct erased erased = {.life = life};
	const struct sf_scan events = {.table = &sf_node_table_event};
	const struct sf_scan letters = {.table = &sf_node_table_inbox};
	assert_int_equal(store->scan(store->self, &events, count_event, &erased, NULL), SF_OK);
	assert_int_equal(store->scan(store->self, &letters, count_letter, &erased, NULL), SF_OK);
	struct sf_node_row_erasure row = {.transition = life->transition};
	enum sf_err err = store->get(store->self, &sf_node_table_erasure, 0, &row, NULL);
	assert_true(err == SF_OK || err == SF_ERR_NOT_FOUND);
	bool done = !err && row.done_ms != 0;
	assert_int_equal(erased.rows > 0, !done);
	assert_int_equal(erased.covers > 0, !done);
	seen->done += done;
	seen->undone += !done;
}

static void show_fault(void *context, const struct sf_fsck_fault *fault)
{
	(void)context;
	print_error("%s: %s: %s\n", fault->where, sf_fsck_what(fault->kind), fault->detail);
}

static const struct sf_zone *find_zone(void *self, const char *name)
{
	(void)name;
	return sf_sim_zone(self);
}

/* The log is whole, and goes on from every checkpoint that anybody has seen. */
static void check_log(struct life *life)
{
	const struct sf_fsck_options options = {.crypto = life->liar.crypto,
		.env = {.self = &life->region->world, .zone = find_zone},
		.store = life->machine->disk,
		.registrars = &life->region->world.registrars,
		.against = sf_buf_view(&life->liar.kept),
		.found = show_fault};
	struct sf_fsck_report report;
	struct sf_diag diag = {{0}};
	if (sf_fsck_run(&options, &report, &diag))
		fail_msg("%s", diag.text);
	assert_int_equal(report.faults, 0);
	assert_int_equal(report.verdict, SF_FSCK_HOLDS);
	sf_fsck_report_fini(&report);
}

/* What a witness has signed stands on its disk, marked as signed. */
static void check_cosigned(struct life *life)
{
	if (life->liar.number == 0)
		return;
	const struct sf_store *store = life->machine->disk;
	struct sf_node_row_checkpoint row = {.epoch = 1, .size = (int64_t)life->liar.number};
	assert_int_equal(store->get(store->self, &sf_node_table_checkpoint, 0, &row, NULL), SF_OK);
	assert_true(row.cosigned);
}

/* After the power is back everything that was begun comes to its end, and nobody complains. */
static void go_on(struct life *life)
{
	struct region *region = life->region;
	sf_sim_power_on(life->machine);
	region_run(region, 2 * SF_MINUTE_MS);
	for (size_t i = 1; i < region->world.machine_count; i++) {
		struct sf_sim_machine *node = &region->world.machines[i];
		const struct sf_store *store =
			node->disk ? node->disk : sf_memory_port(node->memory);
		struct sf_node_row_contradiction row = {.position = 1};
		assert_int_equal(
			store->get(store->self, &sf_node_table_contradiction, 0, &row, NULL),
			SF_ERR_NOT_FOUND);
	}
}

/* True when power went at that point. */
static bool cut_coordinator(size_t point, struct seen *seen)
{
	struct life life;
	begin(&life, SF_ROLE_COORDINATOR, point);
	disk_arm(DISK_FAULT_CUT, point);
	work(&life);
	bool struck = disk_has_struck();
	restart_disk(&life);
	check_log(&life);
	check_erased(&life, seen);
	go_on(&life);
	try_erase(&life, life.machine);
	region_run(life.region, 10 * SF_SECOND_MS);
	check_log(&life);
	struct seen at_end = {0};
	check_erased(&life, &at_end);
	assert_int_equal(at_end.done, 1);
	end(&life);
	return struck;
}

static bool cut_node(size_t point, struct seen *seen)
{
	struct life life;
	begin(&life, SF_ROLE_MUNICIPALITY, point);
	disk_arm(DISK_FAULT_CUT, point);
	work(&life);
	bool struck = disk_has_struck();
	restart_disk(&life);
	check_cosigned(&life);
	check_own_erased(&life, seen);
	go_on(&life);
	check_cosigned(&life);
	assert_true(life.liar.number > 0);
	try_erase(&life, life.machine);
	struct seen at_end = {0};
	check_own_erased(&life, &at_end);
	assert_int_equal(at_end.done, 1);
	end(&life);
	return struck;
}

/* SF_CRASH_STEP: 1 cuts at every point. */
static size_t step(void)
{
	const char *text = getenv("SF_CRASH_STEP");
	size_t wanted = text ? strtoul(text, NULL, 10) : STEP_DEFAULT;
	return wanted > 0 ? wanted : STEP_DEFAULT;
}

static void cut_everywhere(bool (*cut)(size_t point, struct seen *seen), const char *whose)
{
	struct seen seen = {0};
	size_t point = 1, lives = 0;
	for (; cut(point, &seen); point += step())
		lives++;
	print_message("seed 7, %s: %zu power cuts before point %zu, erased %zu times, not %zu\n",
		whose, lives, point, seen.done, seen.undone);
	assert_true(seen.done > 1 && seen.undone > 1);
}

static void test_coordinator_never_goes_behind_what_it_has_shown(void **state)
{
	(void)state;
	cut_everywhere(cut_coordinator, "coordinator");
}

static void test_witness_has_on_disk_what_it_has_signed(void **state)
{
	(void)state;
	cut_everywhere(cut_node, "municipality");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_coordinator_never_goes_behind_what_it_has_shown),
		cmocka_unit_test(test_witness_has_on_disk_what_it_has_signed),
	};
	return cmocka_run_group_tests_name("sim/crash", tests, NULL, NULL);
}
