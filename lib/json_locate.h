/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CLAIMPERF_LIB_JSON_LOCATE_H
#define CLAIMPERF_LIB_JSON_LOCATE_H

/*
 * The line of a value in a JSON text that was parsed without complaint, by a path as
 * "groups[2].memory"; of what leads there as far as it exists.
 */
unsigned int json_locate(const char *text, const char *path);

#endif
