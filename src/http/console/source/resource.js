// What a page shows of the daemon: read once, read again when something happens there.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { gather } from "./gather.js";
import { onEvent } from "./live.js";

// load({signal, background}) gives the data; read again when deps change and for events that concern.
// {data, problem, loading, reload}: data stays while it is read again. least_ms: between two readings for
// events, however many come. What happened during a pause is read behind it.
export function useResource(load, deps, { concerns, paused = false, least_ms = 250 } = {}) {
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
	const missed = useRef(false);
	useEffect(() => {
		if (paused) missed.current = true;
		if (paused || !concerns) return undefined;
		const reading = gather(() => read(true), { least_ms });
		if (missed.current) reading.push();
		missed.current = false;
		const stop = onEvent((event) => {
			if (event.type === "again" || concerns(event)) reading.push();
		});
		return () => {
			reading.stop();
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
