#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A heap that was started sparse cannot be told from one that Xen started, whatever is done to it;
# 16 TiB on 64 nodes take less than 2 GiB. And what cannot be started is told.
# timeout: 300
set -euo pipefail

build=${CLAIMPERF_BUILD:-build}
failed=0
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
unset SAN

fail() { echo "FAILED: $*"; failed=1; }

# use VARIANT [SANITIZERS]
use() {
	heap=$(scripts/host/build "$1" ${2:+--sanitize "$2"})
	bin=$build/host/replay-$1${2:+-$2}
	make -s BUILD="$bin" SAN="${2:-}" HEAP="$heap" "$bin/bin/host-replay"
	echo "# $1 ${2:-}"
}

# replay NODES NODE_PAGES FIRST_FRAME XEN_PAGES SPARSE OPS
replay() { LD_LIBRARY_PATH=${heap%/*} "$bin/bin/host-replay" "$@"; }

# same NODES NODE_PAGES FIRST_FRAME XEN_PAGES OPS
same() {
	local sparse
	for sparse in 0 1; do
		replay "$1" "$2" "$3" "$4" $sparse "$5" >"$dir/$sparse" 2>"$dir/errors" || {
			fail "$*: $(cat "$dir/errors")"
			return
		}
	done
	grep -q '^free 0x' "$dir/0" || fail "$*: nothing was freed"
	cmp -s "$dir/0" "$dir/1" ||
		fail "$*: $(diff "$dir/0" "$dir/1" | sed -n '2p;/^>/{p;q}' | tr '\n' ' ')"
}

# Around 4 GiB (frame 0x100000) and below; at multiples of the largest buddy, and not; nodes whose
# own pages are their first and their last.
topologies() {
	same 1 0x400000 0x100000 0 "$1"
	same 3 0x200000 0x100000 0 "$1"
	same 4 0x100000 0 0 "$1"
	same 4 0x80000 0xc0000 0x280 "$1"
	same 64 0x4000 0xf8000 0 "$1"
	same 64 0x8000 0x200 0x4080 "$1"
}

# refuse WORDS NODES NODE_PAGES FIRST_FRAME XEN_PAGES SPARSE
refuse() {
	local words=$1 status=0
	shift
	replay "$@" 0 >"$dir/out" 2>&1 || status=$?
	[ "$status" = 3 ] || fail "$*: exits with $status"
	grep -q "^heap: .*$words" "$dir/out" || fail "$*: $(head -n 1 "$dir/out")"
}

use baseline
topologies 2000
use claims+debug
topologies 2000
use claims
topologies 4000

refuse 'not 1 to 64' 65 512 0x100000 0 0
refuse 'power of two' 2 500 0x100000 0 0
refuse 'multiple of 512' 2 1024 0x100100 0 0
refuse 'first node has 512' 2 512 0x100000 512 0
refuse 'multiples of 128' 2 64 0x100000 0 1
refuse 'Xen has 0x100000000 frames' 64 0x8000000 any 0 1
refuse 'Xen has 0x100000000 frames' 64 0x8000000000000000 0 0 1

replay 64 0x4000000 any 0 1 0 >"$dir/out" 2>"$dir/memory" || fail "16 TiB: $(cat "$dir/memory")"
[ "$(grep -c 'order [09]: 0x' "$dir/out")" = 128 ] || fail "16 TiB: not all nodes allocate"
sed 's/^VmHWM:/# 16 TiB on 64 nodes:/' "$dir/memory"
[ "$(awk '/^VmHWM:/ { print $2 }' "$dir/memory")" -lt $((2 << 20)) ] || fail "16 TiB take 2 GiB"

use claims address,undefined
same 3 0x200000 0x100000 0 300
use claims thread
same 3 0x200000 0x100000 0 300
exit $failed
