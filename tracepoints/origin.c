// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/origin.h"

#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Does a fingerprint say that the lab ran in exact mode? It is in "lab", or is the lab's own. */
static bool is_exact_mode(const json_t *fingerprint)
{
	const json_t *lab = json_object_get(fingerprint, "lab");
	const char *mode = json_string_value(json_object_get(lab ? lab : fingerprint, "mode"));

	return mode && !strcmp(mode, "exact");
}

/* Was the case that left this folder run on two machines, which differed? */
static bool is_refuted(const json_t *result, const char *raw)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(json_object_get(result, "benchmarks"), i, entry) {
		const json_t *own = json_object_get(entry, "claimperf");
		const char *folder = json_string_value(json_object_get(own, "raw"));

		if (folder && !strcmp(folder, raw))
			return json_is_false(json_object_get(own, "bit_equal"));
	}
	return false;
}

/* RESULT.d/CASE is the trace's folder. */
static bool find_result(const char *folder, struct trace_origin *out)
{
	char path[PATH_MAX], copy[PATH_MAX], raw[PATH_MAX], *run;
	size_t length;
	json_t *result, *fingerprint;

	snprintf(copy, sizeof(copy), "%s", folder);
	run = dirname(copy);
	length = strlen(run);
	if (length < 3 || strcmp(run + length - 2, ".d") ||
	    snprintf(path, sizeof(path), "%.*s.json", (int)length - 2, run) >= PATH_MAX)
		return false;
	result = json_load_file(path, 0, NULL);
	fingerprint = json_object_get(json_object_get(result, "context"), "claimperf");
	if (fingerprint) {
		const char *slash = strrchr(run, '/');

		snprintf(raw, sizeof(raw), "%s", folder + (slash ? slash + 1 - run : 0));
		out->fingerprint = json_incref(fingerprint);
		out->exact = is_exact_mode(fingerprint) && !is_refuted(result, raw);
	}
	json_decref(result);
	return fingerprint;
}

static bool find_fingerprint(const char *folder, struct trace_origin *out)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/fingerprint.json", folder) >= PATH_MAX)
		return false;
	out->fingerprint = json_load_file(path, 0, NULL);
	out->exact = is_exact_mode(out->fingerprint);
	return out->fingerprint;
}

void origin_find(const char *path, struct trace_origin *out)
{
	char *real = realpath(path, NULL);

	*out = (struct trace_origin){0};
	if (!real)
		return;
	*strrchr(real, '/') = '\0';
	out->known = find_result(real, out) || find_fingerprint(real, out);
	free(real);
}

void origin_free(struct trace_origin *origin)
{
	json_decref(origin->fingerprint);
}
