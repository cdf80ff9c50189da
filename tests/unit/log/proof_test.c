#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "log/checkpoint.h"
#include "log/line.h"
#include "log/proof.h"
#include "unit/log/golden.h"

#define FIRST "c2sp.org/tlog-proof@v1\n"
#define HASH "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n"

static struct sf_proof proof;

static void expect_same_text(struct golden *golden)
{
	struct sf_buf buf;
	sf_buf_init(&buf, SF_PROOF_SIZE_MAX);
	assert_int_equal(sf_proof_format(&proof, &buf), SF_OK);
	assert_true(sf_view_equal(sf_buf_view(&buf), sf_buf_view(&golden->text)));
	sf_buf_fini(&buf);
}

/* From the text to the leaf: what a person with these two files can check. */
static void test_proof_of_another_writer_shows_its_leaf(void **state)
{
	struct golden *golden = *state;
	struct sf_view text = golden_read(golden, "proof.txt");
	assert_int_equal(sf_proof_parse(text, &proof, NULL), SF_OK);
	assert_true(sf_view_equal(
		sf_view_of(proof.extra, proof.extra_size), sf_view_text("what opens the leaf")));
	assert_int_equal(proof.index, 6);
	struct sf_checkpoint checkpoint;
	assert_int_equal(sf_checkpoint_open(&golden->crypto, proof.checkpoint, &golden->log,
				 &checkpoint, NULL),
		SF_OK);
	uint8_t leaf[42];
	for (uint8_t i = 0; i < 11; i++) {
		memset(leaf, i, sizeof(leaf));
		struct sf_digest hash;
		sf_tree_leaf_hash(&golden->crypto, sf_view_of(leaf, sizeof(leaf)), &hash);
		enum sf_err err = sf_tree_check_inclusion(&golden->crypto, proof.index,
			checkpoint.size, &hash, proof.hashes, proof.count, &checkpoint.root);
		assert_int_equal(err, i == 6 ? SF_OK : SF_ERR_INTEGRITY);
	}
	expect_same_text(golden);
}

static void test_proof_without_extra_bytes_is_read_and_written(void **state)
{
	struct golden *golden = *state;
	assert_int_equal(
		sf_proof_parse(golden_read(golden, "plain-proof.txt"), &proof, NULL), SF_OK);
	assert_int_equal(proof.extra_size, 0);
	assert_int_equal(proof.count, 4);
	expect_same_text(golden);
}

static void test_bad_forms_are_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = {
		"",
		FIRST,
		FIRST "index 6\n",
		FIRST "index 6\n" HASH,
		FIRST "index 6\n\n",
		FIRST "\nnote\n",
		"c2sp.org/tlog-proof@v2\nindex 6\n\nnote\n",
		"C2sp.org/tlog-proof@v1\nindex 6\n\nnote\n",
		FIRST "index 06\n\nnote\n",
		FIRST "index -6\n\nnote\n",
		FIRST "index\n\nnote\n",
		FIRST "index 9223372036854775808\n\nnote\n",
		FIRST "extra \nindex 6\n\nnote\n",
		FIRST "extra Zg=\nindex 6\n\nnote\n",
		FIRST "extra Zh==\nindex 6\n\nnote\n",
		FIRST "extra Zg==\nextra Zg==\nindex 6\n\nnote\n",
		FIRST "index 6\nextra Zg==\n\nnote\n",
		FIRST "index 6\nBwcH\n\nnote\n",
		FIRST "index 6\n" HASH "BwcH\n\nnote\n",
		FIRST "extra Zg==",
		FIRST "extra Zg==\n",
	};
	for (size_t i = 0; i < SF_COUNT(wrong); i++) {
		struct sf_diag diag = {{0}};
		if (sf_proof_parse(sf_view_text(wrong[i]), &proof, &diag) != SF_ERR_FORMAT)
			fail_msg("form %zu is taken", i);
		assert_true(strlen(diag.text) > 0);
	}
	assert_int_equal(
		sf_proof_parse(sf_view_text(FIRST "index 9223372036854775807\n" HASH "\nnote\n"),
			&proof, NULL),
		SF_OK);
	assert_int_equal(proof.count, 1);
	assert_true(sf_view_equal(proof.checkpoint, sf_view_text("note\n")));
}

static void append_hashes(struct sf_buf *buf, size_t count)
{
	struct sf_digest hash = {{1}};
	sf_buf_clear(buf);
	assert_int_equal(sf_buf_append_text(buf, FIRST "index 6\n"), SF_OK);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(sf_hash_append(buf, &hash), SF_OK);
	assert_int_equal(sf_buf_append_text(buf, "\nnote\n"), SF_OK);
}

static void test_more_than_any_proof_has_is_refused(void **state)
{
	(void)state;
	struct sf_buf buf;
	sf_buf_init(&buf, 2 * SF_PROOF_SIZE_MAX);
	append_hashes(&buf, SF_TREE_PROOF_MAX);
	assert_int_equal(sf_proof_parse(sf_buf_view(&buf), &proof, NULL), SF_OK);
	append_hashes(&buf, SF_TREE_PROOF_MAX + 1);
	assert_int_equal(sf_proof_parse(sf_buf_view(&buf), &proof, NULL), SF_ERR_FORMAT);
	uint8_t *place;
	assert_int_equal(sf_buf_extend(&buf, SF_PROOF_SIZE_MAX, &place), SF_OK);
	assert_int_equal(sf_proof_parse(sf_buf_view(&buf), &proof, NULL), SF_ERR_LIMIT);
	sf_buf_fini(&buf);
}

static void test_what_nobody_could_read_is_not_written(void **state)
{
	(void)state;
	struct sf_buf buf;
	sf_buf_init(&buf, 100);
	proof = (struct sf_proof){.checkpoint = sf_view_text("note\n")};
	proof.count = SF_TREE_PROOF_MAX + 1;
	assert_int_equal(sf_proof_format(&proof, &buf), SF_ERR_USAGE);
	proof.count = 0;
	proof.extra_size = SF_PROOF_EXTRA_SIZE_MAX + 1;
	assert_int_equal(sf_proof_format(&proof, &buf), SF_ERR_USAGE);
	proof.extra_size = 0;
	proof.index = (uint64_t)INT64_MAX + 1;
	assert_int_equal(sf_proof_format(&proof, &buf), SF_ERR_USAGE);
	proof.index = 0;
	proof.checkpoint = sf_view_of(NULL, 0);
	assert_int_equal(sf_proof_format(&proof, &buf), SF_ERR_USAGE);
	proof.checkpoint = sf_view_text("note\n");
	proof.count = SF_TREE_PROOF_MAX;
	assert_int_equal(sf_proof_format(&proof, &buf), SF_ERR_LIMIT);
	assert_int_equal(buf.size, 0);
	proof.count = 1;
	assert_int_equal(sf_proof_format(&proof, &buf), SF_OK);
	sf_buf_fini(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GOLDEN_TEST(test_proof_of_another_writer_shows_its_leaf),
		GOLDEN_TEST(test_proof_without_extra_bytes_is_read_and_written),
		GOLDEN_TEST(test_bad_forms_are_refused),
		GOLDEN_TEST(test_more_than_any_proof_has_is_refused),
		GOLDEN_TEST(test_what_nobody_could_read_is_not_written),
	};
	return cmocka_run_group_tests_name("log/proof", tests, NULL, NULL);
}
