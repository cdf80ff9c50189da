/*
 * Everything a step may change, as one number: equal transitions have equal digests.
 */
#ifndef TESTS_PROPERTY_DIGEST_H
#define TESTS_PROPERTY_DIGEST_H

#include "core/transition.h"

uint64_t digest(const struct sf_transition *transition);

#endif
