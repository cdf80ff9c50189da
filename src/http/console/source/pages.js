// The pages: whose daemon has them, who may see them, in the order of the menu. What a role may is the
// daemon's to say; a page that would only be refused is not offered.
import { Accessibility } from "./pages/accessibility.js";
import { Audit } from "./pages/audit.js";
import { Channels } from "./pages/channels.js";
import { Directory } from "./pages/directory.js";
import { Indicators } from "./pages/indicators.js";
import { Operator } from "./pages/operator.js";
import { Region } from "./pages/region.js";
import { Send } from "./pages/send.js";
import { Table } from "./pages/table.js";
import { Transition } from "./pages/transition.js";
import { Transitions } from "./pages/transitions.js";

const CARE = ["clerk", "clinician"];
const all = [
	{ path: "table", daemon: "node", roles: [...CARE, "operator"], icon: "list-check", component: Table, live: true },
	{ path: "transitions", daemon: "node", roles: [...CARE, "auditor"], icon: "list-bulleted", component: Transitions, live: true },
	{ path: "send", daemon: "node", roles: CARE, icon: "send", component: Send, live: true },
	{ path: "directory", daemon: "node", roles: [...CARE, "auditor", "operator"], icon: "groups", component: Directory },
	{ path: "channels", daemon: "node", roles: ["operator"], icon: "sync", component: Channels, live: true },
	{ path: "transition", daemon: "node", roles: [...CARE, "auditor"], hidden: true, component: Transition, live: true },
	{ path: "region", daemon: "coordinator", roles: ["operator", "auditor"], icon: "summary", component: Region, live: true },
	{ path: "indicators", daemon: "coordinator", roles: ["operator", "auditor"], icon: "analytics", component: Indicators },
	{ path: "audit", daemon: "coordinator", roles: ["auditor"], icon: "search", component: Audit, live: true },
	{ path: "operator", daemon: "coordinator", roles: ["operator"], icon: "settings", component: Operator, live: true },
];
// For anybody who is signed in, at either daemon, and reached from the foot of every page.
const accessibility = { path: "accessibility", hidden: true, component: Accessibility };

export function pagesFor(session) {
	return all.filter((page) => page.daemon === session.daemon && page.roles.some((role) => session.roles.includes(role)));
}

// A page of this daemon, whoever it is for.
export function isPage(path, session) {
	return all.some((page) => page.daemon === session.daemon && page.path === path);
}

// Whether something that this one may see is told by events.
export function follows(session) {
	return pagesFor(session).some((page) => page.live);
}

export function pageOf(path, session) {
	if (path === accessibility.path) return accessibility;
	return pagesFor(session).find((page) => page.path === path);
}
