#include "stafet/client.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "client/call.h"

/* A reply of the largest size with the structs it becomes. */
#define ARENA_SIZE_MAX (4 * SF_LOCAL_SIZE_MAX)

struct stafet_client {
	struct sf_client *link; /* owned */
	struct sf_arena arena;  /* what the last call filled in */
	struct sf_diag diag;
	const char *refusal; /* static */
};

static struct sf_id inner(const struct stafet_id *id)
{
	struct sf_id own;
	memcpy(own.bytes, id->bytes, sizeof(own.bytes));
	return own;
}

static struct stafet_id outer(struct sf_id id)
{
	struct stafet_id theirs;
	memcpy(theirs.bytes, id.bytes, sizeof(theirs.bytes));
	return theirs;
}

int stafet_client_open(const char *socket_path, int timeout_ms, struct stafet_client **ret_client)
{
	if (!socket_path || !ret_client)
		return STAFET_ERR_USAGE;
	struct stafet_client *client = calloc(1, sizeof(*client));
	if (!client)
		return STAFET_ERR_MEMORY;
	sf_arena_init(&client->arena, ARENA_SIZE_MAX);
	client->refusal = "";
	enum sf_err err = sf_client_open(socket_path, timeout_ms, &client->link, &client->diag);
	if (err) {
		stafet_client_close(&client);
		return err;
	}
	*ret_client = client;
	return STAFET_OK;
}

void stafet_client_close(struct stafet_client **client)
{
	if (!client || !*client)
		return;
	sf_client_close(&(*client)->link);
	sf_arena_fini(&(*client)->arena);
	free(*client);
	*client = NULL;
}

const char *stafet_client_text(const struct stafet_client *client)
{
	return client->diag.text;
}

const char *stafet_client_refusal(const struct stafet_client *client)
{
	return client->refusal;
}

static void begin(struct stafet_client *client)
{
	sf_arena_clear(&client->arena);
	client->diag.text[0] = '\0';
	client->refusal = "";
}

static int unusable(struct stafet_client *client, const char *why)
{
	begin(client);
	sf_diag_set(&client->diag, "%s", why);
	return STAFET_ERR_USAGE;
}

/* Asks, and makes what the daemon says one error. kind is what a good reply must be. */
static enum sf_err ask(struct stafet_client *client, const struct sf_request *request,
	enum sf_reply_kind kind, struct sf_reply *ret_reply)
{
	struct sf_reply reply = {.kind = SF_REPLY_DONE};
	struct sf_request asked = *request;
	asked.asker.role = SF_READER_SYSTEM;
	asked.asker.purpose = SF_PURPOSE_CARE;
	enum sf_err err =
		sf_client_call(client->link, &asked, &client->arena, &reply, &client->diag);
	if (err)
		return err;
	if (reply.err != SF_OK) {
		bool silent = reply.text[0] == '\0';
		sf_diag_set(&client->diag, "%s", silent ? sf_err_text(reply.err) : reply.text);
		if (reply.err == SF_ERR_REFUSED)
			client->refusal = sf_refusal_code((uint16_t)reply.refusal);
		return reply.err;
	}
	if (reply.kind != kind) {
		sf_diag_set(&client->diag, "the daemon answered something else");
		return SF_ERR_FORMAT;
	}
	*ret_reply = reply;
	return SF_OK;
}

static const char *text_or_nothing(const char *text)
{
	return text ? text : "";
}

static int take_sent(struct stafet_client *client, const struct sf_reply_sent *sent,
	struct stafet_sent *ret_sent)
{
	struct stafet_issue *issues =
		sf_arena_take_many(&client->arena, sent->issue_count, sizeof(*issues));
	if (!issues)
		return STAFET_ERR_LIMIT;
	for (size_t i = 0; i < sent->issue_count; i++) {
		issues[i] = (struct stafet_issue){
			.fatal = sent->issues[i].fatal,
			.code = sent->issues[i].code,
			.expression = sent->issues[i].expression,
			.text = sent->issues[i].text,
		};
	}
	*ret_sent = (struct stafet_sent){
		.answer = (enum stafet_answer)sent->answer,
		.message = outer(sent->message),
		.transition = outer(sent->transition),
		.issues = issues,
		.issue_count = sent->issue_count,
		.acknowledgement = sent->acknowledgement.data,
		.acknowledgement_size = sent->acknowledgement.size,
		.acknowledgement_type = sent->acknowledgement_type,
	};
	return STAFET_OK;
}

int stafet_send(struct stafet_client *client, const struct stafet_letter *letter,
	struct stafet_sent *ret_sent)
{
	if (!letter->content_type || (!letter->content && letter->content_size > 0))
		return unusable(client, "a letter has a content type and content");
	begin(client);
	struct sf_request request = {.kind = SF_REQUEST_SEND};
	request.send = (struct sf_request_send){
		.content_type = letter->content_type,
		.content = sf_view_of(letter->content, letter->content_size),
		.gp = text_or_nothing(letter->gp),
		.municipality = text_or_nothing(letter->municipality),
	};
	struct sf_reply reply = {.kind = SF_REPLY_DONE};
	enum sf_err err = ask(client, &request, SF_REPLY_SENT, &reply);
	return err ? (int)err : take_sent(client, &reply.sent, ret_sent);
}

static void take_message(const struct sf_inbox_row *row, const struct sf_reply_message *message,
	struct stafet_message *ret_message)
{
	bool is_stay = row->kind == SF_KIND_STAY;
	*ret_message = (struct stafet_message){
		.cursor = row->cursor,
		.message = outer(row->message),
		.transition = outer(row->transition),
		.author = outer(row->author),
		.author_name = row->author_name,
		.kind = sf_kind_text(row->kind),
		.activity = is_stay ? sf_activity_text(row->activity) : "",
		.occurred_ms = row->occurred_ms,
		.received_ms = row->received_ms,
		.offers = row->offers,
		.content_type = row->content_type,
		.content = message->content.data,
		.content_size = message->content.size,
		.cpr = message->cpr,
		.patient_name = message->patient_name,
	};
}

int stafet_receive(struct stafet_client *client, uint64_t after, uint32_t wait_ms,
	struct stafet_message *ret_message)
{
	begin(client);
	struct sf_request request = {.kind = SF_REQUEST_INBOX};
	request.inbox = (struct sf_request_inbox){
		.after = after, .count_max = 1, .only_unhandled = true, .wait_ms = wait_ms};
	struct sf_reply inbox = {.kind = SF_REPLY_DONE};
	enum sf_err err = ask(client, &request, SF_REPLY_INBOX, &inbox);
	if (err)
		return err;
	if (inbox.inbox.row_count == 0) {
		sf_diag_set(&client->diag, "no message is waiting");
		return STAFET_ERR_NOT_FOUND;
	}
	const struct sf_inbox_row *row = &inbox.inbox.rows[0];
	request = (struct sf_request){.kind = SF_REQUEST_MESSAGE};
	request.message.message = row->message;
	struct sf_reply shown = {.kind = SF_REPLY_DONE};
	err = ask(client, &request, SF_REPLY_MESSAGE, &shown);
	if (!err)
		take_message(row, &shown.message, ret_message);
	return err;
}

int stafet_acknowledge(struct stafet_client *client, const struct stafet_id *message)
{
	begin(client);
	struct sf_request request = {.kind = SF_REQUEST_HANDLED};
	request.handled.message = inner(message);
	struct sf_reply reply = {.kind = SF_REPLY_DONE};
	return ask(client, &request, SF_REPLY_DONE, &reply);
}

static int say(struct stafet_client *client, const struct sf_request *request,
	struct stafet_id *ret_message)
{
	begin(client);
	struct sf_reply reply = {.kind = SF_REPLY_DONE};
	enum sf_err err = ask(client, request, SF_REPLY_SAID, &reply);
	if (!err && ret_message)
		*ret_message = outer(reply.said.message);
	return err;
}

int stafet_accept(struct stafet_client *client, const struct stafet_id *id, uint32_t domains,
	int by_person, struct stafet_id *ret_message)
{
	if ((domains & ~SF_DOMAIN_ALL) != 0)
		return unusable(client, "there is no such responsibility domain");
	struct sf_request request = {.kind = SF_REQUEST_ACCEPT};
	request.accept = (struct sf_request_accept){
		.id = inner(id), .domains = domains, .by_person = by_person != 0};
	return say(client, &request, ret_message);
}

int stafet_refuse(struct stafet_client *client, const struct stafet_id *id,
	const char *refer_to_role, const char *refer_to_party, int not_ours,
	struct stafet_id *ret_message)
{
	enum sf_role role = sf_role_from_text(text_or_nothing(refer_to_role));
	if (role == SF_ROLE_NONE)
		return unusable(client, "a refusal says which role to ask instead");
	struct sf_request request = {.kind = SF_REQUEST_REFUSE};
	request.refuse = (struct sf_request_refuse){
		.id = inner(id),
		.refer_to_role = role,
		.refer_to_party = text_or_nothing(refer_to_party),
		.not_ours = not_ours != 0,
	};
	return say(client, &request, ret_message);
}

static struct stafet_holder *take_holders(
	struct stafet_client *client, const struct sf_transition_row *row)
{
	struct stafet_holder *holders =
		sf_arena_take_many(&client->arena, row->holder_count, sizeof(*holders));
	for (size_t i = 0; holders && i < row->holder_count; i++) {
		holders[i] = (struct stafet_holder){
			.domain = sf_domain_text(row->holders[i].domain),
			.party = outer(row->holders[i].party),
			.name = row->holders[i].name,
			.since_ms = row->holders[i].since_ms,
		};
	}
	return holders;
}

/* Only those that can still be accepted. */
static struct stafet_open_offer *take_offers(struct stafet_client *client,
	const struct sf_reply_transition *transition, size_t *ret_count)
{
	struct stafet_open_offer *offers =
		sf_arena_take_many(&client->arena, transition->offer_count, sizeof(*offers));
	size_t count = 0;
	for (size_t i = 0; offers && i < transition->offer_count; i++) {
		const struct sf_offer_row *offer = &transition->offers[i];
		if (offer->state != SF_OFFER_OPEN)
			continue;
		offers[count++] = (struct stafet_open_offer){
			.message = outer(offer->message),
			.from_name = offer->from_name,
			.to_role = sf_role_text(offer->to_role),
			.to_name = offer->to_name,
			.domains = offer->remaining,
			.since_ms = offer->since_ms,
		};
	}
	*ret_count = count;
	return offers;
}

int stafet_transition_query(struct stafet_client *client, const struct stafet_id *id,
	struct stafet_transition *ret_transition)
{
	begin(client);
	struct sf_request request = {.kind = SF_REQUEST_TRANSITION};
	request.transition.transition = inner(id);
	struct sf_reply reply = {.kind = SF_REPLY_DONE};
	enum sf_err err = ask(client, &request, SF_REPLY_TRANSITION, &reply);
	if (err)
		return err;
	const struct sf_transition_row *row = &reply.transition.row;
	size_t offer_count = 0;
	struct stafet_holder *holders = take_holders(client, row);
	struct stafet_open_offer *offers = take_offers(client, &reply.transition, &offer_count);
	if (!holders || !offers)
		return STAFET_ERR_LIMIT;
	*ret_transition = (struct stafet_transition){
		.transition = outer(row->transition),
		.state = sf_transition_state_text(row->state),
		.stay = sf_stay_state_text(row->stay),
		.hospital_name = row->hospital_name,
		.municipality_name = row->municipality_name,
		.changed_ms = row->changed_ms,
		.frozen = row->frozen,
		.holders = holders,
		.holder_count = row->holder_count,
		.offers = offers,
		.offer_count = offer_count,
	};
	return STAFET_OK;
}

int stafet_status_query(struct stafet_client *client, struct stafet_status *ret_status)
{
	begin(client);
	struct sf_request request = {.kind = SF_REQUEST_STATUS};
	struct sf_reply reply = {.kind = SF_REPLY_DONE};
	enum sf_err err = ask(client, &request, SF_REPLY_STATUS, &reply);
	if (err)
		return err;
	*ret_status = (struct stafet_status){
		.program = reply.status.program,
		.software = reply.status.software,
		.party = outer(reply.status.party),
		.name = reply.status.name,
		.connected = reply.status.connected,
		.directory_version = reply.status.directory_version,
		.now_ms = reply.status.now_ms,
		.started_ms = reply.status.started_ms,
	};
	return STAFET_OK;
}
