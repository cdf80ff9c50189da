/*
 * Text with sections, keys and values (libconfuse), read strictly: an unknown or repeated key,
 * "${" (libconfuse would read the environment), backslashes and bytes that are no UTF-8 are errors
 * with file and line. What a key means is the caller's: config.c and agreement_text.c.
 *
 * Threads: one at a time in the process, as libconfuse's scanner has state of its own.
 */
#ifndef SF_OS_CONFIG_TEXT_H
#define SF_OS_CONFIG_TEXT_H

#include <confuse.h>
#include <stdbool.h>

#include "base/bytes.h"

#define SF_CONFIG_TEXT_SIZE_MAX ((size_t)65536)

/* One value as it was written, without its quotes. */
struct sf_config_value {
	int line;
	char text[];
};

/* Where errors go: libconfuse hands none on, so every section carries it as a hidden option. */
struct sf_config_context {
	const char *path;     /* borrowed: named in every error */
	struct sf_diag *diag; /* borrowed, may be NULL */
	bool failed;          /* the first error stands */
};

/* For the option tables that are handed to sf_config_text_parse. */
cfg_opt_t sf_config_text_option(const char *key, bool list);
cfg_opt_t sf_config_text_section(const char *key, cfg_opt_t *options, bool titled);
cfg_opt_t sf_config_text_context(struct sf_config_context *context);

/*
 * SF_ERR_CONFIG when the text is wrong, SF_ERR_MEMORY. The caller gives the result back with
 * cfg_free.
 */
SF_MUST_USE enum sf_err sf_config_text_parse(struct sf_view text, cfg_opt_t *options,
	struct sf_config_context *context, cfg_t **ret_cfg);

/* Borrowed from section; NULL when the key or so many values are not there. */
const struct sf_config_value *sf_config_text_value(cfg_t *section, const char *key, unsigned index);
/* The only section of that name: NULL when there is none, an error when there are several. */
SF_MUST_USE enum sf_err sf_config_text_only(
	struct sf_config_context *context, cfg_t *parent, const char *key, cfg_t **ret_section);
/* Sets "path:line: ..." and answers SF_ERR_CONFIG. */
enum sf_err sf_config_text_wrong(
	struct sf_config_context *context, int line, const char *format, ...) SF_PRINTF(3, 4);

#endif
