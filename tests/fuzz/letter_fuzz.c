/*
 * Letters that are sent in a transition. The first byte chooses whether this machine knows the time
 * zone; the rest is XML of MedCom's letters before FHIR. FHIR has targets of its own.
 */
#include "fuzz/fuzz.h"

#include <stdbool.h>
#include <string.h>

#include "base/limits.h"
#include "core/identifier.h"
#include "format/format.h"

static const struct sf_zone_change changes[] = {{1774746000000, 7200}, {1792890000000, 3600}};
static const struct sf_zone zone = {.first_offset_s = 3600, .change_count = 2, .changes = changes};

static void check_interval(const struct sf_interval *interval)
{
	SF_ASSERT(interval->from_ms <= interval->until_ms);
	SF_ASSERT((interval->from_ms == 0) == (interval->until_ms == 0));
}

static void check(const struct sf_letter_document *letter)
{
	bool plan = letter->code == SF_LETTER_CARE_PLAN;
	bool ready = letter->code == SF_LETTER_READINESS;
	SF_ASSERT(letter->cpr[0] == '\0' || sf_cpr_is_valid(sf_view_text(letter->cpr)));
	SF_ASSERT(strlen(letter->letter_id) <= 128 && strlen(letter->episode_id) <= 128);
	SF_ASSERT(plan || !letter->has_plan);
	SF_ASSERT(ready || !letter->has_ready);
	SF_ASSERT(plan || ready || !letter->has_agree);
	check_interval(&letter->plan.ready);
	check_interval(&letter->plan.discharge);
	SF_ASSERT(!letter->has_ready || letter->ready.ready_ms > 0);
	SF_ASSERT(!letter->has_agree || letter->agree.discharge_ms > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	if (size == 0)
		return 0;
	struct sf_format format;
	struct sf_arena arena;
	struct sf_letter_document letter;
	struct sf_diag diag = {{0}};
	sf_format_port(&format);
	sf_arena_init(&arena, SF_CLINICAL_SIZE_MAX);
	bool zoned = bytes[0] != '-';
	enum sf_err err = format.read_letter(NULL, SF_CONTENT_XML, sf_view_of(bytes + 1, size - 1),
		zoned ? &zone : NULL, &arena, &letter, &diag);
	if (!err)
		check(&letter);
	else
		SF_ASSERT(diag.text[0] != '\0');
	SF_ASSERT(!zoned || err != SF_ERR_CONFIG);
	sf_arena_fini(&arena);
	return 0;
}
