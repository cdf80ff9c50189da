/*
 * Whom to call now (DESIGN.md section 1, promise 5): the newest letter of a domain's holder that
 * says so, while its time lasts; else the support contact of the directory.
 */
#include "node/service.h"
#include "node/state.h"

#include "audit/listing.h"
#include "node/bodies.h"

struct contact_walk {
	struct sf_node *node;
	struct sf_listing *listing;
	struct sf_contact_row *rows;
	size_t count;
	sf_domain_set open; /* rows without a contact of a letter */
};

static bool visit_body(void *context, struct sf_id author, const struct sf_body *body)
{
	struct contact_walk *walk = context;
	bool names = body->contact_telephone[0] || body->contact_name[0];
	bool over = body->contact_until_ms != 0 && body->contact_until_ms < walk->node->now_ms;
	for (size_t i = 0; names && !over && i < walk->count; i++) {
		struct sf_contact_row *row = &walk->rows[i];
		sf_domain_set bit = SF_DOMAIN_BIT(row->domain);
		if (!(walk->open & bit) || !sf_id_equal(row->party, author))
			continue;
		row->name = sf_listing_text(walk->listing, body->contact_name);
		row->telephone = sf_listing_text(walk->listing, body->contact_telephone);
		row->until_ms = body->contact_until_ms;
		walk->open &= ~bit;
	}
	return walk->open != 0;
}

enum sf_err sf_node_list_contacts(struct sf_node *node, struct sf_listing *listing,
	const struct sf_transition *transition, struct sf_reply_transition *show,
	struct sf_diag *diag)
{
	struct contact_walk walk = {.node = node, .listing = listing};
	walk.rows = sf_listing_contacts(listing, transition, &walk.count);
	for (size_t i = 0; i < walk.count; i++)
		walk.open |= SF_DOMAIN_BIT(walk.rows[i].domain);
	enum sf_err err = walk.count == 0 ? SF_OK
					  : sf_node_walk_bodies(node, sf_transition_id(transition),
						    visit_body, &walk, diag);
	show->contact_count = walk.count;
	show->contacts = walk.rows;
	return err;
}
