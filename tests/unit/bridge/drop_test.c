/* Folders as a face, without a node: what is asked, when, and what stands in the folders after. */
#include "bridge/drop.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "bridge/folder.h"
#include "wire/local.h"

#define FAR_MS ((int64_t)3600 * 1000)

struct place {
	char in[64], out[64];
	int in_folder, out_folder;
	struct sf_drop *drop;
	struct sf_face face;
	struct sf_arena arena;
	int64_t now_ms;
	size_t told; /* that a file cannot be put aside */
};

static const char *guess(struct sf_view bytes)
{
	return bytes.size > 0 && bytes.data[0] == '{' ? "application/fhir+json" : NULL;
}

static void tell(void *self)
{
	((struct place *)self)->told++;
}

static void open_drop(struct place *place, bool in, bool out, bool mark_handled)
{
	const struct sf_drop_options options = {.in = in ? place->in : NULL,
		.out = out ? place->out : NULL,
		.mark_handled = mark_handled,
		.guess = guess,
		.tell = tell,
		.self = place};
	assert_int_equal(sf_drop_open(&options, &place->drop, NULL), SF_OK);
	place->face = sf_drop_face(place->drop);
}

static int make(void **state)
{
	static struct place place;
	place = (struct place){.in = "/tmp/stafet-in-XXXXXX", .out = "/tmp/stafet-out-XXXXXX"};
	sf_arena_init(&place.arena, (size_t)1 << 21);
	*state = &place;
	bool good = mkdtemp(place.in) && mkdtemp(place.out) &&
		    !sf_folder_open(place.in, &place.in_folder, NULL) &&
		    !sf_folder_open(place.out, &place.out_folder, NULL);
	return good ? 0 : -1;
}

static void empty(int folder, const char *path)
{
	DIR *entries = fdopendir(folder);
	const struct dirent *entry;
	while (entries && (entry = readdir(entries)))
		unlinkat(folder, entry->d_name, 0);
	closedir(entries);
	rmdir(path);
}

static int remove_all(void **state)
{
	struct place *place = *state;
	sf_drop_close(&place->drop);
	sf_arena_fini(&place->arena);
	empty(place->in_folder, place->in);
	empty(place->out_folder, place->out);
	return 0;
}

/* One round of the loop at a time; what is ready is what the system says. */
static void turn(struct place *place)
{
	struct sf_watch watches[1];
	size_t count = place->face.watch(place->face.self, watches, SF_COUNT(watches));
	for (size_t i = 0; i < count; i++) {
		struct pollfd polled = {.fd = watches[i].descriptor, .events = POLLIN};
		watches[i].ready = poll(&polled, 1, 0) > 0 ? SF_WATCH_READ : 0;
	}
	place->face.handle(place->face.self, watches, count, place->now_ms);
}

/* The call of the request that is taken now; 0 when none is. */
static uint64_t ask(struct place *place, struct sf_request *ret_request)
{
	uint64_t call = 0;
	turn(place);
	return place->face.take(place->face.self, &place->arena, &call, ret_request) ? call : 0;
}

static uint64_t asks(struct place *place, enum sf_request_kind kind, struct sf_request *ret_request)
{
	uint64_t call = ask(place, ret_request);
	assert_int_not_equal(call, 0);
	assert_int_equal(ret_request->kind, kind);
	assert_true(place->face.waits(place->face.self, call));
	return call;
}

static void answer(struct place *place, uint64_t call, const struct sf_request *request,
	const struct sf_reply *reply)
{
	place->face.reply(place->face.self, call, request, reply);
	assert_false(place->face.waits(place->face.self, call));
}

static void put(int folder, const char *name, const char *text)
{
	assert_int_equal(sf_folder_write(folder, name, sf_view_text(text)), SF_OK);
}

static bool is_there(int folder, const char *name)
{
	return faccessat(folder, name, F_OK, 0) == 0;
}

static void holds_text(int folder, const char *name, const char *text)
{
	struct sf_buf buf;
	struct sf_folder_mark mark;
	sf_buf_init(&buf, 4096);
	assert_int_equal(sf_folder_read(folder, name, &buf, &mark), SF_OK);
	assert_int_equal(sf_buf_append(&buf, sf_view_of("", 1)), SF_OK);
	assert_string_equal((const char *)sf_buf_view(&buf).data, text);
	sf_buf_fini(&buf);
}

static const struct sf_reply stored = {
	.kind = SF_REPLY_SENT, .sent = {.answer = SF_SEND_STORED, .message = {{1}}}};

static void test_file_is_handed_in_as_it_is_and_set_aside_with_its_id(void **state)
{
	struct place *place = *state;
	struct sf_request request;
	put(place->in_folder, "b", "plain");
	put(place->in_folder, "a", "{}");
	open_drop(place, true, false, false);
	uint64_t call = asks(place, SF_REQUEST_SEND, &request);
	assert_string_equal(request.asker.account, "channel:drop-in");
	assert_string_equal(request.send.content_type, "application/fhir+json");
	assert_true(sf_view_equal(request.send.content, sf_view_text("{}")));
	/* One at a time: the next would overtake it when a turn leaves it for later. */
	struct sf_request second;
	assert_int_equal(ask(place, &second), 0);
	answer(place, call, &request, &stored);
	holds_text(place->in_folder, "a.done", "{}");
	holds_text(place->in_folder, "a.done.note",
		"{\"answer\":\"stored\",\"message\":\"01000000000000000000000000000000\","
		"\"issues\":[]}\n");
	asks(place, SF_REQUEST_SEND, &request);
	assert_string_equal(request.send.content_type, "application/octet-stream");
}

/* The clock stands still: nothing but the system says that it came. */
static void test_file_that_comes_is_taken_at_once(void **state)
{
	struct place *place = *state;
	struct sf_request request;
	open_drop(place, true, false, false);
	assert_int_equal(ask(place, &request), 0);
	assert_true(place->face.wake_ms(place->face.self) > place->now_ms + 10000);
	put(place->in_folder, "a", "{}");
	answer(place, asks(place, SF_REQUEST_SEND, &request), &request, &stored);
	/* Once nothing is left it looks once more, at what it wrote itself, and then rests. */
	assert_int_equal(ask(place, &request), 0);
	assert_int_equal(ask(place, &request), 0);
	assert_true(place->face.wake_ms(place->face.self) > place->now_ms + 10000);
	/* A link tells nothing of itself: it is found all the same, later. */
	assert_int_equal(linkat(place->in_folder, "a.done", place->in_folder, "c", 0), 0);
	assert_int_equal(ask(place, &request), 0);
	place->now_ms = place->face.wake_ms(place->face.self);
	asks(place, SF_REQUEST_SEND, &request);
}

static void test_what_cannot_be_taken_now_waits_whatever_comes_besides(void **state)
{
	struct place *place = *state;
	struct sf_request request;
	put(place->in_folder, "a", "{}");
	open_drop(place, true, false, false);
	answer(place, asks(place, SF_REQUEST_SEND, &request), &request,
		&(struct sf_reply){.err = SF_ERR_AGAIN});
	assert_true(is_there(place->in_folder, "a"));
	put(place->in_folder, "b", "{}");
	assert_int_equal(ask(place, &request), 0);
	assert_int_equal(place->face.wake_ms(place->face.self), place->now_ms + 5000);
	place->now_ms += 5000;
	answer(place, asks(place, SF_REQUEST_SEND, &request), &request, &stored);
	assert_true(is_there(place->in_folder, "a.done"));
	answer(place, asks(place, SF_REQUEST_SEND, &request), &request, &stored);
	assert_true(is_there(place->in_folder, "b.done"));
}

static void hand_in(struct place *place)
{
	struct sf_request request;
	place->now_ms += 5000;
	answer(place, asks(place, SF_REQUEST_SEND, &request), &request, &stored);
}

/* A note cannot be written over a folder, whoever this user is. */
static void test_file_that_cannot_be_put_aside_is_told_once(void **state)
{
	struct place *place = *state;
	put(place->in_folder, "a", "{}");
	assert_int_equal(mkdirat(place->in_folder, "a.done.note", 0700), 0);
	open_drop(place, true, false, false);
	hand_in(place);
	hand_in(place);
	assert_int_equal(place->told, 1);
	assert_int_equal(unlinkat(place->in_folder, "a.done.note", AT_REMOVEDIR), 0);
	hand_in(place);
	assert_true(is_there(place->in_folder, "a.done"));
	assert_int_equal(place->told, 1);
	put(place->in_folder, "b", "{}");
	assert_int_equal(mkdirat(place->in_folder, "b.done.note", 0700), 0);
	hand_in(place);
	assert_int_equal(place->told, 2);
	assert_int_equal(unlinkat(place->in_folder, "b.done.note", AT_REMOVEDIR), 0);
}

static void test_what_is_wrong_is_set_aside_with_codes_alone(void **state)
{
	struct place *place = *state;
	struct sf_request request;
	put(place->in_folder, "a", "{}");
	open_drop(place, true, false, false);
	const struct sf_issue_row issue = {.fatal = true,
		.code = "MSG_UNKNOWN_TYPE",
		.expression = "Bundle",
		.text = "what stands there"};
	answer(place, asks(place, SF_REQUEST_SEND, &request), &request,
		&(struct sf_reply){.kind = SF_REPLY_SENT,
			.sent = {.answer = SF_SEND_FATAL, .issue_count = 1, .issues = &issue}});
	holds_text(place->in_folder, "a.err", "{}");
	holds_text(place->in_folder, "a.err.note",
		"{\"answer\":\"fatal\",\"message\":\"\",\"issues\":[{\"code\":"
		"\"MSG_UNKNOWN_TYPE\",\"element\":\"Bundle\"}]}\n");
}

/* Read and then written to: what was handed in is not what stands there. */
static void test_file_that_was_changed_meanwhile_is_handed_in_again(void **state)
{
	struct place *place = *state;
	struct sf_request request;
	put(place->in_folder, "a", "{}");
	open_drop(place, true, false, false);
	uint64_t call = asks(place, SF_REQUEST_SEND, &request);
	put(place->in_folder, "a", "{ }");
	answer(place, call, &request, &stored);
	assert_true(is_there(place->in_folder, "a"));
	assert_int_equal(ask(place, &request), 0);
	place->now_ms += 1000;
	asks(place, SF_REQUEST_SEND, &request);
	assert_true(sf_view_equal(request.send.content, sf_view_text("{ }")));
}

static void test_file_past_the_bound_is_set_aside_unasked(void **state)
{
	struct place *place = *state;
	struct sf_request request;
	int file = openat(place->in_folder, "a", O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert_int_equal(ftruncate(file, (off_t)SF_CLINICAL_SIZE_MAX + 1), 0);
	close(file);
	open_drop(place, true, false, false);
	assert_int_equal(ask(place, &request), 0);
	assert_true(is_there(place->in_folder, "a.err"));
}

static const struct sf_feed_row row = {
	.cursor = 7, .message = {{2}}, .party_name = "", .peer_name = ""};
static const struct sf_reply next = {.kind = SF_REPLY_HANDOUT,
	.handout = {.version = 3, .known = true, .row_count = 1, .rows = &row}};

static struct sf_reply letter(const char *content_type)
{
	return (struct sf_reply){.kind = SF_REPLY_MESSAGE,
		.message = {.row = {.cursor = 9,
				    .message = {{2}},
				    .author_name = "",
				    .content_type = content_type},
			.content = sf_view_text("letter")}};
}

#define WRITTEN "7-02000000000000000000000000000000"

static void test_message_is_written_and_then_said_to_be_done(void **state)
{
	struct place *place = *state;
	struct sf_request request;
	open_drop(place, false, true, false);
	assert_int_equal(place->face.watch_max(place->face.self), 0);
	uint64_t call = asks(place, SF_REQUEST_HANDOUT, &request);
	assert_string_equal(request.handout.channel, "drop-out");
	assert_int_equal(request.handout.done, 0);
	answer(place, call, &request, &next);
	call = asks(place, SF_REQUEST_MESSAGE, &request);
	assert_int_equal(request.message.message.bytes[0], 2);
	struct sf_reply reply = letter("application/pdf");
	answer(place, call, &request, &reply);
	holds_text(place->out_folder, WRITTEN ".pdf", "letter");
	assert_true(is_there(place->out_folder, WRITTEN ".json"));
	asks(place, SF_REQUEST_HANDOUT, &request);
	assert_int_equal(request.handout.done, 7);
	assert_int_equal(request.handout.seen, 3);
	assert_int_equal(request.handout.failed, 0);
}

static void test_message_is_marked_as_taken_care_of_where_that_is_wanted(void **state)
{
	struct place *place = *state;
	struct sf_request request;
	open_drop(place, false, true, true);
	answer(place, asks(place, SF_REQUEST_HANDOUT, &request), &request, &next);
	struct sf_reply reply = letter("text/plain");
	answer(place, asks(place, SF_REQUEST_MESSAGE, &request), &request, &reply);
	holds_text(place->out_folder, WRITTEN ".txt", "letter");
	uint64_t call = asks(place, SF_REQUEST_HANDLED, &request);
	assert_int_equal(request.handled.message.bytes[0], 2);
	answer(place, call, &request, &(struct sf_reply){.kind = SF_REPLY_DONE});
	asks(place, SF_REQUEST_HANDOUT, &request);
	assert_int_equal(request.handout.done, 7);
}

/* What came beside it is not in the folder: somebody must fetch it, so the letter still waits. */
static void test_letter_with_attachments_is_not_taken_care_of(void **state)
{
	struct place *place = *state;
	struct sf_request request;
	open_drop(place, false, true, true);
	answer(place, asks(place, SF_REQUEST_HANDOUT, &request), &request, &next);
	struct sf_reply reply = letter("text/plain");
	reply.message.row.attachments = 1;
	answer(place, asks(place, SF_REQUEST_MESSAGE, &request), &request, &reply);
	holds_text(place->out_folder, WRITTEN ".txt", "letter");
	asks(place, SF_REQUEST_HANDOUT, &request);
	assert_int_equal(request.handout.done, 7);
}

/* Erased between being named and being asked for: there is nothing to write, ever. */
static void test_message_that_is_gone_is_passed_over(void **state)
{
	struct place *place = *state;
	struct sf_request request;
	open_drop(place, false, true, false);
	answer(place, asks(place, SF_REQUEST_HANDOUT, &request), &request, &next);
	answer(place, asks(place, SF_REQUEST_MESSAGE, &request), &request,
		&(struct sf_reply){.err = SF_ERR_NOT_FOUND});
	asks(place, SF_REQUEST_HANDOUT, &request);
	assert_int_equal(request.handout.done, 7);
}

static void test_folder_that_cannot_be_written_is_said_and_tried_again(void **state)
{
	struct place *place = *state;
	struct sf_request request;
	open_drop(place, false, true, false);
	answer(place, asks(place, SF_REQUEST_HANDOUT, &request), &request, &next);
	/* A folder under the name of the file: nobody can rename onto that, root neither. */
	assert_int_equal(mkdirat(place->out_folder, WRITTEN ".bin", 0700), 0);
	struct sf_reply reply = letter("application/x-other");
	answer(place, asks(place, SF_REQUEST_MESSAGE, &request), &request, &reply);
	assert_int_equal(unlinkat(place->out_folder, WRITTEN ".bin", AT_REMOVEDIR), 0);
	assert_int_equal(ask(place, &request), 0);
	place->now_ms += 5000;
	asks(place, SF_REQUEST_HANDOUT, &request);
	assert_int_equal(request.handout.failed, 1);
	assert_int_equal(request.handout.fault, SF_CHANNEL_FAULT_FOLDER);
	assert_int_equal(request.handout.done, 0);
}

static void test_engine_that_cannot_answer_is_asked_again_later(void **state)
{
	struct place *place = *state;
	struct sf_request request;
	open_drop(place, false, true, false);
	answer(place, asks(place, SF_REQUEST_HANDOUT, &request), &request,
		&(struct sf_reply){.err = SF_ERR_AGAIN});
	assert_int_equal(ask(place, &request), 0);
	assert_true(place->face.wake_ms(place->face.self) < FAR_MS);
	place->now_ms = place->face.wake_ms(place->face.self);
	asks(place, SF_REQUEST_HANDOUT, &request);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, remove_all)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_file_is_handed_in_as_it_is_and_set_aside_with_its_id),
		TEST(test_file_that_comes_is_taken_at_once),
		TEST(test_what_cannot_be_taken_now_waits_whatever_comes_besides),
		TEST(test_file_that_cannot_be_put_aside_is_told_once),
		TEST(test_what_is_wrong_is_set_aside_with_codes_alone),
		TEST(test_file_that_was_changed_meanwhile_is_handed_in_again),
		TEST(test_file_past_the_bound_is_set_aside_unasked),
		TEST(test_message_is_written_and_then_said_to_be_done),
		TEST(test_message_is_marked_as_taken_care_of_where_that_is_wanted),
		TEST(test_letter_with_attachments_is_not_taken_care_of),
		TEST(test_message_that_is_gone_is_passed_over),
		TEST(test_folder_that_cannot_be_written_is_said_and_tried_again),
		TEST(test_engine_that_cannot_answer_is_asked_again_later),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
