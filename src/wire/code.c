#include "wire/code.h"

static enum sf_err unknown(const char *name, struct sf_diag *diag)
{
	sf_diag_set(diag, "%s has a value that is not known", name);
	return SF_ERR_FORMAT;
}

/* Each case is the list of core itself, so that no list is kept in step by hand. */
#define IS_OF_LIST(symbol, number, text) case number:

#define CODE(noun, type, LIST)                                                                     \
	enum sf_err sf_code_##noun(                                                                \
		uint32_t value, const char *name, type *ret_code, struct sf_diag *diag)            \
	{                                                                                          \
		switch (value) {                                                                   \
			LIST(IS_OF_LIST)                                                           \
			*ret_code = (type)value;                                                   \
			return SF_OK;                                                              \
		default:                                                                           \
			return unknown(name, diag);                                                \
		}                                                                                  \
	}
#define CODE_OPTIONAL(noun, type, LIST)                                                            \
	enum sf_err sf_code_##noun##_or_none(                                                      \
		uint32_t value, const char *name, type *ret_code, struct sf_diag *diag)            \
	{                                                                                          \
		switch (value) {                                                                   \
		case 0:                                                                            \
			LIST(IS_OF_LIST)                                                           \
			*ret_code = (type)value;                                                   \
			return SF_OK;                                                              \
		default:                                                                           \
			return unknown(name, diag);                                                \
		}                                                                                  \
	}

SF_CODE_LISTS(CODE)
SF_CODE_OPTIONAL_LISTS(CODE_OPTIONAL)

enum sf_err sf_code_domains(
	uint32_t value, const char *name, sf_domain_set *ret_domains, struct sf_diag *diag)
{
	if ((value & ~SF_DOMAIN_ALL) != 0)
		return unknown(name, diag);
	*ret_domains = value;
	return SF_OK;
}
