// SPDX-License-Identifier: GPL-2.0-only
/* The trace points of a heap in this process. */
#include "bench/watch_host.h"

#include <errno.h>
#include <stdlib.h>

#include "bench/xen_host.h"

/* Of a thread: a few samples of any case; more is counted as lost. */
#define TRACE_BYTES (16ul << 20)

struct watcher {
	const char *path;
};

static int start_tracing(struct watcher **out, const char *path)
{
	struct watcher *w = calloc(1, sizeof(*w));
	int rc;

	if (!w)
		return -ENOMEM;
	w->path = path;
	rc = xen_host_heap()->start_tracing(TRACE_BYTES);
	if (rc)
		free(w);
	else
		*out = w;
	return rc;
}

static int stop_tracing(struct watcher *w)
{
	int rc;

	xen_host_heap()->stop_tracing();
	rc = xen_host_heap()->write_trace(w->path);
	free(w);
	return rc;
}

const struct watch_tool host_trace_tool = {.start = start_tracing, .stop = stop_tracing};

bool host_can_trace(void)
{
	int rc = xen_host_heap()->start_tracing(sizeof(uint32_t));

	xen_host_heap()->stop_tracing();
	return !rc;
}
