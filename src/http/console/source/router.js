// Pages by the path below /console/, so that an address can be kept, sent and gone back to.
import { useEffect, useState } from "preact/hooks";
import { html } from "./html.js";

const BASE = "/console/";
const listeners = new Set();

// Names and ids have letters, digits and little else.
const PLAIN = /^[\w.~-]*$/;

// {page: "transition", of: "0f..", search} of the address. What has more than names have is no page: it must
// not become part of a path that is asked for.
export function place() {
	const rest = location.pathname.startsWith(BASE) ? location.pathname.slice(BASE.length) : "";
	const [page = "", of = "", ...more] = rest.split("/");
	const search = new URLSearchParams(location.search);
	return PLAIN.test(page) && PLAIN.test(of) && more.length === 0 ? { page, of, search } : { page: "?", of: "", search };
}

export function address(page, of, search) {
	const path = BASE + page + (of ? `/${encodeURIComponent(of)}` : "");
	const asked = search ? new URLSearchParams(search).toString() : "";
	return asked ? `${path}?${asked}` : path;
}

function tell() {
	for (const heard of listeners) heard();
}

export function navigate(to, { replace = false } = {}) {
	if (replace) history.replaceState(null, "", to);
	else history.pushState(null, "", to);
	tell();
}

// Parameters of this page: what is undefined or "" goes. Filters live in the address.
export function search(changes) {
	const next = new URLSearchParams(location.search);
	for (const [name, value] of Object.entries(changes)) {
		if (value === undefined || value === "") next.delete(name);
		else next.set(name, value);
	}
	const asked = next.toString();
	navigate(location.pathname + (asked ? `?${asked}` : ""), { replace: true });
}

export function usePlace() {
	const [here, setHere] = useState(place());
	useEffect(() => {
		const heard = () => setHere(place());
		listeners.add(heard);
		addEventListener("popstate", heard);
		return () => {
			listeners.delete(heard);
			removeEventListener("popstate", heard);
		};
	}, []);
	return here;
}

// An ordinary link, followed without a new document when nothing special is asked for.
export function Link({ to, children, ...rest }) {
	const follow = (event) => {
		if (event.defaultPrevented || event.button !== 0) return;
		if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
		event.preventDefault();
		navigate(to);
	};
	return html`<a href=${to} onClick=${follow} ...${rest}>${children}</a>`;
}
