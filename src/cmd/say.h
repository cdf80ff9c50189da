/*
 * How a command says a fact: a form tells, field by field, which word or option goes where in
 * struct sf_fact; one function fills it, finds what ids and names mean at the daemon, says it and
 * prints what came of it.
 */
#ifndef SF_CMD_SAY_H
#define SF_CMD_SAY_H

#include "cmd/attachment.h"
#include "cmd/session.h"
#include "core/words.h"

/* One fact on its way. */
struct sf_saying {
	const struct sf_arguments *arguments; /* borrowed */
	struct sf_session session;
	bool open; /* the session is */
	struct sf_fact fact;
	struct sf_request request; /* say */
	struct sf_buf content;     /* of the letter */
	struct sf_attached attached;
	int64_t now_ms;
};

struct sf_say_field;
/* Puts the text into the fact at field->offset: SF_EXIT_OK, or complains. */
typedef int sf_say_read(
	struct sf_saying *saying, const struct sf_say_field *field, const char *text);

struct sf_say_field {
	const char *option; /* NULL: a word of the command line */
	size_t item;        /* which word, when option is NULL */
	bool must;          /* an option that must be given */
	size_t offset;      /* in struct sf_fact */
	sf_say_read *read;
	const struct sf_word_list *words; /* NULL: it is no word of an enumeration */
};

/* How the first word is read. */
enum sf_say_id {
	SF_SAY_TRANSITION, /* of a transition, or a message of it */
	SF_SAY_REPLY,      /* the same; a message is what is replied to */
};

struct sf_say_form {
	uint32_t kind;
	enum sf_say_id id;
	size_t id_item;
	const struct sf_say_field *fields;
	size_t field_count;
	/* What the words together must hold, before anybody is asked. NULL: nothing. An exit code.
	 */
	int (*check)(struct sf_saying *saying);
	/* What only the daemon knows; the session is open. NULL: nothing. An exit code. */
	int (*finish)(struct sf_saying *saying);
};

/* The whole command. */
int sf_say(const struct sf_arguments *arguments, const struct sf_say_form *form);
/* What came of it; with `stored` alone for what carries no domains. */
int sf_say_print(const struct sf_reply_said *said, bool json);
/* The transition that is spoken of, as the daemon shows it, in session.reply: an exit code. */
int sf_say_show(struct sf_saying *saying);
/* --refer-to: a role, or a party of the directory and its role. An exit code. */
int sf_say_direction(struct sf_saying *saying, enum sf_role *ret_role, struct sf_id *ret_party);
/* --about: the message, none when it was not given. An exit code. */
int sf_say_about(struct sf_saying *saying);

/* Readers; sf_say_word wants field->words. */
sf_say_read sf_say_time, sf_say_interval, sf_say_word;

#endif
