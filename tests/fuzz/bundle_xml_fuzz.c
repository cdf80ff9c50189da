#include "fuzz/fuzz.h"

#include "fuzz/bundle.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	fuzz_bundle(SF_CONTENT_FHIR_XML, sf_view_of(bytes, size));
	return 0;
}
