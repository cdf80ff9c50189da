/* A folded transition as rows: who takes part, who holds what, what is offered. */
#include "audit/listing_rows.h"
#include "core/responsibility.h"
#include "wire/envelope.h"
#include "wire/header.h"

/* The ledger line that stands for a domain says since when. */
static int64_t held_since(const struct sf_transition *transition, enum sf_domain domain)
{
	size_t count = 0;
	const struct sf_ledger_line *lines = sf_transition_lines(transition, &count);
	for (size_t i = count; i > 0; i--)
		if (lines[i - 1].domain == domain && lines[i - 1].until_ms == SF_LEDGER_OPEN)
			return lines[i - 1].from_ms;
	return 0;
}

static void fill_holders(struct sf_listing *listing, const struct sf_transition *transition,
	struct sf_transition_row *row)
{
	struct sf_listing_rows rows = {.item_size = sizeof(struct sf_holder_row)};
	for (size_t i = 0; i < SF_DOMAIN_COUNT; i++) {
		enum sf_domain domain = (enum sf_domain)i;
		struct sf_id holder = sf_transition_holder(transition, domain);
		if (sf_id_is_none(holder))
			continue;
		struct sf_holder_row *place = sf_listing_add(listing, &rows);
		if (place)
			*place = (struct sf_holder_row){domain, holder,
				sf_listing_name(listing, holder), held_since(transition, domain)};
	}
	row->holder_count = rows.count;
	row->holders = rows.items;
}

/* What is late, and what will be. */
static void fill_due(const struct sf_transition *transition, struct sf_transition_row *row)
{
	size_t count = 0;
	const struct sf_obligation *items = sf_transition_obligations(transition, &count);
	for (size_t i = 0; i < count; i++) {
		if (!sf_obligation_is_open(&items[i]))
			continue;
		if (items[i].expired_ms > 0)
			row->overdue_count++;
		else if (items[i].due_ms != SF_NEVER_MS &&
			 (row->next_due_ms == 0 || items[i].due_ms < row->next_due_ms))
			row->next_due_ms = items[i].due_ms;
	}
}

void sf_listing_transition(struct sf_listing *listing, const struct sf_cached_transition *cached,
	int64_t changed_ms, struct sf_transition_row *ret_row)
{
	const struct sf_transition *transition = cached->transition;
	struct sf_id hospital = sf_transition_hospital(transition);
	struct sf_id municipality = sf_transition_bound(transition, SF_ROLE_MUNICIPALITY);
	const struct sf_parties *parties = sf_transition_parties(transition);
	*ret_row = (struct sf_transition_row){
		.transition = sf_transition_id(transition),
		.state = sf_transition_state(transition),
		.stay = sf_transition_stay(transition)->state,
		.hospital = hospital,
		.hospital_name = sf_listing_name(listing, hospital),
		.municipality = municipality,
		.municipality_name = sf_listing_name(listing, municipality),
		.opened_ms = cached->opened_ms,
		.changed_ms = changed_ms,
		.sequence = sf_transition_sequence(transition),
		.frozen = sf_transition_frozen(transition),
		.pathway = parties ? parties->pathway : SF_PATHWAY_NONE,
	};
	size_t count = 0;
	const struct sf_ledger_offer *offers = sf_transition_offers(transition, &count);
	for (size_t i = 0; i < count; i++)
		ret_row->open_offer_count += offers[i].state == SF_OFFER_OPEN;
	fill_holders(listing, transition, ret_row);
	fill_due(transition, ret_row);
}

/* Members, and roles that nobody can be bound to. */
static void fill_members(struct sf_listing *listing, const struct sf_transition *transition,
	struct sf_reply_transition *show)
{
	struct sf_listing_rows rows = {.item_size = sizeof(struct sf_member_row)};
	size_t count = 0;
	const struct sf_member *members = sf_transition_members(transition, &count);
	for (size_t i = 0; i < count; i++) {
		struct sf_member_row *row = sf_listing_add(listing, &rows);
		if (row)
			*row = (struct sf_member_row){members[i].party,
				sf_listing_name(listing, members[i].party), members[i].role,
				SF_BINDING_PARTY, members[i].since_sequence};
	}
	const struct sf_parties *parties = sf_transition_parties(transition);
	for (size_t i = 0; parties && i < parties->binding_count; i++) {
		const struct sf_binding *binding = &parties->bindings[i];
		bool shown = binding->state == SF_BINDING_PARTY &&
			     sf_transition_is_member(transition, binding->party);
		struct sf_member_row *row = shown ? NULL : sf_listing_add(listing, &rows);
		if (row)
			*row = (struct sf_member_row){binding->party,
				sf_listing_name(listing, binding->party), binding->role,
				binding->state, 0};
	}
	show->member_count = rows.count;
	show->members = rows.items;
}

static void fill_lines(struct sf_listing *listing, const struct sf_transition *transition,
	struct sf_reply_transition *show)
{
	size_t count = 0;
	const struct sf_ledger_line *lines = sf_transition_lines(transition, &count);
	struct sf_listing_rows rows = {.item_size = sizeof(struct sf_line_row)};
	for (size_t i = 0; i < count; i++) {
		struct sf_line_row *row = sf_listing_add(listing, &rows);
		if (row)
			*row = (struct sf_line_row){
				.domain = lines[i].domain,
				.holder = lines[i].holder,
				.holder_name = sf_listing_name(listing, lines[i].holder),
				.from_ms = lines[i].from_ms,
				.until_ms = lines[i].until_ms,
				.sequence = lines[i].sequence,
				.basis = lines[i].basis,
				.basis_message = lines[i].basis_message,
			};
	}
	show->line_count = rows.count;
	show->lines = rows.items;
}

static void fill_offers(struct sf_listing *listing, const struct sf_transition *transition,
	struct sf_reply_transition *show)
{
	size_t count = 0;
	const struct sf_ledger_offer *offers = sf_transition_offers(transition, &count);
	struct sf_listing_rows rows = {.item_size = sizeof(struct sf_offer_row)};
	for (size_t i = 0; i < count; i++) {
		struct sf_offer_row *row = sf_listing_add(listing, &rows);
		if (row)
			*row = (struct sf_offer_row){
				.message = offers[i].id,
				.from = offers[i].from,
				.from_name = sf_listing_name(listing, offers[i].from),
				.to_role = offers[i].to_role,
				.to = offers[i].to,
				.to_name = sf_listing_name(listing, offers[i].to),
				.domains = offers[i].domains,
				.remaining = sf_ledger_offer_remaining(&offers[i]),
				.state = offers[i].state,
				.since_ms = offers[i].since_ms,
				.sequence = offers[i].sequence,
				.answered_by = offers[i].answered_by,
				.promised_ms = offers[i].promised_ms,
			};
	}
	show->offer_count = rows.count;
	show->offers = rows.items;
}

void sf_listing_show(struct sf_listing *listing, const struct sf_cached_transition *cached,
	int64_t changed_ms, int64_t now_ms, struct sf_reply_transition *ret_show)
{
	const struct sf_transition *transition = cached->transition;
	const struct sf_stay *stay = sf_transition_stay(transition);
	const struct sf_parties *parties = sf_transition_parties(transition);
	*ret_show = (struct sf_reply_transition){
		.stay_class = stay->stay_class,
		.stay_since_ms = stay->since_ms,
		.admitted_ms = stay->admitted_ms,
		.discharged_ms = stay->discharged_ms,
		.report_requested = stay->report_requested,
		.active = sf_transition_active(transition),
		.head = cached->head,
		.as_of_ms = now_ms,
		.known_sequence = sf_transition_sequence(transition),
	};
	if (parties) {
		ret_show->parties_version = parties->version;
		ret_show->agreement = parties->agreement;
	}
	sf_listing_transition(listing, cached, changed_ms, &ret_show->row);
	fill_members(listing, transition, ret_show);
	fill_lines(listing, transition, ret_show);
	fill_offers(listing, transition, ret_show);
	sf_listing_show_course(listing, transition, now_ms, ret_show);
}

static sf_domain_set domains_of(const struct sf_fact *fact)
{
	switch (fact->kind) {
	case SF_KIND_OFFER:
		return fact->offer.domains;
	case SF_KIND_ACCEPT:
		return fact->accept.domains;
	case SF_KIND_WITHDRAW:
		return fact->withdraw.domains;
	case SF_KIND_PASSED:
		return fact->derived.domains;
	default: /* a kind without domains, or of a later version */
		return 0;
	}
}

/* What struct sf_event_row says of its detail. */
static uint32_t detail_of(const struct sf_fact *fact)
{
	switch (fact->kind) {
	case SF_KIND_ASSESSMENT:
		return (uint32_t)fact->assessment.code;
	case SF_KIND_PLAN:
		return fact->plan.version;
	case SF_KIND_PLAN_ANSWER:
		return (uint32_t)fact->plan_answer.code;
	case SF_KIND_REFUSE:
		return (uint32_t)fact->refuse.refer_to_role;
	case SF_KIND_LETTER:
		return (uint32_t)fact->letter.code;
	case SF_KIND_OBLIGATION:
		return (uint32_t)fact->obligation.action;
	case SF_KIND_QUESTION:
		return (uint32_t)fact->question.to;
	case SF_KIND_WINDOW:
		return (uint32_t)fact->window.action;
	case SF_KIND_DISPUTE:
		return (uint32_t)fact->dispute.code;
	case SF_KIND_FALLBACK:
		return (uint32_t)fact->fallback.with;
	case SF_KIND_CLOSE:
		return (uint32_t)fact->close.code;
	case SF_KIND_LINKED:
		return (uint32_t)fact->derived.link;
	case SF_KIND_EXPIRED:
	case SF_KIND_ESCALATED:
	case SF_KIND_WINDOW_ENDED:
	case SF_KIND_PASSED:
		return fact->derived.clause;
	default: /* a kind that says nothing more, or of a later version */
		return 0;
	}
}

void sf_listing_message(const struct sf_message *message, struct sf_event_row *row)
{
	const struct sf_fact *fact = &message->fact;
	row->message = message->id;
	row->author = message->author;
	row->kind = fact->kind;
	row->in_reply_to = message->in_reply_to;
	row->occurred_ms = message->occurred_ms;
	row->domains = domains_of(fact);
	row->detail = detail_of(fact);
	if (fact->kind == SF_KIND_OBLIGATION) {
		row->duty = fact->obligation.duty;
		if (!sf_id_is_none(fact->obligation.subject))
			row->in_reply_to = fact->obligation.subject;
	}
	if (fact->kind == SF_KIND_EXPIRED || fact->kind == SF_KIND_ESCALATED)
		row->in_reply_to = fact->derived.subject;
	if (fact->kind == SF_KIND_STAY) {
		row->activity = fact->stay.activity;
		row->mode = fact->stay.mode;
	}
	if (fact->kind == SF_KIND_ACKNOWLEDGEMENT) {
		row->ack = fact->acknowledgement.ack;
		row->in_reply_to = fact->acknowledgement.message_id;
		if (row->outcome == SF_OUTCOME_APPLIED)
			row->code = fact->acknowledgement.code;
	}
}

enum sf_err sf_listing_cover(struct sf_view bytes, struct sf_event_row *row)
{
	struct sf_cover cover;
	struct sf_header header;
	enum sf_err err = sf_cover_parse(bytes, &cover, NULL);
	if (!err)
		err = sf_header_decode(cover.header, &header, NULL);
	if (!err)
		sf_listing_message(&header.message, row);
	return err;
}

sf_domain_set sf_listing_offers(
	const struct sf_transition *transition, struct sf_id message, struct sf_id party)
{
	size_t count = 0;
	const struct sf_ledger_offer *offers = sf_transition_offers(transition, &count);
	sf_domain_set domains = 0;
	for (size_t i = 0; i < count; i++)
		if (sf_id_equal(offers[i].id, message) && sf_id_equal(offers[i].to, party))
			domains |= sf_ledger_offer_remaining(&offers[i]);
	return domains;
}
