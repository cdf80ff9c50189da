/*
 * The stay is a function of the set of its facts: any order of arrival and any duplication gives
 * the same stay and the same mark for every fact. Half of the sets are stories as hospitals tell
 * them, half are nonsense: wrong names, cycles, equal times, one message id on two contents.
 */
#include "property/chance.h"

#include <string.h>

#include "unit/core/scene.h"

#define FACTS_MAX 12
#define COPIES_MAX (3 * FACTS_MAX)

static const char *const codes[] = {"STAA", "STIN", "STOR", "SLOR", "SLHJ", "MORS", "RE_STAA",
	"RE_STIN", "RE_STOR", "RE_SLOR", "RE_SLHJ", "RE_MORS", "AN_STAA", "AN_STIN", "AN_STOR",
	"AN_SLOR", "AN_SLHJ", "AN_MORS"};

struct told {
	struct sf_stay_entry entries[FACTS_MAX];
	size_t count;
};

/* One of the facts (itself and later ones too, in nonsense), one that nobody has, or none. */
static struct sf_id random_name(struct chance *chance, size_t below)
{
	if (below == 0 || chance_percent(chance, 30))
		return (struct sf_id){0};
	if (chance_percent(chance, 10))
		return scene_id(2, 900 + chance_below(chance, 3));
	return scene_id(2, 1 + chance_below(chance, (uint32_t)below));
}

static void tell(struct chance *chance, struct told *told)
{
	bool nonsense = chance_percent(chance, 50);
	told->count = 1 + chance_below(chance, FACTS_MAX);
	for (size_t i = 0; i < told->count; i++) {
		int64_t created_ms =
			SCENE_START_MS + (nonsense ? chance_below(chance, 4) : (int64_t)i);
		told->entries[i] = (struct sf_stay_entry){
			.message_id = scene_id(2, (uint32_t)i + 1),
			.author = scene_party('H'),
			.created_ms = created_ms,
			.author_sequence = nonsense ? chance_below(chance, 3) : i,
			.in_reply_to = random_name(chance, nonsense ? told->count : i),
			.supersedes = random_name(chance, nonsense ? told->count : i),
			.fact = scene_stay_fact(codes[chance_below(chance, SF_COUNT(codes))],
				created_ms - chance_below(chance, 1000)),
		};
	}
	if (nonsense && told->count > 1 && chance_percent(chance, 20))
		told->entries[0].message_id = told->entries[1].message_id;
}

static bool is_same_stay(const struct sf_stay *a, const struct sf_stay *b)
{
	return a->state == b->state && a->stay_class == b->stay_class &&
	       a->since_ms == b->since_ms && a->admitted_ms == b->admitted_ms &&
	       a->discharged_ms == b->discharged_ms && a->segment_count == b->segment_count &&
	       a->report_requested == b->report_requested && sf_id_equal(a->latest, b->latest) &&
	       sf_id_equal(a->discharge, b->discharge);
}

static void check_sense(const struct sf_stay *stay)
{
	CHECK(stay->segment_count <= FACTS_MAX);
	CHECK((stay->segment_count == 0) == (stay->admitted_ms == 0));
	CHECK(sf_id_is_none(stay->discharge) || stay->state == SF_STAY_HOME);
	bool left = stay->state == SF_STAY_HOME || stay->state == SF_STAY_DEAD;
	CHECK(left || stay->discharged_ms == 0);
	if (stay->state == SF_STAY_ANNULLED)
		CHECK(stay->segment_count == 0);
}

static void any_order_gives_the_same_stay(struct chance *chance)
{
	struct told told;
	tell(chance, &told);
	struct sf_stay wanted;
	enum sf_stay_mark wanted_marks[FACTS_MAX];
	CHECK(sf_stay_fold(told.entries, told.count, &wanted, wanted_marks) == SF_OK);
	check_sense(&wanted);
	for (size_t round = 0; round < 6; round++) {
		size_t count = told.count + chance_below(chance, (uint32_t)(2 * told.count));
		size_t order[COPIES_MAX];
		struct sf_stay_entry copies[COPIES_MAX];
		enum sf_stay_mark marks[COPIES_MAX];
		struct sf_stay stay;
		chance_shuffle(chance, order, count);
		for (size_t i = 0; i < count; i++)
			copies[i] = told.entries[order[i] % told.count];
		CHECK(sf_stay_fold(copies, count, &stay, marks) == SF_OK);
		CHECK(is_same_stay(&stay, &wanted));
		for (size_t i = 0; i < count; i++)
			CHECK(marks[i] == wanted_marks[order[i] % told.count]);
	}
}

int main(int argc, char **argv)
{
	return chance_main(argc, argv, "stay", any_order_gives_the_same_stay);
}
