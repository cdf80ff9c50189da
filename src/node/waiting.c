/*
 * A checkpoint that cannot be judged yet: its key or its line about the directory is in an entry
 * that has not come, or the hashes that came with it do not begin where this node stands. What is
 * missing is asked for; a coordinator that never answers is as one that contradicts itself.
 */
#include "node/state.h"

#include "base/time.h"

bool sf_node_question_due(const struct sf_node *node, const struct sf_node_question *question)
{
	return question->asked_ms == 0 ||
	       node->now_ms - question->asked_ms >= node->options.log_timeout_ms;
}

enum sf_err sf_node_ask_consistency(
	struct sf_node *node, struct sf_node_question *question, uint32_t epoch)
{
	if (question->since_ms == 0)
		question->since_ms = node->now_ms;
	question->asked_ms = node->now_ms;
	const struct sf_frame frame = {.kind = SF_FRAME_CONSISTENCY,
		.log = {.epoch = epoch, .from_size = question->from, .size = question->to}};
	return sf_node_say(node, &frame);
}

void sf_node_wait_no_more(struct sf_node *node)
{
	struct sf_node_log *log = &node->log;
	sf_buf_clear(&log->waiting);
	sf_buf_clear(&log->waiting_path);
	log->waits = false;
	log->hashes = (struct sf_node_question){.asked_ms = 0};
}

static enum sf_err ask(struct sf_node *node)
{
	struct sf_node_log *log = &node->log;
	const struct sf_node_seen *newest = &log->newest;
	if (!log->waits_for_directory) {
		bool older = log->waiting_size < newest->size;
		log->hashes.from = older ? log->waiting_size : newest->size;
		log->hashes.to = older ? newest->size : log->waiting_size;
		return sf_node_ask_consistency(node, &log->hashes, log->epoch);
	}
	if (log->hashes.since_ms == 0)
		log->hashes.since_ms = node->now_ms;
	log->hashes.asked_ms = node->now_ms;
	const struct sf_frame query = {.kind = SF_FRAME_QUERY,
		.directory_from = sf_directory_version(node->directory) + 1};
	return sf_node_say(node, &query);
}

/* One waits at a time: the larger one, because who can join it to ours can join the other. */
enum sf_err sf_node_wait(
	struct sf_node *node, const struct sf_frame_log *frame, uint64_t size, bool for_directory)
{
	struct sf_node_log *log = &node->log;
	bool again = log->waits && sf_view_equal(sf_buf_view(&log->waiting), frame->note);
	if (log->waits && !again && size < log->waiting_size)
		return SF_OK;
	bool asked = log->waits && log->waits_for_directory == for_directory &&
		     log->hashes.asked_ms > 0 && !sf_node_question_due(node, &log->hashes);
	if (!again) {
		sf_buf_clear(&log->waiting);
		sf_buf_clear(&log->waiting_path);
		enum sf_err err = sf_buf_append(&log->waiting, frame->note);
		if (!err)
			err = sf_buf_append(&log->waiting_path, frame->path);
		if (err)
			return err;
		log->waiting_from = frame->from_size;
		log->waiting_to = frame->size;
		log->waiting_size = size;
		asked = asked && for_directory;
	}
	log->waits = true;
	log->waits_for_directory = for_directory;
	return asked ? SF_OK : ask(node);
}

static enum sf_err judge_again(
	struct sf_node *node, uint64_t from, uint64_t to, struct sf_view path, struct sf_diag *diag)
{
	struct sf_node_log *log = &node->log;
	/* Judging may make it wait anew, over the same buffer. */
	const struct sf_frame_log frame = {
		.note = sf_arena_copy(&node->arena, sf_buf_view(&log->waiting)),
		.path = sf_arena_copy(&node->arena, path),
		.from_size = from,
		.size = to,
	};
	if (!frame.note.data || !frame.path.data)
		return SF_ERR_LIMIT;
	const struct sf_node_question asked = log->hashes;
	sf_node_wait_no_more(node);
	enum sf_err err = sf_node_judge(node, &frame, diag);
	/* It waits on: for what it was asked for before, and as long as before. */
	if (log->waits)
		log->hashes.since_ms = asked.since_ms;
	return err;
}

enum sf_err sf_node_consistency(
	struct sf_node *node, const struct sf_frame_log *frame, struct sf_diag *diag)
{
	struct sf_node_log *log = &node->log;
	if (!node->greeted || log->halted || !frame->reply || frame->epoch != log->epoch)
		return SF_OK;
	if (log->waits && !log->waits_for_directory && log->hashes.asked_ms > 0 &&
		log->hashes.from == frame->from_size && log->hashes.to == frame->size)
		return judge_again(node, frame->from_size, frame->size, frame->path, diag);
	return sf_node_gossip_answered(node, frame, diag);
}

/*
 * A question is looked at again when its time has come. Later than that this node was not there
 * itself: its machine was suspended, or its clock was set. Nobody can answer in such a time, and a
 * node must not stop for it.
 */
static void leave_out_pause(const struct sf_node *node, struct sf_node_question *question)
{
	int64_t timeout_ms = node->options.log_timeout_ms;
	int64_t late_ms = node->now_ms - question->asked_ms - timeout_ms;
	if (late_ms > timeout_ms)
		question->since_ms += late_ms;
}

enum sf_err sf_node_waiting_due(struct sf_node *node, struct sf_diag *diag)
{
	struct sf_node_log *log = &node->log;
	if (!log->waits)
		return SF_OK;
	if (log->waits_for_directory && node->directory_changed)
		return judge_again(node, log->waiting_from, log->waiting_to,
			sf_buf_view(&log->waiting_path), diag);
	if (!sf_node_question_due(node, &log->hashes))
		return SF_OK;
	leave_out_pause(node, &log->hashes);
	if (node->now_ms - log->hashes.since_ms < node->options.log_patience_ms)
		return ask(node);
	struct sf_view note = sf_arena_copy(&node->arena, sf_buf_view(&log->waiting));
	enum sf_contradiction kind =
		log->waits_for_directory ? SF_CONTRADICTION_DIRECTORY : SF_CONTRADICTION_FORK;
	sf_node_wait_no_more(node);
	return note.data ? sf_node_contradict_note(node, kind, log->newest.size, note, diag)
			 : SF_ERR_LIMIT;
}
