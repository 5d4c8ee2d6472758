// SPDX-License-Identifier: GPL-2.0-only
#include "lib/options.h"

#include <errno.h>
#include <string.h>

#include "lib/parse.h"

static unsigned int number_from(struct argp_state *state, const char *option, const char *text,
				uint64_t min, uint64_t max)
{
	uint64_t value = min;

	if (parse_u64(text, min, max, &value))
		argp_error(state, "%s %s: not a number from %lu to %lu", option, text,
			   (unsigned long)min, (unsigned long)max);
	return (unsigned int)value;
}

unsigned int option_number(struct argp_state *state, const char *option, const char *text,
			   uint64_t max)
{
	return number_from(state, option, text, 1, max);
}

unsigned int option_number_or_0(struct argp_state *state, const char *option, const char *text,
				uint64_t max)
{
	return number_from(state, option, text, 0, max);
}

unsigned int option_word(struct argp_state *state, const char *option, const char *text,
			 const char *const *words)
{
	char list[256] = "neither ";
	unsigned int i;

	for (i = 0; words[i]; i++) {
		if (!strcmp(text, words[i]))
			return i;
		if (i)
			strncat(list, words[i + 1] ? ", " : " nor ", sizeof(list) - strlen(list) - 1);
		strncat(list, words[i], sizeof(list) - strlen(list) - 1);
	}
	argp_error(state, "%s %s: %s", option, text, list);
	return i;
}

void option_file(struct argp_state *state, const char *arg, const char **file)
{
	if (*file)
		argp_error(state, "one FILE at a time, not '%s' and '%s'", *file, arg);
	*file = arg;
}

void option_regex(struct argp_state *state, const char *option, const char *text, regex_t *regex)
{
	char why[128];
	int rc = regcomp(regex, text, REG_EXTENDED | REG_NOSUB);

	if (rc) {
		regerror(rc, regex, why, sizeof(why));
		argp_error(state, "%s %s: %s", option, text, why);
	}
}

int option_take(int *argc, char **argv, const char *prefix, char **taken, int max)
{
	int kept = 1, count = 0;

	for (int i = 1; i < *argc; i++) {
		if (strncmp(argv[i], prefix, strlen(prefix)))
			argv[kept++] = argv[i];
		else if (count == max)
			return -E2BIG;
		else
			taken[count++] = argv[i];
	}
	argv[kept] = NULL;
	*argc = kept;
	return count;
}
