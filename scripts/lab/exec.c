// SPDX-License-Identifier: GPL-2.0-only
/* claimperf lab exec: run a command in dom0 of a virtual NUMA machine. */
#include <signal.h>

#include "lib/msg.h"
#include "scripts/lab/lab.h"

/* Die of the signal that ended the run, as a shell expects of its children. */
static void die_of(int signal_number)
{
	sigset_t none;

	signal(signal_number, SIG_DFL);
	raise(signal_number);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

int main(int argc, char **argv)
{
	struct options o;
	struct lab lab;
	int status = EXIT_USAGE;

	options_parse(&o, argc, argv);
	lab_prepare(&lab, &o);
	if (o.parallel || !snapshot_ensure(&lab))
		status = lab_run(&lab, &o);
	if (qemu_last_signal())
		die_of(qemu_last_signal());
	return status;
}
