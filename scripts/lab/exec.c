// SPDX-License-Identifier: GPL-2.0-only
/* claimperf lab exec: run a command in dom0 of a virtual NUMA machine. */
#include <signal.h>
#include <unistd.h>

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

/* Its snapshot need not exist. */
static int describe(const struct lab *lab)
{
	struct buffer text = { 0 };
	int err;

	fingerprint_make(lab, &text);
	err = write_all(STDOUT_FILENO, text.data, text.size);
	buffer_free(&text);
	return err ? EXIT_USAGE : 0;
}

int main(int argc, char **argv)
{
	struct options o;
	struct lab lab;
	int status = EXIT_USAGE;

	options_parse(&o, argc, argv);
	lab_prepare(&lab, &o);
	if (o.describe)
		return describe(&lab);
	if (o.parallel || !snapshot_ensure(&lab))
		status = lab_run(&lab, &o);
	if (qemu_last_signal())
		die_of(qemu_last_signal());
	return status;
}
