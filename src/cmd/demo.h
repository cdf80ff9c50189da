/*
 * `stafet demo`: a region of real daemons on loopback, real patients' messages (invented people)
 * through it, and a check at the end that decides the exit code.
 */
#ifndef SF_CMD_DEMO_H
#define SF_CMD_DEMO_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "client/call.h"
#include "cmd/embedded.h"

#define SF_DEMO_PARTIES 10 /* the coordinator, 2 hospitals, 3 municipalities, 4 practices */
#define SF_DEMO_FOLDER_SIZE 96
#define SF_DEMO_PATH_SIZE 160
#define SF_DEMO_LETTERS_MAX 512
#define SF_DEMO_TRANSITIONS_MAX 128

struct sf_demo_party {
	const char *name;
	enum sf_role role;
	const char *sor, *gln;
	char folder[SF_DEMO_PATH_SIZE];
	char socket[SF_DEMO_PATH_SIZE];
	pid_t pid;                /* 0 while it does not run */
	struct sf_client *client; /* owned; NULL while it does not run */
	struct sf_id id;
	uint64_t feed_cursor;
	uint16_t http_port; /* of its console; 0: it has none */
};

/* A letter that a hospital's node answered. */
struct sf_demo_letter {
	size_t hospital, municipality;
	struct sf_id message, transition;
	struct sf_buf content;      /* owned: as handed in */
	char cpr[16], patient[128]; /* once it has arrived: what must stand nowhere else */
};

struct sf_demo_patient {
	char cpr[16];
	const char *family, *given;
	char episode[SF_UUID_TEXT_SIZE];
	char last_header[SF_UUID_TEXT_SIZE];
	const char *last_activity;
	int64_t admitted_ms, last_ms;
	size_t hospital, municipality, practice;
	bool home;
	int talked; /* how far what is said about the stay has come: demo_course.c */
	struct sf_id transition;
};

struct sf_demo {
	uint64_t seed, chance;
	bool json, ci, keep;
	FILE *out; /* the readable feed: standard output, or standard error beside --json */
	char folder[SF_DEMO_FOLDER_SIZE];
	uint16_t port;
	struct sf_demo_party parties[SF_DEMO_PARTIES];
	size_t patient_count;
	struct sf_demo_patient patients[SF_DEMO_TRANSITIONS_MAX];
	size_t letter_count;
	struct sf_demo_letter letters[SF_DEMO_LETTERS_MAX];
	size_t fatal_expected, fatal_seen;
	size_t not_taken; /* good letters that a hospital's node did not take */
	size_t duplicates, refusals, restarts, late_told;
	size_t said;    /* plans, answers, questions ... */
	size_t talking; /* patient about whom the parties talk */
};

/* What the check at the end found. */
struct sf_demo_verdict {
	size_t acknowledged, doubled;
	size_t pending; /* without a final answer, and the sender says what they wait for */
	size_t lost;    /* gone, changed, or without an answer and nobody says why */
	size_t transitions, domains_checked, holders_wrong;
	size_t files_scanned, canaries;
	bool control_found; /* the scan found what was planted: it can find */
	bool fatal_right;   /* the bad letters were refused, and they alone */
};

/* demo_region.c */
SF_MUST_USE bool sf_demo_region_open(struct sf_demo *demo);
void sf_demo_region_close(struct sf_demo *demo);
/* Milliseconds of a clock that nobody sets. */
int64_t sf_demo_steady_ms(void);
bool sf_demo_start(struct sf_demo *demo, size_t party);
void sf_demo_kill(struct sf_demo *demo, size_t party);
/* One request; false with a line on standard error when there is no good reply. */
bool sf_demo_ask(struct sf_demo *demo, size_t party, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply);

/* demo_letters.c */
/* One thing happens: a letter, a duplicate, an answer. */
void sf_demo_step(struct sf_demo *demo);
/* MedCom's published samples, through both hospitals. */
void sf_demo_samples(struct sf_demo *demo);

/* The bytes of a file that the program carries inside; NULL. */
const struct sf_embedded *sf_demo_file(const char *name);

/* demo_course.c */
/* Every party signs the agreement that the coordinator has. */
SF_MUST_USE bool sf_demo_sign(struct sf_demo *demo);
/* The next thing that is said about the stay: a plan, an answer ... False when there is none now.
 */
bool sf_demo_talk(struct sf_demo *demo, struct sf_demo_patient *patient);

/* demo_feed.c */
/* Prints what has happened at every daemon since the last call. */
void sf_demo_print_feed(struct sf_demo *demo);
/* Says how many deliveries wait for a recipient, when that has changed. */
void sf_demo_print_late(struct sf_demo *demo);

/* demo_check.c */
/* Letters without a final answer at their sender. */
size_t sf_demo_open_count(struct sf_demo *demo);
void sf_demo_check(struct sf_demo *demo, struct sf_demo_verdict *ret_verdict);
bool sf_demo_good(const struct sf_demo_verdict *verdict);
void sf_demo_print_verdict(const struct sf_demo *demo, const struct sf_demo_verdict *verdict);
void sf_demo_print_json(const struct sf_demo *demo, const struct sf_demo_verdict *verdict);

/* Links that sign in once, at the consoles that there are. */
void sf_demo_print_links(struct sf_demo *demo);

#endif
