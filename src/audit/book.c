#include "audit/book.h"

#include <stdlib.h>
#include <string.h>

#include "wire/record.h"

#define DIGITS_MIN ((size_t)8) /* of a digest, as a reference */

struct sf_book {
	struct sf_agreement_book view;                           /* what transitions borrow */
	struct sf_agreement *agreements[SF_BOOK_AGREEMENTS_MAX]; /* owned; in the order added */
	struct sf_acceptance *acceptances; /* owned; by agreement, party, from_ms */
	size_t acceptance_capacity;
};

enum sf_err sf_book_open(struct sf_book **ret_book)
{
	struct sf_book *book = calloc(1, sizeof(*book));
	if (!book)
		return SF_ERR_MEMORY;
	book->view.agreements = (const struct sf_agreement *const *)book->agreements;
	*ret_book = book;
	return SF_OK;
}

void sf_book_clear(struct sf_book *book)
{
	for (size_t i = 0; i < book->view.count; i++) {
		free(book->agreements[i]);
		book->agreements[i] = NULL;
	}
	book->view.count = 0;
	book->view.acceptance_count = 0;
}

void sf_book_close(struct sf_book **book)
{
	struct sf_book *closing = *book;
	*book = NULL;
	if (!closing)
		return;
	sf_book_clear(closing);
	free(closing->acceptances);
	free(closing);
}

void sf_book_digest(
	const struct sf_crypto *crypto, struct sf_view signed_form, struct sf_digest *ret_digest)
{
	crypto->record_digest(crypto->self, "agreement", signed_form, ret_digest);
}

/* An agreement that names no zone speaks of UTC. */
static enum sf_err find_zone(
	const struct sf_env *env, struct sf_agreement *agreement, struct sf_diag *diag)
{
	if (agreement->time_zone[0] == '\0')
		return SF_OK;
	agreement->calendar.zone = env->zone(env->self, agreement->time_zone);
	if (agreement->calendar.zone)
		return SF_OK;
	sf_diag_set(diag, "time zone %s is not on this machine", agreement->time_zone);
	return SF_ERR_UNSUPPORTED;
}

enum sf_err sf_book_add(struct sf_book *book, const struct sf_crypto *crypto,
	const struct sf_env *env, struct sf_view signed_form, struct sf_digest *ret_digest,
	struct sf_diag *diag)
{
	sf_book_digest(crypto, signed_form, ret_digest);
	if (sf_agreement_find(&book->view, ret_digest))
		return SF_ERR_EXISTS;
	if (book->view.count == SF_BOOK_AGREEMENTS_MAX) {
		sf_diag_set(diag, "more than %zu agreements", SF_BOOK_AGREEMENTS_MAX);
		return SF_ERR_LIMIT;
	}
	struct sf_agreement *agreement = calloc(1, sizeof(*agreement));
	if (!agreement)
		return SF_ERR_MEMORY;
	enum sf_err err = sf_agreement_decode(signed_form, agreement, diag);
	if (!err)
		err = find_zone(env, agreement, diag);
	if (err) {
		free(agreement);
		return err;
	}
	agreement->digest = *ret_digest;
	book->agreements[book->view.count++] = agreement;
	return SF_OK;
}

static int compare_key(const struct sf_acceptance *acceptance, const struct sf_digest *agreement,
	struct sf_id party)
{
	int order = memcmp(acceptance->agreement.bytes, agreement->bytes, SF_DIGEST_SIZE);
	return order ? order : sf_id_compare(acceptance->party, party);
}

/* Behind all that the party has said of the agreement: recorded time only grows. */
static size_t end_of(
	const struct sf_book *book, const struct sf_digest *agreement, struct sf_id party)
{
	size_t low = 0, high = book->view.acceptance_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare_key(&book->acceptances[middle], agreement, party) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The one that stands; NULL. */
static struct sf_acceptance *standing(
	struct sf_book *book, const struct sf_digest *agreement, struct sf_id party)
{
	size_t end = end_of(book, agreement, party);
	if (end == 0)
		return NULL;
	struct sf_acceptance *last = &book->acceptances[end - 1];
	bool stands = last->until_ms == INT64_MAX && compare_key(last, agreement, party) == 0;
	return stands ? last : NULL;
}

static enum sf_err reserve(struct sf_book *book, size_t more)
{
	size_t wanted = book->view.acceptance_count + more;
	if (wanted > SF_BOOK_ACCEPTANCES_MAX)
		return SF_ERR_LIMIT;
	if (wanted <= book->acceptance_capacity)
		return SF_OK;
	size_t capacity = 2 * book->acceptance_capacity > wanted ? 2 * book->acceptance_capacity
								 : wanted + 64;
	struct sf_acceptance *grown =
		realloc(book->acceptances, capacity * sizeof(*book->acceptances));
	if (!grown)
		return SF_ERR_MEMORY;
	book->acceptances = grown;
	book->acceptance_capacity = capacity;
	book->view.acceptances = grown;
	return SF_OK;
}

/* There is room for it. */
static void begin(struct sf_book *book, const struct sf_digest *agreement, struct sf_id party,
	int64_t recorded_ms)
{
	if (standing(book, agreement, party))
		return;
	size_t place = end_of(book, agreement, party);
	memmove(&book->acceptances[place + 1], &book->acceptances[place],
		(book->view.acceptance_count - place) * sizeof(*book->acceptances));
	book->acceptances[place] =
		(struct sf_acceptance){*agreement, party, recorded_ms, INT64_MAX};
	book->view.acceptance_count++;
}

static void end(struct sf_book *book, const struct sf_digest *agreement, struct sf_id party,
	int64_t recorded_ms)
{
	struct sf_acceptance *acceptance = standing(book, agreement, party);
	if (acceptance)
		acceptance->until_ms = recorded_ms;
}

/*
 * A statement counts from the millisecond after it was recorded: all that is recorded in one
 * millisecond is then judged alike, whichever of it a replica learns first.
 */
enum sf_err sf_book_follow(
	struct sf_book *book, const struct sf_message *message, int64_t recorded_ms)
{
	const struct sf_agreement_fact *fact = &message->fact.agreement;
	uint32_t kind = message->fact.kind;
	bool ends = kind == SF_KIND_AGREEMENT_END;
	if (!sf_kind_is_of_agreement(kind))
		return SF_ERR_USAGE;
	size_t represented = kind == SF_KIND_AGREEMENT_PROPOSE ? 0 : fact->on_behalf_count;
	enum sf_err err = ends ? SF_OK : reserve(book, 1 + represented);
	if (err)
		return err;
	void (*apply)(struct sf_book *, const struct sf_digest *, struct sf_id, int64_t) =
		ends ? end : begin;
	apply(book, &fact->agreement, message->author, recorded_ms + 1);
	for (size_t i = 0; i < represented; i++)
		apply(book, &fact->agreement, fact->on_behalf[i], recorded_ms + 1);
	return SF_OK;
}

const struct sf_agreement_book *sf_book_view(const struct sf_book *book)
{
	return &book->view;
}

static bool is_digest_prefix(const struct sf_agreement *agreement, const char *reference)
{
	size_t size = strlen(reference);
	char digits[SF_DIGEST_TEXT_SIZE];
	sf_digest_format(&agreement->digest, digits);
	if (size < DIGITS_MIN || size >= SF_DIGEST_TEXT_SIZE)
		return false;
	return memcmp(digits, reference, size) == 0;
}

/* "name 4" */
static bool is_version(const struct sf_agreement *agreement, const char *reference)
{
	struct sf_buf text;
	sf_buf_init(&text, sizeof(agreement->name) + 16);
	bool same = !sf_buf_printf(
			    &text, "%s %lu", agreement->name, (unsigned long)agreement->version) &&
		    sf_view_equal(sf_buf_view(&text), sf_view_text(reference));
	sf_buf_fini(&text);
	return same;
}

/* The one that was meant; two of them are told apart by more digits alone. */
struct choice {
	const struct sf_agreement *agreement; /* NULL: none yet */
	bool twice;
};

static void choose(struct choice *choice, const struct sf_agreement *agreement)
{
	bool newer = !choice->agreement || agreement->version > choice->agreement->version;
	bool same = !newer && agreement->version == choice->agreement->version;
	if (newer)
		*choice = (struct choice){agreement, false};
	choice->twice = choice->twice || same;
}

/*
 * The wrong one of two texts with one name and version must not be signed because it came later:
 * nothing is found then. A name goes before a version, for it may end in a number.
 */
const struct sf_agreement *sf_book_find(const struct sf_book *book, const char *reference)
{
	struct choice named = {NULL, false}, exact = {NULL, false};
	for (size_t i = 0; i < book->view.count; i++) {
		const struct sf_agreement *agreement = book->agreements[i];
		if (strcmp(agreement->name, reference) == 0)
			choose(&named, agreement);
		else if (is_version(agreement, reference))
			choose(&exact, agreement);
		else if (is_digest_prefix(agreement, reference))
			exact = (struct choice){agreement, exact.agreement != NULL};
	}
	const struct choice *found = named.agreement ? &named : &exact;
	return found->twice ? NULL : found->agreement;
}

/* Signed by the party now? ret_from_ms: since when. */
static bool is_signed(const struct sf_book *book, const struct sf_digest *agreement,
	struct sf_id party, int64_t now_ms, int64_t *ret_from_ms)
{
	for (size_t i = end_of(book, agreement, party); i > 0; i--) {
		const struct sf_acceptance *acceptance = &book->acceptances[i - 1];
		if (compare_key(acceptance, agreement, party) != 0)
			return false;
		if (acceptance->from_ms <= now_ms && now_ms < acceptance->until_ms) {
			*ret_from_ms = acceptance->from_ms;
			return true;
		}
	}
	return false;
}

static bool is_valid(const struct sf_agreement *agreement, int64_t now_ms)
{
	return agreement->valid_from_day <= sf_zone_local(agreement->calendar.zone, now_ms).day;
}

const struct sf_agreement *sf_book_ruling(
	const struct sf_book *book, struct sf_id party, int64_t now_ms)
{
	const struct sf_agreement *ruling = NULL;
	int64_t ruling_from_ms = 0;
	for (size_t i = 0; i < book->view.count; i++) {
		const struct sf_agreement *agreement = book->agreements[i];
		int64_t from_ms;
		if (!is_valid(agreement, now_ms) ||
			!is_signed(book, &agreement->digest, party, now_ms, &from_ms))
			continue;
		if (!ruling || agreement->version > ruling->version ||
			(agreement->version == ruling->version && from_ms > ruling_from_ms)) {
			ruling = agreement;
			ruling_from_ms = from_ms;
		}
	}
	return ruling;
}
