#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A heap that was aged is what its history says, and the same again with the same seed.
set -euo pipefail

build=${CLAIMPERF_BUILD:-build}
failed=0
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
unset SAN

fail() { echo "FAILED: $*"; failed=1; }

# age HISTORY SEED
age() {
	LD_LIBRARY_PATH=${heap%/*} "$bin/bin/host-history" "$@" >"$dir/$2" || {
		grep '^FAILED' "$dir/$2"
		fail "$1, seed $2"
	}
}

check_history() {
	age "$1" 1
	mv "$dir/1" "$dir/first"
	age "$1" 1
	cmp -s "$dir/first" "$dir/1" || fail "$1: not the same with the same seed"
	age "$1" 2
	[ "$1" = fresh ] || ! cmp -s "$dir/1" "$dir/2" || fail "$1: the same with another seed"
	sed -n "s/^node 0 free/# $1:&/p" "$dir/1"
}

for variant in baseline claims+debug; do
	heap=$(scripts/host/build $variant)
	bin=$build/host/history-$variant
	make -s BUILD="$bin" HEAP="$heap" "$bin/bin/host-history"
	for history in fresh used fragmented dirty; do check_history $history; done
done
exit $failed
