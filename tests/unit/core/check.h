/* What every cmocka test includes, in the order cmocka wants, and holders as one assertion. */
#ifndef TESTS_UNIT_CORE_CHECK_H
#define TESTS_UNIT_CORE_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define assert_holders(scene, wanted)                                                              \
	do {                                                                                       \
		char holders_text[5];                                                              \
		assert_string_equal(scene_holders(scene, holders_text), wanted);                   \
	} while (0)

#endif
