#include "os/config.h"

#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "os/config_field.h"
#include "os/config_listen.h"

#define SOCKET_PATH_SIZE 108 /* of struct sockaddr_un, with the terminating zero */
#define THREADS_MAX 64
#define CHECKPOINT_MS_MIN 100 /* each is a commit of its own */
/* Not before the oldest backup that may be restored is past (WIRE.md section 4). */
#define RETENTION_MS_MIN (35 * SF_DAY_MS)
#define RETENTION_MS_MAX (36500 * SF_DAY_MS)
#define HTTP_CONNECTIONS_MIN 8
#define HTTP_CONNECTIONS_MAX 16384 /* as many descriptors as a daemon asks the system for */
#define HTTP_BODY_MIN 65536
#define HTTP_BODY_MAX (8388608 - 65536) /* with room for the rest of a local request */
#define WITNESSES_MAX 98                /* of a kind: Denmark has as many municipalities */

/* clang-format off */
/* An address to listen at, and what TLS there needs: of is NODE or COORDINATOR. */
#define LISTENER_FIELDS(section, of, member) \
	{section, "listen", SF_CONFIG_TYPE_LISTEN, true, of(member.address), \
		0, SF_CONFIG_LISTEN_SIZE, of(member.line)}, \
	{section, "certificate", SF_CONFIG_TYPE_PATH, false, of(member.certificate), \
		0, SF_CONFIG_PATH_SIZE, 0}, \
	{section, "key", SF_CONFIG_TYPE_PATH, false, of(member.key), 0, SF_CONFIG_PATH_SIZE, 0}, \
	{section, "client-authority", SF_CONFIG_TYPE_PATH, false, of(member.client_authority), \
		0, SF_CONFIG_PATH_SIZE, 0}
/* The face that both daemons have. */
#define HTTP_FIELDS(of) \
	LISTENER_FIELDS("http", of, http.listener), \
	{"http", "connections-max", SF_CONFIG_TYPE_NUMBER, false, of(http.connection_max), \
		HTTP_CONNECTIONS_MIN, HTTP_CONNECTIONS_MAX, 0}, \
	{"http", "connections-of-address", SF_CONFIG_TYPE_NUMBER, false, \
		of(http.connection_of_address_max), 1, HTTP_CONNECTIONS_MAX, 0}, \
	{"http", "body-max", SF_CONFIG_TYPE_NUMBER, false, of(http.body_size_max), \
		HTTP_BODY_MIN, HTTP_BODY_MAX, 0}, \
	{"trusted-header", "user", SF_CONFIG_TYPE_TEXT, false, of(http.trusted.user), \
		0, SF_CONFIG_FIELD_NAME_SIZE, 0}, \
	{"trusted-header", "roles", SF_CONFIG_TYPE_TEXT, false, of(http.trusted.roles), \
		0, SF_CONFIG_FIELD_NAME_SIZE, 0}, \
	{"trusted-header", "from", SF_CONFIG_TYPE_TEXT, false, of(http.trusted.from), \
		0, SF_CONFIG_TEXT_SIZE, 0}, \
	{"trusted-header", "passwords", SF_CONFIG_TYPE_NUMBER, false, of(http.trusted.passwords), \
		0, 1, 0}

#define NODE(member) offsetof(struct sf_node_config, member)
static const struct sf_config_field node_fields[] = {
	{NULL, "keys",   SF_CONFIG_TYPE_PATH, true, NODE(keys),   0, SF_CONFIG_PATH_SIZE, 0},
	{NULL, "store",  SF_CONFIG_TYPE_PATH, true, NODE(store),  0, SF_CONFIG_PATH_SIZE, 0},
	{NULL, "socket", SF_CONFIG_TYPE_PATH, true, NODE(socket), 0, SOCKET_PATH_SIZE, 0},
	{NULL, "socket-mode", SF_CONFIG_TYPE_MODE, false, NODE(socket_mode), 0, 0, 0},
	{NULL, "pseudonym-key", SF_CONFIG_TYPE_PATH, false, NODE(pseudonym_key),
		0, SF_CONFIG_PATH_SIZE, 0},
	{NULL, "registrars", SF_CONFIG_TYPE_PATHS, true, NODE(registrars.files),
		0, SF_CONFIG_REGISTRARS_MAX, NODE(registrars.count)},
	{NULL, "registrar-threshold", SF_CONFIG_TYPE_NUMBER, false, NODE(registrars.threshold),
		1, SF_CONFIG_REGISTRARS_MAX, 0},
	{NULL, "worker-threads", SF_CONFIG_TYPE_NUMBER, false, NODE(worker_threads),
		1, THREADS_MAX, 0},
	{NULL, "contradictions-seen", SF_CONFIG_TYPE_NUMBER, false, NODE(contradictions_seen),
		0, UINT32_MAX, 0},
	{"coordinator", "endpoint", SF_CONFIG_TYPE_ENDPOINT, true, NODE(coordinator_endpoint),
		0, SF_CONFIG_ENDPOINT_SIZE, 0},
	{"coordinator", "public", SF_CONFIG_TYPE_PATH, true, NODE(coordinator_public),
		0, SF_CONFIG_PATH_SIZE, 0},
	{"contact", "name", SF_CONFIG_TYPE_TEXT, false, NODE(contact_name),
		0, SF_CONFIG_TEXT_SIZE, 0},
	{"contact", "telephone", SF_CONFIG_TYPE_TEXT, false, NODE(contact_telephone),
		0, SF_CONFIG_TEXT_SIZE, 0},
	{"delivery", "acknowledge-timeout", SF_CONFIG_TYPE_DURATION, false,
		NODE(acknowledge_timeout_ms), SF_SECOND_MS, 7 * SF_DAY_MS, 0},
	{"delivery", "retry", SF_CONFIG_TYPE_DURATION, false, NODE(retry_ms),
		SF_SECOND_MS, 7 * SF_DAY_MS, 0},
	{"delivery", "stored-timeout", SF_CONFIG_TYPE_DURATION, false, NODE(stored_timeout_ms),
		SF_SECOND_MS, SF_DAY_MS, 0},
	{"delivery", "expires", SF_CONFIG_TYPE_DURATION, false, NODE(expires_ms),
		SF_HOUR_MS, 90 * SF_DAY_MS, 0},
	{"retention", "closed", SF_CONFIG_TYPE_DURATION, false, NODE(retention_ms),
		RETENTION_MS_MIN, RETENTION_MS_MAX, 0},
	{"retention", "unanswered", SF_CONFIG_TYPE_DURATION, false, NODE(unanswered_ms),
		7 * SF_DAY_MS, RETENTION_MS_MAX, 0},
	{"drop", "in", SF_CONFIG_TYPE_PATH, false, NODE(drop_in), 0, SF_CONFIG_PATH_SIZE, 0},
	{"drop", "out", SF_CONFIG_TYPE_PATH, false, NODE(drop_out), 0, SF_CONFIG_PATH_SIZE, 0},
	{"drop", "mark-handled", SF_CONFIG_TYPE_NUMBER, false, NODE(drop_handled), 0, 1, 0},
	{"hook", "authority", SF_CONFIG_TYPE_PATH, false, NODE(hook_authority),
		0, SF_CONFIG_PATH_SIZE, 0},
	{"log", "file", SF_CONFIG_TYPE_PATH, false, NODE(log.file), 0, SF_CONFIG_PATH_SIZE, 0},
	{"log", "level", SF_CONFIG_TYPE_LEVEL, false, NODE(log.level), 0, 0, 0},
	HTTP_FIELDS(NODE),
	LISTENER_FIELDS("mllp", NODE, mllp.listener),
	{"mllp", "municipality", SF_CONFIG_TYPE_TEXT, false, NODE(mllp.municipality),
		0, SF_CONFIG_TEXT_SIZE, 0},
	{"mllp", "reply-to", SF_CONFIG_TYPE_TEXT, false, NODE(mllp.reply_to),
		0, SF_CONFIG_LISTEN_SIZE, 0},
	{"mllp", "reply-name", SF_CONFIG_TYPE_TEXT, false, NODE(mllp.reply_name),
		0, SF_CONFIG_TEXT_SIZE, 0},
};

#define COORDINATOR(member) offsetof(struct sf_coordinator_config, member)
static const struct sf_config_field coordinator_fields[] = {
	{NULL, "keys",   SF_CONFIG_TYPE_PATH, true,  COORDINATOR(keys),  0, SF_CONFIG_PATH_SIZE, 0},
	{NULL, "store",  SF_CONFIG_TYPE_PATH, true,  COORDINATOR(store), 0, SF_CONFIG_PATH_SIZE, 0},
	{NULL, "socket", SF_CONFIG_TYPE_PATH, true, COORDINATOR(socket), 0, SOCKET_PATH_SIZE, 0},
	{NULL, "socket-mode", SF_CONFIG_TYPE_MODE, false, COORDINATOR(socket_mode), 0, 0, 0},
	{NULL, "listen", SF_CONFIG_TYPE_ENDPOINT, true, COORDINATOR(listen),
		0, SF_CONFIG_ENDPOINT_SIZE, 0},
	{NULL, "name",   SF_CONFIG_TYPE_NAME, true, COORDINATOR(name),   0, SF_CONFIG_NAME_SIZE, 0},
	{NULL, "region", SF_CONFIG_TYPE_NAME, true, COORDINATOR(region), 0, SF_CONFIG_NAME_SIZE, 0},
	{NULL, "epoch", SF_CONFIG_TYPE_NUMBER, false, COORDINATOR(epoch), 1, UINT32_MAX, 0},
	{NULL, "registrars", SF_CONFIG_TYPE_PATHS, true, COORDINATOR(registrars.files),
		0, SF_CONFIG_REGISTRARS_MAX, COORDINATOR(registrars.count)},
	{NULL, "registrar-threshold", SF_CONFIG_TYPE_NUMBER, false,
		COORDINATOR(registrars.threshold), 1, SF_CONFIG_REGISTRARS_MAX, 0},
	{NULL, "agreements", SF_CONFIG_TYPE_PATHS, false, COORDINATOR(agreements),
		0, SF_CONFIG_AGREEMENTS_MAX, COORDINATOR(agreement_count)},
	{NULL, "worker-threads", SF_CONFIG_TYPE_NUMBER, false, COORDINATOR(worker_threads),
		1, THREADS_MAX, 0},
	{NULL, "checkpoint", SF_CONFIG_TYPE_DURATION, false, COORDINATOR(checkpoint_ms),
		CHECKPOINT_MS_MIN, SF_HOUR_MS, 0},
	{"witnesses", "hospitals", SF_CONFIG_TYPE_NUMBER, false, COORDINATOR(quorum_hospitals),
		0, WITNESSES_MAX, 0},
	{"witnesses", "municipalities", SF_CONFIG_TYPE_NUMBER, false,
		COORDINATOR(quorum_municipalities), 0, WITNESSES_MAX, 0},
	{"delivery", "redeliver", SF_CONFIG_TYPE_DURATION, false, COORDINATOR(redeliver_ms),
		SF_SECOND_MS, SF_DAY_MS, 0},
	{"delivery", "credit", SF_CONFIG_TYPE_NUMBER, false, COORDINATOR(credit), 1, 65536, 0},
	{"delivery", "silent-node", SF_CONFIG_TYPE_DURATION, false, COORDINATOR(silent_node_ms),
		SF_MINUTE_MS, 30 * SF_DAY_MS, 0},
	{"retention", "closed", SF_CONFIG_TYPE_DURATION, false, COORDINATOR(retention_ms),
		RETENTION_MS_MIN, RETENTION_MS_MAX, 0},
	{"log", "file", SF_CONFIG_TYPE_PATH, false, COORDINATOR(log.file),
		0, SF_CONFIG_PATH_SIZE, 0},
	{"log", "level", SF_CONFIG_TYPE_LEVEL, false, COORDINATOR(log.level), 0, 0, 0},
	HTTP_FIELDS(COORDINATOR),
};
/* clang-format on */

/* Not said: every registrar must sign, which is the safe side. */
static enum sf_err settle_threshold(
	const char *path, struct sf_config_registrars *registrars, struct sf_diag *diag)
{
	if (registrars->threshold == 0)
		registrars->threshold = (uint32_t)registrars->count;
	if (registrars->threshold <= registrars->count)
		return SF_OK;
	sf_diag_set(diag, "%s: 'registrar-threshold' is more than the registrars named, lower it",
		path);
	return SF_ERR_CONFIG;
}

static struct sf_node_config node_default(void)
{
	return (struct sf_node_config){
		.socket_mode = 0660, .worker_threads = 2, .log = {.level = SF_LOG_INFO}};
}

static struct sf_coordinator_config coordinator_default(void)
{
	return (struct sf_coordinator_config){.socket_mode = 0660,
		.epoch = 1,
		.worker_threads = 2,
		.log = {.level = SF_LOG_INFO}};
}

static enum sf_err settle_node(
	const char *path, struct sf_node_config *config, struct sf_diag *diag)
{
	enum sf_err err = settle_threshold(path, &config->registrars, diag);
	if (!err)
		err = sf_config_http_check(path, &config->http, diag);
	return err ? err : sf_config_listener_check(path, "mllp", &config->mllp.listener, diag);
}

enum sf_err sf_node_config_parse(const char *path, struct sf_view text,
	struct sf_node_config *ret_config, struct sf_diag *diag)
{
	struct sf_node_config config = node_default();
	enum sf_err err = sf_config_fields_parse(
		path, text, node_fields, SF_COUNT(node_fields), &config, diag);
	if (!err)
		err = settle_node(path, &config, diag);
	if (!err)
		*ret_config = config;
	return err;
}

enum sf_err sf_node_config_load(
	const char *path, struct sf_node_config *ret_config, struct sf_diag *diag)
{
	struct sf_node_config config = node_default();
	enum sf_err err =
		sf_config_fields_load(path, node_fields, SF_COUNT(node_fields), &config, diag);
	if (!err)
		err = settle_node(path, &config, diag);
	if (!err)
		*ret_config = config;
	return err;
}

void sf_node_config_fini(struct sf_node_config *config)
{
	*config = (struct sf_node_config){0};
}

enum sf_err sf_coordinator_config_parse(const char *path, struct sf_view text,
	struct sf_coordinator_config *ret_config, struct sf_diag *diag)
{
	struct sf_coordinator_config config = coordinator_default();
	enum sf_err err = sf_config_fields_parse(
		path, text, coordinator_fields, SF_COUNT(coordinator_fields), &config, diag);
	if (!err)
		err = settle_threshold(path, &config.registrars, diag);
	if (!err)
		err = sf_config_http_check(path, &config.http, diag);
	if (!err)
		*ret_config = config;
	return err;
}

enum sf_err sf_coordinator_config_load(
	const char *path, struct sf_coordinator_config *ret_config, struct sf_diag *diag)
{
	struct sf_coordinator_config config = coordinator_default();
	enum sf_err err = sf_config_fields_load(
		path, coordinator_fields, SF_COUNT(coordinator_fields), &config, diag);
	if (!err)
		err = settle_threshold(path, &config.registrars, diag);
	if (!err)
		err = sf_config_http_check(path, &config.http, diag);
	if (!err)
		*ret_config = config;
	return err;
}

void sf_coordinator_config_fini(struct sf_coordinator_config *config)
{
	*config = (struct sf_coordinator_config){0};
}

void sf_coordinator_config_origin(
	const struct sf_coordinator_config *config, char ret_origin[SF_CONFIG_ORIGIN_SIZE])
{
	int size = snprintf(ret_origin, SF_CONFIG_ORIGIN_SIZE, "%s/log/%s/%u", config->name,
		config->region, config->epoch);
	SF_ASSERT(size > 0 && size < SF_CONFIG_ORIGIN_SIZE);
}
