#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# claimperf trace export: every format read back by another program, and compared with what dump says.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=tests/common/shell.sh
. tests/common/shell.sh
trace=$build/bin/claimperf-trace
out=$dir/out

make -s BUILD="$build" "$trace" "$build/bin/trace-sample"
"$build/bin/trace-sample" 1 2 2 >"$dir/one.xen"
"$build/bin/trace-sample" 4 4 4 >"$dir/four.xen"
"$trace" dump --json "$dir/one.xen" | jq -c 'select(.type == "record")' >"$dir/one.dump"
"$trace" dump --json "$dir/four.xen" | jq -c 'select(.type == "record")' >"$dir/four.dump"

# export STATUS FILE ARG…: writes $out, messages to $dir/err
export_() {
	local want=$1 file=$2 status=0
	shift 2
	"$trace" export "$dir/$file" --out "$out" "$@" 2>"$dir/err" || status=$?
	[ $status = "$want" ] || { cat "$dir/err"; fail "export $file $*: status $status, not $want"; }
}

# of FILE FILTER: how many records of its dump jq selects.
of() { jq -c "select($2)" "$dir/$1.dump" | wc -l; }

# Perfetto: protoc reads it, with field numbers of its own.
read_perfetto() {
	protoc -Itests/data/trace --decode=Trace tests/data/trace/perfetto.proto <"$out" >"$dir/text" ||
		fail "protoc does not read the export of $1"
	awk -f tests/perfetto.awk "$dir/text" >"$dir/counts" || { head "$dir/counts"; fail "perfetto, $1"; }
}
slices() { awk -v name="$1" '$1 == name { n = $NF } END { print n + 0 }' "$dir/counts"; }

for sample in one four; do
	export_ 0 $sample.xen --format perfetto
	read_perfetto $sample
	for site in alloc free claim_set; do
		expect "$sample: slices of $site" "$(slices heap_lock/$site)" \
			"$(of $sample ".event == \"heap_section\" and .site == \"$site\"")"
	done
	expect "$sample: waits" "$(slices heap_lock/wait)" "$(of $sample '.event == "heap_section" and .wait > 0')"
	expect "$sample: page_alloc_lock" "$(slices page_alloc_lock/assign)" "$(of $sample '.event == "page_alloc_section"')"
	for call in claim_install populate_physmap domain_teardown; do
		# on the CPU and on the domain
		expect "$sample: $call" "$(slices call/$call)" $((2 * $(of $sample ".event == \"$call\"")))
	done
	for instant in claim_entry claim_release; do
		expect "$sample: $instant" "$(slices call/$instant)" "$(of $sample ".event == \"$instant\"")"
	done
done

# Free and claimed pages, followed from the first node_state of a CPU on, are what the last one says.
export_ 0 one.xen --format perfetto
read_perfetto one
if grep -q corrected "$dir/err"; then cat "$dir/err"; fail "the counters drift"; fi
for node in 0 1; do
	state=$(jq -r "select(.event == \"node_state\" and .node == $node) | \"\(.free) \(.claimed)\"" "$dir/one.dump" | tail -n 1)
	expect "node $node: pages" "$(awk -v node=$node '$2 == "Node" && $3 == node { a[$4] = $NF } END { print a["free"], a["claimed"] }' \
		"$dir/counts")" "$state"
done
grep -q "^values Host claimed pages" "$dir/counts" || fail "no counter of the host"
# Where no record says how many there are, what they change by.
"$build/bin/trace-sample" 1 2 1 without-states >"$dir/bare.xen"
export_ 0 bare.xen --format perfetto
read_perfetto bare
grep -q "^values Node 0 free pages since start" "$dir/counts" || fail "no change of free pages"

# Times: half the frequency, twice the time.
ns() { "$trace" export "$dir/one.xen" --format jsonl "$@" | tail -n 1 | jq .ns; }
expect "time at 500 MHz" "$(ns --hz 500000000)" $((2 * $(ns)))

# JSON lines: the fields of dump, and null for none.
for sample in one four; do
	export_ 0 $sample.xen --format jsonl
	jq -c 'del(.ns, .refused_claims, .refused_empty) | if .node == null and has("node") then .node = 127 else . end' \
		"$out" | jq -S -c . | sort >"$dir/left"
	jq -S -c 'del(.type, .size, .refused_claims, .refused_empty)' "$dir/$sample.dump" | sort >"$dir/right"
	cmp "$dir/left" "$dir/right" || fail "jsonl of $sample is not its dump"
done

# CSV: as many columns in each row, and the same sums.
export_ 0 four.xen --format csv
expect "rows" "$(($(wc -l <"$out") - 1))" "$(wc -l <"$dir/four.dump")"
expect "columns differ" "$(awk -F, '{ print NF }' "$out" | sort -u | wc -l)" 1
export_ 0 four.xen --format csv --events heap_section
head -n 1 "$out" | grep -q '^tsc,ns,cpu,offset,event,domid,site,order,node,wait,hold,' || fail "header: $(head -n 1 "$out")"
expect "cycles held" "$(awk -F, 'NR > 1 { sum += $11 } END { printf "%d", sum }' "$out")" \
	"$(jq -s 'map(select(.event == "heap_section") | .hold) | add' "$dir/four.dump")"
if head -n 1 "$out" | grep -q claimed; then fail "columns of events that were not asked for"; fi

# Trace-event JSON: jq reads it; slices nest by track.
nests='[.traceEvents[] | select(.ph == "B" or .ph == "E")] | group_by(.tid) | all(
	reduce .[] as $e ({d: 0, t: 0, ok: true};
		.d += (if $e.ph == "B" then 1 else -1 end) | .ok = (.ok and .d >= 0 and $e.ts >= .t) | .t = $e.ts)
	| .ok and .d == 0)'
export_ 0 one.xen --format trace-event
jq -e "$nests" "$out" >"$dir/nests" || fail "trace-event: slices do not nest"
expect "trace-event: allocations" "$(jq '[.traceEvents[] | select(.ph == "B" and .name == "alloc")] | length' "$out")" \
	"$(of one '.event == "heap_section" and .site == "alloc"')"
jq -e '.traceEvents[] | select(.ph == "C" and .name == "Node 1 free pages")' "$out" >"$dir/counters" || fail "no counters"

# Too much: cut at a time, which is told, with what is written whole.
export_ 1 one.xen --format perfetto --limit 100K
[ "$(stat -c %s "$out")" -le 102400 ] || fail "beyond the limit: $(stat -c %s "$out")"
read_perfetto "one, cut"
from=$(sed -n 's/.* left out is what happened from \([0-9]*\) on .*/\1/p' "$dir/err")
[ -n "$from" ] || { cat "$dir/err"; fail "the cut is not told"; }
export_ 0 one.xen --format perfetto --to "$from"
for format in csv jsonl; do
	export_ 1 four.xen --format $format --limit 5000
	[ "$(stat -c %s "$out")" -le 5000 ] || fail "$format: beyond the limit"
	expect "$format: last line is whole" "$(tail -c 1 "$out")" ""
	grep -q "the limit of 5000 bytes is reached" "$dir/err" || fail "$format: the cut is not told"
done
export_ 2 four.xen --format trace-event --limit 1M
[ ! -e "$out" ] || fail "half an export was left"
grep -q -- "--to" "$dir/err" || fail "it is not told how to choose less"
export_ 2 four.xen --format csv --limit 101M

# Which records.
rows() { export_ 0 four.xen --format csv "$@"; echo $(($(wc -l <"$out") - 1)); }
expect "--cpu" "$(rows --cpu 1,3)" "$(of four '.cpu == 1 or .cpu == 3')"
expect "--domain" "$(rows --domain 2-3)" "$(of four '.domid == 2 or .domid == 3')"
expect "--events" "$(rows --events claims)" "$(of four '.from_node > 0 or .from_host > 0 or .from_other > 0 or
	(.event | test("^(claim|node)_"))')"
first=$(sed -n 2000p "$dir/four.dump" | jq .tsc)
last=$(sed -n 3000p "$dir/four.dump" | jq .tsc)
expect "--from, --to" "$(rows --from "$first" --to "$last")" 1001
# Records without a time stamp have that of the one before.
"$trace" dump --json tests/data/trace/claims.xen | jq -c 'select(.type == "record")' >"$dir/real.dump"
cp tests/data/trace/claims.xen "$dir/real.xen"
grep -qv '"tsc"' "$dir/real.dump" || fail "claims.xen has no record without a time stamp"
last=$(jq -s 'map(select(.event == "heap_section" and .site == "alloc"))[7].tsc' "$dir/real.dump")
export_ 0 real.xen --format csv --to "$last"
expect "records without a time stamp" "$(($(wc -l <"$out") - 1))" \
	"$(jq -s "[foreach .[] as \$r (0; if \$r.tsc then \$r.tsc else . end)] | map(select(. <= $last)) | length" "$dir/real.dump")"
offset=$(jq -s 'max_by(.hold).offset' "$dir/four.dump")
tsc=$(jq -s 'max_by(.hold).tsc' "$dir/four.dump")
expect "--around" "$(rows --around "$offset" --span 5000)" "$(of four ".tsc >= $tsc - 5000 and .tsc <= $tsc + 5000")"

# A damaged trace is exported as far as it goes; what was lost is shown.
head -c 50001 "$dir/four.xen" >"$dir/cut.xen"
for format in csv jsonl perfetto trace-event; do export_ 1 cut.xen --format $format; done
cp tests/data/trace/lossy.xen "$dir"
export_ 0 lossy.xen --format perfetto
read_perfetto lossy
[ "$(slices 'lost/records')" -gt 0 ] || fail "losses are not shown"
for format in csv jsonl trace-event perfetto; do
	: >"$dir/empty.xen"
	export_ 1 empty.xen --format $format
done

cp "$dir/one.xen" "$dir/same.xen"
refused 'is the trace itself' "$trace" export "$dir/same.xen" --format csv --out "$dir/same.xen"
cmp "$dir/one.xen" "$dir/same.xen" || fail "the trace was overwritten"
refused 'no record with a time stamp at offset' "$trace" export "$dir/one.xen" --format csv --around 1000000000
refused '--format xml' "$trace" export "$dir/one.xen" --format xml
refused '--format is needed' "$trace" export "$dir/one.xen"
refused 'a FILE is needed' "$trace" export --format csv
refused "'nonsense' is no event" "$trace" export "$dir/one.xen" --format csv --events nonsense
refused '--cpu 1-x' "$trace" export "$dir/one.xen" --format csv --cpu 1-x
refused '--cpu 4096' "$trace" export "$dir/one.xen" --format csv --cpu 4096
refused '--hz 0' "$trace" export "$dir/one.xen" --format perfetto --hz 0
refused 'exclude each other' "$trace" export "$dir/one.xen" --format csv --around 12 --from 3
refused '--span is for --around' "$trace" export "$dir/one.xen" --format csv --span 5
refused '--from is later' "$trace" export "$dir/one.xen" --format csv --from 5 --to 3
refused 'cannot be written' "$trace" export "$dir/one.xen" --format csv --out /dev/full
[ -c /dev/full ] || fail "a device was removed"
"$trace" export --help >"$dir/help"
grep -q Examples: "$dir/help" || fail "--help has no examples"
echo "exported $(wc -l <"$dir/one.dump") and $(wc -l <"$dir/four.dump") records"
