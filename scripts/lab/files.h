/* SPDX-License-Identifier: GPL-2.0-only */
/* Buffers and files. All return 0 or -errno unless said otherwise. */
#ifndef CLAIMPERF_LAB_FILES_H
#define CLAIMPERF_LAB_FILES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/write_all.h"

struct buffer {
	char *data; /* NUL after the last byte, so that text can be used as a string */
	size_t size;
	size_t room;
};

/* Appending dies when memory is short. */
void buffer_add(struct buffer *b, const void *data, size_t size);
void buffer_printf(struct buffer *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buffer_free(struct buffer *b);

int read_file(const char *path, struct buffer *out); /* appends */
int write_file(const char *path, const void *data, size_t size);
int make_folders(const char *path); /* path and its parents, 0755 */
int remove_tree(const char *path);  /* 0 too when there was none */

/* asprintf() that dies when memory is short. */
char *format(const char *fmt, ...) __attribute__((format(printf, 1, 2), malloc));

/* Run argv, its stdout to stderr (out NULL) or into out. Returns the exit status or -errno. */
int run_program(char *const argv[], struct buffer *out);

#endif
