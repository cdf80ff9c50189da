#include "bridge/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#define HOST_SIZE 64
#define BACKLOG 64

static enum sf_err wrong(struct sf_diag *diag, const char *text)
{
	sf_diag_set(
		diag, "'%s' is no address to listen on, write 127.0.0.1:2575 or [::1]:2575", text);
	return SF_ERR_CONFIG;
}

static bool read_port(const char *text, uint16_t *ret_port)
{
	uint32_t port = 0;
	size_t digits = 0;
	for (; text[digits] >= '0' && text[digits] <= '9' && digits < 6; digits++)
		port = port * 10 + (uint32_t)(text[digits] - '0');
	*ret_port = (uint16_t)port;
	return digits > 0 && text[digits] == '\0' && port <= UINT16_MAX;
}

/* "host" and "[host]" before the last colon. */
static bool split(const char *text, char ret_host[HOST_SIZE], bool *ret_six, uint16_t *ret_port)
{
	const char *colon = strrchr(text, ':');
	size_t size = colon ? (size_t)(colon - text) : 0;
	*ret_six = size > 2 && text[0] == '[' && text[size - 1] == ']';
	if (*ret_six) {
		text++;
		size -= 2;
	}
	if (size == 0 || size >= HOST_SIZE || !read_port(colon + 1, ret_port))
		return false;
	memcpy(ret_host, text, size);
	ret_host[size] = '\0';
	return true;
}

enum sf_err sf_address_parse(const char *text, struct sf_address *ret_address, struct sf_diag *diag)
{
	char host[HOST_SIZE];
	bool six;
	uint16_t port;
	if (!split(text, host, &six, &port))
		return wrong(diag, text);
	struct sf_address address = {.size = 0};
	struct sockaddr_in four_place = {.sin_family = AF_INET, .sin_port = htons(port)};
	struct sockaddr_in6 six_place = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
	if (six && inet_pton(AF_INET6, host, &six_place.sin6_addr) == 1) {
		address.size = sizeof(six_place);
		address.loopback = IN6_IS_ADDR_LOOPBACK(&six_place.sin6_addr);
		memcpy(&address.place, &six_place, sizeof(six_place));
	} else if (!six && inet_pton(AF_INET, host, &four_place.sin_addr) == 1) {
		address.size = sizeof(four_place);
		address.loopback = ntohl(four_place.sin_addr.s_addr) >> 24 == 127;
		memcpy(&address.place, &four_place, sizeof(four_place));
	} else {
		return wrong(diag, text);
	}
	*ret_address = address;
	return SF_OK;
}

static unsigned port_of(int descriptor)
{
	struct sockaddr_storage place = {0};
	socklen_t size = sizeof(place);
	if (getsockname(descriptor, (struct sockaddr *)&place, &size) != 0)
		return 0;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
	memcpy(&four, &place, sizeof(four));
	memcpy(&six, &place, sizeof(six));
	return ntohs(place.ss_family == AF_INET6 ? six.sin6_port : four.sin_port);
}

enum sf_err sf_address_listen(const struct sf_address *address, const char *text,
	int *ret_descriptor, unsigned *ret_port, struct sf_diag *diag)
{
	int descriptor =
		socket(address->place.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int on = 1;
	if (descriptor >= 0 &&
		setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
		bind(descriptor, (const struct sockaddr *)&address->place, address->size) == 0 &&
		listen(descriptor, BACKLOG) == 0) {
		*ret_descriptor = descriptor;
		*ret_port = port_of(descriptor);
		return SF_OK;
	}
	const char *reason = strerrordesc_np(errno);
	sf_diag_set(diag, "cannot listen on %s: %s", text, reason ? reason : "unknown reason");
	if (descriptor >= 0)
		close(descriptor);
	return SF_ERR_IO;
}
