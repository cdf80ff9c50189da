#include "unit/client/daemon.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define FDS_MAX 80

static void answer(struct daemon *daemon, const struct sf_server_call *call)
{
	struct sf_arena arena;
	struct sf_buf bytes;
	sf_arena_init(&arena, 4 * SF_LOCAL_SIZE_MAX);
	sf_buf_init(&bytes, SF_LOCAL_SIZE_MAX);
	struct sf_request request;
	struct sf_reply reply = {.text = ""};
	reply.err = sf_local_request_decode(call->request, &arena, &request, NULL);
	if (reply.err == SF_OK)
		daemon->script(&request, &arena, &reply);
	SF_ASSERT(sf_local_reply_encode(&reply, &bytes) == SF_OK);
	atomic_fetch_add(&daemon->answer_count, 1);
	if (atomic_load(&daemon->garbled))
		sf_server_reply(daemon->server, call->connection, sf_view_text("\xff\xff"));
	else
		sf_server_reply(daemon->server, call->connection, sf_buf_view(&bytes));
	sf_buf_fini(&bytes);
	sf_arena_fini(&arena);
}

static void *run(void *context)
{
	struct daemon *daemon = context;
	struct pollfd fds[FDS_MAX];
	for (;;) {
		size_t count = sf_server_poll(daemon->server, fds, FDS_MAX - 1);
		fds[count] = (struct pollfd){.fd = daemon->wake[1], .events = POLLIN};
		poll(fds, count + 1, -1);
		if (fds[count].revents != 0)
			return NULL;
		sf_server_handle(daemon->server, fds, count, 0);
		struct sf_server_call call;
		while (sf_server_take(daemon->server, &call)) {
			if (!atomic_load(&daemon->silent))
				answer(daemon, &call);
		}
	}
}

void daemon_again(struct daemon *daemon)
{
	struct sf_server_options options = sf_server_options_default(daemon->path);
	assert_int_equal(sf_server_open(&options, &daemon->server, NULL), SF_OK);
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	daemon->wake[0] = ends[1];
	daemon->wake[1] = ends[0];
	assert_int_equal(pthread_create(&daemon->thread, NULL, run, daemon), 0);
}

void daemon_start(struct daemon *daemon, daemon_script *script)
{
	*daemon = (struct daemon){.script = script};
	memcpy(daemon->folder, "/tmp/stafet-client-XXXXXX", 26);
	assert_non_null(mkdtemp(daemon->folder));
	snprintf(daemon->path, sizeof(daemon->path), "%s/socket", daemon->folder);
	daemon_again(daemon);
}

void daemon_stop(struct daemon *daemon)
{
	close(daemon->wake[0]);
	pthread_join(daemon->thread, NULL);
	close(daemon->wake[1]);
	sf_server_close(&daemon->server);
}

void daemon_end(struct daemon *daemon)
{
	if (daemon->server)
		daemon_stop(daemon);
	rmdir(daemon->folder);
}
