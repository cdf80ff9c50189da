/* A thread for struct sf_aside of port/aside.h. */
#ifndef SF_TURN_ASIDE_H
#define SF_TURN_ASIDE_H

#include "base/err.h"
#include "port/aside.h"

struct sf_aside_thread; /* opaque */

/* SF_ERR_MEMORY; SF_ERR_AGAIN when the machine has no thread or descriptor left. */
SF_MUST_USE enum sf_err sf_aside_thread_open(
	struct sf_aside_thread **ret_thread, struct sf_diag *diag);
/* After the job that is on its way, if any. */
void sf_aside_thread_close(struct sf_aside_thread **thread);
struct sf_aside sf_aside_thread_port(struct sf_aside_thread *thread);

#endif
