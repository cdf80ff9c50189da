/*
 * Attachments between a local program and a node: handed in in parts before the letter that they go
 * with, and read in parts. See local.h.
 */
#ifndef SF_WIRE_LOCAL_ATTACHMENT_H
#define SF_WIRE_LOCAL_ATTACHMENT_H

#include "wire/local_row.h"

/* Bytes of one part that a program of ours asks for or hands in: a turn's worth. */
#define SF_ATTACHMENT_PART_SIZE ((size_t)1048576)

/* An attachment of a letter to come: SF_REPLY_UPLOAD. A node forgets it after a day unsent. */
struct sf_request_upload {
	const char *name;         /* of a file, without a path; at most 255 bytes */
	const char *content_type; /* at most 127 */
	uint64_t size;            /* 1 to SF_ATTACHMENT_SIZE_MAX */
};

/*
 * The next part: SF_REPLY_UPLOAD, whose offset says how far it is then; the part is taken in pieces
 * of SF_CHUNK_SIZE, so it may be less than was handed in. SF_ERR_CONFLICT: it begins elsewhere.
 * Without content it only asks.
 */
struct sf_request_upload_part {
	struct sf_id upload;
	uint64_t offset;
	struct sf_view content; /* at least SF_CHUNK_SIZE bytes, but for the last part */
};

/* It is not sent after all: SF_REPLY_DONE. */
struct sf_request_upload_drop {
	struct sf_id upload;
};

struct sf_reply_upload {
	struct sf_id upload;
	uint64_t size;
	uint64_t offset; /* bytes that are durable here */
	bool whole;      /* a letter can have it */
};

/* A part of an attachment that is whole here, received or sent: SF_REPLY_ATTACHMENT. */
struct sf_request_attachment {
	struct sf_id message;
	uint32_t number;
	uint64_t offset;
	uint32_t size_max; /* 0, or more than SF_ATTACHMENT_PART_SIZE: that */
};

struct sf_reply_attachment {
	struct sf_attachment_row row;
	struct sf_id transition;
	uint64_t offset;
	struct sf_view content; /* from offset on; empty at the end */
};

#endif
