#include "log/policy_parts.h"

#include <stdlib.h>
#include <string.h>

void sf_policy_close(struct sf_policy **policy)
{
	free(*policy);
	*policy = NULL;
}

const struct sf_note_key *sf_policy_log(const struct sf_policy *policy, const char *origin)
{
	for (size_t i = 0; i < policy->log_count; i++)
		if (strcmp(policy->logs[i].name, origin) == 0)
			return &policy->logs[i];
	return NULL;
}

size_t sf_policy_registrars(const struct sf_policy *policy,
	uint8_t ret_keys[SF_POLICY_REGISTRARS_MAX][SF_PUBLIC_KEY_SIZE], size_t *ret_threshold)
{
	memcpy(ret_keys, policy->registrars, sizeof(policy->registrars));
	*ret_threshold = policy->registrars_threshold;
	return policy->registrar_count;
}

/* Members of a group stand before it, so one walk in order is enough. */
static bool quorum_reached(const struct sf_policy *policy, const struct sf_policy_verdict *verdict)
{
	bool holds[SF_POLICY_MEMBERS_MAX] = {false};
	memcpy(holds, verdict->by, sizeof(verdict->by));
	for (size_t i = 0; i < policy->group_count; i++) {
		const struct sf_policy_group *group = &policy->groups[i];
		size_t count = 0;
		for (size_t j = 0; j < group->count; j++)
			count += holds[policy->members[group->first + j]];
		holds[SF_POLICY_WITNESSES_MAX + i] = count >= group->threshold;
	}
	return policy->quorum == SF_POLICY_NOBODY || holds[policy->quorum];
}

enum sf_err sf_policy_judge(const struct sf_crypto *crypto, const struct sf_policy *policy,
	const struct sf_note *note, struct sf_policy_verdict *ret_verdict)
{
	struct sf_policy_verdict verdict = {.witness_count = 0};
	for (size_t i = 0; i < policy->witness_count; i++) {
		uint64_t time_s = 0;
		enum sf_err err = sf_note_check(crypto, note, &policy->witnesses[i], &time_s);
		if (err == SF_ERR_NOT_FOUND)
			continue;
		if (err)
			return err;
		verdict.by[i] = true;
		verdict.witness_count++;
		if (time_s > verdict.newest_s)
			verdict.newest_s = time_s;
	}
	verdict.quorum = quorum_reached(policy, &verdict);
	*ret_verdict = verdict;
	return SF_OK;
}

size_t sf_policy_witness_count(const struct sf_policy *policy)
{
	return policy->witness_count;
}

const struct sf_note_key *sf_policy_witness(const struct sf_policy *policy, size_t index)
{
	SF_ASSERT(index < policy->witness_count);
	return &policy->witnesses[index];
}
