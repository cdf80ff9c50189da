/*
 * The page on which an agreement is explained: sentences are gathered into a paragraph, which is
 * broken into lines. The first error stands and everything after it does nothing.
 */
#ifndef SF_AUDIT_EXPLAIN_PAGE_H
#define SF_AUDIT_EXPLAIN_PAGE_H

#include "core/agreement.h"

/* A blank at which no line is broken. */
#define SF_EXPLAIN_GLUE "\037"

struct sf_explain_page {
	struct sf_buf *out;      /* borrowed */
	struct sf_buf paragraph; /* owned */
	enum sf_err err;
};

void sf_explain_page_init(struct sf_explain_page *page, struct sf_buf *out);
/* The first error of all. */
SF_MUST_USE enum sf_err sf_explain_page_fini(struct sf_explain_page *page);

/* Adds to the paragraph: at most 511 bytes in one call. */
void sf_explain_say(struct sf_explain_page *page, const char *format, ...) SF_PRINTF(2, 3);
/* Between the items of a list: ", " or " <last> " before the last of count, "" before the first. */
void sf_explain_join(struct sf_explain_page *page, size_t index, size_t count, const char *last);
/* 1976 as "1.976" or "1,976". */
void sf_explain_amount(struct sf_explain_page *page, uint32_t amount, char point);

/* Ends the paragraph: its first line is indented by first, the others by rest. */
void sf_explain_end(struct sf_explain_page *page, size_t first, size_t rest);
/* "Duty 2: care-plan [2-4]" alone on its line; number 0: the only one of its kind. */
void sf_explain_title(struct sf_explain_page *page, const char *kind, size_t number,
	const struct sf_clause *clause);
/* Ends it as a heading with a line of that sign below. */
void sf_explain_heading(struct sf_explain_page *page, char sign);
void sf_explain_blank(struct sf_explain_page *page);

/*
 * A language: the sentences of one kind of clause each, whole paragraphs with their ends. number is
 * the place of the clause among those of its kind, from 1.
 */
struct sf_explain_tongue {
	void (*head)(struct sf_explain_page *page, const struct sf_agreement *agreement);
	void (*pathway)(struct sf_explain_page *page, enum sf_pathway pathway);
	void (*expectation)(
		struct sf_explain_page *page, size_t number, const struct sf_expectation *clause);
	void (*window)(
		struct sf_explain_page *page, size_t number, const struct sf_window_clause *clause);
	void (*handover)(
		struct sf_explain_page *page, size_t number, const struct sf_handover *clause);
	void (*receiver)(struct sf_explain_page *page, const struct sf_receiver_clause *clause);
	void (*silence)(struct sf_explain_page *page, const struct sf_silence_clause *clause);
	void (*payment)(struct sf_explain_page *page, const struct sf_payment *clause);
	void (*rules)(struct sf_explain_page *page); /* of Stafet, which no agreement changes */
};
extern const struct sf_explain_tongue sf_explain_danish;
extern const struct sf_explain_tongue sf_explain_english;

/* The word of a number in a table of them; "?" for one without. */
const char *sf_explain_word(const char *const *words, size_t count, size_t number);
/* So many of a unit, not a time of some day. */
bool sf_explain_is_counted(enum sf_deadline_rule rule);
/* A source is named, not "source missing". */
bool sf_explain_has_source(const struct sf_clause *clause);

#endif
