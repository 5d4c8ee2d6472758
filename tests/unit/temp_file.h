/* SPDX-License-Identifier: GPL-2.0-only */
/* A file with given text, for tests of readers. */
#ifndef CLAIMPERF_TESTS_UNIT_TEMP_FILE_H
#define CLAIMPERF_TESTS_UNIT_TEMP_FILE_H

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TEMP_FILE_TEMPLATE "/tmp/claimperf-test.XXXXXX"

/* path holds TEMP_FILE_TEMPLATE. Remove with unlink(). Needs cmocka.h before. */
static inline void write_temp_file(char *path, const char *text)
{
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

#endif
