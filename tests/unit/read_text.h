/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading a result from a text, for tests. Needs cmocka.h before. */
#ifndef CLAIMPERF_TESTS_UNIT_READ_TEXT_H
#define CLAIMPERF_TESTS_UNIT_READ_TEXT_H

#include "results/result.h"
#include "tests/unit/temp_file.h"

static inline int read_text(const char *text, struct result **out, char *error)
{
	char path[] = TEMP_FILE_TEMPLATE;
	int ret;

	write_temp_file(path, text);
	ret = result_read(path, out, error);
	/* Messages name the file first. */
	if (ret)
		assert_memory_equal(error, path, strlen(path));
	unlink(path);
	return ret;
}

#endif
