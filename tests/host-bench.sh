#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The host target: every case runs on Xen's allocator, counted exactly and timed; a nop more is one instruction more;
# topology and history show in the counts; Google Benchmark's options work; the cases are clean under sanitizers.
# needs: hypervisors
# timeout: 400
set -euo pipefail
# shellcheck source=tests/common/shell.sh
. "$(dirname "$0")/common/shell.sh"

claimperf=scripts/claimperf

# The values that a jq program yields from a result must all be "true".
holds() {
	jq -e "$2" "$dir/$1.json" >/dev/null || { jq -c '.context, .benchmarks[]' "$dir/$1.json" | cut -c1-200 | head -n 20; fail "$1: not $2"; }
}

# measure NAME VARIANT OPTION...
measure() {
	local name=$1 variant=$2
	shift 2
	$claimperf bench --target host --variant "$variant" "$@" --out "$dir/$name.json" >"$dir/log" 2>&1 ||
		{ cat "$dir/log"; fail "bench of $variant $*: status $?"; }
}

# Instructions of a case, per operation.
value() { jq ".benchmarks[] | select(.name == \"$2\") | .claimperf.value" "$dir/$1.json"; }

bench() { $claimperf bench --target host --out "$dir/x.json" "$@"; }

echo "garbage"
mkdir "$dir/folder"
refused "not a number from 1 to 64" bench --nodes 65
refused "not a power of two" bench --memory 3G --measure time
refused "neither fresh, used, fragmented nor dirty" bench --history worn --measure time
refused "neither count nor time" bench --measure weight
refused "--perf takes no part in --measure count" bench --measure count --perf
refused "--threads takes no part in --measure count" bench --measure count --threads 2
refused "--benchmark_repetitions=2 takes no part" bench --measure count --benchmark_repetitions=2
refused "--filter moon: no case has such a name" bench --list --threads 2 --filter moon
refused "are for the lab" bench --image "$dir/none"
refused "are for the host target" $claimperf bench --memory 1G
refused "is for the host target" $claimperf bench --benchmark_repetitions=2
refused "Xen has 0x100000000 frames" bench --nodes 64 --memory 512G --measure time
refused "--benchmark_moon" bench --measure time --benchmark_moon=1
refused "--out $dir/folder: Is a directory" bench --measure time --out "$dir/folder"
refused "--out $dir/folder/: Is a directory" bench --measure time --out "$dir/folder/"
mkfifo "$dir/fifo"
refused "--out $dir/fifo: is there and no regular file" bench --measure time --out "$dir/fifo"
# What the programs do not like is said before anything is counted.
refused "--benchmark_moon" bench --benchmark_moon=1
! grep -q "counting instructions" "$dir/refused" || fail "a bad option was found after the counts"
refused "neither baseline nor claims" scripts/host/build moon
expect "lines about a variant that is none" "$(wc -l <"$dir/refused")" 1
refused "no such hypervisor" bench --variant moon
refused "does not run under valgrind" "$build/bin/claimperf-hostbench" --heap "$(scripts/host/build claims)" --count "$dir/x"
refused "--heap is missing" "$build/bin/claimperf-hostbench"
refused "No such file" "$build/bin/claimperf-hostbench" --heap "$dir/none"
[ ! -e "$dir/x.json" ] || fail "a result without measurement"

refused "no node has 34 MiB free" bench --memory 4M --measure count --machines 1 --filter 'order:0/node:exact/claim:none$'
rm -r "$dir"/x.*
mkdir "$dir/bin"
for tool in /usr/bin/*; do ln -s "$tool" "$dir/bin"; done
rm "$dir"/bin/valgrind*
PATH=$dir/bin refused "valgrind: No such file" bench --filter legacy/install
[ ! -e "$dir/x.json" ] || fail "a result without counts"

echo "every case, twice the same"
for variant in baseline claims; do
	measure $variant $variant --nodes 2 --memory 1G --perf
	holds $variant '.benchmarks | length > 40 and all(.[]; (.error_occurred | not) or .claimperf.skipped)'
	holds $variant '[.benchmarks[] | select(.error_occurred | not) | .claimperf
		| .kind == "exact" and .bit_equal and .unit == "instructions" and .time.unit == "tsc" and (.time.samples | length > 1)
		and (.counters | has("cycles") and (."page-faults" | type == "number"))] | length >= 20 and all'
	holds $variant '.context.start | .seconds > 0 and .peak_kib > 0'
done
missing='"here --history says what the heap went through","the host target has 64 domains at most",
	"the host target has the allocator only, not what is around it"'
holds claims "[.benchmarks[] | select(.claimperf.skipped) | .error_message] | unique == [$missing]"
holds baseline "[.benchmarks[] | select(.claimperf.skipped) | .error_message]
	| unique == [$missing, \"this hypervisor has no claim sets (domctl 91)\"]"
$claimperf compare --json "$dir/baseline.json" "$dir/claims.json" >"$dir/verdicts" || [ $? = 1 ] || fail "compare: status $?"
jq -e '[.cases[] | select(.name | test("^populate.*node:(any|exact)/claim:legacy$")) | .direction] | length == 4 and unique == ["improved"]' \
	"$dir/verdicts" >/dev/null || fail "compare does not see that legacy claims got cheaper"
for profile in "$dir"/claims.d/*/profile.txt; do
	awk '/^# total=/ {total = substr($0, 9)} /^[0-9]/ {sum += $1} END {exit !(sum > 0 && sum == total)}' "$profile" ||
		fail "$profile does not sum up"
done
grep -q ' get_free_buddy$' "$dir"/claims.d/populate_order_0_node_exact_claim_none/profile.txt || fail "the profile lacks get_free_buddy"

odd="$dir/a folder/100%p"
$claimperf bench --target host --once --filter legacy/install --out "$odd/x.json" >"$dir/log" 2>&1 || { cat "$dir/log"; fail "a result in $odd"; }
[ "$(ls -A "$odd"/x.d/*)" = profile.txt ] || fail "no profile alone in $odd"

measure kept claims --measure count --machines 1 --filter legacy/install
cp -r "$dir/kept.d" "$dir/kept.raw"
refused "taking times: exit status" bench --once --filter legacy/install --benchmark_out="$dir/none/x" --out "$dir/kept.json"
rm -f "$dir/kept.d/log"
diff -r "$dir/kept.d" "$dir/kept.raw" || fail "a run that fails changed the raw data of another"
measure kept baseline --measure time --benchmark_min_time=0.001 --filter legacy/install
holds kept '.benchmarks[0].claimperf.raw == null'

echo "a nop"
measure nop claims --nodes 2 --memory 1G --measure count --patch tests/data/patches/nop.patch --filter 'claim:none$|^refused|^claim/|^balloon'
$claimperf compare --json "$dir/claims.json" "$dir/nop.json" >"$dir/verdicts" 2>"$dir/log" || [ $? = 1 ] || { cat "$dir/log"; fail "compare: $?"; }
jq -c '.cases[] | select(.compared == "same") | select(.delta.text != (.name | if test("^populate/|^balloon/up") then "+1.000"
	elif startswith("refused/") then "+2.000" else "0.000" end)) | [.name, .delta.text]' "$dir/verdicts" >"$dir/wrong"
[ ! -s "$dir/wrong" ] || { cat "$dir/wrong"; fail "these deltas are not as expected"; }
[ "$(jq '[.cases[] | select(.compared == "same")] | length' "$dir/verdicts")" -ge 15 ] || fail "too few cases were compared"

echo "a fault"
tree=$(dirname "$(scripts/claimperf lab build claims)")/tree file=xen/common/page_alloc.c
mkdir -p "$dir/a/${file%/*}" "$dir/b/${file%/*}"
cp "$tree/$file" "$dir/a/$file"
sed 's/^\( *\)take_host_claims(d, pages);$/\1;/' "$dir/a/$file" >"$dir/b/$file"
(cd "$dir" && diff -u "a/$file" "b/$file") >"$dir/fault.patch" || true
[ -s "$dir/fault.patch" ] || fail "no line to change in redeem_claims_for_allocation()"
# A single sample, of a pass that is not over.
refused "claims fell from" bench --measure time --benchmark_min_time=1e-9 --patch "$dir/fault.patch" --filter 'order:0/node:any/claim:host'
refused "claims fell from" bench --measure count --machines 1 --samples 1 --patch "$dir/fault.patch" --filter 'order:0/node:any/claim:host'

echo "history and size"
page=populate/order:0/node:exact/claim:none
for history in fresh used fragmented dirty; do
	measure $history claims --nodes 2 --memory 8G --measure count --machines 1 --history $history --filter "$page"
done
awk -v fresh="$(value fresh $page)" -v fragmented="$(value fragmented $page)" -v dirty="$(value dirty $page)" -v used="$(value used $page)" '
	BEGIN {exit !(fragmented < fresh && dirty > fresh + 100 && used < fresh)}' || fail "a heap's history does not show"
measure large claims --nodes 64 --memory 256G --filter "$page"
holds large '.context.start.peak_kib < 2 * 1024 * 1024'
measure small claims --nodes 1 --memory 256G --measure count --machines 1 --filter "$page"
awk -v small="$(value small $page)" -v large="$(value large $page)" 'BEGIN {exit !(large > 0 && large <= 1.3 * small)}' ||
	fail "64 nodes cost $(value large $page) instructions, one $(value small $page)"

echo "options of Google Benchmark"
measure flags claims --measure time --filter 'claim/legacy/' --benchmark_repetitions=3 --benchmark_min_time=0.001 \
	--benchmark_enable_random_interleaving=true --benchmark_out="$dir/google.json"
jq -e '[.benchmarks[] | select(.run_type == "iteration")] | length == 12' "$dir/google.json" >/dev/null || fail "no three repetitions"
grep -q 'claim/legacy/install/manual_time_mean' "$dir/log" || fail "the library's table is not shown"
measure left claims --measure time --benchmark_filter=legacy/install --benchmark_min_time=0.001 --filter '^claim/legacy'
holds left '[.benchmarks[] | select(.claimperf.value)] | length == 1'
measure fixed claims --measure time --samples 7 --filter 'legacy/install'
holds fixed '.benchmarks[0].claimperf | .kind == "noisy" and (.samples | length) == 7'

echo "sanitizers"
for sanitize in address,undefined thread; do
	heap=$(scripts/host/build claims --sanitize $sanitize)
	make -s BUILD="$build/host/bench-$sanitize" SAN=$sanitize "$build/host/bench-$sanitize/bin/claimperf-hostbench"
	for history in fresh dirty; do
		ASAN_OPTIONS=detect_leaks=0 "$build/host/bench-$sanitize/bin/claimperf-hostbench" --heap "$heap" --nodes 2 \
			--memory 1G --once --history $history --json "$dir/sanitized.json" >"$dir/log" 2>&1 ||
			{ cat "$dir/log"; fail "$sanitize, $history: status $?"; }
	done
	holds sanitized "[.benchmarks[] | select(.error_occurred | not)] | length > 60"
	holds sanitized "[.benchmarks[] | select(.error_occurred) | .error_message] | unique == [$missing]"
done
