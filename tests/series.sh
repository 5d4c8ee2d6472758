#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Each patch of the claim-set series by itself: the tree up to it builds, boots with assertions on, and
# passes what it has: the benchmark's cases, whose checks look at what claims shrank by.
# timeout: 2400
# needs: lab
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
build=$(readlink -f "${CLAIMPERF_BUILD:-build}")
series=patches/xen-4.17/claim-sets
filter='^populate/order:[09]/node:(any|exact)/claim|^claim/(move|[a-z]*/[a-z:0-9-]*)$|^refused/|^free/'
patches=()

fail() { echo "FAILED: $*"; cat "$dir/log"; exit 1; }

while read -r name _; do
	[[ -z $name || $name == \#* ]] && continue
	grep -q "^+++ b/xen/" "$series/$name" || continue # for the tools: the same hypervisor
	patches+=(--patch "$series/$name")
	start=$SECONDS
	image=$(scripts/claimperf lab build baseline+debug "${patches[@]}" 2>"$dir/log") || fail "$name does not build"
	built=$((SECONDS - start))
	rm -rf "$dir/out"
	"$build/bin/claimperf-lab-exec" --image "$image" --nodes 2 --parallel --out "$dir/out" --timeout 100 -- \
		"$build/bin/claimperf-dombench" --once --claim-all --filter "$filter" >"$dir/log" 2>&1 || fail "$name: a case fails"
	cases=$(grep -c ' tsc/' "$dir/log")
	[ "$cases" -ge 20 ] || fail "$name: only $cases cases"
	! grep -E 'Assertion|WARN|BUG' "$dir/out/console.txt" >"$dir/log" || fail "$name: Xen complains"
	echo "$name: built in $built s, $cases cases"
done <$series/series
[ "$cases" -ge 50 ] || fail "the whole series runs only $cases cases"
