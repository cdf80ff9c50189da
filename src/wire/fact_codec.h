/*
 * What fact.c chooses from: how each kind is read and written. Private to src/wire/.
 */
#ifndef SF_WIRE_FACT_CODEC_H
#define SF_WIRE_FACT_CODEC_H

#include <protobuf-c/protobuf-c.h>

#include "core/fact.h"

struct sf_fact_codec {
	uint32_t kind;
	const ProtobufCMessageDescriptor *descriptor;
	/*
	 * message is unpacked as descriptor says; fact has its kind and is zero but for it.
	 * NULL for a fact that says nothing but its kind.
	 */
	enum sf_err (*read)(const void *message, struct sf_fact *fact, struct sf_diag *diag);
	enum sf_err (*write)(const struct sf_fact *fact, struct sf_buf *buf);
};

struct sf_fact_codecs {
	const struct sf_fact_codec *items;
	size_t count;
};

extern const struct sf_fact_codecs sf_fact_stay_codecs;      /* parties, stay, acknowledgement */
extern const struct sf_fact_codecs sf_fact_handover_codecs;  /* offer, accept, refuse, withdraw */
extern const struct sf_fact_codecs sf_fact_plan_codecs;      /* core/fact_plan.h */
extern const struct sf_fact_codecs sf_fact_duty_codecs;      /* core/fact_duty.h */
extern const struct sf_fact_codecs sf_fact_derived_codecs;   /* core/fact_derived.h */
extern const struct sf_fact_codecs sf_fact_statement_codecs; /* core/fact_statement.h */

#endif
