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

# Sum (last column) of the summary's rows that start with metric $1, a blank line ends it, and labels $2.
sum_of() {
	awk -v metric="$1" -v labels="$2" '
		$0 == "" { inside = 0 }
		$1 == metric && NF == 2 { inside = 1 }
		{ row = $0; gsub(/ +/, " ", row) }
		inside && index(row, labels " ") == 1 { print $NF; found = 1 }
		END { if (!found) print 0 }' "$work/summary"
}

# Count (column $3) of such a row.
count_of() {
	awk -v metric="$1" -v labels="$2" -v column="$3" '
		$0 == "" { inside = 0 }
		$1 == metric && NF == 2 { inside = 1 }
		{ row = $0; gsub(/ +/, " ", row) }
		inside && index(row, labels " ") == 1 { print $column }' "$work/summary"
}

expect() {
	[ "$2" = "$3" ] || fail "$variant: $1 is '$2', not '$3'"
}

check_summary() {
	local what name value redeemed=0
	"$build/bin/claimperf-trace" summary "$work/$variant/t.xen" >"$work/summary" || fail "$variant: damaged trace"
	grep -q '^lost      0 records$' "$work/summary" || fail "$variant: records were lost"
	expect "sections that allocate order 9" "$(count_of hold 'alloc 9' 3)" 16
	while read -r what name value; do
		case $what in
		redeem)
			expect "pages redeemed from $name" "$(sum_of redeem "$name")" "$value"
			redeemed=$((redeemed + value)) ;;
		install) expect "calls that install ($name)" "$(count_of install "$name $value 0" 4)" 1 ;;
		extents) expect "extents populated" "$(sum_of populate_extents 9)" "$name" ;;
		redeemed) expect "pages that the claim counters lost" "$name" "$redeemed" ;;
		esac
	done <"$work/said"
}

make -s BUILD="$build" "$build/bin/trace-job" "$build/bin/claimperf-trace"
for variant in baseline+trace claims+trace; do
	run_job $variant $variant
	check_summary
	run_job $variant again
	cmp "$work/$variant/t.xen" "$work/again/t.xen" || fail "$variant: two runs, two traces"
	echo "$variant: $(sed -n 's/^records *//p' "$work/summary")"
done
