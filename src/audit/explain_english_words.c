#include <inttypes.h>
#include <stddef.h>

#include "audit/explain_words.h"
#include "base/time.h"

#define WORD(table, number) sf_explain_word((table), SF_COUNT(table), (size_t)(number))
#define LAST_MINUTE 1439 /* 23:59: the end of the day */

/* clang-format off */
static const char *const roles[] = {
	[SF_ROLE_HOSPITAL] = "the hospital",
	[SF_ROLE_MUNICIPALITY] = "the municipality",
	[SF_ROLE_GP] = "the general practitioner",
	[SF_ROLE_PSYCHIATRY] = "the psychiatric hospital",
	[SF_ROLE_OTHER_MUNICIPALITY] = "the other municipality",
	[SF_ROLE_CARE_HOME] = "the care home",
	[SF_ROLE_OUT_OF_HOURS] = "the out-of-hours doctor",
	[SF_ROLE_COORDINATOR] = "the coordinator",
	[SF_ROLE_AUDITOR] = "the auditor",
};
static const char *const domains[] = {
	[SF_DOMAIN_MEDICAL] = "treatment",
	[SF_DOMAIN_CARE] = "care",
	[SF_DOMAIN_MEDICATION] = "medication",
	[SF_DOMAIN_REHABILITATION] = "rehabilitation",
	[SF_DOMAIN_SOCIAL] = "social support",
};
static const char *const activities[] = {
	"the patient's stay has changed",
	[SF_ACTIVITY_ADMIT_EMERGENCY] = "the patient has been received as an emergency",
	[SF_ACTIVITY_ADMIT_INPATIENT] = "the patient has been admitted",
	[SF_ACTIVITY_LEAVE_START] = "the patient has gone on leave",
	[SF_ACTIVITY_LEAVE_END] = "the patient is back from leave",
	[SF_ACTIVITY_DISCHARGE_HOME] = "the patient has been discharged home",
	[SF_ACTIVITY_DEATH] = "the patient has died",
};
static const char *const letters[] = {
	"a letter",
	[SF_LETTER_ADMISSION_REPORT] = "the admission report",
	[SF_LETTER_CARE_PLAN] = "the care plan",
	[SF_LETTER_READINESS] = "the notice of readiness",
	[SF_LETTER_DISCHARGE_REPORT] = "the discharge report",
	[SF_LETTER_DISCHARGE_LETTER] = "the discharge letter",
	[SF_LETTER_REHABILITATION_PLAN] = "the rehabilitation plan",
	[SF_LETTER_PSYCHIATRIC_AGREEMENT] = "the discharge agreement (§ 13 a)",
	[SF_LETTER_COORDINATION_PLAN] = "the coordination plan (§ 13 b)",
	[SF_LETTER_CORRESPONDENCE] = "a correspondence",
};
static const char *const assessments[] = {
	"it has been assessed whether the patient needs a discharge agreement",
	[SF_ASSESSMENT_NEEDED] = "the patient is found to need a discharge agreement",
	[SF_ASSESSMENT_NOT_NEEDED] = "the patient is found not to need a discharge agreement",
	[SF_ASSESSMENT_DECLINED] = "the patient has declined a discharge agreement",
};
static const char *const answers[] = {
	"the municipality has answered the plan",
	[SF_PLAN_ANSWER_ACCEPT] = "the municipality has said yes to the plan",
	[SF_PLAN_ANSWER_LATER] = "the municipality has answered that it can receive the citizen later",
	[SF_PLAN_ANSWER_CANNOT] = "the municipality has answered that it cannot receive the citizen",
	[SF_PLAN_ANSWER_NOT_OURS] = "the municipality has answered that it is not its citizen",
	[SF_PLAN_ANSWER_NO_CASE] = "the municipality has answered that it has no case",
};
/* Asked for, known, done. */
static const struct {
	const char *asked, *known, *done;
} duties[] = {
	{NULL, NULL, NULL},
	[SF_DUTY_HOME_CARE] = {"home care", "home care", "give the home care"},
	[SF_DUTY_NURSING] = {"nursing", "nursing", "give the nursing"},
	[SF_DUTY_MEDICATION_ADMINISTRATION] = {"help with the medicine", "help with the medicine",
		"give the help with the medicine"},
	[SF_DUTY_MEDICATION_REVIEW] =
		{"a review of the medicine", "the review of the medicine", "review the medicine"},
	[SF_DUTY_ASSISTIVE_DEVICES] = {"assistive devices", "the delivery of assistive devices",
		"deliver the assistive devices"},
	[SF_DUTY_MEALS_FIRST_DAY] = {"meals for the first day", "the order of meals",
		"see to meals for the first day"},
	[SF_DUTY_TRANSPORT] = {"transport", "the transport", "see to the transport"},
	[SF_DUTY_REHABILITATION] = {"rehabilitation", "rehabilitation", "finish the rehabilitation"},
	[SF_DUTY_FOLLOW_UP_VISIT] = {"a follow-up visit", "the follow-up visit",
		"make the follow-up visit"},
	[SF_DUTY_GP_REVIEW] = {"the doctor's review of the letter", "the review of the letter",
		"look through the letter"},
	[SF_DUTY_PENDING_RESULT] = {"follow-up of a pending result",
		"the follow-up of the pending result", "follow up the pending result"},
	[SF_DUTY_NETWORK_MEETING] = {"a network meeting", "the network meeting",
		"hold the network meeting"},
	[SF_DUTY_SOCIAL_SUPPORT] = {"social support", "social support", "give the social support"},
	[SF_DUTY_DOCUMENTATION] = {"documentation", "the documentation", "write the documentation"},
	[SF_DUTY_OTHER] = {"a task", "the task", "do the task"},
};
static const char *const months[] = {"January", "February", "March", "April", "May", "June",
	"July", "August", "September", "October", "November", "December"};
/* As they are, and said no to. */
static const struct {
	const char *is, *is_not;
} conditions_said[] = {
	{NULL, NULL},
	[SF_CONDITION_REPORT_REQUESTED] = {"the hospital has asked for an admission report",
		"the hospital has not asked for an admission report"},
	[SF_CONDITION_STAY_LONGER] = {"the stay lasts more than ", "the stay lasts at most "},
	[SF_CONDITION_HAS_CASE] = {"the municipality has a case for the citizen",
		"the municipality has no case for the citizen"},
	[SF_CONDITION_MARKED] = {"the letter is marked yellow or red",
		"the letter is not marked yellow or red"},
	[SF_CONDITION_INPATIENT] = {"the patient is an inpatient",
		"the patient is only received as an emergency"},
	[SF_CONDITION_PLANNED] = {"there is a plan for the discharge",
		"there is no plan for the discharge"},
	[SF_CONDITION_READY_BEFORE] = {"the agreed discharge is on a later day",
		"the agreed discharge is not on a later day"},
};
/* clang-format on */

const char *sf_english_role(enum sf_role role)
{
	return WORD(roles, role);
}

void sf_english_day(struct sf_explain_page *page, int32_t day)
{
	int32_t year = 0, month = 1, day_of_month = 0;
	sf_day_to_date(day, &year, &month, &day_of_month);
	sf_explain_say(page, "%" PRId32 SF_EXPLAIN_GLUE "%s" SF_EXPLAIN_GLUE "%" PRId32,
		day_of_month, WORD(months, month - 1), year);
}

void sf_english_clock(struct sf_explain_page *page, int32_t minute)
{
	sf_explain_say(page, "%02" PRId32 ":%02" PRId32, minute / 60, minute % 60);
}

void sf_english_domains(struct sf_explain_page *page, sf_domain_set set)
{
	size_t count = 0, index = 0;
	for (size_t i = 0; i < SF_DOMAIN_COUNT; i++)
		count += (set & SF_DOMAIN_BIT(i)) != 0;
	for (size_t i = 0; i < SF_DOMAIN_COUNT; i++) {
		if (!(set & SF_DOMAIN_BIT(i)))
			continue;
		sf_explain_join(page, index++, count, "and");
		sf_explain_say(page, "%s", WORD(domains, i));
	}
}

static void duty_happened(struct sf_explain_page *page, const struct sf_trigger *trigger)
{
	size_t place = trigger->detail < SF_COUNT(duties) ? trigger->detail : 0;
	const char *known = duties[place].known ? duties[place].known : "the task";
	const char *asked = duties[place].asked ? duties[place].asked : "a task";
	/* clang-format off */
	static const char *const states[] = {
		[SF_TASK_REQUESTED] = "has been asked for", [SF_TASK_RECEIVED] = "has been received",
		[SF_TASK_ACCEPTED] = "has been taken on", [SF_TASK_IN_PROGRESS] = "has been started",
		[SF_TASK_COMPLETED] = "has been done", [SF_TASK_REJECTED] = "has been declined",
		[SF_TASK_REFERRED_ONWARD] = "has been referred onward",
		[SF_TASK_ON_HOLD] = "has been put on hold", [SF_TASK_CANCELLED] = "has been cancelled",
		[SF_TASK_FAILED] = "has failed", [SF_TASK_EXPIRED] = "is past its time",
	};
	/* clang-format on */
	bool requested = trigger->state == SF_TASK_REQUESTED;
	sf_explain_say(page, "%s %s", requested ? asked : known, WORD(states, trigger->state));
}

void sf_english_happened(struct sf_explain_page *page, const struct sf_trigger *trigger)
{
	/* clang-format off */
	static const char *const plain[] = {
		[SF_KIND_PARTIES] = "the parties of the transition have changed",
		[SF_KIND_OFFER] = "a responsibility has been offered",
		[SF_KIND_REFUSE] = "an offered responsibility has been declined",
		[SF_KIND_WITHDRAW] = "an offer of responsibility has been taken back",
		[SF_KIND_WINDOW] = "the extended responsibility has been changed",
		[SF_KIND_DISPUTE] = "something has been contested",
		[SF_KIND_RESOLVE] = "the dispute has been settled",
		[SF_KIND_CLOSE] = "the transition has been closed by hand",
		[SF_KIND_REOPEN] = "the transition has been opened again",
		[SF_KIND_INTENT] = "the discharge has been decided",
		[SF_KIND_PLAN] = "the discharge has been planned",
		[SF_KIND_READY] = "the patient has been declared ready",
		[SF_KIND_READY_WITHDRAWN] = "the declaration of readiness has been withdrawn",
		[SF_KIND_AGREE] = "the time of discharge has been confirmed",
		[SF_KIND_ARRIVED] = "the citizen has come home",
		[SF_KIND_QUESTION] = "a question has been asked",
		[SF_KIND_ANSWER] = "the question has been answered",
		[SF_KIND_FALLBACK] = "it has been settled by telephone",
	};
	/* clang-format on */
	size_t detail = trigger->detail;
	if (trigger->kind == SF_KIND_STAY)
		sf_explain_say(page, "%s", WORD(activities, detail));
	else if (trigger->kind == SF_KIND_LETTER)
		sf_explain_say(page, "%s has been sent", WORD(letters, detail));
	else if (trigger->kind == SF_KIND_ASSESSMENT)
		sf_explain_say(page, "%s", WORD(assessments, detail));
	else if (trigger->kind == SF_KIND_PLAN_ANSWER)
		sf_explain_say(page, "%s", WORD(answers, detail));
	else if (trigger->kind == SF_KIND_ACCEPT && detail > 0)
		sf_explain_say(page, "the responsibility for %s has been taken over",
			WORD(domains, detail - 1));
	else if (trigger->kind == SF_KIND_ACCEPT)
		sf_explain_say(page, "the responsibility has been taken over");
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
		sf_explain_say(page, "ask for %s", duties[trigger->detail].asked);
	else if (trigger->state == SF_TASK_ACCEPTED)
		sf_explain_say(page, "take on %s", duties[trigger->detail].known);
	else if (trigger->state == SF_TASK_IN_PROGRESS)
		sf_explain_say(page, "start %s", duties[trigger->detail].known);
	else if (trigger->state == SF_TASK_COMPLETED)
		sf_explain_say(page, "%s", duties[trigger->detail].done);
	else
		return false;
	return true;
}

bool sf_english_duty(struct sf_explain_page *page, const struct sf_trigger *trigger)
{
	/* clang-format off */
	static const char *const plain[] = {
		[SF_KIND_ASSESSMENT] = "assess the need for a discharge agreement",
		[SF_KIND_PLAN] = "plan the discharge",
		[SF_KIND_PLAN_ANSWER] = "answer the plan",
		[SF_KIND_READY] = "declare the patient ready",
		[SF_KIND_AGREE] = "confirm the time of discharge",
		[SF_KIND_ACCEPT] = "take over the responsibility that is offered",
		[SF_KIND_QUESTION] = "ask a question",
		[SF_KIND_ANSWER] = "answer the question",
		[SF_KIND_ARRIVED] = "report the citizen's arrival home",
		[SF_KIND_FALLBACK] = "settle it by telephone",
	};
	/* clang-format on */
	if (trigger->kind == SF_KIND_LETTER) {
		sf_explain_say(page, "send %s", WORD(letters, trigger->detail));
	} else if (trigger->kind == SF_KIND_ACCEPT && trigger->detail > 0) {
		sf_explain_say(page, "take over the responsibility for %s",
			WORD(domains, trigger->detail - 1));
	} else if (trigger->kind == SF_KIND_PLAN_ANSWER &&
		   trigger->detail == SF_PLAN_ANSWER_ACCEPT) {
		sf_explain_say(page, "say yes to the plan");
	} else if (trigger->kind == SF_KIND_OBLIGATION && say_duty_step(page, trigger)) {
		return false;
	} else if (trigger->detail == 0 && trigger->kind < SF_COUNT(plain) &&
		   plain[trigger->kind]) {
		sf_explain_say(page, "%s", plain[trigger->kind]);
	} else {
		sf_explain_say(page, "report that ");
		sf_english_happened(page, trigger);
		return true;
	}
	return false;
}

void sf_english_span(struct sf_explain_page *page, int64_t span_ms)
{
	int64_t amount = span_ms;
	const char *unit = "milliseconds";
	if (span_ms % SF_HOUR_MS == 0) {
		amount = span_ms / SF_HOUR_MS;
		unit = amount == 1 ? "hour" : "hours";
	} else if (span_ms % SF_MINUTE_MS == 0) {
		amount = span_ms / SF_MINUTE_MS;
		unit = amount == 1 ? "minute" : "minutes";
	}
	sf_explain_say(page, "%" PRId64 SF_EXPLAIN_GLUE "%s", amount, unit);
}

static void say_counted(
	struct sf_explain_page *page, int32_t amount, const char *one, const char *many)
{
	sf_explain_say(page, "%" PRId32 SF_EXPLAIN_GLUE "%s", amount, amount == 1 ? one : many);
}

/* What makes a number a place: 2nd, 3rd, 11th. */
static const char *ordinal(int32_t number)
{
	if (number / 10 % 10 == 1)
		return "th";
	return number % 10 == 1 ? "st" : number % 10 == 2 ? "nd" : number % 10 == 3 ? "rd" : "th";
}

/* "12:00 on the next working day"; 23:59 is the end of the day. */
static void say_day(struct sf_explain_page *page, const struct sf_deadline_part *part)
{
	bool working = part->rule == SF_DEADLINE_WORKING_DAY_AT;
	if (part->minute == LAST_MINUTE) {
		sf_explain_say(page, "the end of ");
	} else {
		sf_english_clock(page, part->minute);
		sf_explain_say(page, " on ");
	}
	if (part->rule == SF_DEADLINE_DISCHARGE_DAY_AT)
		sf_explain_say(page, "the day of discharge");
	else if (part->amount == 0)
		sf_explain_say(page, "the same day");
	else if (part->amount == 1)
		sf_explain_say(page, working ? "the next working day" : "the next day");
	else
		sf_explain_say(page, "the %" PRId32 "%s %s after", part->amount,
			ordinal(part->amount), working ? "working day" : "day");
}

static void say_amount(struct sf_explain_page *page, const struct sf_deadline_part *part)
{
	if (part->rule == SF_DEADLINE_MINUTES)
		sf_english_span(page, part->amount * SF_MINUTE_MS);
	else if (part->rule == SF_DEADLINE_DAYS)
		say_counted(page, part->amount, "calendar day", "calendar days");
	else if (part->rule == SF_DEADLINE_WORKING_DAYS)
		say_counted(page, part->amount, "working day", "working days");
	else
		say_counted(page, part->amount, "reading hour", "reading hours");
}

/* Begins with what parts it from the words before. */
static void say_deadline(struct sf_explain_page *page, const struct sf_deadline *deadline,
	const char *counted, const char *day)
{
	for (size_t i = 0; i < deadline->part_count; i++) {
		const struct sf_deadline_part *part = &deadline->parts[i];
		sf_explain_say(page, "%s", i > 0 ? ", but" : "");
		if (part->rule == SF_DEADLINE_DISCHARGE) {
			sf_explain_say(page, " before the patient is discharged");
		} else if (sf_explain_is_counted(part->rule)) {
			sf_explain_say(page, " %s ", counted);
			say_amount(page, part);
		} else {
			sf_explain_say(page, " %s ", day);
			say_day(page, part);
		}
		if (part->if_before_minute < 0)
			continue;
		sf_explain_say(page, " if that was before ");
		sf_english_clock(page, part->if_before_minute);
	}
}

void sf_english_by(struct sf_explain_page *page, const struct sf_deadline *deadline)
{
	say_deadline(page, deadline, "within", "by");
}

void sf_english_during(struct sf_explain_page *page, const struct sf_deadline *deadline)
{
	say_deadline(page, deadline, "for", "until");
}

void sf_english_conditions(struct sf_explain_page *page, const struct sf_conditions *conditions)
{
	for (size_t i = 0; i < conditions->count; i++) {
		const struct sf_condition *condition = &conditions->items[i];
		size_t code = (size_t)condition->code;
		code = code < SF_COUNT(conditions_said) ? code : 0;
		const char *said = condition->negated ? conditions_said[code].is_not
						      : conditions_said[code].is;
		sf_explain_join(page, i, conditions->count, "and");
		sf_explain_say(page, "%s", said ? said : "?");
		if (condition->code == SF_CONDITION_STAY_LONGER)
			sf_english_span(page, condition->than_ms);
	}
}
