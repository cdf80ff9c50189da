#include "audit/access.h"

#include <string.h>

enum sf_reader_role sf_access_role(const struct sf_asker *asker)
{
	return asker->role != SF_READER_NONE ? asker->role : SF_READER_OPERATOR;
}

enum sf_purpose sf_access_purpose(const struct sf_asker *asker)
{
	return asker->purpose != SF_PURPOSE_NONE ? asker->purpose : SF_PURPOSE_OPERATION;
}

/* What happens in somebody's course, as it happens; the rest is the daemon's own state. */
static bool tells_of_courses(const struct sf_reply_feed *feed)
{
	for (size_t i = 0; i < feed->row_count; i++)
		if (!sf_id_is_none(feed->rows[i].transition))
			return true;
	return false;
}

static struct sf_access of_reply(const struct sf_reply *reply)
{
	switch (reply->kind) {
	case SF_REPLY_TRANSITION:
		return (struct sf_access){true, reply->transition.row.transition, {{0}}};
	case SF_REPLY_MESSAGE:
		return (struct sf_access){
			true, reply->message.row.transition, reply->message.row.message};
	case SF_REPLY_TRACE:
		return (struct sf_access){true, reply->trace.transition, reply->trace.message};
	case SF_REPLY_PATIENT:
		return (struct sf_access){true, reply->patient.transition, {{0}}};
	case SF_REPLY_STAY:
		return (struct sf_access){true, reply->stay.transition, {{0}}};
	case SF_REPLY_TRANSITIONS:
		return (struct sf_access){.kept = reply->transitions.row_count > 0};
	case SF_REPLY_INBOX:
		return (struct sf_access){.kept = reply->inbox.row_count > 0};
	case SF_REPLY_OUTBOX:
		return (struct sf_access){.kept = reply->outbox.row_count > 0};
	case SF_REPLY_BOARD:
		return (struct sf_access){.kept = reply->board.row_count > 0};
	case SF_REPLY_ASIDE:
		return (struct sf_access){.kept = reply->aside.row_count > 0};
	case SF_REPLY_QUARANTINE:
		return (struct sf_access){.kept = reply->quarantine.row_count > 0};
	case SF_REPLY_MEASURES:
		return (struct sf_access){.kept = reply->measures.row_count > 0};
	case SF_REPLY_SIMULATED:
		return (struct sf_access){.kept = reply->simulated.row_count > 0};
	case SF_REPLY_OBLIGATIONS:
		return (struct sf_access){.kept = reply->obligations.row_count > 0};
	case SF_REPLY_FEED:
		return (struct sf_access){.kept = tells_of_courses(&reply->feed)};
	case SF_REPLY_ATTACHMENT:
		return (struct sf_access){.kept = true, .transition = reply->attachment.transition};
	case SF_REPLY_ACKNOWLEDGEMENT:
	case SF_REPLY_EVIDENCE:
	/* Who takes part is told; and who erased must be found, as who read. */
	case SF_REPLY_ERASED:
		return (struct sf_access){.kept = true};
	case SF_REPLY_DONE:
	case SF_REPLY_SENT:
	case SF_REPLY_SAID:
	case SF_REPLY_DIRECTORY:
	case SF_REPLY_APPROVED:
	case SF_REPLY_STATUS:
	case SF_REPLY_AGREEMENTS:
	case SF_REPLY_AGREEMENT:
	case SF_REPLY_LOG:
	case SF_REPLY_PROOF:
	case SF_REPLY_ACCESS_LOG:
	case SF_REPLY_TOKENS:
	case SF_REPLY_TOKEN_CREATED:
	case SF_REPLY_CHANNELS:
	case SF_REPLY_HOOK_ADDED:
	case SF_REPLY_HANDOUT:
	case SF_REPLY_REPLAYED:
	case SF_REPLY_EPOCH:
	case SF_REPLY_USERS:
	case SF_REPLY_USER_LINKED:
	case SF_REPLY_SESSION:
	case SF_REPLY_PASSWORD:
	case SF_REPLY_ENDED:
	case SF_REPLY_UPLOAD:
		break;
	}
	return (struct sf_access){.kept = false};
}

struct sf_access sf_access_of(const struct sf_request *request, const struct sf_reply *reply)
{
	if (reply->err)
		return (struct sf_access){.kept = false};
	struct sf_access access = of_reply(reply);
	/* Over the network this is how a stream begins, and what it tells then is asked for by all.
	 */
	if (request->kind == SF_REQUEST_FEED && request->asker.over_http)
		access.kept = true;
	/* The reply is bytes; what it is about stands in the question. */
	if (request->kind == SF_REQUEST_EVIDENCE)
		access.transition = request->evidence.transition;
	if (request->kind == SF_REQUEST_ERASE)
		access.transition = request->erase.transition;
	if (request->kind == SF_REQUEST_ACKNOWLEDGEMENT)
		access.message = request->acknowledgement.message;
	if (request->kind == SF_REQUEST_ATTACHMENT)
		access.message = request->attachment.message;
	if (request->kind == SF_REQUEST_INBOX)
		access.transition = request->inbox.transition;
	if (request->kind == SF_REQUEST_OBLIGATIONS)
		access.transition = request->obligations.transition;
	if (request->kind == SF_REQUEST_OUTBOX)
		access.transition = request->outbox.transition;
	/* A look for a citizen is kept, found or not: who snoops mostly finds nobody. */
	if (request->kind == SF_REQUEST_FIND)
		access = (struct sf_access){.kept = true,
			.transition = reply->transitions.row_count == 1
					      ? reply->transitions.rows[0].transition
					      : (struct sf_id){{0}}};
	return access;
}

bool sf_access_goes_on(
	struct sf_access_followers *followers, const struct sf_request *request, int64_t now_ms)
{
	const struct sf_asker *asker = &request->asker;
	const char *account = asker->account ? asker->account : "";
	bool part = request->kind == SF_REQUEST_ATTACHMENT;
	/* Of the board: what has changed lately, behind a page that was read whole. */
	bool change = request->kind == SF_REQUEST_TRANSITIONS &&
		      request->transitions.since_ms > now_ms - SF_ACCESS_FOLLOW_MS;
	struct sf_id message = part ? request->attachment.message : (struct sf_id){{0}};
	uint32_t number = part ? request->attachment.number : 0;
	if ((request->kind != SF_REQUEST_FEED && !part && !change) ||
		strlen(account) >= sizeof(followers->seen[0].account))
		return false;
	struct sf_access_follower *place = NULL;
	for (size_t i = 0; i < SF_ACCESS_FOLLOWERS_MAX && !place; i++) {
		struct sf_access_follower *seen = &followers->seen[i];
		if (seen->kept_ms > 0 && seen->kind == request->kind && seen->role == asker->role &&
			seen->purpose == asker->purpose && seen->number == number &&
			sf_id_equal(seen->message, message) && strcmp(seen->account, account) == 0)
			place = seen;
	}
	if (place && now_ms >= place->kept_ms && now_ms - place->kept_ms < SF_ACCESS_FOLLOW_MS)
		return true;
	if (!place)
		place = &followers->seen[followers->next++ % SF_ACCESS_FOLLOWERS_MAX];
	*place = (struct sf_access_follower){.kind = request->kind,
		.role = asker->role,
		.purpose = asker->purpose,
		.message = message,
		.number = number,
		.kept_ms = now_ms > 0 ? now_ms : 1};
	memcpy(place->account, account, strlen(account) + 1);
	return false;
}

struct sf_access_listing sf_access_list(const struct sf_directory *directory,
	struct sf_arena *arena, const struct sf_request_access_log *asked)
{
	return (struct sf_access_listing){
		.listing = {directory, arena, false},
		.rows = {.item_size = sizeof(struct sf_access_row)},
		.count_max = sf_listing_count(asked->count_max),
	};
}

bool sf_access_list_row(struct sf_access_listing *listing, const struct sf_access_row *row,
	struct sf_view account, int64_t what)
{
	if (listing->rows.count == listing->count_max)
		return false;
	struct sf_access_row *place = sf_listing_add(&listing->listing, &listing->rows);
	if (!place)
		return false;
	*place = *row;
	place->account = sf_arena_text(listing->listing.arena, account);
	place->what = sf_request_text((enum sf_request_kind)what);
	listing->listing.full |= !place->account;
	return !listing->listing.full;
}

enum sf_err sf_access_list_end(const struct sf_access_listing *listing, struct sf_reply *ret_reply)
{
	if (listing->listing.full)
		return SF_ERR_LIMIT;
	*ret_reply = (struct sf_reply){.kind = SF_REPLY_ACCESS_LOG,
		.text = "",
		.access_log = {listing->rows.count, listing->rows.items}};
	return SF_OK;
}
