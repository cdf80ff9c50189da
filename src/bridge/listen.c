#include "bridge/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 64

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

static unsigned port_of(int descriptor)
{
	union place place;
	socklen_t size = sizeof(place);
	if (getsockname(descriptor, &place.any, &size) != 0)
		return 0;
	return ntohs(place.any.sa_family == AF_INET6 ? place.six.sin6_port : place.four.sin_port);
}

enum sf_err sf_bridge_listen(const struct sf_address *address, int *ret_descriptor,
	unsigned *ret_port, struct sf_diag *diag)
{
	union place place;
	socklen_t size = place_of(address, &place);
	int descriptor = socket(place.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int on = 1;
	if (descriptor >= 0 &&
		setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
		bind(descriptor, &place.any, size) == 0 && listen(descriptor, BACKLOG) == 0) {
		*ret_descriptor = descriptor;
		*ret_port = port_of(descriptor);
		return SF_OK;
	}
	const char *reason = strerrordesc_np(errno);
	sf_diag_set(diag, "cannot listen: %s", reason ? reason : "unknown reason");
	if (descriptor >= 0)
		close(descriptor);
	return SF_ERR_IO;
}

enum sf_err sf_bridge_dial(const struct sf_address *address, int *ret_descriptor)
{
	union place place;
	socklen_t size = place_of(address, &place);
	int descriptor = socket(place.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (descriptor >= 0 &&
		(connect(descriptor, &place.any, size) == 0 || errno == EINPROGRESS)) {
		*ret_descriptor = descriptor;
		return SF_OK;
	}
	if (descriptor >= 0)
		close(descriptor);
	return SF_ERR_IO;
}

bool sf_bridge_dialled(int descriptor)
{
	int code = 0;
	socklen_t size = sizeof(code);
	return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size) == 0 && code == 0;
}
