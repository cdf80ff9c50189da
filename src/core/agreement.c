#include "core/agreement.h"

const struct sf_agreement *sf_agreement_find(
	const struct sf_agreement_book *book, const struct sf_digest *digest)
{
	if (!book || sf_digest_is_none(digest))
		return NULL;
	for (size_t i = 0; i < book->count; i++)
		if (sf_digest_equal(&book->agreements[i].digest, digest))
			return &book->agreements[i];
	return NULL;
}
