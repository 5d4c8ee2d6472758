#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# claimperf trace claims: sums are those of the records; what is missing from a trace shows.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=tests/common/shell.sh
. tests/common/shell.sh
trace=$build/bin/claimperf-trace

make -s BUILD="$build" "$trace" "$build/bin/trace-sample"
"$build/bin/trace-sample" 1 4 8 >"$dir/whole.xen"
"$trace" dump --json "$dir/whole.xen" | jq -c 'select(.type == "record")' >"$dir/dump"
"$trace" claims --json "$dir/whole.xen" >"$dir/claims"

sum() { jq "[.domains[].claims[].$1] | add" "$dir/claims"; }
dumped() { jq -s "map(select($1) | $2) | add" "$dir/dump"; }
expect "installed" "$(sum installed)" "$(dumped '.event == "claim_entry"' .pages)"
expect "released" "$(sum released)" "$(dumped '.event == "claim_release"' .pages)"
expect "redeemed" "$(sum redeemed)" "$(dumped '.event == "heap_section"' '.from_node + .from_host + .from_other')"
expect "off node" "$(sum off_node)" "$(dumped '.event == "heap_section"' .from_other)"
expect "left" "$(sum left)" "$(jq -s 'map(select(.event == "node_state" and .node == 127)) | last.claimed' "$dir/dump")"
jq -e '.unexplained == 0 and .corrections == 0' "$dir/claims" >"$dir/fine" || fail "it does not add up"
jq -e '[.domains[].claims[] | .installed == .redeemed + .released + .left] | all' "$dir/claims" >"$dir/fine" ||
	fail "a claim does not add up"
jq -e '[.domains[].claims[] | .redeemed == ([.uses[].pages] | add // 0)] | all' "$dir/claims" >"$dir/fine" ||
	fail "uses are not what was redeemed"
expect "ends" "$(jq -c '[.domains[].claims[].end] | unique' "$dir/claims")" '["cancelled","died","open","used up"]'

"$trace" claims "$dir/whole.xen" >"$dir/text"
grep -Eq '^claims +[0-9]+ of 8 domains, 0 of them do not add up$' "$dir/text" || fail "text: no head"
grep -Eq 'by alloc +order 9  on node 1 ' "$dir/text" || fail "text: no uses"

# Without its first window the trace does not know the first claim; without one amid it, pages are missing.
window=$(od -An -t u4 -j 8 -N 4 "$dir/whole.xen")
tail -c +$((12 + window + 1)) "$dir/whole.xen" >"$dir/late.xen"
"$trace" claims "$dir/late.xen" >"$dir/text"
grep -q 'installed before the trace' "$dir/text" || fail "a late start: not told"
second=$(od -An -t u4 -j $((12 + window + 8)) -N 4 "$dir/whole.xen")
{ head -c $((12 + window)) "$dir/whole.xen"; tail -c +$((24 + window + second + 1)) "$dir/whole.xen"; } >"$dir/gap.xen"
status=0
"$trace" claims "$dir/gap.xen" >"$dir/text" 2>"$dir/err" || status=$?
expect "a gap: status" $status 1
[ ! -s "$dir/err" ] || { cat "$dir/err"; fail "a gap: the file is damaged too"; }
grep -q 'PAGES MISSING' "$dir/text" || fail "a gap: not told"

for sample in baseline claims lossy; do
	"$trace" claims tests/data/trace/$sample.xen >"$dir/text" || fail "$sample"
done
# A real one, of tests/trace_job.c: a claim on each of two nodes and on the host, and pages from node 0 alone.
"$trace" claims --json tests/data/trace/claims.xen >"$dir/real"
expect "claims of a real trace" "$(jq -c '[.domains[].claims[] | [.node, .installed, .redeemed, .off_node]]' "$dir/real")" \
	'[[0,4096,4096,0],[1,1024,1024,1024],[null,2048,2048,0]]'
expect "a real trace" "$(jq -c '[.unexplained, .corrections, .states > 0]' "$dir/real")" '[0,0,true]'
refused 'a FILE is needed' "$trace" claims
refused 'not a trace file' "$trace" claims "$0"
echo "$(jq '[.domains[].claims[]] | length' "$dir/claims") claims followed"
