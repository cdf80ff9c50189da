/* What happens here, told to those who watch (audit/feed.h). */
#include "node/state.h"

void sf_node_tell(struct sf_node *node, enum sf_feed_what what, const struct sf_message *message)
{
	const struct sf_feed_row row = sf_feed_message(what, node->now_ms, message);
	sf_feed_add(node->feed, &row);
}

void sf_node_tell_ids(struct sf_node *node, enum sf_feed_what what, struct sf_id message,
	struct sf_id party, struct sf_id peer)
{
	const struct sf_feed_row row = {.at_ms = node->now_ms,
		.what = what,
		.message = message,
		.party = party,
		.peer = peer};
	sf_feed_add(node->feed, &row);
}

void sf_node_alarm(struct sf_node *node)
{
	node->counters.alarms++;
	sf_node_tell_ids(node, SF_FEED_TROUBLE, (struct sf_id){{0}}, node->options.party,
		(struct sf_id){{0}});
}

void sf_node_tell_link(struct sf_node *node, bool connected)
{
	node->link_since_ms = node->now_ms;
	sf_node_tell_ids(node, connected ? SF_FEED_CONNECTED : SF_FEED_DISCONNECTED,
		(struct sf_id){{0}}, node->options.party, node->options.coordinator);
}
