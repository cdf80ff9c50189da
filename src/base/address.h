/*
 * Where to listen, as a configuration writes it: a numeric address and a port, "127.0.0.1:8080" or
 * "[::1]:8080". No name is looked up.
 */
#ifndef SF_BASE_ADDRESS_H
#define SF_BASE_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct sf_address {
	bool six;          /* IPv6; else the first four bytes are of IPv4 */
	uint8_t bytes[16]; /* in network order */
	uint16_t port;     /* 0: any free one */
	bool loopback;     /* 127.0.0.0/8 or ::1 */
};

/* SF_ERR_FORMAT for any other text; IPv6 as RFC 4291 section 2.2 writes it, without a zone. */
SF_MUST_USE enum sf_err sf_address_parse(const char *text, struct sf_address *ret_address);

#endif
