#include "format/carecommunication.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "sample.h"

#define FORWARD                                                                                    \
	"samples/medcom-carecommunication/"                                                        \
	"Bundle-R-C-forward-8352b67a-23b2-44c5-b43a-725270a90722.json"
#define TO_BE_REMOVED                                                                              \
	"samples/medcom-carecommunication/"                                                        \
	"Bundle-R-Tek-O-invalid-3d1149cd-d3e3-421a-ae31-4860decb4272.json"

static void test_forwarded_thread_is_read_in_both_syntaxes(void **state)
{
	(void)state;
	for (int xml = 0; xml < 2; xml++) {
		struct sample sample;
		sample_open(&sample, FORWARD);
		sample_write(&sample, xml == 1);
		assert_int_equal(sample_read(&sample), SF_OK);
		const struct sf_document *document = &sample.document;
		assert_int_equal(document->kind, SF_DOCUMENT_CARE_COMMUNICATION);
		assert_string_equal(
			document->bundle_id, "R-C-forward-8352b67a-23b2-44c5-b43a-725270a90722");
		assert_string_equal(document->header_id, "d2b81c34-ec5d-4c5f-9380-1b5aa507544b");
		assert_string_equal(
			document->predecessor_id, "42fa2844-5020-45dd-bd5f-77137ba5ca1f");
		assert_string_equal(document->sender.sor, "328081000016004");
		assert_string_equal(document->receiver.sor, "330461000016004");
		assert_string_equal(document->receiver.gln, "5790001353308");
		assert_string_equal(document->cpr, "2509479989");
		assert_int_equal(document->provenance_count, 2);
		assert_string_equal(document->provenances[1].activity, "forward-message");
		assert_string_equal(document->provenances[0].activity, "new-message");
		sample_close(&sample);
	}
}

/* MedCom's test protocol has the tester take out the text that says "To be removed". */
static void test_payload_without_its_text_is_refused(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, TO_BE_REMOVED);
	sample_remove(&sample, "Communication.payload[0].contentString");
	for (int xml = 0; xml < 2; xml++) {
		sample_write(&sample, xml == 1);
		assert_int_equal(sample_read(&sample), SF_ERR_FORMAT);
		assert_true(sample_has_issue(
			&sample, "MSG_RESOURCE_REQUIRED", "Communication.payload.content"));
	}
	sample_remove(&sample, "Communication.payload");
	sample_write(&sample, false);
	assert_int_equal(sample_read(&sample), SF_ERR_FORMAT);
	sample_close(&sample);
}

static void test_other_subject_and_missing_communication_are_refused(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, FORWARD);
	sample_set(&sample, "Communication.subject.reference", "Patient/other");
	sample_write(&sample, false);
	assert_int_equal(sample_read(&sample), SF_ERR_FORMAT);
	assert_true(sample_has_issue(&sample, "MSG_NO_MATCH", "Communication.subject"));
	sample_set(&sample, "Communication.resourceType", "Basic");
	sample_write(&sample, false);
	assert_int_equal(sample_read(&sample), SF_ERR_FORMAT);
	assert_true(sample_has_issue(&sample, "MSG_RESOURCE_REQUIRED", "Communication"));
	sample_close(&sample);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forwarded_thread_is_read_in_both_syntaxes),
		cmocka_unit_test(test_payload_without_its_text_is_refused),
		cmocka_unit_test(test_other_subject_and_missing_communication_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
