/*
 * A scene for tests of the core: parties by one letter, messages with fresh ids, and a transition
 * that is stepped and checked after every step. MedCom's codes (STIN, AN_SLHJ ...) name stay facts.
 */
#ifndef TESTS_UNIT_CORE_SCENE_H
#define TESTS_UNIT_CORE_SCENE_H

#include "base/time.h"
#include "core/derived.h"

#define SCENE_START_MS ((int64_t)1795000000000)

#define MEDICAL SF_DOMAIN_BIT(SF_DOMAIN_MEDICAL)
#define CARE SF_DOMAIN_BIT(SF_DOMAIN_CARE)
#define MEDICATION SF_DOMAIN_BIT(SF_DOMAIN_MEDICATION)
#define REHABILITATION SF_DOMAIN_BIT(SF_DOMAIN_REHABILITATION)
#define SOCIAL SF_DOMAIN_BIT(SF_DOMAIN_SOCIAL)

struct scene {
	struct sf_transition *transition; /* owned */
	uint64_t sequence;
	int64_t now_ms;   /* recorded time of the next step; a minute more at each */
	uint32_t minted;  /* message ids given so far */
	uint32_t version; /* of the newest parties fact */
	struct sf_transition_result result; /* of the last step */
};

/* 'H' hospital, 'K' municipality [kommune], 'L' second municipality, 'G' GP, 'S' the
 * coordinator, 'X' a stranger. */
struct sf_id scene_party(char letter);
enum sf_role scene_role(char letter);
struct sf_id scene_id(uint8_t kind, uint32_t number);
const struct sf_agreement_book *scene_book(void);
struct sf_digest scene_agreement(void);

/* "STIN", "RE_STIN", "AN_STIN" and so on. */
struct sf_stay_fact scene_stay_fact(const char *code, int64_t event_ms);

void scene_open(struct scene *scene);
/* The same, ruled by another book, which must outlive it. */
void scene_open_by(struct scene *scene, const struct sf_agreement_book *book);
void scene_close(struct scene *scene);

/* A message with a new id, the scene's transition and created now. */
struct sf_message scene_message(struct scene *scene, char author, enum sf_kind kind);
/* Steps it under the author's own role; asserts that nothing broke. Returns the code. */
uint16_t scene_record(struct scene *scene, const struct sf_message *message);
uint16_t scene_record_as(struct scene *scene, const struct sf_message *message, enum sf_role role);
/*
 * A turn of the coordinator: lets time pass to now_ms (never back) and records all that is derived
 * by then. How many facts that were.
 */
size_t scene_turn(struct scene *scene, int64_t now_ms);
/* Acknowledges with ok, without a body. */
uint16_t scene_ok(struct scene *scene, char author, struct sf_id message);

/* Each makes, records and returns the code; ret_id (may be NULL) gets the message id. */
uint16_t scene_parties(struct scene *scene, const char *bound, sf_domain_set active);
uint16_t scene_stay(struct scene *scene, const char *code, struct sf_id *ret_id);
uint16_t scene_offer(struct scene *scene, char author, sf_domain_set domains, enum sf_role to,
	struct sf_id *ret_id);
uint16_t scene_accept(struct scene *scene, char author, struct sf_id offer, sf_domain_set domains,
	struct sf_id *ret_id);
uint16_t scene_refuse(struct scene *scene, char author, struct sf_id offer, enum sf_role refer_to);
uint16_t scene_withdraw(struct scene *scene, char author, struct sf_id named, sf_domain_set domains,
	struct sf_id *ret_id);

/* Letter of the holder, '-' when nobody holds it. */
char scene_holder(const struct scene *scene, enum sf_domain domain);
/* Holders of medical, care, medication, social: "HKKH". */
const char *scene_holders(const struct scene *scene, char ret_text[5]);
size_t scene_open_offers(const struct scene *scene);

#endif
