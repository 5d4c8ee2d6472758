// SPDX-License-Identifier: GPL-2.0-only
/*
 * Three months of nights that nobody measured: what claimperf nightly --replay reads, for each of
 * them, in DIR/DATE. A step of 2 % in the times of one case, some instructions in another, a
 * compiler, a host that gets slower …: tests/nightly.sh says what is to be told of them.
 */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "lib/msg.h"
#include "lib/parse.h"
#include "tests/statistics/noise.h"

#define NIGHTS 100
#define PAIRS 8
#define ROUNDS 6
#define BOOT_SD 0.0025	/* of a boot, as a share */
#define NIGHT_SD 0.002	/* of a night, in tonight's against the reference */
#define HOST_SD 0.01	/* of a night, in all that the host does */
#define FIRST_DAY 20454 /* 2026-01-01, in days since 1970 */

/* What happens, by number of the night from 0. */
enum {
	AA_DIFFERS = 20,
	TIMES_STEP = 35,   /* of times[0], for good */
	COUNTS_STEP = 45,  /* of counts[0] */
	TIMES_FALL = 52,   /* of times[1] */
	COUNTS_FALL = 58,  /* of counts[1] */
	HOST_SLOWER = 65,  /* nothing but times tells it */
	NEW_COMPILER = 72, /* all counts move, each side otherwise */
	OUTLIER = 85,	   /* of times[0], one night */
	NOTE = 86,	   /* one instruction of counts[1] */
	INEXACT = 90,	   /* counts[0], one night */
	NEW_REFERENCE = 94,
	LOST = 96,   /* counts[1], one night */
	GLITCH = 97, /* counts[1], one night; measured once more it is what it was */
};

struct simulation {
	uint64_t seed;
	int night;
	bool again;
	char date[11];
};

static const char *const times[] = {"populate/order:9/node:any/claim:none",
				    "free/order:9/batch:4/claim:none"};
static const double times_ns[] = {1700, 1300};
static const char *const counts[] = {"populate/order:0/node:any/claim:none",
				     "claim/install/entries:1"};

static double step(bool since, double size)
{
	return since ? log1p(size) : 0;
}

/* ln of what tonight's takes more than the reference. */
static double effect(const struct simulation *s, size_t metric)
{
	if (metric)
		return 0.05 + step(s->night >= TIMES_FALL, -0.03);
	return 0.01 + step(s->night >= TIMES_STEP, 0.02) +
	       step(s->night == OUTLIER && !s->again, 0.1);
}

static void write_arm(struct simulation *s, FILE *out, const char *arm, double level)
{
	fprintf(out, ", \"%s\": [", arm);
	for (int pair = 0; pair < PAIRS; pair++) {
		double boot = level + noise(&s->seed, BOOT_SD);

		for (int round = 0; round < ROUNDS; round++)
			fprintf(out, "%s%.4f",
				round  ? ", "
				: pair ? "], ["
				       : "[",
				exp(boot + noise(&s->seed, 0.001)));
	}
	fputs("]]", out);
}

static void write_metric(struct simulation *s, FILE *out, size_t i)
{
	double host =
		log(times_ns[i]) + step(s->night >= HOST_SLOWER, 0.2) + noise(&s->seed, HOST_SD);

	fprintf(out, "%s{\"name\": \"%s\", \"unit\": \"ns\", \"per\": \"extent\"", i ? ",\n" : "",
		times[i]);
	write_arm(s, out, "before", host);
	write_arm(s, out, "after", host + effect(s, i) + noise(&s->seed, NIGHT_SD));
	write_arm(s, out, "aa_before", host);
	write_arm(s, out, "aa_after", host + step(s->night == AA_DIFFERS && i, 0.04));
	putc('}', out);
}

/* claimperf itself is another one every week. */
static void write_fingerprint(const struct simulation *s, FILE *out, bool tonight)
{
	fprintf(out,
		"{\"suite\": \"week%d\", \"target\": \"host\", \"nodes\": 1, \"hypervisor\": "
		"{\"variant\": \"%s\", \"patches_sha256\": \"%d\", \"compiler\": \"gcc 12.%d\", "
		"\"key\": \"%d\"}}",
		s->night / 7, tonight ? "claims" : "baseline",
		tonight ? s->night : s->night >= NEW_REFERENCE, s->night >= NEW_COMPILER, s->night);
}

static FILE *create(const struct simulation *s, const char *folder, const char *name)
{
	char path[4096];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s/%s%s", folder, s->date, s->again ? "again/" : "", name);
	for (char *slash = path; (slash = strchr(slash + 1, '/'));) {
		*slash = '\0';
		mkdir(path, 0777);
		*slash = '/';
	}
	out = fopen(path, "w");
	if (!out)
		die(EXIT_USAGE, "cannot write %s", path);
	return out;
}

static void write_study(struct simulation *s, const char *folder)
{
	FILE *out = create(s, folder, "ab/study.json");

	fprintf(out, "{\"study\": 1, \"seed\": %d, \"date\": \"%sT02:00:00+00:00\", ", s->night + 1,
		s->date);
	fputs("\"order\": \"01101001\", \"aa\": {\"order\": \"10010110\"},\n"
	      "\"before\": {\"fingerprint\": ",
	      out);
	write_fingerprint(s, out, false);
	fputs("}, \"after\": {\"fingerprint\": ", out);
	write_fingerprint(s, out, true);
	fputs("},\n\"metrics\": [", out);
	for (size_t i = 0; i < 2; i++)
		write_metric(s, out, i);
	fputs("]}\n", out);
	fclose(out);
}

/* Instructions of a hundred operations. */
static int count_of(const struct simulation *s, size_t i, bool tonight)
{
	int count = i ? 150000 : 81600;

	if (tonight)
		count += i ? -1000 * (s->night >= COUNTS_FALL) + 100 * (s->night >= NOTE)
			   : 500 + 200 * (s->night >= COUNTS_STEP);
	if (s->night == GLITCH && tonight && i && !s->again)
		count += 5000;
	if (s->night >= NEW_COMPILER)
		count += tonight ? 900 : 400;
	return count;
}

static void write_count(const struct simulation *s, FILE *out, size_t i, bool tonight)
{
	int count = count_of(s, i, tonight);
	bool noisy = s->night == INEXACT && tonight && !i;

	fprintf(out,
		"{\"name\": \"%s\", \"claimperf\": {\"kind\": \"%s\", \"unit\": \"instructions\", "
		"\"per\": \"extent\", \"value\": %.2f, \"min_sample\": %d, \"ops\": 100, "
		"\"samples\": [%d, %d]}}",
		counts[i], noisy ? "noisy" : "exact", count / 100.0, count, count, count + 16);
}

static void write_counts(const struct simulation *s, const char *folder, bool tonight)
{
	FILE *out = create(s, folder, tonight ? "tonight.json" : "reference.json");

	fprintf(out, "{\"context\": {\"date\": \"%sT01:00:00+00:00\", \"claimperf\": ", s->date);
	write_fingerprint(s, out, tonight);
	fputs("},\n\"benchmarks\": [", out);
	write_count(s, out, 0, tonight);
	fputs(",\n", out);
	if (s->night == LOST && tonight)
		fprintf(out,
			"{\"name\": \"%s\", \"error_occurred\": true, \"error_message\": "
			"\"it leaks\", \"claimperf\": {\"skipped\": false}}",
			counts[1]);
	else
		write_count(s, out, 1, tonight);
	fputs("]}\n", out);
	fclose(out);
}

int main(int argc, char **argv)
{
	struct simulation s = {0};
	uint64_t seed;

	if (argc != 3 || parse_u64(argv[2], 1, UINT32_MAX, &seed))
		die(EXIT_USAGE, "usage: nightly-replay DIR SEED");
	s.seed = seed;
	for (s.night = 0; s.night < NIGHTS; s.night++) {
		time_t day = (time_t)(FIRST_DAY + s.night) * 86400;
		struct tm tm;

		strftime(s.date, sizeof(s.date), "%Y-%m-%d", gmtime_r(&day, &tm));
		for (int again = 0; again < 2; again++) {
			s.again = again;
			write_study(&s, argv[1]);
			write_counts(&s, argv[1], false);
			write_counts(&s, argv[1], true);
		}
	}
	return 0;
}
