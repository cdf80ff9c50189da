#include "os/config_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONTEXT_KEY                                                                                \
	"\x01"                                                                                     \
	"context"

SF_PRINTF(3, 0)
static enum sf_err wrong(
	struct sf_config_context *context, int line, const char *format, va_list arguments)
{
	if (context->failed)
		return SF_ERR_CONFIG;
	char text[SF_DIAG_SIZE];
	/* A format of this room or of libconfuse, never of a file. */
	if (vsnprintf(text, sizeof(text), format, arguments) < 0)
		text[0] = '\0';
	sf_diag_set(context->diag, "%s:%d: %s", context->path, line, text);
	context->failed = true;
	return SF_ERR_CONFIG;
}

enum sf_err sf_config_text_wrong(
	struct sf_config_context *context, int line, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	enum sf_err err = wrong(context, line, format, arguments);
	va_end(arguments);
	return err;
}

static struct sf_config_context *context_of(cfg_t *cfg)
{
	for (cfg_opt_t *option = cfg->opts; option && option->name; option++) {
		if (strcmp(option->name, CONTEXT_KEY) == 0)
			return (struct sf_config_context *)option->simple_value.ptr;
	}
	return NULL;
}

/* The keys and sections that may stand where the unknown one does. */
static void list_keys(const cfg_t *cfg, char *text, size_t size)
{
	size_t used = 0;
	text[0] = '\0';
	for (const cfg_opt_t *option = cfg->opts; option && option->name; option++) {
		if (strcmp(option->name, CONTEXT_KEY) == 0)
			continue;
		int more =
			snprintf(text + used, size - used, "%s%s", used ? ", " : "", option->name);
		if (more < 0 || (size_t)more >= size - used)
			break;
		used += (size_t)more;
	}
	text[used] = '\0';
}

/* libconfuse's own errors. Its sentence for an unknown key is replaced by one that helps. */
SF_PRINTF(2, 0)
static void on_error(cfg_t *cfg, const char *format, va_list arguments)
{
	struct sf_config_context *context = context_of(cfg);
	if (!context || context->failed)
		return;
	if (strncmp(format, "no such option", strlen("no such option")) != 0) {
		sf_ignore(wrong(context, cfg->line, format, arguments));
		return;
	}
	va_list copy;
	va_copy(copy, arguments);
	const char *key = va_arg(copy, const char *);
	char keys[SF_DIAG_SIZE / 2];
	list_keys(cfg, keys, sizeof(keys));
	sf_ignore(sf_config_text_wrong(
		context, cfg->line, "unknown key '%.64s', here stand: %s", key, keys));
	va_end(copy);
}

/* Called by libconfuse with every value as it stands. */
static int on_value(cfg_t *cfg, cfg_opt_t *option, const char *text, void *result)
{
	struct sf_config_context *context = context_of(cfg);
	/*
	 * A list that is assigned again starts anew, and so does a single value. The comment that
	 * libconfuse has room for beside each option remembers that there was a first.
	 */
	if (option->nvalues == 1 && cfg_opt_getcomment(option)) {
		sf_ignore(sf_config_text_wrong(context, cfg->line,
			"key '%s' stands twice, keep one of them", option->name));
		return -1;
	}
	size_t size = strlen(text) + 1;
	struct sf_config_value *value = malloc(sizeof(*value) + size);
	char seen[] = "seen";
	if (!value || cfg_opt_setcomment(option, seen) != CFG_SUCCESS) {
		free(value);
		return -1;
	}
	value->line = cfg->line;
	memcpy(value->text, text, size);
	*(void **)result = value;
	return 0;
}

cfg_opt_t sf_config_text_option(const char *key, bool list)
{
	return (cfg_opt_t){.name = key,
		.type = CFGT_PTR,
		.flags = CFGF_NODEFAULT | (list ? CFGF_LIST : CFGF_NONE),
		.parsecb = on_value,
		.freecb = free};
}

cfg_opt_t sf_config_text_section(const char *key, cfg_opt_t *options, bool titled)
{
	return (cfg_opt_t){.name = key,
		.type = CFGT_SEC,
		.flags = CFGF_MULTI | (titled ? CFGF_TITLE | CFGF_NO_TITLE_DUPES : CFGF_NONE),
		.subopts = options};
}

cfg_opt_t sf_config_text_context(struct sf_config_context *context)
{
	return (cfg_opt_t){.name = CONTEXT_KEY,
		.type = CFGT_PTR,
		.flags = CFGF_NODEFAULT,
		.simple_value = {.ptr = (void **)context}};
}

/* Whether a comment of two signs may begin at text[i]: not inside a bare word (tcp://host). */
static bool begins_word(const char *text, size_t i)
{
	return i == 0 || strchr(" \t\r\n{}=,", text[i - 1]) != NULL;
}

/* The size of the comment that begins at text[i], without the end of its line; 0 when none does. */
static size_t comment_size(const char *text, size_t i)
{
	const char *start = text + i;
	if (start[0] == '#' || (strncmp(start, "//", 2) == 0 && begins_word(text, i)))
		return strcspn(start, "\n");
	if (strncmp(start, "/*", 2) != 0 || !begins_word(text, i))
		return 0;
	const char *end = strstr(start + 2, "*/");
	return end ? (size_t)(end - start) + 2 : strlen(start);
}

/*
 * libconfuse 3.3 counts the lines of comments more than once, so that its line numbers are wrong
 * after the first. It is given blanks in their place.
 */
static void blank_comments(char *text)
{
	char quote = '\0';
	for (size_t i = 0; text[i] != '\0'; i++) {
		if (quote) {
			quote = text[i] == quote ? '\0' : quote;
		} else if (text[i] == '"' || text[i] == '\'') {
			quote = text[i];
		} else {
			size_t size = comment_size(text, i);
			for (size_t k = i; k < i + size; k++)
				text[k] = text[k] == '\n' ? '\n' : ' ';
		}
	}
}

static enum sf_err check_bytes(struct sf_config_context *context, struct sf_view text)
{
	int line = 1;
	for (size_t i = 0; i < text.size; i++) {
		if (text.data[i] < ' ' && text.data[i] != '\n' && text.data[i] != '\t' &&
			text.data[i] != '\r')
			return sf_config_text_wrong(
				context, line, "a control character, remove it");
		line += text.data[i] == '\n';
	}
	if (!sf_utf8_valid(text))
		return sf_config_text_wrong(context, 1, "the file is not UTF-8, convert it");
	return SF_OK;
}

static int line_of(const char *text, const char *place)
{
	int line = 1;
	for (; text < place; text++)
		line += *text == '\n';
	return line;
}

/*
 * What libconfuse does with them surprises: "${" reads the environment, and a backslash outside
 * quotes is printed and left out. Nothing that is written here needs either.
 */
static enum sf_err check_specials(struct sf_config_context *context, const char *text)
{
	const char *place = strstr(text, "${");
	if (place)
		return sf_config_text_wrong(context, line_of(text, place),
			"'${' is not expanded here, write the value itself");
	place = strchr(text, '\\');
	if (place)
		return sf_config_text_wrong(context, line_of(text, place),
			"a backslash has no meaning here, remove it");
	return SF_OK;
}

/* text is the caller's to free; it has no comments any more. */
static enum sf_err parse_copy(
	const char *text, cfg_opt_t *options, struct sf_config_context *context, cfg_t **ret_cfg)
{
	enum sf_err err = check_specials(context, text);
	if (err)
		return err;
	cfg_t *cfg = cfg_init(options, CFGF_NONE);
	if (!cfg)
		return SF_ERR_MEMORY;
	sf_ignore(cfg_set_error_function(cfg, on_error) != NULL);
	if (cfg_parse_buf(cfg, text) == CFG_SUCCESS && !context->failed) {
		*ret_cfg = cfg;
		return SF_OK;
	}
	err = sf_config_text_wrong(context, cfg->line, "cannot be read, check quotes and braces");
	sf_ignore(cfg_free(cfg));
	return err;
}

enum sf_err sf_config_text_parse(
	struct sf_view text, cfg_opt_t *options, struct sf_config_context *context, cfg_t **ret_cfg)
{
	enum sf_err err = check_bytes(context, text);
	if (err)
		return err;
	char *copy = malloc(text.size + 1);
	if (!copy)
		return SF_ERR_MEMORY;
	if (text.size)
		memcpy(copy, text.data, text.size);
	copy[text.size] = '\0';
	blank_comments(copy);
	err = parse_copy(copy, options, context, ret_cfg);
	free(copy);
	return err;
}

const struct sf_config_value *sf_config_text_value(cfg_t *section, const char *key, unsigned index)
{
	cfg_opt_t *option = cfg_getopt(section, key);
	if (!option || index >= option->nvalues)
		return NULL;
	return option->values[index]->ptr;
}

enum sf_err sf_config_text_only(
	struct sf_config_context *context, cfg_t *parent, const char *key, cfg_t **ret_section)
{
	unsigned count = cfg_size(parent, key);
	if (count > 1)
		return sf_config_text_wrong(context, cfg_getnsec(parent, key, 1)->line,
			"section '%s' stands twice, keep one of them", key);
	*ret_section = count == 1 ? cfg_getnsec(parent, key, 0) : NULL;
	return SF_OK;
}
