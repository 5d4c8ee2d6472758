#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Xen's allocator and the executable contract side by side, on 13 million random operations; and
# with the address and undefined behaviour sanitizers.
# timeout: 240
set -euo pipefail

build=${CLAIMPERF_BUILD:-build}
failed=0
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

fail() { echo "FAILED: $*"; failed=1; }

# find_fault IN OLD NEW LAST: a fault is found, and what is printed then is a C program that ends with
# the call that shows it first.
find_fault() {
	local file=xen/common/page_alloc.c tree heap
	tree=$(dirname "$(scripts/claimperf lab build claims)")/tree
	mkdir -p "$dir/a/${file%/*}" "$dir/b/${file%/*}"
	cp "$tree/$file" "$dir/a/$file"
	IN=$1 OLD=$2 NEW=$3 awk -f tests/mutants/mutate.awk "$tree/$file" >"$dir/b/$file" ||
		fail "there is no such place for a fault in $1()"
	(cd "$dir" && diff -u "a/$file" "b/$file") >"$dir/fault.patch" || true
	heap=$(scripts/host/build claims --patch "$dir/fault.patch")
	! LD_LIBRARY_PATH=${heap%/*} "$build/host/model/bin/claims-model" >"$dir/found" ||
		fail "a fault in $1() is not found"
	sed -n '/^#include/,$p' "$dir/found" >"$dir/found.c"
	gcc -I. -no-pie -o "$dir/found.bin" "$dir/found.c" "$heap" ||
		fail "the program that shows a fault does not compile"
	grep '^	heap_\|^	[ad]\[' "$dir/found.c" >"$dir/calls" || true
	[ "$(wc -l <"$dir/calls")" -le 8 ] || fail "it is not short"
	[[ $(tail -n 1 "$dir/calls") == *$4* ]] || fail "its last call is not $4()"
	sed 's/^/# /' "$dir/found"
}

# model PROGRAMS_DIR SANITIZERS VARIANT OPTION...
model() {
	local dir=$build/host/$1 sanitize=$2 variant=$3 heap
	shift 3
	heap=$(scripts/host/build "$variant" ${sanitize:+--sanitize "$sanitize"})
	make -s BUILD="$dir" SAN="$sanitize" HEAP="$heap" "$dir/bin/claims-model"
	echo "# $variant ${sanitize:+($sanitize) }$*"
	LD_LIBRARY_PATH=${heap%/*} "$dir/bin/claims-model" "$@" || failed=1
}

unset SAN
model model '' claims+debug --nodes 2 --ops 4000000 --seed 1
model model '' claims+debug --nodes 4 --ops 2000000 --seed 1000
# nodes below and above 4 GiB: Xen looks there last
model model '' claims+debug --nodes 3 --pages 256 --first 0xffe00 --ops 1000000 --seed 2000
model model '' claims --nodes 2 --pages 256 --ops 3500000 --seed 3000
model model '' claims --nodes 1 --pages 1024 --ops 2000000 --seed 4000
model model '' claims+debug --nodes 64 --pages 64 --ops 600000 --seed 5000
model model-asan address,undefined claims+debug --nodes 3 --ops 400000 --seed 6000
# claims that are redeemed too late, and one that shows nowhere but on a node that the call is not about
find_fault redeem_claims_for_allocation 'take_host_claims(d, d->host_claims);' ';' heap_alloc
find_fault domain_set_outstanding_pages 'outstanding_claims += claim;' \
	'outstanding_claims += claim; node_outstanding_claims[1]++;' heap_claim_legacy
exit $failed
