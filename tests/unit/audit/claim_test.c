#include "audit/claim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/port.h"
#include "unit/core/scene.h"

struct fixture {
	struct sf_keyring *keyring;
	struct sf_crypto crypto;
	struct scene scene;
	struct sf_arena arena;
};

/* A discharge whose care the municipality took; then the patient died. */
static struct fixture begin(void)
{
	struct fixture fixture = {0};
	struct sf_id discharge;
	assert_int_equal(sf_keyring_open(&fixture.keyring), SF_OK);
	sf_crypto_port(fixture.keyring, &fixture.crypto);
	sf_arena_init(&fixture.arena, 1000000);
	scene_open(&fixture.scene);
	scene_parties(&fixture.scene, "HKG", MEDICAL | CARE | MEDICATION);
	scene_stay(&fixture.scene, "STIN", NULL);
	scene_stay(&fixture.scene, "SLHJ", &discharge);
	scene_accept(&fixture.scene, 'K', discharge, CARE, NULL);
	return fixture;
}

static void end(struct fixture *fixture)
{
	scene_close(&fixture->scene);
	sf_arena_fini(&fixture->arena);
	sf_keyring_close(&fixture->keyring);
}

static struct sf_claim made(struct fixture *fixture)
{
	const struct sf_digest head = {{7}};
	struct sf_claim claim;
	assert_int_equal(sf_claim_make(&fixture->crypto, fixture->scene.transition, &head,
				 &fixture->arena, &claim),
		SF_OK);
	return claim;
}

static void test_claim_says_who_holds_and_who_held(void **state)
{
	(void)state;
	struct fixture fixture = begin();
	struct sf_claim claim = made(&fixture);
	assert_int_equal(claim.sequence, 4);
	assert_int_equal(claim.holder_count, 4);
	assert_true(sf_id_equal(claim.holders[0].party, scene_party('H')));
	assert_int_equal(claim.holders[3].domain, SF_DOMAIN_CARE);
	assert_true(sf_id_equal(claim.holders[3].party, scene_party('K')));
	scene_stay(&fixture.scene, "MORS", NULL);
	claim = made(&fixture);
	/* Each of three domains ends; the line of care that another took over has no end. */
	assert_int_equal(claim.holder_count, 4 + 3);
	assert_true(sf_id_equal(claim.holders[0].party, scene_party('H')));
	assert_true(sf_id_is_none(claim.holders[1].party));
	end(&fixture);
}

static void test_two_folds_of_the_same_events_claim_the_same(void **state)
{
	(void)state;
	struct fixture first = begin(), second = begin();
	struct sf_claim said = made(&first), found = made(&second);
	struct sf_diag diag;
	assert_true(sf_claim_same(&said, &found, &diag));
	end(&first);
	end(&second);
}

static void assert_differs(
	const struct sf_claim *said, const struct sf_claim *found, const char *words)
{
	struct sf_diag diag;
	assert_false(sf_claim_same(said, found, &diag));
	if (!strstr(diag.text, words))
		fail_msg("'%s' is not in: %s", words, diag.text);
}

static void test_what_differs_first_is_named(void **state)
{
	(void)state;
	struct fixture fixture = begin();
	const struct sf_claim found = made(&fixture);
	struct sf_claim_holder holders[8];
	struct sf_claim_duty duty = {.subject = scene_party('H'), .due_ms = 5};
	memcpy(holders, found.holders, found.holder_count * sizeof(*holders));
	struct sf_claim said = found;
	said.holders = holders;
	holders[3].party = scene_party('L');
	assert_differs(&said, &found, "ledger line 4: the file says care is held by");
	holders[3] = found.holders[3];
	said.holder_count--;
	assert_differs(&said, &found, "ledger line 4: the file says no such line");
	said = found;
	said.duties = &duty;
	said.duty_count = 1;
	assert_differs(&said, &found, "obligation 1");
	said = found;
	said.state = SF_TRANSITION_CLOSED;
	assert_differs(&said, &found, "state: the file says closed, the events give follow-up");
	said = found;
	said.sequence++;
	assert_differs(&said, &found, "last event");
	said = found;
	said.head.bytes[0]++;
	assert_differs(&said, &found, "head");
	said = found;
	said.summary.bytes[0]++;
	assert_differs(&said, &found, "summary");
	said = found;
	said.transition = scene_party('X');
	assert_differs(&said, &found, "transition");
	end(&fixture);
}

static void test_file_digest_covers_all_but_the_claim(void **state)
{
	(void)state;
	struct fixture fixture = begin();
	struct sf_evidence evidence = {.format = 1, .made_ms = 1, .log = "a/log/b"};
	struct sf_digest bare, with_claim, other;
	assert_int_equal(sf_claim_file_digest(&fixture.crypto, &evidence, &bare), SF_OK);
	evidence.claim = sf_view_text("anything");
	assert_int_equal(sf_claim_file_digest(&fixture.crypto, &evidence, &with_claim), SF_OK);
	assert_true(sf_digest_equal(&bare, &with_claim));
	evidence.made_ms = 2;
	assert_int_equal(sf_claim_file_digest(&fixture.crypto, &evidence, &other), SF_OK);
	assert_false(sf_digest_equal(&bare, &other));
	end(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_claim_says_who_holds_and_who_held),
		cmocka_unit_test(test_two_folds_of_the_same_events_claim_the_same),
		cmocka_unit_test(test_what_differs_first_is_named),
		cmocka_unit_test(test_file_digest_covers_all_but_the_claim),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
