#include "http/body.h"

#include <string.h>

#include "base/time.h"
#include "http/problem.h"
#include "http/vocabulary.h"
#include "text/json.h"

static bool is_json(const char *type)
{
	return strcmp(type, "application/json") == 0;
}

static bool check_members(const struct sf_body_reader *body)
{
	const char *words = sf_body_words(body->exchange->route);
	for (const struct sf_element *member = body->root->first; member; member = member->next)
		if (!sf_words_have(words, sf_view_text(member->name)))
			return sf_body_complain(body, member->name, "is not known here");
	return true;
}

bool sf_body_read(struct sf_exchange *exchange, struct sf_body_reader *ret_body)
{
	const struct sf_http_request *request = exchange->request;
	struct sf_diag diag = {""};
	struct sf_view json = request->body.size > 0 ? request->body : sf_view_text("{}");
	*ret_body = (struct sf_body_reader){.exchange = exchange};
	if (request->body.size > 0 && !is_json(request->content_type)) {
		sf_problem(exchange, 415, "the body is not application/json");
		return false;
	}
	enum sf_err err = sf_json_read(json, exchange->arena, &ret_body->root, &diag);
	if (err == SF_ERR_LIMIT || err == SF_ERR_MEMORY) {
		sf_problem(exchange, 413, "the body has too many members or is too large");
		return false;
	}
	if (err || ret_body->root->kind != SF_ELEMENT_OBJECT) {
		sf_problem(exchange, 400, "the body is no JSON object");
		return false;
	}
	return check_members(ret_body);
}

const struct sf_element *sf_body_member(const struct sf_body_reader *body, const char *name)
{
	for (const struct sf_element *member = body->root->first; member; member = member->next)
		if (strcmp(member->name, name) == 0)
			return member->kind == SF_ELEMENT_NULL ? NULL : member;
	return NULL;
}

bool sf_body_complain(const struct sf_body_reader *body, const char *name, const char *what)
{
	sf_problem_about(body->exchange, 422, "member", name, what);
	return false;
}

/* *ret_member NULL: it may be absent, and is. False: the response is made. */
static bool find(const struct sf_body_reader *body, const char *name, bool must,
	enum sf_element_kind kind, const struct sf_element **ret_member)
{
	static const char *const wrong[] = {
		[SF_ELEMENT_ARRAY] = "is no array",
		[SF_ELEMENT_TEXT] = "is no text",
		[SF_ELEMENT_NUMBER] = "is no number",
		[SF_ELEMENT_BOOL] = "is neither true nor false",
	};
	const struct sf_element *member = sf_body_member(body, name);
	if (!member && must)
		return sf_body_complain(body, name, "is missing");
	if (member && member->kind != kind)
		return sf_body_complain(body, name, wrong[kind]);
	*ret_member = member;
	return true;
}

bool sf_body_text(
	const struct sf_body_reader *body, const char *name, bool must, const char **ret_text)
{
	const struct sf_element *member = NULL;
	if (!find(body, name, must, SF_ELEMENT_TEXT, &member))
		return false;
	*ret_text = member ? member->text : "";
	return must && !(*ret_text)[0] ? sf_body_complain(body, name, "is empty") : true;
}

bool sf_body_time(const struct sf_body_reader *body, const char *name, bool must, int64_t *ret_ms)
{
	const struct sf_element *member = NULL;
	int64_t ms = 0;
	if (!find(body, name, must, SF_ELEMENT_TEXT, &member))
		return false;
	if (member && (sf_time_parse(sf_view_text(member->text), &ms) || ms <= 0))
		return sf_body_complain(body, name, "is no time as RFC 3339 has it");
	*ret_ms = ms;
	return true;
}

bool sf_body_id(
	const struct sf_body_reader *body, const char *name, bool must, struct sf_id *ret_id)
{
	const struct sf_element *member = NULL;
	struct sf_id id = {{0}};
	if (!find(body, name, must, SF_ELEMENT_TEXT, &member))
		return false;
	if (member && (sf_id_parse(member->text, &id) || sf_id_is_none(id)))
		return sf_body_complain(body, name, "is no id: 32 hexadecimal digits or a UUID");
	*ret_id = id;
	return true;
}

bool sf_body_bool(const struct sf_body_reader *body, const char *name, bool absent, bool *ret_value)
{
	const struct sf_element *member = NULL;
	if (!find(body, name, false, SF_ELEMENT_BOOL, &member))
		return false;
	*ret_value = member ? strcmp(member->text, "true") == 0 : absent;
	return true;
}

bool sf_body_number(const struct sf_body_reader *body, const char *name, bool must, uint32_t max,
	uint32_t *ret_number)
{
	const struct sf_element *member = NULL;
	uint64_t number = 0;
	if (!find(body, name, must, SF_ELEMENT_NUMBER, &member))
		return false;
	for (const char *digit = member ? member->text : ""; *digit; digit++) {
		number = number * 10 + (uint64_t)(*digit - '0');
		if (*digit < '0' || *digit > '9' || number > max)
			return sf_body_complain(body, name, "is no whole number in its range");
	}
	*ret_number = (uint32_t)number;
	return true;
}

/* The items of an array of words; each is handed to number. */
static bool read_bits(const struct sf_body_reader *body, const char *name, bool must,
	bool (*bit_of)(const char *word, uint64_t *ret_bit), uint64_t *ret_bits)
{
	const struct sf_element *member = NULL;
	uint64_t bits = 0, bit = 0;
	if (!find(body, name, must, SF_ELEMENT_ARRAY, &member))
		return false;
	for (const struct sf_element *item = member ? member->first : NULL; item;
		item = item->next) {
		if (item->kind != SF_ELEMENT_TEXT || !bit_of(item->text, &bit))
			return sf_body_complain(body, name, "has a word that is not known here");
		bits |= bit;
	}
	if (must && bits == 0)
		return sf_body_complain(body, name, "is empty");
	*ret_bits = bits;
	return true;
}

static bool domain_bit(const char *word, uint64_t *ret_bit)
{
	for (size_t i = 0; i < SF_DOMAIN_COUNT; i++) {
		if (strcmp(sf_domain_text((enum sf_domain)i), word) != 0)
			continue;
		*ret_bit = SF_DOMAIN_BIT(i);
		return true;
	}
	return false;
}

bool sf_body_domains(
	const struct sf_body_reader *body, const char *name, bool must, sf_domain_set *ret_domains)
{
	uint64_t bits = 0;
	if (!read_bits(body, name, must, domain_bit, &bits))
		return false;
	*ret_domains = (sf_domain_set)bits;
	return true;
}

static bool role_bit(const char *word, uint64_t *ret_bit)
{
	unsigned role = sf_words_role.number(word);
	*ret_bit = (uint64_t)1 << role;
	return role != 0;
}

bool sf_body_roles(const struct sf_body_reader *body, const char *name, uint32_t *ret_roles)
{
	uint64_t bits = 0;
	if (!read_bits(body, name, false, role_bit, &bits))
		return false;
	*ret_roles = (uint32_t)bits;
	return true;
}

static bool event_bit(const char *word, uint64_t *ret_bit)
{
	*ret_bit = sf_hook_event_bit(sf_view_text(word));
	return *ret_bit != 0;
}

bool sf_body_events(const struct sf_body_reader *body, const char *name, uint64_t *ret_events)
{
	return read_bits(body, name, true, event_bit, ret_events);
}

bool sf_body_word(const struct sf_body_reader *body, const char *name, bool must,
	const struct sf_word_list *words, unsigned *ret_number)
{
	const char *text = "";
	if (!sf_body_text(body, name, must, &text))
		return false;
	*ret_number = text[0] ? words->number(text) : 0;
	return text[0] && *ret_number == 0
		       ? sf_body_complain(body, name, "is a word that is not known here")
		       : true;
}

bool sf_body_role(
	const struct sf_body_reader *body, const char *name, bool must, enum sf_role *ret_role)
{
	unsigned role = 0;
	if (!sf_body_word(body, name, must, &sf_words_role, &role))
		return false;
	*ret_role = (enum sf_role)role;
	return true;
}
