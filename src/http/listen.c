#include "http/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/address.h"

#define BACKLOG 511

/* What the system knows an address as. */
union place {
	struct sockaddr any;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
};

static socklen_t place_of(const struct sf_address *address, union place *ret_place)
{
	if (address->six) {
		ret_place->six = (struct sockaddr_in6){
			.sin6_family = AF_INET6, .sin6_port = htons(address->port)};
		memcpy(&ret_place->six.sin6_addr, address->bytes, sizeof(struct in6_addr));
		return sizeof(ret_place->six);
	}
	ret_place->four =
		(struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(address->port)};
	memcpy(&ret_place->four.sin_addr, address->bytes, sizeof(struct in_addr));
	return sizeof(ret_place->four);
}

static uint16_t port_of(int descriptor)
{
	union place place;
	socklen_t size = sizeof(place);
	if (getsockname(descriptor, &place.any, &size) != 0)
		return 0;
	return ntohs(place.any.sa_family == AF_INET ? place.four.sin_port : place.six.sin6_port);
}

enum sf_err sf_http_listen(const char *address, bool loopback_only, int *ret_descriptor,
	uint16_t *ret_port, struct sf_diag *diag)
{
	struct sf_address parsed;
	union place place;
	if (sf_address_parse(address, &parsed)) {
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
	socklen_t size = place_of(&parsed, &place);
	int descriptor = socket(place.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	bool good = descriptor >= 0 &&
		    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0;
	if (good && parsed.six)
		good = setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) == 0;
	good = good && bind(descriptor, &place.any, size) == 0 && listen(descriptor, BACKLOG) == 0;
	if (good) {
		*ret_descriptor = descriptor;
		*ret_port = port_of(descriptor);
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
