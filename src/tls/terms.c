#include "tls/terms.h"

#include <string.h>

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

static gnutls_datum_t datum_of(const char *text)
{
	/* The library reads what this points to and never writes it. */
	union {
		const char *text;
		unsigned char *bytes;
	} place = {.text = text};
	return (gnutls_datum_t){.data = place.bytes, .size = (unsigned)strlen(text)};
}

enum sf_err sf_tls_check(
	const char *certificate, const char *key, const char *authority, struct sf_diag *diag)
{
	gnutls_certificate_credentials_t credentials;
	if (gnutls_certificate_allocate_credentials(&credentials) != GNUTLS_E_SUCCESS)
		return SF_ERR_MEMORY;
	gnutls_datum_t certificate_pem = datum_of(certificate);
	gnutls_datum_t key_pem = datum_of(key);
	int code = gnutls_certificate_set_x509_key_mem(
		credentials, &certificate_pem, &key_pem, GNUTLS_X509_FMT_PEM);
	enum sf_err err = code == GNUTLS_E_SUCCESS ? SF_OK : SF_ERR_CONFIG;
	if (err)
		sf_diag_set(diag, "certificate and key of HTTP cannot be used: %s",
			gnutls_strerror(code));
	if (!err && authority) {
		gnutls_datum_t authority_pem = datum_of(authority);
		code = gnutls_certificate_set_x509_trust_mem(
			credentials, &authority_pem, GNUTLS_X509_FMT_PEM);
		err = code > 0 ? SF_OK : SF_ERR_CONFIG;
		if (err)
			sf_diag_set(diag, "the client authority of HTTP has no certificate in it");
	}
	gnutls_certificate_free_credentials(credentials);
	return err;
}

static int verify_client(gnutls_session_t session)
{
	unsigned status = 0;
	char purpose[] = GNUTLS_KP_TLS_WWW_CLIENT;
	gnutls_typed_vdata_st wanted = {
		.type = GNUTLS_DT_KEY_PURPOSE_OID, .data = (unsigned char *)purpose};
	int code = gnutls_certificate_verify_peers(session, &wanted, 1, &status);
	return code == GNUTLS_E_SUCCESS && status == 0 ? 0 : GNUTLS_E_CERTIFICATE_ERROR;
}

void sf_tls_require_client(void *session)
{
	gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUIRE);
	gnutls_session_set_verify_function(session, verify_client);
}
