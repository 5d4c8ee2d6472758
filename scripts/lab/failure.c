// SPDX-License-Identifier: GPL-2.0-only
#include "lib/msg.h"
#include "scripts/lab/lab.h"

#define CONSOLE_LINES 20

static const char *last_lines(const struct buffer *text, unsigned int lines)
{
	const char *at = text->data + text->size;

	while (at > text->data && (lines || at[-1] != '\n'))
		if (*--at == '\n' && at + 1 < text->data + text->size && lines)
			lines--;
	return at;
}

void report_failure(const struct qemu *q, enum qemu_event event, const char *phase,
		    uint64_t timeout_ns)
{
	static const char *const texts[] = {
		[QEMU_STOPPED] = "dom0 stood still unasked",
		[QEMU_MIGRATED] = "unexpected snapshot",
		[QEMU_ENDED] = "the machine ended",
		[QEMU_CRASHED] = "the hypervisor or dom0's kernel panicked",
		[QEMU_TIMEOUT] = "time limit",
		[QEMU_SIGNAL] = "interrupted",
		[QEMU_REFUSED] = "QEMU refused a command",
	};

	if (event == QEMU_TIMEOUT)
		msg("%s: time limit of %ju s", phase, (uintmax_t)(timeout_ns / 1000000000));
	else
		msg("%s: %s", phase, texts[event]);
	if (event != QEMU_SIGNAL && q->console.size)
		msg("last console lines:\n%s", last_lines(&q->console, CONSOLE_LINES));
}
