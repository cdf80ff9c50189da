#include "view/shown.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/printable.h"

/* Copies whole characters as far as they fit; what cannot be shown becomes '?'. */
static void clean(const char *text, char *ret_text, size_t size)
{
	const char *from = text;
	size_t used = 0;
	while (*from) {
		bool good = false;
		size_t step = sf_printable_step(from, &good);
		size_t needed = good ? step : 1;
		if (used + needed >= size)
			break;
		memcpy(ret_text + used, good ? from : "?", needed);
		used += needed;
		from += step;
	}
	ret_text[used] = '\0';
}

struct sf_shown sf_show_text(const char *text)
{
	struct sf_shown shown;
	clean(text ? text : "", shown.text, sizeof(shown.text));
	return shown;
}

void sf_words_add(struct sf_words *words, const char *format, ...)
{
	size_t used = strlen(words->text);
	va_list list;
	va_start(list, format);
	vsnprintf(words->text + used, sizeof(words->text) - used, format, list);
	va_end(list);
}

struct sf_shown sf_show_id(struct sf_id id)
{
	struct sf_shown shown = {"-"};
	if (!sf_id_is_none(id))
		sf_id_format(id, shown.text);
	return shown;
}

struct sf_shown sf_show_domains(sf_domain_set domains)
{
	struct sf_shown shown = {"-"};
	size_t used = 0;
	for (size_t i = 0; i < SF_DOMAIN_COUNT; i++) {
		if (!(domains & SF_DOMAIN_BIT(i)))
			continue;
		int size = snprintf(shown.text + used, sizeof(shown.text) - used, "%s%s",
			used ? ", " : "", sf_domain_text((enum sf_domain)i));
		used += (size_t)size;
	}
	return shown;
}

struct sf_shown sf_show_party(const char *name, struct sf_id party)
{
	return name && name[0] ? sf_show_text(name) : sf_show_id(party);
}

/* A window or a receiver clause may be why somebody must be found; its name is not what is owed. */
struct sf_shown sf_duty_name(enum sf_duty duty, const char *clause_name)
{
	bool named = duty == SF_DUTY_EXPECTATION && clause_name && clause_name[0];
	return sf_show_text(named ? clause_name : sf_duty_text(duty));
}

struct sf_shown sf_show_minute_of_day(uint32_t minute)
{
	struct sf_shown shown;
	snprintf(shown.text, sizeof(shown.text), "%02u:%02u", (unsigned)(minute / 60),
		(unsigned)(minute % 60));
	return shown;
}

struct sf_shown sf_show_roles(sf_api_roles roles)
{
	struct sf_shown shown = {""};
	size_t used = 0;
	for (size_t i = 0; i < SF_API_ROLE_COUNT; i++)
		if (roles & SF_API_ROLE_BIT(i))
			used += (size_t)snprintf(shown.text + used, sizeof(shown.text) - used,
				"%s%s", used ? ", " : "", sf_api_role_text((enum sf_api_role)i));
	return shown;
}
