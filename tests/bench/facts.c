/*
 * Facts of open transitions stepped per second: in memory, and from a coordinator's store on SQLite
 * where a transition that is not in memory is read and folded first. Both over a growing number of
 * open transitions: a curve that is flat says that a step costs what its own transition costs.
 *
 *   bench_facts [--folder FOLDER] [--most N] [--store-most N]
 *
 * Prints CPU microseconds a step and their ratio to the first line of the same curve; and the same
 * for the floor, which does nothing but reach, read and write as many bytes among as many.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/check.h"
#include "bench/facts.h"

static void print_line(const char *where, size_t count, const struct sf_bench_facts *facts,
	const struct sf_bench_facts *first)
{
	printf("%9zu %-6s %9.0f %9.2f %6.2f %9.2f %6.2f %11.2f %9.0f\n", count, where,
		1e6 / facts->fact_us, facts->fact_us, facts->fact_us / first->fact_us,
		facts->floor_us, facts->floor_us / first->floor_us,
		(facts->fact_us - facts->floor_us) / (first->fact_us - first->floor_us),
		facts->transition_size);
	fflush(stdout);
}

static void print_memory(const struct sf_bench_terms *terms, size_t most)
{
	struct sf_bench_facts first;
	for (size_t count = 1000; count <= most; count *= 10) {
		const struct sf_bench_facts facts = sf_bench_facts_memory(terms, count);
		first = count == 1000 ? facts : first;
		print_line("memory", count, &facts, &first);
	}
}

static void print_store(const struct sf_bench_terms *terms, const char *folder, size_t most)
{
	struct sf_bench_facts first;
	struct sf_bench_facts_store *store = sf_bench_facts_store_open(terms, folder, most);
	for (size_t count = 1000; count <= most; count *= 10) {
		const struct sf_bench_facts facts = sf_bench_facts_store(store, count);
		first = count == 1000 ? facts : first;
		print_line("SQLite", count, &facts, &first);
	}
	sf_bench_facts_store_close(&store);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {{"folder", required_argument, NULL, 'f'},
		{"most", required_argument, NULL, 'm'},
		{"store-most", required_argument, NULL, 's'}, {0}};
	const char *folder = ".";
	size_t most = 1000000, store_most = 100000;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (option == 'f')
			folder = optarg;
		else if (option == 'm')
			most = (size_t)strtoull(optarg, NULL, 10);
		else if (option == 's')
			store_most = (size_t)strtoull(optarg, NULL, 10);
		else
			return 2;
	}
	struct sf_bench_terms *terms = calloc(1, sizeof(*terms));
	SF_ASSERT(terms);
	sf_bench_terms_init(terms);
	printf("     open           facts/s   us/fact  ratio     floor  ratio  ratio over    "
	       "bytes\n"
	       "                                                              the floor      "
	       "each\n");
	print_memory(terms, most);
	print_store(terms, folder, store_most);
	free(terms);
	return 0;
}
