// SPDX-License-Identifier: GPL-2.0-only
/* claimperf lab exec: run a command in dom0 of a virtual NUMA machine. */
#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/msg.h"
#include "lib/parse.h"
#include "scripts/lab/initrd.h"
#include "scripts/lab/lab.h"
#include "scripts/lab/results.h"
#include "scripts/lab/shared.h"
#include "scripts/lab/stage.h"

#define BOOT_TIMEOUT_S 120
#define CONSOLE_LINES 20

enum { OPT_EXACT = 256, OPT_PARALLEL, OPT_PROFILE, OPT_CHDIR };

struct options {
	const char *variant;
	const char *image;
	uint64_t nodes;
	uint64_t cpus;
	uint64_t memory;
	uint64_t timeout_s;
	bool parallel;
	const char *out;
	const char *profile;
	const char *chdir;
	char **staged;
	size_t staged_count;
	char **command;
	int command_words;
};

static const struct argp_option option_table[] = {
	{ "variant", 'V', "VARIANT", 0, "Hypervisor to build and boot (default claims)", 0 },
	{ "image", 'i', "FILE", 0, "Boot this hypervisor instead", 0 },
	{ "nodes", 'n', "N", 0, "NUMA nodes, 1 to 16 (default 1); those beyond the CPUs have memory only",
	  0 },
	{ "cpus", 'c', "C", 0, "CPUs, 1 to 64 (default 1)", 0 },
	{ "memory", 'm', "SIZE", 0, "Memory of all nodes together (default 4G)", 0 },
	{ "exact", OPT_EXACT, NULL, 0,
	  "Count instructions, from a snapshot: output is bit-identical from run to run (default)", 0 },
	{ "parallel", OPT_PARALLEL, NULL, 0, "CPUs run in parallel and times are real, thus noisy", 0 },
	{ "out", 'o', "DIR", 0,
	  "Put here what COMMAND leaves in $OUT, and fingerprint.json and console.txt", 0 },
	{ "stage", 's', "PATH", 0,
	  "Have this file (with the libraries it needs) or folder in dom0's memory; may be repeated",
	  0 },
	{ "timeout", 't', "S", 0, "Give up when COMMAND takes longer, in seconds (default 300)", 0 },
	{ "profile", OPT_PROFILE, "FILE", 0, "Count instructions by hypervisor function into FILE", 0 },
	{ "chdir", OPT_CHDIR, "DIR", 0, "COMMAND's working directory (default the current one)", 0 },
	{ 0 },
};

static const char doc[] =
	"Run COMMAND in dom0 of a virtual NUMA machine and return its output and exit status.\v"
	"The host's files are there at the same paths, read-only; /tmp is writable. COMMAND's "
	"program and its libraries are staged by themselves. When the machine fails (hypervisor "
	"panic, hang, bad image), the exit status is 2 and the last console lines are printed.\n"
	"\n"
	"Examples:\n"
	"  claimperf lab exec -- uname -a\n"
	"  claimperf lab exec --nodes 4 --cpus 2 --parallel -- cat /proc/cpuinfo\n"
	"  claimperf lab exec --out results/trace --stage /usr/sbin/xentrace -- \\\n"
	"      sh -c 'xentrace -D -T 1 -e 0x10f000 $OUT/trace.xen'";

static uint64_t number(struct argp_state *state, const char *what, const char *text, uint64_t min,
		       uint64_t max)
{
	uint64_t value = 0;

	if (parse_u64(text, min, max, &value))
		argp_error(state, "%s: %s is not a number from %ju to %ju", what, text, (uintmax_t)min,
			   (uintmax_t)max);
	return value;
}

static void add_staged(struct options *o, char *path)
{
	o->staged = realloc(o->staged, (o->staged_count + 1) * sizeof(*o->staged));
	if (!o->staged)
		die(EXIT_USAGE, "out of memory");
	o->staged[o->staged_count++] = path;
}

static void check_options(struct options *o, struct argp_state *state)
{
	if (!o->command_words)
		argp_error(state, "COMMAND is missing");
	if (o->image && o->variant)
		argp_error(state, "--variant and --image exclude each other");
	if (o->profile && o->parallel)
		argp_error(state, "--profile needs --exact");
	if (o->memory < o->nodes << 28)
		argp_error(state, "--memory: each node needs at least 256M");
	if (o->memory < 1UL << 30)
		argp_error(state, "--memory: the machine needs at least 1G");
	if (o->memory % (2 << 20) || o->memory > 1UL << 40)
		argp_error(state, "--memory: not a multiple of 2M up to 1T");
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'V': o->variant = arg; break;
	case 'i': o->image = arg; break;
	case 'n': o->nodes = number(state, "--nodes", arg, 1, MAX_NODES); break;
	case 'c': o->cpus = number(state, "--cpus", arg, 1, MAX_CPUS); break;
	case 'm':
		if (parse_size(arg, &o->memory))
			argp_error(state, "--memory: %s is not a size", arg);
		break;
	case OPT_EXACT: o->parallel = false; break;
	case OPT_PARALLEL: o->parallel = true; break;
	case 'o': o->out = arg; break;
	case 's': add_staged(o, arg); break;
	case 't': o->timeout_s = number(state, "--timeout", arg, 1, 86400); break;
	case OPT_PROFILE: o->profile = arg; break;
	case OPT_CHDIR: o->chdir = arg; break;
	case ARGP_KEY_ARGS:
		o->command = state->argv + state->next;
		o->command_words = state->argc - state->next;
		break;
	case ARGP_KEY_END: check_options(o, state); break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* The project's root: this program is ROOT/BUILD/bin/claimperf-lab-exec. */
static char *find_folder(const char *variable, const char *from_program)
{
	char self[PATH_MAX] = "", *path;

	if (getenv(variable))
		return format("%s", getenv(variable));
	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		die(EXIT_USAGE, "/proc/self/exe: %s", strerror(errno));
	*strrchr(self, '/') = '\0';
	path = format("%s/%s", self, from_program);
	if (!realpath(path, self))
		die(EXIT_USAGE, "%s: %s", path, strerror(errno));
	free(path);
	return format("%s", self);
}

static char *must_real_path(const char *path)
{
	char *real = realpath(path, NULL);

	if (!real)
		die(EXIT_USAGE, "%s: %s", path, strerror(errno));
	return real;
}

/* Absolute, but with symbolic links as they are: programs look at the name they are called by. */
static char *absolute_path(const char *path, const char *folder)
{
	return *path == '/' ? format("%s", path) : format("%s/%s", folder, path);
}

static char *find_program(const char *name, const char *folder)
{
	static const char *const folders[] = { "/usr/sbin", "/usr/bin", "/sbin", "/bin" };
	char *path;
	size_t i;

	if (strchr(name, '/')) {
		path = absolute_path(name, folder);
		if (access(path, X_OK))
			die(EXIT_USAGE, "%s: %s", path, strerror(errno));
		return path;
	}
	for (i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		path = format("%s/%s", folders[i], name);
		if (!access(path, X_OK))
			return path;
		free(path);
	}
	die(EXIT_USAGE, "%s: no such program in /usr/sbin or /usr/bin", name);
}

static void read_image_sha(struct lab *lab)
{
	struct buffer data = { 0 };
	int err = read_file(lab->machine.image, &data);

	if (err)
		die(EXIT_USAGE, "%s: %s", lab->machine.image, strerror(-err));
	sha256_hex(data.data, data.size, lab->image_sha);
	buffer_free(&data);
}

static char *build_image(const char *root, const char *variant)
{
	char *argv[] = { format("%s/scripts/lab/build", root), (char *)variant, NULL };
	struct buffer path = { 0 };
	int status = run_program(argv, &path);

	if (status || !path.size)
		die(EXIT_USAGE, "could not build the hypervisor %s", variant);
	path.data[strcspn(path.data, "\n")] = '\0';
	free(argv[0]);
	return path.data;
}

static void fetch_kernel(const char *root, const char *lab_folder)
{
	char *folder = format("%s/kernel", lab_folder), *release = format("%s/release", folder);
	char *argv[] = { format("%s/scripts/lab/kernel", root), folder, NULL };

	if (access(release, F_OK) && run_program(argv, NULL))
		die(EXIT_USAGE, "no kernel for dom0");
	free(argv[0]);
	free(folder);
	free(release);
}

static void make_initrd(struct lab *lab, const struct options *o, const char *program,
			const char *build)
{
	char *init = format("%s/bin/claimperf-lab-init", build);
	char *modules = format("%s/kernel/modules", lab->folder);
	char cwd[PATH_MAX], *path;
	struct stage stage = { 0 };
	size_t i;
	int err;

	if (!getcwd(cwd, sizeof(cwd)))
		die(EXIT_USAGE, "current folder: %s", strerror(errno));
	err = stage_add_common(&stage);
	if (!err)
		err = stage_add(&stage, program);
	for (i = 0; i < o->staged_count && !err; i++) {
		path = absolute_path(o->staged[i], cwd);
		err = stage_add(&stage, path);
		if (err)
			msg("--stage %s: %s", path, strerror(-err));
		free(path);
	}
	stage_sort(&stage);
	if (!err)
		err = initrd_build(&lab->initrd, &stage, init, modules);
	if (err)
		die(EXIT_USAGE, "cannot stage what COMMAND needs: %s", strerror(-err));
	sha256_hex(lab->initrd.data, lab->initrd.size, lab->initrd_sha);
	stage_free(&stage);
	free(init);
	free(modules);
}

int initrd_store(const struct lab *lab, char **name)
{
	char *folder = format("%s/initrd", lab->folder), *path, *tmp;
	int err = make_folders(folder);

	*name = format("initrd/%.32s.cpio", lab->initrd_sha);
	path = format("%s/%s", lab->folder, *name);
	tmp = format("%s.%d", path, getpid());
	if (!err && access(path, F_OK)) {
		err = write_file(tmp, lab->initrd.data, lab->initrd.size);
		if (!err && rename(tmp, path))
			err = -errno;
	}
	if (err)
		msg("%s: %s", path, strerror(-err));
	free(tmp);
	free(path);
	free(folder);
	return err;
}

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

static void write_job(const struct lab *lab, const char *cwd, const char *program, char **words,
		      int count)
{
	static struct lab_job job = { .magic = LAB_MAGIC };
	struct buffer strings = { 0 };
	int i;

	buffer_add(&strings, cwd, strlen(cwd) + 1);
	buffer_add(&strings, program, strlen(program) + 1);
	for (i = 1; i < count; i++)
		buffer_add(&strings, words[i], strlen(words[i]) + 1);
	if (strings.size > sizeof(job.strings))
		die(EXIT_USAGE, "COMMAND is longer than %zu bytes", sizeof(job.strings));
	memcpy(job.strings, strings.data, strings.size);
	job.argc = count;
	if (pwrite(lab->shared_fd, &job, sizeof(job), 0) != sizeof(job))
		die(EXIT_USAGE, "shared memory: %s", strerror(errno));
	buffer_free(&strings);
}

static enum qemu_event restore(struct qemu *q, uint64_t deadline)
{
	enum qemu_event event;
	char *incoming = format("{\"execute\":\"qmp_capabilities\"}\n"
		"{\"execute\":\"migrate-set-capabilities\",\"arguments\":{\"capabilities\":["
		"{\"capability\":\"x-ignore-shared\",\"state\":true},"
		"{\"capability\":\"events\",\"state\":true}]}}\n"
		"{\"execute\":\"migrate-incoming\",\"arguments\":{\"uri\":\"fd:%d\"}}\n", FD_STATE);

	qemu_command(q, incoming);
	free(incoming);
	event = qemu_wait(q, deadline);
	if (event == QEMU_MIGRATED) {
		qemu_command(q, "{\"execute\":\"cont\"}\n");
		event = qemu_wait(q, deadline);
	}
	return event;
}

static void store_console(const struct lab *lab, const struct qemu *q, const char *out)
{
	char *path = format("%s/console.txt", out), *boot;
	struct buffer text = { 0 };

	if (lab->snapshot) {
		boot = format("%s/console.txt", lab->snapshot);
		read_file(boot, &text);
		free(boot);
	}
	buffer_add(&text, q->console.data, q->console.size);
	write_file(path, text.data, text.size);
	buffer_free(&text);
	free(path);
}

static void store_fingerprint(const struct lab *lab, const char *out)
{
	char *path = format("%s/fingerprint.json", out), *kept;
	struct buffer text = { 0 };

	if (lab->snapshot) {
		kept = format("%s/fingerprint.json", lab->snapshot);
		read_file(kept, &text);
		free(kept);
	} else {
		fingerprint_make(lab, &text);
	}
	write_file(path, text.data, text.size);
	buffer_free(&text);
	free(path);
}

static char *plugin_argument(const struct options *o, const char *build)
{
	char cwd[PATH_MAX], *out, *text;
	const char *slash = strrchr(o->image, '/');

	if (!o->profile)
		return NULL;
	if (!getcwd(cwd, sizeof(cwd)))
		die(EXIT_USAGE, "current folder: %s", strerror(errno));
	out = absolute_path(o->profile, cwd);
	text = format("%s/lib/insncount.so,syms=%.*s/xen-syms,out=%s", build, (int)(slash - o->image),
		      o->image, out);
	free(out);
	return text;
}

/* Returns COMMAND's exit status, or EXIT_USAGE. */
static int run(struct lab *lab, const struct options *o, const char *build)
{
	char *memory = lab->snapshot ? format("%s/ram", lab->snapshot) : NULL;
	char *state = lab->snapshot ? format("%s/state", lab->snapshot) : NULL, *initrd = NULL, **args;
	char *plugin = plugin_argument(o, build);
	struct machine_files files = { .memory = memory ? memory : "", .plugin = plugin };
	int state_fd = -1, wait_status = 0, status = EXIT_USAGE;
	uint64_t deadline = qemu_now() + lab->timeout_ns + (lab->snapshot ? 0 : lab->boot_timeout_ns);
	enum qemu_event event;
	struct qemu q;

	if (state && (state_fd = open(state, O_RDONLY | O_CLOEXEC)) < 0)
		die(EXIT_USAGE, "%s: %s", state, strerror(errno));
	if (initrd_store(lab, &initrd))
		exit(EXIT_USAGE);
	files.initrd = initrd;
	args = machine_args(&lab->machine, lab->snapshot ? MACHINE_RESTORE : MACHINE_PLAIN, &files);
	if (qemu_start(&q, args, lab->folder, lab->signal_fd, lab->shared_fd, state_fd, NULL))
		die(EXIT_USAGE, "cannot start " QEMU);
	event = lab->snapshot ? restore(&q, deadline) : qemu_wait(&q, deadline);
	if (o->out)
		store_console(lab, &q, o->out);
	if (event == QEMU_ENDED && WIFEXITED(q.wait_status) &&
	    WEXITSTATUS(q.wait_status) == LAB_EXIT_STATUS) {
		if (o->out)
			store_fingerprint(lab, o->out);
		if (!results_store(lab->shared_fd, o->out, &wait_status))
			status = WIFEXITED(wait_status) ? WEXITSTATUS(wait_status)
							: 128 + WTERMSIG(wait_status);
	} else {
		report_failure(&q, event, "COMMAND did not end", lab->timeout_ns);
	}
	qemu_end(&q);
	machine_free_args(args);
	return status;
}

int main(int argc, char **argv)
{
	static const struct argp argp = { option_table, parse_option, "COMMAND [ARG…]", doc, NULL, NULL,
					  NULL };
	struct options o = { .nodes = 1, .cpus = 1, .memory = 4UL << 30, .timeout_s = 300 };
	struct lab lab = { 0 };
	char *root, *build, *cwd, *program;
	int status;

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &o);
	root = find_folder("CLAIMPERF_ROOT", "../..");
	build = find_folder("CLAIMPERF_BUILD", "..");
	cwd = must_real_path(o.chdir ? o.chdir : ".");
	program = find_program(o.command[0], cwd);
	if (o.out && make_folders(o.out))
		die(EXIT_USAGE, "%s: cannot make this folder", o.out);

	lab.signal_fd = qemu_block_signals();
	lab.shared_fd = memfd_create("lab", MFD_CLOEXEC);
	if (lab.signal_fd < 0 || lab.shared_fd < 0 || ftruncate(lab.shared_fd, LAB_SHARED_BYTES))
		die(EXIT_USAGE, "cannot set up: %s", strerror(errno));
	lab.folder = format("%s/lab", build);
	lab.timeout_ns = o.timeout_s * 1000000000;
	lab.boot_timeout_ns = (o.timeout_s < BOOT_TIMEOUT_S ? o.timeout_s : BOOT_TIMEOUT_S) * 1000000000;
	o.image = o.image ? must_real_path(o.image)
			  : build_image(root, o.variant ? o.variant : "claims");
	lab.machine = (struct machine){ o.image, o.nodes, o.cpus, o.memory, !o.parallel };
	read_image_sha(&lab);
	fetch_kernel(root, lab.folder);
	make_initrd(&lab, &o, program, build);
	status = EXIT_USAGE;
	if (o.parallel || !snapshot_ensure(&lab)) {
		write_job(&lab, cwd, program, o.command, o.command_words);
		status = run(&lab, &o, build);
	}
	if (qemu_last_signal()) { /* die of it, as a shell expects */
		sigset_t none;

		signal(qemu_last_signal(), SIG_DFL);
		raise(qemu_last_signal());
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
	}
	return status;
}
