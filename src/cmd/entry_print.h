/*
 * A request or an entry for people (text) and programs (JSON), on standard output. Only public
 * parts exist in either.
 */
#ifndef SF_CMD_ENTRY_PRINT_H
#define SF_CMD_ENTRY_PRINT_H

#include "cmd/enrolment.h"

/* made_ms 0 and signature_count 0 are left out. */
struct sf_entry_print {
	const struct sf_directory_entry *entry; /* borrowed */
	const struct sf_digest *digest;         /* borrowed; its words are the fingerprint */
	int64_t made_ms;
	size_t signature_count;
};

void sf_entry_print_text(const struct sf_entry_print *print);
SF_MUST_USE enum sf_err sf_entry_print_json(const struct sf_entry_print *print);

#endif
