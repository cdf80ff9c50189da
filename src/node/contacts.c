/*
 * Whom to call now (DESIGN.md section 1, promise 5): what the newest letter of a domain's holder
 * says about this very patient, while its time lasts; else the duty desk that the directory says is
 * answered at this hour; else the party's support contact. After the holders come
 * others who have said whom to call: who cannot receive a patient answers questions about it.
 */
#include "node/service.h"
#include "node/state.h"

#include "audit/listing.h"
#include "node/bodies.h"

#define OTHERS_MAX ((size_t)4)

struct contact_walk {
	struct sf_node *node;
	struct sf_listing *listing;
	struct sf_contact_row *rows;
	size_t count, capacity;
	size_t holder_count; /* the first rows are theirs */
	sf_domain_set open;  /* rows without a contact of a letter */
};

static void set_contact(
	struct contact_walk *walk, struct sf_contact_row *row, const struct sf_body *body)
{
	row->name = sf_listing_text(walk->listing, body->contact_name);
	row->telephone = sf_listing_text(walk->listing, body->contact_telephone);
	row->until_ms = body->contact_until_ms;
	row->source = SF_CONTACT_OF_LETTER;
	row->next_name = "";
	row->next_telephone = "";
}

/* Somebody else's newest word; who holds something has a row already. */
static void add_other(struct contact_walk *walk, struct sf_id author, const struct sf_body *body)
{
	for (size_t i = 0; i < walk->count; i++)
		if (sf_id_equal(walk->rows[i].party, author))
			return;
	if (walk->count == walk->capacity || sf_id_equal(author, walk->node->options.party))
		return;
	struct sf_contact_row *row = &walk->rows[walk->count++];
	*row = (struct sf_contact_row){.domain = SF_DOMAIN_COUNT,
		.party = author,
		.party_name = sf_listing_name(walk->listing, author)};
	set_contact(walk, row, body);
}

static bool visit_body(void *context, struct sf_id author, const struct sf_body *body)
{
	struct contact_walk *walk = context;
	bool names = body->contact_telephone[0] || body->contact_name[0];
	bool over = body->contact_until_ms != 0 && body->contact_until_ms < walk->node->now_ms;
	for (size_t i = 0; names && !over && i < walk->holder_count; i++) {
		struct sf_contact_row *row = &walk->rows[i];
		sf_domain_set bit = SF_DOMAIN_BIT(row->domain);
		if (!(walk->open & bit) || !sf_id_equal(row->party, author))
			continue;
		set_contact(walk, row, body);
		walk->open &= ~bit;
	}
	if (names && !over)
		add_other(walk, author, body);
	return walk->open != 0 || walk->count < walk->capacity;
}

enum sf_err sf_node_list_contacts(struct sf_node *node, struct sf_listing *listing,
	const struct sf_transition *transition, struct sf_reply_transition *show,
	struct sf_diag *diag)
{
	struct contact_walk walk = {.node = node, .listing = listing};
	const struct sf_env *env = &node->ports.env;
	struct sf_contact_row *holders =
		sf_listing_contacts(listing, transition, &walk.holder_count);
	sf_listing_contact_hours(listing, env->zone(env->self, SF_CONTACT_ZONE), node->now_ms,
		holders, walk.holder_count);
	walk.capacity = walk.holder_count + OTHERS_MAX;
	walk.rows = sf_arena_take_many(listing->arena, walk.capacity, sizeof(*walk.rows));
	if (!walk.rows)
		return SF_ERR_LIMIT;
	for (; walk.count < walk.holder_count; walk.count++) {
		walk.rows[walk.count] = holders[walk.count];
		walk.open |= SF_DOMAIN_BIT(holders[walk.count].domain);
	}
	enum sf_err err =
		sf_node_walk_bodies(node, sf_transition_id(transition), visit_body, &walk, diag);
	show->contact_count = walk.count;
	show->contacts = walk.rows;
	return err;
}
