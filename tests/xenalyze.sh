#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# xenalyze, built from the patched tree, reads the records of a real trace as the decoder does, and what it prints adds up
# to the sums of claimperf trace summary.
# Usage: tests/xenalyze.sh [VARIANT SOURCE --tree DIR --commit REV]     of that tree; SOURCE has VARIANT's patches
# needs: lab
# timeout: 300
set -euo pipefail
# shellcheck source=tests/common/shell.sh
. "$(dirname "$0")/common/shell.sh"

unset SAN MAKEFLAGS MAKELEVEL CFLAGS CPPFLAGS LDFLAGS
variant=${1-claims+trace} of_tree=("${@:3}")
image=$(scripts/claimperf lab build "$variant" "${of_tree[@]}")
source=${2-$(dirname "$image")/tree}

# All that this program takes from the result of ./configure.
build_xenalyze() {
	mkdir "$dir/tree"
	cp -a "$source"/{Config.mk,config,scripts,tools,version.sh,xen} "$dir/tree"
	printf '%s\n' 'CONFIG_WERROR := y' 'PYTHON := python3' 'PERL := perl' 'AWK := awk' >"$dir/tree/config/Tools.mk"
	: >"$dir/tree/tools/config.h"
	{
		make -C "$dir/tree/tools/include" all
		make -C "$dir/tree/tools/xentrace" xenalyze
	} >"$dir/log" 2>&1 || fail "xenalyze does not build: $(tail -n 5 "$dir/log")"
}

# What runs in dom0 is linked against the libraries of its Xen.
build_job() {
	local tools
	job=$build/bin/trace-job
	if [ ${#of_tree[@]} = 0 ]; then
		xentrace=$(ls /usr/lib/xen-*/bin/xentrace | head -n 1)
		make -s BUILD="$build" "$job"
	else
		tools=$(scripts/lab/tools "${of_tree[@]}")
		xentrace=$tools/bin/xentrace job=$tools/suite/bin/trace-job
		make -s BUILD="$tools/suite" XEN_TOOLS="$tools" "$job"
	fi
}

# The sum of field $2 of all records of event $1, as xenalyze prints them.
sum_of() {
	awk -v event="$1" -v field="$2" '{
		for (i = 1; i < NF; i++) { found = found || $i == event; if (found && $i == field) sum += $(i + 1) }
		found = 0
	} END { printf "%d\n", sum }' "$dir/theirs"
}

make -s BUILD="$build" "$build/bin/claimperf-trace"
build_job
build_xenalyze
timeout 180 scripts/claimperf lab exec --image "$image" --nodes 2 --out "$dir/trace" --stage "$xentrace" -- \
	"$job" "$xentrace" 16 >"$dir/said" 2>"$dir/console" || { tail -n 5 "$dir/console"; fail "the job failed"; }
"$dir/tree/tools/xentrace/xenalyze" -a "$dir/trace/t.xen" >"$dir/theirs" 2>"$dir/errors" ||
	fail "xenalyze stopped: $(tail -n 3 "$dir/errors")"
"$build/bin/claimperf-trace" dump --json "$dir/trace/t.xen" >"$dir/ours"
"$build/bin/claimperf-trace" summary --json "$dir/trace/t.xen" >"$dir/summary"
! grep -qi 'fatal\|unknown' "$dir/theirs" "$dir/errors" || fail "xenalyze does not know all records"
# Which events, with which hold, in which order.
expect "records" \
	"$(sed -n 's/.* \(heap_section\|page_alloc_section\) .* hold \([0-9]*\).*/\1 \2/p' "$dir/theirs")" \
	"$(jq -r 'select(.event == "heap_section" or .event == "page_alloc_section") | "\(.event) \(.hold)"' "$dir/ours")"
for event in claim_entry claim_install node_state populate_physmap; do
	expect "records of $event" "$(grep -c " $event " "$dir/theirs")" \
		"$(jq -r 'select(.event == "'$event'") | .event' "$dir/ours" | wc -l)"
done
for lock in heap page_alloc; do
	for sum in hold wait; do
		expect "cycles of $sum of ${lock}_lock" "$(sum_of ${lock}_section $sum)" \
			"$(jq ".locks[] | select(.lock == \"${lock}_lock\").$sum.sum" "$dir/summary")"
	done
done
echo "$variant: xenalyze agrees on $(grep -c ' hold ' "$dir/theirs") sections"
