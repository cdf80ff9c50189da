/*
 * Who guesses waits: after SF_ATTEMPT_FREE wrong passwords in a row the next one for that name is
 * looked at a second later, then two, four ... up to SF_ATTEMPT_WAIT_MS_MAX. Durable, so that a
 * restart forgives nothing, and kept for any name, so that nobody learns which names there are.
 * Forgotten after a day without, and when the right one comes. (How often one address may guess is
 * the face's: http/access.h.)
 */
#ifndef SF_DOOR_ATTEMPT_H
#define SF_DOOR_ATTEMPT_H

#include "door/door.h"
#include "door/tables.h"

#define SF_ATTEMPT_FREE 5
/* Not for ever: who guesses at another's name must not keep that person out. */
#define SF_ATTEMPT_WAIT_MS_MAX ((int64_t)5 * 60 * 1000)

/* *ret_wait_ms: how long until the next one is looked at; 0 now. */
SF_MUST_USE enum sf_err sf_attempt_wait(
	const struct sf_door *door, const char *user, int64_t *ret_wait_ms, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_attempt_failed(
	const struct sf_door *door, const char *user, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_attempt_forget(
	const struct sf_door *door, const char *user, struct sf_diag *diag);

#endif
