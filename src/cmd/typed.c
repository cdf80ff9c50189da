#include "cmd/typed.h"

#include <stdio.h>
#include <unistd.h>

/* Not through a FILE, whose buffer would keep a copy. */
bool sf_typed_line(const char *words, char *place, size_t size)
{
	size_t used = 0;
	ssize_t got = 0;
	if (isatty(STDIN_FILENO))
		fputs(words, stderr);
	while (used < size - 1 && (got = read(STDIN_FILENO, place + used, 1)) == 1 &&
		place[used] != '\n')
		used++;
	place[used] = '\0';
	return got >= 0 && used > 0;
}
