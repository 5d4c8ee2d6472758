#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Traces of real hypervisors say what a program in dom0 did: sections, extents, claims redeemed.
# needs: lab
# timeout: 400
set -euo pipefail

build=${CLAIMPERF_BUILD:-$PWD/build}
xentrace=$(ls /usr/lib/xen-*/bin/xentrace | head -n 1)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
	echo "FAILED: $*"
	cat "$work/console.out" "$work/summary" 2>/dev/null
	exit 1
}

# Run the job on variant $1, the trace to $work/$2.
run_job() {
	timeout 180 scripts/claimperf lab exec --variant "$1" --nodes 2 --out "$work/$2" --stage "$xentrace" -- \
		"$build/bin/trace-job" "$xentrace" 16 >"$work/said" 2>"$work/console.out" ||
		fail "$1: the job failed"
}

# A figure ($1) of the summary's metrics that a condition of jq ($2) selects, added up.
figure() {
	jq "[.metrics[] | select($2) | .$1] | add // 0" "$work/summary"
}

expect() {
	[ "$2" = "$3" ] || fail "$variant: $1 is '$2', not '$3'"
}

check_summary() {
	local what name value redeemed=0
	"$build/bin/claimperf-trace" summary --json "$work/$variant/t.xen" >"$work/summary" || fail "$variant: damaged trace"
	expect "records lost" "$(jq .lost "$work/summary")" 0
	expect "the sum of bytes is right" "$(jq .sum.right "$work/summary")" true
	expect "sections that allocate order 9" \
		"$(figure count '.metric == "hold" and .site == "alloc" and .order == 9')" 16
	expect "pages that they took" "$(figure pages '.metric == "hold" and .site == "alloc" and .order == 9')" 8192
	while read -r what name value; do
		case $what in
		redeem)
			expect "pages redeemed from $name" "$(figure sum ".metric == \"redeem\" and .from == \"$name\"")" "$value"
			redeemed=$((redeemed + value)) ;;
		install)
			expect "calls that install ($name)" "$(figure count ".metric == \"install\" and
				.kind == \"$name\" and .entries == $value and .error == \"0\"")" 1 ;;
		extents)
			expect "extents populated" "$(figure sum '.metric == "populate_extents" and .order == 9')" "$name"
			expect "calls that populate" "$(figure count '.metric == "span" and .pair == "populate" and
				.outcome == "complete"')" 1 ;;
		redeemed) expect "pages that the claim counters lost" "$name" "$redeemed" ;;
		esac
	done <"$work/said"
}

# Machines that are bit-equal: nothing differs, and who says that they are is the lab's fingerprint.
check_diff() {
	"$build/bin/claimperf-trace" diff --json "$work/$1/t.xen" "$work/$2/t.xen" >"$work/summary" ||
		fail "$variant: a trace regressed against itself"
	expect "kind of the diff" "$(jq -r .kind "$work/summary")" exact
	expect "rows that differ" "$(jq '[.rows[] | select(.verdict != "IDENTICAL")] | length' "$work/summary")" 0
}

make -s BUILD="$build" "$build/bin/trace-job" "$build/bin/claimperf-trace"
for variant in baseline+trace claims+trace; do
	run_job $variant $variant
	check_summary
	cp "$work/summary" "$work/$variant.summary"
	run_job $variant again
	cmp "$work/$variant/t.xen" "$work/again/t.xen" || fail "$variant: two runs, two traces"
	check_diff "$variant" again
	echo "$variant: $(jq .records "$work/$variant.summary") records"
done
