/*
 * The suite that every adapter of port/store.h passes. Its state is a struct adapter.
 */
#ifndef SF_TESTS_STORE_CONFORMANCE_H
#define SF_TESTS_STORE_CONFORMANCE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* How many tests failed. open leaves a struct adapter on the test tables in *state. */
int conformance_run(const char *name, CMFixtureFunction open, CMFixtureFunction close);

#endif
