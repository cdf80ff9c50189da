/*
 * Whether the daemon lives, whether it can take work, what it is, and its figures for a monitoring
 * system. Nothing here is about a patient.
 */
#include <inttypes.h>
#include <string.h>

#include "http/problem.h"
#include "http/routes.h"
#include "http/server.h"
#include "text/json_write.h"

#define TEXT_SIZE_MAX ((size_t)65536)
/* Prometheus text exposition format, version 0.0.4. */
#define METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"

/* Alive is who answers: the engine is not asked. */
static bool ask_health(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	(void)ret_request;
	struct sf_http_response *response = exchange->response;
	sf_buf_init(&response->body, TEXT_SIZE_MAX);
	if (sf_buf_append_text(&response->body, "{\"alive\":true}\n"))
		sf_buf_clear(&response->body);
	response->status = 200;
	response->content_type = "application/json";
	return false;
}

static bool ask_status(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	(void)exchange;
	*ret_request = (struct sf_request){.kind = SF_REQUEST_STATUS};
	return true;
}

static bool ask_metrics(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	(void)exchange;
	*ret_request = (struct sf_request){.kind = SF_REQUEST_STATUS, .status = {.counters = true}};
	return true;
}

static void end_json(struct sf_exchange *exchange, struct sf_json_writer *writer)
{
	sf_json_close(writer);
	if (sf_json_writer_end(writer)) {
		sf_problem(exchange, 500, "the answer could not be written");
		return;
	}
	exchange->response->status = 200;
	exchange->response->content_type = "application/json";
}

/* A turn could be run and committed. What waits for a coordinator waits durably: that is ready. */
static void respond_readiness(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	(void)request;
	if (reply->err) {
		exchange->response->retry_after_s = 1;
		sf_problem(exchange, 503, reply->text);
		return;
	}
	struct sf_json_writer writer;
	sf_buf_init(&exchange->response->body, TEXT_SIZE_MAX);
	sf_json_writer_begin(&writer, &exchange->response->body);
	sf_json_object(&writer, NULL);
	sf_json_bool(&writer, "ready", true);
	sf_json_text(&writer, "link", reply->status.link ? reply->status.link : "");
	end_json(exchange, &writer);
}

static void respond_version(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	(void)request;
	if (reply->err) {
		sf_problem(exchange, 503, reply->text);
		return;
	}
	struct sf_json_writer writer;
	sf_buf_init(&exchange->response->body, TEXT_SIZE_MAX);
	sf_json_writer_begin(&writer, &exchange->response->body);
	sf_json_object(&writer, NULL);
	sf_json_text(&writer, "program", reply->status.program);
	sf_json_text(&writer, "software", reply->status.software);
	sf_json_text(&writer, "version", SF_VERSION);
	end_json(exchange, &writer);
}

/* Names of counters are words with '-'; Prometheus wants '_'. */
static enum sf_err write_metric(
	struct sf_buf *body, const char *program, const char *name, uint64_t value)
{
	char word[64];
	size_t size = strlen(name);
	if (size >= sizeof(word))
		return SF_ERR_LIMIT;
	for (size_t i = 0; i <= size; i++)
		word[i] = name[i];
	for (char *dash = strchr(word, '-'); dash; dash = strchr(dash, '-'))
		*dash = '_';
	return sf_buf_printf(body, "# TYPE stafet_%s_%s untyped\nstafet_%s_%s %" PRIu64 "\n",
		program, word, program, word, value);
}

/* Of the server itself, which no engine knows. */
static enum sf_err write_counts(struct sf_buf *body, const struct sf_http_server_counts *counts)
{
	const struct sf_counter_row rows[] = {
		{"connections", counts->connections},
		{"streams", counts->streams},
		{"body-bytes", counts->body_bytes},
		{"requests", counts->requests},
		{"refused", counts->refused},
		{"cut-off", counts->cut_off},
	};
	enum sf_err err = SF_OK;
	for (size_t i = 0; !err && i < SF_COUNT(rows); i++)
		err = write_metric(body, "http", rows[i].name, rows[i].value);
	return err;
}

static void respond_metrics(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	(void)request;
	if (reply->err) {
		sf_problem(exchange, 503, reply->text);
		return;
	}
	const struct sf_reply_status *status = &reply->status;
	struct sf_buf *body = &exchange->response->body;
	sf_buf_init(body, TEXT_SIZE_MAX);
	enum sf_err err = sf_buf_printf(body,
		"# TYPE stafet_info gauge\nstafet_info{program=\"%s\",version=\"%s\"} 1\n",
		status->program, SF_VERSION);
	const struct sf_counter_row always[] = {
		{"connected", status->connected},
		{"log-size", status->log_size},
		{"directory-version", status->directory_version},
		{"started-seconds", (uint64_t)(status->started_ms / 1000)},
		{"peers", status->peer_count},
	};
	for (size_t i = 0; !err && i < SF_COUNT(always); i++)
		err = write_metric(body, status->program, always[i].name, always[i].value);
	for (size_t i = 0; !err && i < status->counter_count; i++)
		err = write_metric(
			body, status->program, status->counters[i].name, status->counters[i].value);
	if (!err && exchange->counts)
		err = write_counts(body, exchange->counts);
	if (err) {
		sf_problem(exchange, 500, "the answer could not be written");
		return;
	}
	exchange->response->status = 200;
	exchange->response->content_type = METRICS_TYPE;
}

/* clang-format off */
const struct sf_route sf_routes_health[SF_ROUTES_HEALTH_COUNT] = {
	{SF_HTTP_GET, "/healthz", "getHealth", "Whether the daemon lives.",
		SF_API_ANYBODY, ask_health, NULL},
	{SF_HTTP_GET, "/readyz", "getReadiness", "Whether the daemon can take work now.",
		SF_API_ANYBODY, ask_status, respond_readiness},
	{SF_HTTP_GET, "/version", "getVersion", "What runs here, in which version.",
		SF_API_ANYBODY, ask_status, respond_version},
	{SF_HTTP_GET, "/metrics", "getMetrics", "Sizes of queues and what was counted, for Prometheus.",
		SF_API_ROLE_BIT(SF_API_OPERATOR), ask_metrics, respond_metrics},
};
/* clang-format on */
