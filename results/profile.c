// SPDX-License-Identifier: GPL-2.0-only
#include "results/profile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/parse.h"
#include "results/result.h"

struct reader {
	const char *path;
	char *error;
	unsigned int line;
	uint64_t ops; /* of one window */
	uint64_t windows;
	bool cheapest; /* counts are of one window */
	uint64_t stated_total;
};

static int fail(struct reader *r, const char *what)
{
	snprintf(r->error, PROFILE_ERROR_SIZE, "%s:%u: %s", r->path, r->line, what);
	return -EINVAL;
}

/* Headers "# key=value"; unknown ones are for people. */
static int read_header(struct reader *r, const char *text)
{
	if (!strncmp(text, "# windows=", 10)) {
		if (parse_u64(text + 10, 1, RESULT_MAX_OPS, &r->windows))
			return fail(r, "windows is not a positive number");
	} else if (!strncmp(text, "# total=", 8)) {
		if (parse_u64(text + 8, 1, RESULT_MAX_SAMPLE, &r->stated_total))
			return fail(r, "total is not a positive number");
	} else if (!strncmp(text, "# section=", 10)) {
		if (r->cheapest)
			return fail(r, "a second section; a profile is about one case");
		r->cheapest = true;
	} else if (!strncmp(text, "# unmatched=", 12) && strcmp(text + 12, "0")) {
		return fail(r, "markers without a partner: the windows are not those of the case");
	}
	return 0;
}

static int read_count(struct reader *r, struct profile *profile, char *text)
{
	char *space = strchr(text, ' ');
	struct profile_line *lines;
	uint64_t count;

	if (!space || !space[1])
		return fail(r, "not 'COUNT FUNCTION'");
	*space = 0;
	if (parse_u64(text, 1, RESULT_MAX_SAMPLE, &count))
		return fail(r, "the count is not a positive number");
	lines = reallocarray(profile->lines, profile->nr_lines + 1, sizeof(*lines));
	if (!lines)
		return -ENOMEM;
	profile->lines = lines;
	lines[profile->nr_lines].count = count;
	lines[profile->nr_lines].function = strdup(space + 1);
	if (!lines[profile->nr_lines].function)
		return -ENOMEM;
	profile->nr_lines++;
	profile->total += count;
	return 0;
}

static int compare_lines(const void *a, const void *b)
{
	const struct profile_line *left = a, *right = b;

	return strcmp(left->function, right->function);
}

/* Static functions of two files may share a name: as one they still sum to the whole. */
static void merge_same_names(struct profile *profile)
{
	size_t i, kept = 0;

	qsort(profile->lines, profile->nr_lines, sizeof(*profile->lines), compare_lines);
	for (i = 0; i < profile->nr_lines; i++) {
		if (kept && !compare_lines(&profile->lines[kept - 1], &profile->lines[i])) {
			profile->lines[kept - 1].count += profile->lines[i].count;
			free(profile->lines[i].function);
		} else {
			profile->lines[kept++] = profile->lines[i];
		}
	}
	profile->nr_lines = kept;
}

static int read_lines(struct reader *r, struct profile *profile, FILE *file)
{
	char *text = NULL;
	size_t size = 0;
	ssize_t length;
	int ret = 0;

	while (!ret && (length = getline(&text, &size, file)) > 0) {
		r->line++;
		if (text[length - 1] != '\n')
			ret = fail(r, "the last line is cut off");
		text[length - 1] = 0;
		if (!ret && *text == '#')
			ret = read_header(r, text);
		else if (!ret)
			ret = read_count(r, profile, text);
	}
	free(text);
	if (!ret && !r->windows)
		ret = fail(r, "no '# windows=N'");
	if (!ret && r->stated_total != profile->total)
		ret = fail(r, "the counts do not sum to '# total='");
	profile->ops = r->ops * (r->cheapest ? 1 : r->windows);
	if (!ret && profile->ops > RESULT_MAX_OPS)
		ret = fail(r, "too many windows");
	return ret;
}

int profile_read(const char *path, uint64_t ops, struct profile **out,
		 char error[PROFILE_ERROR_SIZE])
{
	struct reader r = {.path = path, .error = error, .ops = ops};
	struct profile *profile;
	FILE *file = fopen(path, "r");
	int ret;

	*out = NULL;
	if (!file) {
		ret = -errno;
		snprintf(error, PROFILE_ERROR_SIZE, "%s: %s", path, strerror(-ret));
		return ret;
	}
	snprintf(error, PROFILE_ERROR_SIZE, "%s: out of memory", path);
	profile = calloc(1, sizeof(*profile));
	ret = profile ? read_lines(&r, profile, file) : -ENOMEM;
	fclose(file);
	if (ret) {
		profile_free(profile);
		return ret;
	}
	merge_same_names(profile);
	*out = profile;
	return 0;
}

void profile_free(struct profile *profile)
{
	size_t i;

	if (!profile)
		return;
	for (i = 0; i < profile->nr_lines; i++)
		free(profile->lines[i].function);
	free(profile->lines);
	free(profile);
}

bool profile_in_claim_path(const char *function)
{
	static const char *const starts[] = {
		"alloc_heap_pages", "get_free_buddy", "domain_adjust_tot_pages",
		"claims_permit_",   "redeem_",	      "domain_release_",
	};
	const char *file = strchr(function, '#'); /* FILE#NAME where a name is shared */
	const char *name = file ? file + 1 : function;
	size_t i;

	for (i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (!strncmp(name, starts[i], strlen(starts[i])))
			return true;
	return false;
}

static bool sum_path(const struct profile *profile, uint64_t *sum)
{
	bool found = false;
	size_t i;

	*sum = 0;
	for (i = 0; i < profile->nr_lines; i++) {
		if (!profile_in_claim_path(profile->lines[i].function))
			continue;
		*sum += profile->lines[i].count;
		found = true;
	}
	return found;
}

bool profile_path_delta(const struct profile *before, const struct profile *after,
			struct fraction *delta)
{
	uint64_t sum_before, sum_after;
	bool found = sum_path(before, &sum_before);

	found |= sum_path(after, &sum_after);
	*delta = fraction_subtract(sum_after, after->ops, sum_before, before->ops);
	return found;
}

static int compare_differences(const void *a, const void *b)
{
	const struct profile_difference *left = a, *right = b;
	__int128 l = left->delta.num < 0 ? -left->delta.num : left->delta.num;
	__int128 r = right->delta.num < 0 ? -right->delta.num : right->delta.num;

	/* All deltas of one comparison have the same denominator. */
	return l != r ? (l < r) - (l > r) : strcmp(left->function, right->function);
}

int profile_compare(const struct profile *before, const struct profile *after,
		    struct profile_difference **out, size_t *nr)
{
	struct profile_difference *list;
	size_t b = 0, a = 0, n = 0;

	list = calloc(before->nr_lines + after->nr_lines + 1, sizeof(*list));
	if (!list)
		return -ENOMEM;
	while (b < before->nr_lines || a < after->nr_lines) {
		int order = b == before->nr_lines ? 1
			    : a == after->nr_lines
				    ? -1
				    : compare_lines(&before->lines[b], &after->lines[a]);
		uint64_t count_b = order <= 0 ? before->lines[b].count : 0;
		uint64_t count_a = order >= 0 ? after->lines[a].count : 0;

		list[n].function =
			order <= 0 ? before->lines[b].function : after->lines[a].function;
		list[n].before = (struct fraction){count_b, before->ops};
		list[n].after = (struct fraction){count_a, after->ops};
		list[n].delta = fraction_subtract(count_a, after->ops, count_b, before->ops);
		n += list[n].delta.num != 0;
		b += order <= 0;
		a += order >= 0;
	}
	qsort(list, n, sizeof(*list), compare_differences);
	*out = list;
	*nr = n;
	return 0;
}

bool profile_explains(const struct profile_difference *list, size_t nr, struct fraction whole)
{
	__int128 sum = 0;
	size_t i;

	for (i = 0; i < nr; i++) {
		sum += list[i].delta.num;
		if (list[i].delta.den != whole.den)
			return false;
	}
	return sum == whole.num;
}
