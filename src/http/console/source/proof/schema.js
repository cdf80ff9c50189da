// The messages of proto/ that an evidence file is made of. Field numbers are those of the files
// named; a field that is missing here is refused.

import { message } from "./protobuf.js";

// directory.proto
const KEY = message("key", {
	1: ["use", "u32"], 2: ["public_key", "bytes"], 3: ["not_before_ms", "i64"],
	4: ["not_after_ms", "i64"], 5: ["revoked_ms", "i64"], 6: ["compromised_since_ms", "i64"],
});
const CONTACT = message("contact", {
	1: ["telephone", "text"], 2: ["what", "text"], 3: ["days", "u32"], 4: ["from_minute", "u32"],
	5: ["until_minute", "u32"],
});
export const ENTRY = message("directory entry", {
	1: ["party", "bytes"], 2: ["name", "text"], 3: ["role", "u32"], 4: ["sor", "text"],
	5: ["gln", "text"], 6: ["keys", KEY, "many"], 7: ["formats", "u32", "many"],
	8: ["suites", "u32", "many"], 9: ["represented_by", "bytes"], 10: ["support", "text"],
	11: ["version", "u64"], 12: ["previous", "bytes"], 13: ["contacts", CONTACT, "many"],
});
const SIGNATURE = message("signature", { 1: ["key_id", "bytes"], 2: ["signature", "bytes"] });
export const SIGNED_RECORD = message("signed record", {
	1: ["record", "bytes"], 2: ["signatures", SIGNATURE, "many"], 3: ["succession", SIGNATURE],
});

// epoch.proto
export const EPOCH = message("epoch record", {
	1: ["old_origin", "text"], 2: ["old_note", "bytes"], 3: ["common_size", "u64"],
	4: ["origin", "text"], 5: ["log_key", "bytes"], 6: ["directory_version", "u64"],
	7: ["directory_head", "bytes"], 8: ["made_ms", "i64"],
});

// frame.proto
export const SIGNED_RECEIPT = message("signed receipt", {
	1: ["receipt", "bytes"], 2: ["index", "u32"], 3: ["count", "u32"], 4: ["path", "bytes"],
	5: ["signature", "bytes"],
});
export const RECEIPT = message("receipt", {
	1: ["message_id", "bytes"], 2: ["digest", "bytes"], 3: ["epoch", "u32"],
	4: ["leaf_index", "u64"], 5: ["recorded_ms", "i64"], 6: ["transition_sequence", "u64"],
	7: ["previous_head", "bytes"], 8: ["r", "bytes"], 9: ["outcome", "u32"], 10: ["code", "u32"],
	11: ["kind_class", "u32"],
});

// envelope.proto
export const HEADER = message("header", {
	1: ["message", "bytes"], 2: ["envelope_id", "bytes"], 3: ["sent_ms", "i64"],
	4: ["expires_ms", "i64"], 5: ["seen_epoch", "u32"], 6: ["log_size", "u64"],
	7: ["log_root", "bytes"], 8: ["directory_version", "u64"], 9: ["directory_head", "bytes"],
});
const ATTACHMENT = message("attachment", { 1: ["digest", "bytes"], 2: ["size", "u64"] });
export const MESSAGE = message("message", {
	1: ["format", "u32"], 2: ["message_id", "bytes"], 3: ["transition_id", "bytes"],
	4: ["author", "bytes"], 5: ["recipients", "bytes", "many"], 6: ["author_sequence", "u64"],
	7: ["kind", "u32"], 8: ["fact", "bytes"], 9: ["occurred_ms", "i64"], 10: ["created_ms", "i64"],
	11: ["in_reply_to", "bytes"], 12: ["supersedes", "bytes"], 13: ["body_commitment", "bytes"],
	14: ["seen_sequence", "u64"], 15: ["seen_head", "bytes"],
	16: ["attachments", ATTACHMENT, "many"],
});

// fact.proto: the two facts that name an agreement
const BINDING = message("binding", {
	1: ["role", "u32"], 2: ["state", "u32"], 3: ["party", "bytes"],
});
export const PARTIES = message("parties", {
	1: ["version", "u32"], 2: ["pathway", "u32"], 3: ["agreement", "bytes"], 4: ["active", "u32"],
	5: ["person", "bytes"], 6: ["bindings", BINDING, "many"],
});
export const AGREEMENT_FACT = message("agreement fact", {
	1: ["agreement", "bytes"], 2: ["on_behalf", "bytes", "many"],
});

// evidence.proto
const EVIDENCE_EVENT = message("event", {
	1: ["cover", "bytes"], 2: ["receipt", SIGNED_RECEIPT], 3: ["proof_size", "u64"],
	4: ["path", "bytes"],
});
const CLAIM_HOLDER = message("holder", {
	1: ["domain", "u32"], 2: ["party", "bytes"], 3: ["since_ms", "i64"], 4: ["basis", "bytes"],
});
const CLAIM_DUTY = message("duty", {
	1: ["subject", "bytes"], 2: ["clause", "u32"], 3: ["duty", "u32"], 4: ["state", "u32"],
	5: ["owner", "bytes"], 6: ["due_ms", "i64"],
});
export const CLAIM = message("claim", {
	1: ["transition", "bytes"], 2: ["sequence", "u64"], 3: ["at_ms", "i64"], 4: ["head", "bytes"],
	5: ["summary", "bytes"], 6: ["state", "u32"], 7: ["holders", CLAIM_HOLDER, "many"],
	8: ["duties", CLAIM_DUTY, "many"], 9: ["file", "bytes"],
});
export const EVIDENCE = message("evidence", {
	1: ["format", "u32"], 2: ["made_ms", "i64"], 3: ["made_by", "bytes"],
	4: ["coordinator", "bytes"], 5: ["log", "text"], 6: ["transition", "bytes"],
	7: ["registrar_threshold", "u32"], 8: ["registrars", "bytes", "many"],
	9: ["checkpoints", "bytes", "many"], 10: ["epochs", "bytes", "many"],
	11: ["entries", "bytes", "many"], 12: ["agreements", "bytes", "many"],
	13: ["statements", EVIDENCE_EVENT, "many"], 14: ["events", EVIDENCE_EVENT, "many"],
	15: ["claim", "bytes"], 16: ["claim_key_id", "bytes"], 17: ["claim_signature", "bytes"],
});
export const CLAIM_FIELD = 15; // of EVIDENCE: what stands before it is what the claim names
