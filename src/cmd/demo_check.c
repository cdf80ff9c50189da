#include "cmd/demo.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "os/files.h"
#include "text/json_write.h"

#define SCAN_SIZE_MAX ((size_t)256 * 1024 * 1024)

static size_t open_at(struct sf_demo *demo, size_t party)
{
	const struct sf_request request = {.kind = SF_REQUEST_OUTBOX,
		.outbox = {.count_max = SF_LOCAL_ROWS_MAX, .only_open = true}};
	struct sf_arena arena;
	sf_arena_init(&arena, SF_LOCAL_SIZE_MAX);
	struct sf_reply reply;
	size_t count = SF_LOCAL_ROWS_MAX;
	if (sf_demo_ask(demo, party, &request, &arena, &reply))
		count = reply.outbox.row_count;
	sf_arena_fini(&arena);
	return count;
}

size_t sf_demo_open_count(struct sf_demo *demo)
{
	size_t count = 0;
	for (size_t i = 1; i < SF_DEMO_PARTIES; i++)
		count += demo->parties[i].role == SF_ROLE_HOSPITAL ? open_at(demo, i) : 0;
	return count;
}

/* What a recipient reads out of the letter is what must stand nowhere at the coordinator. */
static void keep_canaries(struct sf_demo_letter *letter, const char *cpr, const char *patient_name)
{
	snprintf(letter->cpr, sizeof(letter->cpr), "%s", cpr ? cpr : "");
	snprintf(letter->patient, sizeof(letter->patient), "%.*s", (int)sizeof(letter->patient) - 1,
		patient_name ? patient_name : "");
}

/* It waits, and whoever asks is told what for. */
static bool waits_for_something(const struct sf_delivery_row *row)
{
	bool final = row->state == SF_DELIVERY_FATAL_ERROR || row->state == SF_DELIVERY_REFUSED;
	return !final && row->reason && *row->reason;
}

/* Acknowledged with exactly the bytes handed in, pending with a reason, or lost. */
static void check_letter(
	struct sf_demo *demo, struct sf_demo_letter *letter, struct sf_demo_verdict *verdict)
{
	struct sf_arena arena;
	sf_arena_init(&arena, 2 * SF_LOCAL_SIZE_MAX);
	struct sf_reply reply;
	struct sf_request request = {
		.kind = SF_REQUEST_OUTBOX, .outbox = {.message = letter->message, .count_max = 4}};
	bool known = sf_demo_ask(demo, letter->hospital, &request, &arena, &reply) &&
		     reply.outbox.row_count > 0;
	bool acknowledged = known && reply.outbox.rows[0].state == SF_DELIVERY_OK;
	if (known && !acknowledged) {
		const struct sf_delivery_row *row = &reply.outbox.rows[0];
		bool pending = waits_for_something(row);
		verdict->pending += pending;
		verdict->lost += !pending;
		fprintf(demo->out, "%s: %s (%s)\n", pending ? "pending" : "not acknowledged",
			sf_delivery_text(row->state), row->reason ? row->reason : "");
	}
	request = (struct sf_request){
		.kind = SF_REQUEST_MESSAGE, .message = {.message = letter->message}};
	bool read = sf_demo_ask(demo, letter->municipality, &request, &arena, &reply);
	bool arrived = read && sf_view_equal(reply.message.content, sf_buf_view(&letter->content));
	if (read)
		keep_canaries(letter, reply.message.cpr, reply.message.patient_name);
	verdict->acknowledged += acknowledged && arrived;
	verdict->lost += !known || (acknowledged && !arrived);
	sf_arena_fini(&arena);
}

/* No letter stands in an inbox twice. */
static void check_inbox(struct sf_demo *demo, size_t party, struct sf_demo_verdict *verdict)
{
	struct sf_request request = {
		.kind = SF_REQUEST_INBOX, .inbox = {.count_max = SF_LOCAL_ROWS_MAX}};
	struct sf_arena arena;
	sf_arena_init(&arena, SF_LOCAL_SIZE_MAX);
	struct sf_reply reply;
	if (sf_demo_ask(demo, party, &request, &arena, &reply))
		for (size_t i = 0; i < reply.inbox.row_count; i++)
			for (size_t k = 0; k < i; k++)
				verdict->doubled += sf_id_equal(
					reply.inbox.rows[i].message, reply.inbox.rows[k].message);
	sf_arena_fini(&arena);
}

static struct sf_id holder(
	const struct sf_reply_transition *transition, enum sf_domain domain, size_t *ret_count)
{
	struct sf_id found = {{0}};
	*ret_count = 0;
	for (size_t i = 0; i < transition->line_count; i++)
		if (transition->lines[i].domain == domain &&
			transition->lines[i].until_ms == SF_LEDGER_OPEN) {
			found = transition->lines[i].holder;
			(*ret_count)++;
		}
	return found;
}

/* One holder per active domain at the coordinator, and the same one at hospital and municipality.
 */
static void check_transition(
	struct sf_demo *demo, const struct sf_demo_letter *letter, struct sf_demo_verdict *verdict)
{
	const size_t askers[] = {0, letter->hospital, letter->municipality};
	const struct sf_request request = {
		.kind = SF_REQUEST_TRANSITION, .transition = {.transition = letter->transition}};
	struct sf_id holders[SF_COUNT(askers)][SF_DOMAIN_COUNT];
	verdict->transitions++;
	for (size_t i = 0; i < SF_COUNT(askers); i++) {
		struct sf_arena arena;
		sf_arena_init(&arena, SF_LOCAL_SIZE_MAX);
		struct sf_reply reply;
		bool told = sf_demo_ask(demo, askers[i], &request, &arena, &reply);
		bool ended = told && reply.transition.row.stay == SF_STAY_DEAD;
		verdict->holders_wrong += !told;
		for (enum sf_domain d = SF_DOMAIN_MEDICAL; told && d < SF_DOMAIN_COUNT; d++) {
			size_t count;
			bool active = (reply.transition.active & SF_DOMAIN_BIT(d)) && !ended;
			holders[i][d] = holder(&reply.transition, d, &count);
			verdict->domains_checked += active;
			verdict->holders_wrong +=
				count != (active ? 1u : 0u) ||
				(i > 0 && !sf_id_equal(holders[i][d], holders[0][d]));
		}
		sf_arena_fini(&arena);
		if (!told)
			return;
	}
}

static bool contains(struct sf_view bytes, const char *text)
{
	size_t size = strlen(text);
	const uint8_t *at = bytes.data;
	size_t left = bytes.size;
	while (left >= size) {
		const uint8_t *hit = memchr(at, text[0], left - size + 1);
		if (!hit)
			return false;
		if (memcmp(hit, text, size) == 0)
			return true;
		left -= (size_t)(hit + 1 - at);
		at = hit + 1;
	}
	return false;
}

/* Number and name of every patient of this run, as a recipient's node reads them out of letters. */
static size_t count_canaries(const struct sf_demo *demo, struct sf_view bytes)
{
	size_t found = 0;
	for (size_t i = 0; i < demo->letter_count; i++) {
		const struct sf_demo_letter *letter = &demo->letters[i];
		found += letter->cpr[0] && contains(bytes, letter->cpr);
		found += letter->patient[0] && contains(bytes, letter->patient);
	}
	for (size_t i = 0; i < demo->patient_count; i++) {
		found += contains(bytes, demo->patients[i].cpr);
		found += contains(bytes, demo->patients[i].family);
		found += contains(bytes, demo->patients[i].given);
	}
	return found;
}

static size_t scan_folder(const struct sf_demo *demo, const char *folder, size_t *ret_files)
{
	size_t found = 0;
	DIR *directory = opendir(folder);
	*ret_files = 0;
	for (struct dirent *entry; directory && (entry = readdir(directory));) {
		char path[SF_DEMO_PATH_SIZE + 260];
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		struct sf_buf bytes;
		struct sf_diag diag;
		sf_buf_init(&bytes, SCAN_SIZE_MAX);
		/* Sockets and folders cannot be read as files; they hold no bytes of their own. */
		if (!sf_file_read(path, &bytes, &diag)) {
			(*ret_files)++;
			found += count_canaries(demo, sf_buf_view(&bytes));
		}
		sf_buf_fini(&bytes);
	}
	if (directory)
		closedir(directory);
	return found;
}

/* True when the scan finds a file with this text alone. */
static bool finds(const struct sf_demo *demo, const char *text)
{
	char folder[SF_DEMO_PATH_SIZE], path[SF_DEMO_PATH_SIZE + 16];
	snprintf(folder, sizeof(folder), "%.100s/control", demo->folder);
	snprintf(path, sizeof(path), "%s/planted", folder);
	if (!*text || (mkdir(folder, 0700) && errno != EEXIST))
		return false;
	FILE *file = fopen(path, "w");
	if (!file)
		return false;
	fprintf(file, "planted %s\n", text);
	size_t files;
	bool written = fclose(file) == 0;
	bool found = written && scan_folder(demo, folder, &files) > 0;
	remove(path);
	remove(folder);
	return found;
}

/* The scan proves itself: a number and a name, planted one at a time, must be found. */
static bool control_is_found(const struct sf_demo *demo)
{
	return demo->letter_count > 0 && finds(demo, demo->letters[0].cpr) &&
	       finds(demo, demo->letters[0].patient) && demo->patient_count > 0 &&
	       finds(demo, demo->patients[0].cpr) && finds(demo, demo->patients[0].family);
}

void sf_demo_check(struct sf_demo *demo, struct sf_demo_verdict *ret_verdict)
{
	*ret_verdict = (struct sf_demo_verdict){
		.fatal_right = demo->fatal_seen == demo->fatal_expected && demo->not_taken == 0};
	for (size_t i = 0; i < demo->letter_count; i++) {
		check_letter(demo, &demo->letters[i], ret_verdict);
		bool first = true;
		for (size_t k = 0; k < i && first; k++)
			first = !sf_id_equal(
				demo->letters[k].transition, demo->letters[i].transition);
		if (first)
			check_transition(demo, &demo->letters[i], ret_verdict);
	}
	for (size_t i = 1; i < SF_DEMO_PARTIES; i++)
		check_inbox(demo, i, ret_verdict);
	ret_verdict->control_found = control_is_found(demo);
	ret_verdict->canaries =
		scan_folder(demo, demo->parties[0].folder, &ret_verdict->files_scanned);
}

bool sf_demo_good(const struct sf_demo_verdict *verdict)
{
	return verdict->acknowledged > 0 && verdict->lost == 0 && verdict->doubled == 0 &&
	       verdict->holders_wrong == 0 && verdict->domains_checked > 0 &&
	       verdict->control_found && verdict->files_scanned > 0 && verdict->canaries == 0 &&
	       verdict->fatal_right;
}

void sf_demo_print_verdict(const struct sf_demo *demo, const struct sf_demo_verdict *verdict)
{
	fprintf(demo->out,
		"\nchecked (seed %llu):\n"
		"  letters       %zu handed in, %zu acknowledged, %zu pending with a reason, %zu "
		"lost, "
		"%zu doubled\n"
		"  bad letters   %zu of %zu refused with a fatal-error, never sent; %zu good "
		"ones not taken\n"
		"  handed in twice  %zu, answered as before\n"
		"  restarts      %zu node killed and started again\n"
		"  responsibility  %zu transitions, %zu domains asked for at coordinator, hospital "
		"and "
		"municipality, %zu without exactly one and the same holder\n"
		"  blindness     planted control %s; %zu files of the coordinator scanned, %zu "
		"names or "
		"numbers of patients found\n"
		"%s\n",
		(unsigned long long)demo->seed, demo->letter_count, verdict->acknowledged,
		verdict->pending, verdict->lost, verdict->doubled, demo->fatal_seen,
		demo->fatal_expected, demo->not_taken, demo->duplicates, demo->restarts,
		verdict->transitions, verdict->domains_checked, verdict->holders_wrong,
		verdict->control_found ? "found" : "NOT FOUND", verdict->files_scanned,
		verdict->canaries, sf_demo_good(verdict) ? "all good" : "NOT GOOD");
}

void sf_demo_print_json(const struct sf_demo *demo, const struct sf_demo_verdict *verdict)
{
	struct sf_buf buf;
	sf_buf_init(&buf, 65536);
	struct sf_json_writer writer;
	sf_json_writer_begin(&writer, &buf);
	sf_json_object(&writer, NULL);
	sf_json_bool(&writer, "ok", sf_demo_good(verdict));
	sf_json_int(&writer, "seed", (int64_t)demo->seed);
	const struct {
		const char *name;
		size_t value;
	} figures[] = {
		{"letters", demo->letter_count},
		{"acknowledged", verdict->acknowledged},
		{"pending", verdict->pending},
		{"lost", verdict->lost},
		{"doubled", verdict->doubled},
		{"fatal_expected", demo->fatal_expected},
		{"fatal_seen", demo->fatal_seen},
		{"not_taken", demo->not_taken},
		{"duplicates", demo->duplicates},
		{"refusals", demo->refusals},
		{"said", demo->said},
		{"restarts", demo->restarts},
		{"transitions", verdict->transitions},
		{"domains_checked", verdict->domains_checked},
		{"holders_wrong", verdict->holders_wrong},
		{"files_scanned", verdict->files_scanned},
		{"canaries_found", verdict->canaries},
	};
	for (size_t i = 0; i < SF_COUNT(figures); i++)
		sf_json_int(&writer, figures[i].name, (int64_t)figures[i].value);
	sf_json_bool(&writer, "control_found", verdict->control_found);
	sf_json_close(&writer);
	if (!sf_json_writer_end(&writer))
		printf("%.*s\n", (int)buf.size, (const char *)buf.data);
	sf_buf_fini(&buf);
}
