#include "transport/route.h"

#include <stdlib.h>
#include <string.h>

enum sf_err sf_routes_init(struct sf_routes *routes, uint32_t capacity)
{
	SF_ASSERT(capacity > 0 && capacity <= 1u << 20 && (capacity & (capacity - 1)) == 0);
	*routes = (struct sf_routes){.capacity = capacity};
	routes->slots = calloc(capacity, sizeof(*routes->slots));
	routes->buckets = calloc(capacity, sizeof(*routes->buckets));
	if (routes->slots && routes->buckets)
		return SF_OK;
	sf_routes_fini(routes);
	return SF_ERR_MEMORY;
}

void sf_routes_fini(struct sf_routes *routes)
{
	free(routes->slots);
	free(routes->buckets);
	*routes = (struct sf_routes){0};
}

/* Automatic ids count upwards: the odd multiplier spreads them (Knuth, vol. 3, 6.4). */
static uint32_t *bucket_of(struct sf_routes *routes, const uint8_t peer[SF_PEER_SIZE])
{
	uint32_t hash = (sf_get_u32(peer + 1) ^ peer[0]) * 2654435761u;
	return &routes->buckets[(hash >> 12) & (routes->capacity - 1)];
}

static struct sf_route *find_peer(struct sf_routes *routes, const uint8_t peer[SF_PEER_SIZE])
{
	uint32_t place = *bucket_of(routes, peer);
	while (place != 0) {
		struct sf_route *route = &routes->slots[place - 1];
		if (memcmp(route->peer, peer, SF_PEER_SIZE) == 0)
			return route;
		place = route->next;
	}
	return NULL;
}

static void release(struct sf_routes *routes, struct sf_route *route)
{
	uint32_t own = (uint32_t)(route - routes->slots) + 1;
	uint32_t *link = bucket_of(routes, route->peer);
	while (*link != own)
		link = &routes->slots[*link - 1].next;
	*link = route->next;
	*route = (struct sf_route){.next = routes->free};
	routes->free = own;
	routes->count--;
}

/* Only called when every slot is taken. */
static void evict_oldest(struct sf_routes *routes)
{
	struct sf_route *oldest = &routes->slots[0];
	for (uint32_t i = 1; i < routes->capacity; i++) {
		if (routes->slots[i].used < oldest->used)
			oldest = &routes->slots[i];
	}
	release(routes, oldest);
	routes->evicted++;
}

static struct sf_route *take_slot(struct sf_routes *routes)
{
	if (routes->count == routes->capacity)
		evict_oldest(routes);
	routes->count++;
	if (routes->free == 0)
		return &routes->slots[routes->fresh++];
	struct sf_route *route = &routes->slots[routes->free - 1];
	routes->free = route->next;
	return route;
}

static bool entry_equal(const struct sf_allow_entry *a, const struct sf_allow_entry *b)
{
	return memcmp(a->key, b->key, sizeof(a->key)) == 0 && sf_id_equal(a->party, b->party);
}

uint64_t sf_routes_learn(struct sf_routes *routes, const uint8_t peer[SF_PEER_SIZE],
	const struct sf_allow_entry *entry)
{
	struct sf_route *route = find_peer(routes, peer);
	if (route && !entry_equal(&route->entry, entry)) {
		release(routes, route);
		route = NULL;
	}
	if (!route) {
		route = take_slot(routes);
		uint32_t *bucket = bucket_of(routes, peer);
		uint32_t index = (uint32_t)(route - routes->slots);
		*route = (struct sf_route){
			.number = ++routes->serial * routes->capacity + index,
			.next = *bucket,
			.entry = *entry,
		};
		memcpy(route->peer, peer, SF_PEER_SIZE);
		*bucket = index + 1;
	}
	route->used = ++routes->uses;
	return route->number;
}

static struct sf_route *at(struct sf_routes *routes, uint64_t number)
{
	struct sf_route *route = &routes->slots[number & (routes->capacity - 1)];
	return number != 0 && route->number == number ? route : NULL;
}

const struct sf_route *sf_routes_find(struct sf_routes *routes, uint64_t number)
{
	struct sf_route *route = at(routes, number);
	if (route)
		route->used = ++routes->uses;
	return route;
}

void sf_routes_forget(struct sf_routes *routes, uint64_t number)
{
	struct sf_route *route = at(routes, number);
	if (route)
		release(routes, route);
}
