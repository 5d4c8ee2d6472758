// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "lib/msg.h"
#include "plots/study_page.h"

void study_report_load(struct study_report *s, const char *path)
{
	struct topology *t = &s->report.topologies[0];
	char error[RESULT_ERROR_SIZE];

	if (study_read(path, &s->study, error))
		die(EXIT_USAGE, "%s", error);
	if (study_judge(s->study, &s->verdicts) ||
	    fingerprint_compare(s->study->fingerprints[0], s->study->fingerprints[1], &t->fields))
		die(EXIT_USAGE, "out of memory");
	s->report.files = true;
	s->report.nr_topologies = 1;
}

void study_report_free(struct study_report *s)
{
	verdicts_free(&s->verdicts);
	study_free(s->study);
	report_free(&s->report);
}
