/*
 * Short texts for people by value: ids, domains, parties, what is owed. Texts that came from
 * elsewhere lose their control characters, so that no name can drive a terminal or break a line.
 */
#ifndef SF_VIEW_SHOWN_H
#define SF_VIEW_SHOWN_H

#include "base/id.h"
#include "core/fact.h"
#include "wire/api_role.h"

/* A short text by value, for arguments of printf. */
struct sf_shown {
	char text[192];
};

/* A longer one that is put together; what has no room is left out. Zero-initialised it is empty. */
struct sf_words {
	char text[512];
};
void sf_words_add(struct sf_words *words, const char *format, ...) SF_PRINTF(2, 3);

struct sf_shown sf_show_id(struct sf_id id);
/* "care, medication"; "-" for none. */
struct sf_shown sf_show_domains(sf_domain_set domains);
/* "clerk, operator"; "" for none. */
struct sf_shown sf_show_roles(sf_api_roles roles);
/* The name, cleaned; the id when there is none; "-" when there is no id either. */
struct sf_shown sf_show_party(const char *name, struct sf_id party);
/* Any text that came from elsewhere, cleaned and cut. */
struct sf_shown sf_show_text(const char *text);
/* What is owed: the name of its clause, where a clause asks for it, else its kind. Cleaned. */
struct sf_shown sf_duty_name(enum sf_duty duty, const char *clause_name);

/* "07:00" of a minute of the day; 1440 is "24:00". */
struct sf_shown sf_show_minute_of_day(uint32_t minute);

#endif
