/*
 * Preloaded by clock_test.py: the wall clock of one program runs as many milliseconds ahead as the
 * file $STAFET_CLOCK_FILE says at that moment. Other clocks are the kernel's.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Reads with system calls alone: this runs inside whatever asked for the time. */
static long ahead_ms(void)
{
	const char *path = getenv("STAFET_CLOCK_FILE");
	int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	if (file < 0)
		return 0;
	char text[32] = "";
	ssize_t size = read(file, text, sizeof(text) - 1);
	close(file);
	return size > 0 ? strtol(text, NULL, 10) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
	long failed = syscall(SYS_clock_gettime, clock, now);
	if (failed == 0 && clock == CLOCK_REALTIME)
		now->tv_sec += ahead_ms() / 1000;
	return (int)failed;
}
