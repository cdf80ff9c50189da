#include "cmd/attachment.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

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

/* Size of a file that can be read twice; below 0: a pipe, a folder, or nothing at all. */
static long size_of(FILE *file)
{
	long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
	return size >= 0 && fseek(file, 0, SEEK_SET) == 0 ? size : -1;
}

/* The node says after each part how far it is; a file that has become shorter ends here. */
static int hand_in_parts(
	struct sf_session *session, struct sf_id upload, uint64_t size, FILE *file, uint8_t *part)
{
	for (uint64_t offset = 0; offset < size;) {
		if (fseek(file, (long)offset, SEEK_SET) != 0)
			return sf_exit_failed(SF_ERR_IO, NULL);
		uint64_t left = size - offset;
		size_t wanted =
			left < SF_ATTACHMENT_PART_SIZE ? (size_t)left : SF_ATTACHMENT_PART_SIZE;
		if (fread(part, 1, wanted, file) != wanted)
			return sf_exit_failed(SF_ERR_IO, NULL);
		const struct sf_request request = {.kind = SF_REQUEST_UPLOAD_PART,
			.upload_part = {upload, offset, sf_view_of(part, wanted)}};
		int code = sf_session_ask(session, &request);
		if (code)
			return code;
		uint64_t reached = session->reply.upload.offset;
		if (reached <= offset || reached > size)
			return sf_exit_failed(SF_ERR_FORMAT, NULL);
		offset = reached;
	}
	return SF_EXIT_OK;
}

static int attach_file(struct sf_session *session, const char *path, FILE *file, uint8_t *part,
	struct sf_id *ret_upload)
{
	long size = size_of(file);
	if (size < 0)
		return sf_exit_usage("--attach %s: not a file that can be read", path);
	const struct sf_request request = {.kind = SF_REQUEST_UPLOAD,
		.upload = {file_name(path), sf_attachment_type(path), (uint64_t)size}};
	int code = sf_session_ask(session, &request);
	if (code)
		return code;
	*ret_upload = session->reply.upload.upload;
	return hand_in_parts(session, *ret_upload, (uint64_t)size, file, part);
}

int sf_attach_files(struct sf_session *session, struct sf_attached *ret_attached)
{
	const char *path;
	uint8_t *part = NULL;
	int code = SF_EXIT_OK;
	*ret_attached = (struct sf_attached){.count = 0};
	while (!code &&
		(path = sf_arguments_each(session->arguments, "attach", ret_attached->count))) {
		if (ret_attached->count == SF_ATTACHMENT_COUNT_MAX) {
			code = sf_exit_usage("a letter has at most 8 attachments");
			break;
		}
		if (!part && !(part = malloc(SF_ATTACHMENT_PART_SIZE))) {
			code = sf_exit_failed(SF_ERR_MEMORY, NULL);
			break;
		}
		FILE *file = fopen(path, "rb");
		if (!file) {
			code = sf_exit_usage("--attach %s: %s", path, strerror(errno));
			break;
		}
		struct sf_id upload = {{0}};
		code = attach_file(session, path, file, part, &upload);
		memcpy(ret_attached->ids + ret_attached->count * SF_ID_SIZE, upload.bytes,
			SF_ID_SIZE);
		ret_attached->count++;
		fclose(file);
	}
	free(part);
	return code;
}
