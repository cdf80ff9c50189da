/*
 * Files that a program carries inside (cmake/embed.cmake makes them from the repository).
 */
#ifndef SF_CMD_EMBEDDED_H
#define SF_CMD_EMBEDDED_H

#include <stddef.h>

struct sf_embedded {
	const char *name;           /* NULL in the entry that ends the list */
	const unsigned char *bytes; /* with a terminating zero that is not counted */
	size_t size;
};

/* Templates and MedCom's published samples, for `stafet demo`. */
extern const struct sf_embedded sf_demo_files[];

#endif
