#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# claimperf bisect names the patch that moved a case, wherever in the series it is, and how much is its own.
# timeout: 2400
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/common/shell.sh
. tests/common/shell.sh

bisect="scripts/claimperf bisect --variant claims --series $dir/series"
populate=populate/order:0/node:exact/claim
mkdir "$dir/series"
for name in redeem-instruction aa-lines longer-hold cancel-instruction free-per-page check-instruction; do
	cp patches/xen-4.17/effects/$name.patch "$dir/series"
	echo "$name.patch"
done >"$dir/series/series"
# Of what is not Xen's, nothing moves.
printf '%s\n' tools.patch >>"$dir/series/series"
printf '%s\n' '--- a/tools/x' '+++ b/tools/x' '@@ -1 +1 @@' '-a' '+b' >"$dir/series/tools.patch"

# moved CASE PATCH DELTA WHOLE FUNCTION GOOD BAD [OPTION...]
moved() {
	$bisect "$6" "$7" --case "$1" --json "${@:8}" >"$dir/answer" 2>"$dir/log" || { cat "$dir/log"; fail "bisect $1 fails"; }
	jq -e --arg patch "$2.patch" --arg delta "$3" --arg whole "$4" --arg function "$5" '.patch == $patch and .delta == $delta
		and .whole == $whole and .complete and (.functions | length == 1) and .functions[0].name == $function' \
		"$dir/answer" >/dev/null || { cat "$dir/answer"; fail "$1 was not moved by $2"; }
}

moved $populate:node redeem-instruction +1.000 +1.000 alloc_heap_pages 0 2
moved $populate:none longer-hold +100.000 +101.000 alloc_heap_pages 0 7
moved $populate:none check-instruction +1.000 +1.000 alloc_heap_pages longer 7
moved claim/legacy/cancel cancel-instruction +1.000 +1.000 domain_set_outstanding_pages 0 6
moved free/order:9/batch:1/claim:none free-per-page +512.000 +512.000 free_heap_pages 0 7

status=0
$bisect longer free --case $populate:none >"$dir/log" 2>&1 || status=$?
expect "status without a difference" $status 1
refused "no case has such a name" $bisect 0 7 --case moon
refused "the host target has the allocator only" $bisect 0 7 --case info/domain

echo "in the lab, with all the hypervisor in the figure"
moved $populate:none longer-hold +100.000 +101.000 alloc_heap_pages 0 7 --target lab

echo "a git repository, on the host target"
git() { command git -C "$dir/tree" -c user.name=x -c user.email=x "$@"; }
mkdir "$dir/tree"
cp -a "$(scripts/lab/source)/." "$dir/tree"
add() { (cd "$dir/tree" && patch -s -p1 -F0 --no-backup-if-mismatch) <"$1"; }
sed -E '/^ *(#|$)/d; /# baseline/d; s/ .*//' patches/xen-4.17/claim-sets/series |
	while read -r name; do add "patches/xen-4.17/claim-sets/$name"; done
git init -q
git add -A
git commit -qm "the claim sets"
for name in longer-hold check-instruction aa-lines; do
	add "patches/xen-4.17/effects/$name.patch"
	echo "$name" >>"$dir/tree/README"
	git commit -qam "$name"
done
wanted=$(git rev-parse HEAD~1)
scripts/claimperf bisect --tree "$dir/tree" HEAD~2 HEAD --case $populate:none --json >"$dir/answer"
jq -e --arg commit "$wanted" '.commit == $commit and .delta == "+1.000" and .whole == "+1.000" and .complete' "$dir/answer" >/dev/null ||
	{ cat "$dir/answer"; fail "$wanted did not move it"; }
