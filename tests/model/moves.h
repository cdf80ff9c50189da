/*
 * The moves of the small world: what each party can say, when its own view allows it, and the
 * agreement that all have signed. One letter a move; the same letter names its message.
 */
#ifndef TESTS_MODEL_MOVES_H
#define TESTS_MODEL_MOVES_H

#include "core/transition.h"

struct move {
	char letter;
	char author;
	const char *says;
	/* Does the author's view allow it? Then the message says it. */
	bool (*may)(const struct sf_transition *view, struct sf_message *message);
	bool takes; /* by signing it the author takes domains, or will when a clause's time comes */
};

/* Ends the program when there is none of that letter. */
const struct move *move_find(char letter);
struct sf_id move_id(char letter);
/* "STIN" and so on; cancels: letter of the message that it takes back, 0 none. */
void move_set_stay(struct sf_message *message, const char *code, char cancels);

/* Care to the municipality at discharge; medical stays 72 hours, then goes to the GP. */
const struct sf_agreement_book *move_book(void);

#endif
