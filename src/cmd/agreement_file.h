/*
 * The text of an agreement that a person names on the command line, and its signed form.
 */
#ifndef SF_CMD_AGREEMENT_FILE_H
#define SF_CMD_AGREEMENT_FILE_H

#include "cmd/arguments.h"
#include "core/agreement.h"

struct sf_agreement_file {
	struct sf_agreement *agreement; /* owned: as the signed form says it, with its digest */
	struct sf_buf signed_form;
};

/* path "-": standard input. SF_EXIT_OK, or complains with file and line. Close it in both cases. */
int sf_agreement_file_open(const char *path, struct sf_agreement_file *ret_file);
void sf_agreement_file_close(struct sf_agreement_file *file);

/* Explains it on standard output in the language of the option --lang, else in Danish. */
int sf_agreement_print(const struct sf_arguments *arguments, const struct sf_agreement *agreement);

#endif
