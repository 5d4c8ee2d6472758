#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Each trace point patch builds on top of those before it, on both hypervisors; and without CONFIG_TRACEBUFFER all of
# them together add no code: functions call and use what they did, and are as long.
# timeout: 2400
set -euo pipefail

# shellcheck source=tests/common/shell.sh
. tests/common/shell.sh
patches=patches/xen-4.17/trace-points

# The patches that base $1 gets.
series_of() {
	awk -v only="# $1" '!/^#/ { name = $1; sub(/^[^ ]+ */, ""); if ($0 == "" || $0 == only) print name }' "$patches/series"
}

# Build base $1 with the named patches. The tree of one less is what is built on, and goes then.
build_with() {
	local base=$1 last=$image args=()
	for patch in "${@:2}"; do args+=(--patch "$patches/$patch"); done
	image=$(scripts/lab/build "$base" "${args[@]}" 2>"$dir/log") || {
		cat "$dir/log"
		fail "$base does not build with ${patch} and those before"
	}
	[ -z "$last" ] || rm -rf "$(dirname "$last")"
}

# A copy of the tree of image $1 as $2, built without CONFIG_TRACEBUFFER; with the remaining arguments only these objects,
# one after the other, as they need the same generated files.
build_untraced() {
	cp -a "$(dirname "$1")/tree" "$2"
	printf 'CONFIG_EXPERT=y\n# CONFIG_TRACEBUFFER is not set\n' >>"$2/xen/.config"
	make -s -C "$2/xen" olddefconfig >"$dir/log" 2>&1
	grep -qx '# CONFIG_TRACEBUFFER is not set' "$2/xen/.config" || fail "CONFIG_TRACEBUFFER stays"
	make -s -C "$2/xen" XEN_BUILD_EFI= XEN_BUILD_PE= "${@:3}" >"$dir/log" 2>&1 || {
		tail -n 15 "$dir/log"
		fail "${2##*/} does not build"
	}
}

# How many instructions each function of tree $1's objects has.
sizes_of() {
	local object
	for object in $objects; do
		objdump -d --no-show-raw-insn "$1/xen/$object" | awk -v object="$object" '
			/>:$/ { name = $2; sub(/_untraced>:/, ">:", name); next }
			/\t(nop|xchg +%ax,%ax|cs nop|data16)/ { next }
			/^ *[0-9a-f]+:\t/ { size[name]++ }
			END { for (name in size) print object name, size[name] }'
	done | LC_ALL=C sort
}

# What tree $1's objects call and use of others.
needs_of() {
	local object
	for object in $objects; do nm -u "$1/xen/$object"; done
}

# No function comes or goes, and none has more than 8 instructions more or less: the compiler's choice of registers.
same_sizes() {
	LC_ALL=C join -a 1 -a 2 -e 0 -o 0,1.2,2.2 "$1" "$2" | awk '
		$2 != $3 { print; d = $3 - $2 }
		!$2 || !$3 || d > 8 || d < -8 { bad = 1 }
		{ d = 0 }
		END { exit bad || NR < 200 }'
}

for base in baseline claims; do
	mapfile -t series < <(series_of $base)
	[ ${#series[@]} -ge 7 ] || fail "$base: ${#series[@]} patches"
	image=
	for n in "${!series[@]}"; do
		build_with $base "${series[@]:0:n+1}"
	done
	nm "$(dirname "$image")/xen-syms" | grep ' heap_trace_unlock$' >/dev/null || fail "$base: no trace points in $image"

	# Objects of all files that were there before.
	objects=$(sed -n 's|^--- a/xen/\(.*\)\.c$|\1.o|p' "${series[@]/#/$patches/}" | grep -Ev '^common/(heap_)?trace\.o$' | sort -u | xargs)
	before=$(scripts/lab/build $base 2>"$dir/log") || { cat "$dir/log"; fail "$base does not build"; }
	# shellcheck disable=SC2086
	build_untraced "$before" "$dir/$base-before" $objects
	build_untraced "$image" "$dir/$base-after" -j2
	! nm "$dir/$base-after/xen/xen-syms" | grep -E ' (heap_trace|owner_trace).*|_traced$' ||
		fail "$base: trace points without CONFIG_TRACEBUFFER"
	for tree in "$dir/$base-before" "$dir/$base-after" "$(dirname "$image")/tree"; do
		sizes_of "$tree" >"$tree.sizes"
		needs_of "$tree" >"$tree.needs"
	done
	! cmp -s "$dir/$base-before.needs" "$(dirname "$image")/tree.needs" || fail "$base: trace points that call nothing"
	! same_sizes "$dir/$base-before.sizes" "$(dirname "$image")/tree.sizes" >"$dir/log" || fail "$base: trace points of no size"
	diff "$dir/$base-before.needs" "$dir/$base-after.needs" || fail "$base: calls for traces without CONFIG_TRACEBUFFER"
	same_sizes "$dir/$base-before.sizes" "$dir/$base-after.sizes" || fail "$base: other code without CONFIG_TRACEBUFFER"
	echo "$base: ${#series[@]} patches build one by one; without CONFIG_TRACEBUFFER $(wc -l <"$dir/$base-after.sizes") functions call what they did"
	rm -rf "$(dirname "$image")" "$dir/$base-before" "$dir/$base-after"
done
