// What a page asks of its daemon: a wish is done once, however often its answer is lost.
import assert from "node:assert/strict";
import { test } from "node:test";
import { post } from "../../src/http/console/source/api.js";

const lost = () => Promise.reject(new TypeError("network"));
const done = () => Promise.resolve(new Response('{"message":"1"}', { status: 202, headers: { "Content-Type": "application/json" } }));
const refused = () => Promise.resolve(new Response("{}", { status: 409, headers: { "Content-Type": "application/problem+json" } }));

/** Keys of the requests that answers were given to, one after another. */
function answering(...answers) {
	const keys = [];
	globalThis.fetch = (path, { headers }) => {
		keys.push(headers["Idempotency-Key"]);
		return answers.shift()();
	};
	return keys;
}

test("what a person sends again after the daemon was away is the same wish", async () => {
	const keys = answering(lost, lost, lost, done, done);
	await assert.rejects(post("/api/v1/transitions/a/questions", { text: "?" }), { status: 0 });
	assert.deepEqual(await post("/api/v1/transitions/a/questions", { text: "?" }), { message: "1" });
	assert.equal(new Set(keys).size, 1);
	assert.equal(keys.length, 4);
	// Done and wished again: that is another one.
	await post("/api/v1/transitions/a/questions", { text: "?" });
	assert.notEqual(keys[4], keys[0]);
});

test("other words, another place and a refusal are other wishes", async () => {
	const keys = answering(lost, lost, done, refused, done);
	await assert.rejects(post("/api/v1/a", { text: "one" }), { status: 0 });
	await post("/api/v1/a", { text: "two" });
	await assert.rejects(post("/api/v1/a", { text: "two" }), { status: 409 });
	await post("/api/v1/a", { text: "two" });
	assert.equal(keys[0], keys[1]);
	assert.equal(new Set(keys.slice(1)).size, 4);
});

test("a letter's bytes are a wish as well, and the way in has no key", async () => {
	const keys = answering(lost, lost, done, done);
	const letter = () => post("/api/v1/a/letters", new TextEncoder().encode("brev").buffer, { type: "text/plain" });
	await assert.rejects(letter(), { status: 0 });
	await letter();
	assert.equal(new Set(keys).size, 1);
	await post("/console/session", { user: "anna", password: "x" });
	assert.equal(keys[3], undefined);
});
