#include "os/config_listen.h"

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
