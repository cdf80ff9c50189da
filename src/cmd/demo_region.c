#include "cmd/demo.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "os/config.h"

#define COMMAND_WORDS_MAX 24
#define START_MS_MAX 20000
#define CALL_MS_MAX 10000

/* Invented organisations; Østby's codes are those that MedCom's samples are addressed to. */
static const struct sf_demo_party cast[SF_DEMO_PARTIES] = {
	{.name = "Region Demo", .role = SF_ROLE_COORDINATOR},
	{.name = "Nordby Sygehus",
		.role = SF_ROLE_HOSPITAL,
		.sor = "990011000016008",
		.gln = "5790999000017"},
	{.name = "Sydby Sygehus",
		.role = SF_ROLE_HOSPITAL,
		.sor = "990021000016004",
		.gln = "5790999000024"},
	{.name = "Nordby Kommune",
		.role = SF_ROLE_MUNICIPALITY,
		.sor = "990031000016002",
		.gln = "5790999000031"},
	{.name = "Sydby Kommune",
		.role = SF_ROLE_MUNICIPALITY,
		.sor = "990041000016009",
		.gln = "5790999000048"},
	{.name = "Østby Kommune",
		.role = SF_ROLE_MUNICIPALITY,
		.sor = "953741000016009",
		.gln = "5790001348120"},
	{.name = "Lægerne Nordby Torv",
		.role = SF_ROLE_GP,
		.sor = "990061000016005",
		.gln = "5790999000062"},
	{.name = "Lægerne Sydby Havn",
		.role = SF_ROLE_GP,
		.sor = "990071000016000",
		.gln = "5790999000079"},
	{.name = "Lægehuset Østby",
		.role = SF_ROLE_GP,
		.sor = "990081000016003",
		.gln = "5790999000086"},
	{.name = "Lægehuset Vestergade",
		.role = SF_ROLE_GP,
		.sor = "990091000016001",
		.gln = "5790999000093"},
};

static bool fail(const char *what)
{
	fprintf(stderr, "stafet: demo: %s\n", what);
	return false;
}

/* A program that lies beside this one. */
static bool sibling(const char *name, char ret_path[SF_CONFIG_PATH_SIZE])
{
	ssize_t size = readlink("/proc/self/exe", ret_path, SF_CONFIG_PATH_SIZE - 64);
	if (size <= 0)
		return fail("this program's own path cannot be read");
	ret_path[size] = '\0';
	char *slash = strrchr(ret_path, '/');
	if (!slash)
		return fail("this program's own path has no folder");
	snprintf(slash + 1, 64, "%s", name);
	return true;
}

static void quiet_output(const char *log)
{
	int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	dup2(fd, 1);
	dup2(fd, 2);
}

/* Its own process group: Ctrl-C reaches the demo alone, which stops the daemons in order. */
static pid_t spawn(const char *program, char *const words[], const char *log)
{
	pid_t pid = fork();
	if (pid != 0)
		return pid;
	setpgid(0, 0);
	quiet_output(log);
	execv(program, words);
	_exit(127);
}

/* Runs `stafet WORDS...` as a person would; NULL ends the list. */
static bool run_command(const struct sf_demo *demo, ...)
{
	char program[SF_CONFIG_PATH_SIZE], log[SF_DEMO_PATH_SIZE + 16];
	if (!sibling("stafet", program))
		return false;
	const char *words[COMMAND_WORDS_MAX] = {program};
	size_t count = 1;
	va_list arguments;
	va_start(arguments, demo);
	for (const char *word;
		(word = va_arg(arguments, const char *)) && count < SF_COUNT(words) - 1;)
		words[count++] = word;
	va_end(arguments);
	snprintf(log, sizeof(log), "%s/commands.log", demo->folder);
	pid_t pid = spawn(program, (char *const *)(const void *)words, log);
	int status = -1;
	if (pid <= 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status) ||
		WEXITSTATUS(status) != 0) {
		fprintf(stderr, "stafet: demo: `stafet %s %s` failed, see %s (use --keep)\n",
			words[1], words[2], log);
		return false;
	}
	return true;
}

static bool write_text(const char *path, const char *format, ...) SF_PRINTF(2, 3);

static bool write_text(const char *path, const char *format, ...)
{
	FILE *file = fopen(path, "w");
	if (!file)
		return fail("a configuration file cannot be written");
	va_list arguments;
	va_start(arguments, format);
	vfprintf(file, format, arguments);
	va_end(arguments);
	return fclose(file) == 0;
}

/* A port that is free now, and asked for again in a moment. */
static bool find_port(uint16_t *ret_port)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool found = fd >= 0 && bind(fd, (struct sockaddr *)&address, size) == 0 &&
		     getsockname(fd, (struct sockaddr *)&address, &size) == 0;
	if (fd >= 0)
		close(fd);
	*ret_port = ntohs(address.sin_port);
	return found || fail("no free port on 127.0.0.1");
}

/* Some have a console: the coordinator, a hospital and a municipality. */
static bool has_console(size_t index)
{
	return index == 0 || index == 1 || index == 4;
}

static bool write_config(const struct sf_demo *demo, const struct sf_demo_party *party)
{
	char path[SF_DEMO_PATH_SIZE + 16], http[64] = "";
	if (party->http_port)
		snprintf(http, sizeof(http), "http { listen = \"127.0.0.1:%u\" }\n",
			(unsigned)party->http_port);
	snprintf(path, sizeof(path), "%s/stafet.conf", party->folder);
	if (party->role == SF_ROLE_COORDINATOR)
		return write_text(path,
			"keys = \"keys\"\nstore = \"coordinator.db\"\nsocket = \"s\"\n"
			"listen = \"tcp://127.0.0.1:%u\"\nname = \"demo.example\"\nregion = "
			"\"demo\"\n"
			"registrars = {\"../registrar/registrar.pub\"}\n"
			"agreements = {\"demo.agreement\"}\n"
			"log { file = \"coordinator.log\" }\n%s",
			(unsigned)demo->port, http);
	return write_text(path,
		"keys = \"keys\"\nstore = \"node.db\"\nsocket = \"s\"\n"
		"coordinator {\n\tendpoint = \"tcp://127.0.0.1:%u\"\n"
		"\tpublic = \"../0/keys/coordinator.pub\"\n}\n"
		"registrars = {\"../registrar/registrar.pub\"}\n"
		"contact {\n\tname = \"%s\"\n\ttelephone = \"+45 00 00 00 00\"\n}\n"
		"log { file = \"node.log\" }\n%s",
		(unsigned)demo->port, party->name, http);
}

static bool write_agreement(const struct sf_demo *demo)
{
	char path[SF_DEMO_PATH_SIZE + 32];
	const struct sf_embedded *file = sf_demo_file("demo.agreement");
	snprintf(path, sizeof(path), "%s/0/demo.agreement", demo->folder);
	return file && write_text(path, "%s", (const char *)file->bytes);
}

static const struct {
	enum sf_role role;
	const char *hours;
} desks[] = {
	{SF_ROLE_HOSPITAL, "weekdays 08-16 Udskrivningskoordinator"},
	{SF_ROLE_HOSPITAL, "all 00-24 Vagthavende sygeplejerske"},
	{SF_ROLE_MUNICIPALITY, "weekdays 07-15 Hjemmesygeplejen, dag"},
	{SF_ROLE_MUNICIPALITY, "weekends 07-15 Hjemmesygeplejen, weekend"},
	{SF_ROLE_MUNICIPALITY, "all 15-23 Hjemmesygeplejen, aften"},
	{SF_ROLE_MUNICIPALITY, "all 23-07 Hjemmesygeplejen, nat"},
	{SF_ROLE_GP, "weekdays 08-16 Lægehuset"},
	{SF_ROLE_GP, "all 00-24 Lægevagten"},
};

/* Two zeros go abroad from Denmark, and no country's number begins with a third: nobody answers. */
static bool write_desks(const struct sf_demo_party *party, size_t index, const char *path)
{
	FILE *file = fopen(path, "w");
	if (!file)
		return fail("a file of duty desks cannot be written");
	for (size_t i = 0; i < SF_COUNT(desks); i++)
		if (desks[i].role == party->role)
			fprintf(file, "0000%02zu%02zu %s\n", index, i, desks[i].hours);
	return fclose(file) == 0;
}

static bool make_keys(struct sf_demo *demo, size_t index)
{
	struct sf_demo_party *party = &demo->parties[index];
	char keys[SF_DEMO_PATH_SIZE + 16], request[SF_DEMO_PATH_SIZE + 32];
	char entry[SF_DEMO_PATH_SIZE + 16], registrar[SF_DEMO_PATH_SIZE + 16];
	char contacts[SF_DEMO_PATH_SIZE + 16];
	snprintf(party->folder, sizeof(party->folder), "%s/%zu", demo->folder, index);
	snprintf(party->socket, sizeof(party->socket), "%s/%zu/s", demo->folder, index);
	snprintf(keys, sizeof(keys), "%s/keys", party->folder);
	snprintf(request, sizeof(request), "%s/keys/request.sfr", party->folder);
	snprintf(entry, sizeof(entry), "%s/entry", party->folder);
	snprintf(registrar, sizeof(registrar), "%s/registrar", demo->folder);
	snprintf(contacts, sizeof(contacts), "%s/contacts.txt", party->folder);
	if (mkdir(party->folder, 0700) && errno != EEXIST)
		return fail("a folder cannot be made");
	if (has_console(index) && !find_port(&party->http_port))
		return false;
	if (!write_desks(party, index, contacts))
		return false;
	bool made = party->role == SF_ROLE_COORDINATOR
			    ? run_command(demo, "keys", "init", keys, "--name", party->name,
				      "--role", "coordinator", (char *)NULL)
			    : run_command(demo, "keys", "init", keys, "--name", party->name,
				      "--role", sf_role_text(party->role), "--sor", party->sor,
				      "--gln", party->gln, "--contacts", contacts, (char *)NULL);
	return made && write_config(demo, party) &&
	       run_command(demo, "registrar", "sign", registrar, request, "-o", entry, "--yes",
		       (char *)NULL);
}

static bool approve(struct sf_demo *demo, size_t index)
{
	char entry[SF_DEMO_PATH_SIZE + 16];
	snprintf(entry, sizeof(entry), "%s/entry", demo->parties[index].folder);
	return run_command(demo, "registry", "approve", entry, "--socket", demo->parties[0].socket,
		(char *)NULL);
}

bool sf_demo_ask(struct sf_demo *demo, size_t party, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply)
{
	struct sf_diag diag = {{0}};
	*ret_reply = (struct sf_reply){.err = SF_OK};
	if (!demo->parties[party].client)
		return false;
	enum sf_err err =
		sf_client_call(demo->parties[party].client, request, arena, ret_reply, &diag);
	return !err && !ret_reply->err;
}

static void wait_a_moment(void)
{
	sf_ignore(poll(NULL, 0, 20));
}

int64_t sf_demo_steady_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Running, and (a node) connected once its entry is approved. */
static bool wait_ready(struct sf_demo *demo, size_t index, bool connected)
{
	struct sf_demo_party *party = &demo->parties[index];
	const struct sf_request request = {.kind = SF_REQUEST_STATUS};
	for (int64_t until_ms = sf_demo_steady_ms() + START_MS_MAX;
		sf_demo_steady_ms() < until_ms;) {
		struct sf_diag diag;
		if (!party->client)
			sf_ignore(
				sf_client_open(party->socket, CALL_MS_MAX, &party->client, &diag));
		struct sf_arena arena;
		sf_arena_init(&arena, SF_LOCAL_SIZE_MAX);
		struct sf_reply reply;
		bool answered = sf_demo_ask(demo, index, &request, &arena, &reply);
		bool ready = answered && (!connected || reply.status.connected);
		if (answered)
			party->id = reply.status.party;
		sf_arena_fini(&arena);
		if (ready)
			return true;
		if (waitpid(party->pid, NULL, WNOHANG) == party->pid) {
			party->pid = 0;
			break;
		}
		wait_a_moment();
	}
	fprintf(stderr, "stafet: demo: %s does not come up, see %s (use --keep)\n", party->name,
		party->folder);
	return false;
}

static bool start_daemon(struct sf_demo *demo, size_t index)
{
	struct sf_demo_party *party = &demo->parties[index];
	bool node = party->role != SF_ROLE_COORDINATOR;
	char program[SF_CONFIG_PATH_SIZE], config[SF_DEMO_PATH_SIZE + 16];
	char log[SF_DEMO_PATH_SIZE + 16];
	if (!sibling(node ? "stafet-node" : "stafet-coordinator", program))
		return false;
	snprintf(config, sizeof(config), "%s/stafet.conf", party->folder);
	snprintf(log, sizeof(log), "%s/output.log", party->folder);
	char *words[] = {program, config, NULL};
	party->pid = spawn(program, words, log);
	return party->pid > 0 || fail("a daemon cannot be started");
}

bool sf_demo_start(struct sf_demo *demo, size_t party)
{
	return start_daemon(demo, party) && wait_ready(demo, party, party != 0);
}

void sf_demo_kill(struct sf_demo *demo, size_t index)
{
	struct sf_demo_party *party = &demo->parties[index];
	sf_client_close(&party->client);
	if (party->pid <= 0)
		return;
	kill(party->pid, SIGKILL);
	waitpid(party->pid, NULL, 0);
	party->pid = 0;
}

static bool make_region(struct sf_demo *demo)
{
	char registrar[SF_DEMO_PATH_SIZE + 16];
	snprintf(registrar, sizeof(registrar), "%s/registrar", demo->folder);
	if (!find_port(&demo->port) ||
		!run_command(demo, "registrar", "init", registrar, (char *)NULL))
		return false;
	for (size_t i = 0; i < SF_DEMO_PARTIES; i++)
		if (!make_keys(demo, i))
			return false;
	return write_agreement(demo);
}

bool sf_demo_region_open(struct sf_demo *demo)
{
	const char *temporary = getenv("TMPDIR");
	snprintf(demo->folder, sizeof(demo->folder), "%.64s/stafet-demo-XXXXXX",
		temporary && *temporary ? temporary : "/tmp");
	if (!mkdtemp(demo->folder)) {
		demo->folder[0] = '\0'; /* nothing to remove */
		return fail("no temporary folder can be made");
	}
	for (size_t i = 0; i < SF_DEMO_PARTIES; i++)
		demo->parties[i] = cast[i];
	if (!make_region(demo) || !start_daemon(demo, 0) || !wait_ready(demo, 0, false))
		return false;
	for (size_t i = 0; i < SF_DEMO_PARTIES; i++)
		if (!approve(demo, i))
			return false;
	for (size_t i = 1; i < SF_DEMO_PARTIES; i++)
		if (!start_daemon(demo, i))
			return false;
	for (size_t i = 1; i < SF_DEMO_PARTIES; i++)
		if (!wait_ready(demo, i, true))
			return false;
	return sf_demo_sign(demo);
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void)status;
	(void)kind;
	(void)place;
	return remove(path);
}

/* Stops everything, in order, and leaves nothing behind unless asked to. */
void sf_demo_region_close(struct sf_demo *demo)
{
	for (size_t i = 0; i < SF_DEMO_PARTIES; i++) {
		sf_client_close(&demo->parties[i].client);
		if (demo->parties[i].pid > 0)
			kill(demo->parties[i].pid, SIGTERM);
	}
	for (size_t i = 0; i < SF_DEMO_PARTIES; i++)
		if (demo->parties[i].pid > 0)
			waitpid(demo->parties[i].pid, NULL, 0);
	for (size_t i = 0; i < demo->letter_count; i++)
		sf_buf_fini(&demo->letters[i].content);
	if (demo->folder[0] && !demo->keep)
		nftw(demo->folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}
