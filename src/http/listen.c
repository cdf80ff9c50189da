#include "http/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 511
#define ADDRESS_TEXT_SIZE 64

struct address {
	union {
		struct sockaddr any;
		struct sockaddr_in four;
		struct sockaddr_in6 six;
	};
	socklen_t size;
	bool loopback;
};

/* host: without brackets. */
static bool read_host(const char *host, bool bracketed, uint16_t port, struct address *address)
{
	*address = (struct address){.size = 0};
	if (bracketed) {
		address->six =
			(struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons(port)};
		address->size = sizeof(address->six);
		if (inet_pton(AF_INET6, host, &address->six.sin6_addr) != 1)
			return false;
		address->loopback = IN6_IS_ADDR_LOOPBACK(&address->six.sin6_addr);
		return true;
	}
	address->four = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port)};
	address->size = sizeof(address->four);
	if (inet_pton(AF_INET, host, &address->four.sin_addr) != 1)
		return false;
	address->loopback = ntohl(address->four.sin_addr.s_addr) >> 24 == 127;
	return true;
}

static bool read_address(const char *text, struct address *address)
{
	char host[ADDRESS_TEXT_SIZE];
	const char *colon = strrchr(text, ':');
	if (!colon || (size_t)(colon - text) >= sizeof(host))
		return false;
	size_t size = (size_t)(colon - text);
	bool bracketed = size > 2 && text[0] == '[' && text[size - 1] == ']';
	memcpy(host, text + bracketed, size - 2 * bracketed);
	host[size - 2 * bracketed] = '\0';
	size_t digits = strspn(colon + 1, "0123456789");
	if (digits == 0 || digits > 5 || colon[1 + digits] != '\0')
		return false;
	long port = strtol(colon + 1, NULL, 10);
	return port <= 65535 && read_host(host, bracketed, (uint16_t)port, address);
}

enum sf_err sf_http_listen(
	const char *address, bool loopback_only, int *ret_descriptor, struct sf_diag *diag)
{
	struct address parsed;
	if (!read_address(address, &parsed)) {
		sf_diag_set(
			diag, "cannot listen at %s: give a numeric address and a port", address);
		return SF_ERR_CONFIG;
	}
	if (loopback_only && !parsed.loopback) {
		sf_diag_set(
			diag, "%s is no loopback address: give a certificate and a key", address);
		return SF_ERR_CONFIG;
	}
	const int on = 1;
	int descriptor =
		socket(parsed.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	bool good = descriptor >= 0 &&
		    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0;
	if (good && parsed.any.sa_family == AF_INET6)
		good = setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) == 0;
	good = good && bind(descriptor, &parsed.any, parsed.size) == 0 &&
	       listen(descriptor, BACKLOG) == 0;
	if (good) {
		*ret_descriptor = descriptor;
		return SF_OK;
	}
	int error = errno;
	if (descriptor >= 0)
		close(descriptor);
	sf_diag_set(diag, "cannot listen at %s: %s", address,
		error == EADDRINUSE      ? "another program listens there"
		: error == EADDRNOTAVAIL ? "this machine has no such address"
		: error == EACCES        ? "this port is not for this user"
					 : "the system does not let it");
	return error == EADDRINUSE ? SF_ERR_EXISTS : SF_ERR_IO;
}
