#include "http/access.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "door/secret.h"
#include "http/credential.h"
#include "http/problem.h"
#include "wire/local_check.h"

#define WAYS 8 /* buckets of one place in the table */
#define PLACES 512
#define SCALE 1000 /* thousandths of a request */
#define PEER_TEXT_SIZE 64
#define NETWORK_SIZE ((size_t)8) /* of an address of IPv6 */
#define KEY_SIZE_MAX ((size_t)255)
#define OPTION_SIZE_MAX ((size_t)64)
#define AUTHENTICATE "Bearer realm=\"stafet\""

struct bucket {
	struct sf_digest name; /* of a token or an address; none: free */
	int64_t left;          /* thousandths of requests */
	int64_t at_ms;         /* when left was so */
	bool refused;          /* the engine does not know this token */
};

struct sf_http_gate {
	struct sf_http_gate_options options;
	int64_t now_ms;
	char cookie[OPTION_SIZE_MAX];
	char trusted_from[OPTION_SIZE_MAX];
	struct bucket buckets[PLACES][WAYS];
};

struct sf_http_gate_options sf_http_gate_options_default(const struct sf_crypto *crypto)
{
	return (struct sf_http_gate_options){.crypto = *crypto,
		.token_per_s = 500,
		.token_burst = 1000,
		.guess_per_s = 1,
		.guess_burst = 20,
		.visit_per_s = 20,
		.visit_burst = 200,
		.sign_in_per_s = 4,
		.sign_in_burst = 8,
		.cookie = "stafet",
		.by_password = true};
}

enum sf_err sf_http_gate_open(
	const struct sf_http_gate_options *options, struct sf_http_gate **ret_gate)
{
	struct sf_http_gate *gate = calloc(1, sizeof(*gate));
	if (!gate)
		return SF_ERR_MEMORY;
	gate->options = *options;
	snprintf(gate->cookie, sizeof(gate->cookie), "%s", options->cookie);
	gate->options.cookie = gate->cookie;
	if (options->trusted_from)
		snprintf(gate->trusted_from, sizeof(gate->trusted_from), "%s",
			options->trusted_from);
	gate->options.trusted_from = options->trusted_from ? gate->trusted_from : NULL;
	*ret_gate = gate;
	return SF_OK;
}

void sf_http_gate_close(struct sf_http_gate **gate)
{
	free(*gate);
	*gate = NULL;
}

static struct sf_digest digest_of(
	const struct sf_http_gate *gate, const char *name, struct sf_view bytes)
{
	struct sf_digest digest;
	gate->options.crypto.record_digest(gate->options.crypto.self, name, bytes, &digest);
	return digest;
}

static int64_t refill(const struct sf_http_gate *gate, const struct bucket *bucket, uint32_t per_s,
	uint32_t burst)
{
	int64_t passed_ms = gate->now_ms > bucket->at_ms ? gate->now_ms - bucket->at_ms : 0;
	int64_t full = (int64_t)burst * SCALE;
	/* After a day every bucket is full: no number overflows. */
	if (passed_ms > 24 * 60 * 60 * 1000)
		return full;
	int64_t left = bucket->left + passed_ms * (int64_t)per_s * SCALE / 1000;
	return left < full ? left : full;
}

static struct bucket *ways_of(struct sf_http_gate *gate, const struct sf_digest *name)
{
	return gate->buckets[((size_t)name->bytes[0] << 8 | name->bytes[1]) % PLACES];
}

/* The bucket of that name; NULL when there is none. */
static struct bucket *look(struct sf_http_gate *gate, const struct sf_digest *name)
{
	struct bucket *ways = ways_of(gate, name);
	for (size_t i = 0; i < WAYS; i++)
		if (sf_digest_equal(&ways[i].name, name))
			return &ways[i];
	return NULL;
}

/* The same, and a full one in the place of the oldest when there is none. */
static struct bucket *find(struct sf_http_gate *gate, const struct sf_digest *name, uint32_t burst)
{
	struct bucket *known = look(gate, name);
	if (known)
		return known;
	struct bucket *ways = ways_of(gate, name), *oldest = ways;
	for (size_t i = 1; i < WAYS; i++)
		if (ways[i].at_ms < oldest->at_ms)
			oldest = &ways[i];
	*oldest = (struct bucket){
		.name = *name, .left = (int64_t)burst * SCALE, .at_ms = gate->now_ms};
	return oldest;
}

/* Takes one request out. False: there is none. */
static bool take(struct sf_http_gate *gate, struct bucket *bucket, uint32_t per_s, uint32_t burst)
{
	int64_t left = refill(gate, bucket, per_s, burst);
	bucket->at_ms = gate->now_ms;
	bucket->left = left >= SCALE ? left - SCALE : left;
	return left >= SCALE;
}

/* An address, of IPv6 the network: who has one of its addresses has them all (RFC 6177). */
static struct sf_digest origin_of(
	const struct sf_http_gate *gate, const char *what, const struct sf_exchange *exchange)
{
	const char *peer = exchange->request->peer;
	char text[PEER_TEXT_SIZE];
	struct sf_address address;
	struct sf_view who = sf_view_text(peer);
	snprintf(text, sizeof(text), "[%s]:0", peer);
	if (!sf_address_parse(text, &address))
		who = sf_view_of(address.bytes, NETWORK_SIZE);
	return digest_of(gate, what, who);
}

static struct bucket *guesses_of(struct sf_http_gate *gate, const struct sf_exchange *exchange)
{
	struct sf_digest name = origin_of(gate, "peer", exchange);
	return find(gate, &name, gate->options.guess_burst);
}

static bool refuse_often(struct sf_exchange *exchange)
{
	exchange->response->retry_after_s = 1;
	sf_problem(exchange, 429, "more is asked than one may ask in this time");
	return false;
}

static void refuse_unknown(struct sf_exchange *exchange, const char *detail)
{
	exchange->response->authenticate = AUTHENTICATE;
	sf_problem(exchange, 401, detail);
}

/* Guessing costs; who is known goes past those who guess from the same address. */
static bool may_guess(struct sf_http_gate *gate, struct sf_exchange *exchange)
{
	const struct sf_http_gate_options *options = &gate->options;
	struct bucket *guesses = guesses_of(gate, exchange);
	return refill(gate, guesses, options->guess_per_s, options->guess_burst) >= SCALE ||
	       refuse_often(exchange);
}

static void count_guess(struct sf_http_gate *gate, const struct sf_exchange *exchange)
{
	const struct sf_http_gate_options *options = &gate->options;
	take(gate, guesses_of(gate, exchange), options->guess_per_s, options->guess_burst);
}

/* False: who asks is said by one who is not believed. */
static bool shown_by(const struct sf_http_gate *gate, const struct sf_exchange *exchange,
	struct sf_credential *ret_shown, sf_api_roles *ret_roles)
{
	const struct sf_http_request *request = exchange->request;
	struct sf_credential shown = sf_credential_read(request, gate->options.cookie);
	if (!sf_credential_assertion(request, gate->options.trusted_from, ret_shown, ret_roles))
		return false;
	/* A token was shown on purpose; the word of a proxy goes before a cookie. */
	if (shown.kind == SF_CREDENTIAL_TOKEN || ret_shown->kind == SF_CREDENTIAL_NONE)
		*ret_shown = shown;
	return true;
}

/* How the engine knows it. */
static struct sf_digest credential_digest(
	const struct sf_http_gate *gate, const struct sf_credential *shown)
{
	static const char *const names[] = {
		[SF_CREDENTIAL_TOKEN] = "token",
		[SF_CREDENTIAL_SESSION] = "session",
		[SF_CREDENTIAL_ASSERTED] = "asserted",
	};
	return digest_of(gate, names[shown->kind], sf_view_text(shown->text));
}

/* What unsafe requests show: of a session, or of this process and whom the proxy names. */
static void write_csrf(const struct sf_http_gate *gate, const struct sf_credential *shown,
	char ret_csrf[SF_DOOR_SECRET_SIZE])
{
	char subject[SF_DIGEST_TEXT_SIZE + SF_CREDENTIAL_SIZE_MAX + 1];
	if (shown->kind == SF_CREDENTIAL_ASSERTED) {
		sf_digest_format(&gate->options.csrf_key, subject);
		memcpy(subject + SF_DIGEST_TEXT_SIZE - 1, shown->text, strlen(shown->text) + 1);
	} else {
		memcpy(subject, shown->text, strlen(shown->text) + 1);
	}
	sf_door_csrf(&gate->options.crypto, subject, ret_csrf);
	sf_bytes_wipe(subject, sizeof(subject));
}

/* A cookie comes by itself, whoever made the browser ask: it must be our own page. */
static bool is_own_page(const struct sf_http_gate *gate, struct sf_exchange *exchange,
	const struct sf_credential *shown)
{
	char csrf[SF_DOOR_SECRET_SIZE];
	bool session =
		shown->kind != SF_CREDENTIAL_NONE && !(exchange->route->roles & SF_API_SIGN_IN);
	if (session)
		write_csrf(gate, shown, csrf);
	const char *fault = sf_credential_fault(exchange->request, session ? csrf : NULL);
	if (fault)
		sf_problem(exchange, 403, fault);
	return !fault;
}

static bool refuse_stranger(struct sf_http_gate *gate, struct sf_exchange *exchange)
{
	if (!may_guess(gate, exchange))
		return false;
	count_guess(gate, exchange);
	refuse_unknown(exchange, exchange->request->authorization[0]
					 ? "this is no token of Stafet: Authorization: Bearer "
					   "stafet_ and 43 characters"
					 : "a token is needed: Authorization: Bearer stafet_...");
	return false;
}

/* Who is nobody yet costs a turn as anybody; a house full of people opens the console at seven. */
static bool may_visit(struct sf_http_gate *gate, struct sf_exchange *exchange)
{
	const struct sf_http_gate_options *options = &gate->options;
	struct sf_digest name = origin_of(gate, "visit", exchange);
	return take(gate, find(gate, &name, options->visit_burst), options->visit_per_s,
		       options->visit_burst) ||
	       refuse_often(exchange);
}

static bool admit(void *self, struct sf_exchange *exchange, int64_t now_ms)
{
	struct sf_http_gate *gate = self;
	const struct sf_http_gate_options *options = &gate->options;
	struct sf_credential shown;
	sf_api_roles roles;
	gate->now_ms = now_ms;
	if (!shown_by(gate, exchange, &shown, &roles)) {
		sf_problem(exchange, 403, "who asks is said by one who is not believed here");
		return false;
	}
	if (shown.kind != SF_CREDENTIAL_TOKEN && !is_own_page(gate, exchange, &shown))
		return false;
	if (exchange->route->roles & SF_API_SIGN_IN)
		return may_guess(gate, exchange);
	bool browses = exchange->route->roles & SF_API_BROWSER;
	if (shown.kind == SF_CREDENTIAL_NONE)
		return browses ? may_visit(gate, exchange) : refuse_stranger(gate, exchange);
	struct sf_digest name = credential_digest(gate, &shown);
	const struct bucket *known = look(gate, &name);
	/* A token that the engine was not asked about gets no bucket: it would be known by that. */
	bool stranger = !known || known->refused;
	if (stranger && !(browses ? may_visit(gate, exchange) : may_guess(gate, exchange)))
		return false;
	return take(gate, find(gate, &name, options->token_burst), options->token_per_s,
		       options->token_burst) ||
	       refuse_often(exchange);
}

static bool read_purpose(struct sf_exchange *exchange, struct sf_asker *asker)
{
	const char *word = exchange->request->purpose;
	asker->purpose = sf_purpose_from_text(word);
	if (!word[0] || asker->purpose != SF_PURPOSE_NONE)
		return true;
	sf_problem(exchange, 400, "Stafet-Purpose is care, operation, audit, citizen or law");
	return false;
}

/* Everything that was asked but who asked it, so that a key cannot stand for something else. */
static bool digest_request(
	const struct sf_http_gate *gate, struct sf_exchange *exchange, struct sf_digest *ret_digest)
{
	const struct sf_http_request *asked = exchange->request;
	struct sf_digest body = digest_of(gate, "idempotent-body", asked->body);
	const char method[] = {(char)asked->method, '\0'};
	const char *const parts[] = {method, asked->path, asked->query, asked->content_type,
		asked->charset, asked->contact_name, asked->contact_telephone};
	struct sf_buf buf;
	sf_buf_init(&buf, 65536);
	enum sf_err err = sf_buf_append(&buf, sf_view_of(body.bytes, sizeof(body.bytes)));
	for (size_t i = 0; !err && i < SF_COUNT(parts); i++)
		err = sf_buf_append(&buf, sf_view_of(parts[i], strlen(parts[i]) + 1));
	*ret_digest = digest_of(gate, "idempotent-request", sf_buf_view(&buf));
	sf_buf_fini(&buf);
	if (err)
		sf_problem(exchange, 503, NULL);
	return !err;
}

/* Keys are the caller's own: another's of the same text is another key. */
static bool read_key(
	const struct sf_http_gate *gate, struct sf_exchange *exchange, struct sf_request *request)
{
	const char *key = exchange->request->idempotency_key;
	size_t size = strlen(key);
	if (size == 0 || exchange->request->method == SF_HTTP_GET)
		return true;
	if (size > KEY_SIZE_MAX) {
		sf_problem(exchange, 400, "Idempotency-Key is longer than 255 characters");
		return false;
	}
	uint8_t bytes[SF_DIGEST_SIZE + KEY_SIZE_MAX];
	const struct sf_asker *asker = &request->asker;
	bool token = !sf_digest_is_none(&asker->token);
	memcpy(bytes, token ? asker->token.bytes : asker->session.bytes, SF_DIGEST_SIZE);
	memcpy(bytes + SF_DIGEST_SIZE, key, size);
	request->repeatable.key =
		digest_of(gate, "idempotency-key", sf_view_of(bytes, SF_DIGEST_SIZE + size));
	return digest_request(gate, exchange, &request->repeatable.body);
}

/* "<sequence>-<head>" of a transition, in quotes, as its ETag is. */
static bool parse_expected(const char *text, struct sf_expected *expected)
{
	char head[SF_DIGEST_TEXT_SIZE] = "";
	uint64_t sequence = 0;
	if (*text++ != '"')
		return false;
	size_t digits = strspn(text, "0123456789");
	if (digits == 0 || digits > 18 || text[digits] != '-')
		return false;
	for (size_t i = 0; i < digits; i++)
		sequence = sequence * 10 + (uint64_t)(text[i] - '0');
	text += digits + 1;
	if (strlen(text) != SF_DIGEST_TEXT_SIZE || text[SF_DIGEST_TEXT_SIZE - 1] != '"')
		return false;
	*expected = (struct sf_expected){.said = true, .sequence = sequence};
	memcpy(head, text, SF_DIGEST_TEXT_SIZE - 1);
	return !sf_hex_decode(head, expected->head.bytes, SF_DIGEST_SIZE);
}

static bool read_expected(struct sf_exchange *exchange, struct sf_request *request)
{
	const char *text = exchange->request->if_match;
	if (!text[0] || strcmp(text, "*") == 0 || parse_expected(text, &request->expected))
		return true;
	/* A tag that was never given here names nothing that is here (RFC 9110 section 13.1.1). */
	sf_problem(exchange, 412, "If-Match names no state of a transition");
	return false;
}

/* Who shows what: the engine finds whose it is. */
static bool write_asker(const struct sf_http_gate *gate, struct sf_exchange *exchange,
	const struct sf_request *request, struct sf_asker *ret_asker)
{
	struct sf_credential shown;
	sf_api_roles roles = 0;
	/* It was admitted, so it is believed. */
	SF_ASSERT(shown_by(gate, exchange, &shown, &roles));
	*ret_asker = (struct sf_asker){.account = "",
		.over_http = true,
		.allowed_roles = exchange->route->roles,
		.by_password = gate->options.by_password};
	if (shown.kind == SF_CREDENTIAL_TOKEN)
		ret_asker->token = credential_digest(gate, &shown);
	if (shown.kind == SF_CREDENTIAL_NONE || shown.kind == SF_CREDENTIAL_TOKEN)
		return true;
	char csrf[SF_DOOR_SECRET_SIZE];
	write_csrf(gate, &shown, csrf);
	/* Of a proxy's visitor too: idempotency keys are each one's own. */
	ret_asker->session = credential_digest(gate, &shown);
	if (shown.kind == SF_CREDENTIAL_ASSERTED) {
		ret_asker->asserted_user = sf_arena_text(exchange->arena, sf_view_text(shown.text));
		ret_asker->asserted_roles = roles;
	}
	ret_asker->csrf = sf_arena_text(exchange->arena, sf_view_text(csrf));
	/* Nobody sits and follows the events: a page does, and cannot send a field of its own. */
	ret_asker->background =
		request->kind == SF_REQUEST_FEED || strcmp(exchange->request->background, "1") == 0;
	bool whole = ret_asker->csrf &&
		     (shown.kind != SF_CREDENTIAL_ASSERTED || ret_asker->asserted_user);
	if (!whole)
		sf_problem(exchange, 503, NULL);
	return whole;
}

/*
 * Passwords are slow to check, on purpose: a few a second of one network, so that who guesses keeps
 * nobody out who comes from elsewhere. One whose hash is there was counted when it came.
 */
static bool may_sign_in(
	struct sf_http_gate *gate, struct sf_exchange *exchange, const struct sf_request *request)
{
	const struct sf_http_gate_options *options = &gate->options;
	if (request->kind != SF_REQUEST_SIGN_IN || request->sign_in.code[0] ||
		!sf_digest_is_none(&request->sign_in.hash))
		return true;
	exchange->origin = origin_of(gate, "sign-in", exchange);
	struct bucket *bucket = find(gate, &exchange->origin, options->sign_in_burst);
	return take(gate, bucket, options->sign_in_per_s, options->sign_in_burst) ||
	       refuse_often(exchange);
}

static bool name(void *self, struct sf_exchange *exchange, struct sf_request *request)
{
	struct sf_http_gate *gate = self;
	exchange->cookie = gate->options.cookie;
	return write_asker(gate, exchange, request, &request->asker);
}

static bool heed(void *self, struct sf_exchange *exchange, struct sf_request *request)
{
	struct sf_http_gate *gate = self;
	struct sf_diag diag = {""};
	if (!read_purpose(exchange, &request->asker) || !read_key(gate, exchange, request) ||
		!read_expected(exchange, request) || !may_sign_in(gate, exchange, request))
		return false;
	/* What is decoded on the local socket is checked there; here nothing was decoded. */
	if (!sf_local_request_check(request, &diag))
		return true;
	sf_problem(exchange, 422, diag.text);
	return false;
}

static void note_refused(struct sf_http_gate *gate, const struct sf_credential *shown)
{
	if (shown->kind == SF_CREDENTIAL_NONE)
		return;
	struct sf_digest digest = credential_digest(gate, shown);
	find(gate, &digest, gate->options.token_burst)->refused = true;
}

/* Answered all the same: nobody is signed in with this cookie, or not any more. */
static bool is_of_nobody(const struct sf_exchange *exchange, const struct sf_reply *reply)
{
	if (reply->err || !(exchange->route->roles & SF_API_BROWSER))
		return false;
	return reply->kind == SF_REPLY_DONE ||
	       (reply->kind == SF_REPLY_SESSION && !reply->session.user[0]);
}

static bool denied(void *self, struct sf_exchange *exchange, const struct sf_reply *reply)
{
	struct sf_http_gate *gate = self;
	struct sf_credential shown;
	sf_api_roles roles = 0;
	SF_ASSERT(shown_by(gate, exchange, &shown, &roles));
	bool signs_in = exchange->route->roles & SF_API_SIGN_IN;
	if (reply->err == SF_ERR_AUTH) {
		sf_problem(exchange, 403, reply->text);
		return true;
	}
	if (signs_in && reply->err == SF_ERR_AGAIN) {
		exchange->response->retry_after_s = 1;
		sf_problem(exchange, 429, reply->text);
		return true;
	}
	if (reply->err != SF_ERR_KEY_UNKNOWN) {
		if (is_of_nobody(exchange, reply))
			note_refused(gate, &shown);
		return false;
	}
	count_guess(gate, exchange);
	if (!signs_in)
		note_refused(gate, &shown);
	refuse_unknown(exchange, reply->text);
	return true;
}

struct sf_http_access sf_http_gate_access(struct sf_http_gate *gate)
{
	return (struct sf_http_access){
		.self = gate, .admit = admit, .name = name, .heed = heed, .denied = denied};
}
