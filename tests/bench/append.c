/*
 * What the log costs beside the event: rows of events written to SQLite in batches, with and
 * without their leaf in the tree, in turn on two stores; and how large both become.
 *
 *   bench_append [--events N] [--batch N] [--folder DIR]
 *
 * CPU microseconds an event, medians of rounds. A round with the log also proves and signs one
 * checkpoint, as a busy second does.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/measure.h"
#include "coordinator/tiles.h"
#include "crypto/port.h"
#include "log/checkpoint.h"
#include "log/leaf.h"
#include "os/env.h"
#include "store/sqlite.h"

#define ORIGIN "coordinator.example/log/bench/1"
#define ROUNDS_MAX 512
#define COVER_SIZE 620   /* of an acknowledgement; a letter's is some 100 more */
#define RECEIPT_SIZE 190 /* with its fields */

struct shelf {
	const struct sf_env *env;
	const struct sf_crypto *crypto;
	struct sf_id log_key_id;
	struct sf_note_key log_key;
	char path[512];
	struct sf_sqlite *sqlite;
	const struct sf_store *store;
	bool logged;
	struct sf_tiles tiles;
	struct sf_checkpoint last;
	int64_t next;
	double costs_us[ROUNDS_MAX];
};

static void remove_files(const char *path)
{
	static const char *const endings[] = {"", "-wal", "-shm", ".lock"};
	char name[600];
	for (size_t i = 0; i < SF_COUNT(endings); i++) {
		snprintf(name, sizeof(name), "%s%s", path, endings[i]);
		unlink(name);
	}
}

static void open_shelf(struct shelf *shelf, const char *folder, bool logged)
{
	shelf->logged = logged;
	snprintf(shelf->path, sizeof(shelf->path), "%s/append-%d-%d.db", folder, (int)getpid(),
		(int)logged);
	remove_files(shelf->path);
	const struct sf_sqlite_options options = {.path = shelf->path,
		.name = "coordinator",
		.tables = sf_coordinator_tables,
		.table_count = sf_coordinator_table_count,
		.migrations = sf_migrations_coordinator};
	struct sf_diag diag = {{0}};
	if (sf_sqlite_open(&options, &shelf->sqlite, &diag)) {
		fprintf(stderr, "bench_append: %s\n", diag.text);
		exit(1);
	}
	shelf->store = sf_sqlite_port(shelf->sqlite);
	SF_ASSERT(!sf_tiles_load(&shelf->tiles, shelf->crypto, shelf->store, 1, 0, 0, NULL));
	memcpy(shelf->last.origin, ORIGIN, sizeof(ORIGIN));
}

static void close_shelf(struct shelf *shelf)
{
	sf_tiles_fini(&shelf->tiles);
	sf_sqlite_close(&shelf->sqlite);
	remove_files(shelf->path);
}

static void append(struct shelf *shelf)
{
	uint8_t cover[COVER_SIZE], receipt[RECEIPT_SIZE], path[160], signature[64];
	uint8_t leaf[SF_LEAF_SIZE];
	const struct sf_env *env = shelf->env;
	env->random(env->self, cover, sizeof(cover));
	env->random(env->self, receipt, sizeof(receipt));
	env->random(env->self, path, sizeof(path));
	env->random(env->self, signature, sizeof(signature));
	struct sf_row_event row = {.leaf_index = shelf->next,
		.sequence = shelf->next + 1,
		.kind_class = SF_CLASS_FACT,
		.kind = 4,
		.recorded_ms = shelf->next,
		.outcome = SF_OUTCOME_APPLIED,
		.cover = sf_view_of(cover, sizeof(cover)),
		.receipt = sf_view_of(receipt, sizeof(receipt)),
		.receipt_count = 32,
		.receipt_path = sf_view_of(path, sizeof(path)),
		.receipt_signature = sf_view_of(signature, sizeof(signature))};
	env->random(env->self, row.transition.bytes, SF_ID_SIZE);
	env->random(env->self, row.message_id.bytes, SF_ID_SIZE);
	env->random(env->self, row.r.bytes, SF_DIGEST_SIZE);
	env->random(env->self, row.digest.bytes, SF_DIGEST_SIZE);
	const struct sf_leaf_event event = {.digest = row.digest,
		.recorded_ms = row.recorded_ms,
		.outcome = SF_OUTCOME_APPLIED,
		.kind_class = SF_CLASS_FACT};
	/* Leaf and head were there before the log was: both stores have them. */
	sf_log_leaf(shelf->crypto, &event, &row.r, leaf);
	sf_log_head(shelf->crypto, &row.previous_head, leaf, &row.head);
	row.leaf = sf_view_of(leaf, sizeof(leaf));
	SF_ASSERT(!shelf->store->insert(shelf->store->self, &sf_table_event, &row, NULL));
	shelf->next++;
	if (!shelf->logged)
		return;
	struct sf_digest hash;
	sf_tree_leaf_hash(shelf->crypto, row.leaf, &hash);
	SF_ASSERT(!sf_tiles_append(&shelf->tiles, &hash, NULL));
}

/* As a turn of the coordinator at its beginning: prove, sign, keep. */
static void sign(struct shelf *shelf)
{
	struct sf_checkpoint next = shelf->last;
	struct sf_tree_source source = sf_tiles_source(&shelf->tiles);
	struct sf_digest hashes[SF_TREE_PROOF_MAX];
	size_t count;
	next.size = sf_tiles_size(&shelf->tiles);
	sf_tiles_root(&shelf->tiles, &next.root);
	sf_tiles_forget(&shelf->tiles);
	SF_ASSERT(!sf_tree_consistency(
		shelf->crypto, &source, shelf->last.size, next.size, hashes, &count, NULL));
	SF_ASSERT(!sf_tree_check_consistency(shelf->crypto, shelf->last.size, &shelf->last.root,
		next.size, &next.root, hashes, count));
	struct sf_buf note, text;
	sf_buf_init(&note, SF_NOTE_SIZE_MAX);
	sf_buf_init(&text, SF_NOTE_SIZE_MAX);
	SF_ASSERT(!sf_checkpoint_format(&next, &text) && !sf_checkpoint_format(&next, &note) &&
		  !sf_buf_append_text(&note, "\n") &&
		  !sf_note_sign(shelf->crypto, shelf->log_key_id, &shelf->log_key,
			  sf_buf_view(&text), 0, &note));
	const struct sf_row_checkpoint row = {.epoch = 1,
		.size = (int64_t)next.size,
		.root = next.root,
		.note = sf_buf_view(&note),
		.signed_ms = 1};
	const struct sf_row_checkpoint old = {.epoch = 1, .size = (int64_t)shelf->last.size};
	SF_ASSERT(!shelf->store->insert(shelf->store->self, &sf_table_checkpoint, &row, NULL));
	if (shelf->last.size > 0)
		SF_ASSERT(!shelf->store->remove(
			shelf->store->self, &sf_table_checkpoint, &old, NULL));
	sf_buf_fini(&text);
	sf_buf_fini(&note);
	shelf->last = next;
}

/* One round: events in batches of one commit each. */
static double round_us(struct shelf *shelf, size_t events, size_t batch)
{
	int64_t begun_ns = sf_bench_cpu_ns(0);
	for (size_t done = 0; done < events; done += batch) {
		SF_ASSERT(!shelf->store->begin(shelf->store->self, NULL));
		if (shelf->logged && done == 0 && shelf->next > 0)
			sign(shelf);
		for (size_t i = 0; i < batch; i++)
			append(shelf);
		SF_ASSERT(!shelf->store->commit(shelf->store->self, NULL));
	}
	return (double)(sf_bench_cpu_ns(0) - begun_ns) / 1000 / (double)events;
}

static double file_size(const struct shelf *shelf)
{
	struct stat status;
	SF_ASSERT(stat(shelf->path, &status) == 0);
	return (double)status.st_size;
}

static void measure(struct shelf shelves[2], size_t events, size_t batch)
{
	const size_t each = 2048;
	size_t rounds = events / each;
	double ratios[ROUNDS_MAX];
	if (rounds > ROUNDS_MAX)
		rounds = ROUNDS_MAX;
	for (size_t i = 0; i < rounds; i++) {
		for (size_t j = 0; j < 2; j++)
			shelves[j].costs_us[i] = round_us(&shelves[j], each, batch);
		ratios[i] = shelves[1].costs_us[i] / shelves[0].costs_us[i];
	}
	double without_us = sf_bench_quantile(shelves[0].costs_us, rounds, 0.5);
	double with_us = sf_bench_quantile(shelves[1].costs_us, rounds, 0.5);
	size_t count = rounds * each;
	printf("%zu events, %zu to a commit\n", count, batch);
	printf("without the log  %7.2f us  %8.0f a second\n", without_us, 1e6 / without_us);
	printf("with the log     %7.2f us  %8.0f a second  ratio %.3f\n", with_us, 1e6 / with_us,
		sf_bench_quantile(ratios, rounds, 0.5));
	for (size_t j = 0; j < 2; j++)
		sf_sqlite_close(&shelves[j].sqlite);
	printf("on disk          %.1f bytes an event without, %.1f with the log\n",
		file_size(&shelves[0]) / (double)count, file_size(&shelves[1]) / (double)count);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {{"events", required_argument, NULL, 'e'},
		{"batch", required_argument, NULL, 'b'}, {"folder", required_argument, NULL, 'f'},
		{NULL, 0, NULL, 0}};
	size_t events = 131072, batch = 64;
	const char *folder = "/tmp";
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;)
		if (option == 'e')
			events = strtoul(optarg, NULL, 10);
		else if (option == 'b')
			batch = strtoul(optarg, NULL, 10);
		else if (option == 'f')
			folder = optarg;
		else
			return 2;
	const struct sf_env env = sf_os_env();
	struct sf_keyring *keyring;
	struct sf_crypto crypto;
	struct sf_key key;
	struct shelf *shelves = calloc(2, sizeof(*shelves));
	if (!shelves || batch == 0 || batch > 2048 || sf_keyring_open(&keyring) ||
		sf_key_make(SF_KEY_LOG, &env, &key) || sf_keyring_add(keyring, &key))
		return 1;
	sf_crypto_port(keyring, &crypto);
	for (size_t i = 0; i < 2; i++) {
		shelves[i] = (struct shelf){.env = &env, .crypto = &crypto, .log_key_id = key.id};
		SF_ASSERT(!sf_note_key_make(
			&crypto, ORIGIN, SF_NOTE_KEY_ED25519, key.public_key, &shelves[i].log_key));
		open_shelf(&shelves[i], folder, i == 1);
	}
	measure(shelves, events, batch);
	for (size_t i = 0; i < 2; i++)
		close_shelf(&shelves[i]);
	sf_key_fini(&key);
	sf_keyring_close(&keyring);
	free(shelves);
	return 0;
}
