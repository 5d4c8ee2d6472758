// SPDX-License-Identifier: GPL-2.0-only
/*
 * Preloaded into QEMU in exact mode: its main thread and its virtual CPUs take turns.
 *
 * While all virtual CPUs are idle, QEMU's main thread moves the clock on to the next timer. It asks
 * whether they are without stopping them, so on a busy host it may do so when they have halted but
 * not yet accounted for their last instructions: then the clock depends on the host. Here the main
 * thread, back from poll(), waits until the thread of the virtual CPUs sleeps, which it does when
 * all of them are idle or stopped. It is the only thread but the main one to sleep while it holds
 * QEMU's global lock.
 *
 * A virtual CPU that stopped itself counts as idle too, and whether the clock moves on once more
 * before the machine stands still depends on the host as well. So stop the machine first.
 */
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static int (*real_wait)(pthread_cond_t *cond, pthread_mutex_t *mutex);
static int (*real_broadcast)(pthread_cond_t *cond);
static int (*real_ppoll)(struct pollfd *fds, nfds_t n, const struct timespec *timeout,
			 const sigset_t *mask);

/* Functions of QEMU, which exports them for its modules; some have other names since 9.0. */
static bool (*holds_global_lock)(void);
static void (*take_global_lock)(const char *file, int line);
static void (*drop_global_lock)(void);
static void *(*cpu_of_index)(int index);
static bool (*cpu_is_stopped)(void *cpu);
static bool (*machine_runs)(void);
static int (*stop_machine)(int run_state);
#define RUN_STATE_PAUSED 4

static pthread_t main_thread;
static atomic_int running; /* the virtual CPUs have the turn */
static pthread_cond_t *_Atomic sleeps_on;

static void *find(const char *name, const char *other)
{
	void *at = dlsym(RTLD_DEFAULT, name);

	if (!at && other)
		at = dlsym(RTLD_DEFAULT, other);
	if (!at) {
		fprintf(stderr, "turns: this QEMU has no %s\n", name);
		_exit(127);
	}
	return at;
}

static void __attribute__((constructor)) set_up(void)
{
	real_wait = dlvsym(RTLD_NEXT, "pthread_cond_wait", "GLIBC_2.3.2");
	real_broadcast = dlvsym(RTLD_NEXT, "pthread_cond_broadcast", "GLIBC_2.3.2");
	real_ppoll = dlvsym(RTLD_NEXT, "ppoll", "GLIBC_2.4");
	stop_machine = dlsym(RTLD_DEFAULT, "vm_stop");
	if (!stop_machine) /* a script that starts QEMU */
		return;
	unsetenv("LD_PRELOAD"); /* what QEMU starts is not meant */
	main_thread = pthread_self();
	holds_global_lock = find("qemu_mutex_iothread_locked", "bql_locked");
	take_global_lock = find("qemu_mutex_lock_iothread_impl", "bql_lock_impl");
	drop_global_lock = find("qemu_mutex_unlock_iothread", "bql_unlock");
	cpu_of_index = find("qemu_get_cpu", NULL);
	cpu_is_stopped = find("cpu_is_stopped", NULL);
	machine_runs = find("runstate_is_running", NULL);
}

static bool in_main_thread(void)
{
	return pthread_equal(pthread_self(), main_thread);
}

int pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex)
{
	if (stop_machine && !in_main_thread() && holds_global_lock()) {
		atomic_store(&sleeps_on, cond);
		atomic_store(&running, 0);
		syscall(SYS_futex, &running, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
	}
	return real_wait(cond, mutex);
}

int pthread_cond_broadcast(pthread_cond_t *cond)
{
	if (cond == atomic_load(&sleeps_on))
		atomic_store(&running, 1);
	return real_broadcast(cond);
}

/* Stop all of the machine if one of its virtual CPUs has stopped. */
static void stop_with_cpu(void)
{
	void *cpu;
	int i;

	take_global_lock(__FILE__, __LINE__);
	for (i = 0; machine_runs() && (cpu = cpu_of_index(i)); i++)
		if (cpu_is_stopped(cpu))
			stop_machine(RUN_STATE_PAUSED);
	drop_global_lock();
}

int ppoll(struct pollfd *fds, nfds_t n, const struct timespec *timeout, const sigset_t *mask)
{
	int ready = real_ppoll(fds, n, timeout, mask), error = errno;

	/* With the lock it is not in its loop, and nobody else gets anywhere. */
	if (stop_machine && in_main_thread() && !holds_global_lock()) {
		while (atomic_load(&running))
			syscall(SYS_futex, &running, FUTEX_WAIT_PRIVATE, 1, NULL, NULL, 0);
		stop_with_cpu();
	}
	errno = error;
	return ready;
}
