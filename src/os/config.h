/*
 * The configuration of the two daemons, as plain values: checked, with paths made relative to the
 * folder of the file and durations in milliseconds. deploy/examples/ has both files with every key
 * explained.
 *
 * Every wrong line is SF_ERR_CONFIG with "<path>:<line>: what, and what to do"; a file that cannot
 * be read has the errors of sf_file_read. Threads: one at a time.
 */
#ifndef SF_OS_CONFIG_H
#define SF_OS_CONFIG_H

#include "base/bytes.h"
#include "os/log.h"

#define SF_CONFIG_PATH_SIZE 1024
#define SF_CONFIG_FIELD_NAME_SIZE 41 /* of a field of an HTTP request */
#define SF_CONFIG_TEXT_SIZE 128
#define SF_CONFIG_NAME_SIZE 48
#define SF_CONFIG_ENDPOINT_SIZE 256
#define SF_CONFIG_LISTEN_SIZE 64
#define SF_CONFIG_REGISTRARS_MAX 8
#define SF_CONFIG_AGREEMENTS_MAX 16

struct sf_config_log {
	char file[SF_CONFIG_PATH_SIZE]; /* "": standard error */
	enum sf_log_level level;
};

/* Where a face listens, and what it shows and wants there. "": not said. */
struct sf_config_listener {
	char address[SF_CONFIG_LISTEN_SIZE]; /* "127.0.0.1:8080"; "": it does not listen */
	uint32_t line;                       /* of the address in its file */
	/* PEM files; without a certificate only loopback addresses are taken. */
	char certificate[SF_CONFIG_PATH_SIZE];
	char key[SF_CONFIG_PATH_SIZE];
	char client_authority[SF_CONFIG_PATH_SIZE]; /* whose clients alone may connect */
};

/* A proxy of the organisation's own sign-in says who asks; user "": nobody is believed. */
struct sf_config_trusted {
	char user[SF_CONFIG_FIELD_NAME_SIZE]; /* fields of a request */
	char roles[SF_CONFIG_FIELD_NAME_SIZE];
	char from[SF_CONFIG_TEXT_SIZE]; /* a loopback address, or "certificate" */
	uint32_t passwords;             /* 1: people sign in by password and link as well */
};

struct sf_config_http {
	struct sf_config_listener listener;
	struct sf_config_trusted trusted;
	/* 0: not said; the server's own default holds. */
	uint32_t connection_max;
	uint32_t connection_of_address_max;
	uint32_t body_size_max;
};

/* HL7 v2 over MLLP; beyond loopback the client authority is required, too. */
struct sf_config_mllp {
	struct sf_config_listener listener;
	char municipality[SF_CONFIG_TEXT_SIZE]; /* of messages that name none */
	char reply_to[SF_CONFIG_LISTEN_SIZE]; /* where application acknowledgements go; "": nowhere
					       */
	char reply_name[SF_CONFIG_TEXT_SIZE]; /* in the certificate there; "": the address */
};

struct sf_config_registrars {
	uint32_t threshold; /* 1 to count */
	size_t count;
	char files[SF_CONFIG_REGISTRARS_MAX][SF_CONFIG_PATH_SIZE]; /* registrar.pub */
};

struct sf_node_config {
	char keys[SF_CONFIG_PATH_SIZE]; /* folder of `stafet keys init` */
	char store[SF_CONFIG_PATH_SIZE];
	char socket[SF_CONFIG_PATH_SIZE]; /* of local programs; at most 107 bytes */
	uint32_t socket_mode;
	char coordinator_endpoint[SF_CONFIG_ENDPOINT_SIZE]; /* tcp://host:port */
	char coordinator_public[SF_CONFIG_PATH_SIZE];       /* coordinator.pub */
	char pseudonym_key[SF_CONFIG_PATH_SIZE];            /* "": none */
	struct sf_config_registrars registrars;
	char contact_name[SF_CONFIG_TEXT_SIZE]; /* "": none */
	char contact_telephone[SF_CONFIG_TEXT_SIZE];
	uint32_t contradictions_seen; /* of the log, up to which a person has decided; 0 none */
	uint32_t worker_threads;
	struct sf_config_log log;
	struct sf_config_http http;
	/* 0: not said; the engine's own default holds. */
	int64_t acknowledge_timeout_ms;
	int64_t retry_ms;
	int64_t stored_timeout_ms;
	int64_t expires_ms;
	int64_t unanswered_ms; /* content of notifications without an answer goes after it; 0: never
				*/
	int64_t retention_ms;  /* a closed transition goes so long after it; 0: never by itself */
	struct sf_config_mllp mllp;
	char drop_in[SF_CONFIG_PATH_SIZE]; /* folders; "": none */
	char drop_out[SF_CONFIG_PATH_SIZE];
	uint32_t drop_handled; /* 1: what was written to drop_out is taken care of */
	char hook_authority[SF_CONFIG_PATH_SIZE]; /* of receivers' certificates; "": the system's */
};

struct sf_coordinator_config {
	char keys[SF_CONFIG_PATH_SIZE];
	char store[SF_CONFIG_PATH_SIZE];
	char socket[SF_CONFIG_PATH_SIZE]; /* of local programs; at most 107 bytes */
	uint32_t socket_mode;
	char listen[SF_CONFIG_ENDPOINT_SIZE]; /* tcp://address:port */
	char name[SF_CONFIG_NAME_SIZE];       /* [a-z0-9.-]+ */
	char region[SF_CONFIG_NAME_SIZE];
	uint32_t epoch; /* from 1 */
	struct sf_config_registrars registrars;
	size_t agreement_count;
	char agreements[SF_CONFIG_AGREEMENTS_MAX][SF_CONFIG_PATH_SIZE];
	uint32_t worker_threads;
	struct sf_config_log log;
	struct sf_config_http http;
	/* 0: not said; the engine's own default holds. */
	int64_t redeliver_ms;
	uint32_t credit;
	int64_t silent_node_ms;
	int64_t checkpoint_ms;
	/* Of each so many must cosign a checkpoint; both 0: the log's signature is enough. */
	uint32_t quorum_hospitals, quorum_municipalities;
	int64_t retention_ms; /* a closed transition goes so long after it; 0: never by itself */
};

SF_MUST_USE enum sf_err sf_node_config_load(
	const char *path, struct sf_node_config *ret_config, struct sf_diag *diag);
void sf_node_config_fini(struct sf_node_config *config);
/* As load, of text that is there already; path names it and is what its paths are relative to. */
SF_MUST_USE enum sf_err sf_node_config_parse(const char *path, struct sf_view text,
	struct sf_node_config *ret_config, struct sf_diag *diag);

SF_MUST_USE enum sf_err sf_coordinator_config_load(
	const char *path, struct sf_coordinator_config *ret_config, struct sf_diag *diag);
void sf_coordinator_config_fini(struct sf_coordinator_config *config);
SF_MUST_USE enum sf_err sf_coordinator_config_parse(const char *path, struct sf_view text,
	struct sf_coordinator_config *ret_config, struct sf_diag *diag);

#define SF_CONFIG_ORIGIN_SIZE 128
/* "<name>/log/<region>/<epoch>" (WIRE section 4). */
void sf_coordinator_config_origin(
	const struct sf_coordinator_config *config, char ret_origin[SF_CONFIG_ORIGIN_SIZE]);

/* "30min", "500ms", "15 s", "12h", "35d": a number with its unit. SF_ERR_FORMAT for another. */
SF_MUST_USE enum sf_err sf_duration_parse(const char *text, int64_t *ret_ms);

#endif
