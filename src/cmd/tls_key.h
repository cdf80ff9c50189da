/* The key file of a face that speaks TLS. */
#ifndef SF_CMD_TLS_KEY_H
#define SF_CMD_TLS_KEY_H

#include "base/err.h"

/*
 * SF_ERR_AUTH when everybody on the machine can reach it. A group may have it, as many machines
 * keep their certificates. "" and a file that is not there are good: whoever reads it will say so.
 */
SF_MUST_USE enum sf_err sf_tls_key_check(const char *path, struct sf_diag *diag);

#endif
