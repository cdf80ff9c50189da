// Events come in bunches and without an end: what they ask for is done soon after the first of them,
// and then not oftener than so, however many there are.

/**
 * {push, stop}: push() asks for run(). It runs soon_ms later, and least_ms must lie between the end of
 * one and the next; what is pushed meanwhile is one more. Nothing runs after stop().
 */
export function gather(run, { soon_ms = 250, least_ms = 1000 } = {}) {
	let timer = 0;
	let busy = false;
	let wanted = false;
	let ended = false;
	const rest = () => {
		timer = 0;
		if (wanted) begin();
	};
	const begin = async () => {
		timer = 0;
		busy = true;
		wanted = false;
		try {
			await run();
		} finally {
			busy = false;
			if (!ended) timer = setTimeout(rest, least_ms);
		}
	};
	return {
		push() {
			wanted = !ended;
			if (wanted && !busy && !timer) timer = setTimeout(begin, soon_ms);
		},
		stop() {
			ended = true;
			wanted = false;
			clearTimeout(timer);
		},
	};
}
