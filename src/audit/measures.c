#include "audit/measures.h"

static bool is_empty(const struct sf_measure *measure)
{
	return measure->cases == 0 && measure->count == 0 && measure->total == 0;
}

static void fill_measures(struct sf_listing *listing, const struct sf_measures *measures,
	struct sf_transition_measure_row *row)
{
	struct sf_listing_rows rows = {.item_size = sizeof(struct sf_measure_row)};
	for (uint32_t i = 1; i < SF_INDICATOR_COUNT; i++) {
		const struct sf_measure *measure = &measures->items[i];
		struct sf_measure_row *place =
			is_empty(measure) ? NULL : sf_listing_add(listing, &rows);
		if (place)
			*place = (struct sf_measure_row){
				i, measure->cases, measure->count, measure->total};
	}
	row->measure_count = rows.count;
	row->measures = rows.items;
}

bool sf_measures_list(struct sf_listing *listing, const struct sf_transition *transition,
	const struct sf_delivery_measures *deliveries, int64_t from_ms, int64_t to_ms,
	struct sf_listing_rows *rows)
{
	int64_t period_ms = sf_indicator_period_ms(transition);
	if (period_ms == SF_NEVER_MS || period_ms < from_ms || period_ms >= to_ms)
		return false;
	struct sf_transition_measure_row *row = sf_listing_add(listing, rows);
	if (!row)
		return true;
	struct sf_measures measures = {0};
	sf_indicator_add(transition, deliveries, &measures);
	const struct sf_parties *parties = sf_transition_parties(transition);
	struct sf_id hospital = sf_transition_hospital(transition);
	struct sf_id municipality = sf_transition_bound(transition, SF_ROLE_MUNICIPALITY);
	*row = (struct sf_transition_measure_row){
		.transition = sf_transition_id(transition),
		.period_ms = period_ms,
		.hospital = hospital,
		.hospital_name = sf_listing_name(listing, hospital),
		.municipality = municipality,
		.municipality_name = sf_listing_name(listing, municipality),
		.pathway = parties ? parties->pathway : SF_PATHWAY_NONE,
	};
	fill_measures(listing, &measures, row);
	return true;
}

void sf_measures_read(const struct sf_transition_measure_row *row, struct sf_measures *ret_measures)
{
	*ret_measures = (struct sf_measures){0};
	for (size_t i = 0; i < row->measure_count; i++) {
		const struct sf_measure_row *measure = &row->measures[i];
		if (measure->indicator == 0 || measure->indicator >= SF_INDICATOR_COUNT)
			continue;
		ret_measures->items[measure->indicator] =
			(struct sf_measure){measure->cases, measure->count, measure->total};
	}
}
