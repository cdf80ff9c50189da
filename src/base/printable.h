/*
 * What a printable name is, said once: names of people, files and parties come from peers and are
 * shown on screens and written into files, where some characters move cursors, turn the order of
 * what stands beside them, or cannot be seen. A name that has one is refused where it comes in, and
 * made visible as '?' where it is shown all the same.
 *
 * Not printable: C0, DEL and C1 (ISO/IEC 6429); the controls of direction (Unicode TR 9 section 2:
 * U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069), with which "annual_fdp.exe" looks
 * like another name; separators of lines (U+2028, U+2029), the byte order mark, interlinear
 * annotations (U+FFF9 to U+FFFB), tags (U+E0000 to U+E007F), and bytes that are no UTF-8 (RFC
 * 3629). Joiners (U+200C, U+200D) are letters' business in several scripts, and printable.
 */
#ifndef SF_BASE_PRINTABLE_H
#define SF_BASE_PRINTABLE_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the first character of a text that is not empty, 1 when it is none; *ret_good. */
size_t sf_printable_step(const char *text, bool *ret_good);
/* All of the text; also when it is empty. */
bool sf_printable(const char *text);

#endif
