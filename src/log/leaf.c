#include "log/leaf.h"

static const char event_label[] = "stafet/v1/event"; /* the terminating zero ends the label */
static const char head_label[] = "stafet/v1/head";

void sf_log_leaf(const struct sf_crypto *crypto, const struct sf_leaf_event *event,
	const struct sf_digest *r, uint8_t ret_leaf[SF_LEAF_SIZE])
{
	uint8_t recorded[8], sequence[8], code[2];
	sf_put_u64(recorded, (uint64_t)event->recorded_ms);
	sf_put_u64(sequence, event->sequence);
	sf_put_u16(code, event->code);
	uint8_t outcome = (uint8_t)event->outcome;
	const struct sf_view parts[] = {
		sf_view_of(event_label, sizeof(event_label)),
		sf_digest_view(r),
		sf_digest_view(&event->digest),
		sf_id_view(&event->transition),
		sf_view_of(recorded, sizeof(recorded)),
		sf_view_of(sequence, sizeof(sequence)),
		sf_view_of(&outcome, 1),
		sf_view_of(code, sizeof(code)),
		sf_digest_view(&event->previous_head),
	};
	struct sf_digest commitment;
	crypto->sha256(crypto->self, parts, SF_COUNT(parts), &commitment);
	ret_leaf[0] = 0x01;
	ret_leaf[1] = (uint8_t)event->kind_class;
	sf_put_u64(ret_leaf + 2, (uint64_t)event->recorded_ms);
	for (size_t i = 0; i < SF_DIGEST_SIZE; i++)
		ret_leaf[10 + i] = commitment.bytes[i];
}

void sf_log_receipt_leaf(const struct sf_crypto *crypto, const struct sf_receipt *receipt,
	struct sf_id transition, uint8_t ret_leaf[SF_LEAF_SIZE])
{
	const struct sf_leaf_event event = {
		.digest = receipt->digest,
		.transition = receipt->sequence > 0 ? transition : (struct sf_id){{0}},
		.recorded_ms = receipt->recorded_ms,
		.sequence = receipt->sequence,
		.outcome = receipt->outcome,
		.code = receipt->code,
		.previous_head = receipt->previous_head,
		.kind_class = receipt->kind_class,
	};
	sf_log_leaf(crypto, &event, &receipt->r, ret_leaf);
}

void sf_log_head(const struct sf_crypto *crypto, const struct sf_digest *previous,
	const uint8_t leaf[SF_LEAF_SIZE], struct sf_digest *ret_head)
{
	const struct sf_view parts[] = {
		sf_view_of(head_label, sizeof(head_label)),
		sf_digest_view(previous),
		sf_view_of(leaf, SF_LEAF_SIZE),
	};
	crypto->sha256(crypto->self, parts, SF_COUNT(parts), ret_head);
}
