/* `stafet attachment`: writes an attachment of a letter to a file, part by part. */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cmd/attachment.h"
#include "cmd/print.h"

#define PATH_SIZE_MAX ((size_t)4096)
#define PRIVATE_MODE 0600

static int fault(const char *path)
{
	struct sf_diag diag = {.text = ""};
	sf_diag_set(&diag, "%s: %s", path, strerror(errno));
	return sf_exit_failed(errno == ENOSPC ? SF_ERR_DISK_FULL : SF_ERR_IO, &diag);
}

static int write_all(int file, const char *path, struct sf_view bytes)
{
	while (bytes.size > 0) {
		ssize_t written = write(file, bytes.data, bytes.size);
		if (written < 0 && errno != EINTR)
			return fault(path);
		if (written > 0)
			bytes = sf_view_of(bytes.data + written, bytes.size - (size_t)written);
	}
	return SF_EXIT_OK;
}

/* Until all is here: a node that says sooner that there is no more has not given out the whole. */
static int fetch(struct sf_session *session, struct sf_request *request, int file, const char *path)
{
	for (;;) {
		int code = sf_session_ask(session, request);
		const struct sf_reply_attachment *attachment = &session->reply.attachment;
		if (!code)
			code = write_all(file, path, attachment->content);
		if (code)
			return code;
		request->attachment.offset += attachment->content.size;
		if (request->attachment.offset >= attachment->row.size)
			return SF_EXIT_OK;
		if (attachment->content.size == 0)
			return sf_exit_failed(SF_ERR_FORMAT, NULL);
	}
}

/* Beside the file first, so that its name is that of a whole attachment or of nothing. */
static int save(struct sf_session *session, struct sf_request *request, const char *path)
{
	char beside[PATH_SIZE_MAX];
	if (snprintf(beside, sizeof(beside), "%s.part", path) >= (int)sizeof(beside))
		return sf_exit_usage("attachment: the name of the file is too long");
	int file =
		open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, PRIVATE_MODE);
	if (file < 0)
		return fault(beside);
	int code = fetch(session, request, file, beside);
	if (!code && fsync(file) != 0)
		code = fault(beside);
	if (close(file) != 0 && !code)
		code = fault(beside);
	if (!code && rename(beside, path) != 0)
		code = fault(path);
	if (code)
		unlink(beside);
	return code;
}

int sf_command_attachment(const struct sf_arguments *arguments)
{
	struct sf_session session;
	struct sf_request request = {.kind = SF_REQUEST_ATTACHMENT};
	const char *path = sf_arguments_value(arguments, "output");
	uint64_t number = 0;
	if (!path)
		return sf_exit_usage("attachment: say where to with --output FILE");
	int code =
		sf_arguments_number(arguments, "number", 0, SF_ATTACHMENT_COUNT_MAX - 1, &number);
	if (code)
		return code;
	request.attachment.number = (uint32_t)number;
	code = sf_session_open(arguments, &session);
	if (!code)
		code = sf_session_id(&session, arguments->items[0], SF_SESSION_MESSAGES,
			&request.attachment.message);
	if (!code)
		code = save(&session, &request, path);
	if (!code && !arguments->json)
		printf("%llu bytes\n", (unsigned long long)request.attachment.offset);
	sf_session_close(&session);
	return code;
}
