#include "os/agreement_text.h"

#include <stdlib.h>
#include <string.h>

#include "os/agreement_clause.h"
#include "os/agreement_words.h"
#include "os/files.h"
#include "os/zones.h"

static const char denmark[] = "denmark";

/* The clauses that have names are found by them: on boards, in simulations, in other texts. */
static enum sf_err check_names(
	struct sf_config_context *context, cfg_t *section, const struct sf_pathway_terms *terms)
{
	for (size_t i = 0; i < terms->window_count; i++) {
		for (size_t k = 0; k < terms->expectation_count; k++) {
			if (strcmp(terms->windows[i].clause.name,
				    terms->expectations[k].clause.name) == 0)
				return sf_config_text_wrong(context,
					cfg_getnsec(section, "window", (unsigned)i)->line,
					"the name '%s' stands twice in the pathway, change one",
					terms->windows[i].clause.name);
		}
	}
	return SF_OK;
}

/* How many sections of that name; an error when the form has no room for them. */
static enum sf_err count_clauses(struct sf_config_context *context, cfg_t *section, const char *key,
	unsigned max, size_t *ret_count)
{
	unsigned count = cfg_size(section, key);
	if (count > max)
		return sf_config_text_wrong(context, cfg_getnsec(section, key, max)->line,
			"at most %u sections '%s' in one pathway", max, key);
	*ret_count = count;
	return SF_OK;
}

static enum sf_err read_lists(
	struct sf_config_context *context, cfg_t *section, struct sf_pathway_terms *terms)
{
	enum sf_err err = count_clauses(
		context, section, "expectation", SF_EXPECTATION_MAX, &terms->expectation_count);
	for (unsigned i = 0; !err && i < terms->expectation_count; i++)
		err = sf_agreement_read_expectation(
			context, cfg_getnsec(section, "expectation", i), &terms->expectations[i]);
	if (!err)
		err = count_clauses(
			context, section, "window", SF_WINDOW_MAX, &terms->window_count);
	for (unsigned i = 0; !err && i < terms->window_count; i++)
		err = sf_agreement_read_window(
			context, cfg_getnsec(section, "window", i), &terms->windows[i]);
	if (!err)
		err = count_clauses(
			context, section, "handover", SF_HANDOVER_MAX, &terms->handover_count);
	for (unsigned i = 0; !err && i < terms->handover_count; i++)
		err = sf_agreement_read_handover(
			context, cfg_getnsec(section, "handover", i), &terms->handovers[i]);
	return err;
}

static enum sf_err read_pathway(
	struct sf_config_context *context, cfg_t *section, struct sf_pathway_terms *ret_terms)
{
	ret_terms->pathway = sf_pathway_from_text(cfg_title(section));
	if (ret_terms->pathway == SF_PATHWAY_NONE)
		return sf_config_text_wrong(
			context, section->line, "a pathway is \"somatic\" or \"psychiatric\"");
	enum sf_err err = read_lists(context, section, ret_terms);
	if (!err)
		err = check_names(context, section, ret_terms);
	cfg_t *only = NULL;
	if (!err)
		err = sf_config_text_only(context, section, "receives-medical", &only);
	if (!err && only)
		err = sf_agreement_read_receiver(context, only, &ret_terms->receiver);
	if (!err)
		err = sf_config_text_only(context, section, "payment", &only);
	if (!err && only)
		err = sf_agreement_read_payment(context, only, &ret_terms->payment);
	const struct sf_config_value *silence = sf_config_text_value(section, "silence-after", 0);
	if (!err && silence)
		err = sf_agreement_read_span(
			context, silence, "silence-after", &ret_terms->silence.after);
	return err;
}

static enum sf_err read_version(
	struct sf_config_context *context, cfg_t *section, uint32_t *ret_version)
{
	const struct sf_config_value *value = NULL;
	enum sf_err err = sf_agreement_take(context, section, "version", &value);
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

/* Whether the machine has the zone is seen where it is used. */
static enum sf_err read_time_zone(
	struct sf_config_context *context, cfg_t *section, char *place, size_t place_size)
{
	const struct sf_config_value *value = NULL;
	enum sf_err err = sf_agreement_take(context, section, "time-zone", &value);
	if (err)
		return err;
	size_t size = strlen(value->text);
	if (size >= place_size || !sf_zone_name_is_valid(value->text))
		return sf_config_text_wrong(context, value->line,
			"'time-zone' must be a name such as \"Europe/Copenhagen\"");
	memcpy(place, value->text, size + 1);
	return SF_OK;
}

static enum sf_err read_suspended(
	struct sf_config_context *context, cfg_t *section, struct sf_calendar *calendar)
{
	const struct sf_config_value *value = NULL;
	for (unsigned i = 0; (value = sf_config_text_value(section, "suspended", i)); i++) {
		if (calendar->suspended_count == SF_SUSPENDED_MAX)
			return sf_config_text_wrong(context, value->line,
				"'suspended' has more than %d periods", SF_SUSPENDED_MAX);
		if (!sf_agreement_period_read(
			    value->text, &calendar->suspended[calendar->suspended_count]))
			return sf_config_text_wrong(context, value->line,
				"'suspended' must have periods such as \"2026-12-24/2027-01-02\", "
				"first and last day");
		calendar->suspended_count++;
	}
	return SF_OK;
}

static enum sf_err read_calendar(
	struct sf_config_context *context, cfg_t *section, struct sf_agreement *agreement)
{
	const struct sf_config_value *value = sf_config_text_value(section, "calendar", 0);
	if (value && strcmp(value->text, denmark) != 0)
		return sf_config_text_wrong(
			context, value->line, "'calendar' can only be \"denmark\"");
	if (value) {
		memcpy(agreement->calendar_name, denmark, sizeof(denmark));
		agreement->calendar.danish = true;
	}
	value = sf_config_text_value(section, "reading-hours", 0);
	if (value && !sf_agreement_hours_read(value->text, &agreement->calendar))
		return sf_config_text_wrong(context, value->line,
			"'reading-hours' must be hours such as \"08:00-15:00\" or "
			"\"08:00-15:00 daily\"");
	return read_suspended(context, section, &agreement->calendar);
}

static enum sf_err read_dates(
	struct sf_config_context *context, cfg_t *section, struct sf_agreement *agreement)
{
	const struct sf_config_value *value = sf_config_text_value(section, "valid-from", 0);
	if (value && !sf_agreement_day_read(value->text, &agreement->valid_from_day))
		return sf_config_text_wrong(
			context, value->line, "'valid-from' must be a date such as \"2026-01-01\"");
	value = sf_config_text_value(section, "cut-off", 0);
	agreement->cut_off_minute = -1;
	if (value && !sf_agreement_clock_read(value->text, &agreement->cut_off_minute))
		return sf_config_text_wrong(context, value->line,
			"'cut-off' must be a time of the day such as \"12:00\"");
	return read_calendar(context, section, agreement);
}

static enum sf_err read_agreement(
	struct sf_config_context *context, cfg_t *section, struct sf_agreement *agreement)
{
	enum sf_err err = sf_agreement_copy(context, section->line, "the agreement's name",
		cfg_title(section), agreement->name, sizeof(agreement->name));
	if (!err)
		err = read_version(context, section, &agreement->version);
	if (!err)
		err = read_time_zone(
			context, section, agreement->time_zone, sizeof(agreement->time_zone));
	if (!err)
		err = read_dates(context, section, agreement);
	unsigned count = cfg_size(section, "pathway");
	if (!err && (count == 0 || count > SF_AGREEMENT_PATHWAYS_MAX))
		err = sf_config_text_wrong(
			context, section->line, "an agreement needs a pathway, and few of them");
	for (unsigned i = 0; !err && i < count; i++)
		err = read_pathway(
			context, cfg_getnsec(section, "pathway", i), &agreement->pathways[i]);
	agreement->pathway_count = count;
	return err;
}

static enum sf_err read_top(
	struct sf_config_context *context, cfg_t *cfg, struct sf_agreement *ret_agreement)
{
	cfg_t *section = NULL;
	enum sf_err err = sf_config_text_only(context, cfg, "agreement", &section);
	if (!err && !section)
		err = sf_config_text_wrong(
			context, 1, "there is no agreement \"<name>\" { } here, add one");
	if (err)
		return err;
	/* Too large for a stack, and the caller's is left as it is when the text is wrong. */
	struct sf_agreement *agreement = calloc(1, sizeof(*agreement));
	if (!agreement)
		return SF_ERR_MEMORY;
	err = read_agreement(context, section, agreement);
	if (!err)
		*ret_agreement = *agreement;
	free(agreement);
	return err;
}

enum sf_err sf_agreement_text_parse(const char *path, struct sf_view text,
	struct sf_agreement *ret_agreement, struct sf_diag *diag)
{
	struct sf_config_context context = {.path = path, .diag = diag};
#define TEXT(key) sf_config_text_option(key, false)
#define LIST(key) sf_config_text_option(key, true)
#define END sf_config_text_context(&context), CFG_END()
	cfg_opt_t expectation[] = {TEXT("clause"), TEXT("source"), TEXT("arises-on"), LIST("if"),
		TEXT("owner"), TEXT("met-by"), TEXT("due"), LIST("on-miss"), TEXT("escalate-every"),
		END};
	cfg_opt_t window[] = {TEXT("clause"), TEXT("source"), TEXT("domain"), TEXT("starts-on"),
		LIST("if"), TEXT("length"), TEXT("holder"), TEXT("then"), END};
	cfg_opt_t handover[] = {TEXT("clause"), TEXT("source"), TEXT("on"), LIST("if"),
		LIST("offers"), TEXT("to"), TEXT("silence"), TEXT("after"), END};
	cfg_opt_t receiver[] = {TEXT("clause"), TEXT("source"), TEXT("to"), END};
	cfg_opt_t payment[] = {TEXT("clause"), TEXT("source"), TEXT("from"),
		TEXT("region-day-rate"), TEXT("state-day-rate"), TEXT("state-day-rate-from-day-3"),
		TEXT("currency"), TEXT("prices"), END};
	cfg_opt_t pathway[] = {sf_config_text_section("expectation", expectation, true),
		sf_config_text_section("window", window, true),
		sf_config_text_section("handover", handover, false),
		sf_config_text_section("receives-medical", receiver, false),
		sf_config_text_section("payment", payment, false), TEXT("silence-after"), END};
	cfg_opt_t agreement[] = {TEXT("version"), TEXT("valid-from"), TEXT("time-zone"),
		TEXT("calendar"), LIST("suspended"), TEXT("cut-off"), TEXT("reading-hours"),
		sf_config_text_section("pathway", pathway, true), END};
	cfg_opt_t top[] = {sf_config_text_section("agreement", agreement, true), END};
#undef END
#undef LIST
#undef TEXT
	cfg_t *cfg = NULL;
	enum sf_err err = sf_config_text_parse(text, top, &context, &cfg);
	if (err)
		return err;
	err = read_top(&context, cfg, ret_agreement);
	sf_ignore(cfg_free(cfg));
	return err;
}

enum sf_err sf_agreement_text_load(
	const char *path, struct sf_agreement *ret_agreement, struct sf_diag *diag)
{
	struct sf_buf text;
	sf_buf_init(&text, SF_CONFIG_TEXT_SIZE_MAX);
	enum sf_err err = sf_file_read(path, &text, diag);
	if (!err)
		err = sf_agreement_text_parse(path, sf_buf_view(&text), ret_agreement, diag);
	sf_buf_fini(&text);
	return err;
}
