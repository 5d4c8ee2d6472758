// SPDX-License-Identifier: GPL-2.0-only
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "bench/jobs.h"
#include "bench/progress.h"
#include "lib/clock.h"

#define BAR_WIDTH 20
/* Where each case is not worth a line of its own. */
#define LINES_PER_JOB 10

static struct {
	size_t jobs, cases, jobs_over, cases_over;
	size_t cases_before; /* over when the clock started */
	size_t running;	     /* cases of the job at work that are over */
	unsigned int parallel;
	double since;
	const char *name;
} progress = {.name = ""};

static double now(void)
{
	return (double)clock_ns() / 1e9;
}

const char *progress_elapsed(void)
{
	static double start;
	static char text[24];

	if (start == 0)
		start = now();
	progress_format(now() - start, text);
	return text;
}

void progress_format(double seconds, char text[24])
{
	unsigned int s = seconds < 0 ? 0 : (unsigned int)(seconds + 0.5);

	if (seconds < 0)
		snprintf(text, 24, "?");
	else if (s < 3600)
		snprintf(text, 24, "%u:%02u", s / 60, s % 60);
	else
		snprintf(text, 24, "%u:%02u:%02u", s / 3600, s / 60 % 60, s % 60);
}

double progress_estimate(double seconds, double over, double left, double running)
{
	if (over <= 0)
		return -1;
	return left > running ? seconds / (over + running) * (left - running) : 0;
}

static double time_left(void)
{
	size_t over = progress.cases_over + progress.running, jobs_left = progress.jobs - progress.jobs_over;
	size_t beside = progress.parallel < jobs_left ? progress.parallel : jobs_left;
	double each = (double)progress.cases / (double)(progress.jobs ? progress.jobs : 1);

	/* Each of the jobs under way is somewhere between its beginning and its end. */
	return progress_estimate(now() - progress.since, (double)(over - progress.cases_before),
				 (double)(progress.cases - over),
				 progress.running ? 0 : each / 2 * (double)beside);
}

/* A line that wraps could not be updated. */
static int columns(void)
{
	struct winsize size;

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || size.ws_col < 20 ? 79 : size.ws_col - 1;
}

static void show(void)
{
	size_t over = progress.cases_over + progress.running, all = progress.cases ? progress.cases : 1;
	char bar[] = "[....................] ", left[24], line[200];
	bool terminal = isatty(STDERR_FILENO);

	memset(bar + 1, '#', over < all ? BAR_WIDTH * over / all : BAR_WIDTH);
	progress_format(time_left(), left);
	snprintf(line, sizeof(line), "claimperf bench: %s%zu of %zu: %.60s (%zu of %zu cases, %s, %s left)",
		 terminal ? bar : "", progress.jobs_over, progress.jobs, progress.name, over,
		 progress.cases, progress_elapsed(), left);
	if (terminal)
		fprintf(stderr, "\r\033[K%.*s", columns(), line);
	else
		fprintf(stderr, "%s\n", line);
}

void progress_begin(size_t jobs, size_t cases, unsigned int parallel)
{
	progress_elapsed();
	progress.jobs = jobs;
	progress.cases = cases;
	progress.parallel = parallel;
	progress.since = now();
	progress.cases_before = progress.jobs_over = progress.cases_over = progress.running = 0;
	if (isatty(STDERR_FILENO))
		jobs_tick = show;
}

void progress_found(size_t jobs, size_t cases)
{
	progress.jobs_over += jobs;
	progress.cases_over += cases;
	progress.cases_before += cases;
}

void progress_start(const char *name)
{
	progress.name = name;
	show();
}

void progress_over(const char *name, size_t cases)
{
	progress.jobs_over++;
	progress.cases_over += cases;
	progress.running = 0;
	progress_start(name);
}

void progress_cases(size_t cases)
{
	size_t before = progress.running;

	progress.running = cases;
	if (isatty(STDERR_FILENO) || LINES_PER_JOB * cases / progress.cases !=
					     LINES_PER_JOB * before / progress.cases)
		show();
}

void progress_end(void)
{
	jobs_tick = NULL;
	if (isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
}
