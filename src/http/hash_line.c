#include "http/hash_line.h"

#include <stdio.h>
#include <string.h>

static void compute(void *context)
{
	struct sf_hash_line *line = context;
	struct sf_hash_place *now = &line->now;
	now->err = line->crypto.password_hash(line->crypto.self, sf_view_text(now->password),
		now->salt, now->passes, now->memory_kib, &now->hash);
	sf_bytes_wipe(now->password, sizeof(now->password));
}

void sf_hash_line_open(const struct sf_crypto *crypto, const struct sf_aside *aside,
	bool (*waits)(void *self, uint64_t call), void *self, struct sf_hash_line *ret_line)
{
	*ret_line = (struct sf_hash_line){
		.crypto = *crypto, .aside = *aside, .waits = waits, .self = self};
}

void sf_hash_line_close(struct sf_hash_line *line)
{
	if (line->running && line->aside.start) {
		line->aside.wait(line->aside.self);
		sf_ignore(line->aside.ended(line->aside.self));
	}
	sf_bytes_wipe(line, sizeof(*line));
}

int sf_hash_line_descriptor(const struct sf_hash_line *line)
{
	return line->aside.start ? line->aside.descriptor : -1;
}

/* a goes before b. */
static bool is_before(const struct sf_hash_place *a, const struct sf_hash_place *b)
{
	return a->round != b->round ? a->round < b->round : a->number < b->number;
}

static struct sf_hash_place *first_of(struct sf_hash_line *line)
{
	struct sf_hash_place *first = NULL;
	for (size_t i = 0; i < SF_HASH_LINE_MAX; i++) {
		struct sf_hash_place *place = &line->places[i];
		if (place->call && (!first || is_before(place, first)))
			first = place;
	}
	return first;
}

static void free_place(struct sf_hash_place *place)
{
	sf_bytes_wipe(place, sizeof(*place));
}

static void run_next(struct sf_hash_line *line)
{
	struct sf_hash_place *next = line->running ? NULL : first_of(line);
	if (!next)
		return;
	line->now = *next;
	line->round = next->round;
	line->running = true;
	free_place(next);
	/* Nobody is there any more: there is nothing to be computed. */
	if (line->waits && !line->waits(line->self, line->now.call)) {
		line->now.err = SF_ERR_AGAIN;
		line->ended = true;
		return;
	}
	const struct sf_job job = {compute, line};
	if (line->aside.start) {
		line->aside.start(line->aside.self, &job);
		return;
	}
	compute(line);
	line->ended = true;
}

/* Places of this name, with the one that is computed; where all are in use the last of all. */
struct standing {
	size_t of_name;
	uint64_t round; /* of the last one of this network; 0: there is none */
	struct sf_hash_place *free;
	struct sf_hash_place *last;
};

static void count(const struct sf_hash_place *place, const struct sf_digest *origin,
	const char *name, struct standing *standing)
{
	standing->of_name += strcmp(place->name, name) == 0;
	if (sf_digest_equal(&place->origin, origin) && place->round > standing->round)
		standing->round = place->round;
}

static struct standing look(
	struct sf_hash_line *line, const struct sf_digest *origin, const char *name)
{
	struct standing standing = {.of_name = 0};
	if (line->running)
		count(&line->now, origin, name, &standing);
	for (size_t i = 0; i < SF_HASH_LINE_MAX; i++) {
		struct sf_hash_place *place = &line->places[i];
		if (!place->call) {
			standing.free = place;
			continue;
		}
		count(place, origin, name, &standing);
		if (!standing.last || is_before(standing.last, place))
			standing.last = place;
	}
	return standing;
}

bool sf_hash_line_join(struct sf_hash_line *line, uint64_t call, const struct sf_digest *origin,
	const char *name, const struct sf_password_asked *asked, uint64_t *ret_out)
{
	size_t size = strlen(asked->password);
	const struct standing standing = look(line, origin, name);
	*ret_out = 0;
	if (standing.of_name >= SF_HASH_LINE_OF_NAME_MAX || strlen(name) > SF_USER_NAME_MAX ||
		size > SF_PASSWORD_SIZE_MAX)
		return false;
	/* Rounds begin with 1, and nobody is set back for having been here before. */
	uint64_t least = line->round > 0 ? line->round : 1;
	uint64_t round = standing.round + 1 > least ? standing.round + 1 : least;
	struct sf_hash_place *place = standing.free;
	if (!place) {
		place = standing.last;
		if (place->round <= round)
			return false;
		*ret_out = place->call;
	}
	*place = (struct sf_hash_place){.call = call,
		.number = ++line->numbers,
		.round = round,
		.origin = *origin,
		.passes = asked->passes,
		.memory_kib = asked->memory_kib};
	snprintf(place->name, sizeof(place->name), "%s", name);
	memcpy(place->password, asked->password, size);
	memcpy(place->salt, asked->salt, sizeof(place->salt));
	run_next(line);
	return true;
}

bool sf_hash_line_take(struct sf_hash_line *line, uint64_t *ret_call, struct sf_digest *ret_hash,
	enum sf_err *ret_err)
{
	if (line->running && !line->ended)
		line->ended = line->aside.start && line->aside.ended(line->aside.self);
	if (!line->ended)
		return false;
	*ret_call = line->now.call;
	*ret_hash = line->now.hash;
	*ret_err = line->now.err;
	free_place(&line->now);
	line->running = line->ended = false;
	run_next(line);
	return true;
}
