#include "unit/audit/terms.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/check.h"

static struct sf_deadline minutes(int32_t amount)
{
	return (struct sf_deadline){1, {{SF_DEADLINE_MINUTES, amount, 0, -1}}};
}

static void name_clause(struct sf_clause *clause, const char *name, const char *citation)
{
	snprintf(clause->name, sizeof(clause->name), "%s", name);
	snprintf(clause->citation, sizeof(clause->citation), "%s", citation);
}

static void write_pathway(struct sf_pathway_terms *terms, int32_t report_minutes)
{
	const struct sf_trigger discharge = {SF_KIND_STAY, SF_ACTIVITY_DISCHARGE_HOME, 0};
	terms->pathway = SF_PATHWAY_SOMATIC;
	terms->expectation_count = 1;
	terms->expectations[0] = (struct sf_expectation){
		.arises_on = {SF_KIND_STAY, SF_ACTIVITY_ADMIT_INPATIENT, 0},
		.owner = SF_ROLE_MUNICIPALITY,
		.met_by = {SF_KIND_LETTER, SF_LETTER_ADMISSION_REPORT, 0},
		.due = minutes(report_minutes),
		.rung_count = 2,
		.rungs = {SF_RUNG_OWNER, SF_RUNG_BOTH},
		.escalate_ms = SF_HOUR_MS,
	};
	name_clause(&terms->expectations[0].clause, "admission-report", "2-2");
	terms->window_count = 1;
	terms->windows[0] = (struct sf_window_clause){.domain = SF_DOMAIN_MEDICAL,
		.starts_on = discharge,
		.length = minutes(72 * 60),
		.holder = SF_ROLE_HOSPITAL,
		.then = SF_ROLE_GP};
	name_clause(&terms->windows[0].clause, "extended-responsibility", "72h");
	terms->handover_count = 1;
	terms->handovers[0] = (struct sf_handover){.on = discharge,
		.offers = CARE | MEDICATION,
		.to = SF_ROLE_MUNICIPALITY,
		.silence = SF_SILENCE_STAYS};
	name_clause(&terms->handovers[0].clause, "", "2-7");
}

static void add_party(struct terms *terms, char letter, const char *name)
{
	struct sf_directory_entry *entry = calloc(1, sizeof(*entry));
	SF_ASSERT(entry != NULL);
	entry->party = scene_party(letter);
	entry->role = scene_role(letter);
	entry->version = 1;
	entry->digest.bytes[0] = (uint8_t)letter;
	snprintf(entry->name, sizeof(entry->name), "%s", name);
	snprintf(entry->support, sizeof(entry->support), "call %c", letter);
	SF_ASSERT(sf_directory_add(terms->directory, entry, NULL) == SF_OK);
	free(entry);
}

void terms_open(struct terms *terms, int32_t report_minutes)
{
	*terms = (struct terms){.agreement = calloc(1, sizeof(*terms->agreement))};
	SF_ASSERT(terms->agreement != NULL);
	terms->agreement->digest = scene_agreement();
	snprintf(terms->agreement->name, sizeof(terms->agreement->name), "terms");
	terms->agreement->version = 4;
	terms->agreement->cut_off_minute = -1;
	terms->agreement->pathway_count = 1;
	write_pathway(&terms->agreement->pathways[0], report_minutes);
	static const char signers[] = {'G', 'H', 'K'};
	for (size_t i = 0; i < SF_COUNT(signers); i++)
		terms->acceptances[i] = (struct sf_acceptance){
			scene_agreement(), scene_party(signers[i]), 0, INT64_MAX};
	terms->agreements[0] = terms->agreement;
	terms->book = (struct sf_agreement_book){
		terms->agreements, 1, terms->acceptances, SF_COUNT(signers)};
	SF_ASSERT(sf_directory_open(&terms->directory) == SF_OK);
	add_party(terms, 'H', "Nordby Sygehus");
	add_party(terms, 'K', "Nordby Kommune");
	add_party(terms, 'G', "Lægerne Nordby");
	sf_arena_init(&terms->arena, 8 * 1024 * 1024);
	terms->listing = (struct sf_listing){terms->directory, &terms->arena, false};
}

void terms_close(struct terms *terms)
{
	sf_directory_close(&terms->directory);
	sf_arena_fini(&terms->arena);
	free(terms->agreement);
}

void terms_change(struct sf_agreement *agreement, int32_t report_minutes)
{
	struct sf_pathway_terms *terms = &agreement->pathways[0];
	terms->expectations[0].due = minutes(report_minutes);
	terms->expectation_count = report_minutes ? 1 : 0;
}
