#include <inttypes.h>
#include <stddef.h>

#include "audit/explain_words.h"
#include "base/time.h"

#define WORD(table, number) sf_explain_word((table), SF_COUNT(table), (size_t)(number))
#define LAST_MINUTE 1439 /* 23:59: the end of the day */

/* clang-format off */
static const char *const roles[] = {
	[SF_ROLE_HOSPITAL] = "sygehuset",
	[SF_ROLE_MUNICIPALITY] = "kommunen",
	[SF_ROLE_GP] = "den praktiserende læge",
	[SF_ROLE_PSYCHIATRY] = "psykiatrien",
	[SF_ROLE_OTHER_MUNICIPALITY] = "den anden kommune",
	[SF_ROLE_CARE_HOME] = "plejehjemmet",
	[SF_ROLE_OUT_OF_HOURS] = "lægevagten",
	[SF_ROLE_COORDINATOR] = "koordinatoren",
	[SF_ROLE_AUDITOR] = "revisoren",
};
static const char *const domains[] = {
	[SF_DOMAIN_MEDICAL] = "behandlingen",
	[SF_DOMAIN_CARE] = "plejen",
	[SF_DOMAIN_MEDICATION] = "medicinhåndteringen",
	[SF_DOMAIN_REHABILITATION] = "genoptræningen",
	[SF_DOMAIN_SOCIAL] = "den sociale støtte",
};
static const char *const activities[] = {
	"patientens ophold har ændret sig",
	[SF_ACTIVITY_ADMIT_EMERGENCY] = "patienten er modtaget akut",
	[SF_ACTIVITY_ADMIT_INPATIENT] = "patienten er indlagt",
	[SF_ACTIVITY_LEAVE_START] = "patienten er gået på orlov",
	[SF_ACTIVITY_LEAVE_END] = "patienten er tilbage fra orlov",
	[SF_ACTIVITY_DISCHARGE_HOME] = "patienten er udskrevet til hjemmet",
	[SF_ACTIVITY_DEATH] = "patienten er død",
};
static const char *const letters[] = {
	"et brev",
	[SF_LETTER_ADMISSION_REPORT] = "indlæggelsesrapporten",
	[SF_LETTER_CARE_PLAN] = "plejeforløbsplanen",
	[SF_LETTER_READINESS] = "meldingen om færdigbehandling",
	[SF_LETTER_DISCHARGE_REPORT] = "udskrivningsrapporten",
	[SF_LETTER_DISCHARGE_LETTER] = "epikrisen",
	[SF_LETTER_REHABILITATION_PLAN] = "genoptræningsplanen",
	[SF_LETTER_PSYCHIATRIC_AGREEMENT] = "udskrivningsaftalen (§ 13 a)",
	[SF_LETTER_COORDINATION_PLAN] = "koordinationsplanen (§ 13 b)",
	[SF_LETTER_CORRESPONDENCE] = "en korrespondance",
};
static const char *const assessments[] = {
	"det er vurderet, om patienten har brug for en udskrivningsaftale",
	[SF_ASSESSMENT_NEEDED] = "det er vurderet, at patienten har brug for en udskrivningsaftale",
	[SF_ASSESSMENT_NOT_NEEDED] =
		"det er vurderet, at patienten ikke har brug for en udskrivningsaftale",
	[SF_ASSESSMENT_DECLINED] = "patienten har sagt nej til en udskrivningsaftale",
};
static const char *const answers[] = {
	"kommunen har svaret på planen",
	[SF_PLAN_ANSWER_ACCEPT] = "kommunen har sagt ja til planen",
	[SF_PLAN_ANSWER_LATER] = "kommunen har svaret, at den kan modtage borgeren senere",
	[SF_PLAN_ANSWER_CANNOT] = "kommunen har svaret: kan ikke modtage",
	[SF_PLAN_ANSWER_NOT_OURS] = "kommunen har svaret: ikke vores borger",
	[SF_PLAN_ANSWER_NO_CASE] = "kommunen har svaret, at den ikke har en sag",
};
/* Asked for, known, done. */
static const struct {
	const char *asked, *known, *done;
} duties[] = {
	{NULL, NULL, NULL},
	[SF_DUTY_HOME_CARE] = {"hjemmehjælp", "hjemmehjælpen", "give hjemmehjælpen"},
	[SF_DUTY_NURSING] = {"sygepleje", "sygeplejen", "give sygeplejen"},
	[SF_DUTY_MEDICATION_ADMINISTRATION] =
		{"hjælp til medicinen", "hjælpen til medicinen", "give hjælpen til medicinen"},
	[SF_DUTY_MEDICATION_REVIEW] =
		{"en gennemgang af medicinen", "medicingennemgangen", "gennemgå medicinen"},
	[SF_DUTY_ASSISTIVE_DEVICES] = {"hjælpemidler", "hjælpemidlerne", "levere hjælpemidlerne"},
	[SF_DUTY_MEALS_FIRST_DAY] = {"mad til den første dag", "maden til den første dag",
		"sørge for mad til den første dag"},
	[SF_DUTY_TRANSPORT] = {"transport", "transporten", "sørge for transporten"},
	[SF_DUTY_REHABILITATION] = {"genoptræning", "genoptræningen", "afslutte genoptræningen"},
	[SF_DUTY_FOLLOW_UP_VISIT] = {"et opfølgende besøg", "det opfølgende besøg",
		"aflægge det opfølgende besøg"},
	[SF_DUTY_GP_REVIEW] = {"lægens gennemgang af brevet", "gennemgangen af brevet",
		"gennemgå brevet"},
	[SF_DUTY_PENDING_RESULT] = {"opfølgning på et prøvesvar", "opfølgningen på prøvesvaret",
		"følge op på prøvesvaret"},
	[SF_DUTY_NETWORK_MEETING] = {"et netværksmøde", "netværksmødet", "holde netværksmødet"},
	[SF_DUTY_SOCIAL_SUPPORT] = {"social støtte", "den sociale støtte",
		"give den sociale støtte"},
	[SF_DUTY_DOCUMENTATION] = {"dokumentation", "dokumentationen", "skrive dokumentationen"},
	[SF_DUTY_OTHER] = {"en opgave", "opgaven", "løse opgaven"},
};
static const char *const months[] = {"januar", "februar", "marts", "april", "maj", "juni", "juli",
	"august", "september", "oktober", "november", "december"};
/* As they are, and said no to. */
static const struct {
	const char *is, *is_not;
} conditions_said[] = {
	{NULL, NULL},
	[SF_CONDITION_REPORT_REQUESTED] = {"sygehuset har bedt om en indlæggelsesrapport",
		"sygehuset ikke har bedt om en indlæggelsesrapport"},
	[SF_CONDITION_STAY_LONGER] = {"opholdet varer mere end ", "opholdet varer højst "},
	[SF_CONDITION_HAS_CASE] = {"kommunen har en sag på borgeren",
		"kommunen ikke har en sag på borgeren"},
	[SF_CONDITION_MARKED] = {"brevet er mærket gult eller rødt",
		"brevet ikke er mærket gult eller rødt"},
	[SF_CONDITION_INPATIENT] = {"patienten er indlagt",
		"patienten kun er modtaget akut"},
	[SF_CONDITION_PLANNED] = {"der er lagt en plan for udskrivningen",
		"der ikke er lagt en plan for udskrivningen"},
	[SF_CONDITION_READY_BEFORE] = {"den aftalte udskrivning er en senere dag",
		"den aftalte udskrivning ikke er en senere dag"},
};
/* clang-format on */

const char *sf_danish_role(enum sf_role role)
{
	return WORD(roles, role);
}

void sf_danish_day(struct sf_explain_page *page, int32_t day)
{
	int32_t year = 0, month = 1, day_of_month = 0;
	sf_day_to_date(day, &year, &month, &day_of_month);
	sf_explain_say(page, "%" PRId32 "." SF_EXPLAIN_GLUE "%s" SF_EXPLAIN_GLUE "%" PRId32,
		day_of_month, WORD(months, month - 1), year);
}

void sf_danish_clock(struct sf_explain_page *page, int32_t minute)
{
	if (minute % 60 == 0)
		sf_explain_say(page, "kl." SF_EXPLAIN_GLUE "%" PRId32, minute / 60);
	else
		sf_explain_say(page, "kl." SF_EXPLAIN_GLUE "%" PRId32 ".%02" PRId32, minute / 60,
			minute % 60);
}

void sf_danish_domains(struct sf_explain_page *page, sf_domain_set set)
{
	size_t count = 0, index = 0;
	for (size_t i = 0; i < SF_DOMAIN_COUNT; i++)
		count += (set & SF_DOMAIN_BIT(i)) != 0;
	for (size_t i = 0; i < SF_DOMAIN_COUNT; i++) {
		if (!(set & SF_DOMAIN_BIT(i)))
			continue;
		sf_explain_join(page, index++, count, "og");
		sf_explain_say(page, "%s", WORD(domains, i));
	}
}

static void duty_happened(struct sf_explain_page *page, const struct sf_trigger *trigger)
{
	size_t place = trigger->detail < SF_COUNT(duties) ? trigger->detail : 0;
	const char *known = duties[place].known ? duties[place].known : "opgaven";
	const char *asked = duties[place].asked ? duties[place].asked : "en opgave";
	/* clang-format off */
	static const char *const states[] = {
		[SF_TASK_RECEIVED] = "er modtaget",
		[SF_TASK_IN_PROGRESS] = "er sat i gang", [SF_TASK_COMPLETED] = "er klaret",
		[SF_TASK_REJECTED] = "er afvist", [SF_TASK_REFERRED_ONWARD] = "er henvist videre",
		[SF_TASK_ON_HOLD] = "er sat på pause", [SF_TASK_CANCELLED] = "er aflyst",
		[SF_TASK_FAILED] = "er ikke lykkedes", [SF_TASK_EXPIRED] = "er over tiden",
	};
	/* clang-format on */
	if (trigger->state == SF_TASK_REQUESTED)
		sf_explain_say(page, "der er bedt om %s", asked);
	else if (trigger->state == SF_TASK_ACCEPTED)
		sf_explain_say(page, "nogen har påtaget sig %s", known);
	else
		sf_explain_say(page, "%s %s", known, WORD(states, trigger->state));
}

void sf_danish_happened(struct sf_explain_page *page, const struct sf_trigger *trigger)
{
	/* clang-format off */
	static const char *const plain[] = {
		[SF_KIND_PARTIES] = "forløbets parter er ændret",
		[SF_KIND_OFFER] = "et ansvar er tilbudt",
		[SF_KIND_REFUSE] = "et tilbudt ansvar er afslået",
		[SF_KIND_WITHDRAW] = "et tilbud om ansvar er trukket tilbage",
		[SF_KIND_WINDOW] = "det udvidede ansvar er ændret",
		[SF_KIND_DISPUTE] = "noget er bestridt",
		[SF_KIND_RESOLVE] = "uenigheden er løst",
		[SF_KIND_CLOSE] = "forløbet er lukket i hånden",
		[SF_KIND_REOPEN] = "forløbet er åbnet igen",
		[SF_KIND_INTENT] = "udskrivningen er besluttet",
		[SF_KIND_PLAN] = "der er lagt en plan for udskrivningen",
		[SF_KIND_READY] = "patienten er meldt færdigbehandlet",
		[SF_KIND_READY_WITHDRAWN] = "meldingen om færdigbehandling er trukket tilbage",
		[SF_KIND_AGREE] = "udskrivningstidspunktet er bekræftet",
		[SF_KIND_ARRIVED] = "borgeren er kommet hjem",
		[SF_KIND_QUESTION] = "der er stillet et spørgsmål",
		[SF_KIND_ANSWER] = "spørgsmålet er besvaret",
		[SF_KIND_FALLBACK] = "det er aftalt over telefonen",
	};
	/* clang-format on */
	size_t detail = trigger->detail;
	if (trigger->kind == SF_KIND_STAY)
		sf_explain_say(page, "%s", WORD(activities, detail));
	else if (trigger->kind == SF_KIND_LETTER)
		sf_explain_say(page, "%s er sendt", WORD(letters, detail));
	else if (trigger->kind == SF_KIND_ASSESSMENT)
		sf_explain_say(page, "%s", WORD(assessments, detail));
	else if (trigger->kind == SF_KIND_PLAN_ANSWER)
		sf_explain_say(page, "%s", WORD(answers, detail));
	else if (trigger->kind == SF_KIND_ACCEPT && detail > 0)
		sf_explain_say(page, "ansvaret for %s er overtaget", WORD(domains, detail - 1));
	else if (trigger->kind == SF_KIND_ACCEPT)
		sf_explain_say(page, "ansvaret er overtaget");
	else if (trigger->kind == SF_KIND_OBLIGATION)
		duty_happened(page, trigger);
	else
		sf_explain_say(page, "%s", WORD(plain, trigger->kind));
}

/* False: there is no better word than to say that it happened. */
static bool say_duty_step(struct sf_explain_page *page, const struct sf_trigger *trigger)
{
	if (trigger->detail == 0 || trigger->detail >= SF_COUNT(duties))
		return false;
	if (trigger->state == SF_TASK_REQUESTED)
		sf_explain_say(page, "bede om %s", duties[trigger->detail].asked);
	else if (trigger->state == SF_TASK_ACCEPTED)
		sf_explain_say(page, "påtage sig %s", duties[trigger->detail].known);
	else if (trigger->state == SF_TASK_IN_PROGRESS)
		sf_explain_say(page, "sætte %s i gang", duties[trigger->detail].known);
	else if (trigger->state == SF_TASK_COMPLETED)
		sf_explain_say(page, "%s", duties[trigger->detail].done);
	else
		return false;
	return true;
}

bool sf_danish_duty(struct sf_explain_page *page, const struct sf_trigger *trigger)
{
	/* clang-format off */
	static const char *const plain[] = {
		[SF_KIND_ASSESSMENT] = "vurdere behovet for en udskrivningsaftale",
		[SF_KIND_PLAN] = "lægge en plan for udskrivningen",
		[SF_KIND_PLAN_ANSWER] = "svare på planen",
		[SF_KIND_READY] = "melde patienten færdigbehandlet",
		[SF_KIND_AGREE] = "bekræfte udskrivningstidspunktet",
		[SF_KIND_ACCEPT] = "overtage det ansvar, der er tilbudt",
		[SF_KIND_QUESTION] = "stille et spørgsmål",
		[SF_KIND_ANSWER] = "svare på spørgsmålet",
		[SF_KIND_ARRIVED] = "melde borgerens hjemkomst",
		[SF_KIND_FALLBACK] = "aftale det over telefonen",
	};
	/* clang-format on */
	if (trigger->kind == SF_KIND_LETTER) {
		sf_explain_say(page, "sende %s", WORD(letters, trigger->detail));
	} else if (trigger->kind == SF_KIND_ACCEPT && trigger->detail > 0) {
		sf_explain_say(
			page, "overtage ansvaret for %s", WORD(domains, trigger->detail - 1));
	} else if (trigger->kind == SF_KIND_PLAN_ANSWER &&
		   trigger->detail == SF_PLAN_ANSWER_ACCEPT) {
		sf_explain_say(page, "sige ja til planen");
	} else if (trigger->kind == SF_KIND_OBLIGATION && say_duty_step(page, trigger)) {
		return false;
	} else if (trigger->detail == 0 && trigger->kind < SF_COUNT(plain) &&
		   plain[trigger->kind]) {
		sf_explain_say(page, "%s", plain[trigger->kind]);
	} else {
		sf_explain_say(page, "melde, at ");
		sf_danish_happened(page, trigger);
		return true;
	}
	return false;
}

void sf_danish_span(struct sf_explain_page *page, int64_t span_ms)
{
	int64_t amount = span_ms;
	const char *unit = "millisekunder";
	if (span_ms % SF_HOUR_MS == 0) {
		amount = span_ms / SF_HOUR_MS;
		unit = amount == 1 ? "time" : "timer";
	} else if (span_ms % SF_MINUTE_MS == 0) {
		amount = span_ms / SF_MINUTE_MS;
		unit = amount == 1 ? "minut" : "minutter";
	}
	sf_explain_say(page, "%" PRId64 SF_EXPLAIN_GLUE "%s", amount, unit);
}

static void say_counted(
	struct sf_explain_page *page, int32_t amount, const char *one, const char *many)
{
	sf_explain_say(page, "%" PRId32 SF_EXPLAIN_GLUE "%s", amount, amount == 1 ? one : many);
}

/* "kl. 12 på udskrivningsdagen", "næste arbejdsdag", "på 3. dag efter"; 23:59 is the day itself. */
static void say_day(struct sf_explain_page *page, const struct sf_deadline_part *part)
{
	bool working = part->rule == SF_DEADLINE_WORKING_DAY_AT;
	if (part->minute != LAST_MINUTE) {
		sf_danish_clock(page, part->minute);
		sf_explain_say(page, " ");
	}
	if (part->rule == SF_DEADLINE_DISCHARGE_DAY_AT)
		sf_explain_say(page, "på udskrivningsdagen");
	else if (part->amount == 0)
		sf_explain_say(page, "samme dag");
	else if (part->amount == 1)
		sf_explain_say(page, working ? "næste arbejdsdag" : "dagen efter");
	else
		sf_explain_say(page, "på %" PRId32 "." SF_EXPLAIN_GLUE "%s efter", part->amount,
			working ? "arbejdsdag" : "dag");
}

static void say_amount(struct sf_explain_page *page, const struct sf_deadline_part *part)
{
	if (part->rule == SF_DEADLINE_MINUTES)
		sf_danish_span(page, part->amount * SF_MINUTE_MS);
	else if (part->rule == SF_DEADLINE_DAYS)
		say_counted(page, part->amount, "kalenderdag", "kalenderdage");
	else if (part->rule == SF_DEADLINE_WORKING_DAYS)
		say_counted(page, part->amount, "arbejdsdag", "arbejdsdage");
	else
		say_counted(page, part->amount, "time", "timer");
	if (part->rule == SF_DEADLINE_READING_HOURS)
		sf_explain_say(page, " i læsetiden");
}

/* Begins with what parts it from the words before. */
static void say_deadline(struct sf_explain_page *page, const struct sf_deadline *deadline,
	const char *counted, const char *day)
{
	for (size_t i = 0; i < deadline->part_count; i++) {
		const struct sf_deadline_part *part = &deadline->parts[i];
		sf_explain_say(page, "%s", i > 0 ? ", men" : "");
		if (part->rule == SF_DEADLINE_DISCHARGE) {
			sf_explain_say(page, ", inden patienten udskrives");
		} else if (sf_explain_is_counted(part->rule)) {
			sf_explain_say(page, " %s ", counted);
			say_amount(page, part);
		} else {
			sf_explain_say(page, " %s ", day);
			say_day(page, part);
		}
		if (part->if_before_minute < 0)
			continue;
		sf_explain_say(page, ", hvis det skete før ");
		sf_danish_clock(page, part->if_before_minute);
	}
}

void sf_danish_by(struct sf_explain_page *page, const struct sf_deadline *deadline)
{
	say_deadline(page, deadline, "inden for", "senest");
}

void sf_danish_during(struct sf_explain_page *page, const struct sf_deadline *deadline)
{
	say_deadline(page, deadline, "i", "indtil");
}

void sf_danish_conditions(struct sf_explain_page *page, const struct sf_conditions *conditions)
{
	for (size_t i = 0; i < conditions->count; i++) {
		const struct sf_condition *condition = &conditions->items[i];
		size_t code = (size_t)condition->code;
		code = code < SF_COUNT(conditions_said) ? code : 0;
		const char *said = condition->negated ? conditions_said[code].is_not
						      : conditions_said[code].is;
		sf_explain_join(page, i, conditions->count, "og");
		sf_explain_say(page, "%s", said ? said : "?");
		if (condition->code == SF_CONDITION_STAY_LONGER)
			sf_danish_span(page, condition->than_ms);
	}
}
