#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# claimperf plot: each plot of --list, from results alone, in each format, the same bytes again; what cannot be drawn is told.
# timeout: 120
set -euo pipefail

# shellcheck source=tests/common/shell.sh
. tests/common/shell.sh
# shellcheck source=tests/common/pages.sh
. tests/common/pages.sh
# shellcheck source=tests/common/study.sh
. tests/common/study.sh
run=$dir/run
plot() { scripts/claimperf plot "$@" 2>"$dir/said"; }

make_run "$run"
mkdir "$run/probe"
for state in absent:64000 off:64320 idle:65280 on:80000; do
	echo '{"ops": [{"what": "one page", "sites": 2, "times": 64, "instructions": '"${state#*:}"', "records": 128}]}' \
		>"$run/probe/claims-${state%:*}.json"
done
make_history "$dir/nights" "$fast/store"
export CLAIMPERF_HISTORY=$fast/store
trace=tests/data/trace/claims.xen
(cd "$dir" && study 1.03 1)

# NAME HEADING TEXT ARGUMENT...: as SVG, with that heading, and that text somewhere.
draws() {
	local name=$1 heading=$2 text=$3
	shift 3
	kinds+=("$name")
	plot "$name" "$@" --only "$heading" --out "$dir/$name.svg" || { cat "$dir/said"; fail "$name"; }
	xmllint --noout "$dir/$name.svg" || fail "$name: no SVG"
	grep -qF "<title>$heading" "$dir/$name.svg" || fail "$name: no heading '$heading'"
	grep -qF -- "$text" <(sed 's/<[^>]*>//g' "$dir/$name.svg") || fail "$name: no '$text'"
}

kinds=()
draws before-after 'populate/order:0/node:any on 4 nodes' '3031.5 (+0.331 %)' "$run"
draws latency 'populate/order:0/node:any, time of samples' 'p50 46079  p90 66559  p99 71168  n 100' "$run"
draws costs 'populate/order:9/node:exact on 1 node' '+10.000 (+0.01 %)' "$run"
draws calls 'Claim calls on 4 nodes' 'claim/install' "$run"
draws scaling 'populate/order:9/node:any, by number of nodes' 'claims, claim:set' "$run"
draws agreement 'Δ of each case' 'refused requests' "$run"
draws contention 'Pairs of order 0, all threads in one domain' 'ideal' "$run"
draws lock 'heap_lock held, by site and order, 4 nodes' 'alloc' "$run"
draws probe 'What trace points add to a call of claims' '+250.00' "$run"
draws holds 'Locks held' 'alloc, order 9' "$trace"
draws heatmap 'heap_lock held, over time' 'cycles held' "$trace"
draws pages 'Free and claimed pages' 'claimed' "$trace"
draws effects 'Effects with their intervals' 'REGRESSED' "$dir/study.json"
draws history 'step/worse, over time' '+2.000 %'
[ "$(scripts/claimperf plot --list | cut -d' ' -f1 | xargs)" = "${kinds[*]}" ] || fail "not drawn: of $(scripts/claimperf plot --list)"
! grep -lF "$dir" "$dir"/*.svg || fail "a path of this machine"

# What never changed, against references and alone.
scripts/claimperf history import --store "$fast/flat" --no-raw tests/data/history/*.json >/dev/null
for store in "$fast/store" "$fast/flat"; do
	plot history --store "$store" --case populate/order:0/node:any/claim:none --variant claims --only "none, over time" \
		--format text >"$dir/text" || fail "a flat series: $(cat "$dir/said")"
	grep -q "over time" "$dir/text" || fail "a flat series: $(cat "$dir/text")"
done

# Two results of any name; their sides have no other than these.
cp "$run/claims-4n.json" "$dir/mine.json"
plot before-after "$run/claims-4n.json" "$dir/mine.json" --only 'order:0/node:any' >"$dir/text"
grep -q 'populate/order:0/node:any on 4 nodes, before and after' "$dir/text" || fail "text: $(cat "$dir/text")"
grep -q '3031.5 (+0 %)' "$dir/text" || fail "text: $(cat "$dir/text")"

# Again the same, and without a file.
for format in svg png text; do
	plot history --case step/worse --format $format >"$dir/first.$format"
	plot history --case step/worse --format $format | cmp - "$dir/first.$format" || fail "$format: other bytes"
done
plot history --case step/worse --variant claims --role tonight --format text | cmp - "$dir/first.text" || fail "a filter drops the references"
cmp "$dir/first.svg" "$dir/history.svg" || fail "--out writes something else"
plot history --case step/worse --out "$dir/again.png" && cmp "$dir/again.png" "$dir/first.png"
head -c 8 "$dir/first.png" | cmp - <(printf '\x89PNG\r\n\x1a\n') || fail "no PNG"
[ "$(plot heatmap "$trace" | grep -o '#  *#' | wc -l)" -ge 4 ] || fail "a heatmap of nothing in the terminal"
grep -q 'step/worse, over time' "$dir/first.text" || fail "text without a heading"

# A link leads to what is written; what is no file stays what it is.
ln -s "linked" "$dir/link.svg" && : >"$dir/linked" && mkfifo "$dir/fifo.svg"
plot history --case step/worse --out "$dir/link.svg"
[ -L "$dir/link.svg" ] || fail "--out replaces a link"
cmp "$dir/linked" "$dir/history.svg"
refused "$dir/fifo.svg: is there and no regular file" scripts/claimperf plot history --case step/worse --out "$dir/fifo.svg"
[ -p "$dir/fifo.svg" ] || fail "--out replaces a FIFO"

refused "no plot 'nothing'; --list has all" scripts/claimperf plot nothing
refused "a NAME is needed" scripts/claimperf plot
refused "costs is of RUN" scripts/claimperf plot costs
refused "costs is of RUN, one of it" scripts/claimperf plot costs "$run" "$run"
refused "history is of the history, not of files" scripts/claimperf plot history "$run"
refused "--case goes with history" scripts/claimperf plot costs "$run" --case 'x*'
refused "$run/claims-4n.json: not a folder; costs is of RUN" scripts/claimperf plot costs "$run/claims-4n.json"
refused "$dir/none: No such file" scripts/claimperf plot costs "$dir/none"
refused "costs: there is nothing of it in these results" scripts/claimperf plot costs "$fast/store"
refused "latency: there is nothing of it" scripts/claimperf plot latency "$run/baseline-4n.json" "$dir/mine.json"
refused "  populate/order:9/node:exact on 4 nodes: cost" scripts/claimperf plot costs "$run"
refused "no plot has the text of --only" scripts/claimperf plot costs "$run" --only 'no such thing'
refused "--format jpeg: neither svg, png nor text" scripts/claimperf plot costs "$run" --format jpeg
refused "--out x.jpeg: not .svg, .png or .txt" scripts/claimperf plot costs "$run" --out x.jpeg
refused "not a trace file" scripts/claimperf plot heatmap "$0"
refused "history: there is nothing of it" scripts/claimperf plot history --case 'no/*'
: >"$dir/empty.xen"
refused "empty.xen: no section of heap_lock" scripts/claimperf plot heatmap "$dir/empty.xen"
echo "{}" >"$dir/bad.json"
refused "bad.json: " scripts/claimperf plot latency "$dir/mine.json" "$dir/bad.json"
echo "drew ${#kinds[@]} plots"
