#include "cmd/user_password.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cmd/session.h"

#define PLACE_SIZE (SF_PASSWORD_SIZE_MAX + 2) /* one too many, so that too long is seen */

/* One line without its end. Not through a FILE, whose buffer would keep a copy. */
static bool read_line(char place[PLACE_SIZE])
{
	size_t size = 0;
	ssize_t got = 0;
	while (size < PLACE_SIZE - 1 && (got = read(STDIN_FILENO, place + size, 1)) == 1 &&
		place[size] != '\n')
		size++;
	place[size] = '\0';
	return got >= 0;
}

static bool ask(const char *words, char place[PLACE_SIZE])
{
	struct termios old, quiet;
	if (tcgetattr(STDIN_FILENO, &old))
		return false;
	quiet = old;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	fputs(words, stderr);
	if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet))
		return false;
	bool read = read_line(place);
	fputc('\n', stderr);
	return !tcsetattr(STDIN_FILENO, TCSAFLUSH, &old) && read;
}

int sf_user_password_read(char ret_password[SF_PASSWORD_SIZE_MAX + 2])
{
	char again[PLACE_SIZE];
	bool terminal = isatty(STDIN_FILENO);
	bool got = terminal ? ask("password: ", ret_password) : read_line(ret_password);
	bool same = true;
	if (got && terminal) {
		got = ask("once more: ", again);
		same = got && strcmp(again, ret_password) == 0;
		sf_bytes_wipe(again, sizeof(again));
	}
	if (!got)
		return sf_exit_usage("the password could not be read");
	if (!same)
		return sf_exit_usage("these are two different passwords");
	return ret_password[0] ? SF_EXIT_OK : sf_exit_usage("there is no password in this line");
}
