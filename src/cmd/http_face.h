/* The HTTP face of a daemon, from its configuration. */
#ifndef SF_CMD_HTTP_FACE_H
#define SF_CMD_HTTP_FACE_H

#include "cmd/process.h"
#include "http/access.h"
#include "http/face.h"
#include "os/config.h"

/* Borrowed during sf_http_face_load, but groups and what access has in self. */
struct sf_http_face_parts {
	const struct sf_config_http *config;
	const struct sf_route_group *groups; /* what can be asked of this daemon */
	size_t group_count;
	struct sf_http_access access;
	struct sf_http_refusal refusal; /* write NULL: none */
	struct sf_crypto crypto;
};

/* Who may ask, as the section http says; the caller closes the gate, after the face. */
SF_MUST_USE enum sf_err sf_http_gate_load(const struct sf_config_http *config,
	const struct sf_env *env, const struct sf_crypto *crypto, struct sf_http_gate **ret_gate);

/*
 * Opens what the section http describes and adds it to the process; without the section nothing is
 * done and *ret_face stays. The caller closes the face, after the loop.
 */
SF_MUST_USE enum sf_err sf_http_face_load(const struct sf_http_face_parts *parts,
	struct sf_process *process, struct sf_http_face **ret_face, struct sf_diag *diag);

#endif
