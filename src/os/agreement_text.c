#include "os/agreement_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "os/config_text.h"
#include "os/files.h"

static const char *const later_words[] = {
	"expectation", "window", "payment", "suspended", "if", "clause", NULL};

static enum sf_err take_text(struct sf_config_context *context, cfg_t *section, const char *key,
	const struct sf_config_value **ret_value)
{
	*ret_value = sf_config_text_value(section, key, 0);
	if (*ret_value)
		return SF_OK;
	return sf_config_text_wrong(context, section->line, "key '%s' is missing, add it", key);
}

static enum sf_err read_on(
	struct sf_config_context *context, cfg_t *section, enum sf_activity *ret_on)
{
	static const char prefix[] = "stay.";
	const struct sf_config_value *value = NULL;
	enum sf_err err = take_text(context, section, "on", &value);
	if (err)
		return err;
	bool is_stay = strncmp(value->text, prefix, strlen(prefix)) == 0;
	for (enum sf_activity i = SF_ACTIVITY_ADMIT_EMERGENCY; is_stay && i <= SF_ACTIVITY_DEATH;
		i++) {
		if (strcmp(value->text + strlen(prefix), sf_activity_text(i)) == 0) {
			*ret_on = i;
			return SF_OK;
		}
	}
	return sf_config_text_wrong(context, value->line,
		"'on' must be an activity of the stay such as \"stay.discharge-home\"");
}

static enum sf_err read_offers(
	struct sf_config_context *context, cfg_t *section, sf_domain_set *ret_offers)
{
	const struct sf_config_value *value = NULL;
	enum sf_err err = take_text(context, section, "offers", &value);
	if (err)
		return err;
	sf_domain_set offers = 0;
	for (unsigned i = 0; (value = sf_config_text_value(section, "offers", i)); i++) {
		enum sf_domain domain = sf_domain_from_text(value->text);
		if (domain == SF_DOMAIN_COUNT)
			return sf_config_text_wrong(context, value->line,
				"'offers' has a word that is no domain (medical, care, medication, "
				"rehabilitation, social)");
		if (offers & SF_DOMAIN_BIT(domain))
			return sf_config_text_wrong(
				context, value->line, "'offers' names a domain twice");
		offers |= SF_DOMAIN_BIT(domain);
	}
	*ret_offers = offers;
	return SF_OK;
}

static enum sf_err read_to(struct sf_config_context *context, cfg_t *section, enum sf_role *ret_to)
{
	const struct sf_config_value *value = NULL;
	enum sf_err err = take_text(context, section, "to", &value);
	if (err)
		return err;
	enum sf_role role = sf_role_from_text(value->text);
	/* Responsibility for a patient lies with those who treat and care. */
	if (role == SF_ROLE_NONE || role >= SF_ROLE_COORDINATOR)
		return sf_config_text_wrong(context, value->line,
			"'to' must be a role such as \"municipality\" or \"gp\"");
	*ret_to = role;
	return SF_OK;
}

static enum sf_err read_handover(
	struct sf_config_context *context, cfg_t *section, struct sf_handover *ret_handover)
{
	enum sf_err err = read_on(context, section, &ret_handover->on);
	if (!err)
		err = read_offers(context, section, &ret_handover->offers);
	if (!err)
		err = read_to(context, section, &ret_handover->to);
	const struct sf_config_value *silence = sf_config_text_value(section, "silence", 0);
	if (!err && silence && strcmp(silence->text, "stays") != 0)
		err = sf_config_text_wrong(context, silence->line,
			"'silence' can only be \"stays\"; another rule comes with a later version");
	return err;
}

static enum sf_err read_pathway(
	struct sf_config_context *context, cfg_t *section, struct sf_agreement *ret_pathway)
{
	const char *title = cfg_title(section);
	for (enum sf_pathway i = SF_PATHWAY_SOMATIC; i <= SF_PATHWAY_PSYCHIATRIC; i++) {
		if (strcmp(title, sf_pathway_text(i)) == 0)
			ret_pathway->pathway = i;
	}
	if (ret_pathway->pathway == SF_PATHWAY_NONE)
		return sf_config_text_wrong(
			context, section->line, "a pathway is \"somatic\" or \"psychiatric\"");
	unsigned count = cfg_size(section, "handover");
	if (count > SF_HANDOVER_MAX)
		return sf_config_text_wrong(context, section->line,
			"at most %d handover clauses in one pathway", SF_HANDOVER_MAX);
	enum sf_err err = SF_OK;
	for (unsigned i = 0; !err && i < count; i++)
		err = read_handover(
			context, cfg_getnsec(section, "handover", i), &ret_pathway->handovers[i]);
	ret_pathway->handover_count = count;
	return err;
}

static enum sf_err read_version(
	struct sf_config_context *context, cfg_t *section, uint32_t *ret_version)
{
	const struct sf_config_value *value = NULL;
	enum sf_err err = take_text(context, section, "version", &value);
	if (err)
		return err;
	size_t size = strlen(value->text);
	if (size == 0 || size > 9 || strspn(value->text, "0123456789") != size ||
		value->text[0] == '0')
		return sf_config_text_wrong(
			context, value->line, "'version' must be a number from 1");
	*ret_version = (uint32_t)strtoul(value->text, NULL, 10);
	return SF_OK;
}

/* Of the tz database's form; whether the machine has it is seen where it is used. */
static enum sf_err read_time_zone(
	struct sf_config_context *context, cfg_t *section, char *place, size_t place_size)
{
	const struct sf_config_value *value = NULL;
	enum sf_err err = take_text(context, section, "time-zone", &value);
	if (err)
		return err;
	size_t size = strlen(value->text);
	static const char allowed[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/_+-";
	if (size == 0 || size >= place_size || strspn(value->text, allowed) != size)
		return sf_config_text_wrong(context, value->line,
			"'time-zone' must be a name such as \"Europe/Copenhagen\"");
	memcpy(place, value->text, size + 1);
	return SF_OK;
}

/* Read and checked here; they take effect with the clauses that count days, in a later version. */
static enum sf_err check_dates(struct sf_config_context *context, cfg_t *section)
{
	const struct sf_config_value *value = sf_config_text_value(section, "calendar", 0);
	if (value && strcmp(value->text, "denmark") != 0)
		return sf_config_text_wrong(
			context, value->line, "'calendar' can only be \"denmark\"");
	value = sf_config_text_value(section, "valid-from", 0);
	if (!value)
		return SF_OK;
	char instant[SF_TIME_TEXT_SIZE] = {0};
	int64_t time_ms = 0;
	bool good = strlen(value->text) == strlen("2026-01-01");
	if (good) {
		memcpy(instant, value->text, strlen("2026-01-01"));
		memcpy(instant + strlen("2026-01-01"), "T00:00:00Z", sizeof("T00:00:00Z"));
		good = !sf_time_parse(sf_view_text(instant), &time_ms);
	}
	return good ? SF_OK
		    : sf_config_text_wrong(context, value->line,
			      "'valid-from' must be a date such as \"2026-01-01\"");
}

static enum sf_err read_agreement(
	struct sf_config_context *context, cfg_t *section, struct sf_agreement_text *ret_agreement)
{
	const char *name = cfg_title(section);
	size_t size = strlen(name);
	if (size == 0 || size >= sizeof(ret_agreement->name))
		return sf_config_text_wrong(context, section->line,
			"the agreement's name must have 1 to %zu bytes",
			sizeof(ret_agreement->name) - 1);
	memcpy(ret_agreement->name, name, size + 1);
	enum sf_err err = read_version(context, section, &ret_agreement->version);
	if (!err)
		err = read_time_zone(context, section, ret_agreement->time_zone,
			sizeof(ret_agreement->time_zone));
	if (!err)
		err = check_dates(context, section);
	unsigned count = cfg_size(section, "pathway");
	if (!err && (count == 0 || count > SF_AGREEMENT_PATHWAYS_MAX))
		err = sf_config_text_wrong(
			context, section->line, "an agreement needs a pathway, and few of them");
	for (unsigned i = 0; !err && i < count; i++)
		err = read_pathway(
			context, cfg_getnsec(section, "pathway", i), &ret_agreement->pathways[i]);
	ret_agreement->pathway_count = count;
	return err;
}

enum sf_err sf_agreement_text_parse(const char *path, struct sf_view text,
	struct sf_agreement_text *ret_agreement, struct sf_diag *diag)
{
	struct sf_config_context context = {.path = path, .later = later_words, .diag = diag};
	cfg_opt_t handover[] = {
		sf_config_text_option("on", false),
		sf_config_text_option("offers", true),
		sf_config_text_option("to", false),
		sf_config_text_option("silence", false),
		sf_config_text_context(&context),
		CFG_END(),
	};
	cfg_opt_t pathway[] = {
		sf_config_text_section("handover", handover, false),
		sf_config_text_context(&context),
		CFG_END(),
	};
	cfg_opt_t agreement[] = {
		sf_config_text_option("version", false),
		sf_config_text_option("valid-from", false),
		sf_config_text_option("time-zone", false),
		sf_config_text_option("calendar", false),
		sf_config_text_section("pathway", pathway, true),
		sf_config_text_context(&context),
		CFG_END(),
	};
	cfg_opt_t top[] = {
		sf_config_text_section("agreement", agreement, true),
		sf_config_text_context(&context),
		CFG_END(),
	};
	cfg_t *cfg = NULL;
	enum sf_err err = sf_config_text_parse(text, top, &context, &cfg);
	if (err)
		return err;
	struct sf_agreement_text read = {0};
	cfg_t *section = NULL;
	err = sf_config_text_only(&context, cfg, "agreement", &section);
	if (!err && !section)
		err = sf_config_text_wrong(
			&context, 1, "there is no agreement \"<name>\" { } here, add one");
	if (!err)
		err = read_agreement(&context, section, &read);
	sf_ignore(cfg_free(cfg));
	if (!err)
		*ret_agreement = read;
	return err;
}

enum sf_err sf_agreement_text_load(
	const char *path, struct sf_agreement_text *ret_agreement, struct sf_diag *diag)
{
	struct sf_buf text;
	sf_buf_init(&text, SF_CONFIG_TEXT_SIZE_MAX);
	enum sf_err err = sf_file_read(path, &text, diag);
	if (!err)
		err = sf_agreement_text_parse(path, sf_buf_view(&text), ret_agreement, diag);
	sf_buf_fini(&text);
	return err;
}
