/*
 * Assertions that are never compiled out, and the attributes the whole house uses.
 *
 * SF_ASSERT is for bugs of our own. What comes from a peer, a disk, a configuration file or the
 * allocator is checked and answered with an error, never asserted.
 */
#ifndef SF_BASE_CHECK_H
#define SF_BASE_CHECK_H

#define SF_ASSERT(condition)                                                                       \
	((condition) ? (void)0 : sf_assert_failed(#condition, __FILE__, __LINE__))

#define SF_MUST_USE __attribute__((warn_unused_result))
#define SF_PRINTF(format_index, first_index)                                                       \
	__attribute__((format(printf, format_index, first_index)))

#define SF_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Prints the place to standard error and aborts. Never returns. */
__attribute__((noreturn)) void sf_assert_failed(const char *condition, const char *file, int line);

/* Drops a must-use result on purpose; the call site says why. */
static inline void sf_ignore(int result)
{
	(void)result;
}

#endif
