/*
 * What a story draws: roles, domains, and the agreement that rules it, with every kind of clause
 * and with parties that accepted it, did not, or ended it. Private to story.c and its parts.
 */
#ifndef TESTS_PROPERTY_STORY_TERMS_H
#define TESTS_PROPERTY_STORY_TERMS_H

#include "property/story.h"

/* Of the story's chance: 0 to below bound; true so many times in a hundred. */
uint32_t story_below(struct story *story, uint32_t bound);
bool story_percent(struct story *story, uint32_t share);
/* Municipality and practice more often than others. */
enum sf_role story_role(struct story *story);
sf_domain_set story_domains(struct story *story);

/* Writes agreement, acceptances and book of the story; its chance is set. */
void story_write_agreement(struct story *story);

#endif
