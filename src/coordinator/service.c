#include "coordinator/service.h"

#include "audit/erased.h"
#include "audit/registry.h"
#include "door/door.h"

static const struct sf_directory_entry *entry_of_digest(
	const struct sf_directory *directory, const struct sf_digest *digest)
{
	for (size_t i = 0; i < sf_directory_count(directory); i++) {
		const struct sf_directory_entry *entry = sf_directory_at(directory, i);
		if (sf_digest_equal(&entry->digest, digest))
			return entry;
	}
	return NULL;
}

static enum sf_err refuse_entry(
	struct sf_reply *reply, struct sf_arena *arena, enum sf_err err, const struct sf_diag *why)
{
	char text[SF_DIAG_SIZE + 64];
	struct sf_buf buf;
	sf_buf_init(&buf, sizeof(text));
	bool told = why->text[0] && !sf_buf_printf(&buf, "the entry is not taken: %s", why->text) &&
		    !sf_buf_append_u8(&buf, 0);
	sf_reply_refuse(reply, arena, err, told ? (const char *)buf.data : sf_err_text(err));
	sf_buf_fini(&buf);
	return SF_OK;
}

/* A signed entry becomes a leaf of the log and takes effect with this turn (WIRE section 2). */
static enum sf_err serve_approve(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag)
{
	struct sf_diag why = {.text = ""};
	struct sf_digest digest;
	enum sf_err err = sf_registry_add(coordinator->directory, &coordinator->ports.crypto,
		&coordinator->options.registrars, request->approve.record, coordinator->recorded_ms,
		&digest, &why);
	if (err == SF_ERR_MEMORY)
		return err;
	if (err)
		return refuse_entry(ret_reply, arena, err, &why);
	err = sf_coordinator_record_entry(coordinator, &digest, request->approve.record, diag);
	if (err)
		return err;
	const struct sf_directory_entry *entry = entry_of_digest(coordinator->directory, &digest);
	struct sf_listing listing = {coordinator->directory, arena, false};
	struct sf_reply_approved approved = {
		.name = "", .version = sf_directory_version(coordinator->directory)};
	if (entry) {
		approved.party = entry->party;
		approved.name = sf_listing_text(&listing, entry->name);
	}
	sf_coordinator_tell(coordinator, SF_FEED_DIRECTORY, (struct sf_id){{0}}, approved.party,
		(struct sf_id){{0}});
	if (listing.full)
		return SF_ERR_LIMIT;
	*ret_reply = (struct sf_reply){.kind = SF_REPLY_APPROVED, .text = "", .approved = approved};
	return SF_OK;
}

static enum sf_err serve_feed(struct sf_coordinator *coordinator, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	(void)diag;
	struct sf_listing listing = {coordinator->directory, arena, false};
	struct sf_reply reply = {.kind = SF_REPLY_FEED, .text = ""};
	sf_listing_feed(&listing, coordinator->feed, &request->feed, &reply.feed);
	if (listing.full)
		return SF_ERR_LIMIT;
	*ret_reply = reply;
	return SF_OK;
}

typedef enum sf_err service(struct sf_coordinator *coordinator, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);

/* What reads may answer that it is too large; what writes ends the turn then. */
static const struct {
	service *serve;
	bool writes;
} services[] = {
	[SF_REQUEST_TRANSITIONS] = {sf_coordinator_serve_transitions, false},
	[SF_REQUEST_TRANSITION] = {sf_coordinator_serve_transition, false},
	[SF_REQUEST_OUTBOX] = {sf_coordinator_serve_outbox, false},
	[SF_REQUEST_DIRECTORY] = {sf_coordinator_serve_directory, false},
	[SF_REQUEST_APPROVE] = {serve_approve, true},
	[SF_REQUEST_STATUS] = {sf_coordinator_serve_status, false},
	[SF_REQUEST_FEED] = {serve_feed, false},
	[SF_REQUEST_BOARD] = {sf_coordinator_serve_board, false},
	[SF_REQUEST_MEASURES] = {sf_coordinator_serve_measures, false},
	[SF_REQUEST_AGREEMENTS] = {sf_coordinator_serve_agreements, false},
	[SF_REQUEST_AGREEMENT] = {sf_coordinator_serve_agreement, false},
	[SF_REQUEST_SIMULATE] = {sf_coordinator_serve_simulate, false},
	[SF_REQUEST_LOG] = {sf_coordinator_serve_log, false},
	[SF_REQUEST_PROOF] = {sf_coordinator_serve_proof, false},
	[SF_REQUEST_EVIDENCE] = {sf_coordinator_serve_evidence, false},
	[SF_REQUEST_ERASE] = {sf_coordinator_serve_erase, true},
	[SF_REQUEST_ACCESS_LOG] = {sf_coordinator_serve_access_log, false},
	[SF_REQUEST_EPOCH] = {sf_coordinator_serve_epoch, true},
};

/* Not known, because it was erased, is another answer than never heard of. */
static enum sf_err tell_erased(struct sf_coordinator *coordinator, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *reply, struct sf_diag *diag)
{
	struct sf_row_erasure row = {.transition = sf_request_subject(request)};
	if (reply->err != SF_ERR_NOT_FOUND || sf_id_is_none(row.transition))
		return SF_OK;
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->get(store->self, &sf_table_erasure, 0, &row, diag);
	if (!err)
		sf_reply_refuse_erased(
			reply, arena, SF_ERR_NOT_FOUND, row.at_ms, (enum sf_ground)row.ground);
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

static enum sf_err serve(struct sf_coordinator *coordinator, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	size_t kind = (size_t)request->kind;
	if (kind >= SF_COUNT(services) || !services[kind].serve) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_UNSUPPORTED,
			"the coordinator holds no letters and answers for nobody: ask a node");
		return SF_OK;
	}
	/* A new epoch is what mends it. */
	bool mends = request->kind == SF_REQUEST_EPOCH;
	if (services[kind].writes && !mends && sf_coordinator_is_behind(coordinator)) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_STATE,
			"a node has seen more of the log than this store has: see stafet log "
			"status");
		return SF_OK;
	}
	enum sf_err err = services[kind].serve(coordinator, request, arena, ret_reply, diag);
	if (err == SF_ERR_LIMIT && !services[kind].writes) {
		sf_reply_refuse(ret_reply, arena, err,
			"the answer is larger than one reply; ask for fewer rows");
		return SF_OK;
	}
	if (!err)
		err = tell_erased(coordinator, request, arena, ret_reply, diag);
	if (err)
		return err;
	err = sf_coordinator_keep_access(coordinator, request, ret_reply, diag);
	if (err != SF_ERR_STATE)
		return err;
	sf_reply_refuse(ret_reply, arena, err,
		"nothing can be recorded here now (stafet log status), so nothing can be read");
	return SF_OK;
}

/* Who asks is settled first. What is said at the door is nothing of the log: also behind, it opens.
 */
enum sf_err sf_coordinator_serve(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag)
{
	struct sf_request asked = *request;
	bool answered = false;
	const struct sf_door door = {.store = &coordinator->ports.store,
		.crypto = &coordinator->ports.crypto,
		.env = &coordinator->ports.env,
		.directory = coordinator->directory,
		.party = coordinator->options.party,
		.ended = &coordinator->ended,
		.program = "coordinator",
		.now_ms = coordinator->now_ms,
		.read_only = coordinator->options.read_only};
	enum sf_err err = sf_door_admit(&door, &asked.asker, arena, ret_reply, &answered, diag);
	if (!err && !answered)
		err = sf_door_serve(&door, &asked, arena, ret_reply, &answered, diag);
	return err || answered ? err : serve(coordinator, &asked, arena, ret_reply, diag);
}
