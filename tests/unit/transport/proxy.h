/*
 * A TCP proxy of the tests that can damage what passes: it stands between a node and its
 * coordinator and flips one bit. Served by the test's own poll loop; nothing runs by itself.
 */
#ifndef SF_TEST_TRANSPORT_PROXY_H
#define SF_TEST_TRANSPORT_PROXY_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#define PROXY_LINK_MAX 64
#define PROXY_FD_MAX (1 + 2 * PROXY_LINK_MAX)

struct proxy_link {
	int client; /* -1: free */
	int server;
};

struct proxy {
	int listener;
	int target_port;
	int port;
	bool flip;          /* damage the next bytes from server to client, once */
	size_t flip_offset; /* in those bytes; the last one if there are fewer */
	unsigned char flip_mask;
	bool mute;      /* swallow what the server says */
	size_t flipped; /* how often damage was done */
	struct proxy_link links[PROXY_LINK_MAX];
};

void proxy_open(struct proxy *proxy, const char *target_endpoint);
void proxy_close(struct proxy *proxy);
/* Ends all connections that pass; new ones are welcome. */
void proxy_cut(struct proxy *proxy);
size_t proxy_fds(const struct proxy *proxy, struct pollfd *ret_fds);
void proxy_serve(struct proxy *proxy);

#endif
