/*
 * Words of enumerations by number, so that one reader of forms can read all of them: what people
 * type at the command line, what programs send over HTTP. No two spellings of a code.
 */
#ifndef SF_CORE_WORDS_H
#define SF_CORE_WORDS_H

#include <stddef.h>

struct sf_word_list {
	unsigned (*number)(const char *word); /* 0: it has no such word */
	const char *(*text)(unsigned number); /* never NULL */
};

/* A role in a transition: no coordinator and no auditor has a part in one. */
extern const struct sf_word_list sf_words_role;
/* Of a transition (core/transition.h); one that is empty has none. */
extern const struct sf_word_list sf_words_state;
/* core/fact.h, core/fact_plan.h, core/fact_duty.h, core/fact_statement.h. */
extern const struct sf_word_list sf_words_pathway, sf_words_assessment, sf_words_confidence,
	sf_words_plan_answer, sf_words_cannot, sf_words_letter, sf_words_mark, sf_words_duty,
	sf_words_task_action, sf_words_window_action, sf_words_dispute, sf_words_close,
	sf_words_ground, sf_words_activity, sf_words_mode;

/* "high, medium, low": all that fit whole, in the order of their numbers; always terminated. */
void sf_word_list_text(const struct sf_word_list *words, char *ret_text, size_t size);

#endif
