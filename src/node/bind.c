/*
 * The hospital says who is who in a transition (R4): a new version of parties, the same but for
 * what was asked.
 */
#include "node/service.h"
#include "node/state.h"

#include <string.h>

#include "audit/listing.h"
#include "node/trial.h"

static struct sf_binding *find_binding(struct sf_parties *parties, enum sf_role role)
{
	for (size_t i = 0; i < parties->binding_count; i++)
		if (parties->bindings[i].role == role)
			return &parties->bindings[i];
	if (parties->binding_count == SF_TRANSITION_PARTIES_MAX)
		return NULL;
	return &parties->bindings[parties->binding_count++];
}

static void set_binding(struct sf_parties *parties, enum sf_role role, enum sf_binding_state state,
	struct sf_id party)
{
	struct sf_binding *binding = find_binding(parties, role);
	if (binding)
		*binding = (struct sf_binding){role, state, party};
}

void sf_node_bind_nobody(struct sf_parties *parties, enum sf_role role, enum sf_binding_state state)
{
	const struct sf_id nobody = {{0}};
	set_binding(parties, role, state, nobody);
}

void sf_node_bind_role(const struct sf_node *node, struct sf_parties *parties, enum sf_role role,
	const struct sf_directory_entry *entry)
{
	if (!entry)
		sf_node_bind_nobody(parties, role, SF_BINDING_UNKNOWN);
	else if (!sf_node_has_own_node(node, entry))
		sf_node_bind_nobody(parties, role, SF_BINDING_NOT_ENROLLED);
	else
		set_binding(parties, role, SF_BINDING_PARTY, entry->party);
}

bool sf_node_names_nobody(const char *reference, enum sf_binding_state *ret_state)
{
	bool unknown = strcmp(reference, "unknown") == 0;
	if (!unknown && strcmp(reference, "not-enrolled") != 0)
		return false;
	*ret_state = unknown ? SF_BINDING_UNKNOWN : SF_BINDING_NOT_ENROLLED;
	return true;
}

/* False: nobody of the directory is meant. */
static bool bind_reference(const struct sf_node *node, struct sf_parties *parties,
	enum sf_role role, const char *reference)
{
	const struct sf_directory_entry *entry = NULL;
	enum sf_binding_state state;
	if (sf_node_names_nobody(reference, &state))
		sf_node_bind_nobody(parties, role, state);
	else if (sf_node_find_party(node, reference, &entry))
		return false;
	else
		sf_node_bind_role(node, parties, role, entry);
	return true;
}

/* What was asked, on the parties as they are. NULL, or the sentence that says what is wrong. */
static const char *change(
	const struct sf_node *node, const struct sf_request_bind *asked, struct sf_parties *parties)
{
	const char *reference = asked->party ? asked->party : "";
	if (asked->role == SF_ROLE_NONE && asked->pathway == SF_PATHWAY_NONE && asked->active == 0)
		return "say what shall be bound or changed";
	if (asked->role >= SF_ROLE_COORDINATOR)
		return "nobody is bound to this role in a transition";
	if (asked->role != SF_ROLE_NONE && !reference[0])
		return "say who shall be bound: a party, unknown or not-enrolled";
	if (asked->role != SF_ROLE_NONE && !bind_reference(node, parties, asked->role, reference))
		return "the party to bind is not in the directory, or its name is not unique";
	if (asked->pathway != SF_PATHWAY_NONE)
		parties->pathway = asked->pathway;
	if (asked->active != 0)
		parties->active = asked->active | SF_DOMAIN_BIT(SF_DOMAIN_MEDICAL);
	parties->version++;
	return NULL;
}

static enum sf_err bind(struct sf_node *node, const struct sf_request_bind *asked,
	struct sf_transition *trial, struct sf_arena *arena, struct sf_reply *reply,
	struct sf_diag *diag)
{
	const struct sf_parties *parties = sf_transition_parties(trial);
	if (!parties) {
		sf_reply_refuse(reply, arena, SF_ERR_STATE, "no parties are bound here yet");
		return SF_OK;
	}
	struct sf_message message = {
		.transition = sf_transition_id(trial),
		.fact = {.kind = SF_KIND_PARTIES, .parties = *parties},
	};
	const char *fault = change(node, asked, &message.fact.parties);
	if (fault) {
		sf_reply_refuse(reply, arena, SF_ERR_USAGE, fault);
		return SF_OK;
	}
	sf_node_name_message(node, &message);
	struct sf_id before = sf_transition_bound(trial, asked->role);
	struct sf_transition_result result;
	enum sf_err err = sf_node_trial_step(node, trial, &message, &result);
	if (!err && result.outcome == SF_OUTCOME_REFUSED) {
		sf_reply_refused(reply, result.code);
		return SF_OK;
	}
	if (!err)
		err = sf_node_speak(node, &message, NULL, 0, reply, diag);
	/* The law gives a notification to the municipality alone (MEDCOM.md: retssikkerhedsloven
	 * § 12 c). */
	struct sf_id now = sf_transition_bound(trial, asked->role);
	bool another = asked->role == SF_ROLE_MUNICIPALITY && !sf_id_is_none(now) &&
		       !sf_id_equal(now, before);
	return err || !another ? err : sf_node_forward_stay(node, message.transition, now, diag);
}

enum sf_err sf_node_serve_bind(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const struct sf_request_bind *asked = &request->bind;
	struct sf_transition *trial = NULL;
	struct sf_id id = asked->transition;
	enum sf_err err = sf_node_any_transition(node, asked->transition, &id, diag);
	if (!err || err == SF_ERR_NOT_FOUND)
		err = sf_node_trial_open(node, id, &trial, diag);
	if (err == SF_ERR_NOT_FOUND) {
		sf_reply_refuse(ret_reply, arena, err,
			"no transition and no message of this id is known here");
		return SF_OK;
	}
	if (!err)
		err = bind(node, asked, trial, arena, ret_reply, diag);
	sf_transition_close(&trial);
	return err;
}
