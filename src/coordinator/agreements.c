/*
 * A running transition keeps the version of the agreement it began with (DOMAIN.md section 7), so
 * what was configured once is kept: a program started without the old file would judge the old
 * transitions otherwise than it did, and than their parties do.
 */
#include "coordinator/state.h"

#include <stdlib.h>

#define KEPT_MAX ((size_t)256) /* versions over the years of one store */

struct reading {
	struct sf_coordinator *coordinator;
	enum sf_err err;
	struct sf_diag *diag;
};

/* digest = BLAKE2b-256("stafet/v1/agreement\0" || signed form). */
static void name_agreement(const struct sf_coordinator *coordinator, struct sf_view bytes,
	struct sf_digest *ret_digest)
{
	static const char label[] = "stafet/v1/agreement";
	const struct sf_view parts[] = {sf_view_of(label, sizeof(label)), bytes};
	const struct sf_crypto *crypto = &coordinator->ports.crypto;
	crypto->hash(crypto->self, sf_view_of(NULL, 0), parts, SF_COUNT(parts), ret_digest);
}

static enum sf_err keep(
	struct sf_coordinator *coordinator, struct sf_view bytes, struct sf_diag *diag)
{
	const struct sf_store *store = &coordinator->ports.store;
	struct sf_row_agreement row = {.agreement = bytes};
	name_agreement(coordinator, bytes, &row.digest);
	enum sf_err err = store->get(store->self, &sf_table_agreement, 0, &row, diag);
	if (err != SF_ERR_NOT_FOUND)
		return err;
	err = store->begin(store->self, diag);
	if (!err)
		err = store->insert(store->self, &sf_table_agreement, &row, diag);
	if (!err)
		return store->commit(store->self, diag);
	store->rollback(store->self);
	return err;
}

/* One entry per pathway. */
static bool add(void *context, const void *row)
{
	struct reading *reading = context;
	const struct sf_row_agreement *kept = row;
	struct sf_coordinator *coordinator = reading->coordinator;
	struct sf_agreement_book *book = &coordinator->book;
	struct sf_agreement_text text;
	reading->err = sf_agreement_decode(kept->agreement, &text, reading->diag);
	if (reading->err)
		return false;
	if (book->count + text.pathway_count > KEPT_MAX) {
		sf_diag_set(reading->diag, "more than %zu pathways of agreements", KEPT_MAX);
		reading->err = SF_ERR_LIMIT;
		return false;
	}
	for (size_t i = 0; i < text.pathway_count; i++) {
		coordinator->agreements[book->count] = text.pathways[i];
		coordinator->agreements[book->count++].digest = kept->digest;
	}
	return true;
}

enum sf_err sf_coordinator_load_agreements(struct sf_coordinator *coordinator, struct sf_diag *diag)
{
	const struct sf_coordinator_options *options = &coordinator->options;
	const struct sf_store *store = &coordinator->ports.store;
	coordinator->agreements = calloc(KEPT_MAX, sizeof(*coordinator->agreements));
	if (!coordinator->agreements)
		return SF_ERR_MEMORY;
	coordinator->book = (struct sf_agreement_book){coordinator->agreements, 0};
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < options->agreement_count && !err; i++)
		err = keep(coordinator, options->agreements[i], diag);
	struct reading reading = {coordinator, SF_OK, diag};
	const struct sf_scan scan = {.table = &sf_table_agreement};
	if (!err)
		err = store->scan(store->self, &scan, add, &reading, diag);
	return err ? err : reading.err;
}
