/* MedCom's transient-error for a message that this node could not take: what HTTP answers with 503.
 */
#ifndef SF_CMD_FHIR_REFUSAL_H
#define SF_CMD_FHIR_REFUSAL_H

#include "cmd/process.h"
#include "http/route.h"

/* Borrows process, of which it uses clock and chance. */
struct sf_http_refusal sf_fhir_refusal(struct sf_process *process);

#endif
