// SPDX-License-Identifier: GPL-2.0-only
#include "results/reader.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "results/result.h"

int reader_fail(struct reader *r, const char *field, const char *fmt, ...)
{
	char what[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	snprintf(r->error, RESULT_ERROR_SIZE, "%s: %s%s%s: %s", r->path, r->where,
		 *r->where && *field ? ": " : "", field, what);
	return -EINVAL;
}

int reader_string(struct reader *r, const json_t *object, const char *key, bool required,
		  const char **out)
{
	const json_t *value = json_object_get(object, key);

	*out = NULL;
	if (!value)
		return required ? reader_fail(r, key, "missing") : 0;
	if (!json_is_string(value))
		return reader_fail(r, key, "not a string");
	if (!*json_string_value(value))
		return reader_fail(r, key, "empty");
	*out = json_string_value(value);
	return 0;
}

int reader_number(struct reader *r, const json_t *object, const char *key, uint64_t *out)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_integer(value) || json_integer_value(value) < 0 ||
	    (uint64_t)json_integer_value(value) > RESULT_MAX_SAMPLE)
		return reader_fail(r, key, value ? "not a number from 0 to 2^53" : "missing");
	*out = (uint64_t)json_integer_value(value);
	return 0;
}

/* It may be that of claimperf ab. */
static int fail_folder(struct reader *r)
{
	char study[PATH_MAX];
	bool has;

	snprintf(study, sizeof(study), "%s/study.json", r->path);
	has = !access(study, F_OK);
	snprintf(r->error, RESULT_ERROR_SIZE, "%.160s: a folder, and no file%s%.300s", r->path,
		 has ? "; its study is " : "", has ? study : "");
	return -EISDIR;
}

int reader_load(struct reader *r, json_t **out)
{
	struct stat st;
	json_error_t syntax;
	FILE *file = fopen(r->path, "r");
	int ret;

	if (!file) {
		ret = -errno;
		snprintf(r->error, RESULT_ERROR_SIZE, "%s: %s", r->path, strerror(-ret));
		return ret;
	}
	if (!fstat(fileno(file), &st) && S_ISDIR(st.st_mode)) {
		fclose(file);
		return fail_folder(r);
	}
	*out = json_loadf(file, JSON_REJECT_DUPLICATES, &syntax);
	fclose(file);
	if (*out)
		return 0;
	snprintf(r->error, RESULT_ERROR_SIZE, "%s:%d:%d: %s", r->path, syntax.line, syntax.column,
		 syntax.text);
	return -EINVAL;
}
