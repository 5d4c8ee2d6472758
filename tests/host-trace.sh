#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Traces of the host target say what was done, thread by thread; what finds no room is counted and
# damages nothing; a heap without trace points says so.
# timeout: 120
set -euo pipefail
# shellcheck source=tests/common/shell.sh
. "$(dirname "$0")/common/shell.sh"

trace=$build/bin/claimperf-trace

# summary FILE JQ: what the decoder says of a trace, which must be intact.
summary() {
	"$trace" summary --json "$1" >"$dir/summary" 2>/dev/null || fail "$1: damaged"
	jq -r "$2" "$dir/summary"
}

count_of='def count(m): [.metrics[] | select(m) | .count] | add // 0; '

# What one pair records, in the order that it does: at least a section each way.
learn_pair() {
	"$build/bin/host-trace-job" "$1" 1048576 1 10 "$dir/t.xen" || fail "host-trace-job"
	per_pair=$(($(summary "$dir/t.xen" .records) / 10))
	names=$("$trace" dump --json "$dir/t.xen" | jq -r 'select(.type == "record") | .event + ":" + .site' |
		head -n $per_pair | xargs)
	case " $names " in
	*" heap_section:alloc "*"heap_section:free "*) ;;
	*) fail "a pair records '$names'" ;;
	esac
}

# Each thread has a window of its own, in which the records of its pairs follow each other, in
# that order, from the first on; then what was lost.
check_threads() {
	local heap=$1 threads=$2 pairs=$3 bytes=$4 made kept
	made=$((per_pair * pairs))
	"$build/bin/host-trace-job" "$heap" "$bytes" "$threads" "$pairs" "$dir/t.xen" || fail "host-trace-job"
	expect "records made" "$(summary "$dir/t.xen" '.records + .lost')" $((threads * made))
	# Of 24 bytes each: three words, of which none is zero.
	kept=$((bytes / 24 < made ? bytes / 24 : made))
	expect "records kept" "$(summary "$dir/t.xen" .records)" $((threads * kept))
	# By time over all threads: a window comes with its first record.
	"$trace" dump --json "$dir/t.xen" >"$dir/dump"
	expect "windows" "$(jq -c 'select(.type == "window") | .cpu' "$dir/dump" | sort -n | xargs)" \
		"$(seq -s ' ' "$threads")"
	jq -r '"\(.cpu) \(if .type == "record" then .event + ":" + .site else .type end)"' "$dir/dump" |
		awk -v names="$names" -v kept="$kept" -v lost=$((made - kept)) -v threads="$threads" '
		BEGIN { per_pair = split(names, name) }
		$2 == "window" { n[$1] = 0; next }
		$2 == "lost" { if (!lost || n[$1] != kept) exit bad = 1; next }
		$2 != name[n[$1]++ % per_pair + 1] { exit bad = 1 }
		END { for (cpu in n) { bad = bad || n[cpu] != kept; threads-- } exit bad || threads }' ||
		fail "$threads threads, $bytes bytes: records out of order"
}

# A case's trace is of all samples of the pass, and of nothing else.
check_cases() {
	local variant=$1 adjust=$2 raw=$dir/$1.d samples=2 extents=256 file
	scripts/claimperf bench --target host --variant "$variant" --memory 4G --once --filter "^[^c]|^claim" --measure time --trace \
		--out "$dir/$variant.json" >/dev/null 2>&1 || fail "$variant: bench --trace"
	for file in "$raw"/*/trace.xen; do
		expect "$file: lost" "$(summary "$file" .lost)" 0
	done
	expect "$variant: cases without a trace" "$(jq -r '.benchmarks[] | select(.claimperf.skipped | not) |
		.claimperf.raw // "none"' "$dir/$variant.json" | sort -u |
		while read -r file; do [ -s "$dir/$file/trace.xen" ] || echo "$file"; done)" ""
	file=$raw/populate_order_0_node_any_claim_legacy/trace.xen
	expect "$variant: allocations" "$(summary "$file" "$count_of"'count(.metric == "hold" and .site == "alloc")')" \
		$((samples * extents))
	expect "$variant: sections of tot_pages" \
		"$(summary "$file" "$count_of"'count(.metric == "wait" and .site == "claim_adjust")')" "$adjust"
	expect "$variant: pages redeemed" "$(summary "$file" '[.metrics[] | select(.metric == "redeem") | .sum] | add')" \
		$((samples * extents))
	file=$raw/claim_legacy_install/trace.xen
	expect "$variant: claims, each cancelled before" \
		"$(summary "$file" "$count_of"'count(.metric == "install" and .error == "0")')" \
		$((2 * samples))
}

unset SAN
make -s -j2 BUILD="$build" "$build"/bin/{host-trace-job,claimperf-trace,claimperf-bench,claimperf-dombench,claimperf-hostbench}
heap=$(scripts/host/build claims+trace)
learn_pair "$heap"
check_threads "$heap" 3 2000 1048576
# 166 records and 16 bytes over; then room for one and a bit
check_threads "$heap" 2 1000 4000
check_threads "$heap" 2 10 40
check_cases claims+trace 0
check_cases baseline+trace 512
refused "no trace points" "$build/bin/claimperf-hostbench" --heap "$(scripts/host/build claims)" --memory 4G --trace
refused "no trace points" scripts/claimperf bench --target host --trace --out "$dir/x.json"
! grep -q "counting" "$dir/refused" || fail "the trace was refused after the counts"
refused "--measure count" scripts/claimperf bench --target host --trace --measure count
echo "records, windows and losses are as expected"
