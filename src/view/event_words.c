#include "view/event_words.h"

#include <stdio.h>

/* What the agreement calls a clause, as far as something of it is shown. */
static const char *clause_name(const struct sf_reply_transition *show, uint32_t clause)
{
	for (size_t i = 0; i < show->obligation_count; i++)
		if (show->obligations[i].clause == clause && clause != 0)
			return show->obligations[i].name;
	for (size_t i = 0; i < show->window_count; i++)
		if (show->windows[i].clause == clause && clause != 0)
			return show->windows[i].name;
	return "";
}

const char *sf_event_detail(const struct sf_reply_transition *show, const struct sf_event_row *row)
{
	switch (row->kind) {
	case SF_KIND_ASSESSMENT:
		return sf_assessment_text((enum sf_assessment_code)row->detail);
	case SF_KIND_PLAN_ANSWER:
		return sf_plan_answer_text((enum sf_plan_answer_code)row->detail);
	case SF_KIND_LETTER:
		return sf_letter_text((enum sf_letter_code)row->detail);
	case SF_KIND_OBLIGATION:
		return sf_task_action_text((enum sf_task_action)row->detail);
	case SF_KIND_WINDOW:
		return sf_window_action_text((enum sf_window_action)row->detail);
	case SF_KIND_DISPUTE:
		return sf_dispute_text((enum sf_dispute_code)row->detail);
	case SF_KIND_CLOSE:
		return sf_close_text((enum sf_close_code)row->detail);
	case SF_KIND_LINKED:
		return sf_link_text((enum sf_link_kind)row->detail);
	case SF_KIND_QUESTION:
	case SF_KIND_FALLBACK:
	case SF_KIND_REFUSE:
		return sf_role_text((enum sf_role)row->detail);
	case SF_KIND_EXPIRED:
	case SF_KIND_ESCALATED:
	case SF_KIND_WINDOW_ENDED:
	case SF_KIND_PASSED:
		return clause_name(show, row->detail);
	default: /* a kind that says nothing more, or of a later version */
		return "";
	}
}

/* What is owed because of the event's subject: what was asked for, else the one clause about it. */
static struct sf_shown owed_word(
	const struct sf_reply_transition *show, const struct sf_event_row *row)
{
	const struct sf_obligation_row *found = NULL;
	size_t count = 0;
	for (size_t i = 0; i < show->obligation_count; i++) {
		const struct sf_obligation_row *owed = &show->obligations[i];
		if (!sf_id_equal(owed->subject, row->in_reply_to))
			continue;
		if (owed->clause == 0)
			return sf_duty_name(owed->duty, owed->name);
		found = owed;
		count++;
	}
	return count == 1 ? sf_duty_name(found->duty, found->name) : sf_show_text("");
}

/* "discharge-home (revise)". */
static struct sf_shown stay_words(const struct sf_event_row *row)
{
	struct sf_shown shown;
	bool plain = row->mode == SF_MODE_NONE || row->mode == SF_MODE_NEW;
	snprintf(shown.text, sizeof(shown.text), "%s%s%s%s", sf_activity_text(row->activity),
		plain ? "" : " (", plain ? "" : sf_mode_text(row->mode), plain ? "" : ")");
	return shown;
}

struct sf_shown sf_event_words(
	const struct sf_reply_transition *show, const struct sf_event_row *row)
{
	struct sf_shown shown;
	if (row->activity)
		return stay_words(row);
	const char *kind = sf_kind_text(row->kind);
	bool about_duty = row->kind == SF_KIND_OBLIGATION ||
			  ((row->kind == SF_KIND_EXPIRED || row->kind == SF_KIND_ESCALATED) &&
				  row->detail == 0);
	const struct sf_shown duty = row->duty    ? sf_show_text(sf_duty_text(row->duty))
				     : about_duty ? owed_word(show, row)
						  : sf_show_text("");
	const struct sf_shown domains = sf_show_domains(row->domains);
	const char *word = row->ack       ? sf_ack_text(row->ack)
			   : row->domains ? domains.text
			   : row->detail  ? sf_event_detail(show, row)
					  : "";
	if (row->kind == SF_KIND_PLAN && row->detail)
		snprintf(shown.text, sizeof(shown.text), "plan, version %u", (unsigned)row->detail);
	else
		snprintf(shown.text, sizeof(shown.text), "%.40s%s%.64s%s%.64s", kind,
			word[0] ? " " : "", sf_show_text(word).text, duty.text[0] ? " " : "",
			duty.text);
	return shown;
}
