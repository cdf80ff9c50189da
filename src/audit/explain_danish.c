#include <inttypes.h>
#include <string.h>

#include "audit/explain_words.h"

#define INDENT 3

static void end(struct sf_explain_page *page)
{
	sf_explain_end(page, INDENT, INDENT);
}

static void say_source(struct sf_explain_page *page, const struct sf_clause *clause)
{
	if (sf_explain_has_source(clause))
		sf_explain_say(page, "Kilde: %s", clause->source);
	else
		sf_explain_say(page, "Kilde mangler (source missing).");
	end(page);
	sf_explain_blank(page);
}

static void say_only_when(struct sf_explain_page *page, const struct sf_conditions *conditions)
{
	if (conditions->count == 0)
		return;
	sf_explain_say(page, "Kun når ");
	sf_danish_conditions(page, conditions);
	sf_explain_say(page, ".");
	end(page);
}

static void say_suspended(struct sf_explain_page *page, const struct sf_period *period)
{
	bool days = period->to_day > period->from_day;
	sf_explain_say(page, " Fristerne står stille %s", days ? "fra " : "");
	sf_danish_day(page, period->from_day);
	if (days) {
		sf_explain_say(page, " til ");
		sf_danish_day(page, period->to_day);
	}
	sf_explain_say(page, days ? ", begge dage med." : ".");
}

static void say_calendar(struct sf_explain_page *page, const struct sf_calendar *calendar)
{
	sf_explain_say(page, calendar->danish
				     ? " Arbejdsdage er mandag til fredag, dog ikke helligdage."
				     : " Alle dage tæller som arbejdsdage.");
	if (calendar->reading_to_minute > 0) {
		sf_explain_say(page, " Det, der kommer ind, læses fra ");
		sf_danish_clock(page, calendar->reading_from_minute);
		sf_explain_say(page, " til ");
		sf_danish_clock(page, calendar->reading_to_minute);
		sf_explain_say(page, calendar->reading_daily ? " hver dag." : " på arbejdsdage.");
	}
	for (size_t i = 0; i < calendar->suspended_count; i++)
		say_suspended(page, &calendar->suspended[i]);
}

static void say_head(struct sf_explain_page *page, const struct sf_agreement *agreement)
{
	sf_explain_say(page, "Aftale: %s, version %" PRIu32, agreement->name, agreement->version);
	sf_explain_heading(page, '=');
	if (agreement->valid_from_day > 0) {
		sf_explain_say(page, "Gælder fra ");
		sf_danish_day(page, agreement->valid_from_day);
		sf_explain_say(page, ". ");
	}
	sf_explain_say(page, "Klokkeslæt er lokal tid (%s).", agreement->time_zone);
	say_calendar(page, &agreement->calendar);
	if (agreement->cut_off_minute >= 0) {
		sf_explain_say(page, " Ændres noget på udskrivningsdagen efter ");
		sf_danish_clock(page, agreement->cut_off_minute);
		sf_explain_say(page, ", skal der også ringes.");
	}
	sf_explain_end(page, 0, 0);
	sf_explain_blank(page);
}

static void say_pathway(struct sf_explain_page *page, enum sf_pathway pathway)
{
	sf_explain_say(page,
		pathway == SF_PATHWAY_PSYCHIATRIC ? "Psykiatriske forløb" : "Somatiske forløb");
	sf_explain_heading(page, '-');
	sf_explain_blank(page);
}

/* Who is told on a rung; BOTH after OWNER is only the other one. */
static void say_rung(
	struct sf_explain_page *page, const struct sf_expectation *clause, size_t place)
{
	switch (clause->rungs[place]) {
	case SF_RUNG_OWNER:
		sf_explain_say(page, "%s", sf_danish_role(clause->owner));
		return;
	case SF_RUNG_BOTH:
		for (size_t i = 0; i < place; i++) {
			if (clause->rungs[i] == SF_RUNG_OWNER) {
				sf_explain_say(page, "den anden part");
				return;
			}
		}
		sf_explain_say(page, "begge parter");
		return;
	case SF_RUNG_CONTACT:
		sf_explain_say(page, "kontaktpersonerne");
		return;
	case SF_RUNG_REGION:
		sf_explain_say(page, "regionens vagt");
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
	sf_explain_say(page, "Sker det ikke i tide, får %s", steps ? "først " : "");
	for (size_t i = 0; i < clause->rung_count; i++) {
		if (steps && i > 0) {
			sf_explain_say(page, ", efter ");
			sf_danish_span(page, (int64_t)i * clause->escalate_ms);
			sf_explain_say(page, " også ");
		} else {
			sf_explain_join(page, i, clause->rung_count, "og");
		}
		say_rung(page, clause, i);
		if (steps && i == 0)
			sf_explain_say(page, " besked");
	}
	sf_explain_say(page, steps ? "." : " besked.");
	end(page);
}

static void say_expectation(
	struct sf_explain_page *page, size_t number, const struct sf_expectation *clause)
{
	sf_explain_title(page, "Opgave", number, &clause->clause);
	sf_explain_say(page, "Når ");
	sf_danish_happened(page, &clause->arises_on);
	sf_explain_say(page, ", skal %s ", sf_danish_role(clause->owner));
	bool clause_inside = sf_danish_duty(page, &clause->met_by);
	if (clause->due.part_count > 0) {
		sf_explain_say(page, "%s", clause_inside ? ", og det" : "");
		sf_danish_by(page, &clause->due);
		sf_explain_say(page, ".");
	} else {
		sf_explain_say(page, ". Aftalen sætter ingen frist.");
	}
	end(page);
	say_only_when(page, &clause->conditions);
	say_ladder(page, clause);
	say_source(page, &clause->clause);
}

static void say_window(
	struct sf_explain_page *page, size_t number, const struct sf_window_clause *clause)
{
	sf_explain_title(page, "Udvidet ansvar", number, &clause->clause);
	sf_explain_say(page, "Når ");
	sf_danish_happened(page, &clause->starts_on);
	sf_explain_say(page, ", beholder %s ansvaret for ", sf_danish_role(clause->holder));
	sf_danish_domains(page, SF_DOMAIN_BIT(clause->domain));
	sf_danish_during(page, &clause->length);
	sf_explain_say(page, ". Derefter overgår det til %s.", sf_danish_role(clause->then));
	end(page);
	say_only_when(page, &clause->conditions);
	say_source(page, &clause->clause);
}

static void say_handover(
	struct sf_explain_page *page, size_t number, const struct sf_handover *clause)
{
	const char *to = sf_danish_role(clause->to);
	sf_explain_title(page, "Overdragelse", number, &clause->clause);
	sf_explain_say(page, "Når ");
	sf_danish_happened(page, &clause->on);
	sf_explain_say(page, ", får %s tilbudt ansvaret for ", to);
	sf_danish_domains(page, clause->offers);
	sf_explain_say(page, ". ");
	if (clause->silence == SF_SILENCE_PASSES) {
		sf_explain_say(page, "Svarer %s ikke", to);
		sf_danish_by(page, &clause->after);
		sf_explain_say(page, ", overgår ansvaret alligevel til %s.", to);
	} else {
		sf_explain_say(page, "Indtil %s siger ja, bliver ansvaret, hvor det er.", to);
	}
	end(page);
	say_only_when(page, &clause->conditions);
	say_source(page, &clause->clause);
}

static void say_receiver(struct sf_explain_page *page, const struct sf_receiver_clause *clause)
{
	sf_explain_title(page, "Behandlingsansvar efter udskrivning", 0, &clause->clause);
	sf_explain_say(page,
		"Når patienten er udskrevet, og intet udvidet ansvar løber, overgår ansvaret for "
		"behandlingen til %s.",
		sf_danish_role(clause->role));
	end(page);
	say_source(page, &clause->clause);
}

static void say_silence(struct sf_explain_page *page, const struct sf_silence_clause *clause)
{
	sf_explain_title(page, "Stilhed", 0, &clause->clause);
	sf_explain_say(page, "Er der noget, der mangler, og sker der intet");
	sf_danish_during(page, &clause->after);
	sf_explain_say(page, ", skal et menneske se på forløbet.");
	end(page);
	say_source(page, &clause->clause);
}

static void say_rate(struct sf_explain_page *page, uint32_t rate, const struct sf_payment *clause)
{
	sf_explain_amount(page, rate, '.');
	sf_explain_say(
		page, " %s", strcmp(clause->currency, "DKK") == 0 ? "kroner" : clause->currency);
}

static void say_payment(struct sf_explain_page *page, const struct sf_payment *clause)
{
	bool region = clause->region_day_rate > 0, state = clause->state_day_rate > 0;
	sf_explain_title(page, "Betaling", 0, &clause->clause);
	sf_explain_say(page, "Venter en færdigbehandlet patient på kommunen, koster det kommunen%s",
		region || state ? "" : " ingen kendte beløb");
	if (region) {
		sf_explain_say(page, " op til ");
		say_rate(page, clause->region_day_rate, clause);
		sf_explain_say(page, " om dagen til regionen");
	}
	if (state) {
		sf_explain_say(page, region ? " og " : " ");
		say_rate(page, clause->state_day_rate, clause);
		sf_explain_say(page, " om dagen til staten");
	}
	if (clause->state_day_rate_from_day_3 > 0) {
		sf_explain_say(page, ", fra 3. dag ");
		say_rate(page, clause->state_day_rate_from_day_3, clause);
	}
	if (clause->prices[0])
		sf_explain_say(page, ". Priser fra %s", clause->prices);
	sf_explain_say(page, ". Tallene bruges til overblik, ikke til regninger.");
	end(page);
	say_source(page, &clause->clause);
}

static void say_rules(struct sf_explain_page *page)
{
	/* clang-format off */
	static const char *const rules[] = {
		"- Ingen besked holdes tilbage, fordi noget mangler. Det, der ikke er som aftalt, "
			"vises som en afvigelse.",
		"- Et ansvar har altid én, der har det. Det flytter, når en anden siger ja, eller når "
			"et punkt her siger det og den anden har accepteret aftalen og kvitteret for "
			"det, der satte tiden i gang. Ellers bliver det, hvor det er.",
		"- En frist, der er overskredet, fjerner ikke opgaven.",
		"- Kommunen regnes for at have en sag, indtil den har svaret.",
		"- Udskrivningsdagen er den seneste dag i den nyeste plan; uden plan den dag, "
			"patienten udskrives.",
		"- En timefrist løber døgnet rundt. Kalenderdage og arbejdsdage ender på samme "
			"klokkeslæt, som de begyndte.",
	};
	/* clang-format on */
	sf_explain_say(page, "Det gælder altid");
	sf_explain_heading(page, '-');
	for (size_t i = 0; i < SF_COUNT(rules); i++) {
		sf_explain_say(page, "%s", rules[i]);
		sf_explain_end(page, 0, 2);
	}
}

const struct sf_explain_tongue sf_explain_danish = {say_head, say_pathway, say_expectation,
	say_window, say_handover, say_receiver, say_silence, say_payment, say_rules};
