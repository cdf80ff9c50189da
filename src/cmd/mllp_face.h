/* The MLLP face of a node, as configured: its trouble goes to the log, its refusals are HL7. */
#ifndef SF_CMD_MLLP_FACE_H
#define SF_CMD_MLLP_FACE_H

#include "bridge/mllp_reply.h"
#include "bridge/mllp_server.h"
#include "cmd/process.h"
#include "os/config.h"
#include "port/format.h"

struct sf_mllp_program {
	struct sf_mllp_server *server; /* owned; NULL: none is configured */
	struct sf_mllp_reply *reply;   /* owned; NULL: application acknowledgements go nowhere */
	struct sf_process *process;    /* borrowed */
	struct sf_format format;
};

/* Stays where it is while the face is used. Nothing when the configuration has no such section. */
SF_MUST_USE enum sf_err sf_mllp_program_open(const struct sf_config_mllp *config,
	struct sf_process *process, struct sf_mllp_program *ret_program, struct sf_diag *diag);
void sf_mllp_program_close(struct sf_mllp_program *program);

#endif
