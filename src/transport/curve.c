#include "transport/curve.h"

#include <errno.h>
#include <string.h>

#include <zmq.h>

#include "transport/socket.h"

/* Z85 text of 32 bytes and its terminating zero (RFC 32/Z85). */
#define Z85_SIZE 41

enum sf_err sf_curve_pair_check(const uint8_t public_key[SF_CURVE_KEY_SIZE],
	const uint8_t secret_key[SF_CURVE_KEY_SIZE], struct sf_diag *diag)
{
	char secret_text[Z85_SIZE];
	char public_text[Z85_SIZE];
	uint8_t derived[SF_CURVE_KEY_SIZE] = {0};
	bool made = zmq_z85_encode(secret_text, secret_key, SF_CURVE_KEY_SIZE) &&
		    zmq_curve_public(public_text, secret_text) == 0 &&
		    zmq_z85_decode(derived, public_text);
	explicit_bzero(secret_text, sizeof(secret_text));
	if (!made) {
		sf_diag_set(diag, "the zeromq library has no curve support");
		return SF_ERR_UNSUPPORTED;
	}
	if (memcmp(derived, public_key, sizeof(derived)) != 0) {
		sf_diag_set(diag, "the transport keys do not belong together, check the key file");
		return SF_ERR_CONFIG;
	}
	return SF_OK;
}

enum sf_err sf_curve_serve(
	void *socket, const uint8_t secret_key[SF_CURVE_KEY_SIZE], struct sf_diag *diag)
{
	static const struct sf_socket_setting server[] = {{ZMQ_CURVE_SERVER, 1, "curve server"}};
	enum sf_err err = sf_socket_set(socket, server, SF_COUNT(server), diag);
	if (err)
		return err;
	return sf_socket_set_bytes(
		socket, ZMQ_CURVE_SECRETKEY, secret_key, SF_CURVE_KEY_SIZE, "secret key", diag);
}

enum sf_err sf_curve_dial(void *socket, const uint8_t public_key[SF_CURVE_KEY_SIZE],
	const uint8_t secret_key[SF_CURVE_KEY_SIZE], const uint8_t server_key[SF_CURVE_KEY_SIZE],
	struct sf_diag *diag)
{
	enum sf_err err = sf_socket_set_bytes(
		socket, ZMQ_CURVE_SERVERKEY, server_key, SF_CURVE_KEY_SIZE, "server key", diag);
	if (err)
		return err;
	err = sf_socket_set_bytes(
		socket, ZMQ_CURVE_PUBLICKEY, public_key, SF_CURVE_KEY_SIZE, "public key", diag);
	if (err)
		return err;
	return sf_socket_set_bytes(
		socket, ZMQ_CURVE_SECRETKEY, secret_key, SF_CURVE_KEY_SIZE, "secret key", diag);
}

enum sf_err sf_curve_pair_make(uint8_t ret_public_key[SF_CURVE_KEY_SIZE],
	uint8_t ret_secret_key[SF_CURVE_KEY_SIZE], struct sf_diag *diag)
{
	char secret_text[Z85_SIZE];
	char public_text[Z85_SIZE];
	if (zmq_curve_keypair(public_text, secret_text) != 0) {
		sf_diag_set(diag, "making a curve key: %s", zmq_strerror(errno));
		return SF_ERR_UNSUPPORTED;
	}
	bool made = zmq_z85_decode(ret_public_key, public_text) &&
		    zmq_z85_decode(ret_secret_key, secret_text);
	explicit_bzero(secret_text, sizeof(secret_text));
	return made ? SF_OK : SF_ERR_FORMAT;
}
