#include "cmd/http_face.h"

#include <stdio.h>

#include "base/address.h"
#include "cmd/tls_key.h"
#include "os/files.h"

#define PEM_SIZE_MAX ((size_t)262144)
#define COOKIE_NAME_SIZE 32

/* path "" leaves *ret_text as it is. */
static enum sf_err read_pem(
	const char *path, struct sf_buf *place, const char **ret_text, struct sf_diag *diag)
{
	sf_buf_init(place, PEM_SIZE_MAX);
	if (!path[0])
		return SF_OK;
	enum sf_err err = sf_file_read(path, place, diag);
	if (!err)
		err = sf_buf_append_u8(place, 0);
	*ret_text = (const char *)place->data;
	return err;
}

static void forget(struct sf_buf *place)
{
	if (place->data)
		sf_bytes_wipe(place->data, place->capacity);
	sf_buf_fini(place);
}

/* The path is the table's: what was asked for may name a person. */
static void log_request(void *self, const struct sf_http_call *call, int64_t duration_ms)
{
	static const char *const methods[] = {
		[SF_HTTP_GET] = "get",
		[SF_HTTP_POST] = "post",
		[SF_HTTP_PUT] = "put",
		[SF_HTTP_DELETE] = "delete",
	};
	const struct sf_process *process = self;
	const struct sf_route *route = call->exchange.route;
	struct sf_log_line line;
	sf_log_begin(&line, &process->log, SF_LOG_DEBUG, SF_LOG_REQUEST_ENDED,
		process->env.now_ms(process->env.self));
	if (call->request.method)
		sf_log_code(&line, "method", methods[call->request.method]);
	if (route)
		sf_log_path(&line, "route", route->path);
	sf_log_integer(&line, "status", (int64_t)call->response.status);
	sf_log_integer(&line, "duration_ms", duration_ms);
	if (call->request.traceparent[0])
		sf_log_code(&line, "traceparent", call->request.traceparent);
	sf_log_end(&line);
}

/*
 * A browser keeps one jar of cookies for all ports of a host: two daemons of one machine, each with
 * its own name, do not end each other's sessions.
 */
static void name_cookie(
	const struct sf_config_listener *listener, char ret_cookie[COOKIE_NAME_SIZE])
{
	struct sf_address address = {.port = 0};
	bool encrypted = listener->certificate[0] != '\0';
	if (listener->address[0] && sf_address_parse(listener->address, &address))
		address.port = 0;
	snprintf(ret_cookie, COOKIE_NAME_SIZE, "%sstafet-%u", encrypted ? "__Host-" : "",
		(unsigned)address.port);
}

enum sf_err sf_http_gate_load(const struct sf_config_http *config, const struct sf_env *env,
	const struct sf_crypto *crypto, struct sf_http_gate **ret_gate)
{
	char cookie[COOKIE_NAME_SIZE];
	struct sf_http_gate_options options = sf_http_gate_options_default(crypto);
	name_cookie(&config->listener, cookie);
	options.cookie = cookie;
	if (config->trusted.user[0]) {
		options.trusted_from = config->trusted.from;
		/* Two ways in, only when somebody said so. */
		options.by_password = config->trusted.passwords == 1;
		env->random(env->self, options.csrf_key.bytes, SF_DIGEST_SIZE);
	}
	return sf_http_gate_open(&options, ret_gate);
}

static struct sf_http_face_options options_of(const struct sf_http_face_parts *parts)
{
	const struct sf_config_http *config = parts->config;
	struct sf_http_face_options options =
		sf_http_face_options_default(config->listener.address);
	if (config->connection_max)
		options.server.connection_max = config->connection_max;
	if (config->connection_of_address_max)
		options.server.connection_of_address_max = config->connection_of_address_max;
	if (config->body_size_max)
		options.server.body_size_max = config->body_size_max;
	if (config->trusted.user[0]) {
		options.server.user_field = config->trusted.user;
		options.server.roles_field = config->trusted.roles;
	}
	options.groups = parts->groups;
	options.group_count = parts->group_count;
	options.access = parts->access;
	options.refusal = parts->refusal;
	options.crypto = parts->crypto;
	return options;
}

enum sf_err sf_http_face_load(const struct sf_http_face_parts *parts, struct sf_process *process,
	struct sf_http_face **ret_face, struct sf_diag *diag)
{
	const struct sf_config_listener *listener = &parts->config->listener;
	if (!listener->address[0])
		return SF_OK;
	struct sf_http_face_options options = options_of(parts);
	options.server.ended = log_request;
	options.server.ended_self = process;
	struct sf_buf certificate, key, authority;
	sf_buf_init(&certificate, 0);
	sf_buf_init(&key, 0);
	sf_buf_init(&authority, 0);
	enum sf_err err = sf_process_aside(process, &options.aside, diag);
	if (!err)
		err = read_pem(
			listener->certificate, &certificate, &options.server.certificate, diag);
	if (!err)
		err = sf_tls_key_check(listener->key, diag);
	if (!err)
		err = read_pem(listener->key, &key, &options.server.key, diag);
	if (!err)
		err = read_pem(listener->client_authority, &authority,
			&options.server.client_authority, diag);
	if (!err)
		err = sf_http_face_open(&options, ret_face, diag);
	forget(&certificate);
	forget(&key);
	forget(&authority);
	if (err)
		return err;
	const struct sf_face face = sf_http_face(*ret_face);
	sf_process_face(process, &face);
	return SF_OK;
}
