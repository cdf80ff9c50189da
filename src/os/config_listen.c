#include "os/config_listen.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

static bool is_port(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	return digits > 0 && digits <= 5 && text[digits] == '\0' && strtol(text, NULL, 10) <= 65535;
}

enum sf_err sf_config_listen_parse(const char *text, bool *ret_loopback)
{
	char host[INET6_ADDRSTRLEN] = "";
	const char *colon = strrchr(text, ':');
	size_t size = colon ? (size_t)(colon - text) : 0;
	bool bracketed = size > 2 && text[0] == '[' && text[size - 1] == ']';
	size_t host_size = bracketed ? size - 2 : size;
	if (!colon || !is_port(colon + 1) || host_size >= sizeof(host))
		return SF_ERR_FORMAT;
	memcpy(host, text + bracketed, host_size);
	struct in6_addr six;
	struct in_addr four;
	if (bracketed && inet_pton(AF_INET6, host, &six) == 1)
		*ret_loopback = IN6_IS_ADDR_LOOPBACK(&six);
	else if (!bracketed && inet_pton(AF_INET, host, &four) == 1)
		*ret_loopback = ntohl(four.s_addr) >> 24 == 127;
	else
		return SF_ERR_FORMAT;
	return SF_OK;
}

enum sf_err sf_config_listener_check(const char *path, const char *section,
	const struct sf_config_listener *listener, struct sf_diag *diag)
{
	bool loopback = false;
	if (!listener->address[0])
		return SF_OK;
	if (sf_config_listen_parse(listener->address, &loopback))
		return SF_ERR_CONFIG;
	bool certificate = listener->certificate[0] != '\0';
	const char *why = NULL;
	if (certificate != (listener->key[0] != '\0'))
		why = "'certificate' and 'key' stand together, add the other";
	else if (listener->client_authority[0] && !certificate)
		why = "'client-authority' needs 'certificate' and 'key', add them";
	else if (!loopback && !certificate)
		why = "without 'certificate' and 'key' only a loopback address (127.0.0.0/8, ::1) "
		      "can be listened at, add them";
	if (!why)
		return SF_OK;
	sf_diag_set(diag, "%s:%u: section '%s': %s", path, listener->line, section, why);
	return SF_ERR_CONFIG;
}
