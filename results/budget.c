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
#define BUDGET_MAX_PERCENT 1000 /* verdict.h */

#define FORM "'NAME [vs CASE] +N # why', N instructions or percent, '-' for a saving"

static const char *parse_amount(const char *text, struct budget_line *out)
{
	char digits[32];
	size_t length = strlen(text);
	uint64_t amount;

	if (*text != '+' && *text != '-')
		return "the budget is neither '+' nor '-' and a whole number";
	out->percent = text[length - 1] == '%';
	length -= 1 + out->percent;
	if (length >= sizeof(digits))
		return "the budget is too large a number";
	memcpy(digits, text + 1, length);
	digits[length] = 0;
	if (parse_u64(digits, 0, out->percent ? BUDGET_MAX_PERCENT : RESULT_MAX_SAMPLE, &amount))
		return "the budget is neither '+' nor '-' and a whole number";
	out->amount = *text == '-' ? -(int64_t)amount : (int64_t)amount;
	return NULL;
}

static const char *parse_line(char *text, struct budget_line *out)
{
	char *why = strchr(text, '#');
	char *save, *pattern, *amount, *against = NULL;

	if (!why || !why[1 + strspn(why + 1, BLANKS)])
		return "no reason; the line is " FORM;
	*why = 0;
	why += 1 + strspn(why + 1, BLANKS);
	why[strcspn(why, "\r\n")] = 0;
	pattern = strtok_r(text, BLANKS, &save);
	amount = strtok_r(NULL, BLANKS, &save);
	if (amount && !strcmp(amount, "vs")) {
		against = strtok_r(NULL, BLANKS, &save);
		amount = strtok_r(NULL, BLANKS, &save);
	}
	if (!amount || strtok_r(NULL, BLANKS, &save))
		return "not " FORM;
	out->pattern = strdup(pattern);
	out->why = strdup(why);
	out->against = against ? strdup(against) : NULL;
	if (!out->pattern || !out->why || (against && !out->against))
		return "out of memory";
	return parse_amount(amount, out);
}

static const char *add_line(struct budget *budget, char *text, const char *path,
			    unsigned int number)
{
	struct budget_line *lines;

	lines = reallocarray(budget->lines, budget->nr + 1, sizeof(*lines));
	if (!lines)
		return "out of memory";
	budget->lines = lines;
	lines[budget->nr] = (struct budget_line){.path = path, .line = number};
	return parse_line(text, &lines[budget->nr++]);
}

int budget_read(const char *path, struct budget *budget, char error[BUDGET_ERROR_SIZE])
{
	FILE *file = fopen(path, "r");
	const char *wrong = NULL;
	unsigned int number = 0;
	char *text = NULL;
	size_t size = 0;
	int ret = 0;

	if (!file) {
		ret = -errno;
		snprintf(error, BUDGET_ERROR_SIZE, "%s: %s", path, strerror(-ret));
		return ret;
	}
	while (!wrong && getline(&text, &size, file) > 0) {
		const char *first = text + strspn(text, BLANKS);

		number++;
		if (*first && *first != '#')
			wrong = add_line(budget, text, path, number);
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
	return ret;
}

void budget_free(struct budget *budget)
{
	size_t i;

	for (i = 0; i < budget->nr; i++) {
		free(budget->lines[i].pattern);
		free(budget->lines[i].against);
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

char *budget_against(const struct budget_line *line, const char *name)
{
	const char *against = line->against;
	size_t key = strcspn(against, ":") + 1;
	const char *at = name;
	char *full;

	if (strchr(against, '/') || !strchr(against, ':'))
		return strdup(against);
	while (at && strncmp(at, against, key)) {
		at = strchr(at, '/');
		at += !!at;
	}
	if (!at) {
		errno = EINVAL;
		return NULL;
	}
	if (asprintf(&full, "%.*s%s%s", (int)(at - name), name, against, at + strcspn(at, "/")) < 0)
		return NULL;
	return full;
}
