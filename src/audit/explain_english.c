#include <inttypes.h>

#include "audit/explain_words.h"

#define INDENT 3

static void end(struct sf_explain_page *page)
{
	sf_explain_end(page, INDENT, INDENT);
}

static void say_source(struct sf_explain_page *page, const struct sf_clause *clause)
{
	if (sf_explain_has_source(clause))
		sf_explain_say(page, "Source: %s", clause->source);
	else
		sf_explain_say(page, "Source missing.");
	end(page);
	sf_explain_blank(page);
}

static void say_only_when(struct sf_explain_page *page, const struct sf_conditions *conditions)
{
	if (conditions->count == 0)
		return;
	sf_explain_say(page, "Only when ");
	sf_english_conditions(page, conditions);
	sf_explain_say(page, ".");
	end(page);
}

static void say_suspended(struct sf_explain_page *page, const struct sf_period *period)
{
	bool days = period->to_day > period->from_day;
	sf_explain_say(page, " Deadlines stand still %s", days ? "from " : "on ");
	sf_english_day(page, period->from_day);
	if (days) {
		sf_explain_say(page, " to ");
		sf_english_day(page, period->to_day);
	}
	sf_explain_say(page, days ? ", both days included." : ".");
}

static void say_calendar(struct sf_explain_page *page, const struct sf_calendar *calendar)
{
	sf_explain_say(page, calendar->danish
				     ? " Working days are Monday to Friday except public holidays."
				     : " Every day counts as a working day.");
	if (calendar->reading_to_minute > 0) {
		sf_explain_say(page, " What comes in is read from ");
		sf_english_clock(page, calendar->reading_from_minute);
		sf_explain_say(page, " to ");
		sf_english_clock(page, calendar->reading_to_minute);
		sf_explain_say(page, calendar->reading_daily ? " every day." : " on working days.");
	}
	for (size_t i = 0; i < calendar->suspended_count; i++)
		say_suspended(page, &calendar->suspended[i]);
}

static void say_head(struct sf_explain_page *page, const struct sf_agreement *agreement)
{
	sf_explain_say(
		page, "Agreement: %s, version %" PRIu32, agreement->name, agreement->version);
	sf_explain_heading(page, '=');
	if (agreement->valid_from_day > 0) {
		sf_explain_say(page, "In force from ");
		sf_english_day(page, agreement->valid_from_day);
		sf_explain_say(page, ". ");
	}
	sf_explain_say(page, "Times of the day are local (%s).", agreement->time_zone);
	say_calendar(page, &agreement->calendar);
	if (agreement->cut_off_minute >= 0) {
		sf_explain_say(page, " A change on the day of discharge after ");
		sf_english_clock(page, agreement->cut_off_minute);
		sf_explain_say(page, " also needs a telephone call.");
	}
	sf_explain_end(page, 0, 0);
	sf_explain_blank(page);
}

static void say_pathway(struct sf_explain_page *page, enum sf_pathway pathway)
{
	sf_explain_say(page,
		pathway == SF_PATHWAY_PSYCHIATRIC ? "Psychiatric pathway" : "Somatic pathway");
	sf_explain_heading(page, '-');
	sf_explain_blank(page);
}

/* Who is told on a rung; BOTH after OWNER is only the other one. */
static void say_rung(
	struct sf_explain_page *page, const struct sf_expectation *clause, size_t place)
{
	switch (clause->rungs[place]) {
	case SF_RUNG_OWNER:
		sf_explain_say(page, "%s", sf_english_role(clause->owner));
		return;
	case SF_RUNG_BOTH:
		for (size_t i = 0; i < place; i++) {
			if (clause->rungs[i] == SF_RUNG_OWNER) {
				sf_explain_say(page, "the other party");
				return;
			}
		}
		sf_explain_say(page, "both parties");
		return;
	case SF_RUNG_CONTACT:
		sf_explain_say(page, "the contact persons");
		return;
	case SF_RUNG_REGION:
		sf_explain_say(page, "the region's operators");
		return;
	case SF_RUNG_NONE:
		return;
	}
}

static void say_ladder(struct sf_explain_page *page, const struct sf_expectation *clause)
{
	if (clause->rung_count == 0)
		return;
	bool steps = clause->escalate_ms > 0 && clause->rung_count > 1;
	sf_explain_say(page, "Told when it is not done in time: %s", steps ? "first " : "");
	for (size_t i = 0; i < clause->rung_count; i++) {
		if (steps && i > 0) {
			sf_explain_say(page, ", after ");
			sf_english_span(page, (int64_t)i * clause->escalate_ms);
			sf_explain_say(page, " also ");
		} else {
			sf_explain_join(page, i, clause->rung_count, "and");
		}
		say_rung(page, clause, i);
	}
	sf_explain_say(page, ".");
	end(page);
}

static void say_expectation(
	struct sf_explain_page *page, size_t number, const struct sf_expectation *clause)
{
	sf_explain_title(page, "Duty", number, &clause->clause);
	sf_explain_say(page, "When ");
	sf_english_happened(page, &clause->arises_on);
	sf_explain_say(page, ", %s must ", sf_english_role(clause->owner));
	bool clause_inside = sf_english_duty(page, &clause->met_by);
	if (clause->due.part_count > 0) {
		sf_explain_say(page, "%s", clause_inside ? ", and do so" : "");
		sf_english_by(page, &clause->due);
		sf_explain_say(page, ".");
	} else {
		sf_explain_say(page, ". The agreement sets no deadline.");
	}
	end(page);
	say_only_when(page, &clause->conditions);
	say_ladder(page, clause);
	say_source(page, &clause->clause);
}

static void say_window(
	struct sf_explain_page *page, size_t number, const struct sf_window_clause *clause)
{
	sf_explain_title(page, "Extended responsibility", number, &clause->clause);
	sf_explain_say(page, "When ");
	sf_english_happened(page, &clause->starts_on);
	sf_explain_say(page, ", %s stays responsible for ", sf_english_role(clause->holder));
	sf_english_domains(page, SF_DOMAIN_BIT(clause->domain));
	sf_english_during(page, &clause->length);
	sf_explain_say(page, ". Then it passes to %s.", sf_english_role(clause->then));
	end(page);
	say_only_when(page, &clause->conditions);
	say_source(page, &clause->clause);
}

static void say_handover(
	struct sf_explain_page *page, size_t number, const struct sf_handover *clause)
{
	const char *to = sf_english_role(clause->to);
	sf_explain_title(page, "Handover", number, &clause->clause);
	sf_explain_say(page, "When ");
	sf_english_happened(page, &clause->on);
	sf_explain_say(page, ", %s is offered the responsibility for ", to);
	sf_english_domains(page, clause->offers);
	sf_explain_say(page, ". ");
	if (clause->silence == SF_SILENCE_PASSES) {
		sf_explain_say(page, "If %s does not answer", to);
		sf_english_by(page, &clause->after);
		sf_explain_say(page, ", the responsibility passes to %s all the same.", to);
	} else {
		sf_explain_say(
			page, "Until %s says yes, the responsibility stays where it is.", to);
	}
	end(page);
	say_only_when(page, &clause->conditions);
	say_source(page, &clause->clause);
}

static void say_receiver(struct sf_explain_page *page, const struct sf_receiver_clause *clause)
{
	sf_explain_title(page, "Treatment after discharge", 0, &clause->clause);
	sf_explain_say(page,
		"When the patient has been discharged and no extended responsibility runs, the "
		"responsibility for treatment passes to %s.",
		sf_english_role(clause->role));
	end(page);
	say_source(page, &clause->clause);
}

static void say_silence(struct sf_explain_page *page, const struct sf_silence_clause *clause)
{
	sf_explain_title(page, "Silence", 0, &clause->clause);
	sf_explain_say(page, "If something is owed and nothing happens");
	sf_english_during(page, &clause->after);
	sf_explain_say(page, ", a person must look at the transition.");
	end(page);
	say_source(page, &clause->clause);
}

static void say_rate(struct sf_explain_page *page, uint32_t rate, const struct sf_payment *clause)
{
	sf_explain_amount(page, rate, ',');
	sf_explain_say(page, " %s a day", clause->currency);
}

static void say_payment(struct sf_explain_page *page, const struct sf_payment *clause)
{
	bool region = clause->region_day_rate > 0, state = clause->state_day_rate > 0;
	sf_explain_title(page, "Payment", 0, &clause->clause);
	sf_explain_say(page,
		"When a patient who is ready waits for the municipality, the municipality pays%s",
		region || state ? "" : " no known amounts");
	if (region) {
		sf_explain_say(page, " up to ");
		say_rate(page, clause->region_day_rate, clause);
		sf_explain_say(page, " to the region");
	}
	if (state) {
		sf_explain_say(page, region ? " and " : " ");
		say_rate(page, clause->state_day_rate, clause);
		sf_explain_say(page, " to the state");
	}
	if (clause->state_day_rate_from_day_3 > 0) {
		sf_explain_say(page, ", from the third day ");
		say_rate(page, clause->state_day_rate_from_day_3, clause);
	}
	if (clause->prices[0])
		sf_explain_say(page, ". Prices of %s", clause->prices);
	sf_explain_say(page, ". The figures are for overview, not for invoices.");
	end(page);
	say_source(page, &clause->clause);
}

static void say_rules(struct sf_explain_page *page)
{
	/* clang-format off */
	static const char *const rules[] = {
		"- No message is held back because something is missing. What is not as agreed is shown "
			"as a deviation.",
		"- A responsibility always has one holder. It moves when another says yes, or when a "
			"clause here says so and the other has accepted the agreement and acknowledged "
			"what set the time running. Else it stays where it is.",
		"- A deadline that has passed does not remove the duty.",
		"- The municipality counts as having a case until it has answered.",
		"- The day of discharge is the latest day in the newest plan; without a plan, the day "
			"the patient is discharged.",
		"- A deadline in hours runs day and night. Calendar days and working days end at the "
			"time of day at which they began.",
	};
	/* clang-format on */
	sf_explain_say(page, "What always holds");
	sf_explain_heading(page, '-');
	for (size_t i = 0; i < SF_COUNT(rules); i++) {
		sf_explain_say(page, "%s", rules[i]);
		sf_explain_end(page, 0, 2);
	}
}

const struct sf_explain_tongue sf_explain_english = {say_head, say_pathway, say_expectation,
	say_window, say_handover, say_receiver, say_silence, say_payment, say_rules};
