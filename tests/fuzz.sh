#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout: 300
# Fuzz what reads trace files, for a minute or $FUZZ_SECONDS: first all of the kept corpus, then what grows from it.
# A finding is left in build/fuzz; make a test of it.
# FUZZ_KEEP=1 merges what was found to be new into the corpus, minimised.
set -euo pipefail

build=${CLAIMPERF_BUILD:-build}
fuzzer=$build/bin/fuzz-trace
corpus=tests/data/fuzz
work=$build/fuzz
seconds=${FUZZ_SECONDS:-60}

command -v clang >/dev/null || {
	echo "no clang: scripts/deps tests installs it"
	exit 77
}
make -s BUILD="$build" "$fuzzer"
rm -rf "$work/grown"
mkdir -p "$work/grown"

"$fuzzer" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -max_len=16384 -print_final_stats=1 \
	-dict=tests/fuzz/trace.dict -artifact_prefix="$work/" "$work/grown" $corpus >"$work/log" 2>&1 || {
	tail -n 40 "$work/log"
	echo "FAILED: see $work/log"
	exit 1
}
# A fuzzer that read nothing finds nothing.
runs=$(sed -n 's/^stat::number_of_executed_units: //p' "$work/log")
[ "${runs:-0}" -gt "$(find $corpus -type f | wc -l)" ] || {
	echo "FAILED: $runs runs"
	exit 1
}
if [ "${FUZZ_KEEP-}" = 1 ]; then
	mkdir -p "$work/kept"
	"$fuzzer" -merge=1 -max_len=1024 "$work/kept" $corpus "$work/grown" 2>"$work/merge.log"
	rm -rf $corpus
	mv "$work/kept" $corpus
fi
echo "$runs runs in $seconds s from $(find $corpus -type f | wc -l) files, no finding"
