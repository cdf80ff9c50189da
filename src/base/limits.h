/*
 * Every limit of the house, with its reason. WIRE.md section 1 sets those of the envelope.
 */
#ifndef SF_BASE_LIMITS_H
#define SF_BASE_LIMITS_H

#include <stddef.h>

/* Envelope (WIRE section 1). */
#define SF_HEADER_SIZE_MAX ((size_t)4096)   /* key id and Header: kept for years, so small */
#define SF_RECIPIENT_COUNT_MAX ((size_t)32) /* slots of 100 bytes each */
#define SF_CIPHERTEXT_SIZE_MAX ((size_t)1048576)
#define SF_SALTED_BODY_SIZE_MAX ((size_t)1032191) /* largest that Padme keeps under 1 MiB */
#define SF_BATCH_DEPTH_MAX ((size_t)12)
#define SF_BATCH_COUNT_MAX ((size_t)4096)      /* leaves of one signed batch: 2^depth */
#define SF_ENVELOPE_SIZE_MAX ((size_t)1057000) /* all parts at their largest, rounded up */
#define SF_COVER_SIZE_MAX ((size_t)4700)       /* header, sealed digest, path, signature */

/* Attachments (WIRE section 1): objects beside the envelope, sealed chunk by chunk. */
#define SF_ATTACHMENT_COUNT_MAX ((size_t)8)        /* of one letter: named in its header */
#define SF_ATTACHMENT_SIZE_MAX ((size_t)104857600) /* 100 MiB of content */
#define SF_CHUNK_SIZE ((size_t)65536)              /* of padded content; the last may be less */
#define SF_CHUNK_EXTRA ((size_t)17)                /* secretstream: sealed tag and MAC */
#define SF_CHUNK_SEALED_MAX (SF_CHUNK_SIZE + SF_CHUNK_EXTRA)
#define SF_CHUNK_WINDOW ((size_t)16)   /* on the way of one object: a megabyte */
#define SF_CHUNK_KEY_SIZE ((size_t)56) /* secretstream: key and header */

/* Frames (WIRE section 3). */
#define SF_FRAME_ITEM_COUNT_MAX ((size_t)256)
#define SF_FRAME_ITEMS_SIZE_MAX ((size_t)1048576)
#define SF_FRAME_SIZE_MAX ((size_t)1400000) /* 1 MiB of items, receipts and protobuf around */

/* Connections of a coordinator whose route is remembered: 2,500 nodes, several times over. */
#define SF_ROUTE_COUNT_MAX ((size_t)16384)

/* Transitions. */
#define SF_TRANSITION_EVENTS_MAX ((size_t)4096) /* some 25 are normal; a flood is refused */
/* Of one party beside the hospital, and when all but the hospital and the clock must be silent. */
#define SF_TRANSITION_AUTHOR_EVENTS_MAX ((size_t)1024)
#define SF_TRANSITION_OTHERS_EVENTS_MAX ((size_t)3072)
#define SF_TRANSITION_PARTIES_MAX ((size_t)32)

/* Clinical input and local protocol. */
#define SF_CLINICAL_SIZE_MAX ((size_t)1000000) /* one sealed body */
#define SF_LOCAL_SIZE_MAX ((size_t)8388608)    /* one request or reply on the local socket */
#define SF_TEXT_DEPTH_MAX ((size_t)64)         /* nesting of JSON and XML: FHIR needs about 12 */
#define SF_TEXT_NODES_MAX ((size_t)200000)     /* memory bound of a parsed document */

/* Directory. */
#define SF_PARTY_NAME_SIZE_MAX ((size_t)128)
#define SF_SOFTWARE_SIZE_MAX ((size_t)64) /* what a node says it runs; plain letters */
#define SF_PARTY_KEYS_MAX ((size_t)64)
#define SF_DIRECTORY_ENTRY_SIZE_MAX ((size_t)16384)

#endif
