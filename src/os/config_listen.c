#include "os/config_listen.h"

#include <stdio.h>
#include <string.h>

#include "base/address.h"

enum sf_err sf_config_listener_check(const char *path, const char *section,
	const struct sf_config_listener *listener, struct sf_diag *diag)
{
	struct sf_address address;
	if (!listener->address[0])
		return SF_OK;
	if (sf_address_parse(listener->address, &address))
		return SF_ERR_CONFIG;
	bool certificate = listener->certificate[0] != '\0';
	const char *why = NULL;
	if (certificate != (listener->key[0] != '\0'))
		why = "'certificate' and 'key' stand together, add the other";
	else if (listener->client_authority[0] && !certificate)
		why = "'client-authority' needs 'certificate' and 'key', add them";
	else if (!address.loopback && !certificate)
		why = "without 'certificate' and 'key' only a loopback address (127.0.0.0/8, ::1) "
		      "can be listened at, add them";
	if (!why)
		return SF_OK;
	sf_diag_set(diag, "%s:%u: section '%s': %s", path, listener->line, section, why);
	return SF_ERR_CONFIG;
}

/* "127.0.0.1", "::1": as the address of who asks is written. */
static bool is_loopback(const char *text)
{
	char whole[SF_CONFIG_TEXT_SIZE + 8];
	struct sf_address address;
	snprintf(whole, sizeof(whole), strchr(text, ':') ? "[%s]:1" : "%s:1", text);
	return !sf_address_parse(whole, &address) && address.loopback;
}

/* A field that has no other meaning: everybody may send Authorization, Cookie and Host. */
static bool is_field(const char *name)
{
	return strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") ==
		       strlen(name) &&
	       (strncmp(name, "X-", 2) == 0 || strncmp(name, "x-", 2) == 0);
}

static const char *why_not_trusted(const struct sf_config_http *config)
{
	const struct sf_config_trusted *trusted = &config->trusted;
	bool certificate = strcmp(trusted->from, "certificate") == 0;
	if (!trusted->user[0] || !trusted->roles[0] || !trusted->from[0])
		return "'user', 'roles' and 'from' stand together, add what is missing";
	if (!config->listener.address[0])
		return "it is of the section 'http', add that";
	if (!is_field(trusted->user) || !is_field(trusted->roles))
		return "'user' and 'roles' are names of fields that begin with X-";
	if (strcmp(trusted->user, trusted->roles) == 0)
		return "'user' and 'roles' are two fields";
	if (certificate && !config->listener.client_authority[0])
		return "from = certificate needs 'client-authority' in the section 'http', add it";
	if (!certificate && !is_loopback(trusted->from))
		return "'from' is a loopback address (127.0.0.1, ::1) or certificate";
	return NULL;
}

enum sf_err sf_config_http_check(
	const char *path, const struct sf_config_http *config, struct sf_diag *diag)
{
	const struct sf_config_trusted *trusted = &config->trusted;
	enum sf_err err = sf_config_listener_check(path, "http", &config->listener, diag);
	bool said = trusted->user[0] || trusted->roles[0] || trusted->from[0] || trusted->passwords;
	const char *why = said ? why_not_trusted(config) : NULL;
	if (err || !why)
		return err;
	sf_diag_set(diag, "%s: section 'trusted-header': %s", path, why);
	return SF_ERR_CONFIG;
}
