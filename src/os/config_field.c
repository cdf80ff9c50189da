#include "os/config_field.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "os/config.h"
#include "os/config_text.h"
#include "os/files.h"

enum sf_err sf_duration_parse(const char *text, int64_t *ret_ms)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = {
		{"ms", 1},
		{"s", 1000},
		{"min", 60000},
		{"h", 3600000},
		{"d", 86400000},
	};
	int64_t number = 0;
	size_t digits = 0;
	for (; *text >= '0' && *text <= '9' && digits < 10; text++, digits++)
		number = number * 10 + (*text - '0');
	if (*text == ' ')
		text++;
	for (size_t i = 0; digits && i < SF_COUNT(units); i++) {
		if (strcmp(text, units[i].name) == 0) {
			*ret_ms = number * units[i].ms;
			return SF_OK;
		}
	}
	return SF_ERR_FORMAT;
}

struct reading {
	struct sf_config_context *context;
	const struct sf_config_field *field;
	const struct sf_config_value *value;
	uint8_t *place; /* of this field */
};

static enum sf_err read_text(const struct reading *reading)
{
	const struct sf_config_field *field = reading->field;
	size_t size = strlen(reading->value->text);
	if (size == 0 || size >= (size_t)field->limit)
		return sf_config_text_wrong(reading->context, reading->value->line,
			"'%s' must have 1 to %lld bytes", field->key, (long long)field->limit - 1);
	memcpy(reading->place, reading->value->text, size + 1);
	return SF_OK;
}

static enum sf_err read_name(const struct reading *reading)
{
	const char *text = reading->value->text;
	if (text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789.-")] != '\0')
		return sf_config_text_wrong(reading->context, reading->value->line,
			"'%s' may have only a to z, 0 to 9, '.' and '-'", reading->field->key);
	return read_text(reading);
}

static enum sf_err read_endpoint(const struct reading *reading)
{
	const char *text = reading->value->text;
	const char *colon = strrchr(text, ':');
	const char *host = text + strlen("tcp://");
	size_t port_size = colon ? strlen(colon + 1) : 0;
	bool good = strncmp(text, "tcp://", strlen("tcp://")) == 0 && colon > host &&
		    strcspn(text, " \t;") == strlen(text) && port_size > 0 && port_size <= 5 &&
		    strspn(colon + 1, "0123456789") == port_size;
	long port = good ? strtol(colon + 1, NULL, 10) : 0;
	if (!good || port < 1 || port > 65535)
		return sf_config_text_wrong(reading->context, reading->value->line,
			"'%s' must be tcp://<host>:<port>", reading->field->key);
	return read_text(reading);
}

/* Relative paths are relative to the folder of the file, not to where the program was started. */
static enum sf_err read_path_to(const struct reading *reading, size_t limit, char *place)
{
	const char *text = reading->value->text;
	const char *slash = strrchr(reading->context->path, '/');
	int folder = text[0] == '/' || !slash ? 0 : (int)(slash + 1 - reading->context->path);
	int size = snprintf(
		place, SF_CONFIG_PATH_SIZE, "%.*s%s", folder, reading->context->path, text);
	if (text[0] == '\0' || size < 0 || (size_t)size >= limit)
		return sf_config_text_wrong(reading->context, reading->value->line,
			"'%s' must be a path of at most %zu bytes", reading->field->key, limit - 1);
	return SF_OK;
}

static enum sf_err read_number(const struct reading *reading)
{
	const struct sf_config_field *field = reading->field;
	const char *text = reading->value->text;
	size_t size = strlen(text);
	bool good = size > 0 && size <= 10 && strspn(text, "0123456789") == size;
	long long number = good ? strtoll(text, NULL, 10) : -1;
	if (number < field->least || number > field->limit)
		return sf_config_text_wrong(reading->context, reading->value->line,
			"'%s' must be a number from %lld to %lld", field->key,
			(long long)field->least, (long long)field->limit);
	uint32_t value = (uint32_t)number;
	memcpy(reading->place, &value, sizeof(value));
	return SF_OK;
}

static enum sf_err read_duration(const struct reading *reading)
{
	const struct sf_config_field *field = reading->field;
	int64_t ms = 0;
	if (sf_duration_parse(reading->value->text, &ms))
		return sf_config_text_wrong(reading->context, reading->value->line,
			"'%s' must be a time such as \"30min\" (ms, s, min, h, d)", field->key);
	if (ms < field->least || ms > field->limit)
		return sf_config_text_wrong(reading->context, reading->value->line,
			"'%s' must be from %lld to %lld seconds", field->key,
			(long long)field->least / 1000, (long long)field->limit / 1000);
	memcpy(reading->place, &ms, sizeof(ms));
	return SF_OK;
}

static enum sf_err read_mode(const struct reading *reading)
{
	const char *text = reading->value->text;
	size_t size = strlen(text);
	bool good = size >= 3 && size <= 4 && strspn(text, "01234567") == size;
	uint32_t mode = good ? (uint32_t)strtoul(text, NULL, 8) : 0;
	if (!good || (mode & ~(uint32_t)0660) || (mode & 0600) != 0600)
		return sf_config_text_wrong(reading->context, reading->value->line,
			"'%s' must be 0600 or 0660: whoever reaches it speaks for the party",
			reading->field->key);
	memcpy(reading->place, &mode, sizeof(mode));
	return SF_OK;
}

static enum sf_err read_level(const struct reading *reading)
{
	enum sf_log_level level = SF_LOG_INFO;
	if (sf_log_level_parse(reading->value->text, &level))
		return sf_config_text_wrong(reading->context, reading->value->line,
			"'%s' must be error, warning, info or debug", reading->field->key);
	memcpy(reading->place, &level, sizeof(level));
	return SF_OK;
}

/* The line is kept: what else must stand there depends on the address. */
static enum sf_err read_listen(const struct reading *reading, uint8_t *ret_line)
{
	struct sf_address address;
	if (sf_address_parse(reading->value->text, &address))
		return sf_config_text_wrong(reading->context, reading->value->line,
			"'%s' must be a numeric address and a port, such as \"127.0.0.1:8080\" "
			"or \"[::1]:8080\"",
			reading->field->key);
	uint32_t line = (uint32_t)reading->value->line;
	memcpy(ret_line, &line, sizeof(line));
	return read_text(reading);
}

static enum sf_err read_value(const struct reading *reading)
{
	const struct sf_config_field *field = reading->field;
	switch (field->type) {
	case SF_CONFIG_TYPE_TEXT:
		return read_text(reading);
	case SF_CONFIG_TYPE_NAME:
		return read_name(reading);
	case SF_CONFIG_TYPE_ENDPOINT:
		return read_endpoint(reading);
	case SF_CONFIG_TYPE_PATH:
		return read_path_to(reading, (size_t)field->limit, (char *)reading->place);
	case SF_CONFIG_TYPE_NUMBER:
		return read_number(reading);
	case SF_CONFIG_TYPE_DURATION:
		return read_duration(reading);
	case SF_CONFIG_TYPE_MODE:
		return read_mode(reading);
	case SF_CONFIG_TYPE_LEVEL:
		return read_level(reading);
	case SF_CONFIG_TYPE_LISTEN:
		return read_listen(reading, reading->place - field->offset + field->count_offset);
	case SF_CONFIG_TYPE_PATHS:
	default:
		return SF_ERR_USAGE;
	}
}

static enum sf_err read_paths(cfg_t *section, struct reading *reading, uint8_t *place)
{
	const struct sf_config_field *field = reading->field;
	size_t count = 0;
	enum sf_err err = SF_OK;
	while ((reading->value = sf_config_text_value(section, field->key, (unsigned)count))) {
		if (count == (size_t)field->limit)
			return sf_config_text_wrong(reading->context, reading->value->line,
				"'%s' may name at most %lld files", field->key,
				(long long)field->limit);
		char *path = (char *)place + field->offset + count * SF_CONFIG_PATH_SIZE;
		err = read_path_to(reading, SF_CONFIG_PATH_SIZE, path);
		if (err)
			return err;
		count++;
	}
	if (count == 0 && field->required)
		return sf_config_text_wrong(
			reading->context, section->line, "key '%s' is missing, add it", field->key);
	memcpy(place + field->count_offset, &count, sizeof(count));
	return SF_OK;
}

static enum sf_err read_field(cfg_t *section, struct sf_config_context *context,
	const struct sf_config_field *field, uint8_t *place)
{
	struct reading reading = {
		.context = context, .field = field, .place = place + field->offset};
	if (section && field->type == SF_CONFIG_TYPE_PATHS)
		return read_paths(section, &reading, place);
	reading.value = section ? sf_config_text_value(section, field->key, 0) : NULL;
	if (reading.value)
		return read_value(&reading);
	/* A face that no section describes does not exist; one that does listens somewhere. */
	if (!field->required || (!section && field->type == SF_CONFIG_TYPE_LISTEN))
		return SF_OK;
	return sf_config_text_wrong(context, section ? section->line : 1,
		"key '%s'%s%s is missing, add it", field->key, field->section ? " of section " : "",
		field->section ? field->section : "");
}

static enum sf_err read_fields(cfg_t *cfg, struct sf_config_context *context,
	const struct sf_config_field *fields, size_t count, uint8_t *place)
{
	enum sf_err err = SF_OK;
	cfg_t *section = cfg;
	for (size_t i = 0; !err && i < count; i++) {
		if (fields[i].section)
			err = sf_config_text_only(context, cfg, fields[i].section, &section);
		if (!err)
			err = read_field(section, context, &fields[i], place);
	}
	return err;
}

/* Every section has its options, the context and an end; so has the top. */
#define OPTIONS_MAX (2 * SF_CONFIG_FIELDS_MAX)

/*
 * options receives one closed run per section, of which the last is the top; answers the top. A
 * section's own option stands in the top, which is filled from the end so that order is kept.
 */
static cfg_opt_t *make_options(const struct sf_config_field *fields, size_t count,
	struct sf_config_context *context, cfg_opt_t sections[OPTIONS_MAX],
	cfg_opt_t top[OPTIONS_MAX])
{
	size_t used = 0, top_used = 0;
	for (size_t i = 0; i < count;) {
		const char *name = fields[i].section;
		cfg_opt_t *run = &sections[used];
		for (; i < count && fields[i].section == name; i++) {
			cfg_opt_t option = sf_config_text_option(
				fields[i].key, fields[i].type == SF_CONFIG_TYPE_PATHS);
			if (name)
				sections[used++] = option;
			else
				top[top_used++] = option;
		}
		if (!name)
			continue;
		sections[used++] = sf_config_text_context(context);
		sections[used++] = (cfg_opt_t)CFG_END();
		top[top_used++] = sf_config_text_section(name, run, false);
	}
	top[top_used++] = sf_config_text_context(context);
	top[top_used] = (cfg_opt_t)CFG_END();
	return top;
}

enum sf_err sf_config_fields_parse(const char *path, struct sf_view text,
	const struct sf_config_field *fields, size_t count, void *place, struct sf_diag *diag)
{
	SF_ASSERT(count <= SF_CONFIG_FIELDS_MAX);
	struct sf_config_context context = {.path = path, .diag = diag};
	cfg_opt_t sections[OPTIONS_MAX], top[OPTIONS_MAX];
	cfg_t *cfg = NULL;
	enum sf_err err = sf_config_text_parse(
		text, make_options(fields, count, &context, sections, top), &context, &cfg);
	if (err)
		return err;
	err = read_fields(cfg, &context, fields, count, place);
	sf_ignore(cfg_free(cfg));
	return err;
}

enum sf_err sf_config_fields_load(const char *path, const struct sf_config_field *fields,
	size_t count, void *place, struct sf_diag *diag)
{
	struct sf_buf text;
	sf_buf_init(&text, SF_CONFIG_TEXT_SIZE_MAX);
	enum sf_err err = sf_file_read(path, &text, diag);
	if (!err)
		err = sf_config_fields_parse(path, sf_buf_view(&text), fields, count, place, diag);
	sf_buf_fini(&text);
	return err;
}
