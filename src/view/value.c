#include "view/value.h"

#include <stdio.h>
#include <string.h>

#include "base/printable.h"
#include "base/time.h"
#include "core/refusal.h"
#include "core/responsibility.h"
#include "view/shown.h"

void sf_json_digest(struct sf_json_writer *writer, const char *name, const struct sf_digest *digest)
{
	char text[SF_DIGEST_TEXT_SIZE];
	if (sf_digest_is_none(digest)) {
		sf_json_null(writer, name);
		return;
	}
	sf_digest_format(digest, text);
	sf_json_text(writer, name, text);
}

void sf_json_time(struct sf_json_writer *writer, const char *name, int64_t time_ms)
{
	char text[SF_TIME_TEXT_SIZE];
	if (time_ms == 0 || time_ms == SF_LEDGER_OPEN) {
		sf_json_null(writer, name);
		return;
	}
	sf_time_format(time_ms, text);
	sf_json_text(writer, name, text);
}

void sf_json_domains(struct sf_json_writer *writer, const char *name, sf_domain_set domains)
{
	sf_json_array(writer, name);
	for (size_t i = 0; i < SF_DOMAIN_COUNT; i++)
		if (domains & SF_DOMAIN_BIT(i))
			sf_json_text(writer, NULL, sf_domain_text((enum sf_domain)i));
	sf_json_close(writer);
}

void sf_json_word(struct sf_json_writer *writer, const char *name, const char *word)
{
	if (!word || !word[0] || strcmp(word, "unknown") == 0)
		sf_json_null(writer, name);
	else
		sf_json_text(writer, name, word);
}

void sf_json_name(struct sf_json_writer *writer, const char *name, const char *text)
{
	bool hides = text && !sf_printable(text);
	sf_json_text(writer, name, hides ? sf_show_text(text).text : text);
}

void sf_json_party(
	struct sf_json_writer *writer, const char *name, struct sf_id party, const char *text)
{
	char name_name[48];
	sf_json_id(writer, name, party);
	snprintf(name_name, sizeof(name_name), "%s_name", name);
	if (text && text[0])
		sf_json_name(writer, name_name, text);
	else
		sf_json_null(writer, name_name);
}

void sf_json_code(struct sf_json_writer *writer, uint32_t code, enum sf_ack ack)
{
	if (code == 0)
		sf_json_null(writer, "code");
	else
		sf_json_text(writer, "code",
			ack ? sf_ack_code_text(code) : sf_refusal_code((uint16_t)code));
}

const char *sf_outcome_word(enum sf_outcome outcome)
{
	switch (outcome) {
	case SF_OUTCOME_APPLIED:
		return "applied";
	case SF_OUTCOME_DEVIATION:
		return "deviation";
	case SF_OUTCOME_REFUSED:
		return "refused";
	}
	return "";
}

const char *sf_kind_class_word(enum sf_kind_class kind_class)
{
	switch (kind_class) {
	case SF_CLASS_FACT:
		return "fact";
	case SF_CLASS_ACKNOWLEDGEMENT:
		return "acknowledgement";
	case SF_CLASS_DERIVED:
		return "derived";
	case SF_CLASS_STATEMENT:
		return "statement";
	case SF_CLASS_DIRECTORY:
		return "directory";
	case SF_CLASS_EPOCH:
		return "epoch";
	case SF_CLASS_RESEND:
		return "resend";
	}
	return "";
}

const char *sf_binding_word(enum sf_binding_state state)
{
	switch (state) {
	case SF_BINDING_PARTY:
		return "bound";
	case SF_BINDING_UNKNOWN:
		return "not-known";
	case SF_BINDING_NOT_ENROLLED:
		return "not-enrolled";
	}
	return "";
}
