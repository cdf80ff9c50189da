/* `stafet evidence verify` on files of a region in memory: what is printed, and how it ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cmd/arguments.h"
#include "cmd/stafet.h"
#include "unit/audit/world.h"

struct fixture {
	struct world *world;
	char folder[64];
	char printed[65536];
};

static struct fixture *begin(void)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	assert_non_null(fixture);
	fixture->world = calloc(1, sizeof(*fixture->world));
	assert_non_null(fixture->world);
	world_open(fixture->world);
	world_story(fixture->world);
	world_checkpoint(fixture->world, "HK");
	snprintf(fixture->folder, sizeof(fixture->folder), "/tmp/stafet-evidence-XXXXXX");
	assert_non_null(mkdtemp(fixture->folder));
	return fixture;
}

static const char *path_of(const struct fixture *fixture, const char *name, char ret_path[128])
{
	snprintf(ret_path, 128, "%s/%s", fixture->folder, name);
	return ret_path;
}

static void write_file(const struct fixture *fixture, const char *name, struct sf_view bytes)
{
	char path[128];
	FILE *file = fopen(path_of(fixture, name, path), "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes.data, 1, bytes.size, file), bytes.size);
	fclose(file);
}

static void end(struct fixture *fixture)
{
	static const char *const names[] = {"file", "other", "policy", "receipt", "printed"};
	for (size_t i = 0; i < SF_COUNT(names); i++) {
		char path[128];
		unlink(path_of(fixture, names[i], path));
	}
	rmdir(fixture->folder);
	world_close(fixture->world);
	free(fixture->world);
	free(fixture);
}

/* Runs it with standard output in a file. The words are names of files, or options. */
static int run(struct fixture *fixture, const char *const *words, size_t count)
{
	char paths[16][128], *argv[20] = {(char *)"evidence verify"}, path[128];
	int argc = 1;
	for (size_t i = 0; i < count; i++) {
		bool option = words[i][0] == '-' || words[i][0] == '2';
		argv[argc++] =
			option ? (char *)words[i] : (char *)path_of(fixture, words[i], paths[i]);
	}
	char *find[] = {(char *)"evidence", (char *)"verify"};
	int used = 0;
	const struct sf_command *command = sf_command_find(2, find, &used);
	assert_non_null(command);
	struct sf_arguments arguments;
	fflush(stdout);
	int kept = dup(STDOUT_FILENO);
	assert_non_null(freopen(path_of(fixture, "printed", path), "wb", stdout));
	int code = sf_arguments_read(command, argc, argv, &arguments);
	if (code < 0)
		code = command->run(&arguments);
	fflush(stdout);
	dup2(kept, STDOUT_FILENO);
	close(kept);
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	size_t size = fread(fixture->printed, 1, sizeof(fixture->printed) - 1, file);
	fixture->printed[size] = '\0';
	fclose(file);
	return code;
}

#define RUN(fixture, ...)                                                                          \
	run(fixture, (const char *const[]){__VA_ARGS__},                                           \
		SF_COUNT(((const char *const[]){__VA_ARGS__})))

static void assert_prints(const struct fixture *fixture, const char *words)
{
	if (!strstr(fixture->printed, words))
		fail_msg("'%s' is not in:\n%s", words, fixture->printed);
}

static void test_good_file_is_told_and_ends_well(void **state)
{
	(void)state;
	struct fixture *fixture = begin();
	const char *policy = world_policy(fixture->world, 2);
	write_file(fixture, "file", world_file(fixture->world, 'S'));
	write_file(fixture, "policy", sf_view_text(policy));
	write_file(fixture, "receipt", world_receipt(fixture->world, 3));
	assert_int_equal(RUN(fixture, "file"), SF_EXIT_OK);
	assert_prints(fixture, "(named by the file itself)");
	assert_prints(fixture, "accept care, medication, signed by party K (municipality)");
	assert_prints(fixture, "cosigned by party H, party K");
	assert_prints(fixture, "\nverified\n");
	assert_int_equal(RUN(fixture, "file", "--policy", "policy", "--receipt", "receipt",
				 "--receipt", "file", "--require-proof"),
		SF_EXIT_OK);
	assert_null(strstr(fixture->printed, "named by the file"));
	assert_int_equal(RUN(fixture, "file", "--json"), SF_EXIT_OK);
	assert_prints(fixture, "\"verified\":true");
	assert_prints(fixture, "\"cosigners\":[{\"party\":");
	assert_int_equal(RUN(fixture, "file", "--at", "2026-11-18T12:00:00Z"), SF_EXIT_OK);
	end(fixture);
}

static void test_faults_end_with_seven(void **state)
{
	(void)state;
	struct fixture *fixture = begin();
	struct world *world = fixture->world;
	struct sf_evidence evidence = world_evidence(world, 'S');
	evidence.event_count--;
	write_file(fixture, "file", world_seal(world, &evidence, NULL));
	write_file(fixture, "receipt", world_receipt(world, world->event_count - 1));
	assert_int_equal(RUN(fixture, "file", "--receipt", "receipt"), SF_EXIT_INTEGRITY);
	assert_prints(fixture, "NOT verified");
	assert_prints(fixture, "FAULT  incomplete, event 5");
	assert_int_equal(RUN(fixture, "file", "--receipt", "receipt", "--json"), SF_EXIT_INTEGRITY);
	assert_prints(fixture, "\"verified\":false");
	/* Cut, it is no evidence any more, and that is no less a fault. */
	struct sf_view whole = world_file(world, 'S');
	write_file(fixture, "other", sf_view_of(whole.data, whole.size - 1));
	assert_int_equal(RUN(fixture, "other"), SF_EXIT_INTEGRITY);
	end(fixture);
}

static void test_what_a_person_gave_wrong_is_no_fault_of_the_file(void **state)
{
	(void)state;
	struct fixture *fixture = begin();
	write_file(fixture, "file", world_file(fixture->world, 'S'));
	write_file(fixture, "policy", sf_view_text("trust everybody\n"));
	write_file(fixture, "other", sf_view_text(""));
	assert_int_equal(RUN(fixture, "file", "--policy", "policy"), SF_EXIT_FAILED);
	assert_int_equal(RUN(fixture, "file", "--policy", "other"), SF_EXIT_FAILED);
	assert_int_equal(RUN(fixture, "receipt"), SF_EXIT_NOT_FOUND);
	assert_int_equal(RUN(fixture, "file", "--at", "2"), SF_EXIT_USAGE);
	end(fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_file_is_told_and_ends_well),
		cmocka_unit_test(test_faults_end_with_seven),
		cmocka_unit_test(test_what_a_person_gave_wrong_is_no_fault_of_the_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
