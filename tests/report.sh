#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# claimperf report: self-contained, well-formed, complete and the same bytes again, on an invented run.
# timeout: 120
set -eu

program=$(readlink -f "${CLAIMPERF_BUILD:-build}/bin/claimperf-report")
generate=$PWD/tests/data/report/generate
traces=$PWD/tests/data/trace
export CLAIMPERF_ROOT="$PWD"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
failures=0

bad() {
	echo "$*"
	failures=$((failures + 1))
}

# has TEXT: the report shows it.   lacks REGEX WHY
has() { grep -qF -- "$1" run/report.html || bad "the report lacks '$1'"; }
lacks() { ! grep -qE -- "$1" run/report.html || bad "$2: $(grep -oE -- "$1" run/report.html | head -n 3)"; }

mkdir run
"$generate" run
for trace in claims baseline; do
	for case in run/$trace+trace-4n.d/populate_order_9_*; do
		cp "$traces/$trace.xen" "$case/trace.xen"
	done
done
jq '.benchmarks[0].claimperf.proof = [{branch: "permit", expected: 8, seen: 8}, {branch: "wait", expected: 0, seen: 2}]' run/claims-4n.json >proven
mv proven run/claims-4n.json
mkdir run/probe
probe() { # STATE INSTRUCTIONS RECORDS
	printf '{"ops": [{"what": "one page", "sites": 2, "times": 64, "instructions": %s, "records": %s},
 {"what": "unknown call", "sites": 1, "times": 1, "instructions": -1, "records": 0}]}' "$2" "$3" >"run/probe/claims-$1.json"
}
probe absent 64000 0
probe off 64320 0
probe idle 65280 0
probe on 80000 128
printf 'not a trace' >"run/claims+trace-4n.d/claim_legacy/trace.xen"

"$program" run >said 2>&1 || bad "exit $? on a good run: $(cat said)"
[ "$(tail -n 1 said)" = run/report.html ] || bad "the last line is no path: $(tail -n 1 said)"
[ "$(wc -l <said)" = 11 ] || bad "$(wc -l <said) lines, not ten and the path"
grep -qF 'order 0: no claim 3006.500 -> 3016.500 instructions, +10.000 (+0.33 %), MINOR regressed' said ||
	bad "no summary in: $(cat said)"

xmllint --noout run/report.html || bad "not well-formed"
grep -A 2 '<td>one page</td>' run/report.html | sed 's/<[^>]*>/ /g' | xargs >probe
[ "$(cut -d' ' -f1-9 probe)" = "claims one page 1000.00 2.50 20.00 250.00 2.00 115.00" ] || bad "probe effect: $(cat probe)"
lacks 'unknown call' "a call that the hypervisor has not"
# Names inside the pictures are shared by none.
repeated=$(grep -oE "[ 	]id=['\"][^'\"]*" run/report.html | tr -d "'\"" | sort | uniq -d)
[ -z "$repeated" ] || bad "repeated ids: $repeated"
for id in $(grep -oE "(href=['\"]#|url\(#)[^'\")]*" run/report.html | sed 's/.*#//' | sort -u); do
	grep -qE "id=['\"]${id}['\"]" run/report.html || bad "nothing has the id $id"
done
# Nothing is fetched, nothing tells where or when it was made.
lacks '(src|srcset|action|data|poster)="|@import|<(link|iframe|object|img)|url\((["'"'"']|[^#])' "loads something"
# What a data: link leads to is in the page.
sed -i.whole 's| xmlns[:a-z]*="http://www.w3.org/[a-zA-Z0-9/]*"||g; s| href="data:[^"]*"||g' run/report.html
lacks 'href="[a-z]+:|//[a-z]|(fetch|import|XMLHttpRequest|WebSocket|EventSource|sendBeacon)\(' "leads outside"
mv run/report.html.whole run/report.html
lacks "$dir|$program" "a path of this machine"
for link in $(grep -oE 'href="[^#"][^"]*' run/report.html | grep -v '"data:' | sed 's/href="//' | sort -u); do
	[ -e "run/$(echo "$link" | sed 's/%2B/+/g')" ] || bad "a link leads nowhere: $link"
done

jq -r '.benchmarks[].name' run/claims-4n.json | while read -r name; do
	grep -qF ">${name##*/}<" run/report.html || echo "$name"
done >missing
[ ! -s missing ] || bad "cases not shown: $(cat missing)"
has 'gcc 12.2.0 &lt;fixture &amp; sons&gt;'
has '4 nodes, 1 CPU, 4 GiB, exact mode, 1024 extents a sample; QEMU 7.2.0'
has '<code>claims_permit_request</code> +10.000'
has 'Not supported here: <code>cycles</code>'
has 'Exact mode: virtual CPUs take turns, this is no contention'
has 'heap_lock held by an allocation of order 9, 4 nodes'
has 'No trace of any case can be read.'
# A verdict opens what it rests on.
evidence=$(sed -n '/<details class="evidence" id="evidence-4-1">/,/<\/details>/p' run/report.html | sed 's/<[^>]*>/ /g' | tr -s ' \n' ' ')
for text in 'MINOR regressed baseline , exact: the same on 2 machines. 5 samples of 1024 extents, in instructions: 3094084 3094067 3094050 3094033 3094016.' \
	'Branches taken, by records of the measured calls: permit 8 of 8, wait 2.' \
	'claims_permit_request 0.000 10.000 +10.000 all other functions, each unchanged 3021.500 3021.500 0.000 the whole window 3021.500 3031.500 +10.000' \
	'Raw data: baseline claims trace of baseline trace of claims'; do
	echo "$evidence" | grep -qF -- "$text" || bad "no evidence '$text' in: $evidence"
done
[ "$(grep -c '<figure>' run/report.html)" = "$(grep -c 'class="data" download=' run/report.html)" ] || bad "a plot without its data"
# The probe: each of the three figures of an allocation that has the check of 10 instructions, and its lock.
tells_row() { sed 's|<wbr/>||g' run/report.html | sed -n "\|>$1<|,/<.tr>/p" | sed "s/<[^>]*>/ /g" | tr -s " \n" " " | grep -qF -- "$2" || bad "no row '$2' of $1"; }
tells_row alloc_heap_pages "alloc_heap_pages 1.000 1.000 0.000 600.000 610.000 +10.000 200.000 210.000 +10.000 60.000 70.000 +10.000"
tells_row "populate/order:0/node:any/claim:none" "1.000 1.000 0.000 500.000 510.000 +10.000 900.000 910.000 +10.000"
pictures=$(grep -c '<svg ' run/report.html)
identified=$(grep -cE 'baseline(\+trace)?: 4.17.5-fixture, (image|library) ba5e' run/report.html)
[ "$pictures" = "$identified" ] && [ "$pictures" -ge 36 ] ||
	bad "$pictures pictures, $identified of them say what hypervisor"
# The host target: order of costs, scaling, contention.
text=$(sed 's/<[^>]*>//g' run/report.html)
# tells TEXT: the report's text, without the marks around words.
tells() { echo "$text" | grep -qF -- "$1" || bad "the report does not tell '$1'"; }
tells 'Of 41 cases compared on both, the sign of Δ is the same in 41 and its rank in 38; of 820 pairs of cases, 818 have the same order.'
tells 'Δ is the same integer in 39 cases; the largest distance is 140.000 instructions.'
sed -n '/Sign or rank differs/,/<\/table>/p' run/report.html | sed 's|<wbr/>||g; s/<[^>]*>/ /g' >exceptions
for line in 'claim/install/entries:1 +187.000 +47.000 40 → 38 refused/order:0 refused/order:9' \
	'refused/order:0 +70.000 +70.000 38 → 39 claim/install/entries:1'; do
	tr -s ' ' <exceptions | grep -qF -- "$line" || bad "no exception '$line' in: $(cat exceptions)"
done
tells '64 against 1 node. Of 8 cases that ask for a node which has memory, the worst costs 1.078 times the instructions of 1 node: ✓ within 1.3 times.'
tells 'With heaps of up to 16 TiB, the longest start took 0.64 s (✓ within 10 s) and the process had at most 16384 MiB (✗ more than 2 GiB).'
has 'populate/order:9/node:any, by number of nodes'
has 'Start of the heap, by memory'
has 'Pairs of order 0, all threads in one domain'
has 'heap_lock: wait, 1 thread, domains of their own, and one that claims'
has 'heap_lock: hold, 2 threads, one domain'
# Who waited behind whom: shares and counts of both sides, nothing below 1 %, not where nobody waits.
waits_of() { sed -n "\|<h4>$1|,/<.table>/p" run/report.html | sed 's/<[^>]*>/ /g' | tr -s ' \n' '  '; }
for line in 'heap_lock, order 0, domains of their own alloc free 74.5 % 9 74.5 % 9 alloc no section 24.9 % 24.9 % alloc scrub 0.3 % 1 0.3 % 1' \
	'page_alloc_lock, order 0, one domain free free 74.5 % 9 74.5 % 9'; do
	waits_of '2 threads<' | grep -qF -- "$line" || bad "no waits '$line' in: $(waits_of '2 threads<')"
done
waits_of '2 threads, and one that claims' | grep -q 'more threads than CPUs' || bad "a crowd of waiting threads is not marked"
lacks '<h4>1 thread[ <]|alloc</td><td>alloc<' "waits of nobody, or hardly any"
tells 'contend/order:0/domain:own/installer:no/threads:2150000075 %150000075 %'
# The median of 40 … 139 ticks, of which 40 are 20 ns.
tells 'populate/order:0/node:any/claim:none2421.5002431.500+10.000+10.00044.544.5'
# Instruction counts are no times; only the sections between perf and how to read have times at all.
sed -i.whole '/<section id="host">/,/<section id="reading">/d' run/report.html
lacks '[0-9] ?(ns|µs)\b' "a time"
mv run/report.html.whole run/report.html

cp run/report.html first.html
"$program" run >/dev/null 2>&1
cmp -s first.html run/report.html || bad "another run of the report gives other bytes"

has "Who executed the instructions of an operation"
has "dom0 program"
has "Not possible in dom0: <code>contention</code>, no trace points of &lt;locks&gt;."
has "<code>system call ioctl, calls</code>"
has "<code>one measured call: hypercalls, ns</code>"
lacks "system call ioctl, errors|, ms</code>" "figures that are zero everywhere"
# Over time: the case that redeemed the most, of the claims' side and of the other.
has 'heap_lock held, over time, claims'
has 'heap_lock held, over time, baseline'
has 'Free and claimed pages, over time, claims'
has 'node 1  free'

tells_row "populate/order:0/node:any/claim:none" "2997.711 3007.711 +10.000 8.691 8.691 0.000 0.098 0.098 0.000 0.3 0.3"

# By perf, in time; what it could not tell, with the reason; what does not add up is no result.
set_shares() { jq "(.benchmarks[].claimperf | select(.shares?) | .shares) = $2" "$1" >changed && mv changed "$1"; }
for side in baseline claims; do
	set_shares run/$side-4n.json "{from: \"perf\", unit: \"ns\", ops: 4, whole: 1000, hypervisor: 700, kernel: 200, user: 100}"
	set_shares run/$side-1n.json "{lacking: \"no kprobe <here>\"}"
done
"$program" run >said 2>&1 || bad "exit $? on shares by perf: $(cat said)"
has "Who took the time of an operation"
tells_row "populate/order:0/node:any/claim:none" "175.000 175.000 0.000 50.000 50.000 0.000 25.000 25.000 0.000 30.0 30.0"
has "Who did the operations of the cases is not known: no kprobe &lt;here&gt;."
set_shares run/claims-4n.json "{unit: \"ns\", ops: 4, whole: 1001, hypervisor: 700, kernel: 200, user: 100}"
if "$program" run >said 2>&1 || ! grep -q "claims-4n.json: .*shares: 1000 together, not 1001" said; then
	bad "shares that do not add up: $(cat said)"
fi

# What is missing is said to be missing.
mv run/host host
rm -r run/*+trace-* run/baseline-1n.json
find run -name profile.txt -delete
find run -name probe.json -delete
for result in run/*.json; do
	jq "del(.benchmarks[].claimperf | .shares?, .perf?)" "$result" >without
	mv without "$result"
done
"$program" run >said 2>&1 || bad "exit $? on an incomplete run: $(cat said)"
has 'baseline-1n.json is missing'
has 'No traces were taken.'
has 'No case has a profile on both sides.'
lacks "dom0 program" "shares of a probe that was not used"
lacks "Where the instructions went" "figures of a probe that was not used"
has 'No case has readable counters of perf.'
has "Who did the operations of the cases is not known: neither perf nor the probe watched any."
has 'host/baseline.json and host/claims.json are not both there: nothing to show.'
has 'host/nodes/ has no result: nothing to show.'
has 'host/size/ has no result: nothing to show.'
has 'host/contend/ has no result: nothing to show.'
xmllint --noout run/report.html || bad "not well-formed without parts"

# Half of the host target.
cp -r host run/host
rm -r run/host/baseline.json run/host/nodes/claims-* run/host/contend/baseline.json run/host/contend/*+trace.json
"$program" run >said 2>&1 || bad "exit $? on half of the host target: $(cat said)"
has 'host/baseline.json is missing: nothing to compare on the host target'
has 'host/contend/ has no traces.'
has 'as many times one thread of claims'
xmllint --noout run/report.html || bad "not well-formed with half of the host target"

# What differs and should not.
sed -i 's/6.1.0-1"/6.1.0-2"/' run/claims-4n.json
"$program" run >said 2>&1 || bad "exit $? on another kernel: $(cat said)"
has 'lab.kernel differs'

# expect_failure TEXT ARG…
expect_failure() {
	text=$1 status=0
	shift
	"$program" "$@" >said 2>&1 || status=$?
	[ "$status" = 2 ] && grep -qF -- "$text" said || bad "report $*: exit $status, no '$text': $(cat said)"
}
mkdir fake
printf '#!/bin/sh\necho broken >&2\nexit 3\n' >fake/gnuplot
chmod +x fake/gnuplot
old=$PATH
PATH=$dir/fake:$PATH
expect_failure 'exit 3: broken' run
PATH=$old
head -c 5000 run/claims-4n.json >shortened && mv shortened run/claims-4n.json
expect_failure 'run/claims-4n.json:' run
expect_failure 'no pair of' fake
expect_failure 'nowhere: No such file' nowhere
expect_failure "fake/gnuplot:1:1: '[' or '{' expected" fake/gnuplot
[ -z "$(find run -name '*new*')" ] || bad "half a report was left: $(ls run)"

[ "$failures" = 0 ] || exit 1
echo "all as expected"
