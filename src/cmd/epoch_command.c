/*
 * `stafet log epoch` and `stafet log begin-epoch`: a coordinator whose newest store is lost goes on
 * in a new epoch of its log (WIRE.md section 7.1). Between the two the registrars sign.
 */
#include <inttypes.h>
#include <stdio.h>

#include "cmd/epoch_file.h"
#include "cmd/file_bytes.h"
#include "cmd/print.h"
#include "cmd/print_json.h"
#include "cmd/session.h"
#include "view/members.h"

static void print_asked(const struct sf_reply_epoch *epoch, const struct sf_epoch_file *file,
	const struct sf_shown *path)
{
	sf_epoch_file_print_text(file);
	printf("%-12s %" PRIu64 " entr%s: a node has shown a checkpoint of %" PRIu64 "\n", "lost",
		sf_epoch_lost(epoch), sf_epoch_lost(epoch) == 1 ? "y" : "ies", epoch->largest_size);
	printf("\nNothing has changed yet; %s holds what the registrars would sign.\n\n"
	       "1. Look for a newer copy of the store, on a mirror or on the disk that failed. Is "
	       "there one,\n   put that in place of this one: what it has needs no new epoch.\n"
	       "2. Else let as many registrars sign as this region wants. Read them the "
	       "fingerprint.\n"
	       "     stafet registrar epoch DIR %s -o SIGNED\n"
	       "     stafet registrar cosign DIR SIGNED -o SIGNED      each further one\n"
	       "3. Begin, here:\n"
	       "     stafet log begin-epoch SIGNED\n",
		path->text, path->text);
}

static int write_asked(const struct sf_arguments *arguments, const struct sf_reply *reply)
{
	const struct sf_reply_epoch *epoch = &reply->epoch;
	struct sf_diag diag = {.text = ""};
	struct sf_epoch_file file;
	const char *path = sf_arguments_text(arguments, "output");
	enum sf_err err = sf_epoch_file_read(epoch->record, &file, &diag);
	int code = err ? sf_exit_failed(err, &diag) : sf_file_bytes_write(path, epoch->record);
	if (code)
		return code;
	if (arguments->json)
		return sf_json_page_print(reply);
	const struct sf_shown shown = sf_show_text(path);
	print_asked(epoch, &file, &shown);
	return SF_EXIT_OK;
}

int sf_command_log_epoch(const struct sf_arguments *arguments)
{
	if (!sf_arguments_value(arguments, "output"))
		return sf_exit_usage("log epoch needs -o FILE, for what the registrars sign");
	struct sf_session session;
	const struct sf_request request = {.kind = SF_REQUEST_EPOCH};
	int code = sf_session_open(arguments, &session);
	if (!code)
		code = sf_session_ask(&session, &request);
	if (!code)
		code = write_asked(arguments, &session.reply);
	sf_session_close(&session);
	return code;
}

static void print_begun(const struct sf_reply_epoch *epoch)
{
	printf("epoch %" PRIu32 " of the log has begun: %" PRIu64 " entr%s of epoch %" PRIu32
	       " stand\n\n"
	       "Nodes hear of it with their next hello and hand in again what was lost. Until the "
	       "directory\nis at version %" PRIu64 " again nothing else is recorded. See stafet "
	       "log status and stafet watch.\n",
		epoch->epoch, epoch->common_size, epoch->common_size == 1 ? "y" : "ies",
		epoch->epoch - 1, epoch->directory_version);
}

static int begin(const struct sf_arguments *arguments, struct sf_view record)
{
	struct sf_session session;
	const struct sf_request request = {.kind = SF_REQUEST_EPOCH, .epoch = {.record = record}};
	int code = sf_session_open(arguments, &session);
	if (!code)
		code = sf_session_ask(&session, &request);
	if (!code && arguments->json)
		code = sf_json_page_print(&session.reply);
	else if (!code)
		print_begun(&session.reply.epoch);
	sf_session_close(&session);
	return code;
}

/* Read here first: what is not signed at all is told apart from what is signed by too few. */
static int check_signed(struct sf_view bytes)
{
	struct sf_diag diag = {.text = ""};
	struct sf_epoch_file file;
	enum sf_err err = sf_epoch_file_read(bytes, &file, &diag);
	if (!err && file.record.signature_count == 0) {
		sf_diag_set(&diag, "no registrar has signed it: see stafet registrar epoch");
		err = SF_ERR_AUTH;
	}
	return err ? sf_exit_failed(err, &diag) : SF_EXIT_OK;
}

int sf_command_log_begin_epoch(const struct sf_arguments *arguments)
{
	struct sf_buf record;
	struct sf_diag diag = {.text = ""};
	sf_buf_init(&record, SF_EPOCH_SIZE_MAX);
	enum sf_err err = sf_file_bytes_read(arguments->items[0], &record, &diag);
	int code = err ? sf_exit_failed(err, &diag) : check_signed(sf_buf_view(&record));
	if (!code)
		code = begin(arguments, sf_buf_view(&record));
	sf_buf_fini(&record);
	return code;
}
