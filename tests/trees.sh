#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The series for other versions of Xen than Debian's: each has the one list of events, says why it is there, and applies to
# its branch without fuzz. A variant whose patches a version lacks is refused. $CLAIMPERF_XEN_TREE names a git
# repository of Xen; its branches of 4.20 and master are used, wherever they are from. Of master's variants with trace points,
# the lab builds and boots each, and xenalyze of the same source reads what they recorded.
# needs: lab
# timeout: 3600
set -euo pipefail
# shellcheck source=tests/common/shell.sh
. tests/common/shell.sh

# The new file $2 that patch $1 adds.
added_file() {
	awk -v name="+++ b/$2" '
		/^diff / { inside = 0 }
		inside && /^\+/ { print substr($0, 2) }
		$0 == name { inside = 1 }' "$1"
}

for series in patches/xen-*/trace-points; do
	for patch in "$series"/*.patch; do added_file "$patch" xen/include/xen/heap_events.h; done |
		diff tracepoints/events.h - || fail "$series: heap_events.h is not tracepoints/events.h"
done
for patch in patches/xen-*/{claim-sets,trace-points}/*.patch; do
	[ -f "$patch" ] || continue
	grep -qx 'SPDX-License-Identifier: GPL-2.0-only' "$patch" || fail "$patch: no licence"
	! grep -nP '^\+.*[ \t]$' "$patch" || fail "$patch: trailing blanks"
	grep -q "^${patch##*/}\( #\|\$\)" "${patch%/*}/series" || fail "$patch is in no series"
done

xen=${CLAIMPERF_XEN_TREE-}
[ -n "$xen" ] || { echo "the series of other versions were not applied: \$CLAIMPERF_XEN_TREE names no git repository of Xen"; exit 77; }
git -C "$xen" rev-parse --git-dir >/dev/null || fail "CLAIMPERF_XEN_TREE=$xen: no git repository"

# The first of the names that the repository has.
find_branch() {
	local name
	for name; do git -C "$xen" rev-parse -q --verify "$name^{commit}" >/dev/null && { echo "$name"; return; }; done
	fail "$xen has none of $*"
}

# apply BRANCH VERSION BASE: what lab build BASE+trace applies.
apply() {
	local tree=$dir/$2-$3 name series patches=()
	for series in claim-sets trace-points; do
		[ "$3 $series" != "baseline claim-sets" ] || continue
		while read -r name; do patches+=("patches/xen-$2/$series/$name"); done < <(
			awk -v only="# $3" '!/^#/ { name = $1; sub(/^[^ ]+ */, ""); if ($0 == "" || $0 == only) print name }' \
				"patches/xen-$2/$series/series")
	done
	mkdir "$tree"
	git -C "$xen" archive "$1" Config.mk config scripts tools version.sh xen | tar -x -C "$tree"
	for name in "${patches[@]}"; do
		patch -s -d "$tree" -p1 -F0 --no-backup-if-mismatch <"$name" || fail "$name does not apply to $1 without fuzz"
	done
	echo "$1: ${#patches[@]} patches apply for $3"
}

old=$(find_branch staging-4.20 stable-4.20 origin/staging-4.20 origin/stable-4.20)
new=$(find_branch "${CLAIMPERF_XEN_COMMIT:-c447b7308b1330ec6dcfef37220736c28f41daa0}" master origin/master)
apply "$old" 4.20 baseline
apply "$new" 4.23 baseline
apply "$new" 4.23 claims
refused "there are no claim-sets patches for Xen 4.20, only for 4.17, 4.23" \
	scripts/claimperf lab build claims --tree "$xen" --commit "$old"
for base in baseline claims; do
	tests/xenalyze.sh $base+trace "$dir/4.23-$base" --tree "$xen" --commit "$new" || fail "$base+trace on $new"
done
config=$(dirname "$(scripts/claimperf lab build baseline+trace --tree "$xen" --commit "$new")")/config
grep -qx '# CONFIG_DEBUG is not set' "$config" || fail "$config: assertions, and none were asked for"
