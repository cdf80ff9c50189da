// How much of anything is read: the same bounds as in C, where the file named has each of them.

export const EVIDENCE_SIZE_MAX = 8000000; // wire/evidence.h, and the next ones
export const EVENTS_MAX = 4096;
export const ENTRIES_MAX = 65536;
export const AGREEMENTS_MAX = 256;
export const CHECKPOINTS_MAX = 256;
export const REGISTRARS_MAX = 8;
export const LOG_NAME_MAX = 120;
export const HEADER_SIZE_MAX = 4096; // base/limits.h, and the next ones
export const COVER_SIZE_MAX = 4700;
export const ENTRY_SIZE_MAX = 16384;
export const PARTY_KEYS_MAX = 64;
export const BATCH_DEPTH_MAX = 12;
export const BATCH_COUNT_MAX = 4096;
export const PROOF_HASHES_MAX = 64; // log/tree.h
export const NOTE_SIZE_MAX = 65536; // log/note.h, and the next ones
export const NOTE_SIGNATURES_MAX = 256;
export const NOTE_NAME_MAX = 159;
export const TIME_MAX = 253402300799999; // wire/field.h: the end of the year 9999
export const EPOCHS_MAX = 64; // wire/epoch.h
export const RECORD_SIGNATURES_MAX = 8; // wire/record.h
export const PATH_SIZE_MAX = 2048; // wire/frame.h
export const RECEIPT_SIZE_MAX = 512; // wire/receipt.c
export const POLICY_SIZE_MAX = 131072; // log/policy.h
export const COORDINATOR_KEYS_MAX = 64; // audit/evidence_events.c
export const MINUTE_MS = 60000;
