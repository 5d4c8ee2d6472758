// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/plan.h"

const char *const plan_profiles[] = {"quick", "standard", "full", NULL};

static int add_line(struct plan *plan, const char *line)
{
	struct plan_case *grown = reallocarray(plan->cases, plan->count + 1, sizeof(*grown));
	struct plan_case *c;
	int end = 0;

	if (!grown)
		return -ENOMEM;
	plan->cases = grown;
	c = &grown[plan->count];
	if (sscanf(line, "%u %u %31s %u %95s%n", &c->family, &c->index, c->group, &c->node_gib, c->name,
		   &end) != 5 ||
	    line[end])
		return -EINVAL;
	plan->count++;
	return 0;
}

int plan_parse(const char *text, struct plan *plan)
{
	char *copy = strdup(text), *rest = copy, *line;
	int rc = copy ? 0 : -ENOMEM;

	*plan = (struct plan){ 0 };
	while (!rc && (line = strsep(&rest, "\n")))
		if (*line)
			rc = add_line(plan, line);
	free(copy);
	if (rc)
		plan_free(plan);
	return rc;
}

void plan_free(struct plan *plan)
{
	free(plan->cases);
	*plan = (struct plan){ 0 };
}

unsigned int plan_node_gib(const struct plan *plan, const char *group)
{
	unsigned int most = 0;

	for (size_t i = 0; i < plan->count; i++)
		if (!strcmp(plan->cases[i].group, group) && plan->cases[i].node_gib > most)
			most = plan->cases[i].node_gib;
	return most;
}

size_t plan_groups(const struct plan *plan, const char **groups, size_t max)
{
	size_t count = 0;

	for (size_t i = 0; i < plan->count; i++) {
		size_t known = 0;

		while (known < count && strcmp(groups[known], plan->cases[i].group))
			known++;
		if (known == count && count < max)
			groups[count++] = plan->cases[i].group;
	}
	return count;
}
