/*
 * A person of a hospital without a system that sends tells what happens to a stay: what it comes to
 * is judged as an ADT message is (visit.c), and what goes out is the same letter. What may come
 * next is asked of the same judge.
 */
#include "node/service.h"

#include <string.h>

#include "audit/listing.h"
#include "base/time.h"
#include "core/identifier.h"
#include "node/access.h"
#include "node/bodies.h"
#include "node/concern.h"
#include "node/stay_chain.h"
#include "node/stay_letter.h"
#include "node/trial.h"

/* The clock of who writes may be ahead a little; what is booked is not told (S.BR13). */
#define AHEAD_MS (5 * SF_MINUTE_MS)
#define PLACE_SIZE_MAX ((size_t)200) /* of department and ward */

struct notifying {
	struct sf_node *node;
	const struct sf_request *request;
	const struct sf_request_notify *asked;
	struct sf_arena *arena; /* of the reply */
	struct sf_reply *reply; /* err set: refused */
	struct sf_diag *diag;
	struct sf_stay_chain chain;
	bool running; /* the chain is that of a stay that was told */
	struct sf_adt event;
	struct sf_node_row_hl7 row;
	struct sf_stay_letter letter;
	char to[SF_ID_TEXT_SIZE];
};

static void refuse(struct notifying *notifying, enum sf_err err, const char *text)
{
	if (!notifying->reply->err)
		sf_reply_refuse(notifying->reply, notifying->arena, err, text);
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

static bool is_said(const char *text)
{
	return or_empty(text)[0] != '\0';
}

static bool is_hospital(const struct sf_node *node)
{
	const struct sf_directory_entry *own =
		sf_directory_party(node->directory, node->options.party);
	return own && (own->role == SF_ROLE_HOSPITAL || own->role == SF_ROLE_PSYCHIATRY);
}

/* Of a stay that begins; NULL when nothing is wrong. No text quotes what was said. */
static const char *beginning_fault(const struct sf_request_notify *asked)
{
	if (asked->mode != SF_MODE_NEW || !sf_activity_is_admission(asked->activity))
		return "activity: a stay begins with an admission, emergency or inpatient";
	if (!sf_cpr_is_valid(sf_view_text(or_empty(asked->cpr))))
		return "cpr: not a plausible CPR number; write ten digits that begin with a date";
	if (!is_said(asked->family))
		return "family: the family name is missing";
	if (!is_said(asked->given))
		return "given: the given names are missing";
	if (strlen(asked->given) + 1 + strlen(asked->family) > SF_PATIENT_NAME_SIZE_MAX)
		return "family: the name is too long; shorten it";
	if (!is_said(asked->municipality))
		return "municipality: say which municipality the citizen lives in";
	if (!sf_id_is_none(asked->latest))
		return "latest: nothing was told before a stay begins";
	return NULL;
}

/* S.BR20 to S.BR23: who it is and how it came in is cancelled, where and when is corrected. */
static const char *running_fault(const struct sf_request_notify *asked)
{
	bool places = is_said(asked->department) || is_said(asked->ward);
	if (is_said(asked->cpr) || is_said(asked->family) || is_said(asked->given))
		return "cpr: the citizen of a running stay is known; if it is the wrong one, "
		       "cancel its notifications and tell a new stay";
	if (asked->mode == SF_MODE_NEW && asked->activity == SF_ACTIVITY_NONE)
		return "activity: say what happened";
	if (asked->mode != SF_MODE_NEW && asked->activity != SF_ACTIVITY_NONE)
		return "activity: what is corrected or cancelled is the newest notification; it is "
		       "not named";
	if (asked->mode == SF_MODE_REVISE && asked->at_ms == 0 && !places)
		return "at: say what is corrected: the time, the department or the ward";
	if (asked->mode == SF_MODE_CANCEL && (asked->at_ms != 0 || places))
		return "mode: a cancellation takes back the newest notification as it is";
	if (asked->mode != SF_MODE_NEW && is_said(asked->municipality))
		return "municipality: a correction goes to who got what it corrects";
	if (asked->report_requested &&
		(asked->mode != SF_MODE_NEW || !sf_activity_is_admission(asked->activity)))
		return "report_requested: only an admission asks for an admission report";
	return NULL;
}

static const char *request_fault(const struct notifying *notifying)
{
	const struct sf_request_notify *asked = notifying->asked;
	if (strlen(or_empty(asked->department)) > PLACE_SIZE_MAX)
		return "department: the name is too long; shorten it";
	if (strlen(or_empty(asked->ward)) > PLACE_SIZE_MAX)
		return "ward: the name is too long; shorten it";
	if (is_said(asked->ward) && !is_said(asked->department))
		return "department: a ward is part of one; name it, too";
	if (asked->at_ms > notifying->node->now_ms + AHEAD_MS)
		return "at: in the future; a notification is sent when it has happened";
	return notifying->running ? running_fault(asked) : beginning_fault(asked);
}

static const struct sf_node_row_hl7 *top_of(const struct notifying *notifying)
{
	return notifying->running ? sf_visit_top(&notifying->chain.visit) : NULL;
}

/*
 * Who corrects or cancels means what was looked at. Told since by a system or by somebody else,
 * another notification would be taken back unseen.
 */
static void check_latest(struct notifying *notifying)
{
	const struct sf_node_row_hl7 *top = top_of(notifying);
	struct sf_id meant = notifying->asked->latest;
	if (sf_id_is_none(meant) || (top && sf_id_equal(top->message, meant)))
		return;
	char id[SF_ID_TEXT_SIZE], time[SF_TIME_TEXT_SIZE];
	struct sf_buf text;
	sf_buf_init(&text, 256);
	enum sf_err err = SF_OK;
	if (top) {
		sf_id_format(top->message, id);
		sf_time_format(top->event_ms, time);
		err = sf_buf_printf(&text,
			"latest: something else was told since: the newest notification is %s of "
			"%s, message %s; look at it first",
			sf_activity_text((enum sf_activity)top->activity), time, id);
	}
	bool told = top && !err && !sf_buf_append_u8(&text, 0);
	refuse(notifying, SF_ERR_STATE,
		told ? (const char *)text.data
		     : "latest: nothing of this stay stands any more; look at it first");
	sf_buf_fini(&text);
}

/* As the ADT message would say it that a system sends at this. */
static void describe(struct notifying *notifying, enum sf_activity activity, int64_t at_ms)
{
	const struct sf_node_row_hl7 *top = top_of(notifying);
	int64_t now_ms = notifying->node->now_ms;
	notifying->event = (struct sf_adt){.step = SF_ADT_DISCHARGE,
		.activity = activity,
		.dead = activity == SF_ACTIVITY_DEATH,
		.event_ms = at_ms,
		.occurred_ms = at_ms ? at_ms : now_ms,
		.recorded_ms = now_ms,
		.admitted_ms = top ? top->admitted_ms : 0,
		.department = or_empty(notifying->asked->department)};
	if (sf_activity_is_admission(activity)) {
		notifying->event.step = SF_ADT_ADMIT;
		notifying->event.stay_class = activity == SF_ACTIVITY_ADMIT_EMERGENCY
						      ? SF_STAY_CLASS_EMERGENCY
						      : SF_STAY_CLASS_INPATIENT;
		notifying->event.admitted_ms = at_ms;
	} else if (activity == SF_ACTIVITY_LEAVE_START) {
		notifying->event.step = SF_ADT_LEAVE_START;
	} else if (activity == SF_ACTIVITY_LEAVE_END) {
		notifying->event.step = SF_ADT_LEAVE_END;
	}
}

static enum sf_visit_answer judge_next(
	struct notifying *notifying, enum sf_activity activity, struct sf_issue *ret_issue)
{
	const struct sf_visit *visit = &notifying->chain.visit;
	const struct sf_digest none = {{0}};
	int64_t now_ms = notifying->node->now_ms;
	int64_t at_ms = notifying->asked->at_ms;
	describe(notifying, activity, at_ms ? at_ms : now_ms);
	/* A readmission is a transition of its own (DOMAIN.md section 4, CLOSED). */
	if (sf_activity_is_admission(activity) && visit->stay.state == SF_STAY_HOME) {
		*ret_issue = (struct sf_issue){.text = "activity: the patient went home; a new "
						       "admission begins a new stay"};
		return SF_VISIT_WRONG;
	}
	return sf_visit_judge(visit, &notifying->event, &none, &notifying->row, ret_issue);
}

static enum sf_visit_answer judge_correction(
	struct notifying *notifying, struct sf_issue *ret_issue)
{
	const struct sf_visit *visit = &notifying->chain.visit;
	const struct sf_node_row_hl7 *top = top_of(notifying);
	const struct sf_digest none = {{0}};
	enum sf_activity activity = top ? (enum sf_activity)top->activity : SF_ACTIVITY_NONE;
	describe(notifying, activity, notifying->asked->at_ms);
	notifying->event.admitted_ms = top ? top->admitted_ms : 0;
	if (notifying->asked->mode == SF_MODE_REVISE)
		return sf_visit_revise(visit, &notifying->event, &notifying->row, ret_issue);
	notifying->event.step = SF_ADT_CANCEL;
	notifying->event.event_ms = notifying->node->now_ms;
	/* A death is taken back by what takes back a discharge (A13). */
	if (activity == SF_ACTIVITY_DEATH)
		notifying->event.activity = SF_ACTIVITY_DISCHARGE_HOME;
	return sf_visit_judge(visit, &notifying->event, &none, &notifying->row, ret_issue);
}

/* A day or a year that was mistyped; to the minute, as people tell time. */
static void check_order(struct notifying *notifying)
{
	const struct sf_visit *visit = &notifying->chain.visit;
	bool revises = notifying->asked->mode == SF_MODE_REVISE;
	size_t before = visit->standing_count;
	if (notifying->asked->mode == SF_MODE_CANCEL || before < (revises ? 2u : 1u))
		return;
	size_t place = visit->standing[before - (revises ? 2 : 1)];
	int64_t earlier_ms = visit->letters[place].event_ms;
	if (notifying->row.event_ms / SF_MINUTE_MS < earlier_ms / SF_MINUTE_MS)
		refuse(notifying, SF_ERR_USAGE,
			"at: earlier than what was told before it; look at the date and the time");
}

static void judge(struct notifying *notifying)
{
	struct sf_issue issue = {.text = ""};
	const struct sf_request_notify *asked = notifying->asked;
	enum sf_visit_answer answer = asked->mode == SF_MODE_NEW
					      ? judge_next(notifying, asked->activity, &issue)
					      : judge_correction(notifying, &issue);
	switch (answer) {
	case SF_VISIT_LETTER:
		check_order(notifying);
		break;
	case SF_VISIT_WRONG:
		refuse(notifying, SF_ERR_STATE, issue.text);
		break;
	case SF_VISIT_NOTHING:
		refuse(notifying, SF_ERR_STATE, "activity: the stay is told to be there already");
		break;
	}
}

static void name_receiver(struct notifying *notifying, const struct sf_directory_entry *entry)
{
	notifying->row.receiver = entry->party;
	sf_id_format(entry->party, notifying->to);
	notifying->letter.to = notifying->to;
	notifying->letter.receiver = (struct sf_organization){entry->sor, entry->gln, entry->name};
}

/* The hospital has said who is the citizen's municipality; or that there is none with a node. */
static enum sf_err find_bound(struct notifying *notifying)
{
	struct sf_node *node = notifying->node;
	struct sf_transition *trial = NULL;
	enum sf_err err =
		sf_node_trial_open(node, notifying->row.transition, &trial, notifying->diag);
	if (err)
		return err;
	struct sf_id bound = sf_concern_party(trial, SF_ROLE_MUNICIPALITY);
	sf_transition_close(&trial);
	const struct sf_directory_entry *entry = sf_directory_party(node->directory, bound);
	notifying->letter.receiver = notifying->chain.newest.receiver;
	notifying->letter.to = "not-enrolled";
	if (entry)
		name_receiver(notifying, entry);
	return SF_OK;
}

static enum sf_err find_receiver(struct notifying *notifying)
{
	struct sf_node *node = notifying->node;
	const char *named = or_empty(notifying->asked->municipality);
	const struct sf_directory_entry *entry = NULL;
	/* S.BR25: to whoever got what is corrected, whoever is bound by now. */
	if (notifying->asked->mode != SF_MODE_NEW)
		entry = sf_directory_party(node->directory, notifying->row.receiver);
	if (!entry && named[0] == '\0')
		return find_bound(notifying);
	if (!entry && (sf_node_find_party(node, named, &entry) ||
			      (entry->role != SF_ROLE_MUNICIPALITY &&
				      entry->role != SF_ROLE_OTHER_MUNICIPALITY)))
		refuse(notifying, SF_ERR_USAGE,
			"municipality: no municipality of the directory is named: give its SOR "
			"code, GLN or name");
	else
		name_receiver(notifying, entry);
	return SF_OK;
}

/* What was not said anew is as it was told last; a ward stays with its department. */
static void fill_running(struct notifying *notifying)
{
	const struct sf_document *newest = &notifying->chain.newest;
	struct sf_stay_letter *letter = &notifying->letter;
	letter->cpr = newest->cpr;
	letter->family = newest->family;
	letter->given = newest->given;
	if (letter->family[0] == '\0' && letter->given[0] == '\0')
		letter->given = newest->patient_name;
	letter->newest = newest;
	letter->predecessor = sf_stay_chain_name(&notifying->chain, notifying->row.predecessor);
	if (is_said(letter->department))
		return;
	bool ward = newest->ward_of[0] != '\0';
	/* The provider may be the hospital itself. */
	bool none = !ward && strcmp(newest->department, newest->sender.name) == 0;
	letter->department = ward ? newest->ward_of : none ? "" : newest->department;
	letter->ward = ward ? newest->department : "";
}

static void fill_letter(struct notifying *notifying)
{
	const struct sf_request_notify *asked = notifying->asked;
	struct sf_stay_letter *letter = &notifying->letter;
	letter->visit = &notifying->chain.visit;
	letter->row = &notifying->row;
	letter->cpr = or_empty(asked->cpr);
	letter->family = or_empty(asked->family);
	letter->given = or_empty(asked->given);
	letter->department = or_empty(asked->department);
	letter->ward = or_empty(asked->ward);
	letter->report_requested = asked->report_requested;
	letter->gp = or_empty(asked->gp);
	if (notifying->running)
		fill_running(notifying);
	if (letter->report_requested &&
		!sf_stay_letter_begins(&notifying->chain.visit, &notifying->row))
		refuse(notifying, SF_ERR_USAGE,
			"report_requested: only the first admission of a stay asks for an "
			"admission report");
}

static struct sf_id draw_id(struct notifying *notifying)
{
	const struct sf_env *env = &notifying->node->ports.env;
	struct sf_digest chance;
	env->random(env->self, chance.bytes, sizeof(chance.bytes));
	return sf_visit_uuid(&chance);
}

/* A system that tells the same stay in HL7 finds there what was told here (visit.h). */
static enum sf_err keep_row(struct notifying *notifying)
{
	struct sf_node *node = notifying->node;
	struct sf_node_row_hl7 *row = &notifying->row;
	struct sf_visit told;
	row->visit = notifying->chain.visit.id;
	if (!notifying->running || sf_id_is_none(row->visit))
		return SF_OK;
	enum sf_err err =
		sf_visit_load_known(node, row->visit, notifying->arena, &told, notifying->diag);
	static const char label[] = "stafet/v1/notify";
	const struct sf_view parts[] = {sf_view_of(label, sizeof(label)), sf_id_view(&row->letter)};
	if (!err)
		err = sf_node_local_name(node, parts, SF_COUNT(parts), &row->name);
	/* As the letter says it, so that a system's next update finds what is the same (A08). */
	if (!err)
		err = sf_visit_department(node, notifying->letter.department, &row->department);
	row->digest = row->name;
	row->position = node->now_ms > told.position ? node->now_ms : told.position + 1;
	row->received_ms = node->now_ms;
	const struct sf_store *store = sf_node_store(node);
	return err ? err : store->insert(store->self, &sf_node_table_hl7, row, notifying->diag);
}

static enum sf_err send_letter(struct notifying *notifying)
{
	struct sf_reply reply;
	enum sf_err err = sf_stay_letter_send(notifying->node, &notifying->letter,
		&notifying->request->asker, notifying->arena, &reply, notifying->diag);
	if (err)
		return err;
	if (reply.sent.answer == SF_SEND_FATAL) {
		refuse(notifying, SF_ERR_USAGE,
			reply.sent.issue_count > 0 ? reply.sent.issues[0].text
						   : "the letter of this step was refused");
		return SF_OK;
	}
	notifying->row.message = reply.sent.message;
	notifying->row.transition = reply.sent.transition;
	*notifying->reply = (struct sf_reply){.kind = SF_REPLY_SAID,
		.text = "",
		.said = {reply.sent.message, reply.sent.transition, 0}};
	return keep_row(notifying);
}

/* Of the citizen's transitions, those that may be a stay here that goes on. */
struct stays {
	size_t count;
	struct sf_id items[16];
};

static bool keep_stay(void *context, struct sf_id transition)
{
	struct stays *stays = context;
	/* By rising id (bodies.h): the newest take the places of the oldest. */
	stays->items[stays->count++ % SF_COUNT(stays->items)] = transition;
	return true;
}

/* Told twice, one patient would lie in two beds: what comes next belongs to the running stay. */
static enum sf_err refuse_running(struct notifying *notifying)
{
	struct sf_node *node = notifying->node;
	struct stays stays = {.count = 0};
	enum sf_err err = sf_node_walk_patient(
		node, notifying->asked->cpr, keep_stay, &stays, notifying->diag);
	for (size_t i = 0;
		i < stays.count && i < SF_COUNT(stays.items) && !err && !notifying->reply->err;
		i++) {
		struct sf_transition *trial = NULL;
		err = sf_node_trial_open(node, stays.items[i], &trial, notifying->diag);
		if (err == SF_ERR_NOT_FOUND) {
			err = SF_OK;
			continue;
		}
		if (err)
			return err;
		enum sf_stay_state state = sf_transition_stay(trial)->state;
		bool here = sf_id_equal(sf_transition_hospital(trial), node->options.party);
		sf_transition_close(&trial);
		if (!here || (state != SF_STAY_IN_HOSPITAL && state != SF_STAY_ON_LEAVE))
			continue;
		refuse(notifying, SF_ERR_CONFLICT,
			"cpr: this citizen has a stay here that goes on; tell what comes next in "
			"it");
		/* Who has a CPR number alone has learned that its citizen lies here. */
		err = sf_node_keep_disclosure(
			node, notifying->request, stays.items[i], notifying->diag);
	}
	return err;
}

static enum sf_err open_chain(struct notifying *notifying, struct sf_id asked)
{
	struct sf_id transition = {{0}};
	enum sf_err err =
		sf_node_any_transition(notifying->node, asked, &transition, notifying->diag);
	if (!err)
		err = sf_stay_chain_load(notifying->node, transition, notifying->arena,
			&notifying->chain, notifying->diag);
	notifying->row.transition = transition;
	notifying->running = true;
	if (err == SF_ERR_NOT_FOUND)
		refuse(notifying, err,
			"this hospital has told of no stay in such a transition, or nothing of "
			"it is here any more");
	else if (err == SF_ERR_REFUSED)
		refuse(notifying, SF_ERR_STATE,
			"more was told of this stay than one chain of letters holds");
	return notifying->reply->err ? SF_OK : err;
}

static enum sf_err begin_chain(struct notifying *notifying)
{
	enum sf_err err = sf_visit_init(notifying->arena, &notifying->chain.visit);
	notifying->chain.visit.id = draw_id(notifying);
	return err;
}

static enum sf_err notify(struct notifying *notifying)
{
	enum sf_err err = sf_id_is_none(notifying->asked->transition)
				  ? begin_chain(notifying)
				  : open_chain(notifying, notifying->asked->transition);
	if (err || notifying->reply->err)
		return err;
	const char *fault = request_fault(notifying);
	if (fault)
		refuse(notifying, SF_ERR_USAGE, fault);
	if (!fault && !notifying->running)
		err = refuse_running(notifying);
	if (!err && !fault && notifying->running)
		check_latest(notifying);
	if (err || notifying->reply->err)
		return err;
	judge(notifying);
	if (!notifying->reply->err)
		err = find_receiver(notifying);
	if (err || notifying->reply->err)
		return err;
	notifying->row.letter = draw_id(notifying);
	fill_letter(notifying);
	return notifying->reply->err ? SF_OK : send_letter(notifying);
}

enum sf_err sf_node_serve_notify(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	struct notifying notifying = {
		.node = node,
		.request = request,
		.asked = &request->notify,
		.arena = arena,
		.reply = ret_reply,
		.diag = diag,
	};
	sf_reply_done(ret_reply);
	if (!is_hospital(node)) {
		refuse(&notifying, SF_ERR_STATE, "only a hospital tells of stays");
		return SF_OK;
	}
	enum sf_err err = notify(&notifying);
	sf_stay_chain_close(&notifying.chain);
	return err;
}

static void list_next(struct notifying *notifying, struct sf_reply_stay *stay)
{
	struct sf_issue issue;
	for (unsigned i = SF_ACTIVITY_ADMIT_EMERGENCY; i <= SF_ACTIVITY_DEATH; i++) {
		notifying->row.transition = stay->transition;
		if (judge_next(notifying, (enum sf_activity)i, &issue) == SF_VISIT_LETTER)
			stay->next |= 1u << i;
	}
}

static enum sf_err show_stay(struct notifying *notifying, struct sf_id asked)
{
	enum sf_err err = open_chain(notifying, asked);
	if (err || notifying->reply->err)
		return err;
	const struct sf_visit *visit = &notifying->chain.visit;
	const struct sf_node_row_hl7 *top = sf_visit_top(visit);
	struct sf_reply_stay stay = {.transition = notifying->row.transition,
		.state = visit->stay.state,
		.stay_class = visit->stay.stay_class,
		.since_ms = visit->stay.since_ms};
	err = find_bound(notifying);
	if (err)
		return err;
	stay.municipality = notifying->row.receiver;
	struct sf_listing listing = {notifying->node->directory, notifying->arena, false};
	stay.municipality_name = sf_listing_name(&listing, stay.municipality);
	if (top) {
		stay.admitted_ms = top->admitted_ms;
		stay.latest = top->message;
		stay.latest_activity = (enum sf_activity)top->activity;
		stay.latest_ms = top->event_ms;
	}
	list_next(notifying, &stay);
	*notifying->reply = (struct sf_reply){.kind = SF_REPLY_STAY, .text = "", .stay = stay};
	return listing.full ? SF_ERR_LIMIT : SF_OK;
}

enum sf_err sf_node_serve_stay(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const struct sf_request_notify nothing = {.mode = SF_MODE_NEW};
	struct notifying notifying = {
		.node = node,
		.request = request,
		.asked = &nothing,
		.arena = arena,
		.reply = ret_reply,
		.diag = diag,
	};
	sf_reply_done(ret_reply);
	enum sf_err err = show_stay(&notifying, request->stay.transition);
	sf_stay_chain_close(&notifying.chain);
	return err;
}
