// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guard does its duty however its worker ends; the lock keeps runs apart and what they change.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "bench/guard.h"
#include "bench/run_lock.h"

#define PATIENCE_MS 5000
#define WAIT_MS 1000

/* What happens in other processes, in memory that they share. */
struct shared {
	pid_t guard;
	int prepared, performed;
};
static struct shared *shared;

static int prepare(void *data)
{
	(void)data;
	__atomic_add_fetch(&shared->prepared, 1, __ATOMIC_SEQ_CST);
	return 0;
}

static int perform(void *data)
{
	__atomic_add_fetch(&shared->performed, 1, __ATOMIC_SEQ_CST);
	return *(int *)data;
}

static int refuse(void *data)
{
	(void)data;
	return -ENODEV;
}

static int answer;
static const struct guard_duty duty = {prepare, perform, &answer};

static int setup(void **state)
{
	(void)state;
	*shared = (struct shared){0};
	answer = 0;
	return 0;
}

static bool performed_in_time(void)
{
	for (int ms = 0; ms < PATIENCE_MS; ms++) {
		if (__atomic_load_n(&shared->performed, __ATOMIC_SEQ_CST))
			return true;
		usleep(1000);
	}
	return false;
}

/* A worker with a guard that waits to be ended. */
static pid_t start_worker(void)
{
	pid_t worker = fork();
	struct guard g;

	if (!worker) {
		alarm(PATIENCE_MS / 1000); /* a test that fails leaves it */
		if (guard_start(&g, &duty))
			_exit(1);
		__atomic_store_n(&shared->guard, g.pid, __ATOMIC_SEQ_CST);
		for (;;)
			pause();
	}
	for (int ms = 0; ms < PATIENCE_MS && !__atomic_load_n(&shared->guard, __ATOMIC_SEQ_CST); ms++)
		usleep(1000);
	assert_true(shared->guard > 0);
	return worker;
}

static void check_killed(int number)
{
	pid_t worker = start_worker();

	assert_int_equal(shared->performed, 0);
	kill(worker, number);
	assert_true(performed_in_time());
	waitpid(worker, NULL, 0);
}

static void test_worker_killed(void **state)
{
	(void)state;
	check_killed(SIGKILL);
}

static void test_worker_crashes(void **state)
{
	(void)state;
	check_killed(SIGABRT);
}

/* What ends a terminal's programs must not end the guard before the worker. */
static void test_guard_ignores(void **state)
{
	static const int asked[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
	pid_t worker = start_worker();

	(void)state;
	for (size_t i = 0; i < sizeof(asked) / sizeof(*asked); i++)
		kill(shared->guard, asked[i]);
	usleep(20000);
	assert_int_equal(kill(shared->guard, 0), 0);
	assert_int_equal(shared->performed, 0);
	assert_true(getsid(shared->guard) == shared->guard);
	kill(worker, SIGKILL);
	assert_true(performed_in_time());
	waitpid(worker, NULL, 0);
}

/* A program that the worker left behind does not keep the guard from its duty. */
static void test_child_left(void **state)
{
	pid_t worker, child;
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	worker = fork();
	if (!worker) {
		struct guard g;

		if (guard_start(&g, &duty))
			_exit(1);
		child = fork();
		if (!child) {
			execlp("sleep", "sleep", "60", NULL);
			_exit(127);
		}
		usleep(50000);
		_exit(write(fds[1], &child, sizeof(child)) != sizeof(child));
	}
	assert_int_equal(read(fds[0], &child, sizeof(child)), sizeof(child));
	assert_true(performed_in_time());
	assert_int_equal(kill(child, SIGKILL), 0);
	waitpid(worker, NULL, 0);
	close(fds[0]);
	close(fds[1]);
}

static void test_end(void **state)
{
	struct guard g;

	(void)state;
	assert_int_equal(guard_start(&g, &duty), 0);
	assert_true(guard_lives(&g));
	assert_int_equal(guard_end(&g), 0);
	assert_int_equal(shared->performed, 1);
	assert_false(guard_lives(&g));
	assert_int_equal(guard_end(&g), -ESRCH);

	answer = -EBUSY;
	assert_int_equal(guard_start(&g, &duty), 0);
	assert_int_equal(guard_end(&g), -EBUSY);
}

/* Its death is noticed, and another can take its place. */
static void test_guard_killed(void **state)
{
	struct guard g;

	(void)state;
	assert_int_equal(guard_start(&g, &duty), 0);
	kill(g.pid, SIGKILL);
	for (int ms = 0; ms < PATIENCE_MS && guard_lives(&g); ms++)
		usleep(1000);
	assert_false(guard_lives(&g));
	assert_int_equal(guard_start(&g, &duty), 0);
	assert_true(guard_lives(&g));
	kill(g.pid, SIGKILL);
	assert_int_equal(guard_end(&g), -ESRCH);
	assert_int_equal(shared->performed, 0);
	assert_int_equal(shared->prepared, 2);
}

static void test_cannot_guard(void **state)
{
	static const struct guard_duty bad = {refuse, perform, &answer};
	struct guard g;

	(void)state;
	assert_int_equal(guard_start(&g, &bad), -ENODEV);
	assert_false(guard_lives(&g));
	assert_int_equal(shared->performed, 0);
}

static char path[] = "/tmp/claimperf-lock-XXXXXX";

static const struct run_state a_state = {
	.worker = 4711, .pinned = true, .vcpu = 3, .affinity = "0f00", .tracing = true,
};

static void test_state(void **state)
{
	struct run_state back;
	pid_t worker;
	int fd;

	(void)state;
	assert_int_equal(run_lock_take(path, WAIT_MS, &fd, &worker), 0);
	assert_int_equal(run_lock_read(fd, &back), -ENOENT);
	assert_int_equal(run_lock_write(fd, &a_state), 0);
	assert_int_equal(run_lock_read(fd, &back), 0);
	assert_int_equal(back.worker, 4711);
	assert_true(back.pinned && back.tracing && back.vcpu == 3);
	assert_string_equal(back.affinity, "0f00");
	close(fd);
	/* It is still there after all processes of the run. */
	assert_int_equal(run_lock_take(path, WAIT_MS, &fd, &worker), 0);
	assert_int_equal(run_lock_read(fd, &back), 0);
	assert_int_equal(run_lock_clear(fd), 0);
	assert_int_equal(run_lock_read(fd, &back), -ENOENT);
	assert_int_equal(pwrite(fd, "{\"worker\": -1}", 14, 0), 14);
	assert_int_equal(run_lock_read(fd, &back), -EINVAL);
	assert_int_equal(pwrite(fd, "garbage", 7, 0), 7);
	assert_int_equal(run_lock_read(fd, &back), -EINVAL);
	run_lock_clear(fd);
	close(fd);
}

/* The guard of a worker that was killed still cleans up: who comes waits for it. */
static void test_lock_waits_for_guard(void **state)
{
	pid_t holder = fork(), worker;
	int fd;

	(void)state;
	if (!holder) {
		if (run_lock_take(path, WAIT_MS, &fd, &worker) || run_lock_write(fd, &a_state))
			_exit(1);
		shared->prepared = 1;
		usleep(200000);
		run_lock_clear(fd);
		_exit(0);
	}
	for (int ms = 0; ms < PATIENCE_MS && !__atomic_load_n(&shared->prepared, __ATOMIC_SEQ_CST); ms++)
		usleep(1000);
	assert_int_equal(run_lock_take(path, WAIT_MS, &fd, &worker), 0);
	close(fd);
	waitpid(holder, NULL, 0);
}

static void test_lock_held(void **state)
{
	bool unrestored;
	pid_t worker;
	int held, fd;

	(void)state;
	assert_int_equal(run_lock_look("/tmp/claimperf-no-such-lock", &worker, &unrestored), 0);
	assert_false(unrestored);
	assert_int_equal(run_lock_take(path, WAIT_MS, &held, &worker), 0);
	assert_int_equal(run_lock_write(held, &a_state), 0);
	assert_int_equal(run_lock_take(path, WAIT_MS, &fd, &worker), -EBUSY);
	assert_int_equal(worker, 4711);
	assert_int_equal(run_lock_look(path, &worker, &unrestored), -EBUSY);
	close(held);
	assert_int_equal(run_lock_look(path, &worker, &unrestored), 0);
	assert_true(unrestored);
	assert_int_equal(run_lock_take("/tmp/claimperf-no-such/folder", WAIT_MS, &fd, &worker), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_worker_killed, setup),
		cmocka_unit_test_setup(test_worker_crashes, setup),
		cmocka_unit_test_setup(test_guard_ignores, setup),
		cmocka_unit_test_setup(test_child_left, setup),
		cmocka_unit_test_setup(test_end, setup),
		cmocka_unit_test_setup(test_guard_killed, setup),
		cmocka_unit_test_setup(test_cannot_guard, setup),
		cmocka_unit_test_setup(test_state, setup),
		cmocka_unit_test_setup(test_lock_waits_for_guard, setup),
		cmocka_unit_test_setup(test_lock_held, setup),
	};
	int failed, fd = mkstemp(path);

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (fd < 0 || shared == MAP_FAILED)
		return 2;
	close(fd);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return failed;
}
