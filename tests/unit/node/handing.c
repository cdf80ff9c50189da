#include "unit/node/handing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"

#define FILE_SIZE_MAX ((size_t)262144)

struct handing handing_open(struct region *region)
{
	struct handing handing = {.region = region};
	handing.hospital = sf_sim_add(&region->world, SF_ROLE_HOSPITAL, "hospital 1",
		HANDING_HOSPITAL_SOR, HANDING_HOSPITAL_GLN, true);
	handing.municipality = sf_sim_add(&region->world, SF_ROLE_MUNICIPALITY, "municipality 1",
		HANDING_MUNICIPALITY_SOR, HANDING_MUNICIPALITY_GLN, true);
	region_run(region, 5 * SF_SECOND_MS);
	return handing;
}

struct sf_view handing_sample(struct region *region, const char *path)
{
	char whole[512];
	(void)snprintf(whole, sizeof(whole), "%s/samples/%s", SF_TESTS_DIR, path);
	FILE *file = fopen(whole, "rb");
	assert_non_null(file);
	uint8_t *bytes = sf_arena_take(&region->arena, FILE_SIZE_MAX);
	assert_non_null(bytes);
	size_t size = fread(bytes, 1, FILE_SIZE_MAX, file);
	(void)fclose(file);
	return sf_view_of(bytes, size);
}

struct sf_view handing_replaced(
	struct region *region, struct sf_view text, const char *what, const char *by)
{
	struct sf_buf buf;
	size_t count = 0, size = strlen(what);
	sf_buf_init(&buf, FILE_SIZE_MAX);
	for (size_t at = 0; at < text.size;) {
		bool here = at + size <= text.size && memcmp(text.data + at, what, size) == 0;
		assert_int_equal(sf_buf_append(&buf,
					 here ? sf_view_text(by) : sf_view_of(text.data + at, 1)),
			SF_OK);
		at += here ? size : 1;
		count += here;
	}
	assert_true(count > 0);
	struct sf_view kept = sf_arena_copy(&region->arena, sf_buf_view(&buf));
	sf_buf_fini(&buf);
	return kept;
}

struct sf_reply_sent handing_send(struct region *region, struct sf_sim_machine *machine,
	const char *type, struct sf_view letter)
{
	const struct sf_request request = {.kind = SF_REQUEST_SEND,
		.send = {.content_type = type,
			.content = letter,
			.gp = "",
			.municipality = "",
			.response_url = ""}};
	return region_get(region, machine, request, SF_REPLY_SENT).sent;
}

struct sf_reply_sent handing_admit(const struct handing *handing)
{
	struct sf_reply_sent sent =
		handing_send(handing->region, handing->hospital, SF_CONTENT_FHIR_JSON,
			handing_sample(handing->region,
				"medcom-hospitalnotification/HospitalNotification_Ex_STIN_H.json"));
	assert_int_equal(sent.answer, SF_SEND_STORED);
	region_run(handing->region, 5 * SF_SECOND_MS);
	return sent;
}

struct sf_view handing_correspondence(struct region *region, const char *header_id)
{
	struct sf_view letter = handing_sample(region,
		"medcom-carecommunication/"
		"Bundle-R-C-forward-8352b67a-23b2-44c5-b43a-725270a90722.json");
	static const char *const replaced[][2] = {
		{"328081000016004", HANDING_MUNICIPALITY_SOR},
		{"5790000121786", HANDING_MUNICIPALITY_GLN},
		{"330461000016004", HANDING_HOSPITAL_SOR},
		{"5790001353308", HANDING_HOSPITAL_GLN},
	};
	for (size_t i = 0; i < SF_COUNT(replaced); i++)
		letter = handing_replaced(region, letter, replaced[i][0], replaced[i][1]);
	return handing_replaced(region, letter, "d2b81c34-ec5d-4c5f-9380-1b5aa507544b", header_id);
}
