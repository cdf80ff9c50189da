#include "timeline/fhir_page.h"

static void put_link(struct sf_fhir_writer *writer, const char *relation, const char *url)
{
	sf_fhir_object(writer, NULL);
	sf_fhir_text(writer, "relation", relation);
	sf_fhir_text(writer, "url", url);
	sf_fhir_close(writer);
}

void sf_fhir_page_links(
	struct sf_fhir_writer *writer, const struct sf_fhir_page *page, size_t total)
{
	if (total != SF_FHIR_TOTAL_UNKNOWN)
		sf_fhir_int(writer, "total", (int64_t)total);
	sf_fhir_list(writer, "link");
	put_link(writer, "self", page->self);
	if (page->next[0])
		put_link(writer, "next", page->next);
	sf_fhir_close(writer);
}

void sf_fhir_page_match(struct sf_fhir_writer *writer)
{
	sf_fhir_object(writer, "search");
	sf_fhir_text(writer, "mode", "match");
	sf_fhir_close(writer);
}
