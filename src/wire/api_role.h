/*
 * What an API token lets its bearer ask over the network. Kept in the daemon's store and named in
 * the table of routes (http/route.h); a token may have several. Deny by default: who has none asks
 * nothing.
 */
#ifndef SF_WIRE_API_ROLE_H
#define SF_WIRE_API_ROLE_H

#include <stdint.h>

#include "base/err.h"

/* clang-format off */
#define SF_API_ROLE_LIST(X) \
	X(SF_API_SYSTEM_IN,  0, "system-in")  /* a system that hands messages in */ \
	X(SF_API_SYSTEM_OUT, 1, "system-out") /* a system that fetches what came and what became of it */ \
	X(SF_API_CLERK,      2, "clerk")      /* answers, without reading letters */ \
	X(SF_API_CLINICIAN,  3, "clinician")  /* reads letters and answers */ \
	X(SF_API_AUDITOR,    4, "auditor") \
	X(SF_API_OPERATOR,   5, "operator")
/* clang-format on */
#define X(symbol, number, text) symbol = (number),
enum sf_api_role { SF_API_ROLE_LIST(X) };
#undef X
#define SF_API_ROLE_COUNT 6
typedef uint32_t sf_api_roles; /* bits 1 << enum sf_api_role */
#define SF_API_ROLE_BIT(role) ((sf_api_roles)1 << (role))
#define SF_API_ROLES_ALL (SF_API_ROLE_BIT(SF_API_ROLE_COUNT) - 1)
/* No token is asked for: /healthz, /readyz, /version. */
#define SF_API_ANYBODY ((sf_api_roles)1 << 31)
/* For the pages of the console: whoever is signed in or not, and who is about to sign in. */
#define SF_API_BROWSER ((sf_api_roles)1 << 30)
#define SF_API_SIGN_IN ((sf_api_roles)1 << 29)

/* "system-in" ...; "unknown". Never NULL. */
const char *sf_api_role_text(enum sf_api_role role);
/* "clerk,operator". SF_ERR_USAGE: a word of it is no role, or there is none. */
SF_MUST_USE enum sf_err sf_api_roles_parse(const char *text, sf_api_roles *ret_roles);

#endif
