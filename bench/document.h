/* SPDX-License-Identifier: GPL-2.0-only */
/* docs/benchmarks.md, made from the cases. */
#ifndef BENCH_DOCUMENT_H
#define BENCH_DOCUMENT_H

/* To stdout; 0 or -ENOMEM. */
int document_cases(void);

#endif
