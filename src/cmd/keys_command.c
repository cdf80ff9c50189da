/* `stafet keys`: a party's own key folder. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cmd/commands.h"
#include "cmd/contact_file.h"
#include "cmd/entry_print.h"
#include "cmd/key_folder.h"
#include "crypto/keyfile.h"
#include "os/env.h"

static const char help[] =
	"usage: stafet keys init DIR --name NAME --role ROLE [--sor CODE] [--gln CODE]\n"
	"                   [--support TEXT] [--contacts FILE] [--party ID]\n"
	"                   [--passphrase-file FILE]\n"
	"       stafet keys show DIR [--json]\n"
	"       stafet keys renew DIR [--passphrase-file FILE]\n"
	"       stafet keys contacts DIR --contacts FILE [--passphrase-file FILE]\n"
	"       stafet keys activate DIR [--passphrase-file FILE]\n"
	"       stafet keys pseudonym FILE [--passphrase-file FILE]\n"
	"\n"
	"init       makes DIR (mode 0700) with a party's keys and request.sfr, the request that\n"
	"           its registrar signs (stafet registrar sign). ROLE is hospital, municipality,\n"
	"           gp, psychiatry or coordinator; a coordinator also gets coordinator.pub, which\n"
	"           every node needs. Read the fingerprint to the registrar over the telephone.\n"
	"show       prints the public parts.\n"
	"renew      makes new sealing and transport keys (they live 90 days) and a new request.\n"
	"           Old sealing keys stay in DIR for letters that are on the way. The transport\n"
	"           key in use stays until activate.\n"
	"contacts   makes a new request with other duty desks and the same keys. FILE has a line "
	"for\n"
	"           each, at most 12: telephone, days (all, weekdays, weekends: public holidays "
	"are\n"
	"           as these), hours of Denmark's clock, and what it is. The first that is "
	"answered\n"
	"           is the one to call. Numbers of desks, never of persons:\n"
	"             12345678  weekdays  07-15  Home nursing, day\n"
	"             12345679  all       23-07  Home nursing, night\n"
	"activate   puts the new transport key in use: after the new entry is recorded; restart\n"
	"           the daemon then. A coordinator's coordinator.pub changes with it.\n"
	"pseudonym  makes the region's pseudonym key, for the nodes of its hospitals only.\n"
	"\n"
	"Files: *.key are secret, mode 0600: identity, sealing, transport, message-id (keep it in\n"
	"every backup, for ever) and log. request.sfr holds the bytes of the signed request as\n"
	"they are (protobuf SignedRecord); party and *.pub are text.\n"
	"With --passphrase-file, or STAFET_PASSPHRASE_FILE in the environment, secrets are\n"
	"encrypted with the first line of that file, which must have mode 0600.\n"
	"Exit: 0 done, 1 failed, 2 usage, 3 not found, 4 refused, 5 exists already, 7 integrity.\n";

struct words {
	struct sf_key_folder_wish wish;
	const char *place; /* DIR or FILE */
	const char *contact_file;
	const char *passphrase_file;
	bool json;
};

enum option_code {
	OPTION_NAME = 1,
	OPTION_ROLE,
	OPTION_SOR,
	OPTION_GLN,
	OPTION_SUPPORT,
	OPTION_CONTACTS,
	OPTION_PARTY,
	OPTION_PASSPHRASE,
	OPTION_JSON,
};

static const struct option options[] = {
	{"name", required_argument, NULL, OPTION_NAME},
	{"role", required_argument, NULL, OPTION_ROLE},
	{"sor", required_argument, NULL, OPTION_SOR},
	{"gln", required_argument, NULL, OPTION_GLN},
	{"support", required_argument, NULL, OPTION_SUPPORT},
	{"contacts", required_argument, NULL, OPTION_CONTACTS},
	{"party", required_argument, NULL, OPTION_PARTY},
	{"passphrase-file", required_argument, NULL, OPTION_PASSPHRASE},
	{"json", no_argument, NULL, OPTION_JSON},
	{NULL, 0, NULL, 0},
};

/* Roles that have a node or a coordinator of their own. */
static bool role_has_keys(enum sf_role role)
{
	return role == SF_ROLE_HOSPITAL || role == SF_ROLE_MUNICIPALITY || role == SF_ROLE_GP ||
	       role == SF_ROLE_PSYCHIATRY || role == SF_ROLE_COORDINATOR;
}

static int read_option(int option, struct words *words)
{
	switch (option) {
	case OPTION_NAME:
		words->wish.name = optarg;
		return 0;
	case OPTION_ROLE:
		words->wish.role = sf_role_from_text(optarg);
		if (!role_has_keys(words->wish.role))
			return sf_exit_usage("--role must be hospital, municipality, gp, "
					     "psychiatry or coordinator");
		return 0;
	case OPTION_SOR:
		words->wish.sor = optarg;
		return 0;
	case OPTION_GLN:
		words->wish.gln = optarg;
		return 0;
	case OPTION_SUPPORT:
		words->wish.support = optarg;
		return 0;
	case OPTION_CONTACTS:
		words->contact_file = optarg;
		return 0;
	case OPTION_PARTY:
		if (sf_id_parse(optarg, &words->wish.party) || sf_id_is_none(words->wish.party))
			return sf_exit_usage("--party must be 32 hexadecimal digits");
		return 0;
	case OPTION_PASSPHRASE:
		words->passphrase_file = optarg;
		return 0;
	case OPTION_JSON:
		words->json = true;
		return 0;
	default:
		return sf_exit_usage("see stafet keys --help");
	}
}

static int print_request(const struct sf_enrolment *request, bool json)
{
	const struct sf_entry_print print = {
		.entry = &request->entry, .digest = &request->digest, .made_ms = request->made_ms};
	if (json) {
		enum sf_err err = sf_entry_print_json(&print);
		return err ? sf_exit_failed(err, NULL) : SF_EXIT_OK;
	}
	sf_entry_print_text(&print);
	return SF_EXIT_OK;
}

static int finish(enum sf_err err, const struct sf_diag *diag, const struct sf_enrolment *request,
	const struct words *words)
{
	return err ? sf_exit_failed(err, diag) : print_request(request, words->json);
}

static int run_init(const struct words *words, struct sf_view passphrase)
{
	struct sf_diag diag = {{0}};
	struct sf_env env = sf_os_env();
	struct sf_enrolment request;
	if (!words->wish.name || words->wish.role == SF_ROLE_NONE)
		return sf_exit_usage("keys init needs --name and --role, see stafet keys --help");
	struct sf_contact contacts[SF_CONTACTS_MAX];
	struct sf_key_folder_wish wish = words->wish;
	enum sf_err err = SF_OK;
	if (words->contact_file)
		err = sf_contact_file_read(
			words->contact_file, contacts, &wish.contact_count, &diag);
	wish.contacts = contacts;
	if (!err)
		err = sf_key_folder_make(words->place, &wish, passphrase, &env, &request, &diag);
	return finish(err, &diag, &request, words);
}

static int run_contacts(const struct words *words, struct sf_view passphrase)
{
	struct sf_diag diag = {{0}};
	struct sf_env env = sf_os_env();
	struct sf_enrolment request;
	struct sf_contact contacts[SF_CONTACTS_MAX];
	size_t count = 0;
	if (!words->contact_file)
		return sf_exit_usage("keys contacts needs --contacts FILE, see stafet keys --help");
	enum sf_err err = sf_contact_file_read(words->contact_file, contacts, &count, &diag);
	if (!err)
		err = sf_key_folder_contacts(
			words->place, contacts, count, passphrase, &env, &request, &diag);
	return finish(err, &diag, &request, words);
}

static int run_show(const struct words *words, struct sf_view passphrase)
{
	(void)passphrase;
	struct sf_diag diag = {{0}};
	struct sf_enrolment request;
	enum sf_err err = sf_key_folder_show(words->place, &request, &diag);
	return finish(err, &diag, &request, words);
}

static int run_renew(const struct words *words, struct sf_view passphrase)
{
	struct sf_diag diag = {{0}};
	struct sf_env env = sf_os_env();
	struct sf_enrolment request;
	enum sf_err err = sf_key_folder_renew(words->place, passphrase, &env, &request, &diag);
	return finish(err, &diag, &request, words);
}

static int run_activate(const struct words *words, struct sf_view passphrase)
{
	struct sf_diag diag = {{0}};
	enum sf_err err = sf_key_folder_activate(words->place, passphrase, &diag);
	return err ? sf_exit_failed(err, &diag) : SF_EXIT_OK;
}

static int run_pseudonym(const struct words *words, struct sf_view passphrase)
{
	struct sf_diag diag = {{0}};
	struct sf_env env = sf_os_env();
	struct sf_key key;
	enum sf_err err = sf_key_make(SF_KEY_PSEUDONYM, &env, &key);
	if (!err) {
		err = sf_keyfile_write(words->place, &key, passphrase, false, &env, &diag);
		sf_key_fini(&key);
	}
	return err ? sf_exit_failed(err, &diag) : SF_EXIT_OK;
}

static const struct {
	const char *name;
	int (*run)(const struct words *words, struct sf_view passphrase);
	bool secret; /* a passphrase may be needed */
} verbs[] = {
	{"init", run_init, true},
	{"show", run_show, false},
	{"renew", run_renew, true},
	{"contacts", run_contacts, true},
	{"activate", run_activate, true},
	{"pseudonym", run_pseudonym, true},
};

static int run(size_t verb, const struct words *words)
{
	struct sf_passphrase passphrase = {0};
	struct sf_diag diag = {{0}};
	enum sf_err err = SF_OK;
	if (verbs[verb].secret)
		err = sf_passphrase_open(words->passphrase_file, &passphrase, &diag);
	if (err)
		return sf_exit_failed(err, &diag);
	int code = verbs[verb].run(words, sf_passphrase_view(&passphrase));
	sf_passphrase_close(&passphrase);
	return code;
}

int sf_command_keys(int argc, char **argv)
{
	struct words words = {.wish = {.sor = "", .gln = "", .support = ""}};
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0) {
			fputs(help, stdout);
			return SF_EXIT_OK;
		}
	}
	if (argc < 2)
		return sf_exit_usage("keys needs a verb, see stafet keys --help");
	optind = 1;
	for (int option; (option = getopt_long(argc - 1, argv + 1, "", options, NULL)) != -1;) {
		int code = read_option(option, &words);
		if (code)
			return code;
	}
	if (argc - 1 - optind != 1)
		return sf_exit_usage("keys needs one folder or file, see stafet keys --help");
	words.place = argv[1 + optind];
	for (size_t i = 0; i < SF_COUNT(verbs); i++) {
		if (strcmp(argv[1], verbs[i].name) == 0)
			return run(i, &words);
	}
	return sf_exit_usage("no verb '%s' of keys, see stafet keys --help", argv[1]);
}
