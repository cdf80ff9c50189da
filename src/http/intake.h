/*
 * What routes read of a request, from its checked head. Pure; texts live in the arena.
 */
#ifndef SF_HTTP_INTAKE_H
#define SF_HTTP_INTAKE_H

#include "http/guard.h"
#include "http/message.h"

/*
 * Everything but body, peer and has_client_certificate, which stay. A method that no route has is
 * 0. False when the arena is full.
 */
SF_MUST_USE bool sf_intake_read(const struct sf_guard_head *head,
	const struct sf_guard_target *target, struct sf_arena *arena,
	struct sf_http_request *request);

#endif
