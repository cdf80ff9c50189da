/* Files that go with a letter, handed in over the real socket to a node of a script. */
#include "cmd/attachment.h"

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

#include "unit/client/daemon.h"

#define FILES_MAX 9
#define PATH_SIZE 128
#define SMALL 1000

struct desk {
	struct daemon daemon;
	struct sf_session session;
	struct sf_arguments arguments;
	char folder[64];
	char paths[FILES_MAX][PATH_SIZE];
	size_t path_count;
	struct sf_attached attached;
};

/*
 * The node takes what its first byte says: of a part that begins with 'h' half, with 's' nothing,
 * with 'm' more than there is; of a file that is named refused.* nothing at all.
 */
static void script(
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply)
{
	(void)arena;
	*ret_reply = (struct sf_reply){.kind = SF_REPLY_UPLOAD, .text = ""};
	if (request->kind == SF_REQUEST_UPLOAD) {
		if (strncmp(request->upload.name, "refused", 7) == 0 || request->upload.size == 0) {
			*ret_reply = (struct sf_reply){
				.err = SF_ERR_LIMIT, .text = "attachment: not of this size"};
			return;
		}
		/* It has what it was told to be called by, so that the test sees it. */
		ret_reply->upload.upload.bytes[0] = (uint8_t)request->upload.name[0];
		ret_reply->upload.upload.bytes[1] = (uint8_t)request->upload.content_type[0];
		sf_put_u64(ret_reply->upload.upload.bytes + 8, request->upload.size);
		return;
	}
	SF_ASSERT(request->kind == SF_REQUEST_UPLOAD_PART);
	const struct sf_request_upload_part *part = &request->upload_part;
	uint64_t size = part->content.size;
	uint8_t first = size > 0 ? part->content.data[0] : 0;
	uint64_t taken = first == 's' ? 0 : first == 'm' ? size + 1 : size;
	if (first == 'h' && size > 1)
		taken = size / 2;
	ret_reply->upload.upload = part->upload;
	ret_reply->upload.offset = part->offset + taken;
}

static int setup(void **state)
{
	struct desk *desk = calloc(1, sizeof(*desk));
	assert_non_null(desk);
	daemon_start(&desk->daemon, script);
	memcpy(desk->folder, "/tmp/stafet-attach-XXXXXX", 26);
	assert_non_null(mkdtemp(desk->folder));
	*state = desk;
	return 0;
}

static int teardown(void **state)
{
	struct desk *desk = *state;
	for (size_t i = 0; i < desk->path_count; i++)
		(void)remove(desk->paths[i]);
	assert_int_equal(rmdir(desk->folder), 0);
	daemon_end(&desk->daemon);
	free(desk);
	return 0;
}

/* The path of another file to be attached; nothing is there yet. */
static const char *name_file(struct desk *desk, const char *name)
{
	assert_true(desk->path_count < FILES_MAX);
	char *path = desk->paths[desk->path_count++];
	snprintf(path, PATH_SIZE, "%s/%s", desk->folder, name);
	return path;
}

static void write_file(struct desk *desk, const char *name, char first, size_t size)
{
	FILE *file = fopen(name_file(desk, name), "wb");
	assert_non_null(file);
	for (size_t i = 0; i < size; i++)
		assert_true(fputc(i == 0 ? first : (int)(i % 251), file) != EOF);
	assert_int_equal(fclose(file), 0);
}

/* All that were named, as if a person had typed them; the exit code. */
static int attach(struct desk *desk)
{
	char *words[3 + 2 * FILES_MAX + 3] = {(char *)"letter", (char *)"ab", (char *)"epicrisis"};
	int count = 3;
	for (size_t i = 0; i < desk->path_count; i++) {
		words[count++] = (char *)"--attach";
		words[count++] = desk->paths[i];
	}
	words[count++] = (char *)"--socket";
	words[count++] = desk->daemon.path;
	words[count] = NULL;
	const struct sf_command *command = sf_commands;
	while (strcmp(command->name, "letter") != 0)
		command++;
	assert_int_equal(sf_arguments_read(command, count, words, &desk->arguments), -1);
	assert_int_equal(sf_session_open(&desk->arguments, &desk->session), SF_EXIT_OK);
	int code = sf_attach_files(&desk->session, &desk->attached);
	sf_session_close(&desk->session);
	return code;
}

static unsigned asked(struct desk *desk)
{
	return atomic_load(&desk->daemon.answer_count);
}

static void test_type_is_what_the_ending_says(void **state)
{
	(void)state;
	static const struct {
		const char *name, *type;
	} types[] = {
		{"plan.pdf", "application/pdf"},
		{"PLAN.PDF", "application/pdf"},
		{"a.jpg", "image/jpeg"},
		{"a.jpeg", "image/jpeg"},
		{"a.b.png", "image/png"},
		{"a.tif", "image/tiff"},
		{"a.tiff", "image/tiff"},
		{"a.dcm", "application/dicom"},
		{"a.txt", "text/plain"},
		{"a.xml", "application/xml"},
		{"a.json", "application/json"},
		{"a.mp4", "video/mp4"},
		{"a.zip", "application/zip"},
		{"a.pdfx", "application/octet-stream"},
		{"a.", "application/octet-stream"},
		{"pdf", "application/octet-stream"},
		{"", "application/octet-stream"},
		{"scans.pdf/page", "application/octet-stream"},
	};
	for (size_t i = 0; i < SF_COUNT(types); i++)
		assert_string_equal(sf_attachment_type(types[i].name), types[i].type);
}

static void test_without_files_nothing_is_asked(void **state)
{
	struct desk *desk = *state;
	assert_int_equal(attach(desk), SF_EXIT_OK);
	assert_int_equal(sf_attached_view(&desk->attached).size, 0);
	assert_int_equal(asked(desk), 0);
}

static void test_files_are_named_without_their_path_in_order(void **state)
{
	struct desk *desk = *state;
	write_file(desk, "plan.pdf", 'x', SMALL);
	write_file(desk, "scan.dcm", 'x', 1);
	assert_int_equal(attach(desk), SF_EXIT_OK);
	struct sf_view ids = sf_attached_view(&desk->attached);
	assert_int_equal(ids.size, 2 * SF_ID_SIZE);
	assert_int_equal(ids.data[0], 'p');
	assert_int_equal(sf_get_u64(ids.data + 8), SMALL);
	assert_int_equal(ids.data[SF_ID_SIZE], 's');
	assert_int_equal(sf_get_u64(ids.data + SF_ID_SIZE + 8), 1);
	assert_int_equal(asked(desk), 4);
}

/* In memory is one part alone, and what the node did not take of it comes again. */
static void test_large_file_goes_in_parts_as_far_as_the_node_says(void **state)
{
	struct desk *desk = *state;
	write_file(desk, "large.bin", 'x', SF_ATTACHMENT_PART_SIZE + 1);
	assert_int_equal(attach(desk), SF_EXIT_OK);
	assert_int_equal(asked(desk), 3);
	write_file(desk, "half.bin", 'h', 4);
	assert_int_equal(attach(desk), SF_EXIT_OK);
	/* Again the large one; and of the other 2 of 4, then the other 2. */
	assert_int_equal(asked(desk), 3 + 3 + 3);
}

static void test_node_that_makes_no_way_ends_it(void **state)
{
	struct desk *desk = *state;
	write_file(desk, "stuck.bin", 's', SMALL);
	assert_int_not_equal(attach(desk), SF_EXIT_OK);
	assert_int_equal(asked(desk), 2);
}

static void test_node_that_has_more_than_was_sent_ends_it(void **state)
{
	struct desk *desk = *state;
	write_file(desk, "more.bin", 'm', SMALL);
	assert_int_not_equal(attach(desk), SF_EXIT_OK);
	assert_int_equal(asked(desk), 2);
}

static void test_file_that_the_node_refuses_ends_it(void **state)
{
	struct desk *desk = *state;
	write_file(desk, "a.txt", 'x', SMALL);
	write_file(desk, "refused.txt", 'x', SMALL);
	write_file(desk, "b.txt", 'x', SMALL);
	assert_int_not_equal(attach(desk), SF_EXIT_OK);
	assert_int_equal(asked(desk), 3);
}

static void test_what_is_not_there_is_a_wrong_word(void **state)
{
	struct desk *desk = *state;
	name_file(desk, "nothing.pdf");
	assert_int_equal(attach(desk), SF_EXIT_USAGE);
	assert_int_equal(asked(desk), 0);
}

/* On some file systems the end of a folder can be sought: it says 2^63 - 1. */
static void test_folder_is_no_file(void **state)
{
	struct desk *desk = *state;
	assert_int_equal(mkdir(name_file(desk, "folder"), 0700), 0);
	assert_int_equal(attach(desk), SF_EXIT_USAGE);
	assert_int_equal(asked(desk), 0);
}

/* Opening one waits for a writer, for ever. */
static void test_pipe_is_no_file_and_nobody_waits_for_it(void **state)
{
	struct desk *desk = *state;
	assert_int_equal(mkfifo(name_file(desk, "pipe"), 0600), 0);
	assert_int_equal(attach(desk), SF_EXIT_USAGE);
	assert_int_equal(asked(desk), 0);
}

static void test_device_is_no_file(void **state)
{
	struct desk *desk = *state;
	assert_int_equal(symlink("/dev/zero", name_file(desk, "zero")), 0);
	assert_int_equal(attach(desk), SF_EXIT_USAGE);
	assert_int_equal(asked(desk), 0);
}

/* Said before the first is handed in, not when eight are: nobody sends them after all. */
static void test_ninth_file_is_refused_before_the_first_is_handed_in(void **state)
{
	struct desk *desk = *state;
	for (size_t i = 0; i < SF_ATTACHMENT_COUNT_MAX; i++) {
		char name[16];
		snprintf(name, sizeof(name), "%zu.txt", i);
		write_file(desk, name, 'x', 1);
	}
	assert_int_equal(attach(desk), SF_EXIT_OK);
	assert_int_equal(
		sf_attached_view(&desk->attached).size, SF_ATTACHMENT_COUNT_MAX * SF_ID_SIZE);
	unsigned before = asked(desk);
	write_file(desk, "ninth.txt", 'x', 1);
	assert_int_equal(attach(desk), SF_EXIT_USAGE);
	assert_int_equal(asked(desk), before);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_type_is_what_the_ending_says),
		TEST(test_without_files_nothing_is_asked),
		TEST(test_files_are_named_without_their_path_in_order),
		TEST(test_large_file_goes_in_parts_as_far_as_the_node_says),
		TEST(test_node_that_makes_no_way_ends_it),
		TEST(test_node_that_has_more_than_was_sent_ends_it),
		TEST(test_file_that_the_node_refuses_ends_it),
		TEST(test_what_is_not_there_is_a_wrong_word),
		TEST(test_folder_is_no_file),
		TEST(test_pipe_is_no_file_and_nobody_waits_for_it),
		TEST(test_device_is_no_file),
		TEST(test_ninth_file_is_refused_before_the_first_is_handed_in),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
