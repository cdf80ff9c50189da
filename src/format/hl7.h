/*
 * HL7 v2 messages as text (HL7 v2.5 chapter 2): segments, fields, repetitions, components and
 * sub-components by the separators of MSH-1 and MSH-2, escapes and character sets of MSH-18. Views
 * into the message; nothing is copied until a text is asked for. Pure, bounded, any thread.
 */
#ifndef SF_FORMAT_HL7_H
#define SF_FORMAT_HL7_H

#include "base/arena.h"
#include "format/issue.h"

#define SF_HL7_SEGMENTS_MAX ((size_t)1024)  /* an ADT message has about 20 */
#define SF_HL7_TEXT_SIZE_MAX ((size_t)4096) /* one decoded part */

enum sf_hl7_charset { SF_HL7_ASCII = 1, SF_HL7_LATIN1, SF_HL7_UTF8 };

struct sf_hl7 {
	uint8_t field, component, repetition, escape, subcomponent; /* 0: the message has none */
	enum sf_hl7_charset charset;
	size_t segment_count;
	struct sf_view segments[SF_HL7_SEGMENTS_MAX]; /* without their ends, never empty */
};

/*
 * Splits; segments may end with CR, LF or both, and blank ones are skipped. False with issues: no
 * MSH in front, separators that are none, more segments than are accepted, a character set that is
 * not read here, or bytes that are not in it. What was split until then can be asked for, MSH too
 * when its separators were good (segment_count > 0).
 */
bool sf_hl7_split(struct sf_view message, struct sf_hl7 *ret_hl7, struct sf_issues *issues);

/* The first segment of this name ("PID"); empty when there is none. */
struct sf_view sf_hl7_segment(const struct sf_hl7 *hl7, const char *name);
/* Field as HL7 counts (MSH-1 is the separator itself); empty when there is none. */
struct sf_view sf_hl7_field(const struct sf_hl7 *hl7, struct sf_view segment, size_t number);
/* Parts counted from 1; empty past the last. */
struct sf_view sf_hl7_repetition(const struct sf_hl7 *hl7, struct sf_view field, size_t number);
struct sf_view sf_hl7_component(const struct sf_hl7 *hl7, struct sf_view field, size_t number);
struct sf_view sf_hl7_subcomponent(
	const struct sf_hl7 *hl7, struct sf_view component, size_t number);
/*
 * UTF-8 with its escapes resolved, in arena; HL7's null ("") and control characters are nothing.
 * NULL when the arena is full. Longer than SF_HL7_TEXT_SIZE_MAX is cut to "".
 */
const char *sf_hl7_text(const struct sf_hl7 *hl7, struct sf_view part, struct sf_arena *arena);
/* True when the part is this text, as sent. */
bool sf_hl7_is(struct sf_view part, const char *text);
/* Table 0155, of MSH-15 or MSH-16: AL, and SU or ER as it went. */
bool sf_hl7_asks(struct sf_view condition, bool good);

#endif
