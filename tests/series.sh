#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Each patch of the claim-set series by itself: the tree up to it builds, boots with assertions on, and
# passes what it has: the benchmark's cases, whose checks look at what claims shrank by.
# timeout: 1200
# needs: lab
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
series=patches/xen-4.17/claim-sets
patches=()

fail() { echo "FAILED: $*"; cat "$dir/log"; exit 1; }

while read -r name _; do
	[[ -z $name || $name == \#* ]] && continue
	patches+=(--patch "$series/$name")
	start=$SECONDS
	image=$(scripts/claimperf lab build baseline+debug "${patches[@]}" 2>"$dir/log") || fail "$name does not build"
	built=$((SECONDS - start))
	scripts/claimperf bench --image "$image" --nodes 2 --once --filter 'order:0|claim/' --out "$dir/result.json" \
		>"$dir/log" 2>&1 || fail "$name: a case fails"
	cases=$(jq '[.benchmarks[] | select(.claimperf.value)] | length' "$dir/result.json")
	[ "$cases" -ge 8 ] || fail "$name: only $cases cases"
	scripts/claimperf lab exec --image "$image" --nodes 2 --out "$dir/out" -- true
	! grep -E 'Assertion|WARN|BUG' "$dir/out/console.txt" >"$dir/log" || fail "$name: Xen complains"
	echo "$name: built in $built s, $cases cases"
	rm -rf "$dir"/result* "$dir/out"
done <$series/series
[ "$cases" -ge 30 ] || fail "the whole series runs only $cases cases"
