// When somebody else is the one to call: one timer until then, and none when nothing will change. Counted on
// the daemon's clock, for this machine's may be another. A machine that slept is late; it looks when it is seen.
const TIMER_MAX_MS = 2 ** 31 - 1; // of setTimeout
const BEHIND_MS = 500; // by then the daemon's clock is there, too

const browser = {
	now: () => Date.now(),
	// Returns how to stop it.
	after(ms, run) {
		const timer = setTimeout(run, ms);
		return () => clearTimeout(timer);
	},
	whenSeen(heard) {
		const look = () => document.visibilityState === "visible" && heard();
		document.addEventListener("visibilitychange", look);
		return () => document.removeEventListener("visibilitychange", look);
	},
};

// Milliseconds from as_of to the first of the times that comes behind it; Infinity: none does.
export function untilTurn(times, as_of) {
	const begun = Date.parse(as_of);
	const waits = times.filter(Boolean).map((time) => Date.parse(time) - begun);
	return Math.min(Infinity, ...waits.filter((wait) => wait > 0));
}

/** Runs once, soon after the first of the times has come; as_of is when the daemon told them. Returns how to stop it. */
export function atTurn(times, as_of, run, machine = browser) {
	const wait = untilTurn(times, as_of) + BEHIND_MS;
	if (wait === Infinity) return () => {};
	const due = machine.now() + wait;
	let cancel;
	const arm = (left) => {
		cancel = machine.after(Math.min(left, TIMER_MAX_MS), () => (left > TIMER_MAX_MS ? arm(left - TIMER_MAX_MS) : turn()));
	};
	const deaf = machine.whenSeen(() => machine.now() >= due && turn());
	const stop = () => {
		cancel();
		deaf();
	};
	const turn = () => {
		stop();
		run();
	};
	arm(wait);
	return stop;
}
