#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# claimperf trace timeline says what the records say; claimperf trace plot draws it, and tells what it cannot draw.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=tests/common/shell.sh
. tests/common/shell.sh
trace=$build/bin/claimperf-trace

make -s BUILD="$build" "$trace" "$build/bin/claimperf-trace-plot" "$build/bin/trace-sample"
"$build/bin/trace-sample" 1 3 5 >"$dir/known.xen"
"$build/bin/trace-sample" 1 3 5 without-states >"$dir/bare.xen"
"$build/bin/trace-sample" 4 20 30 >"$dir/nodes.xen"
: >"$dir/empty.xen"
head -c 2000 "$dir/known.xen" >"$dir/cut.xen"

for sample in known bare; do
	"$trace" timeline --bins 50 "$dir/$sample.xen" >"$dir/$sample.json"
	"$trace" dump --json "$dir/$sample.xen" | jq -c 'select(.type == "record")' >"$dir/$sample.dump"
done
jq_() { jq -r "$2" "$dir/$1.json"; }

# Sections, each in the bin and the bucket that it belongs to.
for sample in known bare; do
	expect "$sample: sections" "$(jq_ $sample '[.holds[][3]] | add')" "$(grep -c heap_section "$dir/$sample.dump")"
done
expect "sections by time" "$(jq -c '[.holds | group_by(.[0])[] | [.[0][0], (map(.[3]) | add)]]' "$dir/known.json")" \
	"$(jq -sc --argjson first "$(jq_ known .first_tsc)" --argjson width "$(jq_ known .bin_cycles)" '
		[map(select(.event == "heap_section")) | group_by((.tsc - $first) / $width | floor)[] |
		[((.[0].tsc - $first) / $width | floor), length]]' "$dir/known.dump")"
expect "sections of 300 to 399 cycles" \
	"$(jq_ known '[.holds[] | select(.[1] >= 288 and .[2] <= 415) | .[3]] | add')" \
	"$(jq -s 'map(select(.event == "heap_section" and .hold >= 288 and .hold <= 415)) | length' "$dir/known.dump")"

# Pages, as another program follows them: the least free ones of a node, the most claimed ones of the host.
least_free() { # NODE
	jq -s "reduce .[] as \$r ({free: null, least: null};
		if \$r.event == \"node_state\" and \$r.node == $1 then .free = \$r.free
		elif \$r.event == \"heap_section\" and \$r.node == $1 and (\$r.site == \"alloc\" or \$r.site == \"free\")
		then .free += (if \$r.site == \"alloc\" then -1 else 1 end) * pow(2; \$r.order) else . end
		| if .free != null and (.least == null or .free < .least) then .least = .free else . end) | .least" "$dir/known.dump"
}
most_claimed=$(jq -s 'reduce .[] as $r ({claimed: 0, most: 0};
	.claimed += (if $r.event == "claim_entry" then $r.pages elif $r.event == "claim_release" then -$r.pages
		elif $r.event == "heap_section" then -($r.from_node + $r.from_host + $r.from_other) else 0 end)
	| if .claimed > .most then .most = .claimed else . end) | .most' "$dir/known.dump")
expect "host: most claimed" "$(jq_ known '.nodes[] | select(.node == null).claimed | max')" "$most_claimed"
for node in 0 1 2; do
	expect "node $node: least free" "$(jq_ known ".nodes[] | select(.node == $node).free | min")" "$(least_free $node)"
done
"$trace" timeline --bins 50 "$dir/bare.xen" | jq -e '[.nodes[].known] | any | not' >"$dir/fine" || fail "pages are known"
expect "known" "$(jq_ known '[.nodes[].known] | all')" true
expect "nodes" "$(jq -c '[.nodes[].node]' "$dir/bare.json")" '[0,1,2,null]'

pictures() { scripts/claimperf trace plot "$dir/$1.xen" --out "$dir/$1" >"$dir/said" 2>"$dir/err" || { cat "$dir/err"; fail "plot $1"; }; }
for sample in known bare nodes; do
	pictures $sample
	expect "$sample: pictures" "$(wc -l <"$dir/said")" 3
	xmllint --noout "$dir/$sample"/*.svg || fail "$sample: no SVG"
done
grep -q '>alloc, order 9<' "$dir/known/holds.svg" || fail "no row of order 9"
grep -q '<image' "$dir/known/heatmap.svg" || fail "no heatmap"
grep -q '>node 2  free<' "$dir/known/pages.svg" || fail "no node 2"
grep -q 'since start' "$dir/bare/pages.svg" || fail "changes are not marked"
if grep -q 'since start' "$dir/known/pages.svg"; then fail "known pages are marked as changes"; fi
# More nodes than room.
grep -q '; 8 more nodes' "$dir/nodes/pages.svg" || fail "nodes that are not shown: not told"

pictures cut
pictures empty
expect "empty: pictures" "$(ls "$dir/empty")" ""
expect "empty: told" "$(grep -c ': no .*svg$' "$dir/err")" 3
refused 'a FILE and --out DIR are needed' scripts/claimperf trace plot "$dir/known.xen"
refused 'not a trace file' scripts/claimperf trace plot "$0" --out "$dir/none"
[ ! -e "$dir/none" ] || fail "a folder for nothing"
refused '--bins 1001' "$trace" timeline --bins 1001 "$dir/known.xen"
echo "drew $(ls "$dir"/*/*.svg | wc -l) pictures"
