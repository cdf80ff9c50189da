/* `stafet registrar`: the offline machine that says who is who (WIRE.md section 2). */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "cmd/commands.h"
#include "cmd/entry_print.h"
#include "cmd/epoch_file.h"
#include "cmd/key_folder.h"
#include "os/env.h"
#include "os/files.h"

#define ENTRY_MODE 0644

static const char help[] =
	"usage: stafet registrar init DIR [--passphrase-file FILE]\n"
	"       stafet registrar show FILE [--json]\n"
	"       stafet registrar sign DIR REQUEST [--previous ENTRY] [--represented-by PARTY]\n"
	"                        -o ENTRY [--yes] [--passphrase-file FILE]\n"
	"       stafet registrar revoke DIR ENTRY --key ID | --all [--compromised-since TIME]\n"
	"                        -o ENTRY [--passphrase-file FILE]\n"
	"       stafet registrar epoch DIR FILE -o SIGNED [--yes] [--passphrase-file FILE]\n"
	"       stafet registrar cosign DIR ENTRY|SIGNED -o FILE [--yes] [--passphrase-file FILE]\n"
	"\n"
	"init    makes registrar.key (secret, keep it offline) and registrar.pub (for every node\n"
	"        and coordinator) in DIR.\n"
	"show    prints what a request asks for, or what an entry or a new epoch says, and its\n"
	"        fingerprint.\n"
	"sign    checks a request and signs the entry it asks for. Compare the fingerprint with\n"
	"        the party over the telephone first; the answer to the question is the word yes.\n"
	"        A party that has an entry needs --previous with its newest one.\n"
	"revoke  signs an entry in which a key, or every key, is revoked from now. TIME is such\n"
	"        as 2026-11-20T13:05:00Z: what the key signed since then is not believed.\n"
	"epoch   signs the new epoch of the log that stafet log epoch has written at a "
	"coordinator\n"
	"        whose newest store is lost. Compare the fingerprint with who runs it first.\n"
	"cosign  adds this registrar's signature to an entry or a signed epoch, where more than "
	"one\n"
	"        must sign.\n"
	"\n"
	"Entries are recorded with stafet registry approve, an epoch begins with stafet log\n"
	"begin-epoch. A file of a request, an entry or a signed epoch holds the bytes of the\n"
	"protobuf SignedRecord as they are, without armour.\n"
	"Exit: 0 done, 1 failed, 2 usage, 3 not found, 4 refused, 5 exists or conflict, 7 "
	"integrity.\n";

struct words {
	const char *place; /* DIR, or FILE of show */
	const char *input; /* REQUEST, ENTRY or FILE */
	const char *output;
	const char *previous;
	const char *passphrase_file;
	struct sf_id represented_by;
	struct sf_id key_id;
	int64_t compromised_since_ms;
	bool all, yes, json;
};

enum option_code {
	OPTION_PREVIOUS = 1,
	OPTION_REPRESENTED_BY,
	OPTION_KEY,
	OPTION_COMPROMISED,
	OPTION_PASSPHRASE,
	OPTION_ALL,
	OPTION_YES,
	OPTION_JSON,
	OPTION_OUTPUT = 'o',
};

static const struct option options[] = {
	{"previous", required_argument, NULL, OPTION_PREVIOUS},
	{"represented-by", required_argument, NULL, OPTION_REPRESENTED_BY},
	{"key", required_argument, NULL, OPTION_KEY},
	{"compromised-since", required_argument, NULL, OPTION_COMPROMISED},
	{"passphrase-file", required_argument, NULL, OPTION_PASSPHRASE},
	{"all", no_argument, NULL, OPTION_ALL},
	{"yes", no_argument, NULL, OPTION_YES},
	{"json", no_argument, NULL, OPTION_JSON},
	{"output", required_argument, NULL, OPTION_OUTPUT},
	{NULL, 0, NULL, 0},
};

static int read_id(const char *name, struct sf_id *ret_id)
{
	if (sf_id_parse(optarg, ret_id) || sf_id_is_none(*ret_id))
		return sf_exit_usage("%s must be 32 hexadecimal digits", name);
	return 0;
}

static int read_option(int option, struct words *words)
{
	switch (option) {
	case OPTION_PREVIOUS:
		words->previous = optarg;
		return 0;
	case OPTION_REPRESENTED_BY:
		return read_id("--represented-by", &words->represented_by);
	case OPTION_KEY:
		return read_id("--key", &words->key_id);
	case OPTION_COMPROMISED:
		if (sf_time_parse(sf_view_text(optarg), &words->compromised_since_ms))
			return sf_exit_usage(
				"--compromised-since must be such as 2026-11-20T13:05:00Z");
		return 0;
	case OPTION_PASSPHRASE:
		words->passphrase_file = optarg;
		return 0;
	case OPTION_ALL:
		words->all = true;
		return 0;
	case OPTION_YES:
		words->yes = true;
		return 0;
	case OPTION_JSON:
		words->json = true;
		return 0;
	case OPTION_OUTPUT:
		words->output = optarg;
		return 0;
	default:
		return sf_exit_usage("see stafet registrar --help");
	}
}

/* The registrar at work: its key, and the bytes it is given and makes. */
struct work {
	const struct words *words; /* borrowed */
	struct sf_keyring *keyring;
	struct sf_id key_id;
	struct sf_buf input;
	struct sf_buf output;
	struct sf_diag diag;
};

static enum sf_err read_entry(
	const char *path, struct sf_directory_entry *ret_entry, struct sf_diag *diag)
{
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_ENROLMENT_SIZE_MAX);
	struct sf_signed_record record;
	enum sf_err err = sf_file_read(path, &bytes, diag);
	if (!err) {
		err = sf_entry_read(sf_buf_view(&bytes), &record, ret_entry, diag);
		if (err)
			sf_diag_prefix(diag, "%s", path);
	}
	sf_buf_fini(&bytes);
	return err;
}

static const char of_party[] = "Did the party read you this fingerprint?";
static const char of_epoch[] =
	"Is every newer copy of the store lost, and did its operator read you this fingerprint?";

/* After --yes, or when a person types yes. */
static enum sf_err confirm(struct work *work, const char *question)
{
	char answer[8] = "";
	if (work->words->yes)
		return SF_OK;
	fprintf(stderr, "%s Type yes to sign: ", question);
	fflush(stderr);
	if (fgets(answer, sizeof(answer), stdin) && strcmp(answer, "yes\n") == 0)
		return SF_OK;
	sf_diag_set(&work->diag, "not confirmed, nothing was signed");
	return SF_ERR_REFUSED;
}

static enum sf_err work_sign(struct work *work)
{
	struct sf_env env = sf_os_env();
	struct sf_enrolment request;
	struct sf_directory_entry previous, entry;
	bool new_identity = false;
	enum sf_err err = sf_enrolment_read(sf_buf_view(&work->input), &request, &work->diag);
	if (!err && work->words->previous)
		err = read_entry(work->words->previous, &previous, &work->diag);
	if (!err)
		err = sf_entry_from_request(&request, work->words->previous ? &previous : NULL,
			work->words->represented_by, env.now_ms(env.self), &entry, &new_identity,
			&work->diag);
	if (err)
		return err;
	const struct sf_entry_print print = {
		.entry = &entry, .digest = &request.digest, .made_ms = request.made_ms};
	sf_entry_print_text(&print);
	if (new_identity)
		printf("NEW IDENTITY KEY: the party no longer signs with the one it had\n");
	err = confirm(work, of_party);
	return err ? err
		   : sf_entry_sign(work->keyring, work->key_id, &entry, &work->output, &work->diag);
}

static enum sf_err work_revoke(struct work *work)
{
	struct sf_env env = sf_os_env();
	struct sf_signed_record record;
	struct sf_directory_entry previous, entry;
	enum sf_err err = sf_entry_read(sf_buf_view(&work->input), &record, &previous, &work->diag);
	if (!err)
		err = sf_entry_revoke(&previous, work->words->key_id, env.now_ms(env.self),
			work->words->compromised_since_ms, &entry, &work->diag);
	return err ? err
		   : sf_entry_sign(work->keyring, work->key_id, &entry, &work->output, &work->diag);
}

static enum sf_err sign_epoch(struct work *work, const struct sf_epoch_file *file)
{
	sf_epoch_file_print_text(file);
	enum sf_err err = confirm(work, of_epoch);
	return err ? err
		   : sf_epoch_file_sign(
			     work->keyring, work->key_id, file, &work->output, &work->diag);
}

static enum sf_err work_epoch(struct work *work)
{
	struct sf_epoch_file file;
	enum sf_err err = sf_epoch_file_read(sf_buf_view(&work->input), &file, &work->diag);
	if (!err && file.record.signature_count > 0) {
		sf_diag_set(&work->diag, "a registrar has signed it: add this one's signature with "
					 "stafet registrar cosign");
		err = SF_ERR_EXISTS;
	}
	return err ? err : sign_epoch(work, &file);
}

static enum sf_err work_cosign(struct work *work)
{
	struct sf_signed_record record;
	struct sf_directory_entry entry;
	struct sf_epoch_file file;
	enum sf_err err = sf_entry_read(sf_buf_view(&work->input), &record, &entry, &work->diag);
	if (err && !sf_epoch_file_read(sf_buf_view(&work->input), &file, NULL)) {
		if (file.record.signature_count > 0)
			return sign_epoch(work, &file);
		sf_diag_set(&work->diag,
			"nobody has signed this epoch: sign it with stafet registrar epoch");
		return SF_ERR_STATE;
	}
	if (err)
		return err;
	const struct sf_entry_print print = {.entry = &entry,
		.digest = &entry.digest,
		.signature_count = record.signature_count};
	sf_entry_print_text(&print);
	err = confirm(work, of_party);
	return err ? err
		   : sf_entry_cosign(work->keyring, work->key_id, sf_buf_view(&work->input),
			     &work->output, &work->diag);
}

/* Opens the registrar, reads the input, does the work and writes the output. */
static int with_registrar(const struct words *words, enum sf_err (*run)(struct work *work))
{
	struct work work = {.words = words};
	struct sf_passphrase passphrase = {0};
	sf_buf_init(&work.input, SF_ENROLMENT_SIZE_MAX);
	sf_buf_init(&work.output, SF_ENROLMENT_SIZE_MAX);
	enum sf_err err = sf_passphrase_open(words->passphrase_file, &passphrase, &work.diag);
	if (!err)
		err = sf_registrar_folder_open(words->place, sf_passphrase_view(&passphrase),
			&work.keyring, &work.key_id, &work.diag);
	sf_passphrase_close(&passphrase);
	if (!err)
		err = sf_file_read(words->input, &work.input, &work.diag);
	if (!err)
		err = run(&work);
	if (!err)
		err = sf_file_write(
			words->output, sf_buf_view(&work.output), ENTRY_MODE, &work.diag);
	sf_keyring_close(&work.keyring);
	sf_buf_fini(&work.input);
	sf_buf_fini(&work.output);
	return err ? sf_exit_failed(err, &work.diag) : SF_EXIT_OK;
}

static int run_sign(const struct words *words)
{
	return with_registrar(words, work_sign);
}

static int run_revoke(const struct words *words)
{
	if (words->all == !sf_id_is_none(words->key_id))
		return sf_exit_usage("registrar revoke needs either --key or --all");
	return with_registrar(words, work_revoke);
}

static int run_epoch(const struct words *words)
{
	return with_registrar(words, work_epoch);
}

static int run_cosign(const struct words *words)
{
	return with_registrar(words, work_cosign);
}

static int run_init(const struct words *words)
{
	struct sf_diag diag = {{0}};
	struct sf_env env = sf_os_env();
	struct sf_passphrase passphrase = {0};
	uint8_t key[SF_PUBLIC_KEY_SIZE];
	enum sf_err err = sf_passphrase_open(words->passphrase_file, &passphrase, &diag);
	if (!err)
		err = sf_registrar_folder_make(
			words->place, sf_passphrase_view(&passphrase), &env, key, &diag);
	sf_passphrase_close(&passphrase);
	if (err)
		return sf_exit_failed(err, &diag);
	char id[SF_ID_TEXT_SIZE];
	sf_id_format(sf_key_id_ed25519(key), id);
	printf("registrar    %s\n", id);
	return SF_EXIT_OK;
}

/* What the file holds is found out by reading: none of them is well formed as another. */
static enum sf_err show(struct sf_view bytes, bool json, struct sf_diag *diag)
{
	struct sf_enrolment request;
	struct sf_directory_entry entry;
	struct sf_signed_record record;
	struct sf_epoch_file file;
	struct sf_entry_print print = {0};
	if (!sf_epoch_file_read(bytes, &file, NULL)) {
		if (json)
			return sf_epoch_file_print_json(&file);
		sf_epoch_file_print_text(&file);
		return SF_OK;
	}
	if (!sf_entry_read(bytes, &record, &entry, NULL)) {
		print = (struct sf_entry_print){.entry = &entry,
			.digest = &entry.digest,
			.signature_count = record.signature_count};
	} else {
		enum sf_err err = sf_enrolment_read(bytes, &request, diag);
		if (err)
			return err;
		print = (struct sf_entry_print){.entry = &request.entry,
			.digest = &request.digest,
			.made_ms = request.made_ms};
	}
	if (json)
		return sf_entry_print_json(&print);
	sf_entry_print_text(&print);
	return SF_OK;
}

static int run_show(const struct words *words)
{
	struct sf_diag diag = {{0}};
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_ENROLMENT_SIZE_MAX);
	enum sf_err err = sf_file_read(words->place, &bytes, &diag);
	if (!err)
		err = show(sf_buf_view(&bytes), words->json, &diag);
	sf_buf_fini(&bytes);
	return err ? sf_exit_failed(err, &diag) : SF_EXIT_OK;
}

static const struct {
	const char *name;
	int (*run)(const struct words *words);
	int arguments;
	bool output;
} verbs[] = {
	{"init", run_init, 1, false},
	{"show", run_show, 1, false},
	{"sign", run_sign, 2, true},
	{"revoke", run_revoke, 2, true},
	{"epoch", run_epoch, 2, true},
	{"cosign", run_cosign, 2, true},
};

static int run(const char *name, int argument_count, struct words *words)
{
	for (size_t i = 0; i < SF_COUNT(verbs); i++) {
		if (strcmp(name, verbs[i].name) != 0)
			continue;
		if (argument_count != verbs[i].arguments)
			return sf_exit_usage("registrar %s needs %d arguments, see "
					     "stafet registrar --help",
				name, verbs[i].arguments);
		if (verbs[i].output && !words->output)
			return sf_exit_usage("registrar %s needs -o FILE", name);
		return verbs[i].run(words);
	}
	return sf_exit_usage("no verb '%s' of registrar, see stafet registrar --help", name);
}

int sf_command_registrar(int argc, char **argv)
{
	struct words words = {0};
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0) {
			fputs(help, stdout);
			return SF_EXIT_OK;
		}
	}
	if (argc < 2)
		return sf_exit_usage("registrar needs a verb, see stafet registrar --help");
	optind = 1;
	for (int option; (option = getopt_long(argc - 1, argv + 1, "o:", options, NULL)) != -1;) {
		int code = read_option(option, &words);
		if (code)
			return code;
	}
	int count = argc - 1 - optind;
	words.place = count > 0 ? argv[1 + optind] : NULL;
	words.input = count > 1 ? argv[2 + optind] : NULL;
	return run(argv[1], count, &words);
}
