/*
 * The book of agreements as an engine keeps it: texts by digest, and who has signed them. Both
 * engines fill it from their stores and from what is recorded; transitions borrow it.
 */
#ifndef SF_AUDIT_BOOK_H
#define SF_AUDIT_BOOK_H

#include "core/agreement.h"
#include "core/message.h"
#include "port/crypto.h"
#include "port/env.h"

#define SF_BOOK_AGREEMENTS_MAX ((size_t)256)    /* versions over the years of one store */
#define SF_BOOK_ACCEPTANCES_MAX ((size_t)65536) /* parties times versions */

struct sf_book; /* opaque */

SF_MUST_USE enum sf_err sf_book_open(struct sf_book **ret_book);
void sf_book_close(struct sf_book **book);
/* Forgets everything; what sf_book_view gave stays where it is. */
void sf_book_clear(struct sf_book *book);

/* BLAKE2b-256("stafet/v1/agreement\0" || signed form). */
void sf_book_digest(
	const struct sf_crypto *crypto, struct sf_view signed_form, struct sf_digest *ret_digest);
/*
 * Adds a text; the zone comes from env. SF_ERR_EXISTS: known already (ret_digest is set).
 * SF_ERR_FORMAT, SF_ERR_LIMIT; SF_ERR_UNSUPPORTED when the time zone is not on this machine.
 */
SF_MUST_USE enum sf_err sf_book_add(struct sf_book *book, const struct sf_crypto *crypto,
	const struct sf_env *env, struct sf_view signed_form, struct sf_digest *ret_digest,
	struct sf_diag *diag);
/*
 * A recorded agreement-propose, -accept or -end (propose accepts for its author, too). Facts about
 * a text that the book does not have are kept all the same. It counts from the millisecond after
 * recorded_ms on. SF_ERR_LIMIT.
 */
SF_MUST_USE enum sf_err sf_book_follow(
	struct sf_book *book, const struct sf_message *message, int64_t recorded_ms);

/* Borrowed; always at the same address, so that transitions may keep it. */
const struct sf_agreement_book *sf_book_view(const struct sf_book *book);
/*
 * "name", "name 4" or 8 or more lower-case digits of a digest; the highest version of a name. NULL
 * when there is none, or two that the reference does not tell apart.
 */
const struct sf_agreement *sf_book_find(const struct sf_book *book, const char *reference);
/*
 * The agreement a party begins new transitions with: the newest it has signed (by version, then by
 * acceptance), among those that are valid on the day of now_ms. NULL when it has signed none.
 */
const struct sf_agreement *sf_book_ruling(
	const struct sf_book *book, struct sf_id party, int64_t now_ms);

#endif
