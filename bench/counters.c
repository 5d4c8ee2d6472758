// SPDX-License-Identifier: GPL-2.0-only
#include "bench/counters.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
	const char *name;
	uint32_t type;
	uint64_t config;
} events[] = {
	{"cycles", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES},
	{"instructions", PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS},
	{"cache-references", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CACHE_REFERENCES},
	{"cache-misses", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CACHE_MISSES},
	{"branches", PERF_TYPE_HARDWARE, PERF_COUNT_HW_BRANCH_INSTRUCTIONS},
	{"branch-misses", PERF_TYPE_HARDWARE, PERF_COUNT_HW_BRANCH_MISSES},
	{"page-faults", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS},
};
#define EVENTS (sizeof(events) / sizeof(*events))

_Static_assert(EVENTS <= COUNTERS_MAX, "room for all");

static const char *reason(int err)
{
	switch (err) {
	case ENOENT:
	case ENODEV:
	case EOPNOTSUPP:
		return "this machine has no such counter";
	case EACCES:
	case EPERM:
		return "not permitted: see /proc/sys/kernel/perf_event_paranoid";
	default:
		return strerror(err);
	}
}

void counters_open(struct counters *counters)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.disabled = 1,
		.exclude_kernel = 1,
		.exclude_hv = 1,
		.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
	};

	*counters = (struct counters){.nr = EVENTS};
	for (size_t i = 0; i < EVENTS; i++) {
		struct counter *c = &counters->list[i];

		attr.type = events[i].type;
		attr.config = events[i].config;
		c->name = events[i].name;
		c->fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
		c->lacking = c->fd < 0 ? reason(errno) : NULL;
	}
}

void counters_close(struct counters *counters)
{
	for (size_t i = 0; i < counters->nr; i++)
		if (counters->list[i].fd >= 0)
			close(counters->list[i].fd);
}

/* One call for all: none counts what is done for another. */
void counters_begin(void)
{
	prctl(PR_TASK_PERF_EVENTS_ENABLE);
}

void counters_end(void)
{
	prctl(PR_TASK_PERF_EVENTS_DISABLE);
}

/* Where there are more events than counters they take turns, and the rest is extrapolated. */
void counters_read(struct counters *counters)
{
	for (size_t i = 0; i < counters->nr; i++) {
		struct counter *c = &counters->list[i];
		struct {
			uint64_t value, enabled, running;
		} now;

		if (c->fd < 0)
			continue;
		if (read(c->fd, &now, sizeof(now)) != sizeof(now))
			c->lacking = "cannot be read";
		else if (!now.running)
			c->lacking = "never got a counter of its own";
		else
			c->value = (double)now.value * (double)now.enabled / (double)now.running;
	}
}
