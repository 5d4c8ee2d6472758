// SPDX-License-Identifier: GPL-2.0-only
#include "scripts/lab/results.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/msg.h"
#include "scripts/lab/files.h"
#include "scripts/lab/shared.h"

/* The guest's word is not taken for it: nothing may land outside DIR. */
static bool is_safe_name(const char *name)
{
	const char *part = name;

	for (;;) {
		size_t length = strcspn(part, "/");

		if (!length || (length <= 2 && !strncmp(part, "..", length)))
			return false;
		if (!part[length])
			return true;
		part += length + 1;
	}
}

static int store_named(const char *out, const struct lab_record *record, const char *name,
		       const uint8_t *data)
{
	char *path = format("%s/%s", out, name), *target;
	int err = 0;

	switch (record->type) {
	case LAB_RECORD_DIR:
		if (mkdir(path, 0755) && errno != EEXIST)
			err = -errno;
		break;
	case LAB_RECORD_LINK:
		target = format("%.*s", (int)record->data_bytes, (const char *)data);
		unlink(path);
		err = symlink(target, path) ? -errno : 0;
		free(target);
		break;
	default:
		unlink(path);
		err = write_file(path, data, record->data_bytes);
		if (!err)
			err = chmod(path, (record->mode & 0777) | 0600) ? -errno : 0;
	}
	if (err)
		msg("%s: %s", path, strerror(-err));
	free(path);
	return err;
}

static int store_record(const char *out, const struct lab_record *record, const uint8_t *at)
{
	char *name;
	int err;

	if (record->type == LAB_RECORD_STDOUT || record->type == LAB_RECORD_STDERR) {
		err = write_all(record->type == LAB_RECORD_STDOUT ? 1 : 2, at, record->data_bytes);
		/* A reader that has seen enough, as in "… | head", is no error of the run. */
		return err == -EPIPE ? 0 : err;
	}
	if (!out)
		return 0;
	name = format("%.*s", (int)record->name_bytes, (const char *)at);
	if (is_safe_name(name)) {
		err = store_named(out, record, name, at + record->name_bytes);
	} else {
		msg("a file in $OUT has an unusable name: %s", name);
		err = -EINVAL;
	}
	free(name);
	return err;
}

static int store_records(const uint8_t *at, uint64_t left, const char *out)
{
	struct lab_record record;
	int err = 0;

	while (left && !err) {
		if (left < sizeof(record))
			return -EBADMSG;
		memcpy(&record, at, sizeof(record));
		at += sizeof(record);
		left -= sizeof(record);
		if (record.name_bytes > left || record.data_bytes > left - record.name_bytes)
			return -EBADMSG;
		err = store_record(out, &record, at);
		at += record.name_bytes + record.data_bytes;
		left -= record.name_bytes + record.data_bytes;
	}
	return err;
}

int results_store(int shared_fd, const char *out, int *wait_status)
{
	const uint8_t *memory = mmap(NULL, LAB_SHARED_BYTES, PROT_READ, MAP_SHARED, shared_fd, 0);
	struct lab_result result;
	int err;

	if (memory == MAP_FAILED)
		return -errno;
	memcpy(&result, memory + LAB_RESULTS, sizeof(result));
	if (result.magic != LAB_MAGIC ||
	    result.bytes > LAB_SHARED_BYTES - LAB_RESULTS - sizeof(result)) {
		err = -EBADMSG;
	} else if (result.init_errno) {
		err = -result.init_errno;
		msg("the results did not come back whole: %s%s", strerror(-err),
		    err == -ENOSPC ? " (512 MiB is the limit)" : "");
	} else {
		err = store_records(memory + LAB_RESULTS + sizeof(result), result.bytes, out);
	}
	if (result.exec_errno && !err)
		msg("COMMAND could not be started: %s", strerror(result.exec_errno));
	if (result.unstaged[0] && !err)
		msg("note: COMMAND looked at host files that are not staged (first: %.*s); in exact "
		    "mode its figures may move in the last digits, see --stage",
		    (int)sizeof(result.unstaged), result.unstaged);
	*wait_status = result.wait_status;
	munmap((void *)memory, LAB_SHARED_BYTES);
	return err;
}
