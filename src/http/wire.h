/*
 * One request inside the library, from its first line to the end of its response; and what server.c
 * and wire.c share. Private to these two, the only files that see microhttpd.h.
 */
#ifndef SF_HTTP_WIRE_H
#define SF_HTTP_WIRE_H

#include "http/server.h"

struct MHD_Connection;
struct MHD_Daemon;

/* A connection, with or without a request on it. */
struct sf_http_peer {
	struct sf_http_peer *next, *previous;
	struct MHD_Connection *connection; /* of the library */
	int descriptor;                    /* of the library */
	int64_t deadline_ms;               /* what it does now must be done by then */
	bool cut_off;
	struct sf_http_call *call; /* owned; NULL between requests */
};

enum wire_state {
	WIRE_HEAD = 0, /* only the first line is here */
	WIRE_BODY,
	WIRE_JUDGED, /* there is no body, and the response is made */
	WIRE_WHOLE,  /* waits to be taken; the connection rests */
	WIRE_TAKEN,  /* the connection rests */
	WIRE_ANSWERED,
	WIRE_SENDING,
	WIRE_STREAMING,
	WIRE_ASLEEP, /* a stream with nothing to give; the connection rests */
};

/* The server's side of a call. */
struct sf_http_wire {
	struct sf_http_server *server; /* borrowed */
	struct sf_http_peer *peer;     /* borrowed */
	enum wire_state state;
	char *target;       /* owned, as it was sent */
	int64_t begun_ms;   /* its first line was here */
	struct sf_buf body; /* owned; its size counts among the bytes that all bodies share */
	size_t excess;      /* bytes beyond what the body may have */
	bool no_room;       /* the bodies of others left none */
	bool closes;        /* the connection ends with the response */
	struct sf_http_source source;
	struct sf_http_call *next; /* in the line of those that wait, or among the taken */
};

struct sf_http_server {
	struct sf_http_server_options options;
	struct MHD_Daemon *library; /* owned */
	int descriptor;             /* of the library */
	bool encrypted;
	bool certifies_clients;
	uint16_t port;
	struct sf_http_peer *peers; /* owned */
	struct sf_http_call *first; /* whole ones, in order */
	struct sf_http_call *last;
	struct sf_http_call *taken;
	uint64_t next_number;
	bool resumes; /* a connection goes on: the library does not ask for its round by itself */
	int64_t now_ms;
	int64_t scan_ms;
	struct sf_http_server_counts counts;
};

/* NULL when memory is out. target is copied. */
struct sf_http_call *sf_wire_begin(
	struct sf_http_server *server, struct sf_http_peer *peer, const char *target);
/* The library has the head, a part of the body or its end; false: the connection must end. */
SF_MUST_USE bool sf_wire_proceed(struct sf_http_call *call, const char *method, const char *version,
	const char *bytes, size_t *size);
/* Frees the call and all that hangs on it. */
void sf_wire_end(struct sf_http_call *call);
/* The response of a taken call is made: the connection goes on. */
void sf_wire_answer(struct sf_http_call *call);

#endif
