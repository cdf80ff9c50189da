#include "http/fhir_outcome.h"

#include "core/issue_code.h"
#include "http/fhir_syntax.h"
#include "http/problem.h"
#include "text/fhir_write.h"

#define BODY_SIZE_MAX ((size_t)16 * 1024 * 1024)
#define RETRY_S 30

/* FHIR R4 value set issue-type. */
static const char *type_of(unsigned status)
{
	static const struct {
		unsigned status;
		const char *type;
	} types[] = {
		{400, "invalid"},
		{401, "login"},
		{403, "forbidden"},
		{404, "not-found"},
		{405, "not-supported"},
		{406, "not-supported"},
		{408, "timeout"},
		{409, "conflict"},
		{410, "deleted"},
		{412, "conflict"},
		{413, "too-long"},
		{414, "too-long"},
		{415, "not-supported"},
		{422, "processing"},
		{429, "throttled"},
		{501, "not-supported"},
		{503, "transient"},
		{507, "no-store"},
	};
	for (size_t i = 0; i < SF_COUNT(types); i++)
		if (types[i].status == status)
			return types[i].type;
	return status < 500 ? "invalid" : "exception";
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

struct sf_buf *sf_fhir_body(struct sf_exchange *exchange)
{
	struct sf_buf *body = &exchange->response->body;
	sf_buf_fini(body);
	sf_buf_init(body, BODY_SIZE_MAX);
	return body;
}

void sf_fhir_end_body(struct sf_exchange *exchange, enum sf_err err, unsigned status, bool xml)
{
	struct sf_http_response *response = exchange->response;
	response->status = err ? 500 : status;
	response->content_type = err ? "" : sf_fhir_type(xml);
	if (err)
		sf_buf_clear(&response->body);
}

static void put_issue(
	struct sf_fhir_writer *writer, const char *severity, const char *type, const char *text)
{
	sf_fhir_object(writer, NULL);
	sf_fhir_text(writer, "severity", severity);
	sf_fhir_text(writer, "code", type);
	sf_fhir_text(writer, "diagnostics", text);
	sf_fhir_close(writer);
}

static void put_medcom_issue(struct sf_fhir_writer *writer, const struct sf_issue_row *row)
{
	const char *code = or_empty(row->code);
	sf_fhir_object(writer, NULL);
	sf_fhir_text(writer, "severity", row->fatal ? "error" : "information");
	sf_fhir_text(writer, "code", sf_issue_type(code));
	if (code[0]) {
		sf_fhir_object(writer, "details");
		sf_fhir_list(writer, "coding");
		sf_fhir_object(writer, NULL);
		sf_fhir_text(writer, "system", sf_issue_system(code));
		sf_fhir_text(writer, "code", code);
		sf_fhir_close(writer);
		sf_fhir_close(writer);
		sf_fhir_close(writer);
	}
	sf_fhir_text(writer, "diagnostics", row->text);
	if (or_empty(row->expression)[0]) {
		sf_fhir_list(writer, "expression");
		sf_fhir_text(writer, NULL, row->expression);
		sf_fhir_close(writer);
	}
	sf_fhir_close(writer);
}

/* Where neither syntax will do the answer says so all the same, as posted, else in JSON. */
static bool begin(struct sf_exchange *exchange, struct sf_fhir_writer *writer)
{
	bool xml = false, posted = false;
	if (exchange->request->content_type)
		posted = sf_fhir_is_content(exchange->request, &xml) && xml;
	(void)sf_fhir_choose(exchange->request, posted, &xml);
	sf_fhir_begin(writer, xml, "OperationOutcome", sf_fhir_body(exchange));
	sf_fhir_list(writer, "issue");
	return xml;
}

static void end(
	struct sf_exchange *exchange, struct sf_fhir_writer *writer, unsigned status, bool xml)
{
	sf_fhir_close(writer);
	enum sf_err err = sf_fhir_end(writer);
	sf_fhir_end_body(exchange, err, status, xml);
	/* Without memory for the words the status alone must do. */
	exchange->response->status = status;
}

void sf_fhir_problem(struct sf_exchange *exchange, unsigned status, const char *detail)
{
	struct sf_fhir_writer writer;
	bool xml = begin(exchange, &writer);
	put_issue(&writer, "error", type_of(status),
		or_empty(detail)[0] ? detail : sf_problem_title(status));
	end(exchange, &writer, status, xml);
}

void sf_fhir_information(struct sf_exchange *exchange, unsigned status, const char *text)
{
	struct sf_fhir_writer writer;
	bool xml = begin(exchange, &writer);
	put_issue(&writer, "information", "informational", text);
	end(exchange, &writer, status, xml);
}

void sf_fhir_issues(struct sf_exchange *exchange, unsigned status, const struct sf_issue_row *rows,
	size_t count)
{
	struct sf_fhir_writer writer;
	bool xml = begin(exchange, &writer);
	for (size_t i = 0; i < count; i++)
		put_medcom_issue(&writer, &rows[i]);
	end(exchange, &writer, status, xml);
}

static unsigned status_of(enum sf_err err)
{
	switch (err) {
	case SF_ERR_FORMAT:
	case SF_ERR_USAGE:
		return 400;
	case SF_ERR_AUTH:
		return 403;
	case SF_ERR_NOT_FOUND:
		return 404;
	case SF_ERR_UNSUPPORTED:
		return 406;
	case SF_ERR_EXISTS:
	case SF_ERR_CONFLICT:
	case SF_ERR_STATE:
	case SF_ERR_REFUSED:
		return 409;
	case SF_ERR_LIMIT:
		return 413;
	case SF_ERR_DISK_FULL:
		return 507;
	case SF_OK:
	case SF_ERR_MEMORY:
	case SF_ERR_KEY_UNKNOWN:
	case SF_ERR_AGAIN:
	case SF_ERR_UNREACHABLE:
	case SF_ERR_IO:
	case SF_ERR_CORRUPT:
	case SF_ERR_CONFIG:
	case SF_ERR_INTEGRITY:
		break;
	}
	return 503;
}

void sf_fhir_reply_problem(struct sf_exchange *exchange, const struct sf_reply *reply)
{
	unsigned status = status_of(reply->err);
	if (status == 503)
		exchange->response->retry_after_s = RETRY_S;
	sf_fhir_problem(exchange, status, reply->text);
}
