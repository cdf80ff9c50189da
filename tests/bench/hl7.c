/*
 * What an ADT message costs a hospital's node before it is a letter: its frame, reading it, the
 * notification that is made of it, and reading that again as every letter is read. Beside each the
 * bare hash (BLAKE2b) of the same bytes, in the same run.
 *
 *   bench_hl7
 *
 * CPU microseconds, medians.
 */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "bench/measure.h"
#include "bridge/mllp.h"
#include "crypto/port.h"
#include "format/format.h"

#define ROUND ((size_t)256)

/* An ordinary one of 0.5 kB; larger ones have notes behind it that nobody asks for. */
static const char message_head[] =
	"MSH|^~\\&|EPJ|AUH|STAFET||20261120130000+0100||ADT^A01^ADT_A01|M1|P|2.5||||||UNICODE "
	"UTF-8\r"
	"EVN||20261120125500+0100||||20261120125000+0100\r"
	"PID|||77^^^LOK~6109450018^^^CPR&1.2.208.176.1.2&ISO^NNDNK||Birkemose^Asta||||||"
	"Vej 1^^By^^8000^^^^990031000016002\r"
	"PV1||I|B12^1^1^AUH||||||||||||||||V1^^^AUH|||||||||||||||||||||||||20261120120000+0100\r";
static const char note[] = "NTE|1||Something that a laboratory or a ward has written down here\r";

struct bench {
	struct sf_format format;
	struct sf_crypto crypto;
	struct sf_buf message, frame, notification;
	struct sf_arena arena;
	struct sf_adt adt;
};

static void read_adt(void *context, size_t count)
{
	struct bench *bench = context;
	for (size_t i = 0; i < count; i++) {
		struct sf_issues issues = {0};
		sf_arena_clear(&bench->arena);
		SF_ASSERT(!bench->format.read_adt(NULL, sf_buf_view(&bench->message), NULL,
			&bench->arena, &bench->adt, &issues, NULL));
	}
}

static void read_frame(void *context, size_t count)
{
	struct bench *bench = context;
	struct sf_mllp mllp;
	sf_mllp_init(&mllp, SF_CLINICAL_SIZE_MAX);
	for (size_t i = 0; i < count; i++) {
		size_t used;
		SF_ASSERT(
			sf_mllp_feed(&mllp, sf_buf_view(&bench->frame), &used) == SF_MLLP_MESSAGE);
	}
	sf_mllp_fini(&mllp);
}

static void hash(struct bench *bench, struct sf_view bytes, size_t count)
{
	struct sf_digest digest;
	for (size_t i = 0; i < count; i++)
		bench->crypto.hash(bench->crypto.self, sf_view_of(NULL, 0), &bytes, 1, &digest);
}

static void hash_message(void *context, size_t count)
{
	struct bench *bench = context;
	hash(bench, sf_buf_view(&bench->message), count);
}

static void hash_notification(void *context, size_t count)
{
	struct bench *bench = context;
	hash(bench, sf_buf_view(&bench->notification), count);
}

static void write_notification(void *context, size_t count)
{
	static const struct sf_organization hospital = {
		"990011000016008", "5790999000017", "Nordby Sygehus"};
	static const struct sf_organization town = {
		"990031000016002", "5790999000031", "Nordby Kommune"};
	struct bench *bench = context;
	const struct sf_adt *adt = &bench->adt;
	const struct sf_notification_step step = {.letter = {{1}},
		.stay = {SF_ACTIVITY_ADMIT_INPATIENT, SF_MODE_NEW, SF_STAY_CLASS_INPATIENT,
			adt->event_ms, true},
		.current = SF_ACTIVITY_ADMIT_INPATIENT,
		.occurred_ms = adt->occurred_ms,
		.recorded_ms = adt->recorded_ms};
	const struct sf_notification_request request = {.sender = &hospital,
		.receiver = &town,
		.cpr = adt->cpr,
		.family = adt->family,
		.given = adt->given,
		.department = adt->department,
		.episode = {{2}},
		.admitted_ms = adt->admitted_ms,
		.step_count = 1,
		.steps = &step};
	for (size_t i = 0; i < count; i++) {
		sf_buf_clear(&bench->notification);
		SF_ASSERT(!bench->format.write_notification(
			NULL, &request, &bench->notification, NULL));
	}
}

static void read_notification(void *context, size_t count)
{
	struct bench *bench = context;
	struct sf_arena arena;
	sf_arena_init(&arena, SF_CLINICAL_SIZE_MAX);
	for (size_t i = 0; i < count; i++) {
		struct sf_document document;
		struct sf_issues issues;
		sf_arena_clear(&arena);
		SF_ASSERT(!bench->format.read(NULL, SF_CONTENT_FHIR_JSON,
			sf_buf_view(&bench->notification), &arena, &document, &issues, NULL));
	}
	sf_arena_fini(&arena);
}

static double cost_of(struct bench *bench, void (*round)(void *context, size_t count))
{
	const struct sf_bench_work work = {bench, NULL, round};
	return sf_bench_cost_us(&work, ROUND);
}

static void print_line(const char *what, size_t size, double cost_us, double hash_us)
{
	double kilobytes = (double)size / 1000;
	printf("%-22s %7zu bytes %9.2f us %9.2f us/kB %8.1f x the hash\n", what, size, cost_us,
		cost_us / kilobytes, cost_us / hash_us);
}

static void measure(struct bench *bench, size_t size)
{
	sf_buf_clear(&bench->message);
	sf_buf_clear(&bench->frame);
	SF_ASSERT(!sf_buf_append_text(&bench->message, message_head));
	while (bench->message.size < size)
		SF_ASSERT(!sf_buf_append_text(&bench->message, note));
	SF_ASSERT(!sf_mllp_frame(sf_buf_view(&bench->message), &bench->frame));
	double hash_us = cost_of(bench, hash_message);
	size = bench->message.size;
	print_line("frame", size, cost_of(bench, read_frame), hash_us);
	print_line("ADT", size, cost_of(bench, read_adt), hash_us);
}

int main(void)
{
	static struct bench bench;
	sf_format_port(&bench.format);
	sf_crypto_port(NULL, &bench.crypto);
	sf_buf_init(&bench.message, SF_CLINICAL_SIZE_MAX);
	sf_buf_init(&bench.frame, SF_CLINICAL_SIZE_MAX);
	sf_buf_init(&bench.notification, SF_CLINICAL_SIZE_MAX);
	sf_arena_init(&bench.arena, 16 * SF_CLINICAL_SIZE_MAX);
	static const size_t sizes[] = {0, 4000, 32000};
	for (size_t i = 0; i < SF_COUNT(sizes); i++)
		measure(&bench, sizes[i]);
	double write_us = cost_of(&bench, write_notification);
	double hash_us = cost_of(&bench, hash_notification);
	print_line("notification written", bench.notification.size, write_us, hash_us);
	print_line("notification read", bench.notification.size, cost_of(&bench, read_notification),
		hash_us);
	sf_buf_fini(&bench.message);
	sf_buf_fini(&bench.frame);
	sf_buf_fini(&bench.notification);
	sf_arena_fini(&bench.arena);
	return 0;
}
