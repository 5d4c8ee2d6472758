#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What exact data promise: one nop in the claim check is exactly one instruction wherever the check runs once
# per operation, two where it runs twice, none elsewhere; two images of the same code are IDENTICAL throughout.
# needs: lab
# timeout: 900
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
claimperf=scripts/claimperf

fail() { echo "FAILED: $*"; exit 1; }

# Measure claims with --patch arguments into $1.json.
measure() {
	local name=$1
	shift
	$claimperf bench --variant claims --nodes 2 --functions "$@" --unproven --out "$dir/$name.json" \
		--filter 'node:(any|exact)/claim:(none|set|tight)$|^refused|^claim/(move|[a-z]*/[a-z:0-9-]*)$' 2>"$dir/log" || { cat "$dir/log"; fail "bench $*"; }
}

# Compare $1.json with $2.json; every case must have the delta that the jq expression $3 gives for its name.
expect() {
	local count
	$claimperf compare --json "$dir/$1.json" "$dir/$2.json" >"$dir/$2.verdicts" || fail "compare: status $?"
	jq -c ".cases[] | select(.compared == \"same\") | select(.delta.text != (.name | $3)) | [.name, .delta.text, .verdict]" \
		"$dir/$2.verdicts" >"$dir/wrong"
	[ ! -s "$dir/wrong" ] || { cat "$dir/wrong"; fail "$2: these deltas are not as expected"; }
	count=$(jq '[.cases[] | select(.compared == "same")] | length' "$dir/$2.verdicts")
	[ "$count" -ge 25 ] || fail "$2: only $count cases were compared"
}

measure before
measure same --patch tests/data/patches/same-code.patch
measure nop --patch tests/data/patches/nop.patch

images=$(jq -r '.context.claimperf.hypervisor.image_sha256' "$dir/before.json" "$dir/same.json" "$dir/nop.json" | sort -u | wc -l)
[ "$images" = 3 ] || fail "the three images are not different ones"

expect before same '"0.000"'
jq -e '[.cases[] | select(.compared == "same") | .verdict] | unique == ["IDENTICAL"]' "$dir/same.verdicts" >/dev/null ||
	fail "A/A is not IDENTICAL throughout"

# A refused request asks twice: once for the zones above the DMA reserve, once for all.
expect before nop 'if startswith("populate/") then "+1.000" elif startswith("refused/") then "+2.000" else "0.000" end'

where=$(awk '$2 == "alloc_heap_pages" { print $1 }' "$dir"/{before,nop}.d/populate_order_0_node_exact_claim_none/profile.txt)
read -r before after <<<"${where//$'\n'/ }"
ops=$(jq '.benchmarks[] | select(.name == "populate/order:0/node:exact/claim:none") | .claimperf.ops' "$dir/nop.json")
[ $((after - before)) = "$ops" ] || fail "alloc_heap_pages: $before -> $after, not $ops more"
