#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Threads that claim, allocate, free and kill domains on Xen's allocator, under the thread sanitizer;
# the same with a lock taken away must fail.
# timeout: 240
set -euo pipefail

build=${CLAIMPERF_BUILD:-build}/host/model-tsan
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
export TSAN_OPTIONS="halt_on_error=1 suppressions=$PWD/tests/model/tsan.supp"

# run [--patch FILE]
run() {
	local heap
	heap=$(scripts/host/build claims --sanitize thread "$@")
	make -s BUILD="$build" SAN=thread HEAP="$heap" "$build/bin/claims-threads"
	LD_LIBRARY_PATH=${heap%/*} timeout 100 "$build/bin/claims-threads" >"$dir/log" 2>&1
}

# The allocator with the lock of the legacy call gone.
make_broken() {
	local tree file=xen/common/page_alloc.c
	tree=$(dirname "$(scripts/claimperf lab build claims)")/tree
	mkdir -p "$dir/a/xen/common" "$dir/b/xen/common"
	cp "$tree/$file" "$dir/a/$file"
	sed '/^int domain_set_outstanding_pages/,/^}/ { /spin_.*lock(&heap_lock);/d }' \
		"$dir/a/$file" >"$dir/b/$file"
	(cd "$dir" && diff -u "a/$file" "b/$file") >"$dir/broken.patch" || true
	[ "$(grep -c '^-.*heap_lock' "$dir/broken.patch")" = 2 ] || {
		echo "FAILED: no lock to take away in domain_set_outstanding_pages()"
		exit 1
	}
}

run || { cat "$dir/log"; exit 1; }
cat "$dir/log"
make_broken
if run --patch "$dir/broken.patch"; then
	echo "FAILED: a lock is missing, and nobody noticed"
	exit 1
fi
grep -q 'data race' "$dir/log" || { cat "$dir/log"; exit 1; }
echo "a missing lock is found"
