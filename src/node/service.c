#include "node/service.h"

#include "node/access.h"
#include "node/aside.h"
#include "node/channel.h"
#include "node/log_service.h"
#include "node/erase.h"
#include "node/repeat.h"
#include "node/state.h"

#include "audit/erased.h"
#include "audit/listing.h"
#include "door/door.h"

/* Recipients of one message who are sent to anew when a person asks for another attempt. */
struct by_hand {
	struct sf_node *node;
	bool open, waits;
	enum sf_err err;
	struct sf_diag *diag;
	size_t count;
	struct sf_node_row_delivery rows[SF_RECIPIENT_COUNT_MAX];
};

enum sf_err sf_node_find_party(const struct sf_node *node, const char *reference,
	const struct sf_directory_entry **ret_entry)
{
	const struct sf_directory_entry *entry = sf_listing_party(node->directory, reference);
	if (!entry)
		return SF_ERR_NOT_FOUND;
	*ret_entry = entry;
	return SF_OK;
}

/*
 * A party that is represented by another cannot answer for itself yet: a letter sealed to its
 * representative would wait under a name that never connects.
 */
bool sf_node_has_own_node(const struct sf_node *node, const struct sf_directory_entry *entry)
{
	for (size_t i = 0; i < entry->key_count; i++)
		if (entry->keys[i].use == SF_KEY_USE_TRANSPORT &&
			sf_directory_key_valid(&entry->keys[i], node->now_ms, node->now_ms))
			return true;
	return false;
}

bool sf_node_can_receive(const struct sf_node *node, const struct sf_directory_entry *entry)
{
	return sf_node_has_own_node(node, entry) &&
	       sf_directory_sealing_key(node->directory, entry->party, node->now_ms);
}

static bool visit_waiting(void *context, const void *row)
{
	struct by_hand *hand = context;
	const struct sf_node_row_delivery *delivery = row;
	hand->open = hand->open || delivery->open != 0;
	bool waits =
		delivery->state == SF_DELIVERY_WAITING || delivery->state == SF_DELIVERY_ASK_PERSON;
	hand->waits = hand->waits || waits;
	if (!waits && delivery->state != SF_DELIVERY_SENT)
		return true;
	if (hand->count == SF_COUNT(hand->rows))
		return false;
	hand->rows[hand->count] = *delivery;
	hand->rows[hand->count].errors = sf_arena_copy(&hand->node->arena, delivery->errors);
	if (!hand->rows[hand->count++].errors.data)
		hand->err = SF_ERR_LIMIT;
	return !hand->err;
}

/* Whoever waited is counted as sent to again; the attempt by hand comes on top of the others. */
static enum sf_err send_by_hand(struct by_hand *hand, struct sf_id message)
{
	struct sf_node *node = hand->node;
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = hand->err;
	for (size_t i = 0; i < hand->count && !err; i++) {
		struct sf_node_row_delivery *row = &hand->rows[i];
		row->state = SF_DELIVERY_SENT;
		row->since_ms = node->now_ms;
		row->due = 0;
		err = store->replace(store->self, &sf_node_table_delivery, row, hand->diag);
	}
	return err ? err : sf_node_resend(node, message, hand->diag);
}

enum sf_err sf_node_serve_resend(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	struct sf_id message = request->resend.message;
	struct sf_node_row_outbox outbox = {.message_id = message};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->get(store->self, &sf_node_table_outbox, 0, &outbox, diag);
	if (err == SF_ERR_NOT_FOUND) {
		sf_reply_refuse(ret_reply, arena, err, "no message of this id was sent from here");
		return SF_OK;
	}
	bool refused = outbox.outcome == SF_OUTCOME_REFUSED, unrecorded = outbox.outcome == 0;
	struct by_hand hand = {.node = node, .diag = diag};
	const struct sf_node_row_delivery key = {.message_id = message};
	const struct sf_scan scan = {
		.table = &sf_node_table_delivery, .equal_count = 1, .from = &key};
	if (!err)
		err = store->scan(store->self, &scan, visit_waiting, &hand, diag);
	if (err)
		return err;
	/* A letter whose key was missing at sealing has never left: it may be tried by hand. */
	if (unrecorded && !hand.waits) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_STATE,
			"the message still waits for the coordinator and goes out by itself");
		return SF_OK;
	}
	if (!refused && !hand.open) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_STATE,
			"nobody is left who has not answered this message");
		return SF_OK;
	}
	sf_reply_done(ret_reply);
	return send_by_hand(&hand, message);
}

static enum sf_err serve_directory(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const struct sf_env *env = &node->ports.env;
	struct sf_listing listing = {node->directory, arena, false};
	struct sf_reply reply = {.kind = SF_REPLY_DIRECTORY, .text = ""};
	enum sf_err err = sf_listing_directory(&listing, request->directory.party,
		env->zone(env->self, SF_CONTACT_ZONE), node->now_ms, &reply.directory);
	if (err == SF_ERR_NOT_FOUND) {
		sf_reply_refuse(ret_reply, arena, err,
			"no party of the directory is meant, or more than one has that name");
		return SF_OK;
	}
	if (!err && listing.full)
		err = SF_ERR_LIMIT;
	for (size_t i = 0; !err && i < reply.directory.row_count; i++) {
		struct sf_directory_row *row = (struct sf_directory_row *)&reply.directory.rows[i];
		err = sf_node_last_heard(node, row->party, &row->heard_ms, diag);
	}
	if (!err)
		*ret_reply = reply;
	return err;
}

typedef enum sf_err service(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);

/*
 * writes: an answer that does not fit its arena ends the turn, because it has changed something;
 * for the others it is a reply like any.
 */
static const struct {
	service *serve;
	bool writes;
} services[] = {
	[SF_REQUEST_SEND] = {sf_node_serve_send, true},
	[SF_REQUEST_INBOX] = {sf_node_serve_inbox, false},
	[SF_REQUEST_MESSAGE] = {sf_node_serve_message, false},
	[SF_REQUEST_HANDLED] = {sf_node_serve_handled, true},
	[SF_REQUEST_ACKNOWLEDGEMENT] = {sf_node_serve_acknowledgement, true},
	[SF_REQUEST_ACCEPT] = {sf_node_serve_accept, true},
	[SF_REQUEST_REFUSE] = {sf_node_serve_refuse, true},
	[SF_REQUEST_OFFER] = {sf_node_serve_offer, true},
	[SF_REQUEST_WITHDRAW] = {sf_node_serve_withdraw, true},
	[SF_REQUEST_TRANSITIONS] = {sf_node_serve_transitions, false},
	[SF_REQUEST_TRANSITION] = {sf_node_serve_transition, false},
	[SF_REQUEST_OUTBOX] = {sf_node_serve_outbox, false},
	[SF_REQUEST_RESEND] = {sf_node_serve_resend, true},
	[SF_REQUEST_QUARANTINE] = {sf_node_serve_quarantine, false},
	[SF_REQUEST_DIRECTORY] = {serve_directory, false},
	[SF_REQUEST_STATUS] = {sf_node_serve_status, false},
	[SF_REQUEST_FEED] = {sf_node_serve_feed, false},
	[SF_REQUEST_SAY] = {sf_node_serve_say, true},
	[SF_REQUEST_BIND] = {sf_node_serve_bind, true},
	[SF_REQUEST_BOARD] = {sf_node_serve_board, false},
	[SF_REQUEST_MEASURES] = {sf_node_serve_measures, false},
	[SF_REQUEST_PROPOSE] = {sf_node_serve_propose, true},
	[SF_REQUEST_AGREEMENTS] = {sf_node_serve_agreements, false},
	[SF_REQUEST_AGREEMENT] = {sf_node_serve_agreement, false},
	[SF_REQUEST_SIGN_AGREEMENT] = {sf_node_serve_sign_agreement, true},
	[SF_REQUEST_SIMULATE] = {sf_node_serve_simulate, false},
	[SF_REQUEST_LOG] = {sf_node_serve_log, false},
	[SF_REQUEST_PROOF] = {sf_node_serve_proof, false},
	[SF_REQUEST_EVIDENCE] = {sf_node_serve_evidence, false},
	[SF_REQUEST_ERASE] = {sf_node_serve_erase, true},
	[SF_REQUEST_ACCESS_LOG] = {sf_node_serve_access_log, false},
	[SF_REQUEST_OBLIGATIONS] = {sf_node_serve_obligations, false},
	[SF_REQUEST_CHANNELS] = {sf_node_serve_channels, false},
	[SF_REQUEST_CHANNEL_PAUSE] = {sf_node_serve_channel_pause, true},
	[SF_REQUEST_HOOK_ADD] = {sf_node_serve_hook_add, true},
	[SF_REQUEST_HOOK_REMOVE] = {sf_node_serve_hook_remove, true},
	[SF_REQUEST_HANDOUT] = {sf_node_serve_handout, true},
	[SF_REQUEST_ASIDE] = {sf_node_serve_aside, false},
	[SF_REQUEST_ASIDE_AGAIN] = {sf_node_serve_aside_again, true},
	[SF_REQUEST_TRACE] = {sf_node_serve_trace, false},
	[SF_REQUEST_REPLAY] = {sf_node_serve_replay, true},
	[SF_REQUEST_PATIENT] = {sf_node_serve_patient, false},
	[SF_REQUEST_FIND] = {sf_node_serve_find, false},
	[SF_REQUEST_NOTIFY] = {sf_node_serve_notify, true},
	[SF_REQUEST_STAY] = {sf_node_serve_stay, false},
	[SF_REQUEST_UPLOAD] = {sf_node_serve_upload, true},
	[SF_REQUEST_UPLOAD_PART] = {sf_node_serve_upload_part, true},
	[SF_REQUEST_UPLOAD_DROP] = {sf_node_serve_upload_drop, true},
	[SF_REQUEST_ATTACHMENT] = {sf_node_serve_attachment, false},
};

/* Not known, because it was erased, is another answer than never heard of. */
static enum sf_err tell_erased(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *reply, struct sf_diag *diag)
{
	struct sf_node_row_erasure row = {.transition = sf_request_subject(request)};
	if (reply->err != SF_ERR_NOT_FOUND || sf_id_is_none(row.transition))
		return SF_OK;
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->get(store->self, &sf_node_table_erasure, 0, &row, diag);
	if (!err && row.done_ms != 0)
		sf_reply_refuse_erased(
			reply, arena, SF_ERR_NOT_FOUND, row.done_ms, (enum sf_ground)row.ground);
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

static enum sf_err serve(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	size_t kind = (size_t)request->kind;
	if (kind >= SF_COUNT(services) || !services[kind].serve) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_UNSUPPORTED,
			request->kind == SF_REQUEST_APPROVE
				? "entries are approved at the coordinator, not at a node"
				: "this node does not know what is asked");
		return SF_OK;
	}
	if (sf_node_channel_refuses(node, request, arena, ret_reply))
		return SF_OK;
	enum sf_err err = services[kind].serve(node, request, arena, ret_reply, diag);
	if (err == SF_ERR_LIMIT && !services[kind].writes) {
		sf_reply_refuse(ret_reply, arena, err,
			"the answer is larger than one reply; ask for fewer rows");
		return SF_OK;
	}
	if (!err)
		err = sf_node_channel_count(node, request, ret_reply, diag);
	if (!err)
		err = tell_erased(node, request, arena, ret_reply, diag);
	/* What only reads is done again, and leaves no hash of what it asked for: a CPR number. */
	if (!err && services[kind].writes)
		err = sf_node_keep_repeat(node, request, ret_reply, diag);
	return err ? err : sf_node_keep_access(node, request, ret_reply, diag);
}

static struct sf_door door_of(struct sf_node *node)
{
	return (struct sf_door){.store = sf_node_store(node),
		.crypto = &node->ports.crypto,
		.env = &node->ports.env,
		.directory = node->directory,
		.party = node->options.party,
		.ended = &node->ended,
		.program = "node",
		.now_ms = node->now_ms,
		.read_only = node->options.read_only};
}

/* Who asks is settled first, then whether it was done already: only then does a service see it. */
enum sf_err sf_node_serve(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	struct sf_request asked = *request;
	bool answered = false;
	const struct sf_door door = door_of(node);
	enum sf_err err = sf_door_admit(&door, &asked.asker, arena, ret_reply, &answered, diag);
	if (!err && !answered)
		err = sf_door_serve(&door, &asked, arena, ret_reply, &answered, diag);
	if (!err && !answered)
		err = sf_node_repeated(node, &asked, arena, ret_reply, &answered, diag);
	return err || answered ? err : serve(node, &asked, arena, ret_reply, diag);
}
