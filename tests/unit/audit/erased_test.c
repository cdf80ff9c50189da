#include "audit/erased.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_the_question_names_its_transition(void **state)
{
	(void)state;
	const struct sf_id id = {{6}};
	const struct sf_request asked[] = {
		{.kind = SF_REQUEST_TRANSITION, .transition = {.transition = id}},
		{.kind = SF_REQUEST_EVIDENCE, .evidence = {id}},
		{.kind = SF_REQUEST_ACCEPT, .accept = {.id = id}},
		{.kind = SF_REQUEST_OFFER, .offer = {.transition = id}},
		{.kind = SF_REQUEST_SAY, .say = {.transition = id}},
		{.kind = SF_REQUEST_BIND, .bind = {.transition = id}},
	};
	for (size_t i = 0; i < SF_COUNT(asked); i++)
		assert_true(sf_id_equal(sf_request_subject(&asked[i]), id));
	const struct sf_request status = {.kind = SF_REQUEST_STATUS};
	assert_true(sf_id_is_none(sf_request_subject(&status)));
}

static void test_the_answer_says_when_and_on_what_ground(void **state)
{
	(void)state;
	struct sf_arena arena;
	struct sf_reply reply;
	sf_arena_init(&arena, 4096);
	sf_reply_refuse_erased(&reply, &arena, SF_ERR_NOT_FOUND, 0, SF_GROUND_CITIZEN);
	assert_int_equal(reply.err, SF_ERR_NOT_FOUND);
	assert_string_equal(reply.text,
		"the transition was erased here on 1970-01-01T00:00:00.000Z, ground: citizen");
	sf_arena_fini(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_question_names_its_transition),
		cmocka_unit_test(test_the_answer_says_when_and_on_what_ground),
	};
	return cmocka_run_group_tests_name("audit/erased", tests, NULL, NULL);
}
