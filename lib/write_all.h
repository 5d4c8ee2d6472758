/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CLAIMPERF_LIB_WRITE_ALL_H
#define CLAIMPERF_LIB_WRITE_ALL_H

#include <errno.h>
#include <stddef.h>
#include <unistd.h>

/* write() until all is written, or does not go on; 0 or -errno. */
static inline int write_all(int fd, const void *data, size_t size)
{
	const char *bytes = data;
	ssize_t n;

	for (; size; bytes += n, size -= (size_t)n) {
		n = write(fd, bytes, size);
		if (n < 0 && errno == EINTR)
			n = 0;
		else if (n < 0)
			return -errno;
	}
	return 0;
}

#endif
