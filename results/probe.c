// SPDX-License-Identifier: GPL-2.0-only
#include "results/probe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "results/reader.h"

static const char *const figure_names[PROBE_FIGURES] = {
	[PROBE_CALLS] = "calls", [PROBE_UNRETURNED] = "unreturned", [PROBE_INCLUSIVE] = "inclusive",
	[PROBE_OWN] = "own",	 [PROBE_LOADS] = "loads",	    [PROBE_STORES] = "stores",
};

static int read_function(struct reader *r, const json_t *entry, struct probe_function *out)
{
	const char *name;
	int ret = reader_string(r, entry, "name", true, &name);

	for (size_t i = 0; !ret && i < PROBE_FIGURES; i++)
		ret = reader_number(r, entry, figure_names[i], &out->figures[i]);
	if (ret)
		return ret;
	out->name = strdup(name);
	return out->name ? 0 : -ENOMEM;
}

static int compare_functions(const void *a, const void *b)
{
	const struct probe_function *left = a, *right = b;

	return strcmp(left->name, right->name);
}

static int read_functions(struct reader *r, const json_t *list, struct probe *probe)
{
	const json_t *entry;
	size_t i;
	int ret = 0;

	if (!json_is_array(list))
		return reader_fail(r, "functions", "not an array");
	probe->functions = calloc(json_array_size(list) + 1, sizeof(*probe->functions));
	if (!probe->functions)
		return -ENOMEM;
	json_array_foreach(list, i, entry)
	{
		snprintf(r->where, sizeof(r->where), "window: functions[%zu]", i);
		ret = read_function(r, entry, &probe->functions[i]);
		if (ret)
			return ret;
		probe->nr_functions++;
	}
	qsort(probe->functions, probe->nr_functions, sizeof(*probe->functions), compare_functions);
	return 0;
}

static int read_lock(struct reader *r, const json_t *object, struct probe *probe)
{
	const json_t *hold = json_object_get(object, "hold");
	struct probe_lock *lock = &probe->lock;
	int ret;

	probe->has_lock = object != NULL;
	if (!object)
		return 0;
	snprintf(r->where, sizeof(r->where), "window: heap_lock");
	ret = reader_number(r, object, "sections", &lock->sections);
	if (!ret)
		ret = reader_number(r, object, "waits", &lock->waits);
	if (!ret)
		ret = reader_number(r, hold, "sum", &lock->hold_sum);
	if (!ret)
		ret = reader_number(r, hold, "min", &lock->hold_min);
	return ret ? ret : reader_number(r, hold, "max", &lock->hold_max);
}

static int read_window(struct reader *r, const json_t *document, struct probe *probe)
{
	const json_t *window = json_object_get(document, "window");
	uint64_t unmatched;
	int ret = reader_number(r, document, "unmatched", &unmatched);

	if (ret)
		return ret;
	if (unmatched)
		return reader_fail(r, "unmatched", "markers without a partner");
	if (!json_is_object(window))
		return reader_fail(r, "window", "missing");
	ret = read_functions(r, json_object_get(window, "functions"), probe);
	return ret ? ret : read_lock(r, json_object_get(window, "heap_lock"), probe);
}

int probe_read(const char *path, uint64_t ops, struct probe **out, char error[RESULT_ERROR_SIZE])
{
	struct reader r = {.path = path, .error = error};
	struct probe *probe;
	json_t *document;
	json_error_t why;
	int ret;

	*out = NULL;
	if (access(path, F_OK))
		return -ENOENT;
	document = json_load_file(path, 0, &why);
	if (!document)
		return reader_fail(&r, "", "line %d: %s", why.line, why.text);
	probe = calloc(1, sizeof(*probe));
	ret = probe ? read_window(&r, document, probe) : -ENOMEM;
	json_decref(document);
	if (ret) {
		probe_free(probe);
		return ret;
	}
	probe->ops = ops;
	*out = probe;
	return 0;
}

void probe_free(struct probe *probe)
{
	if (!probe)
		return;
	for (size_t i = 0; i < probe->nr_functions; i++)
		free(probe->functions[i].name);
	free(probe->functions);
	free(probe);
}

const struct probe_function *probe_find(const struct probe *probe, const char *name)
{
	static const struct probe_function none;
	const struct probe_function key = {.name = (char *)name};
	const struct probe_function *found = bsearch(&key, probe->functions, probe->nr_functions,
						     sizeof(key), compare_functions);

	return found ? found : &none;
}
