/* Reads the text of a policy, line by line. */
#include "log/policy_parts.h"

#include <stdlib.h>
#include <string.h>

#include "log/line.h"

/* One line while it is read. */
struct reading {
	const struct sf_crypto *crypto;
	struct sf_policy *policy;
	struct sf_view rest; /* of the line */
	struct sf_diag *diag;
};

static enum sf_err refuse(struct reading *reading, const char *what)
{
	sf_diag_set(reading->diag, "%s", what);
	return SF_ERR_FORMAT;
}

static enum sf_err refuse_more(struct reading *reading, const char *what)
{
	sf_diag_set(reading->diag, "there are too many %s", what);
	return SF_ERR_LIMIT;
}

/* Words are parted by spaces and tabs (c2sp.org/tlog-policy); an empty one: the line is over. */
static struct sf_view next_word(struct reading *reading)
{
	struct sf_view *rest = &reading->rest;
	size_t start = 0;
	while (start < rest->size && (rest->data[start] == ' ' || rest->data[start] == '\t'))
		start++;
	size_t end = start;
	while (end < rest->size && rest->data[end] != ' ' && rest->data[end] != '\t')
		end++;
	struct sf_view word = sf_view_of(rest->data + start, end - start);
	*rest = sf_view_of(rest->data + end, rest->size - end);
	return word;
}

static bool word_is(struct sf_view word, const char *text)
{
	return sf_view_equal(word, sf_view_text(text));
}

/* Logs and witnesses may say where they are found, which nothing here needs. */
static enum sf_err end_line(struct reading *reading, bool url_allowed)
{
	struct sf_view word = next_word(reading);
	if (url_allowed && (sf_line_skip(&word, "http://") || sf_line_skip(&word, "https://")))
		word = next_word(reading);
	return word.size == 0 ? SF_OK : refuse(reading, "the line says more than it may");
}

static enum sf_err read_key(struct reading *reading, enum sf_note_key_type type,
	const struct sf_note_key *others, size_t count, struct sf_note_key *ret_key)
{
	enum sf_err err =
		sf_note_vkey_parse(reading->crypto, next_word(reading), ret_key, reading->diag);
	if (err)
		return err;
	if (ret_key->type != type)
		return refuse(reading, "the key is of the wrong type: a log signs with 1, a "
				       "witness with 4");
	for (size_t i = 0; i < count; i++) {
		bool same_name = strcmp(others[i].name, ret_key->name) == 0;
		bool same_key =
			memcmp(others[i].public_key, ret_key->public_key, SF_PUBLIC_KEY_SIZE) == 0;
		/* Whoever stood twice would count twice. A log may keep its key in a new epoch. */
		if (same_name || (same_key && type == SF_NOTE_KEY_COSIGNATURE))
			return refuse(reading, "the key, or its name, stands there already");
	}
	return end_line(reading, true);
}

static enum sf_err read_log(struct reading *reading)
{
	struct sf_policy *policy = reading->policy;
	if (policy->log_count == SF_POLICY_LOGS_MAX)
		return refuse_more(reading, "logs");
	enum sf_err err = read_key(reading, SF_NOTE_KEY_ED25519, policy->logs, policy->log_count,
		&policy->logs[policy->log_count]);
	policy->log_count += !err;
	return err;
}

static size_t find_member(const struct sf_policy *policy, struct sf_view name)
{
	for (size_t i = 0; i < policy->witness_count; i++)
		if (word_is(name, policy->names[i]))
			return i;
	for (size_t i = 0; i < policy->group_count; i++)
		if (word_is(name, policy->groups[i].name))
			return SF_POLICY_WITNESSES_MAX + i;
	return SF_POLICY_NOBODY;
}

static enum sf_err read_name(struct reading *reading, char ret_name[SF_POLICY_NAME_SIZE])
{
	struct sf_view name = next_word(reading);
	if (name.size == 0 || name.size >= SF_POLICY_NAME_SIZE || word_is(name, "none"))
		return refuse(reading, "a name has 1 to 63 bytes and is not 'none'");
	if (find_member(reading->policy, name) != SF_POLICY_NOBODY)
		return refuse(reading, "the name is taken");
	memcpy(ret_name, name.data, name.size);
	ret_name[name.size] = '\0';
	return SF_OK;
}

static enum sf_err read_witness(struct reading *reading)
{
	struct sf_policy *policy = reading->policy;
	size_t at = policy->witness_count;
	if (at == SF_POLICY_WITNESSES_MAX)
		return refuse_more(reading, "witnesses");
	enum sf_err err = read_name(reading, policy->names[at]);
	if (!err)
		err = read_key(reading, SF_NOTE_KEY_COSIGNATURE, policy->witnesses, at,
			&policy->witnesses[at]);
	policy->witness_count += !err;
	return err;
}

/* A member of two groups would be counted twice: groups are a tree (c2sp.org/tlog-policy). */
static enum sf_err read_members(struct reading *reading, struct sf_policy_group *group)
{
	struct sf_policy *policy = reading->policy;
	for (struct sf_view word = next_word(reading); word.size > 0; word = next_word(reading)) {
		size_t member = find_member(policy, word);
		if (member == SF_POLICY_NOBODY)
			return refuse(reading, "a member was not named before");
		for (size_t i = 0; i < group->first + group->count; i++)
			if (policy->members[i] == member)
				return refuse(reading, "a member is in a group already");
		policy->members[group->first + group->count++] = member;
	}
	return group->count > 0 ? SF_OK : refuse(reading, "a group has members");
}

static enum sf_err read_group(struct reading *reading)
{
	struct sf_policy *policy = reading->policy;
	if (policy->group_count == SF_POLICY_GROUPS_MAX)
		return refuse_more(reading, "groups");
	struct sf_policy_group group = {.first = policy->member_count};
	enum sf_err err = read_name(reading, group.name);
	if (err)
		return err;
	struct sf_view threshold = next_word(reading);
	err = read_members(reading, &group);
	if (err)
		return err;
	uint64_t number = word_is(threshold, "any") ? 1 : group.count;
	if (!word_is(threshold, "any") && !word_is(threshold, "all") &&
		(sf_decimal_parse(threshold, group.count, &number) || number == 0))
		return refuse(reading, "a threshold is all, any, or 1 to the number of members");
	group.threshold = (size_t)number;
	policy->groups[policy->group_count++] = group;
	policy->member_count += group.count;
	return SF_OK;
}

static enum sf_err read_quorum(struct reading *reading)
{
	struct sf_view name = next_word(reading);
	size_t member =
		word_is(name, "none") ? SF_POLICY_NOBODY : find_member(reading->policy, name);
	if (reading->policy->quorum_said)
		return refuse(reading, "a policy has one quorum");
	if (member == SF_POLICY_NOBODY && !word_is(name, "none"))
		return refuse(reading, "the quorum is a group or witness named before, or none");
	reading->policy->quorum_said = true;
	reading->policy->quorum = member;
	return end_line(reading, false);
}

static enum sf_err read_registrar(struct reading *reading)
{
	struct sf_policy *policy = reading->policy;
	size_t at = policy->registrar_count;
	struct sf_view word = next_word(reading);
	char digits[2 * SF_PUBLIC_KEY_SIZE + 1] = "";
	if (at == SF_POLICY_REGISTRARS_MAX)
		return refuse_more(reading, "registrars");
	if (word.size != sizeof(digits) - 1)
		return refuse(reading, "a registrar is 64 hexadecimal digits");
	memcpy(digits, word.data, word.size);
	if (sf_hex_decode(digits, policy->registrars[at], SF_PUBLIC_KEY_SIZE))
		return refuse(reading, "a registrar is 64 hexadecimal digits");
	for (size_t i = 0; i < at; i++)
		if (memcmp(policy->registrars[i], policy->registrars[at], SF_PUBLIC_KEY_SIZE) == 0)
			return refuse(reading, "the registrar stands there already");
	policy->registrar_count++;
	return end_line(reading, false);
}

static enum sf_err read_registrars(struct reading *reading)
{
	uint64_t threshold = 0;
	if (reading->policy->registrars_threshold > 0)
		return refuse(reading, "a policy says once how many registrars sign");
	if (sf_decimal_parse(next_word(reading), SF_POLICY_REGISTRARS_MAX, &threshold) ||
		threshold == 0)
		return refuse(reading, "how many registrars sign is a number from 1");
	reading->policy->registrars_threshold = (size_t)threshold;
	return end_line(reading, false);
}

static const struct {
	const char *word;
	enum sf_err (*read)(struct reading *reading);
} statements[] = {
	{"log", read_log},
	{"witness", read_witness},
	{"group", read_group},
	{"quorum", read_quorum},
	{"registrar", read_registrar},
	{"registrars", read_registrars},
};

static enum sf_err read_line(struct reading *reading)
{
	struct sf_view word = next_word(reading);
	if (word.size == 0 || word.data[0] == '#')
		return SF_OK;
	for (size_t i = 0; i < SF_COUNT(statements); i++)
		if (word_is(word, statements[i].word))
			return statements[i].read(reading);
	return refuse(reading, "a line begins with log, witness, group, quorum, registrar, "
			       "registrars or #");
}

static enum sf_err check_whole(const struct sf_policy *policy, struct sf_diag *diag)
{
	const char *what = NULL;
	if (policy->log_count == 0)
		what = "it trusts no log";
	else if (!policy->quorum_said)
		what = "it has no line 'quorum'";
	else if (policy->registrars_threshold > policy->registrar_count)
		what = "more registrars must sign than it names";
	else if (policy->registrar_count > 0 && policy->registrars_threshold == 0)
		what = "it has no line 'registrars', which says how many must sign";
	if (!what)
		return SF_OK;
	sf_diag_set(diag, "the policy is not complete: %s", what);
	return SF_ERR_FORMAT;
}

static enum sf_err read_lines(const struct sf_crypto *crypto, struct sf_view text,
	struct sf_policy *policy, struct sf_diag *diag)
{
	struct reading reading = {.crypto = crypto, .policy = policy, .diag = diag};
	for (size_t number = 1; text.size > 0; number++) {
		enum sf_err err = SF_ERR_FORMAT;
		if (sf_line_take(&text, &reading.rest))
			err = read_line(&reading);
		else
			sf_diag_set(diag, "the last line has no newline");
		if (err) {
			sf_diag_prefix(diag, "line %zu", number);
			return err;
		}
	}
	return check_whole(policy, diag);
}

enum sf_err sf_policy_parse(const struct sf_crypto *crypto, struct sf_view text,
	struct sf_policy **ret_policy, struct sf_diag *diag)
{
	if (text.size > SF_POLICY_SIZE_MAX) {
		sf_diag_set(diag, "a policy is longer than %zu bytes", SF_POLICY_SIZE_MAX);
		return SF_ERR_LIMIT;
	}
	struct sf_policy *policy = calloc(1, sizeof(*policy));
	if (!policy)
		return SF_ERR_MEMORY;
	enum sf_err err = read_lines(crypto, text, policy, diag);
	if (err)
		sf_policy_close(&policy);
	else
		*ret_policy = policy;
	return err;
}
