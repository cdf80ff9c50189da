#include "core/agreement.h"

#include <string.h>

/* Words of the lists in both directions; a word that a list does not have is its NONE. */
#define TEXT_CASE(name, value, text)                                                               \
	case name:                                                                                 \
		return text;
#define TEXT_IS(name, value, word)                                                                 \
	if (strcmp(text, word) == 0)                                                               \
		return name;

#define WORDS(of, from, type, LIST, none)                                                          \
	const char *of(type number)                                                                \
	{                                                                                          \
		switch ((uint32_t)number) {                                                        \
			LIST(TEXT_CASE)                                                            \
		}                                                                                  \
		return "unknown";                                                                  \
	}                                                                                          \
	type from(const char *text)                                                                \
	{                                                                                          \
		LIST(TEXT_IS)                                                                      \
		return none;                                                                       \
	}

/* clang-format off */
WORDS(sf_condition_text, sf_condition_from_text, enum sf_condition_code, SF_CONDITION_LIST,
	SF_CONDITION_NONE)
WORDS(sf_rung_text, sf_rung_from_text, enum sf_rung, SF_RUNG_LIST, SF_RUNG_NONE)
WORDS(sf_silence_text, sf_silence_from_text, enum sf_silence, SF_SILENCE_LIST, SF_SILENCE_NONE)
/* clang-format on */

const struct sf_agreement *sf_agreement_find(
	const struct sf_agreement_book *book, const struct sf_digest *digest)
{
	if (!book || sf_digest_is_none(digest))
		return NULL;
	for (size_t i = 0; i < book->count; i++)
		if (sf_digest_equal(&book->agreements[i]->digest, digest))
			return book->agreements[i];
	return NULL;
}

const struct sf_pathway_terms *sf_agreement_pathway(
	const struct sf_agreement *agreement, enum sf_pathway pathway)
{
	if (!agreement || pathway == SF_PATHWAY_NONE)
		return NULL;
	for (size_t i = 0; i < agreement->pathway_count; i++)
		if (agreement->pathways[i].pathway == pathway)
			return &agreement->pathways[i];
	return NULL;
}

static int compare_acceptance(const struct sf_acceptance *acceptance,
	const struct sf_digest *digest, struct sf_id party, int64_t from_ms)
{
	int order = memcmp(acceptance->agreement.bytes, digest->bytes, sizeof(digest->bytes));
	if (order == 0)
		order = sf_id_compare(acceptance->party, party);
	if (order == 0)
		order = (acceptance->from_ms > from_ms) - (acceptance->from_ms < from_ms);
	return order;
}

bool sf_agreement_accepted(const struct sf_agreement_book *book, const struct sf_digest *digest,
	struct sf_id party, int64_t at_ms)
{
	return sf_agreement_accepted_from_ms(book, digest, party, at_ms) == at_ms &&
	       at_ms != SF_NEVER_MS;
}

/* The first acceptance that is greater than (digest, party, from_ms). */
static size_t upper_bound(const struct sf_agreement_book *book, const struct sf_digest *digest,
	struct sf_id party, int64_t from_ms)
{
	size_t first = 0;
	size_t end = book->acceptance_count;
	while (first < end) {
		size_t middle = first + (end - first) / 2;
		if (compare_acceptance(&book->acceptances[middle], digest, party, from_ms) <= 0)
			first = middle + 1;
		else
			end = middle;
	}
	return first;
}

static bool is_of(
	const struct sf_acceptance *acceptance, const struct sf_digest *digest, struct sf_id party)
{
	return sf_digest_equal(&acceptance->agreement, digest) &&
	       sf_id_equal(acceptance->party, party);
}

int64_t sf_agreement_accepted_from_ms(const struct sf_agreement_book *book,
	const struct sf_digest *digest, struct sf_id party, int64_t at_ms)
{
	if (!book || sf_digest_is_none(digest))
		return SF_NEVER_MS;
	size_t next = upper_bound(book, digest, party, at_ms);
	if (next > 0 && is_of(&book->acceptances[next - 1], digest, party) &&
		at_ms < book->acceptances[next - 1].until_ms)
		return at_ms;
	for (; next < book->acceptance_count; next++) {
		const struct sf_acceptance *acceptance = &book->acceptances[next];
		if (!is_of(acceptance, digest, party))
			break;
		if (acceptance->from_ms < acceptance->until_ms)
			return acceptance->from_ms;
	}
	return SF_NEVER_MS;
}

const struct sf_expectation *sf_pathway_expectation(
	const struct sf_pathway_terms *terms, uint32_t number)
{
	if (!terms || number < SF_CLAUSE_EXPECTATION ||
		number - SF_CLAUSE_EXPECTATION >= terms->expectation_count)
		return NULL;
	return &terms->expectations[number - SF_CLAUSE_EXPECTATION];
}

const struct sf_clause *sf_pathway_clause(const struct sf_pathway_terms *terms, uint32_t number)
{
	if (!terms || number < SF_CLAUSE_EXPECTATION)
		return NULL;
	if (number == SF_CLAUSE_RECEIVER)
		return &terms->receiver.clause;
	if (number == SF_CLAUSE_SILENCE)
		return &terms->silence.clause;
	if (number >= SF_CLAUSE_HANDOVER)
		return number - SF_CLAUSE_HANDOVER < terms->handover_count
			       ? &terms->handovers[number - SF_CLAUSE_HANDOVER].clause
			       : NULL;
	if (number >= SF_CLAUSE_WINDOW)
		return number - SF_CLAUSE_WINDOW < terms->window_count
			       ? &terms->windows[number - SF_CLAUSE_WINDOW].clause
			       : NULL;
	const struct sf_expectation *expectation = sf_pathway_expectation(terms, number);
	return expectation ? &expectation->clause : NULL;
}
