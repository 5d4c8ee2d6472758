#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Both series: mail headers, reason and licence in each patch, Xen's white space, and all of them apply
# in order without fuzz.
# timeout: 120
set -euo pipefail

root=$PWD
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
source=$(scripts/lab/source)
failed=0

complain() { echo "FAILED: $*"; failed=1; }

# The names in a series file; $2: which of "# baseline" and "# claims" lines count besides.
names() {
	sed -n -e '/^#/d' -e "s/ *# $2\$//" -e '/ # /d' -e '/./p' "patches/xen-4.17/$1/series"
}

check_form() {
	local patch=$1 header
	header=$(sed '/^---$/q' "$patch")
	grep -q '^From: .' <<<"$header" || complain "$patch: no From:"
	grep -q '^Subject: .*[a-z]' <<<"$header" || complain "$patch: no Subject:"
	grep -qx 'SPDX-License-Identifier: GPL-2.0-only' <<<"$header" || complain "$patch: no licence"
	[ "$(sed -n '/^$/,/^---$/p' <<<"$header" | grep -c .)" -ge 3 ] || complain "$patch: does not say why"
	! grep -nP '^\+.*[ \t]$' "$patch" || complain "$patch: trailing blanks"
	# The OCaml bindings are written with tabs.
	! grep -nP '^\+ *\t' <(awk '/^diff /{c = /\.[ch]$/ && !/ b\/tools\/ocaml\//} c' "$patch") ||
		complain "$patch: tabs in Xen's code"
}

# Apply the named patches of series $2 to the tree in $1.
apply() {
	local patch
	for patch in "${@:3}"; do
		(cd "$1" && patch -p1 -F0 --no-backup-if-mismatch) \
			<"$root/patches/xen-4.17/$2/$patch" >"$dir/log" 2>&1 && continue
		complain "$2/$patch does not apply to ${1##*/}:"
		cat "$dir/log"
	done
}

for series in claim-sets trace-points; do
	for patch in patches/xen-4.17/"$series"/*.patch; do
		check_form "$patch"
		grep -q "^${patch##*/}\( #\|\$\)" "patches/xen-4.17/$series/series" || complain "$patch is in no series"
	done
done

for base in baseline claims; do
	mkdir "$dir/$base"
	cp -a "$source/xen" "$source/tools" "$dir/$base"
	mapfile -t patches < <(names claim-sets none)
	[ $base = baseline ] || apply "$dir/$base" claim-sets "${patches[@]}"
	mapfile -t patches < <(names trace-points "$base")
	apply "$dir/$base" trace-points "${patches[@]}"
done

[ $failed = 0 ] && echo "both series apply"
exit $failed
