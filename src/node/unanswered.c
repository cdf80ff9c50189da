#include "node/unanswered.h"

#include "base/time.h"
#include "node/erase.h"
#include "node/no_case.h"

#define LOOK_MS SF_HOUR_MS
#define WALK_MAX ((size_t)1024)
#define LOOKED_AT_MAX ((size_t)64) /* of them with content, in one turn */

struct looking {
	int64_t before_ms; /* what came later has its time still */
	int64_t position;  /* looked at up to it */
	bool more;
	size_t walked;
	size_t count;
	struct sf_id transitions[LOOKED_AT_MAX]; /* of what has content */
};

static bool look_at(void *context, const void *row)
{
	struct looking *looking = context;
	const struct sf_node_row_inbox *inbox = row;
	if (inbox->received_ms >= looking->before_ms)
		return false;
	looking->position = inbox->position;
	if (inbox->kind == SF_KIND_STAY && inbox->body.size > 0)
		looking->transitions[looking->count++] = inbox->transition;
	looking->more = looking->count == LOOKED_AT_MAX || ++looking->walked == WALK_MAX;
	return !looking->more;
}

struct finding {
	struct sf_id party;
	bool found;
};

static bool is_own(void *context, const void *row)
{
	struct finding *finding = context;
	const struct sf_node_row_event *event = row;
	finding->found = event->kind_class == SF_CLASS_FACT &&
			 event->kind != SF_KIND_ACKNOWLEDGEMENT &&
			 sf_id_equal(event->author, finding->party);
	return !finding->found;
}

/*
 * "No case" was said of what had come; what comes after it is no more of one. Who trains the
 * citizen all the same, or still holds something, is a member (core/membership.c).
 */
static enum sf_err has_no_case(
	struct sf_node *node, struct sf_id id, bool *ret_none, struct sf_diag *diag)
{
	const struct sf_transition *transition = NULL;
	enum sf_err err = sf_node_replica(node, id, &transition, diag);
	const struct sf_course *course =
		!err && transition ? sf_transition_course(transition) : NULL;
	*ret_none = course && course->no_case &&
		    sf_id_equal(course->no_case_party, node->options.party) &&
		    !sf_transition_is_member(transition, node->options.party);
	return err;
}

static enum sf_err is_answered(
	struct sf_node *node, struct sf_id transition, bool *ret_answered, struct sf_diag *diag)
{
	struct finding finding = {.party = node->options.party};
	const struct sf_node_row_event key = {.transition = transition};
	const struct sf_scan scan = {.table = &sf_node_table_event, .equal_count = 1, .from = &key};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, is_own, &finding, diag);
	bool none = false;
	if (!err && finding.found)
		err = has_no_case(node, transition, &none, diag);
	*ret_answered = finding.found && !none;
	return err;
}

int64_t sf_node_unanswered_due_ms(const struct sf_node *node)
{
	return node->options.unanswered_ms > 0 ? node->unanswered.due_ms : INT64_MAX;
}

static enum sf_err look(struct sf_node *node, struct looking *looking, struct sf_diag *diag)
{
	const struct sf_node_row_inbox from = {.position = node->unanswered.position};
	const struct sf_scan scan = {.table = &sf_node_table_inbox,
		.index = SF_NODE_INBOX_BY_POSITION,
		.from = &from,
		.bounded = true,
		.exclusive = true};
	looking->before_ms = node->now_ms - node->options.unanswered_ms;
	looking->position = node->unanswered.position;
	const struct sf_store *store = sf_node_store(node);
	return store->scan(store->self, &scan, look_at, looking, diag);
}

enum sf_err sf_node_drop_unanswered(struct sf_node *node, struct sf_diag *diag)
{
	if (sf_node_unanswered_due_ms(node) > node->now_ms)
		return SF_OK;
	node->unanswered.due_ms = node->now_ms + LOOK_MS;
	struct looking looking = {.count = 0};
	enum sf_err err = look(node, &looking, diag);
	bool known = true;
	if (!err && looking.count > 0)
		err = sf_node_is_time_known(node, &known, diag);
	/* A quiet link says no time; the answer to a hello does, and looks again (session.c). */
	if (!err && !known)
		return node->greeted ? sf_node_hello(node, diag) : SF_OK;
	for (size_t i = 0; i < looking.count && !err; i++) {
		bool answered = false;
		err = is_answered(node, looking.transitions[i], &answered, diag);
		if (!err && !answered)
			err = sf_node_drop_notifications(
				node, looking.transitions[i], looking.before_ms, diag);
	}
	node->unanswered.position = looking.position;
	if (looking.more)
		node->unanswered.due_ms = node->now_ms + SF_SECOND_MS;
	return err;
}
