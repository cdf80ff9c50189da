#include "audit/explain.h"

#include <string.h>

#include "audit/explain_page.h"

enum sf_language sf_language_from_text(const char *text)
{
#define X(name, value, word)                                                                       \
	if (strcmp(text, word) == 0)                                                               \
		return name;
	SF_LANGUAGE_LIST(X)
#undef X
	return SF_LANGUAGE_NONE;
}

static const struct sf_explain_tongue *tongue_of(enum sf_language language)
{
	switch (language) {
	case SF_LANGUAGE_DANISH:
		return &sf_explain_danish;
	case SF_LANGUAGE_ENGLISH:
		return &sf_explain_english;
	case SF_LANGUAGE_NONE:
		break;
	}
	return NULL;
}

static void explain_pathway(struct sf_explain_page *page, const struct sf_explain_tongue *tongue,
	const struct sf_pathway_terms *terms)
{
	tongue->pathway(page, terms->pathway);
	for (size_t i = 0; i < terms->expectation_count; i++)
		tongue->expectation(page, i + 1, &terms->expectations[i]);
	for (size_t i = 0; i < terms->window_count; i++)
		tongue->window(page, i + 1, &terms->windows[i]);
	for (size_t i = 0; i < terms->handover_count; i++)
		tongue->handover(page, i + 1, &terms->handovers[i]);
	if (terms->receiver.role != SF_ROLE_NONE)
		tongue->receiver(page, &terms->receiver);
	if (terms->silence.after.part_count > 0)
		tongue->silence(page, &terms->silence);
	if (terms->payment.clause.citation[0] != '\0')
		tongue->payment(page, &terms->payment);
}

enum sf_err sf_explain(
	const struct sf_agreement *agreement, enum sf_language language, struct sf_buf *buf)
{
	const struct sf_explain_tongue *tongue = tongue_of(language);
	if (!tongue)
		return SF_ERR_USAGE;
	struct sf_explain_page page;
	sf_explain_page_init(&page, buf);
	tongue->head(&page, agreement);
	for (size_t i = 0; i < agreement->pathway_count; i++)
		explain_pathway(&page, tongue, &agreement->pathways[i]);
	tongue->rules(&page);
	return sf_explain_page_fini(&page);
}
