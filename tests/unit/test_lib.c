// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "lib/hist.h"
#include "lib/parse.h"
#include "lib/replace.h"
#include "lib/sha256.h"

static void parses_whole_numbers_only(void **state)
{
	static const char *const bad[] = {"", " 1", "1 ", "-1", "+1", "1x", "0x", "0xg", "1.5", "x"};
	uint64_t value = 7;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(parse_u64(bad[i], 0, UINT64_MAX, &value), -EINVAL);
	assert_int_equal(value, 7);
	assert_int_equal(parse_u64("0x1F", 0, 31, &value), 0);
	assert_int_equal(value, 31);
	assert_int_equal(parse_u64("18446744073709551615", 0, UINT64_MAX, &value), 0);
	assert_true(value == UINT64_MAX);
}

static void refuses_out_of_range(void **state)
{
	uint64_t value = 7;

	(void)state;
	assert_int_equal(parse_u64("18446744073709551616", 0, UINT64_MAX, &value), -ERANGE);
	assert_int_equal(parse_u64("0", 1, 5, &value), -ERANGE);
	assert_int_equal(parse_u64("6", 1, 5, &value), -ERANGE);
	assert_int_equal(value, 7);
}

static void parses_sizes(void **state)
{
	uint64_t bytes;

	(void)state;
	assert_int_equal(parse_size("4G", &bytes), 0);
	assert_true(bytes == UINT64_C(4) << 30);
	assert_int_equal(parse_size("512k", &bytes), 0);
	assert_true(bytes == 512 << 10);
	assert_int_equal(parse_size("17", &bytes), 0);
	assert_true(bytes == 17);
	assert_int_equal(parse_size("16777216T", &bytes), -ERANGE);
	assert_int_equal(parse_size("1GB", &bytes), -EINVAL);
	assert_int_equal(parse_size("G", &bytes), -EINVAL);
}

static void buckets_tile_the_range(void **state)
{
	unsigned int i;

	(void)state;
	assert_true(hist_lower(0) == 0);
	for (i = 1; i < HIST_BUCKETS; i++)
		assert_true(hist_lower(i) == hist_upper(i - 1) + 1);
	assert_true(hist_upper(HIST_BUCKETS - 1) == UINT64_MAX);
}

static void quantiles_are_exact_below_128(void **state)
{
	struct hist *h = hist_new();
	uint64_t v;

	(void)state;
	assert_non_null(h);
	assert_true(hist_quantile(h, 500) == 0);
	for (v = 1; v <= 100; v++)
		hist_record(h, v);
	assert_true(hist_quantile(h, 0) == 1);
	assert_true(hist_quantile(h, 500) == 50);
	assert_true(hist_quantile(h, 900) == 90);
	assert_true(hist_quantile(h, 990) == 99);
	assert_true(hist_quantile(h, 1000) == 100);
	assert_true(h->sum == 5050);
	free(h);
}

static void quantiles_err_below_one_bucket(void **state)
{
	struct hist *h = hist_new();
	struct hist *sum = hist_new();
	uint64_t v, q;

	(void)state;
	for (v = 1; v <= 100000; v++)
		hist_record(h, v * 1000);
	q = hist_quantile(h, 990);
	assert_true(q >= 99000000 && q <= 99000000 + 99000000 / 64);
	hist_record(h, UINT64_MAX);
	assert_true(hist_quantile(h, 1000) == UINT64_MAX);
	hist_merge(sum, h);
	assert_true(sum->count == 100001 && sum->min == 1000 && sum->max == UINT64_MAX);
	assert_true(hist_quantile(sum, 990) == hist_quantile(h, 990));
	free(sum);
	free(h);
}

/* The examples of FIPS 180-4; a million times "a" is the longest of them. */
static void sums_as_the_standard_does(void **state)
{
	char hex[SHA256_HEX], *many = malloc(1000000);

	(void)state;
	sha256_hex("", 0, hex);
	assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	sha256_hex("abc", 3, hex);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56, hex);
	assert_string_equal(hex, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	memset(many, 'a', 1000000);
	sha256_hex(many, 1000000, hex);
	assert_string_equal(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	free(many);
}

static void sums_pieces_as_the_whole(void **state)
{
	char bytes[300], whole[SHA256_HEX], pieces[SHA256_HEX];
	struct sha256 s;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 7);
	for (size_t size = 0; size <= sizeof(bytes); size++) {
		sha256_hex(bytes, size, whole);
		sha256_begin(&s);
		sha256_add(&s, bytes, size / 3);
		sha256_add(&s, bytes + size / 3, size - size / 3 - size / 9);
		sha256_add(&s, bytes + size - size / 9, size / 9);
		sha256_end(&s, pieces);
		assert_string_equal(pieces, whole);
	}
}

static void put_in_place(const char *path, const char *text)
{
	struct replacement r;
	FILE *file;

	assert_int_equal(replace_begin(path, &r), 0);
	file = fopen(r.temporary, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(replace_end(&r, 0), 0);
}

static void replaces_files_alone(void **state)
{
	char folder[] = "/tmp/claimperf-test.XXXXXX";
	struct replacement r;
	struct stat st;

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chdir(folder), 0);
	put_in_place("file", "1");
	put_in_place("file", "two");
	assert_int_equal(symlink("file", "link"), 0);
	put_in_place("link", "three");
	assert_true(!lstat("link", &st) && S_ISLNK(st.st_mode));
	assert_true(!stat("file", &st) && st.st_size == 5);
	assert_int_equal(replace_begin("file", &r), 0);
	assert_int_equal(replace_end(&r, -ENOSPC), -ENOSPC);
	assert_true(!stat("file", &st) && st.st_size == 5);
	assert_int_equal(unlink("file"), 0);
	assert_int_equal(replace_begin("link", &r), -ENOENT);
	assert_int_equal(unlink("link"), 0);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_int_equal(replace_begin("fifo", &r), -EEXIST);
	assert_int_equal(symlink("fifo", "link"), 0);
	assert_int_equal(replace_begin("link", &r), -EEXIST);
	assert_int_equal(unlink("link") | unlink("fifo"), 0);
	assert_int_equal(replace_begin(folder, &r), -EISDIR);
	assert_int_equal(rmdir(folder), 0);
	assert_int_equal(chdir("/"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parses_whole_numbers_only),
		cmocka_unit_test(refuses_out_of_range),
		cmocka_unit_test(parses_sizes),
		cmocka_unit_test(buckets_tile_the_range),
		cmocka_unit_test(quantiles_are_exact_below_128),
		cmocka_unit_test(quantiles_err_below_one_bucket),
		cmocka_unit_test(sums_as_the_standard_does),
		cmocka_unit_test(sums_pieces_as_the_whole),
		cmocka_unit_test(replaces_files_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
