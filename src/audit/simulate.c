#include "audit/simulate.h"

#include <stdlib.h>
#include <string.h>

#include "audit/book.h"
#include "core/derived.h"
#include "wire/record.h"

/* Derived facts between two recorded ones: every duty of a transition and its ladder, and more. */
#define DERIVED_MAX 256

struct sf_simulation {
	struct sf_agreement *by;               /* owned; its digest is that of the other text */
	const struct sf_agreement *agreements; /* borrowed: by, as the book wants it */
	struct sf_agreement_book book;
	struct sf_transition *after; /* owned; NULL before the first begin */
	uint64_t derived_count;      /* names the derived facts, which have no envelope */
};

enum sf_err sf_simulation_read(struct sf_view text, const struct sf_crypto *crypto,
	const struct sf_env *env, struct sf_agreement *by)
{
	enum sf_err err = sf_agreement_decode(text, by, NULL);
	if (err)
		return err;
	sf_book_digest(crypto, text, &by->digest);
	if (by->time_zone[0])
		by->calendar.zone = env->zone(env->self, by->time_zone);
	return by->time_zone[0] && !by->calendar.zone ? SF_ERR_UNSUPPORTED : SF_OK;
}

enum sf_err sf_simulation_open(const struct sf_agreement *by, struct sf_simulation **ret_simulation)
{
	struct sf_simulation *simulation = calloc(1, sizeof(*simulation));
	struct sf_agreement *copy = malloc(sizeof(*copy));
	if (!simulation || !copy) {
		free(simulation);
		free(copy);
		return SF_ERR_MEMORY;
	}
	*copy = *by;
	simulation->by = copy;
	simulation->agreements = copy;
	*ret_simulation = simulation;
	return SF_OK;
}

void sf_simulation_close(struct sf_simulation **simulation)
{
	if (!*simulation)
		return;
	if ((*simulation)->after)
		sf_transition_close(&(*simulation)->after);
	free((*simulation)->by);
	free(*simulation);
	*simulation = NULL;
}

enum sf_err sf_simulation_begin(struct sf_simulation *simulation,
	const struct sf_transition *before, const struct sf_agreement_book *book, bool *ret_begun)
{
	const struct sf_agreement *ruling = sf_transition_agreement(before);
	if (simulation->after)
		sf_transition_close(&simulation->after);
	*ret_begun = false;
	if (!ruling)
		return SF_OK;
	simulation->by->digest = ruling->digest;
	simulation->book = (struct sf_agreement_book){
		&simulation->agreements, 1, book->acceptances, book->acceptance_count};
	enum sf_err err =
		sf_transition_open(sf_transition_id(before), &simulation->book, &simulation->after);
	*ret_begun = !err;
	return err;
}

/* An id that no message of the log has: those are digests or random. */
static struct sf_id name_derived(struct sf_simulation *simulation)
{
	struct sf_id id = {{0}};
	uint64_t number = ++simulation->derived_count;
	for (size_t i = 0; i < 8; i++)
		id.bytes[15 - i] = (uint8_t)(number >> (8 * i));
	return id;
}

/* As soon as it was due, as a coordinator that keeps up would have recorded it. */
static int64_t recorded_time(
	const struct sf_transition *transition, const struct sf_fact *fact, int64_t now_ms)
{
	int64_t last_ms = sf_transition_recorded_ms(transition);
	int64_t at_ms = fact->derived.due_ms > last_ms ? fact->derived.due_ms : last_ms;
	return at_ms < now_ms ? at_ms : now_ms;
}

static enum sf_err derive_until(struct sf_simulation *simulation, int64_t now_ms)
{
	struct sf_transition *after = simulation->after;
	struct sf_message message = {.format = 1, .transition = sf_transition_id(after)};
	enum sf_err err = SF_OK;
	for (size_t i = 0; !err && i < DERIVED_MAX; i++) {
		if (!sf_transition_derive(after, now_ms, &message.fact))
			break;
		int64_t at_ms = recorded_time(after, &message.fact, now_ms);
		struct sf_transition_result result;
		message.id = name_derived(simulation);
		message.occurred_ms = message.created_ms = at_ms;
		const struct sf_event event = {&message, SF_CLASS_DERIVED,
			sf_transition_sequence(after) + 1, at_ms, SF_ROLE_COORDINATOR};
		err = sf_transition_step(after, &event, &result);
		if (!err && result.outcome == SF_OUTCOME_REFUSED)
			break;
	}
	return err;
}

enum sf_err sf_simulation_step(
	struct sf_simulation *simulation, const struct sf_event *event, bool number_only)
{
	/* What time gave under the old text is derived anew; a link needs two transitions. */
	bool derived = event->kind_class == SF_CLASS_DERIVED &&
		       event->message->fact.kind != SF_KIND_LINKED;
	if (derived || number_only || !simulation->after)
		return SF_OK;
	enum sf_err err = derive_until(simulation, event->recorded_ms);
	struct sf_event again = *event;
	struct sf_transition_result result;
	again.sequence = sf_transition_sequence(simulation->after) + 1;
	return err ? err : sf_transition_step(simulation->after, &again, &result);
}

enum sf_err sf_simulation_step_cover(struct sf_simulation *simulation, struct sf_view cover,
	const struct sf_recorded *recorded, struct sf_diag *diag)
{
	struct sf_cover parsed;
	struct sf_header header;
	enum sf_err err = sf_cover_parse(cover, &parsed, diag);
	if (!err)
		err = sf_header_decode(parsed.header, &header, diag);
	if (err)
		return err;
	const struct sf_event event = {
		.message = &header.message,
		.kind_class = recorded->kind_class,
		.sequence = recorded->sequence,
		.recorded_ms = recorded->recorded_ms,
		.author_role = recorded->author_role,
	};
	return sf_simulation_step(simulation, &event, sf_recorded_is_number_only(recorded));
}

/* One deadline of a fold. */
struct deadline {
	struct sf_id subject;
	const char *name;
	enum sf_role owner;
	int64_t due_ms;
	bool missed;
};

struct deadlines {
	const struct sf_transition *transition;
	const struct sf_obligation *obligations;
	size_t obligation_count;
	const struct sf_window *windows;
	size_t window_count;
	int64_t now_ms;
};

static struct deadlines deadlines_of(const struct sf_transition *transition, int64_t now_ms)
{
	struct deadlines all = {.transition = transition, .now_ms = now_ms};
	all.obligations = sf_transition_obligations(transition, &all.obligation_count);
	all.windows = sf_transition_windows(transition, &all.window_count);
	return all;
}

/* Clauses without a name cannot be known again in another text. */
static bool deadline_at(const struct deadlines *all, size_t index, struct deadline *ret_deadline)
{
	uint32_t clause = 0;
	if (index < all->obligation_count) {
		const struct sf_obligation *obligation = &all->obligations[index];
		int64_t until_ms = obligation->ended_ms ? obligation->ended_ms : all->now_ms;
		/* To tell a receiver bears the number of its window, whose deadline it is not. */
		if (obligation->duty == SF_DUTY_EXPECTATION)
			clause = obligation->clause;
		*ret_deadline = (struct deadline){.subject = obligation->subject,
			.owner = obligation->owner_role,
			.due_ms = obligation->due_ms,
			.missed =
				obligation->due_ms != SF_NEVER_MS && until_ms > obligation->due_ms};
	} else {
		const struct sf_window *window = &all->windows[index - all->obligation_count];
		clause = window->clause;
		*ret_deadline = (struct deadline){.subject = window->subject,
			.owner = window->then,
			.due_ms = window->until_ms};
	}
	ret_deadline->name = sf_listing_clause(all->transition, clause)->name;
	return ret_deadline->name[0] != '\0';
}

static bool find_deadline(
	const struct deadlines *all, const struct deadline *wanted, struct deadline *ret_deadline)
{
	for (size_t i = 0; i < all->obligation_count + all->window_count; i++)
		if (deadline_at(all, i, ret_deadline) &&
			sf_id_equal(ret_deadline->subject, wanted->subject) &&
			strcmp(ret_deadline->name, wanted->name) == 0)
			return true;
	*ret_deadline = (struct deadline){.due_ms = SF_NEVER_MS};
	return false;
}

static void add_difference(struct sf_listing *listing, struct sf_listing_rows *rows,
	const struct sf_transition *transition, const struct deadline *before,
	const struct deadline *after)
{
	const struct deadline *named = before->name ? before : after;
	if (before->name && after->name && before->due_ms == after->due_ms &&
		before->missed == after->missed)
		return;
	struct sf_simulated_row *row = sf_listing_add(listing, rows);
	if (row)
		*row = (struct sf_simulated_row){
			.transition = sf_transition_id(transition),
			.subject = named->subject,
			.name = sf_listing_text(listing, named->name),
			.owner = named->owner,
			.due_before_ms = before->due_ms,
			.due_after_ms = after->due_ms,
			.missed_before = before->missed,
			.missed_after = after->missed,
		};
}

enum sf_err sf_simulation_compare(struct sf_simulation *simulation,
	const struct sf_transition *before, int64_t now_ms, struct sf_listing *listing,
	struct sf_listing_rows *rows)
{
	if (!simulation->after)
		return SF_OK;
	enum sf_err err = derive_until(simulation, now_ms);
	if (err)
		return err;
	struct deadlines old = deadlines_of(before, now_ms);
	struct deadlines new = deadlines_of(simulation->after, now_ms);
	struct deadline one, other;
	for (size_t i = 0; i < old.obligation_count + old.window_count; i++) {
		if (!deadline_at(&old, i, &one))
			continue;
		find_deadline(&new, &one, &other);
		add_difference(listing, rows, before, &one, &other);
	}
	for (size_t i = 0; i < new.obligation_count + new.window_count; i++)
		if (deadline_at(&new, i, &one) && !find_deadline(&old, &one, &other))
			add_difference(listing, rows, before, &other, &one);
	return SF_OK;
}
