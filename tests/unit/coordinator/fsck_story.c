#include "unit/coordinator/fsck_story.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/time.h"
#include "coordinator/state.h"

#define LETTERS 262 /* more leaves than a tile has */

const struct sf_store *fsck_store(const struct desk *desk)
{
	return sf_memory_port(desk->coordinator->memory);
}

struct sf_row_event fsck_event_of(struct desk *desk, int64_t sequence)
{
	const struct sf_store *store = fsck_store(desk);
	struct sf_row_event row = {.transition = desk->transition, .sequence = sequence};
	assert_int_equal(
		store->get(store->self, &sf_table_event, SF_EVENT_BY_SEQUENCE, &row, NULL), SF_OK);
	assert_int_equal(sf_coordinator_keep_event(desk->coordinator->coordinator, &row), SF_OK);
	return row;
}

void fsck_put(struct desk *desk, const struct sf_table *table, const void *row)
{
	const struct sf_store *store = fsck_store(desk);
	assert_int_equal(store->replace(store->self, table, row, NULL), SF_OK);
}

void fsck_drop(struct desk *desk, const struct sf_table *table, const void *row)
{
	const struct sf_store *store = fsck_store(desk);
	assert_int_equal(store->remove(store->self, table, row, NULL), SF_OK);
}

void fsck_get(struct desk *desk, const struct sf_table *table, void *row)
{
	const struct sf_store *store = fsck_store(desk);
	assert_int_equal(store->get(store->self, table, 0, row, NULL), SF_OK);
}

struct sf_view fsck_flip_last(struct desk *desk, struct sf_view bytes)
{
	struct sf_view copy = sf_arena_copy(&desk->arena, bytes);
	assert_true(copy.size > 0);
	((uint8_t *)copy.data)[copy.size - 1] ^= 1;
	return copy;
}

void fsck_keep_fault(void *context, const struct sf_fsck_fault *fault)
{
	struct fsck_findings *findings = context;
	findings->counts[fault->kind]++;
	char *detail = findings->details[fault->kind];
	if (!detail[0])
		snprintf(detail, sizeof(findings->details[0]), "%s: %s", fault->where,
			fault->detail);
	if (!findings->first[0])
		snprintf(findings->first, sizeof(findings->first), "%s: %s: %s",
			sf_fsck_word(fault->kind), fault->where, fault->detail);
}

struct sf_fsck_report fsck_check_against(
	struct desk *desk, struct sf_view note, struct fsck_findings *findings)
{
	const struct sf_fsck_options options = {.crypto = desk_crypto(desk->coordinator),
		.env = desk->coordinator->turn.env,
		.store = fsck_store(desk),
		.registrars = &desk->coordinator->coordinator->options.registrars,
		.against = note,
		.found = fsck_keep_fault,
		.context = findings};
	struct sf_fsck_report report;
	struct sf_diag diag = {""};
	*findings = (struct fsck_findings){.first = ""};
	enum sf_err err = sf_fsck_run(&options, &report, &diag);
	assert_string_equal(diag.text, "");
	assert_int_equal(err, SF_OK);
	return report;
}

struct fsck_findings fsck_check(struct desk *desk)
{
	struct fsck_findings findings;
	struct sf_fsck_report report = fsck_check_against(desk, sf_view_of(NULL, 0), &findings);
	size_t count = 0;
	for (size_t i = 0; i < SF_FSCK_KIND_COUNT; i++)
		count += findings.counts[i];
	assert_int_equal(report.faults, count);
	sf_fsck_report_fini(&report);
	return findings;
}

static void cosign(struct desk *desk, const struct sf_sim_machine *witness)
{
	const struct sf_crypto crypto = desk_crypto(witness);
	const struct sf_coordinator_log *log = &desk->coordinator->coordinator->log;
	struct sf_note *note = calloc(1, sizeof(*note));
	struct sf_note_key key;
	char name[SF_WITNESS_NAME_SIZE];
	struct sf_buf line;
	sf_buf_init(&line, SF_NOTE_LINE_SIZE);
	assert_non_null(note);
	assert_int_equal(sf_note_parse(sf_buf_view(&log->note), note, NULL), SF_OK);
	sf_witness_name(witness->party, name);
	assert_int_equal(sf_note_key_make(&crypto, name, SF_NOTE_KEY_COSIGNATURE,
				 witness->witness_key, &key),
		SF_OK);
	assert_int_equal(
		sf_note_sign(&crypto, witness->witness_key_id, &key, note->text, 1795000000, &line),
		SF_OK);
	const struct sf_frame frame = {.kind = SF_FRAME_COSIGN,
		.log = {.epoch = 1, .size = log->size, .line = sf_buf_view(&line)}};
	desk_say(desk, witness, &frame);
	desk_turn(desk);
	sf_buf_fini(&line);
	free(note);
}

int fsck_open_short_story(void **state)
{
	if (desk_open(state))
		return -1;
	struct desk *desk = *state;
	desk_hello(desk, desk->hospital);
	desk_hello(desk, desk->municipality);
	struct desk_letter parties = desk_parties(desk, false);
	desk_record(desk, &parties);
	struct desk_letter admission = desk_admission(desk);
	desk_record(desk, &admission);
	struct desk_letter answer = desk_answer(desk, desk->municipality, &admission, SF_ACK_OK);
	desk_record(desk, &answer);
	struct desk_letter request = desk_letter(desk, desk->hospital, SF_KIND_OBLIGATION);
	request.message.fact.obligation = (struct sf_obligation_fact){.action = SF_TASK_REQUEST,
		.duty = SF_DUTY_HOME_CARE,
		.owner = SF_ROLE_MUNICIPALITY,
		.due_ms = desk->world.now_ms + SF_DAY_MS};
	desk_record(desk, &request);
	struct desk_letter again = desk_again(desk, &admission);
	desk_record(desk, &again);
	desk_sign(desk);
	cosign(desk, desk->hospital);
	return 0;
}

int fsck_open_story(void **state)
{
	if (fsck_open_short_story(state))
		return -1;
	struct desk *desk = *state;
	for (int i = 0; i < LETTERS; i++) {
		struct desk_letter letter = desk_letter(desk, desk->hospital, 4000);
		letter.message.transition = (struct sf_id){{0}};
		desk_record(desk, &letter);
	}
	desk_sign(desk);
	return 0;
}
