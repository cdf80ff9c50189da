/*
 * Which answers are kept in an access log: those from which one patient's course, or a list of
 * such, can be read. Shared by both engines, so that what is logged at one is logged at the other.
 */
#ifndef SF_AUDIT_ACCESS_H
#define SF_AUDIT_ACCESS_H

#include "audit/listing.h"

/* What was read: the transition and message that the answer is about; none for a list. */
struct sf_access {
	bool kept; /* false: nothing of anybody was read */
	struct sf_id transition;
	struct sf_id message;
};

/*
 * A refusal reads nothing (what one tells all the same its service keeps: sf_node_keep_disclosure),
 * and neither does a long poll that goes on waiting. What is asked for by
 * a system for care (libstafet) counts like what a person asks.
 */
struct sf_access sf_access_of(const struct sf_request *request, const struct sf_reply *reply);

/*
 * An attachment is read in parts, and is read once. Who follows the feed asks again after every
 * event, and so does a board for the transitions that changed since: they would fill the log with
 * it. One row a quarter of an hour says that an account does.
 * Forgotten when a turn is lost, as the row is.
 */
#define SF_ACCESS_FOLLOW_MS ((int64_t)15 * 60 * 1000)
#define SF_ACCESS_FOLLOWERS_MAX 16 /* more at once are kept more often */
struct sf_access_followers {
	size_t next;
	struct sf_access_follower {
		char account[64];
		enum sf_request_kind kind;
		enum sf_reader_role role;
		enum sf_purpose purpose;
		struct sf_id message; /* of an attachment; none: the feed */
		uint32_t number;
		int64_t kept_ms; /* 0: free */
	} seen[SF_ACCESS_FOLLOWERS_MAX];
};
/* True for a question that goes on with what was kept; else it is noted as kept now. */
bool sf_access_goes_on(
	struct sf_access_followers *followers, const struct sf_request *request, int64_t now_ms);

/* Rows of an access log, oldest first, up to as many as were asked for. */
struct sf_access_listing {
	struct sf_listing listing;
	struct sf_listing_rows rows; /* of struct sf_access_row */
	size_t count_max;
};
struct sf_access_listing sf_access_list(const struct sf_directory *directory,
	struct sf_arena *arena, const struct sf_request_access_log *asked);
/* Adds the row with its account and what was asked; false when there is no room for more. */
bool sf_access_list_row(struct sf_access_listing *listing, const struct sf_access_row *row,
	struct sf_view account, int64_t what);
/* SF_ERR_LIMIT: the arena is full. */
SF_MUST_USE enum sf_err sf_access_list_end(
	const struct sf_access_listing *listing, struct sf_reply *ret_reply);

/* Role and purpose as they are kept: operator and operation when the asker did not say. */
enum sf_reader_role sf_access_role(const struct sf_asker *asker);
enum sf_purpose sf_access_purpose(const struct sf_asker *asker);

#endif
