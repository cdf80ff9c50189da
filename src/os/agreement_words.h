/*
 * The words that stand in an agreement's text, read into what the domain calculates with: facts,
 * conditions, deadlines, hours, days. The grammar of deadlines is that of core/deadline.h, the
 * words of facts are those of core/agreement.h.
 *
 * Each text is a whole value without its quotes. False: it has another form, and nothing is set.
 */
#ifndef SF_OS_AGREEMENT_WORDS_H
#define SF_OS_AGREEMENT_WORDS_H

#include "core/agreement.h"

/* What may stand there, for whoever complains. */
#define SF_AGREEMENT_TRIGGER_FORM                                                                  \
	"\"stay.discharge-home\", \"letter.care-plan\", \"accept.care\", \"plan-answer\", "        \
	"\"obligation.rehabilitation.in-progress\""
#define SF_AGREEMENT_CONDITION_FORM                                                                \
	"\"stay>24h\", \"has-case\", \"report-requested\", \"marked\", \"inpatient\", "            \
	"\"planned\", \"ready-before-discharge\", each also with \"not \" before it"
#define SF_AGREEMENT_DEADLINE_FORM                                                                 \
	"\"24h\", \"7 days\", \"1 working-day\", \"4 reading-hours\", \"same-day 23:59\", "        \
	"\"next-working-day 12:00\", \"before discharge\", \"before discharge-day 12:00\", or "    \
	"several with ';' of which the later ones end in \"if before 12:00\""

/* "stay.discharge-home" */
bool sf_agreement_trigger_read(const char *text, struct sf_trigger *ret_trigger);
/* "stay>24h" "has-case" "not marked" */
bool sf_agreement_condition_read(const char *text, struct sf_condition *ret_condition);
/* "next-day 23:59; same-day 23:59 if before 12:00" */
bool sf_agreement_deadline_read(const char *text, struct sf_deadline *ret_deadline);
/* "4h" "30min" */
bool sf_agreement_span_read(const char *text, int64_t *ret_span_ms);
/* "12:00": minute of the day */
bool sf_agreement_clock_read(const char *text, int32_t *ret_minute);
/* "2026-01-01": days since 1970-01-01 */
bool sf_agreement_day_read(const char *text, int32_t *ret_day);
/* "2026-12-24/2027-01-02", or one day alone */
bool sf_agreement_period_read(const char *text, struct sf_period *ret_period);
/* "08:00-15:00", "08:00-15:00 daily": sets the reading hours of the calendar alone */
bool sf_agreement_hours_read(const char *text, struct sf_calendar *calendar);

#endif
