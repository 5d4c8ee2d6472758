#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# claimperf selftest: an instruction is found and named, the same code elsewhere is not; a miss and a find in A/A are
# said, and fail. All effects are in tests/long/selftest.sh.
# needs: hypervisors
# timeout: 200
set -euo pipefail
# shellcheck source=tests/common/shell.sh
. "$(dirname "$0")/common/shell.sh"

selftest="scripts/claimperf selftest"
effects=patches/xen-4.17/effects

# run STATUS ARG…: its array is $dir/found.
run() {
	local wanted=$1 status=0
	shift
	$selftest --json "$@" >"$dir/found" 2>"$dir/log" || status=$?
	[ $status = "$wanted" ] || { cat "$dir/log" "$dir/found"; fail "selftest $*: status $status, not $wanted"; }
}

holds() { jq -e "$1" "$dir/found" >/dev/null || { cat "$dir/found"; fail "not $1"; }; }

echo "garbage"
mkdir "$dir/bad"
refused "neither host nor lab" $selftest --target moon
refused "--nodes 1: not a number from 2 to 64" $selftest --nodes 1
refused "moon.patch: no such effect" $selftest moon
refused "'--moon' is no option" $selftest --moon
refused "--target" $selftest --target
refused "*.patch: no such effect" $selftest --effects "$dir/bad"
refused "A/A alone has no cases" $selftest aa-code
sed 's/^Expect: .*/& or so/' $effects/check-instruction.patch >"$dir/bad/odd.patch"
refused "odd.patch: an Expect: is wrong" $selftest --effects "$dir/bad"
rm "$dir/bad/odd.patch"

echo "found"
run 0 --out "$dir/kept" redeem-instruction aa-code
holds 'map(.ok) == [true, true, true, true]'
holds 'map(select(.aa)) | length == 1 and .[0].cases == 3 and .[0].other_layout and .[0].different == []'
holds '.[0] | .delta == "+1.000" and .verdict == "NOTE" and .complete and (.functions | map([.name, .delta.text]) == [["alloc_heap_pages", "+1.000"]])'
# The link to the records, by which anybody can do the sum.
read -r before after < <(jq -r '.[0] | "\(.before) \(.after)"' "$dir/found")
expect "instructions more in both profiles" "$(($(awk '/^[0-9]/ {s += $1} END {print s}' "$after") - \
	$(awk '/^[0-9]/ {s += $1} END {print s}' "$before")))" 256

echo "missed, and found where nothing is"
# Another number, another function; an effect that calls itself A/A.
sed 's/ alloc_heap_pages +1$/ alloc_heap_pages +2/; s/ alloc_heap_pages +2$/ free_heap_pages +2/' $effects/check-instruction.patch |
	sed '0,/free_heap_pages +2/s//alloc_heap_pages +2/' >"$dir/bad/wrong.patch"
sed '/^Expect:/d' $effects/check-instruction.patch >"$dir/bad/aa-effect.patch"
run 1 --effects "$dir/bad"
holds 'map([.effect, .ok]) == [["aa-effect", false], ["wrong", false], ["wrong", false]]'
holds '.[0] | .other_layout and (.different | length) == 2'
holds '.[1] | .delta == "+1.000" and .named == .function'
holds '.[2] | .delta == "+2.000" and .named != .function'
