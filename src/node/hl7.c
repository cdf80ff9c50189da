#include "node/hl7.h"

#include <string.h>

#include "audit/outcome.h"
#include "base/time.h"
#include "node/bodies.h"
#include "node/response.h"
#include "node/carried.h"
#include "node/mail.h"
#include "node/rest.h"
#include "node/say.h"
#include "node/service.h"
#include "node/stay_letter.h"
#include "node/trial.h"
#include "wire/fact.h"

#define KNOWN_MS (35 * SF_DAY_MS) /* the age of the oldest backup that may be restored */
#define FORGOTTEN_MAX ((size_t)4) /* with each new message */

struct handing {
	struct sf_node *node;
	const struct sf_request *request;
	struct sf_arena *arena; /* of the reply */
	struct sf_reply *reply;
	struct sf_diag *diag;
	struct sf_arena scratch; /* texts of the message */
	struct sf_adt adt;
	struct sf_issues issues;
	struct sf_visit visit;
	struct sf_node_row_hl7 row; /* as it will be kept */
	const struct sf_directory_entry *receiver;
};

bool sf_node_is_hl7(const char *content_type)
{
	static const char *const names[] = {SF_CONTENT_HL7, SF_CONTENT_HL7_ER7};
	for (size_t i = 0; i < SF_COUNT(names); i++)
		if (sf_node_is_type(content_type, names[i]))
			return true;
	return false;
}

static void fault(
	struct handing *handing, const char *code, const char *expression, const char *text)
{
	if (handing->issues.count < SF_ISSUE_MAX)
		handing->issues.items[handing->issues.count++] =
			(struct sf_issue){true, code, expression, text};
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

static enum sf_err list_issues(struct handing *handing)
{
	const struct sf_issues *issues = &handing->issues;
	struct sf_issue_row *rows =
		sf_arena_take_many(handing->arena, issues->count, sizeof(*rows));
	if (!rows)
		return SF_ERR_LIMIT;
	for (size_t i = 0; i < issues->count; i++)
		rows[i] = (struct sf_issue_row){.fatal = issues->items[i].fatal,
			.code = issues->items[i].code,
			.expression = issues->items[i].expression,
			.text = issues->items[i].text};
	handing->reply->sent.issue_count = issues->count;
	handing->reply->sent.issues = rows;
	return SF_OK;
}

/* The answer to what the reply says; the codes are those of audit/outcome.h. */
static enum sf_err acknowledge(struct handing *handing)
{
	const struct sf_format *format = &handing->node->ports.format;
	const struct sf_outcome_tongue *tongue =
		sf_outcome_tongue(sf_handin_outcome_of(handing->reply));
	const struct sf_hl7_answer answer = {.message = handing->request->send.content,
		.original = tongue->hl7_original,
		.enhanced = tongue->hl7_enhanced,
		.issues = &handing->issues,
		.at_ms = handing->node->now_ms};
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_CLINICAL_SIZE_MAX);
	enum sf_err err = format->write_hl7_answer(format->self, &answer, &bytes, handing->diag);
	struct sf_reply_sent *sent = &handing->reply->sent;
	sent->acknowledgement = sf_arena_copy(handing->arena, sf_buf_view(&bytes));
	sent->acknowledgement_type = SF_CONTENT_HL7;
	if (!err && !sent->acknowledgement.data)
		err = SF_ERR_LIMIT;
	sf_buf_fini(&bytes);
	return err;
}

/* Judged and not taken: nothing is kept, and the same message may come again when it is mended. */
static enum sf_err answer_fatal(struct handing *handing)
{
	*handing->reply = (struct sf_reply){
		.kind = SF_REPLY_SENT, .text = "", .sent = {.answer = SF_SEND_FATAL}};
	enum sf_err err = list_issues(handing);
	return err ? err : acknowledge(handing);
}

static enum sf_err answer_known(struct handing *handing, const struct sf_node_row_hl7 *known)
{
	if (!sf_digest_equal(&known->digest, &handing->row.digest)) {
		fault(handing, "MSG_DUPLICATE_ID", "MSH-10",
			"the control id was used for another message; send this one with a new id");
		return answer_fatal(handing);
	}
	handing->node->counters.duplicates++;
	*handing->reply = (struct sf_reply){.kind = SF_REPLY_SENT,
		.text = "",
		.sent = {.answer = SF_SEND_DUPLICATE,
			.message = known->message,
			.transition = known->transition,
			.acknowledgement = sf_arena_copy(handing->arena, known->acknowledgement),
			.acknowledgement_type = SF_CONTENT_HL7}};
	return handing->reply->sent.acknowledgement.data ? SF_OK : SF_ERR_LIMIT;
}

static enum sf_err local_name(struct handing *handing, const char *label, struct sf_view content,
	struct sf_digest *ret_name)
{
	const struct sf_view parts[] = {sf_view_of(label, strlen(label) + 1), content};
	return sf_node_local_name(handing->node, parts, SF_COUNT(parts), ret_name);
}

static enum sf_err name_message(struct handing *handing)
{
	const struct sf_adt *adt = &handing->adt;
	struct sf_node_row_hl7 *row = &handing->row;
	row->received_ms = handing->node->now_ms;
	row->event = adt->event;
	enum sf_err err = local_name(handing, "stafet/v1/hl7-name", adt->name, &row->name);
	if (!err)
		err = local_name(handing, "stafet/v1/hl7-content", adt->rest, &row->digest);
	return err ? err : sf_visit_department(handing->node, adt->department, &row->department);
}

/*
 * Corrections and cancellations go where the letter went (S.BR25); a new letter to the municipality
 * that the message names, else the channel, else to the one before.
 */
static void find_receiver(struct handing *handing)
{
	struct sf_node *node = handing->node;
	const char *channel = or_empty(handing->request->send.municipality);
	const char *named = handing->adt.municipality[0] ? handing->adt.municipality : channel;
	struct sf_id known =
		handing->row.mode == SF_MODE_NEW ? handing->visit.receiver : handing->row.receiver;
	if (handing->row.mode != SF_MODE_NEW || named[0] == '\0')
		handing->receiver = sf_directory_party(node->directory, known);
	else if (sf_node_find_party(node, named, &handing->receiver))
		handing->receiver = NULL;
	/* Where a citizen lives is no address of ours: only a municipality gets such letters. */
	if (handing->receiver && handing->receiver->role != SF_ROLE_MUNICIPALITY &&
		handing->receiver->role != SF_ROLE_OTHER_MUNICIPALITY)
		handing->receiver = NULL;
	if (!handing->receiver)
		fault(handing,
			named[0] ? "MSG_Receiver_Identifier_UNKNOWN"
				 : "MSG_Receiver_Identifier_MISSING",
			"PID-11.9",
			"no municipality of the directory is named: give its SOR code, GLN or name "
			"here or for the channel");
	else
		handing->row.receiver = handing->receiver->party;
}

/* What is wrong with the letter that was made is told about the message it was made of. */
static void copy_issues(struct handing *handing, const struct sf_reply *reply)
{
	for (size_t i = 0; i < reply->sent.issue_count; i++)
		fault(handing, reply->sent.issues[i].code, reply->sent.issues[i].expression,
			reply->sent.issues[i].text);
	if (handing->issues.count == 0)
		fault(handing, "MSG_BAD_FORMAT", "MSH", "the letter of this event was refused");
}

static const char *practice(const struct handing *handing)
{
	const struct sf_directory_entry *entry;
	const char *named = handing->adt.gp;
	bool known = named[0] && !sf_node_find_party(handing->node, named, &entry);
	return known ? named : or_empty(handing->request->send.gp);
}

/* The notification goes the way of any other; it is the municipality that it must reach. */
static enum sf_err send_notification(struct handing *handing)
{
	const struct sf_adt *adt = &handing->adt;
	const struct sf_directory_entry *to = handing->receiver;
	char party[SF_ID_TEXT_SIZE];
	sf_id_format(to->party, party);
	const struct sf_stay_letter letter = {
		.visit = &handing->visit,
		.row = &handing->row,
		.cpr = adt->cpr,
		.family = adt->family,
		.given = adt->given,
		.department = adt->department,
		.ward = "",
		.report_requested = sf_stay_letter_begins(&handing->visit, &handing->row),
		.receiver = {to->sor, to->gln, to->name},
		.to = party,
		.gp = practice(handing),
	};
	struct sf_reply reply;
	enum sf_err err = sf_stay_letter_send(handing->node, &letter, &handing->request->asker,
		handing->arena, &reply, handing->diag);
	if (err)
		return err;
	if (reply.sent.answer == SF_SEND_FATAL)
		copy_issues(handing, &reply);
	handing->row.message = reply.sent.message;
	handing->row.transition = reply.sent.transition;
	return SF_OK;
}

static enum sf_err take_stay(struct handing *handing)
{
	struct sf_issue issue;
	switch (sf_visit_judge(
		&handing->visit, &handing->adt, &handing->row.department, &handing->row, &issue)) {
	case SF_VISIT_NOTHING:
		return SF_OK;
	case SF_VISIT_WRONG:
		fault(handing, issue.code, issue.expression, issue.text);
		return SF_OK;
	case SF_VISIT_LETTER:
		break;
	}
	/* MessageHeader.id follows from MSH-3, MSH-4 and MSH-10 alone. */
	handing->row.letter = sf_visit_uuid(&handing->row.name);
	find_receiver(handing);
	return handing->issues.count > 0 ? SF_OK : send_notification(handing);
}

/* A fact without a letter, in the transition of the stay, with the rules of the say service. */
static enum sf_err say(struct handing *handing, struct sf_id transition, const struct sf_fact *fact,
	const char *expression)
{
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_HEADER_SIZE_MAX);
	enum sf_err err = sf_fact_encode(fact, &bytes);
	const struct sf_request_say asked = {
		.transition = transition,
		.fact = sf_buf_view(&bytes),
		.kind = fact->kind,
		.occurred_ms = handing->adt.occurred_ms,
		.to_party = "",
		.content_type = "",
		.contact_name = "",
		.contact_telephone = "",
	};
	struct sf_reply reply;
	if (!err)
		err = sf_node_say_fact(handing->node, &asked, (struct sf_id){{0}}, handing->arena,
			&reply, handing->diag);
	sf_buf_fini(&bytes);
	if (err)
		return err;
	if (reply.err)
		fault(handing, "MSG_BAD_FORMAT", expression, or_empty(reply.text));
	else
		handing->row.message = reply.said.message;
	handing->row.transition = transition;
	return SF_OK;
}

/* A16 and A25: a plan with, or without, an expected discharge; when the patient is ready stays. */
static enum sf_err take_plan(struct handing *handing)
{
	if (sf_id_is_none(handing->visit.transition)) {
		fault(handing, "MSG_NO_MATCH", "PV1-19",
			"no stay of this visit was told here: send its admission first");
		return SF_OK;
	}
	/* Also what was said and is not recorded yet. */
	struct sf_transition *trial = NULL;
	enum sf_err err =
		sf_node_trial_open(handing->node, handing->visit.transition, &trial, handing->diag);
	if (err == SF_ERR_NOT_FOUND) {
		fault(handing, "MSG_NO_MATCH", "PV1-19",
			"the stay of this visit is not here any more");
		return SF_OK;
	}
	if (err)
		return err;
	const struct sf_course *course = sf_transition_course(trial);
	const struct sf_fact fact = {.kind = SF_KIND_PLAN,
		.plan = {.version = course->plan.version + 1,
			.ready = course->plan.ready,
			.discharge = handing->adt.expected}};
	sf_transition_close(&trial);
	return say(handing, handing->visit.transition, &fact, "PV2-9");
}

/*
 * Two numbers are said to be one citizen. Content never moves by itself: the hospital that holds
 * letters under the number that goes away gets a task to make the record good, and people decide.
 */
static enum sf_err take_merge(struct handing *handing)
{
	const struct sf_adt *adt = &handing->adt;
	struct sf_id transition;
	if (strcmp(adt->cpr, adt->prior_cpr) == 0)
		return SF_OK;
	enum sf_err err = sf_node_patient_transition(
		handing->node, adt->prior_cpr, &transition, handing->diag);
	/* More than one is open: which is meant, a person must find out. */
	if (err == SF_ERR_CONFLICT)
		sf_node_alarm(handing->node);
	if (err)
		return err == SF_ERR_CONFLICT || err == SF_ERR_NOT_FOUND ? SF_OK : err;
	const struct sf_fact fact = {.kind = SF_KIND_OBLIGATION,
		.obligation = {.action = SF_TASK_REQUEST,
			.duty = SF_DUTY_DOCUMENTATION,
			.owner = SF_ROLE_HOSPITAL}};
	return say(handing, transition, &fact, "MRG-1");
}

/*
 * A message of which nothing is kept here (no transition) goes with its time: it was only kept to
 * be known again. Each new one takes a few old ones away, so that the table does not grow for ever.
 */
struct forgetting {
	int64_t before_ms;
	size_t count;
	struct sf_node_row_hl7 rows[FORGOTTEN_MAX];
};

static bool gather_old(void *context, const void *found)
{
	struct forgetting *forgetting = context;
	const struct sf_node_row_hl7 *row = found;
	if (row->received_ms >= forgetting->before_ms || forgetting->count == FORGOTTEN_MAX)
		return false;
	forgetting->rows[forgetting->count++] = (struct sf_node_row_hl7){.name = row->name};
	return true;
}

static enum sf_err forget_old(struct handing *handing)
{
	const struct sf_node_row_hl7 key = {.transition = {{0}}};
	const struct sf_scan scan = {.table = &sf_node_table_hl7,
		.index = SF_NODE_HL7_BY_TRANSITION,
		.equal_count = 1,
		.from = &key};
	struct forgetting forgetting = {.before_ms = handing->node->now_ms - KNOWN_MS};
	const struct sf_store *store = sf_node_store(handing->node);
	enum sf_err err = store->scan(store->self, &scan, gather_old, &forgetting, handing->diag);
	for (size_t i = 0; i < forgetting.count && !err; i++)
		err = store->remove(
			store->self, &sf_node_table_hl7, &forgetting.rows[i], handing->diag);
	return err;
}

/* The bytes are kept where they can be sealed: under the transition that they speak of. */
static enum sf_err keep(struct handing *handing)
{
	struct sf_node *node = handing->node;
	struct sf_node_row_hl7 *row = &handing->row;
	row->visit = handing->visit.id;
	row->position =
		node->now_ms > handing->visit.position ? node->now_ms : handing->visit.position + 1;
	if (sf_id_is_none(row->transition))
		row->transition = handing->visit.transition;
	row->acknowledgement = handing->reply->sent.acknowledgement;
	const struct sf_node_rest rest = {
		row->transition, SF_NODE_REST_HL7, sf_visit_uuid(&row->name)};
	enum sf_err err = SF_OK;
	if (!sf_id_is_none(row->transition))
		err = sf_node_seal_content(
			node, &rest, handing->request->send.content, &row->content, handing->diag);
	const struct sf_store *store = sf_node_store(node);
	if (!err)
		err = store->insert(store->self, &sf_node_table_hl7, row, handing->diag);
	return err ? err : forget_old(handing);
}

static bool any_row(void *context, const void *row)
{
	(void)row;
	*(bool *)context = true;
	return false;
}

/*
 * HL7 v2.5 section 2.9.3: what MSH-16 asks for comes later, as a message of its own, where this
 * node is told where to send it. Without a receiver that answers, taken is all there is to say.
 */
static enum sf_err want_answer(struct handing *handing)
{
	struct sf_node *node = handing->node;
	const char *account = handing->request->asker.account;
	const struct sf_node_channel *out =
		sf_node_channel_find(node, sf_channel_kind_text(SF_CHANNEL_MLLP_OUT));
	if (!handing->adt.wants_answer || !out || !account || strcmp(account, "channel:mllp") != 0)
		return SF_OK;
	const struct sf_node_row_response wanted = {
		.message_id = sf_id_is_none(handing->row.message)
				      ? sf_visit_uuid(&handing->row.name)
				      : handing->row.message,
		.way = SF_NODE_RESPONSE_MLLP,
		.transition = handing->row.transition,
		.channel = sf_view_text(out->name),
		.content_type = sf_view_text(SF_CONTENT_HL7),
		.heading = handing->adt.heading,
		.created_ms = node->now_ms};
	bool answers = false;
	const struct sf_node_row_delivery key = {.message_id = wanted.message_id};
	const struct sf_scan scan = {
		.table = &sf_node_table_delivery, .equal_count = 1, .from = &key, .count_max = 1};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, any_row, &answers, handing->diag);
	if (err)
		return err;
	return answers ? sf_node_response_want(node, &wanted, handing->diag)
		       : sf_node_response_want_now(node, &wanted, handing->diag);
}

static enum sf_err take(struct handing *handing)
{
	enum sf_err err = sf_visit_load(
		handing->node, &handing->adt, &handing->scratch, &handing->visit, handing->diag);
	if (err == SF_ERR_REFUSED) {
		fault(handing, "MSG_Element_To_Long", "PV1-19",
			"more was told of this visit than one chain of letters holds");
		return answer_fatal(handing);
	}
	enum sf_adt_step step = handing->adt.step;
	if (!err && (step == SF_ADT_EXPECT || step == SF_ADT_EXPECT_NOTHING))
		err = take_plan(handing);
	else if (!err && step == SF_ADT_MERGE)
		err = take_merge(handing);
	else if (!err)
		err = take_stay(handing);
	if (err || handing->issues.count > 0)
		return err ? err : answer_fatal(handing);
	*handing->reply = (struct sf_reply){.kind = SF_REPLY_SENT,
		.text = "",
		.sent = {.answer = SF_SEND_STORED,
			.message = handing->row.message,
			.transition = sf_id_is_none(handing->row.transition)
					      ? handing->visit.transition
					      : handing->row.transition}};
	err = acknowledge(handing);
	if (!err)
		err = keep(handing);
	return err ? err : want_answer(handing);
}

static enum sf_err judge(struct handing *handing)
{
	const struct sf_format *format = &handing->node->ports.format;
	const struct sf_env *env = &handing->node->ports.env;
	struct sf_diag ignored;
	enum sf_err err = format->read_adt(format->self, handing->request->send.content,
		env->zone(env->self, SF_CARRIED_ZONE), &handing->scratch, &handing->adt,
		&handing->issues, &ignored);
	if (err)
		return err == SF_ERR_FORMAT ? answer_fatal(handing) : err;
	err = name_message(handing);
	struct sf_node_row_hl7 known = {.name = handing->row.name};
	const struct sf_store *store = sf_node_store(handing->node);
	if (!err)
		err = store->get(store->self, &sf_node_table_hl7, 0, &known, handing->diag);
	if (!err)
		return answer_known(handing, &known);
	return err == SF_ERR_NOT_FOUND ? take(handing) : err;
}

enum sf_err sf_node_send_hl7(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	struct handing handing = {
		.node = node,
		.request = request,
		.arena = arena,
		.reply = ret_reply,
		.diag = diag,
	};
	sf_arena_init(&handing.scratch, SF_NODE_DOCUMENT_ROOM);
	enum sf_err err = judge(&handing);
	sf_arena_fini(&handing.scratch);
	return err;
}
