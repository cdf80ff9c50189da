/*
 * The console: pages for a browser. Only files that everybody may have are answered here; what a
 * page shows it asks of the API, as any client does (console/README.md).
 */
#include <string.h>

#include "http/answer.h"
#include "http/console_assets.h"
#include "http/problem.h"
#include "http/routes.h"

#define ASSET_SIZE_MAX ((size_t)4 * 1024 * 1024)

/*
 * What a browser holds the pages to: scripts, styles and requests of this origin alone, nothing
 * inline, no text that becomes markup or code, no frame around it (CSP 3, Trusted Types). A page
 * that is shown here tells nobody where its reader came from.
 */
static const struct sf_http_header security_headers[] = {
	{"Content-Security-Policy",
		"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
		"font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
		"frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"},
	{"X-Frame-Options", "DENY"},
	{"Referrer-Policy", "no-referrer"},
	{"Cross-Origin-Opener-Policy", "same-origin"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
	{"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
	{"Vary", "Accept-Encoding"},
};

static const struct sf_console_asset *find(const char *name)
{
	for (size_t i = 0; i < sf_console_asset_count; i++)
		if (strcmp(sf_console_assets[i].name, name) == 0)
			return &sf_console_assets[i];
	return NULL;
}

/* "gzip", "x-gzip;q=0.5, *", ...: named and not refused by a weight of nought (RFC 9110, 12.5.3).
 */
static bool takes_gzip(const char *accepted)
{
	const char *found = strstr(accepted, "gzip");
	if (!found)
		return false;
	const char *weight = found + strlen("gzip") + strspn(found + strlen("gzip"), " ;");
	if (strncmp(weight, "q=0", 3) != 0)
		return true;
	weight += strlen("q=0");
	return weight[strspn(weight, ".0")] >= '1' && weight[strspn(weight, ".0")] <= '9';
}

static void answer_asset(struct sf_exchange *exchange, const char *name)
{
	const struct sf_console_asset *asset = find(name);
	struct sf_http_response *response = exchange->response;
	if (!asset) {
		sf_problem(exchange, 404, "the console has no file of this name");
		return;
	}
	bool packed = takes_gzip(exchange->request->accept_encoding);
	response->headers = security_headers;
	response->header_count = SF_COUNT(security_headers);
	/* Kept by the browser, and asked for again with If-None-Match whenever it is used. */
	response->cache_control = "no-cache";
	if (sf_answer_unchanged(exchange, packed ? asset->gzip_etag : asset->etag))
		return;
	sf_buf_init(&response->body, ASSET_SIZE_MAX);
	if (sf_buf_append(&response->body, packed ? asset->gzip : asset->bytes)) {
		sf_problem(exchange, 503, "there is no memory for this file now");
		return;
	}
	response->status = 200;
	response->content_type = asset->content_type;
	response->content_encoding = packed ? "gzip" : NULL;
}

static bool ask_root(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	(void)ret_request;
	exchange->response->status = 303;
	exchange->response->location = "/console/";
	return false;
}

/* Which page is meant, the page itself reads from its address. */
static bool ask_page(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	(void)ret_request;
	answer_asset(exchange, "index.html");
	return false;
}

static bool ask_asset(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	(void)ret_request;
	answer_asset(exchange, exchange->parameters[0]);
	return false;
}

/* clang-format off */
const struct sf_route sf_routes_console[SF_ROUTES_CONSOLE_COUNT] = {
	{SF_HTTP_GET, "/", "enterConsole", "To the console.",
		SF_API_ANYBODY, ask_root, NULL},
	{SF_HTTP_GET, "/console/", "readConsole", "The console, for a browser.",
		SF_API_ANYBODY, ask_page, NULL},
	{SF_HTTP_GET, "/console/{page}", "readConsolePage", "A page of the console.",
		SF_API_ANYBODY, ask_page, NULL},
	{SF_HTTP_GET, "/console/{page}/{of}", "readConsolePageOf", "A page of the console about one thing.",
		SF_API_ANYBODY, ask_page, NULL},
	{SF_HTTP_GET, "/console/assets/{file}", "readConsoleAsset", "A file that the console is made of.",
		SF_API_ANYBODY, ask_asset, NULL},
};
/* clang-format on */
