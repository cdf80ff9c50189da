/* Texts of proofs (src/log/proof.h): each has one form, which is the one that was read. */
#include "fuzz/fuzz.h"

#include "log/proof.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct sf_proof proof;
	struct sf_view text = sf_view_of(bytes, size);
	struct sf_diag diag = {{0}};
	enum sf_err err = sf_proof_parse(text, &proof, &diag);
	if (err) {
		SF_ASSERT((err == SF_ERR_FORMAT || err == SF_ERR_LIMIT) && diag.text[0] != '\0');
		return 0;
	}
	struct sf_buf buf;
	sf_buf_init(&buf, SF_PROOF_SIZE_MAX);
	SF_ASSERT(sf_proof_format(&proof, &buf) == SF_OK);
	SF_ASSERT(sf_view_equal(sf_buf_view(&buf), text));
	sf_buf_fini(&buf);
	return 0;
}
