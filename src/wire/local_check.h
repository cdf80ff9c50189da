/*
 * What a request must be besides readable. Private to src/wire/.
 */
#ifndef SF_WIRE_LOCAL_CHECK_H
#define SF_WIRE_LOCAL_CHECK_H

#include "wire/local.h"

/*
 * Codes, times and facts that steer what is done: an unknown one must not be taken for something
 * else. SF_ERR_FORMAT, and SF_ERR_UNSUPPORTED for a kind of fact that this version does not know;
 * diag names the field. Ids, references and texts are the engine's to look up.
 */
SF_MUST_USE enum sf_err sf_local_request_check(
	const struct sf_request *request, struct sf_diag *diag);

#endif
