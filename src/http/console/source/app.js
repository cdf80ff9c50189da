import { useCallback, useEffect, useState } from "preact/hooks";
import { setCsrf, whenReachable, whenUnauthorized } from "./api.js";
import { html } from "./html.js";
import { startLive, stopLive } from "./live.js";
import { follows, isPage, pageOf, pagesFor } from "./pages.js";
import { Frame } from "./parts/frame.js";
import { Loading } from "./parts/notice.js";
import { forgetPatients } from "./parts/patient.js";
import { address, navigate, usePlace } from "./router.js";
import { isNamedByProxy, readSession, signIn, whenChanged } from "./session.js";
import { SignIn } from "./pages/signin.js";
import { Missing, Refused } from "./pages/missing.js";
import { currentLanguage, setLanguage } from "./words.js";

// A one-time link carries its code behind the #, which no server and no log sees.
function takeCode() {
	const found = /^#enter=([\w-]+)$/.exec(location.hash);
	if (found) history.replaceState(null, "", location.pathname + location.search);
	return found?.[1];
}

function useSessionState() {
	const [state, setState] = useState({ step: "asking", session: null, problem: null });
	const entered = useCallback((session) => setState({ step: "in", session, problem: null }), []);
	// What was shown goes with who was shown it.
	const left = useCallback((problem) => {
		setCsrf("");
		stopLive();
		forgetPatients();
		// It was good before: who reads this mistyped nothing.
		if (problem?.status === 401) problem.ended = true;
		setState((before) => ({ step: "out", session: null, problem, elsewhere: before.session ? isNamedByProxy(before.session) : before.elsewhere }));
	}, []);
	useEffect(() => {
		whenUnauthorized(left);
		whenChanged(() => location.reload());
		const code = takeCode();
		(code ? signIn({ code }) : readSession()).then(entered, (problem) =>
			setState({ step: "out", session: null, problem: problem.status === 401 && !code ? null : problem, elsewhere: problem.body?.passwords === false }),
		);
	}, []);
	return { state, entered, left };
}

function Page({ session }) {
	const { page, of, search } = usePlace();
	const first = pagesFor(session)[0];
	useEffect(() => {
		if (!page && first) navigate(address(first.path), { replace: true });
	}, [page]);
	if (!page) return first ? html`<${Loading} />` : html`<${Refused} session=${session} />`;
	const found = pageOf(page, session);
	if (!found) return isPage(page, session) ? html`<${Refused} session=${session} />` : html`<${Missing} />`;
	return html`<${found.component} key=${page + of} of=${of} search=${search} session=${session} />`;
}

export function App() {
	const { state, entered, left } = useSessionState();
	const [reachable, setReachable] = useState(true);
	const [language, setShownLanguage] = useState(currentLanguage());
	useEffect(() => whenReachable(setReachable), []);
	useEffect(() => {
		if (state.session && follows(state.session)) startLive();
	}, [state.session]);
	const choose = (next) => {
		setLanguage(next);
		setShownLanguage(next);
	};
	const frame = { session: state.session, reachable, language, choose, entered, left };
	return html`<${Frame} ...${frame}>
		${state.step === "asking" && html`<${Loading} />`}
		${state.step === "out" && html`<${SignIn} problem=${state.problem} elsewhere=${state.elsewhere} entered=${entered} />`}
		${state.step === "in" && html`<${Page} session=${state.session} />`}
	<//>`;
}
