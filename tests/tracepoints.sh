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

# Functions that take the lock one way and release it the other.
mixed_sections() {
	awk '
		/^[a-z].*\(/ { name = $0 }
		/ heap_section_lock(_cb)?\(&heap_lock/ { traced[name] = 1 }
		/ spin_(un)?lock(_cb)?\(&heap_lock/ { plain[name] = 1 }
		/ heap_section_unlock\(&heap_lock/ { unlocks++ }
		END {
			for (name in traced) if (name in plain) print "mixed: " name
			if (unlocks != 11) print unlocks " traced unlocks instead of 11"
		}' "$work/$1/xen/common/page_alloc.c"
}

source=$(scripts/lab/source)
for base in baseline claims; do
	patched_tree $base
	problems=$(mixed_sections $base)
	[ -z "$problems" ] || fail "$base: $problems"
done
echo "list, patches and documentation agree"
