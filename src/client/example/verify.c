/*
 * Checks an evidence file and says what was found, without a daemon or a network.
 *
 *   cc verify.c $(pkg-config --cflags --libs stafet) -o verify
 *   ./verify transition.evidence policy.txt
 */
#include <stafet/evidence.h>

#include <stdio.h>
#include <stdlib.h>

#define FILE_SIZE_MAX ((size_t)8000000)

/* To be freed; NULL when it cannot be read. */
static void *read_file(const char *path, size_t *ret_size)
{
	FILE *file = fopen(path, "rb");
	void *bytes = file ? malloc(FILE_SIZE_MAX) : NULL;
	if (bytes)
		*ret_size = fread(bytes, 1, FILE_SIZE_MAX, file);
	if (file)
		fclose(file);
	return bytes;
}

static void print(const struct stafet_evidence *evidence)
{
	struct stafet_finding finding;
	static const char *const words[] = {"good", "remark", "FAULT"};
	for (size_t i = 0; stafet_evidence_finding(evidence, i, &finding) == STAFET_OK; i++)
		printf("%-6s %-20s event %llu: %s\n", words[finding.severity], finding.code,
			(unsigned long long)finding.sequence, finding.text);
}

int main(int count, char **arguments)
{
	if (count < 2 || count > 3) {
		fprintf(stderr, "usage: %s EVIDENCE [POLICY]\n", arguments[0]);
		return 2;
	}
	struct stafet_evidence_options options = {.receipt_count = 0};
	struct stafet_evidence *evidence = NULL;
	size_t size = 0;
	void *bytes = read_file(arguments[1], &size);
	void *policy = count == 3 ? read_file(arguments[2], &options.policy.size) : NULL;
	options.policy.data = policy;
	int error = STAFET_ERR_IO;
	if (bytes && (policy || count == 2))
		error = stafet_evidence_verify(bytes, size, &options, &evidence);
	if (evidence)
		print(evidence);
	printf("%s\n", error == STAFET_OK ? "verified" : stafet_error_text(error));
	stafet_evidence_close(&evidence);
	free(policy);
	free(bytes);
	return error == STAFET_OK ? 0 : error == STAFET_ERR_INTEGRITY ? 7 : 1;
}
