/* `stafet agreement check` and `explain`: what needs no daemon. */
#include "cmd/agreement_file.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "audit/explain.h"
#include "cmd/file_bytes.h"
#include "cmd/print_json.h"
#include "crypto/record.h"
#include "os/agreement_text.h"
#include "os/config_text.h"
#include "os/zones.h"
#include "wire/record.h"

/* Of the tz database of this machine: deadlines of an unknown zone cannot be reckoned. */
static enum sf_err check_zone(const struct sf_agreement *agreement, struct sf_diag *diag)
{
	struct sf_zones *zones = NULL;
	const struct sf_zone *zone = NULL;
	enum sf_err err = sf_zones_open(SF_ZONE_FOLDER, &zones, diag);
	if (!err)
		err = sf_zones_find(zones, agreement->time_zone, &zone, diag);
	sf_zones_close(&zones);
	return err == SF_ERR_NOT_FOUND ? SF_ERR_CONFIG : err;
}

/* What is signed is what is shown: the text is read back from its signed form. */
static enum sf_err read_text(const char *path, struct sf_agreement_file *file, struct sf_diag *diag)
{
	struct sf_buf text;
	sf_buf_init(&text, SF_CONFIG_TEXT_SIZE_MAX);
	enum sf_err err = sf_file_bytes_read(path, &text, diag);
	if (!err)
		err = sf_agreement_text_parse(strcmp(path, "-") == 0 ? "standard input" : path,
			sf_buf_view(&text), file->agreement, diag);
	sf_buf_fini(&text);
	if (!err)
		err = sf_agreement_encode(file->agreement, &file->signed_form);
	if (!err)
		err = sf_agreement_decode(sf_buf_view(&file->signed_form), file->agreement, diag);
	if (!err)
		sf_record_digest(
			"agreement", sf_buf_view(&file->signed_form), &file->agreement->digest);
	return err ? err : check_zone(file->agreement, diag);
}

int sf_agreement_file_open(const char *path, struct sf_agreement_file *ret_file)
{
	struct sf_diag diag = {.text = ""};
	ret_file->agreement = malloc(sizeof(*ret_file->agreement));
	sf_buf_init(&ret_file->signed_form, SF_AGREEMENT_SIZE_MAX);
	enum sf_err err = ret_file->agreement ? read_text(path, ret_file, &diag) : SF_ERR_MEMORY;
	return err ? sf_exit_failed(err, &diag) : SF_EXIT_OK;
}

void sf_agreement_file_close(struct sf_agreement_file *file)
{
	free(file->agreement);
	file->agreement = NULL;
	sf_buf_fini(&file->signed_form);
}

static int print_checked(const struct sf_arguments *arguments, const struct sf_agreement *agreement)
{
	if (!sf_arguments_flag(arguments, "json")) {
		char digest[SF_DIGEST_TEXT_SIZE];
		sf_digest_format(&agreement->digest, digest);
		printf("ok\n%s version %" PRIu32 "\n%s\n", agreement->name, agreement->version,
			digest);
		return SF_EXIT_OK;
	}
	struct sf_json_page page;
	struct sf_json_writer *writer = sf_json_page_begin(&page);
	sf_json_text(writer, "name", agreement->name);
	sf_json_int(writer, "version", (int64_t)agreement->version);
	sf_json_digest(writer, "digest", &agreement->digest);
	return sf_json_page_end(&page);
}

int sf_command_agreement_check(const struct sf_arguments *arguments)
{
	struct sf_agreement_file file;
	int code = sf_agreement_file_open(arguments->items[0], &file);
	if (!code)
		code = print_checked(arguments, file.agreement);
	sf_agreement_file_close(&file);
	return code;
}

int sf_agreement_print(const struct sf_arguments *arguments, const struct sf_agreement *agreement)
{
	const char *word = sf_arguments_text(arguments, "lang");
	enum sf_language language = word[0] ? sf_language_from_text(word) : SF_LANGUAGE_DANISH;
	if (language == SF_LANGUAGE_NONE)
		return sf_exit_usage("%s: --lang is da or en", arguments->command->name);
	struct sf_buf text;
	sf_buf_init(&text, SF_EXPLAIN_SIZE_MAX);
	enum sf_err err = sf_explain(agreement, language, &text);
	if (!err)
		fwrite(text.data, 1, text.size, stdout);
	sf_buf_fini(&text);
	return err ? sf_exit_failed(err, NULL) : SF_EXIT_OK;
}

int sf_command_agreement_explain(const struct sf_arguments *arguments)
{
	struct sf_agreement_file file;
	int code = sf_agreement_file_open(arguments->items[0], &file);
	if (!code)
		code = sf_agreement_print(arguments, file.agreement);
	sf_agreement_file_close(&file);
	return code;
}
