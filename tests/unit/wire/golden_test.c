/*
 * Golden forms (tests/golden/forms.json): every fact, an agreement with every clause, an epoch and
 * frames.
 * An independent reader has the same values of its own and must make the same bytes.
 *
 *	unit_wire_golden                 compares what is made now with the committed file
 *	unit_wire_golden --write-golden  writes it anew: only when the format changes on purpose
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "unit/wire/golden_forms.h"
#include "unit/wire/raw.h"
#include "wire/epoch.h"
#include "wire/fact.h"
#include "wire/header.h"
#include "wire/record.h"

#define PATH SF_TESTS_DIR "/golden/forms.json"

static bool writing;

static void put(json_t *object, const char *name, json_t *value)
{
	assert_non_null(value);
	assert_int_equal(json_object_set_new(object, name, value), 0);
}

static void put_hex(json_t *object, const char *name, struct sf_view bytes)
{
	char *text = malloc(2 * bytes.size + 1);
	assert_non_null(text);
	sf_hex_encode(bytes, text);
	put(object, name, json_string(text));
	free(text);
}

static void append(json_t *list, json_t *value)
{
	assert_int_equal(json_array_append_new(list, value), 0);
}

static json_t *describe_facts(const struct golden_fact *facts, size_t count, enum sf_err expected)
{
	json_t *list = json_array();
	for (size_t i = 0; i < count; i++) {
		struct sf_buf buf;
		struct sf_fact back;
		sf_buf_init(&buf, SF_HEADER_SIZE_MAX);
		assert_int_equal(sf_fact_encode(&facts[i].fact, &buf), SF_OK);
		if (sf_fact_decode(facts[i].fact.kind, sf_buf_view(&buf), &back, NULL) != expected)
			fail_msg("%s", facts[i].name);
		json_t *object = json_object();
		put(object, "name", json_string(facts[i].name));
		put(object, "kind", json_integer(facts[i].fact.kind));
		put_hex(object, "fact", sf_buf_view(&buf));
		append(list, object);
		sf_buf_fini(&buf);
	}
	return list;
}

/* What no golden envelope has: without a transition, by the coordinator, with an attachment. */
static json_t *describe_messages(void)
{
	struct sf_message messages[] = {
		{.fact = {.kind = SF_KIND_AGREEMENT_PROPOSE,
			 .agreement = {.agreement = raw_digest(0xa1)}}},
		{.transition = raw_id(2),
			.fact = {.kind = SF_KIND_CLOSED, .derived = {.due_ms = 1}}},
		{.transition = raw_id(2),
			.recipient_count = 1,
			.recipients = {raw_id(4)},
			.fact = {.kind = SF_KIND_LETTER,
				.letter = {SF_LETTER_CORRESPONDENCE, SF_MARK_NONE}},
			.body_commitment = raw_digest(0xb4),
			.attachment_count = 1,
			.attachments = {{raw_digest(0xb5), 5137}}},
	};
	json_t *list = json_array();
	for (size_t i = 0; i < SF_COUNT(messages); i++) {
		struct sf_message *message = &messages[i];
		struct sf_message back;
		struct sf_buf buf;
		sf_buf_init(&buf, SF_HEADER_SIZE_MAX);
		message->format = 1;
		message->id = raw_id(20);
		message->author = raw_id(1);
		message->author_sequence = 3;
		message->created_ms = message->occurred_ms = 1772438400000;
		assert_int_equal(sf_message_encode(message, &buf), SF_OK);
		assert_int_equal(sf_message_decode(sf_buf_view(&buf), &back, NULL), SF_OK);
		json_t *object = json_object();
		put(object, "name", json_string(sf_kind_text(message->fact.kind)));
		put_hex(object, "message", sf_buf_view(&buf));
		append(list, object);
		sf_buf_fini(&buf);
	}
	return list;
}

static void add_frame(json_t *list, const char *name, const struct sf_frame *frame)
{
	struct sf_arena arena;
	struct sf_buf buf;
	struct sf_frame back;
	sf_arena_init(&arena, 1048576);
	sf_buf_init(&buf, 65536);
	assert_int_equal(sf_frame_encode(frame, &buf), SF_OK);
	assert_int_equal(sf_frame_decode(sf_buf_view(&buf), &arena, &back, NULL), SF_OK);
	json_t *object = json_object();
	put(object, "name", json_string(name));
	put_hex(object, "frame", sf_buf_view(&buf));
	append(list, object);
	sf_buf_fini(&buf);
	sf_arena_fini(&arena);
}

static json_t *describe_frames(void)
{
	static uint8_t signature[64] = {7};
	static uint8_t path[32] = {8};
	const struct sf_view texts[] = {sf_view_text("an agreement")};
	const struct sf_item statement = {.cover = sf_view_text("a cover"),
		.receipt = {.receipt = sf_view_text("a receipt"),
			.index = 1,
			.count = 2,
			.path = sf_view_of(path, sizeof(path)),
			.signature = sf_view_of(signature, sizeof(signature))}};
	const struct sf_reconcile_row rows[] = {
		{raw_id(2), 25, raw_digest(0xb1)}, {raw_id(3), 1, raw_digest(0xb2)}};
	json_t *list = json_array();
	struct sf_frame frame = {.kind = SF_FRAME_AGREEMENTS,
		.count = 1,
		.records = texts,
		.statement_count = 1,
		.statements = &statement};
	add_frame(list, "agreements", &frame);
	frame = (struct sf_frame){.kind = SF_FRAME_RECONCILE,
		.reconcile_digest = raw_digest(0xb3),
		.reconcile_count = 2,
		.want_rows = true};
	add_frame(list, "reconcile-asks", &frame);
	frame.want_rows = false;
	frame.count = 2;
	frame.reconcile_rows = rows;
	add_frame(list, "reconcile-rows", &frame);
	const struct sf_view epochs[] = {
		sf_view_text("the second epoch"), sf_view_text("the third")};
	frame = (struct sf_frame){.kind = SF_FRAME_HELLO,
		.hello = {.version = 1,
			.software = "golden",
			.origin = "golden.example/log/region/3",
			.epoch = 3,
			.coordinator = raw_id(4),
			.now_ms = 1772438400000,
			.epoch_count = SF_COUNT(epochs),
			.epochs = epochs}};
	add_frame(list, "hello-after-lost-tails", &frame);
	frame = (struct sf_frame){.kind = SF_FRAME_CHUNK,
		.chunk = {.author = raw_id(1),
			.message_id = raw_id(20),
			.number = 1,
			.index = 3,
			.bytes = sf_view_text("a sealed chunk")}};
	add_frame(list, "chunk", &frame);
	frame.kind = SF_FRAME_CHUNKS;
	frame.chunk.bytes = sf_view_of(NULL, 0);
	frame.chunk.code = SF_CHUNK_QUOTA;
	add_frame(list, "chunks", &frame);
	return list;
}

static void put_agreement(json_t *object)
{
	struct sf_agreement *agreement = calloc(2, sizeof(*agreement));
	assert_non_null(agreement);
	struct sf_buf buf;
	sf_buf_init(&buf, SF_AGREEMENT_SIZE_MAX);
	golden_agreement(agreement);
	assert_int_equal(sf_agreement_encode(agreement, &buf), SF_OK);
	assert_int_equal(sf_agreement_decode(sf_buf_view(&buf), &agreement[1], NULL), SF_OK);
	assert_memory_equal(&agreement[1], agreement, sizeof(*agreement));
	put_hex(object, "agreement", sf_buf_view(&buf));
	sf_buf_fini(&buf);
	free(agreement);
}

static void put_epoch(json_t *object)
{
	struct sf_epoch epoch = {.old_origin = sf_view_text("golden.example/log/region/2"),
		.old_note = sf_view_text("a note\n"),
		.common_size = 300,
		.origin = sf_view_text("golden.example/log/region/3"),
		.directory_version = 7,
		.directory_head = raw_digest(0xc2),
		.made_ms = 1772438400000};
	memset(epoch.log_key, 0xc1, sizeof(epoch.log_key));
	struct sf_epoch back;
	struct sf_buf buf;
	sf_buf_init(&buf, SF_EPOCH_SIZE_MAX);
	assert_int_equal(sf_epoch_encode(&epoch, &buf), SF_OK);
	assert_int_equal(sf_epoch_decode(sf_buf_view(&buf), &back, NULL), SF_OK);
	put_hex(object, "epoch", sf_buf_view(&buf));
	sf_buf_fini(&buf);
}

static void keep(const char *text)
{
	FILE *file = fopen(PATH, writing ? "wb" : "rb");
	if (!file)
		fail_msg("%s is not there", PATH);
	size_t size = strlen(text);
	if (writing) {
		assert_int_equal(fwrite(text, 1, size, file), size);
		assert_int_equal(fclose(file), 0);
		return;
	}
	char *committed = calloc(1, 2 * size + 1);
	assert_non_null(committed);
	size_t got = fread(committed, 1, 2 * size, file);
	fclose(file);
	if (got != size || memcmp(committed, text, size) != 0)
		fail_msg("%s is not what this version makes", PATH);
	free(committed);
}

static void test_golden_forms_are_what_this_version_makes(void **state)
{
	(void)state;
	static struct golden_fact facts[GOLDEN_FACTS_MAX];
	json_t *object = json_object();
	put(object, "about",
		json_string(
			"Facts, an agreement, an epoch and frames of proto/ with fixed values. See "
			"README.md."));
	put(object, "facts", describe_facts(facts, golden_facts(facts), SF_OK));
	put(object, "wrong_facts", describe_facts(facts, golden_wrong_facts(facts), SF_ERR_FORMAT));
	put(object, "messages", describe_messages());
	put(object, "frames", describe_frames());
	put_agreement(object);
	put_epoch(object);
	char *text = json_dumps(object, JSON_INDENT(1));
	assert_non_null(text);
	keep(text);
	free(text);
	json_decref(object);
}

static void test_every_kind_that_is_read_has_a_golden_form(void **state)
{
	(void)state;
	static struct golden_fact facts[GOLDEN_FACTS_MAX];
	size_t count = golden_facts(facts);
	for (uint32_t kind = 1; kind < 100; kind++) {
		bool found = false;
		for (size_t i = 0; i < count; i++)
			found = found || facts[i].fact.kind == kind;
		assert_int_equal(found, sf_kind_is_read(kind));
	}
}

int main(int argc, char **argv)
{
	writing = argc == 2 && strcmp(argv[1], "--write-golden") == 0;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden_forms_are_what_this_version_makes),
		cmocka_unit_test(test_every_kind_that_is_read_has_a_golden_form),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
