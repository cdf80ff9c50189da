/*
 * The files of the console that the daemons carry inside: src/http/console/built/, made from its
 * sources by build.mjs and committed, so that building the daemons never needs Node.js. The rows
 * are written by cmake/embed_assets.cmake.
 */
#ifndef SF_HTTP_CONSOLE_ASSETS_H
#define SF_HTTP_CONSOLE_ASSETS_H

#include "base/bytes.h"

struct sf_console_asset {
	const char *name; /* "app.js" */
	const char *content_type;
	const char *etag; /* of the bytes as they are, with quotes */
	const char *gzip_etag;
	struct sf_view bytes;
	struct sf_view gzip; /* the same, packed */
};

extern const struct sf_console_asset sf_console_assets[];
extern const size_t sf_console_asset_count;

#endif
