/*
 * Who may come in over the network: one door, the same in front of both engines. A request that
 * came over HTTP is admitted here, before any service sees it, and no face has that rule; the
 * requests that are about the door itself (tokens, people, sessions) are served here.
 *
 * The engine lends what it needs for one request; everything durable is in the engine's store and
 * goes with its turn. Rows are those of door/tables.h.
 */
#ifndef SF_DOOR_DOOR_H
#define SF_DOOR_DOOR_H

#include "core/directory.h"
#include "port/crypto.h"
#include "port/env.h"
#include "port/store.h"
#include "wire/local.h"

struct sf_door_ended; /* door/ended.h */

/* All borrowed, for one request. */
struct sf_door {
	const struct sf_store *store;
	const struct sf_crypto *crypto;
	const struct sf_env *env;
	const struct sf_directory *directory;
	struct sf_id party;          /* whose daemon it is */
	struct sf_door_ended *ended; /* of the process; NULL: nothing is kept of what ends */
	const char *program;         /* "node", "coordinator" */
	int64_t now_ms;
	bool read_only; /* a store that is only looked at: nothing of who comes is written */
};

/*
 * Sets account, role and purpose of who asked. *ret_answered: not admitted, and the reply says why:
 * SF_ERR_KEY_UNKNOWN without a token or session that is valid here, SF_ERR_AUTH when no role may.
 * What came by the local socket, and what anybody may ask, is admitted as it is.
 */
SF_MUST_USE enum sf_err sf_door_admit(const struct sf_door *door, struct sf_asker *asker,
	struct sf_arena *arena, struct sf_reply *ret_reply, bool *ret_answered,
	struct sf_diag *diag);

/*
 * *ret_served: the request was about the door, and the reply is made. An error ends the turn, as in
 * a service of the engine.
 */
SF_MUST_USE enum sf_err sf_door_serve(const struct sf_door *door, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, bool *ret_served, struct sf_diag *diag);

#endif
