#include "http/fhir_syntax.h"

#include <string.h>
#include <strings.h>

#include "http/parameter.h"

#define PATH "/fhir"
#define QUALITY_MAX 1000
#define FORMAT_SIZE 64

/* Beside FHIR's own names the plain ones are taken, as FHIR servers do. */
static const struct {
	const char *type;
	bool xml;
} types[] = {
	{SF_FHIR_JSON, false},
	{SF_FHIR_XML, true},
	{"application/json", false},
	{"text/json", false},
	{"application/xml", true},
	{"text/xml", true},
	{"json", false}, /* of _format alone */
	{"xml", true},
};

bool sf_fhir_is_path(const char *path)
{
	const size_t size = sizeof(PATH) - 1;
	return path && strncmp(path, PATH, size) == 0 && (path[size] == '\0' || path[size] == '/');
}

const char *sf_fhir_type(bool xml)
{
	return xml ? SF_FHIR_XML : SF_FHIR_JSON;
}

static bool same_text(struct sf_view text, const char *wanted)
{
	return text.size == strlen(wanted) &&
	       strncasecmp((const char *)text.data, wanted, text.size) == 0;
}

static bool is_type(struct sf_view text, bool *ret_xml)
{
	for (size_t i = 0; i < SF_COUNT(types); i++)
		if (same_text(text, types[i].type)) {
			*ret_xml = types[i].xml;
			return true;
		}
	return false;
}

bool sf_fhir_is_content(const struct sf_http_request *request, bool *ret_xml)
{
	struct sf_view type = sf_view_text(request->content_type);
	bool whole = type.size > 0 && memchr(type.data, '/', type.size);
	bool utf8 = request->charset[0] == '\0' || strcmp(request->charset, "utf-8") == 0;
	return whole && utf8 && is_type(type, ret_xml);
}

/* "0.75" in thousandths (RFC 9110 section 12.4.2); what is no weight is 0. */
static int weight_of(struct sf_view text)
{
	int weight = 0, unit = QUALITY_MAX;
	for (size_t i = 0; i < text.size && i < 5; i++) {
		uint8_t each = text.data[i];
		if (i == 1 && each == '.')
			continue;
		if (each < '0' || each > '9')
			return 0;
		weight += (each - '0') * unit;
		unit /= 10;
	}
	return weight <= QUALITY_MAX ? weight : QUALITY_MAX;
}

/* How much one of the two is wanted: the most specific range that it is in decides. */
struct wish {
	int specific; /* 0 in none, 1 all, 2 application/ *, 3 named */
	int weight;
};

static void note(struct wish *wish, int specific, int weight)
{
	if (specific > wish->specific || (specific == wish->specific && weight > wish->weight))
		*wish = (struct wish){specific, weight};
}

/* wishes[0] for JSON, wishes[1] for XML. */
static void read_range(struct sf_view range, struct wish wishes[2])
{
	struct sf_view type = sf_parameter_cut(&range, ';');
	int weight = QUALITY_MAX;
	while (range.size > 0) {
		struct sf_view parameter = sf_parameter_cut(&range, ';');
		struct sf_view name = sf_parameter_cut(&parameter, '=');
		if (same_text(name, "q"))
			weight = weight_of(parameter);
	}
	bool xml;
	if (is_type(type, &xml)) {
		note(&wishes[xml], 3, weight);
	} else if (same_text(type, "application/*")) {
		note(&wishes[0], 2, weight);
		note(&wishes[1], 2, weight);
	} else if (same_text(type, "*/*")) {
		note(&wishes[0], 1, weight);
		note(&wishes[1], 1, weight);
	}
}

/* The value of _format in the query, with the one encoding that its values need; "" without. */
static struct sf_view format_of(const char *query, char place[FORMAT_SIZE])
{
	struct sf_view rest = sf_view_text(query ? query : "");
	while (rest.size > 0) {
		struct sf_view value = sf_parameter_cut(&rest, '&');
		struct sf_view name = sf_parameter_cut(&value, '=');
		if (!same_text(name, "_format"))
			continue;
		size_t size = 0;
		for (size_t i = 0; i < value.size && size < FORMAT_SIZE; i++, size++) {
			bool plus = i + 2 < value.size && value.data[i] == '%' &&
				    value.data[i + 1] == '2' && (value.data[i + 2] | 32) == 'b';
			bool slash = i + 2 < value.size && value.data[i] == '%' &&
				     value.data[i + 1] == '2' && (value.data[i + 2] | 32) == 'f';
			place[size] = plus ? '+' : slash ? '/' : (char)value.data[i];
			i += plus || slash ? 2 : 0;
		}
		return sf_view_of(place, size);
	}
	return sf_view_of(place, 0);
}

static void read_wishes(const struct sf_http_request *request, struct wish wishes[2])
{
	char place[FORMAT_SIZE];
	struct sf_view format = format_of(request->query, place);
	const char *accept = request->accept ? request->accept : "";
	wishes[0] = wishes[1] = (struct wish){0, 0};
	if (format.size > 0) {
		read_range(format, wishes);
		return;
	}
	if (accept[0] == '\0')
		accept = "*/*";
	struct sf_view rest = sf_view_text(accept);
	while (rest.size > 0)
		read_range(sf_parameter_cut(&rest, ','), wishes);
}

bool sf_fhir_choose(const struct sf_http_request *request, bool xml, bool *ret_xml)
{
	struct wish wishes[2];
	read_wishes(request, wishes);
	*ret_xml = wishes[1].weight == wishes[0].weight ? xml : wishes[1].weight > wishes[0].weight;
	return wishes[0].weight > 0 || wishes[1].weight > 0;
}

bool sf_fhir_accepts(const struct sf_http_request *request, bool xml)
{
	struct wish wishes[2];
	read_wishes(request, wishes);
	return wishes[xml].weight > 0;
}
