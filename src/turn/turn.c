#include "turn/turn.h"

struct taking {
	const struct sf_engine *engine;
	size_t count;
	bool full; /* more may be waiting */
};

static bool take(void *context, struct sf_arrival *arrival)
{
	struct taking *taking = context;
	taking->full = !taking->engine->take(taking->engine->self, arrival);
	taking->count++;
	return !taking->full;
}

static enum sf_err serve_all(
	struct sf_turn *turn, struct sf_call *calls, size_t count, struct sf_diag *diag)
{
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < count && !err; i++) {
		err = turn->engine.serve(
			turn->engine.self, calls[i].request, calls[i].arena, calls[i].reply, diag);
		calls[i].failed = err;
	}
	return err;
}

static enum sf_err run_transaction(
	struct sf_turn *turn, struct sf_call *calls, size_t count, struct sf_diag *diag)
{
	const struct sf_engine *engine = &turn->engine;
	enum sf_err err = turn->store.begin(turn->store.self, diag);
	if (!err)
		err = engine->step(engine->self, turn->now_ms, diag);
	if (!err)
		err = serve_all(turn, calls, count, diag);
	if (!err)
		err = engine->finish(engine->self, diag);
	return err ? err : turn->store.commit(turn->store.self, diag);
}

/* After an error that names its cause the engine goes back to what the store says. */
static enum sf_err undo(struct sf_turn *turn, enum sf_err err)
{
	turn->lost_turns++;
	if (err == SF_ERR_LIMIT)
		turn->careful = SF_TURN_CAREFUL;
	turn->store.rollback(turn->store.self);
	struct sf_diag diag;
	enum sf_err worse = turn->engine.rolled_back(turn->engine.self, &diag);
	return worse ? worse : err;
}

enum sf_err sf_turn_run(struct sf_turn *turn, struct sf_call *calls, size_t call_count,
	bool *ret_busy, struct sf_diag *diag)
{
	const struct sf_engine *engine = &turn->engine;
	*ret_busy = false;
	turn->now_ms = sf_clock_read(&turn->clock, turn->env.now_ms(turn->env.self),
		turn->env.monotonic_ms(turn->env.self));
	struct taking taking = {engine, 0, false};
	size_t count_max = turn->careful > 0 ? 1 : SF_TURN_FRAMES_MAX;
	enum sf_err err = turn->link.receive(turn->link.self, count_max, take, &taking);
	if (err)
		return err;
	bool due = engine->next_due_ms(engine->self) <= turn->now_ms;
	if (taking.count == 0 && call_count == 0 && !due)
		return SF_OK;
	turn->moved = taking.count > 0 || due;
	engine->check(engine->self);
	err = run_transaction(turn, calls, call_count, diag);
	if (err)
		return undo(turn, err);
	engine->committed(engine->self, &turn->link);
	for (size_t i = 0; i < call_count; i++)
		calls[i].answered = true;
	turn->turns++;
	turn->careful -= turn->careful > 0;
	*ret_busy = taking.full || taking.count == count_max ||
		    engine->next_due_ms(engine->self) <= turn->now_ms;
	return SF_OK;
}
