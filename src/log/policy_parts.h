/* What a policy says, for what reads it and what judges by it. Inside this room. */
#ifndef SF_LOG_POLICY_PARTS_H
#define SF_LOG_POLICY_PARTS_H

#include "log/policy.h"

/* Members are numbered: witnesses first, then groups. */
#define SF_POLICY_MEMBERS_MAX (SF_POLICY_WITNESSES_MAX + SF_POLICY_GROUPS_MAX)
#define SF_POLICY_NOBODY ((size_t)SIZE_MAX)

struct sf_policy_group {
	char name[SF_POLICY_NAME_SIZE];
	size_t threshold;
	size_t first, count; /* in members */
};

struct sf_policy {
	struct sf_note_key logs[SF_POLICY_LOGS_MAX];
	size_t log_count;
	struct sf_note_key witnesses[SF_POLICY_WITNESSES_MAX];
	char names[SF_POLICY_WITNESSES_MAX][SF_POLICY_NAME_SIZE];
	size_t witness_count;
	struct sf_policy_group groups[SF_POLICY_GROUPS_MAX];
	size_t group_count;
	size_t members[SF_POLICY_MEMBERS_MAX]; /* of all groups, one after the other */
	size_t member_count;
	bool quorum_said;
	size_t quorum; /* a member, or SF_POLICY_NOBODY */
	uint8_t registrars[SF_POLICY_REGISTRARS_MAX][SF_PUBLIC_KEY_SIZE];
	size_t registrar_count;
	size_t registrars_threshold; /* 0: not said */
};

#endif
