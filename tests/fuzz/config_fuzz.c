/*
 * The three texts that people write: node.conf, coordinator.conf and agreements. The first byte
 * says which reader gets the rest. A text that is refused is named in the error; an agreement that
 * is read has a signed form, which says the same, and can be explained.
 */
#include "fuzz/fuzz.h"

#include <string.h>

#include "audit/explain.h"
#include "os/agreement_text.h"
#include "os/config.h"
#include "wire/record.h"

static struct sf_node_config node;
static struct sf_coordinator_config coordinator;
static struct sf_agreement agreement, again;

static enum sf_err read_node(struct sf_view text, struct sf_diag *diag)
{
	enum sf_err err = sf_node_config_parse("etc/x.conf", text, &node, diag);
	if (!err)
		SF_ASSERT(node.registrars.threshold >= 1 &&
			  node.registrars.threshold <= node.registrars.count);
	return err;
}

static enum sf_err read_coordinator(struct sf_view text, struct sf_diag *diag)
{
	char origin[SF_CONFIG_ORIGIN_SIZE];
	enum sf_err err = sf_coordinator_config_parse("etc/x.conf", text, &coordinator, diag);
	if (!err)
		sf_coordinator_config_origin(&coordinator, origin);
	return err;
}

/* Written, read and written again: the same bytes. */
static void check_signed_form(void)
{
	struct sf_buf first, second;
	sf_buf_init(&first, SF_AGREEMENT_SIZE_MAX);
	sf_buf_init(&second, SF_AGREEMENT_SIZE_MAX);
	SF_ASSERT(sf_agreement_encode(&agreement, &first) == SF_OK);
	SF_ASSERT(sf_agreement_decode(sf_buf_view(&first), &again, NULL) == SF_OK);
	SF_ASSERT(sf_agreement_encode(&again, &second) == SF_OK);
	SF_ASSERT(sf_view_equal(sf_buf_view(&first), sf_buf_view(&second)));
	sf_buf_fini(&second);
	sf_buf_fini(&first);
}

static void check_explained(enum sf_language language)
{
	struct sf_buf text;
	sf_buf_init(&text, SF_EXPLAIN_SIZE_MAX);
	SF_ASSERT(sf_explain(&again, language, &text) == SF_OK);
	SF_ASSERT(sf_utf8_valid(sf_buf_view(&text)));
	sf_buf_fini(&text);
}

static enum sf_err read_agreement(struct sf_view text, struct sf_diag *diag)
{
	enum sf_err err = sf_agreement_text_parse("etc/x.conf", text, &agreement, diag);
	if (err)
		return err;
	check_signed_form();
	check_explained(SF_LANGUAGE_DANISH);
	check_explained(SF_LANGUAGE_ENGLISH);
	return SF_OK;
}

static enum sf_err (*const readers[])(struct sf_view text, struct sf_diag *diag) = {
	read_node, read_coordinator, read_agreement};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	if (size == 0)
		return 0;
	struct sf_diag diag = {{0}};
	enum sf_err err =
		readers[bytes[0] % SF_COUNT(readers)](sf_view_of(bytes + 1, size - 1), &diag);
	if (err == SF_ERR_CONFIG)
		SF_ASSERT(strncmp(diag.text, "etc/x.conf:", strlen("etc/x.conf:")) == 0);
	else
		SF_ASSERT(err == SF_OK);
	return 0;
}
