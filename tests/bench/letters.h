/*
 * What is sent. Two kinds:
 *   LETTER  a whole MedCom HospitalNotification (the templates of tests/samples/templates without
 *           their white space, 4.4 KB of JSON), handed to the node's send service, read and checked
 *           at both ends;
 *   BODY    2,048 bytes of text/plain as the sealed body of the same fact, written as the node's
 *           services write theirs. No clinical document is read: this is the way alone.
 */
#ifndef SF_BENCH_LETTERS_H
#define SF_BENCH_LETTERS_H

#include "bench/machine.h"
#include "wire/local.h"

enum sf_bench_kind { SF_BENCH_BODY = 1, SF_BENCH_LETTER };

#define SF_BENCH_BODY_SIZE ((size_t)2048)

/* One stay: opened by an admission, and followed by a leave. */
struct sf_bench_stay {
	struct sf_id transition; /* of a BODY, none before the admission */
	char cpr[11];
	char episode[SF_UUID_TEXT_SIZE];
	char admission[SF_UUID_TEXT_SIZE]; /* MessageHeader.id */
	int64_t admitted_ms;
};

void sf_bench_stay_init(
	const struct sf_bench_region *region, size_t number, struct sf_bench_stay *ret_stay);
/*
 * The next request of a stay: its admission while opening, else its leave. What it borrows lives in
 * arena. reply is where the call's reply will be; a BODY takes its stay from there.
 */
void sf_bench_letter(const struct sf_bench_machine *from, enum sf_bench_kind kind, bool opening,
	struct sf_bench_stay *stay, struct sf_arena *arena, struct sf_request *ret_request,
	struct sf_reply *ret_reply);
/* Has the machine's engine serve a BODY too. */
void sf_bench_serve_bodies(struct sf_bench_machine *machine);

#endif
