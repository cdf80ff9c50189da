#include "node/carried.h"

#include "audit/listing.h"
#include "node/concern.h"
#include "node/service.h"
#include "node/trial.h"

static const char *letter_fault(enum sf_err err)
{
	switch ((int)err) {
	case SF_ERR_FORMAT:
		return "the letter cannot be read in its content type, or contradicts itself";
	case SF_ERR_UNSUPPORTED:
		return "this is no letter: a notification is handed in with send";
	case SF_ERR_LIMIT:
		return "the letter is larger or deeper than is accepted";
	case SF_ERR_CONFIG:
		return "this machine does not know the time zone of the letter's times";
	default:
		return NULL;
	}
}

enum sf_err sf_carried_read(struct sf_node *node, const char *content_type, struct sf_view content,
	struct sf_arena *arena, struct sf_letter_document *ret_document, struct sf_reply *reply,
	bool *ret_good)
{
	const struct sf_format *format = &node->ports.format;
	const struct sf_env *env = &node->ports.env;
	struct sf_diag fault = {{0}};
	enum sf_err err = format->read_letter(format->self, content_type, content,
		env->zone(env->self, SF_CARRIED_ZONE), arena, ret_document, &fault);
	*ret_good = !err;
	if (!err || !letter_fault(err))
		return err;
	sf_reply_refuse(reply, arena, err, fault.text[0] ? fault.text : letter_fault(err));
	return SF_OK;
}

struct carrying {
	struct sf_node *node;
	struct sf_transition *trial;
	const struct sf_message *letter;
	struct sf_diag *diag;
};

static enum sf_err author(struct carrying *carrying, const struct sf_fact *fact)
{
	struct sf_message message = {
		.transition = carrying->letter->transition,
		.fact = *fact,
		.occurred_ms = carrying->letter->occurred_ms,
		.in_reply_to = carrying->letter->id,
	};
	sf_node_name_message(carrying->node, &message);
	sf_concern_recipients(carrying->trial, &message);
	struct sf_transition_result result;
	enum sf_err err = sf_node_trial_step(carrying->node, carrying->trial, &message, &result);
	if (err || result.outcome == SF_OUTCOME_REFUSED)
		return err;
	return sf_node_author(carrying->node, &message, NULL, NULL, carrying->diag);
}

static bool same_interval(const struct sf_interval *a, const struct sf_interval *b)
{
	return a->from_ms == b->from_ms && a->until_ms == b->until_ms &&
	       a->confidence == b->confidence;
}

static enum sf_err author_plan(struct carrying *carrying, const struct sf_plan *plan)
{
	const struct sf_course *course = sf_transition_course(carrying->trial);
	bool known = !sf_id_is_none(course->plan_message);
	if (known && same_interval(&course->plan.ready, &plan->ready) &&
		same_interval(&course->plan.discharge, &plan->discharge))
		return SF_OK;
	struct sf_fact fact = {.kind = SF_KIND_PLAN, .plan = *plan};
	fact.plan.version = known ? course->plan.version + 1 : 1;
	return author(carrying, &fact);
}

static enum sf_err author_ready(struct carrying *carrying, const struct sf_ready *ready)
{
	const struct sf_course *course = sf_transition_course(carrying->trial);
	if (!sf_id_is_none(course->ready_message) && course->ready.ready_ms == ready->ready_ms)
		return SF_OK;
	const struct sf_fact fact = {.kind = SF_KIND_READY, .ready = *ready};
	return author(carrying, &fact);
}

static enum sf_err author_agree(struct carrying *carrying, const struct sf_agree *agree)
{
	const struct sf_course *course = sf_transition_course(carrying->trial);
	bool hospital =
		sf_id_equal(sf_transition_hospital(carrying->trial), carrying->node->options.party);
	int64_t said_ms = hospital ? course->hospital_agrees_ms : course->municipality_agrees_ms;
	if (said_ms == agree->discharge_ms)
		return SF_OK;
	const struct sf_fact fact = {.kind = SF_KIND_AGREE, .agree = *agree};
	return author(carrying, &fact);
}

enum sf_err sf_carried_author(struct sf_node *node, struct sf_transition *trial,
	const struct sf_message *letter, const struct sf_letter_document *document,
	struct sf_diag *diag)
{
	struct carrying carrying = {node, trial, letter, diag};
	enum sf_err err = SF_OK;
	if (document->has_plan)
		err = author_plan(&carrying, &document->plan);
	if (!err && document->has_ready)
		err = author_ready(&carrying, &document->ready);
	if (!err && document->has_agree)
		err = author_agree(&carrying, &document->agree);
	return err;
}
