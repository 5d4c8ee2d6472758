// SPDX-License-Identifier: GPL-2.0-only
#include "results/budget.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/parse.h"
#include "results/result.h"

#define BLANKS " \t\r\n"

static const char *parse_line(char *text, struct budget_line *out)
{
	char *why = strchr(text, '#');
	char *save, *pattern, *amount;

	if (!why || !why[1 + strspn(why + 1, BLANKS)])
		return "no reason; the line is 'NAME +INSTRUCTIONS # why'";
	*why = 0;
	why += 1 + strspn(why + 1, BLANKS);
	why[strcspn(why, "\r\n")] = 0;
	pattern = strtok_r(text, BLANKS, &save);
	amount = strtok_r(NULL, BLANKS, &save);
	if (!amount || strtok_r(NULL, BLANKS, &save))
		return "not 'NAME +INSTRUCTIONS # why'";
	if (*amount != '+' || parse_u64(amount + 1, 0, RESULT_MAX_SAMPLE, &out->instructions))
		return "the budget is not '+' and a whole number of instructions";
	out->pattern = strdup(pattern);
	out->why = strdup(why);
	return out->pattern && out->why ? NULL : "out of memory";
}

static const char *add_line(struct budget *budget, char *text, unsigned int number)
{
	struct budget_line *lines;

	lines = reallocarray(budget->lines, budget->nr + 1, sizeof(*lines));
	if (!lines)
		return "out of memory";
	budget->lines = lines;
	lines[budget->nr] = (struct budget_line){.line = number};
	return parse_line(text, &lines[budget->nr++]);
}

int budget_read(const char *path, struct budget *out, char error[BUDGET_ERROR_SIZE])
{
	FILE *file = fopen(path, "r");
	const char *wrong = NULL;
	unsigned int number = 0;
	char *text = NULL;
	size_t size = 0;
	int ret = 0;

	*out = (struct budget){0};
	if (!file) {
		ret = -errno;
		snprintf(error, BUDGET_ERROR_SIZE, "%s: %s", path, strerror(-ret));
		return ret;
	}
	while (!wrong && getline(&text, &size, file) > 0) {
		const char *first = text + strspn(text, BLANKS);

		number++;
		if (*first && *first != '#')
			wrong = add_line(out, text, number);
	}
	if (wrong) {
		ret = -EINVAL;
		snprintf(error, BUDGET_ERROR_SIZE, "%s:%u: %s", path, number, wrong);
	} else if (ferror(file)) {
		ret = -EIO;
		snprintf(error, BUDGET_ERROR_SIZE, "%s: cannot be read", path);
	}
	free(text);
	fclose(file);
	if (ret)
		budget_free(out);
	return ret;
}

void budget_free(struct budget *budget)
{
	size_t i;

	for (i = 0; i < budget->nr; i++) {
		free(budget->lines[i].pattern);
		free(budget->lines[i].why);
	}
	free(budget->lines);
	*budget = (struct budget){0};
}

const struct budget_line *budget_find(const struct budget *budget, const char *name)
{
	size_t i;

	for (i = 0; i < budget->nr; i++)
		if (!fnmatch(budget->lines[i].pattern, name, 0))
			return &budget->lines[i];
	return NULL;
}
