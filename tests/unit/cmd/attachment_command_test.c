/* `stafet attachment`: the file is whole, or it is not there. */
#include "cmd/arguments.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "os/files.h"
#include "unit/client/daemon.h"

#define SIZE ((uint64_t)2500)
#define PART ((uint64_t)1000)
#define MESSAGE "abcd0000000000000000000000000001"
#define WHOLE "0"      /* attachment 0 is given out in three parts */
#define GOES_AWAY "1"  /* after its first part it is not there any more */
#define ENDS_EARLY "2" /* after its first part there is nothing behind it */

struct place {
	struct daemon daemon;
	char folder[64];
	char path[96], beside[104];
};

static void script(
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply)
{
	SF_ASSERT(request->kind == SF_REQUEST_ATTACHMENT);
	const struct sf_request_attachment *asked = &request->attachment;
	SF_ASSERT(asked->message.bytes[0] == 0xab && asked->message.bytes[15] == 1);
	if (asked->number == 1 && asked->offset > 0) {
		*ret_reply = (struct sf_reply){.err = SF_ERR_NOT_FOUND, .text = "it was erased"};
		return;
	}
	uint64_t left = SIZE - asked->offset;
	uint64_t size = left < PART ? left : PART;
	if (asked->number == 2 && asked->offset > 0)
		size = 0;
	uint8_t *bytes = sf_arena_take(arena, (size_t)size + 1);
	SF_ASSERT(bytes);
	for (uint64_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)((asked->offset + i) % 251);
	*ret_reply = (struct sf_reply){.kind = SF_REPLY_ATTACHMENT,
		.text = "",
		.attachment = {.row = {.number = asked->number,
				       .name = "plan.pdf",
				       .content_type = "application/pdf",
				       .size = SIZE},
			.offset = asked->offset,
			.content = sf_view_of(bytes, (size_t)size)}};
}

static int setup(void **state)
{
	struct place *place = calloc(1, sizeof(*place));
	assert_non_null(place);
	daemon_start(&place->daemon, script);
	memcpy(place->folder, "/tmp/stafet-fetch-XXXXXX", 25);
	assert_non_null(mkdtemp(place->folder));
	snprintf(place->path, sizeof(place->path), "%s/plan.pdf", place->folder);
	snprintf(place->beside, sizeof(place->beside), "%s.part", place->path);
	*state = place;
	return 0;
}

static int teardown(void **state)
{
	struct place *place = *state;
	(void)unlink(place->path);
	assert_int_equal(rmdir(place->folder), 0); /* nothing is left beside it */
	daemon_end(&place->daemon);
	free(place);
	return 0;
}

static int fetch(struct place *place, const char *number, const char *path)
{
	char *words[] = {(char *)"attachment", (char *)MESSAGE, (char *)"--json",
		(char *)"--socket", place->daemon.path, (char *)"--number", (char *)number,
		path ? (char *)"--output" : NULL, (char *)path, NULL};
	int count = 0;
	while (words[count])
		count++;
	const struct sf_command *command = sf_commands;
	while (strcmp(command->name, "attachment") != 0)
		command++;
	struct sf_arguments arguments;
	assert_int_equal(sf_arguments_read(command, count, words, &arguments), -1);
	return sf_command_attachment(&arguments);
}

static unsigned asked(struct place *place)
{
	return atomic_load(&place->daemon.answer_count);
}

static void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static struct sf_buf read_file(const char *path)
{
	struct sf_buf bytes;
	sf_buf_init(&bytes, 2 * SIZE);
	assert_int_equal(sf_file_read(path, &bytes, NULL), SF_OK);
	return bytes;
}

static void test_attachment_is_written_whole_and_for_this_user_alone(void **state)
{
	struct place *place = *state;
	write_text(place->path, "what was here before");
	assert_int_equal(fetch(place, WHOLE, place->path), SF_EXIT_OK);
	assert_int_equal(asked(place), 3);
	struct sf_buf bytes = read_file(place->path);
	assert_int_equal(bytes.size, SIZE);
	for (size_t i = 0; i < bytes.size; i++)
		assert_int_equal(bytes.data[i], i % 251);
	sf_buf_fini(&bytes);
	struct stat status;
	assert_int_equal(stat(place->path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
}

static void test_attachment_that_goes_away_leaves_no_file(void **state)
{
	struct place *place = *state;
	assert_int_equal(fetch(place, GOES_AWAY, place->path), SF_EXIT_NOT_FOUND);
	assert_int_not_equal(access(place->path, F_OK), 0);
}

/* Fewer bytes than the attachment has are not the attachment. */
static void test_attachment_that_ends_early_leaves_what_was_there(void **state)
{
	struct place *place = *state;
	write_text(place->path, "before");
	assert_int_not_equal(fetch(place, ENDS_EARLY, place->path), SF_EXIT_OK);
	struct sf_buf bytes = read_file(place->path);
	assert_true(sf_view_equal(sf_buf_view(&bytes), sf_view_text("before")));
	sf_buf_fini(&bytes);
}

/* Who can write to the folder must not lead it elsewhere. */
static void test_link_beside_the_file_is_not_followed(void **state)
{
	struct place *place = *state;
	write_text(place->path, "before");
	assert_int_equal(symlink(place->path, place->beside), 0);
	assert_int_not_equal(fetch(place, WHOLE, place->path), SF_EXIT_OK);
	assert_int_equal(asked(place), 0);
	struct sf_buf bytes = read_file(place->path);
	assert_true(sf_view_equal(sf_buf_view(&bytes), sf_view_text("before")));
	sf_buf_fini(&bytes);
	assert_int_equal(unlink(place->beside), 0);
}

static void test_wrong_words_ask_nothing(void **state)
{
	struct place *place = *state;
	char long_path[4200];
	memset(long_path, 'x', sizeof(long_path) - 1);
	long_path[sizeof(long_path) - 1] = '\0';
	assert_int_equal(fetch(place, WHOLE, NULL), SF_EXIT_USAGE);
	assert_int_equal(fetch(place, "8", place->path), SF_EXIT_USAGE);
	assert_int_equal(fetch(place, WHOLE, long_path), SF_EXIT_USAGE);
	assert_int_not_equal(fetch(place, WHOLE, "/nowhere/at/all"), SF_EXIT_OK);
	assert_int_equal(asked(place), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_attachment_is_written_whole_and_for_this_user_alone),
		TEST(test_attachment_that_goes_away_leaves_no_file),
		TEST(test_attachment_that_ends_early_leaves_what_was_there),
		TEST(test_link_beside_the_file_is_not_followed),
		TEST(test_wrong_words_ask_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
