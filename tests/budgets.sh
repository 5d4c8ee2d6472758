#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The claim sets stay within results/claims.budget, on 1, 2 and 4 nodes; on 16 what is no walk over nodes costs as much;
# and the allocator on the host target ranks the cases like the lab.
# needs: lab
# timeout: 1200
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
claimperf=scripts/claimperf
budget=results/claims.budget

fail() { echo "FAILED: $*"; exit 1; }

# Both variants on $1 nodes, the cases that $2 matches.
measure() {
	local variant
	for variant in baseline claims; do
		$claimperf bench --variant $variant --nodes "$1" --filter "$2" --unproven --out "$dir/$variant.json" 2>"$dir/log" ||
			{ cat "$dir/log"; fail "bench of $variant on $1 nodes"; }
	done
}

# Every line counts: with budgets that nothing can keep, each case that has a line is over it.
check_gates() {
	local wanted=$1 status=0
	sed -E 's/ [+-][0-9]+(%?) / -1000\1 /' $budget >"$dir/impossible"
	$claimperf compare --json --budget="$dir/impossible" "$dir/baseline.json" "$dir/claims.json" >"$dir/json" 2>/dev/null ||
		status=$?
	[ $status = 1 ] || fail "impossible budgets: status $status"
	jq -e --argjson n "$wanted" '[.cases[] | select(.budget.against)] | length == $n and all(.over_budget)' "$dir/json" \
		>"$dir/log" || { jq -r '.cases[] | select(.budget.against) | .name' "$dir/json"; fail "not $wanted cases are held to a line"; }
}

# What each case costs more than in the baseline, or than its reference there, of results PREFIX…baseline and …claims.
deltas() {
	$claimperf compare --json "$1baseline.json" "$1claims.json" 2>/dev/null |
		jq -r '.cases[] | select(.delta) | [.name, .delta.num / .delta.den] | @tsv' | sort
}

# The allocator compiled for Linux says the same of each case: dearer or cheaper, and than which others.
check_host() {
	local variant
	for variant in baseline claims; do
		$claimperf bench --target host --measure count --variant $variant --nodes 4 --memory 1G --filter "$1" \
			--out "$dir/host-$variant.json" 2>"$dir/log" || { cat "$dir/log"; fail "host bench of $variant"; }
	done
	join -t $'\t' <(deltas "$dir/") <(deltas "$dir/host-") >"$dir/deltas"
	awk -F '\t' '
		function sign(x) { return (x > 0) - (x < 0) }
		sign($2) != sign($3) { print "sign:", $0; bad++ }
		{
			for (i = 1; i < NR; i++)
				if (($2 - lab[i]) * ($3 - host[i]) < 0) { print "order:", $0, "and", name[i]; bad++ }
			name[NR] = $1; lab[NR] = $2; host[NR] = $3
		}
		END { exit bad || NR < 40 }' "$dir/deltas" || { cat "$dir/deltas"; fail "lab and host do not agree on what costs more"; }
}

# Every claim on any number of nodes; the other axes on four.
kinds='(none|legacy|host|node|set|set.host|other|elsewhere|tight|tight-node)$'
usual="^populate/order:[09]/node:(any|exact)/claim:$kinds|^claim/(legacy|install)/[a-z:0-9]*$"
for nodes in 1 2 4; do
	measure $nodes "$([ $nodes = 4 ] && echo "^populate/|$usual" || echo "$usual")"
	$claimperf compare --budget=$budget "$dir/baseline.json" "$dir/claims.json" >"$dir/said" 2>&1 || {
		cat "$dir/said"
		fail "over budget on $nodes nodes"
	}
	[ $nodes != 4 ] || ! grep 'no case needs it' "$dir/said" || fail "a line is of no use"
	check_gates $((nodes == 1 ? 32 : nodes == 2 ? 37 : 53))
	echo "$nodes nodes: $(tail -n 1 "$dir/said")"
done
check_host "$usual"

# What the exact node costs on four nodes, and on 16, against the same without claims; the table of both is equal.
costs() {
	jq -S '[.benchmarks[] | select(.claimperf.value and (.name | test("order:0/node:exact/claim:'"$kinds"'")))
		| {(.name): .claimperf.value}] | add | map_values(. - $none)' \
		--argjson none "$(jq '.benchmarks[] | select(.name == "populate/order:0/node:exact/claim:none") | .claimperf.value' \
			"$dir/baseline.json")" "$dir/claims.json"
}
costs >"$dir/costs-4"

# A domain without claims: no function is called that is not called in the baseline, and nothing divides.
for variant in baseline claims; do
	$claimperf bench --variant $variant --machines=1 --functions --unproven --filter '^populate/[^/]*/node:(any|exact)/claim:none' --out "$dir/$variant.json" \
		2>"$dir/log" || { cat "$dir/log"; fail "profile of $variant"; }
	cat "$dir/$variant.d"/*/profile.txt | sed '/^#/d; s/^[0-9]* //' | sort -u >"$dir/$variant.functions"
	objdump -d "$(dirname "$($claimperf lab build $variant 2>/dev/null)")/xen-syms" |
		awk '/^[0-9a-f]+ <.*>:/ {in_path = /<(alloc_heap_pages|get_free_buddy)[.>]/} in_path && (/>:$/ || /\ti?div/)' \
			>"$dir/$variant.divisions"
done
for variant in baseline claims; do
	grep -q '<alloc_heap_pages>:' "$dir/$variant.divisions" || fail "$variant: no alloc_heap_pages to look at"
done
grep -qx alloc_heap_pages "$dir/claims.functions" || fail "the profile lacks alloc_heap_pages"
comm -13 "$dir/baseline.functions" "$dir/claims.functions" >"$dir/more"
[ ! -s "$dir/more" ] || { cat "$dir/more"; fail "a domain without claims calls these, and did not before"; }
! grep -P '\ti?div' "$dir/claims.divisions" || fail "the claims divide"

measure 16 "order:0/node:exact/claim:$kinds"
costs >"$dir/costs-16"
[ "$(jq length "$dir/costs-16")" -ge 8 ] || fail "16 nodes: only $(jq length "$dir/costs-16") cases"
diff "$dir/costs-4" "$dir/costs-16" || fail "costs on 4 and on 16 nodes differ"
echo "16 nodes: the costs of 4"
