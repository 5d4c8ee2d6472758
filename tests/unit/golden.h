/* SPDX-License-Identifier: GPL-2.0-only */
/* Output that must be what a kept file says; with UPDATE_GOLDEN=1 the file is written anew. */
#ifndef CLAIMPERF_TESTS_GOLDEN_H
#define CLAIMPERF_TESTS_GOLDEN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline void update_golden(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

/* text is freed. */
static inline void expect_golden(const char *path, char *text)
{
	static char kept[1 << 20];
	size_t size;
	FILE *f;

	if (getenv("UPDATE_GOLDEN"))
		update_golden(path, text);
	f = fopen(path, "re");
	if (!f)
		fail_msg("%s: cannot be read", path);
	size = fread(kept, 1, sizeof(kept) - 1, f);
	kept[size] = '\0';
	fclose(f);
	if (strcmp(kept, text))
		fail_msg("%s says something else than:\n%s", path, text);
	free(text);
}

#endif
