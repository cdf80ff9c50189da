#include "cmd/attachment.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

/* RFC 9110 section 8.3: what nobody knows is octets. */
const char *sf_attachment_type(const char *name)
{
	static const struct {
		const char *ending, *type;
	} types[] = {
		{".pdf", "application/pdf"},
		{".jpg", "image/jpeg"},
		{".jpeg", "image/jpeg"},
		{".png", "image/png"},
		{".tif", "image/tiff"},
		{".tiff", "image/tiff"},
		{".dcm", "application/dicom"},
		{".txt", "text/plain"},
		{".xml", "application/xml"},
		{".json", "application/json"},
		{".mp4", "video/mp4"},
		{".zip", "application/zip"},
	};
	const char *ending = strrchr(name, '.');
	for (size_t i = 0; ending && i < SF_COUNT(types); i++)
		if (strcasecmp(ending, types[i].ending) == 0)
			return types[i].type;
	return "application/octet-stream";
}

static const char *file_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* One of them on its way. */
struct attaching {
	struct sf_session *session;
	const char *path;
	int file;
	uint64_t size;
	uint8_t *part; /* SF_ATTACHMENT_PART_SIZE */
};

/*
 * A pipe, a folder or a device has no size to announce; a pipe that is opened as a file is would
 * wait for its writer.
 */
static int open_file(struct attaching *attaching)
{
	struct stat status;
	attaching->file = open(attaching->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (attaching->file < 0 || fstat(attaching->file, &status) != 0)
		return sf_exit_usage("--attach %s: %s", attaching->path, strerror(errno));
	if (!S_ISREG(status.st_mode))
		return sf_exit_usage("--attach %s: not a regular file", attaching->path);
	attaching->size = (uint64_t)status.st_size;
	return SF_EXIT_OK;
}

/* All of a part: a file that has become shorter ends here. */
static int read_part(const struct attaching *attaching, uint64_t offset, size_t size)
{
	struct sf_diag diag = {.text = ""};
	for (size_t done = 0; done < size;) {
		ssize_t got = pread(attaching->file, attaching->part + done, size - done,
			(off_t)(offset + done));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			sf_diag_set(&diag, "--attach %s: %s", attaching->path,
				got < 0 ? strerror(errno) : "it has become shorter");
			return sf_exit_failed(SF_ERR_IO, &diag);
		}
		done += (size_t)got;
	}
	return SF_EXIT_OK;
}

/* The node says after each part how far it is. */
static int hand_in_parts(const struct attaching *attaching, struct sf_id upload)
{
	struct sf_session *session = attaching->session;
	for (uint64_t offset = 0; offset < attaching->size;) {
		uint64_t left = attaching->size - offset;
		size_t wanted =
			left < SF_ATTACHMENT_PART_SIZE ? (size_t)left : SF_ATTACHMENT_PART_SIZE;
		const struct sf_request request = {.kind = SF_REQUEST_UPLOAD_PART,
			.upload_part = {upload, offset, sf_view_of(attaching->part, wanted)}};
		int code = read_part(attaching, offset, wanted);
		if (!code)
			code = sf_session_ask(session, &request);
		if (code)
			return code;
		uint64_t reached = session->reply.upload.offset;
		if (reached <= offset || reached > attaching->size)
			return sf_exit_failed(SF_ERR_FORMAT, NULL);
		offset = reached;
	}
	return SF_EXIT_OK;
}

static int attach_file(struct attaching *attaching, struct sf_id *ret_upload)
{
	struct sf_session *session = attaching->session;
	int code = open_file(attaching);
	const struct sf_request request = {.kind = SF_REQUEST_UPLOAD,
		.upload = {file_name(attaching->path), sf_attachment_type(attaching->path),
			attaching->size}};
	if (!code)
		code = sf_session_ask(session, &request);
	if (!code) {
		*ret_upload = session->reply.upload.upload;
		code = hand_in_parts(attaching, *ret_upload);
	}
	if (attaching->file >= 0)
		close(attaching->file);
	return code;
}

int sf_attach_files(struct sf_session *session, struct sf_attached *ret_attached)
{
	const struct sf_arguments *arguments = session->arguments;
	*ret_attached = (struct sf_attached){.count = 0};
	if (!sf_arguments_each(arguments, "attach", 0))
		return SF_EXIT_OK;
	if (sf_arguments_each(arguments, "attach", SF_ATTACHMENT_COUNT_MAX))
		return sf_exit_usage(
			"a letter has at most %zu attachments", SF_ATTACHMENT_COUNT_MAX);
	struct attaching attaching = {.session = session, .part = malloc(SF_ATTACHMENT_PART_SIZE)};
	int code = attaching.part ? SF_EXIT_OK : sf_exit_failed(SF_ERR_MEMORY, NULL);
	while (!code &&
		(attaching.path = sf_arguments_each(arguments, "attach", ret_attached->count))) {
		struct sf_id upload = {{0}};
		code = attach_file(&attaching, &upload);
		memcpy(ret_attached->ids + ret_attached->count * SF_ID_SIZE, upload.bytes,
			SF_ID_SIZE);
		ret_attached->count += code == SF_EXIT_OK;
	}
	free(attaching.part);
	return code;
}
