# SPDX-License-Identifier: GPL-2.0-only
# Invented traces.
PROGS += trace-sample
trace-sample.src := tests/trace_sample.c lib/msg.c lib/parse.c
