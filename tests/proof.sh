#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A case that works, but by another branch than the one it is about, is invalid; unless nobody looks. Without trace
# points nothing is proven, and that is said.
# needs: lab
# timeout: 400
set -euo pipefail
# shellcheck source=tests/common/shell.sh
. "$(dirname "$0")/common/shell.sh"

# bench NAME STATUS OPTION…: one case whose claims on the node are to be redeemed, though there are some on the host.
bench() {
	local name=$1 wanted=$2 status=0
	shift 2
	scripts/claimperf bench "$@" --once --filter '^populate/order:0/node:exact/claim:set.host$' --out "$dir/$name.json" \
		>"$dir/$name.log" 2>&1 || status=$?
	[ $status = "$wanted" ] || { cat "$dir/$name.log"; fail "$name: status $status, not $wanted"; }
}

# entry NAME EXPRESSION WANTED: what a jq program says of its entry
entry() { expect "$1: $2" "$(jq -c ".benchmarks[0] | $2" "$dir/$1.json")" "$3"; }

mutant="--variant claims+trace --patch tests/data/patches/host-first.patch"
# shellcheck disable=SC2086 # words
{
	bench seen 2 $mutant
	bench unseen 0 $mutant --unproven
}
entry seen .error_message '"its branch was not seen: redeem/node, expected 256, seen 0"'
entry seen '.claimperf | [.skipped, .value, .proof[0].seen]' '[false,null,0]'
entry unseen '[.error_message, .claimperf.proof]' '[null,"none"]'
scripts/claimperf compare "$dir/unseen.json" "$dir/seen.json" >"$dir/said" 2>&1 && fail "an invalid case is compared"
grep -q 'lost: its branch was not seen' "$dir/said" || { cat "$dir/said"; fail "the reason is not told"; }
grep -q 'Unproven: which branches 1 cases of BEFORE' "$dir/said" || { cat "$dir/said"; fail "it is not told what is unproven"; }

# Branches that only cases of the standard profile are about.
scripts/claimperf bench --variant claims --nodes 2 --profile standard --once --out "$dir/more.json" \
	--filter '^populate/.*(claim:(mixed|other-node)|heap:empty/claim:none)$' >"$dir/log" 2>&1 || { cat "$dir/log"; fail "more branches"; }
expect "branches seen" "$(jq -r '[.benchmarks[].claimperf.proof[] | select(.seen == .expected) | .branch] | unique | join(" ")' "$dir/more.json")" \
	"alloc/unclaimed node/unclaimed passed/claims passed/empty redeem/mixed redeem/none"

# On many nodes there is memory for all samples, and each node has its turn in those that are proven.
scripts/claimperf bench --variant claims --nodes 16 --machines 1 --out "$dir/many.json" --filter 'order:9/node:(any|exact)/claim:node$' \
	>"$dir/log" 2>&1 || { cat "$dir/log"; fail "16 nodes"; }
expect "branches on 16 nodes" "$(jq -r '[.benchmarks[].claimperf.proof[].branch] | join(" ")' "$dir/many.json")" \
	"redeem/node redeem/other alloc/unclaimed redeem/node alloc/unclaimed"

bench none 0 --image "$(scripts/claimperf lab build claims)"
entry none '[.error_message, .claimperf.proof]' '[null,"none"]'
grep -q 'nothing is proven: this hypervisor has no trace points' "$dir/none.log" ||
	{ cat "$dir/none.log"; fail "it is not told that nothing is proven"; }
