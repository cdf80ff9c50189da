#include "format/provenance.h"

#include <string.h>

#include "base/time.h"
#include "format/letter.h"

#define SHORT_SIZE_MAX ((size_t)128) /* twice a FHIR id: also "[location]#[letter]" */

static int64_t time_or_zero(const struct sf_element *parent, const char *name)
{
	int64_t time_ms = 0;
	if (sf_time_parse(sf_view_text(sf_element_text(parent, name)), &time_ms) != SF_OK)
		return 0;
	return time_ms;
}

/* The entity that names the letter before: revision (reply, correction) or removal (cancellation).
 */
static const struct sf_element *predecessor_entity(const struct sf_element *provenance)
{
	struct sf_element_items items = sf_element_items(provenance, "entity");
	for (const struct sf_element *entity; (entity = sf_element_next(&items));) {
		const char *role = sf_element_text(entity, "role");
		if (strcmp(role, "revision") == 0 || strcmp(role, "removal") == 0)
			return entity;
	}
	return NULL;
}

/* what.reference, or what.identifier for a predecessor in an older format. */
static struct sf_view predecessor_id(const struct sf_element *entity)
{
	const struct sf_element *what = sf_element_one(entity, "what");
	const char *reference = sf_element_text(what, "reference");
	if (reference[0] != '\0')
		return sf_reference_id(reference, "MessageHeader");
	return sf_view_text(sf_element_text(sf_element_one(what, "identifier"), "value"));
}

/* A code or id that is longer than any real one reads as absent: it would only travel on. */
static const char *keep_short(struct sf_reading *reading, struct sf_view text)
{
	return text.size <= SHORT_SIZE_MAX ? sf_reading_keep_view(reading, text) : "";
}

static struct sf_provenance read_one(
	struct sf_reading *reading, const struct sf_element *provenance)
{
	const struct sf_element *entity = predecessor_entity(provenance);
	const struct sf_element *activity = sf_element_one(provenance, "activity");
	const struct sf_element *target = sf_element_first(provenance, "target");
	return (struct sf_provenance){
		.target = keep_short(reading,
			sf_reference_id(sf_element_text(target, "reference"), "MessageHeader")),
		.predecessor = keep_short(reading, predecessor_id(entity)),
		.role = keep_short(reading, sf_view_text(sf_element_text(entity, "role"))),
		.activity = keep_short(reading,
			sf_view_text(
				sf_element_text(sf_element_first(activity, "coding"), "code"))),
		.occurred_ms = time_or_zero(provenance, "occurredDateTime"),
		.recorded_ms = time_or_zero(provenance, "recorded"),
	};
}

static bool targets_header(const struct sf_bundle *bundle, const struct sf_element *provenance)
{
	struct sf_element_items items = sf_element_items(provenance, "target");
	for (const struct sf_element *target; (target = sf_element_next(&items));) {
		const struct sf_bundle_entry *entry = sf_bundle_resolve(bundle, target);
		if (entry && entry->resource == bundle->header)
			return true;
	}
	return false;
}

/* Where several claim to be the message's own, the one recorded last is: the others are copies. */
static const struct sf_element *find_own(const struct sf_bundle *bundle)
{
	const struct sf_element *own = NULL;
	int64_t own_ms = 0;
	for (size_t i = 0; i < bundle->entry_count; i++) {
		const struct sf_bundle_entry *entry = &bundle->entries[i];
		if (strcmp(entry->type, "Provenance") != 0 ||
			!targets_header(bundle, entry->resource))
			continue;
		int64_t recorded_ms = time_or_zero(entry->resource, "recorded");
		if (!own || recorded_ms > own_ms) {
			own = entry->resource;
			own_ms = recorded_ms;
		}
	}
	return own;
}

static void swap(struct sf_provenance *a, struct sf_provenance *b)
{
	struct sf_provenance kept = *a;
	*a = *b;
	*b = kept;
}

/* Of the first count: the letter before `next`, else the one recorded last. */
static size_t pick_before(
	const struct sf_provenance *chain, size_t count, const struct sf_provenance *next)
{
	size_t latest = 0;
	for (size_t i = 0; i < count; i++) {
		if (next->predecessor[0] != '\0' && strcmp(chain[i].target, next->predecessor) == 0)
			return i;
		if (chain[i].recorded_ms >= chain[latest].recorded_ms)
			latest = i;
	}
	return latest;
}

/* The own Provenance stands last; at most SF_BUNDLE_ENTRIES_MAX of them, so squares are cheap. */
static void order_chain(struct sf_provenance *chain, size_t count)
{
	for (size_t rest = count; rest > 1; rest--) {
		size_t before = pick_before(chain, rest - 1, &chain[rest - 1]);
		swap(&chain[before], &chain[rest - 2]);
	}
}

static void read_own_times(struct sf_reading *reading, const struct sf_element *own)
{
	struct sf_document *document = reading->document;
	document->occurred_ms =
		sf_reading_time(reading, own, "occurredDateTime", "Provenance.occurred", true);
	document->recorded_ms =
		sf_reading_time(reading, own, "recorded", "Provenance.recorded", true);
}

void sf_provenance_read(struct sf_reading *reading)
{
	const struct sf_bundle *bundle = reading->bundle;
	struct sf_document *document = reading->document;
	const struct sf_element *own = find_own(bundle);
	if (!own) {
		sf_issue_add(reading->issues, SF_MSG_RESOURCE_REQUIRED, "Provenance.target",
			"no Provenance targets this MessageHeader; add the message's own");
		return;
	}
	const struct sf_bundle_entry *first = NULL;
	size_t count = sf_bundle_count(bundle, "Provenance", &first);
	struct sf_provenance *chain = sf_arena_take_many(reading->arena, count, sizeof(*chain));
	if (!chain) {
		reading->full = true;
		return;
	}
	size_t filled = 0;
	for (size_t i = 0; i < bundle->entry_count; i++) {
		const struct sf_bundle_entry *entry = &bundle->entries[i];
		if (strcmp(entry->type, "Provenance") == 0 && entry->resource != own)
			chain[filled++] = read_one(reading, entry->resource);
	}
	chain[filled++] = read_one(reading, own);
	SF_ASSERT(filled == count);
	/* What it targets was resolved; the reference may have been written in another way. */
	chain[count - 1].target = document->header_id;
	order_chain(chain, count);
	document->provenances = chain;
	document->provenance_count = count;
	document->predecessor_id = chain[count - 1].predecessor;
	read_own_times(reading, own);
}

const struct sf_provenance *sf_provenance_own(const struct sf_document *document)
{
	size_t count = document->provenance_count;
	return count > 0 ? &document->provenances[count - 1] : NULL;
}

const struct sf_provenance *sf_provenance_before(
	const struct sf_document *document, const struct sf_provenance *of)
{
	if (!of || of->predecessor[0] == '\0')
		return NULL;
	for (size_t i = document->provenance_count; i-- > 0;) {
		const struct sf_provenance *candidate = &document->provenances[i];
		if (candidate != of && strcmp(candidate->target, of->predecessor) == 0)
			return candidate;
	}
	return NULL;
}
