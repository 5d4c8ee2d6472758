// SPDX-License-Identifier: GPL-2.0-only
#include "results/study.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/reader.h"

#define ROUND_MOST 1e15

static const char *const arm_keys[STUDY_ARMS] = {"before", "after", "aa_before", "aa_after"};

size_t study_pairs(const struct study *study, enum study_arm arm)
{
	return strlen(arm == STUDY_BEFORE || arm == STUDY_AFTER ? study->order : study->aa_order);
}

static int read_round(struct reader *r, const char *arm, size_t boot, size_t i, const json_t *value,
		      double *out)
{
	*out = json_number_value(value);
	if (!json_is_number(value) || !(*out > 0) || *out > ROUND_MOST)
		return reader_fail(r, arm, "[%zu][%zu] is no number above 0, to 1e15", boot, i);
	return 0;
}

static int read_boot(struct reader *r, const char *arm, size_t index, const json_t *rounds,
		     struct boot *boot)
{
	const json_t *value;
	size_t i;
	int ret = 0;

	if (json_is_null(rounds))
		return 0;
	boot->nr = json_array_size(rounds);
	if (!json_is_array(rounds) || !boot->nr || boot->nr > STUDY_MAX_ROUNDS)
		return reader_fail(r, arm, "[%zu] is neither null nor an array of 1 to %d numbers",
				   index, STUDY_MAX_ROUNDS);
	boot->rounds = calloc(boot->nr, sizeof(*boot->rounds));
	if (!boot->rounds)
		return -ENOMEM;
	json_array_foreach(rounds, i, value)
	{
		ret = read_round(r, arm, index, i, value, &boot->rounds[i]);
		if (ret)
			return ret;
	}
	return 0;
}

static int read_arm(struct reader *r, const struct study *study, const json_t *entry,
		    enum study_arm arm, struct study_metric *metric)
{
	const char *key = arm_keys[arm];
	const json_t *boots = json_object_get(entry, key), *rounds;
	size_t i, pairs = study_pairs(study, arm);
	int ret = 0;

	if (!pairs)
		return boots ? reader_fail(r, key, "without \"aa\" in the study") : 0;
	if (!json_is_array(boots) || json_array_size(boots) != pairs)
		return reader_fail(r, key, "not an array of %zu boots, as many as its order has",
				   pairs);
	metric->boots[arm] = calloc(pairs, sizeof(struct boot));
	if (!metric->boots[arm])
		return -ENOMEM;
	json_array_foreach(boots, i, rounds)
	{
		ret = read_boot(r, key, i, rounds, &metric->boots[arm][i]);
		if (ret)
			break;
	}
	return ret;
}

static int read_primary(struct reader *r, const json_t *entry, struct study_metric *metric)
{
	const json_t *primary = json_object_get(entry, "primary");

	if (primary && !json_is_boolean(primary))
		return reader_fail(r, "primary", "neither true nor false");
	metric->primary = json_is_true(primary);
	return 0;
}

static int read_metric(struct reader *r, const struct study *study, size_t index,
		       const json_t *entry, struct study_metric *metric)
{
	int ret;

	snprintf(r->where, sizeof(r->where), "metrics[%zu]", index);
	if (!json_is_object(entry))
		return reader_fail(r, "", "not an object");
	ret = reader_string(r, entry, "name", true, &metric->name);
	if (ret)
		return ret;
	snprintf(r->where, sizeof(r->where), "metrics[%zu] (%.200s)", index, metric->name);
	for (size_t i = 0; i < index; i++)
		if (!strcmp(study->metrics[i].name, metric->name))
			return reader_fail(r, "name", "appears twice");
	ret = reader_string(r, entry, "unit", true, &metric->unit);
	if (!ret)
		ret = reader_string(r, entry, "per", true, &metric->per);
	if (!ret)
		ret = reader_string(r, entry, "skipped", false, &metric->skipped);
	if (!metric->skipped)
		metric->skipped = "no pair of boots came to something";
	if (!ret)
		ret = read_primary(r, entry, metric);
	for (int arm = 0; arm < STUDY_ARMS && !ret; arm++)
		ret = read_arm(r, study, entry, (enum study_arm)arm, metric);
	return ret;
}

/* Where nobody said which metrics count, the first do. */
static int check_primary(struct reader *r, struct study *study)
{
	size_t i, nr = 0;

	for (i = 0; i < study->nr_metrics; i++)
		nr += study->metrics[i].primary;
	*r->where = '\0';
	if (nr > PAIRED_PRIMARY)
		return reader_fail(r, "metrics", "%zu are primary, at most %d may be", nr,
				   PAIRED_PRIMARY);
	for (i = 0; i < study->nr_metrics && !nr; i++)
		study->metrics[i].primary = i < PAIRED_PRIMARY;
	return 0;
}

static int read_metrics(struct reader *r, struct study *study)
{
	const json_t *entries = json_object_get(study->root, "metrics"), *entry;
	size_t i, nr = json_array_size(entries);
	int ret;

	if (!nr)
		return reader_fail(r, "metrics", "not an array of metrics");
	study->metrics = calloc(nr, sizeof(*study->metrics));
	if (!study->metrics)
		return -ENOMEM;
	json_array_foreach(entries, i, entry)
	{
		study->nr_metrics = i + 1;
		ret = read_metric(r, study, i, entry, &study->metrics[i]);
		if (ret)
			return ret;
	}
	return check_primary(r, study);
}

static int read_order(struct reader *r, const json_t *object, const char **out)
{
	int ret = reader_string(r, object, "order", true, out);
	size_t length = ret ? 0 : strlen(*out);

	if (!ret && (strspn(*out, "01") != length || length > PAIRED_MOST))
		ret = reader_fail(r, "order", "not 0 and 1 of 1 to %d pairs", PAIRED_MOST);
	return ret;
}

static int read_side(struct reader *r, const struct study *study, int side, const json_t **out)
{
	const json_t *arm = json_object_get(study->root, arm_keys[side]), *layouts;

	snprintf(r->where, sizeof(r->where), "%s", arm_keys[side]);
	*out = json_object_get(arm, "fingerprint");
	if (!json_is_object(*out))
		return reader_fail(r, "fingerprint", *out ? "not an object" : "missing");
	layouts = json_object_get(arm, "layouts");
	if (layouts && json_array_size(layouts) != strlen(study->order))
		return reader_fail(r, "layouts", "not an array of one for each pair");
	return 0;
}

static int read_failed(struct reader *r, struct study *study)
{
	const json_t *why;
	size_t i;

	study->failed = json_object_get(study->root, "failed");
	if (study->failed && !json_is_array(study->failed))
		return reader_fail(r, "failed", "not an array");
	json_array_foreach(study->failed, i, why) if (!json_is_string(why))
		return reader_fail(r, "failed", "%zu: not a string", i);
	return 0;
}

static int read_header(struct reader *r, struct study *study)
{
	const json_t *seed = json_object_get(study->root, "seed"), *aa;
	int ret;

	if (!json_object_get(study->root, "study"))
		return reader_fail(r, "study", "missing; a result is compared with another one");
	if (json_integer_value(json_object_get(study->root, "study")) != STUDY_VERSION)
		return reader_fail(r, "study", "not version %d", STUDY_VERSION);
	if (!json_is_integer(seed) || json_integer_value(seed) < 0 ||
	    json_integer_value(seed) > (json_int_t)RESULT_MAX_SAMPLE)
		return reader_fail(r, "seed", "not an integer from 0 to 2^53");
	study->seed = (uint64_t)json_integer_value(seed);
	study->aa_order = "";
	ret = read_order(r, study->root, &study->order);
	aa = json_object_get(study->root, "aa");
	strcpy(r->where, aa ? "aa" : "");
	if (!ret && aa)
		ret = read_order(r, aa, &study->aa_order);
	for (int side = 0; side < 2 && !ret; side++)
		ret = read_side(r, study, side, &study->fingerprints[side]);
	*r->where = '\0';
	return ret ? ret : read_failed(r, study);
}

int study_read(const char *path, struct study **out, char error[RESULT_ERROR_SIZE])
{
	struct reader r = {.path = path, .error = error};
	struct study *study = calloc(1, sizeof(*study));
	int ret = -ENOMEM;

	*out = NULL;
	snprintf(error, RESULT_ERROR_SIZE, "%s: out of memory", path);
	if (study)
		study->path = strdup(path);
	if (study && study->path)
		ret = reader_load(&r, &study->root);
	if (!ret)
		ret = json_is_object(study->root) ? read_header(&r, study)
						  : reader_fail(&r, "", "not a JSON object");
	if (!ret)
		ret = read_metrics(&r, study);
	if (ret)
		study_free(study);
	else
		*out = study;
	return ret;
}

static void free_metric(const struct study *study, struct study_metric *metric)
{
	for (int arm = 0; arm < STUDY_ARMS; arm++) {
		if (!metric->boots[arm])
			continue;
		for (size_t i = 0; i < study_pairs(study, (enum study_arm)arm); i++)
			free(metric->boots[arm][i].rounds);
		free(metric->boots[arm]);
	}
}

void study_free(struct study *study)
{
	if (!study)
		return;
	for (size_t i = 0; i < study->nr_metrics; i++)
		free_metric(study, &study->metrics[i]);
	free(study->metrics);
	json_decref(study->root);
	free(study->path);
	free(study);
}
