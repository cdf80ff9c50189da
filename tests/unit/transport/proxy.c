#include "unit/transport/proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static struct sockaddr_in loopback(int port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return address;
}

void proxy_open(struct proxy *proxy, const char *target_endpoint)
{
	*proxy = (struct proxy){.listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)};
	proxy->target_port = (int)strtol(strrchr(target_endpoint, ':') + 1, NULL, 10);
	for (size_t i = 0; i < PROXY_LINK_MAX; i++)
		proxy->links[i] = (struct proxy_link){-1, -1};
	struct sockaddr_in address = loopback(0);
	socklen_t size = sizeof(address);
	assert_int_equal(bind(proxy->listener, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(proxy->listener, 16), 0);
	assert_int_equal(getsockname(proxy->listener, (struct sockaddr *)&address, &size), 0);
	proxy->port = ntohs(address.sin_port);
}

static void end_link(struct proxy_link *link)
{
	if (link->client >= 0)
		close(link->client);
	if (link->server >= 0)
		close(link->server);
	*link = (struct proxy_link){-1, -1};
}

void proxy_cut(struct proxy *proxy)
{
	for (size_t i = 0; i < PROXY_LINK_MAX; i++)
		end_link(&proxy->links[i]);
}

void proxy_close(struct proxy *proxy)
{
	proxy_cut(proxy);
	close(proxy->listener);
}

size_t proxy_fds(const struct proxy *proxy, struct pollfd *ret_fds)
{
	size_t count = 0;
	ret_fds[count++] = (struct pollfd){.fd = proxy->listener, .events = POLLIN};
	for (size_t i = 0; i < PROXY_LINK_MAX; i++) {
		if (proxy->links[i].client < 0)
			continue;
		ret_fds[count++] = (struct pollfd){.fd = proxy->links[i].client, .events = POLLIN};
		ret_fds[count++] = (struct pollfd){.fd = proxy->links[i].server, .events = POLLIN};
	}
	return count;
}

static void accept_link(struct proxy *proxy)
{
	int client = accept(proxy->listener, NULL, NULL);
	if (client < 0)
		return;
	int server = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in address = loopback(proxy->target_port);
	if (connect(server, (struct sockaddr *)&address, sizeof(address)) != 0) {
		close(client);
		close(server);
		return;
	}
	for (size_t i = 0; i < PROXY_LINK_MAX; i++) {
		if (proxy->links[i].client < 0) {
			proxy->links[i] = (struct proxy_link){client, server};
			return;
		}
	}
	fail_msg("more connections than the proxy has room for");
}

static void damage(struct proxy *proxy, unsigned char *bytes, size_t size)
{
	if (!proxy->flip || size == 0)
		return;
	size_t offset = proxy->flip_offset < size ? proxy->flip_offset : size - 1;
	bytes[offset] ^= proxy->flip_mask;
	proxy->flip = false;
	proxy->flipped++;
}

/* False when one end is closed. */
static bool pass(struct proxy *proxy, int from, int to, bool from_server)
{
	unsigned char bytes[65536];
	ssize_t size = recv(from, bytes, sizeof(bytes), MSG_DONTWAIT);
	if (size < 0)
		return true;
	if (size == 0)
		return false;
	if (from_server && proxy->mute)
		return true;
	if (from_server)
		damage(proxy, bytes, (size_t)size);
	return send(to, bytes, (size_t)size, MSG_NOSIGNAL) == size;
}

void proxy_serve(struct proxy *proxy)
{
	accept_link(proxy);
	for (size_t i = 0; i < PROXY_LINK_MAX; i++) {
		struct proxy_link *link = &proxy->links[i];
		if (link->client < 0)
			continue;
		if (!pass(proxy, link->client, link->server, false) ||
			!pass(proxy, link->server, link->client, true))
			end_link(link);
	}
}
