/*
 * What local programs are shown of transitions, parties and what happens, the same at coordinator
 * and node: domain structs into the rows of wire/local.h. Ids, codes and times only; names are
 * those of organisations, from the directory. Nothing here knows a person.
 *
 * Everything is copied into the arena of the reply, because the directory may move before the reply
 * is written.
 */
#ifndef SF_AUDIT_LISTING_H
#define SF_AUDIT_LISTING_H

#include "audit/feed.h"
#include "base/time.h"
#include "core/directory.h"
#include "core/transition_cache.h"
#include "wire/local.h"

/* MedCom KR7: no acknowledgement for so long, and somebody should look. From when it was sent. */
#define SF_LATE_MS (30 * SF_MINUTE_MS)
/* Open rows that are walked for one listing: bounds the time a listing holds up a turn. */
#define SF_LISTING_WALK_MAX ((size_t)10000)

/* One reply in the making. Both pointers borrowed. */
struct sf_listing {
	const struct sf_directory *directory;
	struct sf_arena *arena;
	bool full; /* the arena ended; the reply must not be used */
};

/* Rows that grow in the arena. */
struct sf_listing_rows {
	void *items;
	size_t count;
	size_t capacity;
	size_t item_size;
};

/* Zeroed room for one more; NULL when the arena ended. */
void *sf_listing_add(struct sf_listing *listing, struct sf_listing_rows *rows);
/* Copies; "" for NULL and when the arena ended. */
const char *sf_listing_text(struct sf_listing *listing, const char *text);
/* Name of a party in the directory; "" when it has none. */
const char *sf_listing_name(struct sf_listing *listing, struct sf_id party);
/* What was asked for, at most SF_LOCAL_ROWS_MAX; all that when 0. */
size_t sf_listing_count(uint32_t count_max);

/*
 * The party that a reference of wire/local.h names: party id, SOR code, GLN or exact name. NULL
 * when nobody has it, or two have that name.
 */
const struct sf_directory_entry *sf_listing_party(
	const struct sf_directory *directory, const char *reference);

/* Late deliveries of one transition, found in one walk for a whole listing. */
struct sf_late {
	struct sf_id transition;
	uint32_t count;
};

/* One more late delivery; lates: rows of struct sf_late. */
void sf_listing_late(
	struct sf_listing *listing, struct sf_listing_rows *lates, struct sf_id transition);
uint32_t sf_listing_late_count(const struct sf_listing_rows *lates, struct sf_id transition);

/* Whether a delivery that has not been answered finally, or was answered fatal-error, is late. */
bool sf_delivery_is_late(enum sf_delivery_state state, int64_t sent_ms, int64_t now_ms);

/* late_count is left 0: deliveries are the caller's. */
void sf_listing_transition(struct sf_listing *listing, const struct sf_cached_transition *cached,
	int64_t changed_ms, struct sf_transition_row *ret_row);
/*
 * Everything but events and deliveries, as of now_ms: what is overdue and what is next is judged by
 * it. known_sequence is the transition's own; contacts are those of the directory.
 */
void sf_listing_show(struct sf_listing *listing, const struct sf_cached_transition *cached,
	int64_t changed_ms, int64_t now_ms, struct sf_reply_transition *ret_show);
/*
 * Whom to call about each active domain, from the directory: the support contact of its holder.
 * sf_listing_contact_hours puts the duty desk that is answered now in its place, and a node the
 * contact of the newest letter, which is about this very patient; it gives the rows to its reply.
 */
struct sf_contact_row *sf_listing_contacts(
	struct sf_listing *listing, const struct sf_transition *transition, size_t *ret_count);
/* listing_contact.c. zone: of SF_CONTACT_ZONE; NULL: this machine has none, and nothing is put. */
void sf_listing_contact_hours(struct sf_listing *listing, const struct sf_zone *zone,
	int64_t now_ms, struct sf_contact_row *rows, size_t count);
/* The desks of the entry, and which of them is to be called. */
void sf_listing_desks(struct sf_listing *listing, const struct sf_directory_entry *entry,
	const struct sf_zone *zone, int64_t now_ms, struct sf_directory_row *row);
/* Clause of that number in the agreement that rules the transition; never NULL, texts may be "". */
void sf_listing_obligation(struct sf_listing *listing, const struct sf_transition *transition,
	const struct sf_obligation *obligation, struct sf_obligation_row *row);
const struct sf_clause *sf_listing_clause(const struct sf_transition *transition, uint32_t number);
/* Fields that stand in the recorded message: kind, activity, domains ... */
void sf_listing_message(const struct sf_message *message, struct sf_event_row *row);
/* Decodes the cover of a recorded event and fills the row from it. SF_ERR_FORMAT. */
SF_MUST_USE enum sf_err sf_listing_cover(struct sf_view cover, struct sf_event_row *row);
/* Domains that party can accept by answering this message. */
sf_domain_set sf_listing_offers(
	const struct sf_transition *transition, struct sf_id message, struct sf_id party);

/* proposer may be none. accepted_here is left false. */
void sf_listing_agreement(struct sf_listing *listing, const struct sf_agreement_book *book,
	const struct sf_agreement *agreement, struct sf_id proposer,
	struct sf_agreement_row *ret_row);
void sf_listing_acceptances(struct sf_listing *listing, const struct sf_agreement_book *book,
	const struct sf_digest *agreement, struct sf_reply_agreement *ret_show);

/* Copies; SF_ERR_LIMIT. */
SF_MUST_USE enum sf_err sf_listing_counters(struct sf_arena *arena,
	const struct sf_counter_row *counters, size_t count, struct sf_reply_status *ret_status);

/* All parties, or the one referred to. connected is left false. zone as above. SF_ERR_NOT_FOUND. */
SF_MUST_USE enum sf_err sf_listing_directory(struct sf_listing *listing, const char *reference,
	const struct sf_zone *zone, int64_t now_ms, struct sf_reply_directory *ret_directory);
/* Fills in the names of rows that are read. */
void sf_listing_feed_names(struct sf_listing *listing, struct sf_feed_row *rows, size_t count);
void sf_listing_feed(struct sf_listing *listing, const struct sf_feed *feed,
	const struct sf_request_feed *request, struct sf_reply_feed *ret_feed);

/* Nothing was done: err and one sentence. text is copied. */
void sf_reply_refuse(
	struct sf_reply *ret_reply, struct sf_arena *arena, enum sf_err err, const char *text);
/* A rule said no: the sentence of the rule. */
void sf_reply_refused(struct sf_reply *ret_reply, uint16_t refusal);
void sf_reply_done(struct sf_reply *ret_reply);

#endif
