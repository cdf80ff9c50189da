// Whose word makes a checkpoint good: the text of c2sp.org/tlog-policy with two words of our own for
// who signs the directory (src/log/policy.h). `stafet log policy` prints one.

import { equal, fromHex } from "./bytes.js";
import { POLICY_SIZE_MAX, REGISTRARS_MAX } from "./limits.js";
import { LOG_KEY, WITNESS_KEY, checkNote, decimal, parseVerifierKey } from "./note.js";
import { FormatError } from "./protobuf.js";

const LOGS_MAX = 16;
const WITNESSES_MAX = 256;
const GROUPS_MAX = 32;

async function readKey(policy, words, type, others) {
	const key = await parseVerifierKey(words.shift() ?? "");
	if (key.type !== type) throw new FormatError("the key is of the wrong type");
	for (const other of others)
		if (other.name === key.name || (type === WITNESS_KEY && equal(other.key, key.key)))
			throw new FormatError("the key, or its name, stands there already");
	if (/^https?:\/\//.test(words[0] ?? "")) words.shift();
	return key;
}

function readName(policy, words) {
	const name = words.shift() ?? "";
	if (name.length === 0 || name.length > 63 || name === "none" || policy.members.has(name))
		throw new FormatError("a name is missing, too long or taken");
	return name;
}

function readGroup(policy, words) {
	const name = readName(policy, words);
	const asked = words.shift() ?? "";
	const members = words.splice(0);
	for (const member of members) {
		if (!policy.members.has(member)) throw new FormatError("a member was not named before");
		if (policy.grouped.has(member)) throw new FormatError("a member is in a group already");
		policy.grouped.add(member);
	}
	const number = { any: 1, all: members.length }[asked] ?? decimal(asked, members.length);
	if (members.length === 0 || number === null || number === 0)
		throw new FormatError("a threshold is all, any, or 1 to the number of members");
	policy.groups.push({ name, members, threshold: number });
	policy.members.add(name);
	if (policy.groups.length > GROUPS_MAX) throw new FormatError("there are too many groups");
}

const STATEMENTS = {
	async log(policy, words) {
		policy.logs.push(await readKey(policy, words, LOG_KEY, policy.logs));
		if (policy.logs.length > LOGS_MAX) throw new FormatError("there are too many logs");
	},
	async witness(policy, words) {
		const name = readName(policy, words);
		const others = policy.witnesses.map((witness) => witness.key);
		policy.witnesses.push({ name, key: await readKey(policy, words, WITNESS_KEY, others) });
		policy.members.add(name);
		if (policy.witnesses.length > WITNESSES_MAX)
			throw new FormatError("there are too many witnesses");
	},
	group: readGroup,
	quorum(policy, words) {
		const name = words.shift() ?? "";
		if (policy.quorum !== null) throw new FormatError("a policy has one quorum");
		if (name !== "none" && !policy.members.has(name))
			throw new FormatError("the quorum is a group or witness named before, or none");
		policy.quorum = name;
	},
	registrar(policy, words) {
		const key = fromHex(words.shift() ?? "");
		if (key?.length !== 32) throw new FormatError("a registrar is 64 hexadecimal digits");
		if (policy.registrars.some((other) => equal(other, key)))
			throw new FormatError("the registrar stands there already");
		policy.registrars.push(key);
		if (policy.registrars.length > REGISTRARS_MAX)
			throw new FormatError("there are too many registrars");
	},
	registrars(policy, words) {
		const number = decimal(words.shift() ?? "", REGISTRARS_MAX);
		if (policy.threshold > 0 || number === null || number === 0)
			throw new FormatError("a policy says once how many registrars sign, from 1");
		policy.threshold = number;
	},
};

/** The policy of a text; FormatError names the line. */
export async function parsePolicy(words) {
	const policy = {
		logs: [], witnesses: [], groups: [], members: new Set(), grouped: new Set(),
		quorum: null, registrars: [], threshold: 0,
	};
	if (words.length > POLICY_SIZE_MAX) throw new FormatError("the policy is too long");
	const all = words.split("\n");
	if (all.pop() !== "") throw new FormatError("the last line has no newline");
	for (const [index, line] of all.entries()) {
		const rest = line.split(/[ \t]+/).filter((word) => word.length > 0);
		if (rest.length === 0 || rest[0].startsWith("#")) continue;
		const statement = rest.shift();
		try {
			if (!Object.hasOwn(STATEMENTS, statement)) throw new FormatError("it begins with no word of a policy");
			await STATEMENTS[statement](policy, rest);
			if (rest.length > 0) throw new FormatError("the line says more than it may");
		} catch (error) {
			throw new FormatError(`line ${index + 1}: ${error.message}`);
		}
	}
	if (policy.logs.length === 0) throw new FormatError("it trusts no log");
	if (policy.quorum === null) throw new FormatError("it has no line 'quorum'");
	if (policy.threshold > policy.registrars.length ||
		(policy.registrars.length > 0 && policy.threshold === 0))
		throw new FormatError("how many of its registrars must sign is missing, or cannot be");
	return policy;
}

export function policyLog(policy, origin) {
	return policy.logs.find((log) => log.name === origin) ?? null;
}

/** {bad, count, quorum}: bad when a cosignature of a witness of the policy does not hold. */
export async function judge(policy, note) {
	const held = new Set();
	for (const witness of policy.witnesses) {
		const found = await checkNote(note, witness.key);
		if (found === "bad") return { bad: true, count: held.size, quorum: false };
		if (found !== "none") held.add(witness.name);
	}
	const count = held.size;
	for (const group of policy.groups)
		if (group.members.filter((member) => held.has(member)).length >= group.threshold)
			held.add(group.name);
	return { bad: false, count, quorum: policy.quorum === "none" || held.has(policy.quorum) };
}
