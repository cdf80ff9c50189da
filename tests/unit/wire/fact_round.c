#include "unit/wire/fact_round.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/wire/raw.h"
#include "wire/fact.h"

enum sf_err fact_round(const struct sf_fact *fact, struct sf_fact *ret_fact, struct sf_diag *diag)
{
	struct sf_buf buf;
	struct sf_buf again;
	sf_buf_init(&buf, 8192);
	sf_buf_init(&again, 8192);
	assert_int_equal(sf_fact_encode(fact, &buf), SF_OK);
	struct sf_view exact = raw_exact(sf_buf_view(&buf));
	enum sf_err err = sf_fact_decode(fact->kind, exact, ret_fact, diag);
	if (!err) {
		assert_int_equal(ret_fact->kind, fact->kind);
		assert_int_equal(sf_fact_encode(ret_fact, &again), SF_OK);
		assert_true(sf_view_equal(sf_buf_view(&again), exact));
	}
	raw_free(exact);
	sf_buf_fini(&buf);
	sf_buf_fini(&again);
	return err;
}

static void spoil(struct sf_fact *fact, const struct fact_spoil *how)
{
	char *place = (char *)fact + how->offset;
	const uint32_t number = (uint32_t)how->value;
	if (how->size == sizeof(number))
		memcpy(place, &number, sizeof(number));
	else if (how->size == sizeof(how->value))
		memcpy(place, &how->value, sizeof(how->value));
	else
		memset(place, 0, how->size);
}

void fact_assert_spoilt(
	const struct sf_fact *good, const struct fact_spoil *spoils, size_t spoil_count)
{
	struct sf_fact back;
	assert_int_equal(fact_round(good, &back, NULL), SF_OK);
	for (size_t i = 0; i < spoil_count; i++) {
		struct sf_fact fact = *good;
		struct sf_diag diag = {""};
		spoil(&fact, &spoils[i]);
		if (fact_round(&fact, &back, &diag) != SF_ERR_FORMAT)
			fail_msg("%s %zu: %s is read", sf_kind_text(good->kind), i, spoils[i].word);
		if (!strstr(diag.text, spoils[i].word))
			fail_msg("%s is not in: %s", spoils[i].word, diag.text);
	}
}
