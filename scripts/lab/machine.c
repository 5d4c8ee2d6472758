// SPDX-License-Identifier: GPL-2.0-only
#include "scripts/lab/machine.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/msg.h"
#include "scripts/lab/shared.h"

#define MAX_ARGS 128

#define XEN_ARGS 	"console=com1 com1=115200,8n1 loglvl=all guest_loglvl=all numa=on bootscrub=0 "        \
	"dom0_mem=384M,max:384M dom0_nodes=0,relaxed dom0_max_vcpus="
#define LINUX_ARGS "console=hvc0 loglevel=5 nokaslr rodata=off cryptomgr.notests init_on_alloc=0 swiotlb=4096 rdinit=/init panic=-1"

const char *machine_qemu(void)
{
	const char *program = getenv("CLAIMPERF_QEMU");

	return program && *program ? program : QEMU;
}

struct args {
	char *list[MAX_ARGS];
	unsigned int count;
};

static void add(struct args *args, char *text)
{
	if (args->count == MAX_ARGS - 1)
		die(EXIT_USAGE, "too many arguments for %s", machine_qemu());
	args->list[args->count++] = text;
}

static void add_words(struct args *args, const char *words)
{
	char *copy = format("%s", words), *save, *word;

	for (word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save))
		add(args, format("%s", word));
	free(copy);
}

static void add_option(struct args *args, const char *option, char *value)
{
	add(args, format("%s", option));
	add(args, value);
}


static void add_nodes(struct args *args, const struct machine *m, enum machine_use use,
		      const char *prefix)
{
	uint64_t each = m->memory / m->nodes & ~((2ULL << 20) - 1);
	unsigned int i;

	for (i = 0; i < m->nodes; i++) {
		uint64_t size = i ? each : m->memory - each * (m->nodes - 1);

		if (use == MACHINE_PLAIN)
			add_option(args, "-object",
				   format("memory-backend-ram,id=ram%u,size=%" PRIu64, i, size));
		else
			add_option(args, "-object",
				   format("memory-backend-file,id=ram%u,size=%" PRIu64
					  ",mem-path=%s%u,share=%s",
					  i, size, prefix, i, use == MACHINE_SAVE ? "on" : "off"));
		add_option(args, "-numa", format("node,nodeid=%u,memdev=ram%u", i, i));
	}
	for (i = 0; i < m->cpus; i++)
		add_option(args, "-numa", format("cpu,node-id=%u,socket-id=%u", i % m->nodes, i));
}

static void add_machine(struct args *args, const struct machine *m, enum machine_use use,
			const char *turns)
{
	if (m->exact) {
		add_words(args, "env");
		add(args, format("LD_PRELOAD=%s", turns));
	}
	add(args, format("%s", machine_qemu()));
	add_words(args, "-nodefaults -no-user-config -global serial.baudbase=100000000 -display none -no-reboot -M q35");
	add_words(args, "-cpu qemu64,+npt -action panic=pause");
	add_option(args, "-m", format("%" PRIu64 "M", m->memory >> 20));
	add_option(args, "-smp", format("%u,sockets=%u,cores=1,threads=1", m->cpus, m->cpus));
	if (m->exact)
		add_words(args, "-accel tcg,thread=single -seed 42 -rtc base=2026-01-01T00:00:00,clock=vm");
	if (m->exact)
		add_option(args, "-icount",
			   format("shift=%d,sleep=off", use == MACHINE_SAVE ? BOOT_SHIFT : 0));
	else
		add_words(args, "-accel tcg,thread=multi -rtc base=utc,clock=host");
}

static void add_devices(struct args *args)
{
	add_words(args, "-device pvpanic -device isa-debug-exit,iobase=0xf4,iosize=4");
	add_option(args, "-object",
		   format("memory-backend-file,id=shared,size=%lu,mem-path=/proc/self/fd/%d,share=on",
			  LAB_SHARED_BYTES, FD_SHARED));
	add_words(args, "-device ivshmem-plain,memdev=shared,master=on");
	add_words(args, "-fsdev local,id=host,path=/,security_model=none,readonly=on,"
			"multidevs=remap -device virtio-9p-pci,fsdev=host,mount_tag=host");
}

char **machine_args(const struct machine *m, enum machine_use use, const struct machine_files *files)
{
	struct args args = { 0 };
	char *const *plugin;
	char **list;

	add_machine(&args, m, use, files->turns);
	add_nodes(&args, m, use, files->memory);
	add_devices(&args);
	add_words(&args, "-serial stdio -mon chardev=qmp,mode=control");
	add_option(&args, "-chardev", format("socket,id=qmp,fd=%d", FD_QMP));
	add_option(&args, "-kernel", format("%s", m->image));
	if (use != MACHINE_RESTORE) /* then all of it is in the guest's memory */
		add_option(&args, "-initrd",
			   format("kernel/vmlinux " LINUX_ARGS ",%s", files->initrd));
	add_option(&args, "-append", format(XEN_ARGS "%u", m->cpus));
	if (use == MACHINE_RESTORE)
		add_words(&args, "-incoming defer");
	for (plugin = files->plugins; plugin && *plugin; plugin++)
		add_option(&args, "-plugin", format("%s", *plugin));
	list = malloc((args.count + 1) * sizeof(*list));
	if (!list)
		die(EXIT_USAGE, "out of memory");
	args.list[args.count] = NULL;
	return memcpy(list, args.list, (args.count + 1) * sizeof(*list));
}

void machine_free_args(char **args)
{
	char **arg;

	for (arg = args; *arg; arg++)
		free(*arg);
	free(args);
}

void machine_describe(const struct machine *m, struct buffer *text)
{
	struct machine same = *m;
	struct machine_files files = { .initrd = "", .memory = "", .turns = "" };
	char **args, **arg;

	same.image = "";
	args = machine_args(&same, MACHINE_SAVE, &files);
	for (arg = args; *arg; arg++)
		buffer_printf(text, "%s\n", *arg);
	machine_free_args(args);
}
