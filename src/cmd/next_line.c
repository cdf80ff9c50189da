#include "cmd/next_line.h"

#include <string.h>

#include "cmd/width.h"

/* Duties that the domain raises by itself have words of their own. */
static const struct {
	enum sf_duty duty;
	const char *deed;
} own_deeds[] = {
	{SF_DUTY_ANSWER, "answer the question"},
	{SF_DUTY_SEND_DOCUMENTS, "send the discharge that was announced"},
	{SF_DUTY_FIND_RECEIVER, "find a receiver: nobody is bound to the role"},
	{SF_DUTY_TELL_RECEIVER, "make sure that the receiver is told"},
	{SF_DUTY_PROMISED_ANSWER, "give the answer that was promised"},
};

static struct sf_shown duty_deed(const struct sf_board_row *row)
{
	for (size_t i = 0; i < SF_COUNT(own_deeds); i++)
		if (own_deeds[i].duty == row->duty)
			return sf_show_text(own_deeds[i].deed);
	struct sf_shown shown;
	snprintf(shown.text, sizeof(shown.text), "see to %.96s",
		sf_duty_name(row->duty, row->name).text);
	return shown;
}

/* Refused, rejected, or answered with a direction: who asked must find somebody else. */
static struct sf_shown offer_again_deed(const struct sf_board_row *row)
{
	bool is_duty = row->duty != SF_DUTY_NONE;
	struct sf_shown shown;
	if (!is_duty && !row->domains)
		return sf_show_text("bind another party to receive the citizen");
	snprintf(shown.text, sizeof(shown.text), "offer %.96s to another party",
		is_duty ? sf_duty_name(row->duty, row->name).text
			: sf_show_domains(row->domains).text);
	return shown;
}

struct sf_shown sf_next_deed(const struct sf_board_row *row)
{
	struct sf_shown shown;
	switch (row->next) {
	case SF_NEXT_NOTHING:
		return sf_show_text("do nothing");
	case SF_NEXT_DECIDE:
		return sf_show_text("decide what is contested or frozen");
	case SF_NEXT_ANSWER_OFFER:
		snprintf(shown.text, sizeof(shown.text), "answer the offer of %.96s",
			sf_show_domains(row->domains).text);
		return shown;
	case SF_NEXT_FIND_RECEIVER:
		snprintf(shown.text, sizeof(shown.text), "find a receiver%s%.96s",
			row->domains ? " for " : "",
			row->domains ? sf_show_domains(row->domains).text : "");
		return shown;
	case SF_NEXT_OBLIGATION:
		return duty_deed(row);
	case SF_NEXT_ANSWER_PLAN:
		return sf_show_text("answer the plan");
	case SF_NEXT_AGREE:
		return sf_show_text("confirm the time of discharge");
	case SF_NEXT_OFFER_AGAIN:
		return offer_again_deed(row);
	case SF_NEXT_WINDOW:
		snprintf(shown.text, sizeof(shown.text), "keep %.96s",
			sf_show_domains(row->domains).text);
		return shown;
	case SF_NEXT_DISCHARGE:
		return sf_show_text("discharge the patient");
	}
	return sf_show_text("do what a later version knows");
}

/* "until" for what is kept, "at" for what is planned. */
static const char *before_word(enum sf_next_what what)
{
	if (what == SF_NEXT_WINDOW)
		return "until";
	return what == SF_NEXT_DISCHARGE ? "at" : "before";
}

static void add_who(struct sf_words *words, const struct sf_board_row *next)
{
	bool known = !sf_id_is_none(next->party) || (next->party_name && next->party_name[0]);
	if (known)
		sf_words_add(words, "%s", sf_show_party(next->party_name, next->party).text);
	else if (next->role)
		sf_words_add(words, "the %s, who is not bound,", sf_role_text(next->role));
	else
		sf_words_add(words, "people");
}

void sf_next_line_print(FILE *out, const struct sf_reply_transition *show)
{
	const struct sf_board_row *next = &show->next;
	struct sf_words words = {"Next: "};
	if (next->next == SF_NEXT_NOTHING) {
		fprintf(out, "Next: nothing%s.\n",
			show->row.state == SF_TRANSITION_CLOSED ? ", it is closed" : " is awaited");
		return;
	}
	add_who(&words, next);
	sf_words_add(&words, " must %s", sf_next_deed(next).text);
	if (next->before_ms == SF_NEVER_MS || next->before_ms == 0)
		sf_words_add(&words, " as soon as possible");
	else
		sf_words_add(&words, " %s %s", before_word(next->next),
			sf_show_day(next->before_ms, show->as_of_ms).text);
	if (next->citation && next->citation[0])
		sf_words_add(&words, " (clause %s)", sf_show_text(next->citation).text);
	sf_words_add(&words, ".");
	if (next->promised_ms)
		sf_words_add(&words, " It has said: later, from %s.",
			sf_show_day(next->promised_ms, show->as_of_ms).text);
	sf_words_add(&words, "%s", next->overdue ? " Overdue." : "");
	sf_width_print(out, words.text, strlen("Next: "));
}
