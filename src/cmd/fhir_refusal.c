#include "cmd/fhir_refusal.h"

#include "format/format.h"

#define ROOM_MAX ((size_t)64 * 1024 * 1024) /* of a document that is read */

static void make_uuid(const struct sf_env *env, char ret_text[SF_UUID_TEXT_SIZE])
{
	uint8_t chance[10];
	env->random(env->self, chance, sizeof(chance));
	sf_id_format_uuid(sf_id_timed(env->now_ms(env->self), chance), ret_text);
}

/* MedCom KR2: an acknowledgement is never acknowledged; and what has no name cannot be. */
static bool can_be_acknowledged(const struct sf_document *document)
{
	return document->kind != SF_DOCUMENT_ACKNOWLEDGEMENT && document->header_id &&
	       document->header_id[0];
}

static enum sf_err write_of(const struct sf_env *env, const struct sf_format *format,
	const char *content_type, const struct sf_document *document,
	const struct sf_issue_row *issue, struct sf_buf *buf)
{
	char bundle[SF_UUID_TEXT_SIZE], header[SF_UUID_TEXT_SIZE], provenance[SF_UUID_TEXT_SIZE];
	make_uuid(env, bundle);
	make_uuid(env, header);
	make_uuid(env, provenance);
	const struct sf_issues issues = {
		.count = 1, .items = {{issue->fatal, issue->code, issue->expression, issue->text}}};
	size_t count = document->provenance_count;
	const struct sf_acknowledgement_request request = {.content_type = content_type,
		.bundle_id = bundle,
		.header_id = header,
		.provenance_id = provenance,
		.acknowledged_id = document->header_id,
		.acknowledged_provenance = count > 0 ? &document->provenances[count - 1] : NULL,
		.sender = document->receiver,
		.receiver = document->sender,
		.ack = SF_ACK_TRANSIENT_ERROR,
		.issues = &issues,
		.now_ms = env->now_ms(env->self)};
	return format->write_acknowledgement(format->self, &request, buf, NULL);
}

static enum sf_err write_transient(void *self, const char *content_type, struct sf_view content,
	const struct sf_issue_row *issue, struct sf_buf *buf)
{
	const struct sf_process *process = self;
	struct sf_format format;
	struct sf_document document;
	struct sf_issues found = {.count = 0};
	struct sf_diag ignored;
	struct sf_arena arena;
	sf_format_port(&format);
	sf_arena_init(&arena, ROOM_MAX);
	enum sf_err err = format.read(
		format.self, content_type, content, &arena, &document, &found, &ignored);
	if (!err && !can_be_acknowledged(&document))
		err = SF_ERR_UNSUPPORTED;
	if (!err)
		err = write_of(&process->env, &format, content_type, &document, issue, buf);
	sf_arena_fini(&arena);
	return err;
}

struct sf_http_refusal sf_fhir_refusal(struct sf_process *process)
{
	return (struct sf_http_refusal){process, write_transient};
}
