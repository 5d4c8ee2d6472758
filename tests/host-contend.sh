#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Threads on one heap: results of the right shape that compare reads, traces that match what was done,
# memory and claims that come back, nothing for the sanitizers to find. No time is judged.
# timeout: 240
set -euo pipefail
# shellcheck source=tests/common/shell.sh
. "$(dirname "$0")/common/shell.sh"

contend=$build/bin/claimperf-contend

# What the jq program $2 yields for each entry of "benchmarks" in file $1 must be true.
each() {
	jq -r --argjson cpus "$(nproc)" ".benchmarks as \$all | .benchmarks[] | select(($2) | not) | .name" "$1" >"$dir/not"
	[ ! -s "$dir/not" ] || { cat "$dir/not"; fail "$1: not $2"; }
}

# heap VARIANT [OPTION...]: its library and the options all runs have.
heap() { echo "--heap=$(scripts/host/build "$@") --memory=1G --out=$dir --json=result.json"; }

check_options() {
	local claims
	claims=$(heap claims)
	expect "cases of 2 threads" "$("$contend" --list --threads 2 | wc -l)" 16
	expect "numbers of threads" "$("$contend" --list --threads 6 | sed 's/.*threads://' | sort -nu | xargs)" "1 2 4 6"
	expect "cases beyond the CPUs, unasked for" "$("$contend" --list | awk -F'threads:' -v cpus="$(nproc)" \
		'{ if ($2 + ($0 ~ /installer:yes/) > cpus) n++ } END { print n + 0 }')" 0
	refused "--threads 0" "$contend" --threads 0
	refused "--threads 64" "$contend" --threads 64
	refused "--limit x" "$contend" --limit x
	refused "--trace-bytes 5G" "$contend" --trace-bytes 5G
	refused "--heap is missing" "$contend"
	refused "no case has such a name" "$contend" --filter nothing
	# shellcheck disable=SC2086 # options are words
	{
		refused "no case has such a name" "$contend" ${claims% --json=*} --benchmark_filter=nothing
		"$contend" $claims --benchmark_filter=nothing >/dev/null 2>&1 || fail "left out by an option: status $?"
		expect "cases left" "$(jq '.benchmarks | length' "$dir/result.json")" 0
		refused "benchmark_nonsense" "$contend" $claims --benchmark_nonsense=1
	}
	refused "--threads" scripts/claimperf bench --target lab --threads 2
	refused "--threads many" scripts/claimperf bench --target host --threads many
	refused "no case has such a name" scripts/claimperf bench --target host --threads 2 --filter nothing
}

# Each pair makes four records, as it takes two locks to allocate and to free. Each claim call makes five
# (a section of either lock, the call as a whole, what host and node have), and one for each claim that it
# installs or ends: a legacy claim, as every other call cancels it; sets replace each other.
traced() {
	local each_call=7
	[ "$1" = claims+trace ] || each_call=6
	echo ".claimperf | .trace != null and .trace.anomalies == 0 and
		(.trace.records + .trace.lost - 4 * .trace.pairs - $each_call * .trace.installs | fabs <= 4)"
}

# bench VARIANT OPTION...: a result of single pages in two threads.
bench() {
	local variant=$1
	shift
	timeout 100 scripts/claimperf bench --target host --variant "$variant" --memory 1G --threads 2 --once \
		--filter '^contend/order:0' --out "$dir/$variant.json" "$@" >"$dir/log" 2>&1 ||
		{ cat "$dir/log"; fail "$variant: bench --threads"; }
}

by_median='.claimperf | (.samples | sort | (.[(length - 1) / 2 | floor] + .[length / 2 | floor]) / 2) as $median |
	.throughput * $median / 1e9 / .ops - 1 | fabs < 1e-9'

check_result() {
	local file=$dir/$1.json raw
	bench "$1" --benchmark_repetitions=3
	expect "$1: cases" "$(jq '.benchmarks | length' "$file")" 8
	each "$file" '.name | test("^contend/order:0/domain:(own|shared)/installer:(yes|no)/threads:[12]$")'
	each "$file" '.claimperf | .kind == "noisy" and .unit == "ns" and .per == "pair" and (.samples | length) == 3'
	each "$file" '.claimperf | .min_sample == (.samples | min) and .ops > 0 and .ops % .threads == 0'
	each "$file" "$by_median"
	each "$file" '. as $c | $all[] | select(.name == ($c.name | sub("threads:.*"; "threads:1"))) |
		$c.claimperf.ideal / .claimperf.throughput / $c.threads - 1 | fabs < 1e-9'
	each "$file" '.claimperf | .oversubscribed == (.threads + (if .installer then 1 else 0 end) > $cpus)'
	each "$file" '.claimperf | if .installer then .installs | min > 0 else .installs == null end'
	jq -r '.benchmarks[].claimperf.raw' "$file" | while read -r raw; do
		expect "$raw: repetitions kept" "$(grep -c ' yes$' "$dir/$raw/runs.txt")" 3
	done
}

check_trace() {
	local file=$dir/$1.json
	bench "$1"
	each "$file" "$by_median" # of two
	each "$file" "$(traced "$1")"
	each "$file" '.claimperf.trace.lost == 0'
	expect "$1: cases without waits" "$(jq -c '[.benchmarks[].claimperf | select(.trace.waited == [] | not) |
		.trace.waited[0].behind[0].count > 0] | any' "$file")" true
	# Each pair waits for, and holds, the lock to allocate and to free; each claim call, once.
	each "$file" '.claimperf | .trace as $t | [("alloc", "free") as $site | ("wait", "hold") as $metric |
		[$t.metrics[] | select(.metric == $metric and .site == $site and .order == 0) | .count] | add] |
		unique == [$t.pairs]'
	each "$file" '.claimperf.trace | ([.metrics[] | select(.metric == "hold" and (.site | startswith("claim"))) |
		.count] | add // 0) as $sections | $sections == .installs'
	each "$file" '.claimperf | .installer == (.trace.installs > 0)'
	jq -r '.benchmarks[].claimperf.raw' "$file" | while read -r raw; do
		"$build/bin/claimperf-trace" summary "$dir/$raw/trace.xen" >/dev/null || fail "$raw: damaged trace"
	done
}

# Two threads on one CPU look at the clock after each pair, or a run has no end; others after 32.
check_crowd() {
	# shellcheck disable=SC2046 # options are words
	taskset -c 0 "$contend" $(heap claims) --threads 2 --limit 1 --filter 'order:0/domain:own/installer:no/threads:2' \
		--benchmark_repetitions=8 >"$dir/log" 2>&1 || { cat "$dir/log"; fail "two threads on one CPU"; }
		awk '$5 == "yes" && $2 < 2 * $1 {cut++} $5 == "yes" && $2 % 32 {odd++} END {exit !(cut && odd)}' "$dir"/contend_*.runs.txt ||
		{ cat "$dir"/contend_*.runs.txt; fail "runs end after so many pairs only"; }
	rm "$dir"/contend_*
}

# Buffers that are too small: what is lost is counted, said, and marked. With room for the pairs, the
# installer makes no more calls than there is room for.
check_losses() {
	# shellcheck disable=SC2046 # options are words
	"$contend" $(heap claims+trace) --threads 2 --once --trace-bytes 4000 --filter 'order:0.*threads:2' \
		>"$dir/log" 2>&1 || fail "a run with small buffers"
	each "$dir/result.json" "$(traced claims+trace)"
	each "$dir/result.json" '.claimperf.trace | .lost > 0 and (.metrics | length) > 0 and (.metrics | all(.lossy))'
	grep -q 'trace records lost' "$dir/log" || fail "losses are not told"
	# shellcheck disable=SC2046 # options are words
	"$contend" $(heap claims+trace) --threads 1 --once --trace-bytes 1200K --filter 'order:0.*installer:yes' \
		>"$dir/log" 2>&1 || fail "installers with small buffers"
	each "$dir/result.json" '.claimperf.trace | .lost == 0 and .installs > 0'
}

# The allocator with one page too many gone from the free ones.
check_conservation() {
	local tree file=xen/common/page_alloc.c status=0
	tree=$(dirname "$(scripts/claimperf lab build claims)")/tree
	mkdir -p "$dir/a/xen/common" "$dir/b/xen/common"
	cp "$tree/$file" "$dir/a/$file"
	sed 's/^\( *\)total_avail_pages -= request;$/\1total_avail_pages -= request + 1;/' "$dir/a/$file" >"$dir/b/$file"
	(cd "$dir" && diff -u "a/$file" "b/$file") >"$dir/leak.patch" || true
	[ -s "$dir/leak.patch" ] || fail "no line to change in alloc_heap_pages()"
	# shellcheck disable=SC2046 # options are words
	"$contend" $(heap claims --patch "$dir/leak.patch") --once --filter 'order:0/domain:own/installer:no/threads:1' \
		>"$dir/log" 2>&1 || status=$?
	expect "status when pages are lost" $status 1
	each "$dir/result.json" '.error_occurred and (.error_message | test("pages free .* before$"))'
}

# sanitized PROGRAMS_DIR SANITIZERS VARIANT OPTION...
sanitized() {
	local programs=$build/host/$1 sanitize=$2 variant=$3
	shift 3
	make -s -j2 BUILD="$programs" SAN="$sanitize" "$programs/bin/claimperf-contend"
	# shellcheck disable=SC2046 # options are words
	timeout 100 "$programs/bin/claimperf-contend" $(heap "$variant" --sanitize "$sanitize") --once --limit 20 "$@" \
		>"$dir/log" 2>&1 || { grep -A 30 'Sanitizer\|runtime error' "$dir/log"; fail "$sanitize: $variant"; }
}

unset SAN
export TSAN_OPTIONS="halt_on_error=1 suppressions=$PWD/tests/model/tsan.supp"
make -s -j2 BUILD="$build" "$build"/bin/claimperf-{contend,trace,bench,dombench,compare}
check_options
check_crowd
check_result baseline
check_result claims
scripts/claimperf compare "$dir/baseline.json" "$dir/claims.json" >"$dir/log" || fail "compare"
expect "verdicts" "$(grep -c '^contend/.*INCONCLUSIVE' "$dir/log")" 8
check_trace claims+trace
check_trace baseline+trace
check_losses
check_conservation
sanitized contend-tsan thread claims --threads 3
sanitized contend-tsan thread claims+trace --threads 4 --filter 'installer:yes'
sanitized contend-asan address,undefined claims+trace --threads 2 --filter 'threads:2' --benchmark_filter=installer:no
echo "results, traces and sums are as expected; the sanitizers found nothing"
