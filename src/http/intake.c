#include "http/intake.h"

#include <string.h>
#include <strings.h>

#include "http/parameter.h"
#include "http/trace.h"

static enum sf_http_method method_of(struct sf_view text)
{
	static const struct {
		const char *name;
		enum sf_http_method method;
	} methods[] = {
		{"GET", SF_HTTP_GET},
		{"HEAD", SF_HTTP_GET},
		{"POST", SF_HTTP_POST},
		{"PUT", SF_HTTP_PUT},
		{"DELETE", SF_HTTP_DELETE},
	};
	for (size_t i = 0; i < SF_COUNT(methods); i++)
		if (sf_view_equal(text, sf_view_text(methods[i].name)))
			return methods[i].method;
	return (enum sf_http_method)0;
}

static const char *lower_text(struct sf_arena *arena, struct sf_view text)
{
	char *lower = sf_arena_text(arena, text);
	for (char *at = lower; at && *at; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at - 'A' + 'a');
	return lower;
}

/* "application/fhir+json; charset=UTF-8": the type alone, and its charset without quotes. */
static bool read_content_type(
	struct sf_view value, struct sf_arena *arena, struct sf_http_request *request)
{
	request->content_type = lower_text(arena, sf_parameter_cut(&value, ';'));
	struct sf_view charset = sf_view_text("");
	while (value.size > 0) {
		struct sf_view parameter = sf_parameter_cut(&value, ';');
		struct sf_view name = sf_parameter_cut(&parameter, '=');
		if (name.size == 7 && strncasecmp((const char *)name.data, "charset", 7) == 0)
			charset = sf_parameter_trim(parameter);
	}
	if (charset.size >= 2 && charset.data[0] == '"' && charset.data[charset.size - 1] == '"')
		charset = sf_view_of(charset.data + 1, charset.size - 2);
	request->charset = lower_text(arena, charset);
	return request->content_type && request->charset;
}

bool sf_intake_read(const struct sf_guard_head *head, const struct sf_guard_target *target,
	struct sf_arena *arena, struct sf_http_request *request)
{
	const struct {
		const char *name;
		const char **place;
	} texts[] = {
		{"accept", &request->accept},
		{"accept-encoding", &request->accept_encoding},
		{"authorization", &request->authorization},
		{"idempotency-key", &request->idempotency_key},
		{"if-match", &request->if_match},
		{"if-none-match", &request->if_none_match},
		{"last-event-id", &request->last_event_id},
		{"stafet-purpose", &request->purpose},
		{"stafet-contact-name", &request->contact_name},
		{"stafet-contact-telephone", &request->contact_telephone},
		{"cookie", &request->cookie},
		{"origin", &request->origin},
		{"sec-fetch-site", &request->fetch_site},
		{"stafet-csrf", &request->csrf},
		{"stafet-background", &request->background},
		{"host", &request->host},
	};
	request->method = method_of(head->method);
	request->encrypted = head->encrypted;
	request->path = target->path;
	request->query = target->query;
	for (size_t i = 0; i < SF_COUNT(texts); i++) {
		*texts[i].place = sf_arena_text(
			arena, sf_parameter_trim(sf_guard_field(head, texts[i].name)));
		if (!*texts[i].place)
			return false;
	}
	struct sf_view trace =
		sf_trace_read(sf_parameter_trim(sf_guard_field(head, "traceparent")));
	request->traceparent = sf_arena_text(arena, trace);
	return request->traceparent &&
	       read_content_type(
		       sf_parameter_trim(sf_guard_field(head, "content-type")), arena, request);
}
