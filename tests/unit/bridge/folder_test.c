/* What lies in a folder: what is taken for a letter, and that nothing is ever written over. */
#include "bridge/folder.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define NOBODY 65534 /* a user with no right of its own */

struct place {
	char path[64];
	int folder;
};

static int make(void **state)
{
	static struct place place;
	place = (struct place){.path = "/tmp/stafet-folder-XXXXXX", .folder = -1};
	*state = &place;
	return mkdtemp(place.path) && !sf_folder_open(place.path, &place.folder, NULL) ? 0 : -1;
}

static int remove_all(void **state)
{
	static const char *const names[] = {"a", "b", ".a", "a.tmp", "a.done", "a.1.done", "a.err",
		"a.done.note", "a.1.done.note", "link", "out"};
	struct place *place = *state;
	for (size_t i = 0; i < SF_COUNT(names); i++)
		unlinkat(place->folder, names[i], 0);
	close(place->folder);
	return rmdir(place->path);
}

static void put(const struct place *place, const char *name, const char *text)
{
	assert_int_equal(sf_folder_write(place->folder, name, sf_view_text(text)), SF_OK);
}

/* Read and put aside, as it is now. */
static enum sf_err settle(const struct place *place, const char *ending, const char *note)
{
	struct sf_buf buf;
	struct sf_folder_mark mark;
	sf_buf_init(&buf, 100);
	enum sf_err err = sf_folder_read(place->folder, "a", &buf, &mark);
	sf_buf_fini(&buf);
	return err ? err : sf_folder_settle(place->folder, "a", &mark, ending, sf_view_text(note));
}

static void holds_text(const struct place *place, const char *name, const char *text)
{
	struct sf_buf buf;
	sf_buf_init(&buf, 100);
	struct sf_folder_mark mark;
	assert_int_equal(sf_folder_read(place->folder, name, &buf, &mark), SF_OK);
	assert_true(sf_view_equal(sf_buf_view(&buf), sf_view_text(text)));
	sf_buf_fini(&buf);
}

static void test_only_whole_regular_files_are_taken_in_order(void **state)
{
	const struct place *place = *state;
	char name[SF_FOLDER_NAME_SIZE] = "";
	static const char *const others[] = {".a", "a.tmp", "a.done", "a.err", "a.done.note"};
	for (size_t i = 0; i < SF_COUNT(others); i++)
		put(place, others[i], "x");
	assert_int_equal(symlinkat("/etc/passwd", place->folder, "link"), 0);
	assert_false(sf_folder_first(place->folder, name));
	put(place, "b", "second");
	put(place, "a", "first");
	assert_true(sf_folder_first(place->folder, name));
	assert_string_equal(name, "a");
	struct sf_buf buf;
	struct sf_folder_mark mark;
	sf_buf_init(&buf, 3);
	assert_int_equal(sf_folder_read(place->folder, "a", &buf, &mark), SF_ERR_LIMIT);
	assert_int_equal(sf_folder_read(place->folder, "link", &buf, &mark), SF_ERR_IO);
	assert_int_equal(sf_folder_read(place->folder, "none", &buf, &mark), SF_ERR_NOT_FOUND);
	sf_buf_fini(&buf);
}

static void test_settled_file_keeps_its_bytes_beside_an_earlier_one(void **state)
{
	const struct place *place = *state;
	for (int i = 0; i < 2; i++) {
		put(place, "a", i ? "later" : "earlier");
		assert_int_equal(settle(place, ".done", i ? "two" : "one"), SF_OK);
		assert_int_not_equal(faccessat(place->folder, "a", F_OK, 0), 0);
	}
	holds_text(place, "a.done", "earlier");
	holds_text(place, "a.done.note", "one");
	holds_text(place, "a.1.done", "later");
	holds_text(place, "a.1.done.note", "two");
}

/* Between being read and being put aside: what it is now has not been handed in. */
static void test_file_that_was_changed_is_not_settled(void **state)
{
	const struct place *place = *state;
	struct sf_folder_mark mark;
	struct sf_buf buf;
	sf_buf_init(&buf, 100);
	put(place, "a", "first");
	assert_int_equal(sf_folder_read(place->folder, "a", &buf, &mark), SF_OK);
	sf_buf_fini(&buf);
	put(place, "a", "other");
	assert_int_equal(sf_folder_settle(place->folder, "a", &mark, ".done", sf_view_text("one")),
		SF_ERR_CONFLICT);
	holds_text(place, "a", "other");
	assert_int_not_equal(faccessat(place->folder, "a.done", F_OK, 0), 0);
	assert_int_not_equal(faccessat(place->folder, "a.done.note", F_OK, 0), 0);
	assert_int_equal(settle(place, ".done", "two"), SF_OK);
	holds_text(place, "a.done", "other");
}

/* A system may call everything that it drops by one name. */
static void test_a_name_may_come_again_for_ever(void **state)
{
	const struct place *place = *state;
	char name[32] = "a.done";
	for (int i = 1; i <= 1001; i++) {
		int file = openat(place->folder, name, O_WRONLY | O_CREAT | O_EXCL, 0600);
		assert_true(file >= 0);
		close(file);
		snprintf(name, sizeof(name), "a.%d.done", i);
	}
	put(place, "a", "the next");
	assert_int_equal(settle(place, ".done", "note"), SF_OK);
	holds_text(place, "a.1001.done", "the next");
	holds_text(place, "a.1001.done.note", "note");
	assert_int_equal(unlinkat(place->folder, "a.1001.done.note", 0), 0);
	for (int i = 1; i <= 1001; i++) {
		snprintf(name, sizeof(name), "a.%d.done", i);
		assert_int_equal(unlinkat(place->folder, name, 0), 0);
	}
}

/*
 * What another user has dropped may be read and not written: the system lets nobody else make a
 * link to it (proc(5), protected_hardlinks).
 */
static void test_file_of_another_user_is_settled(void **state)
{
	const struct place *place = *state;
	int status = 0;
	if (geteuid() != 0)
		skip();
	put(place, "a", "another's");
	assert_int_equal(fchmodat(place->folder, "a", 0644, 0), 0);
	assert_int_equal(fchown(place->folder, NOBODY, NOBODY), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		bool good = setgid(NOBODY) == 0 && setuid(NOBODY) == 0 &&
			    settle(place, ".done", "one") == SF_OK;
		_exit(good ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	holds_text(place, "a.done", "another's");
}

static void test_written_file_is_this_users_alone(void **state)
{
	const struct place *place = *state;
	struct stat status;
	put(place, "out", "old");
	put(place, "out", "new");
	holds_text(place, "out", "new");
	assert_int_equal(fstatat(place->folder, "out", &status, 0), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
}

static void test_folder_open_to_others_or_a_link_is_refused(void **state)
{
	const struct place *place = *state;
	int folder = -1;
	char link[80];
	snprintf(link, sizeof(link), "%s-link", place->path);
	assert_int_equal(symlink(place->path, link), 0);
	assert_int_equal(sf_folder_open(link, &folder, NULL), SF_ERR_NOT_FOUND);
	assert_int_equal(unlink(link), 0);
	assert_int_equal(chmod(place->path, 0701), 0);
	assert_int_equal(sf_folder_open(place->path, &folder, NULL), SF_ERR_AUTH);
	assert_int_equal(chmod(place->path, 0700), 0);
	assert_int_equal(folder, -1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, remove_all)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_only_whole_regular_files_are_taken_in_order),
		TEST(test_settled_file_keeps_its_bytes_beside_an_earlier_one),
		TEST(test_file_that_was_changed_is_not_settled),
		TEST(test_a_name_may_come_again_for_ever),
		TEST(test_file_of_another_user_is_settled),
		TEST(test_written_file_is_this_users_alone),
		TEST(test_folder_open_to_others_or_a_link_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
