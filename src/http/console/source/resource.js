// What a page shows of the daemon: read once, read again when something happens there.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { onEvent } from "./live.js";

const GATHER_MS = 250; // events come in bunches: one reading for each bunch

// load({signal, background}) gives the data; read again when deps change and for events that concern.
// {data, problem, loading, reload}: data stays while it is read again.
export function useResource(load, deps, { concerns, paused = false } = {}) {
	const [shown, setShown] = useState({ data: undefined, problem: null, loading: true });
	const current = useRef(null);
	const read = useCallback(async (background) => {
		current.current?.abort();
		const control = new AbortController();
		current.current = control;
		if (!background) setShown((before) => ({ ...before, loading: true }));
		try {
			const data = await load({ signal: control.signal, background });
			if (!control.signal.aborted) setShown({ data, problem: null, loading: false });
		} catch (problem) {
			if (!control.signal.aborted)
				setShown((before) => ({ data: before.data, problem, loading: false }));
		}
	}, deps);
	useEffect(() => {
		setShown({ data: undefined, problem: null, loading: true });
		read(false);
		return () => current.current?.abort();
	}, [read]);
	useEffect(() => {
		if (paused || !concerns) return undefined;
		let timer = 0;
		const stop = onEvent((event) => {
			if (event.type !== "again" && !concerns(event)) return;
			clearTimeout(timer);
			timer = setTimeout(() => read(true), GATHER_MS);
		});
		return () => {
			clearTimeout(timer);
			stop();
		};
	}, [read, paused]);
	return { ...shown, reload: () => read(true) };
}

// Something that is done once by a click: {busy, problem, done, run}.
export function useAction(act) {
	const [shown, setShown] = useState({ busy: false, problem: null, done: null });
	const run = async (...words) => {
		setShown({ busy: true, problem: null, done: null });
		try {
			const done = await act(...words);
			setShown({ busy: false, problem: null, done: done ?? true });
			return true;
		} catch (problem) {
			setShown({ busy: false, problem, done: null });
			return false;
		}
	};
	const clear = () => setShown({ busy: false, problem: null, done: null });
	return { ...shown, run, clear };
}

// The time, told every so often: for what counts down.
export function useNow(every_ms = 15_000) {
	const [now, setNow] = useState(Date.now());
	useEffect(() => {
		const timer = setInterval(() => setNow(Date.now()), every_ms);
		return () => clearInterval(timer);
	}, [every_ms]);
	return now;
}
