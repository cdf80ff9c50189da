#include "core/words.h"

#include <stdio.h>
#include <string.h>

#include "core/fact.h"
#include "core/transition.h"

/* No enumeration of facts has a number above it. */
#define NUMBER_MAX 64u

/* Readers of forms write numbers where an enumeration stands. */
_Static_assert(sizeof(enum sf_role) == sizeof(unsigned), "an enumeration is an unsigned");

static unsigned role_number(const char *word)
{
	enum sf_role role = sf_role_from_text(word);
	return role < SF_ROLE_COORDINATOR ? (unsigned)role : 0;
}

static const char *role_text(unsigned number)
{
	return sf_role_text((enum sf_role)number);
}

const struct sf_word_list sf_words_role = {role_number, role_text};

static const char *state_text(unsigned number)
{
	return sf_transition_state_text((enum sf_transition_state)number);
}

static unsigned state_number(const char *word)
{
	for (unsigned state = SF_TRANSITION_OPEN; state <= SF_TRANSITION_CLOSED; state++)
		if (strcmp(word, state_text(state)) == 0)
			return state;
	return 0;
}

const struct sf_word_list sf_words_state = {state_number, state_text};

/* clang-format off */
#define WORDS(name, type) \
	static unsigned name##_number(const char *word) \
	{ \
		return (unsigned)sf_##name##_from_text(word); \
	} \
	static const char *name##_text(unsigned number) \
	{ \
		return sf_##name##_text((enum type)number); \
	} \
	const struct sf_word_list sf_words_##name = {name##_number, name##_text};
WORDS(pathway, sf_pathway)
WORDS(assessment, sf_assessment_code)
WORDS(confidence, sf_confidence)
WORDS(plan_answer, sf_plan_answer_code)
WORDS(cannot, sf_cannot)
WORDS(letter, sf_letter_code)
WORDS(mark, sf_mark)
WORDS(duty, sf_duty)
WORDS(task_action, sf_task_action)
WORDS(window_action, sf_window_action)
WORDS(dispute, sf_dispute_code)
WORDS(close, sf_close_code)
WORDS(ground, sf_ground)
WORDS(activity, sf_activity)
WORDS(mode, sf_mode)
/* clang-format on */

void sf_word_list_text(const struct sf_word_list *words, char *ret_text, size_t size)
{
	size_t used = 0;
	ret_text[0] = '\0';
	for (unsigned i = 1; i < NUMBER_MAX; i++) {
		const char *word = words->text(i);
		if (words->number(word) != i || used + strlen(word) + 3 > size)
			continue;
		used += (size_t)snprintf(
			ret_text + used, size - used, "%s%s", used ? ", " : "", word);
	}
}
