#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The list of events, the hypervisor patches and the documentation say the same, and the patches
# apply to both hypervisors with each section unlocked by what locked it.
set -euo pipefail

build=${CLAIMPERF_BUILD:-build}
patches=patches/xen-4.17
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
	echo "FAILED: $*"
	exit 1
}

# The new file $2 that patch $1 adds.
added_file() {
	awk -v name="+++ b/$2" '
		/^diff / { inside = 0 }
		inside && /^\+/ { print substr($0, 2) }
		$0 == name { inside = 1 }' "$1"
}

for patch in "$patches"/trace-points/*.patch; do
	added_file "$patch" xen/include/xen/heap_events.h
done >"$work/heap_events.h"
diff tracepoints/events.h "$work/heap_events.h" ||
	fail "the patches' xen/include/xen/heap_events.h is not tracepoints/events.h"

make -s BUILD="$build" "$build/bin/gen-events"
"$build/bin/gen-events" | diff docs/events.md - || fail "docs/events.md is stale: make events"
"$build/bin/gen-events" --formats | diff docs/formats - || fail "docs/formats is stale: make events"

# The patches of series $1 that base $2 gets.
series_of() {
	awk -v only="# $2" '!/^#/ { name = $1; sub(/^[^ ]+ */, ""); if ($0 == "" || $0 == only) print name }' \
		"$patches/$1/series" | sed "s|^|$patches/$1/|"
}

# Copy of the files that patches touch, patched as base $1.
patched_tree() {
	local list file
	list=$(series_of trace-points "$1")
	[ "$1" = baseline ] || list="$(series_of claim-sets "$1") $list"
	# shellcheck disable=SC2086
	for file in $(sed -n 's|^--- a/||p' $list | sort -u); do
		[ ! -f "$source/$file" ] || install -D "$source/$file" "$work/$1/$file"
	done
	for file in $list; do
		patch -s -d "$work/$1" -p1 -F0 --no-backup-if-mismatch <"$file" ||
			fail "$file does not apply to $1 without fuzz"
	done
}

# Functions that take or release heap_lock untraced: at boot, and what stands in for it elsewhere.
plain_sections() {
	awk '
		/^[a-z].*\(/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
		/ spin_(un)?lock(_cb)?\(&heap_lock/ { plain[name] = 1 }
		END { for (name in plain) print name }' "$work/$1/xen/common/page_alloc.c" | sort | xargs
}

# Bodies that are not compiled both with and without their trace points.
single_bodies() {
	local file=$work/$1/xen/common/page_alloc.c name
	for name in $(grep -o '[a-z_]*_body(' "$file" | sort -u); do
		name=${name%_body(}
		[ "$(grep -c "[ *]${name}_\(un\)\?traced($\|^static.*[ *]${name}_\(un\)\?traced(" "$file")" = 2 ] ||
			echo "$name"
	done
}

source=$(scripts/lab/source)
for base in baseline claims; do
	patched_tree $base
	plain=$(plain_sections $base)
	[ "$plain" = "alloc_section_unlock claims_section_lock claims_section_unlock claims_trace_unlock init_heap_pages scrub_heap_pages" ] ||
		fail "$base: untraced sections in $plain"
	problems=$(single_bodies $base)
	[ -z "$problems" ] || fail "$base: not compiled twice: $problems"
done
echo "list, patches and documentation agree"
