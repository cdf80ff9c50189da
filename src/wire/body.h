/*
 * The sealed part of a message (proto/envelope.proto, Body). Strings are checked for UTF-8 and NUL.
 * Decoded into the caller's arena; all views and texts live as long as it does.
 */
#ifndef SF_WIRE_BODY_H
#define SF_WIRE_BODY_H

#include "base/arena.h"
#include "base/id.h"
#include "base/limits.h"

#define SF_BODY_ERRORS_MAX 32
/* Bytes of the texts beside the letter: lists show them, and other documents are made of them. */
#define SF_BODY_NAME_SIZE_MAX ((size_t)1023) /* of a patient, of a contact, its telephone */
#define SF_BODY_TYPE_SIZE_MAX ((size_t)127)
#define SF_BODY_ERROR_CODE_SIZE_MAX ((size_t)63)
#define SF_BODY_ERROR_PLACE_SIZE_MAX ((size_t)255)
#define SF_BODY_ERROR_TEXT_SIZE_MAX ((size_t)511)

struct sf_body_error {
	const char *code;
	const char *expression;
	const char *text;
};

/* What opens an attachment; one for each that the header names. */
struct sf_enclosure {
	const char *name;
	const char *content_type;
	uint64_t size;      /* of the content, without padding */
	struct sf_view key; /* SF_CHUNK_KEY_SIZE */
};

struct sf_body {
	struct sf_id author;
	size_t recipient_count;
	struct sf_id recipients[SF_RECIPIENT_COUNT_MAX];
	struct sf_id transition;
	struct sf_id message_id;
	const char *cpr; /* "" when the message has no patient reference */
	const char *patient_name;
	const char *contact_name;
	const char *contact_telephone;
	int64_t contact_until_ms;
	const char *content_type;
	struct sf_view content;
	size_t error_count;
	struct sf_body_error errors[SF_BODY_ERRORS_MAX];
	size_t enclosure_count;
	struct sf_enclosure enclosures[SF_ATTACHMENT_COUNT_MAX];
};

/* Short enough, and of visible ASCII: it goes into headers of other protocols. "" fits. */
bool sf_body_type_fits(const char *content_type);

/* SF_ERR_FORMAT too for texts past the bounds above. */
SF_MUST_USE enum sf_err sf_body_decode(struct sf_view bytes, struct sf_arena *arena,
	struct sf_body *ret_body, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_body_encode(const struct sf_body *body, struct sf_buf *buf);

#endif
