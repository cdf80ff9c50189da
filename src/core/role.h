/*
 * Roles and responsibility domains: the words of DOMAIN.md section 1 that every rule speaks in.
 * Numbers are on the wire and never reused.
 */
#ifndef SF_CORE_ROLE_H
#define SF_CORE_ROLE_H

#include <stdint.h>

/* clang-format off */

/* What a party is in this transition. Rules speak of roles, never of sectors. */
#define SF_ROLE_LIST(X) \
	X(SF_ROLE_HOSPITAL,           1, "hospital") \
	X(SF_ROLE_MUNICIPALITY,       2, "municipality") \
	X(SF_ROLE_GP,                 3, "gp") \
	X(SF_ROLE_PSYCHIATRY,         4, "psychiatry") \
	X(SF_ROLE_OTHER_MUNICIPALITY, 5, "other-municipality") \
	X(SF_ROLE_CARE_HOME,          6, "care-home") \
	X(SF_ROLE_OUT_OF_HOURS,       7, "out-of-hours") \
	X(SF_ROLE_COORDINATOR,       32, "coordinator") \
	X(SF_ROLE_AUDITOR,           33, "auditor")

#define SF_DOMAIN_LIST(X) \
	X(SF_DOMAIN_MEDICAL,        0, "medical") \
	X(SF_DOMAIN_CARE,           1, "care") \
	X(SF_DOMAIN_MEDICATION,     2, "medication") \
	X(SF_DOMAIN_REHABILITATION, 3, "rehabilitation") \
	X(SF_DOMAIN_SOCIAL,         4, "social")

/* clang-format on */

#define X(name, value, text) name = (value),
enum sf_role { SF_ROLE_NONE = 0, SF_ROLE_LIST(X) };
enum sf_domain { SF_DOMAIN_LIST(X) SF_DOMAIN_COUNT };
#undef X

/* The texts above; "unknown" for a number without a name. Never NULL. */
const char *sf_role_text(enum sf_role role);
const char *sf_domain_text(enum sf_domain domain);
/* SF_ROLE_NONE / SF_DOMAIN_COUNT when there is no such word. */
enum sf_role sf_role_from_text(const char *text);
enum sf_domain sf_domain_from_text(const char *text);

/* Bit (1 << enum sf_domain) of each domain in the set. */
typedef uint32_t sf_domain_set;
#define SF_DOMAIN_BIT(domain) ((sf_domain_set)1 << (unsigned)(domain))
#define SF_DOMAIN_ALL ((sf_domain_set)((1u << SF_DOMAIN_COUNT) - 1))

#endif
