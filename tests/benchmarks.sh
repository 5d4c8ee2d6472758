#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The list of cases is sound: docs/benchmarks.md is current; names are unique; each case names its
# branches, and each branch has its case; profiles contain each other; what is skipped says why; groups are small enough for a machine.
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

# By the document: it has every case, with the least nodes that it needs.
sed -nE 's/^\| `([^`]+)` \| ([0-9]+) \|.*/\2 \1/p' docs/benchmarks.md >"$dir/documented"
[ "$(wc -l <"$dir/documented")" -gt 500 ] || fail "no cases in the document"
for nodes in 1 2 3 4 5 8 16 64; do
	"$dombench" --list --nodes $nodes --profile full | sed 's/   skipped: needs nodes of.*//; / skipped: /d' | sort >"$dir/runs"
	awk -v n=$nodes '$1 <= n {print $2}' "$dir/documented" | sort | diff - "$dir/runs" || fail "$nodes nodes: not the cases of the document"
done

# Each case proves a branch, or says why there is none; each branch is proven by a case that a usual run has.
awk -F'|' 'NF == 8 && $2 ~ /`/ && $6 !~ /`|none: [a-z]/ {print; bad = 1} END {exit bad}' docs/benchmarks.md || fail "a case proves nothing, and says not why"
awk -F'|' 'NF == 8 && $4 ~ /quick|standard/ {proves = proves $6} NF == 4 && $2 ~ /`/ {n++; if (!index(proves, substr($2, 2, length($2) - 2))) {print; bad = 1}}
	END {exit bad || n < 20}' docs/benchmarks.md || fail "no case of the standard profile proves this branch"
