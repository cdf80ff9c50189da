/*
 * What two replicas compare (DESIGN.md, reconciliation): everything derived, as bytes, big-endian.
 * Only what the facts give is in it, never an order of arrival that they do not.
 */
#include "core/transition_state.h"

static enum sf_err append_time(struct sf_buf *buf, int64_t time_ms)
{
	return sf_buf_append_u64(buf, (uint64_t)time_ms);
}

static enum sf_err append_id(struct sf_buf *buf, struct sf_id id)
{
	return sf_buf_append(buf, sf_id_view(&id));
}

static enum sf_err append_head(struct sf_buf *buf, const struct sf_transition *transition)
{
	const struct sf_standing *now = transition->now;
	uint8_t state = (uint8_t)sf_transition_state(transition);
	enum sf_err err = sf_buf_append_u64(buf, transition->sequence);
	if (!err)
		err = sf_buf_append_u8(buf, state);
	if (!err)
		err = sf_buf_append_u8(buf, (uint8_t)now->stay.state);
	if (!err)
		err = sf_buf_append_u8(buf, transition->frozen);
	if (!err)
		err = sf_buf_append_u8(buf, now->course.silent);
	if (!err)
		err = append_id(buf, now->course.plan_message);
	if (!err)
		err = append_id(buf, now->course.answer_message);
	if (!err)
		err = sf_buf_append_u32(buf, sf_standing_active(now));
	for (unsigned domain = 0; !err && domain < SF_DOMAIN_COUNT; domain++)
		err = append_id(buf, sf_ledger_holder(&now->ledger, (enum sf_domain)domain));
	return err;
}

static enum sf_err append_offers(struct sf_buf *buf, const struct sf_ledger *ledger)
{
	enum sf_err err = SF_OK;
	for (size_t i = 0; !err && i < ledger->offer_count; i++) {
		const struct sf_ledger_offer *offer = &ledger->offers[i];
		if (offer->state != SF_OFFER_OPEN)
			continue;
		err = append_id(buf, offer->id);
		if (!err)
			err = append_id(buf, offer->to);
		if (!err)
			err = sf_buf_append_u32(buf, sf_ledger_offer_remaining(offer));
	}
	return err;
}

static enum sf_err append_windows(struct sf_buf *buf, const struct sf_standing *now)
{
	enum sf_err err = SF_OK;
	for (size_t i = 0; !err && i < now->window_count; i++) {
		err = append_id(buf, now->windows[i].subject);
		if (!err)
			err = sf_buf_append_u32(buf, now->windows[i].clause);
		if (!err)
			err = sf_buf_append_u8(buf, (uint8_t)now->windows[i].state);
		if (!err)
			err = append_time(buf, now->windows[i].until_ms);
	}
	return err;
}

static enum sf_err append_obligation(struct sf_buf *buf, const struct sf_obligation *obligation)
{
	enum sf_err err = append_id(buf, obligation->subject);
	if (!err)
		err = sf_buf_append_u32(buf, obligation->clause);
	if (!err)
		err = append_id(buf, obligation->owner);
	if (!err)
		err = sf_buf_append_u8(buf, (uint8_t)obligation->state);
	if (!err)
		err = append_time(buf, obligation->due_ms);
	if (!err)
		err = append_time(buf, obligation->expired_ms);
	return err;
}

enum sf_err sf_transition_summary(const struct sf_transition *transition, struct sf_buf *buf)
{
	const struct sf_standing *now = transition->now;
	enum sf_err err = append_head(buf, transition);
	if (!err)
		err = append_offers(buf, &now->ledger);
	if (!err)
		err = append_windows(buf, now);
	for (size_t i = 0; !err && i < now->duties.count; i++)
		if (sf_obligation_is_open(&now->duties.items[i]))
			err = append_obligation(buf, &now->duties.items[i]);
	return err;
}
