// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes a small trace for each thing that can be wrong with one, or only looks so, into a
 * directory. They are kept in tests/data/traces, with what is to come of them; see
 * tests/trace-anomalies.sh.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/msg.h"
#include "tests/unit/trace_records.h"

/* Of Xen's scheduler, without a time stamp in some of our samples. */
#define FOREIGN 0x0002f001u

static struct trace_bytes t;

static void put_hold(uint64_t tsc, uint32_t hold)
{
	PUT(&t, tsc, heap_section, .domid = 1, .site = HEAP_SITE_ALLOC, .wait = 20, .hold = hold);
}

/* A window with so many sections, 1000 cycles apart. */
static void put_window(uint32_t cpu, uint64_t tsc, unsigned int count)
{
	open_window(&t, cpu);
	while (count--) {
		put_hold(tsc, 400);
		tsc += 1000;
	}
}

static void make_lost(void)
{
	put_window(0, 1000, 2);
	open_window(&t, 0);
	put_record(&t, TRACE_EVENT_LOST, 9000, 4, 7, 0, 3000, 0);
	put_hold(9100, 300);
	put_window(1, 1500, 1);
}

/* A record that does not fit before the end of the buffer: padding with and without a time stamp.
 */
static void make_wrapped(void)
{
	put_window(0, 1000, 1);
	put_record(&t, TRACE_EVENT_WRAP, 0, 5, 0, 0, 0, 0, 0);
	put_hold(2000, 300);
	put_record(&t, TRACE_EVENT_WRAP, 12, 7, 0, 0, 0, 0, 0, 0, 0);
	put_hold(3000, 300);
}

static void make_unplugged(void)
{
	unsigned int round;

	for (round = 0; round < 6; round++) {
		put_window(0, 10000 * round + 1000, 2);
		if (round != 2 && round != 3)
			put_window(1, 10000 * round + 1500, 2);
	}
}

/* The buffer of a CPU that is read late: its records are the oldest. */
static void make_late(void)
{
	put_window(0, 10000, 2);
	put_window(0, 20000, 2);
	put_window(5, 500, 3);
}

static void make_untimed(void)
{
	open_window(&t, 0);
	put_record(&t, FOREIGN, 0, 1, 1);
	put_hold(1000, 400);
	put_record(&t, FOREIGN, 0, 1, 2);
	open_window(&t, 0);
	put_record(&t, FOREIGN, 0, 1, 3);
	put_hold(5000, 400);
	put_window(1, 2000, 2);
}

static void make_unknown(void)
{
	put_window(0, 1000, 1);
	put_record(&t, FOREIGN, 2000, 7, 1, 2, 3, 4, 5, 6, 7);
	put_record(&t, TRC_MEM + 0xfff, 2100, 0);
	put_record(&t, TRC_domctl_retry, 2200, 3, 1, 2, 3); /* has one word */
	put_record(&t, 0x08001001, 2300, 1, 0xffffffff);
	put_hold(3000, 400);
}

static void make_garbage_between(void)
{
	put_window(0, 1000, 2);
	put_word(&t, 0x21737572);
	put_word(&t, 0x62627572);
	put_word(&t, TRACE_EVENT_CPU_CHANGE | 2u << 28); /* as if a window began, of CPU 2^31 */
	put_word(&t, 1u << 31);
	put_window(1, 1500, 2);
}

static void make_garbage_inside(void)
{
	unsigned int i;

	put_window(0, 1000, 3);
	for (i = 0; i < 10; i++)
		put_word(&t, 0xffffffff);
	for (i = 0; i < 6; i++)
		put_hold(20000 + 1000 * i, 400);
	put_window(1, 1500, 2);
}

static void make_time_back(void)
{
	put_window(0, 5000, 2);
	put_hold(2000, 400);
	put_hold(3000, 400);
	put_hold(9000, 400);
	put_window(1, 1500, 9);
}

static void make_time_jump(void)
{
	put_window(0, 5000, 2);
	put_hold(1ull << 45, 400);
	put_hold(8000, 400);
	put_window(1, 5500, 4);
}

static void make_cut_in_record(void)
{
	put_window(0, 1000, 3);
	t.count -= 2;
}

static void make_cut_in_header(void)
{
	put_window(0, 1000, 3);
	open_window(&t, 1);
	t.count -= 1;
}

/* xentrace was killed while it wrote, and another one went on with the file. */
static void make_cut_and_continued(void)
{
	put_window(0, 1000, 5);
	t.count -= 9;
	put_window(0, 9000, 2);
	put_window(1, 9500, 2);
}

static void make_marker_words(void)
{
	put_window(0, 1000, 1);
	put_record(&t, TRACE_EVENT_LOST, 1500, 2, 7, 0);
	put_hold(2000, 400);
}

/* Two CPUs take turns at heap_lock; the clock of CPU 1 is ahead, and runs so much faster. */
static void put_turns(uint64_t ahead, unsigned int percent)
{
	uint64_t now[2][60], time = 1000000, seed = 1;
	unsigned int i;

	for (i = 0; i < 120; i++) {
		seed = seed * 6364136223846793005ull + 1442695040888963407ull;
		time += 460 + (seed >> 33) % 300;
		now[i % 2][i / 2] =
			i % 2 ? ahead + 1000000 + (time - 1000000) * percent / 100 : time;
	}
	for (i = 0; i < 2; i++) {
		open_window(&t, i);
		for (unsigned int k = 0; k < 60; k++)
			put_hold(now[i][k], 400);
	}
}

static void make_skewed(void)
{
	put_turns(5000, 100);
}

static void make_skew_refused(void)
{
	put_turns(0, 170);
}

static void make_empty(void)
{
}

static const struct sample {
	const char *name;
	void (*make)(void);
} samples[] = {
	{"lost", make_lost},
	{"wrapped", make_wrapped},
	{"unplugged", make_unplugged},
	{"late", make_late},
	{"untimed", make_untimed},
	{"unknown", make_unknown},
	{"garbage-between", make_garbage_between},
	{"garbage-inside", make_garbage_inside},
	{"time-back", make_time_back},
	{"time-jump", make_time_jump},
	{"cut-in-record", make_cut_in_record},
	{"cut-in-header", make_cut_in_header},
	{"cut-and-continued", make_cut_and_continued},
	{"marker-words", make_marker_words},
	{"skewed", make_skewed},
	{"skew-refused", make_skew_refused},
	{"empty", make_empty},
};

static void write_sample(const char *dir, const struct sample *sample)
{
	char path[4096];
	FILE *f;

	memset(&t, 0, sizeof(t));
	sample->make();
	snprintf(path, sizeof(path), "%s/%s.xen", dir, sample->name);
	f = fopen(path, "w");
	if (!f || fwrite(t.words, 1, bytes_of(&t), f) != bytes_of(&t) || fclose(f))
		die(EXIT_USAGE, "%s: %s", path, strerror(errno));
}

int main(int argc, char **argv)
{
	unsigned int i;

	if (argc != 2)
		die(EXIT_USAGE, "Usage: trace-samples DIRECTORY");
	for (i = 0; i < sizeof(samples) / sizeof(samples[0]); i++)
		write_sample(argv[1], &samples[i]);
	return 0;
}
