/*
 * What every clinical document must keep, readable or not: the reader answers, a refusal names why,
 * reading is repeatable, and what was read can be acknowledged and the answer read back.
 */
#ifndef SF_TESTS_FUZZ_BUNDLE_H
#define SF_TESTS_FUZZ_BUNDLE_H

#include <string.h>

#include "format/format.h"

#define FUZZ_ARENA_SIZE_MAX ((size_t)4 * 1024 * 1024)
#define FUZZ_BUF_SIZE_MAX ((size_t)8 * 1024 * 1024)

static void fuzz_answer(const struct sf_format *format, const char *content_type,
	const struct sf_document *document, const struct sf_issues *issues)
{
	bool ok = issues->count == 0;
	size_t chain = document->provenance_count;
	struct sf_acknowledgement_request request = {.content_type = content_type,
		.bundle_id = "b",
		.header_id = "h",
		.provenance_id = "p",
		.acknowledged_id = document->header_id[0] != '\0' ? document->header_id : "none",
		.acknowledged_provenance = chain > 0 ? &document->provenances[chain - 1] : NULL,
		.sender = document->receiver,
		.receiver = document->sender,
		.ack = ok ? SF_ACK_OK : SF_ACK_FATAL_ERROR,
		.issues = ok ? NULL : issues};
	struct sf_buf buf;
	sf_buf_init(&buf, FUZZ_BUF_SIZE_MAX);
	enum sf_err err = format->write_acknowledgement(format->self, &request, &buf, NULL);
	if (err) {
		/* Control characters are read from JSON but cannot be written in every syntax. */
		SF_ASSERT(err == SF_ERR_FORMAT);
	} else {
		struct sf_arena arena;
		sf_arena_init(&arena, FUZZ_ARENA_SIZE_MAX);
		struct sf_document answer;
		struct sf_issues answer_issues;
		err = format->read(format->self, content_type, sf_buf_view(&buf), &arena, &answer,
			&answer_issues, NULL);
		SF_ASSERT(answer.kind == SF_DOCUMENT_ACKNOWLEDGEMENT);
		SF_ASSERT(answer.ack == request.ack);
		SF_ASSERT(strcmp(answer.acknowledged_id, request.acknowledged_id) == 0);
		SF_ASSERT(!ok || err == SF_OK || err == SF_ERR_LIMIT);
		sf_arena_fini(&arena);
	}
	sf_buf_fini(&buf);
}

static void fuzz_canonical(
	const struct sf_format *format, const char *content_type, struct sf_view bytes)
{
	struct sf_buf first;
	struct sf_buf again;
	sf_buf_init(&first, FUZZ_BUF_SIZE_MAX);
	sf_buf_init(&again, FUZZ_BUF_SIZE_MAX);
	enum sf_err err = format->canonical(format->self, content_type, bytes, &first, NULL);
	SF_ASSERT(err == format->canonical(format->self, content_type, bytes, &again, NULL));
	SF_ASSERT(sf_view_equal(sf_buf_view(&first), sf_buf_view(&again)));
	sf_buf_fini(&first);
	sf_buf_fini(&again);
}

static void fuzz_bundle(const char *content_type, struct sf_view bytes)
{
	struct sf_format format;
	sf_format_port(&format);
	struct sf_arena arena;
	sf_arena_init(&arena, FUZZ_ARENA_SIZE_MAX);
	struct sf_document document;
	struct sf_issues issues;
	struct sf_diag diag = {{0}};
	enum sf_err err =
		format.read(format.self, content_type, bytes, &arena, &document, &issues, &diag);
	SF_ASSERT(err == SF_OK || err == SF_ERR_LIMIT || issues.count > 0);
	SF_ASSERT(err == SF_OK || diag.text[0] != '\0');
	if (!err) {
		SF_ASSERT(issues.count == 0 && document.header_id[0] != '\0');
		SF_ASSERT(document.kind != SF_DOCUMENT_NOTIFICATION ||
			  (document.stay.activity != SF_ACTIVITY_NONE &&
				  document.stay.stay_class != SF_STAY_CLASS_NONE &&
				  document.stay.mode != SF_MODE_NONE));
	}
	if (err == SF_OK || err == SF_ERR_FORMAT)
		fuzz_answer(&format, content_type, &document, &issues);
	fuzz_canonical(&format, content_type, bytes);
	sf_arena_fini(&arena);
}

#endif
