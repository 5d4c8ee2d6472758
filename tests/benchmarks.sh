#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The list of cases is sound: docs/benchmarks.md is current; names are unique and say which branch is proven;
# profiles contain each other; what is skipped says why; groups are small enough for a machine.
# timeout: 60
set -euo pipefail

build=${CLAIMPERF_BUILD:-build}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
dombench=$build/bin/claimperf-dombench

fail() { echo "FAILED: $*"; exit 1; }

"$dombench" --markdown | diff docs/benchmarks.md - >"$dir/diff" || { head "$dir/diff"; fail "docs/benchmarks.md is stale: make benchmarks-doc"; }

for nodes in 1 2 4 16; do
	for profile in quick standard full; do
		"$dombench" --plan --nodes $nodes --profile $profile >"$dir/$profile"
		cut -d' ' -f5 "$dir/$profile" | sort >"$dir/$profile.names"
		[ -z "$(uniq -d "$dir/$profile.names")" ] || fail "$nodes nodes, $profile: two cases of a name: $(uniq -d "$dir/$profile.names")"
		# Those of the sets of entries are as many as nodes.
		cut -d' ' -f3 "$dir/$profile" | grep -v '^claim-sets$' | sort | uniq -c | awk '$1 > 18 {print; bad = 1} END {exit bad}' ||
			fail "$nodes nodes, $profile: a group is too large"
		[ "$(cut -d' ' -f3 "$dir/$profile" | sort -u | wc -l)" -lt 256 ] || fail "more groups than the front end takes"
	done
	comm -23 "$dir/quick.names" "$dir/standard.names" | grep . && fail "quick has what standard lacks"
	comm -23 "$dir/standard.names" "$dir/full.names" | grep . && fail "standard has what full lacks"
done

# A group runs the same cases in the same order in each profile, or more after them.
"$dombench" --plan --nodes 4 >"$dir/quick"
"$dombench" --plan --nodes 4 --profile full >"$dir/full"
cut -d' ' -f3 "$dir/quick" | sort -u | while read -r group; do
	awk -v g="$group" '$3 == g' "$dir/quick" >"$dir/few"
	awk -v g="$group" '$3 == g' "$dir/full" | head -n "$(wc -l <"$dir/few")" | cut -d' ' -f3- | diff - <(cut -d' ' -f3- "$dir/few") ||
		fail "group $group: other cases run before those of quick"
done

# By the document: each case that allocates, frees or claims proves a branch.
grep -E '^\| `(populate|claim|refused|free|balloon|exchange|destroy)/' docs/benchmarks.md >"$dir/cases"
awk -F'|' 'NF == 7 {n++} NF == 7 && $5 !~ /`/ {print; bad = 1} END {exit bad || n < 200}' "$dir/cases" || fail "a case proves nothing"
