#include "os/agreement_clause.h"

#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "os/agreement_words.h"

/* Lists of words for complaints: ", medical, care"; they are shown from after the first comma. */
#define WORD(name, value, text) ", " text
#define LISTED(words) (&(words)[2])
static const char domain_words[] = SF_DOMAIN_LIST(WORD);
static const char rung_words[] = SF_RUNG_LIST(WORD);
static const char silence_words[] = SF_SILENCE_LIST(WORD);
#undef WORD

enum sf_err sf_agreement_take(struct sf_config_context *context, cfg_t *section, const char *key,
	const struct sf_config_value **ret_value)
{
	*ret_value = sf_config_text_value(section, key, 0);
	if (*ret_value)
		return SF_OK;
	return sf_config_text_wrong(context, section->line, "key '%s' is missing, add it", key);
}

enum sf_err sf_agreement_copy(struct sf_config_context *context, int line, const char *what,
	const char *text, char *place, size_t size)
{
	size_t used = strlen(text);
	bool good = used > 0 && used < size;
	for (size_t i = 0; i < used; i++)
		good = good && (unsigned char)text[i] >= ' ' && text[i] != 0x7f; /* DEL */
	if (!good)
		return sf_config_text_wrong(context, line,
			"%s must have 1 to %zu bytes and stand on one line", what, size - 1);
	memcpy(place, text, used + 1);
	return SF_OK;
}

static enum sf_err read_title(
	struct sf_config_context *context, cfg_t *section, struct sf_clause *ret_clause)
{
	return sf_agreement_copy(context, section->line, "the name of a clause", cfg_title(section),
		ret_clause->name, sizeof(ret_clause->name));
}

/* What every clause says of itself. Who cites must be able to look it up. */
static enum sf_err read_clause(struct sf_config_context *context, cfg_t *section, bool must_cite,
	struct sf_clause *ret_clause)
{
	const struct sf_config_value *value = sf_config_text_value(section, "clause", 0);
	enum sf_err err = SF_OK;
	if (must_cite)
		err = sf_agreement_take(context, section, "clause", &value);
	if (!err && value)
		err = sf_agreement_copy(context, value->line, "'clause'", value->text,
			ret_clause->citation, sizeof(ret_clause->citation));
	value = sf_config_text_value(section, "source", 0);
	if (!err && value)
		err = sf_agreement_copy(context, value->line, "'source'", value->text,
			ret_clause->source, sizeof(ret_clause->source));
	return err;
}

static enum sf_err read_trigger(struct sf_config_context *context, cfg_t *section, const char *key,
	struct sf_trigger *ret_trigger)
{
	const struct sf_config_value *value = NULL;
	enum sf_err err = sf_agreement_take(context, section, key, &value);
	if (!err && !sf_agreement_trigger_read(value->text, ret_trigger))
		err = sf_config_text_wrong(context, value->line,
			"'%s' must be a fact such as " SF_AGREEMENT_TRIGGER_FORM ", not '%.48s'",
			key, value->text);
	return err;
}

/* Responsibility for a patient lies with those who treat and care. */
static enum sf_err read_role(
	struct sf_config_context *context, cfg_t *section, const char *key, enum sf_role *ret_role)
{
	const struct sf_config_value *value = NULL;
	enum sf_err err = sf_agreement_take(context, section, key, &value);
	if (err)
		return err;
	enum sf_role role = sf_role_from_text(value->text);
	if (role == SF_ROLE_NONE || role >= SF_ROLE_COORDINATOR)
		return sf_config_text_wrong(context, value->line,
			"'%s' must be a role (hospital, municipality, gp, psychiatry, "
			"other-municipality, care-home, out-of-hours), not '%.48s'",
			key, value->text);
	*ret_role = role;
	return SF_OK;
}

static enum sf_err read_conditions(
	struct sf_config_context *context, cfg_t *section, struct sf_conditions *ret_conditions)
{
	const struct sf_config_value *value = NULL;
	struct sf_conditions conditions = {.count = 0};
	for (unsigned i = 0; (value = sf_config_text_value(section, "if", i)); i++) {
		if (conditions.count == SF_CONDITION_MAX)
			return sf_config_text_wrong(context, value->line,
				"'if' has more than %d conditions", SF_CONDITION_MAX);
		if (!sf_agreement_condition_read(value->text, &conditions.items[conditions.count]))
			return sf_config_text_wrong(context, value->line,
				"'if' knows " SF_AGREEMENT_CONDITION_FORM ", not '%.48s'",
				value->text);
		conditions.count++;
	}
	*ret_conditions = conditions;
	return SF_OK;
}

static enum sf_err read_deadline(struct sf_config_context *context,
	const struct sf_config_value *value, const char *key, struct sf_deadline *ret_deadline)
{
	if (sf_agreement_deadline_read(value->text, ret_deadline))
		return SF_OK;
	return sf_config_text_wrong(context, value->line,
		"'%s' must be a deadline such as " SF_AGREEMENT_DEADLINE_FORM ", not '%.64s'", key,
		value->text);
}

enum sf_err sf_agreement_read_span(struct sf_config_context *context,
	const struct sf_config_value *value, const char *key, struct sf_deadline *ret_deadline)
{
	struct sf_deadline deadline;
	enum sf_err err = read_deadline(context, value, key, &deadline);
	if (err)
		return err;
	for (size_t i = 0; i < deadline.part_count; i++) {
		enum sf_deadline_rule rule = deadline.parts[i].rule;
		if (rule == SF_DEADLINE_DISCHARGE || rule == SF_DEADLINE_DISCHARGE_DAY_AT)
			return sf_config_text_wrong(context, value->line,
				"'%s' is measured from the fact, such as \"72h\" or \"3 days\", "
				"and cannot be before discharge",
				key);
	}
	*ret_deadline = deadline;
	return SF_OK;
}

static enum sf_err read_domain(struct sf_config_context *context,
	const struct sf_config_value *value, const char *key, enum sf_domain *ret_domain)
{
	enum sf_domain domain = sf_domain_from_text(value->text);
	if (domain == SF_DOMAIN_COUNT)
		return sf_config_text_wrong(context, value->line,
			"'%s' has a word that is no domain (%s): '%.48s'", key,
			LISTED(domain_words), value->text);
	*ret_domain = domain;
	return SF_OK;
}

static enum sf_err read_offers(
	struct sf_config_context *context, cfg_t *section, sf_domain_set *ret_offers)
{
	const struct sf_config_value *value = NULL;
	enum sf_err err = sf_agreement_take(context, section, "offers", &value);
	sf_domain_set offers = 0;
	for (unsigned i = 0; !err && (value = sf_config_text_value(section, "offers", i)); i++) {
		enum sf_domain domain = SF_DOMAIN_COUNT;
		err = read_domain(context, value, "offers", &domain);
		if (!err && (offers & SF_DOMAIN_BIT(domain)))
			err = sf_config_text_wrong(
				context, value->line, "'offers' names a domain twice");
		if (!err)
			offers |= SF_DOMAIN_BIT(domain);
	}
	if (!err)
		*ret_offers = offers;
	return err;
}

/* "on-miss" and "escalate-every": who is told, lowest rung first, and how fast they are climbed. */
static enum sf_err read_ladder(
	struct sf_config_context *context, cfg_t *section, struct sf_expectation *expectation)
{
	const struct sf_config_value *value = NULL;
	for (unsigned i = 0; (value = sf_config_text_value(section, "on-miss", i)); i++) {
		enum sf_rung rung = sf_rung_from_text(value->text);
		if (rung == SF_RUNG_NONE)
			return sf_config_text_wrong(context, value->line,
				"'on-miss' knows %s, not '%.48s'", LISTED(rung_words), value->text);
		if (expectation->rung_count == SF_RUNG_MAX)
			return sf_config_text_wrong(context, value->line,
				"'on-miss' has more than %d rungs", SF_RUNG_MAX);
		for (size_t k = 0; k < expectation->rung_count; k++) {
			if (expectation->rungs[k] == rung)
				return sf_config_text_wrong(context, value->line,
					"'on-miss' names '%s' twice", value->text);
		}
		expectation->rungs[expectation->rung_count++] = rung;
	}
	if (expectation->rung_count > 0 && expectation->due.part_count == 0)
		return sf_config_text_wrong(context, section->line,
			"'on-miss' needs a deadline, add 'due' or leave it out");
	value = sf_config_text_value(section, "escalate-every", 0);
	if (!value)
		return SF_OK;
	if (!sf_agreement_span_read(value->text, &expectation->escalate_ms))
		return sf_config_text_wrong(context, value->line,
			"'escalate-every' must be a time such as \"2h\" or \"30min\"");
	if (expectation->rung_count < 2)
		return sf_config_text_wrong(context, value->line,
			"'escalate-every' needs two words or more in 'on-miss'");
	return SF_OK;
}

/* A duty without 'due' is owed without a deadline: no public source states one. */
enum sf_err sf_agreement_read_expectation(
	struct sf_config_context *context, cfg_t *section, struct sf_expectation *ret_expectation)
{
	struct sf_expectation expectation = {.owner = SF_ROLE_NONE};
	enum sf_err err = read_title(context, section, &expectation.clause);
	if (!err)
		err = read_clause(context, section, true, &expectation.clause);
	if (!err)
		err = read_trigger(context, section, "arises-on", &expectation.arises_on);
	if (!err)
		err = read_conditions(context, section, &expectation.conditions);
	if (!err)
		err = read_role(context, section, "owner", &expectation.owner);
	if (!err)
		err = read_trigger(context, section, "met-by", &expectation.met_by);
	const struct sf_config_value *due = sf_config_text_value(section, "due", 0);
	if (!err && due)
		err = read_deadline(context, due, "due", &expectation.due);
	if (!err)
		err = read_ladder(context, section, &expectation);
	if (!err)
		*ret_expectation = expectation;
	return err;
}

enum sf_err sf_agreement_read_window(
	struct sf_config_context *context, cfg_t *section, struct sf_window_clause *ret_window)
{
	struct sf_window_clause window = {.holder = SF_ROLE_NONE};
	const struct sf_config_value *value = NULL;
	enum sf_err err = read_title(context, section, &window.clause);
	if (!err)
		err = read_clause(context, section, true, &window.clause);
	if (!err)
		err = sf_agreement_take(context, section, "domain", &value);
	if (!err)
		err = read_domain(context, value, "domain", &window.domain);
	if (!err)
		err = read_trigger(context, section, "starts-on", &window.starts_on);
	if (!err)
		err = read_conditions(context, section, &window.conditions);
	if (!err)
		err = sf_agreement_take(context, section, "length", &value);
	if (!err)
		err = sf_agreement_read_span(context, value, "length", &window.length);
	if (!err)
		err = read_role(context, section, "holder", &window.holder);
	if (!err)
		err = read_role(context, section, "then", &window.then);
	if (!err)
		*ret_window = window;
	return err;
}

/* Only a fact of the stay, or a letter, hands over by itself (R5). */
static enum sf_err read_on(
	struct sf_config_context *context, cfg_t *section, struct sf_trigger *ret_on)
{
	enum sf_err err = read_trigger(context, section, "on", ret_on);
	if (!err && ret_on->kind != SF_KIND_STAY && ret_on->kind != SF_KIND_LETTER)
		err = sf_config_text_wrong(context, section->line,
			"'on' must be of the stay or a letter, such as \"stay.discharge-home\" or "
			"\"letter.rehabilitation-plan\"");
	return err;
}

static enum sf_err read_silence(
	struct sf_config_context *context, cfg_t *section, struct sf_handover *handover)
{
	const struct sf_config_value *value = sf_config_text_value(section, "silence", 0);
	const struct sf_config_value *after = sf_config_text_value(section, "after", 0);
	handover->silence = value ? sf_silence_from_text(value->text) : SF_SILENCE_STAYS;
	if (handover->silence == SF_SILENCE_NONE)
		return sf_config_text_wrong(context, value->line, "'silence' knows %s, not '%.48s'",
			LISTED(silence_words), value->text);
	bool passes = handover->silence == SF_SILENCE_PASSES;
	if (passes != (after != NULL))
		return sf_config_text_wrong(context, after ? after->line : value->line,
			"'after' and silence = \"passes\" belong together: say both or neither");
	if (!passes)
		return SF_OK;
	return sf_agreement_read_span(context, after, "after", &handover->after);
}

enum sf_err sf_agreement_read_handover(
	struct sf_config_context *context, cfg_t *section, struct sf_handover *ret_handover)
{
	struct sf_handover handover = {.to = SF_ROLE_NONE};
	enum sf_err err = read_clause(context, section, false, &handover.clause);
	if (!err)
		err = read_on(context, section, &handover.on);
	if (!err)
		err = read_conditions(context, section, &handover.conditions);
	if (!err)
		err = read_offers(context, section, &handover.offers);
	if (!err)
		err = read_role(context, section, "to", &handover.to);
	if (!err)
		err = read_silence(context, section, &handover);
	/* Nobody's responsibility moves by a clause that cannot be looked up. */
	if (!err && handover.silence == SF_SILENCE_PASSES && handover.clause.citation[0] == '\0')
		err = sf_config_text_wrong(context, section->line,
			"silence = \"passes\" needs a 'clause' that says so, add it");
	if (!err)
		*ret_handover = handover;
	return err;
}

enum sf_err sf_agreement_read_receiver(
	struct sf_config_context *context, cfg_t *section, struct sf_receiver_clause *ret_receiver)
{
	struct sf_receiver_clause receiver = {.role = SF_ROLE_NONE};
	enum sf_err err = read_clause(context, section, true, &receiver.clause);
	if (!err)
		err = read_role(context, section, "to", &receiver.role);
	if (!err)
		*ret_receiver = receiver;
	return err;
}

/* Whole units of the currency a day; nothing said is 0. */
static enum sf_err read_rate(
	struct sf_config_context *context, cfg_t *section, const char *key, uint32_t *ret_rate)
{
	const struct sf_config_value *value = sf_config_text_value(section, key, 0);
	if (!value)
		return SF_OK;
	size_t size = strlen(value->text);
	if (size == 0 || size > 7 || strspn(value->text, "0123456789") != size)
		return sf_config_text_wrong(context, value->line,
			"'%s' must be an amount in whole units of the currency, below 10000000",
			key);
	*ret_rate = (uint32_t)strtoul(value->text, NULL, 10);
	return SF_OK;
}

/* The days that are paid for are counted from readiness; 'from' may say so. */
enum sf_err sf_agreement_read_payment(
	struct sf_config_context *context, cfg_t *section, struct sf_payment *ret_payment)
{
	struct sf_payment payment = {.region_day_rate = 0};
	enum sf_err err = read_clause(context, section, true, &payment.clause);
	const struct sf_config_value *value = sf_config_text_value(section, "from", 0);
	if (!err && value && strcmp(value->text, sf_kind_text(SF_KIND_READY)) != 0)
		err = sf_config_text_wrong(context, value->line,
			"'from' can only be \"ready\": days are counted from readiness");
	if (!err)
		err = read_rate(context, section, "region-day-rate", &payment.region_day_rate);
	if (!err)
		err = read_rate(context, section, "state-day-rate", &payment.state_day_rate);
	if (!err)
		err = read_rate(context, section, "state-day-rate-from-day-3",
			&payment.state_day_rate_from_day_3);
	if (!err)
		err = sf_agreement_take(context, section, "currency", &value);
	if (!err)
		err = sf_agreement_copy(context, value->line, "'currency'", value->text,
			payment.currency, sizeof(payment.currency));
	value = sf_config_text_value(section, "prices", 0);
	if (!err && value)
		err = sf_agreement_copy(context, value->line, "'prices'", value->text,
			payment.prices, sizeof(payment.prices));
	if (!err)
		*ret_payment = payment;
	return err;
}
