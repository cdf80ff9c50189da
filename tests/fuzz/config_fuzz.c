/*
 * The three texts that people write: node.conf, coordinator.conf and agreements. The first byte
 * says which reader gets the rest. A text that is refused is named in the error.
 */
#include "fuzz/fuzz.h"

#include <string.h>

#include "os/agreement_text.h"
#include "os/config.h"

static struct sf_node_config node;
static struct sf_coordinator_config coordinator;
static struct sf_agreement_text agreement;

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

static enum sf_err read_agreement(struct sf_view text, struct sf_diag *diag)
{
	return sf_agreement_text_parse("etc/x.conf", text, &agreement, diag);
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
