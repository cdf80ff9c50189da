/*
 * scenario_test FILE.scn ...: plays each. With --wrong each must fail, for the reason that stands
 * in its first line ("# wrong: reason"): so that the interpreter cannot pass everything.
 */
#include <stdio.h>
#include <string.h>

#include "sim/scenario.h"

int main(int argc, char **argv)
{
	bool must_fail = argc > 1 && strcmp(argv[1], "--wrong") == 0;
	int failed = 0, played = 0;
	for (int i = must_fail ? 2 : 1; i < argc; i++) {
		bool good = sf_sim_play(argv[i]);
		if (good == must_fail)
			printf("%s: %s\n", argv[i], must_fail ? "passed, but must not" : "failed");
		failed += good == must_fail;
		played++;
	}
	printf("%d played, %d failed\n", played, failed);
	return failed > 0 || played == 0;
}
