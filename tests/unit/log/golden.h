/*
 * The texts of tests/golden/log/, and the keys they were signed with.
 */
#ifndef SF_TEST_LOG_GOLDEN_H
#define SF_TEST_LOG_GOLDEN_H

#include "crypto/port.h"
#include "log/note.h"

#define GOLDEN_TIME_S 1795000000 /* of witness 0; witness i cosigned i seconds later */
#define GOLDEN_ORIGIN "stafet.example/log/north/1"
#define GOLDEN_WITNESSES 5

struct golden {
	struct sf_keyring *keyring;
	struct sf_crypto crypto;
	struct sf_note_key log, witnesses[GOLDEN_WITNESSES];
	struct sf_id log_id, witness_ids[GOLDEN_WITNESSES];
	struct sf_buf text; /* the file read last */
};

/* For cmocka: state is a struct golden. */
int golden_open(void **state);
int golden_close(void **state);
/* Reads tests/golden/log/<name> into golden->text. */
struct sf_view golden_read(struct golden *golden, const char *name);
/* Appends text with the first `from` replaced by `to`; asserts that it is there. */
void golden_replace(struct sf_buf *buf, struct sf_view text, const char *from, const char *to);

#define GOLDEN_TEST(name) cmocka_unit_test_setup_teardown(name, golden_open, golden_close)

#endif
