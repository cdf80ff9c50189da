/*
 * A hospital and a municipality that are what MedCom's sample of stay H calls them, so that letters
 * find their receivers by what they say themselves; and letters with some of their text replaced.
 */
#ifndef SF_TESTS_UNIT_NODE_HANDING_H
#define SF_TESTS_UNIT_NODE_HANDING_H

#include "unit/node/region.h"

#define HANDING_CPR "2509479989"
#define HANDING_HOSPITAL_SOR "265161000016000"
#define HANDING_HOSPITAL_GLN "5790000209354"
#define HANDING_MUNICIPALITY_SOR "953741000016009"
#define HANDING_MUNICIPALITY_GLN "5790001348120"
#define HANDING_ADMISSION "b9b4818e-02de-4cc4-b418-d20cbc399006" /* MessageHeader.id of STIN_H */
#define HANDING_EPISODE_SYSTEM "https://sor2.sum.dsdn.dk/#id=265161000016000"
#define HANDING_EPISODE "d3d03544-f116-4070-a823-d5c64e6a7c46"

struct handing {
	struct region *region; /* opened by region_open */
	struct sf_sim_machine *hospital, *municipality;
};

/* Adds both parties and lets them connect. */
struct handing handing_open(struct region *region);
/* Under tests/samples. */
struct sf_view handing_sample(struct region *region, const char *path);
/* Every occurrence; there must be one. */
struct sf_view handing_replaced(
	struct region *region, struct sf_view text, const char *what, const char *by);
struct sf_reply_sent handing_send(struct region *region, struct sf_sim_machine *machine,
	const char *type, struct sf_view letter);
/* Admission H, received. */
struct sf_reply_sent handing_admit(const struct handing *handing);
/*
 * The CareCommunication of MedCom's samples, about that citizen, from the municipality to the
 * hospital, as a letter with this MessageHeader.id.
 */
struct sf_view handing_correspondence(struct region *region, const char *header_id);

#endif
